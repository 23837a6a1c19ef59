"""The one page through the site: what is hidden changes no byte, a walled clerk, and the practitioners' proof."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.bench_page.page import BenchPage
from monitor.bench_page.reading import bench_page
from monitor.clock import local_day, utc_now
from monitor.db import Database
from monitor.docket import docket_pages
from monitor.documents import bench_pdf, docket_pdf
from monitor.models import Base, Case, Contact, Court, Hearing, Order
from monitor.schema import upgrade
from tests.monitor.access.walls import put_up
from tests.monitor.court_town import CourtTown, add_case, add_flag, build_court_town
from tests.sweep.county import County, build, hide_in_our_case
from tests.web.conftest import Browser
from tests.web.order_desk import ZONE, Desk

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HIDDEN = {"flag", "contact", "context_review"}  # and, as soon as there is such a table, any other that the bench lacks
LATER = {"callback", "record_notice", "notice_answer"}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, County]]:
    """A county with a row of every table there is."""
    folder: Path = tmp_path_factory.mktemp("one-page")
    database = Database(f"sqlite:///{folder}/county.db")
    upgrade(database)
    yield database, build(database)
    database.close()


def test_2_with_a_hidden_row_of_every_table_that_the_bench_lacks_page_list_and_paper_are_the_same_bytes(
    county: tuple[Database, County],
) -> None:
    """2. Seed each case with hidden items (unfiled flag, call-back request, medical notice, victim-defendant mark):
    the page is byte-identical with and without them. Here: of every table that the role does not reach."""
    database, town = county
    grown = set()
    for role in (Role.JUDGE, Role.CLERK):
        before = papers(database, town, role)
        grown |= hide_in_our_case(database, town, role)
        assert papers(database, town, role) == before
    assert grown >= HIDDEN | (LATER & set(Base.metadata.tables))


def papers(database: Database, town: County, role: Role) -> list[Any]:
    account = town.accounts[role]
    with database.scoped(Scope(account.user, role.value, account.agency)) as session:
        row = session.execute(
            select(Hearing.starts_at, Court.code, Court.zone).join(Court, Court.id == Hearing.court_id)
            .where(Hearing.starts_at > town.now)
        ).first()  # fmt: skip
        assert row is not None
        found = docket_pages(session, row.code, local_day(row.starts_at, row.zone), town.now)
        assert found is not None and found[1]
        return [found, docket_pdf(found[0], town.now), bench_pdf(found[1], town.now)]


@pytest.fixture
def town(database: Database) -> CourtTown:
    return build_court_town(database, utc_now(), cases=False)


def said_in(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


@ON_SQLITE
def test_5_a_walled_courtroom_clerk_prints_no_such_case_and_the_supervisor_prints_it(
    town: CourtTown, client_as: Callable[..., Browser], database: Database
) -> None:
    """5. A wall (D1) on the courtroom clerk removes the case from that clerk's print; the supervisor prints it."""
    add_case(town, "25-DV-1", "Abara", classes="yyM")
    theirs = add_case(town, "25-DV-2", "Walled", classes="yyy?", program="quiet")
    clerk, supervisor = (client_as("clerk", agency_id=town.court_agency, name=name) for name in ("K. Ito", "S. Ruiz"))
    with database.system("test: whose case") as session:
        person = session.scalar(select(Case.person_id).where(Case.number == "25-DV-2"))
    put_up(database, clerk.user_id, person, town.court_agency)
    path = f"/dockets/{town.court_code}/{town.day}"
    for asked in ("", "?format=pdf", "?format=pages", "/results"):
        walled, whole = (browser.get(path + asked) for browser in (clerk, supervisor))
        texts = [said_in(one.content) if "format" in asked else one.text for one in (walled, whole)]
        assert "25-DV-1" in texts[0] and "25-DV-1" in texts[1]
        assert "Walled" not in texts[0] and "25-DV-2" not in texts[0] and "Quiet Program" not in texts[0], asked
        assert "Walled" in texts[1], asked
    assert [clerk.get(f"/hearings/{theirs}{end}").status_code for end in ("", "?format=pdf", "/next")] == [404] * 3
    assert "Walled" in said_in(supervisor.get(f"/hearings/{theirs}?format=pdf").content)


