"""From a template and what was typed to the lines of an order; what is missing or cannot be; the paper to sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from monitor.clock import local_day
from monitor.name_words import stored
from monitor.names import words_of
from monitor.orders import firearms
from monitor.orders.page import Desk, Line, Paper, Typed
from monitor.orders.templates import Template, Term
from monitor.orders.words import KINDS, PLACES, code_of, exception_words, places_words, reads_as, title_of
from monitor.safety_lint import lint
from monitor.wording import moment, short_day

LONGEST: Final = timedelta(days=40 * 366)
BACK: Final = timedelta(days=30)
YARDS: Final = range(1, 10_001)
NOTICES: Final = (
    ("SERVED", "Handed over in court just now", "That is service, and it goes on record with the hour."),
    ("TOLD", "Told in the room, and no paper handed over", "That is notice, and not service."),
    ("NONE", "Not here, and not told", "It is to be served."),
)
NOT_JUST_NOW: Final = (
    "Just now goes with an order that is signed today. Say told, or not here. Service of an order that protects"
    " somebody then goes on record with its own day and hour, under Registry and service."
)
NO_REVIEW: Final = (
    ("OTHER_DOCKET", "Another calendar of this court sets it"), ("TRANSFERRED", "The case goes to another court"),
    ("IN_CUSTODY", "In custody beyond 30 days; the date is set at release"), ("NOT_MONITORED", "Nothing to review"),
)  # fmt: skip
# the court's own wording may speak of the protected person, but not of where and how she is found (safeguards A1-A12)
NO_WAY_ROUND: Final = frozenset({
    "ADDRESS", "ZIP", "PHONE", "EMAIL", "SOCIAL", "SHELTER", "IMMIGRATION", "MEDICAL", "CHILDREN",
})  # fmt: skip


def opened(template: Template, desk: Desk, today: date, number: str) -> Typed:
    """What a new form says before anybody types."""
    heard = firearms.opening(template.heard)
    parties = desk.parties
    return Typed(
        number=number, judge=desk.judge, party=parties[0][0] if parties else "new",
        terms=tuple(term.code for term in template.terms if term.usual), yards=str(template.yards),
        places=template.places, issued_on=today, endless=not template.lasts, firearm=heard,
        ends_on=today + timedelta(days=template.lasts) if template.lasts else None,
        review_on=local_day(desk.review, desk.zone) if desk.review else None, review_at=_clock(desk.review, desk.zone),
    )  # fmt: skip


def _clock(at: datetime | None, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M") if at else ""


def lines_of(template: Template, typed: Typed) -> tuple[Line, ...]:
    """The lines that were ticked, in the template's order."""
    return tuple(_line(term, typed) for term in template.terms if term.code in typed.terms)


def _line(term: Term, typed: Typed) -> Line:
    fill = {"yards": typed.yards.strip(), "places": places_words(typed.places) or "home", "words": typed.words.strip()}
    allowed = [msgspec.to_builtins(one) for n, one in enumerate(term.exceptions) if f"{term.code}-{n}" in typed.allowed]
    return Line(
        code=term.code, coded=code_of(term.code), title=title_of(term.code), text=_filled(term.text, fill),
        says=_filled(term.says, fill), must=term.must, allowed=tuple(allowed),
        exceptions=tuple(exception_words(one) for one in allowed),
    )  # fmt: skip


def _filled(text: str, fill: Mapping[str, str]) -> str:
    for name, value in fill.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def exceptions_offered(template: Template) -> tuple[tuple[str, str], ...]:
    """What may be ticked as allowed: the form's value and the words."""
    return tuple(
        (f"{term.code}-{n}", exception_words(msgspec.to_builtins(one)))
        for term in template.terms for n, one in enumerate(term.exceptions)
    )  # fmt: skip


def sentence(desk: Desk, lines: Iterable[Line], ends_on: date | None) -> str:
    """The order as it reads, to be said aloud."""
    told = list(lines)
    until = f"Until {short_day(ends_on)}." if ends_on else "Without an end."
    return reads_as(
        desk.called, [one.says for one in told if not one.must], [one.says for one in told if one.must],
        [words for one in told for words in one.exceptions], until,
    )  # fmt: skip


def paper_of(template: Template, desk: Desk, typed: Typed, protected: str) -> Paper:
    """The paper to sign, before anything is on record. ``faults_of`` was asked before."""
    assert typed.issued_on is not None
    lines = lines_of(template, typed)
    review = starts_at(typed, desk.zone)
    return Paper(
        title=template.title, court=desk.court, case_number=desk.number, order_number=typed.number.strip(),
        respondent=desk.respondent, born_on=desk.born_on, protected=protected,
        judge=dict(desk.judges).get(typed.judge or 0, ""), change="", issued_on=typed.issued_on,
        ends_on=None if typed.endless else typed.ends_on, lines=lines, differs=(),
        firearm=(*typed.firearm, typed.flag), review=moment(review, desk.zone) if review else "", notice="",
        reads_as=sentence(desk, lines, None if typed.endless else typed.ends_on), signed=False,
        template=f"{template.code}, edition {template.edition}", warned=desk.warned,
    )  # fmt: skip


