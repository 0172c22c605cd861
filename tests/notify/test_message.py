"""The bytes of a mail: complete headers, both bodies untouched, and nothing a cell holds becomes a header."""

import datetime as dt
import hashlib
import itertools
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notify.finished_mail import ANNA, HTML, SETTINGS, TEXT, envelope, rendered

from sheets_sync.core.mails import Rendered
from sheets_sync.core.notices import Kind
from sheets_sync.core.persons import Person
from sheets_sync.notify.header_text import display_name, is_plain_address
from sheets_sync.notify.message import build, message_id, recipient
from sheets_sync.notify.plain_text import one_line

HEADERS = [
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"),
    *("List-Id", "List-Unsubscribe", "Feedback-ID", "Content-Language", "MIME-Version", "Content-Type"),
]
HOSTILE = [
    "=?utf-8?q?hi=0ABcc=3A_evil=40x.test?=",
    "=\u200b?utf-8?q?hi=0ABcc=3A_evil=40x.test?=",
    "=\n?utf-8?q?hi=0ABcc=3A_evil=40x.test?=",
    "hi\r\nBcc: evil@x.test\r\n\r\nbody",
    "hi\nBcc: evil@x.test",
    "hi\u2028Bcc: evil@x.test\u2029\x85\x0b\x0c\x1c\x1d\x1e",
    "nul\x00here\x7f\x1b[31m",
    "boss@plan.test <evil@x.test>",
    'quote " back \\" slash \\',
    "x>, evil@x.test, <y",
    "group: evil@x.test;",
    "\u202eright to left\u202c zero\u200bwidth \ud800",
    "ação " * 100,
    "x" * 5000,
    "日本語の件名" * 30,
    "",
    " \t ",
]


def parsed(raw: bytes) -> EmailMessage:
    """As a mail program reads it."""
    return message_from_bytes(raw, _class=EmailMessage, policy=policy.default)


def body(message: EmailMessage, kind: str) -> str:
    """One body as it is shown, with its line ends as "\\n"."""
    part = message.get_body((kind,))
    assert part["Content-Transfer-Encoding"] == "quoted-printable"
    return part.get_content().replace("\r\n", "\n")


def test_a_mail_carries_what_it_must():
    """Every header once, in words a mail program, a filter and an absence notice understand."""
    message = parsed(build(rendered(), envelope(), SETTINGS))
    assert message.keys() == HEADERS
    assert {name: str(message[name]) for name in HEADERS[:-1]} == {
        "From": "sheets-sync <robot@plan.test>",
        "To": "Anna Prado <Anna@plan.test>",
        "Reply-To": "Rui <rui@plan.test>",
        "Subject": "2 atrasadas, 1 impedida – Lançamento",
        "Date": "Mon, 23 Nov 2026 07:30:00 -0300",
        "Message-ID": envelope().message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "List-Id": "<owner-week.launch.sheets-sync.plan.test>",
        "List-Unsubscribe": "<mailto:rui@plan.test?subject=stop%20owner-week>",
        "Feedback-ID": "owner-week:launch:sheetssync",
        "Content-Language": "pt",
        "MIME-Version": "1.0",
    }
    assert parsedate_to_datetime(message["Date"]) == envelope().queued_at
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert not message.defects


def test_both_bodies_arrive_as_they_were_written():
    """Accents, dots, "From", trailing blanks, long lines and even the boundary in the text."""
    message = parsed(build(rendered(), envelope(), SETTINGS))
    assert body(message, "plain") == TEXT
    assert body(message, "html") == HTML


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t")))
def test_any_text_arrives_as_it_was_written(text):
    """What a person can write comes through, with one line end at its end."""
    message = parsed(build(Rendered("s", text, text), envelope(), SETTINGS))
    assert body(message, "plain") == body(message, "html") == text.rstrip("\n") + "\n"


def test_what_no_mail_may_hold_is_shown_as_a_gap():
    """Controls and half characters in a body never reach a mail program."""
    message = parsed(build(Rendered("s", "a\x00b\x1bc\ud800d\r\ne\rf", "h"), envelope(), SETTINGS))
    assert body(message, "plain") == "a\ufffdb\ufffdc\ufffdd\ne\nf\n"


def test_the_wire_form_is_what_servers_take():
    """Only ASCII, only CRLF, no line too long; the same mail is the same bytes on every machine."""
    raw = build(rendered(), envelope(), SETTINGS)
    raw.decode("ascii")
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw == build(rendered(), envelope(), SETTINGS)
    assert hashlib.sha256(raw).hexdigest() == "29b21c870781640dbcbe7900ab205519c29efaf780d1498ca76db73b0808c2b3"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_header_or_an_address(text):
    """A hostile subject or name leaves every other header as it is, and one recipient."""
    whom = Person(text, "anna@plan.test")
    sender = replace(SETTINGS, sender_name=text)
    for settings in (sender, replace(sender, redirect_all_to="test@plan.test")):
        raw = build(rendered(text), envelope(whom, reply_to_name=text), settings)
        message = parsed(raw)
        assert message.keys() == HEADERS
        assert not message.defects
        for name, address in (
            ("From", "robot@plan.test"),
            ("To", recipient(whom, settings)),
            ("Reply-To", "rui@plan.test"),
        ):
            assert [found.addr_spec for found in message[name].addresses] == [address]
            assert not set(message[name].addresses[0].display_name) & set('<>@"\\,;:\n\r\x00')
        assert len(str(message["Subject"])) <= 180
        assert body(message, "plain") == TEXT
        head = raw.partition(b"\r\n\r\n")[0]
        assert max(map(len, head.split(b"\r\n"))) < 998
        assert b"Bcc" not in [line.partition(b":")[0] for line in head.split(b"\r\n")]


