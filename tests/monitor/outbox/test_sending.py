"""Notices leave once written, at least once, named by one id, naming nobody, and never give up without a word."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from monitor.config import Settings
from monitor.models import AuditEntry, JobRun, Outbox, User, random_id
from monitor.outbox import sending
from monitor.outbox.looking import decide_restored, outbox_state, try_again
from monitor.outbox.sending import send_due
from tests.builders import add_user, at, build_town
from tests.monitor.outbox.post_office import post_office
from tests.web.accounts import SECRET

ROOT = Path(__file__).resolve().parents[3]
NOW = at(date(2026, 3, 4), 9)


@pytest.fixture
def post():
    with post_office() as office:
        yield office


@pytest.fixture
def reader(database):
    """An officer who gets letters."""
    with database.system("test") as session, session.begin():
        return add_user(session, build_town(session).office, "officer", "reyes@agency.example")


@pytest.fixture
def settings(post, database):
    return Settings(database_url=database.url, mail_url=post.url, mail_from="monitor@court.example", secret_key=SECRET)


def write(database, reader, *keys, channel="email", **more):
    told = {"subject": "1 item needs you now", "body": "You have 1 item. Sign in.", "why": "a program put a concern."}
    with database.system("test: a notice") as session, session.begin():
        for key in keys:
            session.add(Outbox(key=key, channel=channel, recipient_id=reader, due_at=NOW, **{**told, **more}))


def send(database, settings, now=NOW):
    @contextmanager
    def opened():
        with database.system("test: sending") as session, session.begin():
            yield session

    return send_due(opened, settings, lambda: now)


def states(database):
    with database.system("test", writes=False) as session:
        return dict(session.execute(select(Outbox.key, Outbox.state)).all())


def test_a_notice_goes_to_its_person_and_says_why(database, reader, post, settings):
    write(database, reader, "concern:1")
    assert send(database, settings).sent == 1
    [letter] = post.letters
    assert (letter["To"], letter["Subject"]) == ("reyes@agency.example", "1 item needs you now")
    text = letter.get_payload()
    assert "You get this because: a program put a concern." in text
    assert settings.base_url in text
    assert states(database) == {"concern:1": "SENT"}


def test_what_was_sent_is_not_sent_again(database, reader, post, settings):
    write(database, reader, "concern:1")
    send(database, settings)
    assert send(database, settings, NOW + timedelta(days=1)).sent == 0
    assert len(post.letters) == 1


def test_the_id_of_a_letter_holds_no_id_of_the_record(database, reader, post, settings):
    write(database, reader, "concern:918273645")
    send(database, settings)
    assert "918273645" not in str(post.letters[0])


def test_without_a_mail_server_nothing_moves_and_the_administrator_reads_of_it(database, reader):
    write(database, reader, "concern:1")
    assert send(database, Settings()).sent == 0
    assert states(database) == {"concern:1": "DUE"}
    with database.system("test", writes=False) as session:
        assert outbox_state(session, NOW + timedelta(hours=1)).late


def test_a_server_that_says_later_is_asked_later_and_then_less_often(database, reader, post, settings):
    post.answers["reyes@agency.example"] = "451 later"
    write(database, reader, "concern:1")
    assert send(database, settings).put_off == 1
    assert send(database, settings, NOW + timedelta(seconds=30)).put_off == 0
    post.answers.clear()
    assert send(database, settings, NOW + timedelta(minutes=2)).sent == 1


def test_a_server_out_of_reach_loses_nothing(database, reader, post, settings):
    write(database, reader, "concern:1")
    nowhere = Settings(database_url=database.url, mail_url="smtp://127.0.0.1:9", mail_from="monitor@court.example")
    assert send(database, nowhere).put_off == 1
    assert send(database, settings, NOW + timedelta(hours=1)).sent == 1


def test_a_refused_letter_is_given_up_told_of_and_tried_again_by_a_person(database, reader, post, settings):
    post.answers["reyes@agency.example"] = "550 no such person"
    write(database, reader, "concern:1")
    assert send(database, settings).given_up == 1
    with database.system("test") as session, session.begin():
        [lost] = outbox_state(session, NOW).given_up
        assert (lost.tries, lost.error) == (1, "recipient 550")
        assert try_again(session, NOW) == 1
    post.answers.clear()
    assert send(database, settings).sent == 1


def test_after_ten_tries_it_is_given_up(database, reader, post, settings):
    post.answers["reyes@agency.example"] = "451 later"
    write(database, reader, "concern:1")
    now, ended = NOW, 0
    for _ in range(sending.MOST_TRIES):
        ended += send(database, settings, now).given_up
        now += sending.LONGEST_WAIT
    assert ended == 1
    assert states(database) == {"concern:1": "FAILED"}


def test_nobody_whose_account_has_ended_gets_a_letter(database, reader, post, settings):
    with database.system("test") as session, session.begin():
        session.get_one(User, reader).disabled_at = NOW
    write(database, reader, "concern:1")
    send(database, settings)
    assert post.letters == []
    assert states(database) == {"concern:1": "FAILED"}


def trail(database):
    """Entries of notices, without their subjects: event, outcome, who acted, what is told."""
    with database.system("test: the trail", writes=False) as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.event.like("notice.%")).order_by(AuditEntry.number))
        return [(one.event, one.outcome, one.user_id, one.component, one.detail) for one in found]


def test_what_was_sent_and_what_never_arrives_stands_in_the_trail_and_what_is_put_off_does_not(
    database, reader, post, settings
):
    """A letter is on record once it is over, whichever way: by notice and recipient, and by nothing of its words."""
    write(database, reader, "concern:1")
    post.answers["reyes@agency.example"] = "451 later"
    send(database, settings)
    assert trail(database) == []
    post.answers.clear()
    write(database, reader, "roster:1", "roster:2", channel="digest")
    send(database, settings, NOW + timedelta(hours=1))
    post.answers["reyes@agency.example"] = "550 no such person"
    write(database, reader, "concern:2")
    send(database, settings, NOW + timedelta(hours=1))
    with database.system("test") as session, session.begin():
        session.get_one(User, reader).disabled_at = NOW
    write(database, reader, "concern:3")
    send(database, settings, NOW + timedelta(hours=1))
    sent, lost = ("notice.sent", "done", None, "job"), ("notice.given_up", "failed", None, "job")
    assert sorted(trail(database)[:2], key=str) == [(*sent, {"notices": 1}), (*sent, {"notices": 2})]
    assert trail(database)[2:] == [(*lost, {"notices": 1})] * 2
    with database.system("test: the trail", writes=False) as session:
        rows = set(session.scalars(select(Outbox.id)))
        told = {one for ids in session.scalars(select(AuditEntry.subjects)) for one in ids}
    assert told == rows | {reader}


def test_a_notice_whose_entry_cannot_be_written_counts_as_not_sent(database, reader, post, settings, monkeypatch):
    """It goes out again under its id; a letter that nobody can prove would be the other way to be wrong."""
    write(database, reader, "concern:1")
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(sending.audit, "append", _no_room)
        send(database, settings)
    assert states(database) == {"concern:1": "DUE"}
    assert send(database, settings, NOW + sending.LEASE + timedelta(minutes=1)).sent == 1
    assert len(set(post.ids())) == 1


def _no_room(*_told):
    raise RuntimeError("no room for another entry")


def test_what_waits_for_the_digest_is_one_letter_a_day(database, reader, post, settings):
    write(database, reader, "roster:1", "roster:2", channel="digest", body="You have 1 attendance sheet to send.")
    assert send(database, settings).sent == 1
    assert post.letters[0]["Subject"] == "2 items wait for you"
    write(database, reader, "roster:3", channel="digest")
    assert send(database, settings, NOW + timedelta(hours=2)).sent == 0
    assert send(database, settings, at(date(2026, 3, 5), 6)).sent == 0
    assert send(database, settings, at(date(2026, 3, 5), 8)).sent == 1


def test_an_alarm_of_the_nightly_check_holds_digests_and_lets_urgent_words_through(database, reader, post, settings):
    write(database, reader, "roster:1", channel="digest")
    write(database, reader, "concern:1")
    night(database, '{"cases":9,"cases_differing":1}')
    done = send(database, settings)
    assert (done.sent, done.held) == (1, 1)
    night(database, '{"cases":9,"cases_differing":0}', NOW + timedelta(days=1))
    assert send(database, settings, NOW + timedelta(days=1)).sent == 1


def night(database, totals, at_instant=NOW):
    with database.system("test: a night") as session, session.begin():
        session.add(
            JobRun(id=random_id(), job="nightly_referee", run_key=str(at_instant), slot_at=at_instant,
                   due_at=at_instant, state="DONE", totals=totals)
        )  # fmt: skip


def test_two_senders_at_once_send_each_letter_once(database, reader, post, settings):
    write(database, reader, *(f"concern:{n}" for n in range(6)))

    @contextmanager
    def opened():
        with database.system("test: one") as session, session.begin():
            yield session

    with opened() as session:
        held, _ = sending.claim(session, Settings(), NOW)
    assert send(database, settings).sent == 0, "what another sender holds is left alone"
    for letter in held:
        with opened() as session:
            sending.settle(session, Settings(), letter, None, NOW, sending.Sent())
    assert set(states(database).values()) == {"SENT"}


def test_a_sender_that_was_taken_over_changes_nothing(database, reader, post, settings):
    write(database, reader, "concern:1")
    with database.system("test") as session, session.begin():
        [frozen], _ = sending.claim(session, Settings(), NOW)
    assert send(database, settings, NOW + sending.LEASE + timedelta(minutes=1)).sent == 1
    with database.system("test") as session, session.begin():
        sending.settle(session, Settings(), frozen, sending.NotNow("frozen"), NOW + timedelta(hours=1), sending.Sent())
    assert states(database) == {"concern:1": "SENT"}


SENDER = """
import os, signal, sys
from contextlib import contextmanager
from datetime import datetime
from monitor.config import Settings
from monitor.db import Database
from monitor.outbox import sending
from monitor.outbox.mailer import Mailer
url, mail, now = sys.argv[1:]
hand_over = Mailer.send
def send_and_die(self, message):
    hand_over(self, message)
    os.kill(os.getpid(), signal.SIGKILL)
