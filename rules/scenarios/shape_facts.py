"""The kinds of record that a scenario may hold, one class each. What only people read (`note`), no rule reads."""

from __future__ import annotations

from datetime import date as Day
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from rules.scenarios.shape_lists import Actor, Condition

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]*$")]
Instant = Annotated[
    str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})$")
]
Count = Annotated[int, Meta(ge=0)]
SomeDays = Annotated[list[Day], Meta(min_length=1)]
SessionKind = Literal["group", "individual", "intake", "orientation"]


def checked_instant(text: str | None) -> None:
    """An instant that exists, else ValueError."""
    if text is not None:
        datetime.fromisoformat(text)


class Record(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True, tag_field="type"):
    """What every record may carry."""

    id: Name | None = None
    date: Day | None = None
    at: Instant | None = None
    recorded_on: Day | None = None
    recorded_at: Instant | None = None
    supersedes: Name | None = None
    order: Name | None = None
    program: Name | None = None
    note: str | None = None

    def __post_init__(self) -> None:
        """Exactly one of date and at (a series has neither); at most one of the two record times."""
        if self.dated() != ((self.date is not None) + (self.at is not None)):
            raise ValueError("give a date or an instant (at), one of the two")
        if self.recorded_on is not None and self.recorded_at is not None:
            raise ValueError("give recorded_on or recorded_at, not both")
        checked_instant(self.at)
        checked_instant(self.recorded_at)

    def dated(self) -> int:
        """How many times of its own the record has."""
        return 1


class Session(Record, tag="session", kw_only=True, frozen=True):
    """One person at one group session, as the program recorded it."""

    outcome: Literal[
        "attended",
        "late",
        "left_early",
        "absent",
        "absent_unexcused",
        "absent_excused",
        "cancelled_by_provider",
        "sent_away_behaviour",
        "sent_away_provider",
    ]
    minutes: Count | None = None
    minutes_late: Count | None = None
    kind: SessionKind | None = None
    makeup_for: Name | None = None
    source: Literal["provider", "probation", "file"] | None = None


class SessionSeries(Record, tag="session_series", kw_only=True, frozen=True):
    """So many sessions at one interval, each recorded on its own day."""

    first: Day
    count: Annotated[int, Meta(ge=1)]
    every_days: Annotated[int, Meta(ge=1)]
    outcome: Literal["attended", "late"]
    exceptions: list[Day] = msgspec.field(name="except", default_factory=list)
    minutes: Count | None = None
    kind: SessionKind | None = None

    def dated(self) -> int:
        """A series has the days of its sessions and none of its own."""
        return 0


class Submission(Record, tag="submission", kw_only=True, frozen=True):
    """A roster that covers these days for this person; the last day is excluded."""

    covers_from: Day
    covers_to: Day


class Schedule(Record, tag="schedule", kw_only=True, frozen=True):
    """What was expected, and when that was set."""

    of: Literal["session", "check_in"]
    dates: SomeDays


class Adjudication(Record, tag="adjudication", kw_only=True, frozen=True):
    """A decision on one version of an absence, or the human check of a device alert."""

    of: Name
    decision: Literal[
        "pending_evidence",
        "excused",
        "unexcused",
        "not_counted",
        "rescheduled",
        "attended_not_complied",
        "confirmed",
        "dismissed",
    ]
    by: Literal["probation", "court"] | None = None
    reason: (
        Literal[
            "court_legal",
            "employment",
            "family_childcare",
            "holiday",
            "medical",
            "religious",
            "in_custody",
            "professional_judgement",
            "weather_or_transit",
            "military",
            "provider_fault",
            "device_error",
        ]
        | None
    ) = None
    evidence_due: Day | None = None


class Retraction(Record, tag="retraction", kw_only=True, frozen=True):
    """The record that it names should never have existed."""

    retracts: Name
    reason: Literal["wrong_person", "entered_in_error"]


class Contact(Record, tag="contact", kw_only=True, frozen=True):
    """The officer's contact with the person, or about the person; only a completed one counts."""

    kind: Literal["direct", "collateral"]
    state: Literal["completed", "attempted", "scheduled", "cancelled"]
    method: Literal["in_person", "video", "phone", "message", "letter"] | None = None
    place: Literal["office", "home", "work", "court", "jail", "provider", "field", "other"] | None = None
    counterpart: Literal["family", "employer", "treatment_provider", "other"] | None = msgspec.field(
        name="with", default=None
    )


class CheckIn(Record, tag="check_in", kw_only=True, frozen=True):
    """The person reported."""


class Test(Record, tag="test", kw_only=True, frozen=True):
    """A test and its result."""

    result: Literal["negative", "positive", "diluted", "refused"]


class Report(Record, tag="report", kw_only=True, frozen=True):
    """A notice or filing. A session record is not a report."""

    kind: Literal[
        "enrollment_proof",
        "program_choice",
        "progress",
        "noncompliance",
        "discharge_notice",
        "victim_notice",
        "summary",
        "exit_summary",
        "exit_summary_copy",
        "police_report",
    ]
    by: Actor
    to: Actor
    about: Name | None = None


