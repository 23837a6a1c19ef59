"""Flags about the officer's contacts, the person's check-ins and tests, and warrants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tests.rules.reference import law
from tests.rules.reference.clock import (
    business_days_later,
    days_between,
    last_of_month,
    midnight,
    monday_of,
    month_later,
    quarter_of,
)
from tests.rules.reference.life import flag, in_force, in_life, paused, pauses
from tests.rules.reference.record import Rec, View
from tests.rules.reference.rules_completion import level_on
from tests.rules.reference.sessions import scheduled

Flags = Iterator[dict[str, Any]]
DAY = timedelta(days=1)
STOPS_DIRECT = ("custody", "warrant")
STOPS_COLLATERAL = ("custody",)


def completed(view: View, kind: str) -> list[Rec]:
    found = [rec for rec in view.of("contact") if rec.get("kind") == kind and rec.get("state") == "completed"]
    return found if kind == "collateral" else [rec for rec in found if rec.get("method") in (None, "in_person")]


def contact_overdue(view: View) -> Flags:
    if view.order.has("CONTACT_OVERDUE"):
        yield from rolling(view, "CONTACT_OVERDUE", "direct", law.FACE_TO_FACE[view.order.pack], STOPS_DIRECT)


def collateral_overdue(view: View) -> Flags:
    if view.order.pack in law.COLLATERAL:
        table = law.COLLATERAL[view.order.pack]
        yield from rolling(view, "COLLATERAL_CONTACT_OVERDUE", "collateral", table, STOPS_COLLATERAL)


def rolling(view: View, code: str, kind: str, table: dict[str, Any], stops: tuple[str, ...]) -> Flags:
    begun = view.order.day("supervision_started_on")
    if begun is None or paused(view, view.today, *stops) or not in_life(view, view.today):
        return
    cadence = cadence_of(view, table, kind)
    if cadence is None:
        return
    due = next_due(view, kind, cadence, begun, stops)
    if view.today > due:
        yield flag(view, code, due + DAY, due=due)


def cadence_of(view: View, table: dict[str, Any], kind: str) -> tuple[int, int, str] | None:
    own, _ = view.term("contact.face_to_face")
    if own and kind == "direct":
        unit = "days" if "period_days" in own else "months"
        return own["count"], own.get("period_days") or own.get("period_calendar_months"), unit
    level = level_on(view, view.today)
    return table.get(level) if level else None


def next_due(view: View, kind: str, cadence: tuple[int, int, str], begun: date, stops: tuple[str, ...]) -> date:
    count, period, unit = cadence
    start = fresh_start(view, begun, stops)
    days = [rec.day for rec in completed(view, kind) if rec.day >= start]
    first = view.order.pack_value("contact.initial_face_to_face")
    if not days and kind == "direct" and first and start == begun:
        return business_days_later(begun, first, view.case.holidays)
    since = days[-count] if len(days) >= count else start
    return since + period * DAY if unit == "days" else last_of_month(month_later(since, period))


def fresh_start(view: View, begun: date, stops: tuple[str, ...]) -> date:
    starts = [begun] + [end.day for _, end in pauses(view, *stops) if end is not None]
    if view.order.pack == "us_mo":
        said = sorted(view.order.anchors.get("levels", []), key=lambda item: item["from"])
        changed = [one for n, one in enumerate(said) if n == 0 or said[n - 1]["level"] != one["level"]]
        froms = [date.fromisoformat(item["from"]) for item in changed]
        starts += [day for day in froms if day <= view.today]
    return max(starts)


def texas_home(view: View) -> Flags:
    if view.order.pack != "us_tx" or paused(view, view.today, "custody", "warrant"):
        return
    homes = [rec.day for rec in completed(view, "direct") if rec.get("place") == "home"]
    ends = {end.day: end for _, end in pauses(view, "custody") if end is not None}
    for end in ends.values():
        if paused(view, end.day, "custody"):
            continue  # still in jail on another ground
        due = end.day + view.order.pack_value("contact.home_after_custody") * DAY
        again = any(start.day >= end.day for start, _ in pauses(view, "custody"))
        if view.today > due and not any(day >= end.day for day in homes) and not again and in_life(view, view.today):
            yield flag(view, "HOME_CONTACT_OVERDUE", due + DAY, due=due)


def held_level(view: View, day: date, level: str) -> bool:
    begun = view.order.day("supervision_started_on")
    return level_on(view, day) == level and (begun is None or day >= begun)


def whole_windows(view: View, level: str, first: date, length: Any, stops: tuple[str, ...]) -> list[tuple[date, date]]:
    """Calendar windows that are over, all of whose days lie in the level, in the order's life, and in no pause."""
    found = []
    start = first
    while length(start) <= view.today:
        days = days_between(start, length(start))
        if all(held_level(view, day, level) and in_life(view, day) and not paused(view, day, *stops) for day in days):
            found.append((start, length(start)))
        start = length(start)
    return found


