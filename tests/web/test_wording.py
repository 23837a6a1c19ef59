"""Days, times and numbers in words."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from web.pages import ENVIRONMENT
from web.wording import count, long_day, moment, short_day, time_of_day

CHANGE = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "said"), [(8, "12:30 AM"), (15, "7:30 AM"), (19, "11:30 AM"), (20, "12:30 PM"), (23, "3:30 PM")]
)
def test_times_are_said_in_the_agencys_zone(hour, said):
    assert time_of_day(datetime(2026, 11, 23, hour, 30, tzinfo=UTC), "America/Los_Angeles") == said


def test_the_doubled_hour_keeps_its_day():
    assert moment(CHANGE, "America/Los_Angeles") == "Sun, Nov 1, 2026, 1:30 AM"


def test_days_have_no_leading_zero():
    assert short_day(date(2026, 12, 3)) == "Thu, Dec 3, 2026"
    assert long_day(date(2026, 12, 3)) == "Thursday, December 3, 2026"


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 classes"), (1, "1 class"), (2, "2 classes"), (1234, "1,234 classes")]
)
def test_one_and_many(number, said):
    assert count(number, "class", "classes") == said


def render(source: str, **context) -> str:
    return " ".join(ENVIRONMENT.from_string(source).render(context).split())


@pytest.mark.parametrize(
    ("kind", "mark", "word"),
    [("met", "✔", "Met"), ("not_met", "✘", "Not met"), ("not_reported", "?", "Not reported"),
     ("not_yet_due", "○", "Not yet due"), ("partly_met", "◐", "Partly met")],
)  # fmt: skip
def test_a_status_is_always_a_mark_and_a_word(kind, mark, word):
    text = render('{% from "parts/status.html" import status %}{{ status(kind, "owed by the county") }}', kind=kind)
    assert f'aria-hidden="true">{mark}</span> {word}, owed by the county' in text


def test_a_roll_up_is_a_sentence_and_never_a_score():
    source = '{% from "parts/status.html" import roll_up %}{{ roll_up(counts) }}'
    assert render(source, counts={"met": 4, "not_met": 1, "not_reported": 1}) == (
        "✘ 1 not met · ? 1 not reported · ✔ 4 met"
    )
    assert render(source, counts={}) == "Nothing due yet"


def test_a_strip_tells_its_numbers_to_a_screen_reader():
    marks = [("present", "Nov 2"), ("absent", "Nov 9"), ("absent", "Nov 16"), ("not_reported", "Nov 23")]
    text = render('{% from "parts/strip.html" import strip %}{{ strip("s1", "Classes", marks) }}', marks=marks)
    assert "1 attended, 2 missed, 1 not reported" in text
    assert 'aria-labelledby="s1-title s1-desc"' in text
    assert "style=" not in text


def test_what_people_typed_is_never_markup():
    text = render(
        '{% from "parts/form.html" import error_summary %}{{ error_summary({"a": words}) }}', words="<b>x</b>"
    )
    assert "<b>x" not in text
