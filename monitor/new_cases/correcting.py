"""What was typed wrongly when a case was put on record: its number, its judge, and the name and birth of its person.

A look-up of dispatch goes by name and birth date, so a slip there hides an order. What was said before is not kept in
sight; the trail has that it was corrected, which fields, by whom and when. Kept packets stay as they are.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.courts import judges_of
from monitor.db import writing_for_others
from monitor.models import Case, Court, Hearing, Person
from monitor.models.base import is_id
from monitor.names import last_first
from monitor.new_cases.entering import NotFree, faults_of_naming
from monitor.new_cases.page import NewCase

ONE_NAME: Final = "-"  # as the forms say that somebody has no given name


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it was entered. ``seen``: stands for all of it, to tell whether somebody was faster."""

    hearing_id: int
    case_id: int
    person_id: int
    court_id: int
    court: str
    respondent: str
    zone: str
    closed: bool
    judges: tuple[tuple[int, str], ...]
    said: NewCase
    born_on: date
    seen: str


def entry_of(session: ScopedSession, hearing_id: int) -> Entry | None:
    """The entry of the case that this hearing is of; None: there is none, or it is another agency's."""
    if not is_id(hearing_id):
        return None
    row = session.execute(
        select(Case.id, Case.number, Case.judge_id, Case.court_id, Case.person_id, Case.closed_on,
               Court.name, Court.zone, Person.family_name, Person.given_name, Person.middle_name, Person.suffix,
               Person.born_on, Person.language)
        .join(Hearing, Hearing.case_id == Case.id).join(Court, Court.id == Case.court_id)
        .join(Person, Person.id == Case.person_id)
        .where(Hearing.id == hearing_id, Case.agency_id == session.scope.agency_id)
    ).first()  # fmt: skip
    if row is None:
        return None
    said = NewCase(
        number=row.number, family=row.family_name, given=row.given_name or ONE_NAME, middle=row.middle_name or "",
        suffix=row.suffix or "", born_on=row.born_on, language=row.language or "", judge=row.judge_id or 0,
    )  # fmt: skip
    return Entry(
        hearing_id=hearing_id, case_id=row.id, person_id=row.person_id, court_id=row.court_id, court=row.name,
        respondent=last_first(row.family_name, row.given_name),
        zone=row.zone, closed=row.closed_on is not None, judges=judges_of(session, row.court_id), said=said,
        born_on=row.born_on, seen=hashlib.blake2b(msgspec.json.encode(said), digest_size=8).hexdigest(),
    )  # fmt: skip


def faults_of_entry(entry: Entry, typed: NewCase, now: datetime) -> dict[str, str]:
    """What is missing or cannot be, by field."""
    return faults_of_naming(typed, entry.judges, local_day(now, entry.zone))


def correct(session: ScopedSession, entry: Entry, typed: NewCase) -> tuple[str, ...]:
    """Say it rightly; the names of the fields that changed. Raises `NotFree` where the number is another case's."""
    wanted = msgspec.structs.replace(
        entry.said, number=typed.number.strip(), judge=typed.judge, family=typed.family.strip(),
        given=ONE_NAME if typed.one_name else typed.given.strip(), middle=typed.middle.strip(),
        suffix=typed.suffix.strip(), born_on=typed.born_on, language=typed.language,
    )  # fmt: skip
    fields = tuple(name for name in wanted.__struct_fields__ if getattr(wanted, name) != getattr(entry.said, name))
    try:
        with writing_for_others(session, "what a case's entry said wrongly"):
            case, person = session.get_one(Case, entry.case_id), session.get_one(Person, entry.person_id)
            case.number, case.judge_id = wanted.number, wanted.judge or None
            person.family_name, person.given_name = wanted.family, wanted.given_name
            person.middle_name, person.suffix = wanted.middle or None, wanted.suffix or None
            person.born_on, person.language = wanted.born_on or entry.born_on, wanted.language or None
    except IntegrityError as error:
        raise NotFree from error
    return fields
