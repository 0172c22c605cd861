"""batchUpdate requests about what lies over cells: conditional formats, protections, names, merges, filters."""

from .book import Block
from .calculation import SheetError
from .errors import Json, invalid
from .filtering import hidden_rows
from .grid import Sheet
from .masks import leaves, mask_of, taken_over
from .results import Results
from .scene import Scene
from .spans import overlap
from .spreadsheet_reply import may_edit_protected
from .values import clear


def _area(block: Block, asked: Json) -> Json:
    """The GridRange as it is kept: all ends set."""
    tab = {"sheetId": block.sheet.id} if block.sheet.id else {}
    return tab | {
        "startRowIndex": block.top,
        "endRowIndex": block.bottom,
        "startColumnIndex": block.left,
        "endColumnIndex": block.right,
    }


def _rule(scene: Scene, rule: Json) -> tuple[Sheet, Json]:
    areas = rule.get("ranges", [])
    if not areas:
        raise invalid("A conditional format rule must have at least one range.")
    if len({area.get("sheetId", 0) for area in areas}) > 1:
        raise invalid("All ranges of a conditional format rule must be on the same sheet.")
    if ("booleanRule" in rule) == ("gradientRule" in rule):
        raise invalid("Exactly one of booleanRule and gradientRule must be set.")
    condition = rule.get("booleanRule", {}).get("condition", {})
    if "booleanRule" in rule and not condition.get("type"):
        raise invalid("ConditionType cannot be unspecified.")
    for value in condition.get("values", []) if condition.get("type") == "CUSTOM_FORMULA" else ():
        if not value.get("userEnteredValue", "").startswith("="):
            raise invalid("Invalid ConditionValue.userEnteredValue: a custom formula must start with '='.")
    areas = [_bounded(scene, area) for area in areas]
    return scene.book.sheet(areas[0].get("sheetId", 0)), rule | {"ranges": areas}


def _bounded(scene: Scene, area: Json) -> Json:
    """Ranges of rules are told back with all their ends."""
    return _area(scene.book.strict_block_of(area), area)


def add_rule(scene: Scene, asked: Json) -> None:
    """Put a rule in; the ones from there on move down."""
    sheet, rule = _rule(scene, asked.get("rule", {}))
    index = asked.get("index", 0)
    if not 0 <= index <= len(sheet.rules):
        raise _no_rule(sheet, index)
    sheet.rules = [*sheet.rules[:index], rule, *sheet.rules[index:]]


def _no_rule(sheet: Sheet, index: int) -> Exception:
    return invalid(f"No conditional format on sheet: {sheet.id} at index: {index}")


def update_rule(scene: Scene, asked: Json) -> Json:
    """Replace a rule, or move it."""
    index = asked.get("index", 0)
    if "newIndex" in asked:
        sheet = scene.book.sheet(asked.get("sheetId", 0))
        if not (0 <= index < len(sheet.rules) and 0 <= asked["newIndex"] < len(sheet.rules)):
            raise _no_rule(sheet, index)
        rules = list(sheet.rules)
        moved = rules.pop(index)
        rules.insert(asked["newIndex"], moved)
        sheet.rules = rules
        return _without_zeros({"newRule": moved, "newIndex": asked["newIndex"], "oldIndex": index})
    sheet, rule = _rule(scene, asked.get("rule", {}))
    if not 0 <= index < len(sheet.rules):
        raise _no_rule(sheet, index)
    before = sheet.rules[index]
    sheet.rules = [*sheet.rules[:index], rule, *sheet.rules[index + 1 :]]
    return _without_zeros({"newRule": rule, "newIndex": index, "oldRule": before})


def _without_zeros(told: Json) -> Json:
    return {name: value for name, value in told.items() if value != 0}


def delete_rule(scene: Scene, asked: Json) -> Json:
    """Take a rule away; the reply tells which it was."""
    sheet, index = scene.book.sheet(asked.get("sheetId", 0)), asked.get("index", 0)
    if not 0 <= index < len(sheet.rules):
        raise _no_rule(sheet, index)
    gone = sheet.rules[index]
    sheet.rules = [*sheet.rules[:index], *sheet.rules[index + 1 :]]
    return {"rule": gone}


def add_protection(scene: Scene, asked: Json) -> Json:
    """Protect a range; who asks is always among its editors."""
    given = {name: value for name, value in asked.get("protectedRange", {}).items() if name != "requestingUserCanEdit"}
    if given.get("warningOnly") and any(given.get("editors", {}).values()):
        raise invalid("Editors are not supported with warning_only protection.")
    if "range" not in given and "namedRangeId" in given:
        given["range"] = _named(scene, given["namedRangeId"])["range"]
    area = given.get("range", {})
    scene.book.strict_block_of(area)
    whole = all(name == "sheetId" for name in area)
    if whole and any(_is_whole(one, area) for one in scene.book.protections):
        title = scene.book.sheet(area.get("sheetId", 0)).title
        raise invalid(f'"{title}" already has sheet protection.')
    number = given.get("protectedRangeId") or scene.ids.number("protection")
    editors = {name: value for name, value in given.get("editors", {}).items() if value}
    kept = {"protectedRangeId": number, "range": area} | given
    kept["editors"] = editors
    if not given.get("warningOnly"):
        kept["editors"] = editors | {"users": _with(editors.get("users", []), scene.account)}
    scene.book.protections.append(kept)
    return {"protectedRange": kept | {"requestingUserCanEdit": True, "editors": editors}}


