"""Many rows of a frame written at once, and many rows closed at once: no object and no parameter set for each.

For the machine's own sessions only: a scoped session refuses statements that it cannot look through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl
from sqlalchemy import JSON, Column, Text, column, func, insert, literal, select, update
from sqlalchemy.orm import Session

from monitor.compliance.columns import lists_of, one_of
from monitor.room import make_room

ROWS_AT_ONCE: Final = 5_000
ROWS_A_STATEMENT: Final = 200
WRITTEN: Final = "%Y-%m-%d %H:%M:%S%.6f"


def add_rows(session: Session, entity: Any, rows: pl.DataFrame) -> None:
    """Insert ``rows``, whose columns are called as the table's. Instants are UTC; JSON is given as text."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    written = rows.select(_written(rows[name], sqlite) for name in rows.columns)
    if sqlite:
        _many_a_statement(session, entity.__table__.name, written.sort("id"))
        return
    for part in written.iter_slices(ROWS_AT_ONCE):
        session.execute(_from_json([entity.__table__.columns[name] for name in rows.columns], part.write_json()))


def _many_a_statement(session: Session, table: str, rows: pl.DataFrame) -> None:
    """On SQLite: in the order in which the table lies, and with what a statement costs beside its rows paid rarely.

    ``or fail``: SQLite keeps no copy of the pages of each statement to take it back alone. A statement that fails
    takes its transaction with it, here as everywhere.
    """
    if rows.height >= ROWS_A_STATEMENT:
        make_room(session)
    connection, values = session.connection(), _in_rows(rows)
    names, one = ", ".join(rows.columns), f"({', '.join('?' * rows.width)})"
    for start in range(0, rows.height, ROWS_A_STATEMENT):
        count = min(ROWS_A_STATEMENT, rows.height - start)
        insert = f"insert or fail into {table} ({names}) values {', '.join([one] * count)}"
        connection.exec_driver_sql(insert, tuple(values[start * rows.width : (start + count) * rows.width]))


def _in_rows(rows: pl.DataFrame) -> list[Any]:
    """All values, row after row. No tuple a row: tens of thousands set Python looking for garbage, over and over."""
    values: list[Any] = [None] * (rows.height * rows.width)
    for place, column_ in enumerate(rows.iter_columns()):
        values[place :: rows.width] = column_.to_list()
    return values


def change_rows(session: Session, entity: Any, ids: Sequence[int], **values: Any) -> None:
    """Give some rows of a table the same new values."""
    if len(ids) >= ROWS_A_STATEMENT:
        make_room(session)
    sqlite = session.get_bind().dialect.name == "sqlite"
    for listed in lists_of(ids, sqlite):
        changed = update(entity).where(one_of(entity.id, sqlite)).values(**values)
        session.execute(changed, {"ids": listed}, execution_options={"synchronize_session": False})


def _from_json(columns: Sequence[Column[Any]], rows: str) -> Any:
    typed = [column(own.name, Text() if isinstance(own.type, JSON) else own.type) for own in columns]
    told: Any = func.json_to_recordset(literal(rows, Text).cast(JSON)).table_valued(*typed)
    told = told.render_derived(with_types=True)
    said = [told.c[own.name].cast(own.type) for own in columns]
    return insert(columns[0].table).from_select([own.name for own in columns], select(*said))


def _written(values: pl.Series, sqlite: bool) -> pl.Series:
    if values.dtype == pl.Date:
        return values.dt.to_string("%Y-%m-%d")
    if isinstance(values.dtype, pl.Datetime):
        return values.dt.to_string(WRITTEN if sqlite else f"{WRITTEN}+00")
    return values.cast(pl.String) if isinstance(values.dtype, pl.Enum) else values
