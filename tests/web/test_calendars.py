"""Court dates in people's own calendar programs, read by a real client library: no name, scope and walls, an end."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import msgspec
import pytest
from sqlalchemy import select, update

from monitor.amending import amend
from monitor.clock import local_day, utc_now
from monitor.models import Assignment, AuditEntry, CalendarFeed, Hearing, Judge, Membership, User, Wall, random_id
from tests.builders import build_town, person_with_order
from tests.classes import open_class
from tests.office import hearing, take_over
from tests.sweep import county as sweep_county
from web.site import open_site

lite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Court:
    """Two cases of the near court on one day, six weeks ahead."""

    def __init__(self, database) -> None:
        self.database, self.town = database, open_class(database, people=2)
        self.zone, self.near = self.town.town.zone, self.town.town
        day = local_day(utc_now(), self.zone) + timedelta(days=42)
        self.at = datetime.combine(day, time(13, 30), ZoneInfo(self.zone))
        with database.system("test: hearings") as session, session.begin():
            self.hearings = [
                hearing(session, one, self.at + timedelta(minutes=15 * number))
                for number, one in enumerate(self.town.people.values())
            ]

    def amend(self, number: int, **changes) -> None:
        with self.database.system("test: it changes") as session, session.begin():
            amend(session, session.get_one(Hearing, self.hearings[number]), utc_now(), **changes)


@pytest.fixture
def court(database) -> Court:
    return Court(database)


@pytest.fixture
def clerk(court, client_as):
    return client_as("clerk", agency_id=court.near.court_agency, name="B. Adams")


def made(browser, **told) -> str:
    """The path of a new calendar."""
    answer = browser.post("/account/calendars", data={"of": "", "room": "", "style": "COUNT"} | told)
    assert answer.status_code == 200 or answer.status_code == 201, answer.text
    return re.search(r"(/ical/[\w-]+\.ics)", answer.text)[1]


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")


def test_a_court_day_is_one_line_that_a_calendar_program_reads_and_that_names_nobody(court, clerk, client):
    path = made(clerk, of=f"COURT:{court.near.court}")
    [event] = read(client, path)
    assert str(event["SUMMARY"]) == "DV review ×2" and str(event["CLASS"]) == "PRIVATE"
    assert event["DTSTART"].dt == court.at and event["DTSTART"].params["TZID"] == court.zone
    assert str(event["STATUS"]) == "CONFIRMED" and str(event["DESCRIPTION"]) == str(event["URL"])
    assert str(event["URL"]).endswith(f"/dockets/near/{court.at.date()}")
    raw = client.get(path).content.decode()
    assert not any(name in raw for name in ("Bell", "Marcus", "Example", "26-DV"))
    assert all(len(line.encode()) <= 75 for line in raw.split("\r\n"))
    assert client.get(path).content == raw.encode(), "the same record, the same bytes"


@lite
def test_clocks_that_change_before_the_day_are_in_the_file(court, clerk, client):
    [zone] = icalendar.Calendar.from_ical(
        client.get(made(clerk, of=f"COURT:{court.near.court}")).content
    ).walk("VTIMEZONE")
    kept = zone.to_tz(lookup_tzid=False)
    for days in (-200, -100, -30, 0):
        local = (court.at + timedelta(days=days)).replace(tzinfo=None)
        assert local.replace(tzinfo=kept).utcoffset() == local.replace(tzinfo=ZoneInfo(court.zone)).utcoffset()


@lite
def test_a_date_that_moves_keeps_its_line_and_an_emptied_day_is_cancelled(court, clerk, client):
    path = made(clerk, of=f"COURT:{court.near.court}")
    [before] = read(client, path)
    court.amend(0, starts_at=court.at + timedelta(days=7))
    first, second = read(client, path)
    assert first["UID"] == before["UID"] and first["SEQUENCE"] > before["SEQUENCE"]
    assert (str(first["SUMMARY"]), str(second["SUMMARY"])) == ("DV review ×1", "DV review ×1")
    court.amend(1, outcome="OFF_CALENDAR", resulted_at=utc_now())
    last = read(client, path)[0]
    assert str(last["STATUS"]) == "CANCELLED" and last["SEQUENCE"] > first["SEQUENCE"]


@pytest.fixture
def decided(app, settings, database):
    """Says what the site has decided about initials; the next request goes by it."""

    def site_says(initials: bool) -> None:
        app.state.site = open_site(msgspec.structs.replace(settings, calendar_initials=initials), database)

    return site_says


@lite
def test_initials_are_offered_and_read_only_where_the_site_has_decided_so(court, clerk, client, decided):
    told = {"of": f"COURT:{court.near.court}", "room": "", "style": "INITIALS"}
    assert "nitials" not in clerk.get("/account/calendars").text
    assert clerk.post("/account/calendars", data=told).status_code == 422
    decided(True)
    path = made(clerk, **told)
    assert "26-DV" in client.get(path).text and "nitials" in clerk.get("/account/calendars").text
    decided(False)
    assert [str(one["SUMMARY"]) for one in read(client, path)] == ["DV review ×2"], "counts again"
    assert "26-DV" not in client.get(path).text and "nitials" not in clerk.get("/account/calendars").text


@lite
def test_initials_and_case_number_are_the_other_choice_and_one_hearing_keeps_its_uid(court, clerk, client, decided):
    decided(True)
    path = made(clerk, of=f"JUDGE:{court.near.judge}", style="INITIALS")
    before = {str(one["UID"]): one for one in read(client, path)}
    assert all(re.fullmatch(r"\w\.\w\. 26-DV-\d+", str(one["SUMMARY"])) for one in before.values()), before
    court.amend(0, starts_at=court.at + timedelta(days=7))
    after = {str(one["UID"]): one for one in read(client, path)}
    assert before.keys() == after.keys()
    same, moved = sorted(after[uid]["SEQUENCE"] - before[uid]["SEQUENCE"] for uid in after)
    assert (same, moved > 0) == (0, True)


@lite
def test_a_hearing_that_goes_to_another_judge_is_cancelled_with_a_higher_sequence_and_again_when_it_is_back(
    court, clerk, client, database, decided
):
    decided(True)
    with database.system("test: another judge") as session, session.begin():
        other = Judge(id=random_id(), agency_id=court.near.court_agency, court_id=court.near.court, user_id=None,
                      name="O. Other")  # fmt: skip
        session.add(other)
        number = other.id
    for style in ("INITIALS", "COUNT"):
        path = made(clerk, of=f"JUDGE:{court.near.judge}", style=style)
        told = []
        for judge in (court.near.judge, number, court.near.judge):
            for each in (0, 1):
                court.amend(each, judge_id=judge)
            one = read(client, path)[0]
            told.append((str(one["STATUS"]), one["SEQUENCE"]))
        assert [status for status, _ in told] == ["CONFIRMED", "CANCELLED", "CONFIRMED"], style
        assert told[0][1] < told[1][1] < told[2][1], style


@lite
def test_an_officer_sees_their_own_cases_and_a_program_its_people(court, client_as, client, database):
    officer = client_as("officer", agency_id=court.near.office)
    path = made(officer, of="OFFICER")
    assert read(client, path) == [], "nobody is assigned to them"
    take_over(database, officer)
    assert str(read(client, path)[0]["SUMMARY"]) == "DV review ×2"
    with database.system("test: another program's person") as session, session.begin():
        far = build_town(session, code="far")
        hearing(session, person_with_order(session, far), court.at)
    program = client_as("program", agency_id=court.near.program_agency)
    [event] = read(client, made(program, of="PROGRAM"))
    assert str(event["SUMMARY"]) == "DV review ×2" and str(event["URL"]).endswith("/enrollments")


@lite
def test_a_case_that_goes_to_another_officer_leaves_the_calendar_and_comes_back_with_a_higher_sequence(
    court, client_as, client, database, clerk
):
    officer = client_as("officer", agency_id=court.near.office)
    today = local_day(utc_now(), court.zone)
    with database.system("test: assigned") as session, session.begin():
        first, second = session.scalars(select(Assignment).order_by(Assignment.id)).all()
        other = first.user_id
        first.user_id = second.user_id = officer.user_id
    path = made(officer, of="OFFICER")
    [before] = read(client, path)
    handed_over(database, first.id, today, other)
    [some] = read(client, path)
    assert str(some["SUMMARY"]) == "DV review ×1" and some["UID"] == before["UID"]
    assert some["SEQUENCE"] > before["SEQUENCE"] and str(some["STATUS"]) == "CONFIRMED"
    handed_over(database, second.id, today, other)
    [gone] = read(client, path)
    assert str(gone["STATUS"]) == "CANCELLED" and gone["SEQUENCE"] > some["SEQUENCE"]
    for case in (first.case_id, second.case_id):
        theirs = handed_over(database, open_one(database, case), today, officer.user_id)
        assert theirs
    [back] = read(client, path)
    assert str(back["SUMMARY"]) == "DV review ×2" and str(back["STATUS"]) == "CONFIRMED"
    assert back["SEQUENCE"] > gone["SEQUENCE"] and back["UID"] == before["UID"]


def open_one(database, case: int) -> int:
    with database.system("test: look", writes=False) as session:
        return session.scalars(
            select(Assignment.id).where(Assignment.case_id == case, Assignment.until_on.is_(None))
        ).one()


def handed_over(database, assignment: int, day, to: int) -> int:
    """Assign the case to somebody else from ``day`` on."""
    with database.system("test: handed over") as session, session.begin():
        row = session.get_one(Assignment, assignment)
        row.until_on = day
        session.flush()
        new = Assignment(id=random_id(), case_id=row.case_id, agency_id=row.agency_id, user_id=to, from_on=day,
                         until_on=None)  # fmt: skip
        session.add(new)
        return new.id


@lite
def test_a_room_of_its_own(court, clerk, client):
    court.amend(0, room="Dept 9")
    [event] = [one for one in read(client, made(clerk, of=f"COURT:{court.near.court}", room="Dept 9"))]
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("DV review ×1", "Dept 9")


def test_a_wall_takes_a_case_out_of_the_count_as_if_it_had_never_been(court, clerk, client):
    path = made(clerk, of=f"COURT:{court.near.court}")
    with court.database.system("test: a wall") as session, session.begin():
        person = court.town.people["Bell"].person
        session.add(
            Wall(id=random_id(), user_id=clerk.user_id, person_id=person, entered_by_id=1, sealed_why=b"x",
                 agency_id=court.near.court_agency, entered_at=utc_now())
        )  # fmt: skip
    [event] = read(client, path)
    assert str(event["SUMMARY"]) == "DV review ×1" and event["SEQUENCE"] == 1


@lite
def test_an_ended_calendar_a_lost_role_and_a_guess_answer_alike(court, clerk, client, database):
    path, other = made(clerk, of=f"COURT:{court.near.court}"), made(clerk, of=f"JUDGE:{court.near.judge}")
    text = clerk.get("/account/calendars").text
    assert "/ical/" not in text and text.count("End it") == 2, "the address is shown once"
    number = re.search(r"/account/calendars/(\d+)/revoke", text)[1]
    assert clerk.post(f"/account/calendars/{number}/revoke", data={}).status_code == 303
    ended = [one for one in (path, other) if client.get(one).status_code == 404]
    assert len(ended) == 1
    live = other if ended == [path] else path
    assert read(client, live)
    with database.system("test: the last day") as session, session.begin():
        session.execute(
            update(Membership).where(Membership.user_id == clerk.user_id)
            .values(until_on=utc_now().date() - timedelta(days=1))
        )
    answers = [client.get(one) for one in (live, *ended, "/ical/guess.ics", "/ical/guess", f"/ical/{'x' * 90}.ics")]
    assert {one.status_code for one in answers} == {404} and len({_body(one) for one in answers}) == 1


def _body(answer) -> str:
    return re.sub(r"/ical/[\w.-]+|[0-9a-f]{12}", "", answer.text)


@lite
def test_a_disabled_account_has_no_calendar(court, clerk, client, database):
    path = made(clerk, of=f"COURT:{court.near.court}")
    with database.system("test: disabled") as session, session.begin():
        session.execute(update(User).where(User.id == clerk.user_id).values(disabled_at=utc_now()))
    assert client.get(path).status_code == 404


@lite
def test_a_calendar_ends_on_the_accounts_last_day_as_signing_in_does(court, clerk, client, database):
    path = made(clerk, of=f"COURT:{court.near.court}")
    today = local_day(utc_now(), court.zone)
    for ends_on, status in ((today + timedelta(days=1), 200), (today, 404), (today - timedelta(days=3), 404)):
        with database.system("test: temporary staff") as session, session.begin():
            session.execute(update(User).where(User.id == clerk.user_id).values(ends_on=ends_on))
        assert client.get(path).status_code == status, ends_on
        assert clerk.get("/account/calendars").status_code == (200 if status == 200 else 303), "as signing in"


@lite
def test_the_address_is_kept_as_a_hash_and_each_reading_is_in_the_trail(court, clerk, client, database):
    path = made(clerk, of=f"COURT:{court.near.court}")
    read(client, path)
    with database.system("test: look", writes=False) as session:
        feed = session.scalars(select(CalendarFeed)).one()
        events = [row.event for row in session.scalars(select(AuditEntry)) if feed.id in (row.subjects or ())]
    token = path.removeprefix("/ical/").removesuffix(".ics")
    assert token.encode() not in feed.token_hash and len(feed.token_hash) == 32
    assert sorted(events) == ["calendar.made", "calendar.read"] and feed.used_at is not None


@lite
def test_a_program_that_asks_without_end_is_told_to_wait(court, clerk, client, monkeypatch):
    from monitor.access import limits

    monkeypatch.setitem(limits.PER_HOUR, "calendar.read", 2)
    path = made(clerk, of=f"COURT:{court.near.court}")
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]


@lite
def test_nobody_makes_a_calendar_of_another_court_or_an_eleventh(court, clerk, client_as, database):
    with database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    for wrong in (f"COURT:{far.court}", f"JUDGE:{far.judge}", "OFFICER", "PROGRAM", ""):
        assert clerk.post("/account/calendars", data={"of": wrong, "style": "COUNT"}).status_code == 422, wrong
    for _ in range(10):
        made(clerk, of=f"COURT:{court.near.court}")
    told = {"of": f"COURT:{court.near.court}", "style": "COUNT"}
    assert clerk.post("/account/calendars", data=told).status_code == 422
    for role in ("prosecutor", "administrator", "dispatch", "victim_witness"):
        assert client_as(role).get("/account/calendars").status_code == 403


@lite
def test_hidden_things_change_no_byte_of_any_calendar(database, new_browser, client):
    """As for every page (tests/sweep): another office's case, a walled one, and rows that the role does not reach."""
    from monitor.access.roles import Role
    from tests.web.accounts import token_of_forms

    county = sweep_county.build(database)
    wanted = {Role.CLERK: f"COURT:{county.near.court}", Role.JUDGE: f"JUDGE:{county.near.judge}",
              Role.OFFICER: "OFFICER", Role.PROGRAM: "PROGRAM"}  # fmt: skip
    for role, of in wanted.items():
        browser = new_browser()
        browser.cookies.set("monitor", county.accounts[role].token)
        browser.headers["x-csrf-token"] = token_of_forms(county.accounts[role].token)
        path = made(browser, of=of)
        before = client.get(path).content
        assert before.count(b"BEGIN:VEVENT") >= 1, role
        sweep_county.hide(database, county, role)
        assert client.get(path).content == before, role
