"""Standard Webhooks 1.0: how a word is signed, so that its receiver knows who sent it and that nobody changed it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
BYTES: Final = 32


def new_secret() -> str:
    """256 random bits, as the standard writes them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def signature(secret: str, message_id: str, at: int, body: bytes) -> str:
    """``v1,`` and the HMAC-SHA256 of id, time (seconds) and body."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((message_id.encode(), str(at).encode(), body))
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def headers(secret_texts: Sequence[str], message_id: str, now: datetime, body: bytes) -> Mapping[str, str]:
    """The three headers; with two secrets, while one replaces the other, both signatures."""
    at = int(now.timestamp())
    return {
        "webhook-id": message_id, "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signature(one, message_id, at, body) for one in secret_texts),
    }  # fmt: skip
