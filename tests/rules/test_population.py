"""The same recipe makes the same people, on every machine and in every version, so that figures can be compared."""

from __future__ import annotations

import hashlib
from datetime import date

import polars as pl
import pytest

from rules.frames import FACTS, FactFrames
from rules.population import Recipe, people_of, population
from rules.population.people import cast_of

RECIPE = Recipe(people=300, seed=7, packs=("us_ca", "us_ga", "us_ny"), until=date(2026, 6, 30))


@pytest.fixture(scope="module")
def made() -> FactFrames:
    return population(RECIPE)


def mark(frame: pl.DataFrame) -> str:
    """A short hash of every cell, as text; order of rows is part of what is promised."""
    plain = frame.with_columns(pl.col(pl.List(pl.String)).list.join("+"))
    return hashlib.blake2b(plain.write_csv().encode(), digest_size=4).hexdigest()


# frame: (rows, mark). A change here changes every figure that was taken from such people: say so beside it.
MADE: dict[str, tuple[int, str]] = {
    "orders": (300, "f691e8f8"),  # two columns more (duties, last_on), empty here: the people are the same
    "holidays": (2550, "6439c5e5"),
    "terms": (364, "a73b0f32"),
    "sessions": (14251, "cba7002b"),
    "adjudications": (1103, "d07856d1"),
    "submissions": (3414, "d46c9d27"),
    "schedules": (1911, "dd487915"),
    "contacts": (2815, "71d1a7e4"),
    "check_ins": (1734, "b28b7522"),
    "tests": (1398, "537050d2"),
    "reports": (1291, "93f85111"),
    "enrollments": (869, "d0e95e48"),
    "pauses": (31, "4fd79aaf"),
    "order_events": (369, "64c8cbc0"),
    "incidents": (22, "1901425f"),
    "firearms": (216, "531089a3"),
    "fees": (97, "0729d782"),
    "certificates": (120, "49911d79"),
    "decisions": (234, "b826a329"),
}


def test_the_people_of_a_recipe_are_these_and_no_others(made: FactFrames) -> None:
    assert {name: (frame.height, mark(frame)) for name, frame in made.items() if not frame.is_empty()} == MADE


def test_most_people_miss_a_class_now_and_then_and_a_few_every_third() -> None:
    """Figures rest on these shares (in a million) to the last digit."""
    people = cast_of(RECIPE, people_of(RECIPE))
    often = dict(people.group_by("absent").len().rows())
    assert set(often) == {35_000, 110_000, 330_000}
    assert often[35_000] > often[110_000] > often[330_000] > 0


def test_nothing_happens_before_the_first_or_after_the_last_day(made: FactFrames) -> None:
    for name, frame in made.items():
        if name in FACTS and not frame.is_empty():
            assert frame["on"].max() <= RECIPE.until, name
    ordered = made.orders["ordered_on"]
    assert (ordered.min(), ordered.max() <= RECIPE.until) == (date(2025, 4, 30), True)


def test_another_seed_makes_other_people_and_another_length_more_of_them(made: FactFrames) -> None:
    other = population(Recipe(people=300, seed=8, packs=RECIPE.packs, until=RECIPE.until))
    assert mark(other.sessions) != mark(made.sessions)
    assert population(Recipe(people=400, seed=7)).orders["person"].n_unique() == 400
