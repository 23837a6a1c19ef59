"""The administrator's page."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from monitor.models import JobRun, Outbox, User


def test_the_administrator_sees_accounts_and_nobody_else_does(client_as):
    page = client_as("administrator").get("/admin")
    assert page.status_code == 200
    assert "Alex Reyes" in page.text
    assert client_as("officer").get("/admin").status_code == 403


def test_a_refused_person_reads_which_roles_have_the_page(client_as):
    page = client_as("program").get("/admin")
    assert "This page is for other roles" in page.text
    assert "Administrator" in page.text


def test_the_administrator_reads_what_could_not_be_read_but_of_no_case(client_as, database):
    totals = '{"cases":40,"unread":{"INPUT_MISSING sessions.on":2,"ENROLLMENT_OVERDUE ordered_on":1}}'
    with database.system("test", writes=True) as session, session.begin():
        session.add(
            JobRun(
                job="nightly_referee", run_key="2026-03-02", state="DONE", totals=totals,
                slot_at=datetime(2026, 3, 2, tzinfo=UTC), due_at=datetime(2026, 3, 2, tzinfo=UTC),
            )
        )  # fmt: skip
    page = client_as("administrator").get("/admin").text
    told = page[page.index("What could not be read last night"):page.index("<h2>Accounts</h2>")]
    assert "attendance" in told.lower() and ">2</td>" in told and "Not enrolled in a program" in told
    assert "/people/" not in told and "/flags/" not in told and "/cases/" not in told


def test_the_administrator_reads_that_nothing_is_sent_and_has_given_up_notices_tried_again(client_as, database):
    with database.system("test", writes=True) as session, session.begin():
        session.add(
            Outbox(key="roster:1", channel="email", recipient_id=None, subject="1 item due today", body="1 sheet",
                   why="a sheet was not in.", state="FAILED", attempt=10, error="recipient 550",
                   due_at=datetime(2026, 3, 2, tzinfo=UTC))
        )  # fmt: skip
    administrator = client_as("administrator")
    page = administrator.get("/admin").text
    assert "No mail server is set" in page
    assert "recipient 550" in page
    told = administrator.post("/admin/outbox/retry", follow_redirects=True).text
    assert "1 notice will be tried again" in told
    with database.system("test") as session:
        assert session.scalars(select(Outbox.state)).one() == "DUE"


def test_what_stands_still_is_read_before_the_list_of_accounts_and_runs_have_their_plain_names(client_as, database):
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with database.system("test", writes=True) as session, session.begin():
        for job in ("missing_rosters America/Denver", "a_job_of_the_version_before"):
            session.add(JobRun(job=job, run_key="2026-03-02", state="DONE", slot_at=noon, due_at=noon))
    page = client_as("administrator").get("/admin").text
    order = ("No mail server is set", "The last runs", "What could not be read", "<h2>Accounts")
    places = [page.index(one) for one in order]
    assert places == sorted(places)
    runs = page[places[1]:places[2]]
    assert "Ask programs for missing sheets" in runs and "America/Denver" in runs and "missing_rosters" not in runs
    assert "a_job_of_the_version_before" in runs, "what ran is told under the name it had"


def test_an_officer_turns_the_mornings_letter_off_and_on(client_as, database):
    officer = client_as("officer")
    assert "no longer comes" in officer.post("/account/digest", data={"wanted": "no"}, follow_redirects=True).text
    with database.system("test") as session:
        assert session.get_one(User, officer.user_id).digest is False
    assert "comes again" in officer.post("/account/digest", data={"wanted": "yes"}, follow_redirects=True).text
