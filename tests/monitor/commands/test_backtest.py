"""`monitor rules backtest` from outside: over the record, over a folder, as text, JSON and CSV."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from sqlalchemy import select

from monitor.db import Database
from monitor.models import AuditEntry, Case
from rules.partitions import write_partition
from tests.builders import absent, adjudicate, build_town, person_with_order
from tests.monitor.commands.running import Terminal
from tests.rules.test_backtest import LIMIT, people

PERIOD = ("--from", "2026-01-01", "--to", "2026-12-31")


def site(folder: Path, pack: str, most: int) -> Path:
    own = folder / "other" / pack
    own.mkdir(parents=True)
    (own / "pack.yaml").write_text("title: The county\ninherits: base\n")
    (own / "unexcused_absence_limit_exceeded.yaml").write_text(LIMIT % most)
    return folder / "other"


def test_the_record_by_order_and_with_numbers_only_where_asked_and_recorded(
    terminal: Terminal, database: Database, tmp_path: Path
) -> None:
    with database.system("test") as session, session.begin():
        matter = person_with_order(session, build_town(session), number="26-DV-000777")
        for week in range(3):
            missed = absent(session, matter, date(2026, 1, 19) + timedelta(weeks=week))
            adjudicate(session, missed, "UNEXCUSED", missed.occurred_on + timedelta(days=1))
        case = session.scalars(select(Case.id)).one()
    other = site(tmp_path, "us_ca", 2)
    plain = terminal("rules", "backtest", *PERIOD, "--packs", other)
    assert plain.status == 0, plain.err
    assert "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED  newly flagged" in plain.out
    assert "26-DV-000777" not in plain.out
    assert 'is not "would have prevented"' in plain.out
    named = terminal("rules", "backtest", *PERIOD, "--packs", other, "--case-numbers")
    assert "case 26-DV-000777  UNEXCUSED_ABSENCE_LIMIT_EXCEEDED" in named.out
    with database.system("test", writes=False) as session:
        looks = session.execute(
            select(AuditEntry.subjects, AuditEntry.component)
            .where(AuditEntry.event == "rules.backtest").order_by(AuditEntry.number)
        ).all()  # fmt: skip
    assert [(list(map(int, subjects)), component) for subjects, component in looks] == [
        ([], "command"), ([case], "command"),
    ]  # fmt: skip


def test_a_folder_needs_no_database_and_gives_json_and_csv(terminal: Terminal, tmp_path: Path) -> None:
    terminal.set("database_url", "sqlite:///nowhere/none.db")
    write_partition(tmp_path / "facts" / "part-0000", people())
    other = site(tmp_path, "us_fl", 2)
    ran = terminal("rules", "backtest", *PERIOD, "--packs", other, "--facts", tmp_path / "facts", "--json",
                   "--csv", tmp_path / "out")  # fmt: skip
    assert ran.status == 0, ran.err
    said = json.loads(ran.out)
    changes = [row["change"] for row in said["differences"] if row["code"] == "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED"]
    assert changes == ["newly", "newly"]
    assert pl.read_csv(tmp_path / "out" / "differences.csv").height == len(said["differences"])


def test_a_publication_names_nobody_and_no_few(terminal: Terminal, tmp_path: Path) -> None:
    write_partition(tmp_path / "facts", people())
    ran = terminal("rules", "backtest", *PERIOD, "--packs", site(tmp_path, "us_fl", 2), "--facts", tmp_path / "facts",
                   "--for-publication")  # fmt: skip
    assert ran.status == 0, ran.err
    assert "order" not in ran.out
    assert "Rows about 1 to 10 people are left out." in ran.out
    assert "UNEXCUSED_ABSENCE_LIMIT_EXCEEDED" not in ran.out


def test_packs_with_a_fault_are_refused(terminal: Terminal, tmp_path: Path) -> None:
    other = site(tmp_path, "us_fl", 2)
    (other / "us_fl" / "enrollment_overdue.yaml").write_text("code: NO_SUCH_CODE\n")
    ran = terminal("rules", "backtest", *PERIOD, "--packs", other, "--facts", tmp_path)
    assert ran.status != 0
    assert "Mend first" in ran.err
