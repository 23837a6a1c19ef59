"""The safety step before what may raise danger (safeguard E5): it waits, it goes on, and it tells nobody how."""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from contextlib import closing
from datetime import date

import msgspec
import pytest
from sqlalchemy import func, select, text

from monitor.access.scope import Scope
from monitor.allegations import approving, drafting
from monitor.allegations.reading import allegation_page
from monitor.allegations.typed import Typed
from monitor.clock import utc_now
from monitor.db import Database
from monitor.due_notices import answering
from monitor.due_notices.due import due_of
from monitor.local_law import LocalLaw, Sealing
from monitor.models import (
    Allegation,
    AuditEntry,
    Base,
    CaseAgency,
    NoticeAnswer,
    Outbox,
    SafetyStep,
)
from tests.builders import add_user, at
from tests.monitor.filing import reported
from tests.office import hearing
from tests.web.caring.desk import DAY, LATER, NOT_CONFIDENTIAL, items, kinds, lite, say, stand
from tests.web.test_allegations import act
from tests.web.test_flags import ANSWERS, send


def test_practitioner_5_the_revocation_filing_waits_for_the_safety_step(office, staff, officer, supervisor, database):
    """Given a revocation filing is ready and she asked for notice When the PO presses send Then it waits for the safety
    step; V/W sees "1 item due"; after "reached" it goes; the database contains no phone, address or word she said."""
    assert stand(staff, office, "ASKED").status_code == 303
    assert "0 items due" in staff.get("/due-notices").text
    began = send(officer, office.flags["missed"], decision="ACT", words="Please review.", **ANSWERS)
    report = began.headers["location"]
    assert act(officer, report, "submit", ask="REVOCATION").status_code == 303
    assert "safety step" in officer.get(report).text and "safety step" in supervisor.get(report).text
    assert "Approve: it lies" not in supervisor.get(report).text
    unprinted = r'<div class="no-print"><div class="usa-alert[^>]*>(?:(?!</section>).)*The safety step comes first'
    assert re.search(unprinted, re.sub(r">\s+<", "><", officer.get(report).text), re.S), "a paper lies about"
    refused = act(supervisor, report, "approval", decision="approve")
    assert refused.status_code == 422 and "It waits for the safety step" in refused.text
    page = staff.get("/due-notices").text
    assert "1 item due" in page and "A filing to hear whether probation ends" in page and NOT_CONFIDENTIAL in page
    with database.system("test: letters") as session:
        told = session.scalars(select(Outbox).where(Outbox.key.like("safety:%"))).all()
    assert [(one.recipient_id, one.body) for one in told] == [(staff.user_id, "You have 1 item due today. Sign in.")]
    assert say(staff, office, "SAFETY", "ATTEMPTED").status_code == 303
    assert act(supervisor, report, "approval", decision="approve").status_code == 422, "tried is not finished"
    assert say(staff, office, "SAFETY", "REACHED").status_code == 303
    assert "0 items due" in staff.get("/due-notices").text
    text = supervisor.get(report).text
    assert "Approve: it lies" in text
    for word in ("reached", "Reached", "Asked for notices"):
        assert word not in text and word not in officer.get(report).text
    assert act(supervisor, report, "approval", decision="approve").status_code == 303
    assert "Before the court" in officer.get(report).text
    columns = {column.name: column.type.python_type for column in NoticeAnswer.__table__.columns}
    assert [name for name, kind in columns.items() if kind is str] == ["kind", "answer"]
    with database.system("test: every word of the desk") as session:
        words = {word for row in session.execute(select(NoticeAnswer.kind, NoticeAnswer.answer)) for word in row}
    assert words == {"STANDING", "ASKED", "SAFETY", "ATTEMPTED", "REACHED"}, "codes of lists, and no word beside"


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_two_people_of_the_desk_answer_one_safety_step_at_once_and_the_second_is_told(
    office, staff, officer, supervisor, database
):
    """Given a colleague's answer is on its way Then the second reads how it stands (409), and one row is there."""
    began = send(officer, office.flags["missed"], decision="ACT", words="Please review.", **ANSWERS)
    assert act(officer, began.headers["location"], "submit", ask="WARRANT").status_code == 303
    about, when = next((about, when) for kind, about, when, _ in items(staff) if kind == "SAFETY")
    form = {"kind": "SAFETY", "about": about, "at": when, "answer": "REACHED"}
    answers = []
    late = threading.Thread(
        target=lambda: answers.append(staff.post(f"/due-notices/{office.matter.case}/answers", data=form))
    )
    colleague = Scope(user_id=staff.user_id, role="victim_witness", agency_id=office.flags["desk"])
    with database.scoped(colleague, writes=True) as session, session.begin():
        [item] = [one for one in due_of(session, utc_now()) if one.event.kind == "SAFETY"]
        assert answering.answer(session, [item], item.event.key, "NOT_REACHED", utc_now())
        late.start()
        assert _somebody_waits(database)
    late.join(30)
    [second] = answers
    assert second.status_code == 409 and "was answered meanwhile" in second.text
    with database.system("test: steps", writes=False) as session:
        steps = session.scalars(select(SafetyStep.kind).order_by(SafetyStep.number))
        assert list(steps) == ["ASKED", "FINISHED"]
        assert [one.answer for one in session.scalars(select(NoticeAnswer))] == ["NOT_REACHED"]


