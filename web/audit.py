"""The audit trail on screen: everybody's own; for a privacy officer the agency's, a case's and a week's."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery, URLEncodedBody

from monitor.clock import utc_now
from monitor.trail.look_back import look_back
from monitor.trail.looks import looks_at
from monitor.trail.own import agency_day, own_day
from web.consultation import listed_of
from web.database import DB, note
from web.forms import Form, Line
from web.pages import page
from web.site import Answer, Visit

ONE_DAY = timedelta(days=1)
YEARS = range(1900, 2200)  # a day at the end of all time has no day after it


class CaseForm(Form):
    """A case number. By POST, so that none stands in an address, a history or a log."""

    number: Line = ""


@get("/audit", sync_to_thread=True)
def own(request: Visit, db: DB, day: FromQuery[date | None] = None) -> Answer:
    """What is kept of what you did on a day."""
    who = request.user
    found = own_day(db, who.user_id, _within(day) or _today(who.zone), who.zone)
    return _day(request, found, "Your trail", "/audit")


@get("/audit/agency", sync_to_thread=True)
def agency(request: Visit, db: DB, day: FromQuery[date | None] = None) -> Answer:
    """What the people of this agency did on a day."""
    who = request.user
    found = agency_day(db, who.agency_id, _within(day) or _today(who.zone), who.zone)
    return _day(request, found, "This agency's trail", "/audit/agency")


def _day(request: Visit, found: object, title: str, path: str) -> Answer:
    shown = {"trail": found, "title": title, "path": path, "today": _today(request.user.zone), "one": ONE_DAY}
    return page(request, "audit/day.html", shown)


@get("/audit/case", sync_to_thread=True)
def ask_case(request: Visit) -> Answer:
    """Which case?"""
    return page(request, "audit/case.html", {"looks": None, "errors": {}})


@post("/audit/case", status_code=200, sync_to_thread=True)
def case(request: Visit, db: DB, data: URLEncodedBody[CaseForm]) -> Answer:
    """Who of this agency looked at a case."""
    if not data.number.strip():
        problem = {"number": "Type the number of the case as it stands on the order."}
        return page(request, "audit/case.html", {"looks": None, "errors": problem}, status=422)
    found = looks_at(db, request.user.agency_id, data.number, listed_of(request, db))
    note(db, found=len(found.entries))
    return page(request, "audit/case.html", {"looks": found, "errors": {}})


@get("/audit/look-back", sync_to_thread=True)
def week(request: Visit, db: DB, until: FromQuery[date | None] = None) -> Answer:
    """The week that ended with ``until``; without it, the last seven days up to now."""
    who = request.user
    until = _within(until)
    end = datetime.combine(until + ONE_DAY, time(), ZoneInfo(who.zone)) if until else utc_now()
    back = look_back(db, who.agency_id, who.zone, end, listed_of(request, db))
    return page(request, "audit/look_back.html", {"back": back})


def _within(day: date | None) -> date | None:
    if day is not None and day.year not in YEARS:
        raise NotFoundException
    return day


def _today(zone: str) -> date:
    return utc_now().astimezone(ZoneInfo(zone)).date()


HANDLERS = [own, agency, ask_case, case, week]
