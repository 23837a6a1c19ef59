"""What a program's or a dispatch room's software asks for and may not have is told as if it were not there (B7, C-02).

Another agency's id, the id of another program of the same agency, of a row of another kind, and an id that nobody has:
one status, one body, the same headers, at each door that needs no person: the API, calendars, the watched folder.
"""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import select, update

from monitor.clock import utc_now
from monitor.models import Case, CaseAgency, Enrollment, Program, Upload, Wall, random_id
from tests.monitor.intake.sample_record import write_county
from tests.monitor.intake.test_drops import drop, looked, told
from tests.monitor.patrol_town import NAME, NUMBER, REPORT, build_place
from tests.web.machines import BATCHES, machine_of, send, software

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ABSENT = 4611686018427387911
SHEET = "Name,Date,Status\nMarcus Bell,2026-11-16,P\n"
VARIES = ("x-request-id", "date", "content-length")


def heard(answer, *said):
    """Status, headers and body, without the number of the request and what was asked for itself."""
    number, body = answer.headers["x-request-id"], answer.text
    for one in (number, *(one for one in map(str, said) if len(one) > 1)):
        body = body.replace(str(one), "*")
    return answer.status_code, {k: v for k, v in answer.headers.items() if k not in VARIES}, body


@pytest.fixture
def county(database):
    return write_county(database)


def a_second_program(database, county):
    """Another program of the same agency: its software is not the first one's."""
    with database.system("test: one agency, two programs") as session, session.begin():
        session.add(Program(id=random_id(), agency_id=county.agency, name="North Star West", code="west"))


def test_a_batch_that_is_not_ones_own_is_told_like_one_that_nobody_sent(app, database, county):
    a_second_program(database, county)
    with software(app, machine_of(database, "north-star")) as owner:
        send(owner, SHEET.encode(), "monday")
        gone = send(owner, b'Name,Date,Status\n"Zyxwvut, Anne",2026-03-02,Present\n', "tuesday").headers["location"]
        assert owner.delete(gone).json()["state"] == "DELETED"
    with database.system("test: ids", writes=False) as session:
        saved = select(Upload.id).where(Upload.saved_at.is_not(None))
        batch = session.scalars(saved.order_by(Upload.uploaded_at)).first()
        others = [session.scalars(select(one.id)).first() for one in (Case, Enrollment, Program)]
        before = session.get_one(Upload, batch).state
    asked = [batch, int(gone.rpartition("/")[2]), *others, 0, 1, ABSENT, 2**63 - 1, 2**63, 10**30]
    for program in ("open-door", "west"):
        with software(app, machine_of(database, program)) as neighbour:
            for method, headers in (("GET", {}), ("DELETE", {}), ("DELETE", {"if-match": '"0"'})):
                answers = {
                    number: heard(neighbour.request(method, f"{BATCHES}/{number}", headers=headers), number)
                    for number in asked
                }
                assert {answer[0] for answer in answers.values()} == {404}
                assert all(answer == answers[ABSENT] for answer in answers.values()), (program, method)
    with database.system("test: it stands", writes=False) as session:
        assert session.get_one(Upload, batch).state == before


def hidden_and_absent(database, county):
    """(what a sheet says of somebody, whether such a person is there): of another program, no longer shared, nobody."""
    with database.system("test: no longer shared") as session, session.begin():
        left = session.scalars(select(Enrollment).where(Enrollment.code == "P1004")).one()
        session.execute(update(CaseAgency).where(CaseAgency.case_id == left.case_id).values(until_on=utc_now().date()))
    return [("N1", "N8"), ("P1004", "P9004")]


def sheet_of(code):
    return f"Participant ID,Date,Status\n{code},2026-11-16,P\n".encode()


def test_a_sheet_tells_its_sender_nothing_of_who_is_elsewhere(app, database, county):
    """By the number of another program's participant, or of one whose case is no longer shared, as by a made-up one."""
    for hidden, absent in hidden_and_absent(database, county):
        with software(app, machine_of(database, "north-star")) as client:
            for dry in ({"dry_run": "yes"}, {}):
                answers = [
                    heard(send(client, sheet_of(code), "" if dry else f"key-{code}", **dry), code)
                    for code in (hidden, absent)
                ]
                first, second = (_without_ids(one) for one in answers)
                assert first == second, (hidden, dry)
            marcus = [
                heard(send(client, f"Name,Case number,Date,Status\nNguyen Paul,{number},2026-11-16,P\n".encode(),
                           dry_run="yes"), number)
                for number in ("25-CR-009999", "25-CR-009998")
            ]  # fmt: skip
            assert _without_ids(marcus[0]) == _without_ids(marcus[1])


def _without_ids(answer):
    status, headers, body = answer
    told = msgspec.json.decode(body)
    for name in ("id", "receipt", "sha256", "file"):
        told.pop(name, None)
    return status, {k: v for k, v in headers.items() if k not in ("location", "etag")}, told


@SQLITE
def test_the_watched_folder_tells_its_program_nothing_of_who_is_elsewhere(database, county, tmp_path):
    folder = tmp_path / "sftp"
    for name in ("in", "out", "done"):
        (folder / "north-star" / name).mkdir(parents=True)
    for hidden, absent in hidden_and_absent(database, county):
        for code in (hidden, absent):
            drop(folder, sheet_of(code), f"{code}.csv")
        assert looked(database, folder) == 2
        first, second = ([{**line, "receipt": ""} for line in told(folder, f"{code}.csv")] for code in (hidden, absent))
        assert first == second and any(line["result"] == "error" for line in first)


@pytest.fixture
def place(database):
    return build_place(database)


@pytest.fixture
def cad(app, database, place):
    with software(app, machine_of(database, "room")) as client:
        yield client


@pytest.fixture
def car(app, database, place):
    with software(app, machine_of(database, "sheriff")) as client:
        yield client


@SQLITE
def test_software_of_dispatch_and_patrol_is_told_alike_of_a_walled_case_and_of_none(
    place, cad, car, client_as, database
):
    """By name, by the number of the case or the order, and when it would file something."""
    with database.system("test: numbers", writes=False) as session:
        case = session.get_one(Case, place.matter.case).number
    assert cad.post("/api/v1/orders/lookup", json={"words": NAME}).json()["verdict"] == "ACTIVE"
    desks = [(place.dispatch, "dispatch"), (place.sheriff, "law_enforcement")]
    people = [client_as(role, agency_id=agency, name="Dwayne O'Neal") for agency, role in desks]
    with database.system("test: walls") as session, session.begin():
        for one in people:
            session.add(Wall(id=random_id(), agency_id=place.town.office, user_id=one.user_id, entered_by_id=1,
                             person_id=place.matter.person, sealed_why=b"x", entered_at=utc_now()))  # fmt: skip
    body = {name: value for name, value in REPORT.items() if value}
    for words in (NAME, case, NUMBER):
        none = "Nobody, Nemo" if words == NAME else words[:-1] + ("1" if words[-1] != "1" else "2")
        hidden, absent = (
            _at_no_time(cad.post("/api/v1/orders/lookup", json={"words": one}), one) for one in (words, none)
        )
        assert hidden == absent, words
        filed = [heard(car.post("/api/v1/incidents", json={**body, "words": one}), one) for one in (words, none)]
        assert filed[0] == filed[1] and filed[0][0] == 422, words


def _at_no_time(answer, said):
    status, headers, body = heard(answer, said)
    return status, headers, msgspec.json.decode(body) | {"as_of": ""}
