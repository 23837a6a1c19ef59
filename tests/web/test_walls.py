"""A walled case does not exist: with it and without it no byte differs. One puts a wall up, two take it down."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from monitor.models import ApprovalRequest, AuditEntry, AuthSession, Case, CaseAgency, ContextReview, Court, Wall
from tests.builders import ORDERED_ON, build_town, person_with_order
from tests.monitor.access.walls import put_up
from tests.office import hearing, open_office, raise_flag, supervised
from tests.web.at_once import at_once

COURT = ZoneInfo("America/Los_Angeles")  # the day of the court is not that of UTC
NUMBER = "26-DV-WALLED"


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: another person") as session, session.begin():
        other = supervised(session, office.town, office.officer, "Walled", "Wanda", number=NUMBER)
        office.flags["walled"] = raise_flag(session, other, "ENROLLMENT_PROOF_OVERDUE", "B", due_on="2026-02-04")
        hearing(session, other, datetime.now(UTC) + timedelta(days=2))
        hearing(session, office.matter, datetime.now(UTC) + timedelta(days=2))
    office.flags["person"], office.flags["case"] = other.person, other.case
    return office


def unsharing(database, case: int) -> None:
    """As if there were no such case for anybody of this county."""
    with database.system("test: without the case") as session, session.begin():
        session.execute(update(CaseAgency).where(CaseAgency.case_id == case).values(until_on=CaseAgency.from_on))


def seen(browser, office) -> dict[str, tuple[int, str]]:
    """Every page that lists, counts, searches, or names cases, without what differs on each request."""
    flags = office.flags
    ways = {
        "today": browser.get("/today"), "team": browser.get("/today?team=yes"),
        "caseload": browser.get("/caseload?team=yes"), "open": browser.get("/caseload?team=yes&only=open"),
        "search": browser.post("/caseload", data={"words": "Walled", "team": "yes"}),
        "by number": browser.post("/caseload", data={"words": NUMBER, "team": "yes"}),
        "person": browser.get(f"/people/{flags['person']}"),
        "ledger": browser.get(f"/people/{flags['person']}/compliance"),
        "flag": browser.get(f"/flags/{flags['walled']}"), "opening": browser.get(f"/cases/{flags['case']}/opening"),
        "write": browser.post(f"/flags/{flags['walled']}/contest", data={"contested": "yes"}),
        "open it": browser.post(
            f"/cases/{flags['case']}/opening", data={"ground": "CALL", "words": "Call 26-1187 about the order."}
        ),
        "trail": browser.get("/audit"),
    }  # fmt: skip
    return {name: (answer.status_code, _bare(answer)) for name, answer in ways.items()}


def _bare(answer) -> str:
    """What a page says and how long it is, without who reads it: a reader's number has a digit less at times."""
    each_time = {"set-cookie", "x-request-id", "content-length"}
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in each_time)
    headers.append(("length", len(re.sub(r'data-user="\d+"', "", answer.text))))
    text = answer.text.partition("<main")[2].split("<footer")[0]
    return re.sub(r"[0-9a-f]{8,}|\d+:\d\d [AP]M", "", str(headers) + text)


def test_for_a_walled_officer_no_page_differs_from_one_of_a_county_without_the_case(office, client_as, database):
    """Given the PO is married to the respondent Then the case does not exist for that PO (practitioners 7)."""
    walled = client_as("officer", agency_id=office.town.office)
    assert NUMBER in walled.post("/caseload", data={"words": NUMBER, "team": "yes"}).text  # it is there before
    put_up(database, walled.user_id, office.flags["person"], office.town.office)
    with_it = seen(walled, office)
    unsharing(database, office.flags["case"])
    without_it = seen(client_as("officer", agency_id=office.town.office, name="Alex Reyes"), office)
    for name, answer in with_it.items():
        if name != "trail":
            assert answer == without_it[name], name
    assert not any("Walled" in text.replace('value="Walled"', "") for name, (_status, text) in with_it.items())