def starts_at(typed: Typed, zone: str) -> datetime | None:
    """The first review's instant, if a day and an hour were given."""
    if typed.review_on is None or not typed.review_at:
        return None
    return datetime.combine(typed.review_on, time.fromisoformat(typed.review_at), ZoneInfo(zone))


def faults_of(template: Template, desk: Desk, typed: Typed, today: date) -> dict[str, str]:
    """By field, what is missing or cannot be; each says how to go on."""
    return {
        **_of_party(template, desk, typed), **_of_terms(template, typed), **_of_days(typed, today),
        **_of_firearm(template, typed), **_of_onward(template, desk, typed, today),
        **_of_review(template, desk, typed, today),
    }  # fmt: skip


def faults_of_text(template: Template, desk: Desk, typed: Typed, today: date) -> dict[str, str]:
    """The same for a later version: who, program and first review are those of the order."""
    found = {**_of_terms(template, typed), **_of_days(typed, today), **_of_firearm(template, typed)}
    if typed.judge not in dict(desk.judges):
        found["judge"] = "Choose the judge who signs."
    if typed.notice not in {key for key, _, _ in NOTICES}:
        found["notice"] = "Say whether the new paper was handed over, or the person was only told."
    elif _handed_over_earlier(typed, today):
        found["notice"] = NOT_JUST_NOW
    if typed.no_review and typed.no_review not in dict(NO_REVIEW):
        found["no_review"] = "Choose why the court reviews no more, or leave this empty: reviews go on."
    return found


def known_party(desk: Desk, typed: Typed) -> int | None:
    """Who is protected, if the form chose somebody whom an order of this case names already."""
    return int(typed.party) if typed.party in dict(desk.parties) else None


def typed_name(typed: Typed) -> str:
    """The name of somebody new as it is sealed: Last, First, for of two last names a caller may say either. A dash in
    the place of a given name says that there is none."""
    return stored(typed.given if words_of(typed.given) else "", typed.family)


def _of_party(template: Template, desk: Desk, typed: Typed) -> dict[str, str]:
    found = {}
    if typed.judge not in dict(desk.judges):
        found["judge"] = "Choose the judge who signs."
    if not 1 <= len(typed.number.strip()) <= 40:
        found["number"] = "Give the number of the order, up to 40 characters: look-ups go by it."
    elif any(one.number == typed.number.strip() for one in desk.orders):
        found["number"] = "Another order has that number."
    return found | (_of_protected(desk, typed) if template.protects else {})


def _of_protected(desk: Desk, typed: Typed) -> dict[str, str]:
    """One choice: somebody whom an order of this case names, or a name. Anybody else is one fault, on file or not."""
    if known_party(desk, typed):
        both = "You chose a person and gave a name. Choose another, or take the name away."
        return {"party": both} if typed_name(typed) else {}
    if typed.party != "new" and (typed.party or desk.parties):
        return {"party": "Choose a person whom an order of this case names, or another and give the name."}
    if not typed.given.strip() or not typed.family.strip():
        return {
            "given" if not typed.given.strip() else "family":
            "Give the protected person's name. It is sealed, and stands on the signed order only."
        }  # fmt: skip
    return {}


def _of_terms(template: Template, typed: Typed) -> dict[str, str]:
    ticked = [term for term in template.terms if term.code in typed.terms]
    found = {}
    if not ticked or len(ticked) < len(typed.terms):
        found["terms"] = "Tick what the signed order says: at least one term."
    if any(term.asks == "distance" for term in ticked):
        if not (typed.yards.strip().isdecimal() and int(typed.yards) in YARDS):
            found["yards"] = "Give the distance in yards, a number from 1 to 10,000."
        if not typed.places or not set(typed.places) <= set(PLACES):
            found["places"] = "Tick the kinds of places. Where they are stands nowhere here."
    found |= _of_words(typed, any(term.asks == "words" for term in ticked))
    offered = dict(exceptions_offered(template))
    if any(one not in offered or one.partition("-")[0] not in typed.terms for one in typed.allowed):
        found["allowed"] = "That exception belongs to a term that is not ticked."
    return found


def _of_words(typed: Typed, asked: bool) -> dict[str, str]:
    """The further term, which only the court words; it is screened without a way round."""
    if asked and len(typed.words.strip()) < 5:
        return {"words": "Write the further term as the order has it, or take 08 away."}
    if typed.words.strip() and not asked:
        return {"words": "Tick 08, other terms, or leave this empty."}
    if NO_WAY_ROUND & set(lint(typed.words)):
        return {"words": "Leave out where and how somebody is found, children's places, health. The paper file has it."}
    return {}


