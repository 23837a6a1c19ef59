"""Passwords: argon2id (or PBKDF2 in profile ``fips``), at most four hashed at a time, the same work for nobody."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Literal, NamedTuple

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from monitor.access.common_passwords import is_common
from monitor.access.pbkdf2 import Pbkdf2Hasher

Profile = Literal["argon2id", "fips"]

LONGEST_BYTES = 256
SHORTEST = 15
WAIT_SECONDS = 5

_ARGON = Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1)
# The first of each makes new hashes; a hash of the other kind is read, and replaced at the next right password.
_HASH: Final = {
    "argon2id": PasswordHash((_ARGON, Pbkdf2Hasher())),
    "fips": PasswordHash((Pbkdf2Hasher(), _ARGON)),
}
# A sign-in flood must not take every processor from the people already at work.
_SLOTS = threading.BoundedSemaphore(4)
# The hashes of nobody's password: an unknown address costs as much time as a known one.
_NOBODY: Final = {
    "argon2id": "$argon2id$v=19$m=19456,t=2,p=1$2oVNUGlanKd1TlUHHe8Uog$0YoBFzFdIi4MduOBW18cPalXbge29Edv5k1FIPy9vEc",
    "fips": "$pbkdf2-sha256$600000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
}


class PasswordsBusy(RuntimeError):
    """Too many sign-ins at this moment; try again in a few seconds."""


class Checked(NamedTuple):
    """Whether the password is right, and a stronger hash to keep instead if the old one used older settings."""

    right: bool
    better_hash: str | None


@contextmanager
def one_at_work() -> Iterator[None]:
    """A turn at hashing. Raises `PasswordsBusy` when none comes free in time."""
    slots = _SLOTS
    if not slots.acquire(timeout=WAIT_SECONDS):
        raise PasswordsBusy
    try:
        yield
    finally:
        slots.release()


def hash_password(password: str, profile: Profile = "argon2id") -> str:
    """The hash to keep. Raises `PasswordsBusy`."""
    with one_at_work():
        return _HASH[profile].hash(password)


def check_password(password: str, stored: str | None, profile: Profile = "argon2id") -> Checked:
    """`compare`, after waiting for a turn. Raises `PasswordsBusy`."""
    with one_at_work():
        return compare(password, stored, profile)


def compare(password: str, stored: str | None, profile: Profile = "argon2id") -> Checked:
    """Compare with ``stored``; ``None`` (no such account) takes as long and is never right. Inside `one_at_work`."""
    usable = len(password.encode(errors="replace")) <= LONGEST_BYTES
    try:
        right, better = _HASH[profile].verify_and_update(password if usable else "", stored or _NOBODY[profile])
    except (UnknownHashError, UnicodeEncodeError):
        return Checked(False, None)
    good = right and usable and stored is not None
    return Checked(good, better if good else None)


def problems_with(password: str, about: tuple[str, ...] = ()) -> list[str]:
    """What stands against a new password, each a sentence; ``about``: names that others would try first."""
    found = []
    if len(password) < SHORTEST:
        found.append(f"Use at least {SHORTEST} characters. Several words with spaces are fine.")
    if len(password.encode(errors="replace")) > LONGEST_BYTES:
        found.append(f"Use at most {LONGEST_BYTES} bytes; yours is longer.")
    if any(letter == "\0" or unicodedata.category(letter) == "Cs" for letter in password):
        found.append("A password cannot hold the NUL character or half a character.")
    if len(set(password)) < 5:
        found.append("Use at least five different characters.")
    if any(word in password.casefold() for word in _guessable(about)):
        found.append("Leave out your name, your e-mail, your agency's name and the name of this system.")
    if is_common(password):
        found.append("Many people use this password, or one built like it: it is on our list. Choose other words.")
    return found


def _guessable(about: tuple[str, ...]) -> list[str]:
    words = [part for text in about for part in text.casefold().replace("@", " ").split()]
    return [word for word in words if len(word) >= 4] + ["accountability monitor", "accountabilitymonitor"]
