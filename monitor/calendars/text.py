"""Lines of an iCalendar file: escaping, folding, zones. Source: RFC 5545; REFRESH-INTERVAL is of RFC 7986."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

WIDTH: Final = 75  # octets of a line, without its end
LENGTH: Final = timedelta(minutes=30)
PRODUCT: Final = "-//Accountability Monitor//Court dates//EN"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a calendar. ``uid`` stays for ever; ``sequence`` grows with each change; ``stamp``: the newest."""

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    zone: str
    summary: str
    place: str
    link: str
    cancelled: bool


def calendar_text(title: str, events: Sequence[Event]) -> bytes:
    """The whole file. The same events give the same bytes."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"NAME:{_escaped(title)}", f"X-WR-CALNAME:{_escaped(title)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H", *_zones(events), *(line for one in events for line in _event(one)), "END:VCALENDAR",
    ]  # fmt: skip
    return b"".join(_folded(line) for line in lines)


def _event(one: Event) -> Iterator[str]:
    where = ZoneInfo(one.zone)
    yield from ("BEGIN:VEVENT", f"UID:{one.uid}", f"DTSTAMP:{_utc(one.stamp)}", f"LAST-MODIFIED:{_utc(one.stamp)}")
    yield f"SEQUENCE:{one.sequence}"
    yield f"DTSTART;TZID={one.zone}:{one.starts_at.astimezone(where):%Y%m%dT%H%M%S}"
    yield f"DTEND;TZID={one.zone}:{one.ends_at.astimezone(where):%Y%m%dT%H%M%S}"
    yield from (f"SUMMARY:{_escaped(one.summary)}", f"LOCATION:{_escaped(one.place)}", "CLASS:PRIVATE")
    yield f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}"
    yield from (f"DESCRIPTION:{_escaped(one.link)}", f"URL:{one.link}", "END:VEVENT")


def _zones(events: Sequence[Event]) -> Iterator[str]:
    for name in sorted({one.zone for one in events}):
        mine = [one.starts_at for one in events if one.zone == name]
        yield from ("BEGIN:VTIMEZONE", f"TZID:{name}")
        for change in _observances(ZoneInfo(name), min(mine), max(mine)):
            yield from change
        yield "END:VTIMEZONE"


def _observances(where: ZoneInfo, first: datetime, last: datetime) -> Iterator[list[str]]:
    """What the zone keeps from a year before the first event: each change of its clocks, as an instant."""
    day = first.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=366)
    yield _observance(where, day, day.astimezone(where).utcoffset() or timedelta())
    while day <= last:
        following = day + timedelta(days=1)
        if day.astimezone(where).utcoffset() != following.astimezone(where).utcoffset():
            before = day.astimezone(where).utcoffset() or timedelta()
            yield _observance(where, _change(where, day, following), before)
        day = following


def _change(where: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first minute with the new offset, between two instants that differ."""
    old = low.astimezone(where).utcoffset()
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=2))
        low, high = (middle, high) if middle.astimezone(where).utcoffset() == old else (low, middle)
    return high


def _observance(where: ZoneInfo, at: datetime, before: timedelta) -> list[str]:
    local = at.astimezone(where)
    kind = "DAYLIGHT" if local.dst() else "STANDARD"
    return [
        f"BEGIN:{kind}", f"DTSTART:{(at + before).replace(tzinfo=None):%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(before)}", f"TZOFFSETTO:{_offset(local.utcoffset() or timedelta())}",
        f"TZNAME:{local.tzname()}", f"END:{kind}",
    ]  # fmt: skip


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    lines = text.replace("\r\n", "\n").splitlines()  # whatever any reader may take for the end of a line
    return "\\n".join("".join(map(_shown, line)) for line in lines)


def _shown(letter: str) -> str:
    return letter if letter.isprintable() else " " if letter.isspace() else ""


def _folded(line: str) -> bytes:
    """At most 75 octets a line, broken between characters and never inside one."""
    parts, room = [bytearray()], WIDTH
    for letter in _octets(line):
        if len(parts[-1]) + len(letter) > room:
            parts.append(bytearray())
            room = WIDTH - 1  # the space that marks what goes on
        parts[-1] += letter
    return b"\r\n ".join(parts) + b"\r\n"


def _octets(line: str) -> Iterable[bytes]:
    return (letter.encode() for letter in line)