@lite
def test_a_report_that_left_everyday_view_leaves_the_desk_and_no_correction_falls_due_for_it(
    office, staff, officer, supervisor, database, app
):
    """Given staff told of a report, its safety step among it When it was withdrawn and the site's day came Then nothing
    of it stands on their list or page (H3); without a setting of the site it stays."""
    assert stand(staff, office, "ASKED").status_code == 303
    began = send(officer, office.flags["missed"], decision="ACT", words="Please review.", **ANSWERS)
    report = began.headers["location"]
    act(officer, report, "submit", ask="WARRANT")
    assert say(staff, office, "SAFETY", "REACHED").status_code == 303
    assert act(supervisor, report, "approval", decision="approve").status_code == 303
    assert act(officer, report, "withdraw", reason="The wrong group.").status_code == 303
    path = f"/due-notices/{office.matter.case}"
    assert "Report to the court withdrawn" in staff.get("/due-notices").text
    assert say(staff, office, "WITHDRAWN", "REACHED").status_code == 303
    told = ("Safety step first", "Report to the court withdrawn")
    assert all(one in staff.get(path).text for one in told), "no site setting: nothing is guessed"
    law = LocalLaw(seal=Sealing(from_on=utc_now().date() - DAY))
    app.state.site = msgspec.structs.replace(app.state.site, law=law)
    page = staff.get(path).text
    assert not any(one in page for one in (*told, "What you told no longer holds")) and kinds(staff) == []
    assert "Asked for notices" in page


def _somebody_waits(database):
    """A statement stands still for a lock that another transaction holds."""
    for _ in range(1200):
        with database.system("test: locks", writes=False) as session:
            if session.scalar(select(func.count()).select_from(text("pg_locks")).where(text("not granted"))):
                return True
        time.sleep(0.05)
    return False


@lite
def test_danger_said_once_opens_one_sending_and_the_next_one_waits(office, staff, officer, supervisor, database):
    """Given imminent danger was recorded and the supervisor returned the report When it is sent again without it Then
    it waits for the safety step anew, and the office has an item anew."""
    began = send(officer, office.flags["missed"], decision="ACT", words="Please review.", **ANSWERS)
    report = began.headers["location"]
    assert act(officer, report, "submit", ask="WARRANT", safety="IMMINENT").status_code == 303
    assert act(supervisor, report, "approval", decision="return", reason="Fix the day.").status_code == 303
    assert act(officer, report, "submit", ask="WARRANT").status_code == 303
    refused = act(supervisor, report, "approval", decision="approve")
    assert refused.status_code == 422 and "It waits for the safety step" in refused.text
    assert "it went on: imminent danger" not in staff.get("/due-notices").text
    assert say(staff, office, "SAFETY", "REACHED").status_code == 303
    assert act(supervisor, report, "approval", decision="approve").status_code == 303
    with database.system("test: what was kept") as session:
        told = session.scalars(select(SafetyStep.kind).order_by(SafetyStep.number)).all()
    assert told == ["ASKED", "OVERRIDDEN", "ASKED", "FINISHED"]


@lite
def test_a_step_finished_before_a_report_was_returned_does_not_stand_for_the_next_sending(
    office, staff, officer, supervisor
):
    """Given the step was finished and then the report was returned When it is sent again Then somebody calls again."""
    began = send(officer, office.flags["missed"], decision="ACT", words="Please review.", **ANSWERS)
    report = began.headers["location"]
    act(officer, report, "submit", ask="WARRANT")
    say(staff, office, "SAFETY", "REACHED")
    assert act(supervisor, report, "approval", decision="return", reason="Fix the day.").status_code == 303
    assert kinds(staff) == ["STANDING"]
    assert act(officer, report, "submit", ask="WARRANT").status_code == 303
    assert "SAFETY" in kinds(staff)
    assert act(supervisor, report, "approval", decision="approve").status_code == 422
    say(staff, office, "SAFETY", "NOT_REACHED")
    assert act(supervisor, report, "approval", decision="approve").status_code == 303


