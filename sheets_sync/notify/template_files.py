"""Finds, trusts and fills templates: the shipped ones, each replaced by the team's own of the same name. Templates get
frozen plain values; what a cell holds is never a template (HAZARDS 22, 27)."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from sheets_sync.errors import ConfigError, Mistake, UsageError
from sheets_sync.places.private import private_folder_problem

if TYPE_CHECKING:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

NAME = re.compile(r"[a-z0-9-]+\.(txt|html|css)\.j2")
_NAMED = re.compile(r"'(\w{1,40})' is undefined|no attribute '(\w{1,40})'")


def shipped_templates() -> Mapping[str, Path]:
    """The templates that come with the program, by file name: inside the package, or beside it in a working copy."""
    inside = Path(str(files("sheets_sync"))) / "templates"
    folder = inside if inside.is_dir() else inside.parent.parent / "templates"
    return {path.name: path for path in sorted(folder.glob("*.j2"))}


def own_templates(folder: Path | None) -> Mapping[str, Path]:
    """The team's own templates, by file name. UsageError for a file others could change or that replaces nothing."""
    if folder is None or not folder.is_dir():
        return {}
    problem = private_folder_problem(folder)
    if problem:
        raise UsageError(f"the templates are not used: {problem}")
    found = {path.name: path for path in sorted(folder.glob("*.j2")) if not path.name.startswith(".")}
    for name, path in found.items():
        _check(name, path, folder)
    return found


def _check(name: str, path: Path, folder: Path) -> None:
    if not NAME.fullmatch(name) or name not in shipped_templates():
        known = ", ".join(sorted(shipped_templates()))
        raise _mistake(path, 0, "this is not the name of a template", f"use one of: {known}")
    if path.resolve().parent != folder.resolve() or not path.is_file():
        raise _mistake(path, 0, "a template must be a plain file in this folder")
    problem = private_folder_problem(path)
    if problem:
        raise UsageError(f"the templates are not used: {problem}")


def check_templates(folder: Path | None) -> Mapping[str, Path]:
    """The team's own templates, trusted and readable as templates. UsageError names the first that is not."""
    from jinja2 import TemplateSyntaxError

    own = own_templates(folder)
    for name in own:
        try:
            _environment(_versions(own)).get_template(name)
        except TemplateSyntaxError as error:
            raise _place_of(error, own) or error from None
    return own


def filled(name: str, folder: Path | None, **values: object) -> str:
    """The template of this name, filled. UsageError names file and line of one that cannot be used."""
    from jinja2 import TemplateError

    own = own_templates(folder)
    try:
        return _environment(_versions(own)).get_template(name).render(**values)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        place = _place_of(error, own)
        if place is None:
            raise
        raise place from None


@cache
def _environment(own: tuple[tuple[str, Path, int], ...]) -> "ImmutableSandboxedEnvironment":
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    paths = {**shipped_templates(), **{name: path for name, path, _ in own}}

    def load(name: str) -> tuple[str, str, None] | None:
        path = paths.get(name)
        return None if path is None else (path.read_text("utf-8"), str(path), None)

    environment = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(load),
        undefined=StrictUndefined,
        autoescape=lambda name: name is None or not name.endswith(".txt.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    del environment.filters["safe"]
    return environment


def _versions(own: Mapping[str, Path]) -> tuple[tuple[str, Path, int], ...]:
    """The files with the time of their last change, so that a change is read at once."""
    return tuple((name, path, path.stat().st_mtime_ns) for name, path in own.items())


def _place_of(error: Exception, own: Mapping[str, Path]) -> UsageError | None:
    """The mistake in a file of the team's own, or None when the failure lies elsewhere. Says nothing a cell holds."""
    from jinja2 import TemplateSyntaxError

    ours = {str(path): path for path in own.values()}
    if isinstance(error, TemplateSyntaxError) and error.filename in ours:
        return _mistake(ours[error.filename], error.lineno, error.message or "this is no template")
    places = []
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file in ours:
            places.append((ours[file], trace.tb_lineno))
        trace = trace.tb_next
    if not places:
        return None
    named = _NAMED.search(str(error))
    what = f" ({named[1] or named[2]})" if named else ""
    return _mistake(*places[-1], f"this cannot be filled: {type(error).__name__}{what}")


def _mistake(path: Path, line: int, reason: str, remedy: str = "") -> ConfigError:
    mend = remedy or "mend the file, or remove it to use the shipped template"
    return ConfigError((Mistake(str(path), line, "template", reason),), mend)
