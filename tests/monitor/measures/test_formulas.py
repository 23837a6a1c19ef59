"""The formulas give the values that were worked out by hand; Kaplan and Meier what a naive count gives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.measures.formulas import (
    Table,
    mantel_haenszel,
    modal_share,
    pairwise_agreement,
    rate_per_100,
    risk_difference,
    risk_ratio,
    signals,
)
from monitor.measures.survival import curve, quantile

PLANTED = Table(48, 160, 60, 300)
STANDARD, HIGHER = Table(14, 70, 30, 200), Table(34, 90, 30, 100)


def told(interval, places):
    return tuple(round(one, places) for one in (interval.value, interval.low, interval.high))


def test_the_interval_of_katz_is_that_of_the_published_example():
    assert told(risk_ratio(Table(10, 75, 12, 225)), 3) == (2.5, 1.126, 5.55)


def test_a_planted_disparity_gives_a_signal_and_its_size_in_people():
    assert told(risk_ratio(PLANTED), 2) == (1.5, 1.08, 2.08)
    difference = risk_difference(PLANTED)
    assert told(difference, 3) == (0.1, 0.016, 0.184) and round(difference.value * 160) == 16
    assert signals(risk_ratio(PLANTED))


def test_a_planted_null_gives_none():
    assert not signals(risk_ratio(Table(32, 160, 60, 300)))


def test_held_equal_by_level_the_gap_is_smaller_and_uncertain():
    assert told(risk_ratio(STANDARD), 2) == (1.33, 0.75, 2.36)
    assert told(risk_ratio(HIGHER), 2) == (1.26, 0.84, 1.88)
    assert told(mantel_haenszel([STANDARD, HIGHER]), 2) == (1.29, 0.93, 1.79)


def test_no_ratio_is_made_of_fewer_than_five():
    assert risk_ratio(Table(4, 75, 12, 225)) is None


def test_twenty_like_events_answered_14_4_2_agree_by_0_516():
    one = [{"a": 14, "b": 4, "c": 2}]
    assert (modal_share(one), round(pairwise_agreement(one), 3)) == (0.7, 0.516)
    assert pairwise_agreement([{"a": 10}]) is None and modal_share([]) is None


def test_a_rate_of_fewer_than_eleven_events_is_not_told():
    assert rate_per_100(10, 500) is None
    assert told(rate_per_100(16, 400), 2) == (4.0, 2.45, 6.53)


def naive(waits, part):
    """Of things that are all done: the smallest length by which the part is done."""
    lengths = sorted(length for length, _done in waits)
    return next(one for place, one in enumerate(lengths, 1) if place / len(lengths) >= part - 1e-12)


@pytest.mark.parametrize("part", [0.5, 0.9])
@given(waits=st.lists(st.integers(0, 60), min_size=1, max_size=30))
def test_with_nothing_open_it_is_the_plain_quantile(part, waits):
    all_done = [(timedelta(hours=one), True) for one in waits]
    assert quantile(all_done, part) == naive(all_done, part)


def test_what_is_still_open_counts_as_waiting_and_is_not_dropped():
    done = [(timedelta(days=one), True) for one in (1, 2, 3, 4)]
    still = [(timedelta(days=10), False)] * 6
    assert quantile(done, 0.5) == timedelta(days=2)
    assert quantile([*done, *still], 0.5) is None  # fewer than half are done
    shares = [share for _length, share in curve([(timedelta(days=one), one != 3) for one in (1, 2, 3, 4, 5)])]
    assert [round(one, 4) for one in shares] == [0.8, 0.6, 0.3, 0.0]  # by hand: 4/5, 3/4, (censored), 1/2, 0
