"""batchUpdate requests about the spreadsheet and its tabs."""

from zoneinfo import available_timezones

from .book import Anchor, Metadata
from .errors import Json, invalid
from .grid import Sheet
from .masks import leaves, mask_of, taken_over
from .moves import retitle
from .scene import Scene
from .spreadsheet_reply import sheet_properties

_SIZES = ("rowCount", "columnCount")
_CHANGEABLE = ("title", "index", "hidden", "gridProperties", "tabColorStyle", "rightToLeft")


def update_spreadsheet_properties(scene: Scene, asked: Json) -> None:
    """Title, locale, time zone, recalculation."""
    given, book = asked.get("properties", {}), scene.book
    for (name, *_), value in ((path, given.get(path[0])) for path in leaves(mask_of(asked.get("fields", "")))):
        match name:
            case "title":
                if not value:
                    raise invalid("The spreadsheet title cannot be empty.")
                book.title = value
            case "locale":
                if not value or not value[:2].islower() or len(value) not in (2, 3, 5):
                    raise invalid(f"Unsupported locale: {value or ''}")
                book.locale = value
            case "timeZone":
                if value not in available_timezones():
                    raise invalid(f"Invalid time zone: {value or ''}")
                book.time_zone = value
            case "autoRecalc":
                book.auto_recalc = value or "ON_CHANGE"
            case _:
                raise invalid(f"Unsupported field: {name}")


def update_sheet_properties(scene: Scene, asked: Json) -> None:
    """Title, place, size, visibility, colours of a tab."""
    given, book = asked.get("properties", {}), scene.book
    sheet = book.sheet(given.get("sheetId", 0))
    grid = given.get("gridProperties", {})
    paths = list(leaves(mask_of(asked.get("fields", ""))))
    if paths == [("*",)]:
        paths = [(name,) for name in _CHANGEABLE if name != "index" or "index" in given]
    for path in paths:
        match path:
            case ("title",):
                _retitle(scene, sheet, given.get("title", ""))
            case ("index",):
                _reorder(scene, sheet, given.get("index", len(book.sheets)))
            case ("gridProperties", "rowCount" | "columnCount") | ("gridProperties",):
                rows = grid.get("rowCount", 0 if ("gridProperties", "rowCount") in paths else len(sheet.rows))
                columns = grid.get(
                    "columnCount", 0 if ("gridProperties", "columnCount") in paths else len(sheet.columns)
                )
                sheet.resize(rows, columns)
                book.check_size()
                if path == ("gridProperties",):
                    sheet.grid_properties = {name: value for name, value in grid.items() if name not in _SIZES}
            case ("gridProperties", name):
                _set_grid_property(sheet, name, grid.get(name))
            case ("sheetId",) | ("sheetType",):
                raise invalid(f"Field {path[0]} cannot be changed.")
            case _:
                _set_property(scene, sheet, path, given)


def _retitle(scene: Scene, sheet: Sheet, title: str) -> None:
    if not title:
        raise invalid("The sheet name cannot be empty.")
    other = scene.book.sheet_titled(title)
    if other and other is not sheet:
        raise taken(title)
    retitle(scene.book, sheet, title)


def taken(title: str) -> Exception:
    """The refusal of a second tab with the same name."""
    return invalid(f'A sheet with the name "{title}" already exists. Please enter another name.')


def _reorder(scene: Scene, sheet: Sheet, index: int) -> None:
    """Indexes are those before the move; to itself or behind itself a tab does not move."""
    sheets = scene.book.sheets
    before = next(at for at, one in enumerate(sheets) if one is sheet)
    if index < 0 or index > len(sheets):
        raise invalid(f"Invalid index: {index}")
    if index not in (before, before + 1):
        del sheets[before]
        sheets.insert(index - 1 if index > before else index, sheet)


def _set_grid_property(sheet: Sheet, name: str, value: object) -> None:
    if name == "frozenRowCount" and int(value or 0) >= len(sheet.rows):  # type: ignore[call-overload]
        raise invalid("You can't freeze all visible rows on the sheet.")
    if name == "frozenColumnCount" and int(value or 0) >= len(sheet.columns):  # type: ignore[call-overload]
        raise invalid("You can't freeze all visible columns on the sheet.")
    if value:
        sheet.grid_properties[name] = value
    else:
        sheet.grid_properties.pop(name, None)


def _set_property(scene: Scene, sheet: Sheet, path: tuple[str, ...], given: Json) -> None:
    visible = [one for one in scene.book.sheets if not one.properties.get("hidden")]
    if path[0] == "hidden" and given.get("hidden") and visible == [sheet]:
        raise invalid("You can't hide all the sheets in a document.")
    if path[0] in ("tabColor", "tabColorStyle"):
        colour = given.get("tabColorStyle", {}).get("rgbColor")
        sheet.properties = {name: value for name, value in sheet.properties.items() if not name.startswith("tabColor")}
        if colour:
            sheet.properties |= {"tabColor": colour, "tabColorStyle": {"rgbColor": colour}}
        elif given.get("tabColorStyle", {}).get("themeColor"):
            sheet.properties |= {"tabColorStyle": given["tabColorStyle"]}
        return
    sheet.properties = taken_over(sheet.properties, given, path)


