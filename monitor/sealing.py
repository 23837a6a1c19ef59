"""Sealed values: names on orders and sign-in secrets, unreadable in the database and unprintable by accident.

AES-256-GCM with a fresh nonce; the place a value belongs to (table, column, row) is bound into the seal, so a sealed
value moved to another row does not open. The first byte is the version of the key (`monitor.site_keys`): what is sealed
uses the newest, what was sealed earlier opens as long as its version is kept.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from monitor.site_keys import SealingKeys, derive_key, sealing_keys

__all__ = ["NONCE_BYTES", "SealError", "SealingKeys", "derive_key", "seal", "sealing_keys", "unseal"]

NONCE_BYTES = 12


class SealError(ValueError):
    """A sealed value does not open here: another key, another place, or damage. Says nothing of the content."""


def seal(keys: SealingKeys, text: str, place: str) -> bytes:
    """Seal ``text`` for ``place`` ("protected_party.sealed_name.123")."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    body = AESGCM(keys.by_version[keys.current]).encrypt(nonce, text.encode(), place.encode())
    return bytes([keys.current]) + nonce + body


def unseal(keys: SealingKeys, sealed: bytes, place: str) -> str:
    """Open a sealed value; raises `SealError`. Callers record why they looked in the audit trail."""
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(keys.by_version[sealed[0]]).decrypt(nonce, body, place.encode()).decode()
    except (InvalidTag, ValueError, LookupError):
        raise SealError("this value does not open here") from None
