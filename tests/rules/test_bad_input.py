"""Bad input is told of on the order that it is about, to officer and administrator, and touches nobody else.

Every column of every frame is spoilt in every way in which a feed can spoil it, each for a person of its own, all in
one run beside a person whose record is sound.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, NamedTuple

import polars as pl
import pytest

from rules.evaluate import evaluate, read_spans
from rules.frames import FACTS, SCHEMAS, FactFrames, build, required
from rules.pack_files import Packs
from rules.packs import load

SOUND = 1  # the order of each person has the same number
SEEN = datetime(2026, 6, 1, tzinfo=UTC)
RECORDED = datetime(2026, 3, 4, 20, tzinfo=UTC)
DAYS = {
    "covers_to": date(2026, 3, 20), "until": date(2026, 5, 1), "ends_on": date(2026, 2, 20),
    "ordered_on": date(2026, 1, 5), "last_on": date(2027, 1, 5),
}  # fmt: skip
WORDS = {"zone": "America/Los_Angeles", "pack": "us_ca", "term": "bip.makeup_within_days", "condition": "bip"}
WHOSE = ("order", "person", "court", "id")  # who a row is about: spoilt apart


class Fault(NamedTuple):
    """One cell spoilt."""

    frame: str
    column: str
    cell: Any
    told: bool  # must be told of; what else is spoilt may be read as it stands


def faults() -> Iterator[Fault]:
    for name, schema in SCHEMAS.items():
        for column, kind in schema.items():
            if name != "holidays" and column not in WHOSE:
                yield Fault(name, column, None, column in required(name) and column != "retracted")
                yield from (Fault(name, column, cell, told) for cell, told in unreadable_cells(kind))


def unreadable_cells(kind: Any) -> Iterator[tuple[Any, bool]]:
    """Cells that a feed may hold by mistake, and whether each must be told of."""
    instant, day = isinstance(kind, pl.Datetime), kind == pl.Date
    if isinstance(kind, pl.Enum) or instant or day:
        yield "no such thing", True
    if instant or day:
        yield from ((beyond + ("T12:00:00Z" if instant else ""), True) for beyond in ("0001-01-01", "9999-12-31"))
    if kind in (pl.Int32, pl.Int64):
        yield from ((str(number), False) for number in (-1, -(2**31), 2**31 - 1))
        yield "seven", True


@cache
def packs() -> Packs:
    return load()


def value_of(column: str, kind: Any) -> Any:
    """Something plausible for a column."""
    if isinstance(kind, pl.Enum):
        return kind.categories[0]
    if kind == pl.Date:
        return DAYS.get(column, date(2026, 3, 4))
    if isinstance(kind, pl.Datetime):
        return datetime(2026, 5 if column == "until" else 3, 4, 18, tzinfo=UTC)
    if kind == pl.String:
        return WORDS.get(column, "a word")
    if column == "duties":
        return ["testing 2026-01-05", "bip 2026-01-05", "firearm_surrender 2026-01-05", "review 2026-01-05"]
    if isinstance(kind, pl.List):
        return [] if kind.inner == pl.Int64 else ["testing"]
    return True if kind == pl.Boolean else 7


def row_of(name: str, person: int) -> dict[str, Any]:
    """A row of a frame about a person, every cell filled."""
    row = {column: value_of(column, kind) for column, kind in SCHEMAS[name].items()}
    row |= {"person": person, "order": person, "recorded_at": RECORDED, "retracted": False, "supersedes": None}
    row |= {"makeup_for": None, "program": person, "court": 1, "id": id_of(name, person)}
    row["about"] = id_of("sessions", person)
    if name == "adjudications":
        row["of"] = id_of("sessions", person)
    return {column: row[column] for column in SCHEMAS[name]}


def id_of(name: str, person: int) -> int:
    return 10_000 * (list(SCHEMAS).index(name) + 1) + person


def text_of(cell: Any) -> Any:
    """A cell as a feed writes it: text."""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%dT%H:%M:%SZ")
    return cell if cell is None or isinstance(cell, list | bool) else str(cell)


def people(spoilt: list[Fault]) -> FactFrames:
    """The sound person, and one more for each fault; columns as text, so that anything may stand in them."""
    frames = {}
    for name, schema in SCHEMAS.items():
        rows = [row_of(name, SOUND + n) for n in range(len(spoilt) + 1)]
        for number, fault in enumerate(spoilt, 1):
            if fault.frame == name:
                rows[number][fault.column] = fault.cell
        if name == "holidays":
            frames[name] = build(name, rows[:1])
            continue
        as_they_are = {c for c, k in schema.items() if c in WHOSE or isinstance(k, pl.List) or k == pl.Boolean}
        kinds = {c: k if c in as_they_are else pl.String for c, k in schema.items()}
        cells = [{c: row[c] if kinds[c] != pl.String else text_of(row[c]) for c in schema} for row in rows]
        frames[name] = pl.DataFrame(cells, schema=kinds, orient="row")
    return FactFrames.of(frames)


def spans_of(facts: FactFrames) -> pl.DataFrame:
    return evaluate(facts, packs(), SEEN)


def about(person: int, spans: pl.DataFrame) -> pl.DataFrame:
    return spans.filter(pl.col("person") == person).sort("key", "starts_at")


def unreadable(spans: pl.DataFrame) -> set[tuple[int, str]]:
    """(order, what) of what cannot be evaluated and is open now."""
    seen = read_spans(spans, SEEN).filter(pl.col("certainty") == "CANNOT_EVALUATE")
    return set(seen.select("order", "note").iter_rows())


@cache
def untouched() -> pl.DataFrame:
    found = about(SOUND, spans_of(people([])))
    assert len(found) > 3 and unreadable(found) == set()
    return found


@cache
def spoilt_spans() -> pl.DataFrame:
    return spans_of(people(list(faults())))


def test_what_is_spoilt_for_others_changes_nothing_for_a_sound_record() -> None:
    assert about(SOUND, spoilt_spans()).equals(untouched())


def test_a_record_that_corrects_itself_is_told_of_and_two_that_correct_each_other() -> None:
    """Of such a chain no version is the last: without a word all of it would be gone."""
    whole = people([Fault("tests", "result", "negative", False)] * 3)
    numbers = [id_of("tests", SOUND + n) for n in range(4)]
    told = whole.tests.with_columns(supersedes=pl.Series([None, numbers[1], numbers[3], numbers[2]], dtype=pl.Int64))
    told = told.with_columns(person=pl.Series([1, 2, 3, 3]), order=pl.Series([1, 2, 3, 3]))
    found = spans_of(FactFrames.of(dict(whole.items()) | {"tests": told}))
    assert unreadable(found) == {(2, "tests.supersedes"), (3, "tests.supersedes")}
    assert about(SOUND, found).equals(untouched())


def test_each_fault_that_cannot_be_read_is_open_on_its_own_order_and_only_there() -> None:
    told = unreadable(spoilt_spans())
    lost = [f for n, f in enumerate(faults(), SOUND + 1) if f.told and (n, f"{f.frame}.{f.column}") not in told]
    assert lost == []
    assert {order for order, _ in told} <= {n for n, _ in enumerate(faults(), SOUND + 1)}


@pytest.mark.parametrize("name", [n for n in SCHEMAS if n != "holidays"])
def test_a_column_that_is_not_there_is_told_of_on_every_order(name: str) -> None:
    needed = [c for c in required(name) if c not in (*WHOSE, "retracted")]
    for column in needed[:3]:
        facts = people([])
        frames = dict(facts.items())
        spans = spans_of(FactFrames.of(frames | {name: frames[name].drop(column)}))
        notes = {note for _, note in unreadable(spans)}
        assert any(note.startswith(f"{name}.") for note in notes), column


@pytest.mark.parametrize("name", list(FACTS))
def test_facts_of_no_order_and_facts_sent_twice_touch_nobody_else(name: str) -> None:
    frames = dict(people([]).items())
    stray = build(name, [row_of(name, 99) | {"person": None}]).cast(frames[name].schema, strict=False)
    again = build(name, [row_of(name, 98), row_of(name, 98)]).cast(frames[name].schema, strict=False)
    spans = spans_of(FactFrames.of(frames | {name: pl.concat([frames[name], stray, again])}))
    assert about(SOUND, spans).equals(untouched())
