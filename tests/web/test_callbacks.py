"""A call, asked of one officer: refused without a release, seen by nobody else, gone after fourteen days everywhere."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import date, timedelta

import msgspec
import pytest
from sqlalchemy import delete, func, select, text, update

from monitor import log_lines
from monitor.access.scope import trusted_sql
from monitor.callbacks.keys import opened, purge
from monitor.clock import local_day, utc_now
from monitor.copies.passing_rows import keys_of
from monitor.copies.restoring import Target, restore
from monitor.copies.writing import write_copy
from monitor.db import Database
from monitor.gauges import gauges
from monitor.models import Agency, Assignment, AuditEntry, Callback, Case, Outbox, Person, Wall, random_id
from tests.builders import ZONE
from tests.office import open_office
from tests.web.accounts import SECRET

TODAY = local_day(utc_now(), ZONE)


@pytest.fixture
def settings(settings, tmp_path):
    return msgspec.structs.replace(settings, callback_keys_file=str(tmp_path / "calls"))


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: an advocacy agency") as session, session.begin():
        agency = Agency(id=random_id(), kind="advocacy", name="Safe Harbor", code="harbor", zone=ZONE)
        session.add(agency)
        session.flush()
        office.flags["agency"] = agency.id
    return office


@pytest.fixture
def advocate(client_as, office):
    return client_as("advocate", agency_id=office.flags["agency"])


@pytest.fixture
def officer(client_as, office, database):
    browser = client_as("officer", agency_id=office.town.office)
    with database.system("test: assigned") as session, session.begin():
        session.execute(update(Assignment).values(user_id=browser.user_id))
    return browser


def american(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def number_of(database, office) -> str:
    with database.system("test: its number") as session:
        return session.scalars(select(Case.number).where(Case.id == office.matter.case)).one()


def form(database, office, **said) -> dict[str, str]:
    usual = {"number": number_of(database, office), "court": "", "attested": "yes", "by": "day",
             "until": american(TODAY + timedelta(days=14)), "on": american(TODAY + timedelta(days=3))}  # fmt: skip
    return {name: value for name, value in (usual | said).items() if value}


def rows(database) -> list[Callback]:
    with database.system("test: what is kept", writes=False) as session:
        return list(session.scalars(select(Callback)))


def body_of(answer) -> str:
    main = answer.text.partition("<main")[2].partition("<footer")[0]
    return re.sub(r"request: [0-9a-f]+", "", main)


def screens(browser, office) -> list[str]:
    paths = ("/today", "/today?team=true", "/team", "/caseload", "/caseload?team=true", "/notices", "/allegations",
             f"/people/{office.matter.person}", f"/people/{office.matter.person}/compliance", "/status-list", "/admin",
             "/dockets", "/enrollments", "/context")  # fmt: skip
    return [body_of(browser.get(path)) for path in paths]


@pytest.fixture
def still(monkeypatch):
    now = utc_now()
    import monitor.clock
    import monitor.watch

    class Standing(monitor.clock.datetime):
        @classmethod
        def now(cls, tz=None):
            return now.astimezone(tz)

    monkeypatch.setattr(monitor.clock, "datetime", Standing)
    # the database's clock goes on, and how far it is ahead by now is no word about anybody
    monkeypatch.setattr(monitor.watch, "MOST_SKEW", timedelta(days=1))


def test_no_number_that_operators_read_moves_when_one_is_sent_and_done(database, office, advocate, officer):
    """Somebody who reads the numbers every second learns no hour (safeguard D6)."""
    now = utc_now()
    before = gauges(database, now)
    assert advocate.post("/call-backs", data=form(database, office)).status_code == 303
    assert gauges(database, now) == before
    [row] = rows(database)
    assert officer.post(f"/call-backs/{row.id}/done").status_code == 303
    assert gauges(database, now) == before


def test_a_request_reaches_the_assigned_officer_alone_holds_no_words_and_is_gone_on_day_fifteen(
    client_as, database, office, advocate, officer, settings, still, capfd, tmp_path
):
    """Given a release valid 14 days When she sends "call me, this week" Then only the assigned PO sees it, it holds no
    free text, and on day 15 it is gone from the database and from a restored backup.
    """
    town = office.town
    roles = {"officer": town.office, "officer_supervisor": town.office, "judge": town.court_agency,
             "program": town.program_agency, "prosecutor": None, "privacy_officer": town.office,
             "administrator": None, "coordinator": None, "advocate": None}  # fmt: skip
    others = {role: client_as(role, agency_id=agency) for role, agency in roles.items()}
    before = {role: screens(browser, office) for role, browser in others.items()}
    mine = body_of(officer.get("/today"))
    log_lines.configure("info")
    capfd.readouterr()
    sent = advocate.post("/call-backs", data=form(database, office, by="week", on=""))
    assert sent.status_code == 303, body_of(sent)
    assert capfd.readouterr().err == ""  # no line of the log at all
    log_lines.configure("critical")
    seen = body_of(officer.get("/today"))
    assert "A partner agency asks you to call by Friday." in seen and "Safe Harbor" in seen
    assert "partner agency" not in mine
    assert "partner agency" not in body_of(officer.get("/caseload")) + body_of(officer.get("/audit"))
    after = {role: screens(browser, office) for role, browser in others.items()}
    for role in roles:
        assert before[role] == after[role], role
        trails = [body_of(others[role].get(path)) for path in ("/audit", "/audit/agency", "/audit/look-back")]
        assert "officer to call" not in "".join(trails), role
    (row,) = rows(database)
    plain = str([row.sealed, row.purge_on]).casefold()
    assert "example" not in plain and str(office.matter.case) not in plain
    with database.system("test: nothing else was told") as session:
        assert session.scalar(select(func.count()).select_from(Outbox)) == 0
    _gone_everywhere(database, settings, tmp_path, officer)


def _gone_everywhere(database, settings, folder, officer) -> None:
    """A copy of the first day comes back after the fifteenth: of the request there is nothing to read."""
    copy = folder / "copy"
    write_copy(database, copy, SECRET, utc_now())
    keys = keys_of(settings.callback_keys_file, SECRET)
    late = utc_now() + timedelta(days=15)
    with database.system("the nightly job") as session, session.begin():
        purge(session, keys, local_day(late, ZONE))
    assert rows(database) == []
    assert "partner agency" not in body_of(officer.get("/today"))
    back = f"sqlite:///{folder}/back.db"
    restore(Target(back), copy, SECRET, late)
    again = Database(back)
    assert rows(again) == []
    again.close()
    restore(Target(f"sqlite:///{folder}/soon.db"), copy, SECRET, utc_now())  # and one put back before that day
    soon = Database(f"sqlite:///{folder}/soon.db")
    (row,) = rows(soon)
    assert keys_of(settings.callback_keys_file, SECRET).open(row.id, row.sealed, "callback.sealed") is None
    soon.close()
    with closing(sqlite3.connect(settings.callback_keys_file)) as store:
        assert store.execute("select count(*) from unit_key").fetchone() == (0,)


def test_a_request_that_an_older_copy_put_back_forgot_still_loses_its_key_on_its_day(
    database, office, advocate, settings
):
    """The newer copy that holds it would open until then, and the nightly job finds no row to go by (C5)."""
    advocate.post("/call-backs", data=form(database, office, by="week", on=""))
    (row,) = rows(database)
    with database.system("test: an older copy was put back") as session, session.begin():
        session.execute(delete(Callback))
    for day, opens in ((row.purge_on - timedelta(days=1), True), (row.purge_on, False)):
        with database.system("the nightly job") as session, session.begin():
            purge(session, keys_of(settings.callback_keys_file, SECRET), day)
        assert (opened(keys_of(settings.callback_keys_file, SECRET), row.id, row.sealed) is not None) is opens


@pytest.mark.parametrize(("release", "gone"), [(3, 4), (12, 13), (13, 14), (14, 14)])
def test_it_goes_with_the_release_and_on_the_fourteenth_day_at_the_latest(database, office, advocate, release, gone):
    """C5: whichever is first. On its day it is not there any more, for its officer or in the database."""
    said = form(database, office, until=american(TODAY + timedelta(days=release)))
    assert advocate.post("/call-backs", data=said).status_code == 303
    assert [row.purge_on for row in rows(database)] == [TODAY + timedelta(days=gone)]
    with database.system("test: the night before") as session, session.begin():
        purge(session, None, TODAY + timedelta(days=gone - 1))
    assert len(rows(database)) == 1
    with database.system("test: its night") as session, session.begin():
        purge(session, None, TODAY + timedelta(days=gone))
    assert rows(database) == []


def test_without_an_attested_release_it_is_refused_with_the_reason(database, office, advocate, officer):
    """Given no attested release When she tries to send a call-back request Then it is refused with the reason."""
    refused = [
        ({"attested": ""}, "it takes a signed release that is on file at your agency"),
        ({"until": ""}, "Give the last day of the release"),
        ({"until": american(TODAY + timedelta(days=15))}, "up to 14 days ahead"),
        ({"until": american(TODAY - timedelta(days=1))}, "that release has ended"),
        ({"on": ""}, "Give a day within the next seven"),
        ({"on": american(TODAY + timedelta(days=8))}, "Give a day within the next seven"),
        ({"until": american(TODAY), "on": american(TODAY + timedelta(days=1))}, "on which the release still holds"),
        ({"number": "26-DV-NONE"}, "No open case has that number here."),
    ]
    for said, reason in refused:
        answer = advocate.post("/call-backs", data=form(database, office, **said))
        assert answer.status_code == 422 and reason in answer.text, said
    assert rows(database) == []
    with database.system("test: the trail") as session:
        assert not session.scalars(select(AuditEntry).where(AuditEntry.event == "callback.sent")).all()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_there_is_no_room_for_a_word_more(database, office, advocate, officer):
    for extra in ("note", "words", "reason", "ask", "person_id", "kept_words"):
        assert advocate.post("/call-backs", data=form(database, office, **{extra: "x"})).status_code == 400
    page = body_of(advocate.get("/call-backs/new"))
    assert "<textarea" not in page
    assert "never a condition of your help" in page
    assert rows(database) == []


def test_the_answer_ends_it_and_only_the_asking_agency_has_it_on_record(
    client_as, database, office, advocate, officer
):
    advocate.post("/call-backs", data=form(database, office))
    (row,) = rows(database)
    done = f"/call-backs/{row.id}/done"
    colleague = client_as("officer", agency_id=office.town.office)
    supervisor = client_as("officer_supervisor", agency_id=office.town.office)
    assert colleague.post(done).status_code == colleague.post("/call-backs/1/done").status_code == 404
    assert supervisor.post(done).status_code in (403, 404)
    assert len(rows(database)) == 1
    assert "Yours that wait" in advocate.get("/call-backs/new").text
    assert officer.post(done).status_code == 303
    assert rows(database) == []
    assert "partner agency" not in body_of(officer.get("/today"))
    assert "Yours that wait" not in advocate.get("/call-backs/new").text
    with database.system("test: the trail") as session:
        kept = session.scalars(select(AuditEntry).where(AuditEntry.event.like("callback.%"))).all()
    assert {(entry.event, entry.agency_id) for entry in kept} == {
        ("callback.sent", office.flags["agency"]), ("callback.ended", office.flags["agency"]),
    }
    assert all(entry.subjects == [] and entry.detail == {} for entry in kept)
    theirs = client_as("privacy_officer", agency_id=office.flags["agency"])
    assert "Asked an officer to call" in theirs.get("/audit/agency").text
    of_probation = client_as("privacy_officer", agency_id=office.town.office)
    for path in ("/audit/agency", "/audit/look-back"):
        text_ = of_probation.get(path).text
        assert "officer to call" not in text_ and "request for a call" not in text_


def test_a_case_that_changes_hands_takes_the_request_along(client_as, database, office, advocate, officer):
    advocate.post("/call-backs", data=form(database, office))
    other = client_as("officer", agency_id=office.town.office)
    with database.system("test: handed on") as session, session.begin():
        session.execute(update(Assignment).values(user_id=other.user_id))
    assert "partner agency" in other.get("/today").text
    assert "partner agency" not in officer.get("/today").text


def test_an_advocate_who_is_walled_off_finds_no_such_case(database, office, advocate, officer):
    with database.system("test: a wall") as session, session.begin():
        session.add(
            Wall(agency_id=office.flags["agency"], user_id=advocate.user_id, person_id=office.matter.person,
                 sealed_why=b"x", entered_by_id=officer.user_id, entered_at=utc_now())
        )  # fmt: skip
    answer = advocate.post("/call-backs", data=form(database, office))
    assert answer.status_code == 422, answer.headers
    assert "No open case has that number here." in answer.text


def test_the_database_lets_nobody_but_the_machine_read_requests(database, office, advocate, officer):
    advocate.post("/call-backs", data=form(database, office))
    if database.is_sqlite:
        return
    with office.scoped() as session:
        with trusted_sql("test: past our own scope"):
            assert session.scalar(text("select count(*) from callback")) == 0
            assert session.scalar(select(func.count()).select_from(Person))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_where_the_site_has_not_switched_it_on_there_is_no_such_page(app, database, office, advocate, officer):
    site = app.state.site
    assert "Ask an officer to call" in advocate.get("/status-list").text
    off = msgspec.structs.replace(site.settings, callback_keys_file="")
    app.state.site = msgspec.structs.replace(site, settings=off)
    assert advocate.get("/call-backs/new").status_code == 404
    assert advocate.post("/call-backs", data=form(database, office)).status_code == 404
    assert officer.post("/call-backs/1/done").status_code == 404
    assert "Ask an officer to call" not in advocate.get("/status-list").text
    from monitor.config import Settings

    assert Settings().callback_keys_file == ""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_few_requests_are_not_counted(database, office, advocate, officer):
    for sent in range(12):
        said = advocate.get("/call-backs/new").text.partition("this month:")[2].partition("<")[0].strip(" .")
        assert said == (str(sent) if sent >= 11 else "fewer than 11"), sent
        advocate.post("/call-backs", data=form(database, office))
    assert len(rows(database)) == 12
