"""Every flag code there is: its kind of duty, whose matter it is, and what a reviewer is first offered.

The owner is who must act or whose duty it is; a lapse of a program, an officer or a court is never the person's.
The class (A administrative ... E new violence) is a proposal; a person sets it. A code outside this table is a fault.
"""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """What is settled about a code before any pack speaks."""

    kind: str
    owner: str
    response_class: str
    severity: str


# Only a court makes a violation: an engine that emits this code is broken.
RESERVED = "PROBATION_VIOLATION"

CATALOGUE: dict[str, Entry] = {
    "ABSENCE_UNEXCUSED": Entry("PROHIBITION", "offender", "B", "review"),
    "ABSENCE_PENDING": Entry("STATE_GAP", "probation", "none", "info"),
    "ADJUDICATION_OVERDUE": Entry("REPORTING", "probation", "none", "review"),
    "ATTENDANCE_NOT_REPORTED": Entry("REPORTING", "provider", "none", "review"),
    "ATTENDANCE_WINDOW_MISSED": Entry("FIXED_WINDOW", "offender", "B", "review"),
    "EXCUSED_ABSENCE_LIMIT_REACHED": Entry("COUNT_IN_WINDOW", "offender", "none", "info"),
    "EXCUSED_ABSENCE_LIMIT_EXCEEDED": Entry("COUNT_IN_WINDOW", "offender", "B", "review"),
    "ABSENCE_TERMINATION_THRESHOLD": Entry("COUNT_IN_WINDOW", "offender", "C", "review"),
    "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED": Entry("COUNT_IN_WINDOW", "offender", "C", "review"),
    "CONSECUTIVE_UNEXCUSED_LIMIT": Entry("CONSECUTIVE", "offender", "C", "review"),
    "WINDOW_UNEXCUSED_LIMIT": Entry("COUNT_IN_WINDOW", "offender", "C", "review"),
    "BREAK_TOO_LONG": Entry("ROLLING_CADENCE", "provider", "none", "review"),
    "CREDIT_SHORTFALL": Entry("DEADLINE_ONCE", "offender", "none", "info"),
    "ENROLLMENT_PROOF_OVERDUE": Entry("DEADLINE_ONCE", "offender", "B", "review"),
    "ENROLLMENT_OVERDUE": Entry("DEADLINE_ONCE", "offender", "B", "review"),
    "ENROLLMENT_REMINDER": Entry("DEADLINE_ONCE", "court", "none", "info"),
    "ENROLLMENT_GAP": Entry("STATE_GAP", "probation", "none", "review"),
    "BEGIN_ATTENDANCE_OVERDUE": Entry("DEADLINE_ONCE", "offender", "B", "review"),
    "PROGRAM_CHOICE_OVERDUE": Entry("DEADLINE_ONCE", "offender", "B", "review"),
    "PROGRAM_INTAKE_LATE": Entry("REPORTING", "provider", "none", "review"),
    "PROGRAM_CAPACITY": Entry("STATE_GAP", "system", "none", "review"),
    "POLICE_REPORT_OVERDUE": Entry("REPORTING", "prosecutor", "none", "review"),
    "COMPLETION_OVERDUE": Entry("PROGRESS", "offender", "C", "high"),
    "COMPLETION_WINDOW_EXCEEDED": Entry("PROGRESS", "offender", "C", "review"),
    "COMPLETION_AT_RISK": Entry("PROGRESS", "offender", "none", "info"),
    "COMPLETION_NOT_MET": Entry("PROGRESS", "provider", "none", "review"),
    "COMPLETION_BEFORE_MINIMUM": Entry("PROGRESS", "provider", "none", "review"),
    "COMPLETION_REOPENED": Entry("STATE_GAP", "system", "none", "high"),
    "EXTENSION_DECISION_MISSING": Entry("STATE_GAP", "provider", "none", "review"),
    "CREDIT_DENIED": Entry("COUNT_IN_WINDOW", "system", "none", "review"),
    "CREDIT_RESET": Entry("PROHIBITION", "system", "none", "review"),
    "TRANSFER_UNAUTHORIZED": Entry("PROHIBITION", "provider", "none", "review"),
    "PROGRESS_REPORT_OVERDUE": Entry("REPORTING", "provider", "none", "review"),
    "PROGRAM_REPORT_DUE": Entry("REPORTING", "provider", "none", "info"),
    "PROGRAM_REPORT_LATE": Entry("REPORTING", "provider", "none", "review"),
    "OFFICER_REPORT_LATE": Entry("REPORTING", "probation", "none", "review"),
    "REPORT_UNANSWERED": Entry("REPORTING", "court", "none", "review"),
    "DISCHARGE_REPORT_OVERDUE": Entry("REPORTING", "provider", "none", "review"),
    "VICTIM_NOTICE_OVERDUE": Entry("REPORTING", "provider", "none", "high"),
    "SUMMARY_REPORT_OVERDUE": Entry("REPORTING", "provider", "none", "review"),
    "EXIT_SUMMARY_OVERDUE": Entry("REPORTING", "provider", "none", "review"),
    "EXIT_SUMMARY_COPY_OVERDUE": Entry("REPORTING", "provider", "none", "review"),
    "PROGRAM_DISCHARGE": Entry("PROHIBITION", "probation", "C", "review"),
    "REVIEW_HEARING_OVERDUE": Entry("DEADLINE_ONCE", "court", "none", "review"),
    "CONTACT_OVERDUE": Entry("ROLLING_CADENCE", "probation", "none", "review"),
    "HOME_CONTACT_OVERDUE": Entry("ROLLING_CADENCE", "probation", "none", "review"),
    "COLLATERAL_CONTACT_OVERDUE": Entry("ROLLING_CADENCE", "probation", "none", "review"),
    "CONTACT_SHORTFALL": Entry("FIXED_WINDOW", "probation", "none", "review"),
    "CHECKIN_MISSED": Entry("FIXED_WINDOW", "offender", "B", "review"),
    "TEST_NONCOMPLIANT": Entry("PROHIBITION", "offender", "B", "review"),
    "WARRANT_ACTIVE": Entry("STATE_GAP", "offender", "C", "high"),
    "NO_CONTACT_ALLEGED": Entry("PROHIBITION", "offender", "D", "review"),
    "PEACEFUL_CONTACT_BREACH_ALLEGED": Entry("PROHIBITION", "offender", "D", "high"),
    "STAY_AWAY_ALLEGED": Entry("PROHIBITION", "offender", "D", "review"),
    "DEVICE_ALERT_TO_CHECK": Entry("STATE_GAP", "probation", "none", "review"),
    "NEW_VIOLENCE_REPORTED": Entry("PROHIBITION", "offender", "E", "high"),
    "SERVICE_NOT_SHOWN": Entry("STATE_GAP", "court", "none", "high"),
    "ORDERS_CONFLICT": Entry("STATE_GAP", "court", "none", "review"),
    "OUTSIDE_SUPERVISION_TERM": Entry("PROHIBITION", "system", "none", "review"),
    "VIOLATION_ADJUDICABLE": Entry("STATE_GAP", "court", "none", "review"),
    "FIREARM_RELINQUISH_OVERDUE": Entry("DEADLINE_ONCE", "offender", "D", "high"),
    "FIREARM_PROOF_OVERDUE": Entry("DEADLINE_ONCE", "offender", "B", "high"),
    "FIREARM_FORM_OVERDUE": Entry("DEADLINE_ONCE", "offender", "B", "review"),
    "FEE_REVIEW_NEEDED": Entry("PROHIBITION", "court", "none", "info"),
    "DATA_CONFLICT": Entry("STATE_GAP", "system", "none", "review"),
    "RULE_AMBIGUOUS": Entry("CONSECUTIVE", "system", "none", "review"),
    "RULE_VERSION_CHOICE_NEEDED": Entry("STATE_GAP", "system", "none", "review"),
    "POLICY_WEAKER_THAN_LAW": Entry("STATE_GAP", "system", "none", "review"),
    "INPUT_MISSING": Entry("STATE_GAP", "system", "none", "review"),
    # Ours, in no shared catalogue: a court's measure of itself. It sleeps in every pack until a court's own policy sets
    # the number (no law does), so that a runner of shared scenarios never meets it. New codes stand at the end, for the
    # place of a code is part of some keys.
    "WARRANT_OUT_TOO_LONG": Entry("STATE_GAP", "court", "none", "review"),
    "TERMS_NOT_ENTERED": Entry("STATE_GAP", "court", "none", "review"),
}
OURS = frozenset({"WARRANT_OUT_TOO_LONG", "TERMS_NOT_ENTERED"})


