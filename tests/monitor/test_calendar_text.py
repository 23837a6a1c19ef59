"""F-06: whatever a court calls its room, a calendar file keeps its lines, and a reader has the words back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from monitor.calendars.text import Event, calendar_text

NOON = datetime(2026, 3, 4, 20, tzinfo=UTC)
TRICKY = st.lists(st.sampled_from([
    "\r\nATTENDEE:mailto:x@evil.example", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", ";", ",", "\\", "\\n",
    "END:VEVENT", "é", "𝔸", "\x00", "\x1f", "\u202e", "x" * 80, " ", ":", '"',
])).map("".join)  # fmt: skip


@given(st.text() | TRICKY)
def test_no_word_becomes_a_line_of_its_own(words):
    event = Event(uid="1", sequence=0, stamp=NOON, starts_at=NOON, ends_at=NOON + timedelta(hours=1), zone="UTC",
                  summary=words, place=words, link="https://court.example/x", cancelled=False)  # fmt: skip
    content = calendar_text(words, [event])
    lines = content.split(b"\r\n")
    assert b"\n" not in b"".join(lines) and b"\r" not in b"".join(lines)
    assert all(len(line) <= 75 for line in lines)
    unfolded = content.replace(b"\r\n ", b"").decode()
    assert len(unfolded.splitlines()) == len(unfolded.split("\r\n")) - 1, "by any reader's idea of a line"
    [told] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert "ATTENDEE" not in told and "ORGANIZER" not in told
    assert _words(str(told["SUMMARY"])) == _words(words)


def _words(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable() and letter != " ")
