"""A team of five agencies with one case, its site, and what its members do on the page."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.clock import local_day, utc_now
from monitor.consultation.bringing import bring
from monitor.consultation.team import Team
from monitor.copies.passing_rows import keys_of
from monitor.models import (
    Agency,
    Assessment,
    CaseAgency,
    Consultation,
    Order,
    ProtectedParty,
    random_id,
)
from monitor.party_names import seal_name
from tests.builders import ZONE, unexcused
from tests.office import hearing, open_office, supervised
from tests.web.accounts import SECRET
from tests.web.test_callbacks import body_of

lite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TODAY = local_day(utc_now(), ZONE)
DAY = timedelta(days=1)
KINDS = {"prosecution": "near-da", "victim_witness": "near-vw", "law_enforcement": "near-le", "advocacy": "harbor"}
ROLES = {"officer": "", "officer_supervisor": "", "prosecutor": "near-da", "victim_witness": "near-vw",
         "law_enforcement": "near-le", "advocate": "harbor"}  # fmt: skip
OTHERS = ("judge", "clerk", "program", "dispatch", "medical", "coordinator", "privacy_officer", "administrator")
PROTECTED = "Zuleika Quartermain"


def team(**said) -> Team:
    """A team whose agenda for tomorrow is drawn."""
    usual = {"name": "High-risk team", "agencies": ("near-probation", *KINDS.values()), "first": TODAY + DAY,
             "closes_days": 1, "advocates_bring": True}  # fmt: skip
    return Team(**(usual | said))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("team")


@pytest.fixture
def settings(settings, folder):
    file = folder / "team.toml"
    agencies = ", ".join(f'"{code}"' for code in team().agencies)
    file.write_text(
        f'name = "High-risk team"\nagencies = [{agencies}]\nfirst = {TODAY + DAY}\ncloses_days = 1\n'
        "advocates_bring = true\n"
    )
    return msgspec.structs.replace(
        settings, consultation_file=str(file), consultation_keys_file=str(folder / "list")
    )


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: the agencies of the team") as session, session.begin():
        for kind, code in KINDS.items():
            row = Agency(id=random_id(), kind=kind, name=f"Near {code}", code=code, zone=ZONE)
            session.add(row)
            session.flush()
            office.flags[code] = row.id
            if kind in ("prosecution", "victim_witness"):
                session.add(CaseAgency(case_id=office.matter.case, agency_id=row.id, from_on=date(2026, 1, 1),
                                       until_on=None))  # fmt: skip
        session.add(Assessment(
            id=random_id(), case_id=office.matter.case, agency_id=office.town.office, recorded_at=utc_now(),
            recorded_by_id=office.officer, tool="ODARA", tool_version="2005", level="high", occurred_on=TODAY - DAY,
            expires_on=TODAY + 60 * DAY, assessed_by_id=office.officer,
        ))  # fmt: skip
        party = ProtectedParty(id=random_id(), agency_id=office.town.court_agency, sealed_name=b"")
        session.add(party)
        session.flush()
        party.sealed_name = seal_name(SECRET, party.id, PROTECTED)
        for order in session.scalars(select(Order).where(Order.case_id == office.matter.case)):
            order.protected_party_id = party.id
        unexcused(session, office.matter, TODAY - 6 * DAY)
        hearing(session, office.matter, utc_now() + 9 * DAY)
    return office


@pytest.fixture
def members(client_as, office):
    return {role: client_as(role, agency_id=office.flags.get(code) or office.town.office)
            for role, code in ROLES.items()}  # fmt: skip


@pytest.fixture
def keys(settings):
    return keys_of(settings.consultation_keys_file, SECRET)


def put_on(database, office, keys, case=0, meets=TODAY + DAY):
    """On the list of a meeting, by somebody."""
    with database.scoped(Scope(1, "prosecutor", office.flags["near-da"]), writes=True) as session, session.begin():
        bring(session, keys, case or office.matter.case, meets, TODAY)


def rows(database):
    with database.system("test: what is kept", writes=False) as session:
        return list(session.scalars(select(Consultation)))


def post(browser, **said):
    return browser.post("/consultation", data={name: str(value) for name, value in said.items()})


def seen(browser, day=""):
    answer = browser.get(f"/consultation?day={day}" if day else "/consultation")
    assert answer.status_code == 200, answer.status_code
    return body_of(answer)


def second(database, office, family="Walled", shared=True):
    """Another person of the office; the case's id and the person's."""
    with database.system("test: another person") as session, session.begin():
        matter = supervised(session, office.town, office.officer, family, "Sam")
        if shared:
            session.add(CaseAgency(case_id=matter.case, agency_id=office.flags["near-da"], from_on=date(2026, 1, 1),
                                   until_on=None))  # fmt: skip
    return matter
