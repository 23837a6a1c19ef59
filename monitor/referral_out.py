"""Referring somebody out to another agency: sent, accepted or declined, or taken back while it is open.

Codes only, and no reason for thinking of the person: nothing tells how a case came up (access matrix, derived views).
The receiver sees the name, the kind, who asks and by when. It does not share the case by it. A referral is an offer
between agencies and no duty of the person: no rule reads it, and a decline is the receiver's alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from monitor.access.roles import Role
from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.concerns import whom_to_tell
from monitor.db import looking_wide, writing_for_others
from monitor.enrollment.taken_back import taken_back
from monitor.handoffs.arrows import BY_MEASURE
from monitor.handoffs.due_dates import due_of
from monitor.handoffs.gaps import Gap, Place
from monitor.handoffs.places import places
from monitor.handoffs.targets import Targets
from monitor.models import Agency, Case, Court, Enrollment, Person, Program, ReferralOut, random_id
from monitor.one_at_a_time import read_alone
from monitor.outbox.notice import notice
from monitor.person_page.heading import listed_name
from monitor.releases import releases_of

KINDS: Final = {
    "SUBSTANCE_USE": "Substance use", "PARENTING": "Parenting", "MENTAL_HEALTH": "Mental health",
    "LANGUAGE": "Language", "OTHER_PROGRAM": "Other program",
}  # fmt: skip
REASONS: Final = {
    "NO_SEAT": "No seat now", "NOT_OFFERED": "We do not offer this", "TERMS": "Our terms of admission are not met",
    "LANGUAGE": "Not offered in the language needed", "NOT_REACHED": "The person could not be reached",
}  # fmt: skip
# that somebody is known there is itself protected, so an answer needs the participant's leave (safeguards C8, C9)
NEEDS_RELEASE: Final = frozenset({"SUBSTANCE_USE", "MENTAL_HEALTH"})
NO_RELEASE: Final = (
    "Not sent: this needs a signed release on record, so that the other side may answer. Give its day of signing and "
    "its last day."
)
RELEASE_OVER: Final = "Not sent: the participant's release at your program has ended. Put a new one on record first."
LONGEST: Final = timedelta(days=366)
KEPT_FOR: Final = timedelta(days=30)  # an answer stays on both lists so long
RECEIVER: Final = "the names on referrals that this agency was sent; walls were held before"
WRITES: Final = "a referral lies on another agency's desk, or its answer on the sender's"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One referral. ``other``: the agency at its far end. ``due``: by when, None while no target is set."""

    id: int
    case_id: int
    person: str
    number: str
    zone: str
    kind: str
    other: str
    sent_at: datetime
    due_at: datetime | None
    late: bool
    open: bool
    stands: str
    at: datetime | None
    until_on: date | None
    protected: bool


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """What this agency sent and was sent, open ones first."""

    sent: tuple[Line, ...]
    received: tuple[Line, ...]


class OfCase(msgspec.Struct, frozen=True, kw_only=True):
    """One case. ``always``: this sender needs a release for every kind. ``over``: its own release has ended."""

    case_id: int
    person: str
    number: str
    zone: str
    closed: bool
    always: bool
    over: bool
    programs: tuple[tuple[int, str], ...]
    sent: tuple[Line, ...]


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What was entered. ``bad_days``: a day was typed that is none."""

    kind: str
    program: int
    signed_on: date | None = None
    until_on: date | None = None
    bad_days: bool = False


def desk(session: ScopedSession, targets: Targets, now: datetime) -> Desk:
    """Of the asker's agency; what a wall hides is not there."""
    own = session.scope.agency_id
    sent = _rows(session, ReferralOut.from_agency_id == own)
    received = _rows(session, ReferralOut.agency_id == own) if session.scope.role == Role.PROGRAM.value else []
    lines = _lines(session, sent, targets, now, mine=True)
    with looking_wide(session, RECEIVER):
        got = _lines(session, received, targets, now, mine=False)
    return Desk(sent=tuple(lines), received=tuple(got))


def of_case(session: ScopedSession, case_id: int, targets: Targets, now: datetime) -> OfCase | None:
    """What was sent in a case that the asker's agency shares; None: no such case for them."""
    head = _heads(session, [case_id]).get(case_id)
    if head is None:
        return None
    own = session.scope.agency_id
    named = select(Program.id, Program.name, Agency.name.label("agency")).join(Agency, Agency.id == Program.agency_id)
    there = session.execute(named.where(Program.agency_id != own).order_by(Program.name, Program.id))
    rows = _rows(session, ReferralOut.from_agency_id == own, ReferralOut.case_id == case_id)
    program = session.scope.role == Role.PROGRAM.value
    return OfCase(
        case_id=case_id, person=listed_name(head), number=head.number, zone=head.zone, always=program,
        closed=head.closed_on is not None, over=program and _over(session, case_id, local_day(now, head.zone)),
        programs=tuple((row.id, _called(row.name, row.agency)) for row in there),
        sent=tuple(_lines(session, rows, targets, now, mine=True)),
    )  # fmt: skip


