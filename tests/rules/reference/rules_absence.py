"""Flags about absences: each one, its decision, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.rules.reference import law
from tests.rules.reference.clock import business_days_later
from tests.rules.reference.life import flag, in_current_era
from tests.rules.reference.record import View
from tests.rules.reference.sessions import (
    OUT_OF_COUNTS,
    Session,
    absences,
    by_program,
    counts,
    lateness_is_absence,
    makeups,
    outstanding_sheets,
    sessions,
    windows,
)

Flags = Iterator[dict[str, Any]]


def absence_unexcused(view: View) -> Flags:
    for program, found in by_program(absences(view, "unexcused")).items():
        limit = view.term("bip.unexcused_absences_max", program)[0] if view.order.pack == "us_ca" else None
        for number, one in enumerate(found, start=1):
            yield flag(
                view, "ABSENCE_UNEXCUSED", one.day, about=one.id, count=number, limit=limit, subjects=list(one.names)
            )


def absence_pending(view: View) -> Flags:
    then = view.on_record()
    for one in absences(then, "pending", any_era=True):
        yield flag(view, "ABSENCE_PENDING", then.local(one.recorded), about=one.id)


def adjudication_overdue(view: View) -> Flags:
    then = view.on_record()
    for one in absences(then, "pending", any_era=True):
        evidence = one.verdict.get("evidence_due") if one.verdict else None
        count, _ = view.term("adjudication.due")
        due = business_days_later(then.local(one.recorded), count, view.case.holidays)
        due = date.fromisoformat(evidence) if evidence else due
        if then.today > due:
            yield flag(view, "ADJUDICATION_OVERDUE", due + timedelta(days=1), about=one.id, due=due)


def attendance_not_reported(view: View) -> Flags:
    then = view.on_record()
    missing: dict[str, list[date]] = {}
    for program, day in outstanding_sheets(then):
        missing.setdefault(program, []).append(day + timedelta(days=1))
    for window in windows(then):
        if not window.held and not window.covered:
            missing.setdefault("main", []).append(window.to)
    for days in missing.values():
        yield flag(view, "ATTENDANCE_NOT_REPORTED", min(days), count=len(days))


def attendance_window_missed(view: View) -> Flags:
    for window in windows(view):
        known = window.covered or view.gaps.fill == "worst"
        if known and not window.held:
            ends = {"window_from": window.start, "window_to": window.to}
            yield flag(view, "ATTENDANCE_WINDOW_MISSED", window.to, **ends)


def excused_limits(view: View) -> Flags:
    granted = None
    for rec in view.of("decision"):
        by_court = rec.get("by") == "court"
        if by_court and rec.get("kind") == "good_cause_found" and rec.get("param") == "bip.excused_absences_max":
            granted = rec.get("value")
    if not view.order.has("EXCUSED_ABSENCE_LIMIT_EXCEEDED"):
        return
    letters = ["hospital_letter"] if any(rec.get("kind") == "hospital" for rec in view.of("letter")) else []
    for program, found in by_program(absences(view, "excused")).items():
        limit = view.term("bip.excused_absences_max", program)[0] if granted is None else granted
        if limit is None:
            continue
        values = {"count": len(found), "limit": limit}
        if len(found) == limit:
            yield flag(view, "EXCUSED_ABSENCE_LIMIT_REACHED", found[limit - 1].day, **values)
        if len(found) > limit:
            more = {"mitigation": letters, "remedy": ["good_cause_hearing"]}
            yield flag(view, "EXCUSED_ABSENCE_LIMIT_EXCEEDED", found[limit].day, **values, **more)


def unexcused_limit(view: View) -> Flags:
    for program, found in by_program(absences(view, "unexcused")).items():
        limit, basis = view.term("bip.unexcused_absences_max", program)
        if limit and basis != "law" and len(found) > limit:
            values = {"count": len(found), "limit": limit, "basis": basis}
            yield flag(view, "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED", found[limit].day, **values)


def termination_threshold(view: View) -> Flags:
    if not view.order.has("ABSENCE_TERMINATION_THRESHOLD"):
        return
    limit = view.order.pack_value("bip.absences_terminate_at")
    strict = lateness_is_absence(view)
    for found in by_program([one for one in sessions(view) if one.absent or (strict and late(one))]).values():
        candidates = [one for one in found if counts(view, one) and weighs(one)]
        safe = protected(view, candidates, limit)
        counted = [one for one in candidates if one.day not in safe]
        if len(counted) >= limit:
            evidence = [one.id for one in counted]
            counter = [one.id for one in found if one.id not in evidence]
            values = {"count": len(counted), "limit": limit, "evidence": evidence, "counter": counter}
            yield flag(view, "ABSENCE_TERMINATION_THRESHOLD", counted[limit - 1].day, **values)


def late(one: Session) -> bool:
    return one.outcome == "late" and not one.conflict


def weighs(one: Session) -> bool:
    """Excused or not, pending too; late arrivals count where lateness is an absence."""
    return one.decision not in OUT_OF_COUNTS | {"attended_not_complied"}


def protected(view: View, candidates: list[Session], limit: int) -> set[date]:
    """Days of leaves that were approved by all before the absence that would otherwise have been the last."""
    safe: set[date] = set()
    for whole, covered in approved(view):
        left = [one for one in candidates if one.day not in safe]
        if len(left) < limit or whole < left[limit - 1].day:
            safe.add(covered)
    return safe


def approved(view: View) -> list[tuple[date, date]]:
    """(day on which the last of those needed had approved, day covered); the approvals may come in several records."""
    given: dict[date, dict[str, date]] = {}
    for leave in view.of("leave"):
        for covered in map(date.fromisoformat, leave.get("covers")):
            for who in leave.get("approved_by"):
                days = given.setdefault(covered, {})
                days[who] = min(leave.day, days.get(who, leave.day))
    needed = law.LEAVE_NEEDS[view.order.pack]
    whole = {covered: days for covered, days in given.items() if needed <= set(days)}
    return sorted((max(days[who] for who in needed), covered) for covered, days in whole.items())


def consecutive(view: View) -> Flags:
    if not view.order.has("CONSECUTIVE_UNEXCUSED_LIMIT"):
        return
    limit = view.order.pack_value("bip.unexcused_consecutive_violation")
    for found in by_program([one for one in sessions(view) if counts(view, one)]).values():
        strict = runs(found, limit, excused_breaks=True)
        loose = runs(found, limit, excused_breaks=False)
        for run in strict:
            values = {"count": len(run), "limit": limit, "evidence": [one.id for one in run]}
            yield flag(view, "CONSECUTIVE_UNEXCUSED_LIMIT", run[limit - 1].day, **values)
        if loose and not strict:
            names = [name for one in loose[0] for name in one.names]
            of = {"of_code": "CONSECUTIVE_UNEXCUSED_LIMIT", "subjects": names}
            yield flag(view, "RULE_AMBIGUOUS", loose[0][limit - 1].day, **of)


def runs(found: list[Session], limit: int, *, excused_breaks: bool) -> list[list[Session]]:
    """Each run that is long enough, to its end: what breaks it begins another."""
    run: list[Session] = []
    all_of_them = [run]
    for one in found:
        if passed_over(one) or (one.decision == "excused" and one.absent and not excused_breaks):
            continue
        if one.absent and one.decision == "unexcused":
            run.append(one)
        elif run:
            run = []
            all_of_them.append(run)
    return [run for run in all_of_them if len(run) >= limit]


def passed_over(one: Session) -> bool:
    """Held by nobody's fault, taken out, contradictory or not yet decided: breaks a run neither way."""
    return (
        one.conflict
        or one.outcome in {"cancelled_by_provider", "sent_away_provider"}
        or (one.absent and one.decision in OUT_OF_COUNTS | {"pending"})
    )


