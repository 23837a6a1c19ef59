"""The numbers of the packs that the reference needs, typed from packs.md by hand: plain data, no engine."""

from __future__ import annotations

BASE_CODES = {
    "ABSENCE_UNEXCUSED", "ABSENCE_PENDING", "ADJUDICATION_OVERDUE", "ATTENDANCE_NOT_REPORTED",
    "ATTENDANCE_WINDOW_MISSED", "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED", "CREDIT_SHORTFALL", "ENROLLMENT_OVERDUE",
    "ENROLLMENT_GAP", "PROGRAM_CAPACITY", "COMPLETION_NOT_MET", "COMPLETION_BEFORE_MINIMUM", "COMPLETION_REOPENED",
    "OFFICER_REPORT_LATE", "REPORT_UNANSWERED", "PROGRAM_DISCHARGE", "REVIEW_HEARING_OVERDUE", "CHECKIN_MISSED",
    "TEST_NONCOMPLIANT", "WARRANT_ACTIVE", "NO_CONTACT_ALLEGED", "PEACEFUL_CONTACT_BREACH_ALLEGED",
    "STAY_AWAY_ALLEGED", "DEVICE_ALERT_TO_CHECK", "NEW_VIOLENCE_REPORTED", "SERVICE_NOT_SHOWN", "ORDERS_CONFLICT",
    "OUTSIDE_SUPERVISION_TERM", "FEE_REVIEW_NEEDED", "DATA_CONFLICT", "POLICY_WEAKER_THAN_LAW", "INPUT_MISSING",
    "WARRANT_OUT_TOO_LONG", "TERMS_NOT_ENTERED",
}  # fmt: skip
BASE_VALUES = {"adjudication.due": 2}

CODES = {
    "us_ca": {
        "ENROLLMENT_PROOF_OVERDUE", "EXCUSED_ABSENCE_LIMIT_REACHED", "EXCUSED_ABSENCE_LIMIT_EXCEEDED",
        "COMPLETION_OVERDUE", "COMPLETION_AT_RISK", "PROGRESS_REPORT_OVERDUE", "PROGRAM_REPORT_DUE",
        "PROGRAM_REPORT_LATE", "FIREARM_RELINQUISH_OVERDUE", "FIREARM_PROOF_OVERDUE", "FIREARM_FORM_OVERDUE",
        "VIOLATION_ADJUDICABLE",
    },
    "us_wa": {
        "RULE_VERSION_CHOICE_NEEDED", "BREAK_TOO_LONG", "PROGRAM_REPORT_DUE", "PROGRAM_REPORT_LATE",
        "FIREARM_PROOF_OVERDUE",
    },
    "us_ga": {"ABSENCE_TERMINATION_THRESHOLD", "COMPLETION_WINDOW_EXCEEDED", "TRANSFER_UNAUTHORIZED"},
    "us_nc": {"COMPLETION_WINDOW_EXCEEDED", "PROGRAM_CHOICE_OVERDUE"},
    "us_ri": {"CREDIT_DENIED", "CREDIT_RESET"},
    "us_or": {
        "SUMMARY_REPORT_OVERDUE", "EXIT_SUMMARY_OVERDUE", "EXIT_SUMMARY_COPY_OVERDUE", "TRANSFER_UNAUTHORIZED",
    },
    "us_tx": {"BEGIN_ATTENDANCE_OVERDUE", "HOME_CONTACT_OVERDUE"},
    "us_me": {"PROGRAM_INTAKE_LATE", "POLICE_REPORT_OVERDUE"},
    "us_ok": {"CONSECUTIVE_UNEXCUSED_LIMIT", "WINDOW_UNEXCUSED_LIMIT", "RULE_AMBIGUOUS"},
    "us_nm": {"PROGRESS_REPORT_OVERDUE"},
    "us_ny": {"CONTACT_SHORTFALL", "HOME_CONTACT_OVERDUE", "COLLATERAL_CONTACT_OVERDUE"},
    "us_az": {"COMPLETION_WINDOW_EXCEEDED", "EXTENSION_DECISION_MISSING"},
    "us_fl": {"DISCHARGE_REPORT_OVERDUE", "VICTIM_NOTICE_OVERDUE", "ENROLLMENT_REMINDER"},
    "us_pa": {"CONTACT_OVERDUE", "COLLATERAL_CONTACT_OVERDUE"},
    "us_nd": {"CONTACT_OVERDUE"},
    "us_id": {"CONTACT_OVERDUE"},
    "us_mo": {"CONTACT_OVERDUE"},
    "us_tn": {"PROGRAM_REPORT_LATE"},
}  # fmt: skip

