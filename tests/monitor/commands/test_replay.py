"""`monitor replay` from outside: the differences as text, packets drawn again, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from monitor.compliance.evaluation import switched_on
from monitor.db import Database
from monitor.models import Attendance, AuditEntry
from monitor.packets import take
from tests.builders import Matter, at, build_town, correct, person_with_order, unexcused
from tests.monitor.commands.running import Terminal
from tests.office import hearing

HEARD = at(date(2026, 3, 3), 9)
NUMBER = "26-DV-000777"


@pytest.fixture
def matter(database: Database) -> Matter:
    """An absence known at a hearing, a packet of it, and a correction afterwards."""
    with database.system("test") as session, session.begin():
        matter = person_with_order(session, build_town(session), number=NUMBER)
        [row] = unexcused(session, matter, date(2026, 2, 9))
        number = hearing(session, matter, HEARD)
        session.flush()
        take(session, number, HEARD, switched_on())
        first = session.get_one(Attendance, row.id)
        correct(session, first, HEARD + timedelta(hours=9), outcome="PRESENT", program_says="P")
    return matter


def test_the_differences_are_told_as_on_the_bench_and_the_look_is_recorded(
    terminal: Terminal, database: Database, matter: Matter
) -> None:
    ran = terminal("replay", NUMBER, "--known-at", HEARD.isoformat())
    assert ran.status == 0, ran.err
    assert (
        "On March 3 the court knew of 1 unexcused absence; since then the program corrected February 9 to attended, so "
        "it is 0."
    ) in ran.out
    assert "(corrected, by the program; known Tue, Mar 3, 2026, 6:00 PM)" in ran.out
    assert "Entered wrongly." not in ran.out
    with database.system("test", writes=False) as session:
        looks = session.execute(select(AuditEntry.subjects).where(AuditEntry.event == "hearing.replayed")).all()
    assert [list(map(int, subjects)) for (subjects,) in looks] == [[matter.case]]


def test_packets_drawn_again_are_the_same_bytes(terminal: Terminal, matter: Matter) -> None:
    ran = terminal("replay", NUMBER, "--packets")
    assert ran.status == 0, ran.err
    assert "same bytes" in ran.out


@pytest.mark.parametrize(
    "asked", [("no-such",), (NUMBER, "--court", "far"), (NUMBER, "--known-at", "soon"), (NUMBER, "--as-of", "soon"),
              (NUMBER, "--known-at", "2026-03-03T09:00:00")],
)  # fmt: skip
def test_what_cannot_be_answered_is_one_sentence(terminal: Terminal, matter: Matter, asked: tuple[str, ...]) -> None:
    ran = terminal("replay", *asked)
    assert ran.status != 0
    assert "Traceback" not in ran.err