def _over(session: ScopedSession, case_id: int, today: date) -> bool:
    """Whether all releases at the asking program have ended; of a place without any, nothing has ended."""
    own = select(Enrollment.id).where(
        Enrollment.case_id == case_id, Enrollment.agency_id == session.scope.agency_id,
        Enrollment.id.not_in(taken_back()),
    )  # fmt: skip
    found = releases_of(session, session.scalars(own).all()).values()
    return bool(found) and all(one.ended(today) for one in found)


def faults_of(page: OfCase, wanted: Wanted, today: date) -> dict[str, str]:
    """By field, what is missing or cannot be; a release that is missing is refused here (safeguard C8)."""
    found: dict[str, str] = {}
    there = dict(page.programs)
    if wanted.kind not in KINDS:
        found["kind"] = "Choose the kind."
    if wanted.program not in there:
        found["program"] = "Choose who should receive it."
    same = KINDS.get(wanted.kind), there.get(wanted.program)
    if any(one.open and (one.kind, one.other) == same for one in page.sent):
        found["program"] = "It lies there already, and waits for an answer."
    if page.over:
        return found | {"signed_on": RELEASE_OVER}
    given = wanted.signed_on or wanted.until_on or wanted.bad_days
    if (page.always or wanted.kind in NEEDS_RELEASE or given) and not _holds(wanted, today):
        found["signed_on"] = "Give two days that hold today, a year apart at most." if given else NO_RELEASE
    return found


def _holds(wanted: Wanted, today: date) -> bool:
    signed, until = wanted.signed_on, wanted.until_on
    return signed is not None and until is not None and signed <= today <= until <= signed + LONGEST


def send(session: ScopedSession, page: OfCase, wanted: Wanted, now: datetime) -> int:
    """Lay it on the receiver's desk. ``faults_of`` was asked before."""
    to = session.scalars(select(Program.agency_id).where(Program.id == wanted.program)).one()
    row = ReferralOut(
        id=random_id(), case_id=page.case_id, agency_id=to, from_agency_id=session.scope.agency_id,
        program_id=wanted.program, kind=wanted.kind, release_signed_on=wanted.signed_on,
        release_until_on=wanted.until_on, sent_at=now, sent_by_id=session.scope.user_id,
    )  # fmt: skip
    with writing_for_others(session, WRITES):
        session.add(row)
    return row.id


def is_there(session: ScopedSession, referral_id: int, *, sent: bool) -> bool:
    """Whether the asker's agency sent it, or was sent it, and may see it."""
    return _one(session, referral_id, ReferralOut.from_agency_id if sent else ReferralOut.agency_id) is not None


def take_back(session: ScopedSession, referral_id: int, now: datetime) -> int | None:
    """The case of a referral that the asker's agency took back; None: it is open no longer, or there is none."""
    row = _one_alone(session, referral_id, ReferralOut.from_agency_id)
    head = _heads(session, [row.case_id]).get(row.case_id) if row else None
    if row is None or head is None or row.answer:
        return None
    _close(session, row, "TAKEN_BACK", None, now)
    return row.case_id


def answer(session: ScopedSession, referral_id: int, said: str, why: str, now: datetime) -> bool:
    """The receiver accepts or declines; False: it is open no longer, or there is none. The sender is told.

    Raises `ValueError` where ``said`` is no answer, or a decline has no reason.
    """
    if said not in ("ACCEPTED", "DECLINED") or (said == "DECLINED" and why not in REASONS):
        raise ValueError(said)
    row = _one_alone(session, referral_id, ReferralOut.agency_id)
    if row is None:
        return False
    with looking_wide(session, RECEIVER):
        head = _heads(session, [row.case_id])[row.case_id]
        sender = session.scalars(select(Agency.kind).where(Agency.id == row.from_agency_id)).one()
    if row.answer or _stopped(row, head, now):
        return False
    _close(session, row, said, why if said == "DECLINED" else None, now)
    if sender == "probation":
        told = whom_to_tell(session, row.case_id, now)
        with writing_for_others(session, WRITES):
            session.add_all(notice(f"referral_out:{row.id}:{user}", user, now) for user in told)
    return True


