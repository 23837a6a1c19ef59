"""The case as a pile of records, and what of it exists at one moment with one knowledge."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.rules.reference import law
from tests.rules.reference.clock import local, moment_of

ACTS_WHEN_KNOWN = {"adjudication", "retraction", "submission"}
SHORTHAND = {"absent_unexcused": "unexcused", "absent_excused": "excused"}


@dataclass(frozen=True)
class Rec:
    """One record, one version. `known` is when it was recorded, `moment` when it happened."""

    type: str
    id: str
    data: dict[str, Any]
    day: date
    moment: datetime
    timed: bool
    known: datetime

    def get(self, name: str, default: Any = None) -> Any:
        return self.data.get(name, default)

    @property
    def program(self) -> str:
        return str(self.data.get("program", "main"))


@dataclass
class OrderSetup:
    """One supervising order: its pack, its anchors and the terms by source."""

    id: str
    pack: str
    anchors: dict[str, Any]
    terms: dict[str, dict[str, Any]]

    def has(self, code: str) -> bool:
        return code in law.BASE_CODES or code in law.CODES.get(self.pack, set())

    def day(self, anchor: str) -> date | None:
        text = self.anchors.get(anchor)
        return date.fromisoformat(text) if text else None

    def pack_value(self, term: str) -> Any:
        if self.pack == "us_nv" and term == "bip.attendance_every_days":
            miles = self.anchors.get("distance_miles")
            return None if miles is None else 7 if miles <= 70 else 14
        return law.VALUES.get(self.pack, {}).get(term, law.BASE_VALUES.get(term))

    def term(self, term: str, provider: Any = None) -> tuple[Any, str | None]:
        """The value that counts and where it came from; (None, None) while it sleeps. `provider`: a program's own."""
        for source in ("order", "local_policy"):
            if term in self.terms.get(source, {}):
                return self.terms[source][term], source
        law_says, provider = self.pack_value(term), self.terms.get("provider_policy", {}).get(term, provider)
        if law_says is None:
            return (provider, "provider_policy") if provider is not None else (None, None)
        if provider is not None and stricter(term, provider, law_says):
            return provider, "provider_policy"
        return law_says, "law"


def stricter(term: str, one: int, other: int) -> bool:
    return one < other if term in law.LOWER_IS_STRICTER else one > other


@dataclass
class Case:
    """A scenario, read: zone, closed days, orders, all records."""

    zone: str
    holidays: set[date]
    orders: list[OrderSetup]
    records: list[Rec]

    def protective(self) -> set[str]:
        mine = {order.id for order in self.orders}
        return {rec.get("order") for rec in self.records if rec.type == "order"} - mine


def read_case(scenario: dict[str, Any]) -> Case:
    anchors = dict(scenario["case"])
    zone = anchors.pop("time_zone")
    holidays = {date.fromisoformat(day) for day in anchors.pop("holidays", [])}
    records: list[Rec] = []
    for number, fact in enumerate(scenario["facts"]):
        records.extend(expanded(fact, number, zone))
    return Case(zone, holidays, orders_of(scenario, anchors), records)


def orders_of(scenario: dict[str, Any], anchors: dict[str, Any]) -> list[OrderSetup]:
    shared = dict(scenario.get("terms") or {})
    if not scenario.get("orders"):
        return [OrderSetup("main", scenario["pack"], anchors, shared)]
    found = []
    for item in scenario["orders"]:
        own = {name: value for name, value in item.items() if name not in {"id", "pack", "terms"}}
        terms = {**shared, "order": {**shared.get("order", {}), **item.get("terms", {})}}
        pack = item.get("pack") or scenario["pack"]
        found.append(OrderSetup(item["id"], pack, {**anchors, **own}, terms))
    return found


def expanded(fact: dict[str, Any], number: int, zone: str) -> list[Rec]:
    """A series becomes its sessions, a shorthand becomes a session and an adjudication."""
    if fact["type"] == "session_series":
        return series(fact, number, zone)
    name = fact.get("id") or f"#{number}"
    found = [record(fact, name, zone)]
    if fact["type"] == "session" and fact["outcome"] in SHORTHAND:
        absence = {**fact, "outcome": "absent"}
        verdict = {
            key: value for key, value in fact.items() if key in {"date", "at", "recorded_on", "recorded_at", "order"}
        }
        verdict |= {"type": "adjudication", "of": name, "decision": SHORTHAND[fact["outcome"]]}
        found = [record(absence, name, zone), record(verdict, name + ".adj", zone)]
    return found


def series(fact: dict[str, Any], number: int, zone: str) -> list[Rec]:
    first = date.fromisoformat(fact["first"])
    days = [first + timedelta(days=n * fact["every_days"]) for n in range(fact["count"])]
    kept = [day for day in days if day.isoformat() not in fact.get("except", [])]
    common = {key: value for key, value in fact.items() if key in {"outcome", "minutes", "kind", "program", "order"}}
    return [
        record({**common, "type": "session", "date": day.isoformat()}, f"#{number}.{day}", zone) for day in kept
    ]  # fmt: skip


