"""A county with an account for each of the nine practitioners, one invented case, and a browser in front of each."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page
from pypdf import PdfReader
from sqlalchemy import select

from monitor.access.auth_sessions import membership_of, open_session
from monitor.access.roles import KIND_OF, Role
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.db import Database
from monitor.models import (
    Agency,
    Assignment,
    Case,
    CaseAgency,
    Court,
    Group,
    Hearing,
    Judge,
    Person,
    Program,
    random_id,
)
from tests.builders import ZONE, at
from tests.journeys.moment import Moment, set_clock
from tests.web.accounts import CONFIRMED, new_account
from tests.web.browsing import served

ORDERED_ON = date(2026, 1, 14)  # a Wednesday
NAME, BORN, NUMBER, ORDER = "Varga, Tibor", date(1988, 3, 9), "26-CR-0114", "26-PO-0114"
PARTY = ("Ilka", "Szentmarjay")
AGENCIES = {
    "court": "Riverbend Court", "probation": "Riverbend Probation", "program": "North Star",
    "dispatch": "Riverbend 911", "law_enforcement": "Riverbend Sheriff", "prosecution": "Riverbend Prosecutor",
    "victim_witness": "Riverbend Victim Witness", "advocacy": "Harborlight", "medical": "Riverbend Hospital",
    "coordination": "Riverbend Council",
}  # fmt: skip
STAFF = {
    Role.CLERK: "B. Adams", Role.JUDGE: "P. Lee", Role.OFFICER: "A. Reyes", Role.OFFICER_SUPERVISOR: "K. Ito",
    Role.PROGRAM: "F. Nunez", Role.DISPATCH: "V. Ortega", Role.LAW_ENFORCEMENT: "D. Cho",
    Role.PROSECUTOR: "N. Quist", Role.VICTIM_WITNESS: "R. Amaya", Role.ADVOCATE: "J. Okonjo", Role.MEDICAL: "T. Brandt",
    Role.COORDINATOR: "M. Sorel",
}  # fmt: skip
NOTICE = """
[notice.en]
counsel = "You may have a lawyer."
contest = "Write to the clerk."
help = "Ask the clerk for an interpreter."
"""
SHARED = ("court", "probation", "prosecution", "victim_witness")
FRESH = timedelta(minutes=4)  # what asks for a fresh sign-in gets one


class County:
    """``received``: every paper that the respondent and his lawyer got, in words, in order."""

    def __init__(self, database: Database, moment: Moment, browser: Browser, whole: bool) -> None:
        self.database, self.moment, self.browser, self.whole = database, moment, browser, whole
        self.base = ""
        self.agency: dict[str, int] = {}
        self.user: dict[Role, int] = {}
        self.ids: dict[str, int] = {}
        self.received: dict[str, str] = {}
        self.contexts: dict[Role, tuple[BrowserContext, datetime]] = {}

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        """The scenario's next moment; what is due by then is evaluated, as the minute's job does."""
        self.moment.set(day, hour, minute)
        self.evaluate()

    def evaluate(self) -> None:
        """What the minute's job does."""
        evaluate_now(self.database, switched_on(), self.moment())

    def page(self, role: Role, path: str) -> Page:
        """A page at ``path`` of the one account of a role, signed in a moment ago."""
        context, since = self.contexts.get(role, (None, None))
        if context is None or since is None or self.moment.now - since > FRESH:
            context = context or self.browser.new_context(viewport={"width": 1366, "height": 768})
            context.add_cookies([{"name": "monitor", "value": self._token(role), "url": self.base}])
            self.contexts[role] = (context, self.moment.now)
        for left in context.pages:
            left.close()
        page = context.new_page()
        page.set_default_timeout(60_000)
        answer = page.goto(self.base + path)
        assert answer is not None and answer.ok, f"{role}: {path} answered {answer and answer.status}"
        return page

    def text(self, role: Role, path: str) -> str:
        """What stands on a page, without the parts that are the same everywhere."""
        return self.page(role, path).inner_text("main")

    def paper(self, role: Role, path: str) -> str:
        """A PDF in words."""
        answer = self.page(role, "/account").request.get(self.base + path)
        assert answer.ok, f"{role}: {path} answered {answer.status}"
        return words_of(answer.body())

    def receives(self, what: str, words: str) -> None:
        """He or his lawyer got a paper."""
        assert words and what not in self.received
        self.received[what] = words

    def rows(self, entity: Any, *where: Any) -> list[Any]:
        """Rows as the machine reads them."""
        with self.database.system("test: rows", writes=False) as session:
            return list(session.scalars(select(entity).where(*where)))

    def _token(self, role: Role) -> str:
        now = self.moment()
        with self.database.system("test: sign in") as session, session.begin():
            membership = membership_of(session, self.user[role], now)
            assert membership is not None
            return open_session(session, self.user[role], membership, now, how="totp")


