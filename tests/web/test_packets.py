"""The packets of a hearing on screen and paper: the same bytes whenever they are asked for, and who got a copy."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from monitor.clock import utc_now
from monitor.models import Allegation, AllegationStep, Attendance, AuditEntry, DefenseCopy, Packet, Service, Told
from tests.builders import build_town, correct
from tests.monitor.court_town import add_case, build_court_town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database):
    town = build_court_town(database, utc_now() - timedelta(minutes=5), cases=False)
    add_case(town, "1", "Doe", classes="yyMEyu", alleged="ABSENCE_UNEXCUSED", contested=True)
    return town


@pytest.fixture
def clerk(client_as, town):
    return client_as("clerk", agency_id=town.court_agency, name="K. Ito")


@pytest.fixture
def packet(town, clerk):
    """The path of a packet that the clerk kept."""
    return clerk.post(f"/hearings/{town.hearings[0]}/packets", data={}).headers["location"]


def article(browser, path):
    return browser.get(path).text.partition("<article")[2].partition("</article>")[0]


def correct_a_class(town):
    with town.database.system("test: the program corrects") as session, session.begin():
        missed = select(Attendance).where(Attendance.outcome == "ABSENT").order_by(Attendance.occurred_on)
        row = session.scalars(missed).first()
        correct(session, row, utc_now(), outcome="PRESENT", program_says="P")


def test_a_packet_is_the_same_page_and_the_same_bytes_after_corrections_which_stand_in_its_addendum(
    town, clerk, packet
):
    page, paper = article(clerk, packet), clerk.get(f"{packet}?format=pdf").content
    assert paper.startswith(b"%PDF") and "Nothing became known since" in clerk.get(packet).text
    correct_a_class(town)
    assert article(clerk, packet) == page and clerk.get(f"{packet}?format=pdf").content == paper
    text = clerk.get(packet).text
    assert "1 change since" in text and "Corrected" in text and "by the program" in text
    assert article(clerk, f"/hearings/{town.hearings[0]}") != page, "the page of now says it"


def test_a_copy_to_the_defense_stands_on_page_and_docket_with_who_when_which_and_how(town, clerk, packet):
    docket = f"/dockets/{town.court_code}/{town.day}"
    assert "defense 1 court day before: 1" in clerk.get(docket).text and "not yet" in clerk.get(docket).text
    assert clerk.post(f"{packet}/copies", data={"given_to": "COUNSEL"}).status_code == 422
    assert clerk.post(f"{packet}/copies", data={"given_to": "COUNSEL", "how": "E_FILING"}).status_code == 303
    assert re.search(r"To counsel by e-filing, .*, by K\. Ito", clerk.get(packet).text)
    page = article(clerk, f"/hearings/{town.hearings[0]}")
    assert "Copy to defense" in page and "(counsel, by e-filing). Changed since: nothing." in page
    assert "____" not in page.partition("<footer>")[2]
    assert "not yet" not in clerk.get(docket).text
    correct_a_class(town)
    assert "Changed since: 3 Conditions" in article(clerk, f"/hearings/{town.hearings[0]}")
    with town.database.system("test: look", writes=False) as session:
        [copy] = session.scalars(select(DefenseCopy))
        assert copy.given_by_id == clerk.user_id and str(copy.packet_id) == packet.rpartition("/")[2]
        events = {row.event: row.detail for row in session.scalars(select(AuditEntry))}
        assert events["packet.given"]["how"] == "E_FILING"


def test_a_second_press_keeps_no_second_page_and_logs_no_second_copy(town, clerk, packet):
    again = f"/hearings/{town.hearings[0]}/packets"
    assert clerk.post(again, data={}).headers["location"] == packet
    for how in ("E_FILING", "E_FILING", "IN_COURT"):
        assert clerk.post(f"{packet}/copies", data={"given_to": "COUNSEL", "how": how}).status_code == 303
    with town.database.system("test: look", writes=False) as session:
        assert sorted(session.scalars(select(DefenseCopy.how))) == ["E_FILING", "IN_COURT"]
    correct_a_class(town)
    assert clerk.post(again, data={}).headers["location"] != packet, "the page reads otherwise now"


def test_the_short_address_of_a_packet_leads_under_its_hearing_for_its_own_court_alone(town, clerk, packet, client_as):
    short = f"/packets/{packet.rpartition('/')[2]}"
    answer = clerk.get(short)
    assert (answer.status_code, answer.headers["location"]) == (303, packet)
    with town.database.system("test: another court") as session, session.begin():
        far = build_town(session, code="far")
    stranger = client_as("clerk", agency_id=far.court_agency)
    hidden, absent = (stranger.get(path) for path in (short, "/packets/7"))
    assert hidden.status_code == absent.status_code == 404
    assert clerk.get("/packets/7").status_code == clerk.get(f"/packets/{'9' * 30}").status_code == 404
    assert client_as("officer", agency_id=town.office).get(short).status_code == 403


def test_a_page_that_tells_of_an_order_not_served_is_handed_over_only_with_a_reason(town, clerk):
    """Given an order that nobody has served When the clerk hands the page to the defense Then the clerk says first why
    it may be read there: nobody learns of an order from paper before the deputy stands at the door (E5)."""
    with town.database.system("test: nobody served it") as session, session.begin():
        assert session.execute(delete(Service)).rowcount
    packet = clerk.post(f"/hearings/{town.hearings[0]}/packets", data={}).headers["location"]
    text, given = clerk.get(packet).text, {"given_to": "COUNSEL", "how": "E_FILING"}
    assert "SERVICE NOT SHOWN" in text and "The page tells of 2 orders or changes of orders that no return" in text
    for answer in ({}, {"unserved": "BECAUSE"}):
        refused = clerk.post(f"{packet}/copies", data=given | answer)
        assert refused.status_code == 422 and "Say why the defense may read of it before it is served" in refused.text
    assert clerk.post(f"{packet}/copies", data=given | {"unserved": "ALLOWED"}).status_code == 303
    with town.database.system("test: the trail", writes=False) as session:
        told = session.scalars(select(AuditEntry).where(AuditEntry.event == "packet.given")).all()
        assert [one.detail.get("unserved") for one in told if one.outcome == "done"] == ["ALLOWED"]


def test_a_copy_that_was_entered_wrongly_is_taken_back_and_stays_on_record(town, clerk, packet):
    clerk.post(f"{packet}/copies", data={"given_to": "RESPONDENT", "how": "IN_COURT"})
    number = re.search(r'name="copy" value="(\d+)"', clerk.get(packet).text)[1]
    assert clerk.post(f"{packet}/copies/undo", data={"copy": number}).status_code == 303
    assert "Entered wrongly" in clerk.get(packet).text
    assert "Copy to defense ____" in article(clerk, f"/hearings/{town.hearings[0]}")
    assert clerk.post(f"{packet}/copies/undo", data={"copy": number}).status_code == 404


def withdraw(town):
    with town.database.system("test: probation withdraws its report") as session, session.begin():
        report = session.scalars(select(Allegation)).one()
        session.add(
            AllegationStep(
                allegation_id=report.id, case_id=report.case_id, agency_id=report.agency_id, number=4,
                kind="WITHDRAWN", by_user_id=report.made_by_id, at=utc_now(), words="The sheet was wrong.",
            )
        )  # fmt: skip


def test_a_packet_whose_allegation_ended_shows_prints_and_hands_over_nothing_of_it(town, clerk, packet):
    title = re.search(r"<h2>5 Alleged</h2>\s*<ul[^>]*><li>(.*?)</li>", clerk.get(packet).text)[1]
    paper = clerk.get(f"{packet}?format=pdf").content
    withdraw(town)
    text = clerk.get(packet).text
    assert title not in text and "Not shown here: withdrawn" in text and "1 allegation in it ended since" in text
    assert "Nothing became known since" not in text and "The defense has this packet" not in text
    assert clerk.get(f"{packet}?format=pdf").content != paper
    answer = clerk.post(f"{packet}/copies", data={"given_to": "COUNSEL", "how": "E_FILING"})
    assert answer.status_code == 422 and "Keep the page as it stands now, and hand that packet over" in answer.text
    with town.database.system("test: look", writes=False) as session:
        assert session.scalars(select(DefenseCopy)).all() == []


def test_whoever_reads_a_packet_is_told_of_corrections_later(town, clerk, packet):
    clerk.get(packet)
    with town.database.system("test: look", writes=False) as session:
        assert {row.role for row in session.scalars(select(Told))} >= {"clerk", "judge"}


def test_the_list_has_every_packet_of_this_hearing_and_of_no_other(town, clerk, packet):
    add_case(town, "2", "Roe", classes="yy")
    other = clerk.post(f"/hearings/{town.hearings[1]}/packets", data={}).headers["location"]
    text = clerk.get(packet.rpartition("/")[0]).text
    assert packet.rpartition("/")[2] in text and other.rpartition("/")[2] not in text and "Kept by hand" in text
    mixed = f"/hearings/{town.hearings[0]}/packets/{other.rpartition('/')[2]}"
    assert clerk.get(mixed).status_code == 404


def test_nobody_else_finds_a_packet(town, packet, client_as, database):
    with database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
        assert session.scalars(select(Packet)).one()
    assert client_as("clerk", agency_id=far.court_agency).get(packet).status_code == 404
    for role in ("officer", "program", "administrator"):
        assert client_as(role).get(packet).status_code == 403
