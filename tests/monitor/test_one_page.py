"""The acceptance tests of the judge's one page, by their numbers and in their own sentences.

The first four and the sixth here; the fifth, and the second once more through the site, in tests/web/test_one_page.py.
The seventh: test_one_page_read.py, as far as a machine can take it; the rest is people with paper (docs/court.md).
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.bench_page.page import BenchPage, ConditionLine, Said, StatusWord
from monitor.bench_page.words import day_words
from monitor.db import Database
from monitor.docket import case_after, docket, docket_pages, docket_text, next_docket
from monitor.documents import bench_pdf, compact_pdf, docket_pdf
from monitor.models import Attendance, Base, Case, ContextReview, Hearing, User
from monitor.results.dates import conflicts, suggestions
from tests.monitor.access.walls import put_up
from tests.monitor.court_town import ZONE, CourtTown, add_case, add_flag, build_court_town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime(2026, 3, 9, 15, 40, tzinfo=UTC)
PATTERNS = ("yyyyyyyyyyyyyyyyyyyyyyyyyy", "yyMEyu", "MMMM", "yy-yln", "EEEE", "yyyy?", "????", "", "yMyMyMyMyMyM", "u")
NAMES = ("Abara", "García-Ortiz", "Featherstonehaugh-Cholmondeley", "محمد")


@pytest.fixture
def town(database: Database) -> CourtTown:
    return build_court_town(database, NOW, cases=False)


def fill(town: CourtTown, count: int) -> None:
    """So many unlike cases: every pattern of classes, both programs, with and without what is reported."""
    for index in range(count):
        add_case(
            town, f"25-DV-{index:06}", NAMES[index % 4], given=str(index),
            classes=PATTERNS[index % 10] * (1 + index % 3), program=("north", "quiet")[index % 2],
            enrolled=index % 7 != 0, firearms=index % 3 != 0, language=("es", None)[index % 2],
            alleged=("ABSENCE_UNEXCUSED", "", "FIREARM_PROOF_OVERDUE")[index % 3], contested=index % 2 == 0,
        )  # fmt: skip


def attend(page: BenchPage) -> ConditionLine:
    return next(line for line in page.conditions if line.title.startswith("Attend"))


def facts(page: BenchPage) -> Iterator[Said]:
    """Everything that the page says and that stands on a row."""
    for block in (page.orders, page.safety, page.since, page.before, page.in_the_way, page.asks, page.withdrawn):
        yield from block
    yield from (fact for line in page.conditions for fact in line.facts)
    yield from (fact for one in page.alleged for fact in (one.title, *one.evidence))


def test_1_for_a_hundred_synthetic_cases_the_page_fits_one_side_and_every_fact_matches_a_source_row(
    town: CourtTown,
) -> None:
    """1. For 100 synthetic cases, the page fits one side and every fact matches a source row."""
    fill(town, 100)
    pages = [town.page(hearing) for hearing in town.hearings]
    assert len(PdfReader(io.BytesIO(bench_pdf(pages, NOW))).pages) == 100
    cases, days = rows_of(town.database)
    for index, page in enumerate(pages):
        told = list(facts(page))
        assert any(fact.rows for fact in told)
        for fact in told:
            assert all(cases[row] == page.case_id for row in fact.rows), f"a row of another case: {fact}"
            seen = {day for row in fact.rows for day in days[row]}
            assert not fact.rows or fact.on is None or fact.on in seen, f"no row of that day: {fact}"
        classes = PATTERNS[index % 10] * (1 + index % 3)
        if index % 7 and classes.strip("?-"):
            attended, counted = (sum(letter in some for letter in classes) for some in ("yl", "ylMnu"))
            assert attend(page).facts[0].text.startswith(f"{attended} of {counted} attended")
            assert len(attend(page).facts[0].rows) == sum(letter != "?" for letter in classes), "each class is a row"


def rows_of(database: Database) -> tuple[dict[int, int], dict[int, set[date]]]:
    """Of every row about a case: whose it is, and each day that it names, by the court's clock."""
    cases: dict[int, int] = {}
    days: dict[int, set[date]] = defaultdict(set)
    with database.system("test: every row", writes=False) as session:
        for table in Base.metadata.sorted_tables:
            if {"id", "case_id"} <= set(table.c.keys()):
                for row in session.execute(select(table)).mappings():
                    cases[row["id"]] = row["case_id"]
                    days[row["id"]] |= set(days_of(row.values()))
    return cases, days


def days_of(values: Iterable[Any]) -> Iterator[date]:
    for value in values:
        if isinstance(value, datetime):
            yield value.astimezone(ZoneInfo(ZONE)).date()
        elif isinstance(value, date):
            yield value


def test_2_the_page_is_byte_identical_with_and_without_hidden_items(town: CourtTown) -> None:
    """2. Seed each case with hidden items (unfiled flag, call-back request, medical notice, victim-defendant mark):
    the page is byte-identical with and without them."""
    fill(town, 20)
    before = printed(town)
    with town.database.system("test: hidden items") as session, session.begin():
        for case in town.cases:
            add_flag(session, town, case, "NO_CONTACT_ALLEGED", acted=False)
            add_flag(session, town, case, "CHECKIN_MISSED", acted=False, contested=True)
            session.add(ContextReview(case_id=case, agency_id=town.office, kind="MARK", raised_at=NOW, sealed=b"x"))
    assert printed(town) == before


