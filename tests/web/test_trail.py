"""Who asked for what is on record, also when the answer was no; and from where, whatever a header claims."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.clock import utc_now
from monitor.config import Settings, SettingsError, load_settings
from monitor.models import AuditEntry, Case, random_id
from monitor.trail.look_back import look_back
from tests.office import open_office, take_over
from web.client_address import client_address


@pytest.fixture
def office(database):
    return open_office(database)


def number_of(database, case):
    with database.system("test: look", writes=False) as session:
        return session.get_one(Case, case).number


def entries(database, event):
    with database.system("test: look", writes=False) as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.number))
        return [(one.outcome, one.user_id, list(one.subjects)) for one in found]


def test_a_look_at_a_person_is_on_record_with_session_and_place(database, office, client_as):
    officer = take_over(database, client_as("officer", agency_id=office.town.office))
    answer = officer.get(f"/people/{office.matter.person}")
    assert answer.status_code == 200
    with database.system("test: look", writes=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "person.read")).one()
    assert (entry.outcome, entry.component, entry.user_id) == ("done", "web", officer.user_id)
    assert entry.request_id == answer.headers["x-request-id"]
    assert len(entry.session_mark) == 16
    assert office.matter.person in entry.subjects


def test_an_officer_who_tries_numbers_of_other_people_leaves_a_trail(database, office, client_as):
    officer = client_as("officer", agency_id=office.town.office)
    nobody = random_id()
    assert officer.get(f"/people/{nobody}").status_code == 404
    assert entries(database, "person.read") == [("absent", officer.user_id, [nobody])]


def test_a_page_that_is_not_for_the_role_is_on_record_as_denied(database, office, client_as):
    clerk = client_as("clerk")
    assert clerk.get(f"/people/{office.matter.person}").status_code == 403
    assert entries(database, "person.read") == [("denied", clerk.user_id, [office.matter.person])]


def test_hidden_and_absent_leave_the_same_entry_and_the_same_answer(database, office, client_as):
    stranger = client_as("officer_supervisor", agency_id=None, name="Sam Field")
    with database.system("test: another office") as session, session.begin():
        from monitor.models import Agency

        other = Agency(kind="probation", name="Other County Probation", code="OTHER", zone="America/Denver")
        session.add(other)
        session.flush()
        other_id = other.id
    stranger = client_as("officer", agency_id=other_id, name="Sam Field")
    hidden, absent = office.matter.person, random_id()
    answers = [stranger.get(f"/people/{one}") for one in (hidden, absent)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({len(answer.content) for answer in answers}) == 1
    assert entries(database, "person.read") == [
        ("absent", stranger.user_id, [hidden]), ("absent", stranger.user_id, [absent]),
    ]  # fmt: skip


def test_a_stranger_leaves_no_entry(database, client):
    client.get("/people/5")
    assert entries(database, "person.read") == []


def test_an_error_of_ours_is_on_record_as_failed(database, office, client_as, monkeypatch):
    def broken(*_args, **_named):
        raise RuntimeError("12 Oak Street")

    monkeypatch.setattr("web.caseload.caseload", broken)
    officer = client_as("officer", agency_id=office.town.office)
    assert officer.get("/caseload").status_code == 500
    assert entries(database, "caseload.read") == [("failed", officer.user_id, [])]


TRUSTED = ("10.0.0.0/8", "::1")


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # not our proxy: its words count for nothing
        ("10.1.1.1", "198.51.100.1", "198.51.100.1"),
        ("10.1.1.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),  # the first part was made up by the asker
        ("10.1.1.1", "198.51.100.1, 10.2.2.2", "198.51.100.1"),  # two proxies of ours in a row
        ("10.1.1.1", "nonsense", "10.1.1.1"),
        ("10.1.1.1", "", "10.1.1.1"),
        ("::1", "2001:db8::7", "2001:db8::7"),
    ],
)
def test_whose_machine_asks(peer, forwarded, address):
    scope = {"type": "http", "client": (peer, 5000), "headers": [(b"x-forwarded-for", forwarded.encode())]}
    assert client_address(scope, TRUSTED) == address


def test_a_server_on_a_unix_socket_knows_no_address():
    assert client_address({"type": "http", "client": None, "headers": []}, TRUSTED) is None


def test_proxies_are_read_from_the_settings():
    settings = load_settings({"MONITOR_TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.1"})
    assert settings.proxies() == ("10.0.0.0/8", "192.0.2.1")
    assert Settings().proxies() == ()
    with pytest.raises(SettingsError, match="MONITOR_TRUSTED_PROXIES"):
        load_settings({"MONITOR_TRUSTED_PROXIES": "proxy.internal"})


def test_a_page_that_a_refused_form_shows_once_more_is_on_record_as_a_look(database, office, client_as):
    """Sending a form wrong on purpose reads the case as well as its page does: it was a way round the trail."""
    officer = take_over(database, client_as("officer", agency_id=office.town.office, name="Robin Cho"))
    path, case = f"/people/{office.matter.person}/contacts", office.matter.case
    answer = officer.post(path, data={"way": "OFFICE", "result": ""})
    assert answer.status_code == 422 and "Example" in answer.text
    [(outcome, user, subjects)] = entries(database, "page.shown_again")
    assert (outcome, user) == ("done", officer.user_id) and {office.matter.person, case} <= set(subjects)
    assert entries(database, "contact.logged") == [], "nothing was done, and nothing says so"
    with database.system("test: look", writes=False) as session:
        [detail] = session.scalars(select(AuditEntry.detail).where(AuditEntry.event == "page.shown_again"))
    assert detail == {"act": "contact.logged", "reason": "assigned"}
    privacy = client_as("privacy_officer", agency_id=office.town.office)
    assert "Robin Cho" in privacy.get("/audit/look-back").text
    assert "Was shown a page once more" in privacy.post("/audit/case", data={"number": number_of(database, case)}).text


def test_a_refused_form_that_shows_nobody_leaves_no_look(client_as, database):
    privacy = client_as("privacy_officer")
    assert privacy.post("/audit/case", data={"number": " "}).status_code == 422
    assert entries(database, "page.shown_again") == []


def test_pages_that_nobody_had_listed_by_hand_are_counted_too(database, office, client_as):
    officer = client_as("officer", agency_id=office.town.office, name="Robin Cho")
    assigned = take_over(database, officer)
    for path in (f"/people/{office.matter.person}/contacts", f"/people/{office.matter.person}/level",
                 f"/program-questions/of/{office.matter.case}", f"/referrals-out/of/{office.matter.case}"):  # fmt: skip
        assert assigned.get(path).status_code == 200, path
    scope = Scope(user_id=officer.user_id, role="privacy_officer", agency_id=office.town.office)
    with database.scoped(scope) as session:
        [line] = look_back(session, office.town.office, "UTC", utc_now() + timedelta(minutes=1)).lines
    assert (line.who, line.looks, line.cases) == ("Robin Cho", 4, 1)
