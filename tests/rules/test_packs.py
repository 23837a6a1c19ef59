"""Our packs are sound; a file that is not is told with file, line and reason, and stops nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from rules.catalogue import CATALOGUE
from rules.evaluate import KINDS
from rules.frames import FACTS, SCHEMAS
from rules.pack_files import OURS, Packs
from rules.packs import load
from rules.value_table import usable
from rules.words import FORBIDDEN_READS

HEAD = "title: A county\ninherits: us_ca\nzone: America/Los_Angeles\n"
CITED = "cite: {text: Local rule 7, confidence: secondary, checked: 2026-11-01}"
RULE = f"""code: ENROLLMENT_PROOF_OVERDUE
provision: Local rule 7
terms:
  bip.enrollment_proof_deadline:
    unit: days
    governed_by: order_date
    values:
    - {{value: 21, {CITED}}}
"""


def ranges(above: str, below: str) -> str:
    """The beginning of two values, one for homes near a program and one for those far from it."""
    near = f"{{value: 30, when: {{distance_miles: {below}}}, {CITED}}}"
    return f"{near}\n    - {{value: 21, when: {{distance_miles: {above}}},"


@pytest.fixture(scope="module")
def ours() -> Packs:
    return load()


def site(folder: Path, text: str, name: str = "enrollment_proof_overdue.yaml", head: str = HEAD) -> Packs:
    """Base and California of ours, with a pack of a site's laid beside them."""
    pack = folder / "us_ca_county"
    pack.mkdir()
    (pack / "pack.yaml").write_text(head)
    (pack / name).write_text(text)
    for known in ("base", "us_ca"):
        (folder / known).symlink_to(OURS / known)
    return load(folder, ours=False)


def test_our_packs_have_no_faults(ours: Packs) -> None:
    assert ours.faults == []


def test_every_code_of_the_catalogue_has_words_and_every_pack_inherits_base(ours: Packs) -> None:
    assert set(ours.duties) == set(CATALOGUE)
    assert {name for name, head in ours.packs.items() if head.inherits != "base"} == {"base"}
    assert len(ours.packs) == 27


def test_no_value_from_memory_is_switched_on(ours: Packs) -> None:
    values = [v for rules in ours.rules.values() for rule in rules for term in rule.terms.values() for v in term.values]
    assert values and all(v.cite.confidence != "memory_unverified" for v in values)
    assert {(name, off.term) for name, head in ours.packs.items() for off in head.off} >= {
        ("us_ok", "hearing.first_review_max"), ("us_ky", "bip.length_min"), ("us_me", "bip.length_min"),
    }  # fmt: skip


def test_what_a_duty_reads_are_frames_without_names_or_traits(ours: Packs) -> None:
    for duty in ours.duties.values():
        assert set(duty.reads) <= set(SCHEMAS), duty.code
    for name, columns in SCHEMAS.items():
        for column in columns:
            assert not any(part in column for part in FORBIDDEN_READS), f"{name}.{column}"


def test_every_fact_and_order_has_a_record_time() -> None:
    assert not [name for name, columns in SCHEMAS.items() if "recorded_at" not in columns]
    assert all("recorded_at" in SCHEMAS[name] and "supersedes" in SCHEMAS[name] for name in FACTS)


