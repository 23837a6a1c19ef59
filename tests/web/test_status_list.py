"""The advocate's desk: one list of all courts, the same for everybody, and no trace of whom anybody looked for."""

from __future__ import annotations

import csv
import html
import io
import json
import re

import pytest
from sqlalchemy import event, func, select, text

from monitor import log_lines
from monitor.access.roles import Role
from monitor.access.scope import Scope, ScopeError
from monitor.clock import utc_now
from monitor.models import AuditEntry, Case, Flag, ProtectedParty, Wall
from monitor.status_list.line import HEADS
from monitor.status_list.reading import status_list
from tests.web.accounts import BASE, sign_in_as, token_of_forms
from tests.web.status_town import CASES, build_status_town, named


@pytest.fixture
def town(database):
    return build_status_town(database)


@pytest.fixture
def desk(client_as, town):
    return client_as("advocate", agency_id=town.agency)


def rows_of(answer) -> list[dict[str, str]]:
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[1] == list(HEADS)
    return [dict(zip(HEADS, line, strict=True)) for line in lines[2:]]


def scope_of(browser, agency) -> Scope:
    return Scope(user_id=browser.user_id, role="advocate", agency_id=agency)


def screen_of(browser) -> str:
    """The role's first page as it reads, without the minute of the day."""
    home = browser.get(browser.get("/").headers.get("location", "/"))
    return re.sub(r"[0-9]+:[0-9]+ [AP]M", "", home.text.partition("<main")[2].partition("<footer")[0])


def entries(database) -> list[AuditEntry]:
    with database.system("test: the trail", writes=False) as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.number)))


def test_she_sees_her_two_clients_and_nobody_elses_log_count_or_screen_changed(
    client_as, database, town, desk, capfd
):
    """Given 120 active cases and an advocate with two clients among them
    When she opens the list and filters for those two
    Then she sees served / attendance band / next hearing for both, and the server log shows one list download with no
    person id, and no other agency's log, count or screen changed.

    (The filtering itself, in a real browser: test_status_list_browser.py.)
    """
    roles = ("officer_supervisor", "judge", "dispatch", "coordinator", "privacy_officer")
    others = {role: client_as(role, agency_id=town.near.office if "o" in role[:1] else None) for role in roles}
    screens = {role: screen_of(browser) for role, browser in others.items()}
    log_lines.configure("info")
    before = entries(database)
    capfd.readouterr()
    assert desk.get("/").headers["location"] == "/status-list"
    answer = desk.get("/status-list")
    logged = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    body = answer.text
    assert body.count("<tr><td data-label=\"Case\">") == CASES
    for name in ("Attending, Case", "Hasmissed, Case"):
        line = body.partition(name)[2].partition("</tr>")[0]
        assert "In force, served" in line
    assert '"Program">Attending</td>' in body.partition("Attending, Case")[2].partition("</tr>")[0]
    routes = [line["route"] for line in logged]
    assert routes == ["/", "/status-list"]
    assert {"method", "route", "status", "ms", "user", "request"} >= set(logged[1]) - {"event", "level", "timestamp"}
    (entry,) = entries(database)[len(before):]
    assert (entry.event, entry.subjects, entry.detail) == ("status_list.read", [], {})
    assert {role: screen_of(browser) for role, browser in others.items()} == screens
    read = {"judge": ("/audit",), "privacy_officer": ("/audit/agency", "/audit/look-back")}
    for path, role in ((path, role) for role, paths in read.items() for path in paths):
        assert "tatus list" not in others[role].get(path).text.partition("<main")[2]


