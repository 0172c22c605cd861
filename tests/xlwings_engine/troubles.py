"""What this Excel raises."""


class ExcelRefusedError(Exception):
    """What COM raises when Excel would not do something."""


class ExcelBusyError(Exception):
    """What COM raises while a cell is being edited (0x800AC472)."""
