"""Who a page is about, and which of the person's cases: found within the reader's scope, or not at all."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.words import language_words
from monitor.models import Assignment, Case, Court, Judge, Person, User
from monitor.models.base import BigId, is_id
from monitor.names import last_first
from monitor.person_page.page import CaseLink, Heading


def heading(session: ScopedSession, person_id: int, case_id: int | None, today: date) -> Heading | None:
    """The heading for one case of the person, the newest unless ``case_id`` names one; None: nothing to see."""
    if not is_id(person_id):
        return None
    rows = session.execute(_cases(), {"person": person_id}).all()
    chosen = next((row for row in rows if case_id in (None, row.id)), None)
    if chosen is None:
        return None
    others = tuple(CaseLink(row.id, row.number) for row in rows if row.id != chosen.id)
    return Heading(
        person_id=person_id, name=listed_name(chosen), born_on=chosen.born_on, age=_age(chosen.born_on, today),
        language=language_words(chosen.language), case_id=chosen.id, number=chosen.number, court=chosen.court,
        judge=chosen.judge or "", zone=chosen.zone, officer=chosen.officer or "",
        closed_on=chosen.closed_on, others=others,
    )  # fmt: skip


@cache
def _cases() -> Any:
    """The cases of a person, the newest open one first."""
    columns = (
        Person.family_name, Person.given_name, Person.middle_name, Person.suffix, Person.born_on, Person.language,
        Case.id, Case.number, Case.closed_on, Case.opened_on, Court.name.label("court"), Court.zone,
        Judge.name.label("judge"), _officer().label("officer"),
    )  # fmt: skip
    return (
        select(*columns).join(Case, Case.person_id == Person.id).join(Court, Court.id == Case.court_id)
        .join(Judge, Judge.id == Case.judge_id, isouter=True).where(Person.id == bindparam("person", type_=BigId))
        .order_by(Case.closed_on.is_not(None), Case.opened_on.desc(), Case.id)
    )  # fmt: skip


def _officer() -> Any:
    held = select(User.name).join(Assignment, Assignment.user_id == User.id)
    return held.where(Assignment.case_id == Case.id, Assignment.until_on.is_(None)).limit(1).scalar_subquery()


def person_of(session: ScopedSession, case_id: int) -> int:
    """Whose case it is."""
    return session.scalars(select(Case.person_id).where(Case.id == case_id)).one()


def listed_name(row: Any) -> str:
    """Family name first, as on dockets: from the columns of `Person`."""
    return last_first(row.family_name, row.given_name, row.middle_name, row.suffix)


def _age(born_on: date, today: date) -> int:
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
