"""What every table of config.toml is made of: the strict base and the simple kinds of values."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Strict
from pydantic import Field as Key

Loose = Strict(False)
"""TOML has arrays and text where Python has tuples and enums: only the outer form is read loosely, never a number."""

Word = Annotated[str, Key(min_length=1, max_length=300, pattern=r"[^ \t\r\n]")]
Days = Annotated[int, Key(ge=1, le=1000)]
Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
Language = Literal["en", "pt", "es"]


class Table(BaseModel):
    """One table of the file: unknown keys are mistakes, values are never converted, values never stand in errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    table_keys: ClassVar[frozenset[str]] = frozenset()
    """Keys that are written as tables of their own, below a header in brackets."""
