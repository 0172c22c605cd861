"""What one look of the doctor found."""

from typing import NamedTuple


class Health(NamedTuple):
    """Whether it is well, what was seen (or what is wrong), and what to do if it is not well."""

    well: bool
    seen: str
    remedy: str = ""
