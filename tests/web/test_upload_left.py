"""A long sheet: its progress is seen, the tab may be closed, a killed process loses nothing, and nobody waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

import web.long_sheets
import web.uploads
from jobs.runner import run_pending
from monitor.config import Settings
from monitor.db import Database
from monitor.intake import long_sheets
from monitor.intake.examine import Examined
from monitor.intake.long_sheets import HELD, TRIES, Progress, judge_long, progress_of, waiting
from monitor.models import AuthSession, Upload, UploadRow
from tests.monitor.intake.sample_record import NOW, County, write_county
from tests.web.accounts import SECRET
from tests.web.conftest import Browser

LIST = "/attendance/uploads"
ROWS, MOST = 1_200, 5_000
Clocked = Callable[[datetime], None]


def sheet(rows: int = ROWS) -> bytes:
    day = date(2026, 11, 16)
    lines = (f"P1003,{day - timedelta(days=n % 160)},P,{n}" for n in range(rows))
    return ("participant_id,session_date,status,note\n" + "\n".join(lines)).encode()


@pytest.fixture
def county(database: Database) -> County:
    return write_county(database)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clocked:
    def at(now: datetime) -> None:
        monkeypatch.setattr(web.uploads, "utc_now", lambda: now)
        monkeypatch.setattr(web.long_sheets, "utc_now", lambda: now)

    at(NOW)
    return at


@pytest.fixture
def program(client_as: Callable[..., Browser], county: County, clock: Clocked) -> Browser:
    return client_as("program", agency_id=county.agency)


def send(browser: Browser, content: bytes | None = None) -> str:
    """Upload; returns where the browser is sent."""
    files = {"file": ("long.csv", content or sheet(), "text/csv")}
    answer = browser.post(LIST, files=files, data={"program": "", "group": "", "kind": ""})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def only(database: Database) -> Upload:
    with database.system("test", writes=False) as session:
        return session.scalars(select(Upload).options(undefer(Upload.content))).one()


def put_by(program: Browser, database: Database, monkeypatch: pytest.MonkeyPatch) -> Upload:
    """A long sheet whose process is killed before it judges anything."""
    with monkeypatch.context() as killed:
        killed.setattr(web.long_sheets, "judge_long", lambda *_: None)
        assert send(program).endswith("/progress")
    return only(database)


def test_a_long_sheet_waits_for_whoever_closed_the_tab(program: Browser, database: Database) -> None:
    where = send(program, sheet(MOST))  # and never asks for it: the tab is closed
    listed = program.get(LIST).text
    assert "long.csv" in listed and ("Checked, not saved yet" in listed or "Needs your answer" in listed)
    assert program.get(where).headers["location"] == where.replace("/progress", "#needs-you")
    assert "will be saved" in program.get(where.replace("/progress", "")).text


def test_a_short_sheet_is_checked_at_once(program: Browser) -> None:
    assert send(program, sheet(40)).endswith("#needs-you")


def test_the_same_counts_come_of_a_sheet_that_was_put_by(
    program: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(program)
    after = only(database).check
    with database.system("test") as session, session.begin():
        session.execute(UploadRow.__table__.delete())
        session.delete(session.scalars(select(Upload)).one())
    monkeypatch.setattr(long_sheets, "ROWS", 10**6)
    monkeypatch.setattr(long_sheets, "CELLS", 10**9)
    assert send(program).endswith("#needs-you")
    assert only(database).check == after


def test_its_progress_is_seen_with_and_without_javascript(
    program: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = put_by(program, database, monkeypatch)
    path = f"{LIST}/{kept.id}"
    assert program.get(path).headers["location"] == f"{path}/progress", "the check is not there yet"
    first = program.get(f"{path}/progress").text
    assert "Its entries are being counted" in first and "You may close this page" in first
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in first
    seen: list[str] = []

    def look(*_: object) -> datetime:
        if not seen or "entries checked" not in seen[-1]:
            seen.append(program.get(f"{path}/progress", headers={"hx-request": "true"}).text)
        return next(ticks)

    ticks = iter(NOW + timedelta(seconds=2 * n) for n in range(10_000))
    with database.system("test", writes=False) as session:
        (one,) = waiting(session, NOW)
    assert judge_long(database, one, look)
    assert any("of 1,200</b> entries checked" in text for text in seen)
    assert "Being read" not in program.get(LIST).text


def test_asking_for_the_progress_is_no_being_at_work(
    program: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = put_by(program, database, monkeypatch)
    idle = datetime.now(UTC) - timedelta(minutes=20)
    with database.system("test") as session, session.begin():
        session.scalars(select(AuthSession)).one().seen_at = idle
    program.get(f"{LIST}/{kept.id}/progress")
    with database.system("test", writes=False) as session:
        assert session.scalars(select(AuthSession.seen_at)).one() == idle
    program.get(LIST)
    with database.system("test", writes=False) as session:
        assert session.scalars(select(AuthSession.seen_at)).one() > idle


def test_killed_at_any_instant_nothing_is_lost_and_nothing_doubled(
    program: Browser, database: Database, clock: Clocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    kept = put_by(program, database, monkeypatch)
    now = NOW
    for instant in (1, 2, 4):  # while it is taken, while it is judged, before its check is kept

        def dying(calls: list[int] = [], last: int = instant, begun: datetime = now) -> datetime:  # noqa: B006
            calls.append(1)
            if len(calls) > last:
                raise Killed
            return begun + timedelta(seconds=2 * len(calls))

        with database.system("test", writes=False) as session:
            (one,) = waiting(session, now)
        with pytest.raises(Killed):
            judge_long(database, one, dying)
        assert only(database).state == "READING"
        with database.system("test", writes=False) as session:
            assert session.scalar(select(func.count(UploadRow.id))) == 0
        now += HELD * 2
    clock(now)
    text = program.get(f"{LIST}/{kept.id}/progress").text
    assert "was cut off" in text and "Go on now" in text
    assert program.post(f"{LIST}/{kept.id}/go-on", data={}).headers["location"].endswith("/progress")
    assert only(database).state in ("READY", "NEEDS_ANSWERS")
    with database.system("test", writes=False) as session:
        assert session.scalar(select(func.count(UploadRow.id))) == ROWS


def test_the_scheduler_goes_on_with_what_was_cut_off(
    program: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_by(program, database, monkeypatch)
    run_pending(database, Settings(secret_key=SECRET), NOW + timedelta(minutes=2))
    assert only(database).state in ("READY", "NEEDS_ANSWERS")


def test_one_at_a_time_judges_a_sheet_and_what_was_deleted_meanwhile_stays_deleted(
    program: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = put_by(program, database, monkeypatch)
    with database.system("test", writes=False) as session:
        (one,) = waiting(session, NOW)
    others: list[bool] = []

    def meanwhile() -> datetime:
        if progress_of(only(database)).tries and not others:
            others.append(judge_long(database, one, lambda: NOW))
            assert program.post(f"{LIST}/{kept.id}/discard", data={}).status_code == 303
        return NOW

    assert not judge_long(database, one, meanwhile)
    assert others == [False], "the other one finds that somebody is at it"
    assert (only(database).state, only(database).content) == ("DISCARDED", None)


def test_a_sheet_that_ends_its_process_each_time_is_refused_and_not_tried_for_ever(
    program: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = put_by(program, database, monkeypatch)
    with database.system("test") as session, session.begin():
        row = session.scalars(select(Upload)).one()
        row.check = {"progress": msgspec.to_builtins(Progress(tries=TRIES))}
    with database.system("test", writes=False) as session:
        (one,) = waiting(session, NOW)
    assert judge_long(database, one, lambda: NOW)
    assert (only(database).state, only(database).content) == ("REFUSED", None)
    text = program.get(f"{LIST}/{kept.id}").text
    assert "was cut off several times" in text and "in parts of fewer rows" in text
    assert "could not open the file" not in text, "nothing is wrong with the file"


def test_who_counts_longer_than_a_sheet_is_held_keeps_it(
    program: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow machine counts and compares a sheet for longer than twenty seconds and has nothing to tell meanwhile."""
    put_by(program, database, monkeypatch)
    with database.system("test", writes=False) as session:
        (one,) = waiting(session, NOW)
    passed, others = [NOW], list[bool]()
    real = long_sheets.prepare

    def slowly(*asked: Any, **more: Any) -> Examined:
        passed[0] += HELD * 3
        until = time.monotonic() + 60
        while progress_of(only(database)).interrupted(passed[0]) and time.monotonic() < until:
            time.sleep(0.01)
        others.append(judge_long(database, one, lambda: passed[0]))
        return real(*asked, **more)

    monkeypatch.setattr(long_sheets, "prepare", slowly)
    monkeypatch.setattr(long_sheets, "RENEW_EVERY", 0.02)
    assert judge_long(database, one, lambda: passed[0])
    assert others == [False], "the other one finds that somebody is still at it"
    assert only(database).state in ("READY", "NEEDS_ANSWERS")


