"""The three questions of 18 U.S.C. 922(g)(8), and what the system proposes from them. The clerk confirms.

Yes needs all three. One no is No. Anything else is Unknown. An order made without the other side never proposes Yes: no
hearing with notice was held.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

ANSWERS: Final = (("Y", "Yes"), ("N", "No"), ("U", "Unknown"))
WORDS: Final = dict(ANSWERS)
QUESTIONS: Final = (
    ("firearm_heard", "Was there a hearing, with notice and a chance to take part?"),
    ("firearm_related", "Are the two intimate partners, as federal law means it?"),
    ("firearm_forbids", "Does it find a credible threat, or forbid force in so many words?"),
)


def proposed(answers: Sequence[str]) -> str:
    """Y, N or U from the three answers."""
    if "N" in answers:
        return "N"
    return "Y" if list(answers) == ["Y", "Y", "Y"] else "U"


def why(answers: Sequence[str]) -> str:
    """Why that is proposed."""
    return {
        "Y": "All three are answered yes.",
        "N": "One of the three is answered no.",
        "U": "Not all three are answered.",
    }[proposed(answers)]


def opening(heard: str) -> tuple[str, str, str]:
    """What a new form says: nothing is presumed but that an order without the other side had no hearing."""
    return ("N", "U", "U") if heard == "ex_parte" else ("", "", "")
