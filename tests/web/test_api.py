"""A program's software brings sheets in: the same intake as the screen, once under each key, and nothing else."""

from __future__ import annotations

import base64
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest
from sqlalchemy import func, select, update

from monitor.access.policy import POLICY
from monitor.intake import keys
from monitor.intake.batches import Batch
from monitor.models import Attendance, AuditEntry, KeptAnswer, Machine, Upload
from monitor.trail.entries import entries
from tests.house.the_house import ROOT
from tests.monitor.intake.sample_record import write_county
from tests.web.browsing import served
from tests.web.machines import BATCHES, machine_of, send, signed, software

SAMPLES = ROOT / "tests/monitor/intake/samples"
CLEAN = (SAMPLES / "02_wide_weekly_dates.csv").read_bytes()
OF_MACHINES = sorted(key for key, policy in POLICY.items() if policy.machine and not policy.roles)
YEAR = timedelta(days=365)


@pytest.fixture
def county(database):
    return write_county(database)


@pytest.fixture
def secret(database, county):
    return machine_of(database, "north-star")


@pytest.fixture
def north_star(app, secret):
    with software(app, secret) as client:
        yield client


def recorded(database) -> int:
    with database.system("test: count", writes=False) as session:
        return session.scalar(select(func.count(Attendance.id)))


def test_a_sheet_is_checked_and_saved_as_on_the_screen(north_star, database):
    dry = send(north_star, CLEAN, dry_run="yes")
    assert (dry.status_code, dry.json()["new"], dry.json()["state"], dry.json()["id"]) == (200, 10, "DRY_RUN", None)
    assert recorded(database) == 2
    done = send(north_star, CLEAN, "monday")
    assert (done.status_code, done.json()["saved"], done.json()["state"]) == (201, 10, "SAVED")
    assert recorded(database) == 12
    batch = north_star.get(done.headers["location"])
    assert msgspec.json.decode(batch.content, type=Batch) == msgspec.json.decode(done.content, type=Batch)
    told = {"file", "layout", "new", "same", "changed", "held", "skipped", "questions", "errors", "warnings", "records"}
    assert told <= set(batch.json())


def test_the_same_key_and_body_are_answered_and_not_done_again(north_star, database):
    first, again = send(north_star, CLEAN, "monday"), send(north_star, CLEAN, "monday")
    assert (again.status_code, again.content, again.headers["location"]) == (
        first.status_code, first.content, first.headers["location"],
    )  # fmt: skip
    assert again.headers["idempotent-replayed"] == "true" and "idempotent-replayed" not in first.headers
    assert recorded(database) == 12
    other = send(north_star, CLEAN + b"\n", "monday")
    assert (other.status_code, other.json()["code"]) == (422, "KEY-REUSED")
    assert send(north_star, CLEAN, "monday", name="other.csv").json()["code"] == "KEY-REUSED"
    assert send(north_star, CLEAN, "tuesday").json()["state"] == "ALREADY_HERE"


def test_of_eight_at_once_with_one_key_one_does_it_and_all_hear_the_same(database, secret):
    with served(database) as base, httpx.Client(base_url=base, headers=signed(secret)) as client:
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _number: send(client, CLEAN, "monday"), range(8)))
    done = [answer for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 503}
    assert len({answer.content for answer in done}) == 1 and len(done) >= 1
    assert sum("idempotent-replayed" not in answer.headers for answer in done) == 1
    assert recorded(database) == 12


def test_a_key_is_kept_a_week_and_of_one_machine(north_star, app, database):
    send(north_star, CLEAN, "monday")
    with software(app, machine_of(database, "north-star")) as other:
        assert send(other, CLEAN, "monday").json()["state"] == "ALREADY_HERE"
    now = datetime.now(UTC)
    for after, left in ((keys.KEPT - timedelta(hours=1), 2), (keys.KEPT + timedelta(hours=1), 0)):
        with database.system("test: a week later") as session, session.begin():
            keys.forget_answers(session, now + after)
            assert session.scalar(select(func.count(KeptAnswer.id))) == left


def test_a_key_is_wanted(north_star):
    assert send(north_star, CLEAN).json()["code"] == "KEY-MISSING"
    assert send(north_star, CLEAN, "x" * 256).json()["code"] == "KEY-MISSING"


