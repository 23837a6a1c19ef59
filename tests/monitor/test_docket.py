"""A court's day: who is heard first, what is asked, and what the court itself owes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import event, select, update

from monitor.access.scope import Scope
from monitor.bench_page.page import StatusWord
from monitor.db import Database
from monitor.docket import RANKS, Docket, docket, docket_pages, docket_text, next_docket
from monitor.models import Hearing, Pause, random_id
from monitor.response_matrix.default import DEFAULT
from tests.builders import add_user
from tests.matrix import adopt
from tests.monitor.court_town import CourtTown, add_case, add_flag, build_court_town, fact

NOW = datetime(2026, 3, 9, 15, 40, tzinfo=UTC)


@pytest.fixture
def town(database: Database) -> CourtTown:
    return build_court_town(database, NOW, cases=False)


def listed(town: CourtTown, order: str = "pressing") -> Docket:
    with town.bench() as session:
        found = docket(session, town.court_code, town.day, NOW, order=order)
    assert found is not None
    return found


def test_the_order_is_custody_safety_enrollment_allegations_silence_and_then_the_rest(town: CourtTown) -> None:
    add_case(town, "routine", "G", classes="yyyy", hour=8)
    add_case(town, "silent", "F", classes="yyyy?", program="quiet", hour=8)
    add_case(town, "alleged", "E", classes="yyM", alleged="ABSENCE_UNEXCUSED", hour=9)
    add_case(town, "not enrolled", "D", enrolled=False, hour=9)
    add_case(town, "firearms", "C", classes="yyyy", firearms=False, hour=10)
    add_case(town, "custody", "B", classes="yyyy", hour=11)
    with town.database.system("test") as session, session.begin():
        fact(session, town, Pause, town.cases[-1], town.today, kind="CUSTODY", starts_on=town.today)
    found = listed(town)
    numbers = ["custody", "firearms", "not enrolled", "alleged", "silent", "routine"]
    assert [line.number for line in found.lines] == numbers
    assert [line.rank for line in found.lines] == list(range(len(RANKS)))
    assert [line.number for line in listed(town, "on-track").lines] == numbers[::-1]
    assert [line.respondent for line in listed(town, "name").lines] == [f"{one}, A" for one in "BCDEFG"]
    assert [line.time for line in listed(town, "time").lines] == ["08:00", "08:00", "09:00", "09:00", "10:00", "11:00"]


def test_each_line_says_what_the_judge_is_asked(town: CourtTown) -> None:
    add_case(town, "alleged", "E", classes="yyM", alleged="ABSENCE_UNEXCUSED", contested=True)
    add_case(town, "silent", "F", classes="yyyy?", program="quiet")
    first, second = listed(town).lines
    assert first.contested and first.decide[0].startswith("Missed class")
    assert second.decide == ("Call the program, no report: Quiet Program (last 1 Mar)",)
    assert listed(town).late == ("Quiet Program (1 case)",)


def test_a_line_and_its_page_count_the_same(town: CourtTown) -> None:
    for number, classes in enumerate(("yyyy", "yM", "yyyy?")):
        add_case(town, str(number), "X", classes=classes, program="quiet")
    for line in listed(town).lines:
        page = town.page(line.hearing_id)
        counts = {word.value: sum(one.status is word for one in page.conditions) for word in StatusWord}
        assert dict(line.statuses) == {word: count for word, count in counts.items() if count}


def test_an_unreviewed_flag_changes_no_line(town: CourtTown) -> None:
    add_case(town, "1", "Doe", classes="yyyy")
    before = listed(town)
    with town.database.system("test") as session, session.begin():
        add_flag(session, town, town.cases[0], "NEW_VIOLENCE_REPORTED", acted=False, contested=True)
    assert listed(town) == before


def test_forty_cases_take_as_many_statements_as_one(town: CourtTown) -> None:
    counts = []
    add_case(town, "0", "A", classes="yyM", alleged="ABSENCE_UNEXCUSED")  # without any report two fewer are asked
    for more in (0, 5):
        for number in range(more):
            add_case(town, f"more {number}", "B", classes="yyM", alleged="ABSENCE_UNEXCUSED")
        seen: list[str] = []
        event.listen(town.database.engine, "before_cursor_execute", lambda *args, seen=seen: seen.append(args[2]))
        listed(town)
        counts.append(len(seen))
        assert sum("attendance.outcome" in one for one in seen) == 1, "thousands of classes, read once"
        seen.clear()
        listed(town)
        counts.append(len(seen))
        assert not any("attendance.outcome" in one for one in seen), "and not again, while nothing changes"
    assert counts[0] == counts[2] <= 32 and counts[1] == counts[3] <= 13


def test_the_strip_counts_what_the_court_owes(town: CourtTown) -> None:
    add_case(town, "1", "A", classes="yy")
    add_case(town, "2", "B", classes="yy")
    with town.database.system("test") as session, session.begin():
        session.execute(
            update(Hearing).where(Hearing.id == town.hearings[0]).values(outcome="CONTINUED", resulted_at=NOW)
        )
        old = town.today - timedelta(days=40)
        fact(session, town, Pause, town.cases[1], old, kind="WARRANT", starts_on=old)
    strip = listed(town).strip
    assert strip[0] == "Reviews heard this day without a next date: 1"
    assert strip[3] == "Warrants older than 30 days: 1"


def test_the_strip_counts_reports_that_were_not_heard_in_the_days_of_the_matrix(town: CourtTown) -> None:
    case = add_case(town, "1", "A", classes="yyM", alleged="ABSENCE_UNEXCUSED") and town.cases[0]
    add_case(town, "2", "B", classes="yy")

    def put(number: int, clock: str) -> str:
        b = msgspec.structs.replace(DEFAULT.classes["B"], clocks={**DEFAULT.classes["B"].clocks, "hearing": clock})
        content = msgspec.structs.replace(DEFAULT, classes={**DEFAULT.classes, "B": b})
        with town.database.system("test: adopted") as session, session.begin():
            from_on = town.today - timedelta(days=10 - number)
            colleague = add_user(session, town.office, "officer_supervisor", f"ito{number}@agency.example")
            adopt(session, town.office, town.officer, colleague, from_on, NOW, number=number, content=content)
        return listed(town).strip[2]

    assert listed(town).strip[2] == "Cases past their matrix clock: no local matrix adopted"
    assert put(1, "1 court day") == "Cases past their matrix clock: 0"  # approved on Sunday, and this is Monday
    assert put(2, "same day") == "Cases past their matrix clock: 1"
    for outcome, left in (("CONTINUED", 1), ("WARNED", 0)):
        with town.database.system("test: a hearing this morning") as session, session.begin():
            at = NOW - timedelta(hours=1)
            session.add(Hearing(
                id=random_id(), case_id=case, agency_id=town.court_agency, court_id=town.court, judge_id=town.judge,
                kind="COMPLIANCE_REVIEW", starts_at=at, room="1", review_no=9, outcome=outcome, resulted_at=at,
                recorded_at=at,
            ))  # fmt: skip
        assert listed(town).strip[2] == f"Cases past their matrix clock: {left}"


def test_an_outcome_shows_once_it_is_known(town: CourtTown) -> None:
    hearing = add_case(town, "1", "A", classes="yy")
    with town.database.system("test") as session, session.begin():
        session.execute(update(Hearing).where(Hearing.id == hearing).values(outcome="WARNED", resulted_at=NOW))
    assert listed(town).lines[0].outcome == "warned"
    with town.bench() as session:
        earlier = docket(session, town.court_code, town.day, NOW - timedelta(hours=1))
    assert earlier is not None and earlier.lines[0].outcome == ""


def test_the_days_before_and_after_are_named(town: CourtTown) -> None:
    hearing = add_case(town, "1", "A", classes="yy")
    with town.database.system("test") as session, session.begin():
        day = session.scalar(select(Hearing.starts_at).where(Hearing.id == hearing)) + timedelta(days=7)
        session.add(
            Hearing(
                case_id=town.cases[0], agency_id=town.court_agency, court_id=town.court, kind="SHOW_CAUSE", room="4",
                starts_at=day, recorded_at=NOW,
            )
        )  # fmt: skip
    found = listed(town)
    assert found.following is not None and found.following.day == town.day + timedelta(days=7)
    assert found.previous is not None and found.previous.day < town.today
    with town.bench() as session:
        empty = docket(session, town.court_code, town.day + timedelta(days=1), NOW)
        assert empty is not None and empty.lines == ()
        assert empty.empty_words == "No DV reviews on Thu 12 Mar 2026. Next: Wed 18 Mar 2026 (1)."
        assert next_docket(session, NOW) == (town.court_code, town.day)


def test_another_agencys_court_is_not_there(town: CourtTown) -> None:
    with town.database.scoped(Scope(1, "judge", town.other_court_agency)) as session:
        assert docket(session, town.court_code, town.day, NOW) is None
        assert docket(session, "nowhere", town.day, NOW) is None
        assert next_docket(session, NOW) is None


def test_the_pages_of_a_day_come_in_the_order_of_its_list(town: CourtTown) -> None:
    add_case(town, "1", "B", classes="yy")
    add_case(town, "2", "A", classes="yM", alleged="ABSENCE_UNEXCUSED")
    with town.bench() as session:
        found = docket_pages(session, town.court_code, town.day, NOW, printed_by="Court clerk K. Ito")
    assert found is not None
    assert [page.hearing_id for page in found[1]] == [line.hearing_id for line in found[0].lines]
    assert found[1][0].foot[-1] == "Printed by Court clerk K. Ito."


def test_the_text_form_fits_eighty_columns_and_holds_every_cell(town: CourtTown) -> None:
    add_case(town, "25-DV-000002", "Featherstonehaugh-Cholmondeley", classes="yyM", alleged="ABSENCE_UNEXCUSED")
    text = docket_text(listed(town))
    assert max(len(line) for line in text.splitlines()) <= 80
    flat = " ".join(text.split())
    for cell in listed(town).lines[0].cells:
        assert cell in flat