VALUES: dict[str, dict[str, int]] = {
    "us_ca": {
        "bip.enrollment_proof_deadline": 30, "bip.unexcused_absences_max": 0, "bip.excused_absences_max": 3,
        "bip.attendance_every_days": 7, "bip.completion_deadline": 18, "bip.sessions_min": 52,
        "report.progress_interval_max": 3,
    },
    "us_wa": {"bip.break_max": 30, "bip.attendance_every_days": 7, "report.noncompliance.deadline": 7},
    "us_ga": {"bip.absences_terminate_at": 4, "bip.sessions_min": 24},
    "us_nc": {"bip.hours_min": 39, "bip.length_min": 26, "bip.choose_program_deadline_unsupervised": 10},
    "us_il": {"bip.sessions_min": 24, "bip.hours_min": 36},
    "us_ri": {"bip.hours_min": 40, "bip.length_min": 20},
    "us_or": {"bip.sessions_min": 36},
    "us_tx": {"bip.begin_deadline": 60, "contact.home_after_custody": 5},
    "us_me": {"bip.intake_deadline": 14, "prosecutor.send_police_report_deadline": 7},
    "us_ok": {"bip.unexcused_consecutive_violation": 3, "window.count": 7, "window.days": 364},
    "us_nm": {"report.progress_interval_max": 1},
    "us_fl": {
        "report.discharge.deadline": 3, "report.discharge.victim_deadline": 24, "civil.enroll_deadline": 10,
        "civil.tickler": 15, "bip.sessions_min": 24,
    },
    "us_pa": {"contact.initial_face_to_face": 2},
    "us_id": {"contact.initial_face_to_face": 3},
    "us_tn": {"report.intake_failure.deadline": 7},
}  # fmt: skip

ROLLS_FORWARD = {"us_ca", "us_nm"}
ROLLED_CODES = {
    "ENROLLMENT_PROOF_OVERDUE", "ENROLLMENT_OVERDUE", "COMPLETION_OVERDUE", "COMPLETION_AT_RISK",
    "PROGRESS_REPORT_OVERDUE", "FIREARM_FORM_OVERDUE", "REVIEW_HEARING_OVERDUE", "REPORT_UNANSWERED",
}  # fmt: skip
PILOT_COUNTIES = {"Napa", "San Luis Obispo", "Santa Barbara", "Santa Clara", "Santa Cruz", "Yolo"}
LATENESS_IS_ABSENCE = {"us_ga"}
LEAVE_NEEDS = {"us_ga": {"referrer", "provider", "victim_liaison"}}
WINDOW = {"us_ga": ("weeks", 27), "us_nc": ("weeks", 30), "us_az": ("months", 12)}
AZ_SESSIONS = {1: 26, 2: 36, 3: 52}
WA_MONTHS = {"1": 6, "2": 9, "3": 12, "4": 18}
WA_OLD_MONTHS, WA_NEW_RULE_FROM, WA_OLD_RULE = 12, "2018-06-29", "WAC 388-60-0255"
AZ_MONTHS_MIN = 3

# level: (count, period, unit of the period)
FACE_TO_FACE = {
    "us_pa": {
        "minimum": (1, 90, "days"), "medium": (1, 30, "days"), "maximum": (2, 30, "days"), "high": (4, 30, "days"),
    },
    "us_nd": {"minimum": (1, 3, "months"), "medium": (1, 2, "months"), "maximum": (1, 1, "months")},
    "us_id": {"minimum": (1, 180, "days"), "medium": (1, 45, "days"), "high": (1, 15, "days")},
    "us_mo": {},
}  # fmt: skip
COLLATERAL = {
    "us_pa": {
        "minimum": (1, 90, "days"), "medium": (1, 90, "days"), "maximum": (1, 30, "days"), "high": (2, 30, "days"),
    },
}  # fmt: skip

# Lower is stricter for these; for the others higher is.
LOWER_IS_STRICTER = {
    "bip.excused_absences_max", "bip.unexcused_absences_max", "bip.attendance_every_days", "bip.completion_deadline",
    "report.progress_interval_max", "bip.makeup_within_days", "report.immediately_means",
}  # fmt: skip
WEAKER_IS_ABOUT = {
    "bip.excused_absences_max": "EXCUSED_ABSENCE_LIMIT_EXCEEDED",
    "bip.unexcused_absences_max": "ABSENCE_UNEXCUSED",
    "bip.attendance_every_days": "ATTENDANCE_WINDOW_MISSED",
    "bip.completion_deadline": "COMPLETION_OVERDUE",
    "bip.sessions_min": "COMPLETION_NOT_MET",
    "bip.hours_min": "COMPLETION_NOT_MET",
    "bip.length_min": "COMPLETION_BEFORE_MINIMUM",
    "report.progress_interval_max": "PROGRESS_REPORT_OVERDUE",
}
