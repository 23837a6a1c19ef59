"""The outside of a copy: chunks of AES-256-GCM, numbered, the last one marked; a cut or changed file does not open.

First a line of JSON in the clear: the format, the version of the site's key, and a random salt from which, with that
key, the key of this one file is derived. The line is bound into every chunk.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from monitor.sealing import SealingKeys

FORMAT = "accountability monitor copy 1"
CHUNK = 1 << 20
TAG = 16
LONGEST_LINE = 300


class CopyError(ValueError):
    """The copy cannot be made, opened or put back; the text says why and what to do."""


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``key``: version of the site's key. ``salt``: 32 random bytes."""

    format: str
    key: int
    salt: bytes


class Writer:
    """Collects bytes and writes them as chunks; `close` writes the last one, without which the file does not open."""

    def __init__(self, file: BinaryIO, keys: SealingKeys) -> None:
        header = Header(FORMAT, keys.current, secrets.token_bytes(32))
        self._line = msgspec.json.encode(header) + b"\n"
        self._cipher = _cipher(header, keys)
        self._file, self._number, self._held = file, 0, bytearray()
        file.write(self._line)

    def write(self, data: bytes) -> None:
        self._held += data
        while len(self._held) > CHUNK:
            self._chunk(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]

    def close(self) -> None:
        self._chunk(bytes(self._held), last=True)

    def _chunk(self, data: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), data, self._line))
        self._number += 1


class Reader:
    """Gives bytes back. Nothing is handed out that was not proved to be whole up to there."""

    def __init__(self, file: BinaryIO, keys: SealingKeys) -> None:
        self._line = file.readline(LONGEST_LINE)
        self._cipher = _cipher(_header(self._line), keys)
        self._chunks = self._opened(file)
        self._held = bytearray()

    def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes; raises `CopyError` where there are fewer."""
        while len(self._held) < size:
            more = next(self._chunks, None)
            if more is None:
                raise CopyError("This copy ends too early: choose another one.")
            self._held += more
        found = bytes(self._held[:size])
        del self._held[:size]
        return found

    def at_end(self) -> bool:
        return not self._held and not any(self._chunks)

    def _opened(self, file: BinaryIO) -> Iterator[bytes]:
        number, chunk = 0, file.read(CHUNK + TAG)
        while True:
            following = file.read(CHUNK + TAG)
            try:
                yield self._cipher.decrypt(_nonce(number, last=not following), chunk, self._line)
            except (InvalidTag, ValueError):
                raise CopyError("This copy is cut short, changed, or of another key: choose another one.") from None
            if not following:
                return
            number, chunk = number + 1, following


def _header(line: bytes) -> Header:
    try:
        header = msgspec.json.decode(line, type=Header)
    except msgspec.DecodeError:
        header = None
    if header is None or header.format != FORMAT:
        raise CopyError("That file is not a sound copy that `monitor db backup` made; choose another one.")
    return header


def _cipher(header: Header, keys: SealingKeys) -> AESGCM:
    if header.key not in keys.by_version:
        raise CopyError(f"This copy was sealed with version {header.key} of the keys, which is gone here.")
    derived = HKDF(algorithm=SHA256(), length=32, salt=header.salt, info=b"monitor/copy")
    return AESGCM(derived.derive(keys.by_version[header.key]))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