def test_each_line_says_what_the_matrix_lets_an_advocate_know_and_no_more(desk, town):
    rows = {row["Name"]: row for row in rows_of(desk.get("/status-list.csv"))}
    assert len(rows) == CASES
    said = {name.partition(",")[0]: row["Program"] for name, row in rows.items()}
    assert said["Attending"] == said["Excused"] == "Attending"
    assert said["Hasmissed"] == "Has missed"
    assert said["Notenrolled"] == "Not enrolled"
    assert said["Discharged"] == "Discharged"
    assert said["Without"] == said["Ended"] == said["Leftout"] == said["Person001"] == "Not shown"
    assert rows["Hasmissed, Case"]["Warrant"] == "Yes"
    assert rows["Attending, Case"]["Warrant"] == "No"
    assert rows["Attending, Case"]["Last outcome"].endswith("on track, continued")
    assert rows["Attending, Case"]["Next hearing"] != "None set"
    assert rows["Attending, Case"]["Conditions"] == "05 BIP"
    assert {row["Court"] for row in rows.values()} == {"near court", "far court"}


def test_no_protected_name_note_flag_or_wording_of_an_order_is_in_it(desk, database, town):
    with database.system("test: what there is") as session:
        assert session.scalar(select(func.count()).select_from(Case)) == CASES
    told = desk.get("/status-list").text + desk.get("/status-list.csv").text
    assert "GOLDEN-PLACE" not in told
    for hidden in (ProtectedParty, Flag):
        with database.scoped(scope_of(desk, town.agency)) as session, pytest.raises(ScopeError):
            session.scalars(select(hidden)).all()


def test_every_advocate_gets_the_same_bytes_headers_and_size(client_as, town, desk, monkeypatch):
    now = utc_now()
    monkeypatch.setattr("web.status_list.utc_now", lambda: now)
    other = client_as("advocate", agency_id=town.other_agency, name="Somebody With Another Name")
    for path in ("/status-list.csv", "/status-list"):
        one, two = desk.get(path), other.get(path)
        bare = [{name: value for name, value in each.headers.items() if name != "x-request-id"} for each in (one, two)]
        if path.endswith("csv"):
            assert (one.content, bare[0]) == (two.content, bare[1])
        mains = [each.text.partition("<h1>")[2].partition("</main>")[0] for each in (one, two)]
        assert mains[0] == mains[1]
        assert one.headers["cache-control"] == "no-store"
        assert "etag" not in one.headers and "last-modified" not in one.headers
        again = desk.get(path, headers={"if-none-match": "*", "if-modified-since": "Sun, 29 Nov 2099 10:00:00 GMT"})
        assert again.status_code == 200
    assert desk.get("/status-list.csv").headers["content-disposition"] == 'attachment; filename="list.csv"'


def test_there_is_nothing_to_ask_the_server_about_anybody(desk):
    page = desk.get("/status-list").text
    assert "<title>List</title>" in page
    main = page.partition("<main")[2]
    assert "name=" not in main.replace('name="csrf"', "")
    for query in ("?words=Attending", "?name=x", "?case=1", "?q=x", "?number=26-DV-1"):
        assert desk.get(f"/status-list{query}").status_code == 400
        assert desk.get(f"/status-list.csv{query}").status_code == 400
    for path in ("/people/1", "/orders/1", "/verify", "/caseload", "/dockets", "/today"):
        assert desk.get(path).status_code in (403, 404)


def test_a_conflict_wall_takes_the_case_off_the_list_of_that_advocate_alone(client_as, database, town, desk):
    other = client_as("advocate", agency_id=town.agency, name="A cousin of his")
    whole = desk.get("/status-list.csv").content
    with database.system("test: a wall") as session, session.begin():
        session.add(
            Wall(agency_id=town.agency, user_id=other.user_id, person_id=town.bands["Has missed"].person,
                 sealed_why=b"x", entered_by_id=desk.user_id, entered_at=utc_now())
        )  # fmt: skip
    walled = other.get("/status-list.csv")
    assert [row["Name"] for row in rows_of(walled) if row["Name"].startswith("Has")] == []
    assert len(rows_of(walled)) == CASES - 1
    assert desk.get("/status-list.csv").content.splitlines()[1:] == whole.splitlines()[1:]


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADVOCATE])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_else_has_the_list(client_as, role):
    browser = client_as(role)
    assert browser.get("/status-list").status_code in (403, 404)
    assert browser.get("/status-list.csv").status_code in (403, 404)


