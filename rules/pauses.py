"""Pauses as stretches, from the edges that were recorded: the start of a custody, the end of a hospital stay.

Source: rules/scenarios/FORMAT.md section 2 (half-open: the day on which a pause ends is no longer inside) and 7.
Edges come from several offices: somebody is held before trial, sentenced, and the hold is ended on the same day.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

import polars as pl

from rules.intervals import stretches

STRETCH: Final = {
    "order": pl.Int64, "kind": pl.String, "basis": pl.String, "id": pl.Int64,
    "from_on": pl.Int32, "from_t": pl.Int64, "to_on": pl.Int32, "to_t": pl.Int64,
}  # fmt: skip
Edge = dict[str, Any]


def paired(edges: pl.DataFrame) -> pl.DataFrame:
    """STRETCH rows of edges (order, kind, basis, id, event, on, t); `to_t` null = still.

    A second start inside a pause changes nothing, unless it has another basis: then each basis has a pause of its own,
    and they may overlap.
    """
    mixed = pl.col("basis").n_unique().over("order", "kind") - pl.col("basis").is_null().any().over("order", "kind")
    told = edges.with_columns(pl.col("event").cast(pl.String), mixed=mixed > 1)
    plain = stretches(told.filter(~pl.col("mixed")), ["order", "kind"], pl.col("event") == "start", ("basis", "id"))
    several = told.filter("mixed").sort("order", "kind", "t", "id")
    found = [one for _, group in several.group_by("order", "kind", maintain_order=True) for one in by_basis(group)]
    return pl.concat([plain.select(list(STRETCH)), pl.DataFrame(found, schema=STRETCH, orient="row")])


def by_basis(edges: pl.DataFrame) -> list[tuple[Any, ...]]:
    """STRETCH rows of the pauses of one kind of one order, in which several bases occur.

    An end ends the pause of its own basis; one without a basis, or of a basis that nobody began, ends all. A pause that
    has no end of its own is over with the end of one that began after it: who was let go from the sentence is out,
    though nobody closed the hold before it.
    """
    told = edges.to_dicts()
    stays = Stays({one["basis"] for one in told if one["event"] == "start"} - {None})
    for _, together in groupby(told, key=lambda one: one["t"]):
        now = list(together)
        ends, starts = ([one for one in now if one["event"] == word] for word in ("end", "start"))
        early = [one for one in ends if stays.running(one["basis"])]  # an end at the instant of a start ends what ran
        for edge in early:
            stays.end(edge)
        for edge in starts:
            stays.begin(edge)
        for edge in ends:
            if edge not in early:
                stays.end(edge)
    for basis in list(stays.held):
        stays.over(basis, stays.left.get(basis))
    return [_row(start, end) for start, end in stays.found]


class Stays:
    """What is open by basis (`held`), the end since of one that began later (`left`), and what is `found` so far."""

    def __init__(self, begun: set[str]) -> None:
        self.begun = begun
        self.held: dict[str | None, Edge] = {}
        self.left: dict[str | None, Edge] = {}
        self.found: list[tuple[Edge, Edge | None]] = []

    def running(self, basis: str | None) -> bool:
        """Whether an end of that basis would end something that is still going on."""
        own = {basis} if basis in self.begun else set(self.held)
        return bool(own & (set(self.held) - set(self.left)))

    def begin(self, edge: Edge) -> None:
        """A start; of a basis that is still open, it shows that the end of another one was its end, too."""
        basis = edge["basis"]
        if basis in self.held and basis in self.left:
            self.over(basis, self.left[basis])
        self.held.setdefault(basis, edge)

    def end(self, edge: Edge) -> None:
        """An end, of its own basis or of all."""
        own = edge["basis"] in self.begun
        for one in [edge["basis"]] if own else list(self.held):
            if one in self.held:
                began = self.held[one]["t"]
                self.over(one, edge)
                self.left.update({two: edge for two in self._before(began) if two not in self.left})

    def _before(self, began: int) -> list[str | None]:
        return [basis for basis, start in self.held.items() if start["t"] < began]

    def over(self, basis: str | None, end: Edge | None) -> None:
        """One pause more; `end` None: it goes on."""
        self.found.append((self.held.pop(basis), end))
        self.left.pop(basis, None)


def _row(start: Edge, end: Edge | None) -> tuple[Any, ...]:
    names = ("order", "kind", "basis", "id", "on", "t")
    return (*(start[name] for name in names), end["on"] if end else None, end["t"] if end else None)
