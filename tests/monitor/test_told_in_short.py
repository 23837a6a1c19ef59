"""A page with too much on it tells less of what stands elsewhere, and nothing less of what helps the person (F6)."""

from __future__ import annotations

import io
from datetime import timedelta

import msgspec
import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.bench_page.page import Allegation, BenchPage
from monitor.bench_page.room import lines_of
from monitor.compliance.evaluation import switched_on
from monitor.db import Database
from monitor.documents.bench import bench_pdf
from monitor.flag_history import keep_earlier
from monitor.models import AllegationFlag, AllegationStep, Attendance, Enrollment, Flag, Letter, Packet, Review
from monitor.packet_page import Kept, kept_packet, packets_page
from monitor.packets import take
from tests.monitor.court_town import CourtTown, add, add_case, add_flag, build_court_town, fact
from tests.monitor.test_hard_docket import NOW, burdened, case_of, squeezed, two_orders

ALLEGED = 8
CHANGED = "The record has changed since this was approved (the day it was due): ask probation"
ENDED = "By the record it ended on 8 Mar"
APART = "Does not count: Absent {place} Feb, excused (O)"
ATTENDED = "Evidence: attended 2 since (P)"
ELSEWHERE = f"Evidence of these {ALLEGED}: in the report"


@pytest.fixture
def town(database: Database) -> CourtTown:
    return build_court_town(database, NOW, cases=False)


def approved_otherwise(session: Session, flag: Flag) -> None:
    """A supervisor approved it with another day on which it was due than the record has now."""
    names = ("version", "code", "response_class")
    matter = {name: getattr(flag, name) for name in names} | {"flag_id": flag.id, "first_on": str(flag.first_on)}
    report = session.scalars(select(AllegationFlag).where(AllegationFlag.flag_id == flag.id)).one()
    boss = select(AllegationStep).where(AllegationStep.allegation_id == report.allegation_id)
    last = session.scalars(boss.order_by(AllegationStep.number.desc())).first()
    content = {"typed": {}, "facts": {"matters": [matter | {"due_on": str(flag.first_on)}]}}
    add(session, AllegationStep, allegation_id=report.allegation_id, case_id=flag.case_id, agency_id=flag.agency_id,
        number=4, kind="APPROVED", by_user_id=last.by_user_id, at=last.at, content=content)  # fmt: skip


def ended(flag: Flag) -> None:
    flag.earlier, flag.closed_at = keep_earlier(flag, NOW - timedelta(days=1)), NOW - timedelta(days=1)


def all_that_helps(town: CourtTown, number: str) -> int:
    """The case with everything in it: each of what is alleged has changed, ended, and rests on rows that fall away."""
    hearing = burdened(town, number, alleged=ALLEGED)
    with case_of(town) as (session, case):
        flags = session.scalars(select(Flag).where(Flag.case_id == case).order_by(Flag.id)).all()
        for place, flag in enumerate(flags, 1):
            flag.first_on -= timedelta(days=30 - place)
            approved_otherwise(session, flag)
            ended(flag)
            review = session.scalars(select(Review).where(Review.flag_id == flag.id)).one()
            apart = [f"Absent {place} Feb, excused"]
            review.content = {"sentence": "Missed.", "rows": ["Absent"], "not_counted": apart}
        seat = session.scalars(select(Enrollment).where(Enrollment.case_id == case)).one()
        day = town.today - timedelta(days=1)
        fact(session, town, Attendance, case, day, agency_id=seat.agency_id, enrollment_id=seat.id, occurred_on=day,
             outcome="PRESENT", program_says="P", source="sheet.csv")  # fmt: skip
        fact(session, town, Letter, case, day, kind="EMPLOYER", occurred_on=day)
    return hearing


def beside(one: Allegation) -> list[str]:
    return [said.line for said in one.evidence]


