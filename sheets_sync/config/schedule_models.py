"""The shape of `[schedule]` in config.toml, and the plain value it becomes. Not here: jobs (job_files.py), pinging."""

import datetime as dt
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator
from pydantic import Field as Key

from sheets_sync.config.checks import metrics_file, ping_address
from sheets_sync.config.secrets import absolute_reference, reference_problem
from sheets_sync.config.table import Table, Word
from sheets_sync.core.health import Watching


class ScheduleTable(Table):
    """`[schedule]`: how you get to know that it runs. When it runs stands in jobs/."""

    heartbeat: Annotated[Word, AfterValidator(ping_address)] | None = Key(
        default=None,
        description=(
            "An address that is pinged when runs begin and end, as healthchecks.io and its like want it: it tells you\n"
            'when no run came. The address itself, or where it is kept: "env:NAME", "file:PATH", "credential:NAME".'
        ),
        examples=["env:SHEETS_SYNC_HEARTBEAT"],
    )
    textfile: Annotated[Word, AfterValidator(metrics_file)] | None = Key(
        default=None,
        description="A file ending in .prom for Prometheus' node exporter, from this file's folder or as a full path.",
        examples=["/var/lib/node_exporter/sheets_sync.prom"],
    )
    max_defer_hours: int = Key(
        default=24,
        ge=1,
        le=336,
        description="Hours for which a workbook may be open, or anything keep a plan waiting, until that is a failure.",
    )

    def watching(self, folder: Path) -> Watching:
        """How this installation is watched, as a plain value; `folder` is the config file's."""
        beat = self.heartbeat or ""
        return Watching(
            heartbeat=beat if reference_problem(beat) else absolute_reference(beat, folder),
            textfile=str(folder / Path(self.textfile).expanduser()) if self.textfile else "",
            max_defer=dt.timedelta(hours=self.max_defer_hours),
        )
