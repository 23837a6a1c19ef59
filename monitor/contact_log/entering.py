"""What an officer typed about a contact, and what is missing or cannot be."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from monitor.clock import local_day, utc_of
from monitor.contact_log.ways import CHECK_IN, NEXT, RESULTS, SHOWED, TEST, TRAVEL, WAYS

HOURS: Final = ("%H:%M", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p")
OLDEST: Final = timedelta(days=366)
MOST_WORDS: Final = 2_000
# what is kept without words: nothing that was typed may vanish silently
WORDLESS: Final = {
    CHECK_IN: "A check-in keeps no note. Log a phone contact for what was said.",
    TEST: "A test keeps its result alone. Log a contact for what was said.",
}  # fmt: skip


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A contact as entered. ``way``, ``result``, ``showed``, ``travel``, ``after`` are keys of `ways`.

    ``on`` and ``hour`` None: now.

    ``bad_day``, ``bad_hour``: something was typed that no day or hour can be read from.
    """

    way: str = ""
    result: str = ""
    on: date | None = None
    hour: time | None = None
    bad_day: bool = False
    bad_hour: bool = False
    showed: str = ""
    travel: str = ""
    note: str = ""
    after: str = ""
    after_on: date | None = None
    because: str = ""

    def occurred_at(self, now: datetime, zone: str) -> datetime:
        """The instant: what was typed, in the court's zone; the rest as now."""
        here = now.astimezone(ZoneInfo(zone))
        whole = datetime.combine(self.on or here.date(), self.hour or here.time(), ZoneInfo(zone))
        return utc_of(whole).replace(second=0, microsecond=0)

    @property
    def came_about(self) -> bool:
        """Whether somebody was seen or spoken to; an attempt is not a contact."""
        return self.result == "MADE"


def hour_of(text: str) -> time | None:
    """10:42, 10:42 AM, 10 AM; None for anything else."""
    for form in HOURS:
        try:
            return datetime.strptime(text.strip().upper(), form).time()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def faults_of(entry: Entry, now: datetime, zone: str) -> dict[str, str]:
    """What is missing or cannot be, by field, and what to do about it."""
    faults = {**_of_choice(entry), **_of_test(entry), **_of_time(entry, now, zone)}
    if len(entry.note) > MOST_WORDS:
        faults["note"] = f"That is longer than {MOST_WORDS} characters. Keep what the next officer needs."
    elif entry.note.strip() and entry.way in WORDLESS:
        faults["note"] = WORDLESS[entry.way]
    return faults | _of_next(entry, local_day(now, zone))


def _of_choice(entry: Entry) -> dict[str, str]:
    faults = {}
    if entry.way not in WAYS:
        faults["way"] = "Choose how the contact was made."
    if entry.result not in RESULTS:
        faults["result"] = "Choose how it ended."
    elif entry.way == CHECK_IN and not entry.came_about:
        faults["result"] = "A check-in is entered only when it came. A missed day shows by itself."
    elif entry.result == "NO_SHOW" and entry.way in WAYS and not WAYS[entry.way].may_miss:
        faults["result"] = "Only a person with an appointment can fail to show. Choose “Attempted, no contact”."
    if entry.travel and (entry.travel not in TRAVEL or not (entry.way in WAYS and WAYS[entry.way].visit)):
        faults["travel"] = "Only a visit at home or in the field has a time on the road. Take it out."
    return faults


def _of_test(entry: Entry) -> dict[str, str]:
    """A refused test is a result; whoever did not come to one missed an appointment, and no test says so."""
    if entry.way != TEST:
        return {"showed": "Only a test has such a result. Choose “Drug or alcohol test”."} if entry.showed else {}
    if entry.result in RESULTS and not entry.came_about:
        return {"result": "A test is entered once its result is known. For who did not come, log the appointment."}
    if entry.showed not in SHOWED:
        return {"showed": "Choose what the test showed."}
    return {"hour": "A test is kept by its day. Leave the time empty."} if entry.hour else {}


def _of_time(entry: Entry, now: datetime, zone: str) -> dict[str, str]:
    if entry.bad_day:
        return {"on": "Type the day as month/day/year, for instance 12/4/2026."}
    if entry.bad_hour:
        return {"hour": "Type the time as 10:42 AM or 22:42."}
    at = entry.occurred_at(now, zone)
    if at > now + timedelta(minutes=1):
        return {"on": "That is in the future. A contact is logged once it was made or tried."}
    if at < now - OLDEST:
        return {"on": "That is more than a year ago. Check the year."}
    return {}


def _of_next(entry: Entry, today: date) -> dict[str, str]:
    if entry.came_about or entry.result not in RESULTS:
        return {}
    if not entry.after and entry.result == "NO_SHOW":
        return {"after": "Say what comes next, so that it is not lost."}
    if entry.after and entry.after not in NEXT:
        return {"after": "Choose what comes next."}
    if entry.after == "NOTHING" and not entry.because.strip():
        return {"because": "Say in a few words why nothing more is needed."}
    if entry.after in ("TRY_AGAIN", "LETTER"):
        if entry.after_on is None:
            return {"after_on": "Name the day, as month/day/year."}
        if entry.after_on < today:
            return {"after_on": "That day has passed. Name a day from today on."}
    return {}
