"""A site lays its own packs beside ours: added, changed, refused, confirmed by name, and used by the record."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from monitor.compliance import evaluation
from monitor.db import Database
from monitor.models import Span
from rules.pack_files import OURS
from rules.packs import load
from tests.builders import ORDERED_ON, at, build_town, person_with_order
from tests.monitor.commands.running import Terminal
from tests.monitor.compliance.county import reading, writing

RULE = """code: ENROLLMENT_PROOF_OVERDUE
provision: Lake County plan 7
terms:
  bip.enrollment_proof_deadline:
    unit: days
    governed_by: order_date
    values:
    - value: 21
      PLACE
      cite: {text: Lake County plan 7, confidence: CONFIDENCE, checked: 2026-11-01}
"""
CONFIRMED = "confirmed: {by: A. Lawyer, day: 2026-11-20, text: plan 7 as printed in 2026}"


@pytest.fixture
def terminal(monkeypatch, capsys, tmp_path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A site's folder with a pack that lies over ours of California: no pack.yaml, one file."""
    place = tmp_path / "own/us_ca"
    place.mkdir(parents=True)
    return tmp_path / "own"


def write(own: Path, *, place: str = "county: Lake", confidence: str = "secondary", pack: str = "us_ca") -> None:
    folder = own / pack
    folder.mkdir(exist_ok=True)
    told = RULE.replace("PLACE\n", f"{place}\n").replace("CONFIDENCE", confidence)
    (folder / "enrollment_proof_overdue.yaml").write_text(told)


def ours() -> str:
    """A hash of every file of our packs."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(OURS.rglob("*.yaml")))).hexdigest()


def test_a_countys_number_stands_beside_the_states_and_our_files_are_untouched(terminal, own):
    before = ours()
    write(own)
    terminal.set("packs_dirs", str(own))
    said = terminal("rules", "show", "ENROLLMENT_PROOF_OVERDUE", "--pack", "us_ca").out
    assert "30 days; in force" in said
    assert "21 days; in force; in Lake County alone" in said
    assert "Lake County plan 7" in terminal("rules", "list", "--pack", "us_ca").out
    assert terminal("rules", "lint").status == 0
    assert ours() == before


def test_a_site_may_replace_the_states_number_and_keeps_every_other_rule(terminal, own):
    write(own, place="id: ours")
    terminal.set("packs_dirs", str(own))
    said = terminal("rules", "show", "ENROLLMENT_PROOF_OVERDUE", "--pack", "us_ca").out
    assert ("21 days; in force" in said, "30 days" in said) == (True, False)
    assert "excused_absence_limit_exceeded" in terminal("rules", "list", "--pack", "us_ca").out


def test_a_site_may_add_a_pack_of_its_own_that_inherits_ours(terminal, own):
    (own / "zz_lake").mkdir()
    (own / "zz_lake/pack.yaml").write_text("title: Lake County\ninherits: us_ca\n")
    write(own, place="id: ours", pack="zz_lake")
    terminal.set("packs_dirs", str(own))
    assert "zz_lake: Lake County" in terminal("rules", "list").out
    assert "21 days" in terminal("rules", "show", "ENROLLMENT_PROOF_OVERDUE", "--pack", "zz_lake").out
    assert "30 days" in terminal("rules", "show", "ENROLLMENT_PROOF_OVERDUE", "--pack", "us_ca").out


def test_several_folders_lie_over_one_another_in_their_order_and_lint_reads_them_without_being_told(terminal, own):
    second = own.parent / "second"
    second.mkdir()
    write(own, place="id: first")
    write(second, place="id: second")
    (second / "us_ca/enrollment_proof_overdue.yaml").write_text(
        (second / "us_ca/enrollment_proof_overdue.yaml").read_text().replace("value: 21", "value: 14")
    )
    terminal.set("packs_dirs", f"{own}:{second}")
    assert "14 days" in terminal("rules", "show", "ENROLLMENT_PROOF_OVERDUE", "--pack", "us_ca").out
    (own / "us_ca/rumours.yaml").write_text("code: RUMOURS\n")
    linted = terminal("rules", "lint")
    assert (linted.status, "us_ca/rumours.yaml:1" in linted.out) == (1, True)


def test_a_folder_that_is_not_there_is_told(terminal, own):
    terminal.set("packs_dirs", str(own.parent / "nowhere"))
    linted = terminal("rules", "lint")
    assert (linted.status, "there is no such folder" in linted.out) == (1, True)
    assert "us_ca.absence_unexcused" in terminal("rules", "list").out


@pytest.mark.parametrize(
    "confirmation",
    ["county: Lake", CONFIRMED.replace("A. Lawyer", "' '"), CONFIRMED.replace("plan 7 as printed in 2026", "''"),
     CONFIRMED.replace(", day: 2026-11-20", ""), "confirmed: true"],
    ids=["nobody", "no-name", "no-text", "no-day", "just-yes"],
)  # fmt: skip
def test_a_number_from_memory_stays_off_until_a_named_person_read_the_text(terminal, own, confirmation):
    write(own, place=confirmation, confidence="memory_unverified")
    terminal.set("packs_dirs", str(own))
    linted = terminal("rules", "lint")
    assert (linted.status, "us_ca/enrollment_proof_overdue.yaml:" in linted.out) == (1, True)
    said = terminal("rules", "show", "ENROLLMENT_PROOF_OVERDUE", "--pack", "us_ca").out
    assert ("21 days" in said, "30 days; in force" in said) == (False, True)


def test_what_a_named_person_confirmed_is_on_and_says_who_when_and_what_was_read(terminal, own):
    write(own, place=CONFIRMED, confidence="memory_unverified")
    terminal.set("packs_dirs", str(own))
    assert terminal("rules", "lint").status == 0
    said = " ".join(terminal("rules", "show", "ENROLLMENT_PROOF_OVERDUE", "--pack", "us_ca").out.split())
    assert "21 days; in force" in said
    assert "from memory, not verified" in said
    assert "Switched on by: A. Lawyer, November 20, 2026: plan 7 as printed in 2026" in said


def test_the_record_is_evaluated_by_the_sites_packs_and_the_flag_names_who_confirmed(database: Database, own):
    with writing(database) as session:
        person_with_order(session, build_town(session), convicted_on=ORDERED_ON)
    now = at(ORDERED_ON + timedelta(days=60))

    def due() -> list[tuple[date, str]]:
        with reading(database) as session:
            current = select(Span).where(Span.code == "ENROLLMENT_PROOF_OVERDUE", Span.known_until.is_(None))
            return [(one.due_on, one.content["authority"][0]["cite"]) for one in session.scalars(current)]

    write(own, place=CONFIRMED.replace("A. Lawyer", "''"), confidence="memory_unverified")
    evaluation.evaluate_now(database, load(own), now)
    [(states, cite)] = due()
    assert "confirmed" not in cite
    write(own, place=CONFIRMED, confidence="memory_unverified")
    evaluation.evaluate_now(database, load(own), now)
    [(countys, cite)] = due()
    assert countys < states
    assert cite == "Lake County plan 7 (confirmed by A. Lawyer, 2026-11-20: plan 7 as printed in 2026)"
