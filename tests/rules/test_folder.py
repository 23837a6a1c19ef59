"""Without a database: partitions, order of rows and bad rows change no answer about anybody else."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from multiprocessing.context import SpawnProcess
from pathlib import Path

import msgspec
import polars as pl
import psutil
import pytest
from polars.testing import assert_frame_equal

from monitor.side_by_side import ChildDiedError, side_by_side
from rules import packs
from rules.evaluate import evaluate
from rules.folder import Counts, Run, evaluate_folder
from rules.frames import FACTS, SCHEMAS, FactFrames
from rules.partitions import name_of, split, write_partition, write_shared
from rules.population import Recipe, population

RECIPE = Recipe(people=60, seed=7)
KNOWN_AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
PACKS = packs.load()


@pytest.fixture(scope="module")
def whole() -> FactFrames:
    return population(RECIPE)


@pytest.fixture(scope="module")
def spans(whole: FactFrames) -> pl.DataFrame:
    return evaluate(whole, PACKS, KNOWN_AT)


def written(folder: Path, parts: list[FactFrames]) -> Path:
    for number, part in enumerate(parts):
        write_partition(folder / name_of(number), part)
    write_shared(folder, parts[0])
    return folder


def in_one(out: Path) -> pl.DataFrame:
    return pl.read_parquet(out / "*.parquet").sort("order", "code", "key", "starts_at")


def changed(facts: FactFrames, **frames: pl.DataFrame) -> FactFrames:
    return FactFrames.of(dict(facts.items()) | frames)


def test_partitions_give_what_all_people_together_give(whole: FactFrames, spans: pl.DataFrame, tmp_path: Path) -> None:
    folder = written(tmp_path / "facts", split(whole, 3))
    counts = evaluate_folder(Run(folder, tmp_path / "out", PACKS, KNOWN_AT))
    assert (counts.partitions, counts.orders, counts.spans) == (3, 60, spans.height)
    assert_frame_equal(in_one(tmp_path / "out"), spans)


def test_shuffled_rows_give_the_same_spans(whole: FactFrames, spans: pl.DataFrame) -> None:
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=3) for name, frame in whole.items()}
    assert_frame_equal(evaluate(FactFrames.of(shuffled), PACKS, KNOWN_AT), spans)


def test_a_person_is_the_same_however_the_population_is_cut(whole: FactFrames) -> None:
    for number, part in enumerate(split(whole, 3)):
        made = population(RECIPE, number, 3)
        for (name, cut), (_, own) in zip(part.items(), made.items(), strict=True):
            assert name and cut.equals(own)


def test_invented_facts_fit_their_schemas_and_share_no_id(whole: FactFrames) -> None:
    ids = pl.concat([frame.get_column("id") for name, frame in whole.items() if name in FACTS])
    assert ids.n_unique() == ids.len()
    for name, frame in whole.items():
        assert frame.schema == pl.Schema(SCHEMAS[name])


def test_bad_rows_cannot_be_evaluated_and_stop_nobody(whole: FactFrames, spans: pl.DataFrame, tmp_path: Path) -> None:
    spoiled = 5
    words = pl.col("outcome").cast(pl.String)
    sessions = whole.sessions.with_columns(
        outcome=pl.when(pl.col("person") == spoiled).then(pl.lit("danced")).otherwise(words)
    )
    folder = written(tmp_path / "facts", [changed(whole, sessions=sessions)])
    counts = evaluate_folder(Run(folder, tmp_path / "out", PACKS, KNOWN_AT))
    rows = whole.sessions.filter(pl.col("person") == spoiled).height
    assert counts.refused == {"sessions": rows}
    assert counts.cannot_evaluate == 1
    found = in_one(tmp_path / "out")
    told = found.filter(pl.col("certainty") == "CANNOT_EVALUATE")
    assert told.select("person", "owner", "note").rows() == [(spoiled, "system", "sessions.outcome")]
    others = pl.col("person") != spoiled
    assert_frame_equal(found.filter(others), spans.filter(others))


def test_an_order_that_does_not_fit_is_told_and_stops_nobody(whole: FactFrames, spans: pl.DataFrame) -> None:
    spoiled = whole.orders.get_column("order")[0]
    orders = whole.orders.with_columns(pack=pl.when(pl.col("order") != spoiled).then("pack"))
    found = evaluate(changed(whole, orders=orders), PACKS, KNOWN_AT)
    told = found.filter(pl.col("certainty") == "CANNOT_EVALUATE")
    assert told.get_column("order").to_list() == [spoiled]
    others = pl.col("order") != spoiled
    assert_frame_equal(found.filter(others & (pl.col("code") != "PROGRAM_CAPACITY")),
                       spans.filter(others & (pl.col("code") != "PROGRAM_CAPACITY")))  # fmt: skip


def test_a_column_of_another_type_is_refused_and_not_a_crash(whole: FactFrames) -> None:
    tests = whole.tests.with_columns(person=pl.lit("somebody"))
    found = evaluate(changed(whole, tests=tests), PACKS, KNOWN_AT)
    assert found.filter(pl.col("code") == "TEST_NONCOMPLIANT").is_empty()


def test_an_evaluation_leaves_no_frame_behind_but_its_spans(whole: FactFrames) -> None:
    evaluate(whole, PACKS, KNOWN_AT)  # what a process keeps for good is kept from the first run on
    gc.collect()
    gc.disable()  # circles of references would wait for the collector: partitions would pile up in memory
    try:
        before = frames_alive()
        found = evaluate(whole, PACKS, KNOWN_AT)
        assert found.height > 0
        assert frames_alive() == before + 1
    finally:
        gc.enable()


def frames_alive() -> int:
    return sum(isinstance(thing, pl.DataFrame) for thing in gc.get_objects())


def test_an_unreadable_partition_is_named_and_stops_no_other(whole: FactFrames, tmp_path: Path) -> None:
    folder = written(tmp_path / "facts", split(whole, 2))
    (folder / name_of(0) / "sessions.parquet").write_bytes(b"no parquet")
    counts = evaluate_folder(Run(folder, tmp_path / "out", PACKS, KNOWN_AT))
    assert counts.partitions == 1
    assert [said.split(":")[0] for said in counts.unreadable] == [name_of(0)]


def test_facts_of_an_unknown_kind_and_facts_without_orders_are_named_and_stop_nobody(
    whole: FactFrames, spans: pl.DataFrame, tmp_path: Path
) -> None:
    """A misspelt file, one of another system's, and a folder that was copied without its orders: none may vanish."""
    folder = written(tmp_path / "facts", split(whole, 2))
    (folder / "others").mkdir()
    misspelt = [f"{name_of(0)}/seances.parquet", f"{name_of(1)}/session.parquet"]
    odd = [*misspelt, "others/sessions.parquet", "people.parquet"]
    for file in odd:
        whole.sessions.write_parquet(folder / file)
    run = Run(folder, tmp_path / "facts" / "out", PACKS, KNOWN_AT)
    counts = evaluate_folder(run)
    assert sorted(counts.unread) == sorted(odd)
    assert in_one(run.out).equals(spans.sort("order", "code", "key", "starts_at"))
    assert evaluate_folder(run).unread == counts.unread  # spans beside the facts are none of them
    done = monitor("evaluate", "--facts", folder, "--out", tmp_path / "again")
    assert done.returncode == 1 and "seances.parquet: no kind of fact that is known" in done.stderr


