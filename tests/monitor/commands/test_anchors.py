"""Seals kept outside the database show what the trail alone cannot: that it was cut short, or written anew."""

from __future__ import annotations

import os
import stat
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from jobs.runner import run_pending
from jobs.schedule import schedule
from monitor.access.roles import Role
from monitor.config import Settings
from monitor.models import AuditBlock, AuditEntry, AuditHead, JobRun, Outbox
from monitor.trail import verdict
from monitor.trail.anchors import AnchorError, anchors_expected, keep, read_anchors
from monitor.watch import concerns
from tests.monitor.tampering import NOW, tamper, write
from tests.web.accounts import SECRET, new_account

SEAL = "ab" * 32
chained = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL: tests of blocks


@pytest.fixture
def anchored(terminal, database, tmp_path):
    """Eight entries, with anchors after the fourth and the eighth in a file that the settings name."""
    terminal.set("anchors_file", str(tmp_path / "anchors"))
    for _ in range(2):
        write(database, 4)
        assert terminal("audit", "anchor").status == 0
    return terminal


def seal_of(database, number: int) -> bytes:
    with database.system("test: a seal", writes=False) as session:
        return session.scalar(select(AuditEntry.seal).where(AuditEntry.number == number))


def head_of(database) -> str:
    with database.system("test: the head", writes=False) as session:
        return verdict.head(session)[1]


def edit(database):
    tamper(database, update(AuditEntry).where(AuditEntry.number == 3).values(event="flag.unread"))


def remove(database):
    tamper(database, delete(AuditEntry).where(AuditEntry.number == 3))


def change_places(database):
    steps = (3, 99), (4, 3), (99, 4)
    tamper(database, *(update(AuditEntry).where(AuditEntry.number == a).values(number=b) for a, b in steps))


def cut_the_tail(database):
    seal = seal_of(database, 6)
    cut = delete(AuditEntry).where(AuditEntry.number > 6)
    tamper(database, cut, update(AuditHead).values(number=6, seal=seal))


def cut_and_write_on(database):
    cut_the_tail(database)
    write(database, 2)


def empty(database):
    tamper(database, delete(AuditEntry), delete(AuditBlock), delete(AuditHead))


def write_anew(database):
    """By somebody who has the key, too: every entry from the third on is changed and sealed again."""
    seal = seal_of(database, 2)
    tamper(database, delete(AuditEntry).where(AuditEntry.number > 2), update(AuditHead).values(number=2, seal=seal))
    write(database, 6)


# what was done, the first entry that breaks, and whether the trail shows it by itself
PLANTED = [
    (edit, 3, True), (remove, 3, True), (change_places, 3, True),
    (cut_the_tail, 8, False), (cut_and_write_on, 8, False), (empty, 4, False), (write_anew, 4, False),
]  # fmt: skip


@chained
@pytest.mark.parametrize(("plant", "at", "by_itself"), PLANTED, ids=[plant.__name__ for plant, _, _ in PLANTED])
def test_the_check_finds_it_and_names_the_first_entry(anchored, database, tmp_path, plant, at, by_itself):
    plant(database)

    found = anchored("audit", "verify", "--anchors", tmp_path / "anchors")
    assert found.status == 1
    assert f"breaks at entry {at}:" in found.err
    assert anchored("audit", "verify").status == 1, "the file that the settings name serves as well"
    anchored.set("anchors_file", "")
    assert (anchored("audit", "verify").status == 1) is by_itself


def test_an_untouched_trail_holds_against_its_anchors(anchored, database, tmp_path):
    write(database, 3)
    held = anchored("audit", "verify", "--anchors", tmp_path / "anchors")
    assert held.status == 0 if database.is_sqlite else "3 entries are not sealed" in held.err
    assert held.out.startswith("11 entries hold, held against 2 anchors.")


def test_a_trail_that_does_not_hold_is_not_anchored(anchored, database, tmp_path):
    kept = (tmp_path / "anchors").read_text()
    empty(database)
    refused = anchored("audit", "anchor")
    assert (refused.status, "No anchor was written" in refused.err) == (1, True)
    assert (tmp_path / "anchors").read_text() == kept


def test_without_the_setting_the_line_is_printed_only(terminal, database, tmp_path):
    write(database, 2)
    said = terminal("audit", "anchor").out.split()
    newest = seal_of(database, 2) if database.is_sqlite else bytes.fromhex(head_of(database))
    assert said[1:] == ["2", newest.hex()]
    assert not (tmp_path / "anchors").exists()


