"""batchUpdate requests about rows and columns: inserting, deleting, moving, sizes, hiding, groups."""

from .calculation import SheetError
from .defaults import COLUMN_PIXELS, ROW_PIXELS
from .errors import Json, invalid
from .grid import Sheet
from .masks import leaves, mask_of
from .moves import shift_lines
from .results import Results
from .scene import Scene
from .spans import COLUMNS, ROWS, Delete, Insert, Move
from .text_width import fitted_width


def _stretch(scene: Scene, span: Json, *, bounded: bool = False) -> tuple[Sheet, str, int, int]:
    sheet, dimension = scene.book.sheet(span.get("sheetId", 0)), span.get("dimension", "")
    if dimension not in (ROWS, COLUMNS):
        raise invalid("No dimension is given.")
    if bounded and ("startIndex" not in span or "endIndex" not in span):
        raise invalid("Both the start and end indexes must be bounded.")
    size = len(sheet.lines(dimension))
    start, end = span.get("startIndex", 0), span.get("endIndex", size)
    if start < 0 or end < start:
        raise invalid(f"endIndex ({end}) must not be before startIndex ({start}).")
    return sheet, dimension, start, end


def insert_dimension(scene: Scene, asked: Json) -> None:
    """Put blank lines in; formats come from the line before or after."""
    sheet, dimension, start, end = _stretch(scene, asked.get("range", {}), bounded=True)
    size = len(sheet.lines(dimension))
    from_before = asked.get("inheritFromBefore", False)
    if start >= size and not from_before:
        raise invalid(
            f"range.startIndex[{start}] must be less than the grid size[{size}] if inheritFromBefore is false."
        )
    if start > size:
        raise invalid(f"range.startIndex[{start}] must be less than or equal to the grid size[{size}].")
    if from_before and not start:
        raise invalid("inheritFromBefore cannot be true when inserting at the beginning.")
    like = start - 1 if from_before else start
    shift_lines(scene.book, sheet, dimension, Insert(start, end - start), like=like if like < size else None)
    scene.book.check_size()


def append_dimension(scene: Scene, asked: Json) -> None:
    """Put blank lines at the end."""
    sheet, count = scene.book.sheet(asked.get("sheetId", 0)), asked.get("length", 0)
    if count < 1:
        raise invalid(f"Invalid length: {count}")
    by_row = asked.get("dimension") == ROWS
    sheet.resize(len(sheet.rows) + count * by_row, len(sheet.columns) + count * (not by_row))
    scene.book.check_size()


def delete_dimension(scene: Scene, asked: Json) -> None:
    """Take lines out; what hangs on them dies."""
    sheet, dimension, start, end = _stretch(scene, asked.get("range", {}))
    size, kind = len(sheet.lines(dimension)), "row" if dimension == ROWS else "column"
    if end > size:
        lost = f"Tried to delete {kind} index {max(start, size)} but there are only {size} {kind}s."
        raise invalid(f"Cannot delete a {kind} that doesn't exist. {lost}")
    if end - start >= size:
        raise invalid(f"You can't delete all the {kind}s on the sheet.")
    frozen = sheet.grid_properties.get(f"frozen{kind.title()}Count", 0)
    if start <= frozen and end == size:
        raise invalid(f"Sorry, it is not possible to delete all non-frozen {kind}s.")
    _guard_lines(scene, sheet, dimension, start, end)
    shift_lines(scene.book, sheet, dimension, Delete(start, end))


def _guard_lines(scene: Scene, sheet: Sheet, dimension: str, start: int, end: int) -> None:
    block = scene.book.block_of({"sheetId": sheet.id})
    if dimension == ROWS:
        scene.guard(block._replace(top=start, bottom=end))
    else:
        scene.guard(block._replace(left=start, right=end))


def move_dimension(scene: Scene, asked: Json) -> None:
    """Move lines; what hangs on them goes along."""
    sheet, dimension, start, end = _stretch(scene, asked.get("source", {}))
    target, size = asked.get("destinationIndex", 0), len(sheet.lines(dimension))
    if end > size or not 0 <= target <= size:
        raise invalid(f"Cannot move {start} to {end} before {target}: the sheet has {size}.")
    _guard_lines(scene, sheet, dimension, start, end)
    if not start <= target <= end:
        shift_lines(scene.book, sheet, dimension, Move(start, end, target))


def update_dimension_properties(scene: Scene, asked: Json) -> None:
    """Hide, show, or set the size of lines."""
    sheet, dimension, start, end = _stretch(scene, asked.get("range", {}))
    given = asked.get("properties", {})
    paths = [path[0] for path in leaves(mask_of(asked.get("fields", "")))]
    names = ["pixelSize", "hiddenByUser"] if paths == ["*"] else paths
    for line in sheet.lines(dimension)[start:end]:
        if "pixelSize" in names:
            line.pixels = given.get("pixelSize", 0)
        if "hiddenByUser" in names:
            line.hidden = given.get("hiddenByUser", False)


def auto_resize(scene: Scene, asked: Json) -> None:
    """Fit columns to their widest text."""
    sheet, dimension, start, end = _stretch(scene, asked.get("dimensions", {}))
    if dimension == ROWS:
        for row in sheet.rows[start:end]:
            row.pixels = ROW_PIXELS
        return
    results = Results(scene.book, scene.now)
    for at in range(start, min(end, len(sheet.columns))):
        column = sheet.columns[at]
        widest = 0
        for number, row in enumerate(sheet.rows):
            cell = row.cells.get(column.key)
            if cell and cell.value is not None:
                value = results.of(sheet, number, at, cell)
                text = value.code if isinstance(value, SheetError) else results.shown(sheet, number, at, cell)
                widest = max(widest, fitted_width(text))
        column.pixels = widest or COLUMN_PIXELS


def add_group(scene: Scene, asked: Json) -> Json:
    """Group lines; a group inside another lies deeper."""
    sheet, dimension, start, end = _stretch(scene, asked.get("range", {}))
    groups = list(_groups(sheet, dimension))
    around = [one for one in groups if one["range"].get("startIndex", 0) <= start and end <= one["range"]["endIndex"]]
    groups.append({"range": asked["range"], "depth": len(around) + 1})
    groups.sort(key=lambda one: (one["range"].get("startIndex", 0), one["depth"]))
    return _set_groups(sheet, dimension, groups)


def delete_group(scene: Scene, asked: Json) -> Json:
    """Take the deepest group of these lines away."""
    sheet, dimension, start, end = _stretch(scene, asked.get("range", {}))
    groups = list(_groups(sheet, dimension))
    inside = [one for one in groups if (one["range"].get("startIndex", 0), one["range"]["endIndex"]) == (start, end)]
    if not inside:
        raise invalid("Cannot delete a dimension group that does not exist.")
    groups.remove(max(inside, key=lambda one: one["depth"]))
    return _set_groups(sheet, dimension, groups)


def _groups(sheet: Sheet, dimension: str) -> list[Json]:
    return sheet.row_groups if dimension == ROWS else sheet.column_groups


def _set_groups(sheet: Sheet, dimension: str, groups: list[Json]) -> Json:
    if dimension == ROWS:
        sheet.row_groups = groups
        sheet.grid_properties["rowGroupControlAfter"] = True
    else:
        sheet.column_groups = groups
        sheet.grid_properties["columnGroupControlAfter"] = True
    return {"dimensionGroups": groups} if groups else {}