def _worlds(database, tmp_path, office, *, answers):
    """The same day in copies of one record: asked for and reached, not reached, declined. Everything after is equal."""
    now = at(date(2026, 3, 4), 9)
    staff = office.flags["staff"]
    for name, wanted, said in answers:
        path = tmp_path / f"{name}.db"
        with closing(sqlite3.connect(database.url.partition("///")[2])) as one, closing(sqlite3.connect(path)) as other:
            one.backup(other)
        world = Database(f"sqlite:///{path}")
        theirs = Scope(user_id=staff, role="victim_witness", agency_id=office.flags["desk"])
        if wanted:
            with world.scoped(theirs, writes=True) as session, session.begin():
                answering.stand(session, office.matter.case, wanted, now)
        report = office.flags["report"]
        mine = Scope(user_id=office.officer, role="officer", agency_id=office.town.office)
        with world.scoped(mine, writes=True) as session, session.begin():
            drafting.submit(session, allegation_page(session, report, now), Typed(ask="REVOCATION"), now)
        waiting = _seen(world, office, now)
        if said:
            with world.scoped(theirs, writes=True) as session, session.begin():
                [item] = [one for one in due_of(session, now + LATER) if one.event.kind == "SAFETY"]
                assert answering.answer(session, [item], item.event.key, said, now + LATER)
        boss = Scope(user_id=office.supervisor, role="officer_supervisor", agency_id=office.town.office)
        with world.scoped(boss, writes=True) as session, session.begin():
            approving.approve(session, allegation_page(session, report, now + DAY), now + DAY, imminent=not said)
        yield name, waiting, _seen(world, office, now + DAY), _rows(world)
        world.close()


def _seen(world, office, now):
    """The report as officer and supervisor read it, without the step's own random id."""
    pages = []
    for who, role in ((office.officer, "officer"), (office.supervisor, "officer_supervisor")):
        with world.scoped(Scope(user_id=who, role=role, agency_id=office.town.office)) as session:
            pages.append(repr(allegation_page(session, office.flags["report"], now)))
    return pages


def _rows(world):
    """Every row of every table but the desk's own, without ids that are drawn anew."""
    with world.system("test: compare") as session:
        return {
            table.name: sorted(
                repr({name: value for name, value in row.items() if name not in ("id", "key")})
                for row in session.execute(select(table)).mappings()
            )
            for table in Base.metadata.sorted_tables if table.name != "notice_answer"
        }  # fmt: skip


@lite
def test_practitioner_5_she_declined_and_nobody_else_can_see_it(office, database, tmp_path):
    """Given she declined notices Then none fall due, and no other role can see that she declined."""
    with database.system("test: one of the desk") as session, session.begin():
        office.flags["staff"] = add_user(session, office.flags["desk"], "victim_witness", "amaya@vw.example")
        hearing(session, office.matter, at(date(2026, 3, 5), 9))
    office.flags["report"] = reported(office)
    worlds = list(_worlds(database, tmp_path, office, answers=(
        ("asked", "ASKED", "REACHED"), ("gone", "ASKED", "NOT_REACHED"), ("declined", "DECLINED", "DECLINED"),
        ("nobody asked", "", "REACHED"),
    )))  # fmt: skip
    first = worlds[0]
    for name, waiting, after, rows in worlds[1:]:
        assert waiting == first[1] and after == first[2], f"{name}: the officers read the same"
        assert rows == first[3], f"{name}: no row outside the desk's own table differs"
    scope = Scope(user_id=office.flags["staff"], role="victim_witness", agency_id=office.flags["desk"])
    with database.scoped(scope, writes=True) as session, session.begin():
        answering.stand(session, office.matter.case, "DECLINED", at(date(2026, 3, 4), 9))
        assert due_of(session, at(date(2026, 3, 4), 10)) == (), "a hearing of tomorrow is nobody's to tell"


@lite
def test_an_answer_is_taken_back_by_whoever_gave_it_and_the_filing_waits_again(office, staff, officer, supervisor,
                                                                               client_as, database):  # fmt: skip
    stand(staff, office, "ASKED")
    report = send(officer, office.flags["missed"], decision="ACT", words="Review.", **ANSWERS).headers["location"]
    act(officer, report, "submit", ask="WARRANT")
    say(staff, office, "SAFETY", "REACHED")
    with database.system("test: the answer") as session:
        number = session.scalars(select(NoticeAnswer.id).where(NoticeAnswer.kind == "SAFETY")).one()
    colleague = client_as("victim_witness", agency_id=office.flags["desk"], name="C. Other")
    assert "Take it back" not in colleague.get(f"/due-notices/{office.matter.case}").text
    path = f"/due-notices/answers/{number}/take-back"
    assert colleague.post(path, data={}).status_code == 404
    assert staff.post(path, data={}).status_code == 303 and staff.post(path, data={}).status_code == 404
    assert kinds(staff) == ["SAFETY"]
    assert act(supervisor, report, "approval", decision="approve").status_code == 422
    with database.system("test: it stays on record") as session:
        assert session.get_one(NoticeAnswer, number).taken_back_at is not None


