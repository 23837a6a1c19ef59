"""A question of class D or E asks who needs to know first, and says what came together of late; it changes no class."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitor.flag_review.reading import flag_page
from monitor.models import Service, random_id
from tests.builders import at
from tests.office import NOW, hearing, open_office, raise_flag, take_over

SERVED, HEARD = "an order was served on Thu, Feb 12, 2026", "a hearing was held on Wed, Feb 18, 2026"


@pytest.fixture
def office(database):
    """An order served and a hearing held within the month; before it, beside it and ahead what does not count."""
    office = open_office(database)
    with database.system("test: what came together") as session, session.begin():
        for code, of_class in (("FIREARM_PROOF_OVERDUE", "D"), ("ENROLLMENT_OVERDUE", "B")):
            office.flags[of_class] = raise_flag(session, office.matter, code, of_class)
        for day in (date(2026, 2, 12), date(2026, 1, 5)):
            session.add(Service(
                id=random_id(), case_id=office.matter.case, agency_id=office.town.office, recorded_at=at(day, 10),
                order_id=office.matter.order, occurred_at=at(day, 10), method="PERSONAL", server="Deputy 4",
            ))  # fmt: skip
        for day, outcome in ((date(2026, 2, 18), "WARNED"), (date(2026, 2, 25), "CONTINUED")):
            hearing(session, office.matter, at(day, 9), outcome)
        hearing(session, office.matter, NOW + timedelta(days=3))
    return office


def page_of(office, of_class, now=NOW, **meant):
    with office.scoped() as session:
        return flag_page(session, office.flags[of_class], now, **meant)


def test_of_class_d_it_is_asked_with_what_the_record_has_of_the_last_thirty_days(office):
    page = page_of(office, "D")
    assert page.asks_who_first
    assert page.of_late == (SERVED, HEARD)
    assert page.response_class == page.proposed_class == "D", "it changes no class"


def test_what_is_older_is_not_told_and_it_is_asked_all_the_same(office):
    page = page_of(office, "D", now=NOW + timedelta(days=60))
    assert page.asks_who_first
    assert "served" not in " ".join(page.of_late)


def test_of_class_b_nobody_is_asked(office):
    page = page_of(office, "B")
    assert not page.asks_who_first
    assert page.of_late == ()


def test_the_page_asks_in_words_and_names_what_the_record_never_holds(office, database, client_as):
    browser = take_over(database, client_as("officer", agency_id=office.town.office))
    shown = browser.get(f"/flags/{office.flags['D']}").text
    assert "Who needs to know first?" in shown
    assert "A separation, a custody filing or a lost job" in shown
    assert "Who needs to know first?" not in browser.get(f"/flags/{office.flags['B']}").text
