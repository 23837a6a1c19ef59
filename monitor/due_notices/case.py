"""One case as victim/witness staff see it: what is due, what was answered, and the court's own facts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.words import outcome_words
from monitor.clock import local_day
from monitor.current import current
from monitor.db import looking_wide
from monitor.due_notices.due import Item, due_of, known_of
from monitor.due_notices.events import sealed_reports
from monitor.due_notices.words import NEEDS, SAID, TITLES, WANTED
from monitor.flag_review.words import title_of
from monitor.incidents.reading import backs_of, reports_of
from monitor.incidents.words import touched_words
from monitor.levels import level_words, standing_level
from monitor.local_law import LocalLaw
from monitor.models import (
    Case,
    Condition,
    Court,
    Enrollment,
    Flag,
    Hearing,
    Incident,
    NoticeAnswer,
    Order,
    OrderVersion,
    Person,
    Service,
)
from monitor.models.base import is_id
from monitor.orders.words import CODED, KINDS, LOCAL
from monitor.program_bands import NOT_ENROLLED, NOT_SHOWN, bands
from monitor.record_notices.reading import release_on_file
from monitor.releases import releases_of
from monitor.taking_back import may_take_back
from monitor.wording import moment, short_day

WAITING: Final = ("OPEN", "ACKNOWLEDGED", "REPORTED")


class Said(msgspec.Struct, frozen=True):
    """One answer as it stands on the page."""

    id: int
    what: str
    said: str
    at: datetime
    mine: bool


class Date(msgspec.Struct, frozen=True):
    """A hearing; ``needs``: what was entered for it; ``ahead``: something may still be entered."""

    id: int
    words: str
    ahead: bool
    needs: tuple[str, ...]


class CareCase(msgspec.Struct, frozen=True, kw_only=True):
    """The page. ``wanted``: the standing answer in words. ``level``, ``band``: in words, "" where nothing is known."""

    id: int
    number: str
    name: str
    court: str
    zone: str
    wanted: str
    due: tuple[Item, ...]
    said: tuple[Said, ...]
    dates: tuple[Date, ...]
    orders: tuple[str, ...]
    level: str
    band: str
    questions: tuple[str, ...]
    police: tuple[str, ...]
    release: bool  # on file with whoever keeps the record: nobody is asked for it twice


def care_case(session: ScopedSession, case_id: int, now: datetime, law: LocalLaw) -> CareCase | None:
    """The page of one case; None: there is none for this reader."""
    columns = Case.id, Case.number, Court.name.label("court"), Court.zone, Person
    told = select(*columns).join(Court, Court.id == Case.court_id).join(Person, Person.id == Case.person_id)
    row = session.execute(told.where(Case.id == case_id)).first() if is_id(case_id) else None
    if row is None:
        return None
    known = known_of(session, [case_id])[case_id]
    today, sealed = local_day(now, row.zone), sealed_reports(session, case_id, row.zone, now, law)
    level = standing_level(session, case_id, today)
    return CareCase(
        id=row.id, number=row.number, name=row.Person.listed_name, court=row.court, zone=row.zone,
        wanted=WANTED.get(known.wanted, ""), due=due_of(session, now, law, case_id),
        said=tuple(_said(session, case_id, sealed)), dates=tuple(_dates(session, case_id, row.zone, now)),
        orders=tuple(_orders(session, case_id, row.zone, now)), band=band_of(session, case_id, today),
        level=level_words(level.level, level.tool) if level else "", questions=tuple(_questions(session, case_id)),
        police=tuple(_police(session, case_id, row.zone)), release=release_on_file(session, case_id),
    )  # fmt: skip


def _said(session: ScopedSession, case_id: int, sealed: set[int]) -> list[Said]:
    """What was answered; nothing of a report that has left everyday view (safeguard H3)."""
    told = select(NoticeAnswer).where(NoticeAnswer.case_id == case_id, NoticeAnswer.taken_back_at.is_(None))
    rows = session.scalars(told.order_by(NoticeAnswer.recorded_at.desc(), NoticeAnswer.id)).all()
    about = sealed | {row.id for row in rows if row.about_id in sealed}  # a correction names an answer
    return [
        Said(row.id, TITLES.get(row.kind, NEEDS.get(row.answer, "")), SAID[row.answer], row.recorded_at,
             may_take_back(session.scope, row))
        for row in rows if row.about_id not in about
    ]  # fmt: skip


def _dates(session: ScopedSession, case_id: int, zone: str, now: datetime) -> list[Date]:
    """The dates ahead, the next first, then what was, the newest first."""
    needs: dict[int, list[str]] = defaultdict(list)
    told = select(NoticeAnswer).where(
        NoticeAnswer.case_id == case_id, NoticeAnswer.kind == "NEED", NoticeAnswer.taken_back_at.is_(None)
    )
    for one in session.scalars(told):
        needs[one.about_id].append(one.answer)
    found = []
    for row in session.scalars(select(Hearing).where(Hearing.case_id == case_id).order_by(Hearing.starts_at)):
        ahead = row.outcome is None and row.starts_at > now
        words = moment(row.starts_at, zone) + (f": {outcome_words(row.outcome)}" if row.outcome else "")
        found.append(Date(row.id, words, ahead, tuple(needs[row.id])))
    return [one for one in found if one.ahead] + [one for one in reversed(found) if not one.ahead]


def _orders(session: ScopedSession, case_id: int, zone: str, now: datetime) -> list[str]:
    """Each order as it stands, in one line: whether it holds, whether it was served, and its terms by title."""
    served = {
        row.order_id: row.occurred_at
        for row in session.scalars(select(Service).where(Service.case_id == case_id, current(Service)))
    }  # fmt: skip
    told = select(OrderVersion, Order.kind).join(Order, Order.id == OrderVersion.order_id)
    rows = session.execute(
        told.where(OrderVersion.case_id == case_id, OrderVersion.effective_to.is_(None)).order_by(OrderVersion.id)
    ).all()
    return [_order(session, row, served.get(row.OrderVersion.order_id), zone, now) for row in rows]


def _order(session: ScopedSession, row: Any, served: datetime | None, zone: str, now: datetime) -> str:
    version = row.OrderVersion
    over = version.change in ("TERMINATED", "VACATED", "EXPIRED") or (
        version.expires_at is not None and version.expires_at <= now
    )
    until = f", until {moment(version.expires_at, zone)}" if version.expires_at and not over else ""
    codes = session.scalars(
        select(Condition.code).where(Condition.order_version_id == version.id).order_by(Condition.line)
    )
    terms = "; ".join((CODED | LOCAL).get(code, code) for code in codes)
    said = f"{KINDS.get(row.kind, row.kind)}: {'no longer in force' if over else 'in force'}{until}. "
    said += f"Served {moment(served, zone)}." if served else "Not served."
    return f"{said} Terms: {terms}." if terms and not over else said


def band_of(session: ScopedSession, case_id: int, today: date) -> str:
    """The band and no day of it (access matrix, row 5), by the rules of the status list.

    Of the newest place, where its participant released it to the prosecution or no release is on record, as for the
    prosecution itself (safeguard C8); else it is not shown: an older place is not how somebody stands today.
    """
    recorded = select(Enrollment.id).where(Enrollment.case_id == case_id)
    newest = session.scalar(recorded.order_by(Enrollment.recorded_at.desc(), Enrollment.id.desc()).limit(1))
    if newest is None:
        return NOT_ENROLLED
    with looking_wide(session, "to whom the participant released what a program records"):
        released = releases_of(session, [newest]).get(newest)
    if released is not None and ("prosecutor" not in released.scope or released.ended(today)):
        return NOT_SHOWN
    return bands(session, today, {newest}).get(case_id, NOT_SHOWN)


def _police(session: ScopedSession, case_id: int, zone: str) -> list[str]:
    """The reference of each police report of the case, when it was and what it touches (matrix, row 10)."""
    return [
        f"Police report {one.number}, {moment(one.at, zone)}: touches {touched_words(one.touched)}"
        for one in reports_of(session, case_id)
    ] + [
        f"Police report {one.number}, {moment(one.occurred_at, zone)}: taken back on {moment(one.at, zone)}"
        for one in backs_of(session, Incident.case_id == case_id)
    ]


def _questions(session: ScopedSession, case_id: int) -> list[str]:
    """Class D and E only, while nobody decided: a notice may come of it. A question is no finding."""
    told = select(Flag.code, Flag.first_on, Flag.response_class).where(
        Flag.case_id == case_id, Flag.response_class.in_(("D", "E")), Flag.state.in_(WAITING)
    )
    return [
        f"Class {row.response_class} question: {title_of(row.code).lower()}, {short_day(row.first_on)}"
        for row in session.execute(told.order_by(Flag.first_on))
    ]
