"""Months of a program: reports from what is known, plain ones at once, the signed month, totals, what is owed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import web.reports
import web.uploads
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.db import Database
from monitor.models import Attendance, CertifiedMonth, Release, Report, random_id
from tests.builders import Matter, absent, at, attended, build_town, weekly
from tests.classes import AFTER_CLASS, Class, open_class
from tests.office import raise_flag
from tests.web.conftest import Browser

FEBRUARY = weekly(date(2026, 2, 2), 4)
MONTH = "/reports/2026-02"
ANSWERS = {"participation": "ENGAGED", "responsibility": "TAKES", "recommendation": "CONTINUE", "certify": "yes"}


@pytest.fixture
def meeting(database: Database, monkeypatch: pytest.MonkeyPatch) -> Class:
    monkeypatch.setattr(web.reports, "utc_now", lambda: AFTER_CLASS)
    found = open_class(database, people=3)
    with database.system("test") as session, session.begin():
        attended(session, found.people["Bell"], *FEBRUARY)
        attended(session, found.people["García-Ortiz"], FEBRUARY[0], minutes_late=9, outcome="PRESENT_LATE",
                 program_says="L")  # fmt: skip
        absent(session, found.people["García-Ortiz"], *FEBRUARY[1:], program_says="U")
        attended(session, found.people["O'Neal"], *FEBRUARY[:3])
    return found


@pytest.fixture
def program(client_as: Callable[..., Browser], meeting: Class) -> Browser:
    return client_as("program", agency_id=meeting.town.program_agency)


def reports(database: Database) -> list[Report]:
    with database.system("test", writes=False) as session:
        return list(session.scalars(select(Report).where(Report.kind == "PROGRESS").order_by(Report.sent_to)))


def corrected(session: Session, matter: Matter, row: Attendance, outcome: str, says: str) -> None:
    attended(session, matter, row.occurred_on, outcome=outcome, program_says=says, supersedes_id=row.id)


def path(meeting: Class, family: str) -> str:
    return f"{MONTH}/{meeting.place(family)}"


def test_the_facts_come_from_the_record_and_are_not_typed_again(
    program: Browser, meeting: Class, database: Database
) -> None:
    text = program.get(path(meeting, "Bell")).text
    assert "4 of 4; 4 in all until Sat, Feb 28, 2026" in text
    assert program.post(path(meeting, "Bell"), data=ANSWERS).status_code == 303
    told = reports(database)
    assert [(one.sent_by, one.sent_to, one.content["month"], one.content["attended"]) for one in told] == [
        ("PROGRAM", "COURT", "2026-02", 4), ("PROGRAM", "PROBATION", "2026-02", 4),
    ]  # fmt: skip


def test_a_report_with_gaps_or_many_absences_or_others_in_it_is_not_signed_unseen(
    program: Browser, meeting: Class, database: Database
) -> None:
    gaps = program.post(path(meeting, "O'Neal"), data=ANSWERS)
    assert gaps.status_code == 422 and "Not recorded yet for O&#39;Neal, Dwayne: Feb 23" in gaps.text
    many = program.post(path(meeting, "García-Ortiz"), data=ANSWERS)
    assert many.status_code == 422 and "3 classes were missed this month" in many.text
    leaky = program.post(path(meeting, "Bell"), data={**ANSWERS, "comment": "his wife says he is better"})
    assert leaky.status_code == 422 and "may tell of somebody else" in leaky.text
    unsigned = {name: value for name, value in ANSWERS.items() if name != "certify"}
    assert program.post(path(meeting, "Bell"), data=unsigned).status_code == 422
    assert reports(database) == []
    assert program.post(path(meeting, "García-Ortiz"), data={**ANSWERS, "sure": "yes"}).status_code == 303


def test_a_signed_report_changes_with_a_reason_and_keeps_its_past(
    program: Browser, meeting: Class, database: Database
) -> None:
    program.post(path(meeting, "Bell"), data=ANSWERS)
    again = {**ANSWERS, "recommendation": "REVIEW"}
    assert program.post(path(meeting, "Bell"), data=again).status_code == 422
    assert program.post(path(meeting, "Bell"), data={**again, "reason": "wrong line ticked"}).status_code == 303
    told = reports(database)
    assert len(told) == 4 and sum(one.supersedes_id is not None for one in told) == 2


def test_a_signed_report_is_read_as_it_was_sent_and_says_where_the_record_changed_since(
    program: Browser, meeting: Class, database: Database
) -> None:
    program.post(path(meeting, "Bell"), data={**ANSWERS, "comment": "comes early"})
    text = program.get(path(meeting, "Bell")).text
    for chosen in ("ENGAGED", "TAKES", "CONTINUE"):
        assert f'value="{chosen}" selected' in text
    assert "comes early" in text and "The record says the same today." in text
    assert "The record has changed since" not in program.get(MONTH).text
    with database.system("test: a correction") as session, session.begin():
        bell = meeting.people["Bell"]
        row = session.scalars(select(Attendance).where(Attendance.enrollment_id == bell.enrollment)).first()
        assert row is not None
        corrected(session, bell, row, "ABSENT", "U")
    assert "The record has changed since" in program.get(MONTH).text
    text = program.get(path(meeting, "Bell")).text
    assert "Attended: 4 then, 3 now; No show: 0 then, 1 now; In all: 4 then, 3 now" in text


def test_the_plain_ones_are_signed_at_once_and_no_other(program: Browser, meeting: Class, database: Database) -> None:
    assert "Sign 1 report with nothing special at once" in program.get(MONTH).text
    unticked = program.post(f"{MONTH}/plain", data={})
    assert unticked.status_code == 422 and "Tick that these reports are true and complete" in unticked.text
    assert reports(database) == [], "nobody certified anything"
    assert program.post(f"{MONTH}/plain", data={"certify": "yes"}).status_code == 303
    assert {one.enrollment_id for one in reports(database)} == {meeting.place("Bell")}
    assert reports(database)[0].content["participation"] == "NOT_RATED", "nothing is made up"


def test_custody_an_intake_and_an_absence_without_a_reason_never_read_as_not_coming(
    program: Browser, meeting: Class, database: Database
) -> None:
    with database.system("test: a hard month") as session, session.begin():
        matter = meeting.people["O'Neal"]
        rows = session.scalars(
            select(Attendance).where(Attendance.enrollment_id == matter.enrollment).order_by(Attendance.occurred_on)
        ).all()
        for row, (outcome, says) in zip(
            rows, (("ABSENT", "J"), ("ABSENT", "ABS"), ("SENT_AWAY_BEHAVIOUR", "D")), strict=True
        ):
            corrected(session, matter, row, outcome, says)
        attended(session, matter, FEBRUARY[3], program_says="I")
    text = program.get(path(meeting, "O'Neal")).text
    for said, number in (
        ("Attended", "0 of 2; 0 in all until Sat, Feb 28, 2026"), ("No show", 0), ("Absent, reason not given", 1),
        ("No credit: late, left early or sent away", 1), ("In custody on a class day", 1),
    ):  # fmt: skip
        assert f"<dt>{said}</dt><dd>{number}</dd>" in text, said
    month = program.get(MONTH).text
    for said, number in (("No show", 3), ("Reason not given", 1), ("No credit", 1), ("In custody", 1)):
        assert f"<dt>{said}</dt><dd>{number}</dd>" in month, f"the state's activity report: {said}"
    program.post(f"{MONTH}/plain", data={"certify": "yes"})
    assert {one.enrollment_id for one in reports(database)} == {meeting.place("Bell")}


@pytest.mark.parametrize("outcome, says", [("ABSENT", "J"), ("LEFT_EARLY", "LN"), ("ABSENT", "ABS"), ("PRESENT", "I")])
def test_a_month_with_anything_special_is_not_signed_with_the_plain_ones(
    program: Browser, meeting: Class, database: Database, outcome: str, says: str
) -> None:
    with database.system("test: one class of four") as session, session.begin():
        found = select(Attendance).where(Attendance.enrollment_id == meeting.place("Bell"))
        row = session.scalars(found.order_by(Attendance.occurred_on)).first()
        assert row is not None
        corrected(session, meeting.people["Bell"], row, outcome, says)
    program.post(f"{MONTH}/plain", data={"certify": "yes"})
    assert reports(database) == []


def test_no_report_of_a_month_that_goes_on_is_signed(program: Browser, meeting: Class, database: Database) -> None:
    with database.system("test: the first class of March") as session, session.begin():
        for matter in meeting.people.values():
            attended(session, matter, date(2026, 3, 2))
    alone = program.post(f"/reports/2026-03/{meeting.place('Bell')}", data=ANSWERS)
    assert alone.status_code == 422 and "The month is not over yet" in alone.text
    assert program.post("/reports/2026-03/plain", data={"certify": "yes"}).status_code == 422
    assert reports(database) == []


def test_a_month_is_signed_when_it_is_over_and_complete(program: Browser, meeting: Class, database: Database) -> None:
    refused = program.post(f"{MONTH}/certify", data={"signed_as": "J. Doe, LCSW"})
    assert refused.status_code == 422 and "1 entries are missing" in refused.text.replace("1 entry is", "1 entries are")
    early = program.post("/reports/2026-03/certify", data={"signed_as": "J. Doe"}).text
    assert "The month is not over yet" in early and 'value="J. Doe"' in early, "what was typed stays"
    assert "<b>Not signed yet.</b>" in refused.text, "said on paper too, where the form is left out"
    with database.system("test") as session, session.begin():
        attended(session, meeting.people["O'Neal"], FEBRUARY[3])
    assert program.post(f"{MONTH}/certify", data={"signed_as": ""}).status_code == 422
    assert program.post(f"{MONTH}/certify", data={"signed_as": "J. Doe, LCSW"}).status_code == 303
    with database.system("test", writes=False) as session:
        signed = session.scalars(select(CertifiedMonth)).one()
        assert (signed.month, signed.people, signed.signed_as) == (date(2026, 2, 1), 3, "J. Doe, LCSW")
    assert "signed already" in program.post(f"{MONTH}/certify", data={"signed_as": "J. Doe"}).text


def test_totals_are_counted_from_daily_work(program: Browser) -> None:
    text = program.get(MONTH).text
    counted = ("People in groups", 3), ("Classes held", 4), ("Attended", 8), ("Late", 1), ("No show", 3)
    for said, number in counted:
        assert f"<dt>{said}</dt><dd>{number}</dd>" in text, said


def test_a_release_to_probation_alone_lets_no_report_go(program: Browser, meeting: Class, database: Database) -> None:
    matter = meeting.people["Bell"]
    with database.system("test") as session, session.begin():
        session.add(
            Release(
                id=random_id(), case_id=matter.case, agency_id=meeting.town.program_agency, until_on=None,
                enrollment_id=matter.enrollment, occurred_on=date(2026, 1, 12), scope="probation",
                recorded_at=at(date(2026, 1, 12)),
            )
        )  # fmt: skip
    assert program.post(path(meeting, "Bell"), data=ANSWERS).status_code == 422
    assert reports(database) == [], "what is recorded here is read by probation and the court"


def test_the_program_sees_its_own_clocks_and_never_a_flag_on_a_participant(
    program: Browser, meeting: Class, database: Database
) -> None:
    evaluate_now(database, switched_on(), AFTER_CLASS)
    owed = program.get("/reports").text.partition('id="owed"')[2].partition('id="months"')[0]
    for day in FEBRUARY[1:]:
        assert f"Tell of an absence, class of {day:%a, %b} {day.day}, 2026" in owed, "each says of which class"
    assert owed.count("Tell of an absence") == 3 and owed.count("Report a class") == 1
    for word in ("Unexcused", "threshold", "violation", "Overdue"):
        assert word not in owed
    about = owed.partition('name="about" value="')[2].partition('"')[0]
    program.post("/reports", data={"about": about})
    evaluate_now(database, switched_on(), AFTER_CLASS + timedelta(minutes=1))
    assert program.get("/reports").text.count("Tell of an absence") == 2, "the clock stops when the program has told"
    assert "Nothing was recorded" not in program.post("/reports", data={"about": "12"}).text


def test_a_clock_that_would_tell_of_a_police_report_or_a_protected_person_is_not_shown(
    program: Browser, meeting: Class, database: Database
) -> None:
    evaluate_now(database, switched_on(), AFTER_CLASS)
    def owed() -> str:
        return program.get("/reports").text.partition('id="owed"')[2].partition('id="months"')[0]

    before = owed()
    with database.system("test") as session, session.begin():
        for code in ("VICTIM_NOTICE_OVERDUE", "POLICE_REPORT_OVERDUE", "NO_CONTACT_ALLEGED"):
            raise_flag(session, meeting.people["Bell"], code, None, owner="provider")
    assert owed() == before, "not a byte of it changes (B9)"


def test_another_programs_report_is_not_there(
    meeting: Class, database: Database, client_as: Callable[..., Browser]
) -> None:
    with database.system("test") as session, session.begin():
        far = build_town(session, code="far")
    stranger = client_as("program", agency_id=far.program_agency, name="Jo Doe")
    assert stranger.get(path(meeting, "Bell")).status_code == stranger.get(f"{MONTH}/12").status_code == 404
    assert stranger.post(path(meeting, "Bell"), data=ANSWERS).status_code == 404
    assert stranger.get(f"/reports/{AFTER_CLASS + timedelta(days=40):%Y-%m}").status_code == 404


def test_what_the_programs_own_table_says_stands_beside_the_facts_and_begins_the_form(
    program: Browser, meeting: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.uploads, "utc_now", lambda: AFTER_CLASS)
    table = (
        "Name,Report Month,Sessions Attended,Unexcused,Participation,Recommendation,Comments\n"
        "Marcus Bell,Feb 2026,4,0,4,Continue,Takes part\nLuis García-Ortiz,Feb 2026,2,3,2,Terminate,\n"
    )
    sent = program.post(
        "/attendance/uploads", files={"file": ("r.csv", table.encode())},
        data={"program": "", "group": "", "kind": "reports"},
    )  # fmt: skip
    upload = sent.headers["location"].partition("#")[0]
    assert program.post(f"{upload}/save", data={}).status_code == 303
    bell = program.get(path(meeting, "Bell")).text
    assert "4 attended this month; 0 no show this month; participation 4 of 5" in bell and ">Takes part<" in bell
    assert 'value="CONTINUE" selected' in bell and "Not the same as the record" not in bell
    luis = program.get(path(meeting, "García-Ortiz")).text
    assert "2 attended this month; the record has 1" in luis
    assert "recommendation: terminate" in luis and 'value="REVIEW" selected' not in luis, "no word of ours"
    assert "Your file said" not in program.get(path(meeting, "O'Neal")).text
    assert program.post(path(meeting, "Bell"), data=ANSWERS).status_code == 303
    assert "Your file said" not in program.get(path(meeting, "Bell")).text, "signed: the report stands for itself"
    assert program.post(f"{upload}/undo", data={"reason": ""}).status_code == 303
    assert "Your file said" not in program.get(path(meeting, "García-Ortiz")).text


def test_a_report_with_nothing_special_asks_four_things_on_one_screen(program: Browser, meeting: Class) -> None:
    """ux/screens 0.5: one screen, four fields, five clicks with the signature."""
    text = program.get(path(meeting, "Bell")).text
    form = text.partition('class="usa-form--large no-print"')[2].partition("</form>")[0]
    asked = form.count("<select") + form.count('type="checkbox"')
    assert (asked, form.count('type="submit"')) == (4, 1)
    assert form.count("<textarea") == form.count("(optional)") == 1, "the comment may stay empty"
    assert program.post(path(meeting, "Bell"), data=ANSWERS).status_code == 303
