"""An order that holds no more asks nothing of anybody on the bench page, and the page says what became of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from monitor.bench_page.page import BenchPage, StatusWord
from monitor.db import Database
from monitor.docket import docket
from monitor.docket.page import DocketLine
from monitor.models import Order, OrderVersion, Requirement, Service
from tests.monitor.court_town import CourtTown, add, add_case, build_court_town, noon

NOW = datetime(2026, 3, 9, 15, 40, tzinfo=UTC)
DUTIES = {"Enroll in program", "Attend weekly, North Star", "Report to probation", "Give up firearms", "Fees"}


@pytest.fixture
def town(database: Database) -> CourtTown:
    made = build_court_town(database, NOW, cases=False)
    add_case(made, "25-DV-1", "Abara", classes="yyMy", firearms=False)
    return made


def titles(page: BenchPage) -> set[str]:
    return {line.title for line in page.conditions}


def change(town: CourtTown, kind: str, how: str, days_ago: int = 0, **values: Any) -> None:
    """The order of the case of this kind gets a version that says ``how``, signed so many days ago."""
    with town.database.system("test: the order ends") as session, session.begin():
        order = session.scalar(select(Order.id).where(Order.kind == kind))
        first = session.scalars(select(OrderVersion).where(OrderVersion.order_id == order)).one()
        day = town.today - timedelta(days=days_ago)
        at = NOW - timedelta(hours=1)
        first.effective_to = at
        add(session, OrderVersion, case_id=first.case_id, agency_id=first.agency_id, order_id=order, version_no=2,
            change=how, ordered_on=day, effective_from=at, recorded_at=at, **values)  # fmt: skip


def expire(town: CourtTown, kind: str, at: datetime) -> None:
    with town.database.system("test: its last day") as session, session.begin():
        of_kind = select(Order.id).where(Order.kind == kind).scalar_subquery()
        session.execute(update(OrderVersion).where(OrderVersion.order_id == of_kind).values(expires_at=at))


def listed(town: CourtTown) -> DocketLine:
    with town.bench() as session:
        found = docket(session, town.court_code, town.day, NOW)
    assert found is not None
    return found.lines[0]


def not_served(town: CourtTown, kind: str) -> None:
    with town.database.system("test: no return") as session, session.begin():
        order = session.scalar(select(Order.id).where(Order.kind == kind))
        for row in session.scalars(select(Service).where(Service.order_id == order)).all():
            session.delete(row)


def test_an_order_that_expired_today_asks_nothing_any_more_and_the_page_says_that_it_did(town: CourtTown) -> None:
    expire(town, "PROBATION", NOW - timedelta(minutes=1))
    page = town.page(town.hearings[0])
    assert not titles(page) & (DUTIES - {"Give up firearms"}), "what the other order forbids stays"
    assert "No longer in force: Probation, expired 9 Mar (C)" in [one.line for one in page.orders]
    assert any(one.text.startswith("Attended 3") for one in page.since), "what was done is told all the same"
    line = listed(town)
    assert not any("Enroll" in one for one in line.decide)


def test_a_probation_that_was_vacated_moves_no_day_of_the_one_that_stands(database: Database) -> None:
    """Given a probation whose day for enrollment is long past When another, older one is vacated three days ago Then
    the day is still that of the order that stands, and it is overdue."""
    town = build_court_town(database, NOW, cases=False)
    add_case(town, "25-DV-1", "Abara", enrolled=False)
    before = next(one for one in town.page(town.hearings[0]).conditions if one.title == "Enroll in program")
    with database.system("test: another order") as session, session.begin():
        case, agency = town.cases[0], town.court_agency
        order = add(session, Order, case_id=case, agency_id=agency, kind="PROBATION", number="P-OLD")
        ended = NOW - timedelta(days=3)
        for number, how, at in ((1, "NEW", NOW - timedelta(days=400)), (2, "VACATED", ended)):
            add(session, OrderVersion, case_id=case, agency_id=agency, order_id=order.id,
                version_no=number, change=how, ordered_on=at.date(), effective_from=at, recorded_at=at,
                effective_to=ended if number == 1 else None)  # fmt: skip
    after = next(one for one in town.page(town.hearings[0]).conditions if one.title == "Enroll in program")
    assert before.status == after.status == StatusWord.NOT_MET and after.due == before.due


def test_a_minute_before_its_end_it_holds(town: CourtTown) -> None:
    expire(town, "PROBATION", NOW + timedelta(minutes=1))
    page = town.page(town.hearings[0])
    assert DUTIES <= titles(page) and not any("No longer" in one.text for one in page.orders)


@pytest.mark.parametrize(("how", "words"), [("VACATED", "vacated"), ("TERMINATED", "ended early")])
def test_of_an_order_that_the_court_ended_no_proof_is_asked_and_nobody_is_called(
    town: CourtTown, how: str, words: str
) -> None:
    for kind in ("PROBATION", "CRIMINAL_NO_CONTACT"):
        change(town, kind, how, days_ago=3)
    page = town.page(town.hearings[0])
    assert page.conditions == ()
    lines = [one.line for one in page.orders]
    assert lines[0].startswith("No order in force on this day")
    assert f"No longer in force: Probation, {words} 6 Mar (C)" in lines, "on the day of signing, not of entry"
    assert "Firearms: not ordered (C)" in [one.line for one in page.safety]
    line = listed(town)
    assert not any("firearm" in one.lower() for one in line.decide) and line.statuses == ()


def test_an_end_before_the_last_review_is_no_news_on_the_bench(town: CourtTown) -> None:
    with town.database.system("test: long ago") as session, session.begin():
        order = session.scalar(select(Order.id).where(Order.kind == "PROBATION"))
        session.execute(update(OrderVersion).where(OrderVersion.order_id == order).values(
            expires_at=noon(town.today - timedelta(days=44))))  # fmt: skip
    page = town.page(town.hearings[0])
    assert not any("No longer" in one.text for one in page.orders)


def test_of_an_order_that_ended_before_anybody_served_it_the_page_says_nothing(town: CourtTown) -> None:
    """Nobody is to learn of an order from paper before it is served, and proof is owed of none that is over."""
    not_served(town, "CRIMINAL_NO_CONTACT")
    assert "proof of service" in town.page(town.hearings[0]).missing
    change(town, "CRIMINAL_NO_CONTACT", "VACATED")
    page = town.page(town.hearings[0])
    assert page.missing == () and "contact" not in " ".join(one.line for one in page.orders).lower()


def test_a_duty_that_was_taken_out_of_an_order_is_asked_no_more_from_its_day_on(town: CourtTown) -> None:
    with town.database.system("test: the program is taken out") as session, session.begin():
        row = session.scalars(select(Requirement)).one()
        session.execute(update(Requirement).values(until_on=town.today + timedelta(days=1)))
        first = session.scalars(select(OrderVersion).where(OrderVersion.order_id == row.order_id)).one()
        first.effective_to = NOW - timedelta(hours=1)
        add(session, OrderVersion, case_id=first.case_id, agency_id=first.agency_id, order_id=row.order_id,
            version_no=2, change="MODIFIED", ordered_on=town.today, effective_from=NOW - timedelta(hours=1),
            recorded_at=NOW - timedelta(hours=1))  # fmt: skip
    assert "Enroll in program" in titles(town.page(town.hearings[0]))
    with town.database.system("test: from today") as session, session.begin():
        session.execute(update(Requirement).values(until_on=town.today))
    assert "Enroll in program" not in titles(town.page(town.hearings[0]))


def test_more_orders_that_ended_than_are_told_are_counted(town: CourtTown) -> None:
    with town.database.system("test: six that ended") as session, session.begin():
        for back in range(6):
            order = add(session, Order, case_id=town.cases[0], agency_id=town.court_agency, kind="CIVIL_PROTECTION",
                        number=f"CP-{back}")  # fmt: skip
            at = noon(town.today - timedelta(days=9 - back))
            add(session, OrderVersion, case_id=town.cases[0], agency_id=town.court_agency, order_id=order.id,
                version_no=1, change="NEW", ordered_on=at.date(), effective_from=at, recorded_at=at,
                expires_at=at + timedelta(days=2))  # fmt: skip
            add(session, Service, case_id=town.cases[0], agency_id=town.court_agency, order_id=order.id,
                occurred_at=at, recorded_at=at, method="PERSONAL", server="Sgt. Lee")  # fmt: skip
    told = [one for one in town.page(town.hearings[0]).orders if "ended since" in one.text or "No longer" in one.text]
    assert [one.text for one in told][-1] == "2 more orders ended since, see Orders" and len(told) == 5
    assert "CP-5" in told[0].text and len(told[-1].rows) == 2
