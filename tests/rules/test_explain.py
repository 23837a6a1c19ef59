"""Every code can be told in both languages, in short plain sentences, from the fields that its kind declares."""

from __future__ import annotations

import re
from datetime import date
from string import Formatter
from typing import Any

import pytest

from rules.catalogue import CATALOGUE
from rules.explain import REASONS, SHARED, explain
from rules.packs import Says, load

DUTIES = load().duties
CODES = sorted(DUTIES)
VOWELS = re.compile(r"[aeiouy]+")


def grade(text: str) -> float:
    """Flesch-Kincaid grade, with syllables counted by runs of vowels (a silent final e left out)."""
    sentences = max(len(re.findall(r"[.!?](?:\s|$)", text)), 1)
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(max(len(VOWELS.findall(re.sub(r"e\b", "", word.lower()))), 1) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / max(len(words), 1) - 15.59


def texts(code: str) -> list[Says]:
    duty = DUTIES[code]
    return [duty.title, duty.what, duty.clears, duty.unknown]


@pytest.mark.parametrize("code", CODES)
def test_the_text_uses_only_reasons_that_the_kind_declares(code: str) -> None:
    allowed = REASONS[CATALOGUE[code].kind] | SHARED | {"note"}
    for says in texts(code):
        english = {name for _, name, _, _ in Formatter().parse(says.en) if name}
        spanish = {name for _, name, _, _ in Formatter().parse(says.es) if name}
        assert english <= allowed
        assert english == spanish


@pytest.mark.parametrize("code", CODES)
def test_the_text_is_plain_and_accuses_nobody(code: str) -> None:
    duty = DUTIES[code]
    whole = " ".join(re.sub(r"\{\w+\}", "ten", says.en) for says in (duty.what, duty.clears, duty.unknown))
    assert grade(whole) <= 8, f"{grade(whole):.1f}: {whole}"
    assert not re.search(r"violat|offender|guilty|abus", whole, re.IGNORECASE)


def span(**values: Any) -> dict[str, Any]:
    return {"code": "EXCUSED_ABSENCE_LIMIT_EXCEEDED", "certainty": "CERTAIN", "first_on": date(2026, 5, 6), **values}


def test_what_authority_evidence_what_clears_and_what_is_not_known() -> None:
    authority = [{"cite": "Pen. Code 1203.097(a)(6)", "basis": "law"}]
    told = explain(
        span(count=4, limit=3, authority=authority, provision="Pen. Code 1203.097", evidence=[1, 2, 3, 4],
             counter=[5, 6, 7], counter_why=["pending", "before_reset", "pending"]),
        DUTIES,
    )  # fmt: skip
    assert told.what.startswith("4 absences are excused. The program may excuse 3.")
    assert told.authority == "Rule: Pen. Code 1203.097. Set by the law: Pen. Code 1203.097(a)(6)."
    assert told.evidence == (
        "It rests on 4 records. Looked at and not counted: 2 not decided yet, 1 before the count began anew."
    )
    assert "good cause" in told.clears
    assert told.unknown == "No record is not an absence."


def test_the_same_fields_in_spanish() -> None:
    told = explain(span(count=4, limit=3, evidence=[1]), DUTIES, "es")
    assert told.what.startswith("4 ausencias tienen excusa. El programa puede excusar 3.")
    assert told.evidence == "Se basa en un registro."


def test_a_value_that_is_lacking_reads_as_not_known() -> None:
    assert "The program may excuse not known." in explain(span(count=4), DUTIES).what


def test_an_uncertain_span_says_so_with_the_range() -> None:
    told = explain(span(count=2, limit=3, count_most=4, certainty="UNVERIFIED"), DUTIES)
    assert "It could be 4 if all that is open went against it." in told.what
    assert told.unknown.startswith("This is not certain.")
