"""Where a place can stand and which moves lead on: one table, read by the code, the screen and the test."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec


class State(StrEnum):
    """Where a place stands; drawn from its events, never stored."""

    REFERRED = "REFERRED"
    INTAKE_SET = "INTAKE_SET"
    WAITING = "WAITING"
    ENROLLED = "ENROLLED"
    COMPLETED = "COMPLETED"
    DISCHARGED = "DISCHARGED"
    DECLINED = "DECLINED"


TITLES: Final = {
    State.REFERRED: "Referred", State.INTAKE_SET: "Intake set", State.WAITING: "Waiting for a group",
    State.ENROLLED: "In a group", State.COMPLETED: "Completed", State.DISCHARGED: "Discharged",
    State.DECLINED: "Declined",
}  # fmt: skip


class Move(msgspec.Struct, frozen=True):
    """One move. ``asks``: the form's fields; ``event`` written as `EnrollmentEvent` ("": another fact is)."""

    name: str
    label: str
    origins: frozenset[State]
    to: State
    event: str
    asks: tuple[str, ...]


R, I, W, E = State.REFERRED, State.INTAKE_SET, State.WAITING, State.ENROLLED  # noqa: E741
OPEN: Final = frozenset({R, I, W, E})


def _move(name: str, label: str, origins: Iterable[State], to: State, event: str, *asks: str) -> Move:
    return Move(name, label, frozenset(origins), to, event, asks)


MOVES: Final[tuple[Move, ...]] = (
    _move("reach", "We reached the person", [R], R, "CONTACTED", "on"),
    _move("set_intake", "Set an intake", [R, I], I, "INTAKE_SCHEDULED", "on"),
    _move("hold_intake", "The intake was held", [R, I], W, "INTAKE_HELD", "on"),
    _move("miss_intake", "The person did not come to the intake", [I], R, "INTAKE_FAILED", "on"),
    _move("wait", "Put on the waiting list", [R, I, W], W, "", "on", "seat_on"),
    _move("place", "Place in a group", [R, I, W], E, "ENROLLED", "on", "group", "from_program", "why_moved", "agreed"),
    _move("regroup", "Change the group", [E], E, "GROUP_CHANGED", "on", "group"),
    _move("leave", "Approve leave ahead of time", [E], E, "", "on", "until_on", "agreed"),
    _move("discharge", "Discharge", [I, W, E], State.DISCHARGED, "DISCHARGED", "on", "why", "ability", "words"),
    _move("complete", "Certify completion", [E], State.COMPLETED, "DISCHARGED", "on", "words"),
    _move("decline", "Decline the referral", [R, I], State.DECLINED, "REJECTED", "on", "words"),
)  # fmt: skip
BY_NAME: Final = {move.name: move for move in MOVES}


class Happened(NamedTuple):
    """An event of a place as far as its state goes; a waiting-list letter is "WAITLISTED"."""

    event: str
    why: str | None


LEADS_TO: Final = {
    "INTAKE_SCHEDULED": I, "INTAKE_HELD": W, "INTAKE_FAILED": R, "WAITLISTED": W, "ENROLLED": E, "GROUP_CHANGED": E,
    "REJECTED": State.DECLINED, "EXITED": State.DISCHARGED,
}  # fmt: skip


def state_after(events: Iterable[Happened]) -> State:
    """Where the place stands after its events, oldest first."""
    state = R
    for one in events:
        if one.event == "DISCHARGED":
            state = State.COMPLETED if one.why == "COMPLETED" else State.DISCHARGED
        elif one.event != "REFERRED":
            state = LEADS_TO.get(one.event, state)
    return state


def moves_from(state: State) -> tuple[Move, ...]:
    """The moves that lead on from here."""
    return tuple(move for move in MOVES if state in move.origins)
