"""The administrator's page."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.models import JobRun


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
    assert "attendance" in told.lower() and "<td>2</td>" in told and "Not enrolled in a program" in told
    assert "/people/" not in told and "/flags/" not in told and "/cases/" not in told
