"""One agency refers somebody out to another, which accepts or declines; nobody else learns of it, nor why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from monitor.access.policy import POLICY
from monitor.access.reach import READS
from monitor.access.roles import Role
from monitor.clock import local_day, utc_now
from monitor.db import Database
from monitor.models import Assignment, Case, CaseAgency, Outbox, ReferralOut, Release, Wall, random_id
from monitor.referral_out import NO_RELEASE, RELEASE_OVER
from tests.builders import ZONE, build_town
from tests.office import open_office

TODAY = local_day(utc_now(), ZONE)
lite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOBODY = "No agency has sent you a referral."


def american(day):  # type: ignore[no-untyped-def]
    return f"{day.month}/{day.day}/{day.year}"


class Desks:
    """The officer's office, the program that has the case, and a service that does not know of it."""

    def __init__(self, database: Database, client_as) -> None:  # type: ignore[no-untyped-def]
        self.database, self.office = database, open_office(database)
        with database.system("test: a service elsewhere") as session, session.begin():
            self.far = build_town(session, code="far")
        self.case, self.town = self.office.matter.case, self.office.town
        self.client_as = client_as
        self.officer = client_as("officer", agency_id=self.town.office)
        self.service = client_as("program", agency_id=self.far.program_agency)
        with database.system("test: assigned") as session, session.begin():
            session.execute(update(Assignment).values(user_id=self.officer.user_id))

    @property
    def path(self) -> str:
        return f"/referrals-out/of/{self.case}"

    def form(self, **told: str) -> dict[str, str]:
        empty = {"kind": "PARENTING", "program": str(self.far.program), "signed_on": "", "until_on": ""}
        return empty | told

    def released(self, days: int = 30) -> dict[str, str]:
        return {"signed_on": american(TODAY), "until_on": american(TODAY + timedelta(days=days))}

    def rows(self) -> list[ReferralOut]:
        with self.database.system("test: look", writes=False) as session:
            rows = session.scalars(select(ReferralOut).order_by(ReferralOut.sent_at)).all()
            session.expunge_all()
            return list(rows)

    def sent(self, browser=None, **told: str) -> int:  # type: ignore[no-untyped-def]
        answer = (browser or self.officer).post(self.path, data=self.form(**told))
        assert answer.status_code == 303, answer.text
        return self.rows()[-1].id

    def change(self, statement) -> None:  # type: ignore[no-untyped-def]
        with self.database.system("test: meanwhile") as session, session.begin():
            session.execute(statement)


@pytest.fixture
def desks(database, client_as):
    return Desks(database, client_as)


def test_the_service_sees_a_name_a_kind_and_a_day_and_the_sender_hears_the_answer(desks):
    number = desks.sent()
    text = desks.service.get("/referrals-out").text
    assert "Sent to you, 1" in text and "Parenting" in text and "Answer by" in text
    with desks.database.system("test: look", writes=False) as session:
        case = session.scalars(select(Case).where(Case.id == desks.case)).one()
    assert case.number in text and "probation" in text.lower()
    assert f"/people/{case.person_id}" not in text and "flag" not in text.lower()
    # the case is not the service's by it: it has no page of it, and it is on none of its own lists
    assert desks.service.get(desks.path).status_code == 404
    assert case.number not in desks.service.get("/enrollments").text
    with desks.database.system("test: look", writes=False) as session:
        shared = select(CaseAgency).where(CaseAgency.agency_id == desks.far.program_agency)
        assert session.scalars(shared).first() is None
    assert desks.service.post(f"/referrals-out/{number}/answer", data={"answer": "ACCEPTED"}).status_code == 303
    assert "Accepted" in desks.service.get("/referrals-out").text
    assert "Accepted" in desks.officer.get("/referrals-out").text
    today = desks.officer.get("/today").text
    assert "accepted your referral of" in today
    with desks.database.system("test: look", writes=False) as session:
        told = [(one.recipient_id, one.body) for one in session.scalars(select(Outbox))]
    assert told == [(desks.officer.user_id, "You have 1 item due today. Sign in.")]


