"""From outside, an account that does not exist, is locked, is disabled or has another password is one and the same."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from monitor.access.lockout import take_try
from monitor.access.roles import Role
from monitor.models import User
from monitor.users import lock_subjects, reset_user
from tests.web.accounts import SECRET, new_account

GUESS = "guess after guess"


@pytest.fixture
def people(database):
    """An e-mail address for each case; those with tries to spare are many, since five are all one has."""
    now = datetime.now(UTC)

    def named(state: str, number: int) -> str:
        with database.system("test: an account") as session, session.begin():
            if state == "unknown":
                return f"nobody.{number}@agency.example"
            account = new_account(session, Role.OFFICER)
            if state == "disabled":
                session.execute(update(User).where(User.id == account.user_id).values(disabled_at=now))
            if state == "locked":
                for _ in range(6):
                    take_try(session, lock_subjects(SECRET, account.email, 0)[0], now, "account", "cjis")
            if state == "not yet set up":
                reset_user(session, account.email, SECRET, now)
            return account.email

    return named


STATES = ("wrong", "unknown", "disabled", "locked", "not yet set up")


def test_status_body_and_headers_are_the_same(client, people):
    seen = set()
    for state in STATES:
        email = people(state, 1)
        answer = client.post("/sign-in", data={"email": email, "password": GUESS})
        told = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "content-length")}
        seen.add((answer.status_code, answer.text.replace(email, ""), tuple(sorted(told.items()))))
    assert len(seen) == 1
    assert next(iter(seen))[0] == 401


def measured(client, people, rounds: int, clock=time.perf_counter) -> dict[str, list[float]]:
    """Milliseconds of each by ``clock``, taken in turn, so that a busy machine slows all of them alike."""
    times: dict[str, list[float]] = {state: [] for state in STATES}
    emails = {state: "" for state in STATES}
    for number in range(rounds):
        for state in STATES:
            if number % 4 == 0:
                emails[state] = people(state, number)
            started = clock()
            client.post("/sign-in", data={"email": emails[state], "password": GUESS})
            times[state].append((clock() - started) * 1000)
    return times


def test_an_unknown_address_costs_as_much_time_as_a_known_one(client, people, database):
    if not database.is_sqlite:
        pytest.skip("the slow test measures both")
    took = measured(client, people, 12, time.process_time)  # of the processor: others' work counts for nothing
    medians = {state: statistics.median(times) for state, times in took.items()}
    assert max(medians.values()) < 1.6 * min(medians.values()), medians


@pytest.mark.slow
def test_over_two_hundred_runs_the_medians_lie_within_ten_milliseconds(client, people):
    medians = {state: statistics.median(times) for state, times in measured(client, people, 200).items()}
    assert max(medians.values()) - min(medians.values()) < 10, medians
