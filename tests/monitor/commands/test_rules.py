"""`monitor rules` from outside: what is in force, in full, checked, and tried on worked cases."""

from __future__ import annotations

import re
from datetime import date

import pytest

from monitor.commands.rule_pages import found, lines_of_code
from monitor.commands.term_words import TERMS, WORDS
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
    assert "looked at on November 22, 2026" in " ".join(said.split())
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


def test_every_term_and_every_word_of_a_pack_has_words_to_read_aloud_in_both_languages():
    rules = [rule for own in PACKS.rules.values() for rule in own]
    assert {name for rule in rules for name in rule.terms} == set(TERMS)
    told = [value.value for rule in rules for term in rule.terms.values() for value in term.values]
    flat = {str(part) for one in told for part in flattened(one) if isinstance(part, str | bool)}
    counties = {"Napa", "San Luis Obispo", "Santa Barbara", "Santa Clara", "Santa Cruz", "Yolo"}
    assert flat - set(WORDS) == counties


def flattened(value):
    if isinstance(value, list):
        for one in value:
            yield from flattened(one)
    else:
        yield value


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "code",
    ["ABSENCE_TERMINATION_THRESHOLD", "COMPLETION_NOT_MET", "CONTACT_OVERDUE", "ATTENDANCE_WINDOW_MISSED",
     "FIREARM_FORM_OVERDUE", "FIREARM_PROOF_OVERDUE", "COMPLETION_WINDOW_EXCEEDED", "HOME_CONTACT_OVERDUE",
     "TRANSFER_UNAUTHORIZED", "WINDOW_UNEXCUSED_LIMIT"],
)  # fmt: skip
def test_ten_pages_read_aloud_have_no_word_of_a_machine(code, language):
    said = "\n".join(lines_of_code(PACKS, found(PACKS, code), date(2026, 11, 29), language))
    spoken = [line for line in said.splitlines() if not re.search(r"\(us_\w+\.|\(base\.", line)][2:]
    assert not [line for line in spoken if re.search(r"[a-z]_[a-z]|None|\bTrue\b|\bFalse\b|\[|\bmin\b|\bmax\b", line)]
    if language == "es":  # citations stay in the language of the text that they cite
        told = [line for line in spoken if not line.startswith("      ")]
        assert not re.findall(r"\b(days|months|level|when|within|absences?|classes|hours|in force)\b", "\n".join(told))


def test_numbers_are_told_with_whom_they_are_for_and_in_the_singular_where_there_is_one(terminal):
    said = terminal("rules", "show", "ATTENDANCE_WINDOW_MISSED", "--pack", "us_nv").out
    assert "A class at least every:" in said
    assert "7 days; in force; up to 70 miles" in said
    assert "14 days; in force; 71 miles or more" in said
    assert "1 contact in 1 month; in force; at level maximum" in terminal("rules", "show", "us_nd.contact_overdue").out
    assert "5 days; in force; not in jail" in terminal("rules", "show", "FIREARM_FORM_OVERDUE").out
    assert "In every state (base.absence_pending)" in terminal("rules", "show", "ABSENCE_PENDING").out
    assert "el tribunal o quien envió a la persona, y el primer programa" in " ".join(
        terminal("rules", "show", "TRANSFER_UNAUTHORIZED", "--pack", "us_ga", "--language", "es").out.split()
    )


def test_a_packs_list_also_tells_of_what_nothing_is_evaluated_from(terminal):
    said = terminal("rules", "list", "--pack", "us_ky").out
    assert "(off) bip.length_min: 28 weeks (922 KAR 5:020; memory_unverified)" in said
    assert "(no rule) rule.moved:" in said
