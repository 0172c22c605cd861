"""The tables of the store, as SQLAlchemy Core sees them. A change here needs a new migration (see `migrations`).

Days and instants are kept as ISO text: equal on every database, in order when sorted, read without a type layer.
Not here: how a file is opened (`engine`), made or brought up to date (`upgrade`), and every statement.
"""

import sqlalchemy as sa

REVISION = "0003"
"""The newest migration: what this program reads and writes. Revisions are numbers of four digits, in order."""

metadata = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
    }
)


def _text(name: str, **more: bool) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, primary_key=more.get("key", False))


def _optional(name: str) -> sa.Column[str | None]:
    return sa.Column(name, sa.Text, nullable=True)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _blob(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def _owner(of: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(of, sa.Integer, sa.ForeignKey(f"{of}.id"), nullable=False, primary_key=key, autoincrement=False)


store_fact = sa.Table("store_fact", metadata, _text("name", key=True), _text("value"))
"""What is true of the whole store: its `id`."""

plan = sa.Table(
    "plan",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("uid", sa.Text, nullable=False, unique=True),
    _number("next_number"),
    _number("write"),
    _number("stamp_write"),
    _text("stamp_store"),
    _optional("adopted_on"),
    _number("last_run"),
    _number("sets_run"),
    _optional("paused"),
    _text("pause_reason"),
)
"""One plan. `write` is the number of the last write, `stamp_*` the stamp its workbook holds as far as is known,
`last_run` the last finished run, `sets_run` the run that last changed `plan_set` (0 = none), `paused` since when."""

run = sa.Table(
    "run",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _owner("plan"),
    _text("kind"),
    _text("state"),
    _text("as_of"),
    _text("started"),
    _optional("finished"),
    _text("fingerprint_seen"),
    _text("fingerprint_left"),
    _text("config"),
    _text("program"),
    _number("write_before"),
    _number("write"),
    _number("stamp_write_before"),
    _text("stamp_store_before"),
    _number("stamp_write"),
    _text("stamp_store"),
    _number("settled"),
    _number("applied"),
    _number("refused"),
    _text("backup"),
    _text("reason"),
    sa.Column("changes", sa.LargeBinary, nullable=True),
    sa.Column("receipt", sa.LargeBinary, nullable=True),
    sa.Column("remembered", sa.LargeBinary, nullable=True),
    sqlite_autoincrement=True,
)
"""One run and its journal. `state` is "open", "finished" or "abandoned". `write_before` and `stamp_*_before` are the
plan's at begin, `write` and `stamp_*` what they become if the workbook is written.

`changes` and `receipt` (see `codec`) are the journal, kept for a while; `remembered` is kept while the run is open.
"""

sa.Index("ix_run_plan_id", run.c.plan, run.c.id)
# On PostgreSQL the migration gives it the same condition; naming it here would import that dialect at every start.
sa.Index("uq_run_open", run.c.plan, unique=True, sqlite_where=run.c.state == "open")

known = sa.Table(
    "known",
    metadata,
    _owner("plan", key=True),
    _text("key", key=True),
    _text("witness"),
    _text("action"),
    _text("owner"),
    _optional("due"),
    _text("status"),
    _optional("gone"),
    _text("since"),
    _text("noted"),
    _text("judged"),
)
"""Every action as last seen; `since` is the day its present owner, due and status were first seen together.

`noted` is what the tool itself noted of it (first sight, baseline and the like; see `history_rows`) in one text:
equal for many actions, so that a plan of 100,000 is read in half the time.
"""

past = sa.Table(
    "past",
    metadata,
    _owner("plan", key=True),
    _text("key", key=True),
    sa.Column("run", sa.Integer, primary_key=True, autoincrement=False),
    _text("seen"),
    _text("until"),
    _text("owner"),
    _optional("due"),
    _text("status"),
)
"""Closed versions of owner, due and status: `run` is the one that saw them end, on the day `until`."""

plan_set = sa.Table(
    "plan_set",
    metadata,
    _owner("plan", key=True),
    _text("name", key=True),
    _text("member", key=True),
    _text("detail", key=True),
    sqlite_with_rowid=False,
)
"""The sets of a plan's history: `name` is "silent", "baseline" (`detail` = rule code), "collapsed" or "dropped". Under
"pause" stand the pauses that are over: `member` is the first day, `detail` the first one after it."""

reserved = sa.Table("reserved", metadata, _owner("plan", key=True), _text("witness", key=True), _text("key"))
"""Ids that an abandoned run had planned for rows without one, until the next run finishes."""

told = sa.Table("told", metadata, _owner("plan", key=True), _text("what", key=True))
"""What the keeper was told once."""

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _owner("plan"),
    _text("identity"),
    _text("kind"),
    _text("period"),
    _text("not_before"),
    _text("expires"),
    _text("state"),
    _text("reason"),
    _text("digest"),
    _blob("payload"),
    sa.UniqueConstraint("plan", "identity", "kind", "period"),
    sqlite_autoincrement=True,
)
"""What a plan has to say to one person (`identity` = address) in a period; `state` as in `notice_rows`, `payload` as in
`section_codec`. `reason` says why it was dropped, or why one of which a file was written needs no mail any more."""

mail = sa.Table(
    "mail",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _text("identity"),
    _text("address"),
    _text("name"),
    _text("route"),
    _text("day"),
    _text("kinds"),
    _text("message_id"),
    _text("subject"),
    sa.Column("raw", sa.LargeBinary, nullable=True),
    sa.Column("html", sa.LargeBinary, nullable=True),
    _text("queued"),
    _text("expires"),
    _text("state"),
    _number("attempts"),
    _number("doubts"),
    _optional("next_try"),
    _optional("claimed"),
    _optional("settled"),
    _number("code"),
    _text("reason"),
    sqlite_autoincrement=True,
)
"""One mail to one person. `raw` and `html` (compressed) and `subject` are kept for a while. `doubts` counts how often
it may have arrived without our knowing, `claimed` is since when somebody sends it, `code` and `reason` are of the last
attempt."""

# Its condition on PostgreSQL stands in the migration, as above.
sa.Index("uq_mail_day", mail.c.route, mail.c.identity, mail.c.day, unique=True, sqlite_where=mail.c.state != "dropped")

mail_notice = sa.Table("mail_notice", metadata, _owner("mail", key=True), _owner("notice", key=True), _text("digest"))
"""Which notices a mail is made of; `digest` is the notice's when it was composed."""

sa.Index("ix_mail_notice_notice", mail_notice.c.notice)

mail_switch = sa.Table("mail_switch", metadata, _text("name", key=True), _text("since"), _text("reason"))
"""What keeps all mail from leaving: "off" (by a person) and "trouble" (by what happened)."""

mail_release = sa.Table("mail_release", metadata, _owner("plan", key=True), _text("since"))
"""Plans whose live mails the keeper has released."""

sheet_person = sa.Table(
    "sheet_person",
    metadata,
    _owner("plan", key=True),
    _text("identity", key=True),
    _text("name", key=True),
    _text("leader", key=True),
    _text("address"),
    _text("noted"),
    _optional("released"),
)
"""Persons as a plan's sheet named them; `released` None = the keeper has not said yet that this one may be mailed."""

lease = sa.Table("lease", metadata, _text("name", key=True), _text("holder"), _number("version"), _text("expires"))
"""Who works on what. `version` only grows; `expires` "" = released."""

job_period = sa.Table(
    "job_period",
    metadata,
    _text("job", key=True),
    _text("period", key=True),
    _text("state"),
    _text("started"),
    _optional("finished"),
    _number("code"),
)
"""What a job did of a period of its own: `period` is the instant it was due at, `state` is "running", "done" or
"missed" (past its grace). At most one row for each: that is what makes two ticks one run. "seen" is no period but when
the job was first seen; "left" with `job` "name/plan uid" is a plan that a period could not get to yet."""

plan_health = sa.Table(
    "plan_health",
    metadata,
    _owner("plan", key=True),
    _optional("checked"),
    _optional("failing_since"),
    _optional("last_failure"),
    _optional("failed_since"),
    _number("failures"),
    _text("reason"),
    _optional("told"),
)
"""Whether a plan gets its runs: `checked` is when it was last read and judged, `failing_since` when the row of runs
began that could not do all they should, `failures` how many, `reason` the last one's as a code, `failed_since` when the
first of them failed and was not only put off, `told` when the keeper was told of this row of runs."""

plan_pause = sa.Table("plan_pause", metadata, _owner("plan", key=True), _text("until"))
"""Pauses that end by themselves: the first day on which the plan goes on."""

plan_event = sa.Table(
    "plan_event",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _owner("plan"),
    _text("at"),
    _text("kind"),
    _text("facts"),
    sqlite_autoincrement=True,
)
"""What happened to a plan, in counts: the lines of its Sync log. `kind` is "wrote", "mailed", "failed", "asked",
"answered", "paused" or "resumed"; `facts` a JSON object of numbers and codes."""

sa.Index("ix_plan_event_plan_id", plan_event.c.plan, plan_event.c.id)
