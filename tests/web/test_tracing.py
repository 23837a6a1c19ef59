"""An operator's collector gets a span for each answer and each run of a job, and nobody's name, number or hour."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime

import msgspec
import pytest
from litestar.testing import TestClient

from jobs.runner import Runner
from monitor.access.roles import Role
from monitor.config import SettingsError, load_settings
from monitor.traces import open_traces
from tests.monitor.collector import collecting
from tests.office import open_office, take_over
from tests.web.accounts import BASE, sign_in_as
from web.app import create_app

ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FOREIGN = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def collector():
    with collecting() as server:
        yield server


class Who:
    user_id = 0


def visit(database, settings, url, role, agency, *paths):
    """Open pages with traces on, and end the site, which sends what waits."""
    Who.user_id, token = sign_in_as(database, role, agency, "Marabel Quillonwick")
    site = create_app(msgspec.structs.replace(settings, traces_url=url), database)
    with TestClient(site, base_url=BASE) as browser:
        browser.cookies.set("monitor", token)
        if role is Role.OFFICER:
            take_over(database, Who)
        return [browser.get(path, headers={"traceparent": f"00-{FOREIGN}-00f067aa0ba902b7-01"}) for path in paths]


@ONLY_SQLITE
def test_each_answer_is_a_span_with_route_and_status_and_nobody_in_it(database, settings, collector):
    office = open_office(database)
    person = office.matter.person
    path = f"/people/{person}"
    page, absent, odd = visit(
        database, settings, collector.url, Role.OFFICER, office.town.office, path, "/people/1", f"{path}?tab=all"
    )
    assert (page.status_code, absent.status_code, odd.status_code) == (200, 404, 400)
    spans = {span.attributes[2].value.int_value: span for span in collector.spans}
    assert {span.name for span in spans.values()} == {"GET /people/{person_id}"}
    told = {one.key: one.value.string_value for one in spans[404].attributes}
    assert told["monitor.request"] in absent.text, "the number on the error page leads to the span"
    assert spans[200].end_time_unix_nano > spans[200].start_time_unix_nano
    sent = b"".join(collector.raw)
    for never in (str(person), str(Who.user_id), "tab=all", "127.0.0.1", "Marabel", FOREIGN):
        assert never.encode() not in sent and never not in "".join(map(str, collector.spans))
    assert all(span.trace_id.hex() != FOREIGN for span in collector.spans), "a stranger starts no trace of ours"


@ONLY_SQLITE
@pytest.mark.parametrize(("role", "path"), [
    (Role.ADVOCATE, "/call-backs/new"), (Role.MEDICAL, "/record-notices/new"), (Role.OFFICER, "/consultation"),
])  # fmt: skip
def test_of_what_no_log_may_tell_no_span_tells(database, settings, collector, role, path):
    office = open_office(database)
    agency = office.town.office if role is Role.OFFICER else None
    visit(database, settings, collector.url, role, agency, path, "/account")
    assert [span.name for span in collector.spans] == ["GET /account"]


@ONLY_SQLITE
def test_a_run_of_a_job_is_a_span_and_one_that_failed_says_so(database, settings, collector, monkeypatch):
    open_office(database)
    traces = open_traces(msgspec.structs.replace(settings, traces_url=collector.url), "monitor-jobs")
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    monkeypatch.setattr("jobs.retention.run", lambda _work: 1 / 0)
    Runner(database, settings, lambda: noon, traces).tick()
    traces.close()
    told = {span.name: span.status.code for span in collector.spans}
    assert told["job send_outbox"] == 0 and told["job retention"] == 2


@ONLY_SQLITE
def test_a_collector_that_is_away_keeps_nobody_waiting(database, settings):
    began = time.monotonic()
    (page,) = visit(database, settings, "http://127.0.0.1:9/v1/traces", Role.OFFICER, None, "/account")
    assert page.status_code == 200 and time.monotonic() - began < 60


def test_spans_leave_this_machine_encrypted_or_not_at_all():
    with pytest.raises(SettingsError, match="must begin with https"):
        load_settings({"MONITOR_TRACES_URL": "http://collector.example/v1/traces"})
    assert load_settings({"MONITOR_TRACES_URL": "https://collector.example/v1/traces"}).traces_url


def test_without_the_extra_the_site_says_what_to_install():
    code = (
        "import sys; sys.modules['opentelemetry.sdk.trace'] = None\n"
        "from monitor.config import Settings; from monitor.traces import open_traces\n"
        "assert open_traces(Settings(), 'x') is None\n"
        "try: open_traces(Settings(traces_url='https://collector.example'), 'x')\n"
        "except Exception as error: print(error)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "requirements-traces.lock" in said
