"""How names compare: without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata

Key = tuple[str, str]
APOSTROPHES = re.compile("['’‘ʼ`´]")  # O'Neal is Oneal: on a call nobody says which


def words_of(text: str) -> list[str]:
    """The words of a name, as they compare."""
    plain = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text)).casefold()
    return re.findall(r"[^\W\d_]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def key_of(name: str) -> Key | None:
    """First given and family name without case, accents and punctuation; None where there are not two."""
    family, comma, given = name.partition(",")
    if comma and words_of(family) and words_of(given):
        return words_of(given)[0], words_of(family)[-1]
    words = words_of(name)
    return (words[0], words[-1]) if len(words) > 1 else None


def column_key(given_name: str, family_name: str) -> str | None:
    """The key of a person as the column `Person.name_key` holds it."""
    found = key_of(f"{family_name}, {given_name}")
    return " ".join(found) if found else None