def test_a_sites_pack_lies_beside_ours_and_inherits_all_the_way_up(tmp_path: Path, ours: Packs) -> None:
    packs = site(tmp_path, RULE)
    assert packs.faults == []
    county = {rule.code: rule for rule in packs.rules["us_ca_county"]}
    assert county["ENROLLMENT_PROOF_OVERDUE"].terms["bip.enrollment_proof_deadline"].values[0].value == 21
    assert county["EXCUSED_ABSENCE_LIMIT_EXCEEDED"].id == "us_ca.excused_absence_limit_exceeded"
    assert county["ABSENCE_PENDING"].id == "base.absence_pending"
    assert packs.rules["us_ca"] == ours.rules["us_ca"]


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        (CITED, "", 8, "cite"),
        ("code: ENROLLMENT_PROOF_OVERDUE", "code: LATE_AGAIN", 1, "no code of the catalogue"),
        ("code: ENROLLMENT_PROOF_OVERDUE", "code: PROBATION_VIOLATION", 1, "no code of the catalogue"),
        ("secondary", "memory_unverified", 4, "stays off until a named person"),
        ("unit: days", "unit: moons", 5, "unit"),
        ("{value: 21,", "{value: 21, when: {zip_code: '9'},", 4, "a rule may not read zip_code"),
        ("terms:", "spec: {form: clock, colour: red}\nterms:", 3, "does not fit DEADLINE_ONCE"),
        ("terms:", "spec: {done_by: [{event: rumours}]}\nterms:", 3, "rumours is no family of facts"),
        ("values:", "values: [", 8, "not YAML"),
        ("text: Local rule 7", "text: ' '", 4, "without a citation"),
        ("{value: 21,", "{value: 21, from: 2026-01-01,", 4, None),
        ("{value: 21,", f"{{value: null, {CITED}}}\n    - {{value: 21, from: 2026-01-01,", 4, "leaves a gap"),
        ("{value: 21,", f"{{value: 9, from: 2026-01-01, {CITED}}}\n    - {{value: 21,", 4, "order of their dates"),
        ("{value: 21,", "{value: 21, when: {distance_miles: [null, 70]},", 4, None),
        ("{value: 21,", ranges("[71, null]", "[null, 69]"), 4, "a gap between 69 and 71"),
        ("{value: 21,", ranges("[70, null]", "[null, 70]"), 4, "overlap"),
        ("{value: 21,", ranges("[71, null]", "[null, 70]"), 4, None),
        ("{value: 21,", "{value: {count: 1},", 4, "a cadence without a period"),
        ("{value: 21,", "{value: 21, court: north-3,", 4, None),
        ("{value: 21,", "{value: 0,", 4, None),
        ("{value: 21,", "{value: three weeks,", 4, "three weeks is no number of days"),
        ("{value: 21,", "{value: yes,", 4, "True is no number of days"),
        ("{value: 21,", "{value: [21],", 4, "is no number of days"),
        ("{value: 21,", "{value: -21,", 4, "below zero"),
        ("{value: 21,", "{value: {count: 0, period_days: 7},", 4, "none where there must be one"),
        ("{value: 21,", "{value: {count: 1, period_days: 0},", 4, "none where there must be one"),
        ("{value: 21,", "{value: {count: 1, period_days: 7},", 4, None),
        ("{value: 21,", "{value: 21, when: {program_type: standart},", 4, "program_type is never standart"),
        ("{value: 21,", "{value: 21, when: {program_type: standard},", 4, None),
        ("unit: days", "unit: words", 4, "a number where a word must stand"),
        ("{value: 21,", "{value: 21, court: north-3, county: Lake,", 4, "not of both"),
        ("{value: 21,", "{value: 21, county: '',", 4, "without a name"),
        ("terms:", "needs: [{anchor: race, since: ordered_on}]\nterms:", 3, "a rule may not read race"),
        ("terms:", "needs: [{anchor: shoe_size, since: ordered_on}]\nterms:", 3, "neither an anchor nor a column"),
        ("terms:", "spec: {done_by: [{event: reports, is: {victim_id: [a]}}]}\nterms:", 3, "may not read victim_id"),
        ("terms:", "spec: {clocks: [{from: {anchor: date_of_birth}}]}\nterms:", 3, "may not read date_of_birth"),
        ("provision: Local rule 7\n", "provision: ''\n", 1, None),
    ],
)
def test_a_faulty_file_is_left_out_and_told(
    tmp_path: Path, old: str, new: str, line: int, reason: str | None
) -> None:
    """`reason` None: the file is sound, so the same change that makes a fault elsewhere is none here."""
    packs = site(tmp_path, RULE.replace(old, new))
    told = [fault for fault in packs.faults if fault.fatal]
    if reason is None:
        assert told == []
        return
    assert [fault.file for fault in told] == ["us_ca_county/enrollment_proof_overdue.yaml"] * len(told)
    assert any(reason in fault.reason for fault in told), told
    assert any(abs(fault.line - line) <= 1 for fault in told), told
    county = {rule.code: rule for rule in packs.rules["us_ca_county"]}
    assert county["ENROLLMENT_PROOF_OVERDUE"].id == "us_ca.enrollment_proof_overdue"


