"""Names that were typed as one word and stand on record as several: which keys of `Person` to ask for."""

from __future__ import annotations

from monitor.names import BETWEEN, BY_DAY, HEADS, Key, key_of, sides_of, told, without_suffix

FEWEST = 2  # letters of a name


def both_keys(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """Two names typed as one word: what `column_key` and `other_column_key` are, both, of whoever bears them in two
    (García Ortiz of Garciaortiz, Ana María of Anamaria)."""
    firsts, others = set(), set()
    for given, family in _given_and_family(name):
        for start, end in _in_two(family):
            firsts.add(f"{given} {end}")
            others |= {f"{given} {bare}" for bare in (start, *_without_head(start))}
        for start, end in _in_two(given):
            firsts.add(f"{start} {family}")
            others.add(f"{BY_DAY}{end} {family}")
    return frozenset(firsts), frozenset(others)


def headless_keys(name: str) -> frozenset[str]:
    """A last name typed as one word without what may stand before it as a word of its own: Cruz of Delacruz."""
    return frozenset(f"{given} {bare}" for given, family in _given_and_family(name) for bare in _without_head(family))


def _given_and_family(name: str) -> set[Key]:
    """The first given name and the last name, both as one word; without a comma the last name may stand in front."""
    key, words = key_of(name), without_suffix(told(name))
    if key is None or len(words) < 2:
        return set()
    return {key} if sides_of(name) else {key, (words[1], words[0]), (words[-1], words[0])}


def _in_two(word: str) -> list[tuple[str, str]]:
    return [(word[:at], word[at:]) for at in range(FEWEST, len(word) - FEWEST + 1)]


def _without_head(word: str) -> set[str]:
    """Every end of a word that follows small words: Lacruz and Cruz of Delacruz."""
    ends = {word[len(head) :] for head in BETWEEN | HEADS if word.startswith(head) and len(word) > len(head) + FEWEST}
    return ends.union(*map(_without_head, ends))
