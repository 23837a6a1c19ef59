"""The invented people of a population: one order each, its anchors, and how they will behave."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec
import polars as pl

from rules.calendar_table import day_number
from rules.frames import SCHEMAS
from rules.population.draws import Draws, at_hour

FAMILY: Final = 0
ZONES: Final = {"us_ca": "America/Los_Angeles", "us_ga": "America/New_York"}
ELSEWHERE: Final = "America/Chicago"
COURTS_OF_A_PACK: Final = 20
PEOPLE_OF_A_PROGRAM: Final = 120
SUNDAY: Final = 4  # the weekday of 1970-01-01 was a Thursday: Int32 day 3 was a Sunday


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a population is made from. `days` is how long facts go back from `until` (a local day, inclusive)."""

    people: int
    seed: int = 1
    packs: tuple[str, ...] = ("us_ca", "us_ga")
    until: date = date(2026, 11, 1)
    days: int = 426  # 14 months


def cast_of(recipe: Recipe, numbers: pl.Series) -> pl.DataFrame:
    """One row a person: who they are to the rules (`sentence`, `pack`, ...) and what they will do (`absent`, ...)."""
    draws = Draws(recipe.seed, FAMILY, by=None)
    last = day_number(recipe.until)
    begun_late = draws.chance(0, 0.15)
    people = pl.DataFrame({"person": numbers.cast(pl.Int64)}).with_columns(
        sentence=pl.col("person") * 4 + 1,
        last_day=pl.lit(last, dtype=pl.Int32),
        ordered=last - recipe.days + pl.when(begun_late).then(draws.below(1, 330)).otherwise(draws.below(2, 28)),
        pack=_named(list(recipe.packs), draws.below(3, len(recipe.packs))),
        court_no=draws.below(3, len(recipe.packs)) * COURTS_OF_A_PACK + draws.below(4, COURTS_OF_A_PACK),
        program=(draws.below(5, max(1, recipe.people // PEOPLE_OF_A_PROGRAM)) + 1).cast(pl.Int64),
        absent=_absent(draws),
        late=draws.below(7, 60_000),
        weekday=draws.below(8, 6),
        goes=draws.chance(9, 0.95),
        checks_in=draws.chance(10, 0.5),
        is_tested=draws.chance(11, 0.3),
        has_weapon=draws.chance(12, 0.4),
        is_protected=draws.chance(13, 0.6),
    )
    enrolled = pl.col("ordered") + 4 + draws.below(14, 40)
    first = enrolled + 1 + (pl.col("weekday") - enrolled - 1 + SUNDAY) % 7
    return people.with_columns(enrolled=enrolled).with_columns(first_class=first)


def _named(names: list[str], place: pl.Expr) -> pl.Expr:
    return place.replace_strict(list(range(len(names))), names, return_dtype=pl.String)


def _absent(draws: Draws) -> pl.Expr:
    """Parts in a million: most people miss a class now and then, a few miss every third."""
    drawn = draws.below(6, 100)
    return pl.when(drawn < 70).then(35_000).when(drawn < 92).then(110_000).otherwise(330_000).cast(pl.Int32)


def orders_of(recipe: Recipe, people: pl.DataFrame) -> pl.DataFrame:
    """The frame `orders`, sorted by order."""
    draws = Draws(recipe.seed, FAMILY, by=None)
    term = pl.when(pl.col("pack") == "us_ca").then(36).otherwise(24)
    zone = pl.col("pack").replace_strict(ZONES, default=ELSEWHERE, return_dtype=pl.String)
    conditions = [
        pl.lit("bip"),
        *(pl.when(name).then(pl.lit(word)) for name, word in _CONDITIONS.items()),
    ]
    ordered = pl.col("ordered").cast(pl.Date)
    rows = people.with_columns(
        order=pl.col("sentence"),
        zone=zone,
        court=pl.col("court_no").cast(pl.Int64) + 1,
        recorded_at=at_hour(pl.col("ordered") + draws.below(20, 4)),
        ordered_on=ordered,
        effective_on=ordered,
        granted_on=ordered,
        convicted_on=ordered,
        term_months=term,
        served_at=at_hour(pl.col("ordered"), 17),
        appeared=draws.chance(21, 0.97),
        in_custody=draws.chance(22, 0.1),
        treatment_started_on=pl.when(pl.col("goes") & draws.chance(23, 0.9)).then(pl.col("first_class").cast(pl.Date)),
        proceeding=pl.lit("criminal"),
        supervision=draws.one_of(24, {"formal": 85, "unsupervised": 12, "none": 3}),
        supervision_started_on=ordered,
        conditions=pl.concat_list(conditions).list.drop_nulls(),
        program_type=pl.lit("standard"),
        offense_number=1 + draws.below(25, 2),
        distance_miles=draws.below(26, 70),
    )
    schema = SCHEMAS["orders"]
    own = [pl.col(c).cast(t) if c in rows.columns else pl.lit(None, t).alias(c) for c, t in schema.items()]
    return rows.select(own).sort("order")


_CONDITIONS: Final = {
    "checks_in": "check_in",
    "is_tested": "testing",
    "has_weapon": "firearm_surrender",
    "is_protected": "no_contact",
}


def terms_of(recipe: Recipe, people: pl.DataFrame) -> pl.DataFrame:
    """The frame `terms`: some orders say how many absences they allow and by when to enroll."""
    draws = Draws(recipe.seed, FAMILY, by=None)
    told = {
        "bip.unexcused_absences_max": (draws.chance(30, 0.4), 2 + draws.below(31, 2)),
        "bip.enroll_deadline": (draws.chance(32, 0.5), pl.lit(30)),
        "hearing.review_within_days": (draws.chance(33, 0.3), pl.lit(90)),
        "report.immediately_means": (draws.chance(34, 0.2) & (pl.col("pack") == "us_ca"), pl.lit(3)),
    }
    rows = [
        people.filter(has).select(
            order=pl.col("sentence"),
            source=pl.lit("order"),
            term=pl.lit(term),
            number=number,
            cite=pl.lit("terms of the order"),
            recorded_at=at_hour(pl.col("ordered") + 1),
        )
        for term, (has, number) in told.items()
    ]
    both = pl.concat([one.with_columns(pl.col("number").cast(pl.Int64)) for one in rows])
    schema = SCHEMAS["terms"]
    own = [pl.col(c).cast(t) if c in both.columns else pl.lit(None, t).alias(c) for c, t in schema.items()]
    return both.select(own).sort("order", "term")


def holidays_of(recipe: Recipe) -> pl.DataFrame:
    """The frame `holidays`: every court's own closed days, a few a year."""
    years = range(recipe.until.year - 2, recipe.until.year + 3)
    days = ((1, 1), (2, 12), (5, 25), (6, 19), (7, 4), (9, 7), (11, 11), (11, 26), (12, 25))
    courts = range(1, len(recipe.packs) * COURTS_OF_A_PACK + 1)
    closed = [(court, date(year, *day)) for court in courts for year in years for day in days]
    rows = [(court, day, None) for court, day in closed if day.month != 2 or court % 2]
    return pl.DataFrame(rows, schema=SCHEMAS["holidays"], orient="row")
