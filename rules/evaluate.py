"""From facts and packs to spans. The clock is no input: `known_at` says what was on record, reading says when.

Contract for callers (the scenario runner, monitor.compliance, `monitor evaluate`):

    packs = rules.packs.load()                       # ours, or ours and a site's own folders
    spans = evaluate(facts, packs, known_at)         # rules.frames.SPANS; ends in the future included
    open_now = read_spans(spans, at)                 # one row per open flag, plus `days_late`
    counts = tally(facts, packs, known_at, at)       # one row per order

A retraction is given as a row of the retracted fact's own frame: a new id, `supersedes` = the target, `retracted`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

import msgspec
import polars as pl

from rules.calendar_table import instant_number, local_day
from rules.dated import within_days
from rules.frames import FactFrames
from rules.ground import Ground
from rules.kinds import (
    consecutive,
    count_in_window,
    deadline_once,
    fixed_window,
    progress,
    prohibition,
    reporting,
    rolling_cadence,
    state_gap,
)
from rules.pack_files import Packs, Rule
from rules.pieces import NOTHING, as_pieces
from rules.refusals import sound
from rules.rewriting import cuts
from rules.scene import Scene
from rules.signing import with_versions
from rules.spans import Found, spans_of
from rules.tallies import TALLY, tally_of
from rules.terms import Duty, resolved

__all__ = ["TALLY", "evaluate", "read_spans", "tally"]

Kind = tuple[Any, Callable[[Scene, Duty, Any], pl.DataFrame]]
KINDS: Final[dict[str, Kind]] = {
    "ROLLING_CADENCE": (rolling_cadence.Spec, rolling_cadence.pieces),
    "FIXED_WINDOW": (fixed_window.Spec, fixed_window.pieces),
    "COUNT_IN_WINDOW": (count_in_window.Spec, count_in_window.pieces),
    "CONSECUTIVE": (consecutive.Spec, consecutive.pieces),
    "DEADLINE_ONCE": (deadline_once.Spec, deadline_once.pieces),
    "PROGRESS": (progress.Spec, progress.pieces),
    "PROHIBITION": (prohibition.Spec, prohibition.pieces),
    "STATE_GAP": (state_gap.Spec, state_gap.pieces),
    "REPORTING": (reporting.Spec, reporting.pieces),
}


def evaluate(
    facts: FactFrames, packs: Packs, known_at: datetime, *, horizon: date | None = None, signed: bool = True
) -> pl.DataFrame:
    """Every span that the packs' rules foresee from what was recorded by `known_at` (UTC instant, inclusive).

    `horizon`: calendar windows are laid out up to this day; default the end of the year after `known_at`. `signed`
    adds `version`, the content hash. What cannot be evaluated comes back as CANNOT_EVALUATE and stops nothing else.
    """
    good, bad = sound(facts, packs, known_at)
    spans = foreseen(good, packs, known_at, horizon or date(known_at.year + 1, 12, 31), signed)
    if not bad:
        return spans
    told = pl.concat(bad)
    return pl.concat([spans, with_versions(told) if signed else told]).sort("order", "code", "key", "starts_at")


def foreseen(facts: FactFrames, packs: Packs, known_at: datetime, horizon: date, signed: bool) -> pl.DataFrame:
    """Spans of all duties, by order, code, key and start. The prepared scene ends before: they need its memory."""
    scene, groups = set_up(facts, packs, known_at, horizon)
    found = [Found(duty, groups[duty.key], one_duty(scene, duty)) for duty in scene.duties]
    ground, cites = scene.ground, scene.cites
    del scene
    ground.forget()
    return spans_of(ground, cites, [one for one in found if not one.pieces.is_empty()], signed)


def set_up(
    facts: FactFrames, packs: Packs, known_at: datetime, horizon: date, codes: tuple[str, ...] = ()
) -> tuple[Scene, dict[str, list[Rule]]]:
    """The scene with every duty resolved, or those of `codes` only, and which rules each duty stands for."""
    scene = Scene(Ground(facts, known_at, horizon))
    scene.find = pieces_of
    scene.cuts = cuts
    scene.again = lambda other, only: set_up(other, packs, known_at, horizon, only)[0]
    present = set(scene.ground.orders.get_column("pack").unique().to_list())
    groups = alike(packs, present, codes)
    scene.duties, scene.cites = resolved(scene.ground, groups, scene.starts)
    scene.specs = {duty.key: msgspec.convert(duty.spec, KINDS[duty.kind][0]) for duty in scene.duties}
    return scene, {duty.key: rules for duty, rules in zip(scene.duties, groups, strict=True)}


def alike(packs: Packs, present: set[str], codes: tuple[str, ...] = ()) -> list[list[Rule]]:
    """Rules of one code that packs have in the same way, evaluated together."""
    groups: dict[str, list[Rule]] = {}
    for pack in sorted(present & packs.rules.keys()):
        for rule in (rule for rule in packs.rules[pack] if not codes or rule.code in codes):
            # Whether closed days move a due date sets packs apart only where the spec asks for it: fewer duties to run.
            rolls = rule.rolls and rule.spec.get("rolls", False)
            same = msgspec.json.encode(
                [rule.code, rule.spec, rule.needs, rule.kind, rolls], order="sorted"
            )
            groups.setdefault(same.decode(), []).append(rule)
    return [groups[key] for key in sorted(groups)]


def pieces_of(scene: Scene, duty: Duty) -> pl.DataFrame:
    """What a duty's kind finds."""
    return KINDS[duty.kind][1](scene, duty, scene.spec_of(duty))


