"""A case that is not mine: refused, or opened for half an hour with a reason that somebody reviews (safeguard D3)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from monitor.case_openings import escalate
from monitor.clock import local_day, utc_now
from monitor.models import (
    Agency,
    AuditEntry,
    AuthSession,
    CaseOpening,
    CourtHoliday,
    Flag,
    Membership,
    Outbox,
    random_id,
)
from monitor.outbox.notice import BODY, SUBJECT
from tests.builders import add_user
from tests.office import open_office, raise_flag

WHY = {"ground": "CALL", "words": "Call 26-1187: patrol asks whether the order was served."}


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: a flag") as session, session.begin():
        office.flags["proof"] = raise_flag(session, office.matter, "ENROLLMENT_PROOF_OVERDUE", "B", due_on="2026-02-04")
    return office


@pytest.fixture
def colleague(office, client_as):
    """An officer of the same office who is not assigned."""
    return client_as("officer", agency_id=office.town.office, name="Robin Cho")


@pytest.fixture
def supervisor(office, client_as):
    return client_as("officer_supervisor", agency_id=office.town.office, name="Sam Ito")


def path(office) -> str:
    return f"/people/{office.matter.person}"


def ask(office) -> str:
    return f"/cases/{office.matter.case}/opening"


def open_it(office, browser, **form):
    return browser.post(ask(office), data={"next": path(office), **WHY, **form})


def openings(database) -> list[CaseOpening]:
    with database.system("test: look", writes=False) as session:
        return list(session.scalars(select(CaseOpening).order_by(CaseOpening.opened_at)))


def test_who_is_not_assigned_is_asked_why_before_anything_of_the_case_is_shown(office, colleague):
    for way in (path(office), f"{path(office)}/compliance", f"/flags/{office.flags['proof']}"):
        answer = colleague.get(way)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"{ask(office)}?next={way}"
        assert answer.text == ""
    page = colleague.get(ask(office))
    assert page.status_code == 200
    assert "You are not assigned to this case" in page.text
    assert "Example" not in page.text


def test_a_decision_on_a_case_that_is_not_mine_is_not_kept(office, colleague, database):
    answer = colleague.post(f"/flags/{office.flags['proof']}/contest", data={"contested": "yes"})
    assert answer.status_code == 303
    assert answer.headers["location"] == ask(office)
    with database.system("test: look", writes=False) as session:
        assert session.scalar(select(Flag.contested).where(Flag.id == office.flags["proof"])) is False
        tries = session.execute(select(AuditEntry.outcome, AuditEntry.subjects).where(
            AuditEntry.event == "flag.contested")).all()  # fmt: skip
    assert [(outcome, office.matter.case in subjects) for outcome, subjects in tries] == [("denied", True)]


def test_a_try_is_on_record_though_nobody_follows_the_link_to_the_reason(office, colleague, database):
    """A script that asks for one case after the other and stops there would have left no trail."""
    colleague.get(path(office))
    with database.system("test: look", writes=False) as session:
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.event == "person.read"))
    assert (entry.outcome, entry.user_id) == ("denied", colleague.user_id)
    assert office.matter.case in entry.subjects


def test_a_reason_opens_it_for_half_an_hour_and_the_trail_tells_why(office, colleague, database):
    answer = open_it(office, colleague)
    assert (answer.status_code, answer.headers["location"]) == (303, path(office))
    page = colleague.get(path(office))
    assert page.status_code == 200
    assert "Example, Ann" in page.text
    [opening] = openings(database)
    assert opening.until_at - opening.opened_at == timedelta(minutes=30)
    with database.system("test: look", writes=False) as session:
        read = session.scalars(select(AuditEntry).where(AuditEntry.event == "person.read")).all()
    assert [entry.detail for entry in read] == [{"reason": "opened"}]
    assert office.matter.case in read[0].subjects


def test_after_half_an_hour_it_is_closed_again(office, colleague, database):
    open_it(office, colleague)
    with database.system("test: half an hour later") as session, session.begin():
        session.execute(update(CaseOpening).values(until_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert colleague.get(path(office)).status_code == 303


def test_a_red_banner_stands_on_every_page_until_it_is_ended(office, colleague):
    assert "opened-banner" not in colleague.get("/caseload").text
    open_it(office, colleague)
    for way in (path(office), "/caseload", "/today", "/audit"):
        assert "You have opened a case that is not assigned to you" in colleague.get(way).text, way
    assert colleague.post("/openings/end").status_code == 303
    assert "opened-banner" not in colleague.get("/caseload").text
    assert colleague.get(path(office)).status_code == 303


@pytest.mark.parametrize("form", [{"ground": ""}, {"ground": "MEDDLING"}, {"words": "because"}, {"words": "   "}])
def test_without_a_real_reason_it_stays_closed(office, colleague, database, form):
    answer = open_it(office, colleague, **form)
    assert answer.status_code == 422
    assert openings(database) == []


def test_words_that_do_not_belong_on_record_are_stopped(office, colleague, database):
    answer = open_it(office, colleague, words="She moved to 12 Oak Street and her phone is 555-010-2233.")
    assert answer.status_code == 422
    assert openings(database) == []


def test_it_needs_both_factors_within_the_last_five_minutes(office, colleague, database):
    with database.system("test: signed in an hour ago") as session, session.begin():
        session.execute(update(AuthSession).values(mfa_at=datetime.now(UTC) - timedelta(seconds=301)))
    assert open_it(office, colleague).status_code != 200
    assert openings(database) == []


def test_supervisors_are_told_at_once_and_the_notice_says_nothing_of_the_case(office, colleague, database):
    open_it(office, colleague)
    with database.system("test: look", writes=False) as session:
        notices = session.scalars(select(Outbox).where(Outbox.key.like("opening:%"))).all()
    assert {notice.recipient_id for notice in notices} == {office.supervisor}
    assert {(notice.subject, notice.body) for notice in notices} == {(SUBJECT, BODY)}


@pytest.mark.parametrize(("days", "told"), [(1, True), (40, True), (0, False)])
def test_a_supervisor_whose_last_day_is_known_is_told_until_then(office, colleague, database, days, told):
    """Safeguard D3: somebody on a contract reviews what is opened meanwhile."""
    with database.system("test: a last day") as session, session.begin():
        today = local_day(utc_now(), session.get_one(Agency, office.town.office).zone)
        role = select(Membership).where(Membership.user_id == office.supervisor)
        session.scalars(role).one().until_on = today + timedelta(days=days)
    open_it(office, colleague)
    with database.system("test: look", writes=False) as session:
        found = session.scalars(select(Outbox.recipient_id).where(Outbox.key.like("opening:%"))).all()
    assert found == ([office.supervisor] if told else [])


def test_who_is_assigned_and_their_supervisor_simply_read(office, client_as, supervisor, database):
    from monitor.models import Assignment

    own = client_as("officer", agency_id=office.town.office)
    with database.system("test: assigned") as session, session.begin():
        session.execute(update(Assignment).values(user_id=own.user_id))
    for browser, reason in ((own, "assigned"), (supervisor, "team")):
        assert browser.get(path(office)).status_code == 200
        with database.system("test: look", writes=False) as session:
            newest = session.scalars(
                select(AuditEntry).where(AuditEntry.event == "person.read").order_by(AuditEntry.number.desc())
            ).first()
        assert newest.detail == {"reason": reason}


def test_a_case_nobody_is_assigned_to_needs_a_reason_of_the_supervisor_too(office, supervisor, database):
    from monitor.models import Assignment

    with database.system("test: nobody") as session, session.begin():
        session.execute(update(Assignment).values(until_on=date(2026, 3, 1)))
    assert supervisor.get(path(office)).status_code == 303


def test_a_case_of_another_office_and_one_that_is_not_there_are_the_same_answer(office, client_as, database):
    from tests.builders import build_town

    with database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    stranger = client_as("officer", agency_id=far.office)
    for method in ("get", "post"):
        answers = [
            getattr(stranger, method)(f"/cases/{case}/opening", **({"data": WHY} if method == "post" else {}))
            for case in (office.matter.case, random_id())
        ]
        assert {answer.status_code for answer in answers} == {404}
        hidden, absent = (re.sub(r"[0-9a-f]{8,}|\d+:\d\d [AP]M|\d{15,}", "", answer.text) for answer in answers)
        assert hidden == absent


def test_the_queue_tells_who_why_and_by_when_and_one_does_not_review_oneself(office, colleague, supervisor, database):
    open_it(office, colleague)
    [opening] = openings(database)
    page = supervisor.get("/openings")
    assert page.status_code == 200
    for told in ("Robin Cho", "Call 26-1187", "30 min."):
        assert told in page.text
    assert supervisor.post(f"/openings/{opening.id}", data={"verdict": "EXPECTED"}).status_code == 303
    [opening] = openings(database)
    assert (opening.verdict, opening.reviewed_by_id) == ("EXPECTED", supervisor.user_id)
    assert "Robin Cho" not in supervisor.get("/openings").text.split("<main")[1]
    case = supervisor.get(f"/openings/{opening.id}/case")
    assert case.headers["location"] == f"{path(office)}?case={office.matter.case}"
    assert supervisor.post(f"/openings/{opening.id}", data={"verdict": "TO_ASK"}).status_code == 404


def test_a_supervisor_who_opened_a_case_waits_for_somebody_else(office, supervisor, client_as, database):
    from monitor.models import Assignment

    with database.system("test: nobody") as session, session.begin():
        session.execute(update(Assignment).values(until_on=date(2026, 3, 1)))
    open_it(office, supervisor)
    [opening] = openings(database)
    assert "somebody else reviews it" in supervisor.get("/openings").text
    assert supervisor.post(f"/openings/{opening.id}", data={"verdict": "EXPECTED"}).status_code == 404
    privacy = client_as("privacy_officer", agency_id=office.town.office, name="Pat Noor")
    page = privacy.get("/openings").text
    assert "Sam Ito" in page
    assert "26-DV" not in page.split("<main")[1]  # the event, not the case
    assert privacy.post(f"/openings/{opening.id}", data={"verdict": "TO_ASK"}).status_code == 303


def test_it_is_due_on_the_third_day_that_the_court_is_open(office, database):
    from monitor.case_openings import open_case
    from tests.builders import at

    with database.system("test: a holiday") as session, session.begin():
        shut = date(2026, 3, 9)
        session.add(CourtHoliday(court_id=office.town.court, closed_on=shut, title="Closed", recorded_at=at(shut)))
    with office.scoped(who=office.colleague, writes=True) as session, session.begin():
        open_case(session, office.matter.case, "CALL", WHY["words"], at(date(2026, 3, 5), 23))  # a Thursday, late
    [opening] = openings(database)
    assert opening.review_due_on == date(2026, 3, 11)  # Friday, then Tuesday and Wednesday


def test_what_nobody_reviewed_in_time_goes_to_the_privacy_officer_once(office, colleague, supervisor, database):
    open_it(office, colleague)
    [opening] = openings(database)
    with database.system("test: a privacy officer") as session, session.begin():
        privacy = add_user(session, office.town.office, "privacy_officer", "noor@agency.example")
    with database.system("test: days go by") as session, session.begin():
        zone = ZoneInfo(session.get_one(Agency, office.town.office).zone)
        late = datetime.combine(opening.review_due_on + timedelta(days=1), datetime.min.time(), zone)
        assert escalate(session, late - timedelta(minutes=1)) == 0, "its day is not over where the office is"
        assert escalate(session, late) == 1
        assert escalate(session, late) == 0
    with database.system("test: look", writes=False) as session:
        told = session.scalars(select(Outbox.recipient_id).where(Outbox.key.like("opening-late:%"))).all()
        session.rollback()
    assert told == [privacy]
    with database.system("test: long ago") as session, session.begin():
        session.execute(update(CaseOpening).values(review_due_on=date(2026, 1, 5)))
    assert "Overdue" in supervisor.get("/openings").text
