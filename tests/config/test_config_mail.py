"""[mail], [people] and the plans' mail keys: what a good file gives, and how every mistake of a bad one is told."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from sheets_sync.config.load import load_config
from sheets_sync.core.mails import MailSettings, SmtpSettings
from sheets_sync.core.persons import MailChoice, Person, PlanMail
from sheets_sync.errors import ConfigError

Write = Callable[[str], Path]

PLAN = """\
[[plan]]
uid = "p-0123456789ab"
workbook = "PLAN.xlsx"
timezone = "Europe/Lisbon"
"""
MAIL = """\
[mail]
allowed_domains = ["Company.com"]
"""
PEOPLE = """\
[people."Ana Silva"]
address = "ana@company.com"
aliases = ["Ana"]
leader = "RC"
[people."Rui Costa"]
address = "rui@company.com"
aliases = ["RC"]
"""
SMTP = """\
[mail.smtp]
host = "smtp.company.com"
"""

FULL = """\
[mail]
keeper = "ana"
transport = "smtp"
sender = "robot@company.com"
sender_name = "Plano 2026"
allowed_domains = ["company.com", "plant.company.com"]
redirect_all_to = "rui@company.com"
max_mails = 50
people_from_sheet = true
[mail.smtp]
host = "smtp.company.com"
security = "tls"
user = "robot"
password = "file:secrets/mail"
ca_file = "ca.pem"
per_minute = 30
[people."Ana Silva"]
address = "Ana@Company.com"
aliases = ["Ana", "A. Silva"]
leader = "rc"
language = "pt"
timezone = "America/Sao_Paulo"
workdays = ["Mon", "Sun"]
away = ["2026-12-20..2027-01-05", "2026-11-02"]
mail = "weekly"
[people."Rui Costa"]
address = "rui@plant.company.com"
aliases = ["RC"]
active = false
"""
ANA = Person(
    "Ana Silva",
    "Ana@Company.com",
    aliases=("Ana", "A. Silva"),
    leader="Rui Costa",
    language="pt",
    timezone="America/Sao_Paulo",
    workdays=frozenset({1, 7}),
    away=((dt.date(2026, 12, 20), dt.date(2027, 1, 5)), (dt.date(2026, 11, 2), dt.date(2026, 11, 2))),
    mail=MailChoice.WEEKLY,
)
RUI = Person("Rui Costa", "rui@plant.company.com", aliases=("RC",), active=False)


def mistakes(write: Write, text: str) -> list[tuple[int, str, str]]:
    """The mistakes a text gives, as (line, key, reason)."""
    with pytest.raises(ConfigError) as caught:
        load_config(write(text))
    return [(mistake.line, mistake.key, mistake.reason) for mistake in caught.value.mistakes]


def test_every_key_arrives(written: Write) -> None:
    """Each key of the file becomes the value it speaks of; relative places start at the file's folder."""
    file = written(FULL + PLAN + 'leaders = ["RC", "rui costa"]\nlink = "https://example.com/x?id=1#A"\n')
    config = load_config(file)
    assert config.people == (ANA, RUI)
    assert config.plans[0].settings.people == ("Ana Silva", "Ana", "A. Silva", "Rui Costa", "RC")
    assert config.mail == MailSettings(
        SmtpSettings(
            host="smtp.company.com",
            port=465,
            security="tls",
            user="robot",
            password=f"file:{file.parent}/secrets/mail",
            ca_file=f"{file.parent}/ca.pem",
            per_minute=30,
        ),
        sender="robot@company.com",
        sender_name="Plano 2026",
        redirect_all_to="rui@company.com",
        max_mails=50,
    )
    assert config.plans[0].mail == PlanMail(
        keeper=ANA,
        leaders=(RUI,),
        link="https://example.com/x?id=1#A",
        people=(ANA, RUI),
        people_from_sheet=True,
        allowed_domains=("company.com", "plant.company.com"),
    )


def test_without_mail_tables_nobody_is_mailed(written: Write) -> None:
    """A file that says nothing of mails has no keeper, nobody listed, no domain and no server."""
    config = load_config(written(PLAN))
    assert (config.mail, config.people, config.plans[0].mail) == (MailSettings(), (), PlanMail())


def test_the_defaults_are_those_of_the_core(written: Write) -> None:
    """A server with a host alone has the defaults SmtpSettings declares; a person those of Person."""
    text = f'{MAIL}transport = "smtp"\nsender = "r@x.com"\nkeeper = "RC"\n{SMTP}{PEOPLE}{PLAN}'
    config = load_config(written(text))
    assert config.mail.smtp == SmtpSettings("smtp.company.com")
    assert config.people[1] == Person("Rui Costa", "rui@company.com", ("RC",))


