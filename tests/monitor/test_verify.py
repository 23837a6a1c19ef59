"""Is there an order on him, is it served, what does it forbid: what dispatch is told, and what it never is."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, text, update

from monitor.access.scope import ScopeError, trusted_sql
from monitor.db import Database, keep_found
from monitor.models import (
    Attendance,
    Case,
    ContextReview,
    Order,
    OrderVersion,
    Person,
    ProtectedParty,
    Wall,
    random_id,
)
from monitor.verify.answer import Answer
from monitor.verify.asked import Asked, read
from monitor.verify.standing import Verdict
from monitor.verify.text_form import text_form
from monitor.verify.verifying import matches, verify
from tests.monitor.verify_town import NOW, PLACES, SECRET, Room, build_room

SECOND = timedelta(microseconds=1)


@pytest.fixture
def room(database: Database) -> Room:
    return build_room(database)


def ask(room: Room, words: str, born: date | None = None, now=NOW, role: str = "dispatch") -> Answer:
    with room.scoped(role) as session:
        return verify(session, Asked(words, born), now)[0]


def test_a_served_order_is_active_with_what_it_forbids_and_is_read_without_sharing_the_case(room: Room) -> None:
    room.order()
    for role in ("dispatch", "law_enforcement"):
        found = ask(room, "o'neal, dwayne", role=role)
        assert found.verdict is Verdict.ACTIVE
        (card,) = found.cards
        assert card.served_how == "in court"
        assert card.may_not == ("contact in any way (05)", "have firearms (07)")
        assert card.cautions == ("FIREARM ACCESS",)
        assert found.matched_on == "name only: check who it is"
    assert ask(room, "O'Neal, Dwayne", date(1979, 12, 30)).matched_on == "name and date of birth"
    assert ask(room, "24-po-0201").matched_on == "number"
    assert ask(room, "Oneal, Dwayne").verdict is Verdict.ACTIVE, "nobody hears an apostrophe"


def test_an_order_without_service_says_so_first(room: Room) -> None:
    room.order(served=False)
    found = ask(room, "24-PO-0201")
    assert found.verdict == "ACTIVE, NOT SERVED"
    assert "you may serve it" in text_form(found, "UTC")


def test_an_order_that_starts_later_is_pending(room: Room) -> None:
    matter = room.order()
    with room.database.system("test: later") as session, session.begin():
        session.execute(update(OrderVersion).where(OrderVersion.order_id == matter.order)
                        .values(effective_from=NOW + timedelta(hours=1)))  # fmt: skip
    assert ask(room, "24-PO-0201").verdict is Verdict.PENDING
    assert ask(room, "O'Neal, Dwayne").verdict is Verdict.PENDING


def test_at_the_instant_of_expiry_it_is_gone_by_name_and_only_expired_by_number(room: Room) -> None:
    room.order(expires_at=NOW)
    before = ask(room, "O'Neal, Dwayne", now=NOW - SECOND)
    assert before.verdict is Verdict.ACTIVE
    assert "EXPIRES TODAY" in text_form(before, "UTC")
    gone, nobody = ask(room, "O'Neal, Dwayne"), ask(room, "Nobody, Noel")
    assert msgspec.json.encode(gone) == msgspec.json.encode(nobody)
    assert gone.said.startswith("No order found under these identifiers. This does not prove there is none.")
    number = ask(room, "24-PO-0201")
    assert number.verdict is Verdict.EXPIRED
    assert (number.cards, number.possible) == ((), ())
    assert not re.search("neal|contact|firearm|1979", text_form(number, "UTC"), re.I)


@pytest.mark.parametrize("change", ["TERMINATED", "VACATED"])
def test_an_order_that_the_court_ended_says_nothing_of_its_terms(room: Room, change: str) -> None:
    room.order(change=change)
    assert ask(room, "24-PO-0201").verdict is Verdict.TERMINATED
    assert ask(room, "24-PO-0201").cards == ()
    assert ask(room, "O'Neal, Dwayne").verdict is Verdict.NO_MATCH


def test_a_suspended_order_is_neither_active_nor_over(room: Room) -> None:
    room.order(change="SUSPENDED")
    assert ask(room, "O'Neal, Dwayne").verdict is Verdict.CANNOT_CONFIRM


def test_exceptions_come_before_terms_and_their_words_are_ours(room: Room) -> None:
    room.order(exceptions=("child_exchange", "Saturdays 10 AM at 12 Elm St"))
    said = text_form(ask(room, "24-PO-0201"), "UTC")
    assert said.index("EXCEPTIONS") < said.index("MAY NOT") < said.index("SAY")
    assert "hand over a child as the order says" in said
    assert "read it" in said
    assert "Elm" not in said
    aloud = said[said.index("SAY") :]
    assert aloud.index("may hand over") < aloud.index("may not")


def test_nothing_of_places_programs_or_the_protected_person_is_in_any_answer(room: Room) -> None:
    room.order(codes=("04", "05", "BIP"))
    found = ask(room, "24-PO-0201")
    told = (msgspec.json.encode(found).decode() + text_form(found, "UTC")).casefold()
    for word in (PLACES, "golden", "quillonwick", "marabel", "bip", "program", "probation", "attend"):
        assert word.casefold() not in told


def test_a_probation_order_that_forbids_nothing_on_scene_is_no_order_here(room: Room) -> None:
    room.order(codes=("CHECK_IN", "TESTING"))
    assert ask(room, "24-PO-0201").verdict is Verdict.NO_MATCH
    assert ask(room, "O'Neal, Dwayne").verdict is Verdict.NO_MATCH


def test_a_mark_of_context_changes_no_byte(room: Room) -> None:
    matter = room.order()
    before = msgspec.json.encode(ask(room, "24-PO-0201"))
    with room.database.system("test: a mark") as session, session.begin():
        session.add(ContextReview(id=random_id(), case_id=matter.case, agency_id=room.town.office, kind="MARK",
                                  sealed=b"x", raised_at=NOW, raised_by_id=room.user))  # fmt: skip
    assert msgspec.json.encode(ask(room, "24-PO-0201")) == before


def test_names_only_alike_are_possible_with_the_year_and_never_a_card(room: Room) -> None:
    room.order("Perez Gomez, José Luis", "A-1", born=date(1990, 1, 2))
    found = ask(room, "Gomez, Jose")
    assert found.verdict is Verdict.POSSIBLE
    assert [(one.name, one.born_year) for one in found.possible] == [("Perez Gomez, José Luis", 1990)]
    assert found.cards == ()
    assert ask(room, "Perez Gómez, Jose Luis").verdict is Verdict.ACTIVE
    assert ask(room, "Gomez, Jose", date(1990, 1, 2)).verdict is Verdict.POSSIBLE, "one last name alone is no name"
    assert ask(room, "Perez Gomez, Jose", date(1990, 1, 2)).verdict is Verdict.ACTIVE
    assert ask(room, "Perez Gomez, Jose Luis", date(1990, 1, 3)).verdict is Verdict.POSSIBLE


def test_two_people_of_one_name_are_possible_and_six_are_not_even_shown(room: Room) -> None:
    for number in range(2):
        room.order(number=f"A-{number}", born=date(1980 + number, 1, 1))
    found = ask(room, "O'Neal, Dwayne")
    assert (found.verdict, len(found.possible), found.cards) == (Verdict.POSSIBLE, 2, ())
    for number in range(2, 6):
        room.order(number=f"A-{number}", born=date(1980 + number, 1, 1))
    found = ask(room, "O'Neal, Dwayne")
    assert (found.verdict, found.possible) == (Verdict.POSSIBLE, ())
    assert ask(room, "O'Neal, Dwayne", date(1984, 1, 1)).cards[0].case_number == "A-4"


@pytest.mark.parametrize("over", [{"expires_at": NOW}, {"change": "TERMINATED"}, {"change": "VACATED"}])
def test_orders_of_namesakes_that_are_over_do_not_show_in_how_many_there_are(room: Room, over: dict[str, Any]) -> None:
    for number in range(6):
        room.order(number=f"A-{number}", born=date(1980 + number, 1, 1), **over)
    assert ask(room, "O'Neal, Dwayne").verdict is Verdict.NO_MATCH
    room.order(number="B-1")
    assert [one.case_number for one in ask(room, "O'Neal, Dwayne").cards] == ["B-1"]


def test_a_walled_case_is_not_there_by_name_or_number(room: Room) -> None:
    matter = room.order()
    with room.database.system("test: a wall") as session, session.begin():
        session.add(Wall(id=random_id(), user_id=room.user, person_id=matter.person, agency_id=room.agency,
                         sealed_why=b"x", entered_by_id=1, entered_at=NOW))  # fmt: skip
    for words, absent in (("O'Neal, Dwayne", "Nobody, Noel"), ("24-PO-0201", "99-PO-9999")):
        assert msgspec.json.encode(ask(room, words)) == msgspec.json.encode(ask(room, absent))
    with room.scoped() as session:  # not even if the look-up itself had forgotten the wall
        keep_found(session, [matter.case])
        assert session.scalars(select(Case)).all() == []
        with trusted_sql("test: past our own scope"):
            if session.get_bind().dialect.name == "postgresql":
                assert session.scalar(text("select count(*) from court_order")) == 0


def test_a_walled_namesake_is_not_counted(room: Room) -> None:
    room.order(number="A-1", born=date(1980, 1, 1))
    alone = msgspec.json.encode(ask(room, "O'Neal, Dwayne"))
    namesake = room.order(number="A-2", born=date(1981, 1, 1))
    assert msgspec.json.encode(ask(room, "O'Neal, Dwayne")) != alone
    with room.database.system("test: a wall") as session, session.begin():
        session.add(Wall(id=random_id(), user_id=room.user, person_id=namesake.person, agency_id=room.agency,
                         sealed_why=b"x", entered_by_id=1, entered_at=NOW))  # fmt: skip
    assert msgspec.json.encode(ask(room, "O'Neal, Dwayne")) == alone


def test_a_callers_name_is_only_matched(room: Room) -> None:
    room.order()
    with room.scoped() as session:
        _, orders = verify(session, Asked("24-PO-0201"), NOW)
        assert matches(session, orders, "marabel QUILLONWICK", SECRET) == "YES"
        assert matches(session, orders, "Quillonwick, Martha", SECRET) == "NO"
        assert matches(session, orders, "Quillonwick, Marabel", "another secret of another site, long") == (
            "CANNOT CONFIRM"
        )
        assert matches(session, (), "Quillonwick, Marabel", SECRET) == "NO"


def test_a_dispatcher_lists_nothing_before_or_after_a_look_up(room: Room) -> None:
    room.order()
    room.order("Other, Ola", "B-2")
    with room.scoped() as session:
        for entity in (Case, Person, Order, OrderVersion):
            assert session.scalars(select(entity)).all() == []
        verify(session, Asked("24-PO-0201"), NOW)
        assert [case.number for case in session.scalars(select(Case))] == ["24-PO-0201"]
        assert [one.family_name for one in session.scalars(select(Person))] == ["O'Neal"]
        with pytest.raises(ScopeError):
            verify(session, Asked("B-2"), NOW)
        for entity in (ProtectedParty, Attendance, ContextReview):
            with pytest.raises(ScopeError):
                session.scalars(select(entity)).all()
        session.add(Case(id=random_id(), agency_id=room.agency, court_id=room.town.court, judge_id=None, number="X",
                         person_id=random_id(), opened_on=date(2026, 1, 1)))  # fmt: skip
        with pytest.raises(ScopeError):
            session.flush()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_postgres_itself_shows_only_what_was_looked_up_and_no_protected_name(room: Room) -> None:
    matter = room.order()
    room.order("Other, Ola", "B-2")
    counts = {
        "court_case": 1, "person": 1, "court_order": 1, "order_version": 1, "condition": 3, "service": 1,
        "protected_party": 0, "enrollment": 0, "requirement": 0, "enrollment_event": 0, "case_agency": 0,
    }  # fmt: skip
    with room.scoped() as session, trusted_sql("test: past our own scope"):
        for table in counts:
            assert session.scalar(text(f"select count(*) from {table}")) == 0, table
        keep_found(session, [matter.case])
        for table, count in counts.items():
            assert session.scalar(text(f"select count(*) from {table}")) == count, table
        session.rollback()
        assert session.scalar(text("select count(*) from court_case")) == 0  # the next transaction has found nothing


def test_the_key_of_a_name_follows_the_name(room: Room) -> None:
    matter = room.order()
    with room.database.system("test: a new name") as session, session.begin():
        person = session.get_one(Person, matter.person)
        assert person.name_key == "dwayne oneal"
        person.family_name = "Ōta"
    assert ask(room, "Ota, Dwayne").verdict is Verdict.ACTIVE
    assert ask(room, "O'Neal, Dwayne").verdict is Verdict.NO_MATCH


def test_the_text_form_is_never_higher_or_wider_than_a_terminal(room: Room) -> None:
    matter = room.order("Wolfeschlegelsteinhausenbergerdorff, Bartholomew", codes=tuple(f"0{n}" for n in range(1, 10)),
                        exceptions=("child_exchange", "counsel", "court", "x"))  # fmt: skip
    with room.database.system("test: three more orders") as session, session.begin():
        for number in range(3):
            order = Order(id=random_id(), case_id=matter.case, agency_id=room.town.court_agency,
                          kind="CIVIL_PROTECTION", number=f"P-{number}")  # fmt: skip
            session.add(order)
            session.flush()
            version = OrderVersion(
                id=random_id(), case_id=matter.case, agency_id=room.town.court_agency, order_id=order.id, version_no=1,
                change="NEW", ordered_on=date(2026, 1, 5), effective_from=NOW - timedelta(days=9), recorded_at=NOW,
            )  # fmt: skip
            session.add(version)
            session.flush()
            room._terms(session, _of_order(matter, order.id), ("05",), (), "NEW")
    said = text_form(ask(room, "24-PO-0201"), "America/Los_Angeles")
    assert len(said.splitlines()) <= 24
    assert max(map(len, said.splitlines())) <= 80
    assert "MORE" in said


def _of_order(matter, order):
    return msgspec.structs.replace(matter, order=order)


@pytest.mark.parametrize("words", ["", "Neal", "!!"])
def test_one_word_is_no_question(words: str) -> None:
    assert read(words, "", "")[1].keys() == {"words"}


@pytest.mark.parametrize("incident", ["Marabel", "26 1187 Marabel", "M Q", "Q-MARABEL1"])
def test_an_incident_number_is_no_place_for_words(incident: str) -> None:
    assert read("A, B", "", incident)[1].keys() == {"incident"}
    assert read("A, B", "", "cad26-1187")[0].incident == "CAD26-1187"


def test_a_date_of_birth_is_a_date() -> None:
    assert read("A, B", "30/12/1979", "")[1].keys() == {"born"}
    assert read("A, B", " 5/7/1990", "")[0].born_on == read("A, B", "1990-05-07", "")[0].born_on == date(1990, 5, 7)
