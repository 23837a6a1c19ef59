"""Sessions that were to be expected, and whether anybody told of them: the ground of silence.

Source: rules/scenarios/FORMAT.md section 6 ("Expected sessions"). Scheduled dates; without a schedule the half-open
attendance windows from the first session on. Nothing is expected in custody, hospital, a closure or a stay, nor
outside the order's life. Beyond the format: nothing is expected either after the day of a certificate (the last class
may be on that day), nor from the end of an enrollment to the next one (ENROLLMENT_GAP tells of that).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

import polars as pl

from rules.known import FOREVER, told_of, with_root
from rules.values import ALWAYS, NEVER

if TYPE_CHECKING:
    from rules.ground import Ground

DAY: Final = 86_400_000_000
STOPPING: Final = ("custody", "hospital", "provider_closed", "court_stay")
WINDOWS: Final = 2**20  # more windows than an order ever has
# `over_t`: when it was over in the world; `owed_t`: when, on the record, somebody owed word of it; `until_t`: from when
# on a schedule says what is expected, in place of windows.
ITEM: Final = {
    "order": pl.Int64, "program": pl.Int64, "window": pl.Boolean, "day": pl.Int32, "over_on": pl.Int32,
    "over_t": pl.Int64, "owed_t": pl.Int64, "record_t": pl.Int64, "cover_t": pl.Int64, "until_t": pl.Int64,
    "every": pl.Int32,
}  # fmt: skip

# How often somebody is expected, from one day to another (half-open), and what says so.
CADENCE: Final = {
    "order": pl.Int64, "every": pl.Int32, "from_day": pl.Int32, "to_day": pl.Int32, "basis": pl.String, "vid": pl.Int32,
}  # fmt: skip

UNTOLD: Final = pl.col("record_t").is_null() & pl.col("cover_t").is_null()


class Expected:
    """Expected sessions over one ground. `cadence`: CADENCE of orders that have attendance windows.

    `told` (order, told_t): since when the first class was on record, where no anchor names the first day.
    `starts` (order, start_day) in place of the scene, which holds this: a circle would keep its frames in memory.
    """

    def __init__(self, ground: Ground, starts: pl.DataFrame, cadence: pl.DataFrame, told: pl.DataFrame) -> None:
        self.ground = ground
        self.starts = starts
        self.said = cadence
        self.told = told

    @cached_property
    def cadence(self) -> pl.DataFrame:
        """order, every, from_day, to_day: what is said again, by whomever, goes on as it was."""
        rows = self.said.sort("order", "from_day")
        same = pl.all_horizontal(pl.col(c) == pl.col(c).shift(1) for c in ("order", "every"))
        on = (same & (pl.col("from_day") == pl.col("to_day").shift(1))).fill_null(False)
        runs = rows.with_columns(run=(~on).cast(pl.Int64).cum_sum()).group_by("run", maintain_order=True)
        return runs.agg(pl.col("order", "every", "from_day").first(), pl.col("to_day").last()).drop("run")

    @cached_property
    def blocked(self) -> pl.DataFrame:
        """Stretches of days on which nothing is expected: order, from_on, to_on (half-open, Int32)."""
        ground = self.ground
        pauses = ground.pauses.filter(pl.col("kind").is_in(STOPPING)).select("order", "from_on", "to_on")
        zone = ground.orders.select("order", "zone_ix", "start_on", "end_t")
        before = zone.filter(pl.col("start_on").is_not_null()).select(
            "order", from_on=pl.lit(NEVER, pl.Int32), to_on="start_on"
        )
        ended = zone.filter(pl.col("end_t") < FOREVER).select(
            "order", from_on=ground.of_local(pl.col("end_t")), to_on=pl.lit(ALWAYS, pl.Int32)
        )
        done = ground.laid("certificates").group_by("order").agg(from_on=pl.col("on").min() + 1)
        done = done.with_columns(to_on=pl.lit(ALWAYS, pl.Int32))
        away = ground.out_of_program.select("order", "from_on", to_on="back_on")
        parts = [pauses, before, ended, done, away, ground.suspended.select("order", "from_on", "to_on")]
        whole = pl.concat([p.select("order", "from_on", pl.col("to_on").fill_null(ALWAYS)) for p in parts])
        return whole.filter(pl.col("from_on") < pl.col("to_on"))  # out one day and back the next is no gap

    @cached_property
    def leave_days(self) -> pl.DataFrame:
        """Single days of approved leave, and since when they are: order, from_on, to_on, approved_t."""
        leaves = self.ground.laid("leaves").filter(pl.col("approved_by").list.len() > 0)
        day = pl.col("covers_on").cast(pl.Int32)
        return leaves.select("order", from_on=day, to_on=day + 1, approved_t="t")

    @cached_property
    def records(self) -> pl.DataFrame:
        """Sessions told of, of any outcome, with the instant of the first word: order, program, on, record_t."""
        ground = self.ground
        chains = ground.chains("sessions")
        first = with_root(chains, chains).group_by("root").agg(first_t=pl.col("recorded_at").min().cast(pl.Int64))
        own = pl.col("recorded_at").cast(pl.Int64)
        rows = told_of(ground.laid("sessions").select("order", "program", "on", "root", own_t=own), first, ("root",))
        return rows.select("order", "program", "on", record_t=pl.coalesce("first_t", "own_t"))

    @cached_property
    def covers(self) -> pl.DataFrame:
        """Rosters: order, program, from_on, to_on, cover_t."""
        laid = self.ground.laid("submissions")
        return laid.select(
            "order", "program", from_on=pl.col("covers_from").cast(pl.Int32), to_on=pl.col("covers_to").cast(pl.Int32),
            cover_t=pl.col("recorded_at").cast(pl.Int64),
        )  # fmt: skip

    @cached_property
    def scheduled(self) -> pl.DataFrame:
        """ITEM rows of scheduled sessions."""
        set_on = self.ground.laid("schedules").filter(pl.col("of") == "session")
        if set_on.is_empty():
            return pl.DataFrame(schema=ITEM)
        days = set_on.with_columns(day=pl.col("expected_on").cast(pl.Int32), set_t=pl.col("recorded_at").cast(pl.Int64))
        days = days.sort("order", "program", "day", "set_t", nulls_last=True)
        days = days.unique(["order", "program", "day"], keep="first", maintain_order=True)
        days = self._unblocked(days.with_columns(to=pl.col("day") + 1), self.blocked)
        days = days.join(self.ground.entered, on="order", how="left")
        about = self.records.join(days.select("order").unique(), on="order", how="semi")
        told = about.group_by("order", "program", day="on").agg(pl.col("record_t").min())
        on_list = days.select("order", "program", "day").join(self.covers, on=["order", "program"], nulls_equal=True)
        on_list = on_list.filter((pl.col("from_on") <= pl.col("day")) & (pl.col("day") < pl.col("to_on")))
        covered = on_list.group_by("order", "program", "day").agg(pl.col("cover_t").min())
        keys = ["order", "program", "day"]
        rows = days.join(told, on=keys, how="left", nulls_equal=True).join(
            covered, on=keys, how="left", nulls_equal=True
        )
        return rows.with_columns(
            until_t=pl.lit(FOREVER, pl.Int64), window=pl.lit(False), over_on=pl.col("to"), every=pl.lit(None, pl.Int32),
            over_t=pl.max_horizontal(self.ground.day_start("to"), "t"),
            owed_t=pl.max_horizontal(self.ground.day_start("to"), "set_t", "entered_t"),
        ).select(list(ITEM))  # fmt: skip

    def _unblocked(self, items: pl.DataFrame, blocks: pl.DataFrame) -> pl.DataFrame:
        """Items whose days [day, to) touch no block. Most blocks are the time before and after an order's life."""
        before, after = pl.col("from_on") == NEVER, pl.col("to_on") == ALWAYS
        begins = blocks.filter(before).group_by("order").agg(begin=pl.col("to_on").max())
        ends = blocks.filter(after & ~before).group_by("order").agg(finish=pl.col("from_on").min())
        items = items.join(begins, on="order", how="left").join(ends, on="order", how="left")
        late = pl.col("day") >= pl.col("begin").fill_null(NEVER)
        items = items.filter(late & (pl.col("to") <= pl.col("finish").fill_null(ALWAYS))).drop("begin", "finish")
        few = blocks.filter(~before & ~after)
        if few.is_empty():
            return items
        keys = items.with_row_index("item")
        hit = keys.select("item", "order", "day", "to").join(few, on="order")
        hit = hit.filter((pl.col("from_on") < pl.col("to")) & (pl.col("day") < pl.col("to_on"))).select("item").unique()
        return keys.join(hit, on="item", how="anti").drop("item")

    @cached_property
    def windowed_orders(self) -> pl.DataFrame:
        """Orders whose expected sessions are windows (`until_t`: until a schedule was set), and their today.

        A row for each cadence of an order, from `anchor` to `to_day`.
        """
        ground = self.ground
        scheduled = ground.laid("schedules").filter(pl.col("of") == "session")
        scheduled = scheduled.group_by("order").agg(until_t=pl.col("t").min())
        orders = self.cadence.join(scheduled, on="order", how="left").join(self.starts, on="order")
        # a new cadence begins with a window of its own; the one that it cuts asks nothing
        orders = orders.with_columns(
            pl.col("until_t").fill_null(FOREVER), anchor=pl.max_horizontal("start_day", "from_day")
        )
        clock = ground.orders.select("order", "zone_ix", "start_t", "end_t")
        lasting = (pl.col("every") > 0) & (pl.col("anchor") < pl.col("to_day"))
        orders = orders.join(clock, on="order").filter(lasting).drop("start_day", "from_day")
        orders = orders.join(ground.entered, on="order").join(self.told, on="order", how="left")
        return orders.with_columns(known_on=ground.of_local(pl.lit(ground.known_t)))

    @cached_property
    def windows(self) -> pl.DataFrame:
        """ITEM rows of attendance windows up to the known day or the last one told of, and the first of the tail.

        A class may be told of ahead, such as one that will be missed for a reason: the windows up to it are laid one by
        one, so that what is foreseen today is what is seen tomorrow without news. Windows told of well in time are
        left out: nobody owes word of them, and they are most.
        """
        rows = self._late_windows().with_columns(
            over_t=self.ground.day_start("to"), over_on=pl.col("to"), tail=pl.col("k") >= pl.col("last"),
            window=pl.lit(True), program=pl.lit(None, pl.Int64),
        )  # fmt: skip
        # nobody owed word of a window before the order, and the class it is counted from, were on record
        rows = rows.filter(pl.col("over_t") < pl.col("until_t")).with_columns(
            owed_t=pl.max_horizontal("over_t", "entered_t", "told_t")
        )
        rows = self._with_cover(self._without_leave(self._unblocked(rows, self.blocked)))
        waiting = (
            rows.filter("tail").filter(pl.col("record_t").is_null()).sort("order", "k").unique("order", keep="first")
        )
        closed = rows.filter(~pl.col("tail")).with_columns(every=pl.lit(None, pl.Int32))
        return pl.concat([closed.select(list(ITEM)), waiting.select(list(ITEM))])

    def _late_windows(self) -> pl.DataFrame:
        """Windows [day, to) that nobody told of, or not well in time: `k` in their order, record_t, last, the order."""
        orders = self.windowed_orders
        every, anchor = orders.get_column("every"), orders.get_column("anchor")
        told = self._told_windows(orders)
        ends = told.group_by("place").agg(pl.col("k").max() + 1)
        last = pl.max_horizontal((pl.col("known_on") - pl.col("anchor")) // pl.col("every"), 0)  # still running
        # a cadence that another one follows has so many whole windows, and no tail
        whole = (pl.min_horizontal("to_day", pl.lit(self.ground.horizon)) - pl.col("anchor")) // pl.col("every")
        followed = pl.col("to_day") < ALWAYS
        orders = orders.with_row_index("place").join(ends, on="place", how="left", maintain_order="left")
        last = pl.when(followed).then(pl.lit(WINDOWS)).otherwise(pl.max_horizontal(last, "k"))
        orders = orders.with_columns(last=last, k=pl.col("k").fill_null(0))
        orders = orders.with_columns(end=pl.when(followed).then(whole).otherwise(pl.col("last") + 2).cast(pl.Int32))
        over_on = anchor.gather(told.get_column("place")) + (told.get_column("k") + 1) * every.gather(
            told.get_column("place")
        )
        # a local day begins within a day of the day in UTC
        late = told.filter(told.get_column("record_t") > (over_on.cast(pl.Int64) - 1) * DAY)
        after = orders.select("place", "end", begin="k").select("place", "begin", "end")
        untold = pl.concat([between(told), after]).with_columns(
            k=pl.int_ranges("begin", "end", dtype=pl.Int32), record_t=pl.lit(None, pl.Int64)
        )
        untold = untold.filter(pl.col("begin") < pl.col("end")).explode("k").select(late.columns)
        rows = pl.concat([late, untold])
        place = rows.get_column("place")
        rows = rows.with_columns(c.gather(place) for c in orders.drop("place", "k", "end")).drop("place")
        day = pl.col("anchor") + pl.col("k") * pl.col("every")
        rows = rows.with_columns(day=day, to=day + pl.col("every"))
        return rows.filter(pl.col("to") <= pl.col("to_day"))

    def _told_windows(self, orders: pl.DataFrame) -> pl.DataFrame:
        """place (of the order in `orders`), k, record_t: the first word of each window told of; sorted."""
        number = orders.select("order", "anchor", "to_day", place=pl.int_range(pl.len(), dtype=pl.UInt32))
        records = self.records
        if orders.get_column("order").is_duplicated().any():  # each record belongs to the cadence of its day
            records = records.join(number, on="order", maintain_order="left")
            records = records.filter((pl.col("anchor") <= pl.col("on")) & (pl.col("on") < pl.col("to_day")))
            place = records.get_column("place")
        else:
            told = records.select("order").join(number, on="order", how="left", maintain_order="left")
            place = told.get_column("place")
        day = records.get_column("on") - orders.get_column("anchor").gather(place)
        k = day // orders.get_column("every").gather(place)
        key = place.cast(pl.Int64) * WINDOWS + k
        rows = pl.DataFrame([key.alias("key"), records.get_column("record_t")]).filter((day >= 0).fill_null(False))
        if rows.get_column("key").is_sorted():
            rows = rows.with_columns(pl.col("key").set_sorted())
        first = rows.group_by("key").agg(pl.col("record_t").min()).sort("key")
        return first.select(
            "record_t", place=(pl.col("key") // WINDOWS).cast(pl.UInt32), k=(pl.col("key") % WINDOWS).cast(pl.Int32)
        ).select("place", "k", "record_t")

    def _without_leave(self, rows: pl.DataFrame) -> pl.DataFrame:
        """No window with a day of leave; one that was over before the leave was approved stands until then."""
        if self.leave_days.is_empty():
            return rows
        hit = rows.select("order", "day", "to").join(self.leave_days, on="order")
        hit = hit.filter((pl.col("from_on") < pl.col("to")) & (pl.col("day") < pl.col("to_on")))
        first = hit.group_by("order", "day").agg(pl.col("approved_t").min())
        rows = rows.join(first, on=["order", "day"], how="left", maintain_order="left")
        rows = rows.with_columns(until_t=pl.min_horizontal("until_t", "approved_t")).drop("approved_t")
        return rows.filter(pl.col("over_t") < pl.col("until_t"))

    def _with_cover(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`cover_t`: when the last of a window's days was covered. Looked at only where no early record answers."""
        late = rows.filter(pl.col("record_t").is_null() | (pl.col("record_t") > pl.col("over_t")))
        held = late.select("order", "day", "to").join(self.covers.drop("program"), on="order")
        held = held.filter((pl.col("from_on") < pl.col("to")) & (pl.col("day") < pl.col("to_on")))
        whole = (pl.col("from_on") <= pl.col("day")) & (pl.col("to") <= pl.col("to_on"))
        windows = held.group_by("order", "day").agg(pl.col("cover_t").min(), whole=whole.all())
        parted = held.join(windows.filter(~pl.col("whole")), on=["order", "day"], how="semi")
        both = [windows.filter("whole").select("order", "day", "cover_t"), _day_by_day(parted)]
        return rows.join(pl.concat(both), on=["order", "day"], how="left")

    @cached_property
    def items(self) -> pl.DataFrame:
        """All expected sessions that are over, or will be."""
        return pl.concat([self.scheduled, self.windows])

    @cached_property
    def unanswered(self) -> pl.DataFrame:
        """Expected sessions of which nothing is known: neither a record nor a roster."""
        return self.items.filter(UNTOLD)

    @cached_property
    def silent_schedule(self) -> pl.DataFrame:
        """Those of them that were scheduled."""
        return self.scheduled.filter(UNTOLD)


def between(told: pl.DataFrame) -> pl.DataFrame:
    """place, begin, end: the windows [begin, end) that lie before each one told of (sorted by place and k)."""
    same = pl.col("place") == pl.col("place").shift(1)
    begin = pl.when(same).then(pl.col("k").shift(1) + 1).otherwise(0)
    return told.select("place", begin=begin.cast(pl.Int32), end="k").filter(pl.col("begin") < pl.col("end"))


def _day_by_day(held: pl.DataFrame) -> pl.DataFrame:
    """order, day, cover_t of windows that several rosters hold in parts, if together they hold every day."""
    days = held.with_columns(one=pl.int_ranges("day", "to", dtype=pl.Int32)).explode("one")
    days = days.filter((pl.col("from_on") <= pl.col("one")) & (pl.col("one") < pl.col("to_on")))
    first = days.group_by("order", "day", "one").agg(
        pl.col("cover_t").min(), length=(pl.col("to") - pl.col("day")).first()
    )
    full = first.group_by("order", "day").agg(pl.col("cover_t").max(), pl.col("length").first(), held=pl.len())
    return full.filter(pl.col("held") == pl.col("length")).select("order", "day", "cover_t")
