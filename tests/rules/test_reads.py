"""What a duty declares that it reads is all it reads, and nothing of that tells who somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from rules.catalogue import CATALOGUE
from rules.evaluate import evaluate
from rules.frames import SCHEMAS, FactFrames, build, empty
from rules.pack_files import Packs
from rules.packs import load
from rules.scenarios.running import Plan, plan
from rules.words import FORBIDDEN_READS
from tests.rules.scenario_files import scenarios

# what every rule stands on: the order, what is set for it, and its court's closed days
GROUND = ("orders", "terms", "holidays")
# duties that say little of what they read, and rest on much that is shared
FEW = (
    "WARRANT_ACTIVE", "DATA_CONFLICT", "ORDERS_CONFLICT", "FIREARM_FORM_OVERDUE", "PROGRAM_INTAKE_LATE",
    "CONTACT_OVERDUE", "POLICE_REPORT_OVERDUE", "NEW_VIOLENCE_REPORTED",
)  # fmt: skip


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load()


@pytest.fixture(scope="module")
def worked() -> tuple[FactFrames, Sequence[Plan]]:
    """The facts of every worked case, each once, each a person of its own."""
    plans = [plan(one, one.evaluate[-1], number) for number, (_, one) in enumerate(scenarios())]
    names = {name for one in plans for name in one.laid.rows}
    rows = {name: [row for one in plans for row in one.rows(name)] for name in names}
    return FactFrames.of({name: build(name, found) for name, found in rows.items()}), plans


def told(facts: FactFrames, plans: Sequence[Plan], packs: Packs, codes: set[str]) -> dict[str, frozenset[str]]:
    """What is told of each code: the versions of its spans."""
    few = {name: [rule for rule in rules if rule.code in codes] for name, rules in packs.rules.items()}
    spans = evaluate(facts, replace(packs, rules=few), max(one.known_at for one in plans))
    found: dict[str, frozenset[str]] = dict.fromkeys(codes, frozenset())
    found.update((str(code[0]), frozenset(rows["version"])) for code, rows in spans.group_by("code"))
    return found


@pytest.fixture(scope="module")
def whole(worked: tuple[FactFrames, Sequence[Plan]], packs: Packs) -> dict[str, frozenset[str]]:
    return told(*worked, packs, set(CATALOGUE))


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_no_duty_reads_a_name_a_trait_a_place_or_anything_of_a_protected_person(code: str, packs: Packs) -> None:
    read = {f"{name}.{column}" for name in (*packs.duties[code].reads, *GROUND) for column in SCHEMAS[name]}
    assert packs.duties[code].reads
    assert not {column for column in read for part in FORBIDDEN_READS if part in column.partition(".")[2]}


@pytest.mark.parametrize("code", FEW)
def test_a_duty_says_the_same_when_it_is_given_only_what_it_declares(
    code: str, packs: Packs, worked: tuple[FactFrames, Sequence[Plan]]
) -> None:
    facts, plans = worked
    other = [name for name in SCHEMAS if name not in (*packs.duties[code].reads, *GROUND)]
    narrowed = replace(facts, **{name: empty(name) for name in other})
    every = told(facts, plans, packs, {code})
    assert every[code]
    assert told(narrowed, plans, packs, {code}) == every


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in SCHEMAS if name not in GROUND])
def test_a_family_of_facts_changes_only_duties_that_declare_it(
    name: str, packs: Packs, worked: tuple[FactFrames, Sequence[Plan]], whole: dict[str, frozenset[str]]
) -> None:
    facts, plans = worked
    silent = {code for code, duty in packs.duties.items() if name not in duty.reads}
    without = told(replace(facts, **{name: empty(name)}), plans, packs, set(CATALOGUE))
    assert {code for code in silent if whole[code] != without[code]} == set()
