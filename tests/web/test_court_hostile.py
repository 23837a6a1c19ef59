"""What a courtroom throws at the desk: namesakes, mirror parties, a disqualified judge, a wrong case, sixty on a day.

Each test says first what a judge may expect.
"""

from __future__ import annotations

import html
import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from monitor.amending import amend
from monitor.clock import local_day, utc_now
from monitor.keeping.removals import Wanted, carry_out
from monitor.models import (
    ApprovalRequest,
    AuditEntry,
    Case,
    Condition,
    Hearing,
    HearingResult,
    Order,
    OrderVersion,
    Outbox,
    Person,
    ProtectedParty,
    random_id,
)
from monitor.party_names import seal_name
from rules.calendar import roll_forward
from tests.builders import add_user, build_town, person_with_order
from tests.monitor.access.walls import put_up
from tests.office import hearing
from tests.web.accounts import SECRET
from tests.web.order_desk import words_of
from tests.web.test_new_cases import form as case_form
from tests.web.test_results import Court, _open_day, send


@pytest.fixture
def court(database) -> Court:
    return Court(database)


@pytest.fixture
def clerk(court, client_as):
    return client_as("clerk", agency_id=court.town.town.court_agency, name="B. Adams")


@pytest.fixture
def judge(court, client_as):
    return client_as("judge", agency_id=court.town.town.court_agency, name="A. Okada")


def day_of(court) -> str:
    return f"/dockets/near/{local_day(court.start, court.zone)}"


