"""The closed vocabularies of the rule frames: every word a fact or a span may use, on one page.

Source: rules/scenarios/FORMAT.md (facts) and rules/CODES.md (spans). A word that is not here is refused at the door
(`rules.frames.conform`), never guessed.
"""

from __future__ import annotations

from typing import Final

PROCEEDINGS: Final = ("criminal", "civil")
SUPERVISIONS: Final = ("formal", "unsupervised", "none")
PROGRAM_TYPES: Final = ("standard", "pilot_1203_099")
TERM_SOURCES: Final = ("order", "local_policy", "provider_policy", "court_policy", "county_policy")
OUTCOMES: Final = (
    "attended", "late", "left_early", "absent", "cancelled_by_provider", "sent_away_behaviour", "sent_away_provider",
)  # fmt: skip
SESSION_KINDS: Final = ("group", "individual", "intake", "orientation")
SOURCES: Final = ("provider", "probation", "file")
DECISIONS: Final = (
    "pending_evidence", "excused", "unexcused", "not_counted", "rescheduled", "attended_not_complied", "confirmed",
    "dismissed",
)  # fmt: skip
ADJUDICATORS: Final = ("probation", "court", "provider")
EXPECTED: Final = ("session", "check_in")
CONTACT_KINDS: Final = ("direct", "collateral")
CONTACT_STATES: Final = ("completed", "attempted", "scheduled", "cancelled")
CONTACT_METHODS: Final = ("in_person", "video", "phone", "message", "letter")
CONTACT_PLACES: Final = ("office", "home", "work", "court", "jail", "provider", "field", "other")
TEST_RESULTS: Final = ("negative", "positive", "diluted", "refused")
REPORT_KINDS: Final = (
    "enrollment_proof", "program_choice", "progress", "noncompliance", "discharge_notice", "victim_notice", "summary",
    "exit_summary", "exit_summary_copy", "police_report",
)  # fmt: skip
ACTORS: Final = (
    "offender", "provider", "probation", "prosecutor", "court", "referrer", "law_enforcement", "victim", "file",
)  # fmt: skip
ENROLLMENT_EVENTS: Final = (
    "contacted", "intake_scheduled", "intake_held", "intake_failed", "enrolled", "rejected", "discharged", "exited",
)  # fmt: skip
ENROLLMENT_REASONS: Final = (
    "absences", "behaviour", "non_payment", "program_closed", "completed", "moved", "other",
)  # fmt: skip
LETTER_KINDS: Final = ("waitlist", "hospital", "employer")
PAUSE_KINDS: Final = (
    "custody", "hospital", "warrant", "revocation", "provider_closed", "court_stay", "system_outage",
)  # fmt: skip
PAUSE_EDGES: Final = ("start", "end")
PAUSE_BASES: Final = ("sentence", "pretrial", "hold")
ORDER_EVENTS: Final = (
    "issued", "served", "modified", "suspended", "reinstated", "terminated", "expired", "vacated",
    "entry_waits",  # ours: changed terms wait for the registry, from `on`/`at` to `until` (null = still)
)  # fmt: skip
ORDER_KINDS: Final = (
    "criminal_no_contact", "civil_protection", "emergency_protective", "family_custody", "probation",
)  # fmt: skip
CONTACT_TERMS: Final = ("no_contact", "peaceful_contact")
INCIDENT_KINDS: Final = ("contact", "threat", "new_violence", "stay_away_entry")
INCIDENT_SOURCES: Final = (
    "law_enforcement", "provider", "probation", "court", "device", "victim", "witness",
)  # fmt: skip
CHANNELS: Final = ("in_person", "call", "text", "social", "letter", "third_party", "exchange")
FIREARM_EVENTS: Final = ("relinquished", "proof_filed", "form_filed", "no_firearms_declared")
FEE_EVENTS: Final = ("unpaid", "paid", "waiver_requested", "waiver_granted", "waiver_denied", "ability_found")
TRANSFER_REASONS: Final = ("moved", "schedule", "program_closed", "other")
DECISION_KINDS: Final = (
    "good_cause_found", "extension_granted", "extension_denied", "breach_resolved", "program_restarted",
    "flag_resolved", "review_held", "response_recorded", "rule_version_chosen", "break_approved",
    "fewer_sessions_recommended",
)  # fmt: skip
DECIDERS: Final = ("court", "probation", "provider")
CONDITIONS: Final = (
    "bip", "check_in", "testing", "alcohol_abstain", "firearm_surrender", "no_contact", "stay_away",
)  # fmt: skip

OWNERS: Final = ("offender", "provider", "probation", "prosecutor", "court", "system")
SEVERITIES: Final = ("info", "review", "high")
CLASSES: Final = ("none", "A", "B", "C", "D", "E")
BASES: Final = ("law", "order", "local_policy", "provider_policy")
ROUTES: Final = ("probation", "prosecutor", "court")
UNITS: Final = ("sessions", "minutes", "contacts", "positive_home_contacts")
CERTAINTIES: Final = ("CERTAIN", "UNVERIFIED", "CANNOT_EVALUATE")
MITIGATIONS: Final = (
    "waitlist_letter", "contacted_promptly", "hospital_letter", "extension_ground", "later_order_permits",
    "waiver_pending",
)  # fmt: skip
REMEDIES: Final = ("good_cause_hearing",)
RESERVED_CODES: Final = ("PROBATION_VIOLATION",)
# What no rule may read, by part of a column name: people's names and traits, where they live, the protected party.
FORBIDDEN_READS: Final = (
    "name", "sex", "gender", "race", "ethnic", "language", "zip", "postal", "address", "birth", "dob", "age_",
    "victim_", "protected", "phone", "email",
)  # fmt: skip
