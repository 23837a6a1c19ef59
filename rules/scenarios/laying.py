"""A scenario as the frames that the engine reads, and the names behind its numbers.

Orders, programs and records get whole-number ids in the order of the file, which the engine must not care about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from rules.calendar import local_day
from rules.frames import FactFrames, build
from rules.scenarios.laying_rows import FRAME_OF, own_columns
from rules.scenarios.moments import happened_at, instant, recorded_at
from rules.scenarios.shape import ContactTerm, OrderItem, Scenario
from rules.scenarios.shape_facts import Adjudication, Record, Retraction, Session, SessionSeries

MAIN = "main"
# Orders, terms and levels have no record time in a scenario: they were always known.
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
SHORTHAND = {"absent_unexcused": "unexcused", "absent_excused": "excused"}
Row = dict[str, Any]


@dataclass
class Laid:
    """Frames of one scenario; `name` turns an id back into the scenario's word."""

    zone: str
    person: int = 1  # and the number of the court
    first_id: int = 0
    rows: dict[str, list[Row]] = field(default_factory=dict)
    ids: dict[tuple[str, str], int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    rows_of: dict[str, list[tuple[str, Row]]] = field(default_factory=dict)

    def number(self, sort: str, name: str) -> int:
        """The id of a name of one sort (order, program, record)."""
        if (sort, name) not in self.ids:
            number = self.first_id + len(self.ids) + 1
            self.ids[sort, name] = number
            self.names[number] = name
        return self.ids[sort, name]

    def add(self, frame: str, row: Row) -> None:
        """One more row of a frame."""
        self.rows.setdefault(frame, []).append(row)

    def frames(self) -> FactFrames:
        """Everything as Polars frames."""
        return FactFrames.of({name: build(name, rows) for name, rows in self.rows.items()})


def laid(scenario: Scenario, person: int = 1, first_id: int = 0) -> Laid:
    """The frames of a scenario; `person` and `first_id` keep several scenarios apart in the same frames."""
    case = scenario.case
    found = Laid(case.time_zone, person, first_id)
    for order in scenario.orders or [_only_order(scenario)]:
        _lay_order(found, scenario, order)
    for day in case.holidays:
        found.add("holidays", {"court": found.person, "on": day})
    for number, record in enumerate(scenario.facts):
        for name, one in _expanded(record, record.id or f"#{number}"):
            _lay_record(found, name, one)
    for number, record in enumerate(scenario.facts):
        if isinstance(record, Retraction):
            _lay_retraction(found, record.id or f"#{number}", record)
    return found


def _only_order(scenario: Scenario) -> OrderItem:
    terms = scenario.terms.order if scenario.terms else None
    return OrderItem(id=MAIN, terms=terms)


def _lay_order(found: Laid, scenario: Scenario, order: OrderItem) -> None:
    number = found.number("order", order.id)
    anchors = {**_given(scenario.case), **_given(order)}
    row: Row = {"order": number, "person": found.person, "court": found.person, "zone": found.zone}
    row["recorded_at"] = ALWAYS
    row["pack"] = order.pack or (scenario.pack if isinstance(scenario.pack, str) else None)
    for name in ("effective_at", "served_at"):
        if name in anchors:
            anchors[name] = instant(anchors[name]).astimezone(UTC)
    for level in anchors.pop("levels", []):
        found.add("levels", {"order": number, "from": level.begins, "level": level.level, "recorded_at": ALWAYS})
    found.add("orders", {**row, **anchors})
    common = scenario.terms
    _lay_terms(found, number, "order", {**((common and common.order) or {}), **(order.terms or {})})
    _lay_terms(found, number, "local_policy", (common and common.local_policy) or {})
    _lay_terms(found, number, "provider_policy", (common and common.provider_policy) or {})
    for program, values in ((common and common.programs) or {}).items():
        _lay_terms(found, number, "provider_policy", values, found.number("program", program))


def _given(anchors: msgspec.Struct) -> Row:
    left_out = {"id", "pack", "terms", "time_zone", "holidays"}
    values = {name: getattr(anchors, name) for name in anchors.__struct_fields__ if name not in left_out}
    return {name: value for name, value in values.items() if value is not None}


def _lay_terms(found: Laid, order: int, source: str, values: dict[Any, Any], program: int | None = None) -> None:
    for term, value in values.items():
        row: Row = {"order": order, "source": source, "program": program, "term": term, "recorded_at": ALWAYS}
        if isinstance(value, ContactTerm):
            row |= {"number": value.count, "period_days": value.period_days}
            row["period_months"] = value.period_calendar_months
        else:
            row["word" if isinstance(value, str) else "number"] = value
        found.add("terms", row)


def _expanded(record: Record, name: str) -> Iterator[tuple[str, Record]]:
    """A series becomes its sessions; a shorthand becomes an absence and the decision recorded with it."""
    if isinstance(record, SessionSeries):
        yield from _series(record, name)
    elif isinstance(record, Session) and record.outcome in SHORTHAND:
        yield name, msgspec.structs.replace(record, outcome="absent")
        times = {key: getattr(record, key) for key in ("date", "at", "recorded_on", "recorded_at", "order")}
        decision: Any = SHORTHAND[record.outcome]
        yield name + ".adj", Adjudication(of=name, decision=decision, **times)
    elif not isinstance(record, Retraction):
        yield name, record


def _series(series: SessionSeries, name: str) -> Iterator[tuple[str, Session]]:
    for number in range(series.count):
        day = series.first + timedelta(days=number * series.every_days)
        if day not in series.exceptions:
            yield (
                f"{name}.{number}",
                Session(
                    outcome=series.outcome,
                    minutes=series.minutes,
                    kind=series.kind,
                    date=day,
                    program=series.program,
                    order=series.order,
                ),
            )


def _lay_record(found: Laid, name: str, record: Record) -> None:
    frame = FRAME_OF[type(record)]
    replaced = list(found.rows_of.get(record.supersedes or "", []))
    for number, own in enumerate(own_columns(record, found.number)):
        word = name if number == 0 else f"{name}.{number}"
        row = {**_common(found, word, record), **own}
        if replaced:
            row["supersedes"] = replaced.pop(0)[1]["id"]
        elif number == 0 and record.supersedes:
            row["supersedes"] = found.number("record", record.supersedes)
        found.add(frame, row)
        found.rows_of.setdefault(name, []).append((frame, row))
    for number, (_, old) in enumerate(replaced):
        _withdraw(found, f"{name}.gone.{number}", frame, old, _known(record, found.zone))


def _common(found: Laid, name: str, record: Record) -> Row:
    at = instant(record.at).astimezone(UTC) if record.at else None
    order = found.number("order", record.order) if record.order else None
    return {
        "id": found.number("record", name),
        "person": found.person,
        "order": order,
        "on": _day(record, found.zone),
        "at": at,
        "recorded_at": _known(record, found.zone),
        "retracted": False,
    }


def _day(record: Record, zone: str) -> date:
    return record.date or local_day(happened_at(record, zone), zone)


def _known(record: Record, zone: str) -> datetime:
    return recorded_at(record, zone).astimezone(UTC)


def _lay_retraction(found: Laid, name: str, record: Retraction) -> None:
    for number, (frame, old) in enumerate(list(found.rows_of.get(record.retracts, []))):
        _withdraw(found, f"{name}.{number}", frame, old, _known(record, found.zone))


def _withdraw(found: Laid, name: str, frame: str, old: Row, known: datetime) -> None:
    changes = {"id": found.number("record", name), "supersedes": old["id"], "retracted": True, "recorded_at": known}
    found.add(frame, {**old, **changes})
