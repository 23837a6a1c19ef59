"""The grid: default nothing, errors that name the person, one way into the record, and concerns to the officer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

import web.attendance
import web.uploads
from monitor.amending import amend
from monitor.current import current
from monitor.db import Database
from monitor.models import (
    Adjudication,
    Attendance,
    CertifiedMonth,
    Concern,
    Coverage,
    Enrollment,
    GridDraft,
    Group,
    Outbox,
    Participation,
)
from tests.builders import absent, attended, build_town
from tests.classes import AFTER_CLASS, MONDAY, Class, open_class
from tests.office import hearing, take_over
from tests.web.conftest import Browser


@pytest.fixture
def meeting(database: Database, monkeypatch: pytest.MonkeyPatch) -> Class:
    for door in (web.attendance, web.uploads):
        monkeypatch.setattr(door, "utc_now", lambda: AFTER_CLASS)
    return open_class(database)


@pytest.fixture
def program(client_as: Callable[..., Browser], meeting: Class) -> Browser:
    return client_as("program", agency_id=meeting.town.program_agency)


def token(browser: Browser, meeting: Class) -> str:
    return browser.get(meeting.path).text.partition('name="token" value="')[2].partition('"')[0]


def entered(meeting: Class, marks: dict[str, str], **more: str) -> dict[str, str]:
    """A form with ``marks`` by family name; ``more``: fields as they are sent, "late.O'Neal" for instance."""
    form = {f"says.{meeting.place(family)}": says for family, says in marks.items()}
    for name, value in more.items():
        field, dot, family = name.partition(".")
        form[f"{field}.{meeting.place(family)}" if dot else name] = value
    return form


def save(browser: Browser, meeting: Class, marks: dict[str, str], **more: str):  # type: ignore[no-untyped-def]
    return browser.post(meeting.path, data={"token": token(browser, meeting), **entered(meeting, marks, **more)})


EVERYBODY = {"Bell": "P", "García-Ortiz": "P", "O'Neal": "U", "Smith": "L"}


def test_nothing_is_chosen_before_somebody_chooses_it(program: Browser, meeting: Class) -> None:
    text = program.get(meeting.path).text
    assert text.count('type="radio"') == 4 * 5
    assert "checked" not in text.partition("<form method=\"post\" action=\"/attendance")[2]


def test_a_class_writes_what_an_upload_writes(program: Browser, meeting: Class, database: Database) -> None:
    answer = save(program, meeting, EVERYBODY, **{"late.Smith": "12", "note.O'Neal": "no call"})
    assert answer.status_code == 303, answer.text
    assert meeting.standing() == EVERYBODY
    assert meeting.covered() == 4, "with everybody marked the class is complete"
    with database.system("test", writes=False) as session:
        late = session.scalars(select(Attendance).where(Attendance.program_says == "L")).one()
        assert (late.outcome, late.minutes_late, late.upload_id is not None) == ("PRESENT_LATE", 12, True)
        missed = session.scalars(select(Attendance).where(Attendance.program_says == "U")).one()
        assert (missed.outcome, missed.note) == ("ABSENT", "no call")
        assert session.scalar(select(Adjudication.id)) is None, "whether it is excused is the officer's to say"


def test_somebody_without_a_mark_is_named_and_nothing_is_saved(program: Browser, meeting: Class) -> None:
    answer = save(program, meeting, {"Bell": "P", "García-Ortiz": "P"})
    assert answer.status_code == 422
    assert "Choose what happened for O&#39;Neal, Dwayne." in answer.text
    assert "Choose what happened for Smith, Robert." in answer.text
    assert "Choose what happened for Bell" not in answer.text
    assert meeting.standing() == {}


def test_they_may_be_left_for_later_and_then_the_class_is_not_complete(program: Browser, meeting: Class) -> None:
    answer = save(program, meeting, {"Bell": "P", "García-Ortiz": "P"}, act="later")
    assert answer.status_code == 303
    assert meeting.standing() == {"Bell": "P", "García-Ortiz": "P"}
    assert meeting.covered() == 0


def test_everyone_else_was_present_marks_and_does_not_save(program: Browser, meeting: Class) -> None:
    page = save(program, meeting, {"O'Neal": "U"}, act="rest")
    assert page.status_code == 200
    assert page.text.count("checked") == 4
    assert meeting.standing() == {}


FAULTS = (
    ("late.Smith", "150", "150 minutes late for Smith, Robert is longer than the class (120 minutes)"),
    ("late.Smith", "ten", "Give the minutes that Smith, Robert was late as a number"),
    ("late.Bell", "5", "Bell, Marcus has minutes late but is not marked late"),
    ("note.Bell", "his wife called and said he was ill", "The words about Bell, Marcus may tell of somebody else"),
    ("rating.O'Neal", "ENGAGED", "O&#39;Neal, Dwayne was not there"),
    ("concern.Bell", "WEAPON", "Say how you know of the concern about Bell, Marcus"),
    ("says.Bell", "E", "Say in a few words why Bell, Marcus was excused"),
    ("says.Bell", "X", "Choose what happened for Bell, Marcus from the list"),
)


def test_an_error_names_the_person_and_the_choice(program: Browser, meeting: Class) -> None:
    for field, value, told in FAULTS:
        answer = save(program, meeting, EVERYBODY, **{field: value})
        assert (answer.status_code, told in answer.text) == (422, True), told
    assert meeting.standing() == {}


def test_a_correction_needs_a_reason_where_it_takes_an_absence_back_and_the_past_stays(
    program: Browser, meeting: Class, database: Database
) -> None:
    save(program, meeting, EVERYBODY)
    refused = save(program, meeting, EVERYBODY | {"O'Neal": "P"})
    assert "Say in a few words why the record of O&#39;Neal, Dwayne changes" in refused.text
    assert save(program, meeting, EVERYBODY | {"O'Neal": "P"}, **{"reason.O'Neal": "he was in the other room"})
    assert meeting.standing()["O'Neal"] == "P"
    with database.system("test", writes=False) as session:
        told = session.scalars(select(Attendance).where(Attendance.enrollment_id == meeting.place("O'Neal")))
        before, after = sorted(told, key=lambda one: one.supersedes_id is not None)
        assert (before.program_says, after.supersedes_id, after.reason) == (
            "U", before.id, "he was in the other room",
        )  # fmt: skip


def test_in_a_signed_month_each_change_needs_its_reason(program: Browser, meeting: Class, database: Database) -> None:
    save(program, meeting, EVERYBODY)
    with database.system("test") as session, session.begin():
        session.add(
            CertifiedMonth(
                agency_id=meeting.town.program_agency, program_id=meeting.town.program, month=MONDAY.replace(day=1),
                people=4, signed_as="J. Doe", certified_at=AFTER_CLASS, certified_by_id=meeting.officer,
            )
        )  # fmt: skip
    refused = save(program, meeting, EVERYBODY | {"Bell": "U"})
    assert "This month is signed: say in a few words why the record of Bell, Marcus changes" in refused.text
    saved = save(program, meeting, EVERYBODY | {"Bell": "U"}, **{"reason.Bell": "read the wrong line"})
    assert saved.status_code == 303
    assert meeting.standing()["Bell"] == "U"


def test_undo_takes_the_class_back_with_its_participation(program: Browser, meeting: Class, database: Database) -> None:
    save(program, meeting, EVERYBODY, **{"rating.Bell": "ENGAGED"})
    with database.system("test", writes=False) as session:
        upload = session.scalars(select(Attendance.upload_id)).first()
    program.post(f"/attendance/uploads/{upload}/undo", data={"reason": ""})
    assert meeting.standing() == {}
    assert meeting.covered() == 0
    with database.system("test", writes=False) as session:
        assert session.scalar(select(Participation.id).where(current(Participation))) is None


def test_two_people_at_one_class_do_not_overwrite_each_other(program: Browser, meeting: Class) -> None:
    old = token(program, meeting)
    save(program, meeting, EVERYBODY)
    late = program.post(meeting.path, data={"token": old, **entered(meeting, EVERYBODY | {"O'Neal": "P"})})
    assert late.status_code in (409, 422)
    assert meeting.standing()["O'Neal"] == "U"


def test_a_class_that_did_not_take_place_is_nobodys_absence(
    program: Browser, meeting: Class, database: Database
) -> None:
    assert save(program, meeting, {}, act="cancelled").status_code == 303
    assert set(meeting.standing().values()) == {"C"}
    with database.system("test", writes=False) as session:
        assert set(session.scalars(select(Attendance.outcome))) == {"SESSION_CANCELLED"}
    assert "Cancelled by you" in program.get("/attendance").text


def test_a_visitor_makes_up_one_missed_class(program: Browser, meeting: Class, database: Database) -> None:
    missed = MONDAY - timedelta(weeks=1)
    with database.system("test") as session, session.begin():
        absent(session, meeting.people["Bell"], missed, program_says="U")
    wednesday = f"/attendance/{meeting.wednesday}/{MONDAY - timedelta(days=5)}"
    place = meeting.place("Bell")
    page = program.post(wednesday, data={"visitor": str(place), "act": "visitor"})
    assert "Bell, Marcus" in page.text and "visits" in page.text
    held = page.text.partition('name="token" value="')[2].partition('"')[0]
    form = {"token": held, f"says.{place}": "M"}
    refused = program.post(wednesday, data=form)
    assert "Choose which class Bell, Marcus made up" in refused.text
    assert program.post(wednesday, data={**form, f"makes_up.{place}": str(missed)}).status_code == 303
    with database.system("test", writes=False) as session:
        made = session.scalars(select(Attendance).where(Attendance.program_says == "M")).one()
        assert made.makeup_for_on == missed
        assert session.scalar(select(Coverage.id)) is None


def test_what_a_sheet_said_in_other_words_stays_as_it_is_and_another_groups_people_are_not_here(
    program: Browser, meeting: Class, database: Database
) -> None:
    with database.system("test") as session, session.begin():
        attended(session, meeting.people["Bell"], MONDAY, program_says="I", session_kind="INTAKE")
        second = session.get(Group, meeting.wednesday)
        place = session.get(Enrollment, meeting.place("Smith"))
        assert second is not None and place is not None
        second.weekday = 0
        amend(session, place, AFTER_CLASS, group_id=second.id)
        attended(session, meeting.people["Smith"], MONDAY)
    text = program.get(meeting.path).text
    assert "On record: Intake or orientation" in text and f"row-{meeting.place('Smith')}" not in text
    marks = {"García-Ortiz": "P", "O'Neal": "P"}
    assert save(program, meeting, marks, **{"other.Bell": "I"}).status_code == 303
    assert meeting.standing() == {"Bell": "I", "García-Ortiz": "P", "O'Neal": "P", "Smith": "P"}


def test_a_concern_reaches_the_officer_at_once_as_a_question_and_the_bench_never(
    program: Browser, meeting: Class, database: Database, client_as: Callable[..., Browser]
) -> None:
    told = save(program, meeting, EVERYBODY, **{"concern.O'Neal": "WEAPON", "ground.O'Neal": "SAID_IN_CLASS"})
    assert told.status_code == 303
    with database.system("test", writes=False) as session:
        concern = session.scalars(select(Concern)).one()
        notice = session.scalars(select(Outbox)).one()
        assert notice.recipient_id == meeting.officer
        assert "O'Neal" not in notice.subject + notice.body + notice.why, "a notice names nobody (E3)"
    officer = take_over(database, client_as("officer", agency_id=meeting.town.office))
    assert "A program asks you now, 1" in officer.get("/today").text
    page = officer.get(f"/concerns/{concern.id}").text
    assert "This is a question, not a finding" in page and "violation" not in page.lower()
    judge = client_as("judge", agency_id=meeting.town.court_agency)
    assert judge.get(f"/concerns/{concern.id}").status_code in (403, 404)
    officer.post(f"/concerns/{concern.id}", data={"did": "SPOKE_WITH_PROGRAM"})
    assert "A program asks you now" not in officer.get("/today").text


def test_how_somebody_took_part_stands_on_the_officers_page_and_on_no_page_of_the_court(
    program: Browser, meeting: Class, database: Database, client_as: Callable[..., Browser]
) -> None:
    """Attendance, participation and a concern are three questions: the second is the officer's to read."""
    with database.system("test") as session, session.begin():
        held = hearing(session, meeting.people["Bell"], AFTER_CLASS + timedelta(days=1))
    save(program, meeting, EVERYBODY, **{"rating.Bell": "PASSIVE"})
    person = f"/people/{meeting.people['Bell'].person}"
    officer = take_over(database, client_as("officer", agency_id=meeting.town.office))
    assert "Mon, Mar 2, 2026: passive." in officer.get(person).text
    judge = client_as("judge", agency_id=meeting.town.court_agency)
    bench = judge.get(f"/hearings/{held}")
    assert bench.status_code == 200 and "passive" not in bench.text.lower()
    again = save(program, meeting, EVERYBODY, **{"rating.Bell": "ENGAGED"})
    assert again.status_code == 303
    assert "Mon, Mar 2, 2026: took part." in officer.get(person).text


