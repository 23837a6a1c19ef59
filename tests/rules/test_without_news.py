"""Time alone changes nothing: what was foreseen is what is seen later, as long as nothing becomes known.

So an evaluation of only what is new equals a full one, and the nightly check finds no difference where nothing came.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.evaluate import evaluate, read_spans
from rules.frames import FactFrames, build
from rules.pack_files import Packs
from rules.packs import load
from tests.rules.agreement import plans
from tests.rules.test_against_reference import EACH, ONLY_GENERATE, THEMES, batches
from tests.rules.test_rewriting import attended, case, planned

KNOWN = datetime(2026, 4, 21, 6, 59, tzinfo=UTC)  # the end of the day in the cases' zone
LATER = [KNOWN + timedelta(days=days) for days in (1, 9, 61, 200)]
FAR = date(2027, 12, 31)  # calendar windows are laid out as far both times


@cache
def packs() -> Packs:
    return load()


def known_facts(cases: Sequence[dict[str, Any]]) -> FactFrames:
    """Everything recorded by then; each case is a person of its own."""
    found = plans(cases, ("2026-04-20", None))
    names = {name for one in found for name in one.laid.rows}
    rows = {name: [row for one in found for row in one.rows(name)] for name in names}
    return FactFrames.of({name: build(name, found) for name, found in rows.items()})


def news(cases: Sequence[dict[str, Any]], later: datetime) -> list[tuple[Any, ...]]:
    """Rows that one of two evaluations says and the other does not, though nothing became known between them."""
    facts = known_facts(cases)
    then, now = (evaluate(facts, packs(), at, horizon=FAR) for at in (KNOWN, later))
    said = ["key", "starts_at", "version"]
    told = ["person", "key", "certainty", "starts_at", "ends_at", "count", "count_most", "count_every"]
    gone, fresh = then.join(now, on=said, how="anti"), now.join(then, on=said, how="anti")
    return [*gone.select(told).rows(), *fresh.select(told).rows()]


def test_random_records_read_the_same_later_without_news() -> None:
    mixed = st.tuples(*(batches(theme, EACH) for theme in THEMES)).map(lambda parts: [one for p in parts for one in p])

    @settings(ONLY_GENERATE, max_examples=4)
    @given(mixed, st.sampled_from(LATER))
    def look(made: list[dict[str, Any]], later: datetime) -> None:
        assert news(made, later) == []

    look()


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
def test_many_more_random_records_read_the_same_later_without_news(theme: str) -> None:
    @settings(ONLY_GENERATE, max_examples=25, derandomize=False)
    @given(batches(theme, 20), st.sampled_from(LATER))
    def look(made: list[dict[str, Any]], later: datetime) -> None:
        assert news(made, later) == []

    look()


SILENT = {
    "weeks nobody told of": case(attended("s", "2026-03-02"), pack="us_ca"),
    "planned classes to come": case(
        attended("s", "2026-03-02"), planned("2026-04-15", "2026-04-29", "2026-06-10", date="2026-04-01"), pack="us_ca",
        granted_on="2025-01-10",
    ),
    "a limit that silence may reach": case(
        attended("a5", "2026-03-05", outcome="absent_unexcused"),
        attended("a12", "2026-03-12", outcome="absent_unexcused"),
        planned(*(f"2026-05-{n:02}" for n in (6, 13, 20, 27)), date="2026-04-01"), pack="us_ok",
    ),
    "weeks that an order's own limit counts": case(attended("s", "2026-03-02"), pack="us_wa")
    | {"terms": {"order": {"bip.unexcused_absences_max": 9}}},
    "a certificate before a class that nobody told of": case(
        attended("s", "2026-03-02"), planned("2026-04-18", date="2026-04-01"),
        {"type": "certificate", "id": "k", "date": "2026-04-18"}, pack="us_il",
    ),
}  # fmt: skip


@pytest.mark.parametrize("later", LATER)
def test_silence_is_foreseen(later: datetime) -> None:
    assert news(list(SILENT.values()), later) == []


def test_what_is_foreseen_of_silence_counts_on_by_local_weeks() -> None:
    """Weeks are over at midnight, also on the other side of a clock change."""
    silent = case(attended("s", "2026-10-05"), pack="us_ca", time_zone="America/Los_Angeles")
    [one] = plans([silent], ("2026-10-06", None))
    spans = evaluate(one.laid.frames(), packs(), datetime(2026, 10, 6, tzinfo=UTC))
    # Sunday 8 November ends at 08:00 UTC, an hour later than the Sundays before the change on 1 November
    counts = {
        at: dict(read_spans(spans, at).select("code", "count").iter_rows()).get("ATTENDANCE_NOT_REPORTED")
        for at in (datetime(2026, 11, 16, 7, 59, tzinfo=UTC), datetime(2026, 11, 16, 8, tzinfo=UTC))
    }
    assert list(counts.values()) == [4, 5]


def test_how_many_more_there_could_be_is_told_as_of_the_day() -> None:
    spans = evaluate(known_facts([SILENT["planned classes to come"]]), packs(), KNOWN)
    doubt = spans.filter((pl.col("code") == "ABSENCE_UNEXCUSED") & (pl.col("certainty") == "UNVERIFIED"))
    at = [datetime(2026, 4, 20, tzinfo=UTC), datetime(2026, 5, 5, tzinfo=UTC), datetime(2026, 6, 20, tzinfo=UTC)]
    # eleven weeks of windows from 2 March would be more: the plan takes their place
    assert [read_spans(doubt, day).get_column("count_most").to_list() for day in at] == [[1], [2], [3]]
