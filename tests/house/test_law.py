"""Every rule quotes the law it applies, and no rule can know who somebody is (safeguards G1, G6)."""

from __future__ import annotations

import re

import pytest

from monitor.models import Base
from rules import frames, packs
from rules.catalogue import CATALOGUE

PACKS = packs.load()
FILES = sorted(path for path in packs.OURS.glob("*/*.yaml") if path.name != "pack.yaml")
# what a rule may never be given: who somebody is, where somebody lives, what somebody has
WHO = re.compile(r"name|birth|dob|sex|gender|race|ethnic|religio|address|street|zip|postal|phone|email|paid|fee|income")
# what nobody may ever store of a protected person (safeguards B)
WHERE = re.compile(r"address|street|zip|postal|phone|latitude|longitude|workplace|school|statement|shelter")
PLACES_OF_AGENCIES = {"agency.phone", "program.phone", "court.phone"}


def test_every_pack_loads_without_a_fault():
    faults = [str(fault) for fault in PACKS.faults if fault.fatal]
    assert not faults, f"Mend the file; sites would run without it: {faults}"


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES])
def test_every_rule_file_cites_its_law(path):
    found, faults = packs.read_all([path], packs.RuleFile, out := []), []
    assert not out, f"{out[0]}"
    [(_place, rule)] = found
    assert rule.code in CATALOGUE, f"{rule.code} is no code of rules/catalogue.py"
    assert path.stem == rule.code.lower(), "a rule's code is its file's name"
    for name, term in rule.terms.items():
        faults += [f"{name}: a value without a citation" for value in term.values if not value.cite.text.strip()]
    head = PACKS.packs[path.parent.name]
    if path.parent.name != "base" and head.inherits:
        base = {one.code: one for one in PACKS.rules.get(head.inherits, [])}
        provision = rule.provision or (base[rule.code].provision if rule.code in base else "")
        faults += [] if provision else ["no provision: quote the text that the duty comes from"]
    assert not faults, f"{path.parent.name}/{path.name}: {faults}"


def test_no_frame_tells_a_rule_who_somebody_is_or_what_somebody_paid():
    others = {name: getattr(frames, name) for name in ("FACT", "ORDERS", "LEVELS", "TERMS")}
    every = {**others, **frames.FACTS}
    told = [f"{frame}.{column}" for frame, columns in every.items() for column in columns if WHO.search(column)]
    assert not told, f"Rules read ids, dates and codes only. Take out: {told}"


def test_no_table_has_room_for_where_a_protected_person_is():
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if WHERE.search(column.name)
    }
    assert found <= PLACES_OF_AGENCIES, f"A register of places leads somebody there. Take out: {found}"