def test_of_eight_allegations_told_in_short_each_keeps_what_helps_the_person(town: CourtTown) -> None:
    """It was told of the newest alone, or of none, and stood in no report: each had been approved before."""
    page = town.page(all_that_helps(town, "25-DV-000001"))
    assert len(page.alleged) == ALLEGED and ELSEWHERE in beside(page.alleged[-1])
    for place, one in enumerate(page.alleged, 1):
        assert beside(one)[:3] == [CHANGED, ENDED, APART.format(place=place)]
    told = [line for one in page.alleged for line in beside(one)]
    assert [line for line in told if "attended" in line] == [ATTENDED] and ATTENDED in beside(page.alleged[0])
    assert [line for line in told if "Employer" in line] == beside(page.alleged[0])[4:] and len(told) == 3 * 8 + 3
    assert not any(words in line for line in told for words in ("Missed.", "Rests on", "sheets")), "told in the report"
    assert sum("CONTESTED" in one.title.line for one in page.alleged) == 4


def test_it_stands_on_the_paper_too_and_its_room_is_counted(town: CourtTown) -> None:
    page = town.page(all_that_helps(town, "25-DV-000001"))
    without = msgspec.structs.replace(page, alleged=tuple(
        msgspec.structs.replace(one, evidence=()) for one in page.alleged))  # fmt: skip
    assert lines_of(page) == lines_of(without) + 3 * ALLEGED + 3
    paper = paper_of(page)
    assert all(paper.count(squeezed(line)) == ALLEGED for line in (CHANGED, ENDED))
    assert all(squeezed(line) in paper for line in page.alleged_lines)


def test_where_each_of_eight_has_one_such_line_the_case_is_still_one_side(town: CourtTown) -> None:
    hearing = burdened(town, "25-DV-000001", alleged=ALLEGED)
    with case_of(town) as (session, case):
        for flag in session.scalars(select(Flag).where(Flag.case_id == case)).all():
            approved_otherwise(session, flag)
    page = town.page(hearing)
    assert [beside(one) for one in page.alleged] == [[CHANGED]] * 7 + [[CHANGED, ELSEWHERE]]
    assert "1of1" in paper_of(page)


def paper_of(page: BenchPage) -> str:
    return squeezed("".join(side.extract_text() for side in PdfReader(io.BytesIO(bench_pdf([page], NOW))).pages))


def test_one_told_in_short_beside_others_told_in_full_keeps_it_as_well(town: CourtTown) -> None:
    """Five that a page has room for: the newest four in full, of the first what helps, and where the rest stands."""
    hearing = add_case(town, "25-DV-000001", "Doe", classes="yyM")
    with case_of(town) as (session, case):
        for place in range(5):
            flag = session.get_one(Flag, add_flag(session, town, case, f"ABSENCE_UNEXCUSED_{place}", acted=True))
            flag.first_on -= timedelta(days=30 - place)
            ended(flag)
    page = town.page(hearing)
    attended = "Evidence: attended 2 since (P)"
    assert beside(page.alleged[0]) == [ENDED, attended, "Evidence: in the report"], page.alleged[0]
    assert all(beside(one)[0] == ENDED and attended in beside(one) for one in page.alleged[1:])
    assert all(any("sheets, absent" in line for line in beside(one)) for one in page.alleged[1:])


def test_of_orders_that_are_only_counted_the_page_says_how_many_are_not_served(town: CourtTown) -> None:
    """It said SERVICE NOT SHOWN of those it told in full, and nothing of the others."""
    page = town.page(burdened(town, "25-DV-000001", alleged=ALLEGED))
    told = ["SERVICE NOT SHOWN", "5 more orders in force, see Orders (C)", "Of these SERVICE NOT SHOWN: 4"]
    assert [one.line for one in page.orders[-3:]] == told
    changed = town.page(two_orders(town, "25-DV-000002"))
    assert changed.orders[-1].line == "Of these the change not served: 1"
    for counted, of in ((page.orders, 4), (changed.orders, 1)):
        assert len(counted[-1].rows) == of and set(counted[-1].rows) < set(counted[-2].rows)
    for number, whole in enumerate((5, 4)):
        assert kept(town, town.hearings[number]).unserved == whole, "the clerk is asked before the defense has it (E5)"


def kept(town: CourtTown, hearing: int) -> Kept:
    with town.database.system("test: a packet") as session, session.begin():
        take(session, hearing, NOW, switched_on())
    with town.bench() as session:
        listed = packets_page(session, hearing)
        packet = session.scalars(select(Packet.id).where(Packet.hearing_id == hearing)).one()
        found = kept_packet(session, listed, packet, NOW)
    assert found is not None
    return found
