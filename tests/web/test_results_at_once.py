"""Two hearings of one case on a day, each at another desk; and a report whose end was entered wrongly."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from monitor.access.scope import Scope
from monitor.allegations.steps import Changed
from monitor.clock import utc_now
from monitor.current import current
from monitor.models import HearingResult, Pause
from monitor.one_at_a_time import one_at_a_time
from monitor.results.page import result_page
from monitor.results.recording import Entry, faults_of, record, undo
from monitor.results.taking import take_next
from tests.builders import add_user
from tests.office import hearing
from tests.web.test_results import Court

ISSUED = Entry(
    result="DID_NOT_APPEAR", warrant="ISSUED", notice_step="DONE", next="none", no_date="WARRANT",
)  # fmt: skip


@pytest.fixture
def court(database) -> Court:
    found = Court(database)
    with database.system("test: a second hearing of the case that day") as session, session.begin():
        found.second = hearing(session, found.matter, found.start + timedelta(hours=2))
        agency = found.town.town.court_agency
        found.clerks = [add_user(session, agency, "clerk", f"{name}@court.example") for name in ("adams", "ito")]
    return found


def desk(court, number):
    scope = Scope(court.clerks[number], "clerk", court.town.town.court_agency)
    return court.database.scoped(scope, writes=True)


def recorded(session, hearing_id, entry):
    now = utc_now()
    page = result_page(session, hearing_id, now)
    assert not faults_of(session, page, entry, now)
    return record(session, page, entry, page.token, now)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_of_two_warrants_in_one_case_at_once_the_second_desk_is_told(court):
    with desk(court, 0) as first:
        page = result_page(first, court.hearing, utc_now())
        assert not faults_of(first, page, ISSUED, utc_now())
        with desk(court, 1) as second:
            recorded(second, court.second, ISSUED)
            second.commit()
        with pytest.raises(Changed, match="warrant"):
            record(first, page, ISSUED, page.token, utc_now())
        first.rollback()
    assert len(court.rows(Pause, where=[current(Pause), Pause.kind == "WARRANT"])) == 1
    assert court.outcome() is None


def taken_back(court, hearing_id):
    with desk(court, 0) as session:
        done = undo(session, result_page(session, hearing_id, utc_now()), utc_now())
        session.commit()
        return done


def standing(court):
    return court.rows(Pause.starts_on, Pause.ends_on, where=[current(Pause), Pause.kind == "WARRANT"])


def save(court, hearing_id, entry):
    with desk(court, 1) as session:
        recorded(session, hearing_id, entry)
        session.commit()


RECALLED = Entry(result="HELD", done="WARNED", warrant="RECALLED", notice_step="DONE", next="none", no_date="WARRANT")


def test_what_a_later_entry_of_the_case_rests_on_is_not_undone_beneath_it(court):
    save(court, court.hearing, ISSUED)
    save(court, court.second, RECALLED)
    assert standing(court) == []
    assert not taken_back(court, court.hearing), "it was recalled since"
    assert court.outcome() == "DID_NOT_APPEAR" and standing(court) == []
    assert taken_back(court, court.second) and taken_back(court, court.hearing), "the newest first"
    assert standing(court) == [] and court.outcome() is None
    assert len(court.rows(HearingResult)) == 2


def test_a_recall_is_not_undone_once_another_warrant_is_out(court):
    save(court, court.hearing, ISSUED)
    save(court, court.second, RECALLED)
    with court.database.system("test: a third hearing") as session, session.begin():
        third = hearing(session, court.matter, court.start + timedelta(hours=3))
    save(court, third, ISSUED)
    assert not taken_back(court, court.second)
    assert len(standing(court)) == 1
    assert taken_back(court, third) and taken_back(court, court.second) and len(standing(court)) == 1


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_nobody_waits_for_a_case_that_somebody_saves_to_be_given_the_next(court):
    """Two desks that saved in one instant each waited for the other's case, and one of them lost what it had typed."""
    day = result_page_of(court).day

    def next_of(number):
        with desk(court, number) as session:
            found = take_next(session, "near", day, utc_now())
            session.commit()
            return found

    with ThreadPoolExecutor(1) as pool, desk(court, 0) as saving:
        one_at_a_time(saving, court.hearing)
        asked = pool.submit(next_of, 1)
        try:
            assert asked.result(timeout=10) == court.hearings[1]
        finally:
            saving.rollback()
    assert next_of(0) == court.hearing


def result_page_of(court):
    with desk(court, 0) as session:
        return result_page(session, court.hearing, utc_now())
