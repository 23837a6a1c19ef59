"""How a flag reads: title, sentence, what clears it, what is not known, what would make it wrong.

The words come from the duty's own file under `rules/duties`; the values from what the rule said. A value that the rule
did not give reads "not known", so that an older span never breaks a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from rules.explain import explain
from rules.pack_files import DUTIES, DutyFile, Fault, read_all
from rules.sayings import Language, lacks

NOT_KNOWN: Final = "not known"
OWNERS: Final = {
    "offender": "The participant", "provider": "The program", "probation": "Probation", "court": "The court",
    "prosecutor": "The prosecutor", "system": "This system",
}  # fmt: skip
CLASSES: Final = {
    "A": "A, administrative", "B": "B, a missed required step", "C": "C, repeated or evasive",
    "D": "D, a safety question", "E": "E, grave danger",
}  # fmt: skip
CONFIDENCE: Final = {
    "verified_text": "read in the text itself", "verified_text_older_version": "read in an older version of the text",
    "secondary": "read in a source about the law", "encoded_in_code": "taken from another system",
    "engine_policy": "a design rule of this system", "memory_unverified": "not verified",
}  # fmt: skip
BASES: Final = {
    "law": "law", "order": "this order", "local_policy": "local policy", "provider_policy": "the program's policy",
    "court_policy": "the court's own policy", "county_policy": "the county's policy",
}  # fmt: skip
UNITS: Final = {"sessions": "classes", "positive_home_contacts": "home contacts", "business_days": "court days"}
# what is to be done before a flag would open, for the lists of days ahead
TO_DO: Final = {
    "ADJUDICATION_OVERDUE": "Decide an absence", "PROGRAM_REPORT_LATE": "Program reports an absence",
    "OFFICER_REPORT_LATE": "Report an absence to the court", "PROGRESS_REPORT_OVERDUE": "Progress report is sent",
    "ENROLLMENT_OVERDUE": "Enroll in a program", "ENROLLMENT_PROOF_OVERDUE": "File proof of enrollment",
    "BEGIN_ATTENDANCE_OVERDUE": "Begin classes", "PROGRAM_CHOICE_OVERDUE": "Choose a program",
    "FIREARM_RELINQUISH_OVERDUE": "Give up firearms", "FIREARM_PROOF_OVERDUE": "File proof that firearms are given up",
    "FIREARM_FORM_OVERDUE": "File the firearm form", "REVIEW_HEARING_OVERDUE": "Hold a review hearing",
    "COMPLETION_OVERDUE": "Complete the program", "COMPLETION_WINDOW_EXCEEDED": "Complete the program",
    "CONTACT_OVERDUE": "Officer's contact", "HOME_CONTACT_OVERDUE": "Home contact",
    "COLLATERAL_CONTACT_OVERDUE": "Contact with a third party", "CHECKIN_MISSED": "Check in",
    "DISCHARGE_REPORT_OVERDUE": "Program tells of the discharge", "SUMMARY_REPORT_OVERDUE": "Summary report",
    "EXIT_SUMMARY_OVERDUE": "Exit summary", "EXIT_SUMMARY_COPY_OVERDUE": "Copy of the exit summary",
    "REPORT_UNANSWERED": "The court answers a report", "POLICE_REPORT_OVERDUE": "Police report to the program",
    "PROGRAM_INTAKE_LATE": "Program holds the intake",
}  # fmt: skip
_ABSENCE = (
    "The sheet names the wrong person or the wrong day.",
    "The class was cancelled or moved.",
    "There was a reason, and the decision on it is not on record yet.",
    "The person was in another group that day, or made the class up.",
)
# the first family whose word stands in the code counts
WRONG: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("ABSENCE", "ATTENDANCE", "UNEXCUSED", "CREDIT"), _ABSENCE),
    (
        ("ENROLLMENT", "PROGRAM_CHOICE", "PROGRAM_CAPACITY"),
        (
            "The person enrolled with another program.",
            "The proof exists on paper and was not entered.",
            "No seat was free, or none in the language needed.",
            "A later order moved the day.",
        ),
    ),
    (
        ("FIREARM",),
        (
            "The receipt was filed on paper with the court or the sheriff.",
            "A later order changed what must be given up, or until when.",
        ),
    ),
    (
        ("ALLEGED", "VIOLENCE"),
        (
            "The report is about somebody else.",
            "The order had not been served by then, or no longer stood.",
            "The order permits this contact, for instance to hand over children.",
        ),
    ),
    (
        ("CONTACT", "CHECKIN", "HEARING"),
        ("It took place and was not entered.", "It was moved to another day.", "A later order changed how often."),
    ),
    (
        ("COMPLETION",),
        (
            "Classes are missing from the record, or were taken elsewhere.",
            "Time in custody, in hospital or with a closed program was not entered as a pause.",
            "The court gave more time.",
        ),
    ),
    (
        ("REPORT", "SUMMARY", "NOTICE"),
        ("It was sent in another way and was not entered.", "What it should tell of did not happen."),
    ),
    (("TEST",), ("The sample or the result belongs to somebody else.", "A prescription explains it.")),
)
_OTHERWISE = ("A row of the record is wrong or missing.", "A later order or decision changes the days.")


class Telling(msgspec.Struct, frozen=True):
    """A flag in words."""

    title: str
    sentence: str
    clears: str
    unknown: tuple[str, ...]
    wrong: tuple[str, ...]


@lru_cache(maxsize=1)
def _duties() -> dict[str, DutyFile]:
    faults: list[Fault] = []
    return {duty.code: duty for _, duty in read_all(DUTIES.glob("*.yaml"), DutyFile, faults)}


def title_of(code: str) -> str:
    """What a code is called: Unexcused absence."""
    duty = _duties().get(code)
    return duty.title.en if duty else code.replace("_", " ").capitalize()


def to_do(code: str) -> str:
    """What must happen before the day, so that no flag of this code opens."""
    return TO_DO.get(code) or f"Otherwise: {title_of(code).lower()}"


def tell(code: str, content: Mapping[str, Any], now: datetime, language: Language = "en") -> Telling:
    """The words of a flag whose rule said ``content`` (the columns of `rules.frames.SPANS`), read at ``now``."""
    duty = _duties().get(code)
    if duty is None or (content.get("certainty") == "CANNOT_EVALUATE" and language == "en"):
        return _unreadable(title_of(code), content)
    # a flag may have several rows, one after another: the end of this one is not the flag's
    span = {**content, "code": code, **counts_at(content, now), "ends_at": None}
    told = explain(span, _duties(), language, now)
    return Telling(told.title, told.what, told.clears, (told.unknown,), wrong(code))


def wrong(code: str) -> tuple[str, ...]:
    """What would make a flag of this code wrong (safeguard F3)."""
    return next((lines for words, lines in WRONG if any(word in code for word in words)), _OTHERWISE)


def _unreadable(title: str, content: Mapping[str, Any]) -> Telling:
    return Telling(
        f"Could not be checked: {title[0].lower()}{title[1:]}",
        "The rule lacks something that it needs from the record, so it says nothing about anybody.",
        "It ends when the record is complete.",
        (f"What is missing: {_missing(content)}.",),
        _OTHERWISE,
    )


def _missing(content: Mapping[str, Any]) -> str:
    note = str(content.get("note") or "")
    return lacks(note, "en") if note else NOT_KNOWN


def counts_at(content: Mapping[str, Any], now: datetime) -> dict[str, int | None]:
    """`count` and `count_most` at ``now``, as `rules.evaluate.read_spans` brings them there.

    Where a window passes every so many days they have grown since the span began: the count of what is certain, and
    how far it may reach of what is not.
    """
    count, most, every = content.get("count"), content.get("count_most"), content.get("count_every")
    if not every or "starts_at" not in content:
        return {"count": count, "count_most": most}
    zone = ZoneInfo(content.get("zone") or "UTC")
    begun = datetime.fromisoformat(str(content["starts_at"])).astimezone(zone).date()
    grown = max(0, (now.astimezone(zone).date() - begun).days // int(every))
    if content.get("certainty") == "UNVERIFIED":
        return {"count": count, "count_most": None if most is None else most + grown}
    return {"count": None if count is None else count + grown, "count_most": most}


def class_words(response_class: str | None) -> str:
    """B, a missed required step; "" where a flag is about nobody's conduct."""
    return CLASSES.get(response_class or "", "")
