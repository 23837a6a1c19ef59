"""Writing registry packets into the outgoing folder: claimed with a lease, settled behind a fence, as mail is.

Killed at any instant, the next run writes what is missing under the same name, and nothing that has its ``.ok``. The
packet is what the court's own page gives to a clerk of that office at that moment, protected name and all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from monitor import audit
from monitor.access.scope import Scope
from monitor.compliance.evaluation import switched_on
from monitor.config import Settings
from monitor.db import Database
from monitor.local_law import local_law
from monitor.models import Agency, Case, Outbox
from monitor.orders import packet, steps
from monitor.orders.making import protected_name
from monitor.orders.reading import Reader, desk_of_order
from monitor.orders.templates import templates
from monitor.outbox import outgoing
from monitor.outbox.drop import CHANNEL, Cause, kept_from, stem_of
from monitor.outbox.mailer import Never, NotNow
from monitor.outbox.sending import LEASE, MOST_TRIES, Clock, Opening, Sent, outcome, write_down

MOST_A_RUN: Final = 200
ACKNOWLEDGED: Final = "acknowledged"
NOBODY: Final = 0  # no person: what any clerk of that office reads


class Parcel(msgspec.Struct, frozen=True):
    """One packet on its way. ``attempt`` fences it. ``code``: of the office, and so of its folder."""

    row: int
    attempt: int
    key: str
    agency: int
    code: str
    cause: Cause

    @property
    def stem(self) -> str:
        return stem_of(self.key, self.cause.at)


def write_drops(opened: Opening, database: Database, settings: Settings, clock: Clock) -> Sent:
    """Write what is due, at most `MOST_A_RUN`, tidy, and note acknowledgements. Where the site names no folder, none.

    An office whose folder failed is not tried again in the same run: the others' turn comes all the same.
    """
    done, resting = Sent(), set[int]()
    if not settings.outgoing_folder:
        return done
    for _ in range(MOST_A_RUN):
        with opened() as session:
            parcel = claim(session, clock(), resting)
        if parcel is None:
            break
        fault = _hand_over(parcel, database, settings, clock())
        told = partial(settle, settings=settings, parcel=parcel, fault=fault, now=clock())
        write_down(opened, told, done)
        if fault is not None:
            resting.add(parcel.agency)
    _look_back(opened, settings, clock())
    return done


def claim(session: Session, now: datetime, resting: set[int]) -> Parcel | None:
    """Take the packet that has waited longest; one that somebody there may not see is dropped without a word."""
    unclaimed = or_(Outbox.lease_until.is_(None), Outbox.lease_until < now)
    due = (
        select(Outbox, Agency.id, Agency.code).join(Agency, Agency.id == Outbox.recipient_id)
        .where(Outbox.channel == CHANNEL, Outbox.state == "DUE", Outbox.due_at <= now, unclaimed,
               Outbox.recipient_id.not_in(sorted(resting)))
        .order_by(Outbox.due_at, Outbox.id).limit(1).with_for_update(of=Outbox, skip_locked=True)
    )  # fmt: skip
    while (found := session.execute(due).first()) is not None:
        row, agency, code = found
        cause = msgspec.json.decode(row.body, type=Cause)
        if not kept_from(session, agency, cause.case, now):
            row.attempt, row.lease_until = row.attempt + 1, now + LEASE
            session.flush()
            return Parcel(row.id, row.attempt, row.key, agency, code, cause)
        row.state = "DROPPED"
        session.flush()
    return None


def _hand_over(parcel: Parcel, database: Database, settings: Settings, now: datetime) -> Exception | None:
    folder = Path(settings.outgoing_folder)
    try:
        if not outgoing.is_written(folder, parcel.code, parcel.stem):
            outgoing.write(folder, parcel.code, parcel.stem, files_of(parcel, database, settings, now))
    except (NotNow, Never) as fault:
        return fault
    return None


def files_of(parcel: Parcel, database: Database, settings: Settings, now: datetime) -> Mapping[str, bytes]:
    """CSV and JSON, as the court's page gives them to this office. Raises `Never` where it has no such order."""
    by = Reader(templates(*settings.own_order_templates()), switched_on(*settings.own_packs()),
                local_law(settings.local_law_file), now)  # fmt: skip
    with database.scoped(Scope(NOBODY, "clerk", parcel.agency)) as session:
        desk = desk_of_order(session, parcel.cause.order, by)
        order = next((one for one in desk.orders if one.id == parcel.cause.order), None) if desk else None
        if desk is None or order is None:
            raise Never("no such order for this office")
        name = protected_name(session, order.party, settings.secret_key)
        made = packet.packet_of(desk, order, steps.steps_of(session, order.id), name)
    return {"csv": packet.as_csv(made), "json": packet.as_json(made)}


