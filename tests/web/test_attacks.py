"""What an abuser's technician would try at the door: headers made of words, days beyond time, nested text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from monitor.models import Membership
from tests.office import hearing, open_office, take_over
from tests.web.accounts import BASE

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FORGED = "\r\nX-Bad: 1"
LAST_DAY = "9999-12-31"
NESTED = '{"a":' * 100_000


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: a hearing") as session, session.begin():
        office.flags["hearing"] = hearing(session, office.matter, datetime.now(UTC) + timedelta(days=2))
    return office


def test_no_word_of_an_address_becomes_a_header_of_ours(office, client_as):
    judge = client_as("judge", agency_id=office.town.court_agency)
    answer = judge.get(f"/hearings/{office.flags['hearing']}/next", params={"order": FORGED})
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("?order=") and "x-bad" not in answer.headers


DAYS = {
    "judge": ("/hearings/{hearing}/changes?known_at={day}", "/hearings/{hearing}/changes?as_of={day}"),
    "officer": ("/people/{person}/compliance?as_of={day}", "/audit?day={day}"),
    "privacy_officer": ("/audit/agency?day={day}", "/audit/look-back?until={day}"),
}  # fmt: skip


@pytest.mark.parametrize("role", DAYS)
def test_a_day_beyond_time_is_told_of_and_breaks_nothing(office, database, client_as, role):
    browser = take_over(database, client_as(role))
    odd = (LAST_DAY, "0001-01-01", f"{LAST_DAY}T23:59:59Z", "99999-01-01", "NaN", "1e999", "\x00")
    for path, day in ((path, day) for path in DAYS[role] for day in odd):
        where = path.format(hearing=office.flags["hearing"], person=office.matter.person, day="")
        answer = browser.get(where.partition("?")[0], params={where.partition("?")[2].rstrip("="): day})
        assert answer.status_code in (400, 404), (path, answer.status_code)


def test_nested_and_odd_text_of_a_stranger_is_a_wrong_passkey_and_no_error(client):
    for credential in (NESTED, f'{{"rawId": {NESTED}', "9" * 5000, '{"rawId": NaN}', "\x00", "[]", "null"):
        answer = client.post("/sign-in/passkey", data={"credential": credential, "next": ""})
        assert answer.status_code in (303, 400, 401, 413, 422), (credential[:20], answer.status_code)


def test_a_role_that_changes_between_two_requests_counts_at_the_second(office, database, client_as):
    officer = take_over(database, client_as("officer"))
    person = f"/people/{office.matter.person}"
    assert officer.get(person).status_code == 200
    place = {"role": "program", "agency_id": office.town.program_agency}
    with database.system("test: another desk") as session, session.begin():
        session.execute(update(Membership).where(Membership.user_id == officer.user_id).values(**place))
    assert officer.get(person).status_code == 403
    assert officer.get("/caseload").status_code == 403
    assert officer.post(f"{person}/contacts", data={}).status_code == 403
    assert officer.get("/week").status_code == 200, "and the new one holds at once"
    with database.system("test: none at all") as session, session.begin():
        row = session.scalars(select(Membership).where(Membership.user_id == officer.user_id)).one()
        row.until_on = row.from_on
    answer = officer.get("/week")
    assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")


TRICKS = {
    "method override": {"x-http-method-override": "POST", "x-method-override": "DELETE"},
    "another path": {"x-original-url": "/admin", "x-rewrite-url": "/admin"},
    "another host": {"x-forwarded-host": "evil.example", "x-host": "evil.example", "forwarded": "host=evil.example"},
    "another person": {"x-remote-user": "admin", "x-forwarded-user": "admin", "authorization": "Basic YWRtaW46"},
    "another machine": {"x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1", "true-client-ip": "127.0.0.1"},
}


def test_no_header_makes_another_request_of_it(office, database, client_as, client):
    officer = take_over(database, client_as("officer"))
    for name, trick in TRICKS.items():
        odd = officer.get("/caseload", headers=trick)
        assert (odd.status_code, "evil" in odd.text) == (200, False), name
        assert officer.get("/admin", headers=trick).status_code == 403, name
        sent_away = client.get("/caseload", headers=trick)
        assert sent_away.status_code == 303 and sent_away.headers["location"].startswith(("/", BASE)), name
        assert "evil" not in sent_away.headers["location"], name
