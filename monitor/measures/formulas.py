"""The formulas of the measures, each with the source that names it (docs/measures.md). Ratios, not percentages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log, sqrt

import msgspec

Z = 1.96  # 95%


class Interval(msgspec.Struct, frozen=True):
    """A value with its 95% interval."""

    value: float
    low: float
    high: float


class Table(msgspec.Struct, frozen=True):
    """Two groups at one decision: ``a`` of ``n1`` in the group, ``c`` of ``n0`` in the reference."""

    a: int
    n1: int
    c: int
    n0: int


def _around(ratio: float, variance: float) -> Interval:
    return Interval(ratio, exp(log(ratio) - Z * sqrt(variance)), exp(log(ratio) + Z * sqrt(variance)))


def risk_ratio(table: Table) -> Interval | None:
    """Katz. None where a or c is below 5: no ratio is made of so few, not even inside."""
    if min(table.a, table.c) < 5:
        return None
    ratio = (table.a / table.n1) / (table.c / table.n0)
    return _around(ratio, 1 / table.a - 1 / table.n1 + 1 / table.c - 1 / table.n0)


def risk_difference(table: Table) -> Interval:
    """p1 - p0 with a Wald interval."""
    p1, p0 = table.a / table.n1, table.c / table.n0
    half = Z * sqrt(p1 * (1 - p1) / table.n1 + p0 * (1 - p0) / table.n0)
    return Interval(p1 - p0, p1 - p0 - half, p1 - p0 + half)


def mantel_haenszel(strata: Sequence[Table]) -> Interval:
    """The ratio over strata, with the variance of Greenland and Robins."""
    top = sum(one.a * one.n0 / (one.n1 + one.n0) for one in strata)
    bottom = sum(one.c * one.n1 / (one.n1 + one.n0) for one in strata)
    spread = sum(
        ((one.a + one.c) * one.n1 * one.n0 - one.a * one.c * (one.n1 + one.n0)) / (one.n1 + one.n0) ** 2
        for one in strata
    )
    return _around(top / bottom, spread / (top * bottom))


def signals(crude: Interval) -> bool:
    """Whether to look: a ratio of 1.20 or more, or 0.83 or less, whose interval leaves out 1."""
    return (crude.value >= 1.2 and crude.low > 1) or (crude.value <= 0.83 and crude.high < 1)


def rate_per_100(events: int, months: float) -> Interval | None:
    """Events in 100 person-months, Poisson; None below 11 events."""
    if events < 11 or months <= 0:
        return None
    rate = events / months * 100
    return _around(rate, 1 / events)


def modal_share(strata: Iterable[Mapping[str, int]]) -> float | None:
    """M20: of like events, the share that met the most frequent response. By stratum, events by response."""
    told = [list(one.values()) for one in strata if one]
    total = sum(map(sum, told))
    return sum(map(max, told)) / total if total else None


def pairwise_agreement(strata: Iterable[Mapping[str, int]], fewest: int = 11) -> float | None:
    """M21: the chance that two like events met the same response, over strata of at least ``fewest``."""
    told = [list(one.values()) for one in strata if sum(one.values()) >= fewest]
    pairs = sum(sum(one) * (sum(one) - 1) for one in told)
    return sum(n * (n - 1) for one in told for n in one) / pairs if pairs else None
