"""Every word that is said to Excel for Mac is in Excel's dictionary, which xlwings carries."""

import ast
from pathlib import Path

import xlwings

from sheets_sync.workbooks.live import native_mac

OURS_OR_APPSCRIPT = {"get", "set", "get_address"}


def test_all_words_are_known():
    """Properties, elements, commands, their arguments and constants are spelled as in the dictionary."""
    dictionary = (Path(xlwings.__file__).parent / "mac_dict.py").read_text("utf-8")
    known = {node.value for node in ast.walk(ast.parse(dictionary)) if isinstance(node, ast.Constant)}
    said = _words(ast.parse(Path(native_mac.__file__).read_text("utf-8")))
    assert len(said) > 30
    assert said - OURS_OR_APPSCRIPT - known == set()


def _words(tree: ast.AST) -> set[str]:
    """The names asked of `.api`, of what it gave (`validation`, `words`), and the names of arguments to them."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_excels(node.value):
            found.add(node.attr)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_excels(node.func.value):
            found |= {word.arg for word in node.keywords if word.arg}
    return found


def _is_excels(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(attr="api"):
            return True
        case ast.Name(id="words" | "query" | "check"):
            return True
        case ast.Call(func=ast.Name(id="_keywords")):
            return True
        case ast.Attribute(value=inner) | ast.Subscript(value=inner) | ast.Call(func=inner):
            return _is_excels(inner)
    return False
