"""A packet drawn again gives the same bytes, whatever became known since, on both databases."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DatabaseError

from monitor import audit, packets
from monitor.access.scope import Scope
from monitor.amending import amend
from monitor.bench_page.page import BenchPage
from monitor.compliance.evaluation import switched_on
from monitor.db import Database
from monitor.documents import bench_pdf
from monitor.documents.bench import FORMS, content_of
from monitor.flag_history import keep_earlier
from monitor.models import (
    Adjudication,
    Attendance,
    Enrollment,
    EnrollmentEvent,
    Flag,
    Hearing,
    Packet,
    PolicyTerm,
    Requirement,
    Review,
)
from monitor.packets import compare, page_of, take
from rules.pack_files import OURS
from tests.builders import correct
from tests.monitor.court_town import CourtTown, add_case, add_flag, build_court_town

NOW = datetime(2026, 3, 9, 15, 40, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
PACKS = switched_on()


@pytest.fixture
def town(database: Database) -> CourtTown:
    town = build_court_town(database, NOW, cases=False)
    add_case(town, "1", "Doe", classes="yyMEyu", alleged="ABSENCE_UNEXCUSED", contested=True)
    return town


def taken(town: CourtTown) -> int:
    with town.database.system("test: a packet") as session, session.begin():
        packet = take(session, town.hearings[0], NOW, PACKS)
        assert packet is not None
        return packet.id


def same(town: CourtTown, number: int, packs: Any = PACKS) -> packets.Verdict:
    with town.database.system("test: again", writes=False) as session:
        return compare(session, session.get_one(Packet, number), packs)


def attendance(session: Any, place: int) -> Attendance:
    first = select(Attendance).where(Attendance.supersedes_id.is_(None)).order_by(Attendance.occurred_on)
    return list(session.scalars(first))[place]


def a_correction(session: Any, town: CourtTown) -> None:
    correct(session, attendance(session, 2), LATER, outcome="PRESENT", program_says="P")


def a_retraction(session: Any, town: CourtTown) -> None:
    correct(session, attendance(session, 0), LATER, retract=True)


def another_decision(session: Any, town: CourtTown) -> None:
    correct(session, session.scalars(select(Adjudication).order_by(Adjudication.id)).first(), LATER, retract=True)


def a_discharge_that_arrives_late(session: Any, town: CourtTown) -> None:
    place = session.scalars(select(Enrollment)).one()
    session.add(
        EnrollmentEvent(
            case_id=place.case_id, agency_id=place.agency_id, recorded_at=LATER, enrollment_id=place.id,
            event="DISCHARGED", occurred_on=town.today - timedelta(days=4), why="ABSENCES",
        )
    )  # fmt: skip


def a_hearing_moved_and_resulted(session: Any, town: CourtTown) -> None:
    row = session.get_one(Hearing, town.hearings[0])
    amend(session, row, LATER, room="Dept 9", outcome="WARNED", resulted_at=LATER)


def a_report_undone(session: Any, town: CourtTown) -> None:
    flag, review = session.scalars(select(Flag)).one(), session.scalars(select(Review)).one()
    flag.earlier = keep_earlier(flag, LATER)
    flag.state, flag.contested, review.undone_at = "OPEN", False, LATER


def a_local_policy(session: Any, town: CourtTown) -> None:
    session.add(
        PolicyTerm(
            agency_id=town.court_agency, court_id=town.court, term="bip.enrollment_proof_deadline", value={"value": 1},
            from_on=date(2025, 1, 1), citation="Local rule 7", recorded_at=LATER,
        )
    )  # fmt: skip


def another_duty(session: Any, town: CourtTown) -> None:
    old = session.scalars(select(Requirement)).first()
    session.add(
        Requirement(
            case_id=old.case_id, agency_id=old.agency_id, order_id=old.order_id, kind="testing", terms={},
            from_on=old.from_on, recorded_at=LATER,
        )
    )  # fmt: skip


NEWS = (
    a_correction, a_retraction, another_decision, a_discharge_that_arrives_late, a_hearing_moved_and_resulted,
    a_report_undone, a_local_policy, another_duty,
)  # fmt: skip


def test_after_all_kinds_of_news_the_instant_gives_the_same_bytes_and_the_same_print(town: CourtTown) -> None:
    number = taken(town)
    with town.database.system("test", writes=False) as session:
        kept = page_of(session.get_one(Packet, number))
    printed = bench_pdf([kept], NOW)
    for news in NEWS:
        with town.database.system("test") as session, session.begin():
            news(session, town)
        verdict = same(town, number)
        assert (verdict.whole, verdict.page, verdict.spans) == (True, True, True), news.__name__
    with town.database.system("test", writes=False) as session:
        packet = session.get_one(Packet, number)
        assert bench_pdf([page_of(packet)], NOW) == printed
        today = take_text(session, town)
    assert packet.page != today[0] and packet.spans != today[1], "the news say nothing: this tests nothing"


def take_text(session: Any, town: CourtTown) -> tuple[str, str]:
    page = packets.bench_page(session, town.hearings[0], LATER)
    assert page is not None
    spans = packets.evaluate_as_known(session, PACKS, LATER, [town.cases[0]])
    return packets.text_of_page(page), packets.text_of_spans(spans)


def test_a_value_that_becomes_known_later_changes_nothing_then(town: CourtTown, tmp_path: Path) -> None:
    number = taken(town)
    own = tmp_path / "us_ca"
    shutil.copytree(OURS / "us_ca", own)
    duty = own / "progress_report_overdue.yaml"
    cite = "{text: New rule, confidence: verified_text, checked: 2026-03-01}"
    later = f"    - {{value: 2, from: 2020-01-01, known_from: %s, cite: {cite}}}\n"
    told = {day: switched_on_with(tmp_path, duty, later % day) for day in ("2026-03-12", "2026-03-01")}
    assert same(town, number, told["2026-03-12"]).spans
    assert not same(town, number, told["2026-03-12"]).ground
    assert not same(town, number, told["2026-03-01"]).spans, "the value says nothing: this tests nothing"


def switched_on_with(folder: Path, duty: Path, line: str) -> Any:
    from rules import packs

    before = duty.read_text()
    duty.write_text(before + line)
    try:
        found = packs.load(folder)
        assert not found.faults
        return found
    finally:
        duty.write_text(before)


def test_a_packet_is_anchored_in_the_trail_and_can_be_neither_changed_nor_removed(town: CourtTown) -> None:
    key = audit.audit_key("a secret")
    with town.database.system("test") as session, session.begin():
        audit.append(session, audit.Act(event="docket.read"), key, NOW)
    number = taken(town)
    with town.database.system("test") as session:
        packet = session.get_one(Packet, number)
        assert (packet.audit_number, packet.audit_seal) == audit.head(session)
        assert audit.verify(session, key, {packet.audit_number: packet.audit_seal}).broken_at is None
    for statement in (update(Packet).values(page="{}"), delete(Packet)):
        with pytest.raises(DatabaseError), town.database.system("test") as session, session.begin():
            session.execute(statement)


def test_a_clerk_takes_it_by_hand_and_another_court_cannot(town: CourtTown) -> None:
    with town.database.scoped(Scope(1, "clerk", town.court_agency), writes=True) as session:
        packet = take(session, town.hearings[0], NOW, PACKS)
        session.commit()
        assert packet is not None
    assert same(town, packet.id) == packets.Verdict(True, True, True, True)
    with town.database.scoped(Scope(1, "clerk", town.other_court_agency), writes=True) as session:
        assert take(session, town.hearings[0], NOW, PACKS) is None


def test_no_question_that_nobody_reviewed_stands_in_it(town: CourtTown) -> None:
    with town.database.system("test") as session, session.begin():
        [filed] = session.scalars(select(Flag.id)).all()
        add_flag(session, town, town.cases[0], "CHECKIN_MISSED", acted=False)
    number = taken(town)
    with town.database.system("test", writes=False) as session:
        assert page_of(session.get_one(Packet, number)).flags == (filed,)


def test_after_the_look_of_the_page_was_changed_a_kept_packet_prints_the_same_bytes(
    town: CourtTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade in one test: a second form, and pages that are drawn in it from now on."""
    number = taken(town)
    with town.database.system("test", writes=False) as session:
        kept = page_of(session.get_one(Packet, number))
    printed = bench_pdf([kept], NOW)

    def shouted(page: BenchPage) -> dict[str, Any]:
        return content_of(page) | {"title": "COMPLIANCE REVIEW"}

    monkeypatch.setitem(FORMS, 2, ("bench.typ", shouted))
    monkeypatch.setattr("monitor.bench_page.building.FORM", 2)
    with town.database.system("test", writes=False) as session:
        again = page_of(session.get_one(Packet, number))
        today = packets.bench_page(session, town.hearings[0], NOW)
    assert today is not None and (again.form, today.form) == (1, 2)
    assert bench_pdf([again], NOW) == printed != bench_pdf([today], NOW)
    verdict = same(town, number)
    assert (verdict.whole, verdict.page, verdict.spans) == (True, True, True)
