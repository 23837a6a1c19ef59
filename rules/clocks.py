"""Deadlines: a start, a time to act in, and the act. Shared by DEADLINE_ONCE and REPORTING.

Source: rules/scenarios/FORMAT.md section 2. A day's deadline is met until the end of `due`; an hour's at the instant.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec
import polars as pl

from rules.calendar_table import MICROSECONDS_PER_HOUR
from rules.intervals import split_by
from rules.known import FOREVER
from rules.pieces import NOTHING
from rules.scene import Scene
from rules.sources import EVENT, Source, same_program
from rules.terms import Duty

OVER: Final = ("intake_failed", "rejected", "discharged", "exited")  # what ends an asking for a place, or the place


class Clock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """Runs from a source for the value of a term; without `within` it is due at once."""

    from_: Source
    within: str | None = None
    only: dict[str, list[str]] = {}


class ClockSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="clock"):
    """`clocks`: the first that has a value for the order runs. `done_by`: any of these acts ends it."""

    clocks: list[Clock]
    done_by: list[Source]
    match: Literal["none", "about", "program", "event"] = "none"
    shows: Literal["late", "running", "reminder"] = "late"
    ends: Literal["act", "never"] = "act"
    only: dict[str, list[str]] = {}
    condition: str | None = None
    once_per: Literal["event", "about", "asking"] = "event"
    rolls: bool = False
    tolled: bool = False
    without_number: bool = False
    bound_to_life: bool = False
    in_force: bool = False
    mitigation: list[str] = []
    eases_while_closed: bool = False
    suspended_by: list[str] = []
    waits_for_sheets: bool = False


def pieces(scene: Scene, duty: Duty, spec: ClockSpec) -> pl.DataFrame:
    """Pieces of spans: order, about, from_t, to_t, due_on, due_at_t, done_on, basis, vid."""
    rows = started(scene, duty, spec)
    if rows.is_empty():
        return NOTHING
    rows = with_act(scene, spec, due(scene, duty, spec, rows))
    day_after = scene.ground.day_start(pl.col("due_on") + 1)
    late_from = pl.coalesce("due_at_t", day_after)
    if spec.shows == "running":
        shown = rows.with_columns(from_t=pl.col("t"), to_t=pl.min_horizontal("done_t", late_from))
    elif spec.shows == "reminder":
        shown = rows.with_columns(from_t=scene.ground.day_start("due_on"), to_t=pl.col("done_t"))
    else:
        shown = rows.with_columns(from_t=late_from, to_t=pl.col("done_t") if spec.ends == "act" else None)
        in_time = pl.coalesce(pl.col("done_t") <= pl.col("due_at_t"), pl.col("done_on") <= pl.col("due_on"))
        shown = shown.filter(~in_time.fill_null(False))
    if spec.bound_to_life:
        shown = shown.with_columns(to_t=pl.min_horizontal("to_t", pl.when(pl.col("end_t") < FOREVER).then("end_t")))
    if spec.suspended_by:
        shown = outside(scene, shown, spec.suspended_by)
    if spec.waits_for_sheets:
        shown = doubted(scene, shown)
    shown = shown.filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER)).with_columns(
        about="shown", keyed=pl.col("id").fill_null(0)
    )
    return (
        eased(scene, with_mitigation(scene, spec, shown))
        if spec.eases_while_closed
        else with_mitigation(scene, spec, shown)
    )


def outside(scene: Scene, rows: pl.DataFrame, kinds: list[str]) -> pl.DataFrame:
    """No duty during such pauses. A custody that begins later ends the clock: the next release has its own."""
    pauses = scene.ground.pauses.filter(pl.col("kind").is_in(kinds)).select("order", "kind", "from_t", "to_t")
    again = rows.select("order", "id", "t").join(
        pauses.filter(pl.col("kind") == "custody").select("order", held_t="from_t"), on="order"
    )
    again = again.filter(pl.col("held_t") >= pl.col("t")).group_by("order", "id").agg(pl.col("held_t").min())
    rows = rows.join(again, on=["order", "id"], how="left")
    rows = rows.with_columns(to_t=pl.min_horizontal("to_t", "held_t"), first_t="from_t")
    touched = rows.join(pauses.select("order").unique(), on="order", how="semi")
    free = rows.join(pauses.select("order").unique(), on="order", how="anti")
    return pl.concat([free, split_by(touched, pauses, ["order"])[1].select(free.columns)])


def doubted(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """UNVERIFIED from when a scheduled session was over of which nobody told: its sheet could hold the act."""
    since = scene.expected.silent_schedule.group_by("order").agg(silent_t=pl.col("over_t").min())
    rows = rows.join(since, on="order", how="left").with_columns(first_t="from_t", certainty=pl.lit("CERTAIN"))
    sure = rows.with_columns(to_t=pl.min_horizontal("to_t", "silent_t"))
    unsure = rows.filter(pl.col("silent_t").is_not_null()).with_columns(
        from_t=pl.max_horizontal("from_t", "silent_t"), certainty=pl.lit("UNVERIFIED")
    )
    return pl.concat([sure, unsure])


def concerned(duty: Duty, only: dict[str, list[str]], condition: str | None) -> pl.DataFrame:
    """The orders that a rule or a clock of it is about. A null supervision is a formal one."""
    orders = duty.orders
    for column, words in only.items():
        told = pl.col(column).cast(pl.String)
        told = told.fill_null("formal") if column == "supervision" else told
        orders = orders.filter(told.is_in(words))
    return orders.filter(pl.col("conditions").list.contains(condition)) if condition else orders


def started(scene: Scene, duty: Duty, spec: ClockSpec) -> pl.DataFrame:
    """EVENT rows with n, unit, basis, vid: every clock that runs."""
    found: list[pl.DataFrame] = []
    for place, clock in enumerate(spec.clocks):
        orders = concerned(duty, {**spec.only, **clock.only}, spec.condition)
        if clock.from_.anchor:
            rows = scene.anchored(orders, clock.from_.anchor)
        else:
            rows = scene.events(clock.from_).join(orders.select("order"), on="order", how="semi")
        rows = valued(duty, rows, clock, spec.without_number and place == len(spec.clocks) - 1)
        for earlier in found:
            rows = rows.join(earlier.select("order"), on="order", how="anti")
        found.append(rows)
    rows = pl.concat(found)
    if spec.in_force:
        rows = rows.filter((pl.col("t") >= pl.col("start_t")) & (pl.col("t") < pl.col("end_t")))
    if spec.once_per == "about":
        rows = rows.sort("order", "t", "id").unique(["order", "about"], keep="first", maintain_order=True)
    return asked(scene, rows) if spec.once_per == "asking" else rows


def asked(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """The first of the events by which a program was asked for a place; after it was over there, the next asking."""
    over = scene.events(Source(event="enrollments", is_={"event": list(OVER)}))
    pairs = rows.select("order", "program", "id", "t").join(
        over.select("order", "program", over_t="t"), on=["order", "program"]
    )
    before = pairs.filter(pl.col("over_t") <= pl.col("t")).group_by("order", "id").agg(turn=pl.len())
    rows = rows.join(before, on=["order", "id"], how="left").sort("order", "t", "id")
    return rows.unique(["order", "program", "turn"], keep="first", maintain_order=True).drop("turn")


VALUED = {**EVENT, "n": pl.Int64, "unit": pl.String, "basis": pl.String, "vid": pl.Int32}


def valued(duty: Duty, rows: pl.DataFrame, clock: Clock, without_number: bool) -> pl.DataFrame:
    """The time that each clock runs for. Where the law has no number a running duty stays, without a due date."""
    if clock.within is None:
        rows = rows.with_columns(
            n=pl.lit(0, pl.Int64), unit=pl.lit("hours"), basis=pl.lit("law"), vid=pl.lit(None, pl.Int32)
        )
        return rows.select(list(VALUED))
    timed = duty.at(rows, clock.within).select(list(VALUED))
    if not without_number:
        return timed
    rest = rows.join(timed.select("order", "id"), on=["order", "id"], how="anti")
    rest = rest.with_columns(
        n=pl.lit(None, pl.Int64), unit=pl.lit(None, pl.String), basis=pl.lit("law"), vid=pl.lit(None, pl.Int32)
    )
    return pl.concat([timed, rest.select(list(VALUED))])


def due(scene: Scene, duty: Duty, spec: ClockSpec, rows: pl.DataFrame) -> pl.DataFrame:
    """`due_on` (last day, Int32), or `due_at_t` (instant) where the time is in hours."""
    hours = pl.col("unit") == "hours"
    rows = rows.with_columns(
        due_at_t=pl.when(hours).then(pl.col("t") + pl.col("n") * MICROSECONDS_PER_HOUR),
        due_on=scene.ground.later(rows, "on"),
    )
    if spec.tolled:
        rows = tolled(rows, scene.ground.suspended)
    if spec.rolls and duty.rolls:
        rows = rows.with_columns(due_on=scene.ground.court_days.roll_forward(pl.col("cal"), pl.col("due_on")))
    return rows.with_columns(due_on=pl.coalesce("due_on", scene.ground.of_local(pl.col("due_at_t"))))


def tolled(rows: pl.DataFrame, gaps: pl.DataFrame) -> pl.DataFrame:
    """`due_on` moved by each suspension that began on or before it; while such a one is open nothing is due."""
    if gaps.is_empty():
        return rows
    numbered = gaps.sort("order", "from_on").with_columns(k=pl.int_range(pl.len()).over("order"))
    for k in range(int(numbered.select(pl.col("k").max()).item()) + 1):
        one = numbered.filter(pl.col("k") == k).select("order", from_on="from_on", to_on="to_on")
        rows = (
            rows.join(one, on="order", how="left")
            .with_columns(
                due_on=pl.when(pl.col("from_on") <= pl.col("due_on"))
                .then(pl.col("due_on") + pl.col("to_on") - pl.col("from_on"))
                .otherwise("due_on")
            )
            .drop("from_on", "to_on")
        )
    return rows.filter(pl.col("due_on").is_not_null())


def with_act(scene: Scene, spec: ClockSpec, rows: pl.DataFrame) -> pl.DataFrame:
    """`done_t`, `done_on`, `done_by`: the first act that answers each clock, null while there is none."""
    acts = pl.concat([scene.events(source) for source in spec.done_by])
    if acts.is_empty():
        unanswered = {"done_t": pl.Int64, "done_on": pl.Int32, "done_by": pl.Int64}
        return rows.with_columns(pl.lit(None, kind).alias(name) for name, kind in unanswered.items())
    keys = ["order"] if spec.match in ("none", "event") else ["order", spec.match]
    acts = acts.select(*keys, act_t="t", act_on="on", act="id", named="named", act_program="program")
    rows = rows.with_row_index("row")
    begun = rows.select("row", "id", "on", "t", *keys, of_program="program", day_t=scene.ground.day_start("on"))
    pairs = begun.join(acts, on=keys)
    first = pairs.filter(answers(spec)).sort("row", "act_t", "act").unique("row", keep="first", maintain_order=True)
    first = first.select("row", done_t="act_t", done_on="act_on", done_by="act")
    return rows.join(first, on="row", how="left").drop("row")


def answers(spec: ClockSpec) -> pl.Expr:
    """Whether an act answers a clock: one about the same record does; else one since, unless it names another.

    An act of which only the day is known, the same day as the event's, is taken as done after it. What one program did
    answers no clock of another.
    """
    since = pl.col("id").is_null() | (pl.col("act_t") >= pl.col("t")) | (pl.col("act_on") > pl.col("on"))
    since = since | (pl.col("act_t") == pl.col("day_t"))
    same = same_program("act_program", "of_program")
    if spec.match == "about":
        return pl.lit(True)
    if spec.match == "event":
        return (pl.col("named") == pl.col("id")) | (pl.col("named").is_null() & since & same)
    return since & same


def with_mitigation(scene: Scene, spec: ClockSpec, rows: pl.DataFrame) -> pl.DataFrame:
    """`mitigation`: what a judge should see beside the date."""
    if not spec.mitigation:
        return rows
    letters = scene.events(Source(event="letters", is_={"kind": ["waitlist"]})).select("order").unique()
    contacted = scene.events(Source(event="enrollments", is_={"event": ["contacted"]}))
    contacted = contacted.group_by("order").agg(contacted_on=pl.col("on").min())
    rows = rows.join(letters.with_columns(waits=True), on="order", how="left").join(contacted, on="order", how="left")
    words = pl.concat_list(
        pl.when(pl.col("waits")).then(pl.lit("waitlist_letter")),
        pl.when(pl.col("contacted_on") <= pl.col("due_on")).then(pl.lit("contacted_promptly")),
    )
    return rows.with_columns(mitigation=words.list.drop_nulls()).drop("waits", "contacted_on")


def eased(scene: Scene, rows: pl.DataFrame) -> pl.DataFrame:
    """Severity review while the office that receives the act has been closed since `due`, then high."""
    rows = rows.with_columns(day=scene.ground.of_local(pl.col("due_at_t")))
    rows = rows.with_columns(opens=scene.ground.court_days.roll_forward(pl.col("cal"), pl.col("day")))
    turns = pl.when(pl.col("opens") > pl.col("day")).then(scene.ground.day_start(pl.col("opens") + 1))
    rows = rows.with_columns(turns=turns, first_t="from_t").drop("day", "opens")
    soft = rows.filter(pl.col("turns").is_not_null()).with_columns(
        severity=pl.lit("review"), to_t=pl.min_horizontal("to_t", "turns")
    )
    hard = rows.with_columns(severity=pl.lit("high"), from_t=pl.coalesce("turns", "from_t"))
    both = pl.concat([soft.select(hard.columns), hard]).drop("turns")
    return both.filter(pl.col("from_t") < pl.col("to_t").fill_null(FOREVER))
