"""Macro projects of other people: read as others read them, added to, and given back as they were."""

import pytest
from macro_samples import CORPUS_FILES, OURS, WHEEL, WHEEL_FILES, project_in, texts_by_olevba
from pyopenvba.cfb import CFB
from pyopenvba.vba import parse_vba_project

from sheets_sync.workbooks.vba.compound_file import Storage
from sheets_sync.workbooks.vba.compound_reading import read_compound_file
from sheets_sync.workbooks.vba.module import is_name, stored_text
from sheets_sync.workbooks.vba.project import read_project, with_modules, without_modules

LOCKED = {"addin/xlwings.xlam"}
MACINTOSH = {"016_xlwings_integration_write.xlsm", "070_xlwings_engines.xlsm"}


@pytest.fixture(params=[*WHEEL_FILES, *(pytest.param(name, marks=pytest.mark.shared) for name in CORPUS_FILES)])
def foreign(request):
    """The name of a workbook and its project."""
    if request.param in WHEEL_FILES:
        return request.param, project_in(WHEEL / request.param)
    return request.param, project_in(request.getfixturevalue("shared") / "excel-corpus" / request.param)


def plain(text):
    """Text with one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_others_read_the_same(foreign):
    """olevba and pyOpenVBA find the same modules with the same source, and the guards are read as Office means them."""
    name, data = foreign
    project = read_project(data)
    by_olevba = texts_by_olevba(data)
    assert {module.name for module in project.modules} == by_olevba.keys()
    for module in project.modules:
        if is_name(module.name, module.kind):
            assert plain(stored_text(module)) == plain(by_olevba[module.name])
    assert project.is_locked is (name in LOCKED)
    assert project.code_page == (10000 if name in MACINTOSH else 1252)
    by_pyopenvba = parse_vba_project(CFB.from_bytes(data))
    assert [module.name for module in project.modules] == [module.name for module in by_pyopenvba.modules]


def test_ours_are_added_and_theirs_stay(foreign):
    """Others read our modules beside all of theirs, with theirs unchanged, and no more locked than before."""
    _, data = foreign
    after = with_modules(data, OURS)
    assert texts_by_olevba(after) == texts_by_olevba(data) | {module.name: stored_text(module) for module in OURS}
    assert read_project(after).modules == (*read_project(data).modules, *OURS)
    assert read_project(after).is_locked is read_project(data).is_locked
    assert read_project(after).references == read_project(data).references
    assert with_modules(after, OURS) is after
    assert len(parse_vba_project(CFB.from_bytes(after)).modules) == len(read_project(after).modules)


def test_ours_go_without_a_trace(foreign):
    """After removal the project is read as it was, and its plain lines and names are the bytes they were."""
    _, data = foreign
    again = without_modules(with_modules(data, OURS), [module.name for module in OURS])
    assert read_project(again) == read_project(data)
    before, after = read_compound_file(data), read_compound_file(again)
    outside = [entry for entry in before.entries if entry.name != "VBA"]
    assert [entry for entry in after.entries if not isinstance(entry, Storage)] == outside
    assert after.marks == before.marks
    assert after.find("VBA").marks == before.find("VBA").marks
