"""Sealed values: names on orders and sign-in secrets, unreadable in the database and unprintable by accident.

AES-256-GCM with a fresh nonce; the place a value belongs to (table, column, row) is bound into the seal, so a sealed
value moved to another row does not open. Keys are derived from the site's secret for one purpose each (RFC 5869).
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = b"\x01"
NONCE_BYTES = 12


class SealError(ValueError):
    """A sealed value does not open here: another key, another place, or damage. Says nothing of the content."""


def derive_key(secret: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose ("names", "totp", "audit", "forms") from the site's secret."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"monitor/{purpose}".encode()).derive(secret.encode())


def seal(key: bytes, text: str, place: str) -> bytes:
    """Seal ``text`` for ``place`` ("protected_party.sealed_name.123")."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, text.encode(), place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> str:
    """Open a sealed value; raises `SealError`. Callers record why they looked in the audit trail."""
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, place.encode()).decode()
    except (InvalidTag, ValueError):
        raise SealError("this value does not open here") from None
