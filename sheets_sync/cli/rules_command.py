"""`sheets-sync rules` and `sheets-sync rules explain CODE`. The texts come from the rules themselves."""

import click
from click.shell_completion import CompletionItem

from sheets_sync.cli.options import output_options
from sheets_sync.errors import UsageError


@click.group("rules", invoke_without_command=True)
@output_options
@click.pass_context
def command(ctx: click.Context) -> None:
    """List the rules that actions are checked by, or explain one.

    Every rule has a code that never changes, and a severity: E cannot be managed as written, W likely to slip or not
    to work, I could be better, H style. A plan can switch a rule off or weigh it otherwise below [plan.rules] in
    config.toml; a single row is spared by a code, a date and a reason in its Ignore cell.

    \b
    Examples:
      sheets-sync rules
      sheets-sync rules explain DUE004
    """
    if ctx.invoked_subcommand is None:
        from sheets_sync.rules.explain import listing

        click.echo(listing())


def _codes(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The codes that begin with what was typed, for the shell."""
    from sheets_sync.config.rule_choices import known_rules

    return [CompletionItem(code) for code in known_rules() if code.startswith(begun.upper())]


@command.command("explain")
@click.argument("code", shell_complete=_codes)
@output_options
def explain(code: str) -> None:
    """Explain one rule, with a row that fails and one that passes.

    The page tells what the rule looks for, why it matters, how grave it is, and which parameters a plan can set.

    \b
    Example:
      sheets-sync rules explain ACT004
    """
    from sheets_sync.config.rule_choices import known_rules
    from sheets_sync.config.suggest import instead
    from sheets_sync.rules.explain import explain as page_of

    known = known_rules()
    if code.upper() not in known:
        raise UsageError(f"no rule has the code {code}", instead(code.upper(), known) or "sheets-sync rules")
    click.echo(page_of(code.upper()), nl=False)
