"""A thief holds a request back with half of its form, and sends the rest once its session was ended (A-16, B-02)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select, update

from monitor.access.auth_sessions import SessionOver, hash_of, identify, open_session, renew, revoke, revoke_others
from monitor.access.machines import identify_machine, revoke_machine
from monitor.access.roles import Role
from monitor.access.sign_in import open_signed_in
from monitor.models import AuthSession, Contact, Machine, Membership, User
from tests.office import open_office, take_over
from tests.web.accounts import BASE, SECRET, new_account, sign_in_as, token_of_forms
from web.site import open_site

FORM = "application/x-www-form-urlencoded"


def sent_late(app, path, body, headers, meanwhile):
    """Post, and do ``meanwhile`` when the site, which knows by then who asks, waits for the body."""
    answer = {}

    async def receive():
        if "waited" not in answer:
            answer["waited"] = True
            await asyncio.to_thread(meanwhile)
            return {"type": "http.request", "body": body, "more_body": False}
        return {"type": "http.disconnect"}

    async def send(message):
        if message["type"] == "http.response.start":
            answer["status"] = message["status"]
            answer["headers"] = {name.decode(): value.decode() for name, value in message["headers"]}
            set_here = [value.decode() for name, value in message["headers"] if name == b"set-cookie"]
            answer["headers"]["cookies"] = " ".join(one.partition("=")[0] for one in set_here)

    told = {"host": BASE.removeprefix("http://"), "origin": BASE, "content-length": str(len(body)), **headers}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "state": {},
        "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8000),
        "headers": [(name.encode(), value.encode()) for name, value in told.items()],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    assert answer["waited"], "the site looked at nothing of the body before it knew who asks"
    return answer["status"], answer["headers"]


def end_others(database, user_id):
    with database.system("test: the owner ends every other session") as session, session.begin():
        session.execute(update(AuthSession).where(AuthSession.user_id == user_id).values(revoked_at=datetime.now(UTC)))


def disable(database, user_id):
    with database.system("test: disabled") as session, session.begin():
        session.execute(update(User).where(User.id == user_id).values(disabled_at=datetime.now(UTC)))


@pytest.mark.parametrize("ends", [end_others, disable])
@pytest.mark.parametrize("act", ["/account/role", "/account/password", "/account/sessions/end-others", "contact"])
def test_what_arrives_after_the_session_ended_is_not_done_and_gets_no_session(app, database, act, ends, client_as):
    office = open_office(database)
    thief = take_over(database, client_as("officer", agency_id=office.town.office))
    with database.system("test: which role", writes=False) as session:
        membership = session.scalar(select(Membership.id).where(Membership.user_id == thief.user_id))
        hashed = session.scalar(select(User.password_hash).where(User.id == thief.user_id))
    contacts = f"/people/{office.matter.person}/contacts"
    path = contacts if act == "contact" else act
    form = {
        "/account/role": {"membership": membership},
        "/account/password": {"password": "eleven blue lanterns at dusk", "again": "eleven blue lanterns at dusk"},
        "contact": {"case": office.matter.case, "way": "HOME", "result": "MADE"},
    }.get(act, {})  # fmt: skip
    token = thief.cookies["monitor"]
    headers = {"cookie": f"monitor={token}", "content-type": FORM}
    body = urlencode({**form, "csrf": token_of_forms(token)}).encode()

    status, told = sent_late(app, path, body, headers, lambda: ends(database, thief.user_id))

    assert (status, told["location"].partition("?")[0]) == (303, "/sign-in")
    assert told["cookies"] == "monitor-unsaved", "that nothing was saved, and no session"
    with database.system("test: look", writes=False) as session:
        theirs = AuthSession.user_id == thief.user_id, AuthSession.token_hash != hash_of(token)
        live = select(func.count()).select_from(AuthSession).where(*theirs, AuthSession.revoked_at.is_(None))
        assert session.scalar(live) == 0, "no new session came of it"
        assert session.scalar(select(func.count(Contact.id))) == 0
        assert session.scalar(select(User.password_hash).where(User.id == thief.user_id)) == hashed


def test_a_machine_that_is_revoked_while_it_sends_brings_nothing_in(app, database):
    from tests.monitor.intake.sample_record import write_county
    from tests.web.machines import BATCHES, machine_of, signed

    write_county(database)
    secret = machine_of(database, "north-star")

    def revoked():
        with database.system("test: revoked") as session, session.begin():
            assert revoke_machine(session, session.scalars(select(Machine.id)).one(), datetime.now(UTC))

    sheet = b"Name,11/9/2026\r\nNobody Nora,P\r\n"
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="week.csv"\r\n\r\n'
    body = part + sheet + b"\r\n--x--\r\n"
    headers = {**signed(secret), "content-type": "multipart/form-data; boundary=x"}

    status, _ = sent_late(app, BATCHES, body, headers, revoked)

    assert status == 401
    assert identify_machine(database, secret, SECRET, datetime.now(UTC)) is None


@pytest.fixture
def stolen(database):
    """Who a stolen token is; it was identified before its owner ended it."""
    _, token = sign_in_as(database, Role.OFFICER, None, "Alex Reyes")
    now = datetime.now(UTC)
    who = identify(database, token, now)
    with database.system("test: ended") as session, session.begin():
        revoke(session, who.session, now)
    return who


def test_no_new_token_takes_the_place_of_a_session_that_was_ended(database, stolen):
    with database.system("test: too late") as session, pytest.raises(SessionOver), session.begin():
        renew(session, stolen, datetime.now(UTC), how="totp")
    with database.system("test: look", writes=False) as session:
        assert session.scalar(select(func.count()).select_from(AuthSession)) == 1


def test_of_a_half_way_session_that_was_ended_no_code_makes_a_whole_one(database, settings, app):
    now, site = datetime.now(UTC), open_site(settings, database)
    with database.system("test: the password alone") as session, session.begin():
        account = new_account(session, Role.OFFICER)
        role = session.scalar(select(Membership.id).where(Membership.user_id == account.user_id))
        token = open_session(session, account.user_id, role, now)
    who = identify(database, token, now)
    with database.system("test: somebody changed the password") as session, session.begin():
        revoke_others(session, who, now)
        revoke(session, who.session, now)
    door = site.door({"headers": [], "client": None, "state": {}, "type": "http"})
    with database.system("test: too late") as session, pytest.raises(SessionOver), session.begin():
        open_signed_in(session, door, who, "session.opened", now, "totp")
