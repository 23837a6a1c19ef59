"""Reads the court's desk of orders through a person's session: what that person may not see is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.reading import hearing_rows
from monitor.clock import local_day
from monitor.court_days import closed_days
from monitor.courts import judges_of
from monitor.current import current
from monitor.local_law import LocalLaw
from monitor.models import (
    Case,
    Condition,
    Court,
    Hearing,
    Order,
    OrderSheet,
    OrderStep,
    OrderVersion,
    Person,
    Program,
    Service,
)
from monitor.models.base import is_id
from monitor.names import first_last
from monitor.orders.overlap import overlaps
from monitor.orders.page import Desk, Line, OrderLine, Paper, Standing
from monitor.orders.steps import open_service
from monitor.orders.templates import Template, offered, usable
from monitor.orders.words import CHANGES, KINDS, WARNINGS_EDITION, code_of, reads_as, title_of
from monitor.verify.standing import LIVE, Verdict, Version, standing
from monitor.verify.words import SAYS, SERVED_BY, allowed
from monitor.wording import moment, short_day
from rules.pack_files import Packs

STANDS = {
    Verdict.ACTIVE: "In force, served", Verdict.NOT_SERVED: "In force, not served",
    Verdict.CANNOT_CONFIRM: "Suspended", Verdict.PENDING: "Not in force yet", Verdict.EXPIRED: "Expired",
    Verdict.TERMINATED: "Ended by the court", Verdict.NO_MATCH: "Not in force",
}  # fmt: skip
CHANGED = ("MODIFIED", "EXTENDED")
NOTICES = {"SERVED": "", "TOLD": "Told in the room: notice, not service.", "NONE": "No notice on record."}
AT_THE_SCENE = "Told at the scene: notice, not service."


class Reader(msgspec.Struct, frozen=True):
    """What a desk is read with: the templates, packs and confirmations of the site, and the instant."""

    templates: Mapping[str, Template]
    packs: Packs
    law: LocalLaw
    now: datetime


def desk_of_hearing(session: ScopedSession, hearing_id: int, by: Reader) -> Desk | None:
    """The orders of a hearing's case; None: no such hearing for this person."""
    if not is_id(hearing_id):
        return None
    row = session.execute(hearing_rows().where(Hearing.id == hearing_id)).first()
    return _desk(session, row.case_id, hearing_id, by) if row else None


def desk_of_order(session: ScopedSession, order_id: int, by: Reader) -> Desk | None:
    """The same for the case of an order. ``hearing_id`` is the next hearing, else the last one, else 0."""
    case = session.scalar(select(Order.case_id).where(Order.id == order_id)) if is_id(order_id) else None
    if case is None:
        return None
    hearings = session.execute(
        select(Hearing.id, Hearing.starts_at).where(Hearing.case_id == case).order_by(Hearing.starts_at)
    ).all()
    ahead = [one.id for one in hearings if one.starts_at >= by.now]
    return _desk(session, case, (ahead or [one.id for one in hearings[-1:]] or [0])[0], by)


def _desk(session: ScopedSession, case_id: int, hearing_id: int, by: Reader) -> Desk:
    case = session.execute(
        select(Case.id, Case.number, Case.judge_id, Case.closed_on, Case.court_id, Case.person_id, Person,
               Court.name.label("court"), Court.zone, Court.pack)
        .join(Person, Person.id == Case.person_id).join(Court, Court.id == Case.court_id).where(Case.id == case_id)
    ).one()  # fmt: skip
    found = orders_of_person(session, case.person_id, by.now)
    fit, today = offered(dict(by.templates), case.pack), local_day(by.now, case.zone)
    person = case.Person
    programs = session.execute(select(Program.id, Program.name).order_by(Program.name, Program.id))
    return Desk(
        hearing_id=hearing_id, case_id=case.id, court_id=case.court_id, number=case.number,
        respondent=person.listed_name, called=first_last(person.given_name, person.family_name), born_on=person.born_on,
        court=case.court, room=_room(session, case.id), zone=case.zone, pack=case.pack,
        closed=case.closed_on is not None, judge=case.judge_id,
        judges=judges_of(session, case.court_id), programs=tuple((one.id, one.name) for one in programs),
        closed_days=closed_days(session, case.court_id, by.now), review=_review(session, case.id, by.now), orders=found,
        overlaps=overlaps(found, case.pack, by.packs, by.now),
        templates=tuple(one for one in fit if usable(one, by.law.orders, today)),
        unconfirmed=tuple(one for one in fit if not usable(one, by.law.orders, today)), law=by.law,
        warned=warned_on(by.law, today),
    )  # fmt: skip


def _room(session: ScopedSession, case_id: int) -> str:
    last = select(Hearing.room).where(Hearing.case_id == case_id).order_by(Hearing.starts_at.desc()).limit(1)
    return session.scalar(last) or ""


def _review(session: ScopedSession, case_id: int, now: datetime) -> datetime | None:
    ahead = (
        select(Hearing.starts_at)
        .where(Hearing.case_id == case_id, Hearing.kind == "COMPLIANCE_REVIEW", Hearing.outcome.is_(None),
               Hearing.starts_at > now)
        .order_by(Hearing.starts_at).limit(1)
    )  # fmt: skip
    return session.scalar(ahead)


