"""Texts of statements with lists: remembered by the lists' lengths alone, the same as SQLAlchemy's own."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Date,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    bindparam,
    create_engine,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from monitor.expanding import MOST, RememberingCompiler, remember

ROWS = Table("row", MetaData(), Column("id", Integer), Column("name", String), Column("on", Date))
IDS: Any = bindparam("ids", expanding=True)
NAMES: Any = bindparam("names", expanding=True)
TWO_LISTS = select(ROWS.c.id).where(ROWS.c.id.in_(IDS), ROWS.c.name.in_(NAMES), ROWS.c.id != bindparam("ids_1"))
TWICE = select(ROWS.c.id).where(or_(ROWS.c.id.in_(IDS), ROWS.c.id.not_in(IDS)), ROWS.c.name.in_(("x", "y")))
PAIRS = select(ROWS.c.id).where(tuple_(ROWS.c.id, ROWS.c.name).in_(bindparam("pairs", expanding=True)))


def both(dialect: Dialect, statement: Select[Any]) -> tuple[SQLCompiler, RememberingCompiler]:
    """Compiled as ever, and by a compiler that remembers."""
    as_ever = statement.compile(dialect=dialect)
    engine = create_engine("sqlite://")
    engine.dialect = dialect
    remember(engine)
    remembering = statement.compile(dialect=dialect)
    assert isinstance(as_ever, SQLCompiler) and isinstance(remembering, RememberingCompiler)
    return as_ever, remembering


@pytest.mark.parametrize("dialect", [sqlite.dialect, postgresql.psycopg.dialect])
def test_the_text_and_its_values_are_as_sqlalchemy_makes_them(dialect: Any) -> None:
    as_ever, remembering = both(dialect(), TWO_LISTS)
    for ids, names in (([1, 2], ["a"]), ([7, 8], ["b"]), ([3], ["a", "b"]), ([], ["a"]), ([], ["c"]), ([1, 2], ["z"])):
        said = {"ids": ids, "names": names, "ids_1": 99}
        known, told = (one.construct_expanded_state(said) for one in (as_ever, remembering))
        assert told._replace(processors={}) == known._replace(processors={})
        assert told.processors.keys() == known.processors.keys()
    assert len(remembering.texts) == 3


@pytest.mark.parametrize("dialect", [sqlite.dialect, postgresql.psycopg.dialect])
def test_a_list_that_stands_twice_and_one_of_the_statements_own_are_remembered(dialect: Any) -> None:
    as_ever, remembering = both(dialect(), TWICE)
    for ids in ([1, 2], [3, 4], [5, 6]):
        assert (
            remembering.construct_expanded_state({"ids": ids})[:2] == as_ever.construct_expanded_state({"ids": ids})[:2]
        )
    assert len(remembering.texts) == 1


def test_nothing_is_remembered_where_more_than_the_length_counts() -> None:
    as_ever, remembering = both(sqlite.dialect(), PAIRS)
    for pairs in ([(1, "a"), (2, "b")], [(3, "c"), (4, "d")]):
        said = {"pairs": pairs}
        assert remembering.construct_expanded_state(said)[:2] == as_ever.construct_expanded_state(said)[:2]
    assert not remembering.texts


def test_no_value_is_kept_and_no_moretexts_than_so_many() -> None:
    _as_ever, remembering = both(sqlite.dialect(), TWO_LISTS)
    for many in range(2 * MOST):
        state = remembering.construct_expanded_state({"ids": [*range(many)], "names": ["a"], "ids_1": 99})
        assert state.positional_parameters == (*range(many), "a", 99)
    assert len(remembering.texts) == MOST and not any(one.parameters for one in remembering.texts.values())
