"""A button put into workbooks of every make: what goes in, what stays, what is refused, and out again."""

import re
from collections.abc import Callable

import pytest
from button_samples import CARD, FACE, button_tab, macros_by_oletools, with_button
from writing_samples import MAIN, SHEET, WORKBOOK, Opened, Sample, opened, relations, zipped

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.macros.sources import is_current, workbook_modules
from sheets_sync.workbooks.ooxml.button import ButtonTab, ButtonWish, button_cells, with_buttons, without_buttons
from sheets_sync.workbooks.ooxml.button_shape import SPACE
from sheets_sync.workbooks.ooxml.macro_part import PROJECT_KIND, PROJECT_TYPE, WITH_MACROS, our_modules
from sheets_sync.workbooks.ooxml.package import Package
from sheets_sync.workbooks.vba.project import (
    DocumentHost,
    Module,
    ModuleKind,
    document_module,
    new_project,
    read_project,
    with_modules,
)

DOCUMENTS = (document_module("ThisWorkbook", DocumentHost.WORKBOOK), document_module("Sheet1", DocumentHost.SHEET))
THEIRS = Module("Macros", ModuleKind.STANDARD, "Sub Hello()\n    MsgBox 1\nEnd Sub\n")
OUR_MODULE = workbook_modules()[0]
DRAWING = (
    f'<d:wsDr xmlns:d="{SPACE}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><d:absoluteAnchor>'
    '<d:pos x="0" y="0"/><d:ext cx="9525" cy="9525"/>{}<d:clientData/></d:absoluteAnchor></d:wsDr>'
)
LOGO = '<d:sp macro="{}" textlink=""><d:nvSpPr><d:cNvPr id="2" name="Logo"/><d:cNvSpPr/></d:nvSpPr><d:spPr/></d:sp>'


def with_macros(*modules: Module, project: bytes = b"", signed: str = "") -> Opened:
    """The sample as a workbook with macros of its own."""
    parts = Sample().parts()
    types, links = str(parts["[Content_Types].xml"]), str(parts["xl/_rels/workbook.xml.rels"])
    types = re.sub(r"application/[\w.-]+sheet\.main\+xml", WITH_MACROS, types)
    types = types.replace("</Types>", f'<Override PartName="/xl/vbaProject.bin" ContentType="{PROJECT_TYPE}"/></Types>')
    link = f'<Relationship Id="rId7" Type="{PROJECT_KIND}" Target="vbaProject.bin"/></Relationships>'
    parts["[Content_Types].xml"] = types
    parts["xl/_rels/workbook.xml.rels"] = links.replace("</Relationships>", link)
    parts["xl/vbaProject.bin"] = project or new_project((*DOCUMENTS, *modules))
    if signed:
        parts["xl/_rels/vbaProject.bin.rels"] = relations(("rId1", signed, "vbaProjectSignature.bin"))
        parts["xl/vbaProjectSignature.bin"] = b"signature"
    return opened(zipped(parts), "plan.xlsm")


def with_drawing(inside: str) -> Opened:
    """The sample with a drawing that holds this, written with prefixes of its own."""
    drawing = {
        "xl/drawings/drawing1.xml": DRAWING.format(inside),
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("rId9", "drawing", "../drawings/drawing1.xml")),
    }
    return opened(Sample(tail='<drawing r:id="rId9"/>', more=drawing).data())


def again(data: bytes, name: str = "plan.xlsm") -> Opened:
    """The workbook opened again."""
    return opened(data, name)


