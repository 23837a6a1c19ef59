"""What the software of dispatch and patrol (CAD) asks and files: the same answer as on the page, under its own secret.

The body is JSON. A machine answers whoever sits at it, so what does not exist for one person of its agency does not
exist for the machine (safeguard D1).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, post
from litestar.params import JSONBody

from monitor.clock import utc_now
from monitor.incidents import filing
from monitor.incidents.entering import BY_NAME_ALONE, Entry, faults_of, wants_birth
from monitor.incidents.words import like
from monitor.verify import guesses
from monitor.verify.asked import read
from monitor.verify.verifying import UNSURE, matches, verify, whom
from web.api.problems import ApiProblem, problem
from web.database import DB, looked_up, note
from web.guessing import guessing
from web.site import Answer, Site, Visit, refuse

Line = Annotated[str, msgspec.Meta(max_length=300)]
Short = Annotated[str, msgspec.Meta(max_length=60)]
YesNo = Literal["YES", "NO", ""]


class OrderQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name as Last, First, or a number; a date of birth as 1990-05-17. ``caller``: a caller's name, to be matched."""

    words: Line
    born: Short = ""
    incident: Short = ""
    caller: Line = ""


class IncidentReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An incident in codes. ``at``: when it was, now unless given. What a report alone says is left out of a call.

    ``born``: the date of birth as 1990-05-17. A report of law enforcement that gives a name has to give it.
    """

    number: Short
    words: Line
    born: Short = ""
    at: datetime | None = None
    touched: Short = ""
    offence: Short = ""
    weapon: YesNo = ""
    strangulation: Literal["YES", "NO", "NOT_ASKED", ""] = ""
    accounts: YesNo = ""


class Received(msgspec.Struct, frozen=True):
    """The number under which it is on record; ``again``: it was, and nothing was written."""

    number: str
    again: bool


@post("/api/v1/orders/lookup", sync_to_thread=True, status_code=200)
def look_up(request: Visit, db: DB, data: JSONBody[OrderQuestion]) -> Answer:
    """Where the order stands that answers to a name or number."""
    site: Site = request.app.state.site
    asked, wrong = read(data.words, data.born, data.incident)
    if asked is None:
        raise ApiProblem(422, "QUESTION-UNUSABLE", " ".join(wrong.values()))
    if data.caller and guessing(request, db):
        raise ApiProblem(429, "GUESSING", "Too many callers' names in one minute. The privacy officer is told.")
    found, orders = verify(db, asked, utc_now())
    if data.caller:
        on_screen = orders if found.cards else ()
        found = found.with_caller(matches(db, on_screen, data.caller, site.settings.secret_key))
    note(db, *orders, verdict=found.verdict.name, reason="verification", by="number" if asked.number else "name",
         **({"incident": asked.incident} if asked.incident else {}),
         **({guesses.TRIED: True} if data.caller else {}))  # fmt: skip
    return _json(found, 200)


@post("/api/v1/incidents", sync_to_thread=True)
def receive(request: Visit, db: DB, data: JSONBody[IncidentReport]) -> Answer:
    """Put an incident on record. Sent again it is answered and not recorded again: its number is its key."""
    now, zone = utc_now(), request.user.zone
    kind, entry = filing.KINDS[request.user.role.value], _entry(data, zone)
    asked, wrong = read(data.words, data.born, "")
    if errors := faults_of(entry, kind, now, zone) | wrong:
        raise ApiProblem(422, "INCIDENT-UNUSABLE", " ".join(errors.values()))
    assert asked is not None
    if wants_birth(asked, kind):
        raise ApiProblem(422, "BIRTH-NEEDED", BY_NAME_ALONE)
    about, orders = whom(db, asked, like(entry.touched) if entry.touched else (), now)
    looked_up(db, *orders, by="number" if asked.number else "name", reason="incident")
    if about is None:
        return _refused(request, 422, "NOBODY", UNSURE)
    try:
        filed = filing.file(db, about, entry, now, zone, request.app.state.site.law)
    except filing.Taken:
        return _refused(request, 409, "NUMBER-TAKEN", "This number is on record already with other content.")
    note(db, filed.id, about.case_id, kind=kind, incident=entry.called, again=filed.again)
    return _json(Received(entry.called, filed.again), 200 if filed.again else 201)


def _refused(request: Visit, status: int, code: str, detail: str) -> Answer:
    """Nothing is kept but that somebody was looked up: an error that is raised would leave no trail of it."""
    refuse(request.scope)
    return problem(request, status, code, detail)


def _entry(data: IncidentReport, zone: str) -> Entry:
    if data.at is not None and data.at.tzinfo is None:
        raise ApiProblem(422, "INCIDENT-UNUSABLE", "Give the time with its offset, like 2026-03-01T23:00:00-08:00.")
    try:
        local = data.at.astimezone(ZoneInfo(zone)) if data.at else None
    except OverflowError:
        raise ApiProblem(422, "INCIDENT-UNUSABLE", "Give the time of the incident.") from None
    return Entry(
        number=data.number, on=local.date() if local else None, hour=local.time() if local else None,
        touched=data.touched, offence=data.offence, weapon=data.weapon, strangulation=data.strangulation,
        accounts=data.accounts,
    )  # fmt: skip


def _json(found: Any, status: int) -> Answer:
    return Response(msgspec.json.encode(found), media_type="application/json", status_code=status)


HANDLERS = [look_up, receive]
