"""What a press of a button in Excel starts: `python -I -m sheets_sync.button ACTION`. This module imports nothing."""
