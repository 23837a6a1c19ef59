"""The ground that every kind stands on: known facts laid beside the orders they belong to, in local days and instants.

In prepared frames `on` is an Int32 local day (days since 1970-01-01) and `t` an Int64 instant (us, UTC): the instant
of the fact, or the start of its local day where only the day is known.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import Final

import polars as pl

from rules.calendar_table import (
    EPOCH,
    YEARS,
    CourtDays,
    MonthTable,
    court_days,
    day_starts,
    instant_number,
    look_up,
    month_table,
    table_of,
)
from rules.enrollments import out_of_program
from rules.frames import FACTS, FactFrames
from rules.intervals import stretches
from rules.known import FOREVER, current, last_known, on_record
from rules.pauses import paired

ENDING: Final = ("terminated", "expired", "vacated")
DAY: Final = 86_400_000_000
CLOCK: Final = ("zone_ix", "cal", "start_t", "end_t")  # what a fact is told of its order
UNREAD: Final = {"sessions": ("minutes_late", "source")}  # columns of the longest frame that no rule reads
RESETTING: Final = ("breach_resolved", "program_restarted")


class Ground:
    """Facts as known at one instant. Every property is worked out once, when it is first asked for."""

    def __init__(self, facts: FactFrames, known_at: datetime, horizon: date) -> None:
        self.facts = facts
        self.known_at = known_at
        self.known_t = instant_number(known_at)
        self.horizon = (horizon - EPOCH).days
        self._kept: dict[str, pl.DataFrame] = {}

    # --- orders and their calendars -------------------------------------------------------------------------------

    @cached_property
    def months(self) -> MonthTable:
        return month_table()

    @cached_property
    def zones(self) -> list[str]:
        return sorted(self.facts.orders.get_column("zone").unique().to_list())

    @cached_property
    def calendars(self) -> dict[frozenset[date], int]:
        """The different lists of closed days, numbered. Number 0 is a court without one."""
        closed = self._closed.values()
        return {days: number for number, days in enumerate(dict.fromkeys([frozenset[date](), *closed]))}

    @cached_property
    def _closed(self) -> dict[int, frozenset[date]]:
        """Closed days of each court that has any, as known."""
        lists = self.as_known(self.facts.holidays).group_by("court", maintain_order=True).agg(pl.col("on"))
        return {court: frozenset(days) for court, days in lists.sort("court").iter_rows()}

    @cached_property
    def court_days(self) -> CourtDays:
        return court_days(list(self.calendars))

    @cached_property
    def orders(self) -> pl.DataFrame:
        """One row per order as known: its anchors as Int32 days, `start_t`/`end_t` of its life, `zone_ix`, `cal`."""
        known = last_known(self.facts.orders, "order", self.known_at).with_columns(
            zone_ix=pl.col("zone").replace_strict({z: i for i, z in enumerate(self.zones)}, return_dtype=pl.Int32),
            cal=pl.col("court").replace_strict(
                {court: self.calendars[days] for court, days in self._closed.items()}, default=0, return_dtype=pl.Int32
            ),
            conditions=pl.col("conditions").fill_null([]),
        )
        days = [name for name, kind in known.schema.items() if kind == pl.Date]
        known = known.with_columns(pl.col(days).cast(pl.Int32))
        effective = self.of_local(pl.col("effective_at").cast(pl.Int64))
        known = known.with_columns(start_on=pl.coalesce("effective_on", effective, "ordered_on", "granted_on"))
        known = known.with_columns(
            start_t=pl.coalesce(pl.col("effective_at").cast(pl.Int64), self.day_start("start_on")),
            term_end=pl.coalesce("last_on", self.months.add_months(pl.col("granted_on"), pl.col("term_months"))),
        )
        ends = self.endings(known, "bip")
        return known.join(ends, on="order", how="left").with_columns(
            end_t=pl.min_horizontal(pl.col("end_t"), self.day_start(pl.col("term_end") + 1)).fill_null(FOREVER)
        )

    @cached_property
    def entered(self) -> pl.DataFrame:
        """order, entered_t: when the first version of each order was recorded."""
        seen = self.facts.orders.filter(pl.col("recorded_at") <= self.known_at)
        return seen.group_by("order").agg(entered_t=pl.col("recorded_at").min().cast(pl.Int64))

    def orders_of(self, packs: tuple[str, ...]) -> pl.DataFrame:
        """The rows of `orders` whose pack is one of these."""
        key = f"orders {packs}"
        if key not in self._kept:
            self._kept[key] = self.orders.filter(pl.col("pack").is_in(packs))
        return self._kept[key]

    @cached_property
    def terms(self) -> pl.DataFrame:
        """What orders and policies set, as known."""
        return self.facts.terms.filter(pl.col("recorded_at") <= self.known_at)

    @cached_property
    def terms_named(self) -> frozenset[str]:
        """The terms that any order or policy sets."""
        return frozenset(self.terms.get_column("term").unique())

    @cached_property
    def good_causes(self) -> pl.DataFrame:
        """Decisions of courts that found good cause and set a number."""
        found = (pl.col("kind").cast(pl.String) == "good_cause_found") & pl.col("number").is_not_null()
        return self.laid("decisions").filter(found & (pl.col("by").cast(pl.String).fill_null("court") == "court"))

    def endings(self, orders: pl.DataFrame, *conditions: str) -> pl.DataFrame:
        """When an order, or one of those conditions of it, ended: `order`, `end_t`."""
        events = self.known("order_events").filter(pl.col("event").is_in(ENDING) & of_conditions(*conditions))
        zones = orders.select("order", "zone_ix")
        return (
            events.join(zones, on="order")
            .with_columns(end_t=pl.coalesce(pl.col("at").cast(pl.Int64), self.day_start(pl.col("on").cast(pl.Int32))))
            .group_by("order")
            .agg(pl.col("end_t").min())
        )

    @cached_property
    def suspended(self) -> pl.DataFrame:
        """Stretches in which the court suspended the order or its program condition: order, from/to_on, from/to_t."""
        return self.suspended_for("bip")

    def suspended_for(self, *conditions: str) -> pl.DataFrame:
        """Stretches in which the court suspended the order, or one of those conditions of it."""
        wanted = ("suspended", "reinstated")
        events = self.known("order_events").filter(pl.col("event").is_in(wanted) & of_conditions(*conditions))
        laid = events.join(self.orders.select("order", "zone_ix"), on="order")
        return stretches(self.with_moment(laid), ["order"], pl.col("event") == "suspended")

    def live_for(self, rows: pl.DataFrame, *conditions: str) -> pl.DataFrame:
        """Rows (`order`, `t`) at instants at which the order and those conditions of it were in force.

        What ends or suspends only the program does not touch another condition, and the other way round.
        """
        ends = self.endings(self.orders, *conditions).rename({"end_t": "over_t"})
        terms = self.orders.select("order", term_t=self.day_start(pl.col("term_end") + 1))
        rows = rows.join(ends, on="order", how="left").join(terms, on="order", how="left")
        over = pl.min_horizontal("over_t", "term_t").fill_null(FOREVER)
        rows = rows.filter((pl.col("t") >= pl.col("start_t")) & (pl.col("t") < over)).drop("over_t", "term_t")
        return outside(rows, self.suspended_for(*conditions))

    @cached_property
    def pauses(self) -> pl.DataFrame:
        """Pauses of every order as stretches: order, kind, basis, from_on, from_t, to_on, to_t (null = still)."""
        edges = self.laid("pauses").with_columns(pl.col("kind").cast(pl.String), pl.col("basis").cast(pl.String))
        whole = edges.filter(pl.col("ends_on").is_not_null())
        whole = whole.with_columns(to_on=pl.col("ends_on").cast(pl.Int32)).select(
            "order", "kind", "basis", "id", from_on="on", from_t="t", to_on="to_on", to_t=self.day_start("to_on")
        )
        loose = paired(edges.filter(pl.col("ends_on").is_null()))
        return pl.concat([loose, whole.select(loose.columns)]).sort("order", "kind", "from_t")

    @cached_property
    def resets(self) -> pl.DataFrame:
        """Days on which counting starts anew: order, on, t."""
        found = self.laid("decisions").filter(pl.col("kind").is_in(RESETTING))
        return found.select("order", "on", "t").unique().sort("order", "t")

    @cached_property
    def out_of_program(self) -> pl.DataFrame:
        """When people were in no program: rules.enrollments."""
        return out_of_program(self.laid("enrollments"), self.laid("transfers"))

    @cached_property
    def levels(self) -> pl.DataFrame:
        """order, from_on, to_on (null = still), level."""
        known = self.as_known(self.facts.levels)
        ordered = known.sort("order", "from", "recorded_at").unique(["order", "from"], keep="last", maintain_order=True)
        restated = (pl.col("order") == pl.col("order").shift(1)) & (pl.col("level") == pl.col("level").shift(1))
        ordered = ordered.filter(~restated.fill_null(False))  # said again, not changed
        day = pl.col("from").cast(pl.Int32)
        same = pl.col("order") == pl.col("order").shift(-1)
        return ordered.select("order", from_on=day, to_on=pl.when(same).then(day.shift(-1)), level="level")

    def as_known(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Rows of a frame whose `recorded_at` may be null, which is known for ever."""
        return frame.filter(pl.col("recorded_at").is_null() | (pl.col("recorded_at") <= self.known_at))

    # --- facts ----------------------------------------------------------------------------------------------------

    def _read(self, name: str) -> pl.DataFrame:
        frame: pl.DataFrame = getattr(self.facts, name)
        return frame.drop(UNREAD[name]) if name in UNREAD else frame

    def known(self, name: str) -> pl.DataFrame:
        """The versions of a fact frame that stand, with `root`."""
        if name not in self._kept:
            self._kept[name] = current(self._read(name), self.known_at)
        return self._kept[name]

    def versions(self, name: str) -> pl.DataFrame:
        """Every version on record, with `gone`."""
        key = f"versions {name}"
        if key not in self._kept:
            self._kept[key] = on_record(self._read(name), self.known_at)
        return self._kept[key]

    def chains(self, name: str) -> pl.DataFrame:
        """Every version on record that corrects another, or is corrected: a few of all."""
        key = f"chains {name}"
        if key not in self._kept:
            versions = self.versions(name)
            replaced = versions.get_column("supersedes").drop_nulls().implode()
            self._kept[key] = versions.filter(pl.col("supersedes").is_not_null() | pl.col("id").is_in(replaced))
        return self._kept[key]

    @property
    def absent(self) -> pl.DataFrame:
        """Every version of a session on record that tells of an absence, or took one back."""
        if "absent" not in self._kept:
            self._kept["absent"] = self.versions("sessions").filter(pl.col("outcome") == "absent")
        return self._kept["absent"]

    def laid(self, name: str) -> pl.DataFrame:
        """Standing facts of a family, one row per order that each belongs to, with `on`, `t` and the order's clock."""
        key = f"laid {name}"
        if key not in self._kept:
            self._kept[key] = self.lay(self.known(name))
        return self._kept[key]

    def lay(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Any fact frame laid beside the orders it belongs to."""
        orders = self._clocks
        if frame.is_empty():
            blank = [pl.lit(None, orders.schema[c]).alias(c) for c in CLOCK]
            return frame.with_columns(pl.col("on").cast(pl.Int32), *blank, t=pl.lit(None, pl.Int64))
        unbound = frame.get_column("order").null_count() == frame.height
        if unbound and self._one_order_each:
            return self.with_moment(beside(frame, self._places, orders))
        loose = frame.filter(pl.col("order").is_null()).drop("order").join(orders, on="person")
        bound = frame.filter(pl.col("order").is_not_null()).join(orders, on=["order", "person"])
        columns = [*frame.columns, *CLOCK]
        return self.with_moment(pl.concat([loose.select(columns), bound.select(columns)]))

    @cached_property
    def _clocks(self) -> pl.DataFrame:
        """What a fact is told of its order, and whose order it is."""
        return self.orders.select("person", "order", *CLOCK)

    @cached_property
    def _places(self) -> pl.DataFrame:
        """person, place: in which row of `orders` each person's is."""
        return self.orders.select("person", place=pl.int_range(pl.len(), dtype=pl.UInt32))

    @cached_property
    def _one_order_each(self) -> bool:
        return not self.orders.get_column("person").is_duplicated().any()

    def with_moment(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`on` as an Int32 day and `t`, from `on`, `at` and `zone_ix`."""
        day = pl.col("on").cast(pl.Int32)
        return frame.with_columns(on=day, t=pl.coalesce(pl.col("at").cast(pl.Int64), self.day_start(day)))

    def record_moment(self, frame: pl.DataFrame, at: str = "recorded_at") -> pl.DataFrame:
        """Adds `rec_t` and `rec_on`: the instant and the local day of a record."""
        t = pl.col(at).cast(pl.Int64)
        return frame.with_columns(rec_t=t, rec_on=self.of_local(t))

    def forget(self) -> None:
        """Let go of the facts that were laid out; orders and clocks stay."""
        self._kept.clear()

    # --- clocks ---------------------------------------------------------------------------------------------------

    @cached_property
    def _starts(self) -> pl.Series:
        """First instant of every local day of every zone, zone after zone."""
        return table_of(pl.Series(dtype=pl.Int64), *(day_starts(zone) for zone in self.zones))

    @cached_property
    def _west(self) -> bool:
        """Whether in every zone each day begins no earlier than in UTC."""
        per_zone = (len(self._starts) - 1) // max(len(self.zones), 1)
        utc = (YEARS.start - EPOCH).days + pl.int_range(len(self._starts) - 1, eager=True) % max(per_zone, 1)
        return bool((self._starts[:-1] >= utc * DAY).all())

    def day_start(self, day: str | pl.Expr, zone: str = "zone_ix") -> pl.Expr:
        """Instant (Int64 us) at which a local day begins in the order's zone; null stays null."""
        days = pl.col(day) if isinstance(day, str) else day
        first = (YEARS.start - EPOCH).days
        per_zone = (len(self._starts) - 1) // max(len(self.zones), 1)
        return look_up(self._starts, pl.col(zone).cast(pl.Int64) * per_zone + days - first)

    def of_local(self, instant: pl.Expr, zone: str = "zone_ix") -> pl.Expr:
        """Int32 local day of an Int64 instant, in the order's zone.

        A local day is the day in UTC, the one before or the one after: which one, the starts of days say. That is
        two look-ups whatever the number of zones; turning the instant into each zone costs a pass a zone. West of
        Greenwich no day begins before the one in UTC does, and one look-up says it.
        """
        utc_day = (instant // DAY).cast(pl.Int32)
        begun = [(instant >= self.day_start(utc_day + more, zone)).cast(pl.Int32) for more in range(2 - self._west)]
        return utc_day - 1 + sum(begun)

    def later(self, rows: pl.DataFrame, day: str, number: str = "n", unit: str = "unit") -> pl.Expr:
        """Int32 day a number of units after `day`; `unit` is days, weeks, months or business_days; needs `cal`."""
        since, n = pl.col(day), pl.col(number).cast(pl.Int32)
        adding: dict[str, Callable[[], pl.Expr]] = {
            "days": lambda: since + n,
            "weeks": lambda: since + n * 7,
            "months": lambda: self.months.add_months(since, n),
            "business_days": lambda: self.court_days.add_business_days(pl.col("cal"), since, n),
        }
        used = set(rows.get_column(unit).unique())  # only what occurs is worked out
        cases = [pl.when(pl.col(unit) == word).then(add()) for word, add in adding.items() if word in used]
        return pl.coalesce(pl.lit(None, pl.Int32), *cases).cast(pl.Int32)


def beside(facts: pl.DataFrame, places: pl.DataFrame, orders: pl.DataFrame) -> pl.DataFrame:
    """Facts of people with one order each, beside it: the facts stay as they lie, what the order says is looked up."""
    people = facts.get_column("person").to_frame()
    place = people.join(places, on="person", how="left", maintain_order="left").get_column("place")
    if place.null_count():
        facts, place = facts.filter(place.is_not_null()), place.drop_nulls()
    return facts.with_columns(orders[place].get_columns()[1:])


def of_conditions(*conditions: str) -> pl.Expr:
    """Whether an event of an order is about the whole of it, or about one of these conditions."""
    return pl.col("condition").is_null() | pl.col("condition").is_in(conditions)


def outside(rows: pl.DataFrame, gaps: pl.DataFrame, at: str = "t") -> pl.DataFrame:
    """Rows (`order`, an instant) that lie in none of the half-open stretches (order, from_t, to_t) of their order."""
    if gaps.is_empty() or rows.is_empty():
        return rows
    numbered = rows.with_row_index("_row")
    pairs = numbered.select("_row", "order", at).join(gaps.select("order", "from_t", "to_t"), on="order")
    inside = (pl.col("from_t") <= pl.col(at)) & (pl.col(at) < pl.col("to_t").fill_null(FOREVER))
    hit = pairs.filter(inside).select("_row").unique()
    return numbered.join(hit, on="_row", how="anti", maintain_order="left").drop("_row")


FAMILIES: Final = tuple(FACTS)