def test_it_is_declined_with_a_reason_of_the_list_and_without_one_it_is_not(desks):
    number = desks.sent()
    path = f"/referrals-out/{number}/answer"
    refused = desks.service.post(path, data={"answer": "DECLINED", "why": ""})
    assert refused.status_code == 422 and "Choose why you decline." in refused.text
    assert desks.service.post(path, data={"answer": "DECLINED", "why": "because"}).status_code == 422
    assert desks.service.post(path, data={"answer": "DECLINED", "why": "NO_SEAT", "words": "x"}).status_code == 400
    assert desks.service.post(path, data={"answer": "DECLINED", "why": "NO_SEAT"}).status_code == 303
    assert "Declined: no seat now" in desks.officer.get(desks.path).text
    assert desks.service.post(path, data={"answer": "ACCEPTED"}).status_code == 409, "the first answer stands"
    assert desks.rows()[0].answer == "DECLINED"


@pytest.mark.parametrize("kind", ["SUBSTANCE_USE", "MENTAL_HEALTH"])
def test_where_the_other_side_needs_a_release_nothing_goes_without_one(desks, kind):
    refused = desks.officer.post(desks.path, data=desks.form(kind=kind))
    assert refused.status_code == 422 and NO_RELEASE in refused.text and not desks.rows()
    over = {"signed_on": american(TODAY - timedelta(days=40)), "until_on": american(TODAY - timedelta(days=1))}
    assert desks.officer.post(desks.path, data=desks.form(kind=kind, **over)).status_code == 422
    desks.sent(kind=kind, **desks.released())
    assert "a patient" in desks.service.get("/referrals-out").text


def test_a_release_that_ends_takes_it_off_the_services_list_and_the_sender_reads_why(desks):
    number = desks.sent(kind="SUBSTANCE_USE", **desks.released())
    desks.change(update(ReferralOut).values(release_signed_on=TODAY - timedelta(days=9),
                                            release_until_on=TODAY - timedelta(days=1)))  # fmt: skip
    assert NOBODY in desks.service.get("/referrals-out").text
    assert desks.service.post(f"/referrals-out/{number}/answer", data={"answer": "ACCEPTED"}).status_code == 409
    assert "Stopped: the release has ended" in desks.officer.get("/referrals-out").text


def test_whoever_sent_it_takes_it_back_while_it_is_open_and_nobody_else(desks):
    number = desks.sent()
    stranger = desks.client_as("officer", agency_id=desks.far.office)
    assert stranger.post(f"/referrals-out/{number}/back").status_code == 404
    assert desks.service.post(f"/referrals-out/{number}/back").status_code == 404
    assert desks.officer.post(f"/referrals-out/{number}/back").status_code == 303
    assert NOBODY in desks.service.get("/referrals-out").text
    assert "Taken back" in desks.officer.get("/referrals-out").text
    assert desks.service.post(f"/referrals-out/{number}/answer", data={"answer": "ACCEPTED"}).status_code == 409
    number = desks.sent()
    desks.service.post(f"/referrals-out/{number}/answer", data={"answer": "ACCEPTED"})
    assert desks.officer.post(f"/referrals-out/{number}/back").status_code == 409


def test_a_wall_at_the_service_hides_it_whole(desks):
    number = desks.sent()
    before = desks.client_as("program", agency_id=desks.far.program_agency, name="Jo Doe")
    with desks.database.system("test: a wall") as session, session.begin():
        person = session.scalars(select(Case.person_id).where(Case.id == desks.case)).one()
        session.add(Wall(id=random_id(), agency_id=desks.town.office, user_id=before.user_id, person_id=person,
                         sealed_why=b"x", entered_by_id=desks.officer.user_id, entered_at=utc_now()))  # fmt: skip
    assert NOBODY in before.get("/referrals-out").text and "Sent to you, 0" in before.get("/referrals-out").text
    assert before.post(f"/referrals-out/{number}/answer", data={"answer": "ACCEPTED"}).status_code == 404
    assert desks.rows()[0].answer is None
    assert "Sent to you, 1" in desks.service.get("/referrals-out").text


