"""The letter behind a fact says whose word it is, fact by fact (`domain/judge-onepage.md`: P, O, C, L, T, D)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from monitor.bench_page.blocks import STEP_MET, since_review
from monitor.bench_page.record import CaseRecord, Event
from monitor.bench_page.sources import KINDS, source_of

NOW = datetime(2026, 3, 9, 15, 40, tzinfo=UTC)
LETTERS = (
    ("place", "ENROLLED", "", "P"), ("place", "REFERRED", "", "C"), ("coverage", "", "", "P"),
    ("report", "PROGRESS", "PROGRAM", "P"), ("report", "NONCOMPLIANCE", "PROBATION", "O"),
    ("report", "PROGRESS", "COURT", "C"), ("report", "PROGRESS", "PERSON", "C"),
    ("letter", "EMPLOYER", "", "O"), ("contact", "COMPLETED", "PHONE", "O"), ("check_in", "KIOSK", "", "O"),
    ("expected", "check_in", "", "O"), ("level", "HIGH", "tool 1", "O"), ("test", "NEGATIVE", "", "T"),
    ("test", "POSITIVE", "", "T"), ("pause", "CUSTODY", "", "O"), ("pause", "WARRANT", "", "C"),
    ("pause", "COURT_STAY", "", "C"), ("decision", "REVIEW_HELD", "COURT", "C"),
    ("decision", "CREDIT", "PROGRAM", "P"), ("decision", "CREDIT", "OFFICER", "O"),
    ("firearm", "PROOF_FILED", "court", "C"), ("firearm", "RELINQUISHED", "law_enforcement", "L"),
    ("service", "PERSONAL", "", "L"), ("service", "IN_COURT", "", "C"),
)  # fmt: skip


def event(name: str, word: str, more: str = "", day: date = date(2026, 3, 5)) -> Event:
    return Event(name, 1, day, word, more, None, None, NOW, None)


@pytest.mark.parametrize(("name", "word", "more", "letter"), LETTERS)
def test_each_fact_has_the_letter_of_whose_word_it_is(name: str, word: str, more: str, letter: str) -> None:
    assert source_of(event(name, word, more)) == letter


def test_every_kind_of_fact_is_asked_about() -> None:
    assert {name for name, _word, _more, _letter in LETTERS} == set(KINDS)


def test_a_step_that_was_met_since_the_last_review_is_told_and_an_older_one_is_not() -> None:
    steps = [event("step_met", "ENROLLED", day=day) for day in (date(2026, 2, 1), date(2026, 3, 5), date(2026, 3, 6))]
    record = CaseRecord(1, "UTC", NOW, NOW.date(), events={"step_met": steps})
    told = [one.line for one in since_review(record, [], date(2026, 2, 9))]
    assert [one for one in told if one.startswith(STEP_MET)] == told and len(told) == 2
    assert all(one.endswith("(O)") for one in told)