def test_a_server_alone_sends_nothing(written: Write) -> None:
    """Only transport = "smtp" sends; a server that is merely described is not used."""
    assert load_config(written(MAIL + SMTP + PEOPLE + PLAN)).mail.smtp is None


def test_a_plan_s_own_keeper_comes_first(written: Write) -> None:
    """A plan may have another keeper than the rest."""
    second = PLAN.replace("ab", "cd").replace("PLAN", "B").replace("uid", 'name = "B"\nuid') + 'keeper = "Rui Costa"\n'
    plans = load_config(written(f'{MAIL}keeper = "Ana"\n{PEOPLE}{PLAN}{second}')).plans
    assert [plan.mail.keeper.name for plan in plans if plan.mail.keeper] == ["Ana Silva", "Rui Costa"]


CHANGES = [
    ('keeper = "ana"', 'keeper = "RC"'),
    ("people_from_sheet = true", "people_from_sheet = false"),
    ('"plant.company.com"]', '"plant.company.com", "new.com"]'),
    ('address = "Ana@Company.com"', 'address = "a@company.com"'),
    ('"A. Silva"', '"A. S."'),
    ('leader = "rc"\n', ""),
    ('language = "pt"', 'language = "es"'),
    ("America/Sao_Paulo", "Europe/Lisbon"),
    ('["Mon", "Sun"]', '["Sat", "Sun"]'),
    ("2026-11-02", "2026-11-03"),
    ('mail = "weekly"', 'mail = "none"'),
    ("active = false", "active = true"),
    ('leaders = ["Ana"]', "leaders = []"),
    ("https://example.com/a", "https://example.com/b"),
]


@pytest.mark.parametrize(("before", "after"), CHANGES)
def test_what_changes_notices_changes_the_hash(written: Write, before: str, after: str) -> None:
    """A run is not skipped as unchanged when somebody else would be mailed, or otherwise."""
    text = FULL + PLAN + 'leaders = ["Ana"]\nlink = "https://example.com/a"\n'
    assert before in text
    first = load_config(written(text)).plans[0].config_hash
    assert load_config(written(text)).plans[0].config_hash == first
    assert load_config(written(text.replace(before, after))).plans[0].config_hash != first


WRONG_IN_MAIL = [
    ('keeper = "Ruy Costa"', "keeper", 'nobody in [people] has this name; did you mean "Rui Costa"?'),
    ('keeper = "rui@company.com"', "keeper", "nobody in [people] has this name"),
    ('keepers = "RC"', "keepers", 'unknown key; did you mean "keeper"?'),
    ('keeper = ""', "keeper", "must not be empty"),
    ('transport = "mail"', "transport", "must be one of: files, smtp"),
    ('sender = "robot"', "sender", "is no mail address: write it as name@example.com"),
    ('sender = "Robot <robot@company.com>"', "sender", "is not one plain address"),
    ('sender = "r@company.com\\r\\nBcc: x@y.test"', "sender", "is not one plain address"),
    ('sender = "róbot@company.com"', "sender", "holds letters that mail servers do not take"),
    ('sender_name = "a\\nb"', "sender_name", "is not of the right form"),
    ('redirect_all_to = "x@evil.test"', "redirect_all_to", "is outside the allowed_domains of [mail]"),
    ('redirect_all_to = "x"', "redirect_all_to", "is no mail address"),
    ("max_mails = 0", "max_mails", "must be at least 1"),
    ("max_mails = 5000", "max_mails", "must be at most 2000"),
    ('people_from_sheet = "yes"', "people_from_sheet", "write true or false"),
    ('people_metrics = "self"', "people_metrics", "unknown key"),
    ('host = "x"', "host", "unknown key here; it belongs below [mail.smtp]"),
    ('address = "x"', "address", 'unknown key here; it belongs below [people."NAME"]'),
    ('smtp = "x"', "smtp", "this is a table"),
]


@pytest.mark.parametrize(("line", "key", "reason"), WRONG_IN_MAIL)
def test_a_wrong_key_in_mail(written: Write, line: str, key: str, reason: str) -> None:
    """One wrong line below [mail] gives one mistake, on its line, with what to do."""
    [(number, name, why)] = mistakes(written, MAIL + line + "\n" + PEOPLE + PLAN)
    assert (number, name) == (3, f"mail.{key}")
    assert reason in why


