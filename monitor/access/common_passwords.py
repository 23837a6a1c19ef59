"""Long passwords that many people choose, known without asking anybody: the list is made here, not fetched.

No list of leaked passwords is bundled (their licences are unclear, and few of their entries are long enough). What
people do when they must use 15 characters is well known: they double a favourite word, join two or three, and add a
year, a run of digits or a row of the keyboard. `common_words.txt` is our own collection of those words; every password
built of at most three of them is on the list: some 80 million entries.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

VERSION = 1
ON_THE_LIST = -1  # in place of a version: found on a newer list, to be changed before anything else
WORDS_JOINED = 3
LONGEST_WORD = 40
# what stands for what when a word is disguised
_DISGUISES = (str.maketrans("013457@$!+", "oleastasit"), str.maketrans("013457@$!+", "oieastaslt"))
_RUNS = ("01234567890123456789", "98765432109876543210")
_NUMBER = re.compile(r"(19|20)\d\d|\d{1,4}|(\d)\2+")


def is_common(password: str) -> bool:
    """Whether the password is on the list: whatever its case, its signs and spaces, with letters disguised or not."""
    text = unicodedata.normalize("NFKC", password).casefold()
    body = text.rstrip(string.digits + string.punctuation + " ")
    forms = {text, *(part.translate(disguise) for disguise in _DISGUISES for part in (text, body))}
    return any(_built(_bare(form)) for form in forms)


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _built(text: str) -> bool:
    """Whether the text is nothing but common words, at most three different ones, and numbers people think of."""
    tried: set[tuple[int, frozenset[str]]] = set()
    open_ends: list[tuple[int, frozenset[str]]] = [(0, frozenset())]
    while open_ends:
        at, used = open_ends.pop()
        if at == len(text):
            return bool(text)
        for piece, is_word in _pieces(text, at):
            now = used | {piece} if is_word else used
            end = (at + len(piece), now)
            if len(now) <= WORDS_JOINED and end not in tried:
                tried.add(end)
                open_ends.append(end)
    return False


def _pieces(text: str, at: int) -> Iterator[tuple[str, bool]]:
    rest = text[at : at + LONGEST_WORD]
    for length in range(1, len(rest) + 1):
        if rest[:length] in _words():
            yield rest[:length], True
    if found := re.match(r"\d+", text[at:]):
        digits = found[0]
        if _NUMBER.fullmatch(digits) or any(digits in run for run in _RUNS):
            yield digits, False


@cache
def _words() -> frozenset[str]:
    lines = Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