def text_of(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def called(court, family: str, given: str, born: date, *which: str) -> None:
    with court.database.system("test: a name") as session, session.begin():
        for one in which:
            person = session.get_one(Person, court.town.people[one].person)  # as the product does: its keys follow
            person.family_name, person.given_name, person.born_on = family, given, born


@pytest.mark.parametrize(
    ("kind", "said"),
    [("SENTENCING", "Sentencing"), ("ARRAIGNMENT", "Arraignment"), ("SHOW_CAUSE", "Show cause"),
     ("VIOLATION", "Hearing on a report"), ("COMPLIANCE_REVIEW", "Compliance review")],
)  # fmt: skip
def test_the_page_says_what_is_heard_on_screen_on_paper_and_on_the_list(court, judge, kind, said):
    """Expected: an arraignment is called one. Each page was headed as a review, whatever it was."""
    with court.database.system("test: another hearing") as session, session.begin():
        amend(session, session.get(Hearing, court.hearing), utc_now(), kind=kind)
    page = judge.get(f"/hearings/{court.hearing}").text
    assert f"<h1>{said}</h1>" in page and "iolation" not in page
    paper = words_of(judge.get(f"/hearings/{court.hearing}?format=pdf").content)
    assert said in paper and (said == "Compliance review" or "Compliance review" not in paper)
    listed = text_of(judge.get(day_of(court)))
    assert (f"{said}: " in listed) is (said != "Compliance review")


def test_two_people_of_one_name_on_a_day_are_told_apart_on_each_list(court, judge, clerk):
    """Expected: nobody reads one Bell's page for the other's, or enters a result for him."""
    called(court, "Bell", "Marcus", date(1990, 5, 17), "Bell")
    called(court, "BELL", "Marcus", date(1985, 3, 2), "García-Ortiz")
    for browser, path in ((judge, day_of(court)), (clerk, court.day_path)):
        listed = text_of(browser.get(path))
        assert "Bell, Marcus (born May 17, 1990)" in listed and "BELL, Marcus (born Mar 2, 1985)" in listed
    assert "(born May 17, 1990)" in words_of(judge.get(f"{day_of(court)}?format=pdf").content)


@pytest.mark.parametrize(("one", "other"), [
    (("García", "José", None, None), ("Garcia", "Jose", None, None)),
    (("Smith", "John", None, "Jr."), ("Smith", "John", None, "Jr")),
    (("O'Neal", "Ann", None, None), ("O’Neal", "Ann", None, None)),
    (("Smith", "Mary", "Ann", None), ("Smith", "Mary", None, None)),
    (("García Ortiz", "José", None, None), ("García", "José", None, None)),
])  # fmt: skip
def test_a_name_that_sounds_the_same_when_it_is_called_is_one_name(court, judge, one, other):
    """Expected: an accent, a point, an apostrophe or a middle name is nothing that a court hears."""
    for which, (family, given, middle, suffix), day in (("Bell", one, 17), ("García-Ortiz", other, 18)):
        called(court, family, given, date(1990, 5, day), which)
        with court.database.system("test: the rest of it") as session, session.begin():
            person = session.get_one(Person, court.town.people[which].person)
            person.middle_name, person.suffix = middle, suffix
    listed = text_of(judge.get(day_of(court)))
    assert "(born May 17, 1990)" in listed and "(born May 18, 1990)" in listed


def test_two_people_of_one_name_and_one_birth_date_go_by_the_case(court, judge, clerk):
    """Expected: the list says that name and date do not tell, and the case does; two orders, two people."""
    called(court, "Bell", "Marcus", date(1990, 5, 17), "Bell", "García-Ortiz")
    assert text_of(judge.get(day_of(court))).count("two of this name and date, go by the case") == 2
    told = case_form(_Desk(court), family="bell", given="Marcus", born_on="1990-05-17")
    asked = clerk.post("/cases/new", data=told)
    assert asked.status_code == 422 and asked.text.count('name="person"') == 3, "both, or somebody else"
    assert clerk.post("/cases/new", data=told | {"person": "none"}).status_code == 303
    assert len(court.rows(Person.id, where=[Person.family_name.ilike("bell")])) == 3


class _Desk:
    """As `test_new_cases.form` knows a desk."""

    def __init__(self, court) -> None:
        self.town = court.town


def test_one_person_with_two_cases_on_a_day_is_no_namesake(court, judge):
    """Expected: no warning where there is one person only."""
    with court.database.system("test: a second case of one person") as session, session.begin():
        other = person_with_order(session, court.town.town, number="26-DV-000777")
        session.execute(update(Person).where(Person.id == other.person).values(family_name="Zorn", given_name="Ada"))
        hearing(session, other, court.start + timedelta(hours=1))
        hearing(session, other, court.start + timedelta(hours=2))
    listed = text_of(judge.get(day_of(court)))
    assert listed.count("Zorn, Ada") == 2 and "(born" not in listed


def test_a_walled_clerk_does_not_read_from_a_birth_date_that_there_is_a_namesake(court, clerk):
    """Expected: whoever is walled from one of two namesakes reads the other like anybody else (D1)."""
    called(court, "Bell", "Marcus", date(1990, 5, 17), "Bell", "García-Ortiz")
    put_up(court.database, clerk.user_id, court.town.people["García-Ortiz"].person, court.town.town.office)
    for path in (day_of(court), court.day_path):
        assert "(born" not in text_of(clerk.get(path))


def test_mirror_parties_change_no_byte_of_either_page(court, judge):
    """Expected: that each is the other's protected party stands on neither page, list nor paper (G4, B3)."""
    called(court, "Bell", "Marcus", date(1990, 5, 17), "Bell")
    called(court, "Ortiz", "Luisa", date(1985, 3, 2), "García-Ortiz")
    paths = [f"/hearings/{one}{how}" for one in court.hearings for how in ("", "?format=pdf")] + [day_of(court)]
    _protects(court, "Bell", "Somebody Else")
    _protects(court, "García-Ortiz", "Another Person")
    before = [_stable(judge.get(path)) for path in paths]
    _protects(court, "Bell", "Luisa Ortiz")
    _protects(court, "García-Ortiz", "Marcus Bell")
    assert [_stable(judge.get(path)) for path in paths] == before
    assert not any(b"Luisa" in page for page in before[:1])


def _protects(court, which: str, name: str) -> None:
    with court.database.system("test: a protected name") as session, session.begin():
        order = session.get(Order, court.town.people[which].order)
        if order.protected_party_id is None:
            party = ProtectedParty(id=random_id(), agency_id=court.town.town.court_agency, sealed_name=b"")
            session.add(party)
            session.flush()
            order.protected_party_id = party.id
        party = session.get(ProtectedParty, order.protected_party_id)
        party.sealed_name = seal_name(SECRET, party.id, name)


def _stable(answer) -> bytes:
    """Without the instant it was made, and the browser's own form token."""
    assert answer.status_code == 200
    if answer.headers["content-type"].startswith("application/pdf"):
        return re.sub(r"\d{1,2}:\d\d( [AP]M)?", "", words_of(answer.content)).encode()
    said = answer.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r'name="csrf" value="[^"]+"|\d{1,2}:\d\d( [AP]M)?', "", said).encode()


def test_a_disqualified_judge_has_a_docket_without_the_case_and_no_way_to_it(court, judge, client_as):
    """Expected: for a judge who is a relative the case is not there, in list, count, paper or result; a colleague
    hears it (D1)."""
    colleague = client_as("judge", agency_id=court.town.town.court_agency, name="K. Ito")
    number = _number(court, "Bell")
    put_up(court.database, judge.user_id, court.matter.person, court.town.town.office)
    assert number not in judge.get(day_of(court)).text and "1 case" in text_of(judge.get(day_of(court)))
    assert number not in words_of(judge.get(f"{day_of(court)}?format=pdf").content)
    assert number not in judge.get(f"/dockets/near/{local_day(court.start, court.zone)}/results").text
    for path in ("", "/result", "/orders", "/findings", "/packets", "/changes", "/closing"):
        assert judge.get(f"/hearings/{court.hearing}{path}").status_code in (403, 404), path
    assert judge.get(f"/hearings/{court.hearing}").status_code == judge.get("/hearings/17").status_code
    assert number in colleague.get(day_of(court)).text
    assert colleague.get(f"/hearings/{court.hearing}").status_code == 200