def words_of(pdf: bytes) -> str:
    """The text of every page and what a viewer shows of the file itself."""
    reader = PdfReader(io.BytesIO(pdf))
    told = {**(reader.metadata or {})}
    said = [str(told.get(name, "")) for name in ("/Title", "/Author", "/Subject", "/Keywords")]
    return re.sub(r"\s+", " ", " ".join([*said, *(page.extract_text() for page in reader.pages)]))


@contextmanager
def open_county(database: Database, browser: Browser, folder: Path, *, whole: bool = True) -> Iterator[County]:
    """``whole``: with what she, or anyone for her, asked; else the same days without it."""
    with ExitStack() as open_things:
        moment = open_things.enter_context(set_clock())
        county = County(database, moment, browser, whole)
        _build(county)
        law = folder / "law.toml"  # as our tests' courts confirmed it, before the order was made
        confirmed = CONFIRMED.read_text(encoding="utf-8").replace("2026-11-01", "2026-01-02")
        law.write_text(confirmed + NOTICE, encoding="utf-8")
        settings = {"callback_keys_file": str(folder / "calls"), "local_law_file": str(law)}
        county.base = open_things.enter_context(served(database, **settings))
        yield county
        for context, _since in county.contexts.values():
            context.close()


def _build(county: County) -> None:
    with county.database.system("test: a county") as session, session.begin():
        for kind, name in AGENCIES.items():
            county.agency[kind] = random_id()
            session.add(Agency(id=county.agency[kind], kind=kind, name=name, code=f"rb-{kind}", zone=ZONE))
        session.flush()
        for role, name in STAFF.items():
            county.user[role] = new_account(session, role, county.agency[KIND_OF[role]], name).user_id
        _town(session, county)


def _town(session: Any, county: County) -> None:
    court = Court(id=random_id(), agency_id=county.agency["court"], name="Riverbend", code="rb", zone=ZONE,
                  pack="us_il")  # fmt: skip
    judge = Judge(id=random_id(), agency_id=court.agency_id, court_id=court.id, user_id=None, name="P. Lee")
    program = Program(id=random_id(), agency_id=county.agency["program"], name="North Star", code="north")
    groups = [
        Group(id=random_id(), agency_id=program.agency_id, program_id=program.id, code=code, weekday=day,
              starts_at=time(hour), minutes=120)
        for code, day, hour in (("WED", 2, 18), ("SAT", 5, 10))
    ]  # fmt: skip
    family, given = NAME.split(", ")
    person = Person(id=random_id(), agency_id=court.agency_id, family_name=family, given_name=given, born_on=BORN)
    case = Case(id=random_id(), agency_id=court.agency_id, court_id=court.id, judge_id=judge.id, person_id=person.id,
                number=NUMBER, opened_on=date(2025, 12, 20))  # fmt: skip
    session.add_all([court, judge, program, *groups, person, case])
    session.flush()
    session.add_all(CaseAgency(case_id=case.id, agency_id=county.agency[kind], from_on=case.opened_on, until_on=None)
                    for kind in SHARED)  # fmt: skip
    session.add(Assignment(case_id=case.id, agency_id=county.agency["probation"], user_id=county.user[Role.OFFICER],
                           from_on=ORDERED_ON, until_on=None))  # fmt: skip
    hearing = Hearing(id=random_id(), case_id=case.id, agency_id=court.agency_id, court_id=court.id, judge_id=judge.id,
                      kind="COMPLIANCE_REVIEW", starts_at=at(ORDERED_ON, 10), room="Dept 4",
                      recorded_at=at(date(2026, 1, 5)))  # fmt: skip
    session.add(hearing)
    session.flush()
    county.ids |= {"case": case.id, "person": person.id, "judge": judge.id, "program": program.id,
                   "WED": groups[0].id, "SAT": groups[1].id, "hearing": hearing.id}  # fmt: skip
