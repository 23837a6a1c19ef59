"""Sentences of a card: the same ones on the page, in the text form and aloud."""

from __future__ import annotations

from datetime import datetime

from monitor.clock import local_day
from monitor.verify.answer import Card
from monitor.verify.beside import CALLS_SHOWN, Beside
from monitor.verify.standing import Verdict
from monitor.wording import moment, short_day


def served(one: Card, zone: str) -> str:
    """Whether it was served, when and how."""
    if one.served_at is None:
        return "NOT SERVED: no service on record. An officer may serve it."
    text = f"Served {moment(one.served_at, zone)}{', ' + one.served_how if one.served_how else ''}."
    changed = f" CHANGED {moment(one.from_at, zone)}, CHANGE NOT YET SERVED: an officer may serve it."
    return text + changed if one.changed else text


def until(one: Card, zone: str, now: datetime | None = None) -> str:
    """Until when it holds; ``now``: with a word more on the last day."""
    start = f"In force from {moment(one.from_at, zone)}. " if one.verdict is Verdict.PENDING else ""
    if one.expires_at is None:
        return f"{start}No end on record."
    last = now is not None and local_day(one.expires_at, zone) == local_day(now, zone)
    return f"{start}{'EXPIRES TODAY, ' if last else 'Expires '}{moment(one.expires_at, zone)}."


def firearms(one: Card) -> str:
    """The ban, and whether anything shows that firearms were given up."""
    if not one.firearm_ban:
        return "no ban in this order"
    return "PROHIBITED. " + (
        "A receipt or declaration is on record." if one.surrender_proof else "Surrender proof NOT RECEIVED."
    )


def aloud(one: Card, zone: str) -> str:
    """What to read to the officer: exceptions before terms."""
    state = {
        Verdict.ACTIVE: f"is active. {served(one, zone)}",
        Verdict.NOT_SERVED: "is active. It is not served: you may serve it.",
        Verdict.PENDING: f"is not in force yet. It starts {moment(one.from_at, zone)}.",
        Verdict.CANNOT_CONFIRM: "is suspended by the court. I cannot confirm it: ask the court.",
    }[one.verdict]
    may = f" The person may {'; '.join(one.exceptions)}." if one.exceptions else ""
    return f"Court order {one.number} {state}{may} The person may not {'; '.join(one.may_not)}."


def warrant(about: Beside, zone: str) -> str:
    """A warrant that is out and where the person is due next; "" without one."""
    if about.warrant_since is None:
        return ""
    due = f" Due in court {moment(about.next_at, zone)}." if about.next_at else " No court date is set."
    return f"ACTIVE since {short_day(about.warrant_since)}.{due} Confirm it before an arrest."


def calls(about: Beside, zone: str) -> str:
    """How many calls and reports about the person are on record, and on which days."""
    days = [short_day(local_day(at, zone)) for at in about.calls[:CALLS_SHOWN]]
    more = f" and {len(about.calls) - len(days)} earlier" if len(about.calls) > len(days) else ""
    return f"{len(about.calls)} on record: {', '.join(days)}{more}." if days else "none on record here"


def caller_said(found: str | None) -> str:
    """Of a caller's name: yes or no, or how to ask; and never a name."""
    return {
        "YES": "The caller's name matches an order above.",
        "NO": "The caller's name matches no order above. This does not prove that the caller is not protected.",
        "CANNOT CONFIRM": "CANNOT CONFIRM: the protected name on this order cannot be compared with it. Ask the court.",
        "WHOLE NAME": "Say the whole name, first and last, for an answer: one word or a first letter is not enough.",
        "TOO MANY WORDS": "Say one name, in at most six words: first name and last names. Nothing was compared.",
    }.get(found or "", "")
