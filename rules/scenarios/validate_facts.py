"""Checks on the facts of a scenario: ids and references, offsets, and nothing known before it happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from rules.calendar import local_day, offset_is_the_zones_own
from rules.scenarios.document import Document, Place, Problem
from rules.scenarios.moments import happened_at, instant, is_day, recorded_at
from rules.scenarios.shape import Scenario
from rules.scenarios.shape_facts import Adjudication, Decision, Incident, Order, Record, Report, Retraction, Session

MAIN = "main"
INSTANT_FIELDS = {"at", "recorded_at", "effective_at", "served_at", "until", "as_of", "known_at", "first_on", "due"}


def zone_exists(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """The court's zone is one that exists."""
    try:
        ZoneInfo(scenario.case.time_zone)
    except (KeyError, OSError, ValueError):
        yield document.problem(("case", "time_zone"), f"There is no time zone {scenario.case.time_zone}.")


def supervising_orders(scenario: Scenario) -> list[str]:
    """The ids of the supervising orders; `main` where there is only one."""
    return [order.id for order in scenario.orders] if scenario.orders else [MAIN]


def protective_orders(scenario: Scenario) -> set[str]:
    """The ids of the protective orders: those that exist through facts of type order."""
    named = {fact.order for fact in scenario.facts if isinstance(fact, Order)}
    return named - set(supervising_orders(scenario))


def orders_are_whole(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Ids of orders are unique; several packs need several orders, and each says which is its own."""
    names = supervising_orders(scenario)
    if len(names) != len(set(names)):
        yield document.problem(("orders",), "Two orders have the same id.")
    if isinstance(scenario.pack, list) and not scenario.orders:
        yield document.problem(("pack",), "Several packs need several orders, each with its own pack.")
    packs = scenario.pack if isinstance(scenario.pack, list) else [scenario.pack, None]
    for number, order in enumerate(scenario.orders or []):
        if order.pack not in packs:
            yield document.problem(("orders", number), f"Order {order.id} must name one of the packs {scenario.pack}.")
    issued = {fact.order for fact in scenario.facts if isinstance(fact, Order) and fact.event == "issued"}
    for name in sorted(protective_orders(scenario) - issued):
        yield document.problem(("facts",), f"Order {name} is never issued and is no supervising order.")


def fact_ids(scenario: Scenario) -> dict[str, Record]:
    """Every record that has an id."""
    return {fact.id: fact for fact in scenario.facts if fact.id is not None}


def names_are_known(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Ids are unique, and whatever a record names is there and of a fitting kind."""
    known = fact_ids(scenario)
    seen: set[str] = set()
    for number, fact in enumerate(scenario.facts):
        place: Place = ("facts", number)
        if fact.id in seen:
            yield document.problem((*place, "id"), f"The id {fact.id} is used twice.")
        seen |= {fact.id} if fact.id else set()
        if fact.order and not isinstance(fact, Order) and fact.order not in supervising_orders(scenario):
            yield document.problem((*place, "order"), f"There is no order {fact.order} that this record could be of.")
        yield from _references(document, place, fact, known, scenario)


def _references(
    document: Document, place: Place, fact: Record, known: dict[str, Record], scenario: Scenario
) -> Iterator[Problem]:
    for field, name, kinds in _named(fact):
        found = known.get(name)
        if field == "about" and (name in supervising_orders(scenario) or name in protective_orders(scenario)):
            continue
        if found is None:
            yield document.problem((*place, field), f"No record has the id {name}.")
        elif not isinstance(found, kinds):
            yield document.problem((*place, field), f"The record {name} is of another kind than this needs.")
        elif field == "supersedes" and _leads_back(fact, known):
            yield document.problem((*place, field), f"The record {fact.id} cannot replace itself.")


def _leads_back(fact: Record, known: dict[str, Record]) -> bool:
    """Whether what the record replaces was in the end replaced by the record itself: no version would be the last."""
    passed: set[str | None] = set()
    older = known.get(fact.supersedes or "")
    while older is not None and older is not fact and older.id not in passed:
        passed.add(older.id)
        older = known.get(older.supersedes or "")
    return older is fact


def _named(fact: Record) -> Iterator[tuple[str, str, tuple[type[Record], ...]]]:
    if fact.supersedes:
        yield "supersedes", fact.supersedes, (type(fact),)
    if isinstance(fact, Session) and fact.makeup_for:
        yield "makeup_for", fact.makeup_for, (Session,)
    if isinstance(fact, Adjudication):
        checks_device = fact.decision in {"confirmed", "dismissed"}
        yield "of", fact.of, (Incident,) if checks_device else (Session,)
    if isinstance(fact, Retraction):
        yield "retracts", fact.retracts, (Record,)
    if isinstance(fact, Report | Decision) and fact.about:
        yield "about", fact.about, (Record,)


def offsets_are_own(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Each offset is the one that the court's zone has at that instant; `Z` is always allowed."""
    for place, text in _instants(document.data, ()):
        if text.endswith("Z") or offset_is_the_zones_own(instant(text), scenario.case.time_zone):
            continue
        yield document.problem(place, f"{text} has an offset that {scenario.case.time_zone} does not have then.")


def _instants(data: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key in INSTANT_FIELDS and isinstance(value, str) and not is_day(value):
                yield (*place, key), value
            else:
                yield from _instants(value, (*place, key))
    elif isinstance(data, list):
        for number, item in enumerate(data):
            yield from _instants(item, (*place, number))


def facts_come_in_order(document: Document, scenario: Scenario) -> Iterator[Problem]:
    """Nothing is recorded before it happened, or replaced before it was recorded."""
    zone = scenario.case.time_zone
    known = fact_ids(scenario)
    for number, fact in enumerate(scenario.facts):
        place: Place = ("facts", number)
        if _comes_before(_recorded(fact, zone), _happened(fact, zone), zone):
            yield document.problem(place, "This is recorded before it happened.")
        target = known.get((fact.retracts if isinstance(fact, Retraction) else fact.supersedes) or "")
        if target is not None and _comes_before(_recorded(fact, zone), _recorded(target, zone), zone):
            yield document.problem(place, f"The record {target.id} is replaced before it was recorded.")


class _Time(NamedTuple):
    moment: datetime
    has_an_hour: bool


def _happened(record: Record, zone: str) -> _Time:
    return _Time(happened_at(record, zone), record.at is not None)


def _recorded(record: Record, zone: str) -> _Time:
    if record.recorded_on is not None:
        return _Time(recorded_at(record, zone), False)
    return _Time(recorded_at(record, zone), record.at is not None or record.recorded_at is not None)


def _comes_before(first: _Time, second: _Time, zone: str) -> bool:
    """Instants are compared as instants; where one side is only a day, day with day."""
    if first.has_an_hour and second.has_an_hour:
        return first.moment < second.moment
    return local_day(first.moment, zone) < local_day(second.moment, zone)