def test_the_list_costs_the_same_few_queries_at_any_size(database, client_as):
    asked: list[str] = []
    small = build_status_town(database, cases=8)
    browser = client_as("advocate", agency_id=small.agency)

    def count() -> int:
        asked.clear()
        with database.scoped(scope_of(browser, small.agency)) as session:
            lines = len(status_list(session, utc_now()).lines)
            assert lines
        return len([line for line in asked if "from" in line.casefold() and "wall" not in line])

    event.listen(database.engine, "before_cursor_execute", lambda _c, _cu, statement, *_r: asked.append(statement))
    few = count()
    assert few <= 16
    with database.system("test: more cases") as session, session.begin():
        for number in range(40):
            named(session, small.near, f"More{number}", "Pat")
    assert count() == few


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_closed_case_stays_on_the_list_while_its_order_stands_and_leaves_it_with_the_order(database, town, desk):
    """Closing ends no order: dispatch says ACTIVE, so the list may not read as if there were none."""
    stays, gone, over = (town.bands[one] for one in ("Excused", "Attending", "Discharged"))
    with database.system("test: time") as session, session.begin():
        for one in (stays, gone):
            session.get_one(Case, one.case).closed_on = utc_now().date()
        for one in (gone, over):
            session.execute(
                text("update order_version set expires_at = :at where order_id = :id"),
                {"at": utc_now().replace(tzinfo=None), "id": one.order},
            )
    rows = {row["Name"]: row for row in rows_of(desk.get("/status-list.csv"))}
    assert "Attending, Case" not in rows and rows["Excused, Case"]["Order"].startswith("In force")
    assert rows["Discharged, Case"]["Order"] == "None in force"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_line_on_screen_says_word_for_word_what_the_file_says_each_cell_with_its_head(desk, town):
    """The browser compares and searches what cells say: how they are broken into lines must not change a word."""
    page = desk.get("/status-list").text.partition("<tbody>")[2].partition("</tbody>")[0]
    file = rows_of(desk.get("/status-list.csv"))
    cells = [re.findall(r'<t[dh][^>]*data-label="([^"]*)"[^>]*>(.*?)</t[dh]>', row) for row in page.split("</tr>")[:-1]]
    said = [{head: html.unescape(re.sub(r"<[^>]+>", "", text)) for head, text in row} for row in cells]
    assert said and said == file


def test_no_spreadsheet_takes_a_cell_of_the_saved_list_for_a_formula(desk, town, database):
    with database.system("test: a number that somebody typed") as session, session.begin():
        case = session.scalars(select(Case).order_by(Case.id)).first()
        case.number = "=HYPERLINK(1)"
    numbers = [row["Case"] for row in rows_of(desk.get("/status-list.csv"))]
    assert "'=HYPERLINK(1)" in numbers and "=HYPERLINK(1)" not in numbers


def test_an_empty_county_says_so(client_as):
    assert "No court has an open case on record here." in client_as("advocate").get("/status-list").text


def test_signing_out_by_the_way_out_ends_the_session(app, database, town, new_browser):
    _, token = sign_in_as(database, Role.ADVOCATE, town.agency, "C. Moss")
    browser = new_browser()
    browser.cookies.set("monitor", token)
    body = browser.get("/status-list").text.partition("data-leave=")[2]
    assert body.startswith('"https://www.weather.gov/"')
    left = browser.post("/sign-out", data={"csrf": token_of_forms(token)}, headers={"origin": BASE})
    assert left.status_code == 303
    assert browser.get("/status-list").status_code == 303


def test_a_saved_list_says_its_letters_once(client_as):
    said = client_as("advocate").get("/status-list.csv").headers["content-type"]
    assert said == "text/csv; charset=utf-8"
