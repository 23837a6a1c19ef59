"""Engine and reference side by side: many random cases in one run of the engine, and the smallest one that differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import yaml

from rules.catalogue import CATALOGUE
from rules.pack_files import Packs
from rules.scenarios.document import Document
from rules.scenarios.matching import Reading, failures
from rules.scenarios.running import Plan, plan, readings
from rules.scenarios.shape import Evaluation, ExpectedFlag, Scenario, Tally
from rules.scenarios.validate import validated
from tests.rules.reference.reading import read

Moment = tuple[str, str | None]
WRITTEN = set(ExpectedFlag.__struct_fields__)

# Codes that a gap leaves open by the catalogue. The engine may call more codes open than the reference does.
SILENCE_LEAVES_OPEN = {
    "ABSENCE_UNEXCUSED",
    "ATTENDANCE_WINDOW_MISSED",
    "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED",
    "CONSECUTIVE_UNEXCUSED_LIMIT",
    "WINDOW_UNEXCUSED_LIMIT",
    "BREAK_TOO_LONG",
    "BEGIN_ATTENDANCE_OVERDUE",
    "COMPLETION_OVERDUE",
    "COMPLETION_WINDOW_EXCEEDED",
    "COMPLETION_AT_RISK",
    "COMPLETION_NOT_MET",
    "CHECKIN_MISSED",
}


def shaped(case: dict[str, Any]) -> Scenario:
    """The case as the loader takes it; a case that it refuses is a fault of the generator."""
    scenario, problems = validated(Document(Path("case"), case, {}))
    assert scenario is not None, problems
    return scenario


def at(moment: Moment) -> Evaluation:
    """A reading of everything at that moment."""
    return Evaluation(as_of=moment[0], known_at=moment[1], expect=[], tally=Tally())


def plans(cases: Sequence[dict[str, Any]], moment: Moment) -> list[Plan]:
    """Each case at that moment, as persons of one run."""
    return [plan(shaped(case), at(moment), number) for number, case in enumerate(cases)]


def engine_reads(cases: Sequence[dict[str, Any]], moment: Moment, packs: Packs) -> list[Reading]:
    """What the engine shows for each case at one moment, from one run over all of them."""
    return readings(plans(cases, moment), packs)


def differences(case: dict[str, Any], moment: Moment, engine: Reading) -> list[str]:
    """Sentences in which the engine's reading is not the reference's; everything is in scope."""
    return differing(wanted(case, moment), engine)


@dataclass
class Wanted:
    """What the reference says of a case at a moment: every flag, every code that must not be open, what is unknown."""

    scenario: Scenario
    evaluation: Evaluation
    unverified: set[str]


def wanted(case: dict[str, Any], moment: Moment) -> Wanted:
    """The reference's reading as an expectation of everything."""
    theirs = read(case, *moment)
    expect = [expected(flag) for flag in theirs["flags"]]
    absent = sorted(set(CATALOGUE) - {flag.code for flag in expect})
    whole = Evaluation(as_of=moment[0], expect=expect, absent=absent, tally=msgspec.convert(theirs["tally"], Tally))
    return Wanted(msgspec.structs.replace(shaped(case), evaluate=[whole]), whole, theirs["unverified"])


def differing(said: Wanted, engine: Reading) -> list[str]:
    """Sentences in which the engine's reading is not what the reference said."""
    told = list(failures(said.scenario, said.evaluation, engine))
    told += [f"engine: {code} is broken" for code in sorted(engine.broken)]
    unknown = (said.unverified & SILENCE_LEAVES_OPEN) - engine.unverified
    return told + [f"not shown as unverified: {code}" for code in sorted(unknown)]


def expected(flag: dict[str, Any]) -> ExpectedFlag:
    """A flag of the reference as an expectation of every field that it writes."""
    values = {name: value for name, value in flag.items() if name in WRITTEN and value is not None}
    for name in ("first_on", "due"):
        if name in values:
            values[name] = values[name].isoformat()
    return ExpectedFlag(
        **{name: value for name, value in values.items() if value != [] or name in {"evidence", "counter"}}
    )


@dataclass
class Disagreement:
    """One case and moment on which the two differ."""

    case: dict[str, Any]
    moment: Moment
    told: list[str]

    def text(self) -> str:
        """A case to paste into a scenario file, with what differs at which moment."""
        facts = yaml.safe_dump(self.case["facts"], default_flow_style=None, width=200, sort_keys=False)
        head = {name: self.case[name] for name in ("pack", "case", "terms") if name in self.case}
        shown = yaml.safe_dump(head, default_flow_style=None, width=200, sort_keys=False)
        return "\n".join([f"as of {self.moment[0]} known at {self.moment[1]}", shown + facts, *self.told])


def disagreements(cases: Sequence[dict[str, Any]], moments: Sequence[Moment], packs: Packs) -> Iterator[Disagreement]:
    """Every case and moment on which engine and reference differ."""
    pairs = [(case, moment) for moment in moments for case in cases]
    numbered = [plan(shaped(case), at(moment), number) for number, (case, moment) in enumerate(pairs)]
    for (case, moment), reading in zip(pairs, readings(numbered, packs), strict=True):
        told = differences(case, moment, reading)
        if told:
            yield Disagreement(case, moment, told)


def smallest(found: Disagreement, packs: Packs) -> Disagreement:
    """The same disagreement with every fact and anchor dropped that it does not need."""
    while True:
        smaller = next(iter(still_differing(found, packs)), None)
        if smaller is None:
            return found
        found = smaller


def still_differing(found: Disagreement, packs: Packs) -> Iterator[Disagreement]:
    """The smaller cases that differ in the same way, from one run of the engine; the smallest first."""
    tried = [case for case in lesser(found.case) if validated(Document(Path("case"), case, {}))[0] is not None]
    for case, reading in zip(tried, engine_reads(tried, found.moment, packs) if tried else [], strict=True):
        told = differences(case, found.moment, reading)
        if in_kind(found.told[0]) in {in_kind(text) for text in told}:
            yield Disagreement(
                case, found.moment, sorted(told, key=lambda text: in_kind(text) != in_kind(found.told[0]))
            )


def in_kind(text: str) -> str:
    """A sentence without its particulars: what sort of difference it tells."""
    return " ".join(word for word in re.split(r"[ (,]", text)[:5] if not any(sign.isdigit() for sign in word))


def lesser(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The case without half of its facts, without one of them, or without one of its anchors."""
    facts = case["facts"]
    half = len(facts) // 2
    if half > 1:
        yield from ({**case, "facts": part} for part in (facts[:half], facts[half:]))
    for number in reversed(range(len(facts))):
        yield {**case, "facts": facts[:number] + facts[number + 1 :]}
    for name in case["case"]:
        if name not in {"time_zone", "ordered_on"}:
            yield {**case, "case": {key: value for key, value in case["case"].items() if key != name}}