def test_for_a_walled_judge_the_docket_and_the_bench_page_have_no_such_case(office, client_as, database):
    judge = client_as("judge", agency_id=office.town.court_agency)
    day = (datetime.now(COURT) + timedelta(days=2)).date().isoformat()
    code = "near"
    assert "Walled" in judge.get(f"/dockets/{code}/{day}").text
    put_up(database, judge.user_id, office.flags["person"], office.town.court_agency)
    hidden = judge.get(f"/dockets/{code}/{day}")
    assert hidden.status_code == 200
    assert "Example" in hidden.text
    assert "Walled" not in hidden.text
    unsharing(database, office.flags["case"])
    other = client_as("judge", agency_id=office.town.court_agency)
    assert _bare(hidden) == _bare(other.get(f"/dockets/{code}/{day}"))


def test_the_wall_covers_every_case_of_the_person_those_to_come_too(office, client_as, database):
    from monitor.models import Case, random_id

    walled = client_as("officer", agency_id=office.town.office)
    put_up(database, walled.user_id, office.flags["person"], office.town.office)
    with database.system("test: a new case of the same person") as session, session.begin():
        old = session.get_one(Case, office.flags["case"])
        new = Case(id=random_id(), agency_id=old.agency_id, court_id=old.court_id, judge_id=old.judge_id,
                   person_id=old.person_id, number="26-DV-NEXT", opened_on=old.opened_on)  # fmt: skip
        session.add_all([new, CaseAgency(case_id=new.id, agency_id=office.town.office, from_on=old.opened_on)])
    assert walled.get(f"/people/{office.flags['person']}?case={new.id}").status_code == 404


@pytest.fixture
def privacy(office, client_as):
    return client_as("privacy_officer", agency_id=office.town.office, name="Pat Noor")


@pytest.fixture
def second(office, client_as):
    return client_as("privacy_officer", agency_id=office.town.court_agency, name="Jo Lind")


def entered(database) -> list[Wall]:
    with database.system("test: look", writes=False) as session:
        return list(session.scalars(select(Wall)))


def enter(privacy, **form):
    return privacy.post("/walls", data={"email": "reyes@agency.example", "number": NUMBER, "why": "kin"} | form)


def test_a_privacy_officer_puts_up_a_wall_by_hand_and_why_is_sealed(office, privacy, database):
    assert enter(privacy).status_code == 303
    assert enter(privacy).status_code == 303  # twice is once
    [wall] = entered(database)
    assert (wall.user_id, wall.person_id) == (office.officer, office.flags["person"])
    assert wall.entered_by_id == privacy.user_id
    assert b"kin" not in wall.sealed_why
    assert "kin" in privacy.get("/walls").text
    with office.scoped() as session:
        assert NUMBER not in session.scalars(select(Case.number)).all()


def test_a_case_of_others_and_one_that_is_not_there_are_the_same_answer_and_no_wall(office, privacy, database):
    with database.system("test: elsewhere") as session, session.begin():
        person_with_order(session, build_town(session, code="far"), number="26-DV-FARAWAY")
    hidden, absent = (enter(privacy, number=number) for number in ("26-DV-FARAWAY", "26-DV-NOWHERE"))
    assert hidden.status_code == absent.status_code == 422
    assert _bare(hidden).replace("FARAWAY", "NOWHERE") == _bare(absent)
    assert entered(database) == []


def same_number(office, database) -> int:
    """Another court's case of the same number, which the office shares, too; whose it is."""
    with database.system("test: two courts, one number") as session, session.begin():
        far = build_town(session, code="far")
        matter = person_with_order(session, far, number=NUMBER)
        session.add(CaseAgency(case_id=matter.case, agency_id=office.town.office, from_on=ORDERED_ON))
        return matter.person


def test_a_number_of_two_courts_is_asked_about_and_the_wall_stands_to_the_right_person(office, privacy, database):
    """Safeguard D1: a wall to somebody else of that number hides nothing."""
    other = same_number(office, database)
    asked = enter(privacy)
    assert asked.status_code == 422 and "say which court" in asked.text and entered(database) == []
    assert enter(privacy, court="nowhere").status_code == 422
    with database.system("test: codes", writes=False) as session:
        codes = {row.code: row.id for row in session.scalars(select(Court))}
    for code in codes:
        assert enter(privacy, court=code).status_code == 303
    assert {wall.person_id for wall in entered(database)} == {office.flags["person"], other}


def test_of_a_number_of_two_courts_one_that_is_hidden_is_not_asked_about(office, privacy, database):
    """Safeguard B7: that a question comes back would tell that there is another case."""
    other = same_number(office, database)
    put_up(database, privacy.user_id, other, office.town.office)
    assert enter(privacy).status_code == 303
    assert office.flags["person"] in {wall.person_id for wall in entered(database)}


