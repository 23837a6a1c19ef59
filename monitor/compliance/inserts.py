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

ROWS_AT_ONCE: Final = 5_000
WRITTEN: Final = "%Y-%m-%d %H:%M:%S%.6f"


def add_rows(session: Session, entity: Any, rows: pl.DataFrame) -> None:
    """Insert ``rows``, whose columns are called as the table's. Instants are UTC; JSON is given as text."""
    table = entity.__table__
    sqlite = session.get_bind().dialect.name == "sqlite"
    written = rows.select(_written(rows[name], sqlite) for name in rows.columns)
    for part in written.iter_slices(ROWS_AT_ONCE):
        if sqlite:
            names, places = ", ".join(rows.columns), ", ".join("?" * rows.width)
            session.connection().exec_driver_sql(f"insert into {table.name} ({names}) values ({places})", part.rows())
        else:
            session.execute(_from_json([table.columns[name] for name in rows.columns], part.write_json()))


def change_rows(session: Session, entity: Any, ids: Sequence[int], **values: Any) -> None:
    """Give some rows of a table the same new values."""
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
