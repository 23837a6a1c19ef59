"""What is known of some cases at one instant: the current version of every fact, gathered once and read in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.orm import Session

from monitor.allegations.standing import Filed, Standing, standing
from monitor.amending import as_they_stood
from monitor.bench_page import statements
from monitor.bench_page.class_rows import ClassRow, class_arrays, class_rows, sheets_sent
from monitor.bench_page.withdrawn import because
from monitor.clock import local_day
from monitor.flag_history import FlagThen, flag_at
from monitor.group_days import MOVES, Turn, turns_of
from monitor.response_matrix.versions import number_in_force

# what of a flag the bench shows as it was approved, and how a change of it is called: never what it says now, which
# nobody has reviewed (safeguard F10)
AS_APPROVED = {
    "code": "what it is about", "first_on": "its day", "due_on": "the day it was due", "response_class": "its class",
    "version": "",
}  # fmt: skip


ENDED = ("TERMINATED", "VACATED", "EXPIRED", "SUSPENDED")


class Event(msgspec.Struct, frozen=True, gc=False):
    """One fact: its kind, day and words. ``day`` is the court's own; ``corrected_on`` where it replaced another."""

    name: str
    id: int
    day: date
    word: str
    more: str
    ref: int | None
    until: date | None
    recorded_at: datetime
    corrected_on: date | None


class CaseRecord(msgspec.Struct, dict=True):
    """Everything the page needs of one case. ``today`` is the court's own day at ``known_at``.

    ``flags``: what is alleged and not answered by the court; ``found``: what it found or heard admitted. ``filed``: by
    flag, when a supervisor approved it, and what was asked. ``since_approved``: flags whose record
    reads differently now than when it was approved, and in what. ``withdrawn``: what lies before the court and the
    rules took back, with why. ``turns``: of places that ever changed the group. ``assessors``: names behind levels.
    ``matrix``: number and first day of the local matrix. ``in_force``: the newest versions of the orders that hold at
    ``known_at``. ``classes``: every version of every class as the database wrote them, read when somebody asks.
    """

    case_id: int
    zone: str
    known_at: datetime
    today: date
    hearings: list[Any] = []
    versions: list[Any] = []
    in_force: list[Any] = []
    conditions: list[Any] = []
    requirements: list[Any] = []
    places: list[Any] = []
    turns: dict[int, tuple[Turn, ...]] = {}
    classes: str = "[]"
    copies: dict[int, Any] = {}
    first_shown: dict[int, datetime] = {}
    adjudications: dict[int, Any] = {}
    events: dict[str, list[Event]] = {}
    flags: list[Any] = []
    reviews: dict[int, Any] = {}
    filed: dict[int, Standing] = {}
    found: list[Any] = []
    since_approved: dict[int, tuple[str, ...]] = {}
    withdrawn: list[tuple[Any, str]] = []
    matrix: tuple[int, date] | None = None
    cancelled: set[tuple[int, date]] = set()
    assessors: dict[int, str] = {}

    def turns_of(self, place: Any) -> tuple[Turn, ...]:
        """The groups of a place, each from its day on, as known by then."""
        return self.turns.get(place.id) or (Turn(date.min, place.group_id, place.weekday),)

    def of(self, name: str) -> list[Event]:
        """The current facts of one kind, oldest first."""
        return self.events.get(name, [])

    @cached_property
    def attendance(self) -> list[ClassRow]:
        """The classes as they stand, class by class."""
        return current(self._told)

    @cached_property
    def corrected(self) -> dict[int, date]:
        """Of the classes that replaced another telling, since when."""
        corrections = (row for row in self.attendance if row.supersedes_id is not None)
        return {row.id: local_day(row.recorded_at, self.zone) for row in corrections}

    @cached_property
    def sheets_sent(self) -> dict[int, datetime]:
        """By place, when its program last sent anything of a sheet."""
        return sheets_sent(self._told)

    @cached_property
    def _told(self) -> list[ClassRow]:
        return class_rows(self.classes)

    def terms(self, kind: str) -> dict[str, Any] | None:
        """The values that the order sets for a duty; None: the order has no such duty."""
        for requirement in self.requirements:
            if requirement.kind == kind:
                return requirement.terms or {}
        return None

    def held(self, before: datetime) -> list[Any]:
        """Hearings before an instant whose outcome was known and at which the case was called, oldest first."""
        return [
            one for one in self.hearings
            if one.starts_at < before and outcome_known(one, self.known_at) and was_called(one)
        ]  # fmt: skip

    def last_review(self, before: datetime) -> Any:
        """The newest of them; None: this is the first."""
        held = self.held(before)
        return held[-1] if held else None


