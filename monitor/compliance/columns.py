"""Many rows read as columns: the database lays each column out as one JSON array, and Polars takes it from there.

Rows by the hundred thousand cost the most where each becomes an object. Here none does: a fifth of the processor time
of mapped rows, in the same session and snapshot. Ids, days, instants, words, truths, and JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
import polars as pl
from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    extract,
    func,
    select,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType, TypeEngine

from monitor.compliance.chunks import parts
from monitor.models.base import UtcInstant
from rules.frames import INSTANT

WHOLE: Final = msgspec.json.Decoder(list[int | None])
WORDS: Final = msgspec.json.Decoder(list[str | None])
# SQLite keeps an instant as text
WRITTEN: Final = "%Y-%m-%d %H:%M:%S%.f"
Reader = Callable[[str], pl.Series]


class Asked(msgspec.Struct, frozen=True):
    """Which rows: those whose column person is one of ``cases`` (None: all), recorded by ``known_at`` (None: ever).

    ``most`` says that ``cases`` are a large share of all: their tables are read through, not looked up in.
    """

    cases: Sequence[int] | None = None
    known_at: datetime | None = None
    most: bool = False


class Prepared(NamedTuple):
    """A statement that gathers columns into arrays, how each array is read, a struct for one row of them, and what a
    table without rows gives: most are empty for most cases, and to read nothing took a third of reading them."""

    statement: Select[Any]
    readers: Mapping[str, Reader]
    json: frozenset[str]
    row: Callable[..., Any]
    nothing: pl.DataFrame


def read_columns(session: Session, statement: Select[Any], asked: Asked, **more: Any) -> pl.DataFrame:
    """The rows asked for as a frame of the statement's columns, in no order; ``more`` are its own parameters.

    Instants are UTC, ids Int64, words and JSON String; a column without a type (a null) is left out. The statement
    object is to be kept and used again: it is prepared once.
    """
    prepared, told = _prepared_for(session, statement, asked)
    return pl.concat([_frame(session, prepared, one | more) for one in told])


def read_rows(session: Session, statement: Select[Any], asked: Asked) -> list[Any]:
    """The same as one struct a row, with JSON read: for tables that are small beside those of facts."""
    prepared, told = _prepared_for(session, statement, asked)
    frame = pl.concat([_frame(session, prepared, one) for one in told])
    columns = [frame.get_column(name).to_list() for name in prepared.readers]
    for number, name in enumerate(prepared.readers):
        if name in prepared.json:
            columns[number] = [text and msgspec.json.decode(text) for text in columns[number]]
    return list(map(prepared.row, *columns))


def _prepared_for(session: Session, statement: Select[Any], asked: Asked) -> tuple[Prepared, list[dict[str, Any]]]:
    sqlite = session.get_bind().dialect.name == "sqlite"
    prepared = _prepared(statement, sqlite, asked.cases is not None, asked.known_at is not None, asked.most)
    told = {} if asked.known_at is None else {"known_at": asked.known_at}
    if asked.cases is None:
        return prepared, [told]
    return prepared, [{**told, "ids": listed} for listed in lists_of(asked.cases, sqlite)]


def lists_of(ids: Sequence[int], sqlite: bool) -> list[Any]:
    """Values for the parameter of `one_of`, so many ids at a time; one that is empty if there are none."""
    some = [list(part) for part in parts(ids)] or [[]]
    return [msgspec.json.encode(part).decode() for part in some] if sqlite else some


@lru_cache(maxsize=256)
def _prepared(statement: Select[Any], sqlite: bool, some: bool, known: bool, most: bool) -> Prepared:
    own = {column.key: column for column in statement.selected_columns}
    if some:
        person: ColumnElement[Any] = own["person"]
        # of a sum there is no index
        statement = statement.where(one_of(person + 0 if most else person, sqlite))
    if known:
        statement = statement.where(own["recorded_at"] <= bindparam("known_at", type_=UtcInstant))
    columns = {c.key or "": c for c in statement.subquery().columns if not isinstance(c.type, NullType)}
    laid = {name: _laid(column, sqlite) for name, column in columns.items()}
    gather = func.json_group_array if sqlite else func.json_agg
    arrays: Any = select(*(cast(gather(told), Text).label(name) for name, (told, _) in laid.items()))
    json = frozenset(name for name, column in columns.items() if isinstance(column.type, JSON))
    readers = {name: reader for name, (_, reader) in laid.items()}
    nothing = pl.DataFrame([reader("[]").alias(name) for name, reader in readers.items()])
    return Prepared(arrays, readers, json, msgspec.defstruct("Row", list(laid), gc=False), nothing)


def one_of(column: Any, sqlite: bool) -> ColumnElement[bool]:
    """Whether a column is one of the parameter ``ids``: one parameter, however many they are."""
    if sqlite:
        listed = func.json_each(bindparam("ids", type_=Text)).table_valued("value")
        told: ColumnElement[bool] = column.in_(select(listed.c.value))
        return told
    same: ColumnElement[bool] = column == any_(bindparam("ids", type_=ARRAY(BigInteger)))
    return same


def _frame(session: Session, prepared: Prepared, told: Mapping[str, Any]) -> pl.DataFrame:
    arrays = session.execute(prepared.statement, told).one()
    if arrays[0] in (None, "[]"):  # PostgreSQL gathers no rows into a null
        return prepared.nothing
    read = zip(prepared.readers.items(), arrays, strict=True)
    return pl.DataFrame([reader(array).alias(name) for (name, reader), array in read])


def _laid(column: ColumnElement[Any], sqlite: bool) -> tuple[ColumnElement[Any], Reader]:
    """How a column is written into its array, and how that is read."""
    kind: TypeEngine[Any] = column.type
    if isinstance(kind, UtcInstant):
        return (column, _written_instants) if sqlite else (_microseconds(column), _instants)
    if isinstance(kind, Boolean):
        return (column if sqlite else cast(column, Integer)), _truths
    if isinstance(kind, JSON):
        return cast(column, Text), _words
    return column, _days if isinstance(kind, Date) else _numbers if isinstance(kind, Integer) else _words


def _microseconds(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(extract("epoch", column) * 1_000_000, BigInteger)


def _numbers(array: str) -> pl.Series:
    return pl.Series(WHOLE.decode(array), dtype=pl.Int64)


def _words(array: str) -> pl.Series:
    return pl.Series(WORDS.decode(array), dtype=pl.String)


def _truths(array: str) -> pl.Series:
    return _numbers(array).cast(pl.Boolean)


def _days(array: str) -> pl.Series:
    return _words(array).str.to_date("%Y-%m-%d")


def _instants(array: str) -> pl.Series:
    return _numbers(array).cast(INSTANT)


def _written_instants(array: str) -> pl.Series:
    return _words(array).str.to_datetime(WRITTEN, time_unit="us").dt.replace_time_zone("UTC")
