"""The sheet's own key to its signs: "X = present  O = absent", "A - Attended, N - No show", "Present = X"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from monitor.intake.cells.preamble import LONGEST_CELL, LONGEST_LINE
from monitor.intake.cells.statuses import fold_word
from monitor.intake.vocabulary import status_codes

SIGN = r"[A-Za-z0-9/✓✔☑√✗✘☒×\-–—+*]{1,4}"
JOINS = r"(?:=>|->|[=→:–—-]|(?:is|means|es|significa)\b)"
KEY = re.compile(
    rf"(?:^|[\s,;:(|])({SIGN})\s*=\s*([^=;,|]{{2,40}}?)\s*(?=$|[;,|)]|\s{{2,}}|\s{SIGN}\s*=)",
    re.IGNORECASE,
)
HEADING = re.compile(r"(?:key|legend|codes?|clave)\b\s*[:=–-]?\s*", re.IGNORECASE)
HEADS = re.compile(r"(?:key|legend|codes?|clave)\s*:?", re.IGNORECASE)
HEADS_SHEET = re.compile(r"codes?|signs?|symbols?|marks?|letters?|c[oó]digos?|clave|s[ií]mbolos?", re.IGNORECASE)
# one sign and its word: "A = attended", "A - Attended", "A (attended)", "(A) attended"; behind a heading "A attended"
WORD = r"([^=→]{2,40})"
ALONE = re.compile(rf"({SIGN})\s*[-–:]\s+(\D{{2,40}})", re.IGNORECASE)
PART = re.compile(rf"\(?({SIGN})\)?\s*{JOINS}\s*{WORD}|({SIGN})\s*\({WORD}\)|\(({SIGN})\)\s*{WORD}", re.IGNORECASE)
HEADED = re.compile(rf"({SIGN})\s+{WORD}", re.IGNORECASE)
# the other way round: "Present = X", "No show (NS)"
REVERSED = re.compile(rf"([^=→:()]{{3,40}}?)\s*(?:(?:=|->|→|:)\s*({SIGN})|\(({SIGN})\))", re.IGNORECASE)
BETWEEN = re.compile(r"\s*[;|]\s*|,\s+|\s+/\s+|\s{2,}")
BEFORE_SIGN = re.compile(rf"\s+(?:[-–—]\s+)?(?=\({SIGN}\)\s|{SIGN}\s*(?:{JOINS}|\())", re.IGNORECASE)
Pairs = list[tuple[str, str]]


def read_key(rows: Iterable[Sequence[str]], *, listed: bool = False) -> dict[str, str]:
    """Sign in lower case to status code.

    ``listed``: the lines may also hold a sign in one cell and its word in the next. Two meanings of one sign: "?".
    """
    found: dict[str, str] = {}
    twice: set[str] = set()
    for row in rows:
        for sign, word in _pairs([cell for cell in row if cell], listed):
            code = status_codes().get(fold_word(word))
            if code in (None, "?", "DISCH"):
                twice |= {sign.lower()} if _means_otherwise(sign, word) else set()
                continue
            twice |= {sign.lower()} if found.setdefault(sign.lower(), str(code)) != code else set()
    # a key that says two things of one sign explains nothing: the sign is asked about
    return found | dict.fromkeys(twice, "?")


def _pairs(cells: Sequence[str], listed: bool) -> Pairs:
    """The signs of a line, each with its word: cells that are nothing but a key first, then "X = present" in others."""
    whole = [_of_cell(cell[:LONGEST_CELL]) for cell in cells]
    others = [cell for cell, pairs in zip(cells, whole, strict=True) if not pairs]
    found = [pair for pairs in whole for pair in pairs] + KEY.findall(" ; ".join(others)[:LONGEST_LINE])
    if listed and len(cells) == 2 and re.fullmatch(SIGN, cells[0]) and len(cells[1]) > len(cells[0]):
        found.append((cells[0], cells[1]))
    return found


def _of_cell(cell: str) -> Pairs:
    """Of a cell that is a key from its beginning to its end; a sentence ("Program A - no show policy") is none.

    One pair alone, without a heading, is a key only where a blank stands behind its dash: "A - Attended".
    """
    bare = HEADING.sub("", cell, count=1) if HEADING.match(cell) else cell
    headed, coarse = bare != cell, [part for part in BETWEEN.split(bare.strip(" .")) if part]
    turned = [REVERSED.fullmatch(part) for part in coarse]
    if coarse and all(match and _is_status(match[1]) for match in turned):
        return [(match[2] or match[3], match[1]) for match in turned if match]
    parts = [part for piece in coarse for part in BEFORE_SIGN.split(piece) if part]
    if len(parts) < 2 and not headed:
        return [(match[1], match[2])] if (match := ALONE.fullmatch(bare)) else []
    found = [PART.fullmatch(part) or (HEADED.fullmatch(part) if headed else None) for part in parts]
    told = [tuple(group for group in match.groups() if group) for match in found if match]
    return [(sign, word.strip(" ()")) for sign, word in told] if len(told) == len(parts) else []


def _is_status(text: str) -> bool:
    return status_codes().get(fold_word(text)) not in (None, "?", "DISCH")


def _means_otherwise(sign: str, word: str) -> bool:
    """A key explains one of our signs with words that we do not know: then it is not what we take it for."""
    ours = status_codes().get(sign.lower())
    if ours in (None, "?") or not re.search(r"[a-z]{3}", word, re.IGNORECASE):
        return False
    return all(status_codes().get(part) != ours for part in re.findall(r"[\w/-]+", word.lower()))


def is_key(row: Sequence[str]) -> bool:
    """A line below the table that explains signs: its first cell does, and at least one of them in words we know."""
    first = next((cell for cell in row if cell), "")[:LONGEST_CELL]
    begins = re.match(rf"(?:(?:key|legend|codes?|clave)\b\W*)?{SIGN}\s*=", first, re.IGNORECASE) or _of_cell(first)
    told = set(read_key([row]).values()) if begins else set()
    return bool(told - {"?"} or (told and HEADING.match(first)))


def heads_key(row: Sequence[str]) -> bool:
    """"Key", "Legend": what follows explains signs, a line each."""
    cells = [cell for cell in row if cell]
    return len(cells) == 1 and bool(HEADS.fullmatch(cells[0]))


def is_all_key(rows: Iterable[Sequence[str]]) -> bool:
    """A sheet of its own that only explains signs: a sign and its word in every line, or a heading alone."""
    lines = [[cell for cell in row if cell] for row in rows if any(row)]
    lines = [row for row in lines if not HEADS_SHEET.fullmatch(row[0])]
    explained = [row for row in lines if len(row) == 2 and read_key([row], listed=True)]
    return bool(explained) and all(len(row) == 1 or row in explained for row in lines)
