"""What kind of place a file or folder lies in: synced, on the network, private. Pure standard library.

Not here: what follows from it. The callers (config, store, workbooks) refuse, warn or go on.
"""

from pathlib import Path

from sheets_sync.places.network import network_kind
from sheets_sync.places.private import private_folder_problem
from sheets_sync.places.same import file_name
from sheets_sync.places.synced import SyncedRoot, synced_root

__all__ = [
    "SyncedRoot",
    "file_name",
    "network_kind",
    "private_folder_problem",
    "refuse_network_or_synced",
    "synced_root",
]


def refuse_network_or_synced(path: Path) -> str:
    """Why a store must not live here: a network file system or a folder that is synced elsewhere; "" when it may.

    A database on either is damaged sooner or later: locks do not hold there, and files are copied half-written
    (HAZARDS 8; https://www.sqlite.org/howtocorrupt.html, sections 2.1 and 2.3). The path need not exist yet.
    """
    root = synced_root(path)
    if root is not None:
        return f"{path} lies in a folder that {root.service} keeps in step elsewhere ({root.folder})"
    kind = network_kind(path)
    return f"{path} lies on a network or user-space file system ({kind})" if kind else ""
