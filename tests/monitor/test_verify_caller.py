"""A caller's name against the one on the order: hers as it stands there, and never another woman's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from monitor import audit
from monitor.db import Database
from monitor.models import ProtectedParty
from monitor.party_names import seal_name
from monitor.verify import guesses
from monitor.verify.asked import Asked
from monitor.verify.verifying import matches, verify
from tests.monitor.verify_town import NOW, SECRET, Room, build_room


@pytest.fixture
def room(database: Database) -> Room:
    built = build_room(database)
    built.order()
    return built


def answer(room: Room, on_order: str, said: str) -> str:
    with room.database.system("test: her name") as session, session.begin():
        party = session.scalars(select(ProtectedParty)).one()
        party.sealed_name = seal_name(SECRET, party.id, on_order)
    with room.scoped() as session:
        _, orders = verify(session, Asked("24-PO-0201"), NOW)
        return matches(session, orders, said, SECRET)


@pytest.mark.parametrize(("said", "found"), [
    ("Vega, Ana", "YES"), ("Quiroz, Ana", "YES"), ("Quiróz Vega, Ana María", "YES"), ("ana quiroz vega", "YES"),
    ("Quiroz, Eva", "NO"), ("Ana", "NO"), ("Vega Quiroz", "NO"),
])  # fmt: skip
def test_a_caller_with_two_last_names_matches_by_each(room: Room, said: str, found: str) -> None:
    assert answer(room, "Quiroz Vega, Ana", said) == found


@pytest.mark.parametrize(("on_order", "said"), [
    ("Ana Quiroz Vega", "Ana Quiroz Vega"), ("Ana Quiroz Vega", "Quiroz Vega, Ana"), ("Ana Quiroz Vega", "Vega, Ana"),
    ("Maria del Carmen Ruiz", "maria del carmen ruiz"), ("Mary Ann Smith", "Smith, Mary Ann"),
    ("De La Cruz, Ana", "Ana de la Cruz"),
])  # fmt: skip
def test_a_name_as_it_stands_on_the_order_matches_with_or_without_a_comma(room: Room, on_order: str, said: str) -> None:
    assert answer(room, on_order, said) == "YES"


@pytest.mark.parametrize(("on_order", "said"), [
    ("Mary Ann Smith", "Mary Ann Jones"), ("Mary Ann Smith", "Mary Ann"), ("Smith, Mary Ann", "Mary Smith Jones"),
    ("Maria del Carmen Ruiz", "Maria Carmen Lopez"),
    ("Smith, Mary", "Smith Jones, Mary"),  # one try tests one last name
    ("Quiroz Vega, Ana", "Quiroz Lopez, Ana"), ("De La Cruz, Ana", "La, Ana"),
])  # fmt: skip
def test_no_middle_name_stands_for_a_last_name_and_one_try_tests_one(room: Room, on_order: str, said: str) -> None:
    assert answer(room, on_order, said) == "NO"


def test_the_tries_of_a_minute_ago_no_longer_count_and_those_of_this_one_do(room: Room) -> None:
    with room.database.system("test: fourteen tries") as session, session.begin():
        for _ in range(14):
            act = audit.Act(event=guesses.EVENT, user_id=room.user, agency_id=room.agency)
            audit.append(session, act, audit.audit_key(SECRET), NOW)
        assert guesses.guessing(session, room.user, NOW + timedelta(seconds=59))
        assert not guesses.guessing(session, room.user, NOW + timedelta(seconds=61))
