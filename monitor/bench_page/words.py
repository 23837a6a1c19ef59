"""How the bench page says days, codes and kinds. Calm, and never a finding."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

ALLEGED: Final = {
    "ABSENCE_UNEXCUSED": "Missed class",
    "ATTENDANCE_WINDOW_MISSED": "Too few classes in the period",
    "EXCUSED_ABSENCE_LIMIT_EXCEEDED": "More excused absences than allowed",
    "ABSENCE_TERMINATION_THRESHOLD": "Absences up to the number at which a program may end the place",
    "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED": "More missed classes than allowed",
    "CONSECUTIVE_UNEXCUSED_LIMIT": "Missed classes in a row",
    "WINDOW_UNEXCUSED_LIMIT": "Missed classes within the period",
    "ENROLLMENT_PROOF_OVERDUE": "Proof of enrollment not filed",
    "ENROLLMENT_OVERDUE": "Not enrolled in the program",
    "BEGIN_ATTENDANCE_OVERDUE": "Classes not begun",
    "PROGRAM_CHOICE_OVERDUE": "No program chosen",
    "COMPLETION_OVERDUE": "Program not completed in time",
    "COMPLETION_WINDOW_EXCEEDED": "Program not completed within its period",
    "PROGRAM_DISCHARGE": "Program ended the place",
    "CHECKIN_MISSED": "Missed check-in",
    "TEST_NONCOMPLIANT": "Test result reported",
    "WARRANT_ACTIVE": "Warrant outstanding",
    "NO_CONTACT_ALLEGED": "Contact alleged",
    "PEACEFUL_CONTACT_BREACH_ALLEGED": "Breach of peaceful contact alleged",
    "STAY_AWAY_ALLEGED": "Breach of stay-away alleged",
    "NEW_VIOLENCE_REPORTED": "New incident reported",
    "FIREARM_RELINQUISH_OVERDUE": "Firearms not shown to be given up",
    "FIREARM_PROOF_OVERDUE": "Firearm proof not filed",
    "FIREARM_FORM_OVERDUE": "Firearm form not filed",
}
# what befell a place, a step or the time under an order
MATTERS: Final = {
    "ENROLLED": "enrolled", "REFERRED": "referred", "GROUP_CHANGED": "moved to another group",
    "DISCHARGED": "place ended", "REJECTED": "not taken by the program", "INTAKE_HELD": "intake held",
    "INTAKE_FAILED": "intake not completed", "EXITED": "left", "RELINQUISHED": "firearms given up",
    "PROOF_FILED": "firearm proof filed", "FORM_FILED": "firearm form filed",
    "NO_FIREARMS_DECLARED": "declared no firearms", "CUSTODY": "in custody", "HOSPITAL": "in hospital",
    "WARRANT": "warrant", "PROVIDER_CLOSED": "program closed", "COURT_STAY": "stayed by the court",
    "WAITLIST": "waiting-list letter", "EMPLOYER": "employer's letter", "PROGRAM_RESTARTED": "program restarted",
    "GOOD_CAUSE_FOUND": "good cause found", "EXTENSION_GRANTED": "extension granted",
    "EXTENSION_DENIED": "extension not granted", "BREAK_APPROVED": "break approved",
    "PROGRESS": "progress report", "ENROLLMENT_PROOF": "proof of enrollment filed", "NONCOMPLIANCE": "program notice",
    "DISCHARGE_NOTICE": "discharge notice", "EXIT_SUMMARY": "exit summary",
}  # fmt: skip
REVIEW: Final = "Compliance review"
HEARINGS: Final = {
    "SENTENCING": "Sentencing", "ARRAIGNMENT": "Arraignment", "PROTECTION_ORDER": "Protection order",
    "COMPLIANCE_REVIEW": REVIEW, "MODIFICATION": "Change of an order", "FIREARM_REVIEW": "Firearms",
    "SHOW_CAUSE": "Show cause", "VIOLATION": "Hearing on a report", "TERMINATION": "End of supervision",
}  # fmt: skip
NO_REVIEW: Final = "none yet, this is the first"
NO_REVIEW_BEFORE: Final = "first review"  # as pages that are kept say it: the same, in fewer words
NOT_SERVED: Final = "SERVICE NOT SHOWN"
CHANGE_NOT_SERVED: Final = "the change not served"
OF_THESE: Final = "Of these "  # one of both, and how many: orders that the page counts and does not tell
ORDERS: Final = {
    "CRIMINAL_NO_CONTACT": "No-contact order",
    "CIVIL_PROTECTION": "Protection order",
    "EMERGENCY_PROTECTIVE": "Emergency protective order",
    "EXTREME_RISK": "Extreme-risk order",
    "FAMILY_CUSTODY": "Family order",
    "PROBATION": "Probation",
    "CONDITIONAL_DISCHARGE": "Conditional discharge",
    "PRETRIAL_RELEASE": "Pretrial release",
    "SENTENCE_MODIFICATION": "Modified sentence",
}
CODED: Final = {
    "01": "no abuse, threats or stalking",
    "02": "no abuse of others named",
    "03": "exclusive use of home",
    "04": "stay away",
    "05": "no communication",
    "06": "custody terms",
    "07": "no firearm",
    "08": "other terms",
    "09": "supervised visits",
}
OUTCOMES: Final = {
    "COMPLIANT_CONTINUE": "on track, continued", "SANCTIONED": "response ordered", "OFF_CALENDAR": "off calendar",
    "DID_NOT_APPEAR": "did not appear", "ADVISED_RETURN": "advised, to return", "WARRANT": "warrant issued",
}  # fmt: skip
LANGUAGES: Final = {
    "es": "Spanish", "vi": "Vietnamese", "zh": "Chinese", "ko": "Korean", "ar": "Arabic", "ru": "Russian",
    "tl": "Tagalog", "fr": "French", "ht": "Haitian Creole", "so": "Somali", "am": "Amharic", "hmn": "Hmong",
    "pt": "Portuguese", "fa": "Persian", "hy": "Armenian", "uk": "Ukrainian", "sw": "Swahili", "asl": "ASL",
}  # fmt: skip
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_words(day: date, today: date) -> str:
    """8 Mar; with the year where it is not this one's."""
    short = f"{day.day} {MONTHS[day.month - 1]}"
    return short if day.year == today.year else f"{short} {day.year}"


