"""Blocks 1, 2 and 4: the order in force, safety, and what changed since the last review."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from monitor.bench_page.classes import Seat
from monitor.bench_page.duties import FIREARM_CODES, firearm_steps
from monitor.bench_page.page import Letter, Said
from monitor.bench_page.record import CLASS_CODES, CaseRecord, Event, holds, is_contested, open_flags
from monitor.bench_page.sources import source_of
from monitor.bench_page.words import (
    CHANGE_NOT_SERVED,
    CODED,
    MATTERS,
    NOT_SERVED,
    OF_THESE,
    ORDERS,
    day_words,
    days_words,
)
from monitor.clock import local_day
from monitor.models.pause import KNOWN_FROM
from monitor.wording import count

PROTECTIVE = ("CRIMINAL_NO_CONTACT", "CIVIL_PROTECTION", "EMERGENCY_PROTECTIVE", "EXTREME_RISK", "FAMILY_CUSTODY")
OVER = {"TERMINATED": "ended early", "VACATED": "vacated", "SUSPENDED": "suspended"}  # any other expired
SAFETY_CLASSES = ("D", "E")
MOST = 6
MOST_ORDERS = 4
STEP_MET = "Step met: "
CHANGES = (
    ("M", "Missed", Letter.PROBATION), ("E", "Excused", Letter.PROBATION),
    ("u", "Absent, not yet decided", Letter.PROGRAM),
)  # fmt: skip


def orders(record: CaseRecord, most: int = MOST_ORDERS, since: date | None = None) -> tuple[Said, ...]:
    """Block 1: each order in force, served when, until when, and what it forbids; beyond ``most`` how many more, and
    of how many of these service, or that of a change, is not shown. Then which ended since ``since``."""
    standing = _in_force(record)
    said = [said for version in standing[:most] for said in _order(record, version)]
    if more := standing[most:]:
        rows = tuple(version.id for version in more)
        said.append(Said(text=f"{count(len(more), 'more order')} in force, see Orders", source=Letter.COURT, rows=rows))
        said += _unserved(record, more)
    none = Said(text="No order in force on this day", source=Letter.COURT, on=record.today)
    return (*(said or (none,)), *_over_since(record, most, since or date.min))


def _in_force(record: CaseRecord) -> list[Any]:
    return sorted(
        record.in_force, key=lambda version: (version.kind not in PROTECTIVE, version.ordered_on, version.order_id)
    )


def _over_since(record: CaseRecord, most: int, since: date) -> Iterator[Said]:
    """Orders that ended since the last review, the newest first, ``most`` told: without them the judge would ask what
    became of an order of last time. Of one that nobody served the respondent is not to learn from here."""
    over = [
        (day, one) for one in record.versions if not holds(one, record.known_at)
        and (day := _last_day(one, record.zone)) >= since and _last_service(record, one) is not None
    ]  # fmt: skip
    over.sort(key=lambda one: (one[0], one[1].id), reverse=True)
    for day, one in over[:most]:
        number = f" {one.number}" if one.number else ""
        how = OVER.get(one.change, "expired")
        text = f"No longer in force: {ORDERS[one.kind]}{number}, {how} {day_words(day, record.today)}"
        yield Said(text=text, source=Letter.COURT, on=day, rows=(one.id,))
    if more := over[most:]:
        text = f"{count(len(more), 'more order')} ended since, see Orders"
        yield Said(text=text, source=Letter.COURT, rows=tuple(one.id for _day, one in more))


def _last_day(version: Any, zone: str) -> date:
    """The day of signing of an end; else the last on which the order held for some of the day."""
    ends = [end for end in (version.effective_to, version.expires_at) if end is not None]
    signed: date = version.ordered_on
    return signed if version.change in OVER or not ends else local_day(min(ends), zone)


def _order(record: CaseRecord, version: Any) -> tuple[Said, Said]:
    number = f" {version.number}" if version.number else ""
    protects = ", protects PP" if version.kind in PROTECTIVE else ""
    parts = [f"{ORDERS[version.kind]}{number} of {day_words(version.ordered_on, record.today)}{protects}"]
    if version.expires_at:
        parts.append(f"expires {day_words(local_day(version.expires_at, record.zone), record.today)}")
    lines = (one.code for one in record.conditions if one.order_version_id == version.id and one.code in CODED)
    if coded := dict.fromkeys(lines):  # of two terms under one code the order itself says which they are
        parts.append("conditions " + ", ".join(f"{code} {CODED[code]}" for code in coded))
    order = Said(text="; ".join(parts), source=Letter.COURT, on=version.ordered_on, rows=(version.id,))
    return order, _served(record, version)


def _unserved(record: CaseRecord, versions: list[Any]) -> Iterator[Said]:
    """Of orders that are only counted, in the words of one that is told."""
    last = [(version, _last_service(record, version)) for version in versions]
    never = [version for version, service in last if service is None]
    changed = [version for version, service in last if service is not None and _changed_since(version, service)]
    for words, of in ((NOT_SERVED, never), (CHANGE_NOT_SERVED, changed)):
        if of:
            yield Said(text=f"{OF_THESE}{words}: {len(of)}", rows=tuple(version.id for version in of))


def _last_service(record: CaseRecord, version: Any) -> Event | None:
    served = [event for event in record.of("service") if event.ref == version.order_id]
    return served[-1] if served else None


def _changed_since(version: Any, service: Event) -> bool:
    # of a change signed on the day of service the page cannot tell which paper it was, and says nothing
    return version.change in ("MODIFIED", "EXTENDED") and service.day < version.ordered_on


def _served(record: CaseRecord, version: Any) -> Said:
    last = _last_service(record, version)
    if last is None:
        return Said(text=NOT_SERVED)
    in_court = last.word == "IN_COURT"
    changed = f"; changed {day_words(version.ordered_on, record.today)}, {CHANGE_NOT_SERVED}"
    since = changed if _changed_since(version, last) else ""
    return Said(
        text=f"Served {day_words(last.day, record.today)}{' in court' if in_court else ''}{since}", on=last.day,
        source=Letter.COURT if in_court else Letter.LAW_ENFORCEMENT,
        rows=(last.id, version.id) if since else (last.id,),
    )  # fmt: skip


def safety(record: CaseRecord, codes: set[str]) -> tuple[Said, ...]:
    """Block 2: firearms, warrant, custody, open safety allegations, and the level that an assessor found (G6)."""
    steps = firearm_steps(record)
    ordered = bool(codes & {*FIREARM_CODES, "firearm_surrender"})
    none = Said(text="Firearms: nothing on file" if ordered else "Firearms: not ordered", source=Letter.COURT)
    firearms = tuple(_prefixed("Firearms: ", step) for step in steps) or (none,)
    return (*firearms, _warrant(record), _safety_allegation(record), risk(record))


def risk(record: CaseRecord) -> Said:
    """Tool, level, day and assessor, or that none is current: beside the facts, never beside what anybody asks for."""
    entered = record.of("level")
    if not entered or not _holds(entered[-1], record.today):
        return Said(text="Risk assessment: none current")
    one = entered[-1]
    by = record.assessors.get(one.ref or 0, "")
    text = f"Risk: {one.more}, level {one.word}, recorded {day_words(one.day, record.today)}, {by}"
    return Said(text=text, source=Letter.PROBATION, on=one.day, rows=(one.id,))


def _prefixed(word: str, said: Said) -> Said:
    return Said(text=word + said.text, source=said.source, on=said.on, corrected=said.corrected, rows=said.rows)


def _warrant(record: CaseRecord) -> Said:
    open_ones = [one for one in record.of("pause") if one.word == "WARRANT" and _holds(one, record.today)]
    if not open_ones:
        return Said(text="Warrant: none")
    since = open_ones[-1]
    return Said(
        text=f"Warrant: outstanding since {day_words(since.day, record.today)}", source=Letter.COURT, on=since.day,
        rows=(since.id,),
    )  # fmt: skip


def _holds(event: Event, day: date) -> bool:
    return event.day <= day and (event.until is None or day < event.until)


def _safety_allegation(record: CaseRecord) -> Said:
    found = [flag for flag in open_flags(record, None) if flag.response_class in SAFETY_CLASSES]
    if not found:
        return Said(text="Open safety allegation: none")
    return Said(
        text=f"Open safety allegation: {len(found)}, see 5", source=Letter.PROBATION, on=found[-1].first_on,
        contested=any(flag.contested for flag in found), rows=tuple(flag.id for flag in found),
    )  # fmt: skip


def custody(record: CaseRecord) -> str:
    """In custody or out, as the latest order and the custody record have it."""
    held = [one for one in record.of("pause") if one.word == "CUSTODY" and _holds(one, record.today)]
    if held:
        return f"In custody since {day_words(held[-1].day, record.today)}"
    standing = _in_force(record)
    return "In custody" if standing and any(version.in_custody for version in standing) else "Out of custody"


def since_review(record: CaseRecord, seats: list[Seat], since: date | None) -> tuple[Said, ...]:
    """Block 4: what changed, strengths too; a quiet stretch says so."""
    start = since or date.min
    classes, events = list(_classes_since(record, seats, start)), list(_events_since(record, start))
    steps = _gathered(list(_steps_since(record, start)), MOST - len(classes) - bool(events))
    room = MOST - len(classes) - len(steps)
    if len(events) > room:  # the newest are told, and that there are older ones: as many as there are (F10)
        gone = len(events) - room + 1
        rows = tuple(row for said in events[:gone] for row in said.rows)
        events = [Said(text=f"{gone} earlier, on record", rows=rows), *events[gone:]]
    return (*classes, *steps, *events) or (Said(text="Nothing was due, nothing changed: 0 events"),)


def _gathered(steps: list[Said], room: int) -> list[Said]:
    """Steps met, in ``room`` lines (1 or more): the older ones in one line that counts them and names their last."""
    if len(steps) <= room:
        return steps
    gone = len(steps) - room + 1
    *_, last = older = steps[:gone]
    rows = tuple(row for said in older for row in said.rows)
    text = f"Steps met {gone}, the last: {last.text.removeprefix(STEP_MET)}"
    return [Said(text=text, source=last.source, on=last.on, rows=rows), *steps[gone:]]


def _classes_since(record: CaseRecord, seats: list[Seat], start: date) -> Iterator[Said]:
    today = record.today
    for letter, words, source in CHANGES:
        days = sorted(day for seat in seats for day in seat.days(letter) if day >= start)
        rows = tuple(row for seat in seats for row in seat.rows(letter))
        if days:
            text = f"{words} {len(days)}: {days_words(days, today, 4)}"
            contested = letter == "M" and is_contested(record, CLASS_CODES)
            yield Said(text=text, source=source, on=days[-1], rows=rows, contested=contested)
    attended = sorted(day for seat in seats for day in seat.days("y", "l") if day >= start)
    streak = _streak(seats)
    if attended:
        row = f"; {streak} classes in a row" if streak > 1 else ""
        rows = tuple(one for seat in seats for one in seat.rows("y", "l"))
        yield Said(text=f"Attended {len(attended)}{row}", source=Letter.PROGRAM, on=attended[-1], rows=rows)


def _steps_since(record: CaseRecord, start: date) -> Iterator[Said]:
    """Steps that probation recorded as met: as plain as what was missed."""
    for event in record.of("step_met"):
        if start <= event.day <= record.today:
            text = f"{STEP_MET}{event.word} {day_words(event.day, record.today)}"
            yield Said(text=text, source=Letter.PROBATION, on=event.day, rows=(event.id,))


def _streak(seats: list[Seat]) -> int:
    letters = [letter for seat in seats for letter, _, _ in seat.classes if letter not in "E-"]
    row = 0
    for letter in reversed(letters):
        if letter not in "yl":
            return row
        row += 1
    return row


def _events_since(record: CaseRecord, start: date) -> Iterator[Said]:
    names = ("pause", "place", "letter", "firearm", "decision", "report")
    found = [
        event for name in names for event in record.of(name)
        if start <= event.day <= record.today and event.word in MATTERS and event.word != "HOSPITAL"
        and not _by_probation(event)
    ]  # fmt: skip
    for event in sorted(found, key=lambda one: (one.day, one.id)):
        yield event_said(record, event)


def _by_probation(event: Event) -> bool:
    """A report of probation's own: what it reported stands in 5 with all it rests on, or, withdrawn, nowhere (H3)."""
    return event.name == "report" and event.more == "PROBATION"


def _known_from(event: Event) -> str:
    """From whom a pause is known, as the officer chose it: whoever wrote it down need not have seen it (F13)."""
    told = event.more if event.name == "pause" else ""
    return f", {told[0].lower()}{told[1:]}" if told.startswith(KNOWN_FROM) else ""


def event_said(record: CaseRecord, event: Event) -> Said:
    """An event as a sentence: what, and on which day."""
    until = f" to {day_words(event.until, record.today)}" if event.name == "pause" and event.until else ""
    text = f"{MATTERS[event.word].capitalize()} {day_words(event.day, record.today)}{until}{_known_from(event)}"
    corrected = f"corrected {day_words(event.corrected_on, record.today)}" if event.corrected_on else ""
    return Said(text=text, source=source_of(event), on=event.day, corrected=corrected, rows=(event.id,))
