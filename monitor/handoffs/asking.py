"""Statements of the strip, built once: which cases and as of when come in at each run.

Building them was half of what a strip cost, on every case that anybody opened; sending fourteen of them where one does
was half of the rest.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, cast, literal, null, union_all
from sqlalchemy.orm import Session

from monitor.models.base import BigId, UtcInstant

Cases = frozenset[int] | None  # None: all
KNOWN_AT: Final[Any] = bindparam("known_at", type_=UtcInstant())
Build = Callable[[], tuple[Any, Any]]
TOGETHER: Final = "asked for the strip"  # in a session's info
WHICH: Final = "which"


def asked(session: Session, build: Build, cases: Cases, known_at: datetime) -> Sequence[Any]:
    """The rows of the statement that ``build`` returns with its column of cases, narrowed to ``cases``; in no order."""
    held = session.info.get(TOGETHER)
    if held is not None and (cases, known_at, build) in held:
        return held[cases, known_at, build]  # type: ignore[no-any-return]
    if cases is None:
        return session.execute(_whole(build), {"known_at": known_at}).all()
    return session.execute(_narrowed(build), {"known_at": known_at, "cases": sorted(cases)}).all()


@contextlib.contextmanager
def asking_together(session: Session, builds: tuple[Build, ...], case_id: int, known_at: datetime) -> Iterator[None]:
    """While it lasts, `asked` has the rows of these statements about the one case; they were read in one."""
    found: dict[int, list[Any]] = defaultdict(list)
    if builds:
        for row in session.execute(_together(builds), {"known_at": known_at, "case": case_id}):
            found[getattr(row, WHICH)].append(row)
    cases = frozenset({case_id})
    session.info[TOGETHER] = {(cases, known_at, build): found[number] for number, build in enumerate(builds)}
    try:
        yield
    finally:
        del session.info[TOGETHER]


@cache
def _whole(build: Build) -> Any:
    return build()[0]


@cache
def _narrowed(build: Build) -> Any:
    statement, column = build()
    return statement.where(column.in_(bindparam("cases", type_=BigId, expanding=True)))


@cache
def _together(builds: tuple[Build, ...]) -> Any:
    """One statement for all: each row says of which it is, and has nothing under the names of the others' columns."""
    made = [build() for build in builds]
    types = {one.key: one.type for statement, _column in made for one in statement.selected_columns}
    return union_all(*(
        statement.with_only_columns(literal(number).label(WHICH), *_padded(statement, types))
        .where(column == bindparam("case", type_=BigId))
        for number, (statement, column) in enumerate(made)
    ))  # fmt: skip


def _padded(statement: Any, types: dict[str, Any]) -> Iterator[Any]:
    own = {one.key: one for one in statement.selected_columns}
    for key, type_ in types.items():
        if key not in own:
            yield cast(null(), type_).label(key)
            continue
        assert isinstance(own[key].type, type(type_)), f"{key} is of two types: name one otherwise"
        yield own[key].label(key)
