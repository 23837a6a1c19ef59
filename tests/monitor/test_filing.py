"""A second person lets a report go to the court; the bench sees it no earlier, and what comes after (F4, F7, F8)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import msgspec
import pytest
import sqlalchemy as sa

from monitor.access.scope import Scope, ScopeError
from monitor.allegations import approving, drafting
from monitor.allegations.findings import findings_page, record
from monitor.allegations.queue import queue
from monitor.allegations.reading import allegation_page
from monitor.allegations.steps import Changed, add_step, state_of
from monitor.allegations.typed import Typed
from monitor.bench_page.reading import bench_page
from monitor.compliance.flags import refresh_flags
from monitor.documents.report import content_of
from monitor.due_process import ALLEGATIONS, By
from monitor.flag_history import keep_earlier
from monitor.flag_review.deciding import Waiting, contest, decide, undo
from monitor.flag_review.reading import flag_page
from monitor.local_law import LocalLaw, Sealing
from monitor.models import Allegation, AllegationStep, Attendance, Flag, Span, random_id
from tests.builders import ORDERED_ON, add_user, correct
from tests.matrix import adopt
from tests.monitor.filing import (
    ACT,
    DAY,
    bench,
    boss,
    done,
    office_with_a_miss,
    on_docket,
    page_of,
    report_with,
    reported,
    sent,
    state,
)
from tests.office import NOW, hearing, raise_flag

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office(database):
    return office_with_a_miss(database)


# ── the second person ───────────────────────────────────────────────────────────────────────────────────────────────


def test_only_what_a_supervisor_approved_reaches_bench_page_and_docket(office):
    report = reported(office)
    sent(office, report, words="Keep the evening group.")
    assert (bench(office).alleged, on_docket(office).rank) == ((), 4)
    with pytest.raises(Changed):
        done(office, report, approving.approve, who=office.colleague)
    done(office, report, approving.approve, **boss(office))
    page = bench(office, NOW + timedelta(seconds=1))
    assert len(page.alleged) == 1
    assert "Keep the evening group." in page.asks[0].text
    assert on_docket(office).rank == 3
    assert bench(office, NOW - timedelta(seconds=1)).alleged == (), "what was known a second earlier stays what it was"


def test_who_made_it_does_not_approve_it_nor_who_reviewed_a_flag_of_it(office):
    flag = office.flags["missed"]
    with office.scoped(writes=True, **boss(office)) as session, session.begin():
        page = flag_page(session, flag, NOW, lock=True)
        decide(session, page, page.token, ACT, NOW)
    report = report_with(office, flag)
    done(office, report, drafting.submit, Typed(ask="REVIEW"), **boss(office))
    page = page_of(office, report, **boss(office))
    assert "APPROVED" not in page.may and "Another supervisor" in page.closed_why
    with pytest.raises(Changed):
        done(office, report, approving.approve, **boss(office))


def test_returned_with_a_reason_it_can_be_sent_again(office):
    report = reported(office)
    sent(office, report)
    done(office, report, approving.give_back, "Say what the program answered.", **boss(office))
    page = page_of(office, report)
    assert (page.state, page.steps[0].words) == ("RETURNED", "Say what the program answered.")
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    assert page_of(office, report).state == "FILED"


def test_the_bench_reads_no_draft_no_return_and_no_answer_to_the_safety_stop(office):
    report = reported(office)
    sent(office, report, ask="WARRANT", safety="NONE_ASKED")
    scope = Scope(office.officer, "clerk", office.town.court_agency)
    with office.database.scoped(scope) as session:
        assert session.scalars(sa.select(Allegation.id)).all() == []
        assert session.scalars(sa.select(AllegationStep.id)).all() == []
    done(office, report, approving.approve, **boss(office))
    with office.database.scoped(scope) as session:
        steps = session.scalars(sa.select(AllegationStep)).all()
        assert [one.kind for one in steps] == ["APPROVED"]
        assert "NONE_ASKED" not in repr([one.content for one in steps])


def test_no_officer_writes_the_courts_word_and_no_clerk_an_approval(office):
    report = reported(office)
    sent(office, report)
    with office.scoped(writes=True) as session, pytest.raises(Changed):
        add_step(session, report, office.matter.case, "FOUND", By.REVIEWER, NOW, words="Found.")
    scope = Scope(office.officer, "clerk", office.town.court_agency)
    with office.database.scoped(scope, writes=True) as session, pytest.raises(ScopeError):
        session.add(Allegation(case_id=office.matter.case, agency_id=scope.agency_id, made_by_id=1, made_at=NOW))
        session.flush()


def test_a_contest_stands_in_the_line_on_every_page(office):
    report = reported(office)
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    done(office, report, approving.contest, True, "Says he told the program.", now=NOW + timedelta(minutes=1))
    later = NOW + timedelta(minutes=2)
    assert bench(office, later).alleged[0].title.line.endswith("CONTESTED")
    assert page_of(office, report, later).contested
    assert content_of(page_of(office, report, later))["contested"]
    with office.scoped() as session:
        assert flag_page(session, office.flags["missed"], later).contested
    done(office, report, approving.contest, False, "", now=NOW + timedelta(minutes=3))
    assert not bench(office, NOW + timedelta(minutes=4)).alleged[0].title.contested
    assert bench(office, later).alleged[0].title.contested, "what was known then stays what it was"


def test_a_correction_that_takes_its_ground_away_asks_for_a_withdrawal_and_the_court_reads_that_and_why(office):
    report = filed(office)
    approved = page_of(office, report)
    assert not approved.ground_gone
    the_rules_take_it_back(office)
    assert page_of(office, report).ground_gone
    later = LATER + timedelta(minutes=1)
    seen = bench(office, later)
    [line] = seen.alleged_lines
    assert line.startswith("Withdrawn by a correction on 4 Mar: Missed class, 23 Feb, because the program corrected")
    assert (seen.alleged, seen.flags) == ((), ()) and line in on_docket(office, later).decide
    assert len(bench(office).alleged) == 1, "an earlier page stays as it was"
    with office.database.scoped(Scope(office.officer, "clerk", office.town.court_agency)) as session:
        [told] = findings_page(session, office.flags["hearing"], later, LocalLaw()).reports
        assert told.corrected == (line.removesuffix(" (O)"),)
    done(office, report, approving.withdraw, "The sheet was wrong.", now=later)
    assert (page_of(office, report).state, state(office)) == ("WITHDRAWN", "WITHDRAWN")
    assert bench(office, later + timedelta(minutes=1)).alleged_lines == ("Nothing",), "a person answered it (H3)"


def the_rules_take_it_back(office):
    """The program corrects its row, and the rules withdraw their question."""
    with office.database.system("test: corrected") as session, session.begin():
        row = session.get_one(Attendance, office.missed)
        correct(session, row, LATER, outcome="PRESENT", program_says="P")
        flag = session.get_one(Flag, office.flags["missed"])
        flag.earlier, flag.state, flag.closed_at = keep_earlier(flag, LATER), "WITHDRAWN", LATER


def test_what_the_court_found_stays_found_and_says_that_the_record_was_corrected_since(office):
    report = filed(office)
    with office.database.system("test: a clerk") as session, session.begin():
        clerk = add_user(session, office.town.court_agency, "clerk", "clerk@court.example")
    with office.database.scoped(Scope(clerk, "clerk", office.town.court_agency), writes=True) as session:
        page = findings_page(session, office.flags["hearing"], NOW, LocalLaw())
        record(session, page, page.reports[0], "FOUND", "Found after hearing.", page.reports[0].token, NOW)
        session.commit()
    the_rules_take_it_back(office)
    later = LATER + timedelta(minutes=1)
    [line] = [line.text for line in bench(office, later).before if "Found after hearing" in line.text]
    assert "Found by the court: Missed class. The record was corrected on 4 Mar." in line
    assert report and bench(office, later).alleged_lines == ("Nothing",)


def test_a_question_that_the_rules_ask_anew_takes_no_report_from_the_bench_nor_lays_a_new_answer_before_it(office):
    filed(office)
    approved = bench(office).alleged[0]
    with office.database.system("test: it ended, and holds again") as session, session.begin():
        flag = session.get_one(Flag, office.flags["missed"])
        flag.earlier, flag.state = keep_earlier(flag, LATER), "OPEN"
    later = LATER + timedelta(minutes=1)
    assert bench(office, later).alleged[0].title == approved.title
    with office.scoped(writes=True) as session, session.begin():
        page = flag_page(session, office.flags["missed"], later, lock=True)
        decide(session, page, page.token, msgspec.structs.replace(ACT, words="Quite another matter."), later)
    again = bench(office, later + timedelta(minutes=1))
    assert again.alleged[0].title == approved.title
    assert not any("Quite another" in line.text for line in (*again.asks, *again.alleged[0].evidence))


def test_what_ended_by_the_record_says_so_until_a_hearing_has_passed_over_it(office):
    filed(office)
    with office.database.system("test: it ended") as session, session.begin():
        flag = session.get_one(Flag, office.flags["missed"])
        flag.earlier, flag.closed_at = keep_earlier(flag, LATER), LATER
        hearing(session, office.matter, LATER + DAY, outcome="COMPLIANT_CONTINUE")
    shown = bench(office, LATER + timedelta(minutes=1))
    assert "By the record it ended on 4 Mar" in [line.text for line in shown.alleged[0].evidence]
    assert bench(office, LATER + 2 * DAY).alleged == ()


def test_a_review_in_a_report_that_waits_for_the_supervisor_is_not_undone_under_their_hands(office):
    report = reported(office)
    sent(office, report)
    with office.scoped(writes=True) as session:
        page = flag_page(session, office.flags["missed"], NOW, lock=True)
        with pytest.raises(Waiting):
            undo(session, page, page.reviews[0].id, NOW)
        session.rollback()
    assert (page_of(office, report).state, state(office)) == ("WAITING", "REPORTED")
    done(office, report, approving.give_back, "Read it once more.", **boss(office))
    with office.scoped(writes=True) as session, session.begin():
        page = flag_page(session, office.flags["missed"], NOW, lock=True)
        undo(session, page, page.reviews[0].id, NOW)
    assert state(office) == "OPEN"


def test_a_withdrawn_report_leaves_the_bench_and_its_flags_wait_again(office):
    report = reported(office)
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    with pytest.raises(Changed, match="why"):
        done(office, report, approving.withdraw, " ")
    done(office, report, approving.withdraw, "It was the wrong group.", now=NOW + timedelta(minutes=1))
    assert (page_of(office, report).state, state(office)) == ("WITHDRAWN", "OPEN")
    assert bench(office, NOW + timedelta(minutes=2)).alleged == ()
    with office.database.system("test: the machine draws an earlier instant again") as session:
        then = bench_page(session, office.flags["hearing"], NOW + timedelta(seconds=30))
    assert len(then.alleged) == 1


def test_the_queue_shows_what_waits_with_the_offices_own_clock_and_to_an_officer_their_own_people(office):
    report = reported(office)
    sent(office, report)
    with office.scoped(**boss(office)) as session:
        [line] = queue(session, NOW, LocalLaw()).waiting
        assert (line.due_on, line.days_over) == (None, 0)  # no local matrix adopted: no clock
    with office.database.system("test: adopted") as session, session.begin():
        adopt(session, office.town.office, office.supervisor, office.colleague, ORDERED_ON, NOW)
    with office.scoped(**boss(office)) as session:
        [line] = queue(session, NOW, LocalLaw()).waiting
        assert (line.id, line.days_over) == (report, (NOW.date() - line.due_on).days)
        late = queue(session, NOW + 60 * DAY, LocalLaw()).waiting[0]
        assert late.days_over > 0
    with office.scoped(who=office.colleague) as session:
        assert queue(session, NOW, LocalLaw()).waiting == ()


def test_a_withdrawn_report_leaves_everyday_view_only_where_the_site_says_so(office):
    report = reported(office)
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    done(office, report, approving.withdraw, "It was the wrong group.")
    sealing = LocalLaw(seal=Sealing(from_on=NOW.date(), days=10))
    with office.scoped() as session:
        assert len(queue(session, NOW + 400 * DAY, LocalLaw()).ended) == 1
        assert len(queue(session, NOW + 10 * DAY - timedelta(seconds=1), sealing).ended) == 1
        assert queue(session, NOW + 10 * DAY, sealing).ended == ()


def test_nobody_else_sees_an_office_s_report(office):
    report = reported(office)
    assert page_of(office, 12345) is None
    assert page_of(office, 1 << 90) is None
    scope = Scope(office.officer, "program", office.town.program_agency)
    with office.database.scoped(scope) as session, pytest.raises(ScopeError):
        allegation_page(session, report, NOW)


def test_the_state_is_what_the_steps_say(office):
    assert state_of(["MADE", "SAVED", "SUBMITTED", "RETURNED", "SAVED", "SUBMITTED", "APPROVED"]) == "FILED"
    assert state_of(["MADE", "SUBMITTED", "APPROVED", "CONTESTED", "FOUND", "REOPENED", "NOT_FOUND"]) == "NOT_FOUND"
    assert state_of(["APPROVED", "CONTESTED", "ADMITTED"]) == "ADMITTED", "as the court reads it"
    assert not re.search("violat", " ".join(ALLEGATIONS.values()), re.I)


# ── what was approved, and what the machine writes afterwards ───────────────────────────────────────────────────────


def the_machine_reads_it_otherwise(office, **changes):
    """The span behind the missed class is replaced by one that says something else, and its flag brought up to date."""
    with office.database.system("test: an evaluation") as session, session.begin():
        old = session.get_one(Span, session.get_one(Flag, office.flags["missed"]).span_id)
        old.known_until = LATER
        said = {column.name: getattr(old, column.name) for column in Span.__table__.c}
        said |= {"id": random_id(), "version": "v2", "known_from": LATER, "known_until": None, **changes}
        session.add(Span(**said))
        session.flush()
        refresh_flags(session, [office.matter.case], LATER)


def filed(office):
    report = reported(office)
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    return report


def of_the_bench(office, now):
    [one] = bench(office, now).alleged
    return one.title.text, one.response_class, one.code


OTHERWISE = {"response_class": "D", "starts_on": date(2026, 1, 5), "due_on": date(2026, 1, 9), "code": "CHECKIN_MISSED"}


def test_no_evaluation_rewrites_what_a_supervisor_approved_and_the_bench_reads_that_the_record_changed(office):
    report = filed(office)
    approved = of_the_bench(office, NOW)
    assert approved[1:] == ("B", "ABSENCE_UNEXCUSED") and "23 Feb" in approved[0]
    assert not any("changed" in line.text for line in bench(office).alleged[0].evidence)
    the_machine_reads_it_otherwise(office, **OTHERWISE)
    assert state(office) == "ACTED", "the flag itself follows the record"
    later = LATER + timedelta(minutes=1)
    assert of_the_bench(office, later) == approved
    [line] = [line.text for line in bench(office, later).alleged[0].evidence if "changed since" in line.text]
    assert all(words in line for words in ("what it is about", "its day", "the day it was due", "its class"))
    assert "5 Jan" not in line and "ask probation" in line, "what nobody reviewed stays off the bench"
    assert of_the_bench(office, NOW) == approved, "an earlier page stays as it was"
    assert not any("changed" in line.text for line in bench(office, NOW).alleged[0].evidence)
    assert any("its class was B, and is D." in words for words in page_of(office, report, later).since)
    assert on_docket(office).rank == 3


def test_no_evaluation_takes_a_filed_report_off_the_bench_by_calling_it_a_lapse(office):
    filed(office)
    approved = of_the_bench(office, NOW)
    the_machine_reads_it_otherwise(office, certainty="CANNOT_EVALUATE")
    assert of_the_bench(office, LATER + timedelta(minutes=1)) == approved


def test_new_rows_behind_a_filed_report_are_told_though_it_reads_the_same(office):
    report = filed(office)
    assert page_of(office, report).since == ()
    the_machine_reads_it_otherwise(office)
    later = LATER + timedelta(minutes=1)
    assert any("changed since this was approved: ask" in line.text for line in bench(office, later).alleged[0].evidence)
    assert page_of(office, report, later).since


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"response_class": "D"}, "its class was B, and is D"), ({"first_on": date(2026, 1, 5)}, "its day was"),
        ({"due_on": date(2026, 1, 9)}, "the day it was due was none"), ({"version": "v2"}, "Read it again"),
        ({"code": "CHECKIN_MISSED"}, "its code was"),
    ],
)  # fmt: skip
def test_nothing_is_approved_whose_class_day_or_rows_changed_after_it_was_sent(office, changes, said):
    report = reported(office)
    sent(office, report)
    with office.database.system("test: an evaluation") as session, session.begin():
        flag = session.get_one(Flag, office.flags["missed"])
        for target in (flag, session.get_one(Span, flag.span_id)):
            for name, value in changes.items():
                setattr(target, {"first_on": "starts_on"}.get(name, name) if target is not flag else name, value)
    assert any(said in words for words in page_of(office, report).changed)
    with pytest.raises(Changed):
        done(office, report, approving.approve, **boss(office))
    assert state(office) == "REPORTED"


def test_whoever_wrote_or_sent_the_standing_text_does_not_approve_it(office):
    """One supervisor alone cannot rewrite another's report, send it and let it go."""
    report = reported(office)
    sent(office, report)
    done(office, report, drafting.submit, Typed(ask="CLOSER", words="My own words."), **boss(office))
    page = page_of(office, report, **boss(office))
    assert (page.state, page.typed.ask) == ("WAITING", "CLOSER")
    assert "APPROVED" not in page.may and "Another supervisor" in page.closed_why
    with pytest.raises(Changed):
        done(office, report, approving.approve, **boss(office))


def test_a_colleagues_flag_does_not_pull_back_what_waits_for_a_supervisor(office, database):
    report = reported(office)
    sent(office, report)
    with database.system("test: another question") as session, session.begin():
        other = raise_flag(session, office.matter, "CHECKIN_MISSED", "B")
    second = reported(office, other)
    assert second != report
    assert page_of(office, report).state == "WAITING" and page_of(office, second).state == "DRAFT"


def test_a_contest_after_a_withdrawal_shows_on_the_flag(office):
    flag = office.flags["missed"]
    report = reported(office)
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    done(office, report, approving.contest, False, "", now=NOW + timedelta(minutes=1))
    done(office, report, approving.withdraw, "The wrong group.", now=NOW + timedelta(minutes=2))
    with office.scoped(writes=True) as session, session.begin():
        contest(session, flag_page(session, flag, then := NOW + timedelta(minutes=3), lock=True), True, then)
    with office.scoped() as session:
        assert flag_page(session, flag, NOW + timedelta(minutes=4)).contested
