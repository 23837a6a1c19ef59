"""Reads bench pages through a person's session: what that person may not see is not there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from monitor.amending import as_they_stood
from monitor.bench_page.building import build_page
from monitor.bench_page.page import BenchPage
from monitor.bench_page.record import gather
from monitor.bench_page.statements import IDS, KNOWN_AT
from monitor.models import Case, Court, EarlierHearing, Hearing, Judge, Person
from monitor.models.base import is_id

HEARING = (
    Hearing.id, Hearing.case_id, Hearing.kind, Hearing.starts_at, Hearing.room, Hearing.review_no, Hearing.outcome,
    Hearing.resulted_at, Hearing.court_id, Case.number, Person.family_name, Person.given_name, Person.middle_name,
    Person.suffix, Person.name_key, Person.other_name_key, Person.language, Person.born_on, Case.person_id,
    Court.name.label("court"), Court.code.label("court_code"), Court.zone, Judge.name.label("judge"),
)  # fmt: skip


def hearing_rows() -> Any:
    """A select of hearings with whose they are and where; add ``where`` and ``order_by``."""
    return (
        select(*HEARING)
        .join(Case, Case.id == Hearing.case_id)
        .join(Person, Person.id == Case.person_id)
        .join(Court, Court.id == Hearing.court_id)
        .join(Judge, Judge.id == Hearing.judge_id, isouter=True)
    )


def as_known(session: Session, rows: Sequence[Any], known_at: datetime) -> list[Any]:
    """Rows of `hearing_rows` as they read at ``known_at``: before a hearing was moved, resulted or reassigned."""
    if not rows:
        return []
    earlier = session.execute(_earlier(), {"ids": [row.id for row in rows], "known_at": known_at}).all()
    return as_they_stood(rows, earlier, known_at)


@cache
def _earlier() -> Any:
    columns = (
        EarlierHearing.hearing_id.label("id"), EarlierHearing.kind, EarlierHearing.starts_at, EarlierHearing.room,
        EarlierHearing.review_no, EarlierHearing.outcome, EarlierHearing.resulted_at, EarlierHearing.court_id,
        EarlierHearing.until_at, Court.name.label("court"), Court.code.label("court_code"), Court.zone,
        Judge.name.label("judge"),
    )  # fmt: skip
    return (
        select(*columns).join(Court, Court.id == EarlierHearing.court_id)
        .join(Judge, Judge.id == EarlierHearing.judge_id, isouter=True)
        .where(EarlierHearing.hearing_id.in_(IDS), EarlierHearing.until_at > KNOWN_AT)
    )  # fmt: skip


@cache
def _one() -> Any:
    return hearing_rows().where(Hearing.id == bindparam("id"))


def bench_page(session: Session, hearing_id: int, known_at: datetime, printed_by: str = "") -> BenchPage | None:
    """The page of one hearing as known at ``known_at``; None: no such hearing for this person (B7)."""
    if not is_id(hearing_id):
        return None
    found = as_known(session, session.execute(_one(), {"id": hearing_id}).all(), known_at)
    if not found:
        return None
    hearing = found[0]
    record = gather(session, {hearing.case_id: hearing.zone}, known_at)[hearing.case_id]
    return build_page(record, hearing, printed_by)