@lite
def test_imminent_danger_goes_on_without_waiting_and_the_desk_still_calls(office, staff, officer, supervisor, database):
    report = send(officer, office.flags["missed"], decision="ACT", words="Review.", **ANSWERS).headers["location"]
    assert act(officer, report, "submit", ask="WARRANT").status_code == 303
    assert "Imminent danger: approve now" in supervisor.get(report).text
    assert act(supervisor, report, "approval", decision="danger").status_code == 303
    assert "Before the court" in officer.get(report).text
    assert "it went on: imminent danger" in staff.get("/due-notices").text
    with database.system("test: logged") as session:
        steps = session.scalars(select(SafetyStep).order_by(SafetyStep.number)).all()
        assert [(one.kind, one.by_user_id) for one in steps] == [
            ("ASKED", officer.user_id), ("OVERRIDDEN", supervisor.user_id)
        ]
        trail = session.scalars(select(AuditEntry.detail).where(AuditEntry.event == "allegation.answered")).all()
        assert trail[-1]["decision"] == "danger"


@lite
def test_another_ask_asks_anew_and_what_is_dropped_waits_no_more(office, staff, officer, supervisor):
    report = send(officer, office.flags["missed"], decision="ACT", words="Review.", **ANSWERS).headers["location"]
    act(officer, report, "submit", ask="WARRANT")
    say(staff, office, "SAFETY", "NOT_REACHED")
    act(supervisor, report, "approval", decision="return", reason="Ask for something else.")
    act(officer, report, "submit", ask="REVOCATION")
    assert act(supervisor, report, "approval", decision="approve").status_code == 422
    assert "whether probation ends" in staff.get("/due-notices").text
    act(officer, report, "submit", ask="REVIEW")
    assert "SAFETY" not in kinds(staff)
    act(officer, report, "submit", ask="CUSTODY")
    assert "SAFETY" in kinds(staff)
    act(officer, report, "drop")
    assert "SAFETY" not in kinds(staff)


@lite
def test_without_a_victim_witness_office_the_sender_ticks_and_says_no_more_than_finished(office, officer, database):
    with database.system("test: the office leaves the case") as session, session.begin():
        shared = select(CaseAgency).where(CaseAgency.agency_id == office.flags["desk"])
        session.scalars(shared).one().until_on = date(2026, 2, 1)
    report = send(officer, office.flags["missed"], decision="ACT", words="Review.", **ANSWERS).headers["location"]
    assert act(officer, report, "submit", ask="REVOCATION").status_code == 422
    text = officer.get(report).text
    assert "Not reachable" not in text and "None was asked for" not in text
    assert act(officer, report, "submit", ask="REVOCATION", safety="DONE").status_code == 303
    with database.system("test: look") as session:
        assert session.scalar(select(func.count(SafetyStep.id))) == 0


@lite
def test_no_paper_changes_by_a_byte_nor_a_date_by_its_source(office, database):
    """The report, the notice and the bench page with and without a step that waited: the same words and days."""
    from monitor.documents import report_pdf
    from tests.monitor.filing import page_of

    now = at(date(2026, 3, 4), 9)
    with database.system("test: one of the desk") as session, session.begin():
        office.flags["staff"] = add_user(session, office.flags["desk"], "victim_witness", "amaya@vw.example")
    report = reported(office)
    plain = page_of(office, report)
    with office.scoped(writes=True) as session, session.begin():
        drafting.submit(session, plain, Typed(ask="REVOCATION"), now)
    waiting = page_of(office, report)
    scope = Scope(user_id=office.flags["staff"], role="victim_witness", agency_id=office.flags["desk"])
    with database.scoped(scope, writes=True) as session, session.begin():
        [item] = [one for one in due_of(session, now + LATER) if one.event.kind == "SAFETY"]
        answering.answer(session, [item], item.event.key, "REACHED", now + LATER)
    done = page_of(office, report)
    assert waiting.step_waits and not done.step_waits
    assert report_pdf(waiting, now + DAY, "x") == report_pdf(done, now + DAY, "x")
    with office.scoped(who=office.supervisor, role="officer_supervisor", writes=True) as session, session.begin():
        approving.approve(session, allegation_page(session, report, now + DAY), now + DAY)
    with database.system("test: dates of what was filed") as session:
        assert session.get_one(Allegation, report).made_at == now
