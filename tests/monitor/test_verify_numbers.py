"""Numbers are a court's own: one may be a case here and an order there, or stand in many courts."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.db import Database
from monitor.models import Order, Wall, random_id
from monitor.verify.answer import Answer
from monitor.verify.asked import Asked
from monitor.verify.standing import Verdict
from monitor.verify.verifying import OF_SEVERAL, verify, whom
from tests.builders import Matter
from tests.monitor.verify_town import NOW, Room, build_room

SAME = "25-0417"


@pytest.fixture
def room(database: Database) -> Room:
    return build_room(database)


def ask(room: Room, words: str) -> Answer:
    with room.scoped() as session:
        return verify(session, Asked(words), NOW)[0]


def numbered(room: Room, matter: Matter, number: str) -> None:
    with room.database.system("test: its paper's number") as session, session.begin():
        session.get_one(Order, matter.order).number = number


def two(room: Room) -> tuple[Matter, Matter]:
    """A case of the number, and somebody else's order of it in another case."""
    case = room.order("Ames, Ann", SAME)
    order = room.order("Bell, Bo", "24-PO-0202", born=date(1985, 2, 3))
    numbered(room, order, SAME)
    return case, order


def test_a_number_that_is_a_case_of_one_and_an_order_of_another_is_nobody_for_sure(room: Room) -> None:
    two(room)
    found = ask(room, SAME)
    assert (found.verdict, found.cards) == (Verdict.POSSIBLE, ())
    assert found.said == OF_SEVERAL
    assert [one.name for one in found.possible] == ["Ames, Ann", "Bell, Bo"]
    with room.scoped() as session:
        assert whom(session, Asked(SAME), ("05",), NOW)[0] is None, "no report goes into the other's case"


@pytest.mark.parametrize("change", ["TERMINATED", "EXPIRED"])
def test_an_order_of_the_number_is_in_force_whatever_the_case_of_the_same_number_says(room: Room, change: str) -> None:
    """An order that is in force is not answered with one that is over, of somebody else."""
    room.order("Ames, Ann", SAME, change=change)
    numbered(room, room.order("Bell, Bo", "24-PO-0202"), SAME)
    found = ask(room, SAME)
    assert found.verdict is Verdict.ACTIVE
    assert [card.name for card in found.cards] == ["Bell, Bo"]


def test_of_the_order_s_case_no_other_order_is_shown_and_of_the_case_s_number_all_are(room: Room) -> None:
    matter = room.order("Ames, Ann", SAME)
    numbered(room, matter, SAME)
    assert [card.order_id for card in ask(room, SAME).cards] == [str(matter.order)]
    assert ask(room, SAME).matched_on == "number"


def test_whoever_is_walled_off_from_one_of_them_reads_of_the_other_alone(room: Room) -> None:
    case, order = two(room)
    for hidden, shown in ((case, "Bell, Bo"), (order, "Ames, Ann")):
        with room.database.system("test: a wall") as session, session.begin():
            session.add(wall := Wall(id=random_id(), user_id=room.user, person_id=hidden.person, agency_id=room.agency,
                                     sealed_why=b"x", entered_by_id=1, entered_at=NOW))  # fmt: skip
        assert [card.name for card in ask(room, SAME).cards] == [shown]
        with room.database.system("test: it came down") as session, session.begin():
            session.get_one(Wall, wall.id).ended_at = NOW


def test_more_courts_than_a_list_holds_have_the_number_and_the_one_in_force_is_still_found(room: Room) -> None:
    for year in range(7):
        numbered(room, room.order(f"Name{year}, Al", f"A-{year}", change="TERMINATED"), SAME)
    numbered(room, room.order("Bell, Bo", "B-1"), SAME)
    for year in range(7):
        numbered(room, room.order(f"Other{year}, Al", f"C-{year}", change="TERMINATED"), SAME)
    assert [card.name for card in ask(room, SAME).cards] == ["Bell, Bo"]


def test_of_a_number_that_many_people_have_nobody_is_listed(room: Room) -> None:
    """Safeguard B10: a number is no way to a list."""
    for year in range(6):
        numbered(room, room.order(f"Name{year}, Al", f"A-{year}"), SAME)
    found = ask(room, SAME)
    assert (found.verdict, found.said, found.possible) == (Verdict.POSSIBLE, OF_SEVERAL, ())
