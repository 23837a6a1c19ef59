"""Typst sources to tagged PDF. Same content and instant, same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import typst

from monitor.documents.glyphs import FONTS, REPLACEMENT, printable

SOURCES = Path(__file__).parent
MARKED = f"A letter printed as {REPLACEMENT} is in no font of this system; the screen shows it."


def typeset(source: str, content: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF of ``source`` ("bench.typ") filled with ``content``; ``at`` is the instant that the file bears."""
    pdf = typst.compile(
        SOURCES / source, root=SOURCES, font_paths=_fonts(), ignore_system_fonts=True, format="pdf",
        pdf_standards=["ua-1"], timestamp=int(at.timestamp()),
        sys_inputs={"data": msgspec.json.encode(cleaned(content)).decode()},
    )  # fmt: skip
    assert isinstance(pdf, bytes)
    return pdf


def cleaned(content: Any) -> Any:
    """The content with every string made printable (see `monitor.documents.glyphs`)."""
    if isinstance(content, str):
        return printable(content)
    if isinstance(content, Mapping):
        return {key: cleaned(value) for key, value in content.items()}
    if isinstance(content, Sequence):
        return [cleaned(value) for value in content]
    return content


def has_marks(content: Any) -> bool:
    """Whether a string of the content holds a character that no font has."""
    return REPLACEMENT in msgspec.json.encode(cleaned(content)).decode()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
