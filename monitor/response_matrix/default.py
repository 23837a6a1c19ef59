"""The sample matrix: a starting text for local adoption, and no standard of anybody.

Drafted for this product from what DV courts are reported to use (admonish, return to court at once, more appearances,
amended or revoked probation), from a 30-day first review, five days to report to the court (Iowa), seven days as the
outer limit of a program's report (Washington), and two weeks at the start of reviews (Rochester). The cells of the
published matrices (Clay County MN, Grand Forks ND) could not be read. Nobody adopted it: a local team edits, signs and
dates it. No line of it is about the protected person, and none asks for jail days.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from monitor.response_matrix.content import CLASSES, LEVELS, NO_CLOCK, STEPS, Cell, ClassText, Content, key_of

CITATION: Final = (
    "Sample graduated response matrix that comes with this product: a default to adopt, adopted by nobody. "
    "See docs/response-matrix.md for what each part rests on."
)
_NAMES: Final = ("source", "open", "respond", "report", "hearing")


def _class(meaning: str, examples: str, *clocks: str) -> ClassText:
    # by when a prosecutor decides is nowhere said in what the sample rests on
    return ClassText(meaning, examples, dict(zip(_NAMES, clocks, strict=True)) | {"decide": NO_CLOCK})


_CLASSES: Final = {
    "A": _class(
        "Administrative: no link to safety or program",
        "Late paperwork, wrong phone number, unpaid fee, moved and told late",
        "next report", "10 court days", "30 days", "none", "none",
    ),
    "B": _class(
        "Engagement: a missed required step",
        "Not enrolled by the due date, unexcused absence, missed appointment, no proof of something due",
        "2 court days", "2 court days", "5 court days", "next review within 30 days", "next review within 30 days",
    ),
    "C": _class(
        "Repeated or evasive: a pattern, or conduct that defeats supervision",
        "Second or third B within 60 days, discharge by the program, refused or diluted test, whereabouts unknown",
        "2 court days", "1 court day", "5 court days", "5 days", "14 days",
    ),
    "D": _class(
        "Safety breach without new physical harm",
        "Contact or third-party contact, entering a stay-away place, firearm not given up in time, device tampering",
        "same day", "same day", "1 court day", "1 court day", "7 days",
    ),
    "E": _class(
        "New violence or grave danger",
        "New assault, strangulation, weapon, threat to kill with means, absconding from high-risk supervision",
        "same day", "same day", "same day", "same day", "first available",
    ),
}  # fmt: skip

_A: Final = {
    1: Cell(("Check what is in the way, remind",)),
    2: Cell(("Help to fix it: a form, a payment plan or waiver, a change of contact",)),
    3: Cell(("Supervisor looks at why the system keeps failing",)),
}
_B: Final = {
    "STANDARD": {
        1: Cell(("Contact in the same week, the six questions, a make-up class set",)),
        2: Cell(("Written plan", "Officer and program talk", "One more report-in")),
    },
    "ELEVATED": {
        1: Cell(("Contact in 2 days", "Make-up class set"), ("Earlier review date",)),
        2: Cell(("Closer report-in",), ("Notice to the court at the next review",)),
    },
    "HIGH": {
        1: Cell(("Contact on the next day", "Specialist officer and supervisor"), ("Review date within 14 days",)),
        2: Cell((), ("Report to the court",)),
    },
}  # fmt: skip
_C: Final = {
    "STANDARD": Cell(
        ("Referred again, with conditions", "More frequent reporting"),
        ("Review in 14 to 30 days", "Judge's admonition"),
    ),
    "ELEVATED": Cell(
        (), ("Return to court in 14 days or less", "Reviews every two weeks", "Added condition linked to the problem",
             "Short sanction, by the court alone"),
    ),
    "HIGH": Cell(
        ("High-risk team agenda",),
        ("Return to court in 7 days or less", "Changed conditions", "Custody as a question for the court"),
    ),
}  # fmt: skip
_D_HERE: Final = ("Supervisor and prosecutor told", "Order terms read again, and made clear if needed")
_D: Final = {
    "STANDARD": Cell(_D_HERE, ("Court in 7 days or less", "Proof about firearms asked for, where it matters")),
    "ELEVATED": Cell(_D_HERE, ("Hearing in 7 days or less", "Changed conditions: distance, device, report-in")),
    "HIGH": Cell(
        (*_D_HERE, "High-risk team in the same week"),
        ("Hearing in 7 days or less", "Changed conditions: distance, device, report-in",
         "Warrant or custody asked for by a person, where the law allows"),
    ),
}  # fmt: skip
_E_HERE: Final = ("Police first", "Prosecutor told")
_E_COURT: Final = ("Hold or warrant asked for by a person", "Expedited hearing", "New charge and supervision together")
_E: Final = {
    "STANDARD": Cell(_E_HERE, _E_COURT), "ELEVATED": Cell(_E_HERE, _E_COURT),
    "HIGH": Cell((*_E_HERE, "Supervisor on call"), _E_COURT),
}  # fmt: skip


def _cell(response_class: str, level: str, step: int) -> Cell:
    if response_class == "A":
        return _A[step]
    if response_class == "B":
        return _B[level].get(step, Cell(becomes="C"))
    return {"C": _C, "D": _D, "E": _E}[response_class][level]


def _cells() -> Iterator[tuple[str, Cell]]:
    for response_class in CLASSES:
        for level in LEVELS:
            for step in STEPS:
                yield key_of(response_class, level, step), _cell(response_class, level, step)


DEFAULT: Final = Content(
    classes=_CLASSES,
    cells=dict(_cells()),
    steps_met=(
        "Enrolled by the due date", "Every class of a month attended", "Every report-in of a month made",
        "Proof handed in on time", "90 days without a missed step",
    ),
    incentives=(
        "Told so, in plain words", "Letter of what was done", "Named by the judge at the review",
        "Report-ins at a better hour", "Reviews further apart, once a person has checked that no safety concern stands",
    ),
    # numbered levels run up in one tool and down in another: the team says which is which
    columns={"minimum": "STANDARD", "medium": "ELEVATED", "maximum": "HIGH", "high": "HIGH", "greatest": "HIGH"},
)  # fmt: skip