def orders_of_person(session: ScopedSession, person_id: int, now: datetime) -> tuple[OrderLine, ...]:
    """Every order about a person in cases that this person may see, those in force first, the newest first."""
    orders = session.execute(
        select(Order.id, Order.case_id, Order.kind, Order.number, Order.protected_party_id, Case.number.label("case"),
               Court.zone, Person)
        .join(Case, Case.id == Order.case_id).join(Court, Court.id == Case.court_id)
        .join(Person, Person.id == Case.person_id).where(Case.person_id == person_id)
    ).all()  # fmt: skip
    ids = [one.id for one in orders]
    told = _Told(session, ids)
    made = [_order(row, told, now) for row in orders]
    return tuple(sorted(made, key=_newest_first))


def _newest_first(one: OrderLine) -> tuple[bool, int, float, int]:
    """By the day of signing, then by entry."""
    if not one.versions:
        return not one.in_force, 0, 0.0, one.id
    first = one.versions[0]
    return not one.in_force, -first.ordered_on.toordinal(), -first.at.timestamp(), one.id


class _Told:
    """Rows of some orders, by order or version."""

    def __init__(self, session: ScopedSession, ids: Sequence[int]) -> None:
        self.versions: dict[int, list[OrderVersion]] = defaultdict(list)
        self.conditions: dict[int, list[Condition]] = defaultdict(list)
        self.services: dict[int, list[Service]] = defaultdict(list)
        for version in session.scalars(
            select(OrderVersion).where(OrderVersion.order_id.in_(ids)).order_by(OrderVersion.version_no)
        ):
            self.versions[version.order_id].append(version)
        for condition in session.scalars(
            select(Condition).join(OrderVersion, OrderVersion.id == Condition.order_version_id)
            .where(OrderVersion.order_id.in_(ids)).order_by(Condition.line)
        ):  # fmt: skip
            self.conditions[condition.order_version_id].append(condition)
        for service in session.scalars(select(Service).where(Service.order_id.in_(ids), current(Service))):
            self.services[service.order_id].append(service)
        self.steps: dict[int, list[OrderStep]] = defaultdict(list)
        told = select(OrderStep).where(OrderStep.order_id.in_(ids))
        for step in session.scalars(told.order_by(OrderStep.recorded_at, OrderStep.id)):
            self.steps[step.order_id].append(step)
        sheets = session.scalars(
            select(OrderSheet).join(OrderVersion, OrderVersion.id == OrderSheet.order_version_id)
            .where(OrderVersion.order_id.in_(ids))
        )  # fmt: skip
        self.sheets: dict[int, OrderSheet] = {one.order_version_id: one for one in sheets}


def _order(row: Any, told: _Told, now: datetime) -> OrderLine:
    versions, services = told.versions[row.id], told.services[row.id]
    stands = standing([_version(one) for one in versions], [one.occurred_at for one in services], now)
    last = versions[-1] if versions else None
    sheet = told.sheets.get(last.id) if last else None
    lines = tuple(_line(one, sheet) for one in told.conditions[last.id]) if last else ()
    return OrderLine(
        id=row.id, case_id=row.case_id, case_number=row.case, kind=row.kind, kind_words=KINDS.get(row.kind, row.kind),
        number=row.number or "", stands=_stands(stands.verdict, versions, services, told.steps[row.id], row.zone),
        in_force=stands.verdict in (Verdict.ACTIVE, Verdict.NOT_SERVED),
        template=sheet.template if sheet else "", party=row.protected_party_id, lines=lines,
        issued_at=versions[0].effective_from if versions else None, expires_at=last.expires_at if last else None,
        versions=tuple(_standing(one, told) for one in versions), served=_served(services, row.zone),
        notice=_notice(sheet, last, told) if sheet and last and not services else "", firearm=_firearm(sheet),
        reads_as=_reads(row, lines, last) if stands.verdict in LIVE else "",
        details={**(sheet.details or {}), "judge": sheet.judge_id} if sheet else {},
    )  # fmt: skip


def _stands(
    verdict: Verdict, versions: Sequence[OrderVersion], services: Sequence[Service], done: list[OrderStep], zone: str
) -> str:
    """Where it stands; an order that was served and then changed says both, unless the change was served too."""
    last = versions[-1] if versions else None
    if verdict is not Verdict.ACTIVE or last is None or last.change not in CHANGED or not services:
        return STANDS[verdict]
    latest = max(one.occurred_at for one in services)
    if open_service(done) is None and (done or latest >= last.effective_from):
        return STANDS[verdict]
    served = short_day(local_day(latest, zone))
    return f"In force, served {served}; changed {short_day(last.ordered_on)}, and the change is not served"


def _notice(sheet: OrderSheet, last: OrderVersion, told: _Told) -> str:
    """What the person was told of the version that stands, in the room or since by an officer."""
    if any(one.order_version_id == last.id and one.kind == "TOLD" for one in told.steps[last.order_id]):
        return AT_THE_SCENE
    return NOTICES[sheet.notice]


