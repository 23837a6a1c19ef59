"""Four worker processes and one thing sent to all of them at once: a code, a passkey, a key of software, an address."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
from sqlalchemy import func, select, update

from monitor.access.auth_sessions import membership_of, open_session
from monitor.access.recovery_codes import new_recovery_codes
from monitor.access.roles import Role
from monitor.models import AuditEntry, KeptAnswer, Passkey, User
from tests.monitor.intake.sample_record import write_county
from tests.patience import until
from tests.web.accounts import SECRET, new_account, sign_in_as, token_of_forms
from tests.web.machines import machine_of, send, signed
from tests.web.soft_key import SoftKey
from tests.web.test_account import code
from tests.web.test_api import CLEAN, recorded
from tests.web.test_four_workers import counted, four_workers

AT_ONCE = 12


def browser(base: str, token: str = "") -> httpx.Client:
    """One of its own, with a session and what its forms bear."""
    made = httpx.Client(base_url=base, headers={"origin": base}, timeout=120)
    if token:
        made.headers.update({"cookie": f"monitor={token}", "x-csrf-token": token_of_forms(token)})
    return made


def half_way(database, user_id: int, times: int) -> list[str]:
    """Sessions that have the password only."""
    now = datetime.now(UTC)
    with database.system("test: half-way") as session, session.begin():
        role = membership_of(session, user_id, now)
        return [open_session(session, user_id, role, now) for _ in range(times)]


def at_once(send_one, many) -> list[int]:
    """What each is answered; who is told to come back does."""

    def patiently(one) -> int:
        told: list[int] = []
        until(lambda: told.append(send_one(one).status_code) or told[-1] != 503)
        return told[-1]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(patiently, many))


def an_officer(database) -> int:
    with database.system("test: an account") as session, session.begin():
        return new_account(session, Role.OFFICER).user_id


def give(base: str, typed: str):
    return lambda token: browser(base, token).post("/sign-in/code", data={"code": typed})


def one_code_lets_in_once(database, base: str) -> None:
    user_id = an_officer(database)
    told = at_once(give(base, code()), half_way(database, user_id, 4))  # a fifth would be the lock's doing
    assert told.count(303) == 1 and counted(database, "session.opened") == 1, told
    user_id = an_officer(database)
    with database.system("test: codes on paper") as session, session.begin():
        paper = new_recovery_codes(session, SECRET, user_id, datetime.now(UTC))[0]
    told = at_once(give(base, paper), half_way(database, user_id, 4))
    assert told.count(303) == 1 and counted(database, "session.opened") == 2, told


def of_many_wrong_codes_five_are_looked_at(database, base: str) -> None:
    before, user_id = counted(database, "session.code_refused"), an_officer(database)
    assert set(at_once(give(base, "000000"), half_way(database, user_id, 2 * AT_ONCE))) == {422}
    assert counted(database, "session.code_refused") - before == 5
    [late] = half_way(database, user_id, 1)
    assert give(base, code())(late).status_code == 422, "the right one comes too late"


def one_answer_of_a_key_lets_in_once(database, base: str) -> None:
    """Also of two answers with one count, which a copied key gives."""
    _, token = sign_in_as(database, Role.OFFICER, None, "Alex Reyes")
    home, key = browser(base, token), SoftKey()
    origin = base.replace("127.0.0.1", "localhost")
    made = key.create(home.get("/account/passkeys/options").json(), origin=origin)
    assert home.post("/account/passkeys", data={"credential": made, "name": "Blue key"}).status_code == 303
    options = [browser(base).get("/sign-in/passkey/options").json() for _ in range(AT_ONCE)]
    for answers in ([key.get(options[0], origin=origin)] * AT_ONCE,
                    [key.get(one, origin=origin, count=9) for one in options[1:]]):  # fmt: skip
        told = at_once(lambda one: browser(base).post("/sign-in/passkey", data={"credential": one}), answers)
        assert told.count(303) == 1 and set(told) == {303, 401}, told
    with database.system("test: a colleague's key", writes=False) as session:
        count = session.scalars(select(Passkey.sign_count)).one()
    colleague = SoftKey()
    colleague.credential_id = key.credential_id
    told = browser(base).get("/sign-in/passkey/options").json()
    answer = colleague.get(told, origin=origin, count=count + 1)
    assert browser(base).post("/sign-in/passkey", data={"credential": answer}).status_code == 401


def a_key_of_software_is_its_own(database, base: str) -> None:
    """Another machine's key, at once and afterwards: each does its own, and nobody hears another's answer."""
    secrets = [machine_of(database, "north-star"), machine_of(database, "north-star")]

    def bring(secret: str) -> httpx.Response:
        with httpx.Client(base_url=base, headers=signed(secret)) as client:
            return send(client, CLEAN, "monday")

    told = at_once(bring, secrets * 4)
    assert set(told) <= {200, 201} and recorded(database) == 12, told
    again = [bring(one) for one in secrets]
    assert [one.headers.get("idempotent-replayed") for one in again] == ["true", "true"]
    assert sorted(one.json()["state"] for one in again) == ["ALREADY_HERE", "SAVED"]
    with database.system("test: kept", writes=False) as session:
        assert session.scalar(select(func.count(KeptAnswer.id))) == 2


def an_address_of_a_calendar_goes_nowhere(database, base: str) -> None:
    user_id, token = sign_in_as(database, Role.OFFICER, None, "Bo Lang")
    made = browser(base, token).post("/account/calendars", data={"of": "OFFICER", "room": "", "style": "COUNT"})
    leads = ("no-referrer", "same-origin")
    assert made.headers["referrer-policy"] in leads and "no-store" in made.headers["cache-control"]
    path = re.search(r"/ical/[\w-]+\.ics", made.text)[0]
    read = browser(base).get(path)
    assert read.status_code == 200 and read.headers["referrer-policy"] in leads
    secret = path.removeprefix("/ical/").removesuffix(".ics")
    with database.system("test: the trail", writes=False) as session:
        assert not [one for one in session.scalars(select(AuditEntry.detail)) if secret in str(one)]
    with database.system("test: disabled") as session, session.begin():
        session.execute(update(User).where(User.id == user_id).values(disabled_at=datetime.now(UTC)))
    gone = at_once(lambda _: browser(base).get(path), range(AT_ONCE))
    assert set(gone) == {404}, "on every worker"


def test_what_is_sent_to_all_workers_at_once_is_done_once(database, database_url):
    write_county(database)
    with four_workers(database_url) as base:
        one_code_lets_in_once(database, base)
        of_many_wrong_codes_five_are_looked_at(database, base)
        one_answer_of_a_key_lets_in_once(database, base)
        a_key_of_software_is_its_own(database, base)
        an_address_of_a_calendar_goes_nowhere(database, base)
