"""Macro projects (vbaProject.bin) without Excel: bytes in, bytes out. How one is put into a workbook is not here."""
