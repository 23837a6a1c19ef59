"""Who lives in the demo county: invented people only, and which story each of them tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import msgspec

GIVEN = (
    "Marcus", "Dwayne", "Luis", "James", "Robert", "Van Minh", "Aleksandr", "Terrence", "Joaquín", "Peter", "Samuel",
    "Darnell", "Ömer", "Kofi", "Wojciech", "Rafael", "Travis", "Miguel", "Denise", "Carla", "Andre", "Bao", "Colton",
    "Emeka", "Farid", "Gus", "Henry", "Ivan", "Jamal", "Kenji", "Leroy", "Mateo", "Nolan", "Óscar", "Pavel", "Quentin",
)  # fmt: skip
FAMILY = (
    "Doe", "O'Neal", "García-Ortiz", "Whitefeather", "Smith", "Tran", "Petrov", "Bell", "Núñez", "Haddad", "Okafor",
    "Kowalski", "Yılmaz", "Mensah", "Delgado", "Park", "Castellanos", "Lindqvist", "Abernathy", "Begay", "Cho",
    "Dragić", "Eriksen", "Fontaine", "Grabowski", "Hollis", "Ibarra", "Jovanović", "Kealoha", "Lacroix", "Maddox",
    "Nguyễn", "Ochoa", "Pham", "Quiroga", "Ruiz", "Sandoval", "Tuiasosopo", "Urbina", "Vance", "Whitlock", "Zamora",
)  # fmt: skip

# story -> how many of each hundred people; at least one of each lives here (contract 4)
STORIES: dict[str, int] = {
    "steady": 30, "excused_once": 8, "excused_at_limit": 3, "excused_over_limit": 2, "unexcused_recent": 8,
    "absences_pending": 6, "adjudication_overdue": 3, "not_enrolled": 4, "waitlist": 2, "custody": 2, "hospital": 2,
    "silent_program": 6, "corrected": 3, "conflict": 1, "firearm_overdue": 2, "review_overdue": 2,
    "progress_overdue": 3, "weaker_policy": 2, "discharged": 2, "two_orders": 2, "restarted": 1, "late_fourth": 2,
    "new_case": 3, "contested": 1,
}  # fmt: skip
GEORGIA_STORIES = ("steady", "excused_once", "late_fourth", "restarted", "absences_pending", "new_case", "conflict")


class Player(msgspec.Struct, frozen=True):
    """One invented person: names, birth date, language needed (or None), and the story told about them."""

    given: str
    family: str
    born_on: date
    language: str | None
    story: str


def players(count: int, rng: Random, today: date) -> Iterator[Player]:
    """``count`` people, no name twice, every story at least once, in a shuffled but fixed order."""
    names = [(given, family) for given in GIVEN for family in FAMILY]
    rng.shuffle(names)
    for (given, family), story in zip(names, _stories(count, rng), strict=False):
        born_on = today - timedelta(days=365 * 20 + rng.randrange(365 * 40))
        language = "es" if rng.random() < 0.08 else None
        yield Player(given, family, born_on, language, story)


def _stories(count: int, rng: Random) -> list[str]:
    told = list(STORIES)
    while len(told) < count:
        told += rng.choices(list(STORIES), weights=list(STORIES.values()), k=count - len(told))
    told = told[:count] if count >= len(STORIES) else told[: max(count, 1)]
    rng.shuffle(told)
    return told
