"""The blocks around the duties: order, safety, what changed, what is alleged, what came before, what is in the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from monitor.bench_page.classes import Seat, paused
from monitor.bench_page.duties import FIREARM_CODES, SOURCES, firearm_steps
from monitor.bench_page.page import Allegation, Letter, Said
from monitor.bench_page.record import CaseRecord, Event
from monitor.bench_page.words import (
    CODED,
    ORDERS,
    alleged_words,
    day_words,
    days_words,
    language_words,
    outcome_words,
)
from monitor.clock import local_day

PROTECTIVE = ("CRIMINAL_NO_CONTACT", "CIVIL_PROTECTION", "EMERGENCY_PROTECTIVE", "EXTREME_RISK", "FAMILY_CUSTODY")
ENDED = ("TERMINATED", "VACATED", "EXPIRED", "SUSPENDED")
SAFETY_CLASSES = ("D", "E")
MOST = 6
CLASS_CODES = ("ABSENCE", "ATTENDANCE", "UNEXCUSED", "EXCUSED", "CONSECUTIVE", "WINDOW", "PROGRAM_DISCHARGE")
CHANGES = (
    ("M", "Missed", Letter.PROBATION), ("E", "Excused", Letter.PROBATION),
    ("u", "Absent, not yet decided", Letter.PROGRAM),
)  # fmt: skip
MATTERS = {
    "ENROLLED": "enrolled", "REFERRED": "referred", "GROUP_CHANGED": "moved to another group",
    "DISCHARGED": "place ended", "REJECTED": "not taken by the program", "INTAKE_HELD": "intake held",
    "INTAKE_FAILED": "intake not completed", "EXITED": "left", "RELINQUISHED": "firearms given up",
    "PROOF_FILED": "firearm proof filed", "FORM_FILED": "firearm form filed",
    "NO_FIREARMS_DECLARED": "declared no firearms", "CUSTODY": "in custody", "HOSPITAL": "in hospital",
    "WARRANT": "warrant", "PROVIDER_CLOSED": "program closed", "COURT_STAY": "stayed by the court",
    "WAITLIST": "waiting-list letter", "EMPLOYER": "employer's letter", "PROGRAM_RESTARTED": "program restarted",
    "GOOD_CAUSE_FOUND": "good cause found", "EXTENSION_GRANTED": "extension granted",
    "EXTENSION_DENIED": "extension not granted", "BREAK_APPROVED": "break approved",
    "PROGRESS": "progress report", "ENROLLMENT_PROOF": "proof of enrollment filed", "NONCOMPLIANCE": "program notice",
    "DISCHARGE_NOTICE": "discharge notice", "EXIT_SUMMARY": "exit summary",
}  # fmt: skip


def orders(record: CaseRecord) -> tuple[Said, ...]:
    """Block 1: each order in force, served when, until when, and what it forbids."""
    said = tuple(said for version in _in_force(record)[:4] for said in _order(record, version))
    return said or (Said(text="No order in force on this day", source=Letter.COURT, on=record.today),)


def _in_force(record: CaseRecord) -> list[Any]:
    standing = [one for one in record.versions if one.change not in ENDED and not _is_over(one, record.known_at)]
    return sorted(standing, key=lambda version: (version.kind not in PROTECTIVE, version.ordered_on, version.order_id))


def _is_over(version: Any, now: datetime) -> bool:
    return any(end is not None and end <= now for end in (version.effective_to, version.expires_at))


def _order(record: CaseRecord, version: Any) -> tuple[Said, Said]:
    number = f" {version.number}" if version.number else ""
    protects = ", protects PP" if version.kind in PROTECTIVE else ""
    parts = [f"{ORDERS[version.kind]}{number} of {day_words(version.ordered_on, record.today)}{protects}"]
    if version.expires_at:
        parts.append(f"expires {day_words(local_day(version.expires_at, record.zone), record.today)}")
    coded = [one.code for one in record.conditions if one.order_version_id == version.id and one.code in CODED]
    if coded:
        parts.append("conditions " + ", ".join(f"{code} {CODED[code]}" for code in coded))
    order = Said(text="; ".join(parts), source=Letter.COURT, on=version.ordered_on, rows=(version.id,))
    return order, _served(record, version)


def _served(record: CaseRecord, version: Any) -> Said:
    served = [event for event in record.of("service") if event.ref == version.order_id]
    if not served:
        return Said(text="SERVICE NOT SHOWN")
    last = served[-1]
    in_court = last.word == "IN_COURT"
    return Said(
        text=f"Served {day_words(last.day, record.today)}{' in court' if in_court else ''}", on=last.day,
        source=Letter.COURT if in_court else Letter.LAW_ENFORCEMENT, rows=(last.id,),
    )  # fmt: skip


def safety(record: CaseRecord, codes: set[str]) -> tuple[Said, ...]:
    """Block 2: firearms, warrant, custody, open safety allegations. Risk levels are never computed (G6)."""
    steps = firearm_steps(record)
    ordered = bool(codes & {*FIREARM_CODES, "firearm_surrender"})
    none = Said(text="Firearms: nothing on file" if ordered else "Firearms: not ordered", source=Letter.COURT)
    firearms = tuple(_prefixed("Firearms: ", step) for step in steps) or (none,)
    return (*firearms, _warrant(record), _safety_allegation(record), Said(text="Risk assessment: none current"))


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
    said = [*_classes_since(record, seats, start), *_events_since(record, start)]
    return tuple(said[:MOST]) or (Said(text="Nothing was due, nothing changed: 0 events"),)


def _classes_since(record: CaseRecord, seats: list[Seat], start: date) -> Iterator[Said]:
    today = record.today
    for letter, words, source in CHANGES:
        days = sorted(day for seat in seats for day in seat.days(letter) if day >= start)
        rows = tuple(row for seat in seats for row in seat.rows(letter))
        if days:
            text = f"{words} {len(days)}: {days_words(days, today, 4)}"
            yield Said(text=text, source=source, on=days[-1], rows=rows)
    attended = sorted(day for seat in seats for day in seat.days("y", "l") if day >= start)
    streak = _streak(seats)
    if attended:
        row = f"; {streak} classes in a row" if streak > 1 else ""
        yield Said(text=f"Attended {len(attended)}{row}", source=Letter.PROGRAM, on=attended[-1])


def _streak(seats: list[Seat]) -> int:
    letters = [letter for seat in seats for letter, _, _ in seat.classes if letter not in "E-"]
    count = 0
    for letter in reversed(letters):
        if letter not in "yl":
            return count
        count += 1
    return count


def _events_since(record: CaseRecord, start: date) -> Iterator[Said]:
    names = ("pause", "place", "letter", "firearm", "decision", "report")
    found = [
        event for name in names for event in record.of(name)
        if start <= event.day <= record.today and event.word in MATTERS and event.word != "HOSPITAL"
    ]  # fmt: skip
    for event in sorted(found, key=lambda one: (one.day, one.id)):
        yield event_said(record, event)


def event_said(record: CaseRecord, event: Event) -> Said:
    """An event as a sentence: what, and on which day."""
    until = f" to {day_words(event.until, record.today)}" if event.name == "pause" and event.until else ""
    text = f"{MATTERS[event.word].capitalize()} {day_words(event.day, record.today)}{until}"
    corrected = f"corrected {day_words(event.corrected_on, record.today)}" if event.corrected_on else ""
    source = Letter.COURT if event.more in ("PERSON", "COURT") else SOURCES[event.name]
    return Said(text=text, source=source, on=event.day, corrected=corrected, rows=(event.id,))


def open_flags(record: CaseRecord, since: date | None) -> list[Any]:
    """What probation took to the court about the person and no later hearing has passed over."""
    found = []
    for flag in record.flags:
        review = record.reviews.get(flag.id)
        fresh = review is not None and (since is None or local_day(review.decided_at, record.zone) >= since)
        if flag.owner == "offender" and review is not None and (fresh or flag.closed_at is None):
            found.append(flag)
    return found


def alleged(record: CaseRecord, seats: list[Seat], since: date | None) -> tuple[Allegation, ...]:
    """Block 5: filed allegations with their evidence."""
    return tuple(_allegation(record, seats, flag) for flag in open_flags(record, since)[-4:])


def _allegation(record: CaseRecord, seats: list[Seat], flag: Any) -> Allegation:
    due = f", due {day_words(flag.due_on, record.today)}" if flag.due_on else ""
    title = Said(
        text=f"{alleged_words(flag.code)}, {day_words(flag.first_on, record.today)}{due}", source=Letter.PROBATION,
        on=flag.first_on, contested=flag.contested, rows=(flag.id,),
    )  # fmt: skip
    evidence = tuple(_evidence(record, seats, flag))
    return Allegation(title=title, evidence=evidence, code=flag.code, response_class=flag.response_class or "none")


def _evidence(record: CaseRecord, seats: list[Seat], flag: Any) -> Iterator[Said]:
    if not flag.code.startswith(CLASS_CODES):
        return
    missed = sorted(day for seat in seats for day in seat.days("M"))
    if missed:
        yield Said(text=f"Sheets: absent {days_words(missed, record.today, 4)}", source=Letter.PROGRAM, on=missed[-1])
    attended = [day for seat in seats for day in seat.days("y", "l") if day > flag.first_on]
    if attended:
        yield Said(text=f"Attended {len(attended)} since", source=Letter.PROGRAM, on=attended[-1])
    for letter in record.of("letter"):
        if letter.word == "EMPLOYER" and letter.day >= flag.first_on:
            yield event_said(record, letter)


def before(
    record: CaseRecord, now: tuple[Allegation, ...], since: date | None, starts_at: datetime
) -> tuple[Said, ...]:
    """Block 6: what was done before for the same thing, and the last reviews. Like cases stay blank below 11."""
    codes = {allegation.code for allegation in now}
    earlier = [
        flag
        for flag in record.flags
        if flag.code in codes and flag.id not in {row for one in now for row in one.title.rows}
    ]
    same = f"This person, same thing before: {len(earlier) or 'none'}" if codes else "Nothing alleged now"
    held = [hearing for hearing in record.hearings if hearing.outcome and hearing.starts_at < starts_at]
    last = ", ".join(_review_words(record, hearing) for hearing in held[-3:]) or "none yet"
    latest = local_day(held[-1].starts_at, record.zone) if held else None
    return (
        Said(text=same),
        Said(text=f"Reviews: {last}", source=Letter.COURT, on=latest, rows=tuple(one.id for one in held[-3:])),
        Said(text="Local matrix: none entered"),
    )  # fmt: skip


def _review_words(record: CaseRecord, hearing: Any) -> str:
    day = local_day(hearing.starts_at, record.zone)
    return f"{day_words(day, record.today)} {outcome_words(hearing.outcome)}"


def in_the_way(record: CaseRecord, seats: list[Seat], language: str | None) -> tuple[Said, ...]:
    """Block 7: what is not the person's doing."""
    said = [event_said(record, one) for one in record.of("letter") if one.word in ("WAITLIST", "EMPLOYER")][-2:]
    said += [event_said(record, one) for one in record.of("pause") if one.word in ("PROVIDER_CLOSED", "COURT_STAY")][
        -2:
    ]
    off = sorted(day for seat in seats for day in seat.days("-"))
    if off:
        said.append(
            Said(text=f"Not held or not counted: {days_words(off, record.today, 3)}", source=Letter.PROGRAM, on=off[-1])
        )
    said += [
        Said(text=f"No report from {seat.program} for {len(seat.unreported)} class days")
        for seat in seats
        if seat.stale
    ]
    spoken = language_words(language)
    if spoken:
        offered = any(place.language == language for place in record.places)
        said.append(Said(text=f"Language: {spoken}, program group in it: {'yes' if offered else 'no'}"))
    if (now := paused(record, record.today)) is not None and now.word == "CUSTODY":
        said.append(Said(text="In custody: classes rest", source=Letter.PROBATION, on=now.day, rows=(now.id,)))
    return tuple(said[:MOST]) or (Said(text="Nothing recorded"),)


def asks(record: CaseRecord, since: date | None) -> tuple[Said, ...]:
    """Block 8: what probation wrote to the court when it reported. Labelled as probation's."""
    written = [(record.reviews[flag.id], flag) for flag in open_flags(record, since)]
    return tuple(
        Said(text=_short(review.words), source=Letter.PROBATION, rows=(review.id,))
        for review, _ in written[-2:]
        if review.words.strip()
    ) or (Said(text="nothing in writing"),)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 220 else words[:217].rstrip() + "..."