WRONG_DOMAINS = [
    ('["company.com", "*.company.com"]', "mail.allowed_domains[2]"),
    ('["company.com", "@x.com"]', "mail.allowed_domains[2]"),
    ('["company.com", "com"]', "mail.allowed_domains[2]"),
    ('["company.com", "COMPANY.com"]', "mail.allowed_domains"),
    ('"company.com"', "mail.allowed_domains"),
]


@pytest.mark.parametrize(("domains", "key"), WRONG_DOMAINS)
def test_a_wrong_domain(written: Write, domains: str, key: str) -> None:
    """A domain is written in full and once."""
    found = mistakes(written, f"[mail]\nallowed_domains = {domains}\n{PEOPLE}{PLAN}")
    assert (2, key) in [(line, name) for line, name, _ in found]


WRONG_IN_SMTP = [
    ('host = "smtp.x.com:587"\nprot = 1', 4, "prot", 'unknown key; did you mean "port"?'),
    ('host = "a b"', 3, "host", 'is not of the right form; for example host = "smtp.example.com"'),
    ('host = "x\\r\\nRCPT"', 3, "host", "is not of the right form"),
    ("port = 587", 2, "host", 'is required; for example host = "smtp.example.com"'),
    ('host = "x"\nport = 70000', 4, "port", "must be at most 65535"),
    ('host = "x"\nsecurity = "ssl"', 4, "security", "must be one of: starttls, tls, none"),
    ('host = "x"\nsecurity = "none"', 4, "security", "none is only for localhost"),
    ('host = "localhost.evil.test"\nsecurity = "none"', 4, "security", "none is only for localhost"),
    ('host = "127.0.0.1"\nsecurity = "none"\nuser = "u"\npassword = "env:P"', 5, "user", "without encryption"),
    ('host = "x"\nuser = "u"', 2, "password", "is required with a user"),
    ('host = "x"\npassword = "env:P"', 2, "user", "is required with a password"),
    ('host = "x"\nuser = "u"\npassword = "hunter2"', 5, "password", 'write "env:NAME", "file:PATH" or "credential:'),
    ('host = "x"\nper_minute = 0', 4, "per_minute", "must be at least 1"),
]


@pytest.mark.parametrize(("lines", "line", "key", "reason"), WRONG_IN_SMTP)
def test_a_wrong_key_in_smtp(written: Write, lines: str, line: int, key: str, reason: str) -> None:
    """One wrong line below [mail.smtp] gives one mistake, and a password typed there is not repeated."""
    [(number, name, why)] = mistakes(written, f"[mail]\n[mail.smtp]\n{lines}\n{PLAN}")
    assert (number, name) == (line, f"mail.smtp.{key}")
    assert reason in why
    assert "hunter2" not in why


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_no_encryption_on_this_computer_alone(written: Write, host: str) -> None:
    """A server on the same computer may do without encryption, and then without login."""
    text = f'{MAIL}transport = "smtp"\nsender = "r@x.com"\nkeeper = "RC"\n[mail.smtp]\nhost = "{host}"\n'
    smtp = load_config(written(text + f'security = "none"\nport = 2525\n{PEOPLE}{PLAN}')).mail.smtp
    assert smtp == SmtpSettings(host, 2525, "none")


