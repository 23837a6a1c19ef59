"""Fifteen odd things that come out of other people's systems, each for one man with two orders, beside a sound record.

Each is told of by the place where it stands, owned by the system; what else is known of him still decides, and the
other man's record is read as if nothing had come.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import polars as pl
import pytest

from rules.evaluate import evaluate, read_spans
from rules.frames import SCHEMAS, FactFrames, build
from rules.pack_files import Packs
from rules.packs import load

HIS, HIS_OTHER, ANOTHERS = 11, 12, 21  # orders: two of one man, one of another
SEEN = datetime(2026, 6, 1, 12, tzinfo=UTC)
ENTERED = datetime(2026, 1, 5, 18, tzinfo=UTC)
RECORDED = datetime(2026, 3, 4, 20, tzinfo=UTC)
DAY = date(2026, 3, 4)


@cache
def packs() -> Packs:
    return load()


def fact(**cells: Any) -> dict[str, Any]:
    row = {"id": 900, "person": 1, "order": HIS, "on": DAY, "recorded_at": RECORDED, "retracted": False, "program": 7}
    return row | cells


ODD: dict[str, tuple[str, dict[str, Any], str]] = {
    "an outcome that no program uses": ("sessions", fact(outcome="ghosted"), "outcome"),
    "a class without an outcome": ("sessions", fact(outcome=None), "outcome"),
    "a class of no program": ("sessions", fact(outcome="absent", program=None), "program"),
    "a class on 30 February": ("sessions", fact(outcome="absent", on="2026-02-30"), "on"),
    "a class of so many hours in words": ("sessions", fact(outcome="attended", minutes="two hours"), "minutes"),
    "a decision about nothing": ("adjudications", fact(decision="unexcused", of=None, by="probation"), "of"),
    "a decision that nobody makes": ("adjudications", fact(decision="forgiven", of=101, by="probation"), "decision"),
    "a test whose result is still open": ("tests", fact(result="inconclusive"), "result"),
    "a contact of a kind of its own": ("contacts", fact(kind="virtual", state="completed"), "kind"),
    "a pause that neither starts nor ends": ("pauses", fact(kind="custody", event="middle"), "event"),
    "a report to nobody": ("reports", fact(kind="progress", by="provider", to=None), "to"),
    "an enrollment without an event": ("enrollments", fact(event=None), "event"),
    "a surrender of another kind": ("firearms", fact(event="sold to a cousin"), "event"),
    "a decision without a kind": ("decisions", fact(kind=None, by="court"), "kind"),
    "a record of no time": ("fees", fact(event="unpaid", recorded_at=None), "recorded_at"),
}  # fmt: skip


def feed(odd: tuple[str, dict[str, Any], str] | None = None) -> FactFrames:
    """Two absences decided unexcused for each man, as text where a feed may write anything; and the odd row."""
    order = {"pack": "us_ca", "zone": "America/Los_Angeles", "court": 1, "recorded_at": ENTERED}
    whose = [(HIS, 1), (HIS_OTHER, 1), (ANOTHERS, 2)]
    missed = [
        fact(id=100 * person + n, person=person, order=None, on=date(2026, 2, 2 + 7 * n), outcome="absent")
        for person in (1, 2) for n in (1, 2)
    ]  # fmt: skip
    said = [
        fact(id=row["id"] + 50, person=row["person"], order=None, of=row["id"], decision="unexcused", by="probation")
        for row in missed
    ]
    orders = [{"order": n, "person": p, "ordered_on": date(2026, 1, 5), **order} for n, p in whose]
    frames = {"orders": build("orders", orders)}
    rows: dict[str, list[dict[str, Any]]] = {"sessions": missed, "adjudications": said}
    if odd:
        rows.setdefault(odd[0], []).append(odd[1])
    return FactFrames.of(frames | {name: as_text(name, of) for name, of in rows.items()})


def as_text(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    as_they_are = (pl.Int64, pl.Boolean)
    kept = {c: k if k in as_they_are or isinstance(k, pl.List) else pl.String for c, k in SCHEMAS[name].items()}
    cells = [[as_cell(row.get(c), k) for c, k in kept.items()] for row in rows]
    return pl.DataFrame(cells, schema=kept, orient="row")


def as_cell(cell: Any, kind: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(cell) if cell is not None and kind == pl.String else cell


def spans_of(facts: FactFrames) -> pl.DataFrame:
    return read_spans(evaluate(facts, packs(), SEEN), SEEN).sort("person", "order", "code", "key")


@cache
def sound() -> pl.DataFrame:
    return spans_of(feed())


def broken(spans: pl.DataFrame) -> pl.DataFrame:
    return spans.filter(pl.col("certainty") == "CANNOT_EVALUATE")


def test_the_sound_record_has_an_answer_to_everything() -> None:
    assert broken(sound()).is_empty()
    assert set(sound().filter(pl.col("code") == "ABSENCE_UNEXCUSED").get_column("order")) == {HIS, HIS_OTHER, ANOTHERS}


@pytest.mark.parametrize("what", list(ODD))
def test_an_odd_fact_is_told_of_where_it_stands_and_nothing_else_changes(what: str) -> None:
    name, _, column = ODD[what]
    spans = spans_of(feed(ODD[what]))
    told = broken(spans)
    assert set(told.select("order", "code", "owner", "note").iter_rows()) == {
        (HIS, "INPUT_MISSING", "system", f"{name}.{column}")
    }
    assert spans.filter(pl.col("certainty") != "CANNOT_EVALUATE").equals(sound())


def test_an_odd_fact_of_no_order_is_told_of_on_each_order_of_the_man() -> None:
    name, row, column = ODD["a test whose result is still open"]
    told = broken(spans_of(feed((name, row | {"order": None}, column))))
    assert set(told.select("order", "note").iter_rows()) == {(n, f"{name}.{column}") for n in (HIS, HIS_OTHER)}


def test_what_is_odd_of_one_order_leaves_the_mans_other_order_as_it_was() -> None:
    """A pack that is not there, a zone that nobody knows, a level without a day, two words of one term."""
    whole = dict(feed().items())
    term = {"order": HIS, "source": "order", "term": "bip.makeup_within_days", "recorded_at": ENTERED}
    level = {"order": HIS, "from": None, "level": "high", "recorded_at": ENTERED}
    odd = {
        "orders.pack": ("orders", one_with(whole["orders"], pack="us_zz")),
        "orders.zone": ("orders", one_with(whole["orders"], zone="Mars/Olympus")),
        "levels.from": ("levels", as_text("levels", [level])),
        "terms.bip.makeup_within_days": ("terms", build("terms", [term | {"number": 7}, term | {"number": 9}])),
    }
    for note, (name, frame) in odd.items():
        spans = spans_of(FactFrames.of(whole | {name: frame}))
        assert set(broken(spans).select("order", "note").iter_rows()) == {(HIS, note)}
        others = pl.col("order") != HIS
        assert spans.filter(others).equals(sound().filter(others)), note


def one_with(orders: pl.DataFrame, **cell: str) -> pl.DataFrame:
    """The orders, with another word in one of the man's own."""
    return orders.with_columns(
        pl.when(pl.col("order") == HIS).then(pl.lit(word)).otherwise(column).alias(column)
        for column, word in cell.items()
    )


def test_three_records_that_correct_one_another_in_a_ring_are_told_of_and_a_long_chain_is_not() -> None:
    """Of a ring no version is the last: without a word all of it would be gone. Of a chain the last one stands."""
    rows = [fact(id=900 + n, result="positive", supersedes=900 + (n + 1) % 3) for n in range(3)]
    chain = [fact(id=910 + n, person=2, order=ANOTHERS, result="positive", supersedes=909 + n) for n in range(1, 6)]
    chain.append(fact(id=910, person=2, order=ANOTHERS, result="negative"))
    told = broken(spans_of(FactFrames.of(dict(feed().items()) | {"tests": build("tests", rows + chain)})))
    assert set(told.select("order", "note").iter_rows()) == {(HIS, "tests.supersedes")}
