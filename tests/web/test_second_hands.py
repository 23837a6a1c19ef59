"""Each deciding act by two hands in one instant: one takes effect, the other is told, and nothing is doubled.

One county a database, laid once; each act has a person of its own. See `tests.web.at_once` for the instant.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import func, select

from monitor.access.scope import Scope
from monitor.allegations.approving import approve
from monitor.clock import local_day, utc_now
from monitor.db import Database
from monitor.intake.importing import import_attendance
from monitor.models import Agency, Assignment, AuditEntry, CaseAgency, Concern, Outbox, Upload, random_id
from rules.calendar import roll_forward
from tests.builders import Matter, build_town
from tests.conftest import empty_database
from tests.monitor.filing import DAY, MISSED, boss, done, office_with_a_miss, reported
from tests.monitor.filing import sent as submitted
from tests.office import Office, hearing, miss_a_class, supervised
from tests.web.at_once import at_once
from tests.web.conftest import Browser
from web.database import AGAIN

TOLD = re.compile(
    r"meanwhile|changed since|since this page|since you opened|already|somebody undid|no longer|any more", re.IGNORECASE
)
WORDS = "What was typed is not lost."
Sign = Callable[..., Browser]


class Act(NamedTuple):
    """Who presses what, with which form before them."""

    hands: tuple[Browser, Browser]
    path: str
    form: dict[str, str]


class County(msgspec.Struct):
    """An office with a missed class, a service elsewhere, a prosecutor's and a victim/witness office."""

    office: Office
    far: Any
    prosecution: int
    care: int

    @property
    def database(self) -> Database:
        return self.office.database

    def person(self, family: str) -> Matter:
        with self.database.system("test: one more person") as session, session.begin():
            return supervised(session, self.office.town, self.office.officer, family, "Ann")

    def heard(self, matter: Matter, starts_at: datetime, outcome: str | None = None) -> int:
        with self.database.system("test: a hearing") as session, session.begin():
            return hearing(session, matter, starts_at, outcome)

    def add(self, *rows: Any) -> None:
        with self.database.system("test: laid") as session, session.begin():
            session.add_all(rows)

    def kept(self) -> tuple[int, Counter[int]]:
        """How many acts the trail has, no page shown once more among them, and how many letters lie for whom."""
        acts = select(func.count(AuditEntry.id)).where(AuditEntry.outcome == "done", AuditEntry.event != AGAIN)
        with self.database.system("test: look", writes=False) as session:
            return session.scalar(acts) or 0, Counter(session.scalars(select(Outbox.recipient_id)))


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def county(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with empty_database(request, tmp_path_factory.mktemp("county")) as url:
        database = Database(url)
        office = office_with_a_miss(database)
        found = County(office, None, random_id(), random_id())
        with database.system("test: offices beside it") as session, session.begin():
            found.far = build_town(session, code="far")
            session.add(Agency(id=found.prosecution, kind="prosecution", name="Near DA", code="da", zone="UTC"))
            session.add(Agency(id=found.care, kind="victim_witness", name="Near V/W", code="vw", zone="UTC"))
        yield found
        database.close()


@pytest.fixture
def database(county: County) -> Database:
    return county.database


def token(browser: Browser, path: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', browser.get(path).text)
    assert found is not None, path
    return found[1]


def two(sign: Sign, role: str, agency: int) -> tuple[Browser, Browser]:
    return sign(role, agency_id=agency, name="B. Ash"), sign(role, agency_id=agency, name="C. Dow")


def result_of_a_hearing(county: County, sign: Sign) -> Act:
    town = county.office.town
    today = datetime.combine(local_day(utc_now(), town.zone), time(13, 30), ZoneInfo(town.zone))
    path = f"/hearings/{county.heard(county.person('Result'), today)}/result"
    hands = two(sign, "clerk", town.court_agency)
    soon = roll_forward(today.date() + timedelta(days=14), frozenset())
    form = {"result": "HELD", "done": "WARNED", "next": str(soon), "hour": "1:30 PM", "words": WORDS, "anyway": "yes"}
    return Act(hands, path, form | {"token": token(hands[0], path)})


def result_taken_back(county: County, sign: Sign) -> Act:
    hands, path, form = result_of_a_hearing(county, sign)
    assert hands[0].post(path, data=form).status_code == 303
    return Act(hands, f"{path}/undo", {})


def case_closed(county: County, sign: Sign) -> Act:
    held = county.heard(county.person("Closed"), utc_now() - 7 * DAY, "COMPLETED")
    form = {"why": "COMPLETED", "on": "2026-03-02", "seen": "open"}
    return Act(two(sign, "clerk", county.office.town.court_agency), f"/hearings/{held}/closing", form)


def case_reopened(county: County, sign: Sign) -> Act:
    hands, path, form = case_closed(county, sign)
    assert hands[0].post(path, data=form).status_code == 303
    return Act(hands, f"{path}/reopen", {"why": "MISTAKE", "seen": "2026-03-02"})


def concern_taken_up(county: County, sign: Sign) -> Act:
    matter, now = county.person("Concern"), utc_now()
    row = Concern(
        id=random_id(), case_id=matter.case, agency_id=county.office.town.program_agency, recorded_by_id=None,
        enrollment_id=matter.enrollment, occurred_on=date(2026, 3, 2), kind="THREAT", ground="TOLD_STAFF",
        recorded_at=now,
    )  # fmt: skip
    county.add(row)
    hands = two(sign, "officer_supervisor", county.office.town.office)
    return Act(hands, f"/concerns/{row.id}", {"did": "PASSED_ON"})


def case_assigned(county: County, sign: Sign) -> Act:
    matter, office = county.person("Assigned"), county.office
    with county.database.system("test: look", writes=False) as session:
        stands = session.scalars(select(Assignment.id).where(Assignment.case_id == matter.case)).one()
    form = {"officer": str(office.officer), "to": str(office.colleague), f"case.{matter.case}": str(stands)}
    return Act(two(sign, "officer_supervisor", office.town.office), "/team/reassign", form)


def assignment_given_back(county: County, sign: Sign) -> Act:
    hands, path, form = case_assigned(county, sign)
    case = next(name for name in form if name.startswith("case."))[5:]
    assert hands[0].post(path, data=form).status_code == 303
    told = select(Assignment.id).where(Assignment.case_id == int(case), Assignment.until_on.is_(None))
    with county.database.system("test: look", writes=False) as session:
        stands = session.scalars(told).one()
    return Act((hands[0], hands[0]), f"{path}/{stands}/undo", {})


def referral_answered(county: County, sign: Sign) -> Act:
    matter = county.person("Referred")
    officer = sign("officer_supervisor", agency_id=county.office.town.office)
    wanted = {"kind": "PARENTING", "program": str(county.far.program), "signed_on": "", "until_on": ""}
    sent = officer.post(f"/referrals-out/of/{matter.case}", data=wanted)
    assert sent.status_code == 303, sent.text
    hands = two(sign, "program", county.far.program_agency)
    path = re.findall(r'action="(/referrals-out/\d+/answer)"', hands[0].get("/referrals-out").text)[0]
    return Act(hands, path, {"answer": "ACCEPTED", "why": ""})


def place_ended(county: County, sign: Sign) -> Act:
    hands = two(sign, "program", county.office.town.program_agency)
    path = f"/enrollments/{county.person('Ended').enrollment}"
    form = {"move": "discharge", "on": str(local_day(utc_now(), county.office.town.zone)), "why": "MOVED"}
    return Act(hands, path, form | {"token": token(hands[0], path)})


def month_signed(county: County, sign: Sign) -> Act:
    hands = two(sign, "program", county.office.town.program_agency)
    return Act(hands, "/reports/2025-11/certify", {"signed_as": "Ben Ash"})


def upload_undone(county: County, sign: Sign) -> Act:
    county.person("Upload")
    sheet = "Last name,First name,Date,Status\nUpload,Ann,2026-03-02,present\n"
    import_attendance(county.database, "near-p", "week.csv", sheet.encode(), utc_now())
    with county.database.system("test: look", writes=False) as session:
        upload = session.scalars(select(Upload.id).where(Upload.state == "SAVED")).one()
    path = f"/attendance/uploads/{upload}/undo"
    return Act(two(sign, "program", county.office.town.program_agency), path, {"reason": "wrong week"})


def report_on(county: County, family: str) -> tuple[Matter, int]:
    office = msgspec.structs.replace(county.office, matter=county.person(family), flags={})
    with county.database.system("test: a question") as session, session.begin():
        miss_a_class(session, office, MISSED)
    return office.matter, reported(office)


def charging_decided(county: County, sign: Sign) -> Act:
    matter, report = report_on(county, "Charged")
    county.add(CaseAgency(case_id=matter.case, agency_id=county.prosecution, from_on=date(2026, 1, 1), until_on=None))
    submitted(county.office, report)
    done(county.office, report, approve, **boss(county.office))
    hands = two(sign, "prosecutor", county.prosecution)
    path = f"/prosecution/{report}"
    form = {"decision": "DECLINE", "ground": "EVIDENCE", "words": WORDS, "token": token(hands[0], path)}
    return Act(hands, f"{path}/decision", form)


def safety_step_finished(county: County, sign: Sign) -> Act:
    matter, report = report_on(county, "Safety")
    county.add(CaseAgency(case_id=matter.case, agency_id=county.care, from_on=date(2026, 1, 1), until_on=None))
    hands = two(sign, "victim_witness", county.care)
    submitted(county.office, report, ask="REVOCATION")
    text = hands[0].get("/due-notices").text
    about, at = re.findall(r'name="kind" value="SAFETY"><input type="hidden" name="about" value="(\d+)"><input '
                           r'type="hidden" name="at" value="([^"]+)">', text)[0]  # fmt: skip
    form = {"kind": "SAFETY", "about": about, "at": at, "answer": "REACHED"}
    return Act(hands, f"/due-notices/{matter.case}/answers", form)


ACTS = (
    result_of_a_hearing, result_taken_back, case_closed, case_reopened, concern_taken_up, case_assigned,
    assignment_given_back, referral_answered, place_ended, month_signed, upload_undone, charging_decided,
    safety_step_finished,
)  # fmt: skip


@pytest.mark.parametrize("stage", ACTS, ids=lambda stage: stage.__name__)
def test_of_two_hands_in_one_instant_one_is_done_and_the_other_is_told(
    stage: Callable[[County, Sign], Act], county: County, client_as: Sign
) -> None:
    hands, path, form = stage(county, client_as)
    acts, letters = county.kept()
    answers = at_once(county.database, [partial(hand.post, path, data=form) for hand in hands])
    answers.sort(key=lambda answer: answer.status_code)
    answers.append(hands[1].post(path, data=form))
    assert [one.status_code for one in answers] == [303, 409, 409], [one.text[-3000:] for one in answers[1:]]
    for late in answers[1:]:
        assert "<h1" in late.text and TOLD.search(late.text)
        assert "words" not in form or WORDS in late.text, "nothing typed is lost"
    after, more = county.kept()
    assert after == acts + 1, "the trail has it once"
    assert all(count == 1 for count in (more - letters).values()), "and nobody has two letters of it"


@pytest.mark.parametrize("county", ["postgres"], indirect=True)
def test_a_writer_waits_before_reading_for_whoever_names_the_same_and_for_nobody_else(county: County) -> None:
    office, here = county.office, random_id()
    scope = Scope(office.officer, "officer", office.town.office)

    def asks(about: int) -> int | None:
        with office.database.scoped(scope, writes=True, about=[about]) as session:
            return session.scalar(select(Assignment.id).limit(1))

    with ThreadPoolExecutor(2) as hands:
        with office.database.scoped(scope, writes=True, about=[here]) as first, first.begin():
            assert first.scalar(select(Assignment.id).limit(1))
            same, other = hands.submit(asks, here), hands.submit(asks, random_id())
            assert other.result(timeout=60)
            assert not same.done()
        assert same.result(timeout=60)
