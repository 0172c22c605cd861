"""Our own macros: what a button in Excel runs. Their text is in the files beside this; sources.py hands it out."""
