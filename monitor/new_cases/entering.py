"""What speaks against a new case, who on record it may be about, and how it is put on record.

Identity is never guessed: of people on record with that name, or with that birth date and family name, the clerk says
which one it is, or that it is somebody else. Whom the clerk does not reach is not among them, so two rows of one person
may stand in two courts; nothing is joined by itself.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import IntegrityError

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.words import LANGUAGES
from monitor.clock import local_day
from monitor.db import looking_wide, writing_for_others
from monitor.models import Case, CaseAgency, Hearing, Person
from monitor.models.base import random_id
from monitor.name_words import looked_up_by
from monitor.names import BETWEEN, words_of
from monitor.new_cases.page import KINDS, NOBODY, Bench, NewCase, Offered
from monitor.person_page.heading import listed_name
from monitor.results.dates import closed_then

OLDEST, MOST_ALIKE = 120, 10
LONGEST: Final = {"number": 40, "family": 80, "given": 80, "middle": 80, "suffix": 10, "room": 20}
NOT_FREE = "This number cannot be given to a new case of this court. Look it up, or ask whoever keeps the register."


class NotFree(Exception):
    """Another case of the court has the number. Nothing was written."""


class Alike(msgspec.Struct, frozen=True):
    """Somebody on record whom the clerk reaches, and whom the new case may be about."""

    id: int
    name: str
    born_on: date
    numbers: tuple[str, ...]
    cases: tuple[int, ...]


def faults_of(session: ScopedSession, offers: Offered, typed: NewCase, now: datetime) -> dict[str, str]:
    """What is missing or cannot be, by field, and what to do about it."""
    bench = offers.court(typed.court)
    faults = {} if bench else {"court": "Choose the court that has the case."}
    faults |= faults_of_naming(typed, bench.judges if bench else None, local_day(now, bench.zone if bench else "UTC"))
    if typed.kind not in KINDS:
        faults["kind"] = "Choose what the first hearing is."
    if typed.office != NOBODY and typed.office not in {str(one) for one, _name in offers.offices}:
        faults["office"] = "Choose the probation office, or that none supervises."
    if bench:
        faults |= _of_hearing(session, bench, typed, now)
    return faults


def faults_of_naming(
    typed: NewCase, judges: tuple[tuple[int, str], ...] | None, today: date
) -> dict[str, str]:
    """The same of number, judge and person, and of what is too long. ``judges``: None while no court is chosen."""
    faults = _of_person(typed, today)
    if not typed.number.strip():
        faults["number"] = "Type the case number as the court's register has it."
    if typed.judge and judges is not None and typed.judge not in dict(judges):
        faults["judge"] = "Choose a judge of this court, or leave it open."
    long = {name: most for name, most in LONGEST.items() if len(getattr(typed, name).strip()) > most}
    return faults | {name: f"That is longer than {most} characters." for name, most in long.items()}


def _of_person(typed: NewCase, today: date) -> dict[str, str]:
    faults = {}
    if not typed.family.strip():
        faults["family"] = "Type the family name of the person the case is about, or the only name."
    if not typed.given.strip():
        faults["given"] = "Type the given name; of somebody with one name a dash (-)."
    elif typed.one_name and typed.middle.strip():
        faults["middle"] = "Somebody with one name has it under family name alone. Take this away."
    if typed.born_on is None or not today.year - OLDEST <= typed.born_on.year or typed.born_on >= today:
        faults["born_on"] = "Give the date of birth: it tells people of one name apart."
    if typed.language and typed.language not in LANGUAGES:
        faults["language"] = "Choose a language, or leave it: English."
    return faults


def _of_hearing(session: ScopedSession, bench: Bench, typed: NewCase, now: datetime) -> dict[str, str]:
    faults = {}
    if typed.at is None:
        faults["at"] = "Give the hour of the hearing, like 8:30 AM."
    if not typed.room.strip():
        faults["room"] = "Say in which room it is heard."
    if typed.on is None:
        return faults | {"on": "Give the day of the first hearing; one that was held already may be given, too."}
    if typed.on > local_day(now, bench.zone) and (fault := closed_then(session, bench.id, typed.on, now)):
        faults["on"] = fault
    return faults


def alike(session: ScopedSession, typed: NewCase) -> tuple[Alike, ...]:
    """People on record, in the clerk's own reach, whom this may be; the clerk says which, if any."""
    given, last = typed.given_name, typed.family.strip()
    keys = looked_up_by(given, last)
    either = or_(Person.name_key.in_(keys), Person.other_name_key.in_(keys))
    same_birth = (Person.born_on == typed.born_on) & or_(*_of_family(last))
    rows = session.execute(
        select(Person.id, Person.family_name, Person.given_name, Person.middle_name, Person.suffix, Person.born_on)
        .where(or_(either, same_birth)).order_by(Person.family_name, Person.given_name, Person.id)
        .limit(MOST_ALIKE)
    ).all()  # fmt: skip
    cases = select(Case.person_id, Case.number, Case.id).where(Case.person_id.in_([row.id for row in rows]))
    numbers = session.execute(cases.order_by(Case.number)).all() if rows else []
    return tuple(
        Alike(
            row.id, listed_name(row), row.born_on, tuple(one.number for one in numbers if one.person_id == row.id),
            tuple(one.id for one in numbers if one.person_id == row.id),
        )
        for row in rows
    )


