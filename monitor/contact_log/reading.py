"""The query behind a person's contacts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.contact_log.closing import Due, codes_read_here, due
from monitor.contact_log.counting import Counting, counting
from monitor.contact_log.page import ONLY, ContactsPage, Logged
from monitor.contact_log.ways import ANSWERS, CHECK_IN, SHOWED, TEST, TRAVEL, WAYS
from monitor.models import CheckIn, Contact, DrugTest, User
from monitor.person_page.heading import heading
from monitor.response_matrix.applying import closed_days
from monitor.response_matrix.clocks import last_day
from monitor.taking_back import may_take_back
from rules.pack_files import Packs

MOST: Final = 60
TEST_COUNTS: Final = "Shown, not counted: a test is no contact. The rules on tests read its result."
AHEAD: Final = timedelta(days=31)
AGAIN: Final = "2 court days"  # ours: by when who did not show is tried again, unless somebody says otherwise
ENDED: Final = {"COMPLETED": "made", "ATTEMPTED": "attempted, no contact", "SCHEDULED": "planned",
                "CANCELLED": "cancelled"}  # fmt: skip


def contacts_page(
    session: ScopedSession, person_id: int, now: datetime, packs: Packs, case_id: int | None = None,
    only: str = "",
) -> ContactsPage | None:
    """The contacts of one case of the person; None: there is none, or not for this reader. ``only``: of `ONLY`."""
    top = heading(session, person_id, case_id, now.date())
    if top is None:
        return None
    today = local_day(now, top.zone)
    falls = tuple(one for one in due(session, packs, top.case_id) if one.on <= today + AHEAD)
    told = counting(session, top.case_id, packs, codes_read_here(packs))
    lines = [*_lines(session, top.case_id, told), *_tests(session, top.case_id, top.zone)]
    lines = sorted(lines, key=lambda one: one.at, reverse=True)
    only = only if only in ONLY else ""
    logged = [one for one in lines if not (one.planned and one.at > now) and only in ("", one.ended)]
    return ContactsPage(
        heading=top, due=_soonest(falls, today), first_way=_first_way(falls),
        again_on=_again_on(session, top.case_id, today),
        planned=tuple(one for one in lines if one.planned and one.at > now and not one.taken_back),
        logged=tuple(logged[:MOST]), more=len(logged) > MOST or len(lines) >= 2 * MOST, only=only,
    )  # fmt: skip


def _again_on(session: ScopedSession, case_id: int, today: date) -> date:
    last = last_day(AGAIN, today, closed_days(session, case_id))
    return last.on if last and last.on else today


def _soonest(falls: Sequence[Due], today: date) -> tuple[Due, ...]:
    """Of each duty what is overdue, and the next day."""
    late = [one for one in falls if one.on < today]
    ahead: dict[str, Due] = {}
    for one in falls:
        if one.on >= today:
            ahead.setdefault(one.code, one)
    return (*late[-3:], *ahead.values())


def _first_way(falls: Sequence[Due]) -> str:
    return next((ANSWERS[one.code] for one in falls if one.code in ANSWERS), "")


def _lines(session: ScopedSession, case_id: int, told: Counting) -> Iterator[Logged]:
    for entity in (Contact, CheckIn):
        for row in session.execute(_statement(entity, case_id)):
            yield _logged(session, row, entity is CheckIn, told)


OWN: Final[dict[type[Any], tuple[str, ...]]] = {
    Contact: ("occurred_at", "kind", "method", "state", "place", "note", "travel", "no_show"),
    CheckIn: ("occurred_at", "method"), DrugTest: ("occurred_on", "result"),
}  # fmt: skip


def _tests(session: ScopedSession, case_id: int, zone: str) -> Iterator[Logged]:
    """Tests stand among the contacts and are none."""
    for row in session.execute(_statement(DrugTest, case_id)):
        yield Logged(
            id=row.id, at=datetime.combine(row.occurred_on, time(12), ZoneInfo(zone)).astimezone(UTC), day_only=True,
            how=WAYS[TEST].title, result=SHOWED[row.result].lower(), planned=False, note="", by=row.by or "",
            counts="" if row.retracted else TEST_COUNTS, taken_back=row.retracted,
            mine=not row.retracted and may_take_back(session.scope, row),
        )  # fmt: skip


def _statement(entity: type[Any], case_id: int) -> Any:
    """Rows that no version replaced, except that an entry taken back shows what it said."""
    later = aliased(entity)
    own = OWN[entity]
    return (
        select(
            entity.id, entity.retracted, entity.agency_id, entity.recorded_by_id,
            User.name.label("by"), *(getattr(entity, name) for name in own),
        )
        .join(later, later.supersedes_id == entity.id, isouter=True)
        .join(User, User.id == entity.recorded_by_id, isouter=True)
        .where(entity.case_id == case_id, later.id.is_(None)).order_by(getattr(entity, own[0]).desc()).limit(2 * MOST)
    )  # fmt: skip


def _logged(session: ScopedSession, row: Any, check_in: bool, told: Counting) -> Logged:
    return Logged(
        id=row.id, at=row.occurred_at, how=WAYS[CHECK_IN].title if check_in else how(row),
        result=_result(row, check_in) + _road(row, check_in), planned=not check_in and row.state == "SCHEDULED",
        note="" if check_in else row.note or "", by=row.by or "",
        counts="" if row.retracted else told.words_of_check_in(row.id) if check_in else told.words(row),
        taken_back=row.retracted,
        mine=not row.retracted and may_take_back(session.scope, row),
    )  # fmt: skip


def how(row: Any) -> str:
    """The way of a contact in the form's words; of one that came in otherwise, its own."""
    for way in WAYS.values():
        if (row.kind, row.method, row.place) == (way.kind, way.method, way.place):
            return way.title
    about = "Somebody who knows" if row.kind == "COLLATERAL" else row.place.replace("_", " ").capitalize()
    return f"{about}, {row.method.replace('_', ' ').lower()}"


def _road(row: Any, check_in: bool) -> str:
    said = "" if check_in else TRAVEL.get(row.travel or "", "")  # no constraint holds the column to these
    return f" ({said.lower()} on the road)" if said else ""


def _result(row: Any, check_in: bool) -> str:
    if check_in:
        return "checked in"
    return "did not show" if row.no_show else ENDED[row.state]
