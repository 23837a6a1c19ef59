"""The safety lint catches at least 95 of 100 synthetic notes that must not be kept, and leaves ordinary notes alone."""

from __future__ import annotations

import warnings

import pytest

from monitor.safety_lint import is_clean, lint
from tests.monitor.planted_notes import MISSED, NOTES

# safeguard T-A3: fifty invented notes, of every kind in safeguard A that a program's note could hold
UNSAFE = (
    "his wife said he moved to 12 Elm St",
    "lives at 4410 N. Orchard Avenue now",
    "moved to 77 River Rd apt 4",
    "she is at 9 W 3rd Street",
    "Apt 12B, ask for the manager",
    "PO Box 551",
    "in the trailer park behind the mill",
    "drove past her house on Sunday",
    "waits near her new workplace",
    "zip 97301-2214",
    "Riverbend, OR 97301",
    "zip code 97301",
    "call 503-555-0142",
    "(503) 555-0142 is the new number",
    "503.555.0142",
    "5035550142",
    "her cell is 555-0142",
    "write to jane.example@mail.example",
    "jane.example at gmail",
    "messages through Facebook",
    "posts on instagram about the group",
    "@jane_example_77",
    "she is staying at the shelter",
    "gone to a safe house",
    "the safehouse on the hill",
    "called the hotline last night",
    "talked with the advocate about him",
    "the crisis line phoned the program",
    "has a safety plan since May",
    "danger assessment was high",
    "lethality screen done at the scene",
    "the victim wants him back",
    "girlfriend called to say he is sick",
    "ex-wife reports new threats",
    "partner said he drinks again",
    "partner contact made on Tuesday",
    "his spouse told us he left",
    "the protected person was in the lobby",
    "baby's mother texted the facilitator",
    "mother of his children said he is home",
    "she said he took the car",
    "she told the front desk he was late on purpose",
    "he called her twice this week",
    "her new boyfriend picked up the car",
    "has a U visa pending",
    "worried about immigration",
    "undocumented, afraid of the police",
    "strangulation in the police report",
    "custody exchange is Fridays at six",
    "the children's school is around the corner",
)
SAFE = (
    "12 min late", "no call", "ER visit - note on file", "car trouble", "work ran late, brought a letter",
    "P $25", "Takes part; completed control log", "Two no-shows; $125 owed", "court date 11/16/2026",
    "court order 25-CR-000044", "left early, sick", "flu", "called in sick", "made up 11/9",
    "moved to the Wednesday group",
    "left a message; no answer", "funeral", "in custody", "holiday", "homework done", "shelter in place drill",
    "asked about the fee plan", "letter from employer", "bus broke down", "paid 40 on 11/02/2026",
    "new phone, will bring form",
)  # fmt: skip


def test_at_least_ninety_five_of_a_hundred_unsafe_notes_are_caught() -> None:
    missed = [note for note in UNSAFE if is_clean(note)]
    if missed:
        warnings.warn(f"the safety lint misses: {missed}", stacklevel=1)
    assert len(UNSAFE) == 50
    assert len(missed) <= len(UNSAFE) * 0.05, f"missed: {missed}"


@pytest.mark.parametrize("note", SAFE)
def test_an_ordinary_note_is_left_alone(note: str) -> None:
    assert lint(note) == ()


def test_of_fifty_planted_notes_at_least_ninety_five_of_a_hundred_are_caught_and_the_misses_are_known() -> None:
    missed = tuple(note for _, note in NOTES if is_clean(note))
    assert len(NOTES) == 50
    assert len(missed) <= 2
    assert missed == MISSED, "docs/security.md lists the misses: change both"


def test_a_hit_names_the_kind_of_information() -> None:
    assert lint("write to jane@mail.example") == ("EMAIL",)
    assert "ADDRESS" in lint("now at 12 Elm Street")
