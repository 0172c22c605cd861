"""What init writes beside config.toml, jobs and if wished the mails' templates, and how it ends."""

from pathlib import Path

from sheets_sync.cli.console import Console
from sheets_sync.config.job_starter import write_jobs, write_missing
from sheets_sync.errors import UsageError

TEMPLATES = "templates"


def write_first_files(folder: Path, timezone: str, *, mail_templates: bool) -> tuple[str, ...]:
    """Write what is not there yet, and tell it. Raises UsageError where the folder cannot be written."""
    try:
        jobs = write_jobs(folder, timezone)
        templates = _write_templates(folder) if mail_templates else ()
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be written: {error.strerror}", "make room or rights") from None
    told = []
    if jobs:
        told.append(f"Written: {jobs[0].parent} with the jobs {', '.join(file.stem for file in jobs)}")
    if templates:
        told.append(
            f"Written: {templates[0].parent}, {len(templates)} templates of mails: take away what you keep as it is"
        )
    elif mail_templates:
        told.append(f"The templates of mails are in {folder / TEMPLATES} already, and stay as they are")
    return tuple(told)


def _write_templates(folder: Path) -> tuple[Path, ...]:
    from sheets_sync.notify.template_files import shipped_templates

    texts = {name: file.read_text("utf-8") for name, file in shipped_templates().items()}
    return write_missing(folder / TEMPLATES, texts)


def offer_dry_run(out: Console, config: Path, plan: str) -> None:
    """Ask a person whether to look at once at what a run would write, and look; nothing where nobody can answer."""
    if not out.can_ask or not out.confirm("Look now at every edit a run would make? Nothing is written."):
        return
    from sheets_sync.cli.running import run_plans
    from sheets_sync.run.site import Options

    out.say()
    run_plans(config, (plan,), options=Options(dry_run=True), out=out)