def _number(court, which: str) -> str:
    return court.rows(Case.number, where=[Case.id == court.town.people[which].case])[0].number


def test_a_result_for_the_wrong_case_is_undone_whole_and_the_right_one_takes_its_place(court, clerk):
    """Expected: after the undo the wrong case stands as before, nobody is told of it, and both entries stay."""
    wrong, right = court.hearings
    send(clerk, court, result="DID_NOT_APPEAR", warrant="ISSUED", notice_step="DONE", next="none", no_date="WARRANT")
    assert clerk.post(f"/hearings/{wrong}/result/undo", data={}).status_code == 303
    court.hearing = right
    assert send(clerk, court, result="DID_NOT_APPEAR", warrant="ISSUED", notice_step="DONE", next="none",
                no_date="WARRANT").status_code == 303  # fmt: skip
    assert (court.outcome(wrong), court.outcome(right)) == (None, "DID_NOT_APPEAR")
    page = text_of(clerk.get(f"/hearings/{wrong}"))
    assert "Warrant: none" in page and "id not appear" not in page
    assert "Warrant" in text_of(clerk.get(f"/hearings/{right}"))
    assert len(court.rows(HearingResult)) == 2
    keys = [row.key for row in court.rows(Outbox.key)]
    first = court.rows(HearingResult.id, where=[HearingResult.hearing_id == wrong])[0].id
    assert keys and not any(str(first) in key for key in keys)
    events = [row.event for row in court.rows(AuditEntry.event) if row.event.startswith("result.")]
    assert len(events) >= 3, "both entries and the undo stand in the trail"


def test_three_continuances_in_a_row_are_three_dates_and_no_review(court, clerk):
    """Expected: each date lists the case as continued, the last is open; no review was held, so the page tells what
    changed since the court last saw the respondent, and the number of the review stays."""
    with court.database.system("test: each is continued before it comes") as session, session.begin():
        amend(session, session.get_one(Hearing, court.hearing), utc_now(), starts_at=court.start + timedelta(days=2))
    hearings = [court.hearing]
    for number in (1, 2, 3):
        soon = _open_day(local_day(court.start, court.zone) + timedelta(days=14 * number))
        assert send(clerk, court, result="CONTINUED", why="COUNSEL", done="", next=str(soon)).status_code == 303
        [ahead] = court.rows(Hearing.id, where=[Hearing.case_id == court.matter.case, Hearing.outcome.is_(None)])
        hearings.append(ahead.id)
        court.hearing = ahead.id
    assert [court.outcome(one) for one in hearings] == ["CONTINUED"] * 3 + [None]
    assert {row.review_no for row in court.rows(Hearing.review_no, where=[Hearing.case_id == court.matter.case])} == {1}
    page = text_of(clerk.get(f"/hearings/{hearings[-1]}"))
    assert "Last review: none yet, this is the first" in page and "Reviews: none yet" in page
    assert court.rows(func.count(HearingResult.id))[0][0] == 3


def test_an_order_with_eighty_conditions_is_read_whole_and_counted_on_the_page(court, judge, clerk):
    """Expected: page, list and paper of the day stand; each condition can be read on the page of the order."""
    with court.database.system("test: eighty conditions") as session, session.begin():
        version = session.scalars(select(OrderVersion).where(OrderVersion.order_id == court.matter.order)).one()
        have = session.scalar(select(func.max(Condition.line)).where(Condition.order_version_id == version.id)) or 0
        session.add_all(
            Condition(case_id=court.matter.case, agency_id=version.agency_id, order_version_id=version.id,
                      line=have + n, code="OTHER_BESPOKE", text=f"Special term number {n}", exceptions=[])
            for n in range(1, 81)
        )  # fmt: skip
    assert judge.get(day_of(court)).status_code == 200
    assert judge.get(f"/hearings/{court.hearing}").status_code == 200
    paper = judge.get(f"/hearings/{court.hearing}?format=pdf")
    assert paper.status_code == 200 and judge.get(f"{day_of(court)}?format=pages").status_code == 200
    order = text_of(clerk.get(f"/orders/{court.matter.order}"))
    assert all(f"Special term number {n}" in order for n in (1, 40, 80))


