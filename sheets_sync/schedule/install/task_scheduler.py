"""The task for the Windows Task Scheduler, as the XML that schtasks takes. Asking for it is in `by_task_scheduler`.

Elements: [MS-TSCH] 2.5, http://schemas.microsoft.com/windows/2004/02/mit/task. The scheduler replaces %NAME% and
$(NAME) in a command, and nothing can be written that would mean these letters themselves.
"""

import hashlib
import re
import subprocess
from typing import Final
from xml.sax.saxutils import escape

from sheets_sync.errors import UsageError
from sheets_sync.schedule.install.entry import LONGEST_HOURS, MADE_BY, MINUTES, Entry

_REPLACED = re.compile(r"%[^%]+%|\$\(")
_BEGIN: Final = "2026-01-01T00:00:00"
"""Local time; any past instant at a full five minutes."""

_TASK = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Author>sheets-sync</Author>
    <Description>{description}</Description>
  </RegistrationInfo>
  <Triggers>
    <TimeTrigger>
      <Enabled>true</Enabled>
      <StartBoundary>{begin}</StartBoundary>
      <Repetition>
        <Interval>PT{minutes}M</Interval>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
    </TimeTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{user}</UserId>
      <LogonType>{logon}</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
    <AllowStartOnDemand>true</AllowStartOnDemand>
    <Enabled>true</Enabled>
    <Hidden>false</Hidden>
    <RunOnlyIfIdle>false</RunOnlyIfIdle>
    <WakeToRun>false</WakeToRun>
    <ExecutionTimeLimit>PT{hours}H</ExecutionTimeLimit>
    <Priority>7</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{command}</Command>
      <Arguments>{arguments}</Arguments>
    </Exec>
  </Actions>
</Task>
"""


def task_xml(entry: Entry, user: str, *, logged_off: bool = False) -> bytes:
    """The task, run as `user` ("COMPUTER\\name"): while that user is logged on, or also when `logged_off`.

    It shows in the Task Scheduler, and no window does: `entry.python` is pythonw.exe. Raises UsageError for a path in
    which Windows would replace something.
    """
    program, *words = entry.words(quiet=True)
    for word in (program, *words):
        found = _REPLACED.search(word)
        if found:
            raise UsageError(
                f"Windows would read {found[0]} in {word} as a variable", "rename that folder, or move it elsewhere"
            )
    values = {
        "minutes": MINUTES,
        "hours": LONGEST_HOURS,
        "begin": _BEGIN,
        "user": escape(user),
        "logon": "S4U" if logged_off else "InteractiveToken",
        "command": escape(program),
        "arguments": escape(subprocess.list2cmdline(words)),
    }
    draft = _TASK.format(description="", **values)
    description = f"Runs what is due by {entry.config}, only while this computer is on. {fingerprint(draft)}"
    text = _TASK.format(description=escape(f"{description} Made by: {MADE_BY}"), **values)
    return b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le")


def fingerprint(text: str) -> str:
    """What tells this task from one made otherwise, in plain letters: Windows gives a task back in its own words."""
    return f"[{hashlib.sha256(text.encode()).hexdigest()[:16]}]"


def fingerprint_in(task: bytes) -> str:
    """The fingerprint in a task, whether Windows gave it back in one or two bytes a letter; "" when there is none."""
    found = re.search(rb"\[[0-9a-f]{16}\]", task.replace(b"\x00", b""))
    return found[0].decode() if found else ""
