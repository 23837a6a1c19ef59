"""Invented populations of any size for benchmarks and tests: about 80 facts a person and year, no real person in them.

Each partition can be made by itself and is the same whatever else is made: facts depend on the seed and the person.
"""

from __future__ import annotations

import polars as pl

from rules.frames import FactFrames
from rules.partitions import partition_of
from rules.population import classes, supervision
from rules.population.people import Recipe, cast_of, holidays_of, orders_of, terms_of

__all__ = ["Recipe", "people_of", "population"]


def people_of(recipe: Recipe, partition: int = 0, partitions: int = 1) -> pl.Series:
    """The people (Int64, from 1) who belong to one of so many partitions."""
    people = pl.Series("person", range(1, recipe.people + 1), dtype=pl.Int64).to_frame()
    return people.filter(partition_of(pl.col("person"), partitions) == partition).to_series()


def population(recipe: Recipe, partition: int = 0, partitions: int = 1) -> FactFrames:
    """The frames of one partition, each sorted by person, day and id (orders and terms by order)."""
    people = cast_of(recipe, people_of(recipe, partition, partitions))
    sessions = classes.sessions_of(recipe.seed, people)
    by_name = {
        "submissions": classes.submissions_of,
        "enrollments": classes.enrollments_of,
        "reports": classes.reports_of,
        "schedules": supervision.schedules_of,
        "check_ins": supervision.check_ins_of,
        "tests": supervision.tests_of,
        "contacts": supervision.contacts_of,
        "pauses": supervision.pauses_of,
        "firearms": supervision.firearms_of,
        "fees": supervision.fees_of,
        "decisions": supervision.decisions_of,
        "incidents": supervision.incidents_of,
        "order_events": supervision.order_events_of,
    }
    made = {name: make(recipe.seed, people) for name, make in by_name.items()}
    return FactFrames.of(
        made
        | {
            "orders": orders_of(recipe, people),
            "terms": terms_of(recipe, people),
            "holidays": holidays_of(recipe),
            "sessions": sessions,
            "adjudications": classes.adjudications_of(recipe.seed, sessions, people),
            "certificates": classes.certificates_of(people, sessions),
        }
    )
