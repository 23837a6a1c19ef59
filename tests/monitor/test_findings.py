"""What the court said, by its own people in its own words; what was not found stands on no page (F1, F7, F11, H3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from monitor.access.scope import Scope
from monitor.allegations import approving
from monitor.allegations.findings import contest, faults_of, findings_page, record
from monitor.allegations.steps import Changed, add_step
from monitor.current import current
from monitor.due_process import By
from monitor.flag_review.reading import flag_page
from monitor.local_law import LocalLaw, Sealing
from monitor.models import AllegationStep, CourtDecision, Flag, Review
from tests.builders import add_user
from tests.monitor.filing import DAY, bench, boss, done, office_with_a_miss, page_of, reported, sent
from tests.office import NOW

LATER = NOW + timedelta(hours=1)
SAID = "I find that he missed the class of February 23 without a reason."


@pytest.fixture
def office(database):
    office = office_with_a_miss(database)
    with database.system("test: a clerk") as session, session.begin():
        office.flags["clerk"] = add_user(session, office.town.court_agency, "clerk", "clerk@court.example")
    return office


@pytest.fixture
def filed(office):
    """The id of a report before the court."""
    report = reported(office)
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    return report


def at_court(office, writes=False):
    scope = Scope(office.flags["clerk"], "clerk", office.town.court_agency)
    return office.database.scoped(scope, writes=writes)


def page_at_court(office, now=LATER, law=None):
    with at_court(office) as session:
        return findings_page(session, office.flags["hearing"], now, law or LocalLaw())


def recorded(office, finding, words=SAID, now=LATER, token=""):
    with at_court(office, writes=True) as session, session.begin():
        page = findings_page(session, office.flags["hearing"], now, LocalLaw())
        [report] = page.reports
        assert not faults_of(report, finding, words, counsel=True)
        record(session, page, report, finding, words, token or report.token, now)


def test_the_court_sees_what_was_filed_and_nothing_is_filled_in_for_it(office, filed):
    [report] = page_at_court(office).reports
    assert report.id == filed
    assert report.matters[0].title == "Unexcused absence"
    assert report.said == ""
    assert report.may == {"FOUND", "NOT_FOUND", "ADMITTED", "WITHDRAWN", "CONTESTED", "ANSWERED"}


def test_before_a_supervisor_approved_it_there_is_nothing_at_court(office):
    report = reported(office)
    sent(office, report)
    assert page_at_court(office).reports == ()


def test_a_finding_needs_the_courts_own_words_and_an_admission_counsel(office, filed):
    [report] = page_at_court(office).reports
    assert set(faults_of(report, "FOUND", "  ", counsel=False)) == {"words"}
    assert set(faults_of(report, "ADMITTED", SAID, counsel=False)) == {"counsel"}
    assert set(faults_of(report, "REVOKED", SAID, counsel=True)) == {"finding"}
    assert set(faults_of(report, "REOPENED", SAID, counsel=True)) == {"finding"}, "there is nothing to take back"
    assert set(faults_of(None, "FOUND", SAID, counsel=True)) == {"finding"}


@pytest.mark.parametrize("finding, word", [("FOUND", "Found by the court"), ("ADMITTED", "Admitted")])
def test_what_was_found_leaves_alleged_and_stands_in_the_courts_words(office, filed, finding, word):
    assert len(bench(office, LATER).alleged) == 1
    recorded(office, finding)
    page = bench(office, LATER + DAY)
    assert page.alleged == ()
    [line] = [said for said in page.before if word in said.text]
    assert SAID in line.text and line.source.value == "C"
    assert page_of(office, filed, LATER).state == finding
    assert page_of(office, filed, LATER).steps[0].words == SAID
    assert len(bench(office, LATER - timedelta(seconds=1)).alleged) == 1, "a second earlier nobody had spoken"


@pytest.mark.parametrize("finding", ["NOT_FOUND", "WITHDRAWN"])
def test_what_was_not_found_or_withdrawn_stands_on_no_bench_page(office, filed, finding):
    recorded(office, finding, words="Not shown by the evidence.")
    page = bench(office, LATER + DAY)
    assert page.alleged == ()
    assert "Not shown" not in repr(page) and "February 23" not in repr(page.before)
    assert page_of(office, filed, LATER).state == finding


@pytest.mark.parametrize("finding", ["NOT_FOUND", "WITHDRAWN"])
def test_nor_does_the_court_read_it_by_asking_for_an_earlier_instant(office, filed, finding):
    before = NOW + timedelta(minutes=30)
    assert len(bench(office, before).alleged) == 1
    recorded(office, finding)
    assert bench(office, before).alleged == ()
    with at_court(office) as session:
        assert session.scalars(sa.select(Flag.id)).all() == session.scalars(sa.select(Review.id)).all() == []


@pytest.mark.parametrize("finding, sealed", [("NOT_FOUND", True), ("WITHDRAWN", True), ("FOUND", False)])
def test_it_leaves_everyday_view_after_the_sites_days_and_only_where_the_site_set_them(office, filed, finding, sealed):
    recorded(office, finding)
    law = LocalLaw(seal=Sealing(from_on=(LATER + 5 * DAY).date(), days=2))
    for days, there in ((1, True), (4, True), (6, not sealed)):
        assert bool(page_at_court(office, LATER + days * DAY, law).reports) is there, days
    assert page_at_court(office, LATER + 4000 * DAY).reports, "no site setting: nothing is guessed"


def test_a_wrong_entry_is_taken_back_by_the_court_with_a_reason(office, filed):
    recorded(office, "FOUND")
    recorded(office, "REOPENED", "Entered for the wrong case.", LATER + timedelta(minutes=1))
    [report] = page_at_court(office).reports
    assert (report.state, report.said) == ("FILED", "")
    assert len(bench(office, LATER + DAY).alleged) == 1
    recorded(office, "NOT_FOUND", "Not shown.", LATER + timedelta(minutes=2))
    assert bench(office, LATER + DAY).alleged == ()
    recorded(office, "REOPENED", "Entered for the wrong case.", LATER + timedelta(minutes=3))
    assert len(bench(office, NOW + timedelta(minutes=30)).alleged) == 1, "taken back: it is there again"


def test_the_courts_answer_is_a_fact_that_its_own_clock_sees_until_taken_back(office, filed):
    told = sa.select(CourtDecision.about_id, CourtDecision.found).where(current(CourtDecision))
    recorded(office, "FOUND")
    with office.scoped() as session:
        assert session.execute(told).all() == [(office.missed, True)]
    recorded(office, "REOPENED", "Entered for the wrong case.", LATER + timedelta(minutes=1))
    with office.scoped() as session:
        assert session.execute(told).all() == []


def test_two_people_at_court_do_not_write_over_each_other(office, filed):
    [report] = page_at_court(office).reports
    recorded(office, "FOUND")
    with pytest.raises(AssertionError):
        recorded(office, "NOT_FOUND", "Not shown.", token=report.token)
    with at_court(office, writes=True) as session:
        page = findings_page(session, office.flags["hearing"], LATER, LocalLaw())
        with pytest.raises(Changed):
            record(session, page, page.reports[0], "REOPENED", "Wrong.", report.token, LATER)


def test_court_staff_enter_a_contest_and_everybody_reads_it(office, filed):
    with at_court(office, writes=True) as session, session.begin():
        page = findings_page(session, office.flags["hearing"], NOW, LocalLaw())
        contest(session, page, page.reports[0], True, NOW + timedelta(minutes=1))
    assert bench(office, LATER).alleged[0].title.line.endswith("CONTESTED")
    assert page_of(office, filed, LATER).contested
    assert page_at_court(office).reports[0].contested
    with office.scoped() as session:
        assert flag_page(session, office.flags["missed"], LATER).contested
    done(office, filed, approving.contest, False, "", now=NOW + timedelta(minutes=2))
    assert not page_at_court(office).reports[0].contested


def test_no_word_of_a_finding_is_made_by_the_machine(office, filed):
    recorded(office, "FOUND")
    with office.database.system("test: look") as session:
        [step] = session.scalars(sa.select(AllegationStep).where(AllegationStep.kind == "FOUND"))
    assert step.words == SAID
    assert step.by_user_id == office.flags["clerk"]
    assert step.content == {"hearing": str(office.flags["hearing"])}


def test_no_word_of_an_office_travels_to_the_court_with_a_step(office):
    """The supervisor's remark, kept in an older record, how it was handed over, a contest."""
    remark = "Victim staff spoke on Friday. None was wanted."
    report = reported(office)
    sent(office, report)
    done(office, report, approving.give_back, remark, **boss(office))
    sent(office, report)
    with office.scoped(writes=True, **boss(office)) as session, session.begin():
        add_step(session, report, office.matter.case, "APPROVED", By.SUPERVISOR, NOW, words=remark)
    with office.scoped(writes=True) as session, session.begin():
        for kind in ("NOTICED", "SERVED", "CONTESTED", "WITHDRAWN"):
            add_step(session, report, office.matter.case, kind, By.REVIEWER, NOW, words=remark,
                     content={"language": "en"} if kind == "NOTICED" else {})  # fmt: skip
    [one] = page_at_court(office).reports
    assert {"APPROVED", "SERVED", "CONTESTED", "WITHDRAWN"} <= {step.kind for step in one.steps}
    assert remark not in repr(one)
