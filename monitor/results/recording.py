"""Writing a result down, and taking it back while nobody was told.

The hearing's row, the decision that the rules obey, the next date, the warrant and the words go into one transaction,
with the letters, which leave some minutes later: until then the desk can undo all of it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Select, select

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.steps import Changed
from monitor.amending import amend
from monitor.clock import local_day
from monitor.current import current
from monitor.models import CourtDecision, Dirty, Hearing, HearingResult, OrderVersion, Pause, random_id
from monitor.one_at_a_time import one_at_a_time
from monitor.results.claims import claims_of, give_back
from monitor.results.dates import bounds, conflicts, fault_of_day, next_review
from monitor.results.page import ResultPage, open_warrant, result_page
from monitor.results.telling import tell, untell
from monitor.results.words import DONE, ENDS, NO_DATE, NOTICE_STEP, REASONS, RESULTS, WARRANTS, is_risky, outcome_of

UNDO: Final = timedelta(minutes=10)  # how long word of a result waits
REVIEW: Final = "COMPLIANCE_REVIEW"
OVER: Final = ("TERMINATED", "VACATED", "EXPIRED")  # a suspended order is still before the court


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed. ``next``: a day to choose, "stays", "none" or "other"; days and hours that cannot be read: None.

    ``response``: the key of a line of the local matrix, "" for none. ``anyway``: set although something else
    is set at that time. ``notice_step``: a key of `NOTICE_STEP`.
    """

    result: str = ""
    done: str = ""
    why: str = ""
    next: str = ""
    day: date | None = None
    hour: time | None = None
    no_date: str = ""
    warrant: str = ""
    notice_step: str = ""
    words: str = ""
    response: str = ""
    anyway: bool = False

    @property
    def outcome(self) -> str:
        """What the hearing's row will say."""
        return outcome_of(self.result, self.done)


NO_DAY: Final = "There is no such day, or it is not typed as month/day/year. Give it like 12/17/2026."


def faults_of(session: ScopedSession, page: ResultPage, entry: Entry, now: datetime) -> dict[str, str]:
    """By field, what is missing or cannot be."""
    found = _of_result(entry) | _of_response(page, entry) | _of_next(session, page, entry, now)
    if not found.get("result") and entry.result != "CONTINUED" and local_day(now, page.zone) < page.day:
        found["result"] = "Its day has not come: until then it can only be continued."
    if entry.warrant and entry.warrant not in WARRANTS:
        found["warrant"] = "Choose whether a warrant was issued or recalled, or neither."
    if entry.warrant == "RECALLED" and page.warrant is None:
        found["warrant"] = "No warrant is out in this case."
    if entry.warrant == "ISSUED" and page.warrant is not None:
        found["warrant"] = "A warrant is out already."
    if is_risky(entry.outcome, entry.warrant) and entry.notice_step not in NOTICE_STEP:
        found["notice_step"] = "Say that the safety-notice step is finished, or that there is imminent danger."
    if len(entry.words) > 1000:
        found["words"] = "That is longer than 1000 characters."
    return found


def _of_result(entry: Entry) -> dict[str, str]:
    if entry.result not in RESULTS:
        return {"result": "Choose held, continued or did not appear."}
    if entry.result == "HELD" and entry.done not in DONE:
        return {"done": "Choose what the court did."}
    if entry.result == "CONTINUED" and entry.why not in REASONS:
        return {"why": "Choose why it was continued."}
    return {}


def _of_response(page: ResultPage, entry: Entry) -> dict[str, str]:
    if not entry.response:
        return {}
    if page.menu is None or page.menu.line(entry.response) is None:
        return {"response": "The local matrix reads otherwise since this page was opened. Choose again, or none."}
    if entry.result != "HELD":
        return {"response": "A response goes with a hearing that was held. Choose none here."}
    return {}


def _of_next(session: ScopedSession, page: ResultPage, entry: Entry, now: datetime) -> dict[str, str]:
    if entry.next == "none":
        if entry.no_date not in NO_DATE or (entry.no_date == "ENDED" and entry.outcome not in ENDS):
            return {"no_date": "Say why no date follows. A case ends by dismissal, completion or revocation."}
        return {}
    if entry.next == "stays" and page.ahead is not None:
        return {}
    if entry.next not in ("day", "other"):
        return {"next": "Choose the next date, or say that there is none."}
    return _of_day(session, page, entry, now)


