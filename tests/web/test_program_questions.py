"""An officer asks the program about a class of one person; the program answers; the answer lies on Today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

import web.program_questions
import web.today
import web.week
from monitor.access.policy import POLICY
from monitor.access.reach import READS
from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.allegations.helps import helps
from monitor.clock import local_day
from monitor.db import Database
from monitor.models import (
    Agency,
    Assignment,
    Attendance,
    Case,
    CaseAgency,
    Outbox,
    ProgramQuestion,
    Release,
    User,
    Wall,
    random_id,
)
from tests.builders import ZONE, add_user, attended, build_town, correct
from tests.classes import AFTER_CLASS, MONDAY, Class, open_class
from tests.office import raise_flag
from tests.web.conftest import Browser

lite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEXT = AFTER_CLASS + timedelta(hours=14)
DAY = f"{MONDAY.month}/{MONDAY.day}/{MONDAY.year}"


class Desks:
    """The officer of three people of a Monday group, and their program."""

    def __init__(self, database: Database, client_as: Callable[..., Browser]) -> None:
        self.database, self.client_as = database, client_as
        self.group: Class = open_class(database, people=3)
        self.town = self.group.town
        self.officer = client_as("officer", agency_id=self.town.office, name="A. Reyes")
        self.program = client_as("program", agency_id=self.town.program_agency)
        self.matter = self.group.people["O'Neal"]
        self.change(update(Assignment).values(user_id=self.officer.user_id))

    @property
    def path(self) -> str:
        return f"/program-questions/of/{self.matter.case}"

    def change(self, statement: object) -> None:
        with self.database.system("test: meanwhile") as session, session.begin():
            session.execute(statement)  # type: ignore[call-overload]

    def form(self, **told: str) -> dict[str, str]:
        return {"place": str(self.matter.enrollment), "kind": "NOT_RECORDED", "about_on": DAY} | told

    def asked(self, **told: str) -> int:
        before = {row.id for row in self.rows()}
        answer = self.officer.post(self.path, data=self.form(**told))
        assert answer.status_code == 303, answer.text
        return next(row.id for row in self.rows() if row.id not in before)

    def reply(self, number: int, said: str, browser: Browser | None = None):  # type: ignore[no-untyped-def]
        return (browser or self.program).post(f"/program-questions/{number}/answer", data={"answer": said})

    def rows(self) -> list[ProgramQuestion]:
        with self.database.system("test: look", writes=False) as session:
            rows = session.scalars(select(ProgramQuestion).order_by(ProgramQuestion.asked_at)).all()
            session.expunge_all()
            return list(rows)

    def absent(self) -> None:
        with self.database.system("test: an absence comes in") as session, session.begin():
            attended(session, self.matter, MONDAY, outcome="ABSENT", program_says="U")

    def recorded(self) -> Attendance:
        with self.database.system("test: the class comes in") as session, session.begin():
            row = attended(session, self.matter, MONDAY)
            session.flush()
            session.expunge(row)
            return row


@pytest.fixture
def desks(database: Database, client_as: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch) -> Desks:
    for module in (web.program_questions, web.today, web.week):
        monkeypatch.setattr(module, "utc_now", lambda: NEXT)
    return Desks(database, client_as)


def test_an_officer_asks_and_the_program_sees_it_on_this_week_and_answers_and_the_answer_is_on_today(
    desks: Desks,
) -> None:
    assert "Nothing waits for you." in desks.program.get("/week").text
    number = desks.asked()
    text = desks.program.get("/week").text
    assert "Needs you, 1" in text and "Asked by A. Reyes" in text and "class of Mon, Mar 2, 2026" in text
    assert desks.group.path in text, "the class is one click away"
    assert desks.reply(number, "NOT_EXPECTED").status_code == 303
    assert "Nothing waits for you." in desks.program.get("/week").text
    today = desks.officer.get("/today").text
    assert "Programs answer you, 1" in today and "The person was not expected that day" in today
    with desks.database.system("test: look", writes=False) as session:
        told = {one.key.split(":")[0]: (one.recipient_id, one.body) for one in session.scalars(select(Outbox))}
    body = "You have 1 item due today. Sign in."
    assert told["program_question"] == (desks.program.user_id, body), "a notice names nobody (safeguard E3)"
    assert told["program_answer"] == (desks.officer.user_id, body)
    assert desks.officer.post(f"/program-questions/{number}/read", data={}).status_code == 303
    assert "Programs answer you" not in desks.officer.get("/today").text
    assert "The person was not expected that day" in desks.officer.get(desks.path).text


@lite
def test_nothing_but_codes_is_taken_and_nothing_says_why_it_is_asked(desks: Desks) -> None:
    assert desks.officer.post(desks.path, data=self_written(desks.form())).status_code == 400
    number = desks.asked()
    assert desks.reply(number, "She said so").status_code == 422
    answer = desks.program.post(f"/program-questions/{number}/answer", data={"answer": "SOON", "note": "x"})
    assert answer.status_code == 400
    columns = set(ProgramQuestion.__table__.columns.keys())
    assert not columns & {"note", "words", "text", "reason", "why", "comment"}


def self_written(form: dict[str, str]) -> dict[str, str]:
    return form | {"words": "his wife says he was not there"}


@lite
@pytest.mark.parametrize(("told", "fault"), [
    ({"place": ""}, "Choose the program."), ({"kind": "WHY"}, "Choose what you ask."),
    ({"about_on": "soon"}, "Give the day of the class"), ({"about_on": "3/4/2026"}, "today at the latest"),
    ({"kind": "CHECK_ENTRY"}, "Ask for the sheet instead."), ({"kind": "WHY_ABSENT"}, "Ask for the sheet instead."),
])  # fmt: skip
def test_what_cannot_be_asked_is_said_beside_its_field(desks: Desks, told: dict[str, str], fault: str) -> None:
    answer = desks.officer.post(desks.path, data=desks.form(**told))
    assert answer.status_code == 422 and fault in answer.text and not desks.rows()


@lite
def test_the_same_is_asked_once_and_taken_back_while_it_is_open(desks: Desks) -> None:
    number = desks.asked()
    again = desks.officer.post(desks.path, data=desks.form())
    assert again.status_code == 422 and "You have asked that already." in again.text
    assert desks.officer.post(f"/program-questions/{number}/back", data={}).status_code == 303
    assert "Nothing waits for you." in desks.program.get("/week").text
    assert desks.reply(number, "SOON").status_code == 409
    assert desks.officer.post(f"/program-questions/{number}/back", data={}).status_code == 409
    assert "Taken back" in desks.officer.get(desks.path).text
    desks.asked()
    assert len(desks.rows()) == 2, "it may be asked again"


def test_an_answer_that_the_record_contradicts_is_not_taken(desks: Desks) -> None:
    number = desks.asked()
    early = desks.reply(number, "RECORDED")
    assert early.status_code == 422 and "Nothing is recorded for that day yet." in early.text
    row = desks.recorded()
    assert desks.reply(number, "NO_CLASS").status_code == 422
    assert desks.reply(number, "RECORDED").status_code == 303
    assert desks.reply(number, "SOON").status_code == 409, "the first answer stands"
    checked = desks.asked(kind="CHECK_ENTRY")
    early = desks.reply(checked, "CORRECTED")
    assert early.status_code == 422 and "Nothing was corrected since you were asked." in early.text
    with desks.database.system("test: corrected") as session, session.begin():
        correct(session, session.merge(row), NEXT + timedelta(minutes=5), outcome="ABSENT", program_says="U")
    assert desks.reply(checked, "CORRECTED").status_code == 303


@lite
def test_a_question_without_an_answer_for_three_days_is_on_today(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks.asked()
    assert "No answer yet" not in desks.officer.get("/today").text
    monkeypatch.setattr(web.today, "utc_now", lambda: NEXT + timedelta(days=4))
    assert "No answer yet" in desks.officer.get("/today").text


@lite
def test_after_a_release_has_ended_the_program_can_tell_nothing(desks: Desks) -> None:
    number = desks.asked()
    with desks.database.system("test: a release that ended") as session, session.begin():
        session.add(Release(
            id=random_id(), case_id=desks.matter.case, agency_id=desks.town.program_agency,
            enrollment_id=desks.matter.enrollment, occurred_on=MONDAY - timedelta(days=30),
            recorded_at=AFTER_CLASS - timedelta(days=30), until_on=MONDAY - timedelta(days=1),
            scope="probation,court",
        ))  # fmt: skip
    text = desks.program.get("/week").text
    assert "release has ended, so nothing can be told" in text and "Your answer" not in text
    assert desks.reply(number, "SOON").status_code == 422
    assert desks.rows()[0].answer is None


@lite
def test_a_closed_case_asks_nothing_and_is_asked_nothing(desks: Desks) -> None:
    number = desks.asked()
    desks.change(update(Case).where(Case.id == desks.matter.case).values(closed_on=MONDAY))
    assert "Needs you, 0" in desks.program.get("/week").text
    assert desks.reply(number, "SOON").status_code == 409
    assert desks.officer.post(desks.path, data=desks.form(kind="SHEET_MISSING")).status_code == 422


def test_nobody_else_finds_it_neither_another_program_nor_another_office(desks: Desks) -> None:
    number = desks.asked()
    with desks.database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    other = desks.client_as("program", agency_id=far.program_agency, name="N. Quist")
    absent = desks.reply(number + 1, "SOON", other)
    hidden = desks.reply(number, "SOON", other)
    assert (hidden.status_code, absent.status_code) == (404, 404)
    office = desks.client_as("officer", agency_id=far.office, name="F. Far")
    assert office.get(desks.path).status_code == office.post(f"/program-questions/{number}/back", data={}).status_code
    assert office.get(desks.path).status_code == 404
    assert not [role for role in Role if ProgramQuestion in READS[role]
                and role not in (Role.OFFICER, Role.OFFICER_SUPERVISOR, Role.PROGRAM)]
    mine = [entry for (_, path), entry in POLICY.items() if path.startswith("/program-questions")]
    assert len(mine) == 5 and all(set(entry.roles) <= {Role.OFFICER, Role.OFFICER_SUPERVISOR, Role.PROGRAM}
                                  for entry in mine)  # fmt: skip


def test_whom_a_wall_keeps_from_the_person_is_neither_told_nor_shown(desks: Desks) -> None:
    walled = desks.client_as("program", agency_id=desks.town.program_agency, name="W. Alled")
    with desks.database.system("test: a wall") as session, session.begin():
        by = add_user(session, desks.town.office, "officer_supervisor", "wall@example.org")
        session.add(Wall(
            id=random_id(), agency_id=desks.town.program_agency, person_id=desks.matter.person,
            user_id=walled.user_id, sealed_why=b"x", entered_by_id=by, entered_at=AFTER_CLASS,
        ))  # fmt: skip
    number = desks.asked()
    text = walled.get("/week").text
    assert "Needs you, 0" in text and "O&#39;Neal" not in text
    assert desks.reply(number, "SOON", walled).status_code == 404
    with desks.database.system("test: look", writes=False) as session:
        told = {one.recipient_id for one in session.scalars(select(Outbox).where(Outbox.key.like("program_question%")))}
    assert told == {desks.program.user_id}


def test_whoever_has_left_the_program_by_their_account_is_told_of_no_question(desks: Desks) -> None:
    gone = desks.client_as("program", agency_id=desks.town.program_agency, name="G. One")
    with desks.database.system("test: the account's last day is over") as session, session.begin():
        session.get_one(User, gone.user_id).ends_on = local_day(AFTER_CLASS, ZONE)
    desks.asked()
    with desks.database.system("test: look", writes=False) as session:
        told = {one.recipient_id for one in session.scalars(select(Outbox).where(Outbox.key.like("program_question%")))}
    assert told == {desks.program.user_id}


@pytest.mark.parametrize(("kind", "said", "words"), [
    ("NOT_RECORDED", "NO_CLASS", "there was no class"), ("NOT_RECORDED", "NOT_EXPECTED", "the person was not expected"),
    ("WHY_ABSENT", "WITH_ENTRY", "a reason was given, and stands with the entry"),
    ("WHY_ABSENT", "ON_PAPER", "a reason was given, and it holds a paper on it"),
])  # fmt: skip
@lite
def test_what_a_program_answers_in_the_persons_favour_stays_with_what_speaks_for_them(
    desks: Desks, kind: str, said: str, words: str
) -> None:
    """F6: put away on Today it is still in the report to the court, and before whoever reviews a question."""
    if kind == "WHY_ABSENT":
        desks.absent()
    number = desks.asked(kind=kind)
    assert desks.reply(number, said).status_code == 303
    assert desks.officer.post(f"/program-questions/{number}/read", data={}).status_code == 303
    with desks.database.system("test: a question of the rules", writes=True) as session, session.begin():
        flag = raise_flag(session, desks.matter, "ABSENCE_UNEXCUSED", "B")
        courts = raise_flag(session, desks.matter, "REVIEW_HEARING_OVERDUE", "E", owner="court")
    assert f"The program answered: {words}, Mon, Mar 2, 2026" in desks.officer.get(f"/flags/{flag}").text
    assert "The program answered" not in desks.officer.get(f"/flags/{courts}").text, "it is no matter of the court's"
    with desks.database.scoped(Scope(desks.officer.user_id, "officer", desks.town.office)) as session:
        assert f"The program answered: {words}" in [line.text for line in helps(session, desks.matter.case, ZONE)]
        spanish = [line.text for line in helps(session, desks.matter.case, ZONE, "es")]
        assert sum(text.startswith("El programa respondió: ") for text in spanish) == 1


@lite
def test_another_office_of_the_case_reads_no_answer_that_it_did_not_ask_for(desks: Desks) -> None:
    number = desks.asked()
    assert desks.reply(number, "NO_CLASS").status_code == 303
    with desks.database.system("test: another office", writes=True) as session, session.begin():
        office = Agency(id=random_id(), kind="probation", name="Other", code="other", zone=ZONE)
        session.add_all([office, CaseAgency(case_id=desks.matter.case, agency_id=office.id, from_on=MONDAY)])
        session.flush()
        scope = Scope(add_user(session, office.id, "officer", "o@agency.example"), "officer", office.id)
    with desks.database.scoped(scope) as session:
        assert not [line for line in helps(session, desks.matter.case, ZONE) if "answered" in line.text]


@lite
def test_a_promise_to_record_a_day_comes_back_to_today_until_the_day_is_on_record(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def days_later(days: int) -> str:
        monkeypatch.setattr(web.today, "utc_now", lambda: NEXT + timedelta(days=days))
        monkeypatch.setattr(web.program_questions, "utc_now", lambda: NEXT + timedelta(days=days))
        return desks.officer.get("/today").text

    number = desks.asked()
    assert desks.reply(number, "SOON").status_code == 303
    read = f"/program-questions/{number}/read"
    assert desks.officer.post(read, data={}).status_code == 303
    assert "Programs answer you" not in days_later(4)
    assert "We will record it within two working days" in days_later(5)
    assert desks.officer.post(read, data={}).status_code == 303, "read again, it is put away for good"
    assert "Programs answer you" not in days_later(6)
    number = desks.asked(kind="SHEET_MISSING")
    assert desks.reply(number, "SOON").status_code == 303
    desks.recorded()
    assert desks.officer.post(f"/program-questions/{number}/read", data={}).status_code == 303
    assert "Programs answer you" not in days_later(12)


def test_in_a_closed_case_nothing_is_asked_taken_back_or_answered_even_in_that_instant(desks: Desks) -> None:
    number = desks.asked()
    desks.change(update(Case).where(Case.id == desks.matter.case).values(closed_on=MONDAY))
    assert f"/program-questions/{number}/back" not in desks.officer.get(desks.path).text
    assert desks.officer.post(f"/program-questions/{number}/back", data={}).status_code == 409
    assert desks.reply(number, "NO_CLASS").status_code == 409
    assert [row.answer for row in desks.rows()] == [None]


def test_in_a_closed_case_an_answer_is_not_even_put_away_as_read(desks: Desks) -> None:
    number = desks.asked()
    assert desks.reply(number, "NO_CLASS").status_code == 303
    desks.change(update(Case).where(Case.id == desks.matter.case).values(closed_on=MONDAY))
    assert desks.officer.post(f"/program-questions/{number}/read", data={}).status_code == 409
    assert [row.read_at for row in desks.rows()] == [None]
