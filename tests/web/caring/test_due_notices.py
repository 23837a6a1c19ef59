"""The desk of victim/witness staff: due from court events, answered in codes, and the safety step before a filing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from jobs import morning_digest, send_outbox
from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.amending import amend
from monitor.clock import local_day, utc_now
from monitor.config import Settings
from monitor.due_notices.due import due_of
from monitor.models import (
    Agency,
    CaseAgency,
    Enrollment,
    EnrollmentEvent,
    Hearing,
    Incident,
    NoticeAnswer,
    OrderVersion,
    Pause,
    Release,
    Service,
    Wall,
    random_id,
)
from monitor.program_bands import bands
from tests.builders import add_user, at, correct, person_with_order, unexcused
from tests.monitor.outbox.post_office import post_office
from tests.monitor.outbox.test_digest import ZONE, run
from tests.monitor.patrol_town import protect
from tests.office import hearing, raise_flag
from tests.web.caring.desk import DAY, LATER, NOT_CONFIDENTIAL, everything, items, kinds, lite, say, stand


@lite
def test_no_way_to_reach_anybody_and_no_word_gets_in(office, staff, database):
    typed = "555-0142, 12 Elm Street, she said he called"
    before = everything(database, "audit_entry", "audit_head", "auth_session")
    path = f"/due-notices/{office.matter.case}"
    for where, form in (("answers", {"words": typed}), ("answers", {"answer": "REACHED", "phone": typed}),
                        ("standing", {"answer": typed}), ("needs", {"hearing": "1", "answer": typed}),
                        ("answers", {"kind": "STANDING", "about": "1", "answer": typed})):  # fmt: skip
        assert staff.post(f"{path}/{where}", data=form).status_code in (400, 409, 422)
    assert everything(database, "audit_entry", "audit_head", "auth_session") == before
    assert "Elm" not in everything(database)
    text = staff.get(path).text
    assert "<textarea" not in text and 'type="text"' not in text and 'type="tel"' not in text


@lite
def test_no_other_role_reads_a_row_of_the_desk(office, staff, database):
    stand(staff, office, "DECLINED")
    for role in Role:
        if role is Role.VICTIM_WITNESS:
            continue
        scope = Scope(user_id=office.officer, role=role.value, agency_id=office.town.office)
        with database.scoped(scope) as session, pytest.raises(RuntimeError):
            session.scalars(select(NoticeAnswer.id)).all()


def test_another_victim_witness_office_of_the_case_reads_none_of_it_either(office, staff, client_as, database):
    stand(staff, office, "DECLINED")
    with database.system("test: another office") as session, session.begin():
        other = Agency(id=random_id(), kind="victim_witness", name="Police V/W", code="police-vw", zone=ZONE)
        session.add(other)
        session.flush()
        session.add(CaseAgency(case_id=office.matter.case, agency_id=other.id, from_on=date(2026, 1, 1), until_on=None))
        number = session.scalars(select(NoticeAnswer.id)).one()
    theirs = client_as("victim_witness", agency_id=other.id, name="B. Other")
    assert "Nobody has answered yet" in theirs.get(f"/due-notices/{office.matter.case}").text
    assert theirs.post(f"/due-notices/answers/{number}/take-back", data={}).status_code == 404


def test_what_the_court_records_falls_due_and_nothing_else_does(office, staff, database):
    assert kinds(staff) == ["STANDING"], "first somebody is asked"
    stand(staff, office, "ASKED")
    assert kinds(staff) == []
    with database.system("test: an hour ago") as session, session.begin():
        session.scalars(select(NoticeAnswer)).one().recorded_at = utc_now() - timedelta(hours=1)
    now, case, court = utc_now(), office.matter.case, office.town.court_agency
    same = {"case_id": case, "agency_id": court, "recorded_at": now, "recorded_by_id": None}
    with database.system("test: the court records") as session, session.begin():
        version = session.scalars(select(OrderVersion).where(OrderVersion.case_id == case)).one()
        version.effective_to = now - timedelta(minutes=5)
        session.flush()
        held = {name: getattr(version, name) for name in version.__table__.columns.keys()}
        held |= {"id": random_id(), "version_no": 2, "change": "MODIFIED", "recorded_at": now, "effective_to": None}
        session.add(OrderVersion(**(held | {"effective_from": now - timedelta(minutes=5)})))
        session.add(Service(order_id=office.matter.order, occurred_at=now, method="PERSONAL", server="Deputy 12",
                            retracted=False, **same))  # fmt: skip
        session.add(Pause(kind="CUSTODY", basis=None, starts_on=now.date() - 3 * DAY, ends_on=now.date(), **same))
        ahead = hearing(session, office.matter, now + 5 * DAY)
        past = hearing(session, office.matter, now - timedelta(hours=1, minutes=5), "WARNED")
    assert sorted(kinds(staff)) == ["CUSTODY", "HEARING_SET", "ORDER_CHANGED", "ORDER_SERVED", "RELEASE"]
    with database.system("test: and moves") as session, session.begin():
        amend(session, session.get_one(Hearing, ahead), now, starts_at=now + 9 * DAY)
        amend(session, session.get_one(Hearing, past), now, resulted_at=now - LATER)
    assert {"HEARING_MOVED", "RESULT"} <= set(kinds(staff)) and "HEARING_SET" not in kinds(staff)
    text = staff.get("/due-notices").text
    assert "; before: " in text and "warned" in text
    for one in set(kinds(staff)):
        assert say(staff, office, one, "REACHED").status_code == 303
    assert kinds(staff) == []
    with database.system("test: service was entered wrongly") as session, session.begin():
        [service] = session.scalars(select(Service).where(Service.server == "Deputy 12")).all()
        correct(session, service, utc_now(), retract=True)
    [(kind, *_rest)] = items(staff)
    assert kind == "CORRECTION" and "Told as: order served" in staff.get("/due-notices").text


@lite
def test_what_was_tried_steps_behind_what_nobody_tried_yet_and_stays_due(office, staff, database):
    stand(staff, office, "ASKED")
    with database.system("test: two things, and asked for before") as session, session.begin():
        session.scalars(select(NoticeAnswer)).one().recorded_at = utc_now() - timedelta(hours=3)
        same = {"case_id": office.matter.case, "agency_id": office.town.court_agency, "recorded_by_id": None}
        for hours in (2, 1):
            at = utc_now() - timedelta(hours=hours)
            session.add(Pause(kind="CUSTODY", basis=None, starts_on=at.date() - hours * DAY, ends_on=None,
                              recorded_at=at, **same))  # fmt: skip
    before = [one[:3] for one in items(staff)]
    assert [one[0] for one in before] == ["CUSTODY", "CUSTODY"]
    assert say(staff, office, "CUSTODY", "ATTEMPTED").status_code == 303
    assert [one[:3] for one in items(staff)] == before[::-1]


@lite
def test_that_an_order_ends_soon_falls_due_two_weeks_before_and_no_day_sooner(office, staff, database):
    stand(staff, office, "ASKED")
    for days, due in ((15, []), (13, ["ORDER_ENDS"])):
        with database.system("test: an order that ends") as session, session.begin():
            version = session.scalars(select(OrderVersion).where(OrderVersion.case_id == office.matter.case)).one()
            version.expires_at = utc_now() + days * DAY
        assert kinds(staff) == due


@lite
def test_a_hearing_of_tomorrow_that_nobody_told_of_is_first(office, staff, database):
    stand(staff, office, "ASKED")
    with database.system("test: two dates") as session, session.begin():
        for days in (9, 1):
            row = hearing(session, office.matter, utc_now() + days * DAY - timedelta(hours=1))
            session.get_one(Hearing, row).recorded_at = utc_now() - days * DAY
    text = staff.get("/due-notices").text
    assert text.index("Today or tomorrow: Hearing set") < text.rindex("Hearing set")
    [first, _second] = items(staff)
    say(staff, office, "HEARING_SET", "ATTEMPTED")
    assert "Today or tomorrow" not in staff.get("/due-notices").text and "tried 1×" in staff.get("/due-notices").text
    assert first[3] == ["ATTEMPTED", "REACHED", "NOT_REACHED"]


@lite
def test_a_need_is_of_one_coming_hearing(office, staff, database):
    with database.system("test: two dates") as session, session.begin():
        ahead, past = (hearing(session, office.matter, utc_now() + days * DAY) for days in (3, -3))
    path = f"/due-notices/{office.matter.case}"
    assert staff.post(f"{path}/needs", data={"hearing": str(ahead), "answer": "INTERPRETER"}).status_code == 303
    assert staff.get(path).text.count("<b>Interpreter at this hearing</b>") == 1
    for hearing_id, answer in ((past, "ACCESS"), (ahead, "SPANISH"), (ahead, "")):
        form = {"hearing": str(hearing_id), "answer": answer}
        assert staff.post(f"{path}/needs", data=form).status_code == 422


def test_the_case_page_is_cut_to_the_desk(office, staff, client_as, database):
    with database.system("test: a question of danger, an order elsewhere, a wall") as session, session.begin():
        raise_flag(session, office.matter, "NO_CONTACT_ALLEGED", "D")
        other = person_with_order(session, office.town).case
        walled = add_user(session, office.flags["desk"], "victim_witness", "walled@vw.example")
        session.add(Wall(id=random_id(), user_id=walled, person_id=office.matter.person, entered_by_id=1,
                         sealed_why=b"x", agency_id=office.town.office, entered_at=utc_now()))  # fmt: skip
    text = staff.get(f"/due-notices/{office.matter.case}").text
    assert "Class D question" in text and "it is no finding" in text and NOT_CONFIDENTIAL in text
    assert "Program: no recent report." in text and "ABSENCE_UNEXCUSED" not in text and "Unexcused absence" not in text
    assert staff.get(f"/due-notices/{other}").status_code == 404
    assert staff.get("/").headers["location"] == "/due-notices"
    scope = Scope(user_id=walled, role="victim_witness", agency_id=office.flags["desk"])
    with database.scoped(scope) as session:
        assert due_of(session, utc_now()) == ()
    for role in ("prosecutor", "officer", "judge", "program", "advocate"):
        assert client_as(role).get("/due-notices").status_code == 403


@lite
def test_the_case_page_names_police_reports_and_what_agencies_owe(office, staff, database):
    """Sees order, hearings, outcomes, incident reference (practitioner 5), and what was handed on in the case."""
    with database.system("test: a police report, an order to serve") as session, session.begin():
        police = Agency(id=random_id(), kind="law_enforcement", name="Near PD", code="near-pd", zone="UTC")
        session.add(police)
        session.flush()
        told = {"kind": "REPORT", "number": "PD-77", "touched": "05", "offence": "273.6", "strangulation": "YES"}
        session.add(Incident(case_id=office.matter.case, agency_id=police.id, occurred_at=utc_now(), weapon=True,
                             accounts=True, recorded_at=utc_now(), **told))  # fmt: skip
        protect(session, office.matter, utc_now() - 3 * DAY, served=False)
    text = staff.get(f"/due-notices/{office.matter.case}").text
    assert "Police report PD-77" in text and "contact in any way (05)" in text
    for kept_back in ("273.6", "trangulation", "Weapon"):
        assert kept_back not in text, "its reference, and not what it says"
    owed = text.partition('id="handoffs"')[2]
    assert "Others owe" in owed and "Serve the order and return proof" in owed and "Law enforcement" in owed


@lite
def test_a_letter_says_how_many_and_nothing_else(office, staff, database):
    with database.system("test: when the order came on record") as session, session.begin():
        for version in session.scalars(select(OrderVersion)):
            version.recorded_at = at(date(2026, 1, 5))
    with post_office() as post:
        settings = Settings(port=8001, mail_url=post.url, mail_from="monitor@agency.example")
        run(database, morning_digest, settings)
        run(database, send_outbox, settings, "send_outbox")
    [letter] = [one for one in post.letters if one["To"].startswith("victim_witness")]
    assert letter["Subject"] == "What waits for you today"
    assert "1 item waits for you. Sign in." in letter.get_payload()
    body = letter.get_payload().replace("You get this because", "")
    for word in ("Ann", "notice", "hearing", "victim", "case", "call"):
        assert word not in body, word


@lite
def test_a_law_that_gives_notice_without_request_is_the_sites_choice(office, staff, database, app):
    import msgspec

    from monitor.local_law import LocalLaw

    with database.system("test: a date") as session, session.begin():
        hearing(session, office.matter, utc_now() + 5 * DAY)
    assert kinds(staff) == ["STANDING"]
    app.state.site = msgspec.structs.replace(app.state.site, law=LocalLaw(notices_unasked=True))
    assert kinds(staff) == ["HEARING_SET", "STANDING"]
    stand(staff, office, "DECLINED")
    assert kinds(staff) == []


@lite
def test_the_band_of_a_program_is_of_the_last_weeks_and_as_far_as_the_participant_released_it(office, staff, database):
    """Given a class was missed this week Then staff see that and no day; given the release leaves the prosecution out,
    or is over, Then *Not shown*."""
    path, today = f"/due-notices/{office.matter.case}", local_day(utc_now(), "America/Los_Angeles")
    assert "Program: no recent report." in staff.get(path).text, "a class of months ago is no band for ever"
    with database.system("test: missed again") as session, session.begin():
        unexcused(session, office.matter, today - 3 * DAY)
        place = session.scalars(select(Enrollment)).first()
        same = {"case_id": place.case_id, "agency_id": place.agency_id, "enrollment_id": place.id}
    assert "Program: has missed." in staff.get(path).text
    with database.system("test: the advocates' list says the same") as session:
        assert bands(session, today, [same["enrollment_id"]]) == {office.matter.case: "Has missed"}
    for number, (scope, until) in enumerate((("probation,court", None), ("probation,court,prosecutor", today - DAY),
                                             ("probation,court,prosecutor", today + DAY))):  # fmt: skip
        with database.system("test: signed") as session, session.begin():
            session.add(Release(id=random_id(), occurred_on=today - (9 - number) * DAY, until_on=until, scope=scope,
                                recorded_at=utc_now(), **same))  # fmt: skip
        said = "Program: not shown." if number < 2 else "Program: has missed."
        assert said in staff.get(path).text, (scope, until)


@lite
def test_the_band_is_of_the_newest_place_and_never_of_one_before_it(office, staff, database):
    """Given he left a program and is in another, whose release leaves the prosecution out, Then staff read *not shown*
    and never that he was discharged: that is not how he stands (C8)."""
    path, now = f"/due-notices/{office.matter.case}", utc_now()
    today = local_day(now, ZONE)
    with database.system("test: a second place") as session, session.begin():
        old = session.scalars(select(Enrollment)).one()
        same = {"case_id": old.case_id, "agency_id": old.agency_id, "recorded_by_id": 1}
        columns = {one.name: getattr(old, one.name) for one in Enrollment.__table__.columns}
        later = now + timedelta(seconds=1)
        new = Enrollment(**columns | {"id": random_id(), "recorded_at": later, "code": "ZZ-9"})
        session.add(new)
        session.flush()
        for place, event, day, at_ in ((old, "DISCHARGED", today - 20 * DAY, now),
                                       (new, "ENROLLED", today - 10 * DAY, later)):  # fmt: skip
            session.add(EnrollmentEvent(id=random_id(), enrollment_id=place.id, event=event, occurred_on=day,
                                        recorded_at=at_, **same))  # fmt: skip
        session.add(Release(id=random_id(), enrollment_id=new.id, scope="court", occurred_on=today - 10 * DAY,
                            until_on=today + 90 * DAY, recorded_at=later, **same))  # fmt: skip
    page = staff.get(path).text
    assert "Program: not shown." in page and "discharged" not in page
