"""batchUpdate requests about tables, filter views and coloured bands. From documentation, as far as plans meet them."""

from .errors import Json, invalid
from .masks import leaves, mask_of, taken_over
from .results import Results
from .scene import Scene
from .spans import overlap


def add_table(scene: Scene, asked: Json) -> Json:
    """Make a range a table; its columns are named by its first row where no names are given."""
    given = asked.get("table", {})
    block = scene.book.strict_block_of(given.get("range", {}))
    if any(overlap(one["range"], given["range"]) for one in block.sheet.tables):
        raise invalid("A table cannot overlap another table.")
    names = {one.get("columnIndex", 0): one for one in given.get("columnProperties", ())}
    results = Results(scene.book, scene.now)
    columns = []
    for at in range(block.right - block.left):
        cell = block.sheet.cell(block.top, block.left + at)
        shown = results.shown(block.sheet, block.top, block.left + at, cell) or f"Column {at + 1}"
        index = {"columnIndex": at} if at else {}
        columns.append(index | {"columnName": shown} | names.get(at, {}))
    number = given.get("tableId") or scene.ids.text("table")
    table = {"tableId": number, "name": f"Table{len(block.sheet.tables) + 1}"} | given | {"columnProperties": columns}
    block.sheet.tables = [*block.sheet.tables, table]
    return {"table": table}


def update_table(scene: Scene, asked: Json) -> None:
    """Change a table's name, range or columns."""
    given = asked.get("table", {})
    for sheet in scene.book.sheets:
        for at, before in enumerate(sheet.tables):
            if before["tableId"] == given.get("tableId"):
                after = before
                for path in leaves(mask_of(asked.get("fields", ""))):
                    after = after | given if path == ("*",) else taken_over(after, given, path)
                sheet.tables = [*sheet.tables[:at], after, *sheet.tables[at + 1 :]]
                return
    raise invalid(f"No table with ID: {given.get('tableId', '')}")


def delete_table(scene: Scene, asked: Json) -> None:
    """Take a table away, with the cells in it."""
    for sheet in scene.book.sheets:
        for table in sheet.tables:
            if table["tableId"] == asked.get("tableId"):
                block = scene.book.block_of(table["range"])
                sheet.tables = [one for one in sheet.tables if one is not table]
                keys = [column.key for column in sheet.columns[block.left : block.right]]
                for row in sheet.rows[block.top : block.bottom]:
                    for key in keys:
                        row.cells.pop(key, None)
                return
    raise invalid(f"No table with ID: {asked.get('tableId', '')}")


def add_filter_view(scene: Scene, asked: Json) -> Json:
    """Add a filter view: nobody else's view of the rows changes."""
    given = asked.get("filter", {})
    sheet = scene.book.sheet(given.get("range", {}).get("sheetId", 0))
    view = {"filterViewId": given.get("filterViewId") or scene.ids.number("view")} | given
    sheet.filter_views = [*sheet.filter_views, view]
    return {"filter": view}


def delete_filter_view(scene: Scene, asked: Json) -> None:
    """Take a filter view away."""
    number = asked.get("filterId", 0)
    for sheet in scene.book.sheets:
        kept = [one for one in sheet.filter_views if one["filterViewId"] != number]
        if len(kept) < len(sheet.filter_views):
            sheet.filter_views = kept
            return
    raise invalid(f"No filter view with ID: {number}")


def add_banding(scene: Scene, asked: Json) -> Json:
    """Colour rows in turns."""
    given = asked.get("bandedRange", {})
    sheet = scene.book.sheet(given.get("range", {}).get("sheetId", 0))
    if any(overlap(one["range"], given["range"]) for one in sheet.bands):
        raise invalid("You cannot add alternating background colors to a range that already has them.")
    band = {"bandedRangeId": given.get("bandedRangeId") or scene.ids.number("band")} | given
    sheet.bands = [*sheet.bands, band]
    return {"bandedRange": band}


def delete_banding(scene: Scene, asked: Json) -> None:
    """Take the colours away."""
    number = asked.get("bandedRangeId", 0)
    for sheet in scene.book.sheets:
        kept = [one for one in sheet.bands if one["bandedRangeId"] != number]
        if len(kept) < len(sheet.bands):
            sheet.bands = kept
            return
    raise invalid(f"No banded range with ID: {number}")
