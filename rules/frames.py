"""Schemas of every frame that a rule may read or emit: the whole vocabulary on one page.

Facts have two time axes. World: `on` (the court's local day) and, where the instant matters, `at` (UTC). Known:
`recorded_at` (UTC). A correction is a row whose `supersedes` is the id of the version that it replaces; a row with
`retracted` says "this should never have been recorded". `order` binds a fact to one order, null = to all of the
person's orders. All ids are Int64. Nothing here holds a name, a trait, an address or anything of a protected party.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Final

import polars as pl

from rules import words as w
from rules.cells import outside_calendars, read_as

INSTANT: Final = pl.Datetime("us", "UTC")
IDS: Final = pl.List(pl.Int64)


def _enum(values: Iterable[str]) -> pl.Enum:
    return pl.Enum(list(values))


FACT: Final[dict[str, Any]] = {
    "id": pl.Int64,
    "person": pl.Int64,
    "order": pl.Int64,
    "on": pl.Date,
    "at": INSTANT,
    "recorded_at": INSTANT,
    "supersedes": pl.Int64,
    "retracted": pl.Boolean,
}
# Columns of FACT that may be null; all others must be filled.
OPTIONAL_OF_FACT: Final = ("order", "at", "supersedes")

ORDERS: Final[dict[str, Any]] = {
    "order": pl.Int64,
    "person": pl.Int64,
    "pack": pl.String,
    "zone": pl.String,
    "court": pl.Int64,  # whose holidays count
    "court_code": pl.String,  # by which packs name it, for values of one court
    "recorded_at": INSTANT,  # several versions of one order: the last known one counts
    "ordered_on": pl.Date,
    "effective_on": pl.Date,
    "effective_at": INSTANT,
    "granted_on": pl.Date,
    "term_months": pl.Int32,
    "convicted_on": pl.Date,
    "treatment_started_on": pl.Date,
    "served_at": INSTANT,
    "appeared": pl.Boolean,
    "in_custody": pl.Boolean,
    "proceeding": _enum(w.PROCEEDINGS),
    "supervision": _enum(w.SUPERVISIONS),  # null = formal
    "supervision_started_on": pl.Date,
    "conditions": pl.List(pl.String),
    "duties": pl.List(pl.String),  # "bip 2026-01-05 2026-03-01": a duty, from, until (excluded); null = not dated
    "last_on": pl.Date,  # the order's own last day, which outranks granted_on and term_months
    "county": pl.String,
    "program_type": _enum(w.PROGRAM_TYPES),
    "assessed_length_weeks": pl.Int32,
    "distance_miles": pl.Int32,
    "offense_number": pl.Int32,
}
LEVELS: Final[dict[str, Any]] = {"order": pl.Int64, "from": pl.Date, "level": pl.String, "recorded_at": INSTANT}
HOLIDAYS: Final[dict[str, Any]] = {"court": pl.Int64, "on": pl.Date, "recorded_at": INSTANT}  # null = always known
# One value that an order, a local policy or a provider's policy sets for one order. A cadence fills `number` (how
# many) and one period; a plain value fills `number`; calendar.week_starts fills `word`.
TERMS: Final[dict[str, Any]] = {
    "order": pl.Int64,
    "source": _enum(w.TERM_SOURCES),
    "term": pl.String,
    "number": pl.Int64,
    "period_days": pl.Int32,
    "period_months": pl.Int32,
    "word": pl.String,
    "program": pl.Int64,  # whose policy a provider_policy is; null = of whichever program the person attends
    "from": pl.Date,  # null = from the beginning
    "cite": pl.String,
    "recorded_at": INSTANT,
}
FACTS: Final[dict[str, dict[str, Any]]] = {
    "sessions": {
        "program": pl.Int64,
        "outcome": _enum(w.OUTCOMES),
        "minutes": pl.Int32,
        "minutes_late": pl.Int32,
        "kind": _enum(w.SESSION_KINDS),
        "makeup_for": pl.Int64,
        "source": _enum(w.SOURCES),
    },
    # `of`: the id of the session version or incident decided on. Acts as soon as it is known.
    "adjudications": {
        "of": pl.Int64,
        "decision": _enum(w.DECISIONS),
        "reason": pl.String,
        "evidence_due": pl.Date,
        "by": _enum(w.ADJUDICATORS),
    },
    # A roster that covers [covers_from, covers_to) for this person. Acts as soon as it is known.
    "submissions": {"program": pl.Int64, "covers_from": pl.Date, "covers_to": pl.Date},
    # `on` = when it was set; `expected_on` = one day per row.
    "schedules": {"program": pl.Int64, "of": _enum(w.EXPECTED), "expected_on": pl.Date},
    "contacts": {
        "kind": _enum(w.CONTACT_KINDS),
        "state": _enum(w.CONTACT_STATES),
        "method": _enum(w.CONTACT_METHODS),
        "place": _enum(w.CONTACT_PLACES),
    },
    "check_ins": {},
    "tests": {"result": _enum(w.TEST_RESULTS)},
    "reports": {
        "program": pl.Int64,
        "kind": _enum(w.REPORT_KINDS),
        "by": _enum(w.ACTORS),
        "to": _enum(w.ACTORS),
        "about": pl.Int64,
    },
    "enrollments": {
        "program": pl.Int64,
        "event": _enum(w.ENROLLMENT_EVENTS),
        "reason": _enum(w.ENROLLMENT_REASONS),
    },
    "letters": {"kind": _enum(w.LETTER_KINDS), "by": _enum(w.ACTORS), "seat_on": pl.Date},
    # `on` = when approved; one covered day per row.
    "leaves": {"covers_on": pl.Date, "approved_by": pl.List(pl.String)},
    # Either edges (event start and end, as they were recorded) or whole stretches: `ends_on` with event start.
    "pauses": {
        "kind": _enum(w.PAUSE_KINDS),
        "event": _enum(w.PAUSE_EDGES),
        "basis": _enum(w.PAUSE_BASES),
        "ends_on": pl.Date,
    },
    # `order` = the order that the event is about, supervising or protective (never null here).
    "order_events": {
        "event": _enum(w.ORDER_EVENTS),
        "kind": _enum(w.ORDER_KINDS),
        "contact_terms": _enum(w.CONTACT_TERMS),
        "stay_away": pl.Boolean,
        "exceptions": pl.List(pl.String),
        "until": INSTANT,
        "method": pl.String,
        "condition": pl.String,
    },
    "incidents": {
        "kind": _enum(w.INCIDENT_KINDS),
        "source": _enum(w.INCIDENT_SOURCES),
        "channel": _enum(w.CHANNELS),
        "consent": pl.Boolean,
        "duty_to_warn": pl.Boolean,
    },
    "firearms": {"event": _enum(w.FIREARM_EVENTS)},
    "fees": {"event": _enum(w.FEE_EVENTS)},
    "certificates": {"program": pl.Int64},
    "transfers": {
        "from_program": pl.Int64,
        "to_program": pl.Int64,
        "reason": _enum(w.TRANSFER_REASONS),
        "authorized_by": pl.List(pl.String),
    },
    "decisions": {
        "by": _enum(w.DECIDERS),
        "kind": _enum(w.DECISION_KINDS),
        "about": pl.Int64,
        "until": pl.Date,
        "term": pl.String,
        "number": pl.Int64,
        "word": pl.String,
        "found": pl.Boolean,
    },
}
SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "orders": ORDERS,
    "levels": LEVELS,
    "holidays": HOLIDAYS,
    "terms": TERMS,
    **{name: {**FACT, **own} for name, own in FACTS.items()},
}
# Cells that must be filled, or the row is not usable (rules.frames.conform hands such rows back).
REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "orders": ("order", "person", "pack", "zone", "recorded_at"),
    "levels": ("order", "from", "level"),
    "holidays": ("court", "on"),
    "terms": ("order", "source", "term", "recorded_at"),
    "sessions": ("program", "outcome"),
    "adjudications": ("of", "decision"),
    "submissions": ("program", "covers_from", "covers_to"),
    "schedules": ("of", "expected_on"),
    "contacts": ("kind", "state"),
    "tests": ("result",),
    "reports": ("kind", "by", "to"),
    "enrollments": ("event",),
    "letters": ("kind",),
    "leaves": ("covers_on",),
    "pauses": ("kind", "event"),
    "order_events": ("order", "event"),
    "incidents": ("kind", "source", "at"),
    "firearms": ("event",),
    "fees": ("event",),
    "transfers": ("from_program", "to_program"),
    "decisions": ("kind",),
}
AUTHORITY: Final = pl.Struct(
    {
        "term": pl.String,
        "value": pl.String,
        "unit": pl.String,
        "basis": pl.String,
        "from": pl.Date,
        "governed_by": pl.String,
        "cite": pl.String,
        "confidence": pl.String,
    }
)
# One row = one flag's content from `starts_at` to `ends_at`. A flag whose count changes has several rows with the same
# `key`, one after another; (`key`, `starts_at`) is unique. `first_on` is the first day of the whole stretch.
SPANS: Final[dict[str, Any]] = {
    "order": pl.Int64,  # the supervising order, or the protective order that the act is alleged under
    "person": pl.Int64,
    "zone": pl.String,  # of the court, to tell local days
    "code": pl.String,
    "owner": _enum(w.OWNERS),
    "about": pl.Int64,
    "program": pl.Int64,
    "key": pl.String,
    "version": pl.String,
    "certainty": _enum(w.CERTAINTIES),
    "starts_at": INSTANT,
    "ends_at": INSTANT,
    "first_on": pl.Date,
    "first_at": INSTANT,  # hour clocks only
    "due_on": pl.Date,
    "due_at": INSTANT,  # hour clocks only
    "done_on": pl.Date,  # the late act, where lateness stays
    "clears_on": pl.Date,
    "earliest": pl.Date,
    "window_from": pl.Date,
    "window_to": pl.Date,
    "count": pl.Int64,
    "count_most": pl.Int64,  # what it could be if all that is unknown went against it; null = nothing is unknown
    "count_every": pl.Int32,  # it grows by one each so many local days after starts_at: the count, or count_most
    "limit": pl.Int64,
    "have": pl.Int64,
    "need": pl.Int64,
    "unit": _enum(w.UNITS),
    "severity": _enum(w.SEVERITIES),
    "response_class": _enum(w.CLASSES),
    "basis": _enum(w.BASES),
    "route_to": _enum(w.ROUTES),
    "of_code": pl.String,
    "mitigation": pl.List(pl.String),
    "remedy": pl.List(pl.String),
    "evidence": IDS,
    "counter": IDS,
    "counter_why": pl.List(pl.String),  # beside `counter`, one word each
    "rule": pl.String,
    "provision": pl.String,
    "authority": pl.List(AUTHORITY),
    "note": pl.String,
}


@cache
def empty(name: str) -> pl.DataFrame:
    """A frame of that name without rows."""
    return pl.DataFrame(schema=SCHEMAS[name])


def build(name: str, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """A frame of that name from dicts; columns that a row leaves out are null (`retracted`: false)."""
    schema = SCHEMAS[name]
    told = list(rows)
    frame = pl.DataFrame({column: [row.get(column) for row in told] for column in schema}, schema=schema)
    return frame.with_columns(pl.col("retracted").fill_null(False)) if "retracted" in schema else frame


@dataclass(frozen=True)
class FactFrames:
    """Everything a rule may know of some people. Order of rows means nothing."""

    orders: pl.DataFrame
    levels: pl.DataFrame = field(default_factory=lambda: empty("levels"))
    holidays: pl.DataFrame = field(default_factory=lambda: empty("holidays"))
    terms: pl.DataFrame = field(default_factory=lambda: empty("terms"))
    sessions: pl.DataFrame = field(default_factory=lambda: empty("sessions"))
    adjudications: pl.DataFrame = field(default_factory=lambda: empty("adjudications"))
    submissions: pl.DataFrame = field(default_factory=lambda: empty("submissions"))
    schedules: pl.DataFrame = field(default_factory=lambda: empty("schedules"))
    contacts: pl.DataFrame = field(default_factory=lambda: empty("contacts"))
    check_ins: pl.DataFrame = field(default_factory=lambda: empty("check_ins"))
    tests: pl.DataFrame = field(default_factory=lambda: empty("tests"))
    reports: pl.DataFrame = field(default_factory=lambda: empty("reports"))
    enrollments: pl.DataFrame = field(default_factory=lambda: empty("enrollments"))
    letters: pl.DataFrame = field(default_factory=lambda: empty("letters"))
    leaves: pl.DataFrame = field(default_factory=lambda: empty("leaves"))
    pauses: pl.DataFrame = field(default_factory=lambda: empty("pauses"))
    order_events: pl.DataFrame = field(default_factory=lambda: empty("order_events"))
    incidents: pl.DataFrame = field(default_factory=lambda: empty("incidents"))
    firearms: pl.DataFrame = field(default_factory=lambda: empty("firearms"))
    fees: pl.DataFrame = field(default_factory=lambda: empty("fees"))
    certificates: pl.DataFrame = field(default_factory=lambda: empty("certificates"))
    transfers: pl.DataFrame = field(default_factory=lambda: empty("transfers"))
    decisions: pl.DataFrame = field(default_factory=lambda: empty("decisions"))

    @classmethod
    def of(cls, frames: Mapping[str, pl.DataFrame]) -> FactFrames:
        """From a mapping of frame names; missing ones are empty."""
        return cls(**{f.name: frames.get(f.name, empty(f.name)) for f in fields(cls)})

    def items(self) -> Iterable[tuple[str, pl.DataFrame]]:
        """Name and frame, in the order of this page."""
        return ((f.name, getattr(self, f.name)) for f in fields(self))


def required(name: str) -> tuple[str, ...]:
    """The columns of a frame whose cells must be filled."""
    own = REQUIRED.get(name, ())
    if name not in FACTS:
        return own
    return tuple(c for c in FACT if c not in OPTIONAL_OF_FACT and c not in own) + own


@cache
def outside_of(name: str) -> pl.Expr:
    """Whether any day or instant of a frame lies outside the years of which the calendars know."""
    return outside_calendars(SCHEMAS[name]).any()


def conform(name: str, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(rows that fit the schema, rows that do not, as they came with a column `problem`).

    A word outside the closed lists or a null where a value must stand refuses the row; missing optional columns are
    filled with nulls. The bad rows become CANNOT_EVALUATE spans in `rules.evaluate`; they never stop the others.
    """
    schema = SCHEMAS[name]
    filled = frame.schema == empty(name).schema and not any(frame.get_column(c).null_count() for c in required(name))
    if filled and (frame.is_empty() or frame.select(outside_of(name)).item() is not True):
        return frame, frame.clear().with_columns(problem=pl.lit(None, pl.String))
    own = [pl.col(c) if c in frame.columns else pl.lit(None).alias(c) for c in schema]
    cast = frame.select(own)
    cast = cast.with_columns(read_as(cast.get_column(c), t) for c, t in schema.items())
    if "retracted" in schema and "retracted" not in frame.columns:
        cast = cast.with_columns(retracted=pl.lit(False))
    needed = required(name)
    unreadable = [
        pl.when(cast[c].is_null() & (frame[c].is_not_null() if c in frame.columns else False)).then(pl.lit(c))
        for c in schema
    ]
    unfilled = [pl.when(cast[c].is_null()).then(pl.lit(c)) for c in needed]
    problem = cast.select(problem=pl.coalesce(*unreadable, *unfilled)).to_series()
    return cast.filter(problem.is_null()), frame.filter(problem.is_not_null()).with_columns(
        problem.drop_nulls().alias("problem")
    )