def test_the_command_writes_what_is_open_on_a_day(whole: FactFrames, spans: pl.DataFrame, tmp_path: Path) -> None:
    folder = written(tmp_path / "facts", [whole])
    done = monitor("evaluate", "--facts", folder, "--out", tmp_path / "out", "--as-of", "2026-11-01",
                   "--known-at", "2026-11-02T08:00:00Z")  # fmt: skip
    assert json.loads(done.stdout)["spans"] == spans.height
    found = in_one(tmp_path / "out")
    assert 0 < found.height < spans.height
    assert found.filter(pl.col("starts_at") > datetime(2026, 11, 2, 8, tzinfo=UTC)).is_empty()
    assert found.filter(pl.col("first_on") > date(2026, 11, 1)).is_empty()


def test_several_processes_write_the_same_bytes_as_one(whole: FactFrames, tmp_path: Path) -> None:
    folder = written(tmp_path / "facts", split(whole, 3))
    counts = evaluate_folder(Run(folder, tmp_path / "one", PACKS, KNOWN_AT))
    done = monitor("evaluate", "--facts", folder, "--out", tmp_path / "two", "--known-at", "2026-11-02T08:00:00Z",
                   "--engine", "polars", "--processes", 2)  # fmt: skip
    assert msgspec.json.decode(done.stdout, type=Counts) == counts
    assert len(contents(tmp_path / "one")) == counts.partitions == 3
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_a_killed_child_is_told_of_in_one_sentence_and_leaves_no_half_file(whole: FactFrames, tmp_path: Path) -> None:
    folder = written(tmp_path / "facts", split(whole, 12))
    run = subprocess.Popen(
        [sys.executable, "-m", "monitor", "evaluate", "--facts", folder, "--out", tmp_path / "out", "--processes", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.kill(first_worker(run.pid), signal.SIGKILL)
    said, why = run.communicate(timeout=120)
    assert (run.returncode, said) == (1, "")
    assert why.startswith("Error: A child process ended before part-")
    assert "Traceback" not in why
    for file in (tmp_path / "out").glob("*.parquet"):
        assert pl.read_parquet(file).height > 0


class OneByOne(list[Path]):
    """Parts that are handed out one by one: whatever befalls a child befalls it while more is still to come."""

    def __iter__(self) -> Iterator[Path]:
        for place in super().__iter__():
            yield place
            time.sleep(0.02)


def dies(_run: None, _place: Path) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_child_that_dies_while_parts_are_still_handed_out_is_told_of_as_plainly(tmp_path: Path) -> None:
    places = OneByOne(tmp_path / f"part-{number}" for number in range(2000))
    with pytest.raises(ChildDiedError, match="A child process ended before part-"):
        list(side_by_side(dies, None, places, processes=2))


def test_a_child_that_is_being_begun_while_another_dies_is_ended_too(tmp_path: Path, monkeypatch) -> None:
    """It would wait for work for ever, and the whole run for it."""
    begin, begun = SpawnProcess.start, []

    def slowly(child: SpawnProcess) -> None:
        begin(child)
        begun.append(child)
        if len(begun) == 2:
            begun[0].kill()
            time.sleep(1)  # the pool sees to its dead child, and does not yet know of this one

    monkeypatch.setattr(SpawnProcess, "start", slowly)
    with pytest.raises(ChildDiedError, match="A child process ended before part-"):
        list(side_by_side(waits, None, [tmp_path / f"part-{number}" for number in range(4)], processes=2))
    assert len(begun) == 2
    assert not any(child.is_alive() for child in begun)


def waits(_run: None, _place: Path) -> None:
    time.sleep(60)


def first_worker(parent: int) -> int:
    """A child that evaluates: as soon as there is one (the other child of Python's own keeps track of resources)."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        for child in psutil.Process(parent).children():
            if any("spawn_main" in word for word in child.cmdline()):
                return int(child.pid)
        time.sleep(0.02)
    raise AssertionError("no child began")


def test_options_of_a_folder_are_refused_without_one(tmp_path: Path) -> None:
    done = monitor("evaluate", "--processes", 2)
    assert done.returncode == 2
    assert "go with --facts" in done.stderr
    strange = monitor("evaluate", "--facts", tmp_path, "--out", tmp_path / "out", "--engine", "abacus")
    assert strange.returncode == 2
    assert "abacus" in strange.stderr


def test_the_command_says_what_to_do_about_a_folder_it_cannot_use(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    done = monitor("evaluate", "--facts", tmp_path, "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (1, "")
    assert "holds no partition" in done.stderr


def test_a_population_can_be_generated_and_evaluated_from_the_command_line(tmp_path: Path) -> None:
    made = monitor("bench", "generate", "--people", "30", "--partitions", "2", "--out", tmp_path / "facts")
    assert made.stdout.startswith("30 people, ")
    done = monitor("evaluate", "--facts", tmp_path / "facts", "--out", tmp_path / "out")
    counts = json.loads(done.stdout)
    assert (counts["partitions"], counts["orders"], counts["cannot_evaluate"]) == (2, 30, 0)
    assert done.stderr == ""


def monitor(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "monitor", *map(str, words)], capture_output=True, text=True, check=False
    )
