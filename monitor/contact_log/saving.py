"""Writing a contact, and taking it back: a row in its place says so, and both stay in sight."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.contact_log.entering import Entry
from monitor.contact_log.ways import CHECK_IN, TEST, WAYS
from monitor.current import current
from monitor.models import CheckIn, Contact, DrugTest
from monitor.models.base import is_id, random_id
from monitor.one_at_a_time import one_at_a_time
from monitor.taking_back import may_take_back

ALIKE_WITHIN: Final = timedelta(minutes=15)
PLANNED_HOUR: Final = time(9)


class Changed(Exception):
    """Somebody took this contact back or corrected it in the meantime. Nothing was written."""


class Saved(msgspec.Struct, frozen=True):
    """The row that was written, and the one that plans the next contact, where one does."""

    id: int
    planned_id: int | None


def alike(session: ScopedSession, case_id: int, entry: Entry, now: datetime, zone: str) -> datetime | None:
    """When a contact of this way was logged close to this instant; None: there is none, nor can another add one now."""
    one_at_a_time(session, case_id)
    at = entry.occurred_at(now, zone)
    if entry.way == TEST:  # kept by its day, so a second one of that day is asked about
        same_day = DrugTest.case_id == case_id, DrugTest.occurred_on == local_day(at, zone), current(DrugTest)
        return session.scalar(select(DrugTest.recorded_at).where(*same_day).order_by(DrugTest.recorded_at.desc()))
    entity = CheckIn if entry.way == CHECK_IN else Contact
    near = entity.case_id == case_id, entity.occurred_at.between(at - ALIKE_WITHIN, at + ALIKE_WITHIN), current(entity)
    wanted = select(entity.occurred_at).where(*near).order_by(entity.occurred_at.desc()).limit(1)
    if entity is Contact:
        way = WAYS[entry.way]
        wanted = wanted.where(Contact.method == way.method, Contact.kind == way.kind, Contact.place == way.place)
    return session.scalar(wanted)


def save(session: ScopedSession, case_id: int, entry: Entry, now: datetime, zone: str) -> Saved:
    """Write the contact, and the one that it plans. ``entry`` has no faults."""
    row = _row(entry, entry.occurred_at(now, zone), zone, _common(session, case_id, now))
    session.add(row)
    planned = _planned(session, case_id, entry, now, zone)
    session.flush()
    return Saved(row.id, planned)


def _row(entry: Entry, at: datetime, zone: str, common: dict[str, Any]) -> Any:
    if entry.way == CHECK_IN:
        return CheckIn(**common, occurred_at=at, method="PHONE")
    if entry.way == TEST:
        return DrugTest(**common, occurred_on=local_day(at, zone), result=entry.showed)
    way = WAYS[entry.way]
    return Contact(
        **common, occurred_at=at, kind=way.kind, method=way.method, place=way.place, travel=entry.travel or None,
        state="COMPLETED" if entry.came_about else "ATTEMPTED", no_show=entry.result == "NO_SHOW", note=_words(entry),
    )  # fmt: skip


def _common(session: ScopedSession, case_id: int, now: datetime) -> dict[str, Any]:
    scope = session.scope
    return {
        "id": random_id(), "case_id": case_id, "agency_id": scope.agency_id, "recorded_at": now,
        "recorded_by_id": scope.user_id,
    }  # fmt: skip


def _words(entry: Entry) -> str | None:
    """The note; a reason why nothing more is needed stands behind it."""
    said = [entry.note.strip()]
    if not entry.came_about and entry.after == "NOTHING":
        said.append(f"Nothing more: {entry.because.strip()}")
    return " ".join(part for part in said if part) or None


def _planned(session: ScopedSession, case_id: int, entry: Entry, now: datetime, zone: str) -> int | None:
    if entry.came_about or entry.after not in ("TRY_AGAIN", "LETTER") or entry.after_on is None:
        return None
    way = WAYS[entry.way]
    at = datetime.combine(entry.after_on, PLANNED_HOUR, ZoneInfo(zone))
    row = Contact(
        **_common(session, case_id, now), occurred_at=at, kind=way.kind, state="SCHEDULED", no_show=False, note=None,
        method=way.method if entry.after == "TRY_AGAIN" else "LETTER", place=way.place,
    )  # fmt: skip
    session.add(row)
    return row.id


def case_of(session: ScopedSession, contact_id: int) -> int:
    """The case of a contact that this person may take back; `LookupError`: there is none."""
    found: int = _own(session, contact_id).case_id
    return found


def take_back(session: ScopedSession, contact_id: int, now: datetime) -> int:
    """Put a retracted version in place of a contact, check-in or test, and return its case.

    Only who wrote it, or a supervisor of the same office, may. Raises `LookupError` if there is none for this
    person, `Changed` if it no longer stands.
    """
    row = _own(session, contact_id)
    for each in (row, *_planned_with(session, row)):
        told = {column: getattr(each, column) for column in _told(type(each))}
        session.add(
            type(each)(
                **_common(session, each.case_id, now), **told, supersedes_id=each.id, retracted=True,
                reason="The entry was taken back.",
            )
        )  # fmt: skip
    try:
        session.flush()
    except IntegrityError as error:  # one successor each
        raise Changed from error
    case_id: int = row.case_id
    return case_id


def _planned_with(session: ScopedSession, row: Any) -> list[Contact]:
    """What the same act planned: without the try, nothing is to be tried again."""
    same_act = (
        Contact.case_id == row.case_id, Contact.recorded_at == row.recorded_at, Contact.id != row.id,
        Contact.recorded_by_id == row.recorded_by_id, Contact.state == "SCHEDULED", current(Contact),
    )  # fmt: skip
    return list(session.scalars(select(Contact).where(*same_act)))


def _own(session: ScopedSession, contact_id: int) -> Any:
    scope = session.scope
    entities: tuple[Any, ...] = (Contact, CheckIn, DrugTest)
    for entity in entities if is_id(contact_id) else ():
        row = session.get(entity, contact_id)
        if row is not None and may_take_back(scope, row):
            return row
    raise LookupError(contact_id)


def _told(entity: type[Any]) -> tuple[str, ...]:
    """What the entry says, apart from who recorded it and when."""
    if entity is CheckIn:
        return ("occurred_at", "method")
    if entity is DrugTest:
        return ("occurred_on", "result")
    return ("occurred_at", "kind", "method", "state", "place", "note", "travel", "no_show")
