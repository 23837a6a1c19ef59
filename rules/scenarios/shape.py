"""The shape of one scenario: fields, closed lists and types. An instant stays text until a zone reads it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from rules.scenarios.shape_facts import AnyFact, Instant, Name, checked_instant
from rules.scenarios.shape_lists import (
    Basis,
    Condition,
    Confidence,
    Edge,
    Level,
    Mitigation,
    Owner,
    RouteTo,
    TermId,
    Unit,
)

PackName = Annotated[str, Meta(pattern=r"^(base|us_[a-z]{2})$")]
ScenarioId = Annotated[str, Meta(pattern=r"^(BASE|[A-Z]{2})-[0-9]{2}$")]
Count = Annotated[int, Meta(ge=0)]
OneOrMore = Annotated[int, Meta(ge=1)]
When = Annotated[
    str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?$")
]
Code = Annotated[str, Meta(pattern=r"^[A-Z][A-Z_]+$")]


class LevelFrom(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True, rename={"begins": "from"}):
    """A risk or supervision level and the day from which it counts."""

    begins: date
    level: Level


class Anchors(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """The dates and settings from which clocks run."""

    ordered_on: date | None = None
    effective_on: date | None = None
    effective_at: Instant | None = None
    granted_on: date | None = None
    term_months: OneOrMore | None = None
    convicted_on: date | None = None
    treatment_started_on: date | None = None
    served_at: Instant | None = None
    appeared: bool | None = None
    in_custody: bool | None = None
    proceeding: Literal["criminal", "civil"] | None = None
    supervision: Literal["formal", "unsupervised", "none"] | None = None
    supervision_started_on: date | None = None
    levels: Annotated[list[LevelFrom], Meta(min_length=1)] | None = None
    conditions: list[Condition] | None = None
    county: str | None = None
    program_type: Literal["standard", "pilot_1203_099"] | None = None
    assessed_length_weeks: OneOrMore | None = None
    distance_miles: Count | None = None
    offense_number: OneOrMore | None = None

    def __post_init__(self) -> None:
        """Refuse an instant that no calendar holds."""
        for text in (self.effective_at, self.served_at):
            checked_instant(text)


class Case(Anchors, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """The anchors of a case, its zone and the closed days of its court."""

    time_zone: Annotated[str, Meta(pattern=r"^[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+$")]
    holidays: list[date] = []


class ContactTerm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """So many contacts in a number of days, or of calendar months."""

    count: Count
    period_days: Count | None = None
    period_calendar_months: Count | None = None

    def __post_init__(self) -> None:
        """Exactly one period."""
        if (self.period_days is None) == (self.period_calendar_months is None):
            raise ValueError("give either period_days or period_calendar_months")


TermValues = Annotated[dict[TermId, int | str | ContactTerm], Meta(min_length=1)]


class Terms(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """Values set by the court's order, by local policy and by the program's written policy (`programs`: of each)."""

    order: TermValues | None = None
    local_policy: TermValues | None = None
    provider_policy: TermValues | None = None
    programs: Annotated[dict[Name, TermValues], Meta(min_length=1)] | None = None


class OrderItem(Anchors, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """One of several supervising orders: its anchors replace those of the case."""

    id: Name
    pack: PackName | None = None
    terms: TermValues | None = None


class ExpectedFlag(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """A flag that must be open. Only the fields written are compared."""

    code: Code
    owner: Owner
    order: Name | None = None
    about: Name | None = None
    first_on: When | None = None
    due: When | None = None
    earliest: date | None = None
    clears_on: date | None = None
    window_from: date | None = None
    window_to: date | None = None
    count: Count | None = None
    limit: Count | None = None
    have: Count | None = None
    need: Count | None = None
    days_late: OneOrMore | None = None
    unit: Unit | None = None
    severity: Literal["info", "review", "high"] | None = None
    basis: Basis | None = None
    route_to: RouteTo | None = None
    of_code: Code | None = None
    mitigation: Annotated[list[Mitigation], Meta(min_length=1)] | None = None
    remedy: Annotated[list[Literal["good_cause_hearing"]], Meta(min_length=1)] | None = None
    evidence: list[Name] | None = None
    counter: list[Name] | None = None

    def __post_init__(self) -> None:
        """Refuse days and instants that no calendar holds."""
        for text in (self.first_on, self.due):
            checked_when(text)


class Tally(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True, omit_defaults=True):
    """Counts of one order in its current era."""

    credited_sessions: Count | None = None
    credited_minutes: Count | None = None
    excused: Count | None = None
    unexcused: Count | None = None
    pending: Count | None = None
    not_counted: Count | None = None
    unreported: Count | None = None


class Evaluation(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """One reading of the rules and what it must show."""

    as_of: When
    expect: list[ExpectedFlag]
    known_at: When | None = None
    absent: list[Code] = []
    unverified: Annotated[list[Code], Meta(min_length=1)] | None = None
    absent_owners: Annotated[list[Owner], Meta(min_length=1)] | None = None
    tally: Tally | None = None

    def __post_init__(self) -> None:
        """Refuse days and instants that no calendar holds."""
        checked_when(self.as_of)
        checked_when(self.known_at)


class Scenario(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """One worked case."""

    id: ScenarioId
    title: Annotated[str, Meta(min_length=5)]
    edge: Annotated[list[Edge], Meta(min_length=1)]
    pack: PackName | Annotated[list[PackName], Meta(min_length=2)]
    provision: str
    provision_confidence: Confidence
    case: Case
    facts: list[AnyFact]
    evaluate: Annotated[list[Evaluation], Meta(min_length=1)]
    why: Annotated[str, Meta(min_length=10)]
    origin: Annotated[str, Meta(pattern=r"^S[0-9]{2}$")] | None = None
    orders: Annotated[list[OrderItem], Meta(min_length=2)] | None = None
    terms: Terms | None = None
    open_question: str | None = None


def checked_when(text: str | None) -> None:
    """A day or an instant that exists, else ValueError."""
    if text is not None:
        datetime.fromisoformat(text)