def holds(version: Any, at: datetime) -> bool:
    """Whether an order holds by its newest version: neither ended by the court nor past its last day."""
    over, last = version.effective_to, version.expires_at
    return version.change not in ENDED and (over is None or over > at) and (last is None or last > at)


def was_called(hearing: Any) -> bool:
    """Whether a date was, or is still, one at which somebody is before the court: not one that was taken off the
    calendar, nor one that was continued before it came. Nobody saw the respondent then, so it is no last review."""
    ahead = hearing.resulted_at is not None and hearing.resulted_at < hearing.starts_at
    return hearing.outcome != "OFF_CALENDAR" and not (hearing.outcome == "CONTINUED" and ahead)


def outcome_known(hearing: Any, known_at: datetime) -> bool:
    """Whether a hearing had an outcome that was known at an instant."""
    return bool(hearing.outcome) and (hearing.resulted_at is None or hearing.resulted_at <= known_at)


def gather(
    session: Session, cases: dict[int, str], known_at: datetime, as_of: datetime | None = None, *, live: bool = False
) -> dict[int, CaseRecord]:
    """Records of the cases (id -> zone of its court), as known at ``known_at``, in a dozen statements.

    With ``as_of``: what is known at ``known_at`` of the world as it was then; ``CaseRecord.known_at`` is that instant.
    ``live``: ``known_at`` is now, for an office's page: nothing was moved later, and what only paper for the court
    tells (copies for the defense, the matrix in force) is not asked for.
    """
    at = as_of or known_at
    asked = {"cases": sorted(cases), "known_at": known_at}
    found = {case: CaseRecord(case, zone, at, local_day(at, zone)) for case, zone in sorted(cases.items())}
    if not cases:
        return found
    hearings = session.execute(statements.hearings(), asked).all()
    moved = [] if live else session.execute(statements.earlier_hearings(), asked).all()
    dates = sorted(as_they_stood(hearings, moved, known_at), key=lambda one: one.starts_at) if moved else hearings
    _share(found, "hearings", dates)
    _orders(session, found, asked)
    _classes(session, found, asked, live)
    _events(session, found, asked)
    _groups(session, found, asked)
    _flags(session, found, asked)
    if not live:
        _matrix(session, found, known_at)
        _copies(session, found, asked)
    if any(record.flags or record.found for record in found.values()):
        _reviews(session, found, asked)
    if as_of is not None:
        for record in found.values():
            _end_at(record, as_of)
    return found


def _copies(session: Session, found: dict[int, CaseRecord], asked: dict[str, Any]) -> None:
    for copy in session.execute(statements.copies(), asked):
        found[copy.case_id].copies[copy.hearing_id] = copy
        found[copy.case_id].first_shown.setdefault(copy.hearing_id, copy.given_at)


def _reviews(session: Session, found: dict[int, CaseRecord], asked: dict[str, Any]) -> None:
    for row in session.execute(statements.reviews(), asked):
        record = found[row.case_id]
        stands = record.filed.get(row.flag_id)
        if stands is not None and stands.review_id not in (0, row.id):
            continue  # the question was asked anew, and this answer is before no court
        if any(flag.id == row.flag_id for flag in (*record.flags, *record.found)):
            record.reviews[row.flag_id] = row


def _matrix(session: Session, found: dict[int, CaseRecord], known_at: datetime) -> None:
    """Number and first day of the local matrix in force: one for all cases of one day."""
    for day in {record.today for record in found.values()}:
        told = number_in_force(session, day, known_at)
        for record in found.values():
            record.matrix = told if record.today == day else record.matrix


