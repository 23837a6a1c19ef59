"""A challenge is answered once, whatever process asks first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

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


def test_it_holds_for_five_minutes_and_not_one_instant_longer():
    challenge = challenges.new_challenge(SITE, "sign-in", NOW)
    assert challenges.holds(SITE, challenge, "sign-in", NOW + challenges.LIVES - timedelta(microseconds=1))
    assert not challenges.holds(SITE, challenge, "sign-in", NOW + challenges.LIVES)


@pytest.mark.parametrize(
    ("site", "purpose", "bound_to"),
    [
        (SITE, "enrol", b"mine"),
        (SITE, "confirm", b"theirs"),
        (SITE, "confirm", b""),
        ("another site's secret, long enough", "confirm", b"mine"),
    ],
)
def test_for_another_purpose_session_or_site_it_is_worth_nothing(site: str, purpose: str, bound_to: bytes):
    challenge = challenges.new_challenge(SITE, "confirm", NOW, b"mine")
    assert challenges.holds(SITE, challenge, "confirm", NOW, b"mine")
    assert not challenges.holds(site, challenge, purpose, NOW, bound_to)


def test_one_that_was_lengthened_cut_or_given_more_time_is_none_of_ours():
    challenge = challenges.new_challenge(SITE, "sign-in", NOW)
    later = bytearray(challenge)
    later[challenges.RANDOM + challenges.UNTIL - 1] ^= 1
    for forged in (b"", challenge[:-1], challenge + b"\0", bytes(later)):
        assert not challenges.holds(SITE, forged, "sign-in", NOW)
