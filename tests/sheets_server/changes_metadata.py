"""batchUpdate requests about developer metadata. Rows and columns carry it along when they move. From documentation."""

from .book import Metadata
from .errors import Json, invalid
from .masks import leaves, mask_of
from .metadata import anchor_of, matched, told
from .scene import Scene

MOST_TEXT = 30_000
"""Characters of keys and values a spreadsheet, or one tab, can hold."""


def create(scene: Scene, asked: Json) -> Json:
    """Hang metadata on the spreadsheet, a tab, a row or a column."""
    given, book = asked.get("developerMetadata", {}), scene.book
    if not given.get("metadataKey"):
        raise invalid("Developer metadata must have a key.")
    if not given.get("visibility"):
        raise invalid("Developer metadata must have a visibility.")
    number = given.get("metadataId") or scene.ids.number("metadata")
    if number < 1:
        raise invalid(f"Developer metadata ID must be positive: {number}")
    if number in book.metadata:
        raise invalid(f"Developer metadata with ID {number} already exists.")
    anchor = anchor_of(book, given.get("location", {}))
    one = Metadata(
        number, given["metadataKey"], given.get("metadataValue", ""), given["visibility"], anchor, scene.project
    )
    book.metadata[number] = one
    _check_text(scene)
    return {"developerMetadata": told(book, one)}


def _check_text(scene: Scene) -> None:
    sizes: dict[int | None, int] = {}
    for one in scene.book.metadata.values():
        sizes[one.anchor.sheet] = sizes.get(one.anchor.sheet, 0) + len(one.key) + len(one.value)
    if max(sizes.values(), default=0) > MOST_TEXT:
        raise invalid("The developer metadata storage limit was exceeded.")


def _chosen(scene: Scene, filters: list[Json]) -> list[Metadata]:
    if not filters:
        raise invalid("At least one data filter must be specified.")
    return [one for one, _ in matched(scene.book, filters, scene.project)]


def update(scene: Scene, asked: Json) -> Json:
    """Change all metadata the filters select."""
    given, book = asked.get("developerMetadata", {}), scene.book
    names = [path[0] for path in leaves(mask_of(asked.get("fields", "")))]
    changed = []
    for before in _chosen(scene, asked.get("dataFilters", [])):
        after = before
        for name in names:
            after = _with(scene, after, name, given)
        book.metadata[after.id] = after
        changed.append(told(book, after))
    _check_text(scene)
    return {"developerMetadata": changed} if changed else {}


def _with(scene: Scene, one: Metadata, name: str, given: Json) -> Metadata:
    match name:
        case "metadataKey":
            return one._replace(key=given.get("metadataKey", ""))
        case "metadataValue":
            return one._replace(value=given.get("metadataValue", ""))
        case "visibility":
            return one._replace(visibility=given.get("visibility", one.visibility))
        case "location":
            return one._replace(anchor=anchor_of(scene.book, given.get("location", {})))
    raise invalid(f"Field cannot be changed: {name}")


def delete(scene: Scene, asked: Json) -> Json:
    """Take away all metadata the filter selects."""
    gone = _chosen(scene, [asked["dataFilter"]] if asked.get("dataFilter") else [])
    replies = [told(scene.book, one) for one in gone]
    for one in gone:
        del scene.book.metadata[one.id]
    return {"deletedDeveloperMetadata": replies} if replies else {}