def _end_at(record: CaseRecord, as_of: datetime) -> None:
    """Leave out what happened later. A decision on an absence is about the day of its class, and stays."""
    record.attendance = [row for row in record.attendance if row.occurred_on <= record.today]
    record.events = {
        name: [event for event in events if event.day <= record.today] for name, events in record.events.items()
    }
    record.requirements = [row for row in record.requirements if row.from_on <= record.today]
    record.flags = [
        flag for flag in record.flags
        if flag.opened_at <= as_of and (flag.closed_at is None or flag.closed_at > as_of)
    ]  # fmt: skip


def _share(found: dict[int, CaseRecord], name: str, rows: Iterable[Any]) -> None:
    for row in rows:
        getattr(found[row.case_id], name).append(row)


def _orders(session: Session, found: dict[int, CaseRecord], asked: dict[str, Any]) -> None:
    begun = {case: record.known_at for case, record in found.items()}
    told = session.execute(statements.versions(), asked)
    newest = {row.order_id: row for row in told if row.effective_from <= begun[row.case_id]}
    _share(found, "versions", sorted(newest.values(), key=lambda row: (row.ordered_on, row.order_id)))
    for record in found.values():
        record.in_force = [one for one in record.versions if holds(one, record.known_at)]
    standing = [one for record in found.values() for one in record.in_force]
    if standing:
        ids = {"ids": sorted(one.id for one in standing)}
        _share(found, "conditions", session.execute(statements.conditions(), ids))
    required = session.execute(statements.requirements(), asked).all()
    replaced, over = {row.supersedes_id for row in required}, newest.keys() - {one.order_id for one in standing}
    # a duty that was taken out, or whose order holds no more, is asked of nobody, and no word of it is owed
    _share(found, "requirements", (
        row for row in required if row.id not in replaced and row.order_id not in over
        and (row.until_on is None or row.until_on > found[row.case_id].today)
    ))  # fmt: skip


def _classes(session: Session, found: dict[int, CaseRecord], asked: dict[str, Any], live: bool) -> None:
    moved = [] if live else session.execute(statements.earlier_places(), asked).all()
    places = as_they_stood(session.execute(statements.places(), asked), moved, asked["known_at"])
    _share(found, "places", places)
    for case_id, array in class_arrays(session, asked):
        found[case_id].classes = array
    for row in current(session.execute(statements.adjudications(), asked).all()):
        found[row.case_id].adjudications[row.attendance_id] = row


def _groups(session: Session, found: dict[int, CaseRecord], asked: dict[str, Any]) -> None:
    """The groups that a place changed, and which of all classes their programs cancelled."""
    moved = [record for record in found.values() if any(one.word == "GROUP_CHANGED" for one in record.of("place"))]
    if moved:
        earlier: dict[int, list[Any]] = {}
        for row in session.execute(statements.earlier_places(), asked):
            earlier.setdefault(row.id, []).append((row.until_at, Turn(date.min, row.group_id, row.weekday)))
        for record in moved:
            record.turns = {place.id: _turns(record, place, earlier.get(place.id, [])) for place in record.places}
    groups = {turn.group_id for record in found.values() for place in record.places for turn in record.turns_of(place)}
    ids = sorted(group for group in groups if group)
    off = session.execute(statements.cancelled(), asked | {"ids": ids}).all() if ids else ()
    cancelled = {(row.group_id, row.held_on) for row in off}
    for record in found.values():
        record.cancelled = cancelled


def _turns(record: CaseRecord, place: Any, earlier: list[Any]) -> tuple[Turn, ...]:
    moves = [
        SimpleNamespace(on=one.day, at=one.recorded_at)
        for one in record.of("place") if one.ref == place.id and one.word in MOVES
    ]  # fmt: skip
    return turns_of(moves, earlier, Turn(date.min, place.group_id, place.weekday))


def _flags(session: Session, found: dict[int, CaseRecord], asked: dict[str, Any]) -> None:
    then = (flag_at(row, asked["known_at"]) for row in session.execute(statements.reviewed_flags(), asked))
    reported = [flag for flag in then if flag is not None]
    stands = standing(session, asked["cases"], asked["known_at"]) if reported else {}
    for flag in sorted(reported, key=lambda flag: (flag.first_on, flag.id)):
        _put(session, found[flag.case_id], flag, stands.get(flag.id))


