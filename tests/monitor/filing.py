"""A missed class, its flag, and the steps of a report to the court, one line each."""

from __future__ import annotations

from datetime import date, timedelta

from monitor.access.scope import Scope
from monitor.allegations import drafting
from monitor.allegations.reading import allegation_page
from monitor.allegations.typed import Typed
from monitor.bench_page.reading import bench_page
from monitor.clock import local_day
from monitor.docket import docket
from monitor.flag_review.deciding import Decision, decide
from monitor.flag_review.reading import flag_page
from monitor.models import Flag
from tests.builders import attended
from tests.office import NOW, hearing, miss_a_class, open_office

DAY = timedelta(days=1)
MISSED = date(2026, 2, 23)
ANSWERS = dict.fromkeys(("language", "disability", "work_shift", "transport", "child_care", "program_seats"), "no")
ACT = Decision(decision="ACT", words="Please review.", answers=ANSWERS)


def office_with_a_miss(database):
    """An office, a missed class with its flag, and a hearing in two days."""
    office = open_office(database)
    with database.system("test: a missed class") as session, session.begin():
        attended(session, office.matter, date(2026, 2, 16))
        miss_a_class(session, office, MISSED)
        office.flags["hearing"] = hearing(session, office.matter, NOW + 2 * DAY)
    return office


def reported(office, flag_id=0, now=NOW):
    """The draft that a review began."""
    flag_id = flag_id or office.flags["missed"]
    with office.scoped(writes=True) as session, session.begin():
        page = flag_page(session, flag_id, now, lock=True)
        decide(session, page, page.token, ACT, now)
    return report_with(office, flag_id)


def report_with(office, flag_id):
    with office.scoped() as session:
        return flag_page(session, flag_id, NOW).allegation_id


def page_of(office, report, now=NOW, **who):
    with office.scoped(**who) as session:
        return allegation_page(session, report, now)


def done(office, report, act, *words, now=NOW, **who):
    with office.scoped(writes=True, **who) as session, session.begin():
        act(session, allegation_page(session, report, now), *words, now)


def sent(office, report, now=NOW, **typed):
    done(office, report, drafting.submit, Typed(**{"ask": "REVIEW", **typed}), now=now)


def boss(office):
    return {"who": office.supervisor, "role": "officer_supervisor"}


def bench(office, now=NOW):
    scope = Scope(office.officer, "judge", office.town.court_agency)
    with office.database.scoped(scope) as session:
        return bench_page(session, office.flags["hearing"], now)


def on_docket(office, now=NOW):
    scope = Scope(office.officer, "judge", office.town.court_agency)
    with office.database.scoped(scope) as session:
        return docket(session, "near", local_day(NOW + 2 * DAY, office.town.zone), now).lines[0]


def state(office, flag_id=0):
    with office.database.system("test: look") as session:
        return session.get_one(Flag, flag_id or office.flags["missed"]).state