def _version(one: OrderVersion) -> Version:
    return Version(one.id, one.change, one.effective_from, one.effective_to, one.expires_at, ())


def _standing(one: OrderVersion, told: _Told) -> Standing:
    sheet = told.sheets.get(one.id)
    return Standing(
        number=one.version_no, change=CHANGES.get(one.change, one.change), ordered_on=one.ordered_on,
        at=one.effective_from, until=one.effective_to,
        differs=tuple(str(each) for each in sheet.differs or ()) if sheet else (), notice=sheet.notice if sheet else "",
    )  # fmt: skip


def _firearm(sheet: OrderSheet | None) -> tuple[str, str, str, str]:
    if sheet is None:
        return ("U", "U", "U", "U")
    return (sheet.firearm_heard, sheet.firearm_related, sheet.firearm_forbids, sheet.firearm_flag)


def _line(one: Condition, sheet: OrderSheet | None) -> Line:
    details = (sheet.details or {}) if sheet else {}
    says = details.get("says", {}).get(one.code) or SAYS.get(one.code) or _as_clause(one.text)
    return Line(
        code=one.code, coded=code_of(one.code), title=title_of(one.code), text=one.text, says=says,
        must=one.code in details.get("must", ()) if sheet else one.code not in SAYS,
        allowed=tuple(each for each in one.exceptions if isinstance(each, dict)),
        exceptions=tuple(allowed(each) for each in one.exceptions),
    )  # fmt: skip


def _as_clause(text: str) -> str:
    """A sentence of an order that was not made here, as it follows "must"."""
    clause = text.strip().rstrip(".")
    return clause[:1].lower() + clause[1:]


def _reads(row: Any, lines: Sequence[Line], last: OrderVersion | None) -> str:
    ends = local_day(last.expires_at, row.zone) if last and last.expires_at else None
    return reads_as(
        first_last(row.Person.given_name, row.Person.family_name), [one.says for one in lines if not one.must],
        [one.says for one in lines if one.must], [words for one in lines for words in one.exceptions],
        f"Until {short_day(ends)}." if ends else "Without an end.",
    )  # fmt: skip


def _served(services: Sequence[Service], zone: str) -> str:
    if not services:
        return "No service on record"
    last = max(services, key=lambda one: one.occurred_at)
    return f"Served {moment(last.occurred_at, zone)}, {SERVED_BY.get(last.method, '')}".rstrip(", ")


def next_number(desk: Desk) -> str:
    """The number that a new order opens with: the case's, and the order's place in it; the clerk may change it."""
    taken = {one.number for one in desk.orders}
    numbers = (f"{desk.number}-{n}" for n in range(1, 1000))
    return next(one for one in numbers if one not in taken)[:40]


def today_of(desk: Desk, now: datetime) -> date:
    """The court's own day."""
    return local_day(now, desk.zone)


def paper_on_record(session: ScopedSession, desk: Desk, order: OrderLine, protected: str) -> Paper:
    """The paper of an order as its newest version says."""
    sheet, judge = _sheet_of(session, order.id), ""
    if sheet is not None and sheet.judge_id is not None:
        judge = dict(desk.judges).get(sheet.judge_id, "")
    first, last = order.versions[0], order.versions[-1]
    zone, changed = desk.zone, last.number > 1
    return Paper(
        title=str(order.details.get("title", order.kind_words)), court=desk.court,
        case_number=order.case_number, order_number=order.number, respondent=desk.respondent, born_on=desk.born_on,
        protected=protected, judge=judge,
        change=f"{last.change}, version {last.number}" if changed else "", issued_on=first.ordered_on,
        ends_on=local_day(order.expires_at, zone) if order.expires_at else None, lines=order.lines,
        differs=last.differs, firearm=order.firearm, review=moment(desk.review, zone) if desk.review else "",
        notice=" ".join(part for part in (f"{order.served}.", order.notice) if part), reads_as=order.reads_as,
        signed=True, template=f"{sheet.template}, edition {sheet.edition}" if sheet else "none",
        warned=_warned(sheet, desk, last.ordered_on),
    )  # fmt: skip


def _warned(sheet: OrderSheet | None, desk: Desk, signed_on: date) -> bool:
    """Whether the signed paper bore the warnings: as kept with the version, else as the site had them on that day."""
    kept = (sheet.details or {}).get("warned") if sheet else None
    return bool(kept) if kept is not None else warned_on(desk.law, signed_on)


def warned_on(law: LocalLaw, day: date) -> bool:
    """Whether the site's confirmation of the warnings held on a day."""
    return law.warnings is not None and law.warnings.holds(WARNINGS_EDITION, day)


def _sheet_of(session: ScopedSession, order_id: int) -> OrderSheet | None:
    newest = (
        select(OrderSheet).join(OrderVersion, OrderVersion.id == OrderSheet.order_version_id)
        .where(OrderVersion.order_id == order_id).order_by(OrderVersion.version_no.desc()).limit(1)
    )  # fmt: skip
    return session.scalars(newest).first()
