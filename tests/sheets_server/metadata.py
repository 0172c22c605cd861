"""Developer metadata and data filters: what they tell, what a filter selects. Not here: requests that change them."""

from collections.abc import Sequence

from .book import Anchor, Block, Book, Metadata
from .errors import Json, bad_field, invalid
from .spans import COLUMNS, ROWS

LOCATION_TYPES = {ROWS: "ROW", COLUMNS: "COLUMN"}


def location_type(anchor: Anchor) -> str:
    """ROW, COLUMN, SHEET or SPREADSHEET."""
    if anchor.dimension:
        return LOCATION_TYPES[anchor.dimension]
    return "SPREADSHEET" if anchor.sheet is None else "SHEET"


def location(book: Book, anchor: Anchor) -> Json:
    """A DeveloperMetadataLocation."""
    kind = location_type(anchor)
    if kind == "SPREADSHEET":
        return {"locationType": kind, "spreadsheet": True}
    if kind == "SHEET":
        return {"locationType": kind, "sheetId": anchor.sheet}
    at = book.anchored_at(anchor)
    assert at is not None
    tab = {"sheetId": anchor.sheet} if anchor.sheet else {}
    span = tab | {"dimension": anchor.dimension, "startIndex": at, "endIndex": at + 1}
    return {"locationType": kind, "dimensionRange": span}


def told(book: Book, one: Metadata) -> Json:
    """A DeveloperMetadata."""
    value = {"metadataValue": one.value} if one.value else {}
    where = {"location": location(book, one.anchor), "visibility": one.visibility}
    return {"metadataId": one.id, "metadataKey": one.key} | value | where


def visible(book: Book, project: str) -> list[Metadata]:
    """All metadata a cloud project may see."""
    return [one for one in book.metadata.values() if one.visibility == "DOCUMENT" or one.project == project]


def anchor_of(book: Book, place: Json) -> Anchor:
    """The anchor a DeveloperMetadataLocation in a request names."""
    if "dimensionRange" in place:
        span = place["dimensionRange"]
        sheet = book.sheet(span.get("sheetId", 0))
        start, end = span.get("startIndex"), span.get("endIndex")
        if start is None or end is None or end - start != 1:
            raise invalid("The dimension range must represent a single row or column.")
        lines = sheet.lines(span.get("dimension", ROWS))
        if not 0 <= start < len(lines):
            raise invalid(f"Metadata location is outside of the grid: {start}.")
        return Anchor(sheet.id, span.get("dimension", ROWS), lines[start].key)
    if "sheetId" in place:
        return Anchor(book.sheet(place["sheetId"]).id)
    if place.get("spreadsheet"):
        return Anchor()
    raise invalid("A location must be specified for developer metadata.")


def looked_up(book: Book, lookup: Json, project: str) -> list[Metadata]:
    """The metadata that fits all fields of a DeveloperMetadataLookup."""
    if not lookup:
        raise invalid("At least one field of the developer metadata lookup must be set.")
    found = []
    wanted_place = anchor_of(book, lookup["metadataLocation"]) if "metadataLocation" in lookup else None
    for one in visible(book, project):
        fits = (
            lookup.get("metadataId", one.id) == one.id
            and lookup.get("metadataKey", one.key) == one.key
            and lookup.get("metadataValue", one.value) == one.value
            and lookup.get("visibility", one.visibility) == one.visibility
            and lookup.get("locationType", location_type(one.anchor)) == location_type(one.anchor)
        )
        if fits and (wanted_place is None or _at(wanted_place, one.anchor, lookup)):
            found.append(one)
    return found


def _at(wanted: Anchor, anchor: Anchor, lookup: Json) -> bool:
    if wanted == anchor:
        return True
    if lookup.get("locationMatchingStrategy") == "EXACT_LOCATION" or wanted.dimension:
        return False
    return wanted.sheet is None or wanted.sheet == anchor.sheet


def selected(book: Book, data_filter: Json, project: str) -> list[Block]:
    """The blocks a DataFilter selects; none when its metadata is not there."""
    _one_kind(data_filter)
    if "a1Range" in data_filter:
        return [book.range(data_filter["a1Range"])]
    if "gridRange" in data_filter:
        return [book.strict_block_of(data_filter["gridRange"])]
    found = looked_up(book, data_filter.get("developerMetadataLookup", {}), project)
    return [block for one in found for block in _blocks(book, one.anchor)]


def _one_kind(data_filter: Json) -> None:
    if len(data_filter) > 1:
        raise bad_field("Invalid value (oneof), oneof field 'filter' is already set.")


def _blocks(book: Book, anchor: Anchor) -> list[Block]:
    if anchor.sheet is None:
        return [book.block_of({"sheetId": sheet.id}) for sheet in book.sheets]
    block = book.block_of({"sheetId": anchor.sheet})
    at = book.anchored_at(anchor)
    if at is None:
        return [block]
    if anchor.dimension == ROWS:
        return [block._replace(top=at, bottom=at + 1)]
    return [block._replace(left=at, right=at + 1)]


def matched(book: Book, filters: Sequence[Json], project: str) -> list[tuple[Metadata, list[Json]]]:
    """Metadata that any of the filters selects, each with those filters. A range selects what hangs inside it."""
    found: list[tuple[Metadata, list[Json]]] = []
    for one in visible(book, project):
        fitting = [given for given in filters if _fits(book, one, given, project)]
        if fitting:
            found.append((one, fitting))
    return found


def _fits(book: Book, one: Metadata, data_filter: Json, project: str) -> bool:
    _one_kind(data_filter)
    if "developerMetadataLookup" in data_filter:
        return one in looked_up(book, data_filter["developerMetadataLookup"], project)
    if one.anchor.sheet is None:
        return True
    blocks = selected(book, data_filter, project)
    at = book.anchored_at(one.anchor)
    for block in blocks:
        if block.sheet.id != one.anchor.sheet:
            continue
        span = (block.top, block.bottom) if one.anchor.dimension == ROWS else (block.left, block.right)
        if at is None or span[0] <= at < span[1]:
            return True
    return False
