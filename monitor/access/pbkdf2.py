"""PBKDF2-HMAC-SHA256 for sites that must use approved functions only (profile ``fips``; NIST SP 800-132)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

PREFIX = "$pbkdf2-sha256$"
ROUNDS = 600_000
SALT_BYTES, KEY_BYTES = 16, 32


class Pbkdf2Hasher:
    """A hasher as pwdlib takes them. Form: ``$pbkdf2-sha256$rounds$salt$key``, both in base 64."""

    @classmethod
    def identify(cls, hash: str | bytes) -> bool:
        """Whether the stored text is one of ours."""
        return _text(hash).startswith(PREFIX)

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """What is kept for a password."""
        salt = salt or secrets.token_bytes(SALT_BYTES)
        key = hashlib.pbkdf2_hmac("sha256", _bytes(password), salt, ROUNDS, KEY_BYTES)
        return f"{PREFIX}{ROUNDS}${_b64(salt)}${_b64(key)}"

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:
        """Whether the password is the one that was kept."""
        rounds, salt, key = _parts(hash)
        return hmac.compare_digest(hashlib.pbkdf2_hmac("sha256", _bytes(password), salt, rounds, len(key)), key)

    def check_needs_rehash(self, hash: str | bytes) -> bool:
        """Whether it was made with fewer rounds than today's."""
        return _parts(hash)[0] < ROUNDS


def _parts(stored: str | bytes) -> tuple[int, bytes, bytes]:
    rounds, salt, key = _text(stored).removeprefix(PREFIX).split("$")
    return int(rounds), base64.b64decode(salt), base64.b64decode(key)


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
