"""A challenge is answered once, whatever process asks first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from monitor.access import challenges

SITE = "a secret of the test site, long enough"
NOW = datetime(2026, 11, 25, 8, 0, 0, tzinfo=UTC)


def test_of_eight_answers_to_one_challenge_exactly_one_counts(database):
    challenge = challenges.new_challenge(SITE, "sign-in", NOW)

    def spend(_turn: int) -> bool:
        with database.system("test: spend") as session, session.begin():
            return challenges.spend(session, challenge, NOW)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(spend, range(8))) == 1


def test_two_challenges_of_one_moment_are_two(database):
    with database.system("test: spend") as session, session.begin():
        for _ in range(2):
            assert challenges.spend(session, challenges.new_challenge(SITE, "sign-in", NOW), NOW)
