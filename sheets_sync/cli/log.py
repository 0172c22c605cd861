"""Log lines are made in `run.log`."""

from sheets_sync.run.log import start_log as start_log
