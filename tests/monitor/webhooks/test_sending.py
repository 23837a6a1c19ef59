"""An agency's software hears that something waits: signed, at least once, under one id, and never what it is."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from monitor.config import Settings
from monitor.models import AuditEntry, Outbox, WebhookEndpoint, random_id
from monitor.webhooks import reaching, sending
from monitor.webhooks.announcing import announce
from monitor.webhooks.secret import keep_secret, replace_secret
from monitor.webhooks.sending import send_words
from monitor.webhooks.signing import new_secret, signature
from tests.builders import add_user, at, build_town
from tests.monitor.webhooks.receiver import receiving
from tests.web.accounts import SECRET

ROOT = Path(__file__).resolve().parents[3]
NOW = at(date(2026, 3, 4), 9)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def opened_receiver(tmp_path_factory):
    with receiving(tmp_path_factory.mktemp("receiver")) as receiver:
        yield receiver


@pytest.fixture
def receiver(opened_receiver):
    opened_receiver.words.clear()
    opened_receiver.answer, opened_receiver.drips = (204, {}), False
    return opened_receiver


@pytest.fixture
def settings(receiver, database):
    return Settings(
        database_url=database.url, secret_key=SECRET, webhook_hosts="127.0.0.1", webhook_networks="127.0.0.0/8",
        webhook_ca_file=str(receiver.authority),
    )  # fmt: skip


@pytest.fixture
def town(database):
    with database.system("test: a town") as session, session.begin():
        town = build_town(session)
        session.flush()
        add_user(session, town.court_agency, "administrator", "ada@agency.example")
        return town


def add_endpoint(database, agency, url, kinds=("sheet.saved",)):
    """An endpoint and its secret."""
    secret = new_secret()
    with database.system("test: an endpoint") as session, session.begin():
        made = WebhookEndpoint(id=random_id(), agency_id=agency, url=url, kinds=list(kinds), made_at=NOW)
        keep_secret(made, secret, SECRET)
        session.add(made)
    return made.id, secret


@pytest.fixture
def endpoint(database, town, receiver):
    return add_endpoint(database, town.program_agency, receiver.url)


def tell(database, town, *causes, kind="sheet.saved", now=NOW, about=None):
    with database.system("test: what causes it") as session, session.begin():
        for cause in causes:
            announce(session, [town.program_agency], kind, cause, now, about=about)


def send(database, settings, now=NOW, clock=None):
    @contextmanager
    def opened():
        with database.system("test: sending") as session, session.begin():
            yield session

    return send_words(opened, settings, clock or (lambda: now))


def rows(database):
    with database.system("test", writes=False) as session:
        return list(session.scalars(select(Outbox).where(Outbox.channel == "webhook").order_by(Outbox.key)))


def of_endpoint(database, number):
    with database.system("test", writes=False) as session:
        return session.get_one(WebhookEndpoint, number)


def test_the_signature_is_that_of_the_standards_own_example():
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
        b'{"test": 2432232314}',
    )  # fmt: skip
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_programs_software_hears_that_its_sheet_is_on_record_and_why(database, town, receiver, settings, endpoint):
    tell(database, town, "sheet:77", about=77)
    assert send(database, settings).sent == 1
    [word] = receiver.words
    assert word.is_signed_with(endpoint[1]) and not word.is_signed_with(new_secret())
    assert word.said == {
        "type": "sheet.saved", "timestamp": "2026-03-04T17:00:00Z",
        "data": {"id": "77", "why": "A sheet of your program was saved."},
    }  # fmt: skip
    assert word.headers["content-type"] == "application/json"
    assert abs(int(word.headers["webhook-timestamp"]) - NOW.timestamp()) < 1
    assert [row.state for row in rows(database)] == ["SENT"]


def test_what_arrived_is_not_sent_again_and_the_same_cause_is_written_once(
    database, town, receiver, settings, endpoint
):
    tell(database, town, "sheet:77")
    tell(database, town, "sheet:77")
    send(database, settings)
    tell(database, town, "sheet:77")
    assert send(database, settings, NOW + timedelta(days=1)).sent == 0
    assert len(receiver.words) == 1


@ON_SQLITE
def test_only_what_was_asked_for_and_only_the_agencys_own(database, town, receiver, settings, endpoint):
    tell(database, town, "roster:1", kind="sheet.missing")
    with database.system("test: another agency") as session, session.begin():
        announce(session, [town.office], "sheet.saved", "sheet:78", NOW)
    assert rows(database) == [] and send(database, settings).sent == 0


@ON_SQLITE
def test_what_was_rolled_back_is_never_told(database, town, receiver, settings, endpoint):
    with pytest.raises(LookupError), database.system("test: it fails") as session, session.begin():
        announce(session, [town.program_agency], "sheet.saved", "sheet:77", NOW)
        raise LookupError
    assert send(database, settings).sent == 0 and receiver.words == []


@ON_SQLITE
def test_while_a_secret_is_replaced_both_sign_and_after_a_week_one(database, town, receiver, settings, endpoint):
    number, first = endpoint
    second = new_secret()
    with database.system("test: another secret") as session, session.begin():
        replace_secret(session.get_one(WebhookEndpoint, number), second, SECRET, NOW)
    tell(database, town, "sheet:1")
    send(database, settings)
    tell(database, town, "sheet:2")
    send(database, settings, NOW + timedelta(days=8))
    both, later = receiver.words
    assert both.is_signed_with(first) and both.is_signed_with(second)
    assert later.is_signed_with(second) and not later.is_signed_with(first)


@ON_SQLITE
def test_a_receiver_with_a_fault_is_asked_ever_less_often_and_the_word_is_then_a_persons_to_decide(
    database, town, receiver, settings, endpoint
):
    receiver.answer = 500, {}
    tell(database, town, "sheet:77")
    now, tries = NOW, 0
    while send(database, settings, now).put_off:
        tries += 1
        now = rows(database)[0].due_at
        with database.system("test: no pause meanwhile") as session, session.begin():
            session.get_one(WebhookEndpoint, endpoint[0]).failing_since = now
    assert tries == len(sending.WAITS)
    assert now - NOW > timedelta(days=3)
    assert len(set(receiver.ids())) == 1, "the same id over all tries"
    assert [(row.state, row.error) for row in rows(database)] == [("FAILED", "status 500")]


@ON_SQLITE
def test_one_receiver_with_a_fault_holds_nobody_else_up(database, town, receiver, settings, endpoint):
    add_endpoint(database, town.program_agency, "https://127.0.0.1:9/nobody")
    tell(database, town, "sheet:1", "sheet:2", "sheet:3")
    done = send(database, settings)
    assert (done.sent, done.put_off) == (3, 1), "the one that is out of reach is asked once a run"


@ON_SQLITE
def test_a_receiver_that_answers_slowly_holds_up_neither_letters_nor_others(
    database, town, receiver, settings, endpoint
):
    """The clock moves nine seconds with each answer: one word a run to each slow endpoint, and a run ends."""
    for _ in range(4):
        add_endpoint(database, town.program_agency, receiver.url)
    tell(database, town, "sheet:1", "sheet:2", "sheet:3")
    begun = len(receiver.words)
    done = send(database, settings, clock=lambda: NOW + timedelta(seconds=9 * (len(receiver.words) - begun)))
    asked = [row.recipient_id for row in rows(database) if row.state == "SENT"]
    assert done.sent == 3 and len(set(asked)) == 3, "20 seconds, and three endpoints had their turn"


def test_an_endpoint_that_fails_for_three_days_is_paused_and_an_administrator_told(
    database, town, receiver, settings, endpoint
):
    receiver.answer = 503, {}
    tell(database, town, "sheet:1")
    send(database, settings)
    tell(database, town, "sheet:2")
    send(database, settings, NOW + timedelta(days=3, hours=1))
    one = of_endpoint(database, endpoint[0])
    assert (one.paused_why, one.last_fault) == ("FAILING", "status 503")
    with database.system("test: who is told", writes=False) as session:
        [letter] = session.scalars(select(Outbox).where(Outbox.key.like("webhook-paused:%"))).all()
        assert letter.body == "You have 1 item due today. Sign in."
        events = session.scalars(select(AuditEntry.event)).all()
        assert events == ["webhook.paused_itself"]
    heard = len(receiver.words)
    receiver.answer = 204, {}
    assert send(database, settings, NOW + timedelta(days=9)).sent == 0
    assert len(receiver.words) == heard, "paused: nothing goes there"
    assert {row.state for row in rows(database)} == {"DUE"}, "and nothing is lost"


@ON_SQLITE
def test_a_receiver_that_says_it_is_gone_is_not_asked_again(database, town, receiver, settings, endpoint):
    receiver.answer = 410, {}
    tell(database, town, "sheet:1", "sheet:2")
    assert send(database, settings).given_up == 1
    assert of_endpoint(database, endpoint[0]).paused_why == "GONE"
    assert len(receiver.words) == 1


@ON_SQLITE
def test_a_redirect_is_followed_nowhere(database, town, receiver, settings, endpoint, tmp_path):
    with receiving(tmp_path) as inside:
        receiver.answer = 302, {"location": inside.url}
        tell(database, town, "sheet:1")
        assert send(database, settings).put_off == 1
        assert inside.words == []
    assert [row.error for row in rows(database)] == ["status 302"]


@ON_SQLITE
def test_a_receiver_that_speaks_for_ever_is_left(database, town, receiver, settings, endpoint, monkeypatch):
    monkeypatch.setattr(reaching, "SECONDS", 0.4)
    receiver.drips = True
    tell(database, town, "sheet:1")
    assert send(database, settings).put_off == 1
    [row] = rows(database)
    assert row.state == "DUE" and row.error


@ON_SQLITE
@pytest.mark.parametrize("case", ["an authority that nobody knows", "another host's"])
def test_a_certificate_that_is_not_the_hosts_own_is_no_receiver(database, town, receiver, settings, tmp_path, case):
    with receiving(tmp_path, "elsewhere.example" if case == "another host's" else "127.0.0.1") as stranger:
        trusted = stranger.authority if case == "another host's" else receiver.authority
        add_endpoint(database, town.program_agency, stranger.url)
        tell(database, town, "sheet:1")
        done = send(database, msgspec.structs.replace(settings, webhook_ca_file=str(trusted)))
        assert done.put_off == 1 and stranger.words == []
    assert [row.error for row in rows(database)] == ["certificate"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("change", "fault"),
    [({"webhook_networks": ""}, "address not allowed"), ({"webhook_hosts": "county.example"}, "host not named")],
)
def test_an_address_inside_a_network_or_of_a_host_that_nobody_named_is_never_asked(
    database, town, receiver, settings, endpoint, change, fault
):
    tell(database, town, "sheet:1")
    assert send(database, msgspec.structs.replace(settings, **change)).put_off == 1
    assert receiver.words == [] and [row.error for row in rows(database)] == [fault]


@ON_SQLITE
def test_where_no_host_is_named_nothing_moves(database, town, receiver, settings, endpoint):
    tell(database, town, "sheet:1")
    assert send(database, Settings(database_url=database.url, secret_key=SECRET)) == sending.Sent()
    assert [row.attempt for row in rows(database)] == [0]


@ON_SQLITE
def test_a_secret_that_does_not_open_stops_its_own_endpoint_alone(database, town, receiver, settings, endpoint):
    _number, secret = add_endpoint(database, town.program_agency, receiver.url)
    with database.system("test: sealed by another site") as session, session.begin():
        keep_secret(session.get(WebhookEndpoint, endpoint[0]), new_secret(), "f" * 64)
    tell(database, town, "sheet:1", "sheet:2")
    done = send(database, settings)
    assert (done.sent, done.put_off) == (2, 1), "the other endpoint has both; the broken one is asked once a run"
    assert all(one.is_signed_with(secret) for one in receiver.words)
    assert {row.error for row in rows(database) if row.state == "DUE" and row.attempt} == {"its secret does not open"}
    with database.system("test: look", writes=False) as session:
        assert session.get(WebhookEndpoint, endpoint[0]).last_fault == "its secret does not open"
    with database.system("test: another secret") as session, session.begin():
        replace_secret(session.get(WebhookEndpoint, endpoint[0]), new_secret(), SECRET, NOW)
    assert send(database, settings, NOW + timedelta(hours=1)).sent == 2, "nothing of it is lost"


SENDER = """
import os, signal, sys
from contextlib import contextmanager
from datetime import datetime
import msgspec
from monitor.config import Settings
from monitor.db import Database
from monitor.webhooks import sending
settings = msgspec.json.decode(sys.argv[1], type=Settings)
whole = sending.post
def post_and_die(*told):
    whole(*told)
    os.kill(os.getpid(), signal.SIGKILL)
