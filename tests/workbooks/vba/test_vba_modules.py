"""Modules: what stands in a source, and what a project stores of it."""

import pytest
from macro_samples import dictionary_class

from sheets_sync.workbooks.vba.module import (
    DocumentHost,
    Module,
    ModuleKind,
    document_module,
    read_module,
    stored_text,
)

CLASS_HEADER = (
    'Attribute VB_Name = "Row"\r\n'
    'Attribute VB_Base = "0{FCFB3D2A-A0FA-1068-A738-08002B3371B5}"\r\n'
    "Attribute VB_GlobalNameSpace = False\r\n"
    "Attribute VB_Creatable = False\r\n"
    "Attribute VB_PredeclaredId = False\r\n"
    "Attribute VB_Exposed = False\r\n"
    "Attribute VB_TemplateDerived = False\r\n"
    "Attribute VB_Customizable = False\r\n"
)


@pytest.mark.parametrize(
    ("module", "text"),
    [
        (Module("Row", ModuleKind.STANDARD, ""), 'Attribute VB_Name = "Row"\r\n'),
        (Module("Row", ModuleKind.STANDARD, "Sub A()\nEnd Sub"), 'Attribute VB_Name = "Row"\r\nSub A()\r\nEnd Sub\r\n'),
        (Module("Row", ModuleKind.STANDARD, 'Attribute VB_Name = "Row"\nX\n'), 'Attribute VB_Name = "Row"\r\nX\r\n'),
        (Module("Row", ModuleKind.STANDARD, "a\r\nb\rc\n"), 'Attribute VB_Name = "Row"\r\na\r\nb\r\nc\r\n'),
        (Module("Row", ModuleKind.CLASS, "Dim A\n"), CLASS_HEADER + "Dim A\r\n"),
        (
            Module("Row", ModuleKind.CLASS, "VERSION 1.0 CLASS\nBEGIN\n  MultiUse = -1\nEND\nDim A\n"),
            CLASS_HEADER + "Dim A\r\n",
        ),
        (
            Module("Row", ModuleKind.CLASS, 'Attribute VB_Exposed = True\nAttribute VB_Description = "R"\n'),
            CLASS_HEADER.replace("VB_Exposed = False", "VB_Exposed = True") + 'Attribute VB_Description = "R"\r\n',
        ),
    ],
)
def test_stored_text(module, text):
    """A source gets the attributes of a new module of its kind, where it does not bring its own."""
    assert stored_text(module) == text


@pytest.mark.parametrize(
    ("name", "host", "base"),
    [
        ("ThisWorkbook", DocumentHost.WORKBOOK, "00020819"),
        ("DieseArbeitsmappe", DocumentHost.WORKBOOK, "00020819"),
        ("ThisWorkbook", DocumentHost.SHEET, "00020820"),
        ("Sheet1", DocumentHost.SHEET, "00020820"),
        ("Chart1", DocumentHost.CHART, "00020821"),
    ],
)
def test_documents_tell_what_they_belong_to(name, host, base):
    """A workbook's module, a sheet's and a chart sheet's have different base classes, whatever they are called."""
    module = document_module(name, host)
    text = stored_text(module)
    assert text.count("VB_Base") == 1
    assert f'Attribute VB_Base = "0{{{base}-0000-0000-C000-000000000046}}"\r\n' in text
    assert "Attribute VB_PredeclaredId = True\r\n" in text
    assert read_module(name, ModuleKind.DOCUMENT, text) == module
    usual = DocumentHost.WORKBOOK if name == "ThisWorkbook" else DocumentHost.SHEET
    assert (module.source == "") is (host is usual)


CONTROLS = 'Attribute VB_Control = "A, 1, 0, MSForms, Label"\nAttribute VB_Control = "B, 2, 1, MSForms, Label"\n'


@pytest.mark.parametrize(
    "module",
    [
        Module("Row", ModuleKind.STANDARD, ""),
        Module("Row", ModuleKind.STANDARD, '\n\nSub A()\nAttribute A.VB_Description = "x"\nEnd Sub\n'),
        Module("Row", ModuleKind.CLASS, "Attribute VB_PredeclaredId = True\nDim A\n"),
        Module("Sheet1", ModuleKind.DOCUMENT, CONTROLS + "Sub A()\nEnd Sub\n"),
        Module("Liste à faire", ModuleKind.DOCUMENT, ""),
    ],
)
def test_a_source_comes_back(module):
    """What is read of a stored text is what was given."""
    assert read_module(module.name, module.kind, stored_text(module)) == module


def test_an_exported_class_keeps_its_own_attributes():
    """The preamble of an exported class goes, what it says about itself stays, the second time too."""
    text = stored_text(dictionary_class())
    assert text.startswith('Attribute VB_Name = "Dictionary"\r\nAttribute VB_Base = "0{FCFB3D2A')
    assert "VERSION" not in text
    assert "Attribute VB_Exposed = True\r\n" in text
    assert stored_text(read_module("Dictionary", ModuleKind.CLASS, text)) == text


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        (Module("", ModuleKind.STANDARD, ""), "name"),
        (Module("1st", ModuleKind.STANDARD, ""), "name"),
        (Module("a b", ModuleKind.STANDARD, ""), "name"),
        (Module('a"b', ModuleKind.DOCUMENT, ""), "name"),
        (Module("a\nb", ModuleKind.DOCUMENT, ""), "name"),
        (Module("x" * 32, ModuleKind.STANDARD, ""), "name"),
        (Module("Row", ModuleKind.STANDARD, 'Attribute VB_Name = "Other"\n'), "another name"),
        (Module("Row", ModuleKind.STANDARD, "a\0b"), "NUL"),
        (Module("Row", ModuleKind.FORM, ""), "form"),
    ],
)
def test_impossible_modules(module, reason):
    """What no module can be is a mistake of the caller."""
    with pytest.raises(ValueError, match=reason):
        stored_text(module)