def add_sheet(scene: Scene, asked: Json) -> Json:
    """A new tab."""
    given, book = asked.get("properties", {}), scene.book
    title = given.get("title") or _free_title(scene, "Sheet")
    if book.sheet_titled(title):
        raise taken(title)
    grid = given.get("gridProperties", {})
    number = given["sheetId"] if "sheetId" in given else scene.ids.number("sheet")
    if any(one.id == number for one in book.sheets):
        raise invalid(f"A sheet with id {number} already exists.")
    sheet = Sheet.blank(number, title, grid.get("rowCount", 1000), grid.get("columnCount", 26))
    sheet.grid_properties = {name: value for name, value in grid.items() if name not in _SIZES}
    known = ("sheetId", "title", "index", "sheetType", "gridProperties")
    sheet.properties = {name: value for name, value in given.items() if name not in known}
    book.sheets.insert(min(given.get("index", len(book.sheets)), len(book.sheets)), sheet)
    book.check_size()
    return {"properties": sheet_properties(book, sheet)}


def _free_title(scene: Scene, start: str) -> str:
    number = len(scene.book.sheets) + 1
    while scene.book.sheet_titled(f"{start}{number}"):
        number += 1
    return f"{start}{number}"


def delete_sheet(scene: Scene, asked: Json) -> None:
    """Take a tab away, with all that hangs on it."""
    book = scene.book
    sheet = book.sheet(asked.get("sheetId", 0))
    if all(one is sheet or one.properties.get("hidden") for one in book.sheets):
        raise invalid("You can't remove all the visible sheets in a document.")
    book.sheets = [one for one in book.sheets if one is not sheet]
    book.protections = [one for one in book.protections if one["range"].get("sheetId", 0) != sheet.id]
    book.named_ranges = [one for one in book.named_ranges if one.get("range", {}).get("sheetId", 0) != sheet.id]
    book.drop_orphans()


def duplicate_sheet(scene: Scene, asked: Json) -> Json:
    """A copy of a tab, with its rules, protections and metadata."""
    book = scene.book
    source = book.sheet(asked.get("sourceSheetId", 0))
    title = asked.get("newSheetName") or _copy_title(scene, source.title)
    if book.sheet_titled(title):
        raise taken(title)
    number = asked["newSheetId"] if "newSheetId" in asked else scene.ids.number("sheet")
    copy = copied_sheet(source, number, title)
    book.sheets.insert(min(asked.get("insertSheetIndex", 0), len(book.sheets)), copy)
    for one in list(book.protections):
        if one["range"].get("sheetId", 0) == source.id:
            area = one["range"] | {"sheetId": number}
            book.protections.append(one | {"protectedRangeId": scene.ids.number("protection"), "range": area})
    for known in list(book.metadata.values()):
        if known.anchor.sheet == source.id:
            _copy_metadata(scene, known, source, copy)
    book.check_size()
    return {"properties": sheet_properties(book, copy)}


def _copy_title(scene: Scene, title: str) -> str:
    name, number = f"Copy of {title}", 2
    while scene.book.sheet_titled(name):
        name, number = f"Copy of {title} {number}", number + 1
    return name


def copied_sheet(source: Sheet, number: int, title: str) -> Sheet:
    """The same content under another id and name, with lines of its own."""
    copy = Sheet.blank(number, title, len(source.rows), len(source.columns))
    keys = {old.key: new.key for old, new in zip(source.columns, copy.columns, strict=True)}
    for old, new in zip(source.rows + source.columns, copy.rows + copy.columns, strict=True):
        new.hidden, new.filtered, new.pixels = old.hidden, old.filtered, old.pixels
    for old_row, new_row in zip(source.rows, copy.rows, strict=True):
        new_row.cells = {keys[key]: cell for key, cell in old_row.cells.items()}
    copy.properties, copy.grid_properties = dict(source.properties), dict(source.grid_properties)
    copy.merges = [area | {"sheetId": number} for area in source.merges]
    copy.rules = [rule | {"ranges": [area | {"sheetId": number} for area in rule["ranges"]]} for rule in source.rules]
    copy.filter = source.filter and source.filter | {"range": source.filter["range"] | {"sheetId": number}}
    return copy


def _copy_metadata(scene: Scene, known: Metadata, source: Sheet, copy: Sheet) -> None:
    anchor = known.anchor
    line = 0
    if anchor.dimension:
        at = next(at for at, one in enumerate(source.lines(anchor.dimension)) if one.key == anchor.line)
        line = copy.lines(anchor.dimension)[at].key
    number = scene.ids.number("metadata")
    scene.book.metadata[number] = known._replace(id=number, anchor=Anchor(copy.id, anchor.dimension, line))
