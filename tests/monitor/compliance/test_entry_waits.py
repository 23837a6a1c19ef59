"""Changed terms that wait for the registry: one stretch a wait, and what a number that was taken back reopens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from monitor.compliance.entry_waits import waits_of

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
Told = list[tuple[int, int, int | None, int | None]]


class Step(msgspec.Struct):
    """What a step says of itself."""

    id: int
    kind: str
    action: str | None
    occurred_at: datetime
    recorded_at: datetime
    how: str | None = None


def step(number: int, kind: str, action: str | None = None, on: int | None = None, how: str | None = None) -> Step:
    """Recorded on day ``number``, of day ``on``."""
    when = number if on is None else on
    return Step(number, kind, action, NOON + timedelta(when), NOON + timedelta(number), how)


def told(*steps: Step) -> Told:
    """(step, since day, until day, step that it takes the place of) of every version."""
    def day(at: datetime | None) -> int | None:
        return None if at is None else (at - NOON).days

    return [(one.id, day(one.since) or 0, day(one.until), one.supersedes) for one in waits_of(steps)]


ENTERED = step(1, "TO_ENTER", "ENTER"), step(2, "ENTERED")


def test_a_first_entry_a_service_and_an_end_are_no_changed_terms() -> None:
    assert told(*ENTERED, step(3, "TO_ENTER", "SERVE"), step(4, "ENTERED"), step(5, "TO_ENTER", "CLEAR")) == []


def test_a_change_waits_since_its_signing_until_it_is_confirmed() -> None:
    assert told(*ENTERED, step(5, "TO_ENTER", "MODIFY", on=3), step(6, "ENTERED")) == [(5, 3, None, None), (6, 3, 6, 5)]


def test_a_second_change_waits_with_the_first_one_and_one_after_the_confirmation_on_its_own() -> None:
    steps = (step(3, "TO_ENTER", "MODIFY"), step(4, "TO_ENTER", "MODIFY"), step(5, "ENTERED"),
             step(7, "TO_ENTER", "MODIFY"))  # fmt: skip
    assert told(*ENTERED, *steps) == [(3, 3, None, None), (5, 3, 5, 3), (7, 7, None, None)]


def test_a_change_entered_late_is_not_ended_by_a_number_of_before_its_record() -> None:
    steps = step(5, "ENTERED"), step(6, "TO_ENTER", "MODIFY", on=3)
    assert told(*ENTERED, *steps) == [(6, 3, None, None)]


def test_a_number_taken_back_reopens_the_wait_as_if_it_had_never_ended() -> None:
    steps = step(3, "TO_ENTER", "MODIFY"), step(5, "ENTERED"), step(8, "TO_ENTER", "MODIFY", on=3, how="OTHER_ORDER")
    assert told(*ENTERED, *steps) == [(3, 3, None, None), (5, 3, 5, 3), (8, 3, None, 5)]


def test_a_number_taken_back_that_had_confirmed_something_else_reopens_nothing() -> None:
    change = step(3, "TO_ENTER", "MODIFY"), step(5, "ENTERED")
    service = step(6, "TO_ENTER", "MODIFY", how="TAKEN_BACK"), step(7, "ENTERED")
    again = step(8, "TO_ENTER", "MODIFY", on=6, how="NUMBER_WRONG")
    assert told(*ENTERED, *change, *service, again) == [(3, 3, None, None), (5, 3, 5, 3)]


def test_a_service_that_was_taken_back_changes_no_term() -> None:
    assert told(*ENTERED, step(3, "TO_ENTER", "MODIFY", how="TAKEN_BACK")) == []


def test_with_the_end_of_the_order_no_change_of_it_waits() -> None:
    steps = step(3, "TO_ENTER", "MODIFY"), step(6, "TO_ENTER", "CANCEL")
    assert told(*ENTERED, *steps) == [(3, 3, None, None), (6, 3, 6, 3)]
