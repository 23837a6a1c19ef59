"""Dates as people write them, read without guessing: what cannot be decided says so."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import msgspec

MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
MONTHS |= {"ene": 1, "abr": 4, "ago": 8, "set": 9, "dic": 12}
WEEKDAYS = {name: number for number, name in enumerate("mon tue wed thu fri sat sun".split())}
WEEKDAYS |= {"lun": 0, "mar": 1, "mie": 2, "jue": 3, "vie": 4, "sab": 5, "dom": 6}
FORESIGHT = timedelta(days=7)
SERIALS = range(43_001, 60_000)  # autumn 2017 to 2064, as Excel counts days
SERIAL_EPOCH = date(1899, 12, 30)

DAYS = "mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|lun|martes|mie|jue|vie|sab|dom"
WEEKDAY = re.compile(rf"({DAYS})[a-z]*\.?,?\s+(.*)\Z")
WEEKDAY_AFTER = re.compile(rf"(.*\d),?\s+\(?({DAYS})[a-z]*\.?\)?\Z")
TIME = re.compile(r"(?:[t ]|\s@)\s*(\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(am|pm|a|p|z)?|\d{1,2}\s*(am|pm))\Z")
ACCENTS = str.maketrans("áéíóú", "aeiou")
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\Z")
COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})\Z")
# one mark throughout: "10/20-26" is a week
NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})\Z")
NO_YEAR = re.compile(r"(\d{1,2})[-/](\d{1,2})\Z")
DAY_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|º)?[- /](?:de )?([a-z]{3})[a-z]*\.?(?:[- ,/]+(?:de(?:l)? )?(\d{4}|\d{2}))?\Z"
)
MONTH_DAY = re.compile(r"([a-z]{3})[a-z]*\.?[ -](\d{1,2})(?:st|nd|rd|th)?(?:,?[ -]+['’]?(\d{4}|\d{2}))?\Z")
# "Oct 20-26" is a week
DAYS_OF_WEEK = re.compile(r"[a-z]+\.? \d{1,2}\s*-\s*\d{2}\Z")
# "Nov-26": a month as Excel shows it, or its twenty-sixth
MONTH_OR_DAY = re.compile(r"[a-z]+-(\d{2})\Z")
SERIAL = re.compile(r"\d{5}\Z")

# "11/16/2026 6:00 PM - 8:00 PM", "11/16 6-8pm"
FROM_TO = re.compile(
    r"[ ,@]+\(?(?:\d{1,2}:\d{2}\s*(?:[ap]m?)?\s*(?:-|–|to)\s*\d{1,2}:\d{2}\s*(?:[ap]m?)?"
    r"|\d{1,2}(?::\d{2})?\s*(?:[ap]m)?\s*(?:-|–|to)\s*\d{1,2}(?::\d{2})?\s*[ap]m)\)?\Z"
)
# "11 / 9 / 2026", "11/9/'26"
SPACED = re.compile(r"(?<=\d)\s*([/])\s*['’]?(?=\d)")
# "2026-11-10T02:00:00Z", "11/10/2026 2:00 AM UTC", "2026-11-09T18:00:00-08:00": an instant, not a day
INSTANT = re.compile(
    r"(.*?\d)(t|[ ,]+)(\d{1,2}:\d{2})(:\d{2}(?:\.\d+)?)?\s*([ap]m?)?\s*"
    r"(z|utc|gmt|[-+]\d{2}(?::?\d{2})?|[ecmp][sd]t)\Z"
)
ZONES = {"z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8}
ZONES |= {"pdt": -7}

LONGEST = 100  # letters: what is longer is no day, and no pattern is asked about it
UNREADABLE = "R-DATE-UNREADABLE"
# why a day that there is was not taken: variants of the message
TOO_FAR, NO_SUCH_LATELY, SEVERAL_DAYS, OTHER_ORDER = "number", "leap", "several", "order"
DAY_FIRST = "R-DATE-DAYFIRST"
SERIAL_READ = "I-DATE-SERIAL"
LATER_SINCE_1904 = 1_462
YEAR_ASSUMED = "I-DATE-YEAR-ASSUMED"
ZONE_TURNED = "I-DATE-ZONE"
ZONE_OPEN = "R-DATE-ZONE"
NO_MONTH = "H-NO-MONTH"


class ReadDate(msgspec.Struct, frozen=True):
    """``on`` is None where nothing could be read; ``code`` says how or why not; ``weekday`` (0 is Monday) as written.

    ``ambiguous``: day and month could change places; ``why``: not, where there may be such a day.
    """

    on: date | None = None
    code: str = ""
    weekday: int | None = None
    ambiguous: bool = False
    why: str = ""


def read_date(text: str, today: date, *, day_first: bool = False, zone: str = "") -> ReadDate:
    """One cell. ``today`` decides the year where none is written: the latest such day at most a week ahead.

    ``zone``: the court's; it decides the day of a time that says its own zone. Without one such a time is no day.
    """
    plain = text.strip().lower().translate(ACCENTS).removeprefix("'")
    if len(plain) > LONGEST:
        return ReadDate(code=UNREADABLE)
    if (match := INSTANT.match(plain)) and not _ends_later(match):
        return _instant(match, today, day_first, zone)
    weekday = None
    if match := WEEKDAY.match(plain):
        weekday, plain = WEEKDAYS[match[1][:3]], match[2]
    plain = SPACED.sub(r"\1", TIME.sub("", FROM_TO.sub("", plain)).strip())
    if weekday is None and (match := WEEKDAY_AFTER.match(plain)):
        weekday, plain = WEEKDAYS[match[2][:3]], match[1]
    if not plain:
        return ReadDate(weekday=weekday)
    for pattern, read in FORMS:
        if found := pattern.match(plain):
            return msgspec.structs.replace(read(found, today, day_first), weekday=weekday)
    return ReadDate(code=UNREADABLE, weekday=weekday)


def _instant(match: re.Match[str], today: date, day_first: bool, zone: str) -> ReadDate:
    """The court's day at that instant. Midnight elsewhere may be a class, or a day whose hour nobody wrote: open."""
    read, minutes = read_date(match[1], today, day_first=day_first), read_minutes(f"{match[3]}{match[5] or ''}")
    if read.on is None or minutes is None:
        return read if read.code else ReadDate(code=UNREADABLE)
    if not zone:
        return ReadDate(code=ZONE_OPEN, weekday=read.weekday)
    away = _away(match[6])
    if away is None or (match[6][0] in "+-" and match[2] != "t" and not match[4]):  # "18:00-08:00": which of the two?
        return ReadDate(code=UNREADABLE)
    at = datetime.combine(read.on, time(minutes // 60, minutes % 60), timezone(away))
    on = at.astimezone(ZoneInfo(zone)).date()
    if on == read.on:
        return read
    if not minutes:
        return ReadDate(code=ZONE_OPEN, weekday=read.weekday)
    return msgspec.structs.replace(read, on=on, code=ZONE_TURNED)


def _ends_later(match: re.Match[str]) -> bool:
    """"18:00-20:00": from and to, no zone."""
    begins, ends = read_minutes(match[3]), read_minutes(match[6][1:])
    return match[6][0] == "-" and match[2] != "t" and not match[4] and (begins or 0) < (ends or 0)


def _away(written: str) -> timedelta | None:
    """How far from Greenwich a zone is: "z", "pst", "-08:00", "-0800"."""
    if written in ZONES:
        return timedelta(hours=ZONES[written])
    hours, minutes = int(written[1:3]), int(written[3:].lstrip(":") or 0)
    away = timedelta(hours=hours, minutes=minutes) * (-1 if written[0] == "-" else 1)
    return away if abs(away) < timedelta(hours=24) and minutes < 60 else None


def _iso(match: re.Match[str], _today: date, _day_first: bool) -> ReadDate:
    return _day(int(match[1]), int(match[2]), int(match[3]))


def _numeric(match: re.Match[str], _today: date, day_first: bool) -> ReadDate:
    first, second, year = int(match[1]), int(match[3]), _full_year(match[4])
    month, day = (second, first) if day_first else (first, second)
    if month > 12 >= day and not day_first:
        return ReadDate(code=DAY_FIRST)
    read = _day(year, month, day)
    return msgspec.structs.replace(read, ambiguous=max(first, second) <= 12 and first != second)


def _no_year(match: re.Match[str], today: date, day_first: bool) -> ReadDate:
    first, second = int(match[1]), int(match[2])
    month, day = (second, first) if day_first else (first, second)
    if month > 12 >= day and not day_first:
        return ReadDate(code=DAY_FIRST)
    read = _latest(month, day, today)
    return msgspec.structs.replace(read, ambiguous=max(first, second) <= 12 and first != second)


def _day_month(match: re.Match[str], today: date, _day_first: bool) -> ReadDate:
    return _spelled(match[2], match[1], match[3], today)


def _month_day(match: re.Match[str], today: date, _day_first: bool) -> ReadDate:
    either = MONTH_OR_DAY.match(match[0])
    if DAYS_OF_WEEK.match(match[0]) or (either and _full_year(either[1]) in (today.year, today.year - 1)):
        return ReadDate(code=UNREADABLE, why=SEVERAL_DAYS)
    return _spelled(match[1], match[2], match[3], today)


def _spelled(month: str, day: str, year: str | None, today: date) -> ReadDate:
    if month not in MONTHS:
        return ReadDate(code=UNREADABLE)
    if year is None:
        return _latest(MONTHS[month], int(day), today)
    return _day(_full_year(year), MONTHS[month], int(day))


def _serial(match: re.Match[str], _today: date, _day_first: bool) -> ReadDate:
    if int(match[0]) not in SERIALS:
        return ReadDate(code=UNREADABLE, why=TOO_FAR)
    return ReadDate(SERIAL_EPOCH + timedelta(days=int(match[0])), SERIAL_READ)


def since_1904(read: ReadDate) -> ReadDate:
    """A day that was told as a bare number, in a workbook that counts from 1904."""
    if read.on is None or read.code != SERIAL_READ:
        return read
    return msgspec.structs.replace(read, on=read.on + timedelta(days=LATER_SINCE_1904))


def _day(year: int, month: int, day: int) -> ReadDate:
    try:
        return ReadDate(date(year, month, day))
    except ValueError:
        return ReadDate(code=UNREADABLE)


def _latest(month: int, day: int, today: date) -> ReadDate:
    for year in (today.year + 1, today.year, today.year - 1):
        try:
            on = date(year, month, day)
        except ValueError:
            continue
        if on <= today + FORESIGHT:
            return ReadDate(on, YEAR_ASSUMED)
    return ReadDate(code=UNREADABLE, why=NO_SUCH_LATELY if (month, day) == (2, 29) else "")


def _full_year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


FORMS = (
    (ISO, _iso), (COMPACT, _iso), (NUMERIC, _numeric), (NO_YEAR, _no_year), (DAY_MONTH, _day_month),
    (MONTH_DAY, _month_day), (SERIAL, _serial),
)  # fmt: skip


CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?(?::\d{2})?\s*(?:(a|p)\.?m?\.?)?\Z")


def read_minutes(text: str) -> int | None:
    """A time of day as minutes after midnight: "6:18 PM", "18:18"; None for anything else."""
    match = CLOCK.match(text.strip().lower())
    if not match or int(match[1]) > 23 or int(match[2] or 0) > 59 or not (match[2] or match[3]):
        return None
    hour = int(match[1])
    if match[3]:
        hour = hour % 12 + (12 if match[3] == "p" else 0)
    return hour * 60 + int(match[2] or 0)
