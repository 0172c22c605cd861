"""Plays recorded traffic against the server's inside, request by request, and compares replies exactly.

Every recording starts with no spreadsheet at all. Ids that Google chose are forced, times are not compared.
What depends on things outside the recording is played but not counted: spreadsheets made elsewhere, listings of an
account's other files, and refusals for load or expired tokens.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .api import Api, Named, Reply, Request
from .caller import Caller
from .discovery import document
from .errors import Json
from .recordings import Interaction, Recording, recordings
from .world import foreign_book

_ACCOUNT = re.compile(r"[\w.-]+@[\w.-]+\.iam\.gserviceaccount\.com")
_TIMES = {"createdTime", "modifiedTime", "version", "modifiedDate", "createdDate"}
_HOSTS = {"sheets.googleapis.com", "www.googleapis.com"}
_LOAD = {401, 429, 500, 502, 503}


@dataclass
class Outcome:
    """What a replay found. `differences` tell place, wanted and given of each counted reply that was not exact."""

    exact: int = 0
    counted: int = 0
    exact_recordings: int = 0
    counted_recordings: int = 0
    elsewhere: int = 0
    elsewhere_exact: int = 0
    differences: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    """Recorded replies that the discovery document does not allow."""

    def __str__(self) -> str:
        return (
            f"exact {self.exact} of {self.counted} "
            f"({self.exact_recordings} of {self.counted_recordings} recordings entirely); "
            f"not self-contained: {self.elsewhere}, of these exact {self.elsewhere_exact}"
        )


def replay_folder(folder: Path) -> Outcome:
    """Play all recordings in a folder."""
    return replay(recordings(folder))


def replay(found: Iterable[Recording]) -> Outcome:
    """Play recordings."""
    outcome = Outcome()
    for recording in found:
        before = len(outcome.differences), outcome.counted
        _Player(recording, outcome).play()
        if outcome.counted > before[1]:
            outcome.counted_recordings += 1
            outcome.exact_recordings += len(outcome.differences) == before[0]
    return outcome


class _Player:
    """Plays one recording on spreadsheets of its own."""

    def __init__(self, recording: Recording, outcome: Outcome) -> None:
        self.recording = recording
        self.outcome = outcome
        self.api = Api()
        self.made: set[str] = set()
        """Files made in this recording."""
        self.foreign: set[str] = set()
        """Files that were there before."""
        account = _ACCOUNT.search(recording.text)
        self.api.tokens.everyday = Caller(account[0] if account else "")

    def play(self) -> None:
        """Play it and count."""
        for number, one in enumerate(self.recording.interactions):
            request = Request(one.http, _path(one.url), one.body, {"Content-Type": one.content_type})
            named = self.api.named(request)
            counts = self._is_self_contained(one, named)
            self.api.ids.forget()
            for kind, value in expected_ids(named, one.reply):
                self.api.ids.expect(kind, value)
            reply = self._reply(request)
            if reply.status == one.status:
                self.made |= {str(value) for kind, value in expected_ids(named, one.reply) if kind == "file"}
            difference = _difference(one, reply)
            self._judge(one, named)
            if counts:
                self.outcome.counted += 1
                self.outcome.exact += not difference
                if difference:
                    told = f"{self.recording.name} #{number} {one.http} {_short(one.url)}: {difference}"
                    self.outcome.differences.append(told)
            else:
                self.outcome.elsewhere += 1
                self.outcome.elsewhere_exact += not difference

    def _judge(self, one: Interaction, named: Named) -> None:
        if one.status == 200 and named.method and named.method.response and isinstance(one.reply, dict):
            judge = document("sheets.v4" if named.name.startswith("spreadsheets.") else "drive.v3")
            faults = judge.faults_of(named.method.response, one.reply)
            self.outcome.violations += [f"{self.recording.name} {_short(one.url)}: {fault}" for fault in faults]

    def _reply(self, request: Request) -> Reply:
        try:
            return self.api.handle(request)
        except Exception as failure:
            return Reply(500, repr(failure))

    def _is_self_contained(self, one: Interaction, named: Named) -> bool:
        if one.status in _LOAD or urlsplit(one.url).hostname not in _HOSTS:
            return False
        file_id = named.path.get("spreadsheetId") or named.path.get("fileId")
        if named.name == "files.list":
            listed = one.reply.get("files", []) if isinstance(one.reply, dict) else []
            return all(file.get("id") in self.made for file in listed)
        if file_id is None or file_id in self.made:
            return True
        if one.status == 403 and file_id not in self.foreign:
            self.foreign.add(file_id)
            book = foreign_book(self.api, file_id, {})
            book.roles["*"] = "none"
            return True
        if one.status == 404:
            return True
        if file_id not in self.foreign and named.name == "spreadsheets.get" and one.status == 200:
            self.foreign.add(file_id)
            foreign_book(self.api, file_id, one.reply)
        return False


def expected_ids(named: Named, reply: Any) -> Iterator[tuple[str, str | int]]:
    """The ids a recorded reply says were given."""
    if not isinstance(reply, dict):
        return
    if named.name in ("files.create", "files.copy") and "id" in reply:
        yield "file", reply["id"]
    if named.name == "spreadsheets.create" and "spreadsheetId" in reply:
        yield "file", reply["spreadsheetId"]
    if named.name == "spreadsheets.sheets.copyTo" and "sheetId" in reply:
        yield "sheet", reply["sheetId"]
    for one in reply.get("replies", ()):
        yield from _ids_of_change(one)


def _ids_of_change(reply: Json) -> Iterator[tuple[str, str | int]]:
    for kind, told in reply.items():
        match kind:
            case "addSheet" | "duplicateSheet":
                yield "sheet", told["properties"]["sheetId"]
            case "addNamedRange":
                yield "named", told["namedRange"]["namedRangeId"]
            case "addProtectedRange":
                yield "protection", told["protectedRange"]["protectedRangeId"]
            case "createDeveloperMetadata":
                yield "metadata", told["developerMetadata"]["metadataId"]
            case "addTable":
                yield "table", told["table"]["tableId"]
            case "addBanding":
                yield "band", told["bandedRange"]["bandedRangeId"]
            case "addFilterView":
                yield "view", told["filter"]["filterViewId"]


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _short(url: str) -> str:
    return re.sub(r"/[\w-]{25,}", "/…", _path(url))[:120]


def _difference(one: Interaction, reply: Reply) -> str:
    if one.status != reply.status:
        return f"status {one.status} wanted, {reply.status} given: {json.dumps(reply.body)[:300]}"
    return first_difference(one.reply, reply.body)


def first_difference(wanted: Any, given: Any, path: str = "") -> str:
    """Where two replies differ first, times aside; "" when they do not."""
    if isinstance(wanted, dict) and isinstance(given, dict):
        for name in [*wanted, *(name for name in given if name not in wanted)]:
            if name in _TIMES:
                continue
            if name not in wanted or name not in given:
                missing = "not there" if name not in given else f"{json.dumps(given[name])[:120]} too many"
                return f"{path}.{name}: {missing}"
            difference = first_difference(wanted[name], given[name], f"{path}.{name}")
            if difference:
                return difference
        return ""
    if isinstance(wanted, list) and isinstance(given, list) and len(wanted) == len(given):
        for at, (one, other) in enumerate(zip(wanted, given, strict=True)):
            difference = first_difference(one, other, f"{path}[{at}]")
            if difference:
                return difference
        return ""
    same = wanted == given and isinstance(wanted, bool) == isinstance(given, bool)
    return "" if same else f"{path}: {json.dumps(wanted)[:160]} wanted, {json.dumps(given)[:160]} given"
