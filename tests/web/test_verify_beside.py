"""What stands beside an order on the page of verification: warrants, findings, calls, cautions; and the whole proof."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.clock import local_day, utc_now
from monitor.incidents import filing
from monitor.incidents.entering import Entry
from monitor.models import Allegation, AllegationStep, Assessment, Flag, OrderVersion, Outbox, Pause, random_id
from monitor.verify.asked import Asked
from monitor.verify.text_form import HIGH, WIDE, text_form
from monitor.verify.verifying import Whom, verify
from tests.builders import ZONE, add_user, decided
from tests.monitor.patrol_town import NAME, NUMBER, PARTY, REPORT, Place, build_place, protect
from tests.office import hearing, raise_flag
from tests.web.conftest import Browser

ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def yesterday_at(hour: int, minute: int) -> datetime:
    day = local_day(utc_now(), ZONE) - timedelta(days=1)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(ZONE))


@pytest.fixture
def place(database) -> Place:
    return build_place(database, signed=yesterday_at(14, 10))


@pytest.fixture
def desk(client_as: Callable[..., Browser], place: Place) -> Browser:
    return client_as("dispatch", agency_id=place.dispatch, name="V. Ortega")


def asked(desk: Browser, **more: str) -> Any:
    return desk.post("/verify", data={"words": NAME, "format": "json", **more}).json()


def test_the_card_at_night_says_in_force_served_no_contact_no_firearm_and_a_callers_name_matches_without_a_name(
    desk: Browser, client_as: Callable[..., Browser], place: Place
) -> None:
    """Given an order signed at 14:10 and served at 16:30 When dispatch queries the respondent at 02:14 Then the card
    shows "in force, served 16:30, no contact, no firearm" within 5 seconds, and typing the caller's name returns
    "matches an order" without showing any name. When the same user tries 15 names in a minute Then matching stops and
    the privacy officer is told."""
    began = time.process_time()  # of the processor: others' work beside it counts for nothing
    card = desk.post("/verify", data={"words": NAME}).text.partition("<main")[2]
    assert time.process_time() - began < 5
    assert card.index("ACTIVE") < card.index("Served") < card.index("Exceptions") < card.index("May not")
    assert "4:30 PM" in card and "contact in any way (05)" in card and "PROHIBITED" in card
    match = desk.post("/verify/caller", data={"words": NAME, "caller": PARTY}).text
    assert "matches an order" in match and "uillonwick" not in match
    with place.database.system("test: a privacy officer") as session, session.begin():
        told = add_user(session, place.dispatch, "privacy_officer", "privacy@agency.example")
    answers = [desk.post("/verify/caller", data={"words": NAME, "caller": f"Some{chr(97 + n)}, Ola"}).status_code
               for n in range(14)]  # fmt: skip
    assert answers == [201] * 13 + [429] or answers == [200] * 13 + [429]
    assert [one.recipient_id for one in place.rows(Outbox)] == [told]


@ONLY_SQLITE
def test_an_expired_order_is_absent_from_that_minute_on_and_the_last_day_is_said(place: Place, desk: Browser) -> None:
    """Given an expired order Then it is absent from the card from that minute on."""
    end = utc_now().replace(microsecond=0) + timedelta(minutes=1)
    with place.database.system("test: its last minute") as session, session.begin():
        session.scalars(select(OrderVersion).where(OrderVersion.order_id == place.order)).one().expires_at = end
    scope = Scope(1, "dispatch", place.dispatch)
    for at, verdict in ((end - timedelta(seconds=1), "ACTIVE"), (end, "NO MATCH")):
        with place.database.scoped(scope) as session:
            found, _ = verify(session, Asked(NAME), at)
        assert found.verdict == verdict
        assert ("EXPIRES TODAY" in text_form(found, ZONE)) == (verdict == "ACTIVE")
    assert found.beside is None and found.cards == (), "with the order all that stood beside it is gone"


def test_a_warrant_calls_and_cautions_stand_beside_the_order(place: Place, desk: Browser) -> None:
    today = local_day(utc_now(), ZONE)
    nothing = {"warrant_since": None, "next_at": None, "findings": [], "calls": [], "cautions": []}
    assert asked(desk)["beside"] == nothing
    with place.database.system("test: a warrant, a level") as session, session.begin():
        session.add(Pause(id=random_id(), case_id=place.matter.case, agency_id=place.town.court_agency, kind="WARRANT",
                          starts_on=today - timedelta(days=5), recorded_at=utc_now()))  # fmt: skip
        hearing(session, place.matter, utc_now() + timedelta(days=3))
        session.add(Assessment(id=random_id(), case_id=place.matter.case, agency_id=place.town.office, tool="ODARA",
                               tool_version="2005", level="high", occurred_on=today - timedelta(days=10),
                               expires_on=today + timedelta(days=80), assessed_by_id=place.officer,
                               recorded_at=utc_now(), recorded_by_id=place.officer))  # fmt: skip
    desk.post("/incidents/new", data={"words": NAME, "number": "CAD26-1", "touched": "05"})
    said = asked(desk)
    assert said["beside"]["warrant_since"] == str(today - timedelta(days=5)) and said["beside"]["next_at"]
    assert len(said["beside"]["calls"]) == 1
    assert said["cards"][0]["cautions"] == ["ELEVATED", "FIREARM ACCESS"]
    text = desk.post("/verify", data={"words": NAME, "format": "text"}).text
    assert "WARRANT    ACTIVE since" in text and "Due in court" in text and "1 on record" in text
    assert all(len(line) <= WIDE for line in text.splitlines()) and len(text.splitlines()) <= HIGH
    page = desk.post("/verify", data={"words": NAME}).text
    assert page.index("Warrant") < page.index("Exceptions") and "ODARA" not in page and "high" not in page.casefold()


@ONLY_SQLITE
def test_an_order_to_stay_away_that_is_not_served_leads_a_sentence_about_firearms_that_is(database) -> None:
    place = build_place(database, served=False)
    with database.system("test: a sentence, served in court") as session, session.begin():
        protect(session, place.matter, yesterday_at(9, 0), served=True, number="24-PR-1", codes=("FIREARM_SURRENDER",))
    with database.scoped(Scope(1, "dispatch", place.dispatch)) as session:
        found, orders = verify(session, Asked(NAME), utc_now())
    assert found.verdict == "ACTIVE, NOT SERVED"
    assert [one.number for one in found.cards] == [NUMBER, "24-PR-1"] and len(orders) == 2


@ONLY_SQLITE
def test_a_level_out_of_date_warns_of_nothing_and_strangulation_only_with_an_offence(
    place: Place, desk: Browser, client_as: Callable[..., Browser]
) -> None:
    today = local_day(utc_now(), ZONE)
    with place.database.system("test: a level") as session, session.begin():
        session.add(Assessment(id=random_id(), case_id=place.matter.case, agency_id=place.town.office, tool="ODARA",
                               tool_version="2005", level="high", occurred_on=today - timedelta(days=90),
                               expires_on=today, assessed_by_id=place.officer, recorded_at=utc_now(),
                               recorded_by_id=place.officer))  # fmt: skip
    deputy = client_as("law_enforcement", agency_id=place.sheriff, name="D. Cho")
    assert deputy.post("/incidents/new", data={**REPORT, "strangulation": "YES"}).status_code == 303
    assert asked(desk)["cards"][0]["cautions"] == ["FIREARM ACCESS"], "a report is no charge: it warns of nothing"
    assert "273.6" not in str(asked(desk)), "of a report only its day shows"


@ONLY_SQLITE
def test_a_finding_of_class_d_shows_and_a_report_that_waits_does_not(place: Place, desk: Browser) -> None:
    with place.database.system("test: a report to the court") as session, session.begin():
        flag = session.get_one(Flag, raise_flag(session, place.matter, "NO_CONTACT_ALLEGED", "D"))
        decided(session, flag, "ACTED")
        report = session.scalars(select(Allegation)).one()
        clerk = add_user(session, place.town.court_agency, "clerk", "clerk@agency.example")
        told = {"allegation_id": report.id, "case_id": report.case_id, "by_user_id": clerk}
    assert asked(desk)["beside"]["findings"] == []
    for number, kind, shows in ((4, "FOUND", 1), (5, "REOPENED", 0), (6, "ADMITTED", 1)):
        with place.database.system("test: the court speaks") as session, session.begin():
            session.add(AllegationStep(id=random_id(), agency_id=place.town.court_agency, number=number, kind=kind,
                                       at=utc_now(), words="Said.", content={}, **told))  # fmt: skip
        findings = asked(desk)["beside"]["findings"]
        assert len(findings) == shows
    assert findings[0].startswith("Class D, ") and "ontact" in findings[0]


@ONLY_SQLITE
def test_the_text_form_holds_an_order_with_every_condition_and_all_that_stands_beside_it(place: Place) -> None:
    with place.database.system("test: a long order") as session, session.begin():
        protect(session, place.matter, yesterday_at(9, 0), served=True, number="24-PO-0999",
                codes=("01", "02", "03", "04", "05", "06", "07", "08", "09"))  # fmt: skip
        session.add(Pause(id=random_id(), case_id=place.matter.case, agency_id=place.town.court_agency, kind="WARRANT",
                          starts_on=local_day(utc_now(), ZONE), recorded_at=utc_now()))  # fmt: skip
    for number in range(8):
        with place.database.scoped(Scope(place.officer, "dispatch", place.dispatch), writes=True) as session:
            filing.file(session, Whom(place.matter.case, place.order), Entry(number=f"CAD26-{number}"), utc_now(), ZONE)
            session.commit()
    for words in (NAME, NUMBER, "24-PO-0999"):
        with place.database.scoped(Scope(1, "dispatch", place.dispatch)) as session:
            found, _ = verify(session, Asked(words), utc_now())
        lines = text_form(found, ZONE).splitlines()
        assert len(lines) <= HIGH and all(len(line) <= WIDE for line in lines)
        assert any(line.startswith("MAY NOT") for line in lines) and any(line.startswith("WARRANT") for line in lines)
        assert "8 on record" in "\n".join(lines)
