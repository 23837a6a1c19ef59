"""What the rules do to flags stands in the audit trail: which flags, by the machine, in the same transaction."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from jobs.runner import run_pending
from monitor import audit, log_lines
from monitor.compliance import evaluation, moves
from monitor.compliance.flags import refresh_flags
from monitor.config import Settings
from monitor.models import AuditEntry, Flag, Span
from tests.builders import absent, at, build_town, correct, person_with_order
from tests.jobs.worker import few_packs
from tests.monitor.tampering import KEY
from tests.web.accounts import SECRET

MONDAY = date(2026, 1, 19)
NOW = at(date(2026, 1, 21))
SETTINGS = Settings(secret_key=SECRET)


@pytest.fixture(autouse=True)
def few(monkeypatch):
    packs = few_packs()
    monkeypatch.setattr(evaluation, "switched_on", lambda *_folders: packs)
    log_lines.configure("critical")


@pytest.fixture
def missed(database):
    """One person who missed one class."""
    with database.system("test") as session, session.begin():
        return absent(session, person_with_order(session, build_town(session)), MONDAY)


def told(database) -> list[tuple]:
    with database.system("test: the trail", writes=False) as session:
        found = select(AuditEntry).where(AuditEntry.event.like("flag.%")).order_by(AuditEntry.number)
        return [(e.event, e.user_id, e.component, e.detail, e.subjects) for e in session.scalars(found)]


def flag_ids(database) -> list[int]:
    with database.system("test", writes=False) as session:
        return list(session.scalars(select(Flag.id)))


def taken_back(database, fact, now) -> None:
    with database.system("test") as session, session.begin():
        correct(session, session.merge(fact), now, retract=True)


def test_a_flag_that_is_raised_and_one_that_a_correction_answers_stand_in_the_trail(database, missed):
    run_pending(database, SETTINGS, NOW)
    ids = flag_ids(database)
    assert told(database) == [("flag.raised", None, "job", {"flags": 1}, ids)]

    taken_back(database, missed, NOW + timedelta(hours=1))
    run_pending(database, SETTINGS, NOW + timedelta(hours=2))
    assert told(database)[1:] == [("flag.cleared", None, "job", {"flags": 1}, ids)]
    run_pending(database, SETTINGS, NOW + timedelta(hours=3))
    assert len(told(database)) == 2, "what does not move is not told"
    with database.system("test: verify", writes=False) as session:
        assert audit.verify(session, KEY).broken_at is None


def test_a_flag_that_is_withdrawn_and_put_back_stands_in_the_trail(database, missed):
    run_pending(database, SETTINGS, NOW)
    ids, later = flag_ids(database), NOW + timedelta(hours=1)
    for known_until, move in ((later, "withdrawn"), (None, "restored")):
        with database.system("test") as session, session.begin():
            session.execute(update(Span).values(known_until=known_until))
            refresh_flags(session, [missed.case_id], later)
            moves.record_moves(session, SECRET, later, "job")
        assert told(database)[-1] == (f"flag.{move}", None, "job", {"flags": 1}, ids)


def test_on_the_command_line_it_is_told_as_well(database, missed):
    evaluation.evaluate_now(database, evaluation.switched_on(), NOW, site_secret=SECRET)
    assert [entry[:3] for entry in told(database)] == [("flag.raised", None, "command")]


def test_a_flag_whose_entry_cannot_be_written_is_not_raised(database, missed, monkeypatch):
    def refuse(*_all):
        raise OSError("no room")

    monkeypatch.setattr(moves.audit, "append", refuse)
    run_pending(database, SETTINGS, NOW)
    assert flag_ids(database) == []
    assert told(database) == []


@pytest.mark.parametrize(
    ("change", "new", "moves_of_it"),
    [
        ({"state": "OPEN", "closed_at": None}, True, ["raised"]),
        ({"state": "CLEARED", "closed_at": NOW}, True, ["raised", "cleared"]),
        ({"state": "OPEN", "closed_at": None}, False, ["restored"]),
        ({"state": "CLEARED", "closed_at": NOW}, False, ["cleared"]),
        ({"state": "WITHDRAWN", "closed_at": NOW}, False, ["withdrawn"]),
        ({"closed_at": NOW}, False, ["cleared"]),
        ({"version": "x", "due_on": MONDAY}, False, []),
    ],
)
def test_what_a_change_is_called(change, new, moves_of_it):
    assert moves._moves(change, new) == moves_of_it


def test_very_many_flags_are_told_in_several_entries(database):
    with database.system("test") as session, session.begin():
        for number in range(1, 2_502):
            moves.note(session, number, {"state": "OPEN"}, new=True)
        moves.record_moves(session, SECRET, NOW, "job")
        moves.record_moves(session, SECRET, NOW, "job")
    assert [entry[3] for entry in told(database)] == [{"flags": 1000}, {"flags": 1000}, {"flags": 501}]