def _of_family(name: str) -> list[ColumnElement[bool]]:
    """Whether a person bears this family name, or one of several that it or theirs has: García, García Ortiz."""
    ends = [f"% {word}" for word in words_of(name) if word not in BETWEEN]
    return [
        Person.family_name.ilike(_plain(name), escape="/"),
        *(column.like(end) for end in ends for column in (Person.name_key, Person.other_name_key)),
    ]


def _plain(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def enter(
    session: ScopedSession, bench: Bench, typed: NewCase, known: tuple[Alike, ...], now: datetime
) -> tuple[int, int]:
    """The case and its first hearing, by their ids. Raises `NotFree`; call it with no fault left.

    ``known``: who was offered; ``typed.person`` is one of them, or nobody.
    """
    starts_at, person_id = typed.starts_at(bench.zone), _chosen(typed, known)
    assert starts_at is not None
    today, case_id, hearing_id = local_day(now, bench.zone), random_id(), random_id()
    court_agency = session.scope.agency_id
    try:
        with writing_for_others(session, "a new case, and the office that is to supervise it"):
            person_id = person_id or _person(session, typed, court_agency)
            session.add(Case(
                id=case_id, agency_id=court_agency, court_id=bench.id, judge_id=typed.judge or None,
                person_id=person_id, number=typed.number.strip(), opened_on=min(today, starts_at.date()),
                closed_on=None,
            ))  # fmt: skip
            session.flush()
            agencies = {court_agency} | ({int(typed.office)} if typed.office != NOBODY else set())
            session.add_all(
                CaseAgency(case_id=case_id, agency_id=one, from_on=today, until_on=None) for one in sorted(agencies)
            )
            session.add(Hearing(
                id=hearing_id, case_id=case_id, agency_id=court_agency, court_id=bench.id,
                judge_id=typed.judge or None, kind=typed.kind, starts_at=starts_at, room=typed.room.strip(),
                review_no=1 if typed.kind == "COMPLIANCE_REVIEW" else None, outcome=None, resulted_at=None,
                recorded_at=now,
            ))  # fmt: skip
    except IntegrityError as error:
        raise NotFree from error
    return case_id, hearing_id


def who_has(session: ScopedSession, court_id: int, number: str) -> tuple[int, bool]:
    """The case of the court that has a number, and whether it is hidden from whoever asks; 0: none has it."""
    has = select(Case.id).where(Case.court_id == court_id, Case.number == number.strip())
    with looking_wide(session, "which case has a number that was refused"):
        found = session.scalar(has)
    return found or 0, found is not None and session.scalar(has) is None


def _chosen(typed: NewCase, known: tuple[Alike, ...]) -> int:
    return next((one.id for one in known if str(one.id) == typed.person), 0)


def _person(session: ScopedSession, typed: NewCase, agency_id: int) -> int:
    row = Person(
        id=random_id(), agency_id=agency_id, family_name=typed.family.strip(), given_name=typed.given_name,
        middle_name=typed.middle.strip() or None, suffix=typed.suffix.strip() or None, born_on=typed.born_on,
        language=typed.language or None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id
