"""The sheet's own key to its signs: "X = present  O = absent", "A - Attended, N - No show", "Present = X"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from monitor.intake.cells.preamble import LONGEST_CELL, LONGEST_LINE
from monitor.intake.cells.statuses import ABSENT, fold_word
from monitor.intake.vocabulary import status_codes

SIGN = r"[A-Za-z0-9/✓✔☑√✗✘☒×\-–—+*]{1,4}"
JOINS = r"(?:=>|->|[=→:–—-]|(?:is|means|es|significa)\b)"
KEY = re.compile(
    rf"(?:^|[\s,;:(|])({SIGN})\s*=\s*([^=;,|]{{2,40}}?)\s*(?=$|[;,|)]|\s{{2,}}|\s{SIGN}\s*=)",
    re.IGNORECASE,
)
HEADED_BY = r"(?:keys?|legend|codes?|claves?|leyenda|c[oó]digos?)"
HEADING = re.compile(rf"{HEADED_BY}\b\s*[:=–-]?\s*", re.IGNORECASE)
HEADS = re.compile(rf"{HEADED_BY}\s*:?", re.IGNORECASE)
HEADS_SHEET = re.compile(r"codes?|signs?|symbols?|marks?|letters?|c[oó]digos?|clave|s[ií]mbolos?", re.IGNORECASE)
# one sign and its word: "A = attended", "A - Attended", "A (attended)", "(A) attended"; behind a heading "A attended"
WORD = r"([^=→]{2,40})"
ALONE = re.compile(rf"({SIGN})\s*[-–:]\s+(\D{{2,40}})", re.IGNORECASE)
PART = re.compile(rf"\(?({SIGN})\)?\s*{JOINS}\s*{WORD}|({SIGN})\s*\({WORD}\)|\(({SIGN})\)\s*{WORD}", re.IGNORECASE)
EQUALS = re.compile(rf"{SIGN}\s*=[^=]+")
HEADED = re.compile(rf"({SIGN})\s+{WORD}", re.IGNORECASE)
# the other way round: "Present = X", "No show (NS)"
REVERSED = re.compile(rf"([^=→:()]{{3,40}}?)\s*(?:(?:=|->|→|:)\s*({SIGN})|\(({SIGN})\))", re.IGNORECASE)
BETWEEN = re.compile(r"\s*[;|]\s*|,\s+|\s+/\s+|\s{2,}")
BEFORE_SIGN = re.compile(rf"\s+(?:[-–—]\s+)?(?=\({SIGN}\)\s|{SIGN}\s*(?:{JOINS}|\())", re.IGNORECASE)
# "Excused: N", "Make-up: Y", "Holiday: -", "Weather: OK" answer a question and explain no sign
OF_CLASS = frozenset({"P", "L", "LN", "U", "ABS", "M"})
ANSWERING = frozenset({"y", "n", "yes", "no", "ok", "si", "sí", "-", "–", "—"})


class Pair(NamedTuple):
    """A sign and its word. ``equals``: an equals sign or an arrow joins them; ``turned``: "Present = X"; ``sure``: it
    stands behind a heading, or with another in one cell."""

    sign: str
    word: str
    equals: bool
    turned: bool = False
    sure: bool = False

    @property
    def explains(self) -> bool:
        """A number is a count ("Absent: 1", "12 - Present") unless an equals sign follows it ("1 = present")."""
        return not re.search(r"\d", self.sign) or (self.equals and not self.turned)


def read_key(rows: Iterable[Sequence[str]], *, listed: bool = False) -> dict[str, str]:
    """Sign in lower case to status code; "?" where the key says two things of it, or is no sure one and says otherwise
    than we do.

    ``listed``: the lines may also hold a sign in one cell and its word in the next.
    """
    told: list[tuple[Pair, bool]] = []
    headed = False
    for row in rows:
        cells = [cell for cell in row if cell]
        pairs = [pair for pair in _pairs(cells, listed) if pair.explains]
        headed = any(HEADS.fullmatch(cell) for cell in cells) or (headed and bool(pairs))
        by_row = headed or any(HEADING.match(cell) for cell in cells)
        told += [(pair, by_row) for pair in pairs]
    several = _tells_who_came([pair for pair, _ in told if not pair.turned])  # one in each line or cell
    found: dict[str, str] = {}
    for pair, by_row in told:
        sure = by_row or pair.sure or (several and not pair.turned)
        if code := _code_of(pair, headed=by_row, sure=sure):
            sign = pair.sign.lower()
            found[sign] = code if found.get(sign, code) == code else "?"
    return found


def _code_of(pair: Pair, *, headed: bool, sure: bool) -> str:
    """What a key says of a sign; empty where it says nothing. Without a heading it explains what we do not know."""
    code, ours = status_codes().get(fold_word(pair.word)), status_codes().get(pair.sign.lower())
    if code in (None, "?", "DISCH"):
        return "?" if _means_otherwise(pair.sign, pair.word) else ""
    if headed:
        return str(code)
    agrees = ours == code or (ours == "ABS" and code == "U")  # "N = no show" says more of the same
    if agrees or (ours in (None, "?", "DISCH") and sure and not pair.sign.isdigit()):
        return str(code) if sure else ""
    return "?" if sure or pair.equals or (ours and not pair.turned) else ""


def _pairs(cells: Sequence[str], listed: bool) -> list[Pair]:
    """The signs of a line, each with its word: cells that are nothing but a key first, then "X = present" in others."""
    whole = [_of_cell(cell[:LONGEST_CELL]) for cell in cells]
    others = [cell for cell, pairs in zip(cells, whole, strict=True) if not pairs]
    found = [pair for pairs in whole for pair in pairs]
    found += [Pair(sign, word, equals=True) for sign, word in KEY.findall(" ; ".join(others)[:LONGEST_LINE])]
    if listed and len(cells) == 2 and re.fullmatch(SIGN, cells[0]) and len(cells[1]) > len(cells[0]):
        found.append(Pair(cells[0], cells[1], equals=True))
    return found


def _of_cell(cell: str) -> list[Pair]:
    """Of a cell that is a key from its beginning to its end; a sentence ("Program A - no show policy") is none."""
    bare = HEADING.sub("", cell, count=1) if HEADING.match(cell) else cell
    headed, coarse = bare != cell, [part for part in BETWEEN.split(bare.strip(" .")) if part]
    if turned := _turned(coarse):
        return [pair._replace(sure=_tells_who_came(turned)) for pair in turned]
    parts = [part for piece in coarse for part in BEFORE_SIGN.split(piece) if part]
    if len(parts) < 2 and not headed:
        return [Pair(match[1], match[2], equals=False)] if (match := ALONE.fullmatch(bare)) else []
    found = [PART.fullmatch(part) or (HEADED.fullmatch(part) if headed else None) for part in parts]
    told = [([group for group in match.groups() if group], "=" in match[0]) for match in found if match]
    pairs = [Pair(sign, word.strip(" ()"), equals) for (sign, word), equals in told]
    equal = all(pair.equals for pair in pairs) and _tells_of_class(pairs)
    sure = len(pairs) > 1 and (equal or _tells_who_came(pairs))
    return [pair._replace(sure=sure) for pair in pairs] if len(pairs) == len(parts) else []


def _tells_who_came(pairs: Iterable[Pair]) -> bool:
    """A sign for who came and one for who did not: "Court: A, Intake: B" and "A - Court", "B - Intake" may be rooms."""
    codes = {status_codes().get(fold_word(pair.word)) for pair in pairs}
    return "P" in codes and bool(codes & ABSENT)


def _tells_of_class(pairs: Iterable[Pair]) -> bool:
    """A word that says of nothing but a class who came or missed it: "A = Court, B = Intake" may be rooms."""
    return any(status_codes().get(fold_word(pair.word)) in OF_CLASS for pair in pairs)


def _turned(parts: Sequence[str]) -> list[Pair]:
    """"Present = X, No show (NS)". What only answers a question is a sign beside others alone: "No show = N"."""
    matches = [REVERSED.fullmatch(part) for part in parts]
    if not all(match and _is_status(match[1]) for match in matches):
        return []
    pairs = [Pair(match[2] or match[3], match[1], bool(re.search("[=→>]", match[0])), turned=True)
             for match in matches if match]  # fmt: skip
    colon = any(":" in match[0] for match in matches if match)
    answering = [pair.sign.lower() in ANSWERING for pair in pairs]
    return [] if any(answering) and (colon or all(answering)) else pairs


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
    begins = re.match(rf"(?:{HEADED_BY}\b\W*)?{SIGN}\s*=", first, re.IGNORECASE) or _of_cell(first)
    return bool(begins) and (explains(row) or bool(HEADING.match(first) and read_key([row])))


def explains(row: Sequence[str], *, listed: bool = False) -> bool:
    """A line that gives a sign a word that we know, whether or not that is surely a key."""
    return any(_is_status(pair.word) for pair in _pairs([cell for cell in row if cell], listed))


def beside_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """The lines of a column called "Key": each "X = Absent", or none of them is taken."""
    at = [index for index, cell in enumerate(header) if HEADS.fullmatch(cell)]
    told = [row[at[0]] for row in rows if at[0] < len(row) and row[at[0]]] if len(at) == 1 else []
    sure = all(EQUALS.fullmatch(cell) and explains([cell]) for cell in told)
    return [[header[at[0]], cell] for cell in told] if sure else []


def heads_key(row: Sequence[str]) -> bool:
    """"Key", "Legend": what follows explains signs, a line each."""
    cells = [cell for cell in row if cell]
    return len(cells) == 1 and bool(HEADS.fullmatch(cells[0]))


def is_all_key(rows: Iterable[Sequence[str]]) -> bool:
    """A sheet of its own that only explains signs: a sign and its word in every line, or a heading alone."""
    lines = [[cell for cell in row if cell] for row in rows if any(row)]
    lines = [row for row in lines if not HEADS_SHEET.fullmatch(row[0])]
    explained = [row for row in lines if len(row) == 2 and explains(row, listed=True)]
    return bool(explained) and all(len(row) == 1 or row in explained for row in lines)
