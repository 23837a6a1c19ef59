"""Records that came too late to be foreseen: from each of them on, what is expected of a person reads anew.

Source: rules/CODES.md ("Rules about the record itself"): what was outstanding on a day stays true for that day. Most
records change nothing before themselves: a class told of within its week, a custody entered before the next class was
over. The others are corrections, retractions, and what was recorded after an expected session that it speaks of was
over. They are few, and only their people are read once per record (rules.replaying).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from rules.enrollments import ENDED
from rules.expected import STOPPING
from rules.ground import ENDING
from rules.known import FOREVER, with_root
from rules.scene import Scene
from rules.values import ALWAYS, NEVER

CUT: Final = {"order": pl.Int64, "t": pl.Int64}
LATE: Final = {"order": pl.Int64, "on": pl.Int32, "t": pl.Int64, "rec_on": pl.Int32, "again": pl.Boolean}


def cuts(scene: Scene) -> pl.DataFrame:
    """person, t: the instants from which what was expected of a person reads anew."""
    found = pl.concat([expectations(scene, watched_orders(scene)), lives(scene), doubled(scene)])
    people = scene.ground.orders.select("order", "person")
    return found.join(people, on="order").select("person", "t").unique()


def expectations(scene: Scene, watched: pl.DataFrame) -> pl.DataFrame:
    """CUT rows that change which sessions were expected, or told of."""
    if watched.is_empty():
        return pl.DataFrame(schema=CUT)
    late = pl.concat([late_rows(scene), late_terms(scene), late_levels(scene), late_schedules(scene, watched)])
    late = late.join(watched, on="order")
    hard = pl.concat(
        [late.filter("again").select("order", "t"), moved_sessions(scene), other_starts(scene), order_versions(scene)]
    ).join(watched.select("order"), on="order", how="semi")
    in_doubt = pl.col("order").is_in(hard.get_column("order").unique().implode())
    in_doubt = in_doubt | pl.col("order").is_in(changing_cadence(scene).implode())
    kept = late.filter(in_doubt | spans_a_window() | pl.col("order").is_in(spanning_a_day(scene, late).implode()))
    return pl.concat([hard, kept.select("order", "t")])


def lives(scene: Scene) -> pl.DataFrame:
    """CUT rows that change, after a recorded absence, whether it lay in the order's life."""
    ground = scene.ground
    turns = ground.versions("order_events").filter(pl.col("event").is_in([*ENDING, "suspended", "reinstated"]))
    turns = ground.record_moment(ground.lay(turns))
    turns = turns.filter(pl.col("supersedes").is_not_null() | (pl.col("rec_on") > pl.col("on")))
    found = pl.concat([turns.select("order", t="rec_t"), order_versions(scene)])
    first = ground.absent.group_by("person").agg(seen_t=pl.col("recorded_at").min().cast(pl.Int64))
    people = ground.orders.select("order", "person")
    found = found.join(people, on="order").join(first, on="person").filter(pl.col("t") > pl.col("seen_t"))
    return found.select("order", "t")


def doubled(scene: Scene) -> pl.DataFrame:
    """CUT rows of corrections on days of a program of which several records tell, one of them of an absence."""
    rows = scene.told_twice.with_columns(t=pl.col("recorded_at").cast(pl.Int64))
    days = ["order", "program", "on"]
    corrected = pl.col("supersedes").is_not_null() | (pl.col("gone") < FOREVER)
    several = (pl.col("supersedes").is_null().sum() > 1) | (pl.len() > 2)  # more than one record and its correction
    chosen = rows.group_by(days).agg((pl.col("outcome") == "absent").any(), again=corrected.any(), several=several)
    chosen = chosen.filter(pl.col("outcome") & pl.col("again") & pl.col("several"))
    mine = rows.join(chosen.select(days), on=days, how="semi", nulls_equal=True)
    gone = mine.filter(pl.col("gone") < FOREVER).select("order", t="gone")
    return pl.concat([mine.select("order", "t"), gone])


def watched_orders(scene: Scene) -> pl.DataFrame:
    """order, every, anchor: orders that have, or ever had, attendance windows or scheduled sessions."""
    listed = scene.ground.versions("schedules").filter(pl.col("of") == "session")
    listed = scene.ground.lay(listed).select("order").unique()
    wide = scene.expected.cadence.filter(pl.col("every") > 0)
    both = wide.select("order", "every", "from_day").join(listed, on="order", how="full", coalesce=True)
    both = both.join(scene.starts, on="order", how="left")
    return both.select("order", "every", anchor=pl.max_horizontal("start_day", "from_day"))


