"""Sheets of one truth may come in any order and any number of times: the record is the same, and each check is true."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.db import Database
from monitor.intake.record.saving import save
from monitor.intake.record.standing import read_stored
from monitor.intake.uploads import Sheet, answer, check_of, receive
from tests.monitor.intake.messy import Made, Maker
from tests.monitor.intake.sample_county import TODAY
from tests.monitor.intake.sample_record import County, write_county
from tests.monitor.intake.test_messy import answers_of, examined, read

Record = dict[tuple[int, date, int], str]


@pytest.fixture(scope="module")
def template(sqlite_template: Path) -> Iterator[tuple[Path, County]]:
    """The sample county once; every example works on a copy."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "county.db"
        shutil.copy(sqlite_template, path)
        database = Database(f"sqlite:///{path}")
        county = write_county(database)
        database.close()
        yield path, county


@contextmanager
def copied(template: tuple[Path, County]) -> Iterator[tuple[Database, County]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "copy.db"
        shutil.copy(template[0], path)
        database = Database(f"sqlite:///{path}")
        yield database, template[1]
        database.close()


def on_record(database: Database, county: County) -> Record:
    with database.scoped(county.scope) as session:
        return {key: one.says for key, one in read_stored(session, county.program).items()}


def sheets_of(seed: int) -> list[tuple[Made, int]]:
    """Three sheets of one truth: the same sheet, and two halves of it."""
    made = Maker(seed).make()
    header = next((n for n, row in enumerate(made.rows) if len(row) > 2), 0)
    body = made.rows[header + 1 :]
    halves = [made.rows[: header + 1] + part for part in (body[: len(body) // 2], body[len(body) // 2 :])]
    return [(made, seed), *((msgspec.structs.replace(made, rows=rows), seed) for rows in halves)]


def bring(database: Database, county: County, made: Made, seed: int) -> None:
    """Bring a sheet in, answer as somebody who knows, save; what the check says is what saving does."""
    before = on_record(database, county)
    sheet = Sheet(f"{seed}.csv", f"{seed}-{len(made.rows)}", read(made, seed))
    with database.scoped(county.scope, writes=True) as session:
        upload = receive(session, sheet, county.by())
        if check_of(upload).usable:
            answer(session, upload, answers_of(made, examined(made, seed)), TODAY)
        told = check_of(upload)
        done = save(session, upload, county.by()) if told.usable else None
        session.commit()
    after = on_record(database, county)
    added = {key: says for key, says in after.items() if key not in before}
    assert {key: after[key] for key in before} == before
    if done is not None:
        assert done.count == told.new == len(added)
        assert sorted((str(key[1]), says) for key, says in added.items()) == sorted(
            record[1:] for record in told.records if "->" not in record[2]
        )


SEEDS = st.integers(0, 5_000).filter(lambda number: Maker(number).make().layout in "LW")


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=SEEDS, data=st.data())
def test_the_record_is_the_same_whatever_the_order_and_however_often(
    template: tuple[Path, County], seed: int, data: st.DataObject
) -> None:
    same_in_any_order(template, seed, data)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=SEEDS, data=st.data())
def test_the_same_of_sixty_sheets(template: tuple[Path, County], seed: int, data: st.DataObject) -> None:
    same_in_any_order(template, seed, data)


def same_in_any_order(template: tuple[Path, County], seed: int, data: st.DataObject) -> None:
    sheets = sheets_of(seed)
    order = data.draw(st.permutations([*range(len(sheets)), 0]))
    with copied(template) as (database, county):
        for made, number in sheets:
            bring(database, county, made, number)
        straight = on_record(database, county)
    with copied(template) as (database, county):
        for number in order:
            bring(database, county, *sheets[number])
        assert on_record(database, county) == straight
