"""Letters of probation's office to people of its list: fixed words, a page each, printed and posted by the office.

Nothing in a letter is typed or drawn from what anybody reported: a name, a case number, a day, the court's own date.
So none can tell of a protected person, or that anybody asked (safeguards A, B3). The address is on the office's own
envelope; this record has none. A letter is kept as an attempt to reach the person; it answers no duty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.words import language_words
from monitor.contact_log import saving
from monitor.current import current
from monitor.models import Assignment, Case, Contact, Court, Hearing, Person, User
from monitor.models.base import random_id
from monitor.names import first_last
from monitor.one_at_a_time import one_at_a_time
from monitor.person_page.heading import listed_name
from monitor.today.people import of_list
from monitor.wording import short_day

KINDS: Final[Mapping[str, str]] = {
    "CALL": "Please call by a day", "COME": "Please come to the office by a day",
    "COURT": "Reminder of the next court date", "OFFICER": "Who your officer is now",
}  # fmt: skip
WITH_A_DAY: Final = ("CALL", "COME")
LATEST: Final = timedelta(days=60)
MOST: Final = 100
SPOKEN: Final = ("en", "es")


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One page. ``languages``: English, and the person's own where we have it; ``interpreter``: the one we lack.

    ``court_at``: the next date, in ``zone``. ``why_not``: why there is no letter to this person.
    """

    case_id: int
    person: str
    plain_name: str
    number: str
    languages: tuple[str, ...]
    interpreter: str
    court: str
    room: str
    zone: str
    court_at: datetime | None
    why_not: str
    sent_today: bool
    officer: str = ""


def letters(
    session: ScopedSession, cases: Sequence[int], kind: str, on: date | None, now: datetime, *, alone: bool = False
) -> list[Letter]:  # fmt: skip
    """A page for each of the cases that is on the office's list, by name. ``alone``: of two presses one waits."""
    rows = session.execute(_people(session, cases)).all()
    if alone:
        for case_id in sorted(row.id for row in rows):
            one_at_a_time(session, case_id)
    dates = _next_dates(session, cases, now)
    sent = _sent(session, cases, note_of(kind, on), now)
    held = _officers(session, cases)
    return [_letter(row, kind, dates.get(row.id), held.get(row.id, ""), row.id in sent) for row in rows]


def _officers(session: ScopedSession, cases: Sequence[int]) -> dict[int, str]:
    """Who of this office holds each case today."""
    mine = Assignment.agency_id == session.scope.agency_id, Assignment.until_on.is_(None)
    told = select(Assignment.case_id, User.name).join(User, User.id == Assignment.user_id)
    rows = session.execute(told.where(Assignment.case_id.in_(list(cases)[:MOST]), *mine))
    return {row.case_id: row.name for row in rows}


def _people(session: ScopedSession, cases: Sequence[int]) -> Any:
    columns = (
        Case.id, Case.number, Court.name.label("court"), Court.zone, Person.family_name, Person.given_name,
        Person.middle_name, Person.suffix, Person.language,
    )  # fmt: skip
    return (
        select(*columns).join(Person, Person.id == Case.person_id).join(Court, Court.id == Case.court_id)
        .where(Case.id.in_(list(cases)[:MOST]), of_list(Case.id, session, True), Case.closed_on.is_(None))
        .order_by(Person.family_name, Person.given_name, Case.number)
    )  # fmt: skip


def _next_dates(session: ScopedSession, cases: Sequence[int], now: datetime) -> dict[int, Any]:
    ahead = Hearing.case_id.in_(list(cases)[:MOST]), Hearing.starts_at > now, Hearing.outcome.is_(None)
    rows = session.execute(select(Hearing.case_id, Hearing.starts_at, Hearing.room).where(*ahead))
    found: dict[int, Any] = {}
    for row in sorted(rows, key=lambda one: one.starts_at):
        found.setdefault(row.case_id, row)
    return found


def _sent(session: ScopedSession, cases: Sequence[int], note: str, now: datetime) -> set[int]:
    """Whom the same letter was made for within a day: a page that is opened again writes nothing again."""
    same = (
        Contact.case_id.in_(list(cases)[:MOST]), Contact.method == "LETTER", Contact.note == note,
        Contact.recorded_at > now - timedelta(hours=24), current(Contact),
    )  # fmt: skip
    return set(session.scalars(select(Contact.case_id).where(*same)))


def _letter(row: Any, kind: str, ahead: Any, officer: str, sent: bool) -> Letter:
    language, why_not = row.language or "en", ""
    if kind == "COURT" and ahead is None:
        why_not = "No court date is set."
    elif kind == "OFFICER" and not officer:
        why_not = "No officer of this office holds the case yet."
    return Letter(
        case_id=row.id, person=listed_name(row), plain_name=first_last(row.given_name, row.family_name),
        number=row.number, languages=tuple(one for one in SPOKEN if one in ("en", language)),
        interpreter="" if language in SPOKEN else language_words(language), court=row.court,
        room=ahead.room if ahead else "", zone=row.zone, court_at=ahead.starts_at if ahead else None,
        why_not=why_not, sent_today=sent, officer=officer,
    )  # fmt: skip


def faults_of(chosen: Sequence[Letter], kind: str, on: date | None, today: date) -> dict[str, str]:
    """What is missing, by field."""
    faults = {}
    if kind not in KINDS:
        faults["letter"] = "Choose what the letter says."
    elif not any(not one.why_not for one in chosen):
        faults["case"] = "There is nobody on this list to whom it could go."
    if kind in WITH_A_DAY and (on is None or not today < on <= today + LATEST):
        faults["on"] = "Type a day from tomorrow on as month/day/year, at most 60 days ahead."
    return faults


def note_of(kind: str, on: date | None) -> str:
    """What the contact log keeps of it."""
    told = KINDS.get(kind, "")
    return f"Letter: {told.replace('a day', short_day(on)) if on and kind in WITH_A_DAY else told}."


def keep(session: ScopedSession, chosen: Sequence[Letter], kind: str, on: date | None, now: datetime) -> int:
    """Note each letter in its person's contact log; the id of one, by which all are taken back, 0 if none is new."""
    scope, note = session.scope, note_of(kind, on)
    rows = [
        Contact(
            id=random_id(), case_id=one.case_id, agency_id=scope.agency_id, recorded_at=now,
            recorded_by_id=scope.user_id, occurred_at=now.replace(second=0, microsecond=0), kind="DIRECT",
            method="LETTER", state="ATTEMPTED", place="OTHER", no_show=False, note=note,
        )
        for one in chosen if not one.why_not and not one.sent_today
    ]  # fmt: skip
    session.add_all(rows)
    session.flush()
    return rows[0].id if rows else 0


def take_back(session: ScopedSession, contact_id: int, now: datetime) -> tuple[int, ...]:
    """Take back what one press noted; the case of each. They stay in sight as taken back, like any contact."""
    row = session.get(Contact, contact_id)
    if row is None or row.method != "LETTER" or row.recorded_by_id != session.scope.user_id:
        return ()
    same = (
        Contact.recorded_at == row.recorded_at, Contact.recorded_by_id == row.recorded_by_id,
        Contact.method == "LETTER", Contact.state == "ATTEMPTED", current(Contact),
    )  # fmt: skip
    found = session.execute(select(Contact.id, Contact.case_id).where(*same)).all()
    for one in found:
        saving.take_back(session, one.id, now)
    return tuple(one.case_id for one in found)