def _one(session: ScopedSession, referral_id: int, side: Any) -> ReferralOut | None:
    return session.scalars(_of_agency(session, referral_id, side)).one_or_none()


def _one_alone(session: ScopedSession, referral_id: int, side: Any) -> ReferralOut | None:
    return read_alone(session, referral_id, _of_agency(session, referral_id, side))


def _of_agency(session: ScopedSession, referral_id: int, side: Any) -> Select[ReferralOut]:
    return select(ReferralOut).where(ReferralOut.id == referral_id, side == session.scope.agency_id)


def _close(session: ScopedSession, row: ReferralOut, said: str, why: str | None, now: datetime) -> None:
    with writing_for_others(session, WRITES):
        row.answer, row.why, row.answered_at, row.answered_by_id = said, why, now, session.scope.user_id


def _rows(session: ScopedSession, *which: Any) -> list[Any]:
    sender = aliased(Agency)
    columns = ReferralOut, Program.name.label("program"), Agency.name.label("receiver"), sender.name.label("sender")
    joined = (
        select(*columns).join(Program, Program.id == ReferralOut.program_id)
        .join(Agency, Agency.id == ReferralOut.agency_id).join(sender, sender.id == ReferralOut.from_agency_id)
    )  # fmt: skip
    return list(session.execute(joined.where(*which).order_by(ReferralOut.sent_at.desc(), ReferralOut.id)))


def _heads(session: ScopedSession, cases: Iterable[int]) -> dict[int, Any]:
    """Who a case is about, of those that are there in the reach that is asked in."""
    columns = (
        Case.id, Case.number, Case.closed_on, Court.zone, Person.family_name, Person.given_name, Person.middle_name,
        Person.suffix,
    )  # fmt: skip
    named = select(*columns).join(Person, Person.id == Case.person_id).join(Court, Court.id == Case.court_id)
    return {row.id: row for row in session.execute(named.where(Case.id.in_(sorted(set(cases)))))}


def _lines(session: ScopedSession, rows: list[Any], targets: Targets, now: datetime, *, mine: bool) -> list[Line]:
    cases = frozenset(row.ReferralOut.case_id for row in rows)
    heads = _heads(session, cases) if cases else {}
    where = places(session, cases, now) if cases else {}
    found = [
        _line(session, row, heads[row.ReferralOut.case_id], where[row.ReferralOut.case_id], targets, now, mine=mine)
        for row in rows if row.ReferralOut.case_id in heads and _shown(row.ReferralOut, heads, now, mine=mine)
    ]  # fmt: skip
    return sorted(found, key=lambda one: not one.open)


def _shown(row: ReferralOut, heads: dict[int, Any], now: datetime, *, mine: bool) -> bool:
    """The sender sees what became of it for a while; the receiver what is open, and what it answered itself."""
    if row.answer is None:
        return mine or not _stopped(row, heads[row.case_id], now)
    recent = row.answered_at is not None and row.answered_at > now - KEPT_FOR
    return recent and (mine or row.answer != "TAKEN_BACK")


def _stopped(row: ReferralOut, head: Any, now: datetime) -> str:
    if head.closed_on is not None:
        return "Stopped: the case was closed"
    over = row.release_until_on is not None and row.release_until_on < local_day(now, head.zone)
    return "Stopped: the release has ended" if over else ""


def _line(
    session: ScopedSession, found: Any, head: Any, place: Place, targets: Targets, now: datetime, *, mine: bool
) -> Line:
    row: ReferralOut = found.ReferralOut
    stopped = "" if row.answer else _stopped(row, head, now)
    gap = Gap(measure="R1", case_id=row.case_id, owner_id=row.agency_id, started_at=row.sent_at)
    due_at = due_of(session, BY_MEASURE["R1"], gap, place, targets).at
    waits = row.answer is None and not stopped
    return Line(
        id=row.id, case_id=row.case_id, person=listed_name(head), number=head.number, zone=head.zone,
        kind=KINDS[row.kind], other=_called(found.program, found.receiver) if mine else found.sender,
        sent_at=row.sent_at, due_at=due_at, late=waits and due_at is not None and now > due_at, open=waits,
        stands=stopped or _answer_words(row), at=row.answered_at, until_on=row.release_until_on,
        protected=row.kind in NEEDS_RELEASE,
    )  # fmt: skip


def _called(program: str, agency: str) -> str:
    return program if program == agency else f"{program} ({agency})"


def _answer_words(row: ReferralOut) -> str:
    if row.answer == "DECLINED" and row.why:
        return f"Declined: {REASONS[row.why].lower()}"
    return {"ACCEPTED": "Accepted", "TAKEN_BACK": "Taken back"}.get(row.answer or "", "Waits for an answer")
