"""How much a workbook may ask of us before it is refused. Only numbers; zip_members and xml_scan enforce them."""

from typing import NamedTuple

MEGABYTE = 1_000_000


class Limits(NamedTuple):
    """Upper bounds, in bytes but for the last two. Sizes of parts are sizes after inflating."""

    max_file: int = 50 * MEGABYTE
    max_part: int = 200 * MEGABYTE
    max_total: int = 500 * MEGABYTE
    max_parts: int = 5_000
    max_depth: int = 64
    """How deep the elements of one XML part may nest."""


DEFAULT_LIMITS = Limits()