def one_duty(scene: Scene, duty: Duty) -> pl.DataFrame:
    """The pieces of one duty; if its kind fails on these facts, a CANNOT_EVALUATE piece on each of its orders."""
    try:
        found = pieces_of(scene, duty)
        if found.is_empty():
            return NOTHING
        return within_days(scene.ground, duty.code, duty.spec, duty.kind, as_pieces(found))
    except (pl.exceptions.PolarsError, KeyError, ValueError) as error:
        orders = duty.orders.select("order", from_t="start_t", certainty=pl.lit("CANNOT_EVALUATE"), keyed=pl.lit(0))
        return as_pieces(orders.with_columns(note=pl.lit(type(error).__name__)))


def read_spans(spans: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """The rows open at an instant, one per `key`; `count` (of what is unverified
    `count_most`) is brought to `at` and `days_late` (Int64) added.

    To read at the end of a local day, pass the last instant of that day (end_of_day - 1 microsecond).
    """
    moment = pl.lit(at)
    rows = spans.filter((pl.col("starts_at") <= moment) & (pl.col("ends_at").is_null() | (moment < pl.col("ends_at"))))
    zones = rows.get_column("zone").unique().drop_nulls().sort().to_list()
    today = local_day(pl.lit(at).cast(pl.Datetime("us", "UTC")), pl.col("zone"), zones)
    # by local days, for weeks are over at midnight on both sides of a clock change
    grown = (today - local_day(pl.col("starts_at"), pl.col("zone"), zones)) // pl.col("count_every")
    grown, sure = grown.fill_null(0).cast(pl.Int64), pl.col("certainty") == "CERTAIN"
    late = pl.min_horizontal(pl.col("done_on").cast(pl.Int32), today) - pl.col("due_on").cast(pl.Int32)
    return rows.with_columns(
        count=pl.col("count") + pl.when(sure).then(grown).otherwise(0),
        count_most=pl.col("count_most") + pl.when(sure).then(0).otherwise(grown),
        days_late=pl.when(late > 0).then(late).cast(pl.Int64),
    )


def tally(facts: FactFrames, packs: Packs, known_at: datetime, at: datetime) -> pl.DataFrame:
    """Counts of the current era per order at `at`, with what was known at `known_at`. Columns: TALLY."""
    scene, _ = set_up(sound(facts, packs, known_at)[0], packs, known_at, date(known_at.year + 1, 12, 31))
    return tally_of(scene, instant_number(at))