def test_a_mark_of_context_is_set_on_the_case_of_the_court_that_is_said(office, client_as, database):
    """Safeguard G5: on the other case of the number it would stop another person's suggestions, and not these."""
    same_number(office, database)
    supervisor = client_as("officer_supervisor", agency_id=office.town.office)
    told = {"number": NUMBER, "words": "two reports"}
    asked = supervisor.post("/context", data=told)
    assert asked.status_code == 422 and "say which court" in asked.text
    with database.system("test: the court", writes=False) as session:
        case = session.get_one(Case, office.flags["case"])
        code = session.get_one(Court, case.court_id).code
    assert supervisor.post("/context", data=told | {"court": code}).status_code == 303
    with database.system("test: look", writes=False) as session:
        assert session.scalars(select(ContextReview.case_id)).all() == [office.flags["case"]]


def test_a_wall_comes_down_only_when_a_second_privacy_officer_agrees(office, privacy, second, database):
    enter(privacy)
    [wall] = entered(database)
    assert privacy.post(f"/walls/{wall.id}/removal", data={"why": "somebody else of that name"}).status_code == 303
    [request] = _requests(database)
    assert "somebody else of that name" not in privacy.get("/approvals").text  # not one's own to decide
    assert privacy.post(f"/approvals/{request.id}", data={"decision": "approve"}).status_code == 404
    assert entered(database)[0].ended_at is None
    assert "somebody else of that name" in second.get("/approvals").text
    assert second.post(f"/approvals/{request.id}", data={"decision": "approve"}).status_code == 303
    [wall] = entered(database)
    assert wall.ended_at is not None
    [request] = _requests(database)
    assert (request.outcome, request.decided_by_id) == ("APPROVED", second.user_id)


def _requests(database) -> list[ApprovalRequest]:
    with database.system("test: look", writes=False) as session:
        return list(session.scalars(select(ApprovalRequest)))


def _asked(privacy, database) -> ApprovalRequest:
    enter(privacy)
    [wall] = entered(database)
    privacy.post(f"/walls/{wall.id}/removal", data={"why": "a mistake"})
    return _requests(database)[0]


