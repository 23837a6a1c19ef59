"""Block 3: each duty of the orders in force, its status, and the facts with day and source.

A status comes from facts and from decisions of people. Missing word is NO REPORT, owed by whoever owes it; an unpaid
fee is never reviewed for compliance (safeguard G1); an undecided absence is neither met nor missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from monitor.bench_page.classes import Seat
from monitor.bench_page.page import ConditionLine, Letter, Mark, Said, StatusWord
from monitor.bench_page.record import CLASS_CODES, ENROLL_CODES, FIREARM_FLAGS, CaseRecord, Event, is_contested
from monitor.bench_page.sources import source_of
from monitor.bench_page.words import alleged_words, day_words, days_words
from monitor.wording import count

STRIP_CLASSES = 10
ENROLL_BY = "bip.enroll_deadline"
MOST_LINES = 9
NO_CONTACT_CODES = ("01", "04", "05", "NO_CONTACT", "STAY_AWAY")
CONTACT_ALLEGED = (
    "NO_CONTACT_ALLEGED",
    "PEACEFUL_CONTACT_BREACH_ALLEGED",
    "STAY_AWAY_ALLEGED",
    "NEW_VIOLENCE_REPORTED",
)
FIREARM_CODES = ("07", "FIREARM_SURRENDER", "FIREARM_PROHIBITION")
FIREARM_WORDS = {
    "RELINQUISHED": "given up", "PROOF_FILED": "proof filed", "FORM_FILED": "form filed",
    "NO_FIREARMS_DECLARED": "declared none",
}  # fmt: skip
OTHER_TERMS = {
    "02": "No abuse of others named", "03": "Leave the shared home", "06": "Custody or visits",
    "08": "Other coded terms", "09": "Temporary custody", "NOTIFY_CHANGE": "Tell of changes",
    "OTHER_BESPOKE": "Other terms, see the order",
}  # fmt: skip
FIREARM_DONE = ("RELINQUISHED", "PROOF_FILED", "NO_FIREARMS_DECLARED")


def condition_lines(record: CaseRecord, seats: list[Seat], since: date | None) -> tuple[ConditionLine, ...]:
    """One line a duty, the program first; at most `MOST_LINES`, so that the page stays one side: those that are not
    reviewed here share the last."""
    codes = {condition.code for condition in record.conditions}
    kinds = {requirement.kind for requirement in record.requirements}
    lines = [line for make in MAKERS for line in make(record, seats, codes | kinds, since)]
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    told = lines[:MOST_LINES - 1]
    rest = Said(text="; ".join(f"{line.title}: {line.word}" for line in lines[MOST_LINES - 1:]))
    last = ConditionLine(title="Other terms", due="as ordered", status=None, instead="see facts", facts=(rest,))
    return (*told, last)


def _program(record: CaseRecord, seats: list[Seat], codes: set[str], _since: date | None) -> Iterator[ConditionLine]:
    if not codes & {"BIP", "bip"}:
        return
    yield _enroll(record, seats)
    for seat in [one for one in seats if one.enrolled][-2:]:
        yield _attend(record, seat)


def _enroll(record: CaseRecord, seats: list[Seat]) -> ConditionLine:
    due = enroll_by(record)
    by = f"by {day_words(due, record.today)}" if due else "as ordered"
    joined = [seat for seat in seats if seat.enrolled]
    if joined:
        last = joined[-1]
        facts = [_said(record, last.enrolled, f"enrolled {day_words(last.enrolled.day, record.today)}, {last.program}")]
        if last.discharged:
            facts.append(_said(record, last.discharged, _left_words(record, last.discharged)))
        status = StatusWord.MET if not last.discharged or last.discharged.more == "COMPLETED" else StatusWord.PARTLY_MET
        return ConditionLine(title="Enroll in program", due=by, status=status, facts=tuple(facts))
    waiting = _waiting(record)
    return ConditionLine(
        title="Enroll in program", due=by, status=_not_enrolled(record, due, bool(waiting)),
        facts=(Said(
                text="not enrolled so far", source=Letter.PROGRAM, on=record.today,
                contested=is_contested(record, ENROLL_CODES),
            ), *waiting),
    )  # fmt: skip


def _not_enrolled(record: CaseRecord, due: date | None, waiting: bool) -> StatusWord:
    if waiting:  # asked for a seat; the program has none
        return StatusWord.PARTLY_MET
    return StatusWord.NOT_MET if due and record.today > due else StatusWord.NOT_YET_DUE


def _waiting(record: CaseRecord) -> tuple[Said, ...]:
    letters = [letter for letter in record.of("letter") if letter.word == "WAITLIST"]
    return tuple(_said(record, letter, _waitlist_words(record, letter)) for letter in letters[-1:])


def _waitlist_words(record: CaseRecord, letter: Event) -> str:
    seat = f", seat expected {day_words(letter.until, record.today)}" if letter.until else ""
    return f"waiting list, letter {day_words(letter.day, record.today)}{seat}"


def _left_words(record: CaseRecord, event: Event) -> str:
    why = (
        "completed"
        if event.more == "COMPLETED"
        else f"left: {event.more.replace('_', ' ').lower() or 'no reason given'}"
    )
    return f"{why} {day_words(event.day, record.today)}"


def enroll_by(record: CaseRecord) -> date | None:
    """The day by which the order itself wants enrollment; None where it names none."""
    days = days_to_enroll(record.terms("bip"))
    kinds = "PROBATION", "CONDITIONAL_DISCHARGE"
    ordered = [version.ordered_on for version in record.in_force if version.kind in kinds]
    return ordered[-1] + timedelta(days=days) if ordered and days is not None else None


def days_to_enroll(terms: dict[str, Any] | None) -> int | None:
    """The days that a duty's own terms give for enrollment, if they do."""
    value = (terms or {}).get(ENROLL_BY)
    days = value.get("value") if isinstance(value, dict) else value
    return days if isinstance(days, int) else None


