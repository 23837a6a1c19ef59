"""Checks on what a scenario expects: known codes and owners, flags that can be open then, counts that fit limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from rules.catalogue import CATALOGUE, RESERVED
from rules.scenarios.document import Document, Place, Problem
from rules.scenarios.moments import day_of, instant, is_day, reading_moment
from rules.scenarios.shape import Evaluation, ExpectedFlag, Scenario
from rules.scenarios.validate_facts import fact_ids, protective_orders, supervising_orders

# Their due date lies ahead of, or apart from, the day on which the flag starts.
DUE_APART = {"PROGRAM_REPORT_DUE", "COMPLETION_AT_RISK"}
REACHED = {"EXCUSED_ABSENCE_LIMIT_REACHED"}
AT_LEAST = {"ABSENCE_TERMINATION_THRESHOLD", "CONSECUTIVE_UNEXCUSED_LIMIT", "WINDOW_UNEXCUSED_LIMIT"}

FlagCheck = Callable[[ExpectedFlag, Evaluation, str], Iterable[tuple[str, str]]]


def expectations_make_sense(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Every reading of the scenario, flag by flag and code by code."""
    for number, evaluation in enumerate(scenario.evaluate):
        place: Place = ("evaluate", number)
        yield from _codes(document, place, evaluation)
        for index, flag in enumerate(evaluation.expect):
            at: Place = (*place, "expect", index)
            for field, text in _flag(flag, evaluation, scenario):
                yield document.problem((*at, field), text)


def _codes(document: Document, place: Place, evaluation: Evaluation) -> Iterator[Problem]:
    for field in ("absent", "unverified"):
        for code in getattr(evaluation, field) or []:
            if code not in CATALOGUE:
                yield document.problem((*place, field), f"{code} is not in the catalogue of codes.")
    for code in sorted({flag.code for flag in evaluation.expect} & set(evaluation.absent)):
        yield document.problem((*place, "absent"), f"{code} cannot be expected and absent at once.")


def _flag(flag: ExpectedFlag, evaluation: Evaluation, scenario: Scenario) -> Iterator[tuple[str, str]]:
    if flag.code == RESERVED or flag.code not in CATALOGUE:
        reason = "only a court makes a violation" if flag.code == RESERVED else "it is not in the catalogue of codes"
        yield "code", f"{flag.code} cannot be expected: {reason}."
        return
    if flag.owner != CATALOGUE[flag.code].owner:
        yield "owner", f"{flag.code} is a matter of {CATALOGUE[flag.code].owner}, not of {flag.owner}."
    if flag.of_code is not None and flag.of_code not in CATALOGUE:
        yield "of_code", f"{flag.of_code} is not in the catalogue of codes."
    yield from _names(flag, scenario)
    for check in (_starts, _follows_due, _windows, _counts):
        yield from check(flag, evaluation, scenario.case.time_zone)


def _names(flag: ExpectedFlag, scenario: Scenario) -> Iterator[tuple[str, str]]:
    orders = {*supervising_orders(scenario), *protective_orders(scenario)}
    known = {*fact_ids(scenario), *orders}
    if flag.order is not None and flag.order not in orders:
        yield "order", f"There is no order {flag.order}."
    for field, names in (
        ("about", [flag.about] if flag.about else []),
        ("evidence", flag.evidence),
        ("counter", flag.counter),
    ):
        for name in names or []:
            if name not in known:
                yield field, f"No record or order has the id {name}."


def _starts(flag: ExpectedFlag, evaluation: Evaluation, zone: str) -> Iterator[tuple[str, str]]:
    if flag.first_on is None:
        return
    begins = instant(flag.first_on) if not is_day(flag.first_on) else None
    late_instant = begins is not None and begins > reading_moment(evaluation.as_of, zone)
    if late_instant or day_of(flag.first_on, zone) > day_of(evaluation.as_of, zone):
        yield "first_on", f"A flag that starts on {flag.first_on} is not open at {evaluation.as_of}."


def _follows_due(flag: ExpectedFlag, evaluation: Evaluation, zone: str) -> Iterator[tuple[str, str]]:
    if flag.due is None or flag.first_on is None or flag.code in DUE_APART:
        return
    if is_day(flag.due) != is_day(flag.first_on):
        return
    if not is_day(flag.due):
        if instant(flag.due) != instant(flag.first_on):
            yield "first_on", f"An hour deadline due at {flag.due} starts its flag at that instant."
    elif date.fromisoformat(flag.first_on) != date.fromisoformat(flag.due) + timedelta(days=1):
        yield "first_on", f"A flag due on {flag.due} starts on the day after."


def _windows(flag: ExpectedFlag, evaluation: Evaluation, zone: str) -> Iterator[tuple[str, str]]:
    if flag.window_from is not None and flag.window_to is not None and flag.window_from >= flag.window_to:
        yield "window_to", "The window ends before it begins."
    if flag.window_to is None:
        return
    if flag.window_to > day_of(evaluation.as_of, zone):
        yield "window_to", f"The window is not over at {evaluation.as_of}."
    if flag.first_on is not None and day_of(flag.first_on, zone) != flag.window_to:
        yield "first_on", f"A window that ends on {flag.window_to} starts its flag on that day."


def _counts(flag: ExpectedFlag, evaluation: Evaluation, zone: str) -> Iterator[tuple[str, str]]:
    if flag.have is not None and flag.need is not None and flag.have >= flag.need:
        yield "have", f"{flag.have} of {flag.need} is not too little."
    if flag.count is None or flag.limit is None:
        return
    if flag.code in REACHED:
        fits = flag.count == flag.limit
    elif flag.code in AT_LEAST:
        fits = flag.count >= flag.limit
    else:
        fits = flag.count > flag.limit
    if not fits:
        yield "count", f"A count of {flag.count} does not raise {flag.code} at a limit of {flag.limit}."