def test_a_hearing_across_the_clock_change_keeps_its_hour(court, clerk, judge):
    """Expected: continued from a winter day to a summer day, 1:30 PM stays 1:30 PM, on each list and in calendars."""
    zone = ZoneInfo(court.zone)
    today = local_day(utc_now(), court.zone)
    day = today
    while datetime.combine(day, time(12), zone).utcoffset() == datetime.combine(today, time(12), zone).utcoffset():
        day += timedelta(days=1)
    for soon in (day - timedelta(days=2), roll_forward(day, frozenset())):  # the clocks change on a Sunday
        told = {"kind": "SHOW_CAUSE", "on": str(soon), "at": "1:30 PM", "room": "Dept 9", "judge": ""}
        assert clerk.post(f"/hearings/{court.hearing}/dates", data=told).status_code == 303
        listed = text_of(judge.get(f"/dockets/near/{soon}"))
        assert "1:30 PM" in listed or "13:30" in listed
        assert "Show cause" in listed
    starts = [row.starts_at for row in court.rows(Hearing.starts_at, where=[Hearing.kind == "SHOW_CAUSE"])]
    assert {one.astimezone(zone).time() for one in starts} == {time(13, 30)}
    assert len({one.astimezone(ZoneInfo("UTC")).time() for one in starts}) == 2, "an hour apart elsewhere"


def test_a_sealed_case_leaves_the_day_as_if_it_had_never_been_listed(court, clerk, judge):
    """Expected: list, count, paper and results lack it, its page is gone, and the next case opens as ever."""
    number = _number(court, "Bell")
    with court.database.system("test: sealed") as session, session.begin():
        by = "first@court.example"
        add_user(session, court.town.town.court_agency, "clerk", by)
        other = add_user(session, court.town.town.court_agency, "privacy_officer", "privacy@court.example")
        wanted = Wanted(kind="SEAL", case=number, court=None, order="1", why="w", by=by)
        carry_out(session, wanted, SECRET, utc_now())
        session.execute(update(ApprovalRequest).values(outcome="APPROVED", decided_by_id=other, decided_at=utc_now()))
        session.expire_all()
        assert carry_out(session, wanted, SECRET, utc_now()).removal
    for browser, path in ((judge, day_of(court)), (clerk, court.day_path)):
        listed = browser.get(path).text
        assert number not in listed and "Bell" not in listed and str(court.hearing) not in listed
    assert number not in words_of(judge.get(f"{day_of(court)}?format=pages").content)
    assert judge.get(f"/hearings/{court.hearing}").status_code == 404
    assert f"/hearings/{court.hearings[1]}" in judge.get(day_of(court)).text


def test_sixty_cases_on_a_day_are_all_listed_printed_and_resulted_one_after_the_other(court, clerk, judge):
    """Expected: nobody is cut off a list of sixty."""
    with court.database.system("test: a long day") as session, session.begin():
        for number in range(58):
            one = person_with_order(session, court.town.town, number=f"26-DV-{number:06}")
            hearing(session, one, court.start + timedelta(minutes=number))
    listed = judge.get(day_of(court)).text
    assert listed.count("data-row") == 60 and "60 cases" in text_of(judge.get(day_of(court)))
    paper = words_of(judge.get(f"{day_of(court)}?format=pdf").content)
    assert all(f"26-DV-{number:06}" in paper for number in range(58))
    assert "60 of 60 still open" in text_of(clerk.get(court.day_path))
    send(clerk, court)
    court.hearing = court.hearings[1]
    assert send(clerk, court).status_code == 303
    assert "58 of 60 still open" in text_of(clerk.get(court.day_path))


def test_a_case_that_goes_to_another_court_ends_here_and_its_orders_stand(court, clerk, client_as):
    """Expected: this court closes it as transferred once nothing waits here; dispatch reads its orders as ever; the
    other court enters it under its own number, and this court's clerk finds nothing of that."""
    with court.database.system("test: heard, and the last one here") as session, session.begin():
        session.execute(update(Hearing).values(outcome="COMPLETED", resulted_at=utc_now(),
                                               starts_at=court.start - timedelta(days=7)))  # fmt: skip
    path, today = f"/hearings/{court.hearing}/closing", str(local_day(utc_now(), court.zone))
    assert clerk.post(path, data={"why": "MOVED", "on": today, "seen": "open"}).status_code == 303
    [order] = court.rows(OrderVersion.effective_to, where=[OrderVersion.order_id == court.matter.order])
    assert order.effective_to is None, "closing ends no order"
    assert "Closed on" in text_of(clerk.get(path))
    with court.database.system("test: the other court") as session, session.begin():
        far = build_town(session, code="far")
    there = client_as("clerk", agency_id=far.court_agency, name="K. Ito")
    told = case_form(_Desk(court), number="26-FAR-1", family="Bell", given="Marcus", office=str(far.office))
    answer = there.post("/cases/new", data=told)
    assert answer.status_code == 303, "whom a clerk does not reach is no question there"
    assert clerk.get(answer.headers["location"]).status_code == 404
    assert there.get(f"/hearings/{court.hearing}").status_code == 404