@given(st.text())
def test_a_header_value_is_one_visible_line(text):
    """Whatever the text: one line, no start of an encoded word, stable when cleaned again, read back as written."""
    clean = one_line(text)
    assert clean.isprintable()
    assert "=?" not in clean
    assert len(clean) <= 180
    assert one_line(clean) == clean
    assert str(parsed(build(rendered(text), envelope(), SETTINGS))["Subject"]) == clean
    whom = Person(text, "anna@plan.test")
    assert parsed(build(rendered(), envelope(whom), SETTINGS))["To"].addresses[0].display_name == display_name(text)


def test_redirected_mail_names_whom_it_is_for():
    """While trying things out all mail goes to one address; its subject tells for whom, and no one else gets it."""
    settings = replace(SETTINGS, redirect_all_to="test@plan.test")
    raw = build(rendered("2 late"), envelope(), settings)
    message = parsed(raw)
    assert recipient(ANNA, settings) == "test@plan.test"
    assert recipient(ANNA, SETTINGS) == "Anna@plan.test"
    assert str(message["To"]) == "test@plan.test"
    assert str(message["Subject"]) == "[for Anna Prado] 2 late"
    assert b"anna@plan.test" not in raw.lower()


@pytest.mark.parametrize(
    ("kinds", "plans", "list_id", "feedback"),
    [
        (("owner-week",), ("a", "b"), "owner-week", "owner-week:several"),
        (("owner-week", "leader-week"), ("a",), "owner-week-and-leader-week.a", "owner-week-and-leader-week:a"),
        (("owner-week",), ("Não: x>\r\n",), "owner-week.n-o-x-00a6ce42", "owner-week:n-o-x-00a6ce42"),
    ],
)
def test_merged_mails_have_their_own_list(kinds, plans, list_id, feedback):
    """A filter on one plan's list never catches another's mail, whatever a plan is called."""
    whole = envelope(kinds=tuple(map(Kind, kinds)), plans=plans)
    message = parsed(build(rendered(), whole, SETTINGS))
    assert message["List-Id"] == f"<{list_id}.sheets-sync.plan.test>"
    assert message["Feedback-ID"] == f"{feedback}:sheetssync"


@pytest.mark.parametrize("language", ["", "pt_BR", "x\r\nBcc: a@b", "en; q=1"])
def test_an_odd_language_is_left_out(language):
    """No header rather than a wrong one."""
    assert "Content-Language" not in parsed(build(rendered(), envelope(language=language), SETTINGS))


@pytest.mark.parametrize(
    "address", ["a b@x.test", "a@b>\r\nRCPT TO:<c@d", "A <a@b>", "a@b,c@d", "josé@x.test", ".a@b", "a..b@c", "a@b."]
)
def test_what_is_no_address_is_refused_without_repeating_it(address):
    """The error names no address."""
    assert not is_plain_address(address)
    with pytest.raises(ValueError, match=r"^this is no address a mail can go to$"):
        build(rendered(), envelope(Person("x", address)), SETTINGS)


@pytest.mark.parametrize("address", ["a@b", "anna.prado+x@mail.plan-a.test", "o'neil@x.test", "_@1.2"])
def test_ordinary_addresses_are_taken(address):
    """Plus signs, apostrophes and short domains."""
    assert is_plain_address(address)


MAIL = {"kinds": ("owner-week",), "plans": ("launch",), "period": "2026-W48", "day": dt.date(2026, 11, 23)}


def test_a_mail_has_one_number_wherever_it_is_made():
    """The number follows from what the mail is, so that the same mail is known again."""
    number = message_id("robot@Plan.test", "anna@plan.test", **MAIL)
    assert number == "<owner-week.2026-W48.a5ca058254d11815@plan.test>"
    merged = MAIL | {"kinds": ("leader-week", "owner-week"), "plans": ("b", "a")}
    turned = MAIL | {"kinds": ("leader-week", "owner-week"), "plans": ("a", "b")}
    assert message_id("r@x.test", "a@x.test", **merged) == message_id("r@x.test", "a@x.test", **turned)


def test_another_mail_has_another_number():
    """Another person, kind, plan, period or day, and no two of them run together."""
    changes = [
        {},
        {"kinds": ("leader-week",)},
        {"kinds": ("owner-week", "leader-week")},
        {"plans": ("other",)},
        {"plans": ("launch", "other")},
        {"period": "2026-W49"},
        {"day": dt.date(2026, 11, 24)},
    ]
    numbers = [
        message_id("robot@plan.test", identity, **(MAIL | change))
        for identity, change in itertools.product(("anna@plan.test", "ben@plan.test"), changes)
    ]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("domain", "start", "end"),
    [
        ("plan.test", "<owner-week.2026-W48.", "@plan.test>"),
        ("mail.department.company.test", "<2026-W48.", "@mail.department.company.test>"),
        ("mail.department.long-company-name.test", "<", "@mail.department.long-company-name.test>"),
        (f"a.{'b' * 30}.{'c' * 30}.test", "<", f"@{'c' * 30}.test>"),
        ("", "<owner-week.2026-W48.", "@sheets-sync.invalid>"),
    ],
)
def test_a_number_is_short_for_any_domain(domain, start, end):
    """Some servers replace what is longer; the hash is always whole."""
    number = message_id(f"robot@{domain}" if domain else "", "anna@plan.test", **MAIL)
    assert number.startswith(start)
    assert number.endswith(end)
    assert len(number) <= 60
    assert len(number.rpartition("@")[0].rpartition(".")[2].lstrip("<")) == 16
