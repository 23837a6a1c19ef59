"""Every code can be told in both languages, in short plain sentences, from the fields that its kind declares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from string import Formatter
from typing import Any, get_args

import pytest

from rules import sayings, words
from rules.catalogue import CATALOGUE
from rules.evaluate import evaluate
from rules.explain import REASONS, SHARED, Explanation, explain, of
from rules.frames import SCHEMAS, FactFrames, build
from rules.pack_files import Says
from rules.packs import load
from rules.sayings import FAMILIES, LACKS, MITIGATION, UNITS, WHY, Language, lacks
from rules.scenarios.running import planned
from tests.rules.readability import fernandez_huerta, grade, inflesz
from tests.rules.scenario_files import scenarios

PACKS = load()
DUTIES = PACKS.duties
CODES = sorted(DUTIES)
LANGUAGES: tuple[Language, ...] = get_args(Language)
TYPICAL = {
    "certainty": "CERTAIN", "first_on": date(2026, 3, 3), "due_on": date(2026, 3, 10), "count": 3, "limit": 3,
    "due_at": datetime(2026, 3, 10, 20, 15, tzinfo=UTC), "have": 12, "need": 52, "unit": "sessions",
    "window_from": date(2026, 3, 2), "window_to": date(2026, 3, 9), "earliest": date(2026, 11, 30),
    "note": "convicted_on", "zone": "America/Los_Angeles",
}  # fmt: skip
# No word that accuses, and none that only a court may say.
ACCUSING = {
    "en": re.compile(
        r"violat|offender|perpetrat|guilt|abus|\bfail|refus|neglect|ignor(e|ed|es|ing)\b|disobe|breach|noncompl|evad|"
        r"defi(ed|ant)|blame|\bfault|\blied\b|\b(to|may|can|will|must|not) excuse\b|no.?show|delinquen",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"violaci|violad|violó|infrac|delincuen|agresor|culpa|abus|\bfall(a|ó|ar|o)\b|rechaz|rehus|se negó|incumpl|"
        r"desobed|evad|ignoró|quebrant|morosa?\b|mint(ió|iendo)",
        re.IGNORECASE,
    ),
}


@pytest.fixture(scope="module")
def spans() -> list[dict[str, Any]]:
    """Every span of every scenario that there is, from one run."""
    plans = planned([scenario for _document, scenario in scenarios()])
    names = {name for one in plans for name in one.laid.rows}
    rows = {name: [row for one in plans for row in one.rows(name)] for name in names}
    facts = FactFrames.of({name: build(name, found) for name, found in rows.items()})
    return evaluate(facts, PACKS, max(one.known_at for one in plans), signed=False).to_dicts()


def texts(code: str) -> list[Says]:
    duty = DUTIES[code]
    return [duty.title, duty.duty, duty.what, duty.counts, duty.leaves_out, duty.clears, duty.unknown]


def measured(told: Explanation) -> str:
    """What is measured: all but names and numbers of statutes, which nobody can write more simply."""
    return " ".join(part for part in (told.what, told.evidence, told.clears, told.unknown) if part)


def hard(english: str, spanish: str) -> Iterator[str]:
    if grade(english) > 8:
        yield f"grade {grade(english):.1f}: {english}"
    if fernandez_huerta(spanish) < 60 or inflesz(spanish) < 55:
        yield f"ease {fernandez_huerta(spanish):.0f}, INFLESZ {inflesz(spanish):.0f}: {spanish}"


@pytest.mark.parametrize("code", CODES)
def test_the_text_uses_only_reasons_that_the_kind_declares(code: str) -> None:
    allowed = REASONS[CATALOGUE[code].kind] | SHARED | {"note"}
    for says in texts(code):
        english = {name for _, name, _, _ in Formatter().parse(says.en) if name}
        spanish = {name for _, name, _, _ in Formatter().parse(says.es) if name}
        assert english <= allowed
        assert english == spanish


def test_a_kind_declares_the_reasons_that_its_flags_carry_and_no_other(spans: list[dict[str, Any]]) -> None:
    every = frozenset().union(*REASONS.values())
    filled: dict[str, set[str]] = {kind: set() for kind in REASONS}
    for span in spans:
        filled[CATALOGUE[span["code"]].kind] |= {name for name in every if span[name] is not None}
    assert filled == {kind: set(names) for kind, names in REASONS.items()}


@pytest.mark.parametrize("code", CODES)
def test_a_flag_and_the_page_of_its_rule_read_at_grade_eight_or_lower(code: str) -> None:
    span, duty = {"code": code, **TYPICAL}, DUTIES[code]
    page = [
        " ".join(of(says, language) for says in (duty.duty, duty.counts, duty.leaves_out, duty.clears, duty.unknown))
        for language in LANGUAGES
    ]
    told = [measured(explain(span, DUTIES, language)) for language in LANGUAGES]
    assert not [*hard(*told), *hard(*page)]


def test_every_span_of_every_scenario_reads_at_grade_eight_or_lower(spans: list[dict[str, Any]]) -> None:
    assert len(spans) > 50
    told = [[measured(explain(span, DUTIES, language)) for language in LANGUAGES] for span in spans]
    assert not sorted({line for english, spanish in told for line in hard(english, spanish)})


def test_no_explanation_of_any_scenario_accuses_or_shows_a_bare_date_or_field(spans: list[dict[str, Any]]) -> None:
    for span in spans:
        for language in LANGUAGES:
            told = explain(span, DUTIES, language)
            whole = f"{told.title} {measured(told)}"
            assert not ACCUSING[language].search(whole), whole
            assert not re.search(r"[{}|#_]|\d{4}-\d\d-\d\d|\bNone\b", whole), whole


@pytest.mark.parametrize("code", CODES)
def test_no_text_accuses_anybody(code: str) -> None:
    for says in texts(code):
        assert not ACCUSING["en"].search(says.en), says.en
        assert not ACCUSING["es"].search(says.es), says.es


@pytest.mark.parametrize("said", ["He failed to attend.", "The person refused.", "It was a violation.", "to excuse"])
def test_the_list_of_accusing_words_finds_them(said: str) -> None:
    assert ACCUSING["en"].search(said)


def test_every_shared_word_is_there_in_both_languages(spans: list[dict[str, Any]]) -> None:
    for table in (WHY, MITIGATION, UNITS, LACKS, FAMILIES):
        assert table["en"].keys() == table["es"].keys()
    assert set(words.UNITS) == UNITS["en"].keys()
    assert set(words.MITIGATIONS) == MITIGATION["en"].keys()
    used = {word for span in spans for word in span["counter_why"] or ()}
    decided = {word for word in words.DECISIONS if word not in ("confirmed", "dismissed", "pending_evidence")}
    told_apart = {"late", "leave", "before_reset", "not_in_force", "too_early", "unreported"}
    assert used | decided | told_apart <= WHY["en"].keys()


def phrases(value: object) -> Iterator[str]:
    """Every phrase of a table of phrases."""
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ():
        yield from phrases(one)


def test_no_phrase_is_a_word_of_the_machine() -> None:
    """`absent_unexcused` in a sentence would be read aloud in court."""
    tables = {name: value for name, value in vars(sayings).items() if isinstance(value, dict) and "es" in value}
    assert {"MONTHS", "WHY", "FAMILIES", "LACKS"} <= set(tables)
    for name, table in tables.items():
        told = [re.sub(r"{\w+}", "", one) for one in phrases(table)]
        assert [one for one in told if not one.strip() or re.search(r"[_<>]|\s{3}", one)] == [], name


def test_what_a_rule_may_lack_is_named_in_words() -> None:
    needed = {need.anchor for rules in PACKS.rules.values() for rule in rules for need in rule.needs}
    assert needed
    assert needed <= LACKS["en"].keys()
    assert set(SCHEMAS) == FAMILIES["en"].keys()
    assert lacks("sessions.outcome", "es") == "una fila sobre asistencia que se pueda leer"
    assert lacks("sessions.order", "en") == "a row about attendance that names an order of this person on record"
    assert lacks("ColumnNotFoundError", "en") == "rows that the rule can read"


def span(**values: Any) -> dict[str, Any]:
    return {"code": "EXCUSED_ABSENCE_LIMIT_EXCEEDED", "certainty": "CERTAIN", "first_on": date(2026, 5, 6), **values}


def test_what_authority_evidence_what_clears_and_what_is_not_known() -> None:
    authority = [{"cite": "Pen. Code 1203.097(a)(6)", "basis": "law"}]
    told = explain(
        span(count=4, limit=3, authority=authority, provision="Pen. Code 1203.097", evidence=[1, 2, 3, 4],
             counter=[5, 6, 7], counter_why=["pending", "before_reset", "pending"]),
        DUTIES,
    )  # fmt: skip
    assert told.text() == (
        "On record: 4 excused absences. The program may allow 3. Only the court can allow more. "
        "Rule: Pen. Code 1203.097. Set by the law: Pen. Code 1203.097(a)(6). "
        "It rests on 4 records. Looked at and not counted: 2 not decided yet, 1 from before the count began anew. "
        "It ends if the court finds good cause, or the record is corrected. "
        "No record is not an absence."
    )


def test_the_same_fields_in_spanish() -> None:
    told = explain(
        span(count=1, limit=3, evidence=[1], counter=[2], counter_why=["pending"], mitigation=["hospital_letter"]),
        DUTIES, "es",
    )  # fmt: skip
    assert told.text() == (
        "Registradas: 1 ausencia con excusa. El programa puede permitir 3. Solo el tribunal puede permitir más. "
        "Se basa en 1 registro. Visto y no contado: 1 por decidir. "
        "Termina si el tribunal halla buena causa o se corrige el registro. "
        "La falta de registro no es una ausencia. Hay una carta de un hospital."
    )


def test_days_are_told_as_they_are_read_with_the_weekday_of_a_last_day() -> None:
    due = {"code": "ENROLLMENT_PROOF_OVERDUE", "certainty": "CERTAIN", "due_on": "2026-03-03"}
    assert explain(due, DUTIES).what == "Proof of enrollment was due by Tuesday, March 3, 2026."
    assert explain(due, DUTIES, "es").what == (
        "La prueba de inscripción debía presentarse a más tardar el martes 3 de marzo de 2026."
    )
    hours = {"code": "FIREARM_PROOF_OVERDUE", "due_at": "2026-03-03T22:05:00+00:00", "zone": "America/Los_Angeles"}
    assert explain(hours, DUTIES).what == "Proof of surrender was due by Tuesday, March 3, 2026, at 2:05 PM."
    assert "el martes 3 de marzo de 2026, a las 2:05 p. m." in explain(hours, DUTIES, "es").what


def test_a_span_that_ends_by_itself_names_the_day_and_says_when_it_is_over() -> None:
    ends = span(count=4, limit=3, ends_at=datetime(2026, 11, 2, 8, tzinfo=UTC), zone="America/Los_Angeles")
    before, after = datetime(2026, 5, 7, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    ahead = explain(ends, DUTIES, "en", before).clears, explain(ends, DUTIES, "es", before).clears
    assert ahead[0].endswith("If nothing changes, it ends on Monday, November 2, 2026.")
    assert ahead[1].endswith("Si nada cambia, termina el lunes 2 de noviembre de 2026.")
    assert explain(ends, DUTIES, "en", after).clears.endswith("It ended on Monday, November 2, 2026.")
    assert "2026" not in explain(span(count=4, limit=3), DUTIES).clears


def test_a_value_that_is_lacking_reads_as_not_known() -> None:
    assert "The program may allow not known." in explain(span(count=4), DUTIES).what


@pytest.mark.parametrize(("count", "most", "why", "english", "spanish"), [
    (2, 4, [], "2, or up to 4 if two outstanding sheets show absences.",
     "2, o hasta 4 si dos hojas pendientes muestran ausencias."),
    (2, 3, [], "2, or up to 3 if one outstanding sheet shows an absence.",
     "2, o hasta 3 si una hoja pendiente muestra una ausencia."),
    (0, 2, ["pending", "pending"], "0, or up to 2 if two absences that wait for a decision are not excused.",
     "0, o hasta 2 si dos ausencias por decidir quedan sin excusa."),
    (1, 3, ["pending"], "1, or up to 3 if one outstanding sheet shows an absence and one absence that waits for a "
     "decision is not excused.", "1, o hasta 3 si una hoja pendiente muestra una ausencia y una ausencia por decidir "
     "queda sin excusa."),
])  # fmt: skip
def test_a_count_with_open_rows_is_told_as_a_range(
    count: int, most: int, why: list[str], english: str, spanish: str
) -> None:
    doubt = span(count=count, count_most=most, limit=3, certainty="UNVERIFIED", counter_why=why)
    told = explain(doubt, DUTIES)
    assert told.what == f"It is not known yet if this holds: more excused absences than allowed. The count is {english}"
    assert told.unknown.startswith("This is not certain.")
    assert explain(doubt, DUTIES, "es").what.endswith(f"La cuenta es {spanish}")


def test_the_engine_gives_the_range_its_rows(spans: list[dict[str, Any]]) -> None:
    doubts = [one for one in spans if one["count_most"] is not None]
    assert {"ABSENCE_UNEXCUSED"} < {one["code"] for one in doubts}
    for one in doubts:
        if one["code"] == "CONSECUTIVE_UNEXCUSED_LIMIT":  # a run has no sure count: only how long it could be
            assert f"The count could reach {one['count_most']} " in explain(one, DUTIES).what
            continue
        waits = len(one["counter"] or ())
        assert one["certainty"] == "UNVERIFIED"
        assert one["count"] == len(one["evidence"] or ())
        assert one["count"] + waits <= one["count_most"]
        assert re.search(r"The count is \d+, or up to \d+ if (\w+) ", explain(one, DUTIES).what)


def test_what_could_not_be_checked_says_what_is_missing_and_nothing_about_anybody() -> None:
    broken = span(certainty="CANNOT_EVALUATE", note="orders.zone", count=None)
    assert explain(broken, DUTIES).text() == (
        "This could not be checked. What is missing: the court's time zone. So the rule says nothing about anybody. "
        "It ends when the record is complete."
    )
    assert "la zona horaria del tribunal" in explain(broken, DUTIES, "es").what
