"""Options and help of `sheets-sync mail ...`. What the commands do is in the modules `mail_*` beside this one."""

from collections.abc import Callable
from pathlib import Path

import click

from sheets_sync.cli.options import config_option, output_options

_plans = click.option(
    "--plan", "plans", multiple=True, metavar="NAME", help="Only this plan; may be given several times."
)


def _plan(function: Callable[..., int]) -> Callable[..., int]:
    return click.option("--plan", metavar="NAME", help="The plan whose keeper is meant.")(function)


def _person(*, required: bool) -> Callable[[Callable[..., int]], Callable[..., int]]:
    """A name of one or several words, quoted or not; None when left out."""
    return click.argument(
        "person",
        nargs=-1,
        required=required,
        metavar="PERSON" if required else "[PERSON]",
        callback=lambda _, __, words: " ".join(words) if words else None,
    )


@click.group("mail", short_help="Try, preview, list, hold and release the mails.")
def command() -> None:
    """Try, preview, list, hold and release the mails of the plans.

    A run tells each owner what needs them and each leader what needs a decision: at most one mail per person and day,
    none when nothing needs them. Until a plan is released, its mails go to its keeper alone. Nobody outside the
    configured domains is ever mailed.

    \b
    Begin:
      sheets-sync mail preview       every mail as it would be this week; nothing is sent
      sheets-sync mail test          one real mail, to the keeper alone
      sheets-sync mail release       from now on people are mailed
      sheets-sync mail off           no mail leaves any more
    """


@command.command("test", short_help="Send one real mail, to the keeper alone.")
@config_option
@_plan
@output_options
def test(config: Path | None, plan: str | None) -> int:
    """Send one real mail now, to the keeper and nobody else, and tell what the mail server answered.

    It leaves by the way that is configured below [mail], also while mail is switched off. Without a mail server it is
    written as a file, and where that lies is told.

    \b
    Examples:
      sheets-sync mail test
      sheets-sync mail test --plan "Plant 2026"

    \b
    Exit codes: 0 the server took it or the file is written, 2 the configuration must change, 3 it failed.
    """
    from sheets_sync.cli.mail_trial import send_test

    return send_test(config, plan)


@command.command("preview", short_help="Compose the mails of this week as files; send and store nothing.")
@_person(required=False)
@config_option
@_plans
@output_options
def preview(person: str | None, config: Path | None, plans: tuple[str, ...]) -> int:
    """Compose what PERSON (left out: everybody) would get this week, and write it as .html and .txt.

    The plans are read as `check` reads them: nothing is written into a workbook, remembered or sent. The files lie in
    the folder `preview` of the state folder, which only you can read; those of an earlier preview go. On a terminal
    the mail of one person is opened in the browser.

    \b
    Examples:
      sheets-sync mail preview
      sheets-sync mail preview "Ana Lima"

    \b
    Exit codes: 0 done, also when nothing needs anybody; 2 no such person, or no keeper; 3 a workbook failed.
    """
    from sheets_sync.cli.mail_preview import preview_mails

    return preview_mails(config, plans, person)


@command.command("list", short_help="List the mails of the outbox, newest first.")
@config_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is printed.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="The newest so many.")
@output_options
def list_(config: Path | None, form: str, limit: int) -> int:
    """List the mails: which wait, which left, which failed and why. The newest come first.

    Names are shown on a terminal only, subjects never: they count what their reader has, and that is nobody else's.
    Anywhere else, and with --format json, there are counts by state: what a monitor needs, and nothing about people.

    \b
    States:
      pending   waits for its time or for another try      refused   the address was refused for good
      sending   being sent now                             dropped   given up, with the reason
      sent      taken by the mail server                   written   written as a file; nobody was mailed

    \b
    Examples:
      sheets-sync mail list
      sheets-sync mail list --format json
    """
    from sheets_sync.cli.mail_outbox import list_mails

    return list_mails(config, form=form, limit=limit)


@command.command("why", short_help="Why did somebody get a mail, or none?")
@_person(required=True)
@config_option
@output_options
def why(person: str, config: Path | None) -> int:
    """Tell why PERSON (a name, another name or an address) got a mail or none, and when the next one may come.

    Shown are the switches that hold mails, what the person chose, and every notice that is still kept with what became
    of it. The answer is for a terminal; anywhere else there are counts only.

    \b
    Examples:
      sheets-sync mail why "Ana Lima"
      sheets-sync mail why ana.lima@example.com

    \b
    Exit codes: 0 done, 2 no such person is known.
    """
    from sheets_sync.cli.mail_why import tell_why

    return tell_why(config, person)


@command.command("off", short_help="Let no mail leave any more, those in the outbox included.")
@config_option
@output_options
def off(config: Path | None) -> int:
    """Let no mail leave any more until `sheets-sync mail on`. Those that wait in the outbox are stopped too.

    The runs go on: they check, flag, and note what there is to say. What is older than its week when mail is switched
    on again is not sent any more.

    \b
    Example:
      sheets-sync mail off
    """
    from sheets_sync.cli.mail_switches import switch_off

    return switch_off(config)


@command.command("on", short_help="Let mails leave again.")
@config_option
@output_options
def on(config: Path | None) -> int:
    """Let mails leave again after `sheets-sync mail off`, beginning with the next run.

    What waited and is still of this week is sent; what has become too old meanwhile is dropped. Nothing is sent by
    this command itself.

    \b
    Example:
      sheets-sync mail on
    """
    from sheets_sync.cli.mail_switches import switch_on

    return switch_on(config)


@command.command("release", short_help="Let a plan's mails, or a person's new address, go live.")
@_person(required=False)
@config_option
@_plans
@click.option("-y", "--yes", is_flag=True, help="Release the person without asking.")
@output_options
def release(person: str | None, config: Path | None, plans: tuple[str, ...], *, yes: bool) -> int:
    """Let mails go to the people themselves. Until then a plan's mails go to its keeper alone, as a preview.

    Without PERSON all plans are released, or those named with --plan; mails that were held because many more people
    than usual would have been mailed are let go too. With PERSON, an address or leader that a People tab gave and that
    is new or was changed there is released: name and address are shown first, and you are asked.

    \b
    Examples:
      sheets-sync mail release
      sheets-sync mail release --plan "Plant 2026"
      sheets-sync mail release "Ana Lima"

    \b
    Exit codes: 0 done, 2 nothing of that name waits, or nobody is there to answer and --yes is missing.
    """
    from sheets_sync.cli.mail_switches import release_person, release_plans

    if person is None:
        return release_plans(config, plans)
    return release_person(config, plans, person, yes=yes)
