"""Macro projects: made anew, read, added to and taken from."""

import pytest
from macro_samples import CLASS, MACRO, OURS, PLAN, SHEET, WORKBOOK, dictionary_class, texts_by_olevba, xlwings_module
from pyopenvba.cfb import CFB
from pyopenvba.interpreter import VBACompileError, parse_module
from pyopenvba.vba import parse_project_stream, parse_vba_project

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.vba.compound_file import Marks, Storage, Stream, compound_file
from sheets_sync.workbooks.vba.compound_reading import read_compound_file
from sheets_sync.workbooks.vba.compression import compress, decompress
from sheets_sync.workbooks.vba.module import stored_text
from sheets_sync.workbooks.vba.project import (
    DocumentHost,
    Module,
    ModuleKind,
    document_module,
    new_project,
    read_project,
    with_modules,
    without_modules,
)
from sheets_sync.workbooks.vba.project_keys import decrypted, encrypted

NEW = new_project(PLAN)
NAMES = [module.name for module in OURS]


def standard(name, source="Sub A()\nEnd Sub\n"):
    """A standard module."""
    return Module(name, ModuleKind.STANDARD, source)


def stream(data, *path):
    """A stream of a project."""
    found = read_compound_file(data)
    for name in path:
        found = found.find(name)
    return found


def changed(data, path, change):
    """The project with a stream changed by a function; the dir stream is unfolded for it."""
    root = read_compound_file(data)
    vba = root.find("VBA")
    if path == "dir":
        content = compress(change(decompress(vba.find("dir").data)))
        return compound_file(root.with_entry(vba.with_data("dir", content)))
    if path in ("PROJECT", "PROJECTwm"):
        return compound_file(root.with_data(path, change(root.find(path).data)))
    return compound_file(root.with_entry(vba.with_data(path, change(vba.find(path).data))))


def test_a_new_project_holds_its_modules():
    """What was given is read again, unlocked, in code page 1252."""
    project = read_project(NEW)
    assert project.modules == PLAN
    assert (project.name, project.code_page, project.is_locked) == ("VBAProject", 1252, False)
    assert project.references == ("stdole", "Office")
    assert project.document_names == ("ThisWorkbook", "Sheet1")


def test_a_new_project_is_always_the_same():
    """The same modules give the same bytes; other modules another id, as ids tell projects apart."""
    assert new_project(PLAN) == NEW
    ids = {stream(new_project(PLAN[:count]), "PROJECT").data.splitlines()[0] for count in range(1, 5)}
    assert len(ids) == 4


def test_the_plain_lines_name_every_module():
    """The lines tell every module's kind before the other properties, and every window at the end."""
    lines = stream(NEW, "PROJECT").data.decode().split("\r\n")
    assert lines[0].startswith('ID="{')
    assert lines[1:7] == [
        "Document=ThisWorkbook/&H00000000",
        "Document=Sheet1/&H00000000",
        "Module=PlanButton",
        "Class=PlanRow",
        'Name="VBAProject"',
        'HelpContextID="0"',
    ]
    windows = [f"{module.name}=0, 0, 0, 0, C" for module in PLAN]
    assert lines[lines.index("[Workspace]") :] == ["[Workspace]", *windows, ""]


def test_others_read_a_new_project():
    """olevba reads every source, and pyOpenVBA every source, kind and line of the project."""
    modules = (*PLAN, xlwings_module(), dictionary_class())
    data = new_project(modules, name="Plan")
    texts = {module.name: stored_text(module) for module in modules}
    assert texts_by_olevba(data) == texts
    assert {m.name: m.source for m in parse_vba_project(CFB.from_bytes(data)).modules} == texts
    kinds = {m.name: m.kind.name for m in parse_vba_project(CFB.from_bytes(data)).modules}
    assert {name for name, kind in kinds.items() if kind == "standard"} == {MACRO.name, "xlwings"}
    told = parse_project_stream(stream(data, "PROJECT").data)
    assert told.name == "Plan"


@pytest.mark.parametrize("module", [MACRO, CLASS, dictionary_class()], ids=lambda module: module.name)
def test_sources_compile(module):
    """pyOpenVBA compiles what is stored, and would tell a line that VBA does not know."""
    text = texts_by_olevba(new_project((WORKBOOK, module)))[module.name].replace("\r\n", "\n")
    parse_module(text, name=module.name, kind=module.kind.value)
    with pytest.raises(VBACompileError):
        parse_module(text + "Sub (\n", name=module.name, kind=module.kind.value)


def test_guards_belong_to_the_project():
    """A new project is open under its own id; the same guards under another id read as locked."""
    assert not read_project(NEW).is_locked
    other = stream(new_project(PLAN[:3]), "PROJECT").data.splitlines()[0]
    borrowed = changed(NEW, "PROJECT", lambda text: other + text[text.index(b"\r\n") :])
    assert read_project(borrowed).is_locked


