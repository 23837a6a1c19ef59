"""A docket of hard cases of twelve kinds (slow: sixty): one page each, in the right order, nothing out of sight."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.scope import Scope
from monitor.bench_page.page import BenchPage, Said
from monitor.compliance.evaluation import switched_on
from monitor.db import Database
from monitor.docket import Docket, docket, docket_pages
from monitor.documents import bench_pdf, compact_pdf, docket_pdf
from monitor.models import (
    Agency,
    Allegation,
    AllegationStep,
    Attendance,
    Case,
    Condition,
    Enrollment,
    EnrollmentEvent,
    FirearmReceipt,
    Hearing,
    HearingResult,
    Order,
    OrderVersion,
    Packet,
    Pause,
    Report,
    Service,
)
from monitor.packet_page import kept_packet, packets_page
from monitor.packets import take
from monitor.schema import upgrade
from monitor.taking_back import retracted
from tests.builders import add_user
from tests.monitor.access.walls import put_up
from tests.monitor.court_town import ZONE, CourtTown, add, add_case, add_flag, build_court_town, fact, noon

NOW = datetime(2026, 3, 9, 15, 40, tzinfo=UTC)
FEW, ALL = 24, 60


def contested(town: CourtTown, number: str) -> int:
    return add_case(town, number, "Abara", classes="yyMyuM", alleged="ABSENCE_UNEXCUSED", contested=True)


def missing(town: CourtTown, number: str) -> int:
    return add_case(town, number, "Quill", classes="yyyy??", program="quiet")


def two_orders(town: CourtTown, number: str) -> int:
    """Four more orders, one changed after it was served: more than the page has room for by itself."""
    hearing = add_case(town, number, "Bell", classes="yyyy")
    with case_of(town) as (session, case):
        for place in range(4):
            order = add(session, Order, case_id=case, agency_id=town.court_agency, kind="CIVIL_PROTECTION")
            day = town.today - timedelta(days=30 - place)
            for version, change in enumerate(("NEW", "MODIFIED"), 1):
                row = add(
                    session, OrderVersion, case_id=case, agency_id=town.court_agency, order_id=order.id,
                    version_no=version, change=change, ordered_on=day + timedelta(days=version),
                    effective_from=noon(day), recorded_at=noon(day),
                    effective_to=noon(day + timedelta(days=1)) if version == 1 else None,
                )  # fmt: skip
            for line, code in enumerate(("02", "03", "06", "08", "09"), 1):
                add(session, Condition, case_id=case, agency_id=town.court_agency, order_version_id=row.id, line=line,
                    code=code, text="as signed")  # fmt: skip
            fact(session, town, Service, case, day, order_id=order.id, occurred_at=noon(day), method="PERSONAL",
                 server="Sgt. Lee", agency_id=town.court_agency)  # fmt: skip
    return hearing


def transferred(town: CourtTown, number: str) -> int:
    hearing = add_case(town, number, "Moved", classes="yyMy")
    with case_of(town) as (session, case):
        place = session.scalars(select(Enrollment).where(Enrollment.case_id == case)).one()
        day = town.today - timedelta(days=1)
        fact(session, town, EnrollmentEvent, case, day, agency_id=place.agency_id, enrollment_id=place.id,
             event="DISCHARGED", why="MOVED", occurred_on=day)  # fmt: skip
        agency, program, group = town.programs["quiet"]
        second = add(session, Enrollment, case_id=case, agency_id=agency, program_id=program, group_id=group,
                     person_id=place.person_id, code=f"Q{case}", recorded_at=noon(day))  # fmt: skip
        for event in ("REFERRED", "ENROLLED"):
            fact(session, town, EnrollmentEvent, case, day, agency_id=agency, enrollment_id=second.id, event=event,
                 occurred_on=day)  # fmt: skip
    return hearing


def held(town: CourtTown, number: str) -> int:
    """In custody, with a warrant of another day that was recalled: time stands still."""
    hearing = add_case(town, number, "Held", classes="yyyy??")
    with case_of(town) as (session, case):
        for kind, start, end in (("CUSTODY", 15, None), ("WARRANT", 21, 15)):
            fact(session, town, Pause, case, town.today - timedelta(days=start), kind=kind,
                 starts_on=town.today - timedelta(days=start),
                 ends_on=town.today - timedelta(days=end) if end else None)  # fmt: skip
    return hearing


def spanish(town: CourtTown, number: str) -> int:
    return add_case(town, number, "García-Ortiz", given="Luis", classes="yMEyu", language="es")


def long_name(town: CourtTown, number: str) -> int:
    family = "Featherstonehaugh-Cholmondeley-" * 2 + "Smythe"
    return add_case(town, number, family, given="Maximilian-Alexander", classes="yMyMyMyMyMyM")


def no_data(town: CourtTown, number: str) -> int:
    return add_case(town, number, "Blank", enrolled=False, firearms=False)


def much_alleged(town: CourtTown, number: str) -> int:
    """Seven matters at once, and so much since the last review that a page has no room for all of it."""
    hearing = add_case(town, number, "Many", classes="yMMEuyn-MM")
    with case_of(town) as (session, case):
        for place in range(7):
            add_flag(session, town, case, f"ABSENCE_UNEXCUSED_{place}", acted=True, contested=place == 0)
        for back in range(9):
            day = town.today - timedelta(days=back)
            fact(session, town, Report, case, day, kind="PROGRESS", sent_by="PROGRAM", sent_to="COURT",
                 occurred_on=day, agency_id=town.programs["north"][0], content={})  # fmt: skip
        longest_choice(session, town, case)
    return hearing


def longest_choice(session: Session, town: CourtTown, case: int) -> None:
    """Of the matrix the court chose at the last review a line as long as any can be."""
    heard = select(Hearing.id).where(Hearing.case_id == case, Hearing.outcome.is_not(None))
    last = session.scalars(heard.order_by(Hearing.starts_at.desc())).first()
    at = NOW - timedelta(days=3)
    add(session, HearingResult, case_id=case, agency_id=town.court_agency, hearing_id=last, result="HELD",
        outcome="WARNED", response=("Report in person " * 12)[:200], matrix_number=3, next_set_here=False, told_at=at,
        recorded_at=at, recorded_by_id=town.officer)  # fmt: skip


def burdened(town: CourtTown, number: str, alleged: int = 9) -> int:
    """All that is hard in one case: a long name, six orders of forty terms, many allegations, custody, a warrant."""
    hearing = add_case(town, number, "Featherstonehaugh-" * 4 + "Jones", given="Maximilian", classes="yMMEuyn-MM",
                       language="es")  # fmt: skip
    with case_of(town) as (session, case):
        for place in range(alleged):
            add_flag(session, town, case, f"ABSENCE_UNEXCUSED_{place}", acted=True, contested=place % 2 == 0)
        for back in range(5):
            day = town.today - timedelta(days=30 - back)
            order = add(session, Order, case_id=case, agency_id=town.court_agency, kind="CIVIL_PROTECTION")
            row = add(session, OrderVersion, case_id=case, agency_id=town.court_agency, order_id=order.id,
                      version_no=1, change="NEW", ordered_on=day, effective_from=noon(day),
                      recorded_at=noon(day))  # fmt: skip
            for line in range(40):
                add(session, Condition, case_id=case, agency_id=town.court_agency, order_version_id=row.id, line=line,
                    code=TERMS[line % len(TERMS)], text=f"Term {line} as signed")  # fmt: skip
        for kind, start in (("CUSTODY", 15), ("WARRANT", 40)):
            day = town.today - timedelta(days=start)
            fact(session, town, Pause, case, day, kind=kind, starts_on=day, ends_on=None)
    return hearing


TERMS: Final = ("01", "02", "03", "04", "05", "06", "07", "08", "09", "OTHER_BESPOKE", "NOTIFY_CHANGE", "TESTING")


def with_sheriff(town: CourtTown, number: str) -> int:
    """The sheriff's receipt, and a notice of the program beside a report of probation's own about one absence."""
    hearing = add_case(town, number, "Arms", classes="yyM", firearms=False, alleged="ABSENCE_UNEXCUSED")
    with case_of(town) as (session, case):
        day, sheriff = town.today - timedelta(days=3), sheriff_of(session)
        fact(session, town, FirearmReceipt, case, day, event="RELINQUISHED", occurred_at=noon(day), agency_id=sheriff)
        for by, agency in (("PROGRAM", town.programs["north"][0]), ("PROBATION", town.office)):
            fact(session, town, Report, case, day, kind="NONCOMPLIANCE", sent_by=by, sent_to="COURT",
                 occurred_on=day, agency_id=agency, content={})  # fmt: skip
    return hearing


def ended(town: CourtTown, number: str) -> int:
    """What was alleged was not found: it stands on no page (safeguard H3)."""
    hearing = add_case(town, number, "Cleared", classes="yyMy", alleged="NO_CONTACT_ALLEGED")
    with case_of(town) as (session, case):
        report = session.scalars(select(Allegation).where(Allegation.case_id == case)).one()
        clerk = add_user(session, town.court_agency, "clerk", f"clerk-{case}@court.example")
        add(session, AllegationStep, allegation_id=report.id, case_id=case, agency_id=town.court_agency, number=4,
            kind="NOT_FOUND", by_user_id=clerk, at=NOW - timedelta(hours=1), words="Not proved.",
            content={})  # fmt: skip
    return hearing


def kept(town: CourtTown, number: str) -> int:
    """A packet was kept, and a class of it was taken back since."""
    hearing = add_case(town, number, "Packed", classes="yyMy")
    with town.database.system("test: a packet") as session, session.begin():
        take(session, hearing, NOW - timedelta(hours=2), switched_on())
    with case_of(town) as (session, case):
        absent = select(Attendance).where(Attendance.case_id == case, Attendance.outcome == "ABSENT")
        row = session.scalars(absent).one()
        by = Scope(town.officer, "program", row.agency_id)
        session.add(retracted(row, by, "wrong line", NOW - timedelta(hours=1)))
    return hearing


KINDS: Final[tuple[Callable[[CourtTown, str], int], ...]] = (
    contested, missing, two_orders, transferred, held, spanish, long_name, no_data, much_alleged, with_sheriff, ended,
    kept, burdened,
)  # fmt: skip


@contextmanager
def case_of(town: CourtTown) -> Iterator[tuple[Session, int]]:
    """The case that was added last, to write on."""
    with town.database.system("test: a hard case") as session, session.begin():
        yield session, town.cases[-1]


def sheriff_of(session: Session) -> int:
    found = session.scalar(select(Agency.id).where(Agency.code == "sheriff"))
    return found or int(add(session, Agency, kind="law_enforcement", name="Sheriff", code="sheriff", zone=ZONE).id)


class Day(msgspec.Struct):
    """The town, its docket with its pages, and which hearing is of which kind."""

    town: CourtTown
    docket: Docket
    pages: list[BenchPage]
    kinds: dict[str, list[int]]

    def of(self, kind: str) -> list[BenchPage]:
        """The pages of a kind."""
        return [page for page in self.pages if page.hearing_id in self.kinds[kind]]


@pytest.fixture(scope="module", params=[FEW, pytest.param(ALL, marks=pytest.mark.slow)])
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    folder: Path = tmp_path_factory.mktemp("hard-docket")
    database = Database(f"sqlite:///{folder}/county.db")
    upgrade(database)
    town = build_court_town(database, NOW, cases=False)
    kinds: dict[str, list[int]] = {}
    for index in range(request.param):
        kind = KINDS[index % len(KINDS)]
        kinds.setdefault(kind.__name__, []).append(kind(town, f"25-DV-{index:06}"))
    with town.bench() as session:
        found = docket_pages(session, town.court_code, town.day, NOW)
    assert found is not None
    yield Day(town, found[0], found[1], kinds)
    database.close()


def squeezed(text: str) -> str:
    """Without what typesetting adds: spaces, ends of lines, and hyphens at them."""
    return re.sub(r"\s+", "", text)


def said(page: BenchPage) -> Iterator[Said]:
    for block in (page.orders, page.safety, page.since, page.before, page.in_the_way, page.asks, page.withdrawn):
        yield from block
    yield from (fact for line in page.conditions for fact in line.facts)
    yield from (fact for one in page.alleged for fact in (one.title, *one.evidence))


def test_every_hard_case_is_one_side_in_the_order_of_the_list_with_every_sentence_on_paper(day: Day) -> None:
    assert [line.hearing_id for line in day.docket.lines] == [page.hearing_id for page in day.pages]
    assert [line.rank for line in day.docket.lines] == sorted(line.rank for line in day.docket.lines)
    sides = PdfReader(io.BytesIO(bench_pdf(day.pages, NOW))).pages
    assert len(sides) == len(day.pages) == sum(len(of) for of in day.kinds.values())
    for page, side in zip(day.pages, sides, strict=True):
        paper = squeezed(side.extract_text())
        told = [*(one.line for one in said(page)), *page.alleged_lines, page.freshness, page.heading.custody,
                page.heading.respondent, page.heading.number, *(line.strip_words for line in page.conditions),
                *(line.title + line.due + line.word for line in page.conditions)]  # fmt: skip
        for sentence in told:
            assert squeezed(sentence) in paper, f"not on the paper of {page.heading.number}: {sentence}"


def test_the_list_and_its_compact_form_hold_every_case_and_all_that_is_asked(day: Day) -> None:
    for pdf in (docket_pdf(day.docket, NOW), compact_pdf(day.docket, NOW)):
        paper = squeezed("".join(side.extract_text() for side in PdfReader(io.BytesIO(pdf)).pages))
        for line in day.docket.lines:
            assert line.number in paper
            assert all(squeezed(one) in paper for one in line.decide), line.decide
    by_hearing = {line.hearing_id: line for line in day.docket.lines}
    for page in day.pages:
        line = by_hearing[page.hearing_id]
        assert line.contested == any(one.title.contested for one in page.alleged)
        assert line.flags == page.flags and line.custody == page.heading.custody


def test_every_sentence_with_a_source_stands_on_a_row_and_its_letter_is_whose_that_row_is(day: Day) -> None:
    """A letter without a row behind it would be a source that nobody can find; only that nothing is there has none."""
    nothing = re.compile("not enrolled so far|no proof or receipt on file|Firearms: (?:nothing|not)|^Reviews: none")
    for page in day.pages:
        for one in said(page):
            assert one.rows or not one.source or nothing.search(one.text), f"{page.heading.number}: {one.line}"
    for page in day.of("with_sheriff"):
        lines = [one.line for one in said(page)]
        assert any(re.fullmatch(r"Firearms: given up \d+ Mar \(L\)", line) for line in lines), lines
        assert any(line.startswith("Firearms given up ") and line.endswith("(L)") for line in lines)
        assert [line for line in lines if line.startswith("Program notice")] == ["Program notice 6 Mar (P)"], (
            "of two about one absence, probation's own stands under Alleged, and not as if the program had sent it"
        )
    for page in day.of("contested"):
        assert any(re.fullmatch(r"Firearms: proof filed \d+ Jan \(C\)", one.line) for one in said(page)), page.safety
    for page in day.of("transferred"):
        assert any(re.fullmatch(r"Referred \d+ Mar \(C\)", one.line) for one in said(page)), page.since


def test_where_a_page_has_no_room_for_all_it_says_how_much_more_there_is(day: Day) -> None:
    for page in day.of("two_orders"):
        assert page.orders[-2].text == "2 more orders in force, see Orders" and len(page.orders[-2].rows) == 2
        other = [line for line in page.conditions if line.title == "Other terms"]
        assert [line.facts[0].text for line in other] and "Temporary custody" in str(other) + str(page.conditions)
        assert any("the change not served" in one.text for one in page.orders)
    for page in day.of("much_alleged"):
        assert len(page.alleged) == 7 == len(page.flags) and any(one.title.contested for one in page.alleged)
        assert [len(one.evidence) > 1 for one in page.alleged[:3]] == [False] * 3
        assert any(re.fullmatch(r"\d+ earlier, on record", one.text) and len(one.rows) > 1 for one in page.since)
        assert page.since[-1].text == "Progress report 9 Mar", "the newest are told"
        line = next(one for one in day.docket.lines if one.hearing_id == page.hearing_id)
        assert "5 more reported" in line.decide


def test_the_case_with_everything_names_each_allegation_on_its_one_side_and_says_what_stands_elsewhere(
    day: Day,
) -> None:
    for page in day.of("burdened"):
        assert len(page.alleged) == 9 and sum(one.title.contested for one in page.alleged) == 5
        assert [one.text for allegation in page.alleged for one in allegation.evidence] == [
            "Evidence of these 9: in the report"]  # fmt: skip
        assert page.orders[-2].text == "5 more orders in force, see Orders" and len(page.orders[-2].rows) == 5
        assert all(one.text.count("08 ") <= 1 for one in page.orders), "a term's code is named once an order"
        line = next(one for one in day.docket.lines if one.hearing_id == page.hearing_id)
        assert line.flags == page.flags


def test_what_is_hard_about_a_case_is_said(day: Day) -> None:
    for page in day.of("missing"):
        assert page.late and page.missing and not any("missed" in one.text.lower() for one in said(page))
    for page in day.of("held"):
        assert page.heading.custody.startswith("In custody since")
    for page in day.of("spanish"):
        assert "Interpreter: Spanish" in page.freshness
    for page in day.of("no_data"):
        assert any("not enrolled so far" in one.line for one in said(page))
    for page in day.of("ended"):
        assert page.alleged == () and "No contact" not in " ".join(page.alleged_lines)
        assert not any("Not proved" in one.line or "llegation: 1" in one.line for one in said(page))
    for page in day.of("transferred"):
        titles = [line.title for line in page.conditions]
        assert {"Attend weekly, North Star", "Attend weekly, Quiet Program"} <= set(titles)


def test_a_kept_packet_is_the_page_of_then_and_its_addendum_says_what_came_since(day: Day) -> None:
    for page in day.of("kept"):
        with day.town.bench() as session:
            packet = session.scalars(select(Packet.id).where(Packet.hearing_id == page.hearing_id)).one()
            listed = packets_page(session, page.hearing_id)
            assert listed is not None
            found = kept_packet(session, listed, packet, NOW)
        assert found is not None and found.gone == ()
        assert any("took" in str(one) and "February 28" in str(one) for one in found.addendum), found.addendum
        assert found.bench.conditions != page.conditions
        assert len(PdfReader(io.BytesIO(bench_pdf([found.bench], NOW))).pages) == 1


def test_the_list_without_its_pages_is_the_same_list_to_the_letter(day: Day) -> None:
    """The screen reads less of each case than the paper: what both say is the same."""
    with day.town.bench() as session:
        assert docket(session, day.town.court_code, day.town.day, NOW) == day.docket


def test_a_walled_clerk_has_a_docket_without_that_case_and_all_others(day: Day) -> None:
    theirs = day.town.cases[0]
    with day.town.database.system("test: a clerk") as session, session.begin():
        user = add_user(session, day.town.court_agency, "clerk", "walled@court.example")
        person = session.scalar(select(Case.person_id).where(Case.id == theirs))
    assert person is not None
    put_up(day.town.database, user, person, day.town.court_agency)
    with day.town.database.scoped(Scope(user, "clerk", day.town.court_agency)) as session:
        found = docket_pages(session, day.town.court_code, day.town.day, NOW)
    assert found is not None
    rest = [page.hearing_id for page in day.pages if page.case_id != theirs]
    assert len(rest) == len(day.pages) - 1 and [page.hearing_id for page in found[1]] == rest