def test_a_table_saved_under_a_rules_name_is_told_and_left_out(tmp_path: Path) -> None:
    packs = site(tmp_path, RULE)
    (tmp_path / "us_ca_county" / "enrollment_proof_overdue.yaml").write_bytes(b"\xff\xfea\x00")
    packs = load(tmp_path, ours=False)
    assert [(one.file, one.reason) for one in packs.faults] == [
        ("us_ca_county/enrollment_proof_overdue.yaml", "not YAML: this is no text in UTF-8")
    ]


def test_two_values_from_one_day_overlap(tmp_path: Path) -> None:
    packs = site(tmp_path, RULE + f"    - {{value: 14, {CITED}}}\n")
    assert ["two values begin on the same day" in fault.reason for fault in packs.faults] == [True]


def test_a_value_from_memory_may_be_confirmed_by_a_named_person(tmp_path: Path) -> None:
    confirmed = "confirmed: {by: A. Lawyer, day: 2026-11-20, text: read in the code}"
    text = RULE.replace("secondary", "memory_unverified").replace("{value: 21,", f"{{value: 21, {confirmed},")
    packs = site(tmp_path, text)
    assert packs.faults == []
    rule = next(r for r in packs.rules["us_ca_county"] if r.code == "ENROLLMENT_PROOF_OVERDUE")
    assert usable(rule.terms["bip.enrollment_proof_deadline"].values[0])


def test_old_citations_are_told_and_stop_nothing() -> None:
    packs = load(stale_before=date(2027, 6, 1))
    assert packs.faults and not any(fault.fatal for fault in packs.faults)
    assert len(packs.rules["us_ca"]) == len(load().rules["us_ca"])


def test_a_text_that_was_looked_at_tomorrow_is_told_of_as_it_would_never_grow_old(tmp_path: Path) -> None:
    site(tmp_path, RULE.replace("checked: 2026", "checked: 2062"))
    told = load(tmp_path, ours=False, stale_before=date(2024, 11, 30)).faults
    assert [(one.fatal, "yet to come" in one.reason) for one in told] == [(False, True)]


def test_a_duty_without_any_authority_is_left_out(tmp_path: Path) -> None:
    term = "  bip.enrollment_proof_deadline: {unit: days, governed_by: order_date}"
    packs = site(tmp_path, f"code: ENROLLMENT_PROOF_OVERDUE\nterms:\n{term}\n")
    assert ["quote the text" in fault.reason for fault in packs.faults] == [True]


def test_a_pack_without_a_real_zone_is_left_out(tmp_path: Path) -> None:
    packs = site(tmp_path, RULE, head=HEAD.replace("America/Los_Angeles", "America/Elsewhere"))
    assert "us_ca_county" not in packs.rules
    assert [fault.line for fault in packs.faults] == [3]


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_spec_takes_no_word_that_its_kind_does_not_know_and_no_kind_can_change_it(code: str, ours: Packs) -> None:
    form = KINDS[CATALOGUE[code].kind][0]
    told = ours.duties[code].spec
    spec = msgspec.convert(told, form)
    with pytest.raises(msgspec.ValidationError, match="colour"):
        msgspec.convert(told | {"colour": "red"}, form)
    with pytest.raises(AttributeError):
        setattr(spec, spec.__struct_fields__[0] if spec.__struct_fields__ else "colour", "red")