sending.post = post_and_die
database = Database(settings.database_url)
@contextmanager
def opened():
    with database.system("killed sender") as session, session.begin():
        yield session
sending.send_words(opened, settings, lambda: datetime.fromisoformat(sys.argv[2]))
"""


def test_killed_between_handing_over_and_writing_down_it_goes_again_under_the_same_id(
    database, town, receiver, settings, endpoint
):
    tell(database, town, "sheet:1")
    command = [sys.executable, "-c", SENDER, msgspec.json.encode(settings).decode(), NOW.isoformat()]
    killed = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)  # noqa: S603
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert len(receiver.words) == 1
    assert send(database, settings, NOW + timedelta(minutes=1)).sent == 0, "the lease of the killed one holds"
    assert send(database, settings, NOW + sending.LEASE + timedelta(minutes=1)).sent == 1
    assert len(receiver.words) == 2 and len(set(receiver.ids())) == 1, "the repeat bears the id of the first"


def test_a_sender_that_was_taken_over_changes_nothing(database, town, receiver, settings, endpoint):
    tell(database, town, "sheet:1")
    with database.system("test: frozen") as session, session.begin():
        frozen = sending.claim(session, settings, NOW, set())
    assert send(database, settings, NOW + sending.LEASE + timedelta(minutes=1)).sent == 1
    with database.system("test: it wakes") as session, session.begin():
        late = NOW + timedelta(hours=1)
        sending.settle(session, settings, frozen, sending.NotNow("frozen"), late, sending.Sent())
    assert [row.state for row in rows(database)] == ["SENT"]
