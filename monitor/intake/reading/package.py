"""The zip around a workbook: opened only if every part is where the standard puts it, and unpacked under a budget."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from monitor.intake.reading.tables import Limits, Refused

CHUNK = 1 << 16
LONGEST_TOKEN = 1 << 18  # bytes of one tag, name or comment: no program writes any of a tenth of it
CANONICAL = ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")
SHEET_PART = re.compile(r"xl/worksheets/[A-Za-z0-9_.-]+\.xml\Z")
FOREIGN = ("xl/externallinks/", "xl/embeddings/", "xl/activex/", "xl/querytables/", "xl/connections.xml", "xl/model/")
SYMLINK = 0o120000

Attributes = dict[str, str]
OnStart = Callable[[str, Attributes], None]
OnText = Callable[[str], None]
OnEnd = Callable[[str], None]


class Package:
    """An opened workbook file. ``scan`` feeds one part to callbacks; the budgets of unpacked bytes and of elements are
    shared by all parts: sixty kilobytes may hold fifteen million elements that say nothing."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            raise Refused("F-CORRUPT") from None
        self._left = limits.unpacked_bytes
        self._megabytes = limits.unpacked_bytes >> 20
        self._elements, self._most = 0, limits.elements
        self.names = frozenset(self._zip.namelist())
        self._refuse_oddities(limits)

    def _refuse_oddities(self, limits: Limits) -> None:
        entries = self._zip.infolist()
        if len(entries) > limits.parts:
            raise Refused("F-SIZE", f"parts|{len(entries):,}|{limits.parts}")
        lower = [entry.filename.lower() for entry in entries]
        if len(set(lower)) != len(lower):
            raise Refused("F-CORRUPT", "twice")
        for entry in entries:
            _refuse_entry(entry)
        if "xl/workbook.bin" in self.names:
            raise Refused("F-TYPE", "a binary workbook (.xlsb)")
        if "xl/workbook.xml" not in self.names:
            raise Refused("F-TYPE", "a compressed file or another kind of document")

    def scan(self, name: str, on_start: OnStart, on_text: OnText | None = None, on_end: OnEnd | None = None) -> None:
        """Parse one part; element names arrive without prefix. Refuses a DOCTYPE, so no entity is ever expanded."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._counted(on_start)
        if on_text:
            parser.CharacterDataHandler = on_text
        if on_end:
            parser.EndElementHandler = lambda tag: on_end(tag.rpartition(":")[2])
        try:
            fed = 0
            for chunk in self._chunks(name):
                parser.Parse(chunk, False)
                fed += len(chunk)
                # older expat reads a tag, name or comment that does not end from its beginning with every piece
                if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TOKEN + CHUNK:
                    raise Refused("F-CORRUPT")
            parser.Parse(b"", True)
        except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, OverflowError):
            raise Refused("F-CORRUPT") from None

    def _counted(self, on_start: OnStart) -> OnStart:
        def start(tag: str, attributes: Attributes) -> None:
            self._elements += 1
            if self._elements > self._most:
                raise Refused("F-SIZE", f"elements|{self._most:,}")
            on_start(tag.rpartition(":")[2], attributes)

        return start

    def _chunks(self, name: str) -> Iterator[bytes]:
        with self._open(name) as part:
            while chunk := part.read(CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise Refused("F-SIZE", f"unpacked|{self._megabytes}")
                yield chunk

    def _open(self, name: str) -> zipfile.ZipExtFile:
        try:
            return self._zip.open(name)  # type: ignore[return-value]
        except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
            raise Refused("F-CORRUPT") from None


def _refuse_entry(entry: zipfile.ZipInfo) -> None:
    name, lower = entry.filename, entry.filename.lower()
    parts = name.replace("\\", "/").split("/")
    if entry.flag_bits & 1:
        raise Refused("F-PASSWORD")
    if lower.endswith(("vbaproject.bin", "/vbadata.xml")) or "macrosheets/" in lower:
        raise Refused("F-MACRO")
    if name.startswith("/") or "\\" in name or ".." in parts or (entry.external_attr >> 16) & 0o170000 == SYMLINK:
        raise Refused("F-CORRUPT", "names")
    if lower.startswith(FOREIGN):
        raise Refused("F-CORRUPT", "links")
    # a reader that ignores case and one that does not would see two different workbooks
    if any(lower == known.lower() and name != known for known in CANONICAL):
        raise Refused("F-CORRUPT", "names")


def _refuse_doctype(*_ignored: object) -> None:
    raise Refused("F-CORRUPT", "doctype")


def sheet_parts(package: Package) -> dict[str, str]:
    """Relationship id to part name, for worksheets; refuses targets that only some readers would follow."""
    found: dict[str, str] = {}

    def relation(tag: str, given: Attributes) -> None:
        if tag != "Relationship":
            return
        kind = given.get("Type", "").rpartition("/")[2]
        target = given.get("Target", "")
        target = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        external = given.get("TargetMode") == "External"
        if external or (kind == "sharedStrings" and target != "xl/sharedStrings.xml"):
            raise Refused("F-CORRUPT", "links")
        if kind == "worksheet":
            if not SHEET_PART.fullmatch(target) or target not in package.names:
                raise Refused("F-CORRUPT", "links")
            found[given.get("Id", "")] = target

    package.scan("xl/_rels/workbook.xml.rels", relation)
    return found