def _attend(record: CaseRecord, seat: Seat) -> ConditionLine:
    facts = tuple(_class_facts(record, seat))
    return ConditionLine(
        title=f"Attend weekly, {seat.program}", due=f"{seat.counted} counted so far", status=attendance_status(seat),
        facts=facts, strip=_strip(record, seat),
    )  # fmt: skip


def attendance_status(seat: Seat) -> StatusWord:
    """From the classes that count; without any word it is NO REPORT, and never NOT MET."""
    silent = seat.stale or bool(seat.unreported[1:])
    if not seat.counted:
        return StatusWord.NO_REPORT if silent else StatusWord.NOT_YET_DUE
    if seat.attended == seat.counted:
        return StatusWord.NO_REPORT if silent else StatusWord.MET
    return StatusWord.PARTLY_MET if seat.attended or not seat.days("M", "n") else StatusWord.NOT_MET


CLASS_WORDS = (
    ("M", "missed {days}"), ("n", "not in full {days}"), ("u", "absent, not yet decided {days}"),
    ("E", "excused, not counted {days}"), ("x", "sources disagree, not counted {days}"),
)  # fmt: skip


def _class_facts(record: CaseRecord, seat: Seat) -> Iterator[Said]:
    last = seat.classes[-1][1] if seat.classes else None
    until = f" up to {day_words(last, record.today)}" if last else ""
    rows = tuple([row for _, _, row in seat.classes if row])
    corrected = record.corrected and [record.corrected[row] for row in rows if row in record.corrected]
    yield Said(
        text=f"{seat.attended} of {seat.counted} attended{until}", on=last, rows=rows,
        source=Letter.PROGRAM if rows else "",
        corrected=f"corrected {day_words(max(corrected), record.today)}" if corrected else "",
    )  # fmt: skip
    for letter, words in CLASS_WORDS:
        if days := seat.days(letter):
            source = Letter.PROBATION if letter in "ME" else Letter.PROGRAM
            text = words.format(days=days_words(days, record.today, 4))
            contested = letter == "M" and is_contested(record, CLASS_CODES)
            yield Said(text=text, source=source, on=days[-1], rows=seat.rows(letter), contested=contested)
    if seat.unreported:
        days_said = days_words(seat.unreported, record.today, 4)
        yield Said(text=f"no report for {days_said}, owed by {seat.program}", on=seat.unreported[-1])
        yield Said(text=_absences_at_most(seat), on=seat.unreported[-1])


