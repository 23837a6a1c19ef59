"""M16 and M19: the way of a cohort, from the order on. Nobody leaves the denominator but by the court's own act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.bench_page.classes import STOPS
from monitor.clock import local_day
from monitor.current import current
from monitor.flag_history import SAID, flag_at
from monitor.handoffs.gaps import start_of
from monitor.handoffs.reading import Ordered, Seats, first_review
from monitor.measures.content import Bands, Share
from monitor.measures.hand_offs import Ground, length_words
from monitor.measures.suppression import FEWEST, about, about_share, publish, rough
from monitor.models import Adjudication, Attendance, Contact, CourtDecision, EnrollmentEvent, Flag, Pause, Review
from monitor.models.attendance import ABSENT

STATES: Final = (
    "completed", "active", "discharged, not completed", "whereabouts unknown", "never enrolled", "ended by the court",
)  # fmt: skip
WRONG: Final = ("DISMISSED", "WITHDRAWN")
NO_MISS: Final = ("EXCUSED", "NOT_COUNTED", "RESCHEDULED")
SIXTY: Final = timedelta(days=60)
# which quarter's cohort has been followed for so many months by the day of the report
FOLLOWED: Final = ((6, -2), (9, -3), (12, -4))


def share(measure: str, title: str, yes: Iterable[bool], means: str) -> Share:
    """In steps of five points, so that rows about one cohort are not subtracted from each other; "" if too few."""
    told = list(yes)
    count = sum(told)
    enough = count >= FEWEST and len(told) - count >= FEWEST
    return Share(measure, title, f"about {rough(count / len(told)):.0%}" if enough else "", means)


def end_to_end(session: Session, ground: Ground) -> Share:
    """M16: from a person's first missed step to the first response of anybody."""
    answers = _answers(session, ground.as_of)
    waits = []
    for case, at in first_missed(session, ground).items():
        if ground.began(case, at):
            first = min((one for one in answers[case] if one > at), default=None)
            waits.append(((first or ground.as_of) - at, first is not None))
    value = " and ".join(filter(None, (
        f"median {middle}" if (middle := length_words(waits, 0.5)) else "",
        f"P90 {most}" if (most := length_words(waits, 0.9)) else "",
    )))  # fmt: skip
    return Share("M16", "First missed step to first response", value,
                 "By the first step that a person missed: a class, an appointment, or another step of class B, such as "
                 "the day of enrollment. A class excused, or missed in custody by its sheet, is none, nor what falls "
                 "into a pause on record (custody, hospital, a closed program, a stay). "
                 "A response is an officer's decision, a review or the court's; what has none "
                 "is counted as still waiting.")  # fmt: skip


def first_missed(session: Session, ground: Ground) -> dict[int, datetime]:
    """By case, the beginning of the day of its first missed step, as known at the time of the report."""
    first: dict[int, datetime] = {}
    for case, day in _missed_days(session, ground):
        if case in ground.where:
            at = start_of(day, ground.where[case].zone)
            first[case] = min(at, first.get(case, at))
    return first


def _missed_days(session: Session, ground: Ground) -> Iterator[tuple[int, date]]:
    """Missed classes and appointments, and questions of class B that were not wrong: not enrolled in time, no check-in,
    no proof (response matrix, "Classes"). What was moved to the system is nobody's missed step."""
    stops = Stops(session, ground.as_of)
    yield from _missed_classes(session, ground.as_of, stops)
    awaited = select(Contact.case_id, Contact.occurred_at).where(Contact.no_show, current(Contact, ground.as_of))
    for row in session.execute(awaited):
        if row.case_id in ground.where:
            day = local_day(row.occurred_at, ground.where[row.case_id].zone)
            if not stops.hold(row.case_id, day):
                yield row.case_id, day
    columns = (Flag.id, Flag.case_id, Flag.earlier, *(getattr(Flag, name) for name in SAID))
    for flag in session.execute(select(*columns).where(Flag.opened_at <= ground.as_of)):
        then = flag_at(flag, ground.as_of)
        if then and (then.owner, then.response_class) == ("offender", "B") and then.state not in WRONG:
            yield then.case_id, then.first_on


class Stops:
    """What stopped time, by case, as known at an instant: custody, hospital, a closed program, a stay by the court."""

    def __init__(self, session: Session, as_of: datetime) -> None:
        self.days: dict[int, list[tuple[date, date]]] = defaultdict(list)
        for one in session.scalars(select(Pause).where(Pause.kind.in_(STOPS), current(Pause, as_of))):
            self.days[one.case_id].append((one.starts_on, one.ends_on or date.max))

    def hold(self, case: int, day: date) -> bool:
        """Whether nothing was to be done on that day: the day of release counts again."""
        return any(start <= day < end for start, end in self.days.get(case, ()))


