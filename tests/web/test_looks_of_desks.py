"""What dispatch, deputies, prosecutors and victim/witness staff looked at: their privacy officer reads it by case."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest

from monitor import log_lines
from monitor.access.limits import HOUR, must_wait
from monitor.access.scope import Scope
from monitor.clock import utc_now
from monitor.models import AuditEntry, Case, Person, User, Wall, random_id
from monitor.trail.look_back import look_back
from tests.builders import person_with_order
from tests.monitor.patrol_town import NAME, NUMBER, REPORT, another, build_place
from tests.prosecution_office import open_prosecution
from tests.web.caring.desk import care_office
from tests.web.machines import machine_of, software

lite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ASKED = {"words": NAME, "born": "", "incident": ""}
DAY = timedelta(days=1)


@pytest.fixture
def place(database):
    return build_place(database)


def number_of(database, case):
    with database.system("test: a number", writes=False) as session:
        return session.get_one(Case, case).number


def lines(database, privacy, agency):
    scope = Scope(user_id=privacy.user_id, role="privacy_officer", agency_id=agency)
    with database.scoped(scope) as session:
        return {one.who: one for one in look_back(session, agency, "UTC", utc_now() + timedelta(minutes=1)).lines}


def words(page):
    """What a page says, without the minute it was made in."""
    main = page.text.split("<main")[1].split("Data as of")[0]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def run(privacy, **told):
    today = utc_now().date()
    asked = {"kind": "SUBPOENA", "why": "REAL", "number": "", "email": "", "since": f"{today - 2 * DAY:%m/%d/%Y}",
             "until": f"{today + DAY:%m/%d/%Y}"}  # fmt: skip
    return words(privacy.post("/privacy/runbooks", data=asked | told))


def test_a_deputy_who_looks_up_their_own_kin_stands_in_the_look_back_and_in_both_runbooks(place, database, client_as):
    deputy = client_as("law_enforcement", agency_id=place.sheriff, name="Dep O'Neal")
    for _ in range(10):
        deputy.post("/verify", data=ASKED)
    deputy.get(f"/service/{place.order}")
    deputy.post(f"/service/{place.order}/name", data={"why": "SERVE", "incident": ""})
    assert deputy.post("/incidents/new", data=REPORT | {"words": NUMBER}).status_code == 303
    privacy = client_as("privacy_officer", agency_id=place.sheriff, name="P. Ito")
    number = number_of(database, place.matter.case)
    line = lines(database, privacy, place.sheriff)["Dep O'Neal"]
    assert line.cases == 1 and line.looks >= 12 and line.to_ask
    assert line.often == line.namesakes == line.protected == (number,)
    assert line.off_hours == 0, "deputies work at night"
    page = words(privacy.get("/audit/look-back"))
    assert "Protected name shown" in page and number in page and "Quillonwick" not in page and "Dwayne" not in page
    said = run(privacy, number=number)
    assert f"Dep O'Neal {number}" in said and "Was shown the protected name on an order" in said
    with database.system("test: an address", writes=False) as session:
        email = session.get_one(User, deputy.user_id).email
    assert f"Dep O'Neal {number}" in run(privacy, kind="BREACH", email=email)
    assert "Looked up whether there is an order" in words(privacy.post("/audit/case", data={"number": number}))


@lite
def test_names_that_a_question_showed_as_only_alike_were_looked_at_too(place, database, client_as):
    """A caller's name is then not compared: nothing of those orders is on the screen."""
    with database.system("test: a namesake") as session, session.begin():
        namesake = another(session, place.town, NAME, "26-PO-9")
        session.get_one(Person, namesake.person).born_on = session.get_one(Person, place.matter.person).born_on + DAY
    room = client_as("dispatch", agency_id=place.dispatch, name="V. Ortega")
    assert "Only alike" in room.post("/verify", data=ASKED).text
    matched = room.post("/verify/caller", data=ASKED | {"caller": "Quillonwick, Marabel", "format": "json"})
    assert json.loads(matched.text)["caller"] in ("", "NO")
    privacy = client_as("privacy_officer", agency_id=place.dispatch, name="P. Ito")
    line = lines(database, privacy, place.dispatch)["V. Ortega"]
    assert (line.looks, line.cases, line.to_ask) == (2, 2, False)


@lite
def test_what_a_machine_of_the_room_asked_is_in_the_run_of_a_subpoena(place, database, app, client_as):
    with software(app, machine_of(database, "room")) as cad:
        assert cad.post("/api/v1/orders/lookup", json={"words": NUMBER}).status_code == 200
    privacy = client_as("privacy_officer", agency_id=place.dispatch, name="P. Ito")
    said = run(privacy, number=number_of(database, place.matter.case))
    assert "The machine ehr-" in said and "Asked about an order, by machine" in said