PROJECT_ID = "{5CF9CDAB-B77B-4FE4-BD7E-D29900070E1B}"


@pytest.mark.parametrize(
    ("value", "content"),
    [
        ("8D8FA61394EA98EA98EA98EA98", bytes(4)),
        ("8D8FA61394EF95EF95EF", bytes(1)),
        ("8D8FA61394EF95EF9510", b"\xff"),
        ("8D8FA61394EF95EF95", None),
        ("8D8FA6", None),
        ("8D8F", None),
        ("", None),
        ("no hex", None),
        ("8D8EA61394EF95EF9510", None),
        ("8D8FA71394EF95EF9510", None),
    ],
)
def test_guards_that_office_wrote(value, content):
    """Guards of a workbook in the field are read, garbled ones are told from them."""
    assert decrypted(value, PROJECT_ID) == content


@pytest.mark.parametrize("content", [b"", bytes(4), b"\xff", bytes(range(40))])
def test_guards_come_back(content):
    """What is guarded is read again, with the id it belongs to and no other."""
    assert decrypted(encrypted(content, PROJECT_ID), PROJECT_ID) == content
    assert decrypted(encrypted(content, PROJECT_ID), PROJECT_ID.replace("5C", "5D")) is None


@pytest.mark.parametrize(
    ("old", "new", "locked"),
    [
        (b"\r\nDPB=", b"\r\nOther=", False),
        (b'\r\nDPB="', b'\r\nDPB="00', True),
        (b'\r\nGC="', b'\r\nGC="zz', True),
        (b'\r\nCMG="8', b'\r\nCMG="9', True),
    ],
)
def test_locked_projects(old, new, locked):
    """A guard that cannot be understood counts as locked; one that is not there does not."""
    assert read_project(changed(NEW, "PROJECT", lambda text: text.replace(old, new))).is_locked is locked


@pytest.mark.parametrize(
    ("modules", "name", "reason"),
    [
        ((standard("A"), standard("a")), "P", "two of the modules"),
        ((standard("p"),), "P", "the project itself"),
        ((standard("Office"),), "P", "a reference"),
        ((standard("excel"),), "P", "a reference"),
        ((standard("Dir"),), "P", "a hidden part"),
        ((), "1P", "project"),
        ((standard("A", "x = 1\n' Привет\n"),), "P", r"code page 1252, which has no 'П' \(module A, line 3\)"),
        ((document_module("Лист1", DocumentHost.SHEET),), "P", "code page 1252"),
    ],
)
def test_impossible_projects(modules, name, reason):
    """Names that VBA would not take and text that the code page lacks are mistakes of the caller."""
    with pytest.raises(ValueError, match=reason):
        new_project(modules, name=name)


def test_modules_are_added_and_replaced():
    """A module is added where it is missing and replaced where it is there; all others stay as they are."""
    first = with_modules(new_project((WORKBOOK, SHEET, standard("Theirs"))), OURS)
    assert read_project(first).modules == (WORKBOOK, SHEET, standard("Theirs"), *OURS)
    newer = MACRO._replace(source="Sub SyncPlan()\nEnd Sub\n")
    second = with_modules(first, (newer, *OURS[1:]))
    assert read_project(second).modules == (WORKBOOK, SHEET, standard("Theirs"), newer, *OURS[1:])
    assert stream(second, "PROJECT") == stream(first, "PROJECT")


def test_nothing_to_do_changes_nothing():
    """Modules that are there already, and names that are not, leave the bytes as they are."""
    assert with_modules(NEW, PLAN) is NEW
    assert without_modules(NEW, ["Nobody"]) is NEW
    once = with_modules(NEW, OURS)
    assert with_modules(once, OURS) is once


def test_modules_are_removed():
    """What was added goes again, whatever the case of its name, and the project is what it was."""
    before = new_project((WORKBOOK, SHEET, standard("Theirs")))
    after = without_modules(with_modules(before, OURS), [name.upper() for name in NAMES])
    assert after == before


def test_a_document_module_that_exists_is_left_alone():
    """A sheet's own macros are never written over; only a sheet without a module gets one."""
    theirs = Module("Sheet1", ModuleKind.DOCUMENT, "Sub Worksheet_Change(t)\nEnd Sub\n")
    before = new_project((WORKBOOK, theirs))
    after = with_modules(before, (document_module("SHEET1", DocumentHost.SHEET), MACRO))
    assert read_project(after).modules == (WORKBOOK, theirs, MACRO)


