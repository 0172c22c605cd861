"""What a template is given: a mail as frozen plain text, already worded and cleaned, never escaped. Tones name colours:
"red", "amber", "green", "plain"."""

from typing import NamedTuple


class RowView(NamedTuple):
    """One action. "" = not to be shown. `name` stands in a line of its own, where no figure is."""

    title: str
    tone: str = "plain"
    state: str = ""
    """ "6 working days late · High priority"."""
    label: str = ""
    """The id, or where the row stands when it has none."""
    name: str = ""
    meta: str = ""
    """ "since Fri 13 Nov · 60% done"."""
    lines: tuple[str, ...] = ()
    """Blocker, help asked for, goals."""
    problem: str = ""
    fix: str = ""
    note: str = ""
    note_seen: str = ""
    ask: str = ""
    next_step: str = ""
    button: str = ""
    """ "Open A-014"; only with a link."""
    link: str = ""
    row_link: str = ""
    """The link where it leads to the row itself, not only to the plan; the text part shows it."""
    place: str = ""
    """Where to find the row, as a sentence."""
    where: str = ""
    """The same in short, for lists."""
    day: str = ""
    new: bool = False


class ListView(NamedTuple):
    """Rows under a heading. `more` says how many further ones the plan holds."""

    heading: str
    rows: tuple[RowView, ...]
    lead: str = ""
    more: str = ""


class Tile(NamedTuple):
    """A figure of the plan with its word."""

    figure: str
    word: str
    tone: str


class Bar(NamedTuple):
    """One piece of the bar: its share of the width in percent."""

    word: str
    figure: str
    share: int
    tone: str


class Notes(NamedTuple):
    """Sentences under a heading."""

    heading: str
    lines: tuple[str, ...]
    lead: str = ""


class Part(NamedTuple):
    """What one plan has to say, as owner's or leader's part. `first` are cards, `lists` rows."""

    kind: str
    plan: str
    link: str
    section: str
    """What this part is about, where a mail has several."""
    headline: str
    """ "" where the whole mail's says it."""
    subline: str
    thanks: str
    tiles: tuple[Tile, ...]
    first: tuple[ListView, ...]
    bar_heading: str
    bar: tuple[Bar, ...]
    lists: tuple[ListView, ...]
    notes: tuple[Notes, ...]
    closing: tuple[str, ...]
    """Keeper and time of reading; empty where the footer says it."""


class MailView(NamedTuple):
    """A whole mail. `headline` is "" where its only part has one."""

    language: str
    subject: str
    preheader: str
    day: str
    headline: str
    new_word: str
    parts: tuple[Part, ...]
    footer: tuple[str, ...]


class PreviewView(NamedTuple):
    """One plan's waiting mails. No figure stands in `names`."""

    plan: str
    link: str
    mails: str
    names_lead: str
    names: tuple[str, ...]
    unreached: str


class KeeperView(NamedTuple):
    """The mail to a keeper whose first mails wait. `look` and `release` are commands."""

    language: str
    subject: str
    preheader: str
    day: str
    headline: str
    lead: str
    plans: tuple[PreviewView, ...]
    look_lead: str
    look: str
    release_lead: str
    release: str
    footer: tuple[str, ...]


class FailingPlanView(NamedTuple):
    """A plan that did not get its runs: sentences."""

    plan: str
    link: str
    since: str
    why: str
    what_to_do: str
    checked: str


class FailingView(NamedTuple):
    """The mail to a keeper whose plans did not get their runs. `look` is a command."""

    language: str
    subject: str
    preheader: str
    day: str
    headline: str
    lead: str
    plans: tuple[FailingPlanView, ...]
    look_lead: str
    look: str
    footer: tuple[str, ...]
