"""Comparing the flags that are open at a reading with the flags that a scenario expects.

Source: the scenario format, section 8. Only written fields are compared; what is in scope must match exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec

from rules.calendar import local_day
from rules.catalogue import CATALOGUE
from rules.scenarios.moments import instant, is_day
from rules.scenarios.shape import Evaluation, ExpectedFlag, Scenario

Flag = Mapping[str, Any]
AS_SETS = {"mitigation", "remedy", "evidence", "counter"}
MOMENTS = {"first_on", "due"}


@dataclass(frozen=True)
class Reading:
    """What the rules say at one moment, in the words of the format: days as dates, hour clocks as instants."""

    flags: list[dict[str, Any]]
    unverified: frozenset[str] = frozenset()
    tally: Mapping[str, int] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()


def scope(scenario: Scenario) -> set[str]:
    """Every code that the scenario names as expected or as absent, at any reading."""
    expected = {flag.code for evaluation in scenario.evaluate for flag in evaluation.expect}
    return expected | {code for evaluation in scenario.evaluate for code in evaluation.absent}


def failures(scenario: Scenario, evaluation: Evaluation, reading: Reading) -> Iterator[str]:
    """A sentence for each way in which a reading is not what was expected; none if all is well."""
    codes = scope(scenario)
    for code in sorted({flag["code"] for flag in reading.flags} - set(CATALOGUE)):
        yield f"{code} must never be raised: it is not in the catalogue"
    for code in sorted(reading.broken & codes):
        yield f"{code} could not be evaluated"
    yield from _flags(scenario, evaluation, [flag for flag in reading.flags if flag["code"] in codes])
    for code in sorted(set(evaluation.unverified or []) - reading.unverified):
        yield f"{code} is not shown as unverified"
    for owner in evaluation.absent_owners or []:
        for flag in reading.flags:
            if flag.get("owner") == owner:
                yield f"nothing may be open for {owner}, but there is {_told(flag)}"
    yield from _tally(evaluation, reading)


def _flags(scenario: Scenario, evaluation: Evaluation, left: list[dict[str, Any]]) -> Iterator[str]:
    zone = scenario.case.time_zone
    pairs = _pairs(evaluation.expect, left, zone)
    for number, expected in enumerate(evaluation.expect):
        if number not in pairs:
            yield f"expected {_told(_written(expected))}{_nearest(expected, left, pairs, zone)}"
    for number, flag in enumerate(left):
        if number not in pairs.values():
            yield f"not expected: {_told(flag)}"


def _pairs(expected: list[ExpectedFlag], flags: list[dict[str, Any]], zone: str) -> dict[int, int]:
    """Expected flag to open flag, as many as can be paired (a vague expectation gives way to an exact one)."""
    fitting = [[n for n, flag in enumerate(flags) if not differences(one, flag, zone)] for one in expected]
    taken: dict[int, int] = {}

    def find(number: int, tried: set[int]) -> bool:
        for candidate in fitting[number]:
            if candidate not in tried:
                tried.add(candidate)
                if candidate not in taken or find(taken[candidate], tried):
                    taken[candidate] = number
                    return True
        return False

    for number in range(len(expected)):
        find(number, set())
    return {number: candidate for candidate, number in taken.items()}


def differences(expected: ExpectedFlag, flag: Flag, zone: str) -> dict[str, Any]:
    """The written fields in which a flag is another one, with what the flag has instead."""
    return {
        name: flag.get(name)
        for name, value in _written(expected).items()
        if not _equal(name, value, flag.get(name), zone)
    }


def _written(expected: ExpectedFlag) -> dict[str, Any]:
    values = msgspec.structs.asdict(expected)
    return {name: value for name, value in values.items() if value is not None}


def _equal(name: str, expected: Any, found: Any, zone: str) -> bool:
    if name in AS_SETS:
        return set(expected) == set(found or [])
    if name in MOMENTS:
        return _same_moment(expected, found, zone)
    return bool(expected == found)


def _same_moment(expected: str, found: date | datetime | None, zone: str) -> bool:
    """A written day compares with the local day, a written instant with the instant."""
    if found is None:
        return False
    if not is_day(expected):
        return isinstance(found, datetime) and instant(expected) == found
    return date.fromisoformat(expected) == (local_day(found, zone) if isinstance(found, datetime) else found)


def _nearest(expected: ExpectedFlag, flags: list[dict[str, Any]], pairs: Mapping[int, int], zone: str) -> str:
    free = [flag for number, flag in enumerate(flags) if number not in pairs.values() and flag["code"] == expected.code]
    if not free:
        return ", which is not open"
    closest = min((differences(expected, flag, zone) for flag in free), key=len)
    return "; found instead " + ", ".join(f"{name} {_shown(value)}" for name, value in closest.items())


def _tally(evaluation: Evaluation, reading: Reading) -> Iterator[str]:
    wanted = msgspec.structs.asdict(evaluation.tally) if evaluation.tally else {}
    for name, value in wanted.items():
        if value is not None and reading.tally.get(name) != value:
            yield f"the tally of {name} should be {value} and is {reading.tally.get(name)}"


def _told(flag: Flag) -> str:
    rest = ", ".join(f"{name} {_shown(value)}" for name, value in flag.items() if name != "code" and value is not None)
    return f"{flag['code']} ({rest})" if rest else str(flag["code"])


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ", ".join(sorted(str(item) for item in value)) + "]"
    return value.isoformat() if isinstance(value, date) else str(value)
