"""Whatever order sheets, corrections, repeats, deaths and clocks come in: the same record and the same flags.

Each program of a county has a schedule of its own, and what strikes a county's processes strikes all of them: 1,500 in
thirty worlds. What must come out is what the same acts leave in order, once and undisturbed (security/bars J-03, J-01,
J-08, K-04).
"""

from __future__ import annotations

import gc
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from monitor import in_turn, log_lines
from monitor.compliance import boundaries, evaluation
from monitor.compliance.flags import Upkeep, refresh_flags
from monitor.compliance.spans import read_kept
from monitor.db import Database
from monitor.intake import uploads
from monitor.intake.record import saving
from monitor.models import Attendance, Coverage, Dirty, Order, Requirement, dirtying
from tests.jobs.worker import few_packs
from tests.simulation.county import (
    State,
    check_flags_tell_the_truth,
    check_nothing_doubled,
    expected,
    lay,
    read_state,
)
from tests.simulation.faults import Process
from tests.simulation.world import World

PROGRAMS = 50


def check_at_rest(database: Database) -> None:
    """That evening, too: what is wrong then, the sweeps of later days would put right."""
    check_nothing_doubled(database)
    check_flags_tell_the_truth(database)


class Site:
    """The county before its first sheet, and what it must say in the end."""

    def __init__(self, folder: Path, template: Path, programs: int) -> None:
        self.laid, self.live = folder / "laid.db", folder / "live.db"
        self.places = lay(self.laid, template, programs)
        self.processes = [Process(f"sqlite:///{self.live}") for _ in range(3)]
        self.calm = self.after(0, calm=True)

    def after(self, seed: int, *, calm: bool = False) -> State:
        """What the record says after a schedule; checks what must hold of every one."""
        for name in (self.live, *self.live.parent.glob(f"{self.live.name}-*")):
            name.unlink(missing_ok=True)
        shutil.copy(self.laid, self.live)
        world = World(self.processes, self.places, seed, calm=calm)
        try:
            world.run(check_at_rest)
            state = read_state(world.web, self.places)
        finally:
            world.close()
        self.struck = Counter(world.struck)
        return state

    def check(self, seed: int) -> None:
        """One world must say what the calm one says."""
        state = self.after(seed)
        assert state.said == expected(self.places)
        assert state.covered == self.calm.covered
        assert state.spans == self.calm.spans
        assert state.flags == self.calm.flags


@pytest.fixture(scope="module")
def few() -> Iterator[None]:
    """Four rules of one state, about absences and sheets."""
    log_lines.configure("critical")
    packs = few_packs()
    usual = gc.get_threshold()
    gc.set_threshold(50_000, *usual[1:])  # thirty worlds of short-lived rows: an eighth of the time went into looking
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "switched_on", lambda *_folders: packs)
        yield
    gc.set_threshold(*usual)


@pytest.fixture(scope="module")
def site(few: None, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("county"), sqlite_template, PROGRAMS)


@pytest.fixture(scope="module")
def village(few: None, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("village"), sqlite_template, 12)


def test_in_order_and_undisturbed_the_record_says_what_is_true(site: Site) -> None:
    assert site.calm.said == expected(site.places)
    assert len(site.calm.flags) > PROGRAMS
    assert len({code for _case, code, *_ in site.calm.flags}) >= 3


@pytest.mark.parametrize("worlds", [range(n, n + 5) for n in range(0, 30, 5)], ids=lambda some: f"from {some.start}")
def test_two_hundred_and_fifty_schedules_end_in_the_same_record_and_flags(site: Site, worlds: range) -> None:
    struck: Counter[str] = Counter()
    for seed in worlds:
        site.check(seed)
        struck += site.struck
    kinds = ("died", "unanswered", "stood still", "clock", "again", "news in between")
    assert min(struck[kind] for kind in kinds) > 3, struck


def settle_what_came_in_meanwhile(session: Session, marks: dict[int, list[int]]) -> list[int]:
    """Takes every mark of the cases that were read, newer ones too."""
    session.execute(delete(Dirty).where(Dirty.case_id.in_(marks)))
    return sorted(marks)


def take_nothing_back(
    session: Session, cases: Sequence[int], now: datetime, since: datetime | None = None,
    kept: pl.DataFrame | None = None, **_: bool,
) -> Upkeep:  # fmt: skip
    """New flags only, whoever brings them up to date."""
    kept = read_kept(session, cases) if kept is None else kept
    return refresh_flags(session, cases, now, since, kept, only_new=True)


# each a product that is wrong in one way: what is put in whose place
WRONG: dict[str, list[tuple[Any, str, Any]]] = {
    "the last sheet to arrive wins": [(saving, "is_chosen", lambda one, _answers: one.outcome in ("new", "changed"))],
    "a repeat counts anew": [(uploads, "read_stored", lambda *_asked: {})],
    "news that came while the rules ran is lost": [(evaluation, "settle", settle_what_came_in_meanwhile)],
    "a decision is news to nobody": [(dirtying, "KNOWLEDGE", (Attendance, Coverage, Order, Requirement))],
    "a clock that went back dates a decision before its absence": [
        (in_turn, "_recorded", lambda _session, _wanted: {}),
    ],
    "no flag is ever taken back": [
        (evaluation, "refresh_flags", take_nothing_back), (boundaries, "refresh_flags", take_nothing_back),
    ],
    "what ends is not swept": [(boundaries, "sweep", lambda _session, _now: boundaries.Upkeep())],
}


def test_the_product_as_it_is_passes_in_the_village(village: Site) -> None:
    village.check(0)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_product_that_is_wrong_does_not_pass(village: Site, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for whose, name, instead in WRONG[wrong]:
        monkeypatch.setattr(whose, name, instead)
    for seed in range(12):
        try:
            village.check(seed)
        except (AssertionError, SQLAlchemyError, LookupError):
            return
    pytest.fail(f"nobody noticed that {wrong}")
