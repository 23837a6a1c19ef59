"""An approval is of what it was about, by a second person, and an office writes in its own reports only (F2, F4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from monitor.access.scope import Scope
from monitor.allegations import approving, drafting
from monitor.allegations.reading import allegation_page
from monitor.allegations.steps import NOT_YOURS, Changed, add_step
from monitor.allegations.typed import Typed
from monitor.due_process import By
from monitor.flag_review.deciding import undo
from monitor.flag_review.reading import flag_page
from monitor.models import AllegationFlag, Assignment, CaseAgency, Flag, Review, random_id
from tests.builders import ORDERED_ON, add_user, build_town
from tests.monitor.filing import boss, done, office_with_a_miss, page_of, reported, sent, state
from tests.monitor.test_allegations import refused, step
from tests.office import NOW, raise_flag


@pytest.fixture
def office(database):
    return office_with_a_miss(database)


# ── an approval is of what it was about ─────────────────────────────────────────────────────────────────────────────


def before_the_court(flag, **more):
    return sa.update(Flag).where(Flag.id == flag).values(state="ACTED", **more)


def approved(office):
    report = reported(office)
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    return report


def test_the_database_itself_takes_a_flag_to_the_court_only_as_it_was_reviewed(database, office):
    approved(office)
    flag = office.flags["missed"]
    with database.system("test: asked anew") as session, session.begin():
        session.execute(sa.update(Flag).where(Flag.id == flag).values(state="OPEN", version="v2", response_class="D"))
    refused(database, before_the_court(flag), "review")
    with database.system("test: as it was") as session, session.begin():
        session.execute(sa.update(Flag).where(Flag.id == flag).values(version="v1", response_class="B"))
        session.execute(before_the_court(flag))


def test_the_database_itself_counts_no_approval_once_the_flag_was_reviewed_again(database, office):
    approved(office)
    flag = office.flags["missed"]
    with database.system("test: seen again") as session, session.begin():
        session.execute(sa.update(Flag).where(Flag.id == flag).values(state="OPEN"))
        session.add(a_review(office, flag, "ACKNOWLEDGE"))
    refused(database, before_the_court(flag), "review")


def test_the_database_itself_lets_no_flag_join_a_report_that_was_approved(database, office):
    report = approved(office)
    with database.system("test: another") as session, session.begin():
        late = raise_flag(session, office.matter, "CHECKIN_MISSED", "C")
        review = a_review(office, late, "ACT")
        session.add(review)
        session.flush()
        part = {"case_id": office.matter.case, "agency_id": office.town.office, "flag_id": late, "review_id": review.id}
    refused(database, sa.insert(AllegationFlag).values(id=7, allegation_id=report, **part), "approved")
    other = sa.update(AllegationFlag).where(AllegationFlag.allegation_id == report)
    refused(database, other.values(flag_id=late, review_id=part["review_id"]), "exchanged")


def test_the_database_itself_lets_nobody_approve_what_they_wrote_or_sent(database, office):
    report = reported(office)
    with database.system("test: written by supervisors") as session, session.begin():
        writer = add_user(session, office.town.office, "officer_supervisor", "writer@agency.example")
        sender = add_user(session, office.town.office, "officer_supervisor", "sender@agency.example")
        session.execute(step(office, report, "SAVED", writer, number=97))
        session.execute(step(office, report, "SUBMITTED", sender, number=98))
    for who in (writer, sender):
        refused(database, step(office, report, "APPROVED", who), "supervisor")
    with database.system("test: a second person") as session, session.begin():
        session.execute(step(office, report, "APPROVED", office.supervisor))


def a_review(office, flag, decision):
    return Review(
        id=random_id(), case_id=office.matter.case, agency_id=office.town.office, flag_id=flag, version="v1",
        decision=decision, words="Said.", content={}, decided_at=NOW + timedelta(hours=1), undone_at=None,
        by_user_id=office.officer,
    )  # fmt: skip


def test_what_changed_since_its_review_is_reviewed_again_before_it_goes_to_a_supervisor(office, database):
    report = reported(office)
    with database.system("test: an evaluation") as session, session.begin():
        session.execute(sa.update(Flag).where(Flag.id == office.flags["missed"]).values(version="v2"))
    assert any("since it was reviewed" in words for words in page_of(office, report).refused)
    with pytest.raises(Changed):
        sent(office, report)
    with office.scoped(writes=True) as session, session.begin():
        page = flag_page(session, office.flags["missed"], NOW, lock=True)
        undo(session, page, page.reviews[0].id, NOW)
    again = reported(office)
    sent(office, again)
    done(office, again, approving.approve, **boss(office))
    assert state(office) == "ACTED"


# ── another office ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_another_office_of_the_same_case_writes_nothing_in_this_offices_report(office, database):
    report = reported(office)
    with database.system("test: an office that shares the case") as session, session.begin():
        far = build_town(session, code="far")
        ours = session.scalars(sa.select(CaseAgency).where(CaseAgency.case_id == office.matter.case)).first()
        said = {column.name: getattr(ours, column.name) for column in CaseAgency.__table__.c if column.name != "id"}
        session.add(CaseAgency(**{**said, "agency_id": far.office}))
        other = add_user(session, far.office, "officer", "other@far.example")
        here = {"case_id": office.matter.case, "agency_id": far.office}
        session.add(Assignment(**here, user_id=other, from_on=ORDERED_ON, until_on=None))
    theirs = Scope(other, "officer", far.office)

    def tried(act, *words):
        with database.scoped(theirs, writes=True) as session, session.begin(), pytest.raises(Changed):
            page = allegation_page(session, report, NOW)
            assert page is not None, "they may read it"
            act(session, page, *words, NOW)

    tried(drafting.save, Typed(ask="CUSTODY", words="By the other office."))
    tried(drafting.submit, Typed(ask="REVIEW"))
    tried(drafting.drop)
    sent(office, report)
    done(office, report, approving.approve, **boss(office))
    tried(approving.withdraw, "We withdraw it.")
    tried(approving.contest, True, "")
    with database.scoped(theirs, writes=True) as session, session.begin(), pytest.raises(Changed):
        add_step(session, report, office.matter.case, "SERVED", By.REVIEWER, NOW)
    with database.scoped(theirs, writes=True) as session, session.begin(), pytest.raises(Changed) as absent:
        add_step(session, 12345, office.matter.case, "MADE", By.REVIEWER, NOW)
    assert absent.value.why == (NOT_YOURS,), "as if it were not there"
    assert (page_of(office, report).state, state(office)) == ("FILED", "ACTED")
