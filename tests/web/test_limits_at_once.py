"""What is counted by the minute, the hour or the day is not outrun by many that are sent in one instant.

Each act waits until the one before it is on record; on PostgreSQL all have come as far as they can before any is
written (`tests.web.at_once`). With a count asked before the act alone each found few on record; all were answered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import msgspec
import pytest

from monitor.access import limits
from monitor.access.policy import POLICY
from monitor.calendars.feeds import READ
from monitor.models import Outbox
from tests.monitor.verify_town import build_room
from tests.office import open_office, take_over
from tests.web.at_once import at_once
from tests.web.machines import machine_of, software
from web.limits import is_held

HANDS, MOST = 6, 2
A_NAME = {"words": "O'Neal, Dwayne", "born": "", "incident": ""}


@pytest.fixture
def settings(settings):
    return msgspec.structs.replace(settings, acts_per_minute=10)  # a session's share of them: seven


def counted(database, act: Callable[[], object], hands: int = HANDS) -> Counter[int]:
    return Counter(answer.status_code for answer in at_once(database, [act] * hands))


def test_files_taken_out_in_one_instant_are_no_more_than_one_after_the_other(database, client_as, monkeypatch):
    monkeypatch.setitem(limits.PER_DAY, "caseload.exported", MOST)
    office = open_office(database)
    officer, privacy = take_over(database, client_as("officer")), client_as(
        "privacy_officer", agency_id=office.town.office
    )
    seen = counted(database, lambda: officer.post("/caseload/export", data={"team": "", "why": ""}))
    assert seen == {200: MOST, 429: HANDS - MOST}
    with database.system("test: told", writes=False) as session:
        told = session.query(Outbox).where(Outbox.key.startswith("exports:")).one()
        assert told.key.endswith(f":{privacy.user_id}")


def test_pages_that_are_read_in_one_instant_are_counted_too(database, client_as, monkeypatch):
    """A page that is only read is on record before it leaves, and refused there."""
    monkeypatch.setitem(limits.PER_HOUR, "audit.agency_read", MOST)
    privacy = client_as("privacy_officer")
    assert counted(database, lambda: privacy.get("/audit/agency")) == {200: MOST, 429: HANDS - MOST}


def test_a_calendar_asked_for_in_one_instant_is_told_no_oftener(database, client_as, client, monkeypatch):
    monkeypatch.setitem(limits.PER_HOUR, READ, MOST)
    answer = client_as("officer").post("/account/calendars", data={"of": "OFFICER", "room": "", "style": "COUNT"})
    path = "/ical/" + answer.text.split("/ical/")[1].split(".ics")[0] + ".ics"
    assert counted(database, lambda: client.get(path)) == {200: MOST, 429: HANDS - MOST}


def test_questions_to_dispatch_sent_in_one_instant_are_held_to_the_minute(database, client_as):
    room = build_room(database)
    desk = client_as("dispatch", agency_id=room.agency)
    seen = counted(database, lambda: desk.post("/verify", data=A_NAME), 9)
    assert seen[429] == 2 and sum(seen.values()) == 9, seen


def test_a_machines_questions_sent_in_one_instant_are_held_to_the_minute(database, app):
    build_room(database)
    with software(app, machine_of(database, "room")) as cad:
        seen = counted(database, lambda: cad.post("/api/v1/orders/lookup", json={"words": A_NAME["words"]}), 9)
    assert seen[200] == 7 and seen[429] == 2, seen


def test_searches_of_the_caseload_sent_in_one_instant_are_held_to_the_minute(database, client_as):
    open_office(database)
    officer = take_over(database, client_as("officer"))
    seen = counted(database, lambda: officer.post("/caseload", data={"words": "Doe", "team": ""}), 9)
    assert seen[200] == 7 and seen[429] == 2, seen


def test_every_limit_is_of_an_act_that_there_is():
    """A limit under a word that no act bears any more holds nobody: ``packet.made`` did so."""
    acts = {entry.event for entry in POLICY.values()} | {READ}
    assert set(limits.PER_HOUR) | set(limits.PER_DAY) <= acts


def test_whatever_looks_for_what_is_typed_or_is_counted_by_the_hour_is_held():
    held = {entry.event for entry in POLICY.values() if is_held(entry)}
    assert {"order.verified", "caller.matched", "order.looked_up", "order.party_shown", "record_notice.asked",
            "caseload.search", "incident.found", "audit.case_read", "caseload.exported", "evidence.built",
            "packet.taken", "upload.export", "batch.create"} <= held  # fmt: skip