def settle(
    session: Session, settings: Settings, parcel: Parcel, fault: Exception | None, now: datetime, done: Sent
) -> None:
    """Write down how it went, only where this try still holds the row; a file that went out stands in the trail."""
    mine = Outbox.id == parcel.row, Outbox.attempt == parcel.attempt, Outbox.state == "DUE"
    values: dict[str, Any] = outcome(fault, parcel.attempt, now)
    held = session.scalars(update(Outbox).where(*mine).values(values).returning(Outbox.id)).all()
    if fault is None:
        done.sent += 1
        if held:
            _record(session, settings, "order.dropped", parcel, now)
    elif isinstance(fault, Never) or parcel.attempt >= MOST_TRIES:
        done.given_up += 1
    else:
        done.put_off += 1


def _record(session: Session, settings: Settings, event: str, parcel: Parcel, now: datetime) -> None:
    about = parcel.cause.order, parcel.cause.case
    act = audit.Act(event=event, agency_id=parcel.agency, subjects=about, component="job")
    audit.append(session, act, audit.audit_key(settings.secret_key), now)


def _look_back(opened: Opening, settings: Settings, now: datetime) -> None:
    """Note what receivers acknowledged, once each; remove files that are old, or whose case is not for the office."""
    folder = Path(settings.outgoing_folder)
    with opened() as session:
        codes = {row.id: row.code for row in session.execute(select(Agency.id, Agency.code))}
        for agency, code in codes.items():
            if lying := outgoing.lying(folder, code):
                rows = _rows(session, agency, lying)
                _note(rows, set(outgoing.acknowledged(folder, code)))
                outgoing.remove(folder, code, _taken_away(session, agency, rows, now))
    for code in codes.values():
        outgoing.tidy(folder, code, now - timedelta(days=settings.outgoing_days))


def _rows(session: Session, agency: int, stems: frozenset[str]) -> dict[str, tuple[Outbox, Cause]]:
    sent = select(Outbox).where(Outbox.channel == CHANNEL, Outbox.recipient_id == agency, Outbox.state == "SENT")
    told = [(row, msgspec.json.decode(row.body, type=Cause)) for row in session.scalars(sent)]
    return {stem: (row, cause) for row, cause in told if (stem := stem_of(row.key, cause.at)) in stems}


def _note(rows: Mapping[str, tuple[Outbox, Cause]], stems: set[str]) -> None:
    """``error`` of a row that was sent says so: that the mark came is all that is kept of it."""
    for stem in rows.keys() & stems:
        if rows[stem][0].error is None:
            rows[stem][0].error = ACKNOWLEDGED


def _taken_away(
    session: Session, agency: int, rows: Mapping[str, tuple[Outbox, Cause]], now: datetime
) -> set[str]:
    """Files whose case is gone (expunged), or from which somebody of the office is walled off by now."""
    cases = {cause.case for _row, cause in rows.values()}
    there = set(session.scalars(select(Case.id).where(Case.id.in_(sorted(cases)))))
    away = {one for one in cases if one not in there or kept_from(session, agency, one, now)}
    return {stem for stem, (_row, cause) in rows.items() if cause.case in away}
