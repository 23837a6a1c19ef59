"""What a court found, on the agenda of the team, and a level: patrol reads of either what stands on its card."""

from __future__ import annotations

from sqlalchemy import select, update

from monitor.clock import utc_now
from monitor.models import Allegation, AllegationStep, Assessment, Flag, random_id
from tests.builders import add_user, decided
from tests.office import raise_flag
from tests.web.consulting import DAY, TODAY, folder, keys, lite, members, office, put_on, seen, settings

__all__ = ["folder", "keys", "members", "office", "settings"]


@lite
def test_of_what_the_court_found_patrol_reads_class_d_and_e_alone(database, office, members, keys):
    with database.system("test: found") as session, session.begin():
        clerk = add_user(session, office.town.court_agency, "clerk", "finds@agency.example")
        for code, letter in (("NO_CONTACT_ALLEGED", "D"), ("CHECKIN_MISSED", "B")):
            decided(session, session.get_one(Flag, raise_flag(session, office.matter, code, letter)), "ACTED")
        for report in session.scalars(select(Allegation)).all():
            session.add(AllegationStep(
                id=random_id(), agency_id=office.town.court_agency, number=4, kind="FOUND", at=utc_now(), content={},
                words="Said.", allegation_id=report.id, case_id=report.case_id, by_user_id=clerk,
            ))  # fmt: skip
    put_on(database, office, keys)
    pages = {role: seen(members[role]) for role in ("prosecutor", "law_enforcement")}
    assert {role for role, page in pages.items() if "Class D, " in page} == set(pages)
    assert {role for role, page in pages.items() if "Class B, " in page} == {"prosecutor"}


@lite
def test_a_level_out_of_date_says_so_and_warns_patrol_of_nothing(database, office, members, keys):
    """A level older than its expiry shows "out of date" (safeguard G6), from that very day on."""
    put_on(database, office, keys)
    for expires, late in ((TODAY + DAY, False), (TODAY, True)):
        with database.system("test: a level runs out") as session, session.begin():
            session.execute(update(Assessment).values(occurred_on=TODAY - 80 * DAY, expires_on=expires))
        pages = {role: seen(browser) for role, browser in members.items()}
        assert {role for role, page in pages.items() if "OUT OF DATE" in page} == (
            {"officer", "officer_supervisor", "prosecutor", "victim_witness"} if late else set()
        )
        assert ("Caution: elevated" in pages["law_enforcement"]) is not late
        assert "OUT OF DATE" not in pages["advocate"] and "High, ODARA" in pages["officer"]
