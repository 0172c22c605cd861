"""Where keys stand in a TOML file."""

import tomllib

import pytest

from sheets_sync.config.positions import KeyPath, key_lines, line_of, syntax_line

TORTURE = '''\
state = "/x" # = [ not an array

"quoted key" = 1
a.b."c d".e = 2
[ plan-table ]   # comment ["x"]
text = """
[not.a.table]
key = "not a key"
"""
literal = \'\'\'
also = [ not
\'\'\'
after = 1
numbers = [
  1, # ]
  2,
  [3, """x
]"""],
]
inline = { x = 1, "y z" = [ { deep = 2 } ] }
[[plan]]
uid = "first"
  [plan.columns]
  action = "What = who"
  "due" = "When"
[[plan]]
[plan.columns]
[plan.calendar]
holidays = [
  2026-12-24,
]
[[plan.sub]]
k = 1
[[plan.sub]]
k = 2
[plan.sub.inner]
z = 3
["odd \\"name\\"".'x]y']
w = 4
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("state",), 1),
        (("quoted key",), 3),
        (("a", "b", "c d", "e"), 4),
        (("a",), 4),
        (("plan-table",), 5),
        (("plan-table", "text"), 6),
        (("plan-table", "literal"), 10),
        (("plan-table", "after"), 13),
        (("plan-table", "numbers"), 14),
        (("plan-table", "numbers", 2), 14),
        (("plan-table", "inline", "x"), 20),
        (("plan-table", "inline", "y z", 0, "deep"), 20),
        (("plan",), 21),
        (("plan", 0), 21),
        (("plan", 0, "uid"), 22),
        (("plan", 0, "columns"), 23),
        (("plan", 0, "columns", "action"), 24),
        (("plan", 0, "columns", "due"), 25),
        (("plan", 1), 26),
        (("plan", 1, "columns"), 27),
        (("plan", 1, "calendar"), 28),
        (("plan", 1, "calendar", "holidays"), 29),
        (("plan", 1, "sub", 0, "k"), 33),
        (("plan", 1, "sub", 1), 34),
        (("plan", 1, "sub", 1, "k"), 35),
        (("plan", 1, "sub", 1, "inner", "z"), 37),
        (('odd "name"', "x]y", "w"), 39),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_key_is_found_on_its_line(path: KeyPath, line: int, ending: str) -> None:
    """A key is found on the line its statement begins on, whatever strings, arrays and tables stand around it."""
    text = TORTURE.replace("\n", ending)
    tomllib.loads(text)
    assert key_lines(text)[path] == line


def test_no_line_is_taken_for_a_key_that_is_none() -> None:
    """Text inside strings and arrays makes no key."""
    assert not {path for path in key_lines(TORTURE) if "not" in path or "key" in path or "also" in path}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("plan", 0, "nothing"), 21),
        (("plan", 1, "calendar", "missing"), 28),
        (("plan", 0, "columns", "action", "deeper"), 24),
        (("elsewhere",), 1),
    ],
)
def test_a_key_that_is_not_there_counts_for_what_is_around_it(path: KeyPath, line: int) -> None:
    """A missing key has the line of the table it is missing in."""
    assert line_of(path, key_lines(TORTURE)) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\nb = \n", 2),
        ('a = 1\n\n\nb = "x', 4),
        ("a = [\n1,\n", 2),
        ("a = 1\na = 2\n", 2),
        ("[t]\nx = 1\n[t]\n", 3),
    ],
)
def test_a_syntax_error_names_its_line(text: str, line: int) -> None:
    """tomllib's own words about the place are read, "end of document" as the last line."""
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert syntax_line(caught.value, text) == line


def test_a_long_text_is_searched_in_linear_time() -> None:
    """A string of 20,000 lines is parsed once or twice, not once for each line."""
    text = 'a = """\n' + "line\n" * 20_000 + '"""\nb = 1\n'
    assert key_lines(text)[("b",)] == 20_003
