"""What a reviewer chose from the range, or outside it and why; kept beside the review."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.flag_review import class_set
from monitor.models import Case, Flag, Person, Response, Review, User
from monitor.models.base import is_id, random_id
from monitor.person_page.heading import listed_name
from monitor.response_matrix.applying import OUTSIDE, STRONGER, Range
from monitor.response_matrix.reasons import REASONS


class Choice(msgspec.Struct, frozen=True):
    """``measure``: a key of `Range.options`, MILDER or STRONGER. ``why``: of `REASONS`; ``words``: in a line."""

    measure: str = ""
    why: str = ""
    words: str = ""


class Above(msgspec.Struct, frozen=True):
    """Two choices above the range in a row about one person: the second, for the supervisor."""

    id: int
    path: str
    person: str
    number: str
    by: str
    chosen: str
    why: str
    words: str
    at: datetime
    class_said: str = ""


def faults_of(found: Range | None, decision: str, choice: Choice) -> dict[str, str]:
    """What is missing, by field. Nothing is asked while no version is adopted."""
    if found is None or not found.adopted:
        return {}
    if choice.measure not in found.options(decision) and choice.measure not in OUTSIDE:
        return {"measure": _not_of_the_range(found, decision, choice)}
    if choice.measure == STRONGER and not found.may_go_up():
        return {"measure": "Class A is never answered above its row."}
    if choice.measure not in OUTSIDE:
        return {}
    faults = {}
    if choice.why not in REASONS:
        faults["outside_why"] = "Choose why you go outside the range."
    if not choice.words.strip():
        faults["outside_words"] = "Say in a line what is different here."
    return faults


def _not_of_the_range(found: Range, decision: str, choice: Choice) -> str:
    """What to choose instead; a line of the range that belongs to the other way of answering is told apart."""
    if decision == "ACT" and choice.measure in found.options("HANDLE"):
        wanted = "one with a report to the court"
        told = "That line is one to handle here."
    elif decision == "HANDLE" and choice.measure in found.options("ACT"):
        wanted, told = "one to handle here", "That line goes with a report to the court."
    else:
        return "Choose from the range, or say that you go outside it."
    if not found.options(decision):
        return f"{told} The range has none {wanted.removeprefix('one ')}: say that you go outside it, and why."
    return f"{told} Choose {wanted}, or say that you go outside the range."


def keep(
    session: ScopedSession, case_id: int, found: Range | None, decision: str, choice: Choice, review: Review,
    now: datetime,
) -> None:  # fmt: skip
    """Keep the choice of a review that was just written; none made, or no version adopted: nothing to keep.

    A class set above the rule's counts upward as a choice above the range does.
    """
    if found is None or not found.adopted or not choice.measure:
        return
    outside = OUTSIDE.get(choice.measure, "")
    chosen = found.options(decision).get(choice.measure, "Outside the range")
    session.add(
        Response(
            id=random_id(), case_id=case_id, agency_id=session.scope.agency_id, review_id=review.id,
            matrix_id=found.matrix_id, cell=found.cell, chosen=chosen, outside=outside,
            why=choice.why if outside else "", words=choice.words.strip() if outside else "",
            court_days=found.days_so_far, decided_at=now,
            second_up=_up(outside, review.content) and _last_was_up(session, case_id),
            by_user_id=session.scope.user_id, seen_at=None, seen_by_id=None,
        )
    )  # fmt: skip
    session.flush()


def _up(outside: str, content: Mapping[str, Any] | None) -> bool:
    return outside == "UP" or class_set.raised(content)


def _last_was_up(session: ScopedSession, case_id: int) -> bool:
    last = (
        select(Response.outside, Review.content).join(Review, Review.id == Response.review_id)
        .where(
            Response.case_id == case_id, Response.agency_id == session.scope.agency_id, Review.undone_at.is_(None)
        ).order_by(Response.decided_at.desc()).limit(1)
    )  # fmt: skip
    row = session.execute(last).first()
    return row is not None and _up(row.outside, row.content)


def in_words(found: Range | None, decision: str, choice: Choice) -> dict[str, Any]:
    """What of it a review keeps, for whoever reads the review later: with the court's lines alone, for a report."""
    if found is None or not found.adopted:
        return {}
    menu = found.court if decision == "ACT" else found.here
    outside = REASONS.get(choice.why, "") if choice.measure in OUTSIDE else ""
    told = {"number": found.number, "place": found.place, "range": " / ".join(menu), "outside": outside}
    told["chosen"] = found.options(decision).get(choice.measure, "")
    if found.like is not None:
        told["like"] = found.like.for_the_court
    return {"matrix": told}


def twice_above(session: ScopedSession) -> list[Above]:
    """Second choices above the range in a row that no supervisor has looked at, the oldest first."""
    columns = (
        Response.id, Response.chosen, Response.why, Response.words, Response.decided_at, Flag.id.label("flag_id"),
        Review.content,
        Case.number, User.name, Person.family_name, Person.given_name, Person.middle_name, Person.suffix,
    )  # fmt: skip
    rows = session.execute(
        select(*columns).join(Review, Review.id == Response.review_id).join(Flag, Flag.id == Review.flag_id)
        .join(Case, Case.id == Response.case_id).join(Person, Person.id == Case.person_id)
        .join(User, User.id == Response.by_user_id)
        .where(Response.second_up, Response.seen_at.is_(None), Review.undone_at.is_(None))
        .order_by(Response.decided_at)
    )  # fmt: skip
    return [
        Above(row.id, f"/flags/{row.flag_id}", listed_name(row), row.number, row.name, row.chosen,
              REASONS.get(row.why, ""), row.words, row.decided_at, class_set.in_words(row.content))
        for row in rows
    ]  # fmt: skip


def case_of(session: ScopedSession, response_id: int) -> int | None:
    """The case of a response of this office."""
    row = session.get(Response, response_id) if is_id(response_id) else None
    return row.case_id if row else None


def looked_at(session: ScopedSession, response_id: int, now: datetime) -> bool:
    """The supervisor has looked at it; False: somebody had."""
    row = session.get(Response, response_id, with_for_update=True)
    if row is None or row.seen_at is not None or not row.second_up:
        return False
    row.seen_at, row.seen_by_id = now, session.scope.user_id
    session.flush()
    return True
