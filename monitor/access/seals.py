"""Small secrets kept sealed: AES-256-GCM, bound to the place they are kept in, keys derived from the site's key."""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
NONCE_BYTES = 12


class SealBroken(ValueError):
    """A sealed value does not open: another key, another place, or changed bytes."""


def derive_key(secret: str, purpose: str) -> bytes:
    """32 bytes for one purpose; keys of two purposes tell nothing about each other."""
    return hmac.digest(secret.encode(), f"monitor|{purpose}".encode(), hashlib.sha256)


def seal(key: bytes, plain: bytes, place: str) -> bytes:
    """Seal ``plain`` for ``place`` (such as ``app_user.totp_secret.17``); 29 bytes longer than it was."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, VERSION + place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """Open what `seal` made for the same place; raises `SealBroken`."""
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, body, sealed[:1] + place.encode())
    except (InvalidTag, ValueError):
        raise SealBroken(f"the seal of {place.rsplit('.', 1)[0]} does not open") from None
