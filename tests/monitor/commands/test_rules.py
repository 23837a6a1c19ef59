"""`monitor rules` from outside: what is in force, in full, checked, and tried on worked cases."""

from __future__ import annotations

import re

import pytest

from rules.catalogue import CATALOGUE
from rules.packs import load
from rules.words import CLASSES, OWNERS
from tests.house.the_house import ROOT
from tests.monitor.commands.running import Terminal

PACKS = load()


@pytest.fixture
def terminal(monkeypatch, capsys, tmp_path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


def test_the_list_has_a_line_with_a_citation_for_each_rule(terminal):
    ran = terminal("rules", "list")
    assert ran.status == 0
    [line] = [line for line in ran.out.splitlines() if "us_ga.absence_termination_threshold" in line]
    assert "125-4-9-.07" in line


@pytest.mark.parametrize("wanted", ["us_ga.absence_termination_threshold", "ABSENCE_TERMINATION_THRESHOLD"])
def test_a_rule_is_shown_with_each_value_and_where_it_was_read(terminal, wanted):
    said = terminal("rules", "show", wanted).out
    for label in ("The duty:", "Who must act:", "Class proposed:", "What counts:", "What does not count:"):
        assert said.count(label) == 1
    assert "What clears it:" in said
    assert "looked at November" in said
    assert not re.search(r"[{}]", said)
    assert all(len(line) <= 80 for line in said.splitlines())


def test_a_rule_is_shown_for_one_pack_alone_and_in_spanish(terminal):
    said = terminal("rules", "show", "ABSENCE_UNEXCUSED", "--pack", "us_ca", "--language", "es").out
    assert "El deber:" in said
    assert said.count("(us_ca.") == 1
    ran = terminal("rules", "show", "ABSENCE_UNEXCUSED", "--pack", "us_zz")
    assert (ran.status, "There is no pack us_zz" in ran.err) == (1, True)


def test_every_rule_of_every_pack_resolves_to_all_that_a_page_needs():
    rules = [rule for own in PACKS.rules.values() for rule in own]
    assert len(rules) > 900
    for rule in rules:
        duty, entry = PACKS.duties[rule.code], CATALOGUE[rule.code]
        texts = (duty.title, rule.duty, duty.counts, duty.leaves_out, duty.clears, duty.unknown)
        assert all(says.en and says.es for says in texts), rule.id
        assert entry.owner in OWNERS and entry.response_class in CLASSES, rule.id
        cited = [value.cite.text for term in rule.terms.values() for value in term.values]
        # what has neither provision nor cited value is a check of our own, and only base may bring one
        assert rule.provision or cited or rule.id.startswith("base."), rule.id


def test_our_packs_lint(terminal):
    ran = terminal("rules", "lint")
    assert (ran.status, ran.out.splitlines()[-1].endswith(" 0 faults")) == (0, True), ran.out


def test_a_pack_that_does_not_lint_is_told_with_file_line_and_reason_and_stops_no_other(terminal, tmp_path):
    bad = tmp_path / "own/us_zz"
    bad.mkdir(parents=True)
    (bad / "pack.yaml").write_text("title: Example\ncolour: blue\n")
    ran = terminal("rules", "lint", tmp_path / "own")
    assert ran.status == 1
    assert "us_zz/pack.yaml:" in ran.out
    assert "colour" in ran.out
    terminal.set("packs_dirs", str(tmp_path / "own"))
    assert "us_ca.absence_unexcused" in terminal("rules", "list").out


def test_worked_cases_are_run_and_counted(terminal, tmp_path):
    """That all of them pass is said by tests/rules/test_scenarios.py."""
    one = (ROOT / "tests/scenarios/us_ga.yaml").read_text(encoding="utf-8").partition("\n---\n")[0]
    (tmp_path / "one.yaml").write_text(one, encoding="utf-8")
    ran = terminal("rules", "check", "one.yaml")
    assert re.fullmatch(r"\d+ passed, \d+ failed(, \d+ waiting)?", ran.out.splitlines()[-1])
    assert ran.status == (0 if " 0 failed" in ran.out else 1)


def test_a_faulty_case_is_told_with_its_line(terminal, tmp_path):
    (tmp_path / "faulty.yaml").write_text("id: X-1\ncolour: blue\n")
    ran = terminal("rules", "check", "faulty.yaml")
    assert ran.status == 1
    assert "faulty.yaml:" in ran.out
