"""The query behind a flag's page: half a dozen statements, whatever the size of the office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Select, select

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.helps import answers_of
from monitor.allegations.standing import contested_now
from monitor.context_reviews import suggestions_off
from monitor.due_process import DECIDED
from monitor.flag_review import gaps
from monitor.flag_review.aftermath import not_sure, told_lines, withdrawal
from monitor.flag_review.barriers import QUESTIONS
from monitor.flag_review.class_set import class_of, in_words, may_set
from monitor.flag_review.page import SAID, FlagPage, ReviewLine, Value
from monitor.flag_review.responses import steps_before
from monitor.flag_review.rows import Row, rows_of, why_words
from monitor.flag_review.spanish import in_spanish
from monitor.flag_review.stressors import of_late
from monitor.flag_review.words import BASES, CONFIDENCE, OWNERS, UNITS, class_words, tell
from monitor.models import Agency, AllegationFlag, Case, Court, Flag, Person, Review, Span, User
from monitor.models.base import is_id
from monitor.names import last_first
from monitor.response_matrix.applying import Range, range_of
from monitor.response_matrix.content import CLASSES
from rules.sayings import Language

FIRST_WITHIN = timedelta(days=365)


def flag_page(
    session: ScopedSession, flag_id: int, now: datetime, *, lock: bool = False, language: Language = "en",
    set_class: str = "",
) -> FlagPage | None:
    """The flag as it stands; None: there is none, or not for this reader. ``lock``: a decision follows.

    ``set_class``: the class that the reviewer means to set; range, clock and questions are then of that class.
    """
    if not is_id(flag_id):
        return None
    if lock:  # two people deciding at once take turns; the second then sees what the first did
        session.execute(select(Flag.id).where(Flag.id == flag_id).with_for_update())
    found = session.execute(_flag(flag_id)).first()
    if found is None:
        return None
    reviews = session.execute(_reviews(flag_id)).all()
    last = next((row.id for row in reversed(reviews) if row.undone_at is None), 0)
    content: dict[str, Any] = found.content
    rows = rows_of(session, found.case_id, _row_ids(found, content), found.zone)
    counting, others = _split(found, content, rows)
    told = tell(found.code, content, now)
    decisions, why = _decisions(session, found)
    off, moved = suggestions_off(session, found.case_id), _is_moved(found)
    said_here = _range(session, found, decisions, found.response_class, now)
    settable = may_set(found.owner, found.response_class, found.certainty == "CERTAIN") and bool(said_here) and not off
    of_class = _class(found, reviews, last, set_class if settable else "")
    needed, said = _barriers(session, found, of_class, now)
    if of_class != found.response_class:
        said_here = _range(session, found, decisions, of_class, now)
    page = FlagPage(
        id=found.id, case_id=found.case_id, person_id=found.person_id, person=_name(found), number=found.number,
        zone=found.zone, agency=found.agency, code=found.code, owner=found.owner, owner_words=OWNERS[found.owner],
        response_class=of_class, proposed_class=found.response_class, may_set_class=settable,
        class_words="" if moved else class_words(found.response_class if settable else of_class),
        severity=found.severity, gap=_gap(reviews) if moved else "",
        certain=found.certainty == "CERTAIN", state=found.state, contested=found.contested, first_on=found.first_on,
        due_on=found.due_on, clears_on=found.clears_on, version=found.version, token=f"{found.version}.{last}",
        key=found.key, title=told.title, sentence=told.sentence, clears=told.clears, unknown=told.unknown,
        wrong=told.wrong, rule=content.get("rule", ""), provision=content.get("provision", ""),
        values=tuple(_values(content)), counting=counting, not_counting=others,
        rows_elsewhere=len(set(_row_ids(found, content)) - rows.keys()), about_id=_absence(found, rows),
        reviews=tuple(_review_lines(session, found, reviews, last)), decisions=decisions, closed_why=why,
        barriers_needed=needed, barriers_said=said, only_reporter=_only_reporter(counting, session.scope.user_id),
        content=content, told=told_lines(session, flag_id), withdrawal=withdrawal(session, found, now),
        not_sure=(*_answers(session, found, language), *not_sure(session, found, now, language)),
        allegation_id=_allegation(session, flag_id),
        of_late=of_late(session, found.case_id, found.zone, of_class if decisions else None, now),
        steps_before=steps_before(session, found.case_id, now), kept_range=said_here,
        range=None if off else said_here,
    )  # fmt: skip
    return page if language == "en" else in_spanish(page, now)


def _answers(session: ScopedSession, found: Any, language: Language) -> Iterator[str]:
    """What a program answered in the person's favour, where the question is about the person."""
    if found.owner == "offender":
        yield from (line.words for line in answers_of(session, found.case_id, language))


