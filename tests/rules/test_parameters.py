"""Row by row: every value read in a text is in its pack, with its number and its mark, or told with a reason."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.pack_files import Cadence, Packs, Rule
from rules.packs import load

HERE = Path(__file__).parent
# The research that the rows were taken from lies beside the checkout where it is handed out.
BESIDE = HERE.parents[2] / "shared" / "rules" / "parameters.yaml"
ROWS = list(csv.DictReader((HERE / "parameters.csv").read_text("utf-8").splitlines()))
# Rules whose text is a sentence: what its pack holds in place of it, in the pack's own words.
AS_WORDS = {
    ("us_ca", "orders.enforcement_priority"), ("us_ca", "tolling.revocation"), ("us_ga", "bip.transfer"),
    ("us_ri", "credit.transfer_conditions"), ("us_or", "bip.transfer"), ("us_az", "bip.extension_grounds"),
    ("us_mo", "contact.month_cadence"), ("us_pa", "contact.suspended_when"), ("base", "fee.inability_to_pay"),
}  # fmt: skip
# Numbers that a pack counts in another way than the text says them, and why that is the same.
COUNTED_AS = {
    ("us_nv", "bip.frequency.within_70_miles"): ({7}, "weekly is every seven days"),
    ("us_nv", "bip.frequency.beyond_70_miles"): ({14}, "every other week is every fourteen days"),
    ("us_ok", "bip.unexcused_window_violation"): ({7, 364}, "52 weeks are 364 days"),
    ("us_ny", "contact.greatest.probationer"): ({1}, "of six a month, one in person each week is what is counted"),
    ("us_ny", "contact.high.home"): ({3, 2}, "the quarter's numbers; the first month's has no rule yet"),
}


@pytest.fixture(scope="module")
def packs() -> Packs:
    return load()


def own_rules(packs: Packs, pack: str) -> list[Rule]:
    return [rule for rule in packs.rules[pack] if rule.id.startswith(f"{pack}.")]


def numbers(value: Any) -> set[int]:
    """Every number in a value; a yes or no is none."""
    if isinstance(value, bool) or value is None:
        return set()
    if isinstance(value, Cadence):
        return {n for n in (value.count, value.period_days, value.period_months) if n is not None}
    if isinstance(value, int):
        return {value}
    if isinstance(value, dict | list):
        return {n for one in (value.values() if isinstance(value, dict) else value) for n in numbers(one)}
    return set()


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['pack']}-{row['parameter']}" for row in ROWS])
def test_a_value_that_was_read_is_in_its_pack_or_told_there_with_a_reason(row: dict[str, str], packs: Packs) -> None:
    pack, name, said = row["pack"], row["parameter"], json.loads(row["value"])
    terms = [(term, own) for rule in own_rules(packs, pack) for own, term in rule.terms.items()]
    live = [value for term, own in terms for value in term.values if name in (value.id, own)]
    dormant = [term for term, own in terms if own == name and not term.values]
    told = [one for one in (*packs.packs[pack].off, *packs.packs[pack].no_rule) if one.term == name]
    assert live or dormant or told
    assert row["confidence"] != "memory_unverified" or not live
    for one in told:
        assert row["confidence"] in one.note
        assert one.note.rpartition(").")[2].strip() or numbers(said) or isinstance(said, bool)
        assert numbers(said) <= {int(n) for n in re.findall(r"\d+", one.value)}
    if live:
        assert {value.cite.confidence for value in live} == {row["confidence"]}
        check_numbers(pack, name, said, live)


def check_numbers(pack: str, name: str, said: Any, live: list[Any]) -> None:
    found = {n for value in live for n in numbers(value.value)}
    if (pack, name) in COUNTED_AS:
        assert found == COUNTED_AS[pack, name][0]
    elif (pack, name) in AS_WORDS:
        assert not found and all(value.value for value in live)
    elif numbers(said):
        assert found == numbers(said)
    else:
        assert {json.dumps(value.value) for value in live} == {json.dumps(said)}


def test_nothing_from_memory_and_nothing_vetoed_is_a_value_of_any_pack(packs: Packs) -> None:
    off = {(pack, one.term) for pack, head in packs.packs.items() for one in head.off}
    assert off >= {(row["pack"], row["parameter"]) for row in ROWS if row["confidence"] == "memory_unverified"}
    live = {(pack, name) for pack in packs.packs for rule in own_rules(packs, pack) for name, term in rule.terms.items()
            if any(value.id in (None, name) for value in term.values)}  # fmt: skip
    assert not off & live


def test_the_rows_are_those_of_the_research_where_it_lies_beside_the_checkout() -> None:
    if not BESIDE.exists():
        assert len(ROWS) == 235
        return
    places = yaml.safe_load(BESIDE.read_text("utf-8"))["jurisdictions"]
    research = {
        ("base" if place == "US" else place.lower().replace("-", "_"), name): (value["value"], value["confidence"])
        for place, body in places.items()
        for name, value in body["parameters"].items()
    }
    assert {(r["pack"], r["parameter"]): (json.loads(r["value"]), r["confidence"]) for r in ROWS} == research
