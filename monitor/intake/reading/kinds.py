"""What a file is, by its first bytes and its name: both must agree, and what we cannot read says what it is."""

from __future__ import annotations

from pathlib import PurePath

from monitor.intake.reading.tables import Refused

TEXT_NAMES = frozenset({".csv", ".tsv", ".txt"})
WORKBOOK_NAMES = frozenset({".xlsx"})
MACRO_NAMES = frozenset({".xlsm", ".xltm", ".xlsb", ".xlam"})
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# the one stream that only a password-protected workbook has, in the container's UTF-16 directory
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"), (b"\x1f\x8b", "a gzip archive"), (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"), (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"), (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"), (b"\x04\x22\x4d\x18", "an lz4 archive"), (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"), (b"II*\x00", "a picture"),
    (b"{\\rtf", "a Word document"), (b"MZ", "a program"), (b"\x7fELF", "a program"), (b"SQLite format 3", "a database"),
    (b"PAR1", "a Parquet file"),
)  # fmt: skip


def kind_of(content: bytes, file_name: str, most: int) -> str:
    """"text" or "workbook"; raises `Refused` for everything else."""
    suffix = PurePath(file_name).suffix.lower()
    if len(content) > most:
        raise Refused("F-SIZE", f"{len(content) / 1_000_000:.1f}|{most // 1_048_576}")
    if suffix in MACRO_NAMES:
        raise Refused("F-MACRO")
    if content.startswith(OLD_EXCEL):
        raise Refused("F-PASSWORD" if ENCRYPTED in content else "F-OLD-EXCEL")
    if suffix not in TEXT_NAMES | WORKBOOK_NAMES:
        raise Refused("F-TYPE", f"a {suffix.lstrip('.').upper() or 'nameless'} file" if len(suffix) < 8 else "unknown")
    return _agreed(content, suffix)


def _agreed(content: bytes, suffix: str) -> str:
    if not content.strip(b"\0 \t\r\n"):
        raise Refused("F-EMPTY")
    found = next((name for start, name in SIGNATURES if content.startswith(start)), "")
    if suffix in WORKBOOK_NAMES:
        if found != "zip":
            raise Refused("F-TYPE" if found else "F-CORRUPT", found)
        return "workbook"
    if found:
        raise Refused("F-TYPE", "a compressed file or a workbook" if found == "zip" else found)
    if content.lstrip()[:14].lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise Refused("F-TYPE", "a web page")
    return "text"
