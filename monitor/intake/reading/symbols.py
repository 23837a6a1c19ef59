"""Signs of picture fonts: which letter is drawn as a tick or a cross. No letter of such a font is the letter itself."""

from __future__ import annotations

# what each means is asked
TICKS = dict.fromkeys("üþPRa", "✓ (symbol)") | dict.fromkeys("ûýOQxr", "✗ (symbol)")
FONTS = frozenset({
    "wingdings", "wingdings 2", "wingdings 3", "webdings", "marlett", "zapfdingbats", "zapf dingbats",
    "itc zapf dingbats", "symbol", "ms outlook", "bookshelf symbol 7",
})  # fmt: skip
# Word and old Excel put the letters of such a font here
PRIVATE_FIRST, PRIVATE_LAST, OFFSET = "\uf020", "\uf0ff", 0xF000


def drawn(text: str) -> str:
    """What text in a picture font is called: a smiling face is a J there, and nobody was in custody."""
    letters = text.strip()
    return TICKS.get(letters, f"(symbol {letters})") if letters else ""


def pasted(text: str) -> str:
    """The same for a cell that is one such sign and nothing else; empty for every other."""
    return drawn(chr(ord(text) - OFFSET)) if len(text) == 1 and PRIVATE_FIRST <= text <= PRIVATE_LAST else ""
