"""Logging a contact: four fields, what it answers, a draft, and the way back."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.contact_log import closing, saving
from monitor.contact_log.entering import Entry
from monitor.contact_log.kinds_asked import kinds_asked
from monitor.contact_log.ways import CHECK_IN, TEST, WAYS
from monitor.models import Assignment, CheckIn, Contact, ContactDraft, DrugTest, Expectation
from monitor.wording import short_day
from tests.builders import add_user, build_town
from tests.office import open_office, supervised, take_over


@pytest.fixture
def office(database):
    return open_office(database)


@pytest.fixture
def officer(office, client_as, database):
    return take_over(database, client_as("officer", agency_id=office.town.office))


@pytest.fixture
def path(office):
    return f"/people/{office.matter.person}/contacts?case={office.matter.case}"


def send(browser, path, **sent):
    """Send a form and follow to the page that it leads to."""
    return browser.post(path, data=sent, follow_redirects=True)


def rows(database, entity=Contact):
    with database.system("test: look") as session:
        return session.scalars(select(entity).order_by(entity.recorded_at, entity.occurred_at)).all()


def test_how_and_result_are_enough_and_the_time_is_now(officer, database, path):
    before = datetime.now(UTC) - timedelta(minutes=1)
    answer = send(officer, path, way="HOME", result="MADE")
    assert "Contact saved." in answer.text
    [row] = rows(database)
    assert (row.kind, row.method, row.place, row.state) == ("DIRECT", "IN_PERSON", "HOME", "COMPLETED")
    assert before <= row.occurred_at <= datetime.now(UTC)
    assert row.recorded_by_id == officer.user_id


def test_an_attempt_is_no_contact_and_says_so_in_the_list(officer, database, path):
    send(officer, path, way="PHONE", result="ATTEMPTED")
    [row] = rows(database)
    assert (row.state, row.no_show) == ("ATTEMPTED", False)
    assert "an attempt is not a contact" in officer.get(path).text


def test_who_did_not_show_needs_a_next_step_and_the_plan_is_kept(officer, database, path):
    refused = send(officer, path, way="OFFICE", result="NO_SHOW", note="Waited until ten.")
    assert refused.status_code == 422
    assert "Say what comes next" in refused.text
    assert "Waited until ten." in refused.text
    begun = re.search(r'value="TRY_AGAIN" checked.*?id="after_on"[^>]*value="([0-9/]+)"', refused.text, re.S)
    assert begun, "the form comes back with a new try begun, which two presses change"
    assert 2 <= (datetime.strptime(begun[1], "%m/%d/%Y").date() - datetime.now(UTC).date()).days + 1 <= 8  # noqa: DTZ007
    assert not rows(database)
    day = datetime.now(UTC).date() + timedelta(days=3)
    sent = {"way": "OFFICE", "result": "NO_SHOW", "after": "TRY_AGAIN", "after_on": f"{day:%m/%d/%Y}"}
    assert "Attempt saved." in send(officer, path, **sent).text
    tried, planned = rows(database)
    assert tried.no_show
    assert (planned.state, planned.occurred_at.date()) == ("SCHEDULED", day)
    assert "Planned" in officer.get(path).text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose how the contact was made."),
        ({"way": "HOME"}, "Choose how it ended."),
        ({"way": "HOME", "result": "MADE", "on": "1/1/2099"}, "That is in the future."),
        ({"way": "HOME", "result": "MADE", "on": "12/31/9999", "hour": "11:59 PM"}, "That is in the future."),
        ({"way": "HOME", "result": "MADE", "on": "1/1/2001"}, "more than a year ago"),
        ({"way": "HOME", "result": "MADE", "on": "yesterday"}, "month/day/year"),
        ({"way": "HOME", "result": "MADE", "hour": "noonish"}, "10:42 AM"),
        ({"way": "RECORDS", "result": "NO_SHOW"}, "Only a person with an appointment"),
        ({"way": "CHECK_IN", "result": "ATTEMPTED"}, "A missed day shows by itself"),
        ({"way": "CHECK_IN", "result": "MADE", "note": "On time."}, "A check-in keeps no note."),
        ({"way": "TEST", "result": "MADE"}, "Choose what the test showed."),
        ({"way": "TEST", "result": "MADE", "showed": "UNSURE"}, "Choose what the test showed."),
        ({"way": "TEST", "result": "ATTEMPTED", "showed": "NEGATIVE"}, "once its result is known"),
        ({"way": "TEST", "result": "MADE", "showed": "NEGATIVE", "note": "Fine."}, "keeps its result alone"),
        ({"way": "TEST", "result": "MADE", "showed": "NEGATIVE", "hour": "9 AM"}, "kept by its day"),
        ({"way": "HOME", "result": "MADE", "showed": "NEGATIVE"}, "Only a test has such a result."),
        ({"way": "OFFICE", "result": "MADE", "travel": "OVER_60"}, "Only a visit"),
        ({"way": "HOME", "result": "MADE", "travel": "FAR"}, "Only a visit"),
        ({"way": "PHONE", "result": "NO_SHOW", "after": "NOTHING"}, "why nothing more is needed"),
        ({"way": "PHONE", "result": "NO_SHOW", "after": "LETTER"}, "Name the day"),
        ({"way": "PHONE", "result": "NO_SHOW", "after": "LETTER", "after_on": "1/1/2020"}, "That day has passed"),
    ],
    ids=lambda one: "-".join(one.values()) or "empty" if isinstance(one, dict) else "",
)
def test_what_is_missing_or_cannot_be_is_said_and_nothing_is_kept(officer, database, path, sent, said):
    answer = send(officer, path, **sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert not rows(database)


def test_a_second_one_within_minutes_is_asked_about_before_it_is_logged(officer, database, path):
    send(officer, path, way="PHONE", result="MADE")
    again = send(officer, path, way="PHONE", result="MADE", note="Second call.")
    assert again.status_code == 409
    assert "You logged one like this" in again.text
    assert "Second call." in again.text
    assert len(rows(database)) == 1
    send(officer, path, way="PHONE", result="MADE", anyway="yes")
    assert len(rows(database)) == 2


def test_a_check_in_is_the_persons_own_act(officer, database, path):
    send(officer, path, way="CHECK_IN", result="MADE")
    assert not rows(database)
    assert len(rows(database, CheckIn)) == 1


def test_where_days_to_check_in_are_set_the_log_does_not_say_that_nothing_asks(office, officer, database, path):
    send(officer, path, way="CHECK_IN", result="MADE")
    assert "no duty here asks for check-ins" in officer.get(path).text
    with database.system("test: a day is set") as session, session.begin():
        common = {"case_id": office.matter.case, "agency_id": office.town.office, "recorded_at": datetime.now(UTC)}
        today = datetime.now(UTC).date()
        session.add(Expectation(**common, kind="check_in", enrollment_id=None, occurred_on=today, expected_on=today))
    shown = officer.get(path).text
    assert "no duty here asks for check-ins" not in shown and "Of the kind that counts toward: Check in" in shown


def test_a_test_is_kept_by_its_day_and_result_and_shown_among_the_contacts_as_none(officer, database, path):
    answer = send(officer, path, way="TEST", result="MADE", showed="DILUTED")
    assert "Test saved. It is no contact" in answer.text
    assert not rows(database)
    with database.system("test: look") as session:
        [row] = session.scalars(select(DrugTest)).all()
    assert (row.result, row.recorded_by_id) == ("DILUTED", officer.user_id)
    shown = officer.get(path).text
    assert "Drug or alcohol test: diluted" in shown and "a test is no contact" in shown
    again = send(officer, path, way="TEST", result="MADE", showed="NEGATIVE")
    assert again.status_code == 409, "a second one of that day is asked about"
    assert "Taken back" in send(officer, f"/contacts/{row.id}/undo").text
    with database.system("test: look") as session:
        later = session.scalars(select(DrugTest).where(DrugTest.supersedes_id == row.id)).one()
    assert (later.retracted, later.result, later.occurred_on) == (True, "DILUTED", row.occurred_on)


def test_a_supervisor_enters_a_test_too(office, client_as, database, path):
    supervisor = client_as("officer_supervisor", agency_id=office.town.office)
    assert "Test saved." in send(supervisor, path, way="TEST", result="MADE", showed="NEGATIVE").text


def test_time_on_the_road_is_a_band_and_stays_with_what_is_taken_back(officer, database, path):
    send(officer, path, way="HOME", result="MADE", travel="TO_60")
    [row] = rows(database)
    assert row.travel == "TO_60"
    assert "made (half an hour to an hour on the road)" in officer.get(path).text
    send(officer, f"/contacts/{row.id}/undo")
    assert [one.travel for one in rows(database)] == ["TO_60", "TO_60"]


def test_the_log_shows_those_made_those_not_made_and_those_without_an_outcome_by_themselves(officer, path):
    send(officer, path, way="HOME", result="MADE")
    send(officer, path, way="PHONE", result="ATTEMPTED")
    send(officer, path, way="OFFICE", result="NO_SHOW", after="NOTHING", because="Called in sick.")
    told = {"": ("Home visit: made", "Phone: attempted", "Office: did not show")}
    told |= {"MADE": told[""][:1], "NOT_MADE": told[""][1:], "OPEN": (), "NONSENSE": told[""]}
    for only, lines in told.items():
        page = officer.get(f"{path}&only={only}").text
        assert [one for one in told[""] if one in page] == list(lines), only
    assert "No contact of this kind is on record." in officer.get(f"{path}&only=OPEN").text


def test_undo_takes_it_back_with_its_plan_and_both_stay_on_record(officer, database, path):
    day = datetime.now(UTC).date() + timedelta(days=3)
    officer.post(path, data={"way": "HOME", "result": "NO_SHOW", "after": "TRY_AGAIN", "after_on": f"{day:%m/%d/%Y}"})
    first = next(row for row in rows(database) if row.no_show)
    assert "Taken back" in send(officer, f"/contacts/{first.id}/undo").text
    assert sorted(row.retracted for row in rows(database)) == [False, False, True, True]
    shown = officer.get(path).text
    assert "(taken back)" in shown
    assert 'id="planned"' not in shown
    assert "already" in send(officer, f"/contacts/{first.id}/undo").text


def test_undo_takes_back_its_own_contact_and_its_own_plan_though_another_was_logged_after_it(officer, database, path):
    again = f"{datetime.now(UTC).date() + timedelta(days=3):%m/%d/%Y}"
    told = {"result": "NO_SHOW", "after": "TRY_AGAIN", "after_on": again}
    page = send(officer, path, way="HOME", **told).text
    [undo] = re.findall(r'action="(/contacts/\d+/undo)"', page)[:1]
    send(officer, path, way="OFFICE", **told)
    send(officer, path, way="PHONE", result="MADE")
    officer.post(undo, data={})
    gone = {row.supersedes_id for row in rows(database) if row.retracted}
    standing = [(row.place, row.method, row.state) for row in rows(database)
                if not row.retracted and row.id not in gone]  # fmt: skip
    assert not [one for one in standing if one[0] == "HOME"], "it, and the visit that it planned"
    assert sorted(state for _place, _method, state in standing) == ["ATTEMPTED", "COMPLETED", "SCHEDULED"]


def test_only_who_wrote_it_or_a_supervisor_takes_it_back(office, officer, client_as, database, path):
    send(officer, path, way="HOME", result="MADE")
    [row] = rows(database)
    colleague = take_over(database, client_as("officer", agency_id=office.town.office))
    assert send(colleague, f"/contacts/{row.id}/undo").status_code == 404
    supervisor = client_as("officer_supervisor", agency_id=office.town.office)
    assert send(supervisor, f"/contacts/{row.id}/undo").status_code == 200


def test_words_about_somebody_else_are_held_back(officer, database, path):
    answer = send(officer, path, way="HOME", result="MADE", note="His wife said he came by her house.")
    assert answer.status_code == 422
    assert not rows(database)


def test_a_draft_comes_back_after_the_screen_was_locked_and_goes_when_it_is_saved(officer, database, path):
    draft = path.replace("?", "/draft?")
    kept = officer.post(draft, data={"way": "FIELD", "note": "Met at the shop."})
    assert kept.json() == {"kept": True}
    shown = officer.get(path).text
    assert "is back" in shown
    assert "Met at the shop." in shown
    send(officer, path, way="FIELD", result="MADE", note="Met at the shop.")
    with database.system("test: look") as session:
        assert session.scalar(select(ContactDraft.id)) is None


def test_a_draft_of_an_older_form_still_opens_with_what_fits(officer, database, path):
    officer.post(path.replace("?", "/draft?"), data={"way": "FIELD", "note": "Met at the shop."})
    with database.system("test: an older version kept this") as session, session.begin():
        draft = session.scalars(select(ContactDraft)).one()
        draft.content = {"way": "FIELD", "note": "Met at the shop.", "weather": "fine", "hour": 3}
    assert "Met at the shop." in officer.get(path).text


def test_a_draft_never_keeps_words_about_somebody_else(officer, database, path):
    kept = send(officer, path.replace("?", "/draft?"), way="HOME", note="His wife said he came by.")
    assert kept.json() == {"kept": "without words"}
    with database.system("test: look") as session:
        assert "wife" not in str(session.scalars(select(ContactDraft.content)).one())
    assert "The draft is gone" in send(officer, path.replace("?", "/draft?"), then="drop").text


@pytest.fixture
def monthly(database):
    """Pennsylvania: at medium level a contact in person every 30 days, the first within two business days."""
    today = datetime.now(UTC).date()
    with database.system("test: an office in Pennsylvania") as session, session.begin():
        town = build_town(session, pack="us_pa", zone="America/New_York", code="far")
        officer = add_user(session, town.office, "officer", "penn@agency.example")
        since = today - timedelta(days=80)
        facts = {"levels": [{"from": since.isoformat(), "level": "medium"}],
                 "supervision_started_on": since.isoformat()}  # fmt: skip
        matter = supervised(session, town, officer, "Example", "Ann", ordered_on=since, facts=facts)
    evaluate_now(database, switched_on(), datetime.now(UTC))
    return matter


def test_a_meeting_answers_the_overdue_contact_and_says_when_the_next_is_due(monthly, client_as, database):
    officer = take_over(database, client_as("officer", agency_id=monthly.town.office))
    path = f"/people/{monthly.person}/contacts?case={monthly.case}"
    shown = officer.get(path).text
    assert "Officer&#39;s contact</b> was due" in shown
    assert re.search(r'value="OFFICE" checked', shown), "the form begins with what falls due"
    told = send(officer, path, way="OFFICE", result="MADE").text
    assert "is answered" in told
    day = datetime.now(UTC).astimezone(ZoneInfo("America/New_York")).date() + timedelta(days=30)
    assert f"Next: Officer&#39;s contact by {short_day(day)}" in told


def test_a_phone_call_answers_no_duty_to_meet_in_person(monthly, client_as, database):
    officer = take_over(database, client_as("officer", agency_id=monthly.town.office))
    path = f"/people/{monthly.person}/contacts?case={monthly.case}"
    assert "It answers no duty that is due." in send(officer, path, way="PHONE", result="MADE").text
    assert "It answers no duty" in send(officer, path, way="OFFICE", result="ATTEMPTED").text


def test_what_the_log_says_of_a_kind_is_what_the_rules_count(monthly, database):
    now, packs = datetime.now(UTC), switched_on()
    [asked] = kinds_asked(packs, ["us_pa.contact_overdue"])
    with database.system("test: whose") as session:
        officer = session.scalar(select(Assignment.user_id).where(Assignment.case_id == monthly.case))
    scope = Scope(user_id=officer, role="officer", agency_id=monthly.town.office)
    counted = set()
    for way in WAYS:
        with database.scoped(scope, writes=True) as session:
            before = closing.due_now(session, packs, monthly.case, now)
            entry = Entry(way=way, result="MADE", showed="NEGATIVE" if way == TEST else "")
            saving.save(session, monthly.case, entry, now, "America/New_York")
            told = closing.answered(before, closing.due_now(session, packs, monthly.case, now), now.date())
            session.rollback()
        counted |= {way for one in told.closed if one.code == "CONTACT_OVERDUE"}
    told = {name for name, way in WAYS.items() if name not in (CHECK_IN, TEST) and asked.fits(_made(way))}
    assert counted == told == {"HOME", "OFFICE", "FIELD"}


def _made(way):
    return SimpleNamespace(kind=way.kind, method=way.method, place=way.place, state="COMPLETED")


def test_a_supplementary_call_stands_in_the_log_with_the_reason_why_it_does_not_count(monthly, client_as, database):
    officer = take_over(database, client_as("officer", agency_id=monthly.town.office))
    path = f"/people/{monthly.person}/contacts?case={monthly.case}"
    send(officer, path, way="PHONE", result="MADE")
    send(officer, path, way="OFFICE", result="MADE")
    shown = html.unescape(officer.get(path).text)
    assert "Officer's contact asks for one in person" in shown
    assert "Of the kind that counts toward: Officer's contact" in shown


def test_a_person_of_another_office_and_nobody_read_the_same(office, client_as, path, monthly):
    stranger = client_as("officer", agency_id=monthly.town.office)
    hidden, absent = stranger.get(path), stranger.get("/people/12345/contacts")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert bare(hidden.text) == bare(absent.text)


def bare(text):
    return re.sub(r"[0-9a-f]{8,}|\d+:\d\d [AP]M|contacts\S*|people\S*", "", text)