def _of_day(session: ScopedSession, page: ResultPage, entry: Entry, now: datetime) -> dict[str, str]:
    """What is wrong with a day, at the field in which it was chosen or typed."""
    field = "next_on" if entry.next == "other" else "next"
    if entry.day is None:
        return {field: NO_DAY}
    if entry.hour is None:
        return {"hour": "Give the hour of the next date, for instance 1:30 PM."}
    hearing = session.get_one(Hearing, page.hearing_id)
    if fault := fault_of_day(session, hearing, page.zone, entry.day, now):
        return {field: fault}
    if not entry.anyway and (said := conflicts(session, hearing, _at(entry, page.zone))):
        return {"anyway": " ".join(said) + " Choose another date, or set it all the same."}
    return {}


def _at(entry: Entry, zone: str) -> datetime:
    assert entry.day is not None and entry.hour is not None
    return datetime.combine(entry.day, entry.hour, ZoneInfo(zone))


def record(session: ScopedSession, page: ResultPage, entry: Entry, token: str, now: datetime) -> int:
    """Write it all; the entry's id. Raises `Changed` where somebody else recorded it or is about to."""
    one_at_a_time(session, page.case_id)  # a second hearing of the case that day waits, too
    one_at_a_time(session, page.hearing_id)
    hearing = session.get_one(Hearing, page.hearing_id, populate_existing=True)
    held = claims_of(session, [hearing.id], now).get(hearing.id)
    if held is not None and not held.mine:
        raise Changed(f"{held.name} is recording this case now.")
    again = result_page(session, hearing.id, now)
    if hearing.outcome is not None or again is None or again.token != token:
        raise Changed("Somebody recorded something on it since you opened this page.")
    if again.warrant != page.warrant:
        raise Changed("A warrant was issued or recalled in this case just now.")
    number, chosen = random_id(), page.menu.line(entry.response) if page.menu else None
    amend(session, hearing, now, outcome=entry.outcome, resulted_at=now)
    ahead, set_here = _next(session, page, hearing, entry, now)
    session.add(
        HearingResult(
            id=number, case_id=hearing.case_id, agency_id=hearing.agency_id, hearing_id=hearing.id, told_at=now + UNDO,
            result=entry.result, outcome=entry.outcome, why=entry.why if entry.result == "CONTINUED" else None,
            words=entry.words.strip(), next_hearing_id=ahead, next_set_here=set_here,
            response=chosen.text if chosen else None, matrix_number=page.menu.number if page.menu and chosen else None,
            no_date=entry.no_date if entry.next == "none" else None, warrant=entry.warrant or None,
            warrant_id=_warrant(session, page, entry, now), recorded_at=now, recorded_by_id=session.scope.user_id,
            undone_at=None, undone_by_id=None,
        )
    )  # fmt: skip
    _decide(session, page, entry, number, now)
    give_back(session, hearing.id, now)
    session.add(Dirty(case_id=hearing.case_id))
    session.flush()
    tell(session, hearing.case_id, f"result:{number}", now + UNDO)
    return number


def _next(
    session: ScopedSession, page: ResultPage, hearing: Hearing, entry: Entry, now: datetime
) -> tuple[int | None, bool]:
    if entry.next == "none":
        return None, False
    if entry.next == "stays":
        told = select(Hearing.id).where(
            Hearing.case_id == page.case_id, Hearing.starts_at > page.starts_at, Hearing.outcome.is_(None)
        )
        return session.scalars(told.order_by(Hearing.starts_at)).first(), False
    number, held = random_id(), entry.result == "HELD"
    session.add(
        Hearing(
            id=number, case_id=hearing.case_id, agency_id=hearing.agency_id, court_id=hearing.court_id,
            judge_id=hearing.judge_id, kind=REVIEW if held else hearing.kind,
            starts_at=_at(entry, page.zone), room=hearing.room, outcome=None, resulted_at=None, recorded_at=now,
            review_no=next_review(session, page.case_id) if held else page.review_no,
        )
    )  # fmt: skip
    return number, True


def _warrant(session: ScopedSession, page: ResultPage, entry: Entry, now: datetime) -> int | None:
    if not entry.warrant:
        return None
    today, number = local_day(now, page.zone), random_id()
    since, old = (page.warrant.since, page.warrant.id) if page.warrant else (today, None)
    recalled = entry.warrant == "RECALLED"
    session.add(
        Pause(
            id=number, case_id=page.case_id, agency_id=session.scope.agency_id, kind="WARRANT", basis=None,
            starts_on=since, ends_on=max(today, since + timedelta(days=1)) if recalled else None, recorded_at=now,
            recorded_by_id=session.scope.user_id, supersedes_id=old, retracted=recalled and since == today,
            reason="Recalled by the court" if recalled else None,
        )
    )  # fmt: skip
    return number


