"""Operators read numbers of the machine's work; strangers find nothing there, and no number tells of a person."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from monitor.models import JobRun, Outbox
from tests.office import open_office, take_over
from tests.web.test_four_workers import four_workers

TOKEN = "t" * 40
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def settings(settings):
    return msgspec.structs.replace(settings, metrics_token=TOKEN)


def read(client, token=TOKEN):
    return client.get("/metrics", headers={"authorization": f"Bearer {token}"})


def numbers(text):
    """(name, value of each label in the order of their names) -> number."""
    return {
        (one.name, *(value for _name, value in sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text) for one in family.samples
    }  # fmt: skip


def test_without_the_token_nothing_is_there(client, client_as):
    absent = client.get("/no-such-page")
    asked = client.get("/metrics"), read(client, "wrong"), read(client, ""), client_as("administrator").get("/metrics")
    assert {answer.status_code for answer in asked} == {absent.status_code} == {404}
    assert asked[0].headers.keys() == absent.headers.keys()


def test_a_site_that_set_no_token_has_no_numbers(client, app):
    without = msgspec.structs.replace(app.state.site.settings, metrics_token="")
    app.state.site = msgspec.structs.replace(app.state.site, settings=without)
    assert read(client, "").status_code == 404


def test_answers_are_counted_by_route_and_never_by_address(client, client_as, database):
    office = open_office(database)
    officer = take_over(database, client_as("officer", agency_id=office.town.office))
    route = ("monitor_requests_total", "GET", "/people/{person_id}", "200")
    before = numbers(read(client).text).get(route, 0)
    assert officer.get(f"/people/{office.matter.person}").status_code == 200
    told = read(client).text
    assert numbers(told)[route] == before + 1
    assert str(office.matter.person) not in told and str(officer.user_id) not in told


@pytest.mark.parametrize(("role", "path"), [("advocate", "/call-backs/new"), ("medical", "/record-notices/new")])
def test_of_what_no_log_may_tell_no_number_tells(client, client_as, role, path):
    client_as(role).get(path)
    assert path.split("/")[1] not in read(client).text


def test_the_machines_own_work_is_told(client, database):
    with database.system("test", writes=True) as session, session.begin():
        for state in ("DONE", "FAILED"):
            run = JobRun(job="retention", run_key=state, state=state, slot_at=NOON, due_at=NOON, finished_at=NOON)
            session.add(run)
        session.add(Outbox(key="k", channel="email", recipient_id=None, subject="s", body="b", why="w", due_at=NOON))
    told = numbers(read(client).text)
    assert told["monitor_job_last_success_seconds", "retention"] == NOON.timestamp()
    assert told["monitor_job_runs_given_up", "retention"] == 1
    assert told["monitor_job_late", "retention"] == 1
    assert told["monitor_notices", "DUE"] == 1
    assert told["monitor_cases_to_evaluate",] == 0 and told["monitor_record_answers",] == 1


def test_when_the_database_does_not_answer_the_numbers_of_requests_still_come(client, monkeypatch):
    client.get("/sign-in")
    monkeypatch.setattr("web.metrics.gauges", lambda *_asked: 1 / 0)
    told = numbers(read(client).text)
    assert told["monitor_record_answers",] == 0
    assert any(name[0] == "monitor_requests_total" for name in told)


def test_four_processes_add_their_numbers_up(database, database_url, monkeypatch):
    monkeypatch.setenv("MONITOR_METRICS_TOKEN", TOKEN)
    with four_workers(database_url) as base, httpx.Client(base_url=base, timeout=60) as client:
        for _ in range(12):
            httpx.get(f"{base}/sign-in", timeout=60)
        told = numbers(read(client).text)
        assert told["monitor_requests_total", "GET", "/sign-in", "200"] == 12
