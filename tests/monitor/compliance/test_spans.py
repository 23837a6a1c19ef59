"""Kept spans say all that the rules said, whoever wrote them: columns, JSON, and both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import polars as pl
import pytest
from sqlalchemy import select

from monitor.compliance.spans import content_of, differences, keep_spans, read_kept
from monitor.db import Database
from monitor.models import Span
from rules.frames import SPANS
from tests.builders import Matter, build_town, person_with_order
from tests.monitor.compliance.county import reading, writing

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
IDS = ("about", "program", "evidence", "counter")
TERM = {
    "term": "bip.excused", "value": "3", "unit": None, "basis": None, "from": date(2025, 1, 1), "governed_by": "order",
    "cite": 'Rule 4, "so"', "confidence": "verified",
}  # fmt: skip
FULL: dict[str, Any] = {
    "zone": "America/Los_Angeles", "code": "ABSENCE_UNEXCUSED", "owner": "offender", "about": 2**62 + 1,
    "program": 7, "key": "k1", "version": "v1", "certainty": "CERTAIN", "starts_at": NOW,
    "ends_at": NOW + timedelta(days=3, microseconds=1), "first_on": date(2026, 3, 2), "first_at": NOW,
    "due_on": date(2026, 3, 4), "due_at": NOW + timedelta(milliseconds=20), "done_on": date(2026, 3, 5),
    "clears_on": date(2026, 3, 9), "count": 2, "count_most": 4, "count_every": 7, "limit": 3, "severity": "high",
    "response_class": "B", "mitigation": ["illness"], "evidence": [2**62 + 3, 5], "counter": [6],
    "counter_why": ["late"], "rule": "us_ca/x", "provision": "Penal Code §1203.097", "authority": [TERM],
    "note": 'a "note"\nof two lines, naïve',
}  # fmt: skip
PLAIN = {
    "zone": "UTC", "code": "INPUT_MISSING", "owner": "system", "key": "k2", "version": "v2",
    "certainty": "CANNOT_EVALUATE", "starts_at": NOW, "first_on": date(2026, 3, 2), "severity": "review",
    "response_class": "none", "evidence": [], "mitigation": [],
}  # fmt: skip


def spans_of(*rows: dict[str, Any], order: int = 1, person: int = 1) -> pl.DataFrame:
    full = [{name: {"order": order, "person": person, **row}.get(name) for name in SPANS} for row in rows]
    return pl.DataFrame(full, schema=SPANS, orient="row")


def told(row: dict[str, Any]) -> dict[str, Any]:
    """What the content is to say, from one row, field by field."""
    outside = ("person", "order", "key", "version")
    said = {name: value for name, value in row.items() if value not in (None, []) and name not in outside}
    plain: dict[str, Any] = msgspec.to_builtins(said)
    for name in IDS:
        if name in plain:
            value = plain[name]
            plain[name] = [str(one) for one in value] if isinstance(value, list) else str(value)
    return plain


def instants_read(said: dict[str, Any]) -> dict[str, Any]:
    return said | {name: datetime.fromisoformat(said[name]) for name in said if name.endswith("_at")}


@pytest.mark.parametrize("row", [FULL, PLAIN], ids=["everything", "little"])
def test_the_content_says_everything_and_leaves_out_what_is_empty(row: dict[str, Any]) -> None:
    [written] = content_of(spans_of(row))
    said = msgspec.json.decode(written)
    assert instants_read(said) == instants_read(told(spans_of(row).row(0, named=True)))
    assert list(said) == [name for name in SPANS if name in said]
    assert None not in said.values()


@pytest.fixture
def matter(database: Database) -> Matter:
    with writing(database) as session:
        return person_with_order(session, build_town(session))


def test_a_kept_span_reads_as_the_rules_said_it(database: Database, matter: Matter) -> None:
    spans = spans_of(FULL, PLAIN, order=matter.order, person=matter.case)
    with writing(database) as session:
        changes = keep_spans(session, read_kept(session, [matter.case]), spans, NOW)
    with reading(database) as session:
        full, plain = session.scalars(select(Span).order_by(Span.key)).all()
        kept = read_kept(session, [matter.case])
    assert (changes.added, changes.closed) == (2, 0)
    assert instants_read(full.content) == instants_read(told(spans.row(0, named=True)))
    assert (full.case_id, full.order_id, full.about_id) == (matter.case, matter.order, 2**62 + 1)
    assert (full.starts_at, full.ends_at, full.due_on) == (NOW, FULL["ends_at"], FULL["due_on"])
    assert (full.response_class, plain.response_class) == ("B", None)
    assert (full.known_from, full.known_until) == (NOW, None)
    assert [one.is_empty() for one in differences(kept, spans)] == [True, True]


def test_only_what_is_said_otherwise_is_written(database: Database, matter: Matter) -> None:
    before = spans_of(FULL, PLAIN, order=matter.order, person=matter.case)
    after = spans_of(FULL | {"version": "v3", "count": 3}, PLAIN, order=matter.order, person=matter.case)
    later = NOW - timedelta(hours=1)  # the clock of this machine is behind
    with writing(database) as session:
        keep_spans(session, read_kept(session, [matter.case]), before, NOW)
    with writing(database) as session:
        changes = keep_spans(session, read_kept(session, [matter.case]), after, later)
    with writing(database) as session:
        again = keep_spans(session, read_kept(session, [matter.case]), after, later)
    with reading(database) as session:
        kept = session.execute(select(Span.version, Span.known_from, Span.known_until).order_by(Span.version)).all()
    assert (changes.added, changes.closed, bool(again)) == (1, 1, False)
    assert [tuple(row) for row in kept] == [("v1", NOW, NOW), ("v2", NOW, None), ("v3", NOW, None)]
