"""Conditional-format rules of people that went with ours, and how they come back. Pure.

Rules are addressed by their place. When people change the order at that moment, a rule of theirs is deleted in the
place of one of ours; the answer shows it. Without an answer it is found out from what is left.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sheets_sync.workbooks.google.calls import Json
from sheets_sync.workbooks.google.structure_requests import Request
from sheets_sync.workbooks.google.tab_reading import TabFacts, is_own_rule


class GoneRules(NamedTuple):
    """The requests that put back what is known, and the tabs (keys) in which a rule went that nobody read before."""

    back: tuple[Request, ...]
    unknown: frozenset[str]


def wrongly_deleted(requests: Sequence[Request], reply: Json) -> tuple[Request, ...]:
    """The requests that put back the rules of people which a batch deleted, as its answer shows them."""
    put_back: list[Request] = []
    for request, answer in zip(requests, reply.get("replies", ()), strict=False):
        asked = request.get("deleteConditionalFormatRule")
        rule = answer.get("deleteConditionalFormatRule", {}).get("rule")
        if asked and rule and not is_own_rule(rule):
            put_back.append(_added(rule, asked["index"]))
    return tuple(reversed(put_back))


def gone_unanswered(
    requests: Sequence[Request], before: Mapping[str, TabFacts], now: Mapping[str, TabFacts]
) -> GoneRules:
    """What a batch deleted of people's rules when its answer was lost. `before` and `now` are by tab key.

    Each rule of ours that should have gone and still stands was spared for one of theirs.
    """
    back: list[Request] = []
    unknown: set[str] = set()
    for key in _tabs(requests, "deleteConditionalFormatRule"):
        if key not in before or key not in now:
            continue
        added = sum(_tab_of_added(request) == key for request in requests)
        spared = len(now[key].rules) - added
        missing = _missing(before[key].rules_of_people, now[key].rules_of_people)
        if spared < len(missing):
            missing = []  # people deleted some themselves, or a formula of theirs changed with the cells it names
        if len(missing) < spared:
            unknown.add(key)
        back += (_added(rule, _place_met(place, key, requests)) for place, rule in missing)
    return GoneRules(tuple(back), frozenset(unknown))


def _place_met(place: int, key: str, requests: Iterable[Request]) -> int:
    """Where a rule that was read at `place` stood when it was deleted: rules put in above moved it down."""
    asked = (request.get("deleteConditionalFormatRule") for request in requests)
    deleted = [one["index"] for one in asked if one and str(one.get("sheetId", 0)) == key]
    return min((index for index in deleted if index >= place), default=place)


def put_back_now(requests: Sequence[Request], now: Mapping[str, TabFacts]) -> tuple[Request, ...]:
    """The same requests, at places that the tabs have now; those of a tab that is gone are left out."""
    back: list[Request] = []
    for request in requests:
        tab = now.get(_tab_of_added(request))
        asked = request["addConditionalFormatRule"]
        if tab is not None:
            back.append(_added(asked["rule"], min(asked["index"], tab.all_rules)))
    return tuple(back)


def are_back(requests: Sequence[Request], now: Mapping[str, TabFacts]) -> bool:
    """Whether all rules that these requests add stand there."""
    for request in requests:
        tab = now.get(_tab_of_added(request))
        rule = request["addConditionalFormatRule"]["rule"]
        if tab is not None and not any(_look(rule) == _look(one) for _, one in tab.rules_of_people):
            return False
    return True


def tabs_of(requests: Iterable[Request]) -> frozenset[str]:
    """The keys of the tabs to which these requests add rules."""
    return frozenset(_tab_of_added(request) for request in requests)


def _missing(before: Iterable[tuple[int, Json]], now: Iterable[tuple[int, Json]]) -> list[tuple[int, Json]]:
    """The rules that stand no more, whatever cells they were for."""
    left = [_look(rule) for _, rule in now]
    missing: list[tuple[int, Json]] = []
    for place, rule in before:
        if _look(rule) in left:
            left.remove(_look(rule))
        else:
            missing.append((place, rule))
    return missing


def _look(rule: Json) -> Json:
    return {name: value for name, value in rule.items() if name != "ranges"}


def _added(rule: Json, index: int) -> Request:
    return {"addConditionalFormatRule": {"index": index, "rule": rule}}


def _tabs(requests: Iterable[Request], kind: str) -> Iterator[str]:
    yield from dict.fromkeys(str(request[kind].get("sheetId", 0)) for request in requests if kind in request)


def _tab_of_added(request: Request) -> str:
    asked = request.get("addConditionalFormatRule")
    return str(asked["rule"]["ranges"][0].get("sheetId", 0)) if asked else ""
