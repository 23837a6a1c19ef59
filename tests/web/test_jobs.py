"""An administrator sees how each job stands, runs, tries again, pauses and resumes one, and says why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from jobs.runner import Runner
from monitor.clock import utc_now
from monitor.config import Settings
from monitor.job_control import jobs, run_now
from monitor.job_names import TITLES
from monitor.models import AuditEntry, JobPause, JobRun
from monitor.watch import PERIODS, concerns

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def administrator(client_as):
    return client_as("administrator")


def keep(database, job="retention", state="DONE", key="2026-03-02", at=YESTERDAY):
    with database.system("test", writes=True) as session, session.begin():
        session.add(JobRun(job=job, run_key=key, state=state, slot_at=at, due_at=at, attempt=5, finished_at=at))


def ask(browser, what, job="retention", why="upkeep", hours=""):
    asked = {"job": job, "what": what, "why": why, "hours": hours}
    return browser.post("/admin/jobs", data=asked, follow_redirects=True)


def states(database, job="retention"):
    with database.system("test") as session:
        return sorted(session.scalars(select(JobRun.state).where(JobRun.job == job)))


def ended_well(database, now):
    """One turn of the scheduler process: jobs that ended well in it."""
    Runner(database, Settings(), lambda: now).tick()
    with database.system("test") as session:
        return {job for job, at in session.execute(select(JobRun.job, JobRun.finished_at)) if at == now}


def test_every_job_of_the_schedule_has_a_title():
    assert TITLES.keys() == PERIODS.keys()


def test_each_job_stands_on_the_page_with_when_it_last_ended_well_and_nobody_else_sees_it(
    administrator, client_as, database
):
    keep(database)
    keep(database, "send_outbox", "FAILED")
    keep(database, "morning_digest America/Denver")
    page = administrator.get("/admin/jobs").text
    assert all(title in page for title in TITLES.values())
    assert "<b>Failed</b>: a run was given up" in page and "America/Denver" in page and "Has not run yet" in page
    assert client_as("officer").get("/admin/jobs").status_code == 403
    assert ask(client_as("coordinator"), "run").status_code == 403


def test_a_run_that_is_asked_for_runs_once_and_the_trail_says_who_and_why(administrator, database):
    assert "It will run within a minute." in ask(administrator, "run").text
    assert "A run of it waits already" in ask(administrator, "run").text
    assert states(database) == ["DUE"]
    with database.system("test") as session:
        act = session.scalars(select(AuditEntry).where(AuditEntry.event == "job.decided")).one()
    assert act.user_id == administrator.user_id
    assert {"job": "retention", "what": "run", "why": "upkeep"}.items() <= act.detail.items()


def test_a_run_by_hand_takes_no_mornings_place(administrator, database):
    ask(administrator, "run")
    now = utc_now() + timedelta(minutes=1)
    assert "retention" in ended_well(database, now)
    assert states(database) == ["DONE", "DONE"], "the night's own and the one by hand"


def test_what_was_given_up_is_tried_again(administrator, database):
    keep(database, state="FAILED")
    assert "1 run will be tried again" in ask(administrator, "retry").text
    assert states(database) == ["DUE"]
    assert "No run of it is given up." in ask(administrator, "retry").text


def test_a_paused_job_does_not_run_is_told_to_a_person_and_goes_on_by_itself(administrator, database):
    page = ask(administrator, "pause", hours="4", why="fault").text
    assert "<b>Paused</b> until" in page and "A fault is being looked into" in page
    now = utc_now()
    assert "retention" not in ended_well(database, now + timedelta(minutes=1))
    told = concerns(database, Settings(), now)
    assert any(line.startswith("The job retention is paused until") for line in told)
    assert "retention" in ended_well(database, now + timedelta(hours=4, minutes=1))


def test_a_run_that_waits_as_the_pause_begins_waits_on(administrator, database):
    ask(administrator, "run")
    ask(administrator, "pause", hours="1")
    now = utc_now()
    assert "retention" not in ended_well(database, now + timedelta(minutes=1))
    assert states(database) == ["DUE"]


def test_a_pause_is_ended_sooner_and_what_came_due_is_made_up(administrator, database):
    ask(administrator, "pause", hours="24")
    assert "It goes on." in ask(administrator, "resume").text
    assert "It is not paused." in ask(administrator, "resume").text
    assert "retention" in ended_well(database, utc_now() + timedelta(minutes=1))
    with database.system("test") as session:
        pause = session.scalars(select(JobPause)).one()
    assert pause.ended_by_id == administrator.user_id


@pytest.mark.parametrize("job", ["retention", "insiders", "trail_check", "record_check"])
def test_what_watches_over_insiders_and_keeps_promises_by_the_day_is_not_paused_again_and_again(
    administrator, database, job
):
    """Safeguards C5 and D: one administrator does not keep it still, whether the pause ended by itself or was ended."""
    assert "<b>Paused</b> until" in ask(administrator, "pause", job, hours="24").text
    assert "It goes on." in ask(administrator, "resume", job).text
    again = ask(administrator, "pause", job, hours="1")
    assert again.status_code == 409 and "was less than a day ago" in again.text
    with database.system("test: a day later") as session, session.begin():
        before = session.scalars(select(JobPause)).one()
        before.paused_at, before.until_at, before.ended_at = (at - timedelta(days=2) for at in (
            before.paused_at, before.until_at, before.ended_at,
        ))
    assert "<b>Paused</b> until" in ask(administrator, "pause", job, hours="1").text


def test_another_job_may_be_paused_again(administrator):
    for _turn in range(2):
        ask(administrator, "pause", "send_outbox", hours="1")
        assert "It goes on." in ask(administrator, "resume", "send_outbox").text


def test_run_it_now_pressed_twice_in_a_second_is_one_run_and_no_fault(database):
    now = utc_now()
    with database.system("test: twice, the first has ended by then") as session, session.begin():
        assert run_now(session, "retention", now)
        session.scalars(select(JobRun)).one().state = "DONE"
        session.flush()
        assert not run_now(session, "retention", now)
    assert states(database) == ["DONE"]


def test_a_pause_without_an_end_or_a_reason_is_not_begun(administrator, database):
    page = ask(administrator, "pause")
    assert page.status_code == 422 and "Choose for how long." in page.text
    assert ask(administrator, "pause", hours="1000").status_code == 422
    assert "Choose why." in ask(administrator, "pause", hours="4", why="").text
    assert ask(administrator, "run", job="nothing").status_code == 422
    with database.system("test") as session:
        assert jobs(session, utc_now()) and session.scalar(select(JobPause.id)) is None