@pytest.mark.parametrize(
    ("theirs", "ours", "reason"),
    [
        (standard("PLANBUTTON"), MACRO, "a module called PLANBUTTON"),
        (Module("PlanButton", ModuleKind.CLASS, ""), MACRO, "a class module called PlanButton"),
        (document_module("PlanButton", DocumentHost.SHEET), MACRO, "a document module called PlanButton"),
        (standard("Sheet1"), SHEET, "a standard module called Sheet1"),
        (standard("A"), standard("VBAProject"), "the project itself called VBAProject"),
        (standard("A"), standard("stdole"), "a reference called stdole"),
        (standard("A"), standard("B", "' Привет\n"), "code page 1252, which has no 'П'"),
    ],
)
def test_what_stands_in_the_way_is_refused(theirs, ours, reason):
    """A name that something else has, and text that the workbook's code page lacks, are refused with the way out."""
    with pytest.raises(WorkbookRefused, match=reason) as refusal:
        with_modules(new_project((WORKBOOK, theirs)), (ours,))
    assert refusal.value.remedy


def compiled(data):
    """The project as Excel leaves it: with what it compiled, in all the places where it keeps that."""
    root = read_compound_file(data)
    vba = root.find("VBA")
    pieces = decompress(vba.find("dir").data).split(b"\x31\0\x04\0\0\0")
    listing = b"".join([pieces[0], *(b"\x31\0\x04\0\0\0" + b"\x05\0\0\0" + piece[4:] for piece in pieces[1:])])
    entries = tuple(
        entry if entry.name in ("dir", "_VBA_PROJECT") else Stream(entry.name, b"pcode" + entry.data)
        for entry in vba.entries
    )
    vba = Storage(
        "VBA", (*entries, Stream("__SRP_0", b"cache"), Stream("__SRP_1f", b"cache")), Marks(bytes(16), 0, 8, 9)
    )
    vba = vba.with_data("dir", compress(listing)).with_data("_VBA_PROJECT", bytes.fromhex("cc61b2000003") + b"x" * 3000)
    form = Storage(
        "Form1", (Stream("f", b"\x01" * 5000), Stream("\x03VBFrame", b"VERSION 5.00\r\n")), Marks(b"c" * 16, 1)
    )
    return compound_file(root.with_entry(vba).with_entry(form).with_entry(Stream("PROJECTlk", b"licence")))


def test_what_was_compiled_goes_and_all_else_stays():
    """Excel compiles anew: no cache is left, sources begin at the beginning, and windows and licences are kept."""
    before = compiled(NEW)
    after = with_modules(before, (standard("More"),))
    vba = {entry.name: entry for entry in read_compound_file(after).find("VBA").entries}
    assert vba.keys() == {*(module.name for module in PLAN), "More", "dir", "_VBA_PROJECT"}
    assert vba["_VBA_PROJECT"].data.hex() == "cc61ffff000100"
    assert all(b"pcode" not in entry.data for entry in vba.values())
    assert {name: entry.data for name, entry in vba.items() if name not in ("dir", "_VBA_PROJECT", "More")} == {
        module.name: stream(NEW, "VBA", module.name).data for module in PLAN
    }
    for kept in ("Form1", "PROJECTlk"):
        assert stream(after, kept) == stream(before, kept)
    assert stream(after, "VBA").marks == stream(before, "VBA").marks
    assert read_project(after).modules == (*read_project(before).modules, standard("More"))
    assert texts_by_olevba(after)["PlanRow"] == stored_text(CLASS)


def test_forms_are_kept_and_never_removed():
    """A form is read as one, survives an edit with its window, and is nobody's to remove or replace."""
    before = changed(NEW, "PROJECT", lambda text: text.replace(b"\r\nClass=PlanRow", b"\r\nBaseClass=PlanRow"))
    assert read_project(before).modules[-1].kind is ModuleKind.FORM
    assert read_project(with_modules(before, (standard("More"),))).modules[:4] == read_project(before).modules
    with pytest.raises(WorkbookRefused, match="form"):
        without_modules(before, ["planrow"])
    with pytest.raises(WorkbookRefused, match="a form module called PlanRow"):
        with_modules(before, (CLASS,))


@pytest.mark.parametrize("page", [1250, 932, 10000, 65001])
def test_the_code_page_of_the_project_counts(page):
    """Source is written and read in the code page that the project names."""
    number = page.to_bytes(2, "little")
    before = changed(
        new_project((WORKBOOK, standard("A", ""))),
        "dir",
        lambda d: d.replace(b"\3\0\2\0\0\0\xe4\4", b"\3\0\2\0\0\0" + number),
    )
    assert read_project(before).code_page == page
    text = {1250: "' č\n", 932: "' 計画\n", 10000: "' é€\n", 65001: "' 計画é\n"}[page]
    after = with_modules(before, (standard("B", text),))
    assert read_project(after).modules[-1].source == text
    if page != 65001:
        with pytest.raises(WorkbookRefused, match=f"code page {page}"):
            with_modules(before, (standard("C", "' \N{SNOWMAN}\U0001f600\n"),))