def record(fact: dict[str, Any], name: str, zone: str) -> Rec:
    happened = fact.get("at") or fact["date"]
    moment = moment_of(happened, zone)
    known = moment_of(fact.get("recorded_at") or fact.get("recorded_on") or happened, zone)
    return Rec(fact["type"], name, fact, local(moment, zone), moment, "at" in fact, known)


@dataclass
class Gaps:
    """How to fill what is not known: None leaves it open, else the worst or the best for the person."""

    fill: str | None = None
    sheets: list[tuple[str, date]] = field(default_factory=list)


class View:
    """What exists for one order at the moment `now`, known at `known`."""

    def __init__(self, case: Case, order: OrderSetup, now: datetime, known: datetime, gaps: Gaps | None = None) -> None:
        self.case, self.order, self.now, self.known = case, order, now, known
        self.today = local(now, case.zone)
        self.gaps = gaps or Gaps()
        self.remembered: list[Any] | None = None
        self.chains = chains(case.records)
        self.records = [rec for rec in self._standing() if self._concerns(rec)]

    def term(self, term: str, program: str | None = None, day: date | None = None) -> tuple[Any, str | None]:
        """The term as it counts on that day, or today; of what is of one program its own, where several have one."""
        theirs = {name: said[term] for name, said in self.order.terms.get("programs", {}).items() if term in said}
        if not theirs:
            return self.order.term(term)
        if program is not None and len(theirs) > 1:
            return self.order.term(term, theirs.get(program))
        named = {program for _, program, joins in self.turns() if joins}
        in_charge = self.programs_on(day or self.today)
        values = [value for name, value in theirs.items() if name in in_charge or name not in named]
        if not values:
            return self.order.term(term)
        return self.order.term(term, min(values) if term in law.LOWER_IS_STRICTER else max(values))

    def turns(self) -> list[tuple[date, str, bool]]:
        """From which day a person is with a program, or no longer is; a transfer is both."""
        found = []
        for rec in sorted([*self.of("enrollment"), *self.of("transfer")], key=lambda rec: (rec.moment, rec.known)):
            if rec.type == "transfer":
                found += [(rec.day, rec.get("from_program"), False), (rec.day, rec.get("to_program"), True)]
            elif rec.get("event") == "enrolled":
                found.append((rec.day, rec.program, True))
            elif rec.get("event") in {"discharged", "exited", "rejected"}:
                found.append((rec.day + timedelta(days=1), rec.program, False))
        return found

    def programs_on(self, day: date) -> set[str]:
        """Whose rules the person comes under: of every program enrolled in, else those left last, else the first."""
        turns = self.turns()
        days = sorted({when for when, _, joins in turns if joins})
        if not days:
            return set()
        for one in [max(day, days[0]) - timedelta(days=back) for back in range((max(day, days[0]) - days[0]).days + 1)]:
            standing: set[str] = set()
            for when, program, joins in turns:
                if when <= one:
                    standing = standing | {program} if joins else standing - {program}
            if standing:
                return standing
        return set()

    def on_record(self) -> View:
        """What was on record at the earlier of the two moments."""
        return View(self.case, self.order, self.now, min(self.now, self.known))

    def of(self, kind: str) -> list[Rec]:
        return sorted(
            (rec for rec in self.records if rec.type == kind), key=lambda rec: (rec.moment, rec.known, rec.id)
        )

    def versions(self, name: str) -> list[Rec]:
        """All visible versions of a record, the oldest first."""
        return [rec for rec in self.chains.get(name, []) if rec.known <= self.known]

    def local(self, moment: datetime) -> date:
        return local(moment, self.case.zone)

    def _standing(self) -> list[Rec]:
        visible = [rec for rec in self.case.records if rec.known <= self.known]
        replaced = {rec.get("supersedes") for rec in visible}
        latest = [rec for rec in visible if rec.id not in replaced]
        gone = {rec.get("retracts") for rec in latest if rec.type == "retraction"}
        return [
            rec
            for rec in latest
            if rec.id not in gone and (rec.type in ACTS_WHEN_KNOWN or rec.moment <= self.now)
        ]  # fmt: skip

    def _concerns(self, rec: Rec) -> bool:
        if rec.type == "order":
            return True
        return rec.get("order") in (None, self.order.id)


def chains(records: list[Rec]) -> dict[str, list[Rec]]:
    """Every id to all the versions before it and itself, oldest first."""
    by_id = {rec.id: rec for rec in records}
    found = {}
    for rec in records:
        line = [rec]
        while line[0].get("supersedes") in by_id:
            line.insert(0, by_id[line[0].get("supersedes")])
        found[rec.id] = line
    return found
