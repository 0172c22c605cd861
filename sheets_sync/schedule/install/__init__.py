"""The one entry that makes the operating system ask every five minutes whether something is due.

`entry` says what is asked for; `systemd`, `crontab`, `launchd` and `task_scheduler` turn it into text and nothing else;
the modules `by_*` beside them put that text in place, through the one seam in `machine`; `ways` chooses among them.
Not here: what is due (`sheets_sync.schedule.due`).
"""