def first_level_day(view: View, level: str) -> date | None:
    froms = [item["from"] for item in view.order.anchors.get("levels", []) if item["level"] == level]
    return date.fromisoformat(min(froms)) if froms else None


def new_york_quarters(view: View) -> Flags:
    first = first_level_day(view, "high")
    if view.order.pack != "us_ny" or first is None:
        return
    homes = [rec for rec in view.of("contact") if rec.get("place") == "home" and rec.get("kind") == "direct"]
    made = [rec for rec in homes if rec.get("state") in {"completed", "attempted"}]
    for start, to in whole_windows(view, "high", quarter_of(first), lambda day: month_later(day, 3), STOPS_DIRECT):
        window = {"window_from": start, "window_to": to}
        inside = [rec for rec in made if start <= rec.day < to]
        months = {rec.day.month for rec in inside}
        if len(inside) < 3 or len(months) < 3:
            have = len(inside) if len(inside) < 3 else len(months)
            yield flag(view, "HOME_CONTACT_OVERDUE", to, have=have, need=3, unit="contacts", **window)
        good = sum(rec.get("state") == "completed" for rec in inside)
        if good < 2:
            yield flag(view, "HOME_CONTACT_OVERDUE", to, have=good, need=2, unit="positive_home_contacts", **window)


def new_york_collateral(view: View) -> Flags:
    first = first_level_day(view, "high")
    if view.order.pack != "us_ny" or first is None:
        return
    made = [rec.day for rec in completed(view, "collateral")]
    for start, to in whole_windows(view, "high", quarter_of(first), lambda day: month_later(day, 3), STOPS_COLLATERAL):
        have = sum(start <= day < to for day in made)
        if have < 6:
            window = {"window_from": start, "window_to": to}
            yield flag(view, "COLLATERAL_CONTACT_OVERDUE", to, have=have, need=6, unit="contacts", **window)


def contact_shortfall(view: View) -> Flags:
    first = first_level_day(view, "greatest")
    if view.order.pack != "us_ny" or first is None:
        return
    starts, _ = view.term("calendar.week_starts")
    made = [rec.day for rec in view.of("contact") if in_person(rec)]
    week = monday_of(first, starts or "monday")
    for start, to in whole_windows(view, "greatest", week, lambda day: day + 7 * DAY, STOPS_DIRECT):
        have = sum(start <= day < to for day in made)
        if have < 1:
            window = {"window_from": start, "window_to": to}
            yield flag(view, "CONTACT_SHORTFALL", to, have=have, need=1, unit="contacts", **window)


def in_person(rec: Rec) -> bool:
    return (rec.get("kind"), rec.get("state"), rec.get("method")) == ("direct", "completed", "in_person")


def check_in_missed(view: View) -> Flags:
    if "check_in" not in view.order.anchors.get("conditions", []):
        return
    made = {rec.day for rec in view.of("check_in")}
    for _program, day in scheduled(view, "check_in"):
        asked = in_force(view, day, "bip") and in_force(view, day, "check_in") and not paused(view, day, "custody")
        unknown = outage(view, day)
        if day >= view.today or day in made or not asked:
            continue
        if not unknown or view.gaps.fill == "worst":
            yield flag(view, "CHECKIN_MISSED", day + DAY, due=day)


def outage(view: View, day: date) -> bool:
    """Our own system was down during some part of that local day."""
    begins, ends = midnight(day, view.case.zone), midnight(day + DAY, view.case.zone)
    times = pauses(view, "system_outage")
    return any(start.moment < ends and (end is None or end.moment > begins) for start, end in times)


def test_noncompliant(view: View) -> Flags:
    if not {"testing", "alcohol_abstain"} & set(view.order.anchors.get("conditions", [])):
        return
    for rec in view.of("test"):
        if rec.get("result") in {"positive", "diluted", "refused"} and all(
            in_force(view, rec.day, condition) for condition in ("testing", "alcohol_abstain")
        ):
            yield flag(view, "TEST_NONCOMPLIANT", rec.day, about=rec.id)


def warrant(view: View) -> Flags:
    for start, end in pauses(view, "warrant"):
        if end is None:
            yield flag(view, "WARRANT_ACTIVE", start.day)


def warrant_out_too_long(view: View) -> Flags:
    """More days than the court itself has set; the last of them is not yet too long."""
    days, basis = view.term("warrant.out_max")
    if basis is None:
        return
    for start, end in pauses(view, "warrant"):
        first = start.day + (days + 1) * DAY
        if end is None and first <= view.today:
            yield flag(view, "WARRANT_OUT_TOO_LONG", first, basis=basis)


RULES = [
    contact_overdue, collateral_overdue, texas_home, new_york_quarters, new_york_collateral, contact_shortfall,
    check_in_missed, test_noncompliant, warrant,
    warrant_out_too_long,
]  # fmt: skip