WRONG_IN_PEOPLE = [
    ('address = "x@company.com"\nleader = "Rui C"', 8, "leader", 'did you mean "Rui Costa"?'),
    ('address = "x@company.com"\nleader = "Zé"', 8, "leader", "leads back to the same person"),
    ('address = "x@company.com"\nleader = "z"\naliases = ["Z"]', 8, "leader", "leads back to the same person"),
    ('address = "x@evil.test"', 7, "address", "is outside the allowed_domains of [mail]"),
    ('address = "x@sub.company.com"', 7, "address", "is outside the allowed_domains of [mail]"),
    ('address = "x@company.com.evil.test"', 7, "address", "is outside the allowed_domains of [mail]"),
    ('address = "x@company.com, y@company.com"', 7, "address", "is not one plain address"),
    ('address = ""', 7, "address", "is no mail address"),
    ('aliases = ["Z"]', 6, "address", 'is required; for example address = "ana@example.com"'),
    ('address = "ANA@company.com"', 7, "address", '"Ana Silva" already has this address'),
    (
        'address = "x@company.com"\naliases = ["Z", "ana"]',
        8,
        "aliases[2]",
        '"Ana Silva" already has this name, alias or address',
    ),
    ('address = "x@company.com"\naliases = ["RUI COSTA"]', 8, "aliases[1]", '"Rui Costa" already has this name'),
    ('address = "x@company.com"\naliases = ["ana@company.com"]', 8, "aliases[1]", '"Ana Silva" already has this'),
    ('address = "x@company.com"\naliases = ["Z", "z"]', 8, "aliases", "a name stands here twice"),
    ('address = "x@company.com"\naliases = "Z"', 8, "aliases", "write a list"),
    ('address = "x@company.com"\nlanguage = "fr"', 8, "language", "must be one of: en, pt, es"),
    ('address = "x@company.com"\ntimezone = "Lisbon"', 8, "timezone", 'did you mean "Europe/Lisbon"?'),
    ('address = "x@company.com"\nworkdays = []', 8, "workdays", "needs at least one"),
    ('address = "x@company.com"\nworkdays = ["Mo"]', 8, "workdays[1]", "must be one of: Mon, Tue"),
    ('address = "x@company.com"\naway = ["2026-12-20 to 2027"]', 8, "away[1]", 'such as "2026-12-20..2027-01-05"'),
    ('address = "x@company.com"\naway = ["2027-01-05..2026-12-20"]', 8, "away[1]", "ends before it starts"),
    ('address = "x@company.com"\naway = [2026-12-20]', 8, "away[1]", "write text, in quotes"),
    ('address = "x@company.com"\nactive = "no"', 8, "active", "write true or false"),
    ('address = "x@company.com"\nmail = "daily"', 8, "mail", "must be one of: all, weekly, none"),
    ('address = "x@company.com"\nadress = "x"', 8, "adress", 'unknown key; did you mean "address"?'),
]


@pytest.mark.parametrize(("lines", "line", "key", "reason"), WRONG_IN_PEOPLE)
def test_a_wrong_person(written: Write, lines: str, line: int, key: str, reason: str) -> None:
    """One wrong line of a person gives one mistake, on its line, under the person's name, with what to do."""
    others = '[people]\n"Ana Silva" = { address = "ana@company.com", aliases = ["Ana"] }\n'
    others += '"Rui Costa" = { address = "rui@company.com" }\n'
    [(number, name, why)] = mistakes(written, MAIL + others + f'[people."Zé"]\n{lines}\n{PLAN}')
    assert (number, name) == (line, f'people."Zé".{key}')
    assert reason in why


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ('[people]\n"Ana" = "ana@company.com"\n', (4, "people.Ana", "this is a table")),
        (PEOPLE + '[people."ána"]\naddress = "x@company.com"\n', None),
        (
            PEOPLE + '[people."ANA  SILVA"]\naddress = "x@company.com"\n',
            (10, 'people."ANA  SILVA"', "is the same name"),
        ),
        ('[people."a\\nb"]\naddress = "x@company.com"\n', (3, 'people."a\\nb"', "is not of the right form")),
        ('[people." "]\naddress = "x@company.com"\n', (3, 'people." "', "is not of the right form")),
        (f'[people."{"n" * 101}"]\naddress = "x@company.com"\n', (3, f"people.{'n' * 101}", "is too long")),
    ],
)
def test_a_wrong_name(written: Write, people: str, expected: tuple[int, str, str] | None) -> None:
    """A person has a readable name of their own; where an alias already is that name, both are told."""
    found = mistakes(written, MAIL + people + PLAN)
    if expected is None:
        assert [key for _, key, _ in found] == ['people."Ana Silva".aliases[1]']
        return
    [(line, key, why)] = found
    assert (line, key) == expected[:2]
    assert expected[2] in why


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        ("", ["mail.allowed_domains"]),
        ("[mail]\n", ["mail.allowed_domains"]),
        ('[mail]\nredirect_all_to = "x@company.com"\n', ["mail.allowed_domains"]),
        (f'{MAIL}transport = "smtp"\n', ["mail.transport"] * 3),
        (f'{MAIL}transport = "smtp"\nsender = "r@x.com"\n', ["mail.transport"] * 2),
        (f'{MAIL}transport = "smtp"\nkeeper = "Ana"\n{SMTP}', ["mail.transport"]),
        (f'{MAIL}transport = "smtp"\nkeeper = "Ana"\nsender = "r@x.com"\n', ["mail.transport"]),
        (f'{MAIL}transport = "smtp"\nsender = "r@x.com"\n{SMTP}', ["mail.transport"]),
    ],
)
def test_what_mailing_needs(written: Write, mail: str, expected: list[str]) -> None:
    """Listing people needs allowed domains; sending needs a server, a sender and a keeper, each told."""
    assert [key for _, key, _ in mistakes(written, mail + PEOPLE + PLAN)] == expected