def _missed_classes(session: Session, as_of: datetime, stops: Stops) -> Iterator[tuple[int, date]]:
    """Classes decided to be missed, and undecided ones that the program does not call excused or in custody and that
    no pause on record holds, whatever the sheet says."""
    told = select(Adjudication.attendance_id, Adjudication.decision).where(current(Adjudication, as_of))
    decided = {number: decision for number, decision in session.execute(told)}
    absent = select(Attendance.id, Attendance.case_id, Attendance.occurred_on, Attendance.program_says).where(
        Attendance.outcome == ABSENT, current(Attendance, as_of)
    )  # fmt: skip
    for row in session.execute(absent):
        decision = decided.get(row.id, "PENDING_EVIDENCE")
        waits = decision == "PENDING_EVIDENCE"
        held = row.program_says in ("E", "J") or stops.hold(row.case_id, row.occurred_on)
        if not held if waits else decision not in NO_MISS:
            yield row.case_id, row.occurred_on


def _answers(session: Session, as_of: datetime) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = defaultdict(list)
    acts = (
        select(Adjudication.case_id, Adjudication.recorded_at.label("at")).where(
            Adjudication.decided_by == "OFFICER", Adjudication.recorded_at <= as_of),
        select(Review.case_id, Review.decided_at.label("at")).where(
            Review.decision.not_in(("ACKNOWLEDGE", "REOPEN")), Review.undone_at.is_(None), Review.decided_at <= as_of),
        select(CourtDecision.case_id, CourtDecision.recorded_at.label("at")).where(
            CourtDecision.kind.in_(("RESPONSE_RECORDED", "BREACH_RESOLVED")), CourtDecision.recorded_at <= as_of),
    )  # fmt: skip
    for act in acts:
        for row in session.execute(act):
            found[row.case_id].append(row.at)
    return found


def shares(session: Session, ground: Ground) -> tuple[Share, ...]:
    """M19a of the quarter's own cohort, M19b of the one before, which has been followed for sixty days and more."""
    ordered = Ordered(session, None, ground.as_of).program
    seats = Seats(session, None, ground.as_of, ground.where)
    reviews = {gap.case_id: gap.end(ground.as_of) for gap in first_review(session, None, ground.as_of)}
    now = [case for case, (at, _end, _court) in ordered.items() if ground.began(case, at)]
    by_review = (case in seats.intake and seats.intake[case] <= reviews.get(case, ground.as_of) for case in now)
    earlier = _cohort(ordered, ground, -1)
    never = (case not in seats.intake or seats.intake[case] > ordered[case][0] + SIXTY for case in earlier)
    before = ground.quarter.later(-1).words
    return (
        share("M19a", "Enrolled by the first review", by_review,
              "Of all orders with a program made in the quarter: intake or enrollment on or before the first review."),
        share("M19b", f"Not enrolled by day 60, orders of {before}", never,
              "Of all orders with a program made in that quarter; orders that the court ended since stay in."),
    )  # fmt: skip


def _cohort(ordered: dict[int, tuple[datetime, datetime | None, int]], ground: Ground, back: int) -> list[int]:
    cohort = Ground(ground.quarter.later(back), ground.where, ground.targets)
    return [case for case, (at, _end, _court) in ordered.items() if cohort.began(case, at)]


def standing(session: Session, ground: Ground) -> tuple[Bands, ...]:
    """M19c: where cohorts stand after 6, 9 and 12 months."""
    ordered = Ordered(session, None, ground.as_of).program
    seats = Seats(session, None, ground.as_of, ground.where)
    left: dict[int, list[EnrollmentEvent]] = defaultdict(list)
    events = select(EnrollmentEvent).where(
        EnrollmentEvent.event == "DISCHARGED", current(EnrollmentEvent, ground.as_of)
    ).order_by(EnrollmentEvent.occurred_on)  # fmt: skip
    for event in session.scalars(events):
        left[event.case_id].append(event)
    wanted: dict[int, list[Pause]] = defaultdict(list)
    for pause in session.scalars(select(Pause).where(Pause.kind == "WARRANT", current(Pause, ground.as_of))):
        wanted[pause.case_id].append(pause)
    found = []
    for months, back in FOLLOWED:
        counts = [0] * len(STATES)
        for case in _cohort(ordered, ground, back):
            began, ends, _court = ordered[case]
            cut = began + timedelta(days=30.4375 * months)
            counts[_state(cut, ends, seats.intake.get(case), left[case], wanted[case])] += 1
        shown = publish(counts)
        title = f"{ground.quarter.later(back).words}, after {months} months"
        told = ((state, about_share(cell, shown.total)) for state, cell in zip(STATES, shown.cells, strict=True))
        found.append(Bands("M19c", title, tuple(told), about(shown.total)))
    return tuple(found)


def _state(
    cut: datetime, ends: datetime | None, intake: datetime | None, left: Sequence[EnrollmentEvent],
    wanted: Sequence[Pause],
) -> int:  # fmt: skip
    gone = [one for one in left if one.occurred_on <= cut.date()]
    if gone and gone[-1].why == "COMPLETED":
        return 0
    if ends is not None and ends <= cut:
        return 5
    if any(one.starts_on <= cut.date() and (one.ends_on is None or one.ends_on > cut.date()) for one in wanted):
        return 3
    if gone:
        return 2
    return 1 if intake is not None and intake <= cut else 4
