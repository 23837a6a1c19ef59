"""A clerk sets a date that no result has set, moves one by taking it off, and is told what speaks against it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from monitor.clock import local_day, utc_now
from monitor.models import AuditEntry, CourtHoliday, Hearing, Outbox
from rules.calendar import roll_forward
from tests.web.order_desk import ZONE, Desk


def form(days: int = 9, **told: str) -> dict[str, str]:
    on = roll_forward(local_day(utc_now(), ZONE) + timedelta(days=days), frozenset())
    return {"kind": "SHOW_CAUSE", "on": on.isoformat(), "at": "10:15 AM", "room": "Dept 9", "judge": ""} | told


@pytest.fixture
def path(desk: Desk) -> str:
    return f"/hearings/{desk.hearing}/dates"


def coming(desk: Desk) -> list[Hearing]:
    with desk.database.system("test: dates", writes=False) as session:
        ahead = Hearing.case_id == desk.matter.case, Hearing.outcome.is_(None), Hearing.starts_at > utc_now()
        return list(session.scalars(select(Hearing).where(*ahead).order_by(Hearing.starts_at)))


def test_a_hearing_is_set_and_stands_on_that_day_s_docket(desk, clerk, path):
    assert clerk.post(path, data=form()).status_code == 303
    [one] = coming(desk)
    assert (one.kind, one.room, one.review_no) == ("SHOW_CAUSE", "Dept 9", None)
    page = clerk.get(path).text
    assert "Show cause" in page and "Dept 9" in page
    assert f'"/hearings/{one.id}' in clerk.get(f"/dockets/near/{form()['on']}").text
    assert [row.event for row in desk.rows(AuditEntry, AuditEntry.event == "hearing.set")] == ["hearing.set"]
    assert desk.rows(Outbox, Outbox.key.like(f"hearing:{one.id}:set:%")), "the officer is told that something waits"


def test_a_review_has_the_next_number(desk, clerk, path):
    clerk.post(path, data=form(kind="COMPLIANCE_REVIEW"))
    [one] = coming(desk)
    assert one.review_no is not None and one.review_no > 0


def test_it_is_moved_by_setting_the_new_one_and_taking_the_old_one_off(desk, clerk, path):
    clerk.post(path, data=form(9))
    clerk.post(path, data=form(16))
    old, new = coming(desk)
    assert clerk.post(f"{path}/off", data={"date": str(old.id)}).status_code == 303
    assert [one.id for one in coming(desk)] == [new.id]
    [kept] = desk.rows(Hearing, Hearing.id == old.id)
    assert kept.outcome == "OFF_CALENDAR"
    again = clerk.post(f"{path}/off", data={"date": str(old.id)})
    assert again.status_code == 409 and "off the calendar already" in again.text


@pytest.mark.parametrize(
    ("told", "field"),
    [({"kind": "PARTY"}, "kind"), ({"on": ""}, "on"), ({"on": "2020-01-06"}, "on"), ({"at": "noonish"}, "at"),
     ({"room": ""}, "room"), ({"judge": "17"}, "judge")],
)  # fmt: skip
def test_what_is_missing_is_told_by_field(desk, clerk, path, told, field):
    answer = clerk.post(path, data=form(**told))
    assert answer.status_code == 422 and f'href="#{field}"' in answer.text
    assert coming(desk) == []


def test_a_closed_day_is_told_with_the_next_open_one(desk, clerk, path):
    day = date.fromisoformat(form()["on"])
    with desk.database.system("test: closed") as session, session.begin():
        session.add(CourtHoliday(court_id=desk.town.town.court, closed_on=day, title="Closed", recorded_at=utc_now()))
    answer = clerk.post(path, data=form())
    assert answer.status_code == 422 and "The next open day is" in answer.text


def test_somebody_who_is_heard_elsewhere_then_is_told_of_and_may_be_set_all_the_same(desk, clerk, path):
    clerk.post(path, data=form())
    twice = clerk.post(path, data=form(at="10:30 AM"))
    assert twice.status_code == 422 and "The respondent is before" in twice.text and "all the same" in twice.text
    assert clerk.post(path, data=form(at="10:30 AM", anyway="yes")).status_code == 303
    assert len(coming(desk)) == 2


def long_since(desk: Desk, number: int, **values: datetime) -> None:
    """As if it had been set, or taken off, an hour ago, and word of it had gone out."""
    with desk.database.system("test: an hour later") as session, session.begin():
        session.execute(update(Hearing).where(Hearing.id == number).values(**values))
        session.execute(delete(Outbox))


def letters_of(desk: Desk, number: int) -> list[str]:
    return sorted(row.key.split(":")[2] for row in desk.rows(Outbox, Outbox.key.like(f"hearing:{number}:%")))


def test_a_date_taken_off_by_a_slip_is_put_back_as_it_was_and_nobody_is_told(desk, clerk, path):
    clerk.post(path, data=form(kind="COMPLIANCE_REVIEW"))
    [one] = coming(desk)
    long_since(desk, one.id, recorded_at=utc_now() - timedelta(hours=1))
    assert clerk.post(f"{path}/off", data={"date": str(one.id)}).status_code == 303
    assert letters_of(desk, one.id) == ["off"]
    page = clerk.get(path).text
    assert "Put it back" in page and f'action="{path}/{one.id}/back"' in page
    assert clerk.post(f"{path}/{one.id}/back", data={}).status_code == 303
    [again] = coming(desk)
    kept = [(row.id, row.starts_at, row.room, row.review_no, row.outcome, row.resulted_at) for row in (one, again)]
    assert kept[0] == kept[1] and letters_of(desk, one.id) == []
    assert [row.event for row in desk.rows(AuditEntry, AuditEntry.event == "hearing.put_back")] == ["hearing.put_back"]
    assert clerk.post(f"{path}/{one.id}/back", data={}).status_code == 409, "it stands already"


def test_what_was_set_and_taken_off_at_once_is_told_to_nobody_and_once_put_back_it_is(desk, clerk, path):
    clerk.post(path, data=form())
    [one] = coming(desk)
    clerk.post(f"{path}/off", data={"date": str(one.id)})
    assert letters_of(desk, one.id) == []
    clerk.post(f"{path}/{one.id}/back", data={})
    assert letters_of(desk, one.id) == ["set"]


def test_once_word_went_out_another_date_is_set_so_that_whoever_was_told_hears_of_it(desk, clerk, path):
    clerk.post(path, data=form())
    [one] = coming(desk)
    clerk.post(f"{path}/off", data={"date": str(one.id)})
    long_since(desk, one.id, resulted_at=utc_now() - timedelta(minutes=11))
    late = clerk.post(f"{path}/{one.id}/back", data={})
    assert late.status_code == 409 and "10 minutes have passed" in late.text and coming(desk) == []
    assert "word has gone out" not in late.text, "of this one it never did"


def test_a_date_taken_off_in_time_and_put_back_late_is_told_at_once_and_its_end_is_told_too(desk, clerk, path):
    """Set at 0:00, taken off at 0:09, put back at 0:15: it stands, so people hear of it."""
    clerk.post(path, data=form())
    [one] = coming(desk)
    now = utc_now()
    clerk.post(f"{path}/off", data={"date": str(one.id)})
    ago = {"recorded_at": now - timedelta(minutes=15), "resulted_at": now - timedelta(minutes=6)}
    long_since(desk, one.id, **ago)
    assert clerk.post(f"{path}/{one.id}/back", data={}).status_code == 303
    letters = desk.rows(Outbox, Outbox.key.like(f"hearing:{one.id}:set:%"))
    assert letters and all(now <= row.due_at <= utc_now() for row in letters)
    clerk.post(f"{path}/off", data={"date": str(one.id)})
    assert set(letters_of(desk, one.id)) == {"set", "off"}


def test_it_says_that_people_are_told_only_where_they_are(desk, clerk, path):
    clerk.post(path, data=form())
    [one] = coming(desk)
    clerk.get(path)
    clerk.post(f"{path}/off", data={"date": str(one.id)})
    page = clerk.get(path).text
    assert letters_of(desk, one.id) == [] and "are told in 10 minutes" not in page
    assert "No letter goes out about it" in page and "Put it back" in page
    clerk.post(f"{path}/{one.id}/back", data={})
    clerk.get(path)
    long_since(desk, one.id, recorded_at=utc_now() - timedelta(hours=1))
    clerk.post(f"{path}/off", data={"date": str(one.id)})
    page = clerk.get(path).text
    assert letters_of(desk, one.id) and "are told in 10 minutes" in page and "No letter" not in page


def test_two_reviews_have_two_numbers_also_where_one_was_put_back(desk, clerk, path):
    clerk.post(path, data=form(kind="COMPLIANCE_REVIEW"))
    [one] = coming(desk)
    clerk.post(f"{path}/off", data={"date": str(one.id)})
    clerk.post(path, data=form(16, kind="COMPLIANCE_REVIEW"))
    clerk.post(f"{path}/{one.id}/back", data={})
    first, second = coming(desk)
    assert {first.review_no, second.review_no} == {one.review_no, one.review_no + 1}


def test_where_another_date_has_its_hour_it_is_not_put_back(desk, clerk, path):
    clerk.post(path, data=form())
    [one] = coming(desk)
    clerk.post(f"{path}/off", data={"date": str(one.id)})
    clerk.post(path, data=form(at="10:30 AM"))
    answer = clerk.post(f"{path}/{one.id}/back", data={})
    assert answer.status_code == 409 and "The respondent is before" in answer.text and len(coming(desk)) == 1


def test_a_hearing_that_was_held_or_is_another_court_s_is_not_put_back_here(desk, clerk, client_as, path):
    for number in (desk.hearing, 12345):
        assert clerk.post(f"{path}/{number}/back", data={}).status_code == 409
    far = client_as("clerk", agency_id=desk.far.court_agency, name="C. Far")
    assert far.post(f"{path}/{desk.hearing}/back", data={}).status_code == 404


def test_a_date_of_another_case_is_not_taken_off_here(desk, clerk, path):
    answer = clerk.post(f"{path}/off", data={"date": str(desk.hearing)})
    assert answer.status_code == 409
    [held] = desk.rows(Hearing, Hearing.id == desk.hearing)
    assert held.outcome is None


def test_another_court_s_clerk_finds_nothing_and_no_other_role_sets_dates(desk, clerk, client_as, path):
    far = client_as("clerk", agency_id=desk.far.court_agency, name="C. Far")
    for address in (path, "/hearings/12345/dates"):
        assert far.get(address).status_code == far.post(address, data=form()).status_code == 404
    for who in ("officer", "judge", "program"):
        assert client_as(who).post(path, data=form()).status_code in (403, 404)
    assert coming(desk) == []