def days_words(days: list[date], today: date, most: int = 6) -> str:
    """18 Feb, 25 Feb; the newest ``most`` of them, and how many came before."""
    shown = [day_words(day, today) for day in days[-most:]]
    earlier = len(days) - len(shown)
    return (f"{earlier} earlier, " if earlier else "") + ", ".join(shown)


def moment_words(instant: datetime, zone: str) -> str:
    """9 Mar 2026, 07:40: a court's own clock."""
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"


def time_words(instant: datetime, zone: str) -> str:
    """13:30 on the court's own clock."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def weekday_words(day: date) -> str:
    """Mon 9 Mar 2026"""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def alleged_words(code: str) -> str:
    """What an allegation is called until a court decides."""
    return ALLEGED.get(code, code.replace("_", " ").capitalize())


def outcome_words(outcome: str) -> str:
    """What the court did, in lower case."""
    return OUTCOMES.get(outcome, outcome.replace("_", " ").lower())


def chosen_words(response: str | None, number: int | None) -> str:
    """What follows an outcome where the court chose a line of its matrix: in its words, with its version; or ""."""
    if not response:
        return ""
    first = response[:1] if response[1:2].isupper() else response[:1].lower()  # DV classes stay DV classes
    return f"; {first}{response[1:]} (local matrix version {number})"


def language_words(code: str | None) -> str:
    """Spanish; the code itself where we have no name for it; "" for English."""
    return LANGUAGES.get(code, code) if code and code != "en" else ""