def _is_whole(one: Json, area: Json) -> bool:
    return all(name == "sheetId" for name in one["range"]) and one["range"].get("sheetId", 0) == area.get("sheetId", 0)


def _with(users: list[str], account: str) -> list[str]:
    return users if account in users or not account else [*users, account]


def _protection(scene: Scene, number: int) -> Json:
    for one in scene.book.protections:
        if one["protectedRangeId"] == number:
            if not one.get("warningOnly") and not may_edit_protected(one, scene.account):
                raise invalid("You do not have permission to edit this protected range.")
            return one
    raise invalid(f"No protected range with ID: {number}")


def update_protection(scene: Scene, asked: Json) -> None:
    """Change a protection."""
    given = asked.get("protectedRange", {})
    before = _protection(scene, given.get("protectedRangeId", 0))
    after = before
    for path in leaves(mask_of(asked.get("fields", ""))):
        after = taken_over(after, given, path)
    scene.book.protections = [after if one is before else one for one in scene.book.protections]


def delete_protection(scene: Scene, asked: Json) -> None:
    """Take a protection away."""
    gone = _protection(scene, asked.get("protectedRangeId", 0))
    scene.book.protections = [one for one in scene.book.protections if one is not gone]


def _named(scene: Scene, number: str) -> Json:
    for one in scene.book.named_ranges:
        if one["namedRangeId"] == number:
            return one
    raise invalid(f"No named range with ID: {number}")


def add_named_range(scene: Scene, asked: Json) -> Json:
    """Name a range."""
    given = asked.get("namedRange", {})
    if any(one["name"].casefold() == given.get("name", "").casefold() for one in scene.book.named_ranges):
        raise invalid(f"A named range with name: {given.get('name', '')} already exists.")
    scene.book.strict_block_of(given.get("range", {}))
    kept = {"namedRangeId": given.get("namedRangeId") or str(scene.ids.number("named"))} | given
    scene.book.named_ranges.append(kept)
    return {"namedRange": kept}


def update_named_range(scene: Scene, asked: Json) -> None:
    """Change a name or its range."""
    given = asked.get("namedRange", {})
    before = _named(scene, given.get("namedRangeId", ""))
    after = before
    for path in leaves(mask_of(asked.get("fields", ""))):
        after = after | given if path == ("*",) else taken_over(after, given, path)
    scene.book.named_ranges = [after if one is before else one for one in scene.book.named_ranges]


def delete_named_range(scene: Scene, asked: Json) -> None:
    """Forget a name."""
    gone = _named(scene, asked.get("namedRangeId", ""))
    scene.book.named_ranges = [one for one in scene.book.named_ranges if one is not gone]


def merge_cells(scene: Scene, asked: Json) -> None:
    """Merge all cells, or by rows or columns; what is covered loses its value."""
    block, kind = scene.book.strict_block_of(asked.get("range", {})), asked.get("mergeType", "MERGE_ALL")
    scene.guard(block)
    parts = {
        "MERGE_ROWS": [block._replace(top=row, bottom=row + 1) for row in range(block.top, block.bottom)],
        "MERGE_COLUMNS": [block._replace(left=at, right=at + 1) for at in range(block.left, block.right)],
    }.get(kind, [block])
    sheet = block.sheet
    for part in parts:
        area = _area(part, {})
        _check_partial(sheet, area)
        sheet.merges = [one for one in sheet.merges if not overlap(one, area)]
        corner = sheet.cell(part.top, part.left)
        if part.one_cell:
            continue
        clear(part)
        sheet.put(part.top, part.left, corner)
        sheet.merges = [*sheet.merges, area]


def _check_partial(sheet: Sheet, area: Json) -> None:
    for one in sheet.merges:
        inside = all(area[name] <= one[name] for name in ("startRowIndex", "startColumnIndex"))
        inside = inside and all(one[name] <= area[name] for name in ("endRowIndex", "endColumnIndex"))
        if overlap(one, area) and not inside:
            raise invalid("You must select all cells in a merged range to merge or unmerge them.")


def unmerge_cells(scene: Scene, asked: Json) -> None:
    """Take merged cells apart."""
    block = scene.book.strict_block_of(asked.get("range", {}))
    area = _area(block, {})
    _check_partial(block.sheet, area)
    block.sheet.merges = [one for one in block.sheet.merges if not overlap(one, area)]


def set_basic_filter(scene: Scene, asked: Json) -> None:
    """Filter a tab: rows that do not fit are hidden, none moves unless it also sorts."""
    given = asked.get("filter", {})
    block = scene.book.strict_block_of(given.get("range", {}))
    block.sheet.filter = given | {"range": _area(block, {})}
    results = Results(scene.book, scene.now)

    def shown(row: int, column: int) -> str:
        cell = block.sheet.cell(row, column)
        value = results.of(block.sheet, row, column, cell)
        return value.code if isinstance(value, SheetError) else results.shown(block.sheet, row, column, cell)

    hidden = hidden_rows(given, block, shown)
    for number, row in enumerate(block.sheet.rows):
        row.filtered = number in hidden


def clear_basic_filter(scene: Scene, asked: Json) -> None:
    """Show all rows again."""
    sheet = scene.book.sheet(asked.get("sheetId", 0))
    sheet.filter = None
    for row in sheet.rows:
        row.filtered = False
