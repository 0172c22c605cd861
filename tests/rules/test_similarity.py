"""Which actions say the same, exactly or nearly, and that finding them stays fast."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.ruling import about_plan, check, finding, row, shown

from sheets_sync.core.model import Status
from sheets_sync.core.settings import RuleChoice
from sheets_sync.rules import similarity
from sheets_sync.rules.similarity import repeated

NO_PILES = RuleChoice("DUE008", off=True)
LONG = "Replace the worn belt of conveyor number four in the northern hall before the winter inspection starts"


def others(*actions, share: float = 0.85) -> dict[int, int]:
    """For each row that repeats another, the row it is told of."""
    return {pair.action.row: pair.other.row for pair in repeated(actions, share, many=20).pairs}


def test_equal_texts() -> None:
    """Case, accents, spaces and marks do not make two actions different, nor do two owners."""
    same = ["Update SOP 12", "update  sop 12.", "UPDATE SOP-12", "Updáte SOP 12"]
    rows = [row(number, action=text, owner=f"Owner {number}") for number, text in enumerate(same, 2)]
    assert others(*rows) == {2: 3, 3: 2, 4: 2, 5: 2}


@pytest.mark.parametrize("text", ["Paint １2 m² of wall", "Paint 12 M2 of Wáll", "paint, 12 m2 (of wall)"])
def test_equal_numbers(text: str) -> None:
    """A number is the same number in full width or raised."""
    assert others(row(2, action="Paint 12 m2 of wall"), row(3, action=text)) == {2: 3, 3: 2}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ((), (), True),
        (("G1",), ("G1",), True),
        (("G1",), (), False),
        (("G1",), ("G2",), False),
        (("G1", "G2"), ("G2",), True),
    ],
)
def test_goals(first: tuple[str, ...], second: tuple[str, ...], same: bool) -> None:
    """Only rows that share a goal, or both have none, repeat each other."""
    found = others(row(2, action=LONG, goal=first), row(3, action=LONG, goal=second))
    assert found == ({2: 3, 3: 2} if same else {})


@pytest.mark.parametrize(
    ("text", "near"),
    [
        (LONG.replace("worn", "old"), True),
        (LONG + " again", True),
        (LONG + " 2", False),
        (LONG.replace("worn", "old").replace("northern", "southern"), False),
        ("Replace the worn belt of conveyor number four", False),
    ],
)
def test_near_texts(text: str, near: bool) -> None:
    """Texts that share 85 % of their words and have the same numbers are near."""
    assert bool(others(row(2, action=LONG), row(3, action=text))) is near


def test_share_can_be_chosen() -> None:
    """The share of words that makes texts near is a parameter."""
    pair = (row(2, action=LONG), row(3, action="Replace the worn belt of conveyor number four"))
    assert [bool(others(*pair, share=share)) for share in (0.85, 0.4)] == [False, True]


def test_near_texts_of_two_owners() -> None:
    """Nearly the same text under another owner is another person's part of the work."""
    assert others(row(2, action=LONG, owner="Ana"), row(3, action=LONG + " again", owner="Rui")) == {}
    assert others(row(2, action=LONG, owner="Ana "), row(3, action=LONG + " again", owner="ana")) == {2: 3, 3: 2}


def test_the_same_row_is_named_after_a_sort() -> None:
    """Which other row is named depends on the ids, not on where a sort has put the rows."""
    rows = [row(number, action=LONG) for number in (2, 3, 4)]
    moved = [action._replace(row=6 - action.row) for action in rows]
    named = {pair.action.key: pair.other.key for pair in repeated(rows, 0.85, many=20).pairs}
    assert {pair.action.key: pair.other.key for pair in repeated(moved, 0.85, many=20).pairs} == named
    assert named == {"A-0002": "A-0003", "A-0003": "A-0002", "A-0004": "A-0002"}


