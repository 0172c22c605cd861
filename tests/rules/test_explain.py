"""The pages and the list of rules are made from the rules themselves."""

import pytest

from sheets_sync.rules.catalogue import CATALOGUE
from sheets_sync.rules.explain import FAMILIES, all_pages, explain, listing


@pytest.mark.parametrize("rule", CATALOGUE, ids=lambda rule: rule.code)
def test_page_tells_all(rule) -> None:
    """A page has the title, what and why, a row that fails, one that passes, parameters and how to silence it."""
    page = explain(rule.code)
    for part in (rule.title, rule.summary, rule.why, "**Fails:**", "**Passes:**", "**To silence it:**", rule.since):
        assert part in page
    assert all(f"{name} = {value:g}" in page for name, value in rule.parameters)
    assert ("more than 40% of the open rows" in page) is rule.collapses
    assert page.startswith(f"# {rule.code} {rule.name}\n")
    assert not any(sign in page for sign in "{}")


def test_page_of_a_rule() -> None:
    """One page as it is printed."""
    assert explain("OWN001") == (
        "# OWN001 no-owner\n"
        "\n"
        "**No owner.** Severity E cannot be managed as written. Since 0.1.\n"
        "\n"
        "The owner cell is blank.\n"
        "\n"
        "**Why.** The action exists, but nobody will do it: an action without an owner belongs to no one.\n"
        "\n"
        "**Fails:** owner (blank)\n"
        '**Passes:** owner "Ana Lima"\n'
        "\n"
        "**What the row says:** Type one name in Owner: the person who will see it done.\n"
        "\n"
        "**To silence it:** in one row type `OWN001 until 2027-01-31: reason` in its Ignore cell (without a date it "
        'counts 65 working days); in the whole plan set `OWN001 = "off"` or another severity below `[plan.rules]`.\n'
    )


def test_all_pages() -> None:
    """There is one page for each rule, in the order of the catalogue."""
    assert [code for code, _ in all_pages()] == [rule.code for rule in CATALOGUE]


def test_unknown_code() -> None:
    """A code no rule has is an error the command line answers."""
    with pytest.raises(KeyError):
        explain("ACT999")


def test_listing() -> None:
    """Every rule has one line below its family."""
    lines = listing().split("\n")
    assert [line.split()[0] for line in lines if line.startswith("  ")] == [rule.code for rule in CATALOGUE]
    assert [line for line in lines if line and not line.startswith(" ")] == list(FAMILIES.values())
    assert max(map(len, lines)) <= 80
