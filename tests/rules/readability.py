"""How hard a text is to read, by published formulas.

English: Flesch-Kincaid grade level (Kincaid, Fishburne, Rogers and Chissom 1975, Research Branch Report 8-75, Naval
Technical Training): 0.39 words/sentences + 11.8 syllables/words - 15.59.

Spanish: Fernández Huerta (1959, "Medidas sencillas de lecturabilidad", Consigna 214): 206.84 - 60 syllables/words -
1.02 words/sentences; his own table puts 60 to 70 at the seventh and eighth grade, so 60 or more is grade 8 or lower.
Beside it the Szigriszt-Pazos index (1993) on the INFLESZ scale (Barrio-Cantalejo and others 2008, Anales del Sistema
Sanitario de Navarra 31): 206.835 - 62.3 syllables/words - words/sentences; 55 or more is "normal", what most people
read without trouble.

Syllables are counted by rule. English: runs of vowels, without a silent e, es or ed. Spanish: runs of vowels, two
where strong vowels meet or a weak one bears the accent; exact by the rules of the Academy except for learned names.
"""

from __future__ import annotations

import re

WORD = re.compile(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ']+|\d[\d,.:]*")
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
# a point inside an abbreviation ends no sentence
ABBREVIATIONS = re.compile(r"\b(a|p)\. m\.")
ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+")
STRONG = "aeoáéóíú"


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text."""
    words, sentences = _words(text), _sentences(text)
    syllables = sum(english_syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def fernandez_huerta(text: str) -> float:
    """Ease of a Spanish text, 0 to 100; 60 or more is grade 8 or lower."""
    words, sentences = _words(text), _sentences(text)
    syllables = sum(spanish_syllables(word) for word in words)
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / sentences


def inflesz(text: str) -> float:
    """The Szigriszt-Pazos index of a Spanish text; 55 or more is normal on the INFLESZ scale."""
    words, sentences = _words(text), _sentences(text)
    syllables = sum(spanish_syllables(word) for word in words)
    return 206.835 - 62.3 * syllables / len(words) - len(words) / sentences


def english_syllables(word: str) -> int:
    """By runs of vowels; a number counts as it is said in parts of two digits."""
    if word[0].isdigit():
        return _digits(word)
    plain = word.lower().replace("'s", "").replace("'", "")
    if re.search(r"[^aeiouytd]ed$", plain) or re.search(r"[^aeiouysxzcg]es$", plain):
        plain = plain[:-2]  # decided keeps its end, counted too; missed, rules do not
    elif re.search(r"[^aeiouyl]e$", plain) or re.search(r"[aeiouy]le$", plain):
        plain = plain[:-1]
    return max(len(ENGLISH_VOWELS.findall(plain)), 1)


def spanish_syllables(word: str) -> int:
    """By the rules of the Academy: two strong vowels part, and so does an accented weak one."""
    if word[0].isdigit():
        return _digits(word)
    plain = re.sub(r"(?<=[gq])u(?=[eiéí])", "", word.lower())
    plain = re.sub(r"y$", "i", plain)
    return max(sum(_peaks(run) for run in SPANISH_VOWELS.findall(plain)), 1)


def _peaks(run: str) -> int:
    strong = sum(letter in STRONG for letter in run)
    return max(strong, 1)


def _digits(word: str) -> int:
    return max(len(re.findall(r"\d", word)), 1)


def _words(text: str) -> list[str]:
    return WORD.findall(text)


def _sentences(text: str) -> int:
    return max(len(SENTENCE_END.findall(ABBREVIATIONS.sub(r"\1m", text))), 1)