# The number by which a key names a code: shared codes by letter, then ours as they came: no new one moves another.
PLACES = {
    code: n for n, code in enumerate([*sorted(set(CATALOGUE) - OURS), *(code for code in CATALOGUE if code in OURS)])
}

# These ask what was on record, not what happened: a later correction does not rewrite their days.
ABOUT_THE_RECORD = frozenset(
    {
        "ABSENCE_PENDING",
        "ADJUDICATION_OVERDUE",
        "ATTENDANCE_NOT_REPORTED",
        "DATA_CONFLICT",
        "COMPLETION_REOPENED",
        "DEVICE_ALERT_TO_CHECK",
    }
)

# What only the duty of a program asks. What a program owes for safety or after an exit is none of it.
OF_PROGRAM = frozenset(
    {
        "ATTENDANCE_NOT_REPORTED",
        "ATTENDANCE_WINDOW_MISSED",
        "ABSENCE_UNEXCUSED",
        "EXCUSED_ABSENCE_LIMIT_REACHED",
        "EXCUSED_ABSENCE_LIMIT_EXCEEDED",
        "ABSENCE_TERMINATION_THRESHOLD",
        "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED",
        "CONSECUTIVE_UNEXCUSED_LIMIT",
        "WINDOW_UNEXCUSED_LIMIT",
        "BREAK_TOO_LONG",
        "CREDIT_SHORTFALL",
        "ENROLLMENT_PROOF_OVERDUE",
        "ENROLLMENT_OVERDUE",
        "ENROLLMENT_REMINDER",
        "ENROLLMENT_GAP",
        "BEGIN_ATTENDANCE_OVERDUE",
        "PROGRAM_CHOICE_OVERDUE",
        "COMPLETION_OVERDUE",
        "COMPLETION_WINDOW_EXCEEDED",
        "COMPLETION_AT_RISK",
        "PROGRESS_REPORT_OVERDUE",
    }
)