def _flag(flag_id: int) -> Select[Any]:
    columns = (
        Flag.id, Flag.case_id, Flag.agency_id, Flag.code, Flag.owner, Flag.response_class, Flag.severity, Flag.state,
        Flag.opened_at,
        contested_now().label("contested"), Flag.first_on, Flag.due_on, Flag.version, Flag.key, Flag.closed_at,
        Span.clears_on, Span.certainty, Span.owner.label("rule_owner"), Span.about_id, Span.content,
        Case.number, Court.zone,
        Agency.name.label("agency"), Person.id.label("person_id"), Person.family_name, Person.given_name, Person.suffix,
    )  # fmt: skip
    return (
        select(*columns).join(Span, Span.id == Flag.span_id).join(Case, Case.id == Flag.case_id)
        .join(Person, Person.id == Case.person_id).join(Court, Court.id == Case.court_id)
        .join(Agency, Agency.id == Flag.agency_id).where(Flag.id == flag_id)
    )  # fmt: skip


def _reviews(flag_id: int) -> Select[Any]:
    columns = (
        Review.id, Review.decision, Review.words, Review.content, Review.by_user_id, Review.decided_at,
        Review.undone_at, Review.agency_id, User.name,
    )  # fmt: skip
    told = select(*columns).join(User, User.id == Review.by_user_id)
    return told.where(Review.flag_id == flag_id).order_by(Review.decided_at, Review.id)


def _name(found: Any) -> str:
    return last_first(found.family_name, found.given_name, suffix=found.suffix)


def _row_ids(found: Any, content: Mapping[str, Any]) -> list[int]:
    named = [*content.get("evidence", ()), *content.get("counter", ()), found.about_id]
    return list(dict.fromkeys(int(one) for one in named if one is not None))


def _split(found: Any, content: Mapping[str, Any], rows: Mapping[int, Row]) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    counting = [*content.get("evidence", ()), found.about_id]
    ids = dict.fromkeys(int(one) for one in counting if one is not None)
    reasons = content.get("counter_why") or ()
    others = [int(one) for one in content.get("counter", ())]
    why = {one: why_words(reasons[place]) if place < len(reasons) else "" for place, one in enumerate(others)}
    apart = [msgspec.structs.replace(rows[one], why=why[one]) for one in others if one in rows]
    count = [rows[one] for one in ids if one in rows and one not in why]
    return _by_day(count), _by_day(apart)


def _by_day(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (row.on, row.id)))


def _absence(found: Any, rows: Mapping[int, Row]) -> int | None:
    about = rows.get(found.about_id)
    return about.id if about and about.name == "attendance" and about.stands else None


def _values(content: Mapping[str, Any]) -> Iterator[Value]:
    for one in content.get("authority") or ():
        unit = UNITS.get(one.get("unit") or "", (one.get("unit") or "").replace("_", " "))
        term = str(one.get("term", "")).rpartition(".")[2].replace("_", " ").capitalize()
        yield Value(
            term, f"{one.get('value')} {unit}".strip(), BASES.get(one.get("basis") or "", ""), one.get("cite") or "",
            CONFIDENCE.get(one.get("confidence") or "", "set locally, not by a pack"),
        )  # fmt: skip


