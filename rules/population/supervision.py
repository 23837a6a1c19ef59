"""What officers and courts tell of a population: check-ins, contacts, tests, pauses, orders, incidents, decisions."""

from __future__ import annotations

from typing import Final

import polars as pl

from rules.population.draws import Draws, as_facts, at_hour, repeated

SCHEDULES, CHECK_INS, CONTACTS, TESTS, PAUSES, FIREARMS, FEES, DECISIONS, EVENTS, INCIDENTS = range(6, 16)
MONTHS: Final = 15


def schedules_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """Who checks in does so every four weeks, on days set in advance."""
    rows = repeated(people.filter("checks_in"), MONTHS).with_columns(
        on=pl.col("ordered"),
        recorded=pl.col("ordered") + 1,
        of=pl.lit("check_in"),
        program=pl.lit(None, pl.Int64),
        expected_on=(pl.col("ordered") + 14 + pl.col("n") * 28).cast(pl.Date),
    )
    return as_facts(
        "schedules", rows.filter(pl.col("expected_on").cast(pl.Int32) <= pl.col("last_day") + 28), SCHEDULES
    )


def check_ins_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """Most come on the day, a few on another or not at all."""
    draws = Draws(seed, CHECK_INS)
    rows = (
        repeated(people.filter("checks_in"), MONTHS)
        .filter(~draws.chance(0, 0.06))
        .with_columns(
            on=pl.col("ordered")
            + 14
            + pl.col("n") * 28
            + pl.when(draws.chance(1, 0.05)).then(draws.below(2, 5)).otherwise(0),
        )
    )
    return as_facts("check_ins", _told(rows, draws), CHECK_INS)


def contacts_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """About eight a year between officer and person, attempts among them."""
    draws = Draws(seed, CONTACTS)
    rows = repeated(people, 11).with_columns(
        on=pl.col("ordered") + 7 + pl.col("n") * 42 + draws.below(0, 24),
        kind=draws.one_of(1, {"direct": 80, "collateral": 20}),
        state=draws.one_of(2, {"completed": 88, "attempted": 9, "cancelled": 3}),
        method=draws.one_of(3, {"in_person": 60, "phone": 30, "video": 10}),
        place=draws.one_of(4, {"office": 60, "home": 25, "field": 15}),
    )
    return as_facts("contacts", _told(rows, draws), CONTACTS)


def tests_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """Monthly where the order asks for them."""
    draws = Draws(seed, TESTS)
    rows = repeated(people.filter("is_tested"), MONTHS).with_columns(
        on=pl.col("ordered") + 20 + pl.col("n") * 28 + draws.below(0, 14),
        result=draws.one_of(1, {"negative": 93, "positive": 5, "diluted": 1, "refused": 1}),
    )
    return as_facts("tests", _told(rows, draws), TESTS)


def pauses_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """Stretches in custody or hospital, a few of them not over yet."""
    draws = Draws(seed, PAUSES)
    rows = (
        repeated(people, 2)
        .filter(draws.chance(0, 0.035))
        .with_columns(
            on=pl.col("enrolled") + draws.below(1, 330),
            kind=draws.one_of(2, {"custody": 70, "hospital": 20, "court_stay": 10}),
            event=pl.lit("start"),
            basis=pl.lit("hold"),
        )
    )
    ends = pl.when(~draws.chance(3, 0.05)).then((pl.col("on") + 3 + draws.below(4, 60)).cast(pl.Date))
    rows = rows.with_columns(ends_on=ends, basis=pl.when(pl.col("kind") == "custody").then("basis"))
    return as_facts("pauses", rows.with_columns(recorded=pl.col("on") + draws.below(5, 10)), PAUSES)


def firearms_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """Given up, and shown to be given up, by most of those who were told to."""
    draws = Draws(seed, FIREARMS)
    rows = (
        repeated(people.filter("has_weapon"), 2)
        .filter(~draws.chance(0, 0.12))
        .with_columns(
            event=pl.when(pl.col("n") == 0).then(pl.lit("relinquished")).otherwise(pl.lit("proof_filed")),
            on=pl.col("ordered") + draws.below(1, 3) + pl.col("n") * 2,
        )
    )
    return as_facts("firearms", _told(rows, draws), FIREARMS)


def fees_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """Money that is unpaid, and mostly paid later."""
    draws = Draws(seed, FEES)
    owing = repeated(people, 2).filter(Draws(seed, FEES, by=None).chance(9, 0.15))
    rows = owing.with_columns(
        event=pl.when(pl.col("n") == 0).then(pl.lit("unpaid")).otherwise(pl.lit("paid")),
        on=pl.col("enrolled") + 40 + pl.col("n") * 60 + draws.below(0, 40),
    )
    return as_facts("fees", rows.with_columns(recorded=pl.col("on") + 1), FEES)


def decisions_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """Reviews held, and a few breaches that the court resolved."""
    draws = Draws(seed, DECISIONS)
    share = pl.when(pl.col("n") < 2).then(400_000).otherwise(25_000)
    rows = (
        repeated(people, 3)
        .filter(draws.chance(0, share))
        .with_columns(
            kind=pl.when(pl.col("n") < 2).then(pl.lit("review_held")).otherwise(pl.lit("breach_resolved")),
            by=pl.lit("court"),
            on=pl.col("ordered") + 80 + pl.col("n") * 90 + draws.below(1, 60),
        )
    )
    return as_facts("decisions", rows.with_columns(recorded=pl.col("on")), DECISIONS)


def order_events_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """A protective order beside the sentence: issued, mostly served the same day."""
    draws = Draws(seed, EVENTS)
    rows = (
        repeated(people.filter("is_protected"), 2)
        .filter((pl.col("n") == 0) | ~draws.chance(0, 0.05))
        .with_columns(
            order=pl.col("sentence") + 1,
            event=pl.when(pl.col("n") == 0).then(pl.lit("issued")).otherwise(pl.lit("served")),
            kind=pl.lit("criminal_no_contact"),
            contact_terms=pl.lit("no_contact"),
            stay_away=pl.lit(True),
            on=pl.col("ordered"),
            at=at_hour(pl.col("ordered"), 16 + pl.col("n")),
            recorded=pl.col("ordered"),
            until=at_hour(pl.col("ordered") + 1_095),
            method=pl.lit("in_person"),
        )
    )
    return as_facts("order_events", rows, EVENTS)


def incidents_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """Alleged acts, told by police, programs and devices."""
    draws = Draws(seed, INCIDENTS)
    rows = (
        repeated(people, 2)
        .filter(draws.chance(0, 0.03))
        .with_columns(
            kind=draws.one_of(1, {"contact": 60, "stay_away_entry": 20, "threat": 12, "new_violence": 8}),
            source=draws.one_of(2, {"law_enforcement": 60, "device": 20, "provider": 20}),
            channel=draws.one_of(3, {"in_person": 40, "text": 40, "call": 20}),
            on=pl.col("ordered") + 10 + draws.below(4, 400),
        )
    )
    return as_facts("incidents", _told(rows, draws), INCIDENTS)


def _told(rows: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """At an hour of the day, on record within two days."""
    return rows.with_columns(
        at=at_hour(pl.col("on"), 16 + draws.below(20, 6)), recorded=pl.col("on") + draws.below(21, 3)
    )
