"""A site that begins with nothing: its own file, a clerk's first case, its orders, and every desk has its part."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from monitor.clock import local_day, utc_now
from monitor.compliance.evaluation import switched_on
from monitor.models import Agency, Assignment, Case, Enrollment, Judge, Program
from monitor.site_file.laying import lay
from monitor.site_file.shape import SiteFile
from rules.calendar import roll_forward

ZONE = "America/Los_Angeles"
MORE = """
[[agencies]]
code = "lake-911"
kind = "dispatch"
name = "Lake County 911"
zone = "America/Los_Angeles"
"""


@pytest.fixture
def site(database) -> dict[str, Any]:
    """The manual's own example, laid into an empty record; agencies by their codes."""
    manual = (Path(__file__).parents[2] / "docs/site.md").read_text(encoding="utf-8")
    told = tomllib.loads(manual.split("```toml")[1].split("```")[0] + MORE)
    with database.system("test: the site's file") as session, session.begin():
        steps = lay(session, msgspec.convert(told, SiteFile), switched_on(), utc_now())
    assert {one.kind for one in steps} == {"new"}
    with database.system("test: agencies", writes=False) as session:
        return {one.code: one.id for one in session.scalars(select(Agency))}


def one(database, entity):
    with database.system("test: the only one", writes=False) as session:
        return session.scalars(select(entity)).one()


def test_from_an_empty_record_to_every_desk_s_own_list(database, client_as, site):
    today = local_day(utc_now(), ZONE)
    clerk = client_as("clerk", agency_id=site["lake-court"], name="B. Adams")
    path = clerk.post("/cases/new", data={
        "number": "26-CR-0001", "family": "Okafor", "given": "Dele", "born_on": "1990-05-17", "kind": "SENTENCING",
        "office": str(site["lake-probation"]), "on": str(today), "at": "8:30 AM", "room": "3",
        "judge": str(one(database, Judge).id),
    }).headers["location"]  # fmt: skip
    review = roll_forward(today + timedelta(days=20), frozenset())
    order = {
        "number": "26-CR-0001-1", "judge": str(one(database, Judge).id), "issued_on": str(today), "words": "",
        "ends_on": str(today + timedelta(days=900)), "review_on": str(review), "review_at": "1:30 PM", "no_review": "",
    }  # fmt: skip
    made = clerk.post(path, data=order | {
        "template": "probation_dv", "terms": ["BIP", "REPORT_TO_PROBATION"], "notice": "SERVED",
        "program": str(one(database, Program).id),
    })  # fmt: skip
    assert made.status_code == 303, made.text
    made = clerk.post(path, data=order | {
        "template": "criminal_no_contact_ca", "number": "26-PO-0001", "party": "new", "given": "Ilka",
        "family": "Szentmarjay", "terms": ["01", "04", "05", "07"], "yards": "100", "places": ["home"],
        "firearm_heard": "Y", "firearm_related": "Y", "firearm_forbids": "Y", "flag": "Y", "notice": "TOLD",
    })  # fmt: skip
    assert made.status_code == 303, made.text

    boss = client_as("officer_supervisor", agency_id=site["lake-probation"], name="K. Ito")
    officer = client_as("officer", agency_id=site["lake-probation"], name="A. Reyes")
    case = one(database, Case)
    assert "Okafor" in boss.get("/team/reassign").text
    assert boss.post("/team/reassign", data={f"case.{case.id}": "0", "to": str(officer.user_id)}).status_code == 303
    assert one(database, Assignment).user_id == officer.user_id
    assert "Okafor" in officer.get("/caseload").text
    assert officer.get(f"/people/{case.person_id}").status_code == 200

    program = client_as("program", agency_id=site["new-paths"], name="F. Nunez")
    assert "Okafor" in program.get("/enrollments").text
    assert one(database, Enrollment).program_id == one(database, Program).id
    assert program.get("/week").status_code == 200

    dispatch = client_as("dispatch", agency_id=site["lake-911"], name="V. Ortega")
    said = dispatch.post("/verify", data={"words": "Okafor, Dele"}).text
    assert "ACTIVE, NOT SERVED" in said and "Szentmarjay" not in said

    judge = client_as("judge", agency_id=site["lake-court"], name="P. Ames")
    assert "26-CR-0001" in judge.get(f"/dockets/lake/{today}").text
