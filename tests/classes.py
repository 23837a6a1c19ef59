"""A Monday group of some people in a small town, for tests of the program's desk. The clock is read in doors only."""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.current import current
from monitor.db import Database
from monitor.models import Assignment, Attendance, Coverage, Group, Person
from tests.builders import ORDERED_ON, Matter, Town, add_user, at, build_town, person_with_order

MONDAY = date(2026, 3, 2)
AFTER_CLASS = at(MONDAY, 20)
NAMES = (
    ("Bell", "Marcus"), ("García-Ortiz", "Luis"), ("O'Neal", "Dwayne"), ("Smith", "Robert"), ("Tran", "Van Minh"),
    ("Whitefeather", "James"), ("Haddad", "Farid"), ("Okafor", "Emeka"), ("Petrov", "Aleksandr"), ("Mensah", "Kofi"),
    ("Delgado", "Rafael"), ("Park", "Joe"),
)  # fmt: skip


class Class(msgspec.Struct):
    """Ids of the town, its officer, and the people of the Monday group by family name."""

    database: Database
    town: Town
    officer: int
    people: dict[str, Matter]
    wednesday: int

    @property
    def path(self) -> str:
        """The grid of the Monday class."""
        return f"/attendance/{self.town.group}/{MONDAY}"

    def place(self, family: str) -> int:
        """The enrollment of somebody."""
        return self.people[family].enrollment

    def standing(self, on: date = MONDAY) -> dict[str, str]:
        """Family name to what stands on record of a day."""
        with self.database.system("test: look at a class", writes=False) as session:
            rows = session.execute(
                select(Attendance.enrollment_id, Attendance.program_says)
                .where(Attendance.occurred_on == on, current(Attendance))
            )
            says = {place: code for place, code in rows}
        return {family: says[one.enrollment] for family, one in self.people.items() if one.enrollment in says}

    def covered(self) -> int:
        """For how many people that day is covered."""
        with self.database.system("test: look at coverage", writes=False) as session:
            rows = session.scalars(select(Coverage.id).where(Coverage.covers_from == MONDAY, current(Coverage)))
            return len(rows.all())


def open_class(database: Database, people: int = 4) -> Class:
    """Build it: ``people`` in the Monday group, all assigned to one officer; and a Wednesday group without anybody."""
    with database.system("test: a class") as session, session.begin():
        town = build_town(session)
        officer = add_user(session, town.office, "officer", "reyes@agency.example")
        matters = {family: _join(session, town, officer, family, given) for family, given in NAMES[:people]}
        other = session.get(Group, town.group)
        assert other is not None
        wednesday = Group(
            agency_id=town.program_agency, program_id=town.program, code="WED", weekday=2, starts_at=other.starts_at
        )
        session.add(wednesday)
        session.flush()
        return Class(database, town, officer, matters, wednesday.id)


def _join(session: Session, town: Town, officer: int, family: str, given: str) -> Matter:
    matter = person_with_order(session, town)
    person = session.get(Person, matter.person)
    assert person is not None
    person.family_name, person.given_name = family, given
    session.add(
        Assignment(case_id=matter.case, agency_id=town.office, user_id=officer, from_on=ORDERED_ON, until_on=None)
    )
    session.flush()
    return matter