def _absences_at_most(seat: Seat) -> str:
    """The count as a range: absences 2, or up to 4 if 2 outstanding sheets show absences (safeguard F9)."""
    sure, waiting, sheets = len(seat.days("M")), len(seat.days("u")), len(seat.unreported)
    ifs = [count(sheets, "outstanding sheet shows an absence", "outstanding sheets show absences")]
    if waiting:
        ifs.append(count(waiting, "undecided one is not excused", "undecided ones are not excused"))
    return f"absences {sure}, or up to {sure + waiting + sheets} if {' and '.join(ifs)}"


def _strip(record: CaseRecord, seat: Seat) -> tuple[Mark, ...]:
    newest = seat.classes[-STRIP_CLASSES:]  # they lie in the order of their days
    marks = sorted([(day, letter) for letter, day, _ in newest] + [(day, "?") for day in seat.unreported])
    return tuple(Mark(day_words(day, record.today), letter) for day, letter in marks[-STRIP_CLASSES:])


def _report_in(record: CaseRecord, _seats: list[Seat], codes: set[str], since: date | None) -> Iterator[ConditionLine]:
    if not codes & {"REPORT_TO_PROBATION", "CHECK_IN", "check_in"}:
        return
    due = [event for event in record.of("expected") if event.word == "check_in" and event.until]
    due = [event for event in due if event.until and event.until < record.today]
    made = record.of("check_in")
    yield _check_ins(record, due, made) if due else _contacts(record, since)


def _check_ins(record: CaseRecord, due: list[Event], made: list[Event]) -> ConditionLine:
    days = {event.day for event in made}
    kept = [event for event in due if event.until in days]
    missed = [event.until for event in due if event.until and event.until not in days]
    facts = [Said(text=f"{len(kept)} of {len(due)} check-ins", source=Letter.PROBATION, on=due[-1].until)]
    if missed:
        facts.append(
            Said(text=f"none on {days_words(sorted(missed), record.today, 4)}", source=Letter.PROBATION, on=max(missed))
        )
    status = StatusWord.MET if not missed else StatusWord.PARTLY_MET if kept else StatusWord.NOT_MET
    return ConditionLine(title="Report to probation", due="days set", status=status, facts=tuple(facts))


def _contacts(record: CaseRecord, since: date | None) -> ConditionLine:
    """Without set days the officer calls: contacts since the last review are what there is to report."""
    all_made = [event for event in record.of("contact") if event.word == "COMPLETED"]
    made = [event for event in all_made if since is None or event.day >= since]
    period = "since last review" if since else "since the order"
    if made:
        last = made[-1]
        how = "in person" if last.more == "IN_PERSON" else f"by {last.more.lower()}"
        count = f"{len(made)} contact{'s' if len(made) > 1 else ''} {period}"
        text = f"{count}, last {day_words(last.day, record.today)} {how}"
        return ConditionLine(
            title="Report to probation", due="as directed", status=StatusWord.MET, facts=(_said(record, last, text),)
        )
    return ConditionLine(
        title="Report to probation", due="as directed", status=StatusWord.NO_REPORT,
        facts=(Said(text=f"no contact recorded {period}, owed by probation"),),
    )  # fmt: skip