def test_what_goes_into_a_plain_workbook() -> None:
    """A workbook without macros gets a project, code names, a drawing with the button and the card, all related."""
    after = again(with_button(opened(Sample().data())))
    package = after.package
    assert package.content_type(WORKBOOK) == WITH_MACROS
    assert package.content_type("/xl/vbaProject.bin") == PROJECT_TYPE
    assert [one.kind for one in package.related(WORKBOOK)] == ["worksheet", "styles", "vbaProject"]
    project = read_project(package.read("/xl/vbaProject.bin"))
    assert project.document_names == ("ThisWorkbook", "Sheet1")
    assert [module.name for module in project.modules if module.kind is ModuleKind.STANDARD] == [OUR_MODULE.name]
    assert 'workbookPr codeName="ThisWorkbook"' in after.part(WORKBOOK)
    assert '<sheetPr codeName="Sheet1"/>' in after.part(SHEET)
    drawing = after.part("/xl/drawings/drawing1.xml")
    assert 'macro="[0]!SyncPlan"' in drawing
    assert "<a:t>Sync plan</a:t>" in drawing
    assert "says &quot;what&quot;" in drawing
    assert after.seen.card == CARD
    assert after.seen.tab("7").rows == opened(Sample().data()).seen.tab("7").rows


def test_code_names_that_are_there_are_kept() -> None:
    """Legal code names stay; a missing, repeated, illegal or too long one, or ours, becomes a short free one."""
    names = ("Plan_1", "", "plan_1", "1st", "x" * 32, OUR_MODULE.name, "Sheet1")
    parts = Sample().parts()
    sheet = str(parts["xl/worksheets/sheet1.xml"])
    ids = range(1, len(names) + 1)
    listed = "".join(f'<sheet name="T{n}" sheetId="{n}" r:id="rId{n}"/>' for n in ids)
    parts["xl/workbook.xml"] = re.sub(
        "<sheets>.*</sheets>", f"<sheets>{listed}</sheets>", str(parts["xl/workbook.xml"])
    )
    parts["xl/_rels/workbook.xml.rels"] = relations(
        *((f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in ids)
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    overrides = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}"/>' for n in ids[1:])
    parts["[Content_Types].xml"] = str(parts["[Content_Types].xml"]).replace("</Types>", f"{overrides}</Types>")
    for n, name in zip(ids, names, strict=True):
        own = f'<sheetPr codeName="{name}"/>' if name else ""
        parts[f"xl/worksheets/sheet{n}.xml"] = sheet.replace("<dimension", f"{own}<dimension")
    before = opened(zipped(parts))
    after = again(with_button(before, [button_tab(before.tab("1"))]))
    project = read_project(after.package.read("/xl/vbaProject.bin"))
    assert project.document_names == (
        "ThisWorkbook", "Plan_1", "Sheet2", "Sheet3", "Sheet4", "Sheet5", "Sheet6", "Sheet1"
    )  # fmt: skip
    assert after.package.read("/xl/worksheets/sheet7.xml") == before.package.read("/xl/worksheets/sheet7.xml")


def test_macros_of_others_stay() -> None:
    """Beside somebody's macros only our module comes; code names are left alone; taken out, theirs say the same."""
    before = with_macros(THEIRS)
    after = again(with_button(before))
    modules = {module.name: module for module in read_project(after.package.read("/xl/vbaProject.bin")).modules}
    assert modules["Macros"] == THEIRS
    assert is_current(modules[OUR_MODULE.name])
    assert "codeName" not in after.part(WORKBOOK) + after.part(SHEET)
    left = again(without_buttons(after.package))
    assert read_project(left.package.read("/xl/vbaProject.bin")) == read_project(
        before.package.read("/xl/vbaProject.bin")
    )
    assert {part: left.package.read(part) for part in left.package.parts if "vba" not in part} == {
        part: before.package.read(part) for part in before.package.parts if "vba" not in part
    }


def test_a_project_of_ours_alone_goes_as_a_whole() -> None:
    """Taken out of a workbook that had no macros, project, drawing and card go with all that names them."""
    before = opened(Sample().data())
    left = again(without_buttons(again(with_button(before)).package))
    assert sorted(left.package.parts) == sorted(before.package.parts)
    assert left.package.content_type(WORKBOOK) == WITH_MACROS
    assert left.part(SHEET).replace('<sheetPr codeName="Sheet1"/>', "") == before.part(SHEET)
    assert left.part(WORKBOOK).replace('<workbookPr codeName="ThisWorkbook"/>', "") == before.part(WORKBOOK)
    assert left.part("/xl/_rels/workbook.xml.rels") == before.part("/xl/_rels/workbook.xml.rels")
    assert left.seen.card == ""


def test_an_older_macro_is_renewed() -> None:
    """A module of ours that says something else becomes today's, and the second time nothing changes."""
    older = OUR_MODULE._replace(source=OUR_MODULE.source.replace("macro version 1", "macro version 0"))
    after = again(with_button(with_macros(THEIRS, older)))
    assert all(map(is_current, our_modules(after.package)))
    assert [line for line in macros_by_oletools(after.package)[OUR_MODULE.name] if "macro version 1" in line]
    assert with_button(after) == after.package.data


def test_letter_case_is_no_change() -> None:
    """Excel rewrites names in its own case: a module that differs in nothing else is left as it is."""
    retyped = OUR_MODULE._replace(source=OUR_MODULE.source.replace("shell", "Shell"))
    before = with_macros(retyped)
    after = again(with_button(before))
    assert after.package.read("/xl/vbaProject.bin") == before.package.read("/xl/vbaProject.bin")


def test_a_drawing_that_is_there_is_added_to() -> None:
    """A drawing keeps its bytes around the button, which has an id of its own, and gets them back afterwards."""
    before = with_drawing(LOGO.format(""))
    after = again(with_button(before))
    drawing = after.part("/xl/drawings/drawing1.xml")
    assert drawing.startswith(before.part("/xl/drawings/drawing1.xml").removesuffix("</d:wsDr>"))
    assert sorted(re.findall(r'cNvPr id="(\d+)"', drawing)) == ["2", "3"]
    left = again(without_buttons(after.package))
    assert left.part("/xl/drawings/drawing1.xml") == before.part("/xl/drawings/drawing1.xml")


def test_what_a_person_bound_to_our_macro_stays() -> None:
    """A picture that a person let start our macro counts as the button; taken out, it stays and starts nothing."""
    before = with_drawing(LOGO.format("[0]!SheetsSync.SyncPlan"))
    after = again(with_button(before))
    assert after.part("/xl/drawings/drawing1.xml") == before.part("/xl/drawings/drawing1.xml")
    left = again(without_buttons(after.package))
    assert left.part("/xl/drawings/drawing1.xml") == DRAWING.format(LOGO.format(""))


def test_a_second_tab_gets_its_own_button() -> None:
    """Each tab named gets a button; a tab that has one does not get another."""
    first = again(with_button(opened(Sample().data())))
    assert button_cells(first.package) == ("H1",)
    assert with_button(first, [ButtonTab("7", 1, 3)]) == first.package.data


def test_the_card_is_kept_or_changed() -> None:
    """Without a card the one that is there stays; a shorter one leaves nothing of the longer."""
    long_card = '{"uid":"' + "x" * 9_000 + '"}'
    first = again(with_button(opened(Sample().data()), card=long_card))
    assert first.seen.card == long_card
    assert again(with_button(first, card="")).seen.card == long_card
    shorter = again(with_button(first, card=CARD))
    assert shorter.seen.card == CARD
    assert "card.2" in first.part(WORKBOOK)
    assert "card.2" not in shorter.part(WORKBOOK)


@pytest.mark.parametrize(
    ("book", "words"),
    [
        (lambda: with_macros(THEIRS._replace(source="Public Sub syncplan ()\nEnd Sub\n")), "a macro named SyncPlan"),
        (lambda: with_macros(THEIRS._replace(name="sheetssync")), "a module named sheetssync"),
        (lambda: with_macros(THEIRS, signed="vbaProjectSignature"), "its macros are digitally signed"),
        (lambda: with_macros(THEIRS, signed="vbaProjectSignatureAgile"), "its macros are digitally signed"),
        (lambda: with_macros(project=b"\xd0\xcf\x11\xe0" + bytes(600)), "damaged"),
        (lambda: with_macros(project=locked()), "locked with a password"),
        (lambda: opened(zipped({**Sample().parts(), "_xmlsignatures/sig1.xml": "<x/>"})), "digitally signed"),
        (lambda: typed("application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml"), "a template"),
        (lambda: opened(Sample(tail='<drawing r:id="rId9"/>').data()), "drawing of a sheet is missing"),
    ],
)
def test_what_gets_no_button(book: Callable[[], Opened], words: str) -> None:
    """Where a button would do harm it is refused, with the reason and a way out."""
    with pytest.raises(WorkbookRefused, match=words) as refusal:
        with_button(book())
    assert refusal.value.remedy


def locked() -> bytes:
    """A macro project whose key for viewing cannot be understood, as Excel takes a locked one."""
    project = new_project((*DOCUMENTS, THEIRS))
    found = re.search(rb'DPB="([0-9A-F]+)"', project)
    assert found is not None
    return project[: found.start(1)] + b"0" * len(found[1]) + project[found.end(1) :]


def typed(kind: str) -> Opened:
    """The sample declared as another kind of workbook."""
    parts = Sample().parts()
    types = re.sub(r"application/[\w.-]+sheet\.main\+xml", kind, str(parts["[Content_Types].xml"]))
    return opened(zipped({**parts, "[Content_Types].xml": types}))


def test_strict_cannot_hold_macros() -> None:
    """A Strict workbook is refused, and the way to a plain one is told."""
    strict = Sample().data()
    parts = {
        name: str(text).replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
        for name, text in Sample().parts().items()
    }
    assert opened(strict).package
    with pytest.raises(WorkbookRefused, match="Strict") as refusal:
        with_button(opened(zipped(parts)))
    assert "Save As" in refusal.value.remedy


def test_no_tab_no_button() -> None:
    """A workbook without a worksheet is refused."""
    parts = Sample().parts()
    parts["xl/_rels/workbook.xml.rels"] = relations(("rId1", "chartsheet", "worksheets/sheet1.xml"))
    book = opened(zipped(parts))
    with pytest.raises(WorkbookRefused, match="no worksheet"):
        with_buttons(book.package, book.seen, ButtonWish((), FACE))


def test_the_workbook_type_may_be_a_default() -> None:
    """Where only a Default says what the workbook part is, it gets a line of its own."""
    parts = Sample().parts()
    kind = re.search(
        r'<Override PartName="/xl/workbook.xml" ContentType="([^"]+)"/>', str(parts["[Content_Types].xml"])
    )
    assert kind is not None
    default = f'<Default Extension="xml" ContentType="{kind[1]}"/>'
    parts["[Content_Types].xml"] = str(parts["[Content_Types].xml"]).replace(kind[0], default)
    after = again(with_button(opened(zipped(parts))))
    assert after.package.content_type(WORKBOOK) == WITH_MACROS
    assert default in after.part("/[Content_Types].xml")


def test_added_and_taken_out_of_a_prefixed_workbook() -> None:
    """A workbook whose XML has prefixes everywhere gets its button in the same prefixes, and is as it was without."""
    parts = {name: _prefixed(str(text)) for name, text in Sample().parts().items()}
    before = opened(zipped(parts))
    after = again(with_button(before))
    assert "<x:sheetPr" in after.part(SHEET)
    assert "<x:drawing" in after.part(SHEET)
    left = again(without_buttons(after.package))
    assert left.part(SHEET).replace('<x:sheetPr codeName="Sheet1"/>', "") == before.part(SHEET)


def _prefixed(xml: str) -> str:
    text = re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", xml)
    return text.replace(" xmlns=", " xmlns:x=", 1)


def test_the_macro_is_ours_to_the_letter() -> None:
    """What is put into a workbook is the packaged text, and with_modules of the same gives the same."""
    package = Package.open(with_button(opened(Sample().data())), "plan.xlsm")
    project = package.read("/xl/vbaProject.bin")
    assert with_modules(project, workbook_modules()) == project
    assert our_modules(package) == workbook_modules()