def _put(session: Session, record: CaseRecord, flag: Any, filed: Standing | None) -> None:
    """An allegation that the court did not find, or that a person withdrew, stands on no page (safeguard H3).

    What the rules alone make of its flag meanwhile takes it off no page: it stands as approved, or as withdrawn.
    """
    if filed is None:
        if flag.state == "ACTED":  # filed before approvals were asked for
            record.flags.append(flag)
        return
    record.filed[flag.id] = filed
    flag = _as_approved(record, flag, filed.matter)
    if filed.contested is not None:
        flag = msgspec.structs.replace(flag, contested=filed.contested)
    if filed.ended in ("FOUND", "ADMITTED"):
        record.found.append(flag)
    elif filed.ended:
        return
    elif flag.state == "WITHDRAWN":
        until = min(flag.closed_at or record.known_at, record.known_at)
        record.withdrawn.append((flag, because(session, record.case_id, record.zone, filed, until)))
    else:
        record.flags.append(flag)


def _as_approved(record: CaseRecord, flag: FlagThen, matter: Filed | None) -> FlagThen:
    """What a person approved, whatever the machine has written since; that it differs is said beside it (F2, F8)."""
    if matter is None:
        return flag
    known = {name: getattr(matter, name) for name in AS_APPROVED if name != "version" or flag.version}
    known["owner"] = matter.owner or flag.owner
    changed = [name for name, value in known.items() if getattr(flag, name) != value]
    if changed:
        record.since_approved[flag.id] = tuple(words for name in changed if (words := AS_APPROVED.get(name)))
    return msgspec.structs.replace(flag, **known)


def _events(session: Session, found: dict[int, CaseRecord], asked: dict[str, Any]) -> None:
    for row in current(session.execute(statements.events_of_a_day(), asked).all()):
        _add(found[row.case_id], row, row.happened, row.until_on)
    for row in current(session.execute(statements.events_of_an_instant(), asked).all()):
        record = found[row.case_id]
        _add(record, row, row.happened.astimezone(ZoneInfo(record.zone)).date(), None)
    assessors = sorted({one.ref or 0 for record in found.values() for one in record.of("level")})
    told = session.execute(statements.names(), {"ids": assessors}) if assessors else ()
    names = {user_id: name for user_id, name in told}
    for record in found.values():
        record.assessors = names
        for events in record.events.values():
            events.sort(key=lambda event: (event.day, event.recorded_at, event.id))


def _add(record: CaseRecord, row: Any, day: date, until: date | None) -> None:
    corrected = local_day(row.recorded_at, record.zone) if row.supersedes_id is not None else None
    event = Event(
        row.name, row.id, day, row.word or "", row.more or "", row.ref, until, row.recorded_at, corrected
    )  # fmt: skip
    record.events.setdefault(row.name, []).append(event)


def current(rows: Sequence[Any]) -> list[Any]:
    """The versions that stand: not superseded by a row known by then, and not taken back."""
    replaced = {row.supersedes_id for row in rows}
    replaced.discard(None)
    return [row for row in rows if not row.retracted and row.id not in replaced]


CLASS_CODES = ("ABSENCE", "ATTENDANCE", "UNEXCUSED", "EXCUSED", "CONSECUTIVE", "WINDOW", "PROGRAM_DISCHARGE")
ENROLL_CODES = ("ENROLLMENT", "BEGIN_ATTENDANCE", "PROGRAM_CHOICE")
FIREARM_FLAGS = ("FIREARM",)


def is_contested(record: CaseRecord, codes: tuple[str, ...]) -> bool:
    """Whether something reported under such a code is contested: then it says so wherever it stands (F7)."""
    return any(flag.contested and flag.code.startswith(codes) for flag in record.flags)


def open_flags(record: CaseRecord, since: date | None) -> list[Any]:
    """What probation took to the court about the person and no later hearing has passed over."""
    found = []
    for flag in record.flags:
        review, filed = record.reviews.get(flag.id), record.filed.get(flag.id)
        told_at = filed.approved_at if filed else review.decided_at if review else None
        lately = [at for at in (told_at, flag.closed_at) if at is not None]
        fresh = any(since is None or local_day(at, record.zone) >= since for at in lately)
        if flag.owner == "offender" and review is not None and (fresh or flag.closed_at is None):
            found.append(flag)
    return found