def test_there_is_no_way_to_say_that_somebody_else_told_it(program: Browser, meeting: Class) -> None:
    for ground in ("VICTIM", "PARTNER", "TOLD_BY_OTHERS", ""):
        answer = save(program, meeting, EVERYBODY, **{"concern.Bell": "CONTACT", "ground.Bell": ground})
        assert answer.status_code == 422
    unknown = program.post(meeting.path, data={"token": "", "words.1": "she said"})
    assert unknown.status_code == 400


def test_a_draft_comes_back_without_its_words_and_goes_with_the_save(
    program: Browser, meeting: Class, database: Database, client_as: Callable[..., Browser]
) -> None:
    program.post(f"{meeting.path}/draft", data=entered(meeting, {"O'Neal": "U"}, **{"note.O'Neal": "no call"}))
    with database.system("test", writes=False) as session:
        assert "no call" not in str(session.scalars(select(GridDraft.marks)).one())
    again = program.get(meeting.path).text
    assert "Your draft of" in again and again.count("checked") == 1
    colleague = client_as("program", agency_id=meeting.town.program_agency, name="Jo Doe")
    assert "Your draft of" not in colleague.get(meeting.path).text
    save(program, meeting, EVERYBODY)
    with database.system("test", writes=False) as session:
        assert session.scalar(select(GridDraft.id)) is None


def test_another_programs_group_and_a_day_to_come_are_not_there(
    program: Browser, meeting: Class, database: Database, client_as: Callable[..., Browser]
) -> None:
    with database.system("test") as session, session.begin():
        far = build_town(session, code="far")
    stranger = client_as("program", agency_id=far.program_agency, name="Jo Doe")
    assert stranger.get(meeting.path).status_code == stranger.get(f"/attendance/12/{MONDAY}").status_code == 404
    assert stranger.post(meeting.path, data={"token": "", "act": "cancelled"}).status_code == 404
    assert program.get(f"/attendance/{meeting.town.group}/{MONDAY + timedelta(days=7)}").status_code == 404
    assert meeting.standing() == {}