def test_a_declined_request_and_one_that_is_over_change_nothing(office, privacy, second, database):
    request = _asked(privacy, database)
    with database.system("test: days later") as session, session.begin():
        session.execute(update(ApprovalRequest).values(until_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert second.post(f"/approvals/{request.id}", data={"decision": "approve"}).status_code == 404
    with database.system("test: in time") as session, session.begin():
        session.execute(update(ApprovalRequest).values(until_at=datetime.now(UTC) + timedelta(hours=1)))
    assert second.post(f"/approvals/{request.id}", data={"decision": "decline"}).status_code == 303
    assert second.post(f"/approvals/{request.id}", data={"decision": "approve"}).status_code == 409
    assert entered(database)[0].ended_at is None


def test_an_answer_sent_twice_at_once_is_taken_once_and_the_other_is_told_so(office, privacy, second, database):
    request = _asked(privacy, database)
    answers = _at_once(lambda: second.post(f"/approvals/{request.id}", data={"decision": "approve"}))
    assert [answer.status_code for answer in answers] == [303, 409]
    assert "This was decided already" in answers[1].text
    with database.system("test: the trail", writes=False) as session:
        events = list(session.scalars(select(AuditEntry.event)))
    assert events.count("approval.decided") == 1 and entered(database)[0].ended_at is not None


def test_that_somebody_decided_is_told_to_nobody_who_could_not_have(office, privacy, second, client_as, database):
    """Safeguard B7: who asked, another role and a walled officer read the same as of a request that is not there."""
    request = _asked(privacy, database)
    walled = client_as("privacy_officer", agency_id=office.town.court_agency, name="Lee Park")
    put_up(database, walled.user_id, office.flags["person"], office.town.court_agency)
    assert second.post(f"/approvals/{request.id}", data={"decision": "decline"}).status_code == 303
    for browser in (privacy, client_as("administrator"), walled):
        told, absent = (
            browser.post(f"/approvals/{one}", data={"decision": "approve"}) for one in (request.id, request.id + 1)
        )
        assert told.status_code == absent.status_code == 404 and _bare(told) == _bare(absent)


def test_a_removal_asked_for_twice_at_once_is_one_request(office, privacy, database):
    enter(privacy)
    [wall] = entered(database)
    answers = _at_once(lambda: privacy.post(f"/walls/{wall.id}/removal", data={"why": "a mistake"}))
    assert [answer.status_code for answer in answers] == [303, 409]
    assert "That is asked for already" in answers[1].text and len(_requests(database)) == 1
    with database.system("test: it is over") as session, session.begin():
        session.execute(update(ApprovalRequest).values(until_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert privacy.post(f"/walls/{wall.id}/removal", data={"why": "a mistake"}).status_code == 303


def test_of_two_privacy_officers_who_put_up_the_same_wall_at_once_there_is_one(office, privacy, second, database):
    answers = at_once(database, [lambda: enter(privacy), lambda: enter(second)])
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(entered(database)) == 1


def _at_once(post):
    """Two presses in one instant, the one that was taken first."""
    with ThreadPoolExecutor(2) as pool:
        presses = [pool.submit(post) for _ in range(2)]
        return sorted((press.result() for press in presses), key=lambda answer: answer.status_code)


def test_a_request_about_a_wall_that_is_gone_says_so_and_one_that_is_over_may_be_asked_again(
    office, privacy, second, database
):
    request = _asked(privacy, database)
    with database.system("test: over") as session, session.begin():
        before = request.until_at
        session.execute(update(ApprovalRequest).values(until_at=datetime.now(UTC) - timedelta(seconds=1)))
    assert f"/walls/{request.subject_id}/removal" in privacy.get("/walls").text
    with database.system("test: words left with a case, and the wall, too") as session, session.begin():
        session.execute(update(ApprovalRequest).values(until_at=before, sealed_why=b""))
        session.execute(delete(Wall))
    assert second.get("/approvals").status_code == 200
    assert second.post(f"/approvals/{request.id}", data={"decision": "approve"}).status_code == 303
    assert "There is no such wall any more." in second.get("/approvals").text
    assert _requests(database)[0].outcome is None


def test_the_second_person_is_freshly_signed_in_and_has_the_right_role(office, privacy, second, client_as, database):
    request = _asked(privacy, database)
    with database.system("test: an hour ago") as session, session.begin():
        old = datetime.now(UTC) - timedelta(seconds=301)
        session.execute(update(AuthSession).where(AuthSession.user_id == second.user_id).values(mfa_at=old))
    second.post(f"/approvals/{request.id}", data={"decision": "approve"})
    for role in ("administrator", "officer_supervisor"):
        browser = client_as(role)
        assert "a mistake" not in browser.get("/approvals").text
        assert browser.post(f"/approvals/{request.id}", data={"decision": "approve"}).status_code == 404
    assert client_as("officer").get("/approvals").status_code == 403
    assert entered(database)[0].ended_at is None


def test_the_one_whom_it_would_serve_does_not_decide(office, privacy, client_as, database):
    served = client_as("privacy_officer", agency_id=office.town.court_agency, name="Lee Park")
    with database.system("test: whose wall") as session:
        from monitor.models import User

        email = session.scalar(select(User.email).where(User.id == served.user_id))
    enter(privacy, email=email)
    [wall] = entered(database)
    privacy.post(f"/walls/{wall.id}/removal", data={"why": "a mistake"})
    [request] = _requests(database)
    assert served.post(f"/approvals/{request.id}", data={"decision": "approve"}).status_code == 404
    assert "a mistake" not in served.get("/approvals").text


def test_a_walled_privacy_officer_does_not_learn_who_looked_at_the_case(office, privacy, client_as, database):
    officer = client_as("officer_supervisor", agency_id=office.town.office)
    officer.get(f"/people/{office.flags['person']}?case={office.flags['case']}")
    assert "Looked at a person" in privacy.post("/audit/case", data={"number": NUMBER}).text
    put_up(database, privacy.user_id, office.flags["person"], office.town.court_agency)
    hidden = privacy.post("/audit/case", data={"number": NUMBER})
    absent = privacy.post("/audit/case", data={"number": "26-DV-ABSENT"})
    assert _bare(hidden).replace(NUMBER, "26-DV-ABSENT") == _bare(absent)
    assert "Wanda" not in privacy.get("/walls").text
