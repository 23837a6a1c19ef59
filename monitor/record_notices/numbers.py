"""What may be a case number of the police: a number, and no way to reach or find anybody (safeguards A1, A2)."""

from __future__ import annotations

import re
from typing import Final

from monitor.safety_lint import lint

SHAPE: Final = re.compile(r"(?=.*[0-9])[A-Z0-9][A-Z0-9/-]{2,23}")
LETTERS: Final = re.compile(r"[A-Z]+")
MOST_LETTERS: Final = 3  # PD, CR, CAD: one group of them, and none is a word or a street
# a telephone's ten digits, with a 1 before them or not; and a long postal code
REACHES: Final = re.compile(
    r"(?<!\d)1?\d{10}(?!\d)|(?<!\d)\d{3}[-/]\d{3}[-/]?\d{4}(?!\d)|(?<!\d)\d{5}[-/]\d{4}(?!\d)"
)  # fmt: skip


def is_number(text: str) -> bool:
    """Whether ``text``, in capitals, can be a police number."""
    groups = LETTERS.findall(text)
    plain = len(groups) <= 1 and all(len(one) <= MOST_LETTERS for one in groups)
    return bool(SHAPE.fullmatch(text)) and plain and not REACHES.search(text) and not lint(text)
