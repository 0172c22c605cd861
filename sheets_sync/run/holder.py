"""Who holds a plan: this process, by a name from which another process on the same computer can tell that it died."""

import os
import socket
from pathlib import Path


def own_name() -> str:
    """ "host pid start": the start tells this process from a later one with the same number; "0" where unknown."""
    return f"{socket.gethostname()} {os.getpid()} {_start_of(os.getpid())}"


def own_host() -> str:
    """This computer's name, without blanks."""
    return "-".join(socket.gethostname().split()) or "here"


def is_gone(holder: str) -> bool:
    """Whether the process with this name ran on this computer and has surely ended."""
    parts = holder.split(" ")
    if len(parts) != 3 or parts[0] != socket.gethostname() or not parts[1].isdigit():
        return False
    pid, start = int(parts[1]), parts[2]
    return not _exists(pid) or (start != "0" and _start_of(pid) not in ("0", start))


def _exists(pid: int) -> bool:
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _start_of(pid: int) -> str:
    """When the process started, in the clock ticks of Linux; "0" elsewhere."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return "0"
