"""Statements of SQLite that are compiled once, for good: for what runs with every request, in one shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.expression import UpdateBase

_DIALECT = sqlite.dialect()


def prepared(statement: UpdateBase) -> Callable[[Connection, Mapping[str, Any]], CursorResult[Any]]:
    """A function that runs ``statement`` with values for its named parameters, which it turns as their types say.

    Values that stand in the statement itself are kept. Errors come as SQLAlchemy's, as with any other statement.
    """
    compiled = statement.compile(dialect=_DIALECT)
    sql, standing = str(compiled), dict(compiled.params)
    turned = [
        (name, compiled.binds[name].type.dialect_impl(_DIALECT).bind_processor(_DIALECT))
        for name in compiled.positiontup or ()
    ]

    def run(connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        given = {**standing, **values}
        row = tuple(turn(given[name]) if turn else given[name] for name, turn in turned)
        return connection.exec_driver_sql(sql, row)

    return run
