"""The court's desk records what hearings came to: claimed, saved once, told to whom it concerns, undone until then."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from monitor.amending import amend
from monitor.clock import local_day, utc_now
from monitor.current import current
from monitor.models import (
    Agency,
    AuditEntry,
    CaseAgency,
    CourtDecision,
    CourtHoliday,
    EarlierHearing,
    Hearing,
    HearingClaim,
    HearingResult,
    Judge,
    Order,
    OrderVersion,
    Outbox,
    Pause,
    Wall,
    random_id,
)
from rules.calendar import roll_forward
from tests.builders import add_user, build_town, person_with_order
from tests.classes import open_class
from tests.office import hearing

lite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Court:
    """Two cases of the near court, heard today, with an officer and a program."""

    def __init__(self, database) -> None:
        self.database, self.town = database, open_class(database, people=2)
        self.zone = self.town.town.zone
        self.start = datetime.combine(local_day(utc_now(), self.zone), time(13, 30), ZoneInfo(self.zone))
        with database.system("test: hearings") as session, session.begin():
            self.hearings = [
                hearing(session, one, self.start + timedelta(minutes=15 * number))
                for number, one in enumerate(self.town.people.values())
            ]
        self.hearing = self.hearings[0]

    @property
    def matter(self):
        return self.town.people["Bell"]

    @property
    def path(self) -> str:
        return f"/hearings/{self.hearing}/result"

    @property
    def day_path(self) -> str:
        return f"/dockets/near/{local_day(self.start, self.zone)}/results"

    def rows(self, *entities, where=()):
        with self.database.system("test: look", writes=False) as session:
            return session.execute(select(*entities).where(*where)).all()

    def told(self):
        return sorted(row.recipient_id for row in self.rows(Outbox.recipient_id))

    def outcome(self, number: int = 0):
        return self.rows(Hearing.outcome, where=[Hearing.id == (number or self.hearing)])[0].outcome


def _ahead(court):
    return Hearing.starts_at > court.start + timedelta(days=1)


def _order_of(session, matter, change: str) -> int:
    """One more order of the case, made forty days ago; its newest version says ``change``."""
    first = session.scalars(select(OrderVersion).where(OrderVersion.order_id == matter.order)).first()
    number, agency = random_id(), first.agency_id
    session.add(Order(id=number, case_id=matter.case, agency_id=agency, kind="PROBATION", number=None))
    session.flush()
    at = utc_now() - timedelta(days=40)
    session.add(
        OrderVersion(
            case_id=matter.case, agency_id=agency, order_id=number, version_no=1, change=change, ordered_on=at.date(),
            effective_from=at, effective_to=None, expires_at=None, granted_on=None, term_months=None,
            convicted_on=None, recorded_at=at, recorded_by_id=None,
        )
    )  # fmt: skip
    session.flush()
    return number


def _open_day(day: date) -> date:
    return roll_forward(day, frozenset())


@pytest.fixture
def court(database) -> Court:
    return Court(database)


@pytest.fixture
def clerk(court, client_as):
    return client_as("clerk", agency_id=court.town.town.court_agency, name="B. Adams")


@pytest.fixture
def colleague(court, client_as):
    return client_as("clerk", agency_id=court.town.town.court_agency, name="K. Ito")


def send(browser, court, **entered):
    token = re.search(r'name="token" value="([\d-]+)"', browser.get(court.path).text)
    soon = _open_day(local_day(court.start, court.zone) + timedelta(days=14))
    told = {
        "token": token[1] if token else "0-0", "result": "HELD", "done": "WARNED", "next": str(soon), "hour": "1:30 PM",
    } | entered  # fmt: skip
    return browser.post(court.path, data=told)


def test_a_result_writes_outcome_decision_next_date_and_letters_that_wait(court, clerk):
    assert f'href="/hearings/{court.hearing}/orders"' in clerk.get(court.path).text, "terms that change are an order"
    answer = send(clerk, court)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/hearings/{court.hearings[1]}/result", "the next case is taken at once"
    assert court.outcome() == "WARNED"
    [entry] = court.rows(HearingResult)
    [ahead] = court.rows(Hearing, where=[Hearing.id == entry[0].next_hearing_id])
    assert (ahead[0].starts_at.astimezone(ZoneInfo(court.zone)).time(), ahead[0].review_no) == (time(13, 30), 2)
    assert [row[0].kind for row in court.rows(CourtDecision)] == ["REVIEW_HELD"]
    letters = [row[0] for row in court.rows(Outbox)]
    assert [one.recipient_id for one in letters] == [court.town.officer]
    assert letters[0].body == "You have 1 item due today. Sign in."
    assert letters[0].due_at > utc_now() + timedelta(minutes=9)
    text = clerk.get(court.day_path).text
    assert "Warned; next" in text and "1 of 2 still open" in text
    assert [row[0].outcome for row in court.rows(EarlierHearing)] == [None], "what it said before is kept"


@lite
def test_only_a_review_counts_as_one_and_the_next_is_numbered_after_the_highest(court, clerk):
    with court.database.system("test: an arraignment") as session, session.begin():
        amend(session, session.get(Hearing, court.hearing), utc_now(), kind="ARRAIGNMENT", review_no=None)
        hearing(session, court.matter, court.start - timedelta(days=40), "WARNED")
    assert send(clerk, court).status_code == 303 and court.outcome() == "WARNED"
    assert court.rows(CourtDecision) == [], "the clock of the first review runs on"
    [ahead] = court.rows(Hearing.kind, Hearing.review_no, where=[Hearing.outcome.is_(None), _ahead(court)])
    assert ahead == ("COMPLIANCE_REVIEW", 2)
    clerk.post(f"{court.path}/undo", data={})
    assert send(clerk, court).status_code == 303
    [ahead] = court.rows(Hearing.review_no, where=[Hearing.outcome.is_(None), _ahead(court)])
    assert ahead.review_no == 2, "what was taken off the calendar has no number"


@lite
def test_a_review_is_held_for_orders_that_stood_that_day_alone(court, clerk):
    with court.database.system("test: an order that ended, and one that expired") as session, session.begin():
        ended, expired = (_order_of(session, court.matter, change) for change in ("VACATED", "NEW"))
        version = session.scalars(select(OrderVersion).where(OrderVersion.order_id == expired)).one()
        version.expires_at = court.start - timedelta(days=3)
    assert send(clerk, court).status_code == 303
    orders = [row.order_id for row in court.rows(CourtDecision.order_id)]
    assert orders == [court.matter.order] and not {ended, expired} & set(orders)


@lite
def test_what_is_missing_is_said_and_what_was_entered_stays(court, clerk):
    for wrong, words in (
        ({"result": ""}, "Choose held, continued or did not appear"), ({"done": ""}, "Choose what the court did"),
        ({"result": "CONTINUED"}, "Choose why it was continued"), ({"next": ""}, "Choose the next date"),
        ({"next": "none"}, "Say why no date follows"), ({"next": "none", "no_date": "ENDED"}, "A case ends by"),
        ({"next": "other", "next_on": "1/2/2020"}, "lies after this hearing"),
        ({"hour": "late"}, "for instance 1:30 PM"),
        ({"next": "other", "next_on": "2/30/2027"}, "There is no such day"),
        ({"next": "other", "next_on": "tomorrow"}, 'id="next_on-error"'),
        ({"warrant": "RECALLED"}, "No warrant is out"), ({"next": "stays"}, "Choose the next date"),
    ):  # fmt: skip
        answer = send(clerk, court, **wrong)
        assert answer.status_code == 422 and words in answer.text, (wrong, answer.text)
    assert court.outcome() is None and court.told() == []


@lite
def test_before_its_day_a_hearing_can_only_be_continued(court, clerk):
    with court.database.system("test: next week") as session, session.begin():
        row = session.get(Hearing, court.hearing)
        amend(session, row, utc_now(), starts_at=court.start + timedelta(days=7))
    assert "Its day has not come" in send(clerk, court).text and court.outcome() is None
    soon = _open_day(local_day(court.start, court.zone) + timedelta(days=21))
    assert send(clerk, court, result="CONTINUED", why="COURT", next=str(soon)).status_code == 303


@lite
def test_closed_days_are_named_with_the_next_open_one(court, clerk):
    monday = date(utc_now().year + 1, 1, 1)
    while monday.weekday():
        monday += timedelta(days=1)
    with court.database.system("test: a holiday") as session, session.begin():
        session.add(
            CourtHoliday(court_id=court.town.town.court, closed_on=monday, title="Closed", recorded_at=utc_now())
        )
    for day in (monday, monday - timedelta(days=1)):
        answer = send(clerk, court, next="other", next_on=str(day))
        assert answer.status_code == 422 and "The court is closed on" in answer.text and "Tue" in answer.text


@lite
def test_a_person_at_two_courts_and_a_judge_in_two_rooms_are_said_and_can_be_set_all_the_same(court, clerk):
    soon = _open_day(local_day(court.start, court.zone) + timedelta(days=14))
    at = datetime.combine(soon, time(14), ZoneInfo(court.zone))
    with court.database.system("test: other dates") as session, session.begin():
        one = session.get(Hearing, hearing(session, court.matter, at))
        amend(session, one, utc_now(), room="Dept 9")
    text = send(clerk, court).text
    assert "The respondent is before near court, Dept 9, at 14:00" in text
    assert "The judge sits in near court, Dept 9" in text
    assert court.outcome() is None
    assert send(clerk, court, hour="3:00 PM").status_code == 303
    court.hearing = court.hearings[1]
    assert "The judge sits" in send(clerk, court, next=str(soon)).text
    assert send(clerk, court, next=str(soon), anyway="yes").status_code == 303


@lite
def test_another_judges_dates_are_no_conflict(court, clerk):
    soon = _open_day(local_day(court.start, court.zone) + timedelta(days=14))
    with court.database.system("test: another judge") as session, session.begin():
        town = court.town.town
        judge = Judge(id=random_id(), agency_id=town.court_agency, court_id=town.court, user_id=None, name="O. Other")
        session.add(judge)
        other = person_with_order(session, town)
        row = session.get(Hearing, hearing(session, other, datetime.combine(soon, time(13, 30), ZoneInfo(court.zone))))
        amend(session, row, utc_now(), judge_id=judge.id, room="Dept 9")
    assert send(clerk, court).status_code == 303


def test_two_people_cannot_record_one_case_and_each_sees_who_has_it(court, clerk, colleague):
    assert clerk.post(court.day_path, data={}).headers["location"] == court.path
    text = colleague.get(court.path).text
    assert "B. Adams is recording this case" in text and "Save and next" not in text
    assert "B. Adams is" in colleague.get(court.day_path).text
    assert send(colleague, court).status_code == 409
    assert colleague.post(court.day_path, data={}).headers["location"] == f"/hearings/{court.hearings[1]}/result"
    assert colleague.post(f"{court.path}/claim", data={"what": "take"}).status_code == 409
    clerk.post(f"{court.path}/claim", data={"what": "give_back"})
    assert send(colleague, court).status_code == 303 and court.outcome() == "WARNED"
    answer = send(clerk, court, done="COMPLETED")
    assert answer.status_code == 409 and "Nothing was saved" in answer.text and court.outcome() == "WARNED"


@lite
def test_a_claim_of_somebody_who_went_home_runs_out(court, clerk, colleague):
    clerk.post(court.day_path, data={})
    with court.database.system("test: ten minutes later") as session, session.begin():
        session.execute(update(HearingClaim).values(until_at=utc_now()))
    assert colleague.post(f"{court.path}/claim", data={"what": "take"}).status_code == 303
    assert "K. Ito is recording" in clerk.get(court.path).text


@lite
def test_a_page_that_was_open_while_somebody_saved_and_undid_is_told_so(court, clerk, colleague):
    old = re.search(r'name="token" value="([\d-]+)"', clerk.get(court.path).text)[1]
    send(colleague, court)
    colleague.post(f"{court.path}/undo", data={})
    answer = send(clerk, court, token=old)
    assert answer.status_code == 409 and "Somebody recorded something" in answer.text
    read = re.search(r'name="token" value="([\d-]+)"', answer.text)[1]
    assert send(clerk, court, token=read).status_code == 303, "what was typed is saved once it was read how it stands"


def test_until_word_goes_out_the_result_is_undone_whole(court, clerk):
    send(clerk, court, result="DID_NOT_APPEAR", warrant="ISSUED", notice_step="DONE", next="none", no_date="WARRANT")
    assert clerk.post(f"{court.path}/undo", data={}).status_code == 303
    assert court.outcome() is None and court.told() == []
    assert court.rows(Pause, where=[current(Pause)]) == []
    send(clerk, court)
    assert clerk.post(f"{court.path}/undo", data={}).status_code == 303
    assert court.rows(CourtDecision, where=[current(CourtDecision)]) == []
    later = court.rows(Hearing.outcome, where=[Hearing.starts_at > court.start + timedelta(days=1)])
    assert [row.outcome for row in later] == ["OFF_CALENDAR"], "a date is taken off the calendar, never removed"
    assert len(court.rows(HearingResult)) == 2, "both entries stay on record"
    assert clerk.post(f"{court.path}/undo", data={}).status_code == 409


@lite
def test_once_told_it_is_not_undone_here(court, clerk):
    send(clerk, court)
    with court.database.system("test: ten minutes later") as session, session.begin():
        session.execute(update(HearingResult).values(told_at=utc_now()))
    answer = clerk.post(f"{court.path}/undo", data={})
    assert answer.status_code == 409 and "word of it has gone out" in answer.text and court.outcome() == "WARNED"
    assert "Undo" not in clerk.get(court.day_path).text


@lite
def test_a_warrant_waits_for_the_desks_checklist_and_the_choice_stands_in_the_trail_alone(court, clerk, client_as):
    issued = {"result": "DID_NOT_APPEAR", "warrant": "ISSUED", "next": "none", "no_date": "WARRANT"}
    answer = send(clerk, court, **issued)
    assert answer.status_code == 422 and "safety-notice step" in answer.text and court.rows(Pause) == []
    before = _bench(clerk, court)
    assert send(clerk, court, notice_step="DANGER", **issued).status_code == 303
    [warrant] = court.rows(Pause)
    assert (warrant[0].kind, warrant[0].ends_on) == ("WARRANT", None)
    steps = [row.detail for row in court.rows(AuditEntry.detail, where=[AuditEntry.event == "result.recorded"])]
    assert [step["notice_step"] for step in steps] == ["DANGER"]
    page = _bench(clerk, court)
    assert page != before and "Warrant: outstanding since" in page
    for word in ("notice", "danger", "safety-notice"):
        assert word not in page.lower().replace("notices", ""), word
    court.hearing = court.hearings[0]
    assert "out since" not in clerk.get(f"/hearings/{court.hearings[1]}/result").text


def _bench(browser, court) -> str:
    return browser.get(f"/hearings/{court.hearing}").text.partition("<article")[2].partition("</article>")[0]


@lite
def test_a_warrant_is_recalled_with_its_age_in_sight(court, clerk):
    since = local_day(utc_now(), court.zone) - timedelta(days=34)
    with court.database.system("test: an old warrant") as session, session.begin():
        session.add(
            Pause(id=random_id(), case_id=court.matter.case, agency_id=court.town.town.court_agency, kind="WARRANT",
                  basis=None, starts_on=since, ends_on=None, recorded_at=utc_now() - timedelta(days=34),
                  recorded_by_id=None, retracted=False, reason=None, supersedes_id=None)
        )  # fmt: skip
    text = clerk.get(court.path).text
    assert "34 days" in text and "Warrant recalled" in text and "Warrant issued" not in text
    assert send(clerk, court, warrant="RECALLED").status_code == 303
    [row] = court.rows(Pause, where=[current(Pause)])
    assert row[0].ends_on == local_day(utc_now(), court.zone)


def test_word_goes_to_each_desk_that_shares_the_case_and_to_nobody_who_is_walled_from_it(court, clerk):
    with court.database.system("test: other desks") as session, session.begin():
        users, since = {}, date(2026, 1, 1)
        kinds = {"prosecution": "prosecutor", "victim_witness": "victim_witness", "advocacy": "advocate"}
        for kind, role in kinds.items():
            agency = Agency(id=random_id(), kind=kind, name=kind, code=kind, zone=court.zone)
            session.add(agency)
            session.flush()
            session.add(CaseAgency(case_id=court.matter.case, agency_id=agency.id, from_on=since, until_on=None))
            users[role] = add_user(session, agency.id, role, f"{role}@x.example")
        program = add_user(session, court.town.town.program_agency, "program", "program@x.example")
        walled = add_user(session, court.town.town.program_agency, "program", "walled@x.example")
        far = build_town(session, code="far")
        add_user(session, far.program_agency, "program", "far@x.example")
        session.add(
            Wall(id=random_id(), user_id=walled, person_id=court.matter.person, entered_by_id=1, sealed_why=b"x",
                 agency_id=court.town.town.office, entered_at=utc_now())
        )  # fmt: skip
    send(clerk, court)
    assert court.told() == sorted([court.town.officer, users["prosecutor"], users["victim_witness"], program])
    assert {row[0].body for row in court.rows(Outbox)} == {"You have 1 item due today. Sign in."}


@lite
def test_a_date_that_stands_already_is_kept_and_no_second_one_is_made(court, clerk):
    with court.database.system("test: a date ahead") as session, session.begin():
        ahead = hearing(session, court.matter, court.start + timedelta(days=21))
    assert "Stays: " in clerk.get(court.path).text
    assert send(clerk, court, next="stays").status_code == 303
    assert [row[0].next_hearing_id for row in court.rows(HearingResult)] == [ahead]
    clerk.post(f"{court.path}/undo", data={})
    assert court.outcome(ahead) is None, "undoing leaves a date alone that it did not set"


@lite
def test_the_day_says_when_it_is_done(court, clerk):
    for number in court.hearings:
        court.hearing = number
        send(clerk, court, result="CONTINUED", why="NO_REPORT")
    text = clerk.get(court.day_path).text
    assert "All 2 recorded" in text and "Continued: a report was not in" in text
    with court.database.system("test: look", writes=False) as session:
        assert session.scalar(select(func.count(CourtDecision.id))) == 0, "a date that was put off holds no review"


@lite
@pytest.mark.parametrize("role", ["officer", "program", "prosecutor", "administrator"])
def test_nobody_outside_the_court_records_results(court, client_as, role):
    browser = client_as(role)
    assert browser.get(court.path).status_code == browser.get(court.day_path).status_code == 403
    assert browser.post(court.path, data={}).status_code == browser.post(court.day_path, data={}).status_code == 403


@lite
def test_another_court_finds_nothing(court, client_as, database):
    with database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    stranger = client_as("clerk", agency_id=far.court_agency)
    assert stranger.get(court.path).status_code == stranger.get("/hearings/12345/result").status_code == 404
    assert stranger.get(court.day_path).status_code == 404 and send(stranger, court).status_code == 404