def test_a_line_is_added_at_the_end_once_for_the_owner_only_and_is_on_the_disk(tmp_path, monkeypatch):
    file, on_disk = tmp_path / "anchors", list[int]()
    monkeypatch.setattr(os, "fsync", on_disk.append)
    lines = [f"2026-11-2{day} {day} {SEAL}" for day in (5, 6)]
    assert [keep(file, line) for line in (lines[0], lines[1], lines[1])] == [True, True, False]
    assert file.read_text().splitlines() == lines
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600
    assert len(on_disk) == 2


@pytest.mark.parametrize(
    "lines",
    [[f"2026-11-25 four {SEAL}"], ["2026-11-25 4 abcd"], [f"4 {SEAL}"], [f"d 4 {SEAL}", f"d 4 {'cd' * 32}"]],
    ids=["no number", "no whole seal", "no day", "two seals for one entry"],
)
def test_a_line_that_cannot_be_relied_on_is_named(lines):
    with pytest.raises(AnchorError, match=f"Line {len(lines)} of the anchors"):
        read_anchors(lines)
    assert read_anchors(["# a remark", "", f"2026-11-25 4 {SEAL.upper()}"]) == {4: SEAL}


def test_a_file_without_anchors_is_no_proof(terminal, database, tmp_path):
    write(database, 2)
    (tmp_path / "anchors").write_text("# nothing yet\n")
    refused = terminal("audit", "verify", "--anchors", tmp_path / "anchors")
    assert (refused.status, "holds no anchor" in refused.err) == (1, True)


def state_of(database) -> set[str]:
    with database.system("test: runs", writes=False) as session:
        return set(session.scalars(select(JobRun.state).where(JobRun.job == "trail_check")))


@chained
def test_each_night_the_trail_is_read_and_anchored_and_a_cut_one_fails_the_run(database, tmp_path, monkeypatch):
    nightly = [job for job in schedule(["UTC"]) if job.name == "trail_check"]
    monkeypatch.setattr("jobs.runner.schedule", lambda _zones: nightly)
    monkeypatch.setattr(verdict, "BEAT", 2)
    file = tmp_path / "anchors"
    settings = Settings(secret_key=SECRET, anchors_file=str(file))
    for night in range(2):
        write(database, 4)
        assert run_pending(database, settings, NOW + timedelta(days=night)) == 1
    assert [line.split()[:2] for line in file.read_text().splitlines()] == [["2026-11-25", "4"], ["2026-11-26", "8"]]

    with database.system("test: a privacy officer") as session, session.begin():
        officer = new_account(session, Role.PRIVACY_OFFICER).user_id
    cut_the_tail(database)
    assert run_pending(database, settings, NOW + timedelta(days=2)) == 0
    assert "DONE" in state_of(database)
    assert state_of(database) - {"DONE"}
    with database.system("test: who is told", writes=False) as session:
        [notice] = session.scalars(select(Outbox))
        assert (notice.recipient_id, notice.channel) == (officer, "email")
        assert "trail" not in notice.subject + notice.body
    told = [one for one in concerns(database, settings, NOW + timedelta(days=2)) if "does not hold" in one]
    assert len(told) == 1
    assert run_pending(database, settings, NOW + timedelta(days=2, hours=1)) == 0  # tried again: told once
    with database.system("test: told once", writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Outbox)) == 1
    assert len(file.read_text().splitlines()) == 2


@pytest.mark.parametrize("gone", ["removed", "emptied"])
def test_taking_the_anchors_away_does_not_switch_the_check_off(database, tmp_path, monkeypatch, gone):
    nightly = [job for job in schedule(["UTC"]) if job.name == "trail_check"]
    monkeypatch.setattr("jobs.runner.schedule", lambda _zones: nightly)
    file = tmp_path / "anchors"
    settings = Settings(secret_key=SECRET, anchors_file=str(file))
    with database.system("test: a privacy officer") as session, session.begin():
        new_account(session, Role.PRIVACY_OFFICER)
    write(database, 4)
    assert run_pending(database, settings, NOW) == 1
    file.unlink() if gone == "removed" else file.write_text("")
    assert run_pending(database, settings, NOW + timedelta(days=1)) == 0
    assert not file.exists() or file.read_text() == "", "no new anchor for a trail that may have been cut"
    with database.system("test: who is told", writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Outbox)) == 1


def test_a_site_that_keeps_no_anchors_or_has_not_begun_expects_none_and_no_more_than_none(database, tmp_path):
    with database.system("test: none yet", writes=False) as session:
        assert anchors_expected(session, None) == {}
        assert anchors_expected(session, tmp_path / "not-begun") == {}
