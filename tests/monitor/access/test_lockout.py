"""Five tries in fifteen minutes, whoever counts and however many at once."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from monitor.access.lockout import release, subject_of, take_try

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
WHO = subject_of(b"k" * 32, "password", "officer@agency.example")

COUNT_IN_ANOTHER_PROCESS = """
import sys
from datetime import datetime
from monitor.access.lockout import subject_of, take_try
from monitor.db import Database
database = Database(sys.argv[1])
who = subject_of(b"k" * 32, "password", "officer@agency.example")
allowed = 0
for _ in range(20):
    with database.system("test: reserve") as session, session.begin():
        allowed += take_try(session, who, datetime.fromisoformat(sys.argv[2]), "account", "cjis") is not None
print(allowed)
"""


def attempt(database, minutes: float = 0, profile: str = "cjis") -> bool:
    with database.system("test: reserve") as session, session.begin():
        return take_try(session, WHO, NOW + timedelta(minutes=minutes), "account", profile) is not None


def test_the_sixth_try_is_locked(database):
    assert [attempt(database) for _ in range(8)] == [True] * 5 + [False] * 3


def test_of_a_hundred_at_once_five_are_looked_at(database):
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: attempt(database), range(100))) == 5


def test_the_count_holds_across_processes(database):
    command = [sys.executable, "-c", COUNT_IN_ANOTHER_PROCESS, database.url, NOW.isoformat()]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sum(int(process.communicate(timeout=180)[0]) for process in running) == 5


def test_a_lock_does_not_end_by_itself(database):
    for _ in range(6):
        attempt(database)
    assert not attempt(database, minutes=16)
    assert not attempt(database, minutes=60 * 24)


def test_five_tries_spread_wider_than_the_window_start_anew(database):
    assert all(attempt(database, minutes=minute) for minute in (0, 3, 6, 9, 12))
    assert all(attempt(database, minutes=minute) for minute in (16, 17, 18, 19, 20))
    assert not attempt(database, minutes=21)


def test_release_opens_it(database):
    for _ in range(6):
        attempt(database)
    with database.system("test: release") as session, session.begin():
        release(session, WHO)
    assert attempt(database)


def test_what_people_type_is_not_kept(database):
    assert WHO == subject_of(b"k" * 32, "password", "  Officer@Agency.example ")
    assert WHO != subject_of(b"j" * 32, "password", "officer@agency.example")
    assert WHO != subject_of(b"k" * 32, "code", "officer@agency.example")
    assert len(WHO) == 32


def test_in_profile_nist_the_sixth_try_waits_and_longer_each_time(database):
    assert [attempt(database, profile="nist") for _ in range(7)] == [True] * 5 + [False] * 2
    seconds, allowed = 0, []
    for _ in range(100):
        seconds += 15
        if attempt(database, minutes=seconds / 60, profile="nist"):
            allowed.append(seconds)
    assert allowed[:5] == [15, 30, 45, 60, 75]
    assert allowed[5:8] == [135, 195, 255], "from the tenth on a minute apart"


def test_in_profile_nist_a_hundred_in_a_row_lock_for_good(database):
    allowed = sum(attempt(database, minutes=16 * n, profile="nist") for n in range(130))
    assert allowed == 100
    assert not attempt(database, minutes=60 * 24 * 30, profile="nist")


def test_in_profile_nist_a_hundred_at_once_are_five(database):
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: attempt(database, profile="nist"), range(100))) == 5
