"""What somebody typed of an incident, and what is missing or cannot be."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from monitor.clock import utc_of
from monitor.coded import is_incident, is_offence
from monitor.incidents.words import STRANGULATION, TOUCHED, YES_NO
from monitor.verify.asked import Asked

OLDEST: Final = timedelta(days=366)
AHEAD: Final = timedelta(minutes=1)
BY_NAME_ALONE: Final = (
    "Give the date of birth, or the number of the case or order: a report by name alone may hit a namesake."
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An incident as entered. ``on`` and ``hour`` None: now; ``bad``: fields in which no day or hour could be read."""

    number: str = ""
    on: date | None = None
    hour: time | None = None
    touched: str = ""
    offence: str = ""
    weapon: str = ""
    strangulation: str = ""
    accounts: str = ""
    bad: tuple[str, ...] = ()

    def occurred_at(self, now: datetime, zone: str) -> datetime:
        """The instant: what was typed, in the agency's zone; the rest as now."""
        here = now.astimezone(ZoneInfo(zone))
        whole = datetime.combine(self.on or here.date(), self.hour or here.time(), ZoneInfo(zone))
        return utc_of(whole).replace(second=0, microsecond=0)

    @property
    def called(self) -> str:
        """The number as it is kept."""
        return self.number.strip().upper()


def faults_of(entry: Entry, kind: str, now: datetime, zone: str) -> dict[str, str]:
    """By field."""
    found = _of_time(entry, now, zone)
    if not (2 <= len(entry.called) <= 24 and is_incident(entry.called)):
        found["number"] = "Give the incident number alone, like 26-1187."
    if entry.touched and entry.touched not in TOUCHED:
        found["touched"] = "Choose the condition that it touches, or leave it open."
    return found | (_of_report(entry) if kind == "REPORT" else {})


def wants_birth(asked: Asked, kind: str) -> bool:
    """Whether `BY_NAME_ALONE` is to be said: a report is no reference of a call, and stands in somebody's case."""
    return kind == "REPORT" and asked.number is None and asked.born_on is None


def _of_time(entry: Entry, now: datetime, zone: str) -> dict[str, str]:
    if "on" in entry.bad:
        return {"on": "Type the day as month/day/year, for instance 12/4/2026."}
    if "hour" in entry.bad:
        return {"hour": "Type the time as 10:42 PM or 22:42."}
    at = entry.occurred_at(now, zone)
    if at > now + AHEAD:
        return {"on": "That is in the future."}
    return {"on": "That is more than a year ago. Check the year."} if at < now - OLDEST else {}


def _of_report(entry: Entry) -> dict[str, str]:
    found = {}
    offence = entry.offence.strip().upper()
    if offence and not (len(offence) <= 16 and is_offence(offence)):
        found["offence"] = "Give the code of the offence alone, like 273.5(A), or leave it out."
    if entry.weapon not in YES_NO:
        found["weapon"] = "Say whether a weapon was used or shown."
    if entry.strangulation not in STRANGULATION:
        found["strangulation"] = "Say whether strangulation was reported, or that it was not asked."
    if entry.accounts not in YES_NO:
        found["accounts"] = "Say whether the accounts of both were taken."
    return found
