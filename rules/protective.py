"""Protective orders at an instant: their terms, whether served, which of them controls an act.

Source: rules/scenarios/FORMAT.md section 7 ("Protective orders"). Each act is judged by the version in force at its
instant. Who began a contact is never read, and nothing here knows who is protected.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import polars as pl

from rules.ground import ENDING, Ground
from rules.known import FOREVER

ACTS: Final = ("issued", "modified")
WAITS: Final = "entry_waits"  # what the registry does not know yet changes no term of an order
# Which exception of an order allows which channel.
ALLOWED: Final = {"exchange": "child_exchange"}


class Protective:
    """Protective orders of the people of one `Ground`."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    @cached_property
    def events(self) -> pl.DataFrame:
        """Events of orders that are not supervising ones, with `t` in the person's court zone."""
        own = self.ground.orders
        told = self.ground.known("order_events").filter(pl.col("event") != WAITS)
        rows = told.join(own.select("order"), on="order", how="anti")
        zones = (
            own.sort("order").unique("person", keep="first", maintain_order=True).select("person", "zone", "zone_ix")
        )
        return self.ground.with_moment(rows.join(zones, on="person")).sort("person", "order", "t", "id")

    @cached_property
    def issued(self) -> pl.DataFrame:
        """One row per protective order: person, po, issued_t, issued_on, po_kind, ended_t, zone."""
        made = self.events.filter(pl.col("event") == "issued").unique("order", keep="first", maintain_order=True)
        ended = self.events.filter(pl.col("event").is_in(ENDING)).group_by("order").agg(ended_t=pl.col("t").min())
        until = (
            self.events.filter(pl.col("until").is_not_null())
            .sort("t")
            .group_by("order")
            .agg(until_t=pl.col("until").last().cast(pl.Int64))
        )
        rows = made.join(ended, on="order", how="left").join(until, on="order", how="left")
        return rows.select(
            "person", po="order", issued_t="t", issued_on="on", po_kind=pl.col("kind").cast(pl.String), zone="zone",
            ended_t=pl.min_horizontal("ended_t", "until_t").fill_null(FOREVER),
        )  # fmt: skip

    @cached_property
    def served(self) -> pl.DataFrame:
        """po, served_t: the first service on record."""
        found = self.events.filter(pl.col("event") == "served")
        return found.group_by(po="order").agg(served_t=pl.col("t").min())

    def states(self, moments: pl.DataFrame) -> pl.DataFrame:
        """Every protective order in force at each moment (person, moment, t), with terms and strictness.

        Terms that a modification does not name stay as they were.
        """
        live = moments.select("person", "moment", "t").join(self.issued, on="person")
        live = live.filter((pl.col("issued_t") <= pl.col("t")) & (pl.col("t") < pl.col("ended_t")))
        live = self._unsuspended(live)
        said = self.events.filter(pl.col("event").is_in(ACTS)).select(
            "contact_terms", "stay_away", "exceptions", po="order", said_t="t", said="id"
        )
        rows = live.join(said, on="po").filter(pl.col("said_t") <= pl.col("t")).sort("moment", "po", "said_t", "said")
        last = [pl.col(c).drop_nulls().last() for c in ("contact_terms", "stay_away", "exceptions")]
        terms = rows.group_by("moment", "po", maintain_order=True).agg(*last, since_t=pl.col("said_t").last())
        states = live.join(terms, on=["moment", "po"]).join(self.served, on="po", how="left")
        word = pl.col("contact_terms").cast(pl.String)
        rank = (word == "no_contact").fill_null(False).cast(pl.Int32)
        excepted = pl.col("exceptions").list.len().fill_null(0)
        return states.with_columns(
            contact_terms=word, exceptions=pl.col("exceptions").fill_null([]),
            stay_away=pl.col("stay_away").fill_null(False), strict=rank * 100 - excepted.cast(pl.Int32),
            is_served=(pl.col("served_t") <= pl.col("t")).fill_null(False),
        )  # fmt: skip

    def _unsuspended(self, live: pl.DataFrame) -> pl.DataFrame:
        """Without orders that stood suspended at the moment."""
        turns = self.events.filter(pl.col("event").is_in(["suspended", "reinstated"]))
        if turns.is_empty():
            return live
        said = turns.select(po="order", turn_t="t", off=pl.col("event") == "suspended")
        last = live.select("moment", "po", "t").join(said, on="po").filter(pl.col("turn_t") <= pl.col("t"))
        last = last.sort("moment", "po", "turn_t").unique(["moment", "po"], keep="last", maintain_order=True)
        return live.join(last.filter("off").select("moment", "po"), on=["moment", "po"], how="anti")


def controlling(states: pl.DataFrame, priority: list[str]) -> pl.DataFrame:
    """One row per moment: the order that prevails. `priority` names tests, the first that tells them apart decides."""
    top = pl.col("strict").max().over("moment")
    alone = (pl.col("strict") == top).sum().over("moment") == 1
    forbids = (pl.col("contact_terms") == "no_contact").fill_null(False)
    tests = {
        "emergency_if_strictest": (pl.col("po_kind") == "emergency_protective") & (pl.col("strict") == top) & alone,
        "no_contact": forbids,
        "strictest_no_contact": pl.when(forbids).then("strict"),
        "earliest_no_contact": pl.when(forbids).then(-pl.col("issued_t")),
        "criminal": pl.col("po_kind") == "criminal_no_contact",
        "earliest_criminal": pl.when(pl.col("po_kind") == "criminal_no_contact").then(-pl.col("issued_t")),
        "no_emergency": pl.col("po_kind") != "emergency_protective",
        "strictest": pl.col("strict"),
        "latest": pl.col("issued_t"),
        "earliest": -pl.col("issued_t"),
    }
    keys = [tests[name].cast(pl.Int64).fill_null(-(2**62)) for name in priority]
    ranked = states.with_columns([key.alias(f"_k{i}") for i, key in enumerate(keys)])
    names = [f"_k{i}" for i in range(len(keys))]
    ordered = ranked.sort("moment", *names, "po", descending=[False, *[True] * len(names), False])
    return ordered.unique("moment", keep="first", maintain_order=True).drop(names)