def test_a_check_that_hangs_does_not_hold_its_sheet_for_ever(
    program: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_by(program, database, monkeypatch)
    with database.system("test", writes=False) as session:
        (one,) = waiting(session, NOW)
    asked: list[datetime] = []

    def clock() -> datetime:
        asked.append(NOW)
        return NOW

    def hangs(*_: Any, **__: Any) -> Examined:
        begun = len(asked)
        (renewing,) = [each for each in threading.enumerate() if each.name == "long sheet"]
        renewing.join(60)
        assert not renewing.is_alive() and len(asked) - begun <= 3
        raise ValueError("hung")

    monkeypatch.setattr(long_sheets, "prepare", hangs)
    monkeypatch.setattr(long_sheets, "RENEW_EVERY", 0.01)
    monkeypatch.setattr(long_sheets, "MOST_RENEWED", 3)
    with pytest.raises(ValueError, match="hung"):
        judge_long(database, one, clock)
    with database.system("test", writes=False) as session:
        assert not waiting(session, NOW) and waiting(session, NOW + HELD), "the next one begins again"


def test_while_it_is_judged_others_save(
    program: Browser, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody else's write waits for the judging: the lock is taken for moments only."""
    saved, real = list[int](), long_sheets.prepare

    def write() -> None:
        with database.system("test: somebody else") as session, session.begin():
            session.execute(select(Upload.id).limit(1))
        saved.append(1)

    def judged(*asked: Any, **more: Any) -> Examined:
        other = threading.Thread(target=write)
        other.start()
        other.join(60)
        assert saved, "somebody else's change waits for the judging"
        return real(*asked, **more)

    monkeypatch.setattr(long_sheets, "prepare", judged)
    send(program)
    assert saved


def test_another_programs_sheet_is_not_there(
    program: Browser, client_as: Callable[..., Browser], county: County, database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    kept = put_by(program, database, monkeypatch)
    stranger = client_as("program", agency_id=county.neighbour)
    assert stranger.get(f"{LIST}/{kept.id}/progress").status_code == 404
    assert stranger.post(f"{LIST}/{kept.id}/go-on", data={}).status_code == 404
