"""What every evaluation stands on besides the facts of its cases: packs, local policies, courts, closed days, horizon.

A change of any of it is new knowledge about everybody. Its hash is kept as a `Mark`, so that a change is seen whoever
made it, also by hand in the database or by a new version of this software.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from monitor.compliance.inserts import add_rows
from monitor.models import Case, County, Court, CourtHoliday, Dirty, Mark, PolicyTerm, random_ids
from rules import packs as pack_files
from rules.pack_files import Packs

GROUND = "ground "


def horizon(now: datetime) -> date:
    """The last day that calendar windows are laid out to: the end of next year."""
    return date(now.year + 1, 12, 31)


def mark_all_on_new_ground(session: Session, packs: Packs, now: datetime) -> bool:
    """Mark every case for evaluation if the ground is not that of the last evaluation."""
    name = GROUND + fingerprint(session, packs, now)
    if session.get(Mark, name) or not add_mark(session, name, now):
        return False
    session.execute(delete(Mark).where(Mark.name.startswith(GROUND), Mark.name != name))
    mark_all(session)
    return True


def add_mark(session: Session, name: str, at: datetime) -> bool:
    """Write a mark unless it is there; of several processes at once, one gets True."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    row = dialect.insert(Mark.__table__).values(name=name, at=at).on_conflict_do_nothing()
    # the row itself is the answer: a count of inserted rows is gone (-1) with psycopg's closed cursor
    return session.scalar(row.returning(Mark.__table__.c.name)) is not None


def mark_all(session: Session) -> None:
    """Mark every case for evaluation."""
    cases = session.scalars(select(Case.id)).all()
    ids = random_ids(len(cases))
    add_rows(session, Dirty, pl.DataFrame({"id": ids, "case_id": cases}, schema={"id": pl.Int64, "case_id": pl.Int64}))


def fingerprint(session: Session, packs: Packs, now: datetime) -> str:
    """A short hash of everything that is not a fact of one case; the same in every process."""
    told: list[Any] = [rules_code(), horizon(now), packs.packs, packs.duties, packs.rules]
    for entity in (PolicyTerm, CourtHoliday, Court, County):
        table = entity.__table__
        told += [list(row) for row in session.execute(select(table).order_by(table.c.id))]
    # a value may be known only from a day on; the newest such day that has come stands for all
    told.append(max((day for day in _known_days(packs) if day <= now.date()), default=None))
    return hashlib.blake2b(msgspec.json.encode(told, order="deterministic"), digest_size=12).hexdigest()


def _known_days(packs: Packs) -> Iterator[date]:
    for rules in packs.rules.values():
        for rule in rules:
            for term in rule.terms.values():
                yield from (value.known_from for value in term.values if value.known_from)


@lru_cache(maxsize=1)
def rules_code() -> str:
    """A hash of the rules' own code: a new version of a kind is new knowledge, too."""
    root = Path(pack_files.__file__).parent
    whole = hashlib.blake2b(digest_size=12)
    for place in sorted(root.rglob("*.py")):
        whole.update(place.relative_to(root).as_posix().encode() + b"\0" + place.read_bytes())
    return whole.hexdigest()