def test_questions_wait_for_a_person_or_come_with_answers(north_star, database):
    sheet = (SAMPLES / "05_A_means_absent.csv").read_bytes()
    asked = send(north_star, sheet, "1").json()
    assert asked["waits"] and asked["questions"]
    answered = send(north_star, sheet, "2", answers='{"values": {"A": "E"}}').json()
    assert answered["questions"] == []
    bad = send(north_star, sheet, "3", answers='{"colour": "Elm St"}')
    assert (bad.status_code, bad.json()["code"]) == (400, "ANSWERS-UNREADABLE")
    assert "Elm" not in bad.text
    assert send(north_star, sheet, "4", group="NOWHERE").json()["code"] == "GROUP-UNKNOWN"


def test_an_unusable_file_is_a_problem_with_its_code_and_leaves_nothing(north_star, database):
    for name, code in (("25_empty.csv", "F-EMPTY"), ("19_no_who.csv", "H-NO-WHO"),
                       ("10_cumulative_totals_only.csv", "TOTALS-ONLY")):  # fmt: skip
        told = send(north_star, (SAMPLES / name).read_bytes(), name)
        assert (told.status_code, told.json()["code"]) == (422, code)
        assert told.headers["content-type"].startswith("application/problem+json")
        assert told.json()["request_id"] == told.headers["x-request-id"]
    with database.system("test: count", writes=False) as session:
        assert not session.scalars(select(Upload.id)).all() and not session.scalars(select(KeptAnswer.id)).all()


def test_a_batch_is_taken_back_if_it_is_as_it_was_read(north_star, database):
    path = send(north_star, CLEAN, "monday").headers["location"]
    assert north_star.delete(path, headers={"if-match": '"something else"'}).status_code == 412
    tag = north_star.get(path).headers["etag"]
    undone = north_star.delete(path, headers={"if-match": tag})
    assert (undone.status_code, undone.json()["state"]) == (200, "UNDONE")
    assert north_star.delete(path).json()["state"] == "UNDONE", "asked twice, done once"
    with database.system("test: what stands", writes=False) as session:
        assert session.scalar(select(func.count(Attendance.id)).where(Attendance.retracted)) == 10


def test_a_deleted_sheet_is_answered_as_removed_and_nothing_of_it_is_kept(north_star, database):
    sheet = b'Name,Date,Status\n"Zyxwvut, Anne",2026-03-02,Present\nZyxwvut Annie,2026-03-02,Wobbly\n'
    path = send(north_star, sheet, "monday").headers["location"]
    assert north_star.delete(path).json()["state"] == "DELETED"
    again = send(north_star, sheet, "monday")
    assert (again.status_code, again.json()["code"]) == (410, "REMOVED")
    with database.system("test: what is kept", writes=False) as session:
        assert session.scalars(select(KeptAnswer.content)).all() == [b""]