def printed(town: CourtTown) -> list[bytes]:
    """Each page, all of them, and the list, as paper."""
    pages = [town.page(hearing) for hearing in town.hearings]
    with town.bench() as session:
        listed = docket(session, town.court_code, town.day, NOW)
    assert listed is not None
    return [*(bench_pdf([page], NOW) for page in pages), bench_pdf(pages, NOW), docket_pdf(listed, NOW)]


def test_3_a_program_silent_for_eight_days_is_a_late_report_and_no_session_is_missed(town: CourtTown) -> None:
    """3. A program that has not reported for 8 days shows as "LATE REPORT: (program)", and no session is marked
    missed."""
    page = town.page(add_case(town, "1", "Doe", classes="yyyy?", program="quiet"))
    assert page.late == (f"Quiet Program (last {(town.today - timedelta(days=8)).day} Mar)",)
    assert "LATE REPORT: Quiet Program" in page.freshness
    assert attend(page).status is StatusWord.NO_REPORT
    assert [mark.letter for mark in attend(page).strip] == list("yyyy?")
    assert not any("missed" in fact.line.lower() for fact in facts(page))


def test_4_an_excused_absence_is_not_counted_in_missed(town: CourtTown) -> None:
    """4. An excused absence is not counted in "missed"."""
    page = town.page(add_case(town, "1", "Doe", classes="yyEMy"))
    told = [fact.text for fact in attend(page).facts]
    assert told[0].startswith("3 of 4 attended")
    assert [mark.letter for mark in attend(page).strip] == list("yyEMy")
    missed, excused = (day_words(town.today - timedelta(days=back), town.today) for back in (9, 16))
    assert [text for text in told if "issed" in text] == [f"missed {missed}"]
    assert [fact.text for fact in page.since if "issed" in fact.text] == [f"Missed 1: {missed}"]
    assert any(fact.text == f"Excused 1: {excused}" for fact in page.since)


@pytest.mark.parametrize("role", ["judge", "clerk"])
def test_5_whoever_is_walled_from_a_case_has_list_paper_days_and_dates_as_if_it_had_never_been(
    town: CourtTown, role: str
) -> None:
    """5. A wall (D1): no gap, no count and no number. The case is the first of the day, one of its person's two, owes
    a report, and is heard on a day of its own and on one that the next date would be offered for."""
    add_case(town, "25-DV-1", "Abara", classes="yyM", hour=10)
    with town.database.system("test: an account") as session, session.begin():
        made = User(email="w@x.example", name="W. Alled", password_hash="x", created_at=NOW)
        session.add(made)
        session.flush()
        asks = Scope(made.id, role, town.court_agency)
    before = all_of(town, asks)
    theirs = add_case(town, "25-DV-0", "Walled", classes="yy?", program="quiet", alleged="ABSENCE_UNEXCUSED", hour=9)
    with town.database.system("test: their other dates") as session, session.begin():
        heard = session.get_one(Hearing, theirs)
        person = session.scalar(select(Case.person_id).where(Case.id == heard.case_id))
        for days in (1, 14):
            session.add(Hearing(
                case_id=heard.case_id, agency_id=heard.agency_id, court_id=heard.court_id, judge_id=heard.judge_id,
                kind=heard.kind, room=heard.room, starts_at=heard.starts_at + timedelta(days=days), review_no=3,
                recorded_at=heard.recorded_at,
            ))  # fmt: skip
    assert all_of(town, asks) != before, "without a wall it is there"
    put_up(town.database, asks.user_id, person, town.court_agency)
    assert all_of(town, asks) == before


def all_of(town: CourtTown, asks: Scope) -> list[Any]:
    """What the day, the days beside it and the next dates tell somebody."""
    with town.database.scoped(asks) as session:
        found = docket_pages(session, town.court_code, town.day, NOW)
        assert found is not None
        mine = session.get_one(Hearing, town.hearings[0])
        row = SimpleNamespace(starts_at=mine.starts_at, zone=ZONE, court_id=mine.court_id)
        beside = [docket(session, town.court_code, town.day + timedelta(days=days), NOW) for days in (1, 14)]
        return [
            *found, docket_pdf(found[0], NOW), bench_pdf(found[1], NOW), compact_pdf(found[0], NOW),
            docket_text(found[0]),
            beside, next_docket(session, NOW), case_after(session, mine.id, NOW), suggestions(session, row, NOW),
            conflicts(session, mine, mine.starts_at - timedelta(hours=1)),
        ]  # fmt: skip


def test_6_a_corrected_row_changes_the_page_and_adds_corrected_to_the_line(town: CourtTown) -> None:
    """6. A corrected row changes the page and adds "corrected 8 Mar" to the line."""
    hearing = add_case(town, "1", "Doe", classes="yyM")
    before = town.page(hearing)
    with town.database.system("test: a correction") as session, session.begin():
        old = session.scalars(select(Attendance).order_by(Attendance.occurred_on.desc())).first()
        assert old is not None
        session.add(
            Attendance(
                case_id=old.case_id, agency_id=old.agency_id, enrollment_id=old.enrollment_id, outcome="PRESENT",
                occurred_on=old.occurred_on, program_says="P", source="sheet.csv", supersedes_id=old.id,
                recorded_at=datetime(2026, 3, 8, 20, tzinfo=UTC), reason="Wrong line",
            )
        )  # fmt: skip
    after = town.page(hearing)
    assert "2 of 3 attended" in attend(before).facts[0].line and "corrected" not in attend(before).facts[0].line
    assert "3 of 3 attended" in attend(after).facts[0].line and "corrected 8 Mar" in attend(after).facts[0].line
