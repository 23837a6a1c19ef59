"""A sheet that is put by, without a browser: who may take it, what is told meanwhile, and what becomes of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from monitor.access.scope import Scope
from monitor.db import Database
from monitor.intake import long_sheets
from monitor.intake.answers import Answers
from monitor.intake.long_sheets import (
    HELD,
    TELL_EVERY,
    TRIES,
    Progress,
    Waiting,
    _Teller,
    cells_of,
    is_long,
    judge_long,
    progress_of,
    put_by,
    rows_of,
    waiting,
)
from monitor.intake.reading.tables import Reading, Table
from monitor.intake.uploads import answer, answers_of, check_of, discard
from monitor.models import Upload, UploadRow
from tests.monitor.intake.sample_county import TODAY
from tests.monitor.intake.sample_record import NOW, County, opened, write_county
from tests.patience import until
from tests.promises import held_by

SHEET = b"""Name,Case #,11/9/2026,11/16/2026
"Whitefeather, James",25-CR-001220,P,x
"O'Neal, Dwayne",25-CR-000044,U,P
"""


@pytest.fixture
def county(database: Database) -> County:
    return write_county(database)


def put(database: Database, county: County, **of: Any) -> int:
    by = msgspec.structs.replace(county.by(), **of)
    with database.scoped(county.scope, writes=True) as session:
        upload = put_by(session, opened(SHEET, "long.csv"), by)
        session.commit()
        return upload.id


def only(database: Database) -> Upload:
    with database.system("test", writes=False) as session:
        return session.scalars(select(Upload)).one()


def waits(database: Database, now: datetime = NOW) -> list[Waiting]:
    with database.system("test", writes=False) as session:
        return waiting(session, now)


def steady() -> datetime:
    return NOW


@pytest.mark.parametrize(("rows", "wide", "long"), [
    (1_000, 1, False), (1_001, 1, True), (1_000, 20, False), (1_000, 21, True),
])  # fmt: skip
def test_a_sheet_is_long_from_more_than_a_thousand_rows_or_twenty_thousand_cells_on(rows, wide, long):
    half = [["x"] * wide + [""]] * (rows // 2)
    reading = Reading([Table(half), Table([["x"] * wide] * (rows - rows // 2), "Nov")])
    assert (rows_of(reading), cells_of(reading), is_long(reading)) == (rows, rows * wide, long)


def test_a_sheet_that_is_put_by_waits_in_the_name_of_whoever_sent_it_and_is_put_by_once(
    database: Database, county: County
) -> None:
    with held_by("monitor.intake"):
        first = put(database, county)
        assert put(database, county) == first
        assert waits(database) == [Waiting(first, Scope(7, "program", county.agency), "America/Los_Angeles")]
    kept = only(database)
    assert (kept.state, kept.file_name, kept.uploaded_by_id, kept.uploaded_at) == ("READING", "long.csv", 7, NOW)
    assert progress_of(kept) == Progress() and kept.answers["reports"] is False
    assert (kept.receipt, kept.saved_at, kept.undone_at) == (None, None, None)


def test_a_sheet_that_nobody_in_person_sent_waits_in_nobodys_name(database: Database, county: County) -> None:
    put(database, county, user_id=None, reports=True)
    (one,) = waits(database)
    assert one.scope == Scope(0, "program", county.agency) and only(database).answers["reports"] is True
    assert judge_long(database, one, steady)
    assert check_of(only(database)).layout == "R"


def test_what_was_judged_is_what_a_short_sheet_would_have_been(database: Database, county: County) -> None:
    key = put(database, county)
    (one,) = waits(database)
    with held_by("monitor.intake"):
        assert judge_long(database, one, steady)
    assert not judge_long(database, one, steady), "it is judged"
    kept = only(database)
    check = check_of(kept)
    assert (kept.id, kept.state, check.new, check.held, check.file) == (key, "NEEDS_ANSWERS", 3, 1, "long.csv")
    assert waits(database) == []
    with database.system("test", writes=False) as session:
        assert len(session.scalars(select(UploadRow.id)).all()) == 4


def test_what_a_person_answered_before_holds_when_the_same_sheet_comes_again(
    database: Database, county: County
) -> None:
    put(database, county)
    assert judge_long(database, waits(database)[0], steady)
    with database.scoped(county.scope, writes=True) as session:
        upload = session.scalars(select(Upload)).one()
        answer(session, upload, Answers(values={"x": "U"}), TODAY)
        session.commit()
    put(database, county)
    assert progress_of(only(database)) == Progress(settled=True) and only(database).state == "READING"
    assert judge_long(database, waits(database)[0], steady)
    kept = only(database)
    assert (kept.state, answers_of(kept).values, check_of(kept).held) == ("READY", {"x": "U"}, 0)


def test_a_sheet_that_is_held_waits_for_nobody_until_the_time_is_over(database: Database, county: County) -> None:
    put(database, county)
    (one,) = waits(database)
    held = long_sheets._hold(database, one, NOW)
    assert held == Progress(until=NOW + HELD, tries=1) == progress_of(only(database))
    assert waits(database, NOW + HELD - timedelta(seconds=1)) == [] and long_sheets._hold(database, one, NOW) is None
    assert waits(database, NOW + HELD) == [one]
    assert long_sheets._hold(database, one, NOW + HELD) == Progress(until=NOW + 2 * HELD, tries=2)


def test_a_sheet_that_is_deleted_when_somebody_has_just_taken_it_is_left_alone(
    database: Database, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, county)
    (one,) = waits(database)
    real: Callable[..., Progress | None] = long_sheets._hold

    def gone(*asked: Any) -> Progress | None:
        held = real(*asked)
        with database.system("test: it is erased") as session, session.begin():
            session.delete(session.scalars(select(Upload)).one())
        return held

    monkeypatch.setattr(long_sheets, "_hold", gone)
    assert judge_long(database, one, steady) is False


def test_how_far_it_is_is_told_once_a_second_and_only_while_it_is_still_held(
    database: Database, county: County
) -> None:
    put(database, county)
    (one,) = waits(database)
    now = [NOW]
    held = long_sheets._hold(database, one, NOW)
    assert held is not None
    teller = _Teller(database, one, held, lambda: now[0])
    now[0] += TELL_EVERY - timedelta(microseconds=1)
    teller(1, 4)
    assert progress_of(only(database)) == held, "not yet a second"
    now[0] = NOW + TELL_EVERY
    teller(2, 4)
    assert progress_of(only(database)) == Progress(2, 4, now[0] + HELD, 1)
    now[0] += timedelta(milliseconds=10)
    teller(3, 4)
    teller.renew()
    assert progress_of(only(database)) == Progress(2, 4, now[0] + HELD, 1), "held for longer, and nothing new told"
    assert long_sheets._hold(database, one, now[0] + HELD) is not None
    before = progress_of(only(database))
    teller.renew()
    assert progress_of(only(database)) == before, "somebody else has it now"
    with database.scoped(county.scope, writes=True) as session:
        discard_all(session)
    teller.renew()
    assert only(database).state == "DISCARDED"


def discard_all(session: Any) -> None:
    for upload in session.scalars(select(Upload)):
        upload.state = "READY"
        discard(session, upload)
    session.commit()


def test_a_database_that_is_busy_for_a_moment_ends_no_judging(
    database: Database, county: County, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(database, county)
    (one,) = waits(database)
    tried: list[int] = []

    def busy(_teller: _Teller) -> None:
        tried.append(1)
        raise OperationalError("busy", {}, Exception())

    real = long_sheets.prepare

    def slowly(*asked: Any, **more: Any) -> Any:
        until(lambda: len(tried) > 1)
        return real(*asked, **more)

    monkeypatch.setattr(_Teller, "renew", busy)
    monkeypatch.setattr(long_sheets, "RENEW_EVERY", 0.01)
    monkeypatch.setattr(long_sheets, "prepare", slowly)
    with caplog.at_level(logging.WARNING, "monitor"):
        assert judge_long(database, one, steady)
    assert "could not be held for longer" in caplog.text and only(database).state == "NEEDS_ANSWERS"


@pytest.mark.parametrize(("tries", "state"), [(TRIES - 1, "NEEDS_ANSWERS"), (TRIES, "REFUSED")])
def test_a_sheet_is_tried_five_times_and_then_refused(
    database: Database, county: County, tries: int, state: str
) -> None:
    put(database, county)
    with database.system("test") as session, session.begin():
        row = session.scalars(select(Upload)).one()
        row.check = {"progress": msgspec.to_builtins(Progress(tries=tries))}
    assert judge_long(database, waits(database)[0], steady)
    assert only(database).state == state
