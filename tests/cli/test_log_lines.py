"""Log lines: their two forms, and what never gets into them."""

import json
import logging
import re

import pytest

from sheets_sync.errors import ConfigError, Mistake, StoreError
from sheets_sync.run.log import start_log

SENTINEL = "SENTINEL-cell-4711"


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What was logged since the last look."""
    return capsys.readouterr().err.splitlines()


def test_a_text_line_says_when_how_grave_where_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    """Text lines are for people: time, level, part, sentence, facts."""
    start_log(log_format="text", quiet=False, verbose=True)
    logging.getLogger("sheets_sync.run.sync").info("plan checked", extra={"facts": {"tab": "Ações\n2", "rows": 84}})
    [line] = lines(capsys)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO run: plan checked \(tab=Ações 2, rows=84\)", line)


def test_a_json_line_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON lines are for programs: one object a line, ASCII, facts as they are."""
    start_log(log_format="json", quiet=False, verbose=False)
    logging.getLogger("sheets_sync.store").info("begun", extra={"facts": {"tab": "Ações\n2", "rows": 84, "dry": True}})
    [line] = lines(capsys)
    assert line.isascii()
    told = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told.pop("time"))
    assert told == {"level": "info", "part": "store", "event": "begun", "tab": "Ações 2", "rows": 84, "dry": True}


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize("name", ["sheets_sync.run", "sqlalchemy.engine", "xlwings"])
def test_no_error_and_no_argument_says_its_text(log_format: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is handed to a logger, ours or a library's, what may hold a cell stays out of the line."""
    start_log(log_format=log_format, quiet=False, verbose=True)
    log = logging.getLogger(name)
    error = ValueError(SENTINEL)
    log.error("failed: %s", SENTINEL)
    log.error(error)
    log.error("failed", extra={"facts": {"error": error, "cells": [SENTINEL], "row": 3}})
    try:
        raise StoreError(SENTINEL, SENTINEL)
    except StoreError:
        log.exception("failed")
        log.error("failed", stack_info=True)
    told = capsys.readouterr()
    assert SENTINEL not in told.err + told.out
    assert told.out == ""
    if name == "sheets_sync.run":
        assert len(told.err.splitlines()) == 5
        assert "StoreError" in told.err
        assert "test_log_lines.py" in told.err
    else:
        assert told.err == ""


def test_a_config_error_tells_lines_not_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    """The place of a configuration mistake is its file and line."""
    start_log(log_format="json", quiet=False, verbose=False)
    try:
        raise ConfigError((Mistake("/home/ana/config.toml", 12, SENTINEL, SENTINEL),))
    except ConfigError:
        logging.getLogger("sheets_sync.run").exception("failed")
    [line] = lines(capsys)
    assert json.loads(line)["place"] == "config.toml:12"
    assert SENTINEL not in line


@pytest.mark.parametrize(
    ("log_format", "quiet", "verbose", "levels"),
    [
        ("text", False, False, ["WARNING", "ERROR"]),
        ("text", False, True, ["INFO", "WARNING", "ERROR"]),
        ("text", True, False, ["ERROR"]),
        ("json", False, False, ["INFO", "WARNING", "ERROR"]),
        ("json", True, False, ["ERROR"]),
    ],
)
def test_how_much_is_logged(
    log_format: str, quiet: bool, verbose: bool, levels: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Text tells of trouble only, unless asked for more; JSON of every step; quiet of errors alone."""
    start_log(log_format=log_format, quiet=quiet, verbose=verbose)
    log = logging.getLogger("sheets_sync.run")
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        log.log(level, "said")
    assert [re.search("DEBUG|INFO|WARNING|ERROR", line.upper())[0] for line in lines(capsys)] == levels  # type: ignore[index]


def test_starting_twice_logs_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Options before and after the command each start the log; a line still comes once, in the last form."""
    start_log(log_format="text", quiet=False, verbose=True)
    start_log(log_format="json", quiet=False, verbose=True)
    logging.getLogger("sheets_sync.run").warning("once")
    assert [json.loads(line)["event"] for line in lines(capsys)] == ["once"]
