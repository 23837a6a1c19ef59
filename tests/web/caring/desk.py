"""An office with a question that was reviewed, and a victim/witness office that shares the case; and its buttons."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from monitor.models import Agency, Base, CaseAgency, random_id
from tests.monitor.outbox.test_digest import ZONE
from tests.office import miss_a_class, open_office
from tests.web.test_flags import MISSED

lite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY, LATER = timedelta(days=1), timedelta(minutes=11)
NOT_CONFIDENTIAL = "What you enter here is not confidential and may have to be given to the defense."


def care_office(database):
    """``flags["desk"]``: the victim/witness agency."""
    office = open_office(database)
    with database.system("test: a missed class") as session, session.begin():
        miss_a_class(session, office, MISSED)
        office.flags["desk"] = desk(session, office, office.matter.case)
    return office


def desk(session, office, *cases):
    agency = Agency(id=random_id(), kind="victim_witness", name="Near V/W", code="near-vw", zone=ZONE)
    session.add(agency)
    session.flush()
    for case in cases:
        session.add(CaseAgency(case_id=case, agency_id=agency.id, from_on=date(2026, 1, 1), until_on=None))
    return agency.id


def items(browser, path="/due-notices"):
    """What is due on a page, as (kind, about, at) with the answers offered."""
    text = browser.get(path).text
    forms = re.findall(r'name="kind" value="(\w+)"><input type="hidden" name="about" value="(\d+)"><input type="hidden"'
                       r' name="at" value="([^"]+)">(.*?)</form>', text, re.DOTALL)  # fmt: skip
    return [(kind, about, when, re.findall(r'value="([A-Z_]+)"', rest)) for kind, about, when, rest in forms]


def kinds(browser):
    return [one[0] for one in items(browser)]


def say(browser, office, kind, answer, case=0):
    """Press an answer of the first item of a kind."""
    about, when = next((about, when) for found, about, when, _ in items(browser) if found == kind)
    path = f"/due-notices/{case or office.matter.case}/answers"
    return browser.post(path, data={"kind": kind, "about": about, "at": when, "answer": answer})


def stand(browser, office, answer):
    return browser.post(f"/due-notices/{office.matter.case}/standing", data={"answer": answer})


def everything(database, *leave_out):
    """Every row of the record as text: what a search of the database finds."""
    with database.system("test: search") as session:
        return repr([
            (table.name, [tuple(row) for row in session.execute(select(table))])
            for table in Base.metadata.sorted_tables if table.name not in leave_out
        ])  # fmt: skip
