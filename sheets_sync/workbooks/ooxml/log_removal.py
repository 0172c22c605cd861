"""Taking the Sync log out of a package again: its tab, its part, its names, and nothing that people made."""

import re

from sheets_sync.workbooks.ooxml.check_rows import CutRows, row_cells
from sheets_sync.workbooks.ooxml.names_patch import NameChanges, with_names
from sheets_sync.workbooks.ooxml.own_traces import LogMark
from sheets_sync.workbooks.ooxml.package import Package, SheetEntry
from sheets_sync.workbooks.ooxml.package_draft import PackageDraft
from sheets_sync.workbooks.ooxml.sheet_body import split
from sheets_sync.workbooks.ooxml.splice import (
    Cut,
    Node,
    as_utf8,
    attribute_cut,
    children,
    content,
    named,
    outline,
    spliced,
)
from sheets_sync.workbooks.ooxml.traces import RED_AFTER_NAME, parse_log_mark_name
from sheets_sync.workbooks.ooxml.zip_members import member_key

_THEIRS = "somebody wrote into the Sync log; delete that tab by hand"


def remove_log(draft: PackageDraft, mark: LogMark | None) -> str:
    """Take the log out, or, where its tab is gone (`mark` None), what still names it. Says why it did not."""
    package = draft.package
    workbook = draft.read(package.workbook_part)
    if mark is not None and mark.entry is not None:
        reason = _why_theirs(package, mark)
        if reason:
            return reason
        workbook = _without_tab(package, workbook, mark.entry)
        for relation in package.related(mark.entry.part):
            draft.unrelate(mark.entry.part, relation.id)
            draft.remove(relation.target)
        for relation in package.related(package.workbook_part):
            if member_key(relation.target) == member_key(mark.entry.part):
                draft.unrelate(package.workbook_part, relation.id)
        draft.remove(mark.entry.part)
    ours = {name for name in _names(workbook) if parse_log_mark_name(name)} | {RED_AFTER_NAME}
    draft.put(package.workbook_part, with_names(workbook, NameChanges({}, ours, {})))
    return ""


def _names(workbook: bytes) -> list[str]:
    nodes = outline(workbook, 2)
    return [node.attributes.get("name", "") for node in nodes if node.depth == 2 and node.name == "definedName"]


def _why_theirs(package: Package, mark: LogMark) -> str:
    """Why the tab must stay: people wrote into it, put something on it, or refer to it. "" when it is only ours."""
    entry = mark.entry
    assert entry is not None
    if sum(one.kind in ("worksheet", "chartsheet") and not one.hidden for one in package.sheets) < 2:
        return "the Sync log is the only tab that is to be seen; it stays"
    if any(relation.kind != "printerSettings" for relation in package.related(entry.part)):
        return _THEIRS
    if _is_filled_outside(as_utf8(package.read(entry.part)), mark):
        return _THEIRS
    return "something in the workbook refers to the Sync log; it stays" if _is_named(package, entry) else ""


def _is_filled_outside(xml: bytes, mark: LogMark) -> bool:
    """Whether a cell outside our block holds anything."""
    rows = CutRows(split(xml))
    return any(
        cell.inside.strip() and not mark.area.holds(number, cell.column)
        for place, number in enumerate(rows.numbers)
        for cell in row_cells(rows.at(place), number, rows.prefix)
    )


def _is_named(package: Package, entry: SheetEntry) -> bool:
    """Whether a formula, name, chart or pivot of others refers to the tab by its name."""
    escaped = content(entry.name.replace("'", "''"))
    spellings = {spelling.lower() for spelling in (escaped, content(entry.name), escaped.replace(b"'", b"&apos;"))}
    patterns = [b"(?:" + re.escape(one) + rb")(?:'|&apos;|&quot;)?!" for one in spellings]
    sought = re.compile(b"|".join(patterns), re.IGNORECASE)
    own = {member_key(entry.part), member_key(package.workbook_part)}
    parts = (part for part in package.parts if part.lower().endswith(".xml") and member_key(part) not in own)
    if any(sought.search(as_utf8(package.read(part))) for part in parts):
        return True
    nodes = outline(as_utf8(package.read(package.workbook_part)), 2)
    names = (node for node in nodes if node.depth == 2 and node.name == "definedName")
    place = str(package.sheets.index(entry))
    return any(
        sought.search(content(node.text)) is not None
        for node in names
        if not _is_ours(node) and node.attributes.get("localSheetId") != place
    )


def _is_ours(node: Node) -> bool:
    name = node.attributes.get("name", "")
    return bool(parse_log_mark_name(name)) or name.lower() == RED_AFTER_NAME


def _without_tab(package: Package, workbook: bytes, entry: SheetEntry) -> bytes:
    """The workbook part without the tab; what counts tabs by their place counts anew."""
    place = package.sheets.index(entry)
    nodes = outline(workbook, 2)
    listed = named(nodes, "sheets")
    cuts: list[Cut] = []
    for node in children(nodes, listed) if listed else ():
        if node.name == "sheet" and node.attributes.get("sheetId") == entry.sheet_id:
            cuts.append(Cut(node.start, node.end, b""))
    for node in nodes:
        if node.depth != 2:
            continue
        if node.name == "definedName" and "localSheetId" in node.attributes:
            cuts += _moved(workbook, node, b"localSheetId", place, drop=True)
        elif node.name == "workbookView":
            attributes = [name for name in (b"activeTab", b"firstSheet") if name.decode() in node.attributes]
            changed = [cut for name in attributes for cut in _moved(workbook, node, name, place, drop=False)]
            cuts += _merged(workbook, node, changed, attributes, place)
    return spliced(workbook, cuts)


def _moved(workbook: bytes, node: Node, attribute: bytes, place: int, *, drop: bool) -> tuple[Cut, ...]:
    """The cut that counts a tab behind the removed one anew; what belongs to the removed one goes, or to the first."""
    text = node.attributes[attribute.decode()]
    number = int(text) if text.isascii() and text.isdigit() else -1
    if number < place:
        return ()
    if number == place and drop:
        return (Cut(node.start, node.end, b""),)
    return (attribute_cut(workbook, node, attribute, b"%d" % (number - 1 if number > place else 0)),)


def _merged(workbook: bytes, node: Node, changed: list[Cut], attributes: list[bytes], place: int) -> tuple[Cut, ...]:
    """The cuts of several attributes of one start tag as one."""
    if len(changed) < 2:
        return tuple(changed)
    first = changed[0]
    alone = spliced(workbook, [first])
    again = next(one for one in outline(alone, 2) if one.start == node.start and one.name == node.name)
    second = _moved(alone, again, attributes[1], place, drop=False)
    return (Cut(first.start, first.end, second[0].put),) if second else (first,)