def _of_days(typed: Typed, today: date) -> dict[str, str]:
    found = {}
    if typed.issued_on is None or not today - BACK <= typed.issued_on <= today:
        found["issued_on"] = "Give the day of signing, today or within the last 30 days, like 12/3/2026."
    if typed.endless:
        return found
    if typed.ends_on is None:
        return found | {"ends_on": "Give the last day, like 12/3/2029, or tick that there is no end."}
    if typed.ends_on < today or typed.ends_on > today + LONGEST:
        found["ends_on"] = "The last day comes after the day of signing, and not beyond forty years."
    return found


def _of_firearm(template: Template, typed: Typed) -> dict[str, str]:
    found = {
        name: "Answer yes, no or unknown." for (name, _), answer in zip(firearms.QUESTIONS, typed.firearm, strict=True)
        if answer not in firearms.WORDS
    }  # fmt: skip
    if not template.protects or found:
        return found if template.protects else {}
    if template.heard == "ex_parte" and typed.firearm[0] == "Y":
        return {"firearm_heard": "This order is made without the other side: no hearing with notice was held."}
    offered = firearms.proposed(typed.firearm)
    if typed.flag not in firearms.WORDS:
        return {"flag": f"Confirm the firearm flag. Proposed: {firearms.WORDS[offered]}. {firearms.why(typed.firearm)}"}
    if typed.flag == "Y" and offered != "Y":
        return {"flag": f"Yes needs all three answered yes. Proposed: {firearms.WORDS[offered]}."}
    return {}


def _of_onward(template: Template, desk: Desk, typed: Typed, today: date) -> dict[str, str]:
    found = {}
    if typed.notice not in {key for key, _, _ in NOTICES}:
        found["notice"] = "Say whether the paper was handed over, or the person was only told."
    elif _handed_over_earlier(typed, today):
        found["notice"] = NOT_JUST_NOW
    if "BIP" in typed.terms and template.supervises and desk.programs and typed.program not in dict(desk.programs):
        found["program"] = "Choose the program: it has the referral as soon as this is saved."
    return found


def _handed_over_earlier(typed: Typed, today: date) -> bool:
    """Whether the form would give service today's hour, though the order was signed on another day."""
    return typed.notice == "SERVED" and typed.issued_on is not None and typed.issued_on != today


def _of_review(template: Template, desk: Desk, typed: Typed, today: date) -> dict[str, str]:
    if not template.review_within:
        return {}
    if typed.review_on is None and not typed.review_at and typed.no_review in dict(NO_REVIEW):
        return {}
    at = starts_at(typed, desk.zone)
    if at is None:
        return {"review_on": "Set the first review, day and hour, within 30 days; or say why there is none."}
    if typed.no_review:
        return {"no_review": "There is a first review: leave this empty."}
    return _of_standing(desk, at, today) or _of_day(template, desk, typed, typed.review_on or at.date(), today)


def _of_standing(desk: Desk, at: datetime, today: date) -> dict[str, str]:
    """A review that is on the calendar already is the first one: nobody is called twice."""
    if desk.review is None or desk.review == at or local_day(desk.review, desk.zone) <= today:
        return {}
    stands = moment(desk.review, desk.zone)
    return {"review_on": f"A review is set already, {stands}: take that day and hour, or continue that hearing first."}


def _of_day(template: Template, desk: Desk, typed: Typed, day: date, today: date) -> dict[str, str]:
    issued = typed.issued_on or day
    if day < today:
        return {"review_on": "That day is past: the first review is a day that is still to come."}
    if not issued <= day <= issued + timedelta(days=template.review_within):
        last = short_day(issued + timedelta(days=template.review_within))
        return {"review_on": f"The first review comes within {template.review_within} days: until {last}."}
    if day.weekday() > 4 or day in desk.closed_days:
        return {"review_on": "The court is closed on that day."}
    return {}


def kind_words(kind: str) -> str:
    """What a kind of order is called."""
    return KINDS.get(kind, kind)


def details_of(template: Template, typed: Typed) -> dict[str, Any]:
    """What the sheet of a version keeps beside its conditions: classes, numbers and phrases, never a place or name."""
    lines = lines_of(template, typed)
    asks_distance = any(term.asks == "distance" and term.code in typed.terms for term in template.terms)
    return {
        "says": {one.code: one.says for one in lines}, "must": [one.code for one in lines if one.must],
        "yards": int(typed.yards) if asks_distance else None, "places": list(typed.places) if asks_distance else [],
        "title": template.title,
    }  # fmt: skip
