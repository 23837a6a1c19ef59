"""E-12: no text that somebody types makes a regular expression run away (ReDoS).

Every pattern of the house, as it stands compiled in its module or is written where it is used, is held against texts
made from its own parts: a beginning that enters it, one piece or two of it over and over, and an end that it refuses.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import re
import time
from collections.abc import Iterator
from re import _constants as sre
from re import _parser

import pytest

from tests.house.the_house import modules, read

# letters of what is typed (web.forms.Words), and of what intake asks a pattern about: cells may have ten times that,
# and are cut or passed over before (tests/monitor/intake/test_long_cells.py)
LONGEST, LONGEST_OF_A_SHEET, SHORT = 4_000, 400, 60
ENOUGH = 0.5  # seconds of processor for one text: the slowest takes a fifth of a second, most a thousandth of one
GROWING = (*range(8, 60, 4), 120, 200, 300)  # who doubles with each letter is noticed before it stops us
LETTERS = {
    sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_NOT_SPACE: "a", sre.CATEGORY_NOT_WORD: "-",
}  # fmt: skip


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Where it stands, and the pattern: compiled ones of every module, and those that a call has in itself."""
    for path in modules("monitor", "web", "jobs", "rules"):
        if "/migrations/" in str(path) or str(path).endswith("__main__.py"):
            continue
        module = importlib.import_module(str(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        for name, value in vars(module).items():
            kept = value.values() if isinstance(value, dict) else [value]
            yield from ((f"{path}:{name}", one) for one in kept if isinstance(one, re.Pattern))
        yield from ((f"{path}:{line}", re.compile(text)) for line, text in written(ast.parse(read(path))))


def written(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Patterns that stand in a call itself, as text."""
    for node in ast.walk(tree):
        first = None
        if isinstance(node, ast.Call) and re.fullmatch(r"re\.(?!compile|escape)\w+", ast.unparse(node.func)):
            first = node.args[0]
        elif isinstance(node, ast.keyword) and node.arg == "pattern":
            first = node.value
        if isinstance(first, ast.Constant):
            yield first.lineno, first.value


def letter_of(inside: list) -> str:
    """One letter of a set."""
    if inside[0][0] is sre.NEGATE:
        banned = {chr(value) for kind, value in inside[1:] if kind is sre.LITERAL}
        return next(letter for letter in "a1 -\n" if letter not in banned)
    kind, value = inside[0]
    return chr(value if kind is sre.LITERAL else value[0]) if kind is not sre.CATEGORY else LETTERS[value]


def shortest(parts: list) -> str:
    """A text that these parts of a pattern take, as short as they let it be (at least once around)."""
    said = ""
    for kind, value in parts:
        if kind is sre.LITERAL:
            said += chr(value)
        elif kind is sre.NOT_LITERAL or kind is sre.ANY:
            said += "a"
        elif kind is sre.IN:
            said += letter_of(value)
        elif kind is sre.BRANCH:
            said += shortest(list(value[1][0]))
        elif kind is sre.SUBPATTERN:
            said += shortest(list(value[3]))
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            said += shortest(list(value[2])) * value[0]
    return said


def pieces(parts: list, before: str = "") -> Iterator[tuple[str, str]]:
    """Every part that repeats, with a text that leads to it and a piece of it; and each letter that the whole knows."""
    for at, (kind, value) in enumerate(parts):
        led = before + shortest(parts[:at])
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            yield led, shortest(list(value[2])) or "a"
            yield from pieces(list(value[2]), led)
        elif kind is sre.SUBPATTERN:
            yield from pieces(list(value[3]), led)
        elif kind is sre.BRANCH:
            for branch in value[1]:
                yield from pieces(list(branch), led)
        elif kind in (sre.IN, sre.LITERAL):
            yield led, shortest([(kind, value)])


def texts(pattern: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Beginnings and what is said over and over."""
    found = list(dict.fromkeys(pieces(list(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)))))
    letters = sorted({piece for _, piece in found})[:9]
    pumps = [*letters, *("".join(pair) for pair in itertools.permutations(letters[:3], 2))]
    for led in sorted({"", *(led for led, _ in found)})[:6]:
        yield from ((led, pump) for pump in pumps)


def runs_away(pattern: re.Pattern[str], longest: int = LONGEST) -> tuple[str, int, float] | None:
    """The first text that takes too long: its piece, length and seconds of processor."""
    take = pattern if isinstance(pattern.pattern, str) else re.compile(pattern.pattern.decode("latin-1"), pattern.flags)
    for led, pump in texts(take):
        for length in (*(one for one in GROWING if one <= longest), *range(400, longest + 1, 900)):
            text = led + pump * (length // len(pump)) + "\x01"
            began = time.process_time()
            take.search(text)  # tries to match from every letter on
            if (spent := time.process_time() - began) > ENOUGH:
                return led + "|" + pump, length, round(spent, 2)
    return None


def test_no_pattern_doubles_its_work_with_each_letter():
    found = {where: ran for where, one in patterns() if (ran := runs_away(one, SHORT))}
    assert not found, found


@pytest.mark.slow
def test_no_pattern_runs_away_on_any_text_that_is_typed_or_sent():
    limits = {True: LONGEST_OF_A_SHEET, False: LONGEST}
    found = {
        where: ran for where, one in patterns() if (ran := runs_away(one, limits[where.startswith("monitor/intake/")]))
    }
    assert not found, found


@pytest.mark.parametrize("bad", [r"(a+)+\Z", r"(a|aa)*b", r"m[\s(]*-?\s*f?\s*\d"])
def test_the_test_would_find_one(bad):
    assert runs_away(re.compile(bad)), bad  # the last one grows with the fourth power and not by doubling