def _decide(session: ScopedSession, page: ResultPage, entry: Entry, number: int, now: datetime) -> None:
    """A review was held: the rules' clocks of the court run on this, for each order that stood that day.

    Any other hearing, an arraignment or a sentencing, is no review of what was ordered, and stops no clock.
    """
    if entry.result != "HELD" or page.kind != REVIEW:
        return
    for order in session.scalars(_standing(page)).all():
        session.add(
            CourtDecision(
                case_id=page.case_id, agency_id=session.scope.agency_id, recorded_at=now, kind="REVIEW_HELD",
                recorded_by_id=session.scope.user_id, decided_by="COURT", occurred_on=page.day, order_id=order,
                hearing_id=page.hearing_id, about_id=None, until_on=None, term=None, value=None, found=None,
                content={"result": str(number)},
            )
        )  # fmt: skip


def _standing(page: ResultPage) -> Select[int]:
    """The orders of the case that stood for some of the hearing's day."""
    start, end = bounds(page.day, page.zone)
    stood = (
        OrderVersion.effective_from < end, OrderVersion.effective_to.is_(None) | (OrderVersion.effective_to > start),
        OrderVersion.expires_at.is_(None) | (OrderVersion.expires_at > start), OrderVersion.change.not_in(OVER),
    )  # fmt: skip
    told = select(OrderVersion.order_id).where(OrderVersion.case_id == page.case_id, *stood)
    return told.distinct().order_by(OrderVersion.order_id)


def undo(session: ScopedSession, page: ResultPage, now: datetime) -> bool:
    """Take the entry back, all of it; False: there is none, word of it has gone out, or more rests on it."""
    one_at_a_time(session, page.case_id)
    one_at_a_time(session, page.hearing_id)
    told = select(HearingResult).where(
        HearingResult.hearing_id == page.hearing_id, HearingResult.undone_at.is_(None), HearingResult.told_at > now
    )
    row = session.scalar(told.execution_options(populate_existing=True))
    if row is None:
        return False
    ahead = session.get_one(Hearing, row.next_hearing_id) if row.next_set_here and row.next_hearing_id else None
    warrant = _newest(session, row.warrant_id) if row.warrant_id is not None else None
    if ahead is not None and ahead.outcome is not None:
        return False
    if warrant is not None and not _is_last(session, page, row, warrant, now):
        return False
    row.undone_at, row.undone_by_id = now, session.scope.user_id
    amend(session, session.get_one(Hearing, page.hearing_id), now, outcome=None, resulted_at=None)
    if ahead is not None:
        amend(session, ahead, now, outcome="OFF_CALENDAR", resulted_at=now)
    _undo_facts(session, row, warrant, now)
    session.add(Dirty(case_id=row.case_id))
    session.flush()
    untell(session, f"result:{row.id}")
    return True


def _newest(session: ScopedSession, warrant_id: int) -> Pause:
    """What was last said of a warrant."""
    warrant = session.get_one(Pause, warrant_id)
    while later := session.scalars(select(Pause).where(Pause.supersedes_id == warrant.id)).first():
        warrant = later
    return warrant


def _is_last(session: ScopedSession, page: ResultPage, row: HearingResult, warrant: Pause, now: datetime) -> bool:
    """Whether nobody recorded more of the entry's warrant: one issued is still out, for one recalled no other is."""
    if row.warrant == "ISSUED":
        return not warrant.retracted and warrant.ends_on is None
    return warrant.id == row.warrant_id and open_warrant(session, page.case_id, page.zone, now) is None


def _undo_facts(session: ScopedSession, row: HearingResult, warrant: Pause | None, now: datetime) -> None:
    told = select(CourtDecision).where(CourtDecision.hearing_id == row.hearing_id, current(CourtDecision))
    for one in session.scalars(told.where(CourtDecision.kind == "REVIEW_HELD")).all():
        if (one.content or {}).get("result") == str(row.id):
            session.add(_copy(session, one, now, order_id=one.order_id, occurred_on=one.occurred_on, retracted=True))
    if warrant is None:
        return
    session.add(
        Pause(
            case_id=warrant.case_id, agency_id=session.scope.agency_id, kind="WARRANT", basis=None, recorded_at=now,
            starts_on=warrant.starts_on, ends_on=None, recorded_by_id=session.scope.user_id,
            supersedes_id=warrant.id, retracted=row.warrant == "ISSUED", reason="The entry was taken back",
        )
    )  # fmt: skip


def _copy(session: ScopedSession, one: CourtDecision, now: datetime, **values: object) -> CourtDecision:
    return CourtDecision(
        case_id=one.case_id, agency_id=session.scope.agency_id, recorded_at=now, kind=one.kind,
        recorded_by_id=session.scope.user_id, decided_by=one.decided_by, hearing_id=one.hearing_id,
        about_id=None, until_on=None, term=None, value=None, found=None, content=one.content, supersedes_id=one.id,
        reason="The entry was taken back", **values,
    )  # fmt: skip
