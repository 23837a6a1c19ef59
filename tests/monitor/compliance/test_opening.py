"""New flags by columns are the flags that a look at each key, one by one, would open."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from sqlalchemy import select

from monitor.compliance.flags import _change, refresh_flags
from monitor.compliance.forgotten import hash_of
from monitor.compliance.moves import NOTED
from monitor.compliance.opening import openings
from monitor.compliance.spans import keep_spans, read_kept
from monitor.compliance.unsettled import unsettled
from monitor.db import Database
from monitor.models import Flag, ForgottenFlag, random_id
from tests.builders import Matter, build_town, person_with_order
from tests.monitor.compliance.county import reading, writing
from tests.monitor.compliance.test_spans import FULL, NOW, spans_of
from tests.monitor.compliance.test_unsettled import DESKS, FLAGS, SPANS, a_flag, a_life, moment

SHOWN: dict[str, Any] = {
    "case_id": pl.Int64, "code": pl.String, "severity": pl.String, "response_class": pl.String, "starts_on": pl.Date,
    "due_on": pl.Date,
}  # fmt: skip


def clothed(random: Random, span: dict[str, Any]) -> dict[str, Any]:
    """A span with all that a flag shows of it."""
    return span | {
        "case_id": span["person"], "code": random.choice(["A", "B"]), "severity": random.choice(["info", "high"]),
        "response_class": random.choice([None, "B"]), "starts_on": span["starts_at"].date(),
        "due_on": random.choice([None, date(2026, 4, 1)]),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_columns_open_the_flags_that_a_look_at_each_would(seed: int) -> None:
    random = Random(seed)
    lives = [[clothed(random, one) for one in a_life(random, f"k{n}", 10 * n + 1)] for n in range(150)]
    flags = [a_flag(random, f"k{n}", n + 1, life) for n, life in enumerate(lives) if random.random() < 0.2]
    kept = pl.DataFrame([span for life in lives for span in life], schema=dict[str, Any](SPANS) | SHOWN)
    desks = pl.DataFrame([(case, *desk) for case, desk in DESKS.items()], ["person", "court", "office"], orient="row")
    now = moment(random)
    for since in (None, now - timedelta(hours=4)):
        found = unsettled(kept, pl.DataFrame(flags, schema=dict[str, Any](FLAGS)), desks, now, since)
        opened = openings(found, kept, desks, now)
        rows = {row.pop("key"): row for row in opened.iter_rows(named=True)}
        assert 5 < len(rows) < 150
        flagged = {flag["key"] for flag in flags}
        for life in lives:
            begun = [SimpleNamespace(**span) for span in life if span["starts_at"] <= now]
            one = len(begun) == 1 and begun[0].key not in flagged
            if not (one and (begun[0].ends_at is None or begun[0].ends_at > now)):
                assert not life or life[0]["key"] not in rows
                continue
            row, told = rows[begun[0].key], _change(begun, None, DESKS, now, since)
            assert row.pop("id") > 0
            assert row.pop("earlier") == "[]"
            assert {name: value for name, value in told.items() if name not in ("id", "key")} == row


@pytest.fixture
def matter(database: Database) -> Matter:
    with writing(database) as session:
        return person_with_order(session, build_town(session))


def flags_of(database: Database, matter: Matter, *, at_once: bool) -> tuple[list[Any], int, int]:
    """What a first day leaves of flags, how many it counts, how many the trail would be told of; undone again."""
    said = [FULL | {"key": f"k{n}", "version": f"v{n}"} for n in range(250)]
    said += [FULL | {"key": "k1", "starts_at": FULL["ends_at"], "ends_at": None}]
    said += [FULL | {"key": "o", "owner": "court"}, FULL | {"key": "l", "certainty": "CANNOT_EVALUATE"}]
    spans = spans_of(*said, order=matter.order, person=matter.case)
    later = FULL["ends_at"] - timedelta(hours=1)
    with database.system("test") as session, session.begin() as transaction:
        current = keep_spans(session, read_kept(session, [matter.case]), spans, NOW).current
        upkeep = refresh_flags(session, [matter.case], later, kept=current if at_once else None)
        columns = [c for c in Flag.__table__.columns if c.name not in ("id", "span_id")]
        rows = [tuple(row) for row in session.execute(select(*columns).order_by(Flag.key))]
        noted = len(session.info.pop(NOTED)["raised"])
        transaction.rollback()
    return rows, upkeep.opened, noted


def test_a_first_day_leaves_the_same_flags_by_columns_and_one_by_one(database: Database, matter: Matter) -> None:
    by_columns, one_by_one = (flags_of(database, matter, at_once=way) for way in (True, False))
    assert by_columns == one_by_one
    assert by_columns[1] == by_columns[2] == len(by_columns[0]) == 252


def test_what_a_person_dismissed_and_is_forgotten_is_not_asked_again_by_columns(
    database: Database, matter: Matter
) -> None:
    with writing(database) as session:
        row = ForgottenFlag(id=random_id(), case_id=matter.case, key_hash=hash_of("k7"), dismissed_at=NOW)
        session.add(row)
    rows, opened, _noted = flags_of(database, matter, at_once=True)
    assert opened == len(rows) == 251
    assert (rows, opened, _noted) == flags_of(database, matter, at_once=False)


def test_spans_after_an_evaluation_are_those_that_a_reading_finds(database: Database, matter: Matter) -> None:
    first = [FULL | {"key": f"k{n}"} for n in range(5)]
    after = [*first[1:], FULL | {"key": "k1", "starts_at": FULL["ends_at"], "ends_at": None}]
    for said in (first, after, after, []):
        with writing(database) as session:
            spans = spans_of(*said, order=matter.order, person=matter.case)
            changes = keep_spans(session, read_kept(session, [matter.case]), spans, NOW)
        with reading(database) as session:
            kept = read_kept(session, [matter.case])
        assert changes.current.sort("id").equals(kept.select(changes.current.columns).sort("id"))
        assert changes.current.schema == kept.schema