def _decisions(session: ScopedSession, found: Any) -> tuple[tuple[str, ...], str]:
    if found.agency_id != session.scope.agency_id:
        return (), f"{found.agency} decides on this."
    if found.state not in ("OPEN", "ACKNOWLEDGED"):
        return (), ""
    open_to = ["DISMISS"]
    if found.state == "OPEN":
        open_to.insert(0, "ACKNOWLEDGE")
    if found.code == "ABSENCE_UNEXCUSED" and found.about_id:
        open_to.insert(0, "EXCUSE")
    if _is_moved(found):
        return (gaps.BACK, *(one for one in open_to if one != "ACKNOWLEDGE")), ""
    if found.owner == gaps.PERSON and found.response_class in ("B", "C") and found.certainty == "CERTAIN":
        open_to.insert(0, gaps.MOVE)
    if found.response_class and found.certainty == "CERTAIN":
        open_to[:0] = ["ACT", "HANDLE"]
    return tuple(open_to), ""


def _is_moved(found: Any) -> bool:
    return gaps.is_moved(found.owner, found.rule_owner, found.certainty)


def _gap(reviews: Sequence[Any]) -> str:
    """What is in the way, as the review says that moved it."""
    told = (gaps.in_words(row.content) for row in reversed(reviews) if row.undone_at is None)
    return next((one for one in told if one), "")


def _class(found: Any, reviews: Sequence[Any], last: int, meant: str) -> str | None:
    """The class of the review that stands; while it is open, the one that its reviewer means to set, or the rule's."""
    if meant in CLASSES:
        return meant
    standing = next((row for row in reviews if row.id == last), None)
    return class_of(standing.content if standing else None, found.response_class)


def _range(
    session: ScopedSession, found: Any, decisions: Sequence[str], of_class: str | None, now: datetime
) -> Range | None:
    """What the local matrix says, while this reader may still choose a response."""
    if "HANDLE" not in decisions:
        return None
    return range_of(session, found.case_id, found.zone, of_class, found.first_on, found.opened_at, now)


def _barriers(session: ScopedSession, found: Any, of_class: str | None, now: datetime) -> tuple[bool, str]:
    """Whether the six questions must be answered before this goes to the court, and why (safeguard G2).

    Of a class proposed as well as set: nobody sets another one to get past them.
    """
    if not {found.response_class, of_class} & {"B", "C"}:
        return False, ""
    earlier = (
        select(Review.decided_at).join(Flag, Flag.id == Review.flag_id)
        .where(
            Review.case_id == found.case_id, Review.decision.in_(("ACT", "HANDLE")), Review.undone_at.is_(None),
            Review.decided_at > now - FIRST_WITHIN, Flag.response_class.in_(("B", "C")),
        ).limit(1)
    )  # fmt: skip
    if session.execute(earlier).first():
        return False, "The six questions were answered for this person within the last 12 months."
    return True, "This is the first step of its kind for this person in 12 months."


def _review_lines(session: ScopedSession, found: Any, reviews: Sequence[Any], last: int) -> Iterator[ReviewLine]:
    used = _used(found, reviews, last)
    for row in reversed(reviews):
        answers = (row.content or {}).get("barriers") or {}
        yield ReviewLine(
            row.id, row.decision, gaps.said_of(row.content, SAID[row.decision]), row.words, row.name,
            row.decided_at, row.undone_at,
            tuple((QUESTIONS[name], str(answers[name])) for name in QUESTIONS if name in answers),
            row.id == last and not used and row.agency_id == session.scope.agency_id, in_words(row.content),
        )  # fmt: skip


def _used(found: Any, reviews: Sequence[Any], last: int) -> bool:
    """What a supervisor laid before the court is withdrawn there, with a reason, and not undone here."""
    act = next((row for row in reviews if row.id == last), None)
    if act is None or found.closed_at is not None and found.state not in DECIDED:
        return True
    return bool(act.decision == "ACT" and found.state != "REPORTED")


def _allegation(session: ScopedSession, flag_id: int) -> int | None:
    """The newest report to the court that it is part of, by a review that stands."""
    told = select(AllegationFlag.allegation_id).join(Review, Review.id == AllegationFlag.review_id)
    mine = AllegationFlag.flag_id == flag_id, Review.undone_at.is_(None)
    return session.scalar(told.where(*mine).order_by(Review.decided_at.desc()).limit(1))


def _only_reporter(rows: Sequence[Row], user_id: int) -> bool:
    """Whether everything it rests on was entered by this one person (safeguard F4)."""
    return bool(rows) and all(row.recorded_by_id == user_id for row in rows)