Mailer.send = send_and_die
database = Database(url)
@contextmanager
def opened():
    with database.system("killed sender") as session, session.begin():
        yield session
sending.send_due(opened, Settings(database_url=url, mail_url=mail, mail_from="monitor@court.example"),
                 lambda: datetime.fromisoformat(now))
"""


def test_killed_between_handing_over_and_writing_down_it_goes_again_under_the_same_id(
    database, reader, post, settings
):
    write(database, reader, "concern:1", "concern:2")
    command = [sys.executable, "-c", SENDER, database.url, post.url, NOW.isoformat()]
    killed = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)  # noqa: S603
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert len(post.letters) == 1
    assert send(database, settings, NOW + sending.LEASE + timedelta(minutes=1)).sent == 2
    assert len(post.letters) == 3
    assert len(set(post.ids())) == 2, "the repeat bears the id of the first"


@pytest.mark.parametrize(("wanted", "letters"), [(True, 1), (False, 0)])
def test_after_a_restore_a_person_decides(database, reader, post, settings, wanted, letters):
    write(database, reader, "concern:1", state="SUSPECT")
    assert send(database, settings).sent == 0
    with database.system("test") as session, session.begin():
        assert decide_restored(session, wanted, NOW) == 1
    send(database, settings)
    assert len(post.letters) == letters


def test_an_address_that_cannot_be_written_on_a_letter_stops_no_other(database, reader, post, settings):
    with database.system("test: an odd address") as session, session.begin():
        odd = add_user(session, build_town(session, code="odd").office, "officer", "odd@agency.example")
        session.get_one(User, odd).email = "a@[b"
    write(database, odd, "concern:1")
    write(database, reader, "concern:2")
    done = send(database, settings)
    assert (done.sent, done.given_up) == (1, 1)
    assert states(database) == {"concern:1": "FAILED", "concern:2": "SENT"}
