"""Which characters our fonts can print, read from the fonts themselves.

PDF/UA-1 refuses a whole document for one glyph that no font has; so a character without one is replaced before
typesetting, and the page says so at its foot.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from struct import unpack_from

FONTS = Path(__file__).parent / "fonts"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LAST_LATIN = 0x24F  # below this Public Sans and Noto Sans have everything
KEPT_MARKS = frozenset("\u200c\u200d")  # joiners change how a script is shaped and print nothing themselves


def printable(text: str) -> str:
    """``text`` with every character that no font has replaced; control characters become spaces."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_printable(character) for character in unicodedata.normalize("NFC", text))


def _printable(character: str) -> str:
    if character in KEPT_MARKS:
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cf":  # marks of direction and width: nothing to see
        return ""
    known = 0x20 <= ord(character) <= LAST_LATIN or ord(character) in covered()
    return character if known else REPLACEMENT


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """Every code point that some font in `FONTS` maps to a glyph."""
    found: set[int] = set()
    for font in sorted(FONTS.glob("*.ttf")):
        found |= code_points(font.read_bytes())
    return frozenset(found)


def code_points(font: bytes) -> set[int]:
    """The code points of a TrueType font's Unicode character map (OpenType "cmap", formats 4 and 12)."""
    start = _table(font, b"cmap")
    (number,) = unpack_from(">H", font, start + 2)
    found: set[int] = set()
    for index in range(number):
        platform, _encoding, offset = unpack_from(">HHI", font, start + 4 + 8 * index)
        (form,) = unpack_from(">H", font, start + offset)
        if platform in (0, 3) and form in (4, 12):
            found |= (_segments if form == 4 else _groups)(font, start + offset)
    return found


def _table(font: bytes, tag: bytes) -> int:
    (number,) = unpack_from(">H", font, 4)
    for index in range(number):
        name, _sum, offset, _length = unpack_from(">4sIII", font, 12 + 16 * index)
        if name == tag:
            return int(offset)
    raise ValueError(f"this font has no {tag.decode()} table")


def _groups(font: bytes, at: int) -> set[int]:
    (number,) = unpack_from(">I", font, at + 12)
    found: set[int] = set()
    for index in range(number):
        first, last, glyph = unpack_from(">III", font, at + 16 + 12 * index)
        found |= set(range(first if glyph else first + 1, last + 1))
    return found


def _segments(font: bytes, at: int) -> set[int]:
    (twice,) = unpack_from(">H", font, at + 6)
    number, found = twice // 2, set()
    ends = unpack_from(f">{number}H", font, at + 14)
    starts = unpack_from(f">{number}H", font, at + 16 + twice)
    deltas = unpack_from(f">{number}H", font, at + 16 + 2 * twice)
    offsets = unpack_from(f">{number}H", font, at + 16 + 3 * twice)
    for index, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            here = at + 16 + 3 * twice + 2 * index + offsets[index] + 2 * (code - first)
            glyph = unpack_from(">H", font, here)[0] if offsets[index] else (code + deltas[index]) & 0xFFFF
            if glyph:
                found.add(code)
    return found
