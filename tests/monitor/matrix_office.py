"""An office with a missed class to answer and two supervisors, and what its people do with the matrix."""

from __future__ import annotations

from datetime import timedelta

from monitor.flag_review.deciding import Decision, decide, faults_of
from monitor.flag_review.reading import flag_page
from monitor.response_matrix.choosing import Choice
from monitor.response_matrix.default import DEFAULT
from tests.builders import ORDERED_ON, add_user, at, unexcused
from tests.matrix import adopt
from tests.office import NOW, TODAY, open_office, raise_flag

ZONE = "America/Los_Angeles"
MISSED = TODAY - timedelta(days=5)
NOTHING = dict.fromkeys(
    ("language", "disability", "work_shift", "transport", "child_care", "program_seats"), "no"
)  # fmt: skip
SUPERVISOR = {"role": "officer_supervisor"}


def with_a_missed_class(database):
    office = open_office(database)
    with database.system("test: a second supervisor, a missed class") as session, session.begin():
        office.flags["second"] = add_user(session, office.town.office, "officer_supervisor", "oyelaran@agency.example")
        [row] = unexcused(session, office.matter, MISSED)
        office.missed = raise_flag(
            session, office.matter, "ABSENCE_UNEXCUSED", "B", about_id=row.id, evidence=[str(row.id)], first_on=MISSED
        )
    return office


def adopted(office, from_on=ORDERED_ON, number=1, content=DEFAULT):
    with office.database.system("test: adopted") as session, session.begin():
        return adopt(
            session, office.town.office, office.supervisor, office.flags["second"], from_on, at(ORDERED_ON),
            number=number, content=content,
        )  # fmt: skip


def chosen(measure="here.0", decision="HANDLE", **more):
    return Decision(decision=decision, words="A call on Friday.", answers=NOTHING, choice=Choice(measure, **more))


def decided(office, flag_id, decision, now=NOW):
    with office.scoped(writes=True) as session, session.begin():
        page = flag_page(session, flag_id, now, lock=True)
        return decide(session, page, page.token, decision, now)


def faults(office, decision, flag_id=0):
    with office.scoped() as session:
        return faults_of(flag_page(session, flag_id or office.missed, NOW), decision)


def another(office, response_class="B", code="CHECKIN_MISSED", **told):
    with office.database.system("test: one more") as session, session.begin():
        return raise_flag(session, told.pop("matter", office.matter), code, response_class, **told)
