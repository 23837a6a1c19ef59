"""Orders as the rules read them: those with duties as subjects, with anchors and terms; all others as events.

An order whose only duties are bans (no contact, stay away) is no subject: it controls acts, as a protective order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import polars as pl
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from monitor.access.reach import reach_of
from monitor.access.resting import reading_everything
from monitor.access.scope import trusted_sql
from monitor.access.scoped_session import ScopedSession
from monitor.compliance import vocabulary as v
from monitor.compliance.columns import Asked, read_rows
from monitor.compliance.entry_waits import waits_of
from monitor.compliance.vocabulary import word
from monitor.enrollment.taken_back import taken_back
from monitor.intake.record.deciding import TERM as WHO_DECIDES
from monitor.models import (
    Assessment,
    Case,
    Condition,
    County,
    Court,
    Enrollment,
    Order,
    OrderStep,
    OrderVersion,
    PolicyTerm,
    Requirement,
    Service,
)
from rules.frames import ORDERS, build

Row = dict[str, Any]
# anchors that few orders have, kept in OrderVersion.facts under the frames' own names
RARE = (
    "county", "program_type", "assessed_length_weeks", "distance_miles", "offense_number", "treatment_started_on",
    "supervision_started_on",
)  # fmt: skip
BANS = ("no_contact", "stay_away")
ENDS = ("SUSPENDED", "REINSTATED", "TERMINATED", "VACATED", "EXPIRED")


class OrderRecord(msgspec.Struct):
    """One order with everything that was ever recorded about it."""

    row: Any
    versions: list[Any] = msgspec.field(default_factory=list)
    requirements: list[Any] = msgspec.field(default_factory=list)
    services: list[Any] = msgspec.field(default_factory=list)
    steps: list[Any] = msgspec.field(default_factory=list)
    assessed: list[Any] = msgspec.field(default_factory=list)
    conditions: dict[int, list[Any]] = msgspec.field(default_factory=lambda: defaultdict(list))


def load_orders(session: Session, asked: Asked) -> dict[str, pl.DataFrame]:
    """The frames orders, levels, terms and order_events, of the cases and the knowledge that are asked for."""
    records = _records(session, asked)
    subjects = {number: record for number, record in records.items() if _is_subject(record)}
    events = [event for record in records.values() for event in _events(record, record.row.id in subjects)]
    events += [wait for record in records.values() for wait in _waits(record)]
    return {
        "orders": build("orders", (row for record in subjects.values() for row in _subject_rows(record))),
        "levels": build("levels", (row for record in subjects.values() for row in _levels(record))),
        "order_events": build("order_events", events),
        "terms": build("terms", [*_order_terms(subjects.values()), *_policy_terms(session, subjects, asked)]),
    }


def _is_subject(record: OrderRecord) -> bool:
    return bool(record.versions) and any(duty.kind not in BANS for duty in record.requirements)


def _records(session: Session, asked: Asked) -> dict[int, OrderRecord]:
    ever = Asked(asked.cases, most=asked.most)  # names of who and where, and what belongs to a text that was known
    records = {row.id: OrderRecord(row) for row in read_rows(session, _ORDERS, ever)}
    for row in read_rows(session, _VERSIONS, asked):
        records[row.order_id].versions.append(row)
    for row in read_rows(session, _REQUIREMENTS, asked):
        records[row.order_id].requirements.append(row)
    for row in read_rows(session, _SERVICES, asked):
        records[row.order_id].services.append(row)
    for row in _steps(session, asked, records):
        records[row.order_id].steps.append(row)
    _put_levels(session, records, asked)
    owner = {version.id: record for record in records.values() for version in record.versions}
    for row in read_rows(session, _CONDITIONS, ever):
        if row.order_version_id in owner:  # not those of a text that was recorded later
            owner[row.order_version_id].conditions[row.order_version_id].append(row)
    for record in records.values():
        record.versions.sort(key=lambda version: version.version_no)
    return records


def _steps(session: Session, asked: Asked, seen: Mapping[int, OrderRecord]) -> list[Any]:
    """What the orders seen here wait for, oldest first.

    An office reads no step of an order, but the flags that rest on them: so that its look back tells what stood, the
    rules read them for it, of the orders that it sees and of no other; nobody's number is among what is read.
    """
    if isinstance(session, ScopedSession) and reach_of(session.scope.role, OrderStep) is None:
        here = Asked(sorted({record.row.person for record in seen.values()}), asked.known_at)
        with trusted_sql("what seen orders wait for, as the rules weigh it"), reading_everything(session):
            rows = [row for row in read_rows(session, _STEPS, here) if row.order_id in seen]
    else:
        rows = read_rows(session, _STEPS, asked)
    return sorted(rows, key=lambda row: (row.recorded_at, row.id))


def _every_column(entity: Any) -> Select[Any]:
    columns = entity.__table__.columns.keys()
    return select(*(getattr(entity, name).label("person" if name == "case_id" else name) for name in columns))


_ORDERS: Any = (
    select(
        Order.id, Order.kind, Order.case_id.label("person"), Case.court_id, Court.zone, Court.pack,
        Court.code.label("court_code"), Court.county_id, County.name.label("county"),
    )
    .join(Case, Case.id == Order.case_id)
    .join(Court, Court.id == Case.court_id)
    .outerjoin(County, County.id == Court.county_id)
)
# what is asked of the registry and what it confirmed; nobody's number
_STEPS: Any = select(
    OrderStep.id, OrderStep.case_id.label("person"), OrderStep.order_id, OrderStep.kind, OrderStep.action,
    OrderStep.how, OrderStep.occurred_at, OrderStep.recorded_at,
).where(OrderStep.kind.in_(("TO_ENTER", "ENTERED")))  # fmt: skip
_VERSIONS, _REQUIREMENTS, _SERVICES, _CONDITIONS, _ASSESSMENTS = map(
    _every_column, (OrderVersion, Requirement, Service, Condition, Assessment)
)  # fmt: skip


def _put_levels(session: Session, records: Mapping[int, OrderRecord], asked: Asked) -> None:
    assessed: dict[int, list[Any]] = defaultdict(list)
    for row in _assessed(session, asked):
        assessed[row.person].append(row)
    for record in records.values():
        record.assessed = assessed.get(record.row.person, [])


def _assessed(session: Session, asked: Asked) -> list[Any]:
    """Assessments that stand, as far as they were known."""
    rows = read_rows(session, _ASSESSMENTS, asked)
    replaced = {row.supersedes_id for row in rows}
    return [row for row in rows if row.id not in replaced and not row.retracted]


def _subject_rows(record: OrderRecord) -> Iterable[Row]:
    """One row for each instant at which something about the order became known."""
    told = (*record.versions, *record.requirements, *record.services)
    for known_at in sorted({row.recorded_at for row in told}):
        versions = [version for version in record.versions if version.recorded_at <= known_at]
        if versions:
            yield _subject_row(record, versions, known_at)


def _subject_row(record: OrderRecord, versions: list[Any], known_at: datetime) -> Row:
    first, last = versions[0], versions[-1]
    replaced = {one.supersedes_id for one in record.requirements if one.recorded_at <= known_at}
    duties = [one for one in record.requirements if one.recorded_at <= known_at and one.id not in replaced]
    zone, told = ZoneInfo(record.row.zone), last.facts or {}
    return {
        "order": record.row.id, "person": record.row.person, "pack": record.row.pack, "zone": record.row.zone,
        "court": record.row.court_id, "court_code": record.row.court_code, "county": record.row.county,
        "recorded_at": known_at, "ordered_on": first.ordered_on,
        "effective_on": first.effective_from.astimezone(zone).date(), "effective_at": first.effective_from,
        "granted_on": last.granted_on, "term_months": last.term_months, "convicted_on": last.convicted_on,
        "served_at": _served_at(record, known_at), "appeared": last.appeared,
        "in_custody": None if told.get("custody") == "unknown" else last.in_custody,
        "proceeding": last.proceeding, "supervision": last.supervision,
        "conditions": sorted({one.kind for one in duties}),
        "duties": sorted(map(_dated, duties)) if told.get("dated") else None,
        "last_on": last.expires_at.astimezone(zone).date() if told.get("dated") and last.expires_at else None,
        **{name: _read(name, value) for name, value in told.items() if name in RARE},
    }  # fmt: skip


def _dated(duty: Any) -> str:
    """A duty with its days, as rules.dated reads them."""
    return f"{duty.kind} {duty.from_on}{f' {duty.until_on}' if duty.until_on else ''}"


def _read(name: str, value: Any) -> Any:
    # JSON has no dates
    return date.fromisoformat(value) if ORDERS[name] == pl.Date and isinstance(value, str) else value


def _served_at(record: OrderRecord, known_at: datetime) -> datetime | None:
    known = [one for one in record.services if one.recorded_at <= known_at]
    replaced = {one.supersedes_id for one in known}
    return min((one.occurred_at for one in known if one.id not in replaced and not one.retracted), default=None)


def _levels(record: OrderRecord) -> Iterable[Row]:
    """Levels of supervision: what the order's text says, and what trained assessors entered since (safeguard G6).

    One that is out of date stays in force here until the next one: contact must not become rarer because somebody
    failed to assess again.
    """
    for version in record.versions:
        for told in (version.facts or {}).get("levels", ()):
            yield {
                "order": record.row.id, "from": date.fromisoformat(told["from"]), "level": told["level"],
                "recorded_at": version.recorded_at,
            }  # fmt: skip
    for row in record.assessed:
        yield {
            "order": record.row.id, "from": row.occurred_on, "level": row.level, "recorded_at": row.recorded_at,
        }  # fmt: skip


def _events(record: OrderRecord, subject: bool) -> Iterable[Row]:
    for version in record.versions:
        if not subject or version.change in ENDS:
            yield _event(record, version.id, version.recorded_at, version.effective_from) | _terms_of(record, version)
    if subject and (record.versions[-1].facts or {}).get("dated"):
        return  # each duty says its own days, so that the end of one ends no other
    if subject:
        yield from _duties_ended(record)
    else:
        for service in record.services:
            row = _event(record, service.id, service.recorded_at, service.occurred_at)
            yield row | {
                "event": "served", "method": word(service.method), "supersedes": service.supersedes_id,
                "retracted": service.retracted,
            }  # fmt: skip


def _duties_ended(record: OrderRecord) -> Iterable[Row]:
    """The end of one duty while its order stays: an event of that condition, until a later version undoes it."""
    until = {duty.id: duty.until_on for duty in record.requirements}
    for duty in record.requirements:
        before = until.get(duty.supersedes_id)
        ends_on: date | None = duty.until_on or before
        if ends_on:
            day = datetime.combine(ends_on, time(), ZoneInfo(record.row.zone))
            yield _event(record, duty.id, duty.recorded_at, day) | {
                "event": "terminated", "condition": duty.kind, "retracted": duty.until_on is None,
                "supersedes": duty.supersedes_id if before else None,
            }  # fmt: skip


def _waits(record: OrderRecord) -> Iterable[Row]:
    for wait in waits_of(record.steps):
        yield _event(record, wait.id, wait.recorded_at, wait.since) | {
            "event": "entry_waits", "until": wait.until, "supersedes": wait.supersedes,
        }  # fmt: skip


def _event(record: OrderRecord, number: int, recorded_at: datetime, at: datetime) -> Row:
    day = at.astimezone(ZoneInfo(record.row.zone)).date()
    return {
        "id": number, "person": record.row.person, "order": record.row.id, "on": day, "at": at,
        "recorded_at": recorded_at, "retracted": False,
    }  # fmt: skip


def _terms_of(record: OrderRecord, version: Any) -> Row:
    conditions = {one.code: one for one in record.conditions.get(version.id, ())}
    banned = conditions.get("05") or conditions.get("NO_CONTACT")
    return {
        "event": word(version.change, v.ORDER_EVENTS), "kind": word(record.row.kind, v.ORDER_KINDS),
        "contact_terms": "no_contact" if banned else "peaceful_contact",
        "stay_away": "04" in conditions or "STAY_AWAY" in conditions,
        "exceptions": [v.exception(each) for each in banned.exceptions] if banned else [], "until": version.expires_at,
    }  # fmt: skip


def _order_terms(records: Iterable[OrderRecord]) -> Iterable[Row]:
    for record in records:
        for duty in record.requirements:
            for term, value in (duty.terms or {}).items():
                if term == WHO_DECIDES:
                    continue  # intake asks for it, and no rule
                yield _term(record.row.id, "order", term, value, duty.recorded_at, "terms of the order")
        yield from _left_out(record)


def _left_out(record: OrderRecord) -> Iterable[Row]:
    """Terms that only duties have which a later text ended: taken back from the day on which the last of them ends.

    Else the term of a duty that is no more would stand for ever, and so would the word that nobody can read it.
    """
    replaced = {duty.supersedes_id for duty in record.requirements}
    standing = [duty for duty in record.requirements if duty.id not in replaced]
    ends: defaultdict[str, list[Any]] = defaultdict(list)
    for duty in standing:
        for term in duty.terms or {}:
            ends[term].append(duty)
    for term, having in ends.items():
        if term != WHO_DECIDES and all(duty.until_on for duty in having):
            known = max(duty.recorded_at for duty in having)
            last = max(duty.until_on for duty in having)
            yield _term(record.row.id, "order", term, None, known, "terms of the order") | {"from": last}


def _term(order: int, source: str, term: str, value: Any, recorded_at: datetime, cite: str) -> Row:
    row: Row = {"order": order, "source": source, "term": term, "recorded_at": recorded_at, "cite": cite}
    if isinstance(value, Mapping):
        return row | {
            "number": value.get("count"), "period_days": value.get("period_days"),
            "period_months": value.get("period_calendar_months"),
        }  # fmt: skip
    return row | ({"word": value} if isinstance(value, str) else {"number": value})


def _policy_terms(session: Session, subjects: Mapping[int, OrderRecord], asked: Asked) -> Iterable[Row]:
    policies = read_rows(session, _POLICIES, Asked(known_at=asked.known_at))
    by_court: dict[int, list[Any]] = defaultdict(list)
    by_county: dict[int | None, list[Any]] = defaultdict(list)
    by_program: dict[int, list[Any]] = defaultdict(list)
    for policy in policies:
        if policy.court_id:
            by_court[policy.court_id].append(policy)
        elif policy.county_id:
            by_county[policy.county_id].append(policy)
        else:
            by_program[policy.program_id].append(policy)
    programs = _programs(session, asked) if by_program else {}
    for number, record in subjects.items():
        yield from (_policy_row(number, "court_policy", policy) for policy in by_court[record.row.court_id])
        yield from (_policy_row(number, "county_policy", policy) for policy in by_county[record.row.county_id])
        for program in programs.get(record.row.person, ()):
            yield from (_policy_row(number, "provider_policy", policy) for policy in by_program[program])


_POLICIES: Any = select(
    PolicyTerm.court_id, PolicyTerm.county_id, PolicyTerm.program_id, PolicyTerm.term, PolicyTerm.value,
    PolicyTerm.from_on, PolicyTerm.citation, PolicyTerm.recorded_at,
).where(PolicyTerm.term != WHO_DECIDES)  # fmt: skip  # which intake asks, and no rule: it would be unknown to them


def _policy_row(order: int, source: str, policy: Any) -> Row:
    value = policy.value.get("value", policy.value)
    row = _term(order, source, policy.term, value, policy.recorded_at, policy.citation)
    return row | {"from": policy.from_on, "program": policy.program_id}


def _programs(session: Session, asked: Asked) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for row in read_rows(session, _ENROLLED, asked):
        found[row.person].add(row.program_id)
    return found


_ENROLLED: Any = select(
    Enrollment.case_id.label("person"), Enrollment.program_id, Enrollment.recorded_at
).where(Enrollment.id.not_in(taken_back()))  # fmt: skip