def test_a_project_without_name_map_gets_none():
    """PROJECTwm may be missing, and stays so."""
    root = read_compound_file(NEW)
    before = compound_file(Storage("Root Entry", tuple(e for e in root.entries if e.name != "PROJECTwm")))
    assert read_compound_file(with_modules(before, OURS)).find("PROJECTwm") is None
    assert stream(with_modules(NEW, OURS), "PROJECTwm").data.endswith(b"Sheet99\0S\0h\0e\0e\0t\x009\x009\0\0\0\0\0")


@pytest.mark.parametrize(
    ("path", "change"),
    [
        pytest.param("dir", lambda d: d[:100], id="list cut off"),
        pytest.param("dir", lambda d: d[:-20], id="last module cut off"),
        pytest.param("dir", lambda d: b"", id="list empty"),
        pytest.param("dir", lambda d: d.replace(b"\x0f\0\2\0\0\0\4", b"\x0f\0\2\0\0\0\5"), id="one module too few"),
        pytest.param("dir", lambda d: d.replace(b"\x31\0\4\0\0\0\0", b"\x31\0\4\0\0\0\x40"), id="source past its end"),
        pytest.param("dir", lambda d: d.replace(b"\x31\0", b"\x51\0"), id="no place of the source"),
        pytest.param("dir", lambda d: d.replace(b"\3\0\2\0\0\0\xe4\4", b"\3\0\2\0\0\0\1\0"), id="unknown code page"),
        pytest.param("dir", lambda d: d.replace(b"\x03\0\2\0\0\0\xe4\4", b""), id="no code page"),
        pytest.param("dir", lambda d: d.replace(b"P\0l\0a\0n\0R\0o\0w", b"N\0o\0b\0o\0d\0y\0_"), id="no such stream"),
        pytest.param(
            "dir",
            lambda d: d.replace(b"P\0l\0a\0n\0B\0u\0t\0t\0o\0n", b"S\0h\0e\0e\0t\x001\0____").replace(
                b"\x47\0\x14", b"\x47\0\x0c"
            ),
            id="sizes that do not add up",
        ),
        pytest.param(
            "dir", lambda d: d.replace(b"S\0h\0e\0e\0t\0", b"S\0h\0e\0e\0T\0") + bytes(1_100_000), id="list too long"
        ),
        pytest.param("PROJECT", lambda d: d + b"\r\n" * 600_000, id="lines without end"),
        pytest.param("Sheet1", lambda d: b"", id="no source"),
        pytest.param("PlanRow", lambda d: b"\1" + compress(b"a" * 4096)[1:] * 6000, id="bomb"),
        pytest.param("PlanRow", lambda d: d[:-1], id="source cut off"),
    ],
)
def test_damage_is_refused(path, change):
    """A project that is cut off, contradicts itself or unfolds without end is refused in words."""
    broken = changed(NEW, path, change)
    assert broken != NEW
    with pytest.raises(WorkbookRefused):
        read_project(broken)


@pytest.mark.parametrize("gone", ["VBA", "PROJECT"])
def test_missing_parts_are_refused(gone):
    """A project without its lines or its storage is none."""
    root = read_compound_file(NEW)
    with pytest.raises(WorkbookRefused, match=gone):
        read_project(compound_file(Storage("Root Entry", tuple(e for e in root.entries if e.name != gone))))


@pytest.mark.parametrize("piece", [b"\x47\0\4\0\0\0", b"\x32\0\4\0\0\0"], ids=["name", "stream"])
def test_two_modules_in_one_are_refused(piece):
    """Two modules that share their name or their source would be one when written."""
    data = new_project((standard("AA"), standard("BB")))
    one, other = "AA".encode("utf-16-le"), "BB".encode("utf-16-le")
    broken = changed(data, "dir", lambda d: d.replace(piece + other, piece + one))
    assert broken != data
    with pytest.raises(WorkbookRefused, match="the same"):
        read_project(broken)


def test_many_bombs_are_refused():
    """Modules that are small enough one by one are refused when all together unfold to too much."""
    bomb = b"\1" + compress(b"a" * 4096)[1:] * 3000
    one = changed(NEW, "PlanRow", lambda _: bomb)
    assert len(read_project(one).modules) == 4
    with pytest.raises(WorkbookRefused, match="unfolds"):
        read_project(changed(one, "PlanButton", lambda _: bomb))