class Enrollment(Record, tag="enrollment", kw_only=True, frozen=True):
    """A step into, or out of, a program."""

    event: Literal[
        "contacted",
        "intake_scheduled",
        "intake_held",
        "intake_failed",
        "enrolled",
        "rejected",
        "discharged",
        "exited",
    ]
    reason: Literal["absences", "behaviour", "non_payment", "program_closed", "completed", "moved", "other"] | None = (
        None
    )


class Letter(Record, tag="letter", kw_only=True, frozen=True):
    """Mitigation on file."""

    kind: Literal["waitlist", "hospital", "employer"]
    by: Actor
    seat_on: Day | None = None


class Leave(Record, tag="leave", kw_only=True, frozen=True):
    """An approved absence in advance; its own date is the approval's."""

    covers: SomeDays
    approved_by: list[Literal["referrer", "provider", "victim_liaison", "probation", "court"]]


class Pause(Record, tag="pause", kw_only=True, frozen=True):
    """Custody, hospital, closure, stay ... begins or ends."""

    kind: Literal["custody", "hospital", "warrant", "revocation", "provider_closed", "court_stay", "system_outage"]
    event: Literal["start", "end"]
    basis: Literal["sentence", "pretrial", "hold"] | None = None


class Order(Record, tag="order", kw_only=True, frozen=True):
    """Something happens to an order, supervising or protective."""

    order: Name
    event: Literal[
        "issued", "served", "modified", "suspended", "reinstated", "terminated", "expired", "vacated", "entry_waits"
    ]  # fmt: skip
    kind: (
        Literal["criminal_no_contact", "civil_protection", "emergency_protective", "family_custody", "probation"] | None
    ) = None
    contact_terms: Literal["no_contact", "peaceful_contact"] | None = None
    stay_away: bool | None = None
    exceptions: list[Literal["child_exchange", "counsel", "court", "counselling"]] | None = None
    until: Instant | None = None
    condition: Condition | None = None
    method: Literal["personal", "in_court", "substitute", "publication"] | None = None
    replaced_by: Name | None = None

    def __post_init__(self) -> None:
        """The end of an order must exist on a calendar."""
        super().__post_init__()
        checked_instant(self.until)


class Incident(Record, tag="incident", kw_only=True, frozen=True):
    """A reported act. Who began a contact has no field."""

    kind: Literal["contact", "threat", "new_violence", "stay_away_entry"]
    source: Literal["law_enforcement", "provider", "probation", "court", "device", "victim", "witness"]
    channel: Literal["in_person", "call", "text", "social", "letter", "third_party", "exchange"] | None = None
    consent: bool | None = None
    duty_to_warn: bool | None = None

    def __post_init__(self) -> None:
        """An act has an instant, and what the protected person tells needs her answer on consent."""
        super().__post_init__()
        if self.at is None:
            raise ValueError("an incident has an instant (at), not a date")
        if self.source == "victim" and self.consent is None:
            raise ValueError("an incident told by the protected person says whether she consents")


class Firearm(Record, tag="firearm", kw_only=True, frozen=True):
    """Firearms given up, proved, declared."""

    event: Literal["relinquished", "proof_filed", "form_filed", "no_firearms_declared"]


class Fee(Record, tag="fee", kw_only=True, frozen=True):
    """Money owed to a program and what was decided about it."""

    event: Literal["unpaid", "paid", "waiver_requested", "waiver_granted", "waiver_denied", "ability_found"]


class Certificate(Record, tag="certificate", kw_only=True, frozen=True):
    """The program's certificate of completion."""


class Transfer(Record, tag="transfer", kw_only=True, frozen=True):
    """A start at another program."""

    from_program: Name
    to_program: Name
    reason: Literal["moved", "schedule", "program_closed", "other"]
    authorized_by: list[
        Literal[
            "court",
            "referrer",
            "probation",
            "lsa",
            "mandating_authority",
            "original_program",
            "receiving_program",
        ]
    ]


class Decision(Record, tag="decision", kw_only=True, frozen=True):
    """What a court, an officer or a program decided."""

    by: Literal["court", "probation", "provider"]
    kind: Literal[
        "good_cause_found",
        "extension_granted",
        "extension_denied",
        "breach_resolved",
        "program_restarted",
        "flag_resolved",
        "review_held",
        "response_recorded",
        "rule_version_chosen",
        "break_approved",
        "fewer_sessions_recommended",
    ]
    about: Name | None = None
    until: Day | None = None
    param: str | None = None
    value: int | str | None = None
    found: bool | None = None


AnyFact = (
    Session
    | SessionSeries
    | Submission
    | Schedule
    | Adjudication
    | Retraction
    | Contact
    | CheckIn
    | Test
    | Report
    | Enrollment
    | Letter
    | Leave
    | Pause
    | Order
    | Incident
    | Firearm
    | Fee
    | Certificate
    | Transfer
    | Decision
)