@pytest.mark.parametrize("when", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_a_cursor_beyond_time_is_refused(north_star, when):
    cursor = base64.urlsafe_b64encode(f"{when} 1".encode()).decode()
    assert north_star.get(f"/api/v1/changes?since={cursor}").status_code == 400


def test_another_programs_batch_is_not_there(north_star, app, database):
    path = send(north_star, CLEAN, "monday").headers["location"]
    with software(app, machine_of(database, "open-door")) as neighbour:
        hidden, absent = neighbour.get(path), neighbour.get(f"{BATCHES}/4611686018427387911")
        number = "x-request-id"
        assert hidden.status_code == absent.status_code == 404
        assert hidden.text.replace(hidden.headers[number], "") == absent.text.replace(absent.headers[number], "")
        assert neighbour.delete(path).status_code == 404
        assert neighbour.get("/api/v1/changes").json()["changes"] == []
        assert send(neighbour, CLEAN, "monday").json()["new"] == 0, "its roster has nobody of that name"


def test_changes_are_told_in_order_and_once(north_star, database, monkeypatch):
    for number in range(3):
        send(north_star, f"Name,Date,Status\nMarcus Bell,2026-11-{14 + number},P\n".encode(), str(number))
    assert north_star.get("/api/v1/changes").json()["changes"] == [], "not before they have settled"
    with database.system("test: an hour ago") as session, session.begin():
        for number, upload in enumerate(session.scalars(select(Upload)).all()):
            upload.saved_at = upload.saved_at and upload.saved_at - timedelta(minutes=60 - number)
            upload.uploaded_at -= timedelta(minutes=60 - number)
    monkeypatch.setattr("monitor.intake.batches.PAGE", 2)
    first = north_star.get("/api/v1/changes").json()
    second = north_star.get("/api/v1/changes", params={"since": first["next"]}).json()
    assert [len(first["changes"]), first["more"], len(second["changes"]), second["more"]] == [2, True, 1, False]
    ids = [one["id"] for one in first["changes"] + second["changes"]]
    assert len(set(ids)) == 3
    assert north_star.get("/api/v1/changes", params={"since": second["next"]}).json()["changes"] == []
    assert north_star.get("/api/v1/changes", params={"since": "nonsense"}).json()["code"] == "CURSOR-UNKNOWN"


@pytest.mark.parametrize("change", [{"revoked_at": datetime.now(UTC)}, {"expires_at": datetime.now(UTC)}])
def test_a_secret_that_ended_opens_nothing_at_once(north_star, database, change):
    assert send(north_star, CLEAN, dry_run="yes").status_code == 200
    with database.system("test: it ends") as session, session.begin():
        session.execute(update(Machine).values(**change))
    refused = send(north_star, CLEAN, dry_run="yes")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")


def test_without_its_secret_nothing_answers_and_a_persons_session_is_no_secret(app, client_as, county, secret):
    person = client_as("program", agency_id=county.agency)
    for method, path in OF_MACHINES:
        path = re.sub(r"{\w+}", "4611686018427387911", path)
        for bad in (None, "", "monitor_wrong", secret[:-1], secret.replace("monitor_", "")):
            with software(app, bad) as client:
                assert client.request(method, path).status_code == 401, (method, path, bad)
        assert person.request(method, path).status_code == 401, (method, path)


def test_the_secret_reaches_no_page(north_star):
    for (method, path), policy in POLICY.items():
        if not policy.machine and not policy.public and "{" not in path:
            answer = north_star.request(method, path, headers={"origin": "http://127.0.0.1:8000"})
            assert answer.status_code in (401, 303), (method, path)
            assert answer.status_code == 401 or answer.headers["location"].startswith("/sign-in"), (method, path)


def test_no_other_site_is_let_in(north_star):
    told = north_star.get("/api/v1/changes", headers={"origin": "https://elsewhere.example"})
    asked = north_star.options(BATCHES, headers={
        "origin": "https://elsewhere.example", "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
    })  # fmt: skip
    for answer in (told, asked):
        assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "set-cookie" not in told.headers and told.headers["cache-control"] == "no-store"


def test_the_trail_names_the_machine_and_holds_no_secret(north_star, database, secret):
    send(north_star, CLEAN, "monday")
    north_star.get(f"{BATCHES}/4611686018427387911")
    with database.system("test: the trail", writes=False) as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.event.startswith("batch."))).all()
        assert [(row.event, row.outcome, row.user_id) for row in sorted(rows, key=lambda row: row.number)] == [
            ("batch.create", "done", None), ("batch.read", "absent", None),
        ]  # fmt: skip
        assert {row.detail["machine"][:4] for row in rows} == {"ehr-"}
        assert all(entry.who.startswith("The machine ehr-") for entry in entries(session)[:2])
        kept = json.dumps([str(list(row)) for table in (Machine, AuditEntry, KeptAnswer)
                           for row in session.execute(select(*table.__table__.c))])  # fmt: skip
    assert secret not in kept and secret.removeprefix("monitor_") not in kept


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_machine_that_hurries_rests(database, settings, county):
    from web.app import create_app

    site = create_app(msgspec.structs.replace(settings, acts_per_minute=5), database)
    with software(site, machine_of(database, "north-star")) as fast:
        answers = [fast.get("/api/v1/changes") for _ in range(6)]
        assert [answer.status_code for answer in answers][-1] == 429
        assert answers[-1].json()["code"] == "TOO-MUCH" and int(answers[-1].headers["retry-after"]) > 0
    with software(site, machine_of(database, "north-star")) as other:
        assert other.get("/api/v1/changes").status_code == 200
