"""M20 to M23 and M28: are like questions answered alike, how often outside the range, how often a rule errs."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.clock import local_day
from monitor.flag_review.words import title_of
from monitor.measures.content import Bands, GapLine, Share
from monitor.measures.formulas import modal_share, pairwise_agreement, rate_per_100
from monitor.measures.hand_offs import Ground
from monitor.measures.suppression import FEWEST, exactly, publish, rough
from monitor.models import (
    AllegationStep,
    CaseOpening,
    Condition,
    DismissalCount,
    Flag,
    OrderVersion,
    Response,
    Review,
)

RANGE: Final = {"": "inside the range", "UP": "stricter, with a reason", "DOWN": "milder, with a reason"}


def agreement(session: Session, ground: Ground, responded: GapLine) -> tuple[Share, ...]:
    """M20 and M21 over strata of class, level and step; M23 is the part of M12 that is past its clock and open."""
    strata: dict[str, Counter[str]] = defaultdict(Counter)
    for row in _chosen(session, ground):
        strata[row.cell][row.chosen if not row.outside else row.outside] += 1
    total = sum(sum(one.values()) for one in strata.values())
    modal, pairs = modal_share(strata.values()), pairwise_agreement(strata.values())
    large = [one for one in strata.values() if sum(one.values()) >= FEWEST]
    silent = responded.past / responded.many if responded.past and responded.many else None
    return (
        Share("M20", "Most frequent response among like questions",
              f"{rough(modal):.2f}" if modal and total >= FEWEST else "",
              "Like: the same class, level and step. High agreement on a bad response is no success."),
        Share("M21", "Chance that two like questions met the same response",
              f"{rough(pairs):.2f}" if pairs is not None and large else "", "Over strata of 11 questions or more."),
        Share("M23", "Past the clock with no response", f"{silent:.0%}" if silent else "",
              "Of questions whose clock of the adopted matrix has run out by the day of the report."),
    )  # fmt: skip


def _chosen(session: Session, ground: Ground) -> list[Any]:
    rows = session.execute(
        select(Response.case_id, Response.cell, Response.chosen, Response.outside, Response.decided_at)
        .join(Review, Review.id == Response.review_id)
        .where(Review.undone_at.is_(None), Response.decided_at <= ground.as_of)
    )
    return [row for row in rows if ground.began(row.case_id, row.decided_at)]


def outside(session: Session, ground: Ground) -> Bands:
    """M22: how many responses went outside the range of the adopted matrix."""
    counts = Counter(row.outside for row in _chosen(session, ground))
    shown = publish([counts[one] for one in RANGE])
    bands = tuple(zip(RANGE.values(), map(exactly, shown.cells), strict=True))
    return Bands("M22", "Responses and the range of the matrix", bands, exactly(shown.total))


def rule_errors(session: Session) -> tuple[Share, ...]:
    """M28a: by rule since the beginning, in steps of five points: what a person dismissed, of what was closed.

    Dismissed flags are deleted after thirty days (safeguard H1) and only counted by rule, without days: so no quarter
    of them can be told, and no counts are, which two reports would give back.
    """
    gone = session.execute(select(DismissalCount.code, DismissalCount.flags))
    dismissed = Counter({row.code: row.flags for row in gone})
    others: Counter[str] = Counter()
    for row in session.execute(select(Flag.code, Flag.state)):
        if row.state == "DISMISSED":
            dismissed[row.code] += 1
        elif row.state not in ("OPEN", "ACKNOWLEDGED"):
            others[row.code] += 1
    found = []
    for code in sorted({*dismissed, *others}):
        if dismissed[code] >= FEWEST and others[code] >= FEWEST:  # a rule that is not told of shows no name either
            rate = rough(dismissed[code] / (dismissed[code] + others[code]))
            found.append(Share("M28a", title_of(code), f"about {rate:.0%}", code))
    return tuple(found)


def openings(session: Session, ground: Ground) -> Bands:
    """M28d: cases opened without assignment, by whether somebody reviewed it within three business days."""
    counts = [0, 0]
    for row in session.scalars(select(CaseOpening).where(CaseOpening.review_due_on < ground.as_of.date())):
        if ground.began(row.case_id, row.opened_at):
            zone = ground.where[row.case_id].zone
            in_time = row.reviewed_at is not None and local_day(row.reviewed_at, zone) <= row.review_due_on
            counts[not in_time] += 1
    shown = publish(counts)
    bands = tuple(zip(("within three business days", "later or not yet"), map(exactly, shown.cells), strict=True))
    return Bands("M28d", "Cases opened without assignment: reviewed", bands, exactly(shown.total))


def burden(session: Session, ground: Ground) -> tuple[Share, ...]:
    """M33 and M39: reports to court in 100 person-months, conditions of an order and how long it runs."""
    made = [row for row in session.execute(select(OrderVersion).where(OrderVersion.version_no == 1)).scalars()
            if ground.began(row.case_id, row.effective_from)]  # fmt: skip
    ids = {row.id for row in made}
    conditions = sum(one in ids for one in session.scalars(select(Condition.order_version_id)))
    terms = [row.term_months for row in made if row.term_months]
    filed = [row for row in session.execute(select(AllegationStep.case_id, AllegationStep.at).where(
        AllegationStep.kind == "APPROVED", AllegationStep.at <= ground.as_of)) if ground.began(row.case_id, row.at)]
    rate = rate_per_100(len(filed), _months(session, ground))
    mean = f"{conditions / len(made):.1f} on average" if len(made) >= FEWEST else ""
    return (
        Share("M33", "Reports to court in 100 person-months",
              f"{rate.value:.1f} ({rate.low:.1f} to {rate.high:.1f})" if rate else "",
              "Poisson interval of 95%; 11 reports or more."),
        Share("M39", "Conditions of an order", mean, "Orders made in the quarter, as first signed."),
        Share("M39", "Length of an order", f"{sum(terms) / len(terms):.0f} months on average"
              if len(terms) >= FEWEST else "", "Orders made in the quarter that have a term."),
    )  # fmt: skip


def _months(session: Session, ground: Ground) -> float:
    """Person-months supervised in the quarter: each case from its first order to its last end."""
    spans: dict[int, tuple[Any, Any]] = {}
    for row in session.scalars(select(OrderVersion).where(OrderVersion.recorded_at <= ground.as_of)):
        if row.case_id in ground.where:
            first, last = row.effective_from.date(), (row.expires_at or ground.as_of).date()
            known = spans.get(row.case_id, (first, last))
            spans[row.case_id] = min(first, known[0]), max(last, known[1])
    quarter = ground.quarter
    days = (min(last, quarter.end_on) - max(first, quarter.first_on) for first, last in spans.values())
    return float(sum(max(one.days, 0) for one in days)) / 30.4375
