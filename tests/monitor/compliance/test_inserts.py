"""Many rows at once are, byte for byte, what one row at a time would be; and a writing that fails leaves nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import polars as pl
import pytest
from sqlalchemy import JSON, func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from monitor.compliance.inserts import ROWS_A_STATEMENT, add_rows
from monitor.compliance.spans import as_rows
from monitor.db import Database
from monitor.models import Span, random_ids
from monitor.room import KIB
from tests.builders import Matter, build_town, person_with_order
from tests.monitor.compliance.county import reading, writing
from tests.monitor.compliance.test_spans import FULL, NOW, PLAIN, spans_of

MANY = 2 * ROWS_A_STATEMENT + 3


@pytest.fixture
def matter(database: Database) -> Matter:
    with writing(database) as session:
        return person_with_order(session, build_town(session))


def many(matter: Matter, count: int = MANY, first: int = 0) -> pl.DataFrame:
    """Rows of the table of spans, each of a key of its own, with and without everything that may be empty."""
    said = [(FULL if n % 3 else PLAIN) | {"key": f"k{n}", "count": n} for n in range(first, first + count)]
    return as_rows(spans_of(*said, order=matter.order, person=matter.case), NOW)


def one_by_one(session: Session, rows: pl.DataFrame) -> None:
    """The same by way of the models' own types."""
    for row in rows.iter_rows(named=True):
        session.execute(insert(Span).values(row | {"content": msgspec.json.decode(row["content"])}))


def bytes_of(session: Session) -> list[Any]:
    """Every row as the database holds it; JSON as what it says, for the models write it with other spaces."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    own = [c for c in Span.__table__.columns if not isinstance(c.type, JSON)]
    told = ", ".join(f"quote({c.name})" if sqlite else f"cast({c.name} as text)" for c in own)
    rows = session.execute(text(f"select {told}, cast(content as text) from span order by id")).all()  # noqa: S608
    return [(*row[:-1], msgspec.json.decode(row[-1])) for row in rows]


def test_rows_written_at_once_are_what_single_ones_would_be(database: Database, matter: Matter) -> None:
    rows, held = many(matter), []
    for write in (one_by_one, lambda session, rows: add_rows(session, Span, rows)):
        with database.system("test") as session, session.begin() as transaction:
            write(session, rows)
            held.append(bytes_of(session))
            if write is one_by_one:
                transaction.rollback()
    assert len(held[0]) == MANY
    assert held[0] == held[1]
    if database.is_sqlite:  # PostgreSQL keeps what it says and not its letters
        with reading(database) as session:
            kept = session.execute(text("select content from span order by id")).scalars().all()
        assert kept == rows.sort("id")["content"].to_list()


@pytest.mark.parametrize("place", [0, 57, ROWS_A_STATEMENT, MANY - 1])
def test_a_row_that_may_not_be_takes_all_others_with_it(database: Database, matter: Matter, place: int) -> None:
    rows = many(matter).sort("id").with_row_index("n")
    wrong = rows.with_columns(key=pl.when(pl.col("n") == place).then(pl.lit("there")).otherwise("key")).drop("n")
    there = many(matter, 1, first=MANY).with_columns(key=pl.lit("there"), starts_at=wrong["starts_at"][place])
    with writing(database) as session:
        add_rows(session, Span, there)
    with pytest.raises(IntegrityError), writing(database) as session:
        add_rows(session, Span, wrong)
    assert spans_on_record(database) == 1

    with writing(database) as session:  # and no more than its own part of a transaction that goes on
        add_rows(session, Span, many(matter, 2, first=MANY + 1))
        with pytest.raises(IntegrityError), session.begin_nested():
            add_rows(session, Span, wrong)
    assert spans_on_record(database) == 3


def spans_on_record(database: Database) -> int:
    with reading(database) as session:
        return session.scalar(select(func.count()).select_from(Span)) or 0


@pytest.mark.parametrize("wrong", ["owner", "case_id"])
def test_the_table_still_says_what_a_row_may_be(database: Database, matter: Matter, wrong: str) -> None:
    value = pl.lit("nobody") if wrong == "owner" else pl.lit(12345, pl.Int64)
    with pytest.raises(IntegrityError), writing(database) as session:
        add_rows(session, Span, many(matter).with_columns(value.alias(wrong)))
    assert spans_on_record(database) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_room_for_many_rows_is_given_back(database: Database, matter: Matter) -> None:
    caches = []
    for rows in (many(matter, 1), many(matter, ROWS_A_STATEMENT, first=1), many(matter, 1, first=MANY)):
        with writing(database) as session:
            add_rows(session, Span, rows)
            caches.append(session.execute(text("pragma cache_size")).scalar_one())
    assert caches == [caches[0], -KIB, caches[0]]
    assert abs(caches[0]) < KIB


def test_ids_of_many_are_ids_and_each_another() -> None:
    ids = random_ids(5_000)
    assert len(set(ids)) == 5_000
    assert all(0 < number < 1 << 63 for number in ids)
    assert max(ids) > 1 << 62 > min(ids), "drawn from all of them"
    assert random_ids(0) == []


def test_moments_keep_their_microseconds(database: Database, matter: Matter) -> None:
    moment = datetime.fromisoformat("2026-03-08T09:59:59.000001+00:00")
    rows = many(matter, 3).with_columns(starts_at=pl.lit(moment), ends_at=pl.lit(moment + timedelta(microseconds=1)))
    with writing(database) as session:
        add_rows(session, Span, rows)
    with reading(database) as session:
        assert set(session.scalars(select(Span.starts_at))) == {moment}
