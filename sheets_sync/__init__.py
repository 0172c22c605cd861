"""sheets-sync: checks the action plan in your sheet, flags it and never harms it."""

__version__ = "0.1.0"
