"""The site's secret as a ring: keys that seal have versions and can be changed; keys that sign stay what they are.

A site starts with one secret, from which all keys are derived (RFC 5869). From the first change of keys on, the file of
``MONITOR_SECRET_KEY_FILE`` holds lines:

    sign SECRET            the first secret: it signs the trail, forms, recovery codes
    seal 2 SECRET          what is sealed from now on
    open 1 SECRET          what still opens

When version 1 is retired, ``sign SECRET`` becomes a line ``sign PURPOSE HEX`` for each purpose: the trail and recovery
codes can still be checked, and no key that seals can be derived from them.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

# what keys sign or count; all else seals. A purpose that is missing here is refused, so that none outlives its secret
SIGNING = ("audit", "forms", "lockout", "passkeys", "challenge", "recovery", "machines")
MOST_VERSIONS = 255  # a version is one byte of what it seals
LEAST_LETTERS = 32


class KeyRingError(ValueError):
    """The keys cannot be read or changed as asked; the text says why and never shows one."""


class Ring(msgspec.Struct, frozen=True):
    """``current``: the version that seals. ``secrets``: what opens, by version. ``root``: the secret that signs, or
    ``signing``: its keys by purpose once it is gone. Opaque in text."""

    current: int
    secrets: Mapping[int, str]
    root: str | None
    signing: Mapping[str, bytes]

    def __repr__(self) -> str:
        return f"<keys {sorted(self.secrets)}, sealing with {self.current}>"


class SealingKeys(msgspec.Struct, frozen=True):
    """Keys of one purpose by version, and which of them seals. Opaque in text."""

    current: int
    by_version: Mapping[int, bytes]

    def __repr__(self) -> str:
        return f"<keys {sorted(self.by_version)}>"


def expand(secret: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose from one secret."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"monitor/{purpose}".encode()).derive(secret.encode())


def derive_key(secret: str, purpose: str) -> bytes:
    """The key that signs for one of `SIGNING`; the same whatever version seals."""
    if purpose not in SIGNING:
        raise KeyRingError(f"{purpose} is nothing that keys sign here")
    ring = read_ring(secret)
    return expand(ring.root, purpose) if ring.root is not None else ring.signing[purpose]


@lru_cache(maxsize=256)
def sealing_keys(secret: str, purpose: str) -> SealingKeys:
    """The keys that seal and open for one purpose ("names", "totp")."""
    if purpose in SIGNING:
        raise KeyRingError(f"{purpose} is signed here, not sealed")
    ring = read_ring(secret)
    return SealingKeys(ring.current, {version: expand(one, purpose) for version, one in ring.secrets.items()})


@lru_cache(maxsize=16)
def read_ring(text: str) -> Ring:
    """The ring in the text of the setting; a single secret is a ring of one. Raises `KeyRingError`."""
    lines = [line.split(" ", 2) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not any(line[0] in ("seal", "open", "sign") for line in lines):
        return Ring(1, {1: text}, text, {})
    versions: dict[int, str] = {}
    signing: dict[str, bytes] = {}
    current = 0
    root: str | None = None
    for line in lines:
        match line:
            case ["seal" | "open" as how, number, secret] if _is_new_version(number, versions):
                versions[int(number)] = secret
                current = int(number) if how == "seal" and not current else current
            case ["sign", purpose, key] if purpose in SIGNING and re.fullmatch("[0-9a-f]{64}", key):
                signing[purpose] = bytes.fromhex(key)
            case ["sign", *secret] if secret and root is None:
                root = " ".join(secret)
            case _:
                raise KeyRingError("A line of the key file cannot be read; put a copy of it back.")
    return _whole(Ring(current, versions, root, signing))


def add_version(ring: Ring) -> Ring:
    """The same with a new secret that opens and does not seal yet."""
    newest = max(ring.secrets)
    if newest != ring.current:
        raise KeyRingError(f"Version {newest} waits to be used already: run `monitor keys rotate`.")
    if newest >= MOST_VERSIONS:
        raise KeyRingError("There is no further version: 255 is the last.")
    return msgspec.structs.replace(ring, secrets={**ring.secrets, newest + 1: secrets.token_urlsafe(48)})


def use_newest(ring: Ring) -> Ring:
    """The same with the newest version sealing."""
    return msgspec.structs.replace(ring, current=max(ring.secrets))


def without(ring: Ring, version: int) -> Ring:
    """The same without a version that no longer seals; with the first secret go all keys but those that sign."""
    if version not in ring.secrets or version == ring.current:
        raise KeyRingError(f"Version {version} is not one that only opens: it stays.")
    left = {number: secret for number, secret in ring.secrets.items() if number != version}
    if ring.root is not None and ring.root == ring.secrets[version]:
        kept = {purpose: expand(ring.root, purpose) for purpose in SIGNING}
        return Ring(ring.current, left, None, kept)
    return msgspec.structs.replace(ring, secrets=left)


def as_text(ring: Ring) -> str:
    """What the file holds."""
    lines = ["# Keys of this site. Keep a copy apart from every copy of the database."]
    lines += [f"sign {ring.root}"] if ring.root is not None else []
    lines += [f"sign {purpose} {key.hex()}" for purpose, key in sorted(ring.signing.items())]
    newest_first = sorted(ring.secrets.items(), reverse=True)
    lines += [f"{'seal' if version == ring.current else 'open'} {version} {secret}" for version, secret in newest_first]
    return "\n".join(lines) + "\n"


def write_ring(ring: Ring, file: Path) -> None:
    """Replace the file in one step, readable by its owner alone; whoever is killed leaves the old one or the new."""
    before = file.stat()
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as written:
            os.fchmod(written.fileno(), 0o400)
            if os.geteuid() == 0:
                os.fchown(written.fileno(), before.st_uid, before.st_gid)
            written.write(as_text(ring))
            written.flush()
            os.fsync(written.fileno())
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _is_new_version(number: str, versions: Mapping[int, str]) -> bool:
    return number.isascii() and number.isdigit() and 1 <= int(number) <= MOST_VERSIONS and int(number) not in versions


def _whole(ring: Ring) -> Ring:
    if not ring.current or (ring.root is None and set(ring.signing) != set(SIGNING)):
        raise KeyRingError("The key file is not whole; put a copy of it back.")
    if any(len(secret) < LEAST_LETTERS for secret in ring.secrets.values()):
        raise KeyRingError("A secret in the key file is too short; put a copy of it back.")
    return ring