def _firearms(record: CaseRecord, _seats: list[Seat], codes: set[str], _since: date | None) -> Iterator[ConditionLine]:
    if not codes & {*FIREARM_CODES, "firearm_surrender"}:
        return
    steps = firearm_steps(record)
    done = any(event.word in FIREARM_DONE for event in record.of("firearm"))
    partly = StatusWord.PARTLY_MET if steps else StatusWord.NO_REPORT
    nothing = (
        Said(
            text="no proof or receipt on file",
            source=Letter.COURT,
            on=record.today,
            contested=is_contested(record, FIREARM_FLAGS),
        ),
    )
    yield ConditionLine(
        title="Give up firearms", due="as ordered", status=StatusWord.MET if done else partly, facts=steps or nothing
    )


def firearm_steps(record: CaseRecord) -> tuple[Said, ...]:
    """What was filed about firearms, newest last."""
    return tuple(
        _said(record, event, f"{FIREARM_WORDS[event.word]} {day_words(event.day, record.today)}")
        for event in record.of("firearm")[-2:]
    )


def _no_contact(
    record: CaseRecord, _seats: list[Seat], codes: set[str], _since: date | None
) -> Iterator[ConditionLine]:
    if not codes & set(NO_CONTACT_CODES):
        return
    alleged = [flag for flag in record.flags if flag.code in CONTACT_ALLEGED]
    facts = tuple(_alleged(record, flag) for flag in alleged[-2:])
    yield ConditionLine(
        title="No contact, stay away", due="always", status=None, instead="ALLEGED" if alleged else "no allegation",
        facts=facts,
    )  # fmt: skip


def _alleged(record: CaseRecord, flag: Any) -> Said:
    text = f"{alleged_words(flag.code).lower()} {day_words(flag.first_on, record.today)}, see 5"
    return Said(text=text, source=Letter.PROBATION, on=flag.first_on, contested=flag.contested, rows=(flag.id,))


def _tests(record: CaseRecord, _seats: list[Seat], codes: set[str], _since: date | None) -> Iterator[ConditionLine]:
    tests = record.of("test")
    if not tests and not codes & {"TESTING", "testing", "ALCOHOL_ABSTAIN", "alcohol_abstain"}:
        return
    negative = [event for event in tests if event.word == "NEGATIVE"]
    other = [event for event in tests if event.word != "NEGATIVE"]
    facts = (
        [
            _said(
                record,
                tests[-1],
                f"{len(negative)} of {len(tests)} negative, last {day_words(tests[-1].day, record.today)}",
            )
        ]
        if tests
        else []
    )
    facts += [
        _said(record, event, f"{event.word.lower()} {day_words(event.day, record.today)}") for event in other[-2:]
    ]
    status = (
        StatusWord.NO_REPORT
        if not tests
        else StatusWord.MET
        if not other
        else StatusWord.PARTLY_MET
        if negative
        else StatusWord.NOT_MET
    )
    yield ConditionLine(title="Alcohol and drug tests", due="as directed", status=status, facts=tuple(facts))


def _others(record: CaseRecord, _seats: list[Seat], codes: set[str], _since: date | None) -> Iterator[ConditionLine]:
    if "FINES_FEES" in codes:
        yield ConditionLine(title="Fees", due="as ordered", status=None, instead="not reviewed for compliance")
    # the wording of a local term is the signed order's: it may hold a place, and no place stands on this page
    for code in sorted(codes & OTHER_TERMS.keys()):
        yield ConditionLine(title=OTHER_TERMS[code], due="always", status=None, instead="not reviewed here")


def _said(record: CaseRecord, event: Event, text: str) -> Said:
    corrected = f"corrected {day_words(event.corrected_on, record.today)}" if event.corrected_on else ""
    return Said(text=text, source=source_of(event), on=event.day, corrected=corrected, rows=(event.id,))


Maker = Callable[[CaseRecord, list[Seat], set[str], date | None], Iterator[ConditionLine]]
MAKERS: tuple[Maker, ...] = (_program, _report_in, _firearms, _no_contact, _tests, _others)