def spans_a_window() -> pl.Expr:
    """Whether an attendance window was over after the day that a record speaks of, and before the record."""
    before, after = (pl.col(day) - pl.col("anchor") for day in ("on", "rec_on"))
    over = after.floordiv(pl.col("every")) > pl.max_horizontal(before, 0).floordiv(pl.col("every"))
    return (over & (after > 0)).fill_null(False)


def spanning_a_day(scene: Scene, late: pl.DataFrame) -> pl.Series:
    """Orders for which a scheduled session was over after such a day and before the record."""
    days = scene.ground.laid("schedules").filter(pl.col("of") == "session")
    days = days.select("order", day=pl.col("expected_on").cast(pl.Int32))
    pairs = late.select("order", "on", "rec_on").join(days, on="order")
    hit = pairs.filter((pl.col("on") <= pl.col("day")) & (pl.col("day") < pl.col("rec_on")))
    return hit.get_column("order").unique()


def late_rows(scene: Scene) -> pl.DataFrame:
    """LATE rows of what stops, ends or resumes: recorded after its own day, or a correction (`again`)."""
    ground = scene.ground
    ended = ground.lay(ground.versions("enrollments").filter(pl.col("event").is_in(ENDED))).get_column("order")
    ended = pl.concat([ended, changing_cadence(scene)]).unique()
    changing = {
        "pauses": pl.col("kind").is_in(STOPPING),
        "certificates": pl.lit(True),
        "order_events": pl.col("event").is_in([*ENDING, "suspended", "reinstated"]),
        "enrollments": pl.col("event").is_in([*ENDED, "enrolled"]),
        "transfers": pl.lit(True),
        "leaves": pl.lit(True),
        "submissions": pl.col("supersedes").is_not_null(),
        "schedules": pl.col("supersedes").is_not_null(),
    }
    found = [pl.DataFrame(schema=LATE)]
    for name, wanted in changing.items():
        told = ground.versions(name).filter(wanted)
        if told.is_empty():
            continue
        rows = ground.record_moment(ground.lay(told))
        if name in ("enrollments", "transfers"):
            rows = rows.filter(pl.col("order").is_in(ended.implode()))
        day = pl.col("covers_on").cast(pl.Int32) if name == "leaves" else pl.col("on")
        again = pl.col("supersedes").is_not_null()
        rows = rows.filter(again | (pl.col("rec_on") > day))
        found.append(rows.select("order", "rec_on", on=day, t="rec_t", again=again).select(list(LATE)))
    return pl.concat(found)


def late_terms(scene: Scene) -> pl.DataFrame:
    """LATE rows of the time between sessions, where it was set after the order was entered."""
    rows = scene.ground.terms.filter(pl.col("term") == "bip.attendance_every_days")
    rows = rows.join(scene.ground.orders.select("order", "zone_ix"), on="order")
    rows = scene.ground.record_moment(rows).join(scene.ground.entered, on="order")
    rows = rows.filter(pl.col("rec_t") > pl.col("entered_t"))
    return rows.select("order", "rec_on", on=pl.lit(NEVER, pl.Int32), t="rec_t", again=pl.lit(False)).select(list(LATE))


def late_levels(scene: Scene) -> pl.DataFrame:
    """LATE rows of levels that were told of after their first day, of orders whose time between sessions changes."""
    rows = scene.ground.as_known(scene.ground.facts.levels).filter(pl.col("recorded_at").is_not_null())
    rows = rows.filter(pl.col("order").is_in(changing_cadence(scene).implode()))
    rows = scene.ground.record_moment(rows.join(scene.ground.orders.select("order", "zone_ix"), on="order"))
    rows = rows.filter(pl.col("rec_on") > pl.col("from").cast(pl.Int32))
    return rows.select("order", "rec_on", on=pl.lit(NEVER, pl.Int32), t="rec_t", again=pl.lit(False)).select(list(LATE))


