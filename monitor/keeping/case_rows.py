"""Every row of one case, by the tables themselves: found, taken out, kept as text, put back.

A table that is added tomorrow goes along if it has a ``case_id``; what hangs on a case in another way is named here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Date, LargeBinary, Table, Time, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from monitor.models import Base, Case, Enrollment, Flag, Order, Person, ProtectedParty, RecordNotice, Wall
from monitor.models.base import UtcInstant
from monitor.record_notices.matching import numbers_gone_with

_TABLES = {table.name: table for table in Base.metadata.sorted_tables}
# what marks a case for evaluation is no part of it
PASSING = frozenset({"dirty"})
Kept = dict[str, list[dict[str, Any]]]


def places(session: Session, case: Case, *, shared: bool) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Table and condition of every row of ``case``, children last.

    ``shared``: with the person and the protected parties even if another case has them, too.
    """
    parties = session.scalars(select(Order.protected_party_id).where(Order.case_id == case.id)).all()
    other = exists().where(Order.protected_party_id == ProtectedParty.id, Order.case_id != case.id)
    named = ProtectedParty.id.in_([one for one in parties if one])
    yield _TABLES["protected_party"], named if shared else named & ~other
    if shared or last_of(session, case):
        yield _TABLES["person"], Person.id == case.person_id
        yield _TABLES["wall"], Wall.person_id == case.person_id
    yield _TABLES["record_notice"], RecordNotice.number.in_(numbers_gone_with(session, case.id))
    yield _TABLES["court_case"], Case.id == case.id
    for table in Base.metadata.sorted_tables:
        if "case_id" in table.c:
            yield table, table.c.case_id == case.id


def last_of(session: Session, case: Case) -> bool:
    """Whether the person is on record for this case only."""
    cases = select(Case.id).where(Case.person_id == case.person_id, Case.id != case.id)
    enrolled = select(Enrollment.id).where(Enrollment.person_id == case.person_id, Enrollment.case_id != case.id)
    return session.scalar(cases.limit(1)) is None and session.scalar(enrolled.limit(1)) is None


def read_rows(session: Session, case: Case) -> Kept:
    """The rows by table, as they are kept for a case that is sealed."""
    found: Kept = {}
    for table, condition in places(session, case, shared=True):
        if table.name not in PASSING:
            rows = [dict(row._mapping) for row in session.execute(select(table).where(condition))]
            found[table.name] = sorted(rows, key=lambda row: row["id"])
    return {name: rows for name, rows in found.items() if rows}


def delete_rows(session: Session, case: Case) -> dict[str, int]:
    """Take the rows out, children first; how many of each table."""
    gone: dict[str, int] = {}
    for table, condition in reversed(list(places(session, case, shared=False))):
        done: Any = session.execute(delete(table).where(condition))
        if done.rowcount and table.name not in PASSING:
            gone[table.name] = done.rowcount
    return dict(sorted(gone.items()))


def put_back(session: Session, kept: Kept) -> None:
    """Write rows again as they were, where they are not there still.

    A flag begins as a question here too: its decision follows its review.
    """
    decided = {}
    for name in (table.name for table in Base.metadata.sorted_tables if table.name in kept):
        table = _TABLES[name]
        there = set(session.scalars(select(table.c.id).where(table.c.id.in_([row["id"] for row in kept[name]]))))
        rows = [_typed(table, row) for row in kept[name] if row["id"] not in there]
        if name == Flag.__tablename__:
            decided = {row["id"]: row["state"] for row in rows}
            rows = [row | {"state": "OPEN"} for row in rows]
        for row in rows:
            session.execute(insert(table).values(**row))
    for number, state in decided.items():
        session.execute(update(_TABLES["flag"]).where(Flag.id == number).values(state=state))


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name].type, value) for name, value in row.items() if name in table.c}


def _value(kind: Any, value: Any) -> Any:
    for column, python in ((UtcInstant, datetime), (Date, date), (Time, time), (LargeBinary, bytes)):
        if value is not None and isinstance(kind, column):
            return msgspec.convert(value, python)
    return value
