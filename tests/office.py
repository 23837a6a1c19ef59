"""A probation office for tests: one town, an officer with one person, a colleague, a supervisor; real evaluation."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from monitor.access.scope import Scope
from monitor.access.scoped_session import ScopedSession
from monitor.allegations.approving import approve
from monitor.allegations.drafting import submit
from monitor.allegations.reading import allegation_page
from monitor.allegations.typed import Typed
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.db import Database
from monitor.models import AllegationFlag, Assignment, Flag, Hearing, Person, Span, random_id
from tests.builders import ORDERED_ON, Matter, Town, add_user, at, build_town, person_with_order, unexcused

TODAY = date(2026, 3, 4)  # a Wednesday
NOW = at(TODAY, 9)


class Office(msgspec.Struct):
    """Ids of who works here, and the person that the officer supervises."""

    database: Database
    town: Town
    officer: int
    colleague: int
    supervisor: int
    matter: Matter
    missed: int = 0
    flags: dict[str, int] = {}

    def scoped(self, *, who: int = 0, role: str = "officer", writes: bool = False) -> ScopedSession:
        """A session of the officer, or of ``who``."""
        scope = Scope(user_id=who or self.officer, role=role, agency_id=self.town.office)
        return self.database.scoped(scope, writes=writes)

    def evaluate(self, now: datetime = NOW) -> None:
        """Run the rules on what is new."""
        evaluate_now(self.database, switched_on(), now)

    def to_court(self, flag_id: int, now: datetime = NOW, **typed: Any) -> int:
        """Send the report that a flag is in to a supervisor, who lets it go to the court; the report's id."""
        with self.scoped(writes=True) as session, session.begin():
            number = session.scalar(select(AllegationFlag.allegation_id).where(AllegationFlag.flag_id == flag_id))
            assert number is not None, "nobody put it into a report"
            page = allegation_page(session, number, now)
            assert page is not None
            submit(session, page, Typed(**{"ask": "REVIEW", **typed}), now)
        with self.scoped(who=self.supervisor, role="officer_supervisor", writes=True) as session, session.begin():
            page = allegation_page(session, number, now)
            assert page is not None
            approve(session, page, now)
        return number

    def flag(self, code: str, case: int = 0) -> int:
        """The id of the flag of a code about the person, or about another ``case``."""
        with self.database.system("test: look at flags") as session:
            found = session.scalar(select(Flag.id).where(Flag.code == code, Flag.case_id == (case or self.matter.case)))
            assert found is not None, f"no {code}"
            return found


def open_office(database: Database) -> Office:
    """Build it."""
    with database.system("test: an office") as session, session.begin():
        town = build_town(session)
        staff = [
            add_user(session, town.office, role, f"{name}@agency.example")
            for role, name in (("officer", "reyes"), ("officer", "cho"), ("officer_supervisor", "ito"))
        ]
        matter = supervised(session, town, staff[0], "Example", "Ann")
    return Office(database, town, *staff, matter)


def supervised(session: Session, town: Town, officer: int, family: str, given: str, **order: Any) -> Matter:
    """A person under order, assigned to an officer."""
    matter = person_with_order(session, town, **order)
    person = session.get(Person, matter.person)
    assert person is not None
    person.family_name, person.given_name = family, given
    session.add(
        Assignment(case_id=matter.case, agency_id=town.office, user_id=officer, from_on=ORDERED_ON, until_on=None)
    )
    session.flush()
    return matter


def take_over(database: Database, browser: Any) -> Any:
    """Assign every case of the office to whoever sits at this browser; returns it."""
    with database.system("test: assigned") as session, session.begin():
        session.execute(update(Assignment).values(user_id=browser.user_id))
    return browser


def hearing(session: Session, matter: Matter, starts_at: datetime, outcome: str | None = None) -> int:
    """A compliance review of the case."""
    row = Hearing(
        id=random_id(), case_id=matter.case, agency_id=matter.town.court_agency, court_id=matter.town.court,
        judge_id=matter.town.judge, kind="COMPLIANCE_REVIEW", starts_at=starts_at, room="Dept 4", review_no=1,
        outcome=outcome, resulted_at=starts_at + timedelta(hours=1) if outcome else None, recorded_at=at(ORDERED_ON),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def miss_a_class(session: Session, office: Office, day: date) -> None:
    """A class that was missed without a reason that holds, and the question about it (``flags["missed"]``)."""
    [missed] = unexcused(session, office.matter, day)
    office.missed = missed.id
    office.flags["missed"] = raise_flag(
        session, office.matter, "ABSENCE_UNEXCUSED", "B", about_id=missed.id, evidence=[str(missed.id)], count=1,
        first_on=day, provision="Example Code 1.2(a)",
    )  # fmt: skip


def raise_flag(session: Session, matter: Matter, code: str, response_class: str | None, **told: Any) -> int:
    """A flag as an evaluation would keep it, for codes whose facts are tedious to lay out. ``told``: span content."""
    owner, agency = told.pop("owner", "offender"), told.pop("agency", matter.town.office)
    content = {"code": code, "owner": owner, "certainty": "CERTAIN", "rule": f"us_ca.{code.lower()}", "zone": "UTC"}
    first_on: date = told.pop("first_on", TODAY - timedelta(days=5))
    about, certainty = told.pop("about_id", None), told.pop("certainty", "CERTAIN")
    severity = told.pop("severity", "review")
    key = f"{code}:{random_id()}"
    span = Span(
        id=random_id(), case_id=matter.case, order_id=matter.order, key=key, version="v1", code=code, owner=owner,
        response_class=response_class, severity=severity, certainty=certainty, starts_on=first_on,
        starts_at=at(first_on, 0), ends_at=None, due_on=None, clears_on=None, about_id=about,
        content=content | {"first_on": first_on.isoformat(), "certainty": certainty} | told, known_from=at(first_on),
        known_until=None,
    )  # fmt: skip
    flag = Flag(
        id=random_id(), case_id=matter.case, agency_id=agency, key=key, span_id=span.id, version="v1", code=code,
        owner=owner, response_class=response_class, severity=severity, state="OPEN", first_on=first_on, due_on=None,
        opened_at=at(first_on), closed_at=None, contested=False,
    )  # fmt: skip
    session.add_all([span, flag])
    session.flush()
    return flag.id