def test_a_keeper_of_every_plan_will_do(written: Write) -> None:
    """Sending needs no common keeper where each plan has its own."""
    text = f'{MAIL}transport = "smtp"\nsender = "r@x.com"\n{SMTP}{PEOPLE}{PLAN}keeper = "Ana"\n'
    assert load_config(written(text)).plans[0].mail.keeper is not None


WRONG_IN_PLAN = [
    ('keeper = "Anna"', "keeper", "did you mean"),
    ('leaders = ["Ana", "Rio Costa"]', "leaders[2]", 'did you mean "Rui Costa"?'),
    ('leaders = ["Ana", "ana"]', "leaders", "a name stands here twice"),
    ('leaders = "Ana"', "leaders", "write a list"),
    *(
        (f'link = "{link}"', "link", "https://host/path")
        for link in (
            "",
            "http://example.com/x",
            "HTTPS://example.com/x",
            "https://",
            "https:///x",
            "https://a@evil.test/x",
            "https://a:b@evil.test/",
            "https://example.com\\\\@evil.test/",
            "https://example.com/a b",
            'https://example.com/\\"onclick=',
            "https://example.com/<x>",
            "https://exämple.com/",
            "https://example.com/\\r\\nX: y",
            "https://a.com,b.com/",
            "https://example.com/\\u202e",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://example.com/" + "x" * 2000,
        )
    ),
]


@pytest.mark.parametrize(("line", "key", "reason"), WRONG_IN_PLAN)
def test_a_wrong_key_in_a_plan(written: Write, line: str, key: str, reason: str) -> None:
    """A keeper or leader nobody knows and a link that is no plain https address are mistakes of their line."""
    [(number, name, why)] = mistakes(written, PLAN + line + "\n" + MAIL + PEOPLE)
    assert (number, name) == (5, f"plan.{key}")
    assert reason in why


def test_leaders_in_a_circle_are_all_told(written: Write) -> None:
    """Of three who lead each other in a circle each is told; one who reports into the circle is not."""
    people = "".join(
        f'[people.{name}]\naddress = "{name}@company.com"\nleader = "{leader}"\n'
        for name, leader in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"))
    )
    found = mistakes(written, MAIL + people + PLAN)
    assert [key for _, key, _ in found] == ["people.a.leader", "people.b.leader", "people.c.leader"]


def test_all_mistakes_come_at_once_in_the_order_of_the_file(written: Write) -> None:
    """Mistakes of form and mistakes between tables are told together."""
    text = (
        'stat = 1\n[mail]\nkeeper = "Nobody"\nallowed_domains = ["company.com"]\nmax_mails = "x"\n'
        '[people.Ana]\naddress = "ana@evil.test"\nlanguage = 3\n' + PLAN + 'leaders = ["Zoe"]\nlink = "x"\n'
    )
    assert [(line, key) for line, key, _ in mistakes(written, text)] == [
        (1, "stat"),
        (3, "mail.keeper"),
        (5, "mail.max_mails"),
        (7, "people.Ana.address"),
        (8, "people.Ana.language"),
        (13, "plan.leaders[1]"),
        (14, "plan.link"),
    ]


def test_addresses_and_secrets_are_never_repeated(written: Write) -> None:
    """A wrong value may be personal or a password: no mistake repeats it."""
    sentinel = "hunter2sentinel"
    text = (
        f'[mail]\nkeeper = "{sentinel}"\nsender = "{sentinel}"\nredirect_all_to = "{sentinel}@x.com"\n'
        f'allowed_domains = ["{sentinel}", "b.com"]\n[mail.smtp]\nhost = "{sentinel} x"\nuser = "u"\n'
        f'password = "{sentinel}"\n[people.Ana]\naddress = "{sentinel}@x.com"\nleader = "{sentinel}"\n'
        f'away = ["{sentinel}"]\nmail = "{sentinel}"\n{PLAN}link = "{sentinel}"\nkeeper = "{sentinel}"\n'
    )
    with pytest.raises(ConfigError) as caught:
        load_config(written(text))
    assert len(caught.value.mistakes) == 12
    assert sentinel not in caught.value.message


@pytest.mark.parametrize(
    "value", ["1", '"x"', "[]", "[1]", "true", "{ x = { address = 1, aliases = 3, leader = [] } }"]
)
@pytest.mark.parametrize("key", ["mail", "people"])
def test_tables_of_the_wrong_kind_are_told(written: Write, key: str, value: str) -> None:
    """Whatever stands where a table belongs, the file is refused with a place, never with a crash."""
    assert all(line == 1 for line, _, _ in mistakes(written, f"{key} = {value}\n{PLAN}"))
