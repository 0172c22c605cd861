"""Writes what a monitor may know into a file that Prometheus' node exporter reads (its textfile collector).

Names follow https://prometheus.io/docs/practices/naming/, the form is the text format 0.0.4. A plan is labelled by its
uid alone: no name, address or cell.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

MODE = 0o644
"""Another user's program reads it."""


class Metric(NamedTuple):
    """One gauge: its name without the prefix, what it means, and its values by label; a value without plan has
    the label ""."""

    name: str
    meaning: str
    values: Sequence[tuple[str, float]]


def metrics_text(metrics: Sequence[Metric]) -> str:
    """The metrics that have values, as the text format wants them."""
    return "".join(f"{line}\n" for metric in metrics if metric.values for line in _lines(metric))


def write_textfile(place: Path, text: str) -> None:
    """Put the text in place at once, so that nobody reads half of it. Raises OSError.

    The other file beside it never ends in .prom: the node exporter would read it.
    """
    number, name = tempfile.mkstemp(prefix=f".{place.name}.", suffix=".new", dir=place.parent)
    other = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as out:
            out.write(text)
            out.flush()
            other.chmod(MODE)
            os.fsync(out.fileno())
        other.replace(place)
    except BaseException:
        with suppress(OSError):
            other.unlink()
        raise


def _lines(metric: Metric) -> Iterator[str]:
    name = f"sheets_sync_{metric.name}"
    yield f"# HELP {name} {_escaped(metric.meaning)}"
    yield f"# TYPE {name} gauge"
    for plan, value in metric.values:
        label = f'{{plan="{_escaped(plan, quoted=True)}"}}' if plan else ""
        yield f"{name}{label} {_number(value)}"


def _escaped(text: str, *, quoted: bool = False) -> str:
    text = text.replace("\\", r"\\").replace("\n", r"\n")
    return text.replace('"', r"\"") if quoted else text


def _number(value: float) -> str:
    """ "0", "1795334400.25": no exponent, no more digits than needed."""
    return f"{value:.3f}".rstrip("0").rstrip(".")