@lite
def test_a_number_at_which_no_deputy_looked_reads_like_one_that_is_nobodys(place, database, client_as):
    """And one of a case that is walled from the privacy officer, though somebody looked, like both (B7, D1)."""
    with database.system("test: an unseen case") as session, session.begin():
        unseen = person_with_order(session, place.town)
    deputy = client_as("law_enforcement", agency_id=place.sheriff, name="Dep Snoop")
    deputy.post("/verify", data=ASKED)
    privacy = client_as("privacy_officer", agency_id=place.sheriff, name="P. Ito")
    elsewhere = client_as("privacy_officer", agency_id=place.dispatch, name="E. Else")
    looked_at, other = number_of(database, place.matter.case), number_of(database, unseen.case)
    assert "Dep Snoop" in run(privacy, number=looked_at)
    with database.system("test: a wall") as session, session.begin():
        session.add(Wall(id=random_id(), user_id=privacy.user_id, person_id=place.matter.person, entered_by_id=1,
                         sealed_why=b"x", agency_id=place.town.office, entered_at=utc_now()))  # fmt: skip
    said = {re.sub(r"Begun .*?\. ", "", run(who, number=one)).replace(one, "N").split("Who had access")[1]
            for who in (privacy, elsewhere) for one in (looked_at, other, "99-XX-1")}  # fmt: skip
    assert len(said) == 1 and "Nothing is kept" in said.pop()
    [line] = lines(database, privacy, place.sheriff).values()
    assert (line.looks, line.cases, line.namesakes) == (1, 0, ())


@lite
def test_prosecutors_and_victim_witness_staff_stand_in_the_look_back(database, client_as):
    office = open_prosecution(database)
    reader = client_as("prosecutor", agency_id=office.agency, name="Pros Snoop")
    assert reader.get(f"/prosecution/{office.report}").status_code == 200
    privacy = client_as("privacy_officer", agency_id=office.agency, name="P. Ito")
    number = number_of(database, office.case)
    assert lines(database, privacy, office.agency)["Pros Snoop"].cases == 1
    assert f"Pros Snoop {number}" in run(privacy, number=number)


@lite
def test_victim_witness_staff_stand_there_by_the_case_they_opened(database, client_as):
    office = care_office(database)
    staff = client_as("victim_witness", agency_id=office.flags["desk"], name="Staff Snoop")
    assert staff.get(f"/due-notices/{office.matter.case}").status_code == 200
    privacy = client_as("privacy_officer", agency_id=office.flags["desk"], name="P. Ito")
    assert lines(database, privacy, office.flags["desk"])["Staff Snoop"].cases == 1


@lite
def test_the_asker_reads_nothing_of_cases_in_their_own_trail(place, database, client_as):
    deputy = client_as("law_enforcement", agency_id=place.sheriff, name="Dep Snoop")
    deputy.post("/verify", data=ASKED)
    trail = words(deputy.get("/audit"))
    assert "Looked up whether there is an order" in trail and number_of(database, place.matter.case) not in trail
    [entry] = place.rows(AuditEntry, AuditEntry.event == "order.verified")
    assert place.order in entry.subjects and NAME not in str(entry.detail)


@lite
def test_a_machine_that_was_stopped_for_guessing_stands_on_the_privacy_officers_page(
    place, database, app, client_as
):
    with software(app, machine_of(database, "room")) as cad:
        answers = [cad.post("/api/v1/orders/lookup", json={"words": NUMBER, "caller": f"Guess {chr(97 + n)}, Ann"})
                   for n in range(15)]  # fmt: skip
    assert answers[-1].status_code == 429
    own = client_as("privacy_officer", agency_id=place.dispatch, name="P. Ito")
    assert "The machine ehr-" in words(own.get("/privacy"))
    elsewhere = client_as("privacy_officer", agency_id=place.town.office, name="E. Else")
    assert "ehr-" not in words(elsewhere.get("/privacy")) and "Riverbend" not in words(elsewhere.get("/privacy"))


@lite
def test_the_log_says_neither_that_a_record_was_told_of_nor_what_was_answered(database, client_as, capfd):
    office = care_office(database)
    staff, keeper = client_as("victim_witness", agency_id=office.flags["desk"]), client_as("medical")
    log_lines.configure("info")
    capfd.readouterr()
    keeper.get("/record-notices/new")
    keeper.post("/record-notices/new", data={})
    assert capfd.readouterr().err == "", "no line at all"
    case = office.matter.case
    for path in ("standing", "answers", "needs"):
        staff.post(f"/due-notices/{case}/{path}", data={})
    staff.get(f"/due-notices/{case}")
    told = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    log_lines.configure("critical")
    assert [one["route"] for one in told] == ["/due-notices"] * 4


@lite
def test_nobody_tries_numbers_through_the_notices_that_a_record_exists(place, database, client_as):
    """Twenty look-ups in an hour by one account, then it rests; each stands in the look-back as a look."""
    deputy = client_as("law_enforcement", agency_id=place.sheriff, name="Dep Snoop")

    def waits():
        return must_wait(database, deputy.user_id, "another session", "record_notice.asked", utc_now(), 1000)

    for number in range(20):
        assert waits() is None
        told = {"number": f"25-{number}", "why": "CASE"}
        assert deputy.post("/record-notices/by-number", data=told).status_code == 200
    assert waits() == HOUR
    privacy = client_as("privacy_officer", agency_id=place.sheriff, name="P. Ito")
    assert lines(database, privacy, place.sheriff)["Dep Snoop"].looks == 20
