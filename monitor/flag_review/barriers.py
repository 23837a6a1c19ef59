"""The six questions that come before a first report to the court about a missed step (safeguard G2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

QUESTIONS: Final = {
    "language": "Language: is a class or a letter in a language the person does not read or speak?",
    "disability": "Disability or health: does something make the class hard to reach or to sit through?",
    "work_shift": "Work: does a shift or a job fall on the class?",
    "transport": "Transport: is there no way to get there and back?",
    "child_care": "Child care: is nobody there to look after a child at that time?",
    "program_seats": "The program: was it closed or full, or did it turn the person away?",
}
ANSWERS: Final = {"no": "No", "yes": "Yes, in the way", "fixed": "Yes, now fixed"}


def missing(answers: Mapping[str, str]) -> list[str]:
    """The questions without an answer."""
    return [name for name in QUESTIONS if answers.get(name) not in ANSWERS]


def in_the_way(answers: Mapping[str, str]) -> list[str]:
    """The questions answered with a yes that nobody has fixed."""
    return [name for name in QUESTIONS if answers.get(name) == "yes"]


def said(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers in words, as a review keeps them."""
    return {name: ANSWERS[answers[name]].lower() for name in QUESTIONS if answers.get(name) in ANSWERS}
