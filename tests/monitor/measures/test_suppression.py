"""Whoever has every published number, and this program's source, works out no count from 1 to 10."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.measures.hand_offs import length_words
from monitor.measures.suppression import FEWEST, Row, Shown, by_agency, percent, publish

TABLES = st.lists(st.integers(0, 24), min_size=2, max_size=3) | st.lists(st.integers(0, 13), min_size=4, max_size=4)


def sums(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to write a total as so many counts."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in sums(total - first, parts - 1):
            yield (first, *rest)


def alike(counts: list[int]) -> list[tuple[int, ...]]:
    """Every table that would have been published just as this one."""
    shown = publish(counts)
    hidden = [place for place, cell in enumerate(shown.cells) if cell is None]
    known = sum(cell for cell in shown.cells if cell is not None)
    found = []
    for guess in sums(shown.total - known, len(hidden)):
        table = list(shown.cells)
        for place, value in zip(hidden, guess, strict=True):
            table[place] = value
        if publish(table) == shown:
            found.append(tuple(table))
    return found


@settings(max_examples=150)
@given(TABLES)
def test_no_count_from_1_to_10_can_be_solved_by_somebody_who_knows_the_rule(counts):
    shown = publish(counts)
    assert all(cell is None or cell >= FEWEST for cell in shown.cells)
    if shown.total is None:
        assert sum(counts) < FEWEST
        return
    if not [cell for cell in shown.cells if cell is None]:
        return
    tables = alike(counts)
    assert tuple(counts) in tables
    for place, cell in enumerate(shown.cells):
        if cell is None:
            assert len({table[place] for table in tables}) > 1, (counts, place, tables)


@given(TABLES)
def test_what_is_hidden_is_together_never_a_count_from_1_to_10(counts):
    shown = publish(counts)
    if shown.total is not None:
        left = shown.total - sum(cell for cell in shown.cells if cell is not None)
        assert left == 0 or left >= FEWEST


def test_a_table_that_hides_nothing_is_published_whole():
    assert publish([20, 30, 11]).cells == (20, 30, 11)


def test_one_small_cell_takes_a_second_one_with_it():
    assert [cell is None for cell in publish([40, 3, 30]).cells].count(True) >= 2


AGENCIES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 6)), min_size=1, max_size=6)


@given(AGENCIES)
def test_no_agency_is_shown_of_which_one_person_or_a_small_count_could_be_told(told):
    rows = [Row(f"Agency {place}", *one) for place, one in enumerate(told)]
    shown = by_agency(rows)
    for row in shown:
        assert row.in_time >= FEWEST and row.missed >= FEWEST and row.staff >= 3
    if shown:  # whoever takes the rows from the totals finds nothing left, and no single agency in the rest
        assert sum(row.in_time for row in shown) == sum(row.in_time for row in rows)
        assert sum(row.missed for row in shown) == sum(row.missed for row in rows)
        hidden = len(rows) - len([row for row in shown if row.name != "Other agencies"])
        assert hidden != 1


@pytest.mark.parametrize("count", range(1, 11))
def test_each_count_from_1_to_10_is_hidden_and_eleven_is_not(count):
    """By number, not by the constant: whoever lowers it to ten publishes ten people (metrics, 5b)."""
    assert publish((count, 400, 400)).cells[0] is None
    assert publish((11, 400, 400)).cells == (11, 400, 400)
    assert publish((count,)).total is None and publish((11,)).total == 11
    shown = by_agency((Row("A", count, 400, 9), Row("B", 400, 400, 9), Row("C", 400, 400, 9)))
    assert "A" not in [row.name for row in shown]


@pytest.mark.parametrize("missed", range(0, 11))
def test_no_percentage_is_told_of_which_the_others_are_ten_or_fewer(missed):
    assert percent(100 - missed, 100) is None
    assert percent(89, 100) == 89


def line(in_time: int, late: int, past: int) -> tuple[object, ...]:
    """What one gap says, of which those in time took a day and the late ones twenty."""
    day = timedelta(days=1)
    waits = [(day, True)] * in_time + [(20 * day, True)] * late + [(60 * day, False)] * past
    shown = publish([in_time, late + past])
    split = publish([late, past]) if shown.cells[1] is not None else Shown((None, None), None)
    lengths = [length_words(waits, part, beside_hidden=split.cells[1] is None) for part in (0.5, 0.9)]
    return shown, split.cells, percent(shown.cells[0], shown.total), *lengths


def test_median_and_p90_beside_the_counts_give_no_hidden_one_back():
    """Each way in which up to 27 hand-offs ended: what is hidden is one of several numbers, whatever else is told."""
    ways = defaultdict(list)
    for many in range(FEWEST, 28):
        for ended in sums(many, 3):
            ways[line(*ended)].append((ended[0], ended[1] + ended[2], ended[1], ended[2]))
    assert any(words[-1] for words in ways) and any(not words[-1] for words in ways)
    for (shown, split, *_words), ends in ways.items():
        for place, cell in enumerate((*shown.cells, *split)):
            if cell is None and shown.total is not None:
                assert len({one[place] for one in ends}) > 1 or min(one[place] for one in ends) >= FEWEST, (shown, ends)