def changing_cadence(scene: Scene) -> pl.Series:
    """Orders whose time between sessions changes: what comes late may cut them anywhere."""
    cadence = scene.expected.cadence
    return cadence.filter((pl.col("from_day") > NEVER) | (pl.col("to_day") < ALWAYS)).get_column("order").unique()


def late_schedules(scene: Scene, watched: pl.DataFrame) -> pl.DataFrame:
    """LATE rows of the first schedule of orders with windows, which takes the place of these."""
    ground = scene.ground
    rows = ground.record_moment(ground.laid("schedules").filter(pl.col("of") == "session"))
    rows = rows.join(watched.filter(pl.col("every").is_not_null()).select("order"), on="order", how="semi")
    rows = rows.filter(pl.col("rec_on") > pl.col("on")).sort("order", "rec_t").unique("order", keep="first")
    return rows.select("order", "rec_on", on=pl.lit(NEVER, pl.Int32), t="rec_t", again=pl.lit(False)).select(list(LATE))


def moved_sessions(scene: Scene) -> pl.DataFrame:
    """CUT rows of sessions that were taken back, or put on another day, program or order."""
    ground = scene.ground
    versions = ground.chains("sessions")
    rows = versions.filter(pl.col("supersedes").is_not_null())
    before = versions.select(supersedes="id", was_on="on", was_program="program", was_order="order")
    rows = rows.join(before, on="supersedes", how="left")
    same = [pl.col(c).eq_missing(pl.col(f"was_{c}")) for c in ("on", "program", "order")]
    rows = rows.filter(pl.col("retracted") | ~pl.all_horizontal(same))
    return ground.lay(rows).select("order", t=pl.col("recorded_at").cast(pl.Int64))


def order_versions(scene: Scene) -> pl.DataFrame:
    """CUT rows of later versions of orders."""
    known = scene.ground.facts.orders.filter(pl.col("recorded_at") <= scene.ground.known_at)
    rows = known.join(scene.ground.entered, on="order").with_columns(t=pl.col("recorded_at").cast(pl.Int64))
    return rows.filter(pl.col("t") > pl.col("entered_t")).select("order", "t")


def other_starts(scene: Scene) -> pl.DataFrame:
    """CUT rows that made another class the first attended one, from which windows are counted."""
    free = scene.ground.orders.filter(pl.col("treatment_started_on").is_null()).select("order")
    free = free.join(scene.expected.cadence, on="order", how="semi")
    firsts = scene.attendance.first_attended
    free = free.join(firsts.select("order", "first_on", "first_rec", "seen_t"), on="order", how="left")
    return pl.concat([out_of_turn(scene, free), corrected(scene, free), disputed(scene, free)])


def out_of_turn(scene: Scene, free: pl.DataFrame) -> pl.DataFrame:
    """Classes recorded after a later one."""
    few = free.filter(pl.col("seen_t") < pl.col("first_rec")).select("order")
    told = scene.attended_of(few.get_column("order"))
    told = told.with_columns(rec_t=pl.col("recorded_at").cast(pl.Int64)).sort("order", "rec_t", "on", "id")
    lowest = pl.col("on").cum_min().over("order").shift(1).over("order")
    return told.filter((pl.col("on") < lowest).fill_null(False)).select("order", t="rec_t")


def corrected(scene: Scene, free: pl.DataFrame) -> pl.DataFrame:
    """Every version of a class on or before the first attended one that was ever corrected."""
    chains = scene.ground.chains("sessions")
    laid = scene.ground.lay(with_root(chains, chains)).join(free, on="order")
    early = laid.filter((pl.col("on") <= pl.col("first_on")).fill_null(True)).select("order", "root").unique()
    rows = laid.join(early, on=["order", "root"], how="semi")
    return rows.select("order", t=pl.col("recorded_at").cast(pl.Int64))


def disputed(scene: Scene, free: pl.DataFrame) -> pl.DataFrame:
    """Every record of a class on or before the first attended one of which several records tell in different ways."""
    told = scene.attendance.conflicts.join(free, on="order")
    early = told.filter((pl.col("on") <= pl.col("first_on")).fill_null(True)).select("order", "id").explode("id")
    when = scene.ground.laid("sessions").filter(pl.col("id").is_in(early.get_column("id").implode()))
    when = when.join(early, on=["order", "id"], how="semi")
    return when.select("order", t=pl.col("recorded_at").cast(pl.Int64))
