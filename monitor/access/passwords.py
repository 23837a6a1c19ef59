"""Passwords: argon2id, at most four hashed at a time, and the same work for people who do not exist."""

from __future__ import annotations

import threading
from typing import NamedTuple

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

LONGEST_BYTES = 256
SHORTEST = 15
WAIT_SECONDS = 5

_HASH = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19456, parallelism=1),))
# A sign-in flood must not take every processor from the people already at work.
_SLOTS = threading.BoundedSemaphore(4)
# The hash of nobody's password: an unknown address costs as much time as a known one.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$2oVNUGlanKd1TlUHHe8Uog$0YoBFzFdIi4MduOBW18cPalXbge29Edv5k1FIPy9vEc"


class PasswordsBusy(RuntimeError):
    """Too many sign-ins at this moment; try again in a few seconds."""


class Checked(NamedTuple):
    """Whether the password is right, and a stronger hash to keep instead if the old one used older settings."""

    right: bool
    better_hash: str | None


def hash_password(password: str) -> str:
    """The hash to keep. Raises `PasswordsBusy`."""
    _take_slot()
    try:
        return _HASH.hash(password)
    finally:
        _SLOTS.release()


def check_password(password: str, stored: str | None) -> Checked:
    """Compare with ``stored``; ``None`` (no such account) takes as long and is never right. Raises `PasswordsBusy`."""
    usable = len(password.encode()) <= LONGEST_BYTES
    _take_slot()
    try:
        right, better = _HASH.verify_and_update(password if usable else "", stored or _NOBODY)
    finally:
        _SLOTS.release()
    good = right and usable and stored is not None
    return Checked(good, better if good else None)


def problems_with(password: str, about: tuple[str, ...] = ()) -> list[str]:
    """What stands against a new password, each a sentence; ``about``: names that others would try first."""
    found = []
    if len(password) < SHORTEST:
        found.append(f"Use at least {SHORTEST} characters. Several words with spaces are fine.")
    if len(password.encode()) > LONGEST_BYTES:
        found.append(f"Use at most {LONGEST_BYTES} bytes; yours is longer.")
    if "\0" in password:
        found.append("A password cannot hold the NUL character.")
    if len(set(password)) < 5:
        found.append("Use at least five different characters.")
    if any(word in password.casefold() for word in _guessable(about)):
        found.append("Leave out your name, your e-mail, your agency's name and the name of this system.")
    return found


def _guessable(about: tuple[str, ...]) -> list[str]:
    words = [part for text in about for part in text.casefold().replace("@", " ").split()]
    return [word for word in words if len(word) >= 4] + ["accountability monitor", "accountabilitymonitor"]


def _take_slot() -> None:
    if not _SLOTS.acquire(timeout=WAIT_SECONDS):
        raise PasswordsBusy