@ON_SQLITE
def test_a_sentence_without_a_review_date_asks_for_one_and_reaches_program_and_dispatch_the_same_day(
    desk: Desk, client_as: Callable[..., Browser]
) -> None:
    """Given a sentence entered at 11:00 with no review date, When the clerk saves, Then the system asks for a date
    <=30 days or a reason, and the program has the referral and dispatch has the terms the same day."""
    clerk = client_as("clerk", agency_id=desk.town.town.court_agency, name="B. Adams")
    dispatch, program = client_as("dispatch"), client_as("program", agency_id=desk.far.program_agency)
    told = {"number": "PR-1", "terms": ["BIP", "REPORT_TO_PROBATION"], "review_on": "", "review_at": ""}
    asked = clerk.post(desk.path, data=desk.sentence(**told))
    assert asked.status_code == 422
    assert "Set the first review, day and hour, within 30 days; or say why there is none." in asked.text
    assert not desk.rows(Order, Order.number == "PR-1") and "New referrals, 1" not in program.get("/enrollments").text
    far = local_day(utc_now(), ZONE) + timedelta(days=45)
    late = clerk.post(desk.path, data=desk.sentence(number="PR-1", review_on=str(far)))
    assert late.status_code == 422 and "The first review comes within 30 days" in late.text
    assert clerk.post(desk.path, data=desk.sentence(number="PR-1")).status_code == 303
    assert clerk.post(desk.path, data=desk.form(number="PO-777", review_on="", review_at="")).status_code == 422
    # the review that the sentence has set is the protective order's too
    assert clerk.post(desk.path, data=desk.form(number="PO-777")).status_code == 303
    assert "New referrals, 1" in program.get("/enrollments").text
    read = dispatch.post("/verify", data={"words": "PO-777", "format": "text"}).text
    assert read.startswith("ACTIVE") and "(05)" in read


@ON_SQLITE
def test_a_printed_page_shows_contested_and_excused_and_not_the_flag_nor_the_call_back(
    town: CourtTown, client_as: Callable[..., Browser], database: Database
) -> None:
    """Given one contested absence, one excused, one unreviewed flag and one call-back request, When the page is
    printed, Then it shows the first as CONTESTED, the second as excused, and is byte-identical with or without the
    last two."""
    hearing = add_case(town, "25-DV-1", "Doe", classes="yEyM", alleged="ABSENCE_UNEXCUSED", contested=True)
    clerk = client_as("clerk", agency_id=town.court_agency, name="K. Ito")
    printed = said_in(clerk.get(f"/hearings/{hearing}?format=pdf").content)
    assert re.search(r"missed \d+ \w+ \(O\) CONTESTED", printed), printed
    assert "Excused 1:" in printed
    plain, pdf = shown(town, hearing)
    with database.system("test: a question, and a request") as session, session.begin():
        add_flag(session, town, town.cases[0], "NO_CONTACT_ALLEGED", acted=False)
        ask_back(session, town)
    assert shown(town, hearing) == (plain, pdf)
    assert said_in(clerk.get(f"/hearings/{hearing}?format=pdf").content).partition("As of")[0] in printed


def ask_back(session: Session, town: CourtTown) -> None:
    """An advocate's request that somebody be called (of every such table a row: the second test), and the call."""
    when = town.now - timedelta(days=2)
    session.add(
        Contact(case_id=town.cases[0], agency_id=town.office, recorded_at=when, occurred_at=when, kind="COLLATERAL",
                method="PHONE", state="COMPLETED", place="OTHER")
    )  # fmt: skip


def shown(town: CourtTown, hearing: int) -> tuple[BenchPage, bytes]:
    with town.bench() as session:
        page = bench_page(session, hearing, town.now, "Court clerk K. Ito")
    assert page is not None
    return page, bench_pdf([page], town.now)