def test_the_clock_is_the_services_on_the_senders_strip_and_no_kind_stands_on_it(desks):
    desks.sent(kind="SUBSTANCE_USE", **desks.released())
    with desks.database.system("test: look", writes=False) as session:
        person = session.scalars(select(Case.person_id).where(Case.id == desks.case)).one()
    text = desks.officer.get(f"/people/{person}?case={desks.case}").text
    strip = text.partition("Accept or decline the referral")
    assert strip[1] and "far program" in strip[2][:600].lower()
    assert "Substance use" not in text
    desks.change(update(ReferralOut).values(sent_at=utc_now() - timedelta(days=20)))
    assert "Late: phone the other agency" in desks.officer.get("/referrals-out").text


def test_court_and_program_refer_out_too_and_each_reads_its_own_alone(desks):
    clerk = desks.client_as("clerk", agency_id=desks.town.court_agency)
    program = desks.client_as("program", agency_id=desks.town.program_agency)
    desks.sent(clerk)
    refused = program.post(desks.path, data=desks.form(kind="LANGUAGE"))
    assert refused.status_code == 422 and NO_RELEASE in refused.text, "a program tells nothing without a release"
    desks.sent(program, kind="LANGUAGE", **desks.released())
    assert "Sent by you, 1" in program.get(desks.path).text and "Parenting" not in table(program.get(desks.path).text)
    assert "Language" not in table(clerk.get(desks.path).text)
    assert "Sent by you, 0" in desks.officer.get(desks.path).text
    assert "Sent to you, 2" in desks.service.get("/referrals-out").text
    place = desks.office.matter.enrollment
    others = program.get(f"/enrollments/{place}").text.partition("Accept or decline the referral")
    assert others[1], "and the program's own strip says that the service owes the answer"


def test_a_program_whose_own_release_has_ended_refers_nobody(desks):
    program = desks.client_as("program", agency_id=desks.town.program_agency)
    with desks.database.system("test: a release that ended") as session, session.begin():
        session.add(Release(id=random_id(), case_id=desks.case, agency_id=desks.town.program_agency,
                            enrollment_id=desks.office.matter.enrollment, occurred_on=TODAY - timedelta(days=60),
                            until_on=TODAY - timedelta(days=1), scope="probation,court", recorded_at=utc_now(),
                            recorded_by_id=None))  # fmt: skip
    refused = program.post(desks.path, data=desks.form(**desks.released()))
    assert refused.status_code == 422 and RELEASE_OVER.replace("'", "&#39;") in refused.text


def test_the_same_is_not_sent_twice_and_a_closed_case_sends_nothing(desks):
    number = desks.sent()
    again = desks.officer.post(desks.path, data=desks.form())
    assert again.status_code == 422 and "It lies there already" in again.text
    desks.change(update(Case).where(Case.id == desks.case).values(closed_on=TODAY))
    assert desks.officer.post(desks.path, data=desks.form(kind="LANGUAGE")).status_code == 422
    assert NOBODY in desks.service.get("/referrals-out").text
    assert desks.service.post(f"/referrals-out/{number}/answer", data={"answer": "ACCEPTED"}).status_code == 409
    assert f"/referrals-out/{number}/back" not in desks.officer.get("/referrals-out").text
    assert desks.officer.post(f"/referrals-out/{number}/back", data={}).status_code == 409
    assert [row.answer for row in desks.rows()] == [None]


def test_no_other_desk_has_a_page_of_it():
    parties = {Role.OFFICER, Role.OFFICER_SUPERVISOR, Role.JUDGE, Role.CLERK, Role.PROGRAM}
    for (_method, path), policy in POLICY.items():
        if path.startswith("/referrals-out"):
            assert policy.roles <= parties and not policy.machine, path
    assert {Role(role) for role, read in READS.items() if ReferralOut in read} == parties


def test_nothing_in_the_table_says_how_the_case_came_up(desks):
    desks.sent()
    held = {column.name for column in ReferralOut.__table__.columns}
    assert held == {
        "id", "case_id", "agency_id", "from_agency_id", "program_id", "kind", "release_signed_on", "release_until_on",
        "sent_at", "sent_by_id", "answer", "why", "answered_at", "answered_by_id",
    }  # fmt: skip


def table(text: str) -> str:
    return text.partition("<table")[2].partition("</table>")[0]
