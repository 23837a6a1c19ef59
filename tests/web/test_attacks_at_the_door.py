"""What somebody tries at sign-in and with the form of a request: other spellings, other kinds of body, odd wires."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest
from litestar.exceptions import ClientException
from sqlalchemy import func, select, update

from monitor.access.recovery_codes import new_recovery_codes, spend_recovery_code
from monitor.access.roles import Role
from monitor.models import Agency, Contact, Membership, Program
from monitor.users import AccountError, NewAccount, add_user
from tests.office import open_office, take_over
from tests.web.accounts import PASSWORD, SECRET, new_account
from tests.web.browsing import served
from web.fields import read_once

lite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def account(database):
    with database.system("test: an account") as session, session.begin():
        return new_account(session, Role.OFFICER)


def tried(browser, email, password=PASSWORD):
    return browser.post("/sign-in", data={"email": email, "password": password})


@lite
def test_another_spelling_of_an_address_is_the_same_account_with_the_same_count_or_nobody(client, account, database):
    kelvin = account.email.replace("k", "\u212a")
    same = [account.email.upper(), f"  {account.email}\t", f"{account.email}\u00a0", kelvin]
    for number in range(5):
        assert tried(client, same[number % len(same)], "wrong, but long enough").status_code == 401
    assert tried(client, account.email).status_code == 401, "all of them counted as one: it is locked"
    other = [
        account.email.replace("o", "\u043e"), account.email.replace("@", "\uff20"), f"{account.email}\u200b",
        account.email[:3] + "\u0301" + account.email[3:], account.email.replace(".", "\u2024"), "a" * 300,
    ]  # fmt: skip
    answers = {(answer.status_code, answer.text.count("could not sign you in")) for answer in
               (tried(client, email) for email in other)}  # fmt: skip
    assert answers == {(401, 1)}
    for email in (f"{account.email}\x00", f"\x00{account.email}", "a" * 301):
        assert tried(client, email).status_code == 400
    raw = b"email=%ED%A0%80%ff&password=x"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/sign-in", content=raw, headers=headers).status_code in (400, 401)


@lite
@pytest.mark.parametrize("odd", ["r\u0435yes", "rey\u200bes", "reye\u0301s", "rey\x00es", "\uff52eyes", "rey\u202ees"])
def test_no_account_can_look_like_another_ones(database, odd):
    with database.system("test: a look-alike") as session, session.begin():
        account = new_account(session, Role.OFFICER)
        held = select(Agency.code).join(Membership).where(Membership.user_id == account.user_id)
        code = session.scalars(held).one()
        new = NewAccount(email=f"{odd}@agency.example", name="Alex", role=Role.OFFICER, agency_code=code)
        with pytest.raises(AccountError, match="e-mail address looks like"):
            add_user(session, new, SECRET, datetime.now(UTC), date(2020, 1, 1))


@pytest.fixture
def officer(database, client_as):
    office = open_office(database)
    browser = take_over(database, client_as("officer", agency_id=office.town.office))
    browser.contacts = f"/people/{office.matter.person}/contacts?case={office.matter.case}"
    return browser


BODIES = {
    "text/plain": b"way=HOME&result=MADE&note=she+stays+at+the+shelter", "": b"way=HOME&result=MADE",
    "application/json": b'{"way": "HOME", "result": "MADE", "result": "ATTEMPTED"}',
    "application/xml": b"<way>HOME</way>", "application/x-www-form-urlencoded-not": b"way=HOME&result=MADE",
    "multipart/mixed; boundary=x": b'--x\r\nContent-Disposition: form-data; name="way"\r\n\r\nHOME\r\n--x--\r\n',
    "multipart/form-data": b"way=HOME&result=MADE",
}  # fmt: skip


@lite
@pytest.mark.parametrize("kind", BODIES)
def test_a_body_of_another_kind_does_nothing(officer, database, kind):
    """Its fields would pass the lint and the check of doubled ones (E-11): the form of a page is a form."""
    answer = officer.post(officer.contacts, content=BODIES[kind], headers={"content-type": kind})
    assert answer.status_code in (400, 415, 422), answer.status_code
    with database.system("test: look", writes=False) as session:
        assert session.scalar(select(func.count(Contact.id))) == 0


@lite
@pytest.mark.parametrize("kind", ["APPLICATION/X-WWW-FORM-URLENCODED", "application/x-www-form-urlencoded;charset=x"])
def test_a_form_whose_kind_is_said_oddly_is_checked_all_the_same(officer, kind):
    body = b"way=HOME&way=OFFICE&result=MADE"
    assert officer.post(officer.contacts, content=body, headers={"content-type": kind}).status_code in (400, 415)
    body = b"way=HOME&result=MADE&note=she+is+at+the+shelter+on+Oak+Street"
    assert officer.post(officer.contacts, content=body, headers={"content-type": kind}).status_code in (400, 415, 422)


@lite
def test_a_file_name_of_two_lines_becomes_no_header(client_as, database):
    from tests.monitor.intake.sample_record import write_county

    write_county(database)
    with database.system("test: whose", writes=False) as session:
        agency = session.scalar(select(Program.agency_id).where(Program.code == "north-star"))
    program = client_as("program", agency_id=agency)
    name = 'week"\r\nX-Bad: 1;.csv'
    sheet = {"file": (name, b"Name,11/9/2026\nNobody Nora,P\n", "text/csv")}
    answer = program.post("/attendance/uploads", data={"program": "", "group": ""}, files=sheet)
    assert answer.status_code == 303, "it is taken like any other name"
    page = program.get(answer.headers["location"])
    problems = program.get(f"{answer.headers['location'].partition('?')[0]}/problems")
    assert problems.headers.get("content-disposition", '""').count('"') == 2
    assert all("x-bad" not in one.headers for one in (answer, page, problems))


@lite
def test_static_files_and_pages_lead_nowhere_else(client, officer):
    odd = ("../app.py", "..%2fapp.py", "%2e%2e/app.py", "....//app.py", "..\\app.py", "%00app.css", "/etc/passwd",
           "css/..%c0%af..%c0%afapp.py")  # fmt: skip
    for path in odd:
        for browser in (client, officer):
            answer = browser.get(f"/static/{path}")
            assert answer.status_code in (303, 400, 404), path
            assert "create_app" not in answer.text and "root:" not in answer.text


def test_of_many_who_hold_the_same_recovery_code_one_gets_in(database):
    now = datetime.now(UTC)
    with database.system("test: codes") as session, session.begin():
        user = new_account(session, Role.OFFICER).user_id
        code = new_recovery_codes(session, SECRET, user, now)[0]

    def spend(_number):
        with database.system("test: spend") as session, session.begin():
            return spend_recovery_code(session, SECRET, user, code, now)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(spend, range(8))) == 1


@lite
def test_a_calendar_of_who_moved_to_another_agency_is_gone(database, client_as, client):
    from tests.builders import build_town

    office = open_office(database)
    officer = take_over(database, client_as("officer", agency_id=office.town.office))
    answer = officer.post("/account/calendars", data={"of": "OFFICER", "room": "", "style": "COUNT"})
    if answer.status_code not in (200, 201):
        pytest.fail(answer.text)
    path = "/ical/" + answer.text.partition("/ical/")[2].partition(".ics")[0] + ".ics"
    assert client.get(path).status_code == 200
    with database.system("test: moved") as session, session.begin():
        far = build_town(session, code="far")
        session.execute(update(Membership).where(Membership.user_id == officer.user_id).values(agency_id=far.office))
    assert client.get(path).status_code == 404
    assert "/people/" not in officer.get("/caseload").text, "and the open session reads the new agency's list alone"


ODD_JSON = (
    b'{"words": "Nobody, Noel", "words": "Doe, Jan"}', b'{"a": {"b": 1, "b": 2}}', b'{"words": "Doe\\u0000"}',
    b'{"a":' * 50_000, b"{", b"\xff", b"[" * 50_000,
)  # fmt: skip


@pytest.mark.parametrize("body", ODD_JSON)
def test_json_says_each_name_once(body):
    with pytest.raises(ClientException):
        read_once(body)
    read_once(b'{"words": "Doe, Jan", "more": [{"words": 1}, {"words": 2}]}')


@lite
@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/csp-report"])
def test_a_machine_that_sends_another_kind_of_body_is_told_so(app, database, kind):
    from tests.monitor.intake.sample_record import write_county
    from tests.web.machines import BATCHES, machine_of, software

    write_county(database)
    with software(app, machine_of(database, "north-star")) as north_star:
        answer = north_star.post(BATCHES, content=b'{"a": 1, "a": 2}', headers={"content-type": kind})
    assert answer.status_code == 400 and answer.headers["content-type"].startswith("application/problem+json")


HEAD = "POST /sign-in HTTP/1.1\r\nHost: {host}\r\nOrigin: {base}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SECOND = "GET /caseload HTTP/1.1\r\nHost: {host}\r\nX-Smuggled: 1\r\n\r\n"
WIRES = {
    "length and chunks": HEAD + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "two lengths": HEAD + "Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + SECOND,
    "a length with a sign": HEAD + "Content-Length: +5\r\n\r\nemail" + SECOND,
    "chunks that are not the last coding": HEAD + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SECOND,
    "a blank before the colon": HEAD + "Content-Length : 5\r\n\r\nemail" + SECOND,
    "a folded header": HEAD + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + SECOND,
    "a NUL in a header": HEAD + "X-A: b\x00c\r\nContent-Length: 0\r\n\r\n" + SECOND,
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory, sqlite_template):
    import shutil

    from monitor.db import Database

    path = tmp_path_factory.mktemp("wire") / "monitor.db"
    shutil.copy(sqlite_template, path)
    with served(Database(f"sqlite:///{path}")) as base:
        yield base


@pytest.mark.parametrize("wire", WIRES)
def test_the_server_that_we_ship_reads_no_second_request_into_an_ambiguous_one(site, wire):
    """Refused, or (RFC 9112 6.1) read in the one way that a proxy reads it, too; the connection is then closed."""
    where = urlsplit(site)
    with socket.create_connection((where.hostname, where.port), timeout=60) as line:
        line.settimeout(5)
        line.sendall(WIRES[wire].format(host=where.netloc, base=site).encode())
        heard = b""
        try:
            while more := line.recv(65536):
                heard += more
        except TimeoutError:
            pass
    answers = [int(part[:3]) for part in heard.split(b"HTTP/1.1 ")[1:]]
    assert answers in ([], [400]) or (wire, answers) == ("length and chunks", [401]), (wire, answers)