def test_placeholders_repeat_nothing() -> None:
    """Rows without a text are not each other's copies."""
    assert others(row(2, action="TBD"), row(3, action="TBD"), row(4, action=""), row(5, action="")) == {}


def test_rule_speaks_of_live_rows() -> None:
    """A row is told of its twin by id, or by row number where there is no id; finished rows are no twins."""
    twins = (row(2, action=LONG), row(3, action=LONG, key=""))
    assert [dict(f.facts)["other"] for f in check(*twins).findings if f.code == "ACT009"] == ["#3", "A-0002"]
    assert shown(check(row(2, action=LONG), row(3, action=LONG, status=Status.DONE))) == []


def test_crowd_is_reported_once() -> None:
    """More than twenty identical rows are one finding about the plan; twenty are one each."""
    padding = [row(number) for number in range(100, 160)]
    crowd = [row(number, action=LONG) for number in range(2, 23)]
    checked = check(*crowd, *padding)
    assert not any(f.code == "ACT009" for f in checked.findings)
    assert dict(finding(checked, "ACT009").facts) == {"kind": "many", "count": "21", "text": LONG}
    assert sum(f.code == "ACT009" for f in check(*crowd[:20], *padding).findings) == 20


def test_crowds_count_for_the_share() -> None:
    """When crowds and pairs together are most of the plan, all of it is said once."""
    crowd = [row(number, action=LONG) for number in range(2, 32)]
    assert about_plan(check(*crowd, *[row(number) for number in range(100, 110)], rules=[NO_PILES])) == [
        "ACT009 collapsed"
    ]


def test_limits_can_be_chosen() -> None:
    """Share and size of a crowd are parameters of the rule."""
    rules = [RuleChoice("ACT009", parameters=(("many", 2.0),))]
    rows = [row(number, action=LONG) for number in (2, 3, 4)]
    assert about_plan(check(*rows, rules=rules)) == ["ACT009 many"]


WORDS = st.lists(st.sampled_from("abcdefghijkl12"), min_size=1, max_size=12).map(" ".join)


@given(st.lists(st.tuples(WORDS, st.sampled_from("XY")), max_size=25), st.sampled_from([0.3, 0.6, 0.8, 0.85, 1.0]))
def test_finds_what_comparing_all_finds(texts: list[tuple[str, str]], share: float) -> None:
    """The fast way finds exactly the rows that comparing every two rows finds."""
    rows = [row(number, action=f"do {text}", owner=owner) for number, (text, owner) in enumerate(texts, 2)]
    wanted: set[int] = set()
    for place, one in enumerate(rows):
        for other in rows[place + 1 :]:
            a, b = set(one.action.split()), set(other.action.split())
            near = one.owner == other.owner and a & {"1", "2"} == b & {"1", "2"}
            near = near and len(a & b) >= share * len(a | b) - 1e-9
            if near or one.action == other.action:
                wanted |= {one.row, other.row}
    assert set(others(*rows, share=share)) == wanted


def lettered(count: int) -> Iterator[tuple[int, str]]:
    """Row numbers, each with a word of its own that holds no number."""
    for number in range(2, count + 2):
        yield number, "".join(chr(97 + int(digit)) for digit in str(number))


def test_one_template_is_not_compared_row_by_row(monkeypatch) -> None:
    """Of rows of one owner made from one template each is held against so many others and no more, though most of them
    share the words by which near texts are found."""
    compared = 0

    class Counted(frozenset):
        """Words that count how often they are held against others."""

        def __and__(self, other):
            nonlocal compared
            compared += 1
            return super().__and__(other)

    monkeypatch.setattr(similarity, "frozenset", Counted, raising=False)
    rest = "of the old line in hall two and sign the long sheet with a pen"
    rows = [row(n, action=f"Inspect {'pump valve' if n % 3 else ''} x{a} y{a} {rest}") for n, a in lettered(1200)]
    repeated(rows, 0.85, many=20)
    assert len(rows) < compared <= similarity.MOST_CANDIDATES * len(rows)
