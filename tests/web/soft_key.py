"""A security key in software: makes passkeys and answers with them, truthfully or as a test wants it to lie."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN = "http://localhost:8000"
PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def b64(raw: bytes) -> str:
    """As browsers write bytes into JSON."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class SoftKey:
    """One authenticator with one passkey. ``count``: how often it has signed."""

    def __init__(self, domain: str = "localhost") -> None:
        self.domain, self.count = domain, 0
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.credential_id = secrets.token_bytes(32)

    def create(self, options: dict[str, Any], *, origin: str = ORIGIN, verified: bool = True) -> str:
        """What a browser posts after making the passkey."""
        told = self._told("webauthn.create", options["challenge"], origin)
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        credential = bytes(16) + struct.pack(">H", 32) + self.credential_id + cbor2.dumps(cose)
        data = self._data(HAS_KEY | (VERIFIED if verified else 0)) + credential
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._posted({"clientDataJSON": b64(told), "attestationObject": b64(made)})

    def get(
        self, options: dict[str, Any], *, origin: str = ORIGIN, verified: bool = True, count: int | None = None,
        domain: str = "", signed_by: Any = None,
    ) -> str:  # fmt: skip
        """What a browser posts after the key answered."""
        self.count = self.count + 1 if count is None else count
        told = self._told("webauthn.get", options["challenge"], origin)
        data = self._data(VERIFIED if verified else 0, domain)
        signature = (signed_by or self.key).sign(data + hashlib.sha256(told).digest(), ec.ECDSA(SHA256()))
        return self._posted({"clientDataJSON": b64(told), "authenticatorData": b64(data), "signature": b64(signature)})

    def _told(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def _data(self, flags: int, domain: str = "") -> bytes:
        of = hashlib.sha256((domain or self.domain).encode()).digest()
        return of + bytes([flags | PRESENT]) + struct.pack(">I", self.count)

    def _posted(self, response: dict[str, str]) -> str:
        known = b64(self.credential_id)
        return json.dumps({"id": known, "rawId": known, "type": "public-key", "response": response})