def window_unexcused(view: View) -> Flags:
    if not view.order.has("WINDOW_UNEXCUSED_LIMIT"):
        return
    limit, length = view.order.pack_value("window.count"), view.order.pack_value("window.days")
    found = absences(view, "unexcused")
    reached = []
    for one in found:
        inside = [other for other in found if other.day <= one.day and (one.day - other.day).days < length]
        inside = inside[: inside.index(one) + 1]
        if len(inside) >= limit:
            reached.append(inside)
    if reached:
        evidence = [one.id for one in reached[-1]]
        counter = [one.id for one in sessions(view) if one.absent and one.id not in evidence]
        values = {"count": len(evidence), "limit": limit, "evidence": evidence, "counter": counter}
        yield flag(view, "WINDOW_UNEXCUSED_LIMIT", reached[0][-1].day, **values)


def credit_shortfall(view: View) -> Flags:
    made_up = makeups(view, [one for one in sessions(view) if not one.conflict])
    missed = [one for one in absences(view, "pending", "excused", "unexcused", any_era=True) if one.id not in made_up]
    limits = [(one, *view.term("bip.makeup_within_days", one.program, one.day)) for one in missed]
    set_ones = [(one.day + timedelta(days=within), basis) for one, within, basis in limits if within is not None]
    run_out = sorted((last + timedelta(days=1), basis) for last, basis in set_ones if last < view.today)
    if run_out:
        yield flag(view, "CREDIT_SHORTFALL", run_out[0][0], count=len(run_out), basis=run_out[0][1])


def data_conflict(view: View) -> Flags:
    then = view.on_record()
    for one in sessions(then):
        if one.conflict:
            first = one.records[0]
            other = next(rec for rec in one.records if differs(rec, first))
            yield flag(view, "DATA_CONFLICT", then.local(other.known), evidence=[rec.id for rec in one.records])


def differs(rec: Any, other: Any) -> bool:
    return bool((rec.get("outcome"), rec.get("minutes")) != (other.get("outcome"), other.get("minutes")))


def tally(view: View) -> dict[str, int]:
    """Counts of the current era."""
    from tests.rules.reference.sessions import credited

    given = [one for one in credited(view, view.today) if in_current_era(view, one.day)]
    wide = [window for window in windows(view) if not window.held and not window.covered]
    return {
        "credited_sessions": len(given),
        "credited_minutes": sum(one.minutes for one in given),
        "excused": len(absences(view, "excused")),
        "unexcused": len(absences(view, "unexcused")),
        "pending": len(absences(view, "pending")),
        "not_counted": len(absences(view, "not_counted", "rescheduled")),
        "unreported": len(outstanding_sheets(view)) + len(wide),
    }


RULES = [
    absence_unexcused, absence_pending, adjudication_overdue, attendance_not_reported, attendance_window_missed,
    excused_limits, unexcused_limit, termination_threshold, consecutive, window_unexcused, credit_shortfall,
    data_conflict,
]  # fmt: skip
