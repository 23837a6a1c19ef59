"""One case laid once and lived twice through the real site: with everything that anybody did for her, and without.

Every screen of court, program and dispatch, and every paper that the respondent or his lawyer gets of the court,
probation and the prosecution, made anew on both sides through the pages, is the same byte for byte (B3, B5, B9, B11).
"""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select, update

import monitor.clock
from monitor.access.roles import KIND_OF, Role
from monitor.access.scope import Scope
from monitor.clock import local_day, utc_now
from monitor.config import Settings
from monitor.consultation.bringing import bring
from monitor.copies.passing_rows import keys_of
from monitor.db import Database
from monitor.models import Agency, Assignment, AuditEntry, Callback, Case, CaseAgency, Consultation, random_id
from tests.builders import ZONE
from tests.office import hearing
from tests.prosecution_office import MISSED, open_prosecution
from tests.sweep.county import Account, ids_of
from tests.sweep.visiting import Ask, allowed, asks, browser, tell
from tests.web.accounts import BASE, CONFIRMED, SECRET, sign_in_as
from web.app import create_app
from web.site import open_site

OUTSIDE = (Role.JUDGE, Role.CLERK, Role.PROGRAM, Role.DISPATCH)
HERS = {"advocacy": "harbor", "medical": "near-med", "law_enforcement": "near-le", "victim_witness": "near-vw",
        "dispatch": "near-911"}  # fmt: skip
NOTICES = "".join(
    f'\n[notice.{language}]\ncounsel = "Counsel."\ncontest = "The clerk."\nhelp = "Ask."\n' for language in ("en", "es")
)
# the number that a packet gets is drawn anew on each side
NUMBERS = re.compile(rb"(/evidence/|/packets/|evidence-|packet-)\d{6,19}")


@pytest.fixture(scope="module")
def laid(sqlite_template, tmp_path_factory):
    """The case, the offices, an account of every role, and the site's settings; nobody has done anything for her."""
    folder = tmp_path_factory.mktemp("alike")
    shutil.copy(sqlite_template, folder / "plain.db")
    database = Database(f"sqlite:///{folder}/plain.db")
    desk = open_prosecution(database)
    town, now = desk.office.town, utc_now().replace(microsecond=0)
    agencies = {"court": town.court_agency, "probation": town.office, "program": town.program_agency,
                "prosecution": desk.agency}  # fmt: skip
    with database.system("test: her side") as session, session.begin():
        for kind, code in HERS.items():
            agencies[kind] = random_id()
            session.add(Agency(id=agencies[kind], kind=kind, name=f"Near {code}", code=code, zone=ZONE))
        session.flush()
        session.add(CaseAgency(case_id=desk.case, agency_id=agencies["victim_witness"], from_on=date(2026, 1, 1),
                               until_on=None))  # fmt: skip
        desk.office.flags["hearing"] = hearing(session, desk.office.matter, now + timedelta(days=2))
    accounts = {}
    for role in (*OUTSIDE, Role.OFFICER, Role.PROSECUTOR, Role.VICTIM_WITNESS, Role.ADVOCATE, Role.MEDICAL):
        agency = agencies[KIND_OF[role]]
        user, token = sign_in_as(database, role, agency, f"Near {role.value}")
        accounts[role] = Account(role, agency, user, token)
    with database.system("test: assigned") as session, session.begin():
        session.execute(update(Assignment).values(user_id=accounts[Role.OFFICER].user))
    database.close()
    (folder / "law.toml").write_text(CONFIRMED.read_text(encoding="utf-8") + NOTICES, encoding="utf-8")
    (folder / "team.toml").write_text(
        f'name = "The team"\nagencies = ["near-probation", "near-da", "near-vw", "harbor"]\n'
        f"first = {local_day(now, ZONE) - timedelta(days=13)}\nadvocates_bring = true\n"
    )
    return SimpleNamespace(folder=folder, desk=desk, accounts=accounts, agencies=agencies, now=now)


@pytest.fixture
def still(laid, monkeypatch):
    class Standing(datetime):
        @classmethod
        def now(cls, tz=None):
            return laid.now.astimezone(tz)

    monkeypatch.setattr(monitor.clock, "datetime", Standing)


def opened(laid, name, to):
    """A copy of the record under a name, and the site on it."""
    shutil.copy(laid.folder / "plain.db", to / f"{name}.db")
    settings = monitor_settings(laid, to)
    database = Database(f"sqlite:///{to}/{name}.db")
    app = create_app(settings, database)
    app.state.site = open_site(settings, database)
    return database, {role: browser(app, account) for role, account in laid.accounts.items()}


def monitor_settings(laid, to):
    return Settings(
        secret_key=SECRET, base_url=BASE, demo=True, waive_passkeys=True, acts_per_minute=0, log_level="critical",
        local_law_file=str(laid.folder / "law.toml"), callback_keys_file=str(to / "calls"),
        consultation_file=str(laid.folder / "team.toml"), consultation_keys_file=str(to / "list"),
    )  # fmt: skip


def american(day):
    return f"{day.month}/{day.day}/{day.year}"


def did(answer):
    assert answer.status_code in (200, 303), (answer.status_code, answer.text[-2000:])
    return answer


def her_side(laid, database, people):
    """All that anybody does for her on this site, by their own pages, as far as the site has pages for it."""
    today, case = local_day(laid.now, ZONE), laid.desk.case
    with database.system("test: its number", writes=False) as session:
        number = session.scalars(select(Case.number).where(Case.id == case)).one()
    advocate, staff, nurse = people[Role.ADVOCATE], people[Role.VICTIM_WITNESS], people[Role.MEDICAL]
    for path in ("/status-list", "/status-list.csv", "/condition-words?language=es", "/call-backs/new"):
        did(advocate.get(path))
    call = {"number": number, "attested": "yes", "until": american(today + timedelta(days=9)), "by": "day",
            "on": american(today + timedelta(days=3))}  # fmt: skip
    did(advocate.post("/call-backs", data=call))
    did(advocate.post("/call-backs", data=call))
    with database.system("test: the first call", writes=False) as session:
        first = session.scalars(select(Callback.id)).first()
    did(people[Role.OFFICER].get("/today"))
    did(people[Role.OFFICER].post(f"/call-backs/{first}/done"))
    did(nurse.post("/record-notices/new", data={
        "number": number, "custodian": str(laid.agencies["medical"]), "basis": "AUTHORIZATION", "told": "YES",
        "on": today.isoformat(),
    }))  # fmt: skip
    did(people[Role.PROSECUTOR].get("/record-notices"))
    due = f"/due-notices/{case}"
    did(staff.post(f"{due}/standing", data={"answer": "ASKED"}))
    did(staff.post(f"{due}/needs", data={"hearing": str(laid.desk.office.flags["hearing"]), "answer": "INTERPRETER"}))
    for kind, about, at in re.findall(
        r'name="kind" value="(\w+)"><input type="hidden" name="about" value="(\d+)"><input type="hidden" name="at"'
        r' value="([^"]+)">', did(staff.get(due)).text,
    ):  # fmt: skip
        staff.post(f"{due}/answers", data={"kind": kind, "about": about, "at": at, "answer": "REACHED"})
    brought = {"what": "bring", "number": number}
    did(advocate.post("/consultation", data=brought | {
        "attested": "yes", "until": american(today + timedelta(days=80)),
    }))  # fmt: skip
    did(people[Role.OFFICER].post("/consultation", data=brought))
    _minutes(laid, database, people, today)


def _minutes(laid, database, people, today):
    """Of the meeting tomorrow, for which somebody brought the case in time."""
    account = laid.accounts[Role.PROSECUTOR]
    keys = keys_of(str(people[Role.OFFICER].app.state.site.settings.consultation_keys_file), SECRET)
    scope = Scope(account.user, "prosecutor", account.agency)
    with database.scoped(scope, writes=True) as session, session.begin():
        bring(session, keys, laid.desk.case, today + timedelta(days=1), today)
    page = did(people[Role.VICTIM_WITNESS].get("/consultation")).text
    entry = re.search(r'name="entry" value="(\d+)"', page)[1]
    task = {"what": "agree", "entry": entry, "kind": "REVIEW", "owner": str(account.agency),
            "due": (today + timedelta(days=4)).isoformat(), "day": (today + timedelta(days=1)).isoformat()}  # fmt: skip
    did(people[Role.VICTIM_WITNESS].post("/consultation", data=task))
    did(people[Role.PROSECUTOR].get("/consultation"))


def papers(laid, people):
    """Every paper of the respondent and counsel, made now through the pages; by name."""
    desk, found = laid.desk, {}
    clerk, officer, prosecutor = people[Role.CLERK], people[Role.OFFICER], people[Role.PROSECUTOR]
    its = f"/hearings/{desk.office.flags['hearing']}"
    day = local_day(laid.now + timedelta(days=2), ZONE)
    found["bench page"] = clerk.get(f"{its}?format=pdf")
    for kind in ("pdf", "pages"):
        found[f"docket {kind}"] = clerk.get(f"/dockets/near/{day}?format={kind}")
    packet = did(clerk.post(f"{its}/packets")).headers["location"]
    found["the court's packet"] = clerk.get(packet)
    numbers = re.findall(r"/packets/(\d+)", did(clerk.get(f"{its}/packets")).text)
    found["the court's packet on paper"] = clerk.get(f"{its}/packets/{numbers[0]}?format=pdf")
    found["report"] = officer.get(f"/allegations/{desk.report}?format=pdf")
    for language in ("en", "es"):
        did(officer.post(f"/allegations/{desk.report}/notice", data={"language": language}))
        found[f"notice {language}"] = officer.get(f"/allegations/{desk.report}/notice?language={language}")
    found["caseload"] = officer.post("/caseload/export", data={"team": ""})
    rows = re.findall(r'name="row" value="(\w+)"', did(prosecutor.get(f"/prosecution/{desk.report}")).text)
    made = did(prosecutor.post(f"/prosecution/{desk.report}/packets", data={"row": rows})).headers["location"]
    found["evidence packet"], found["the same on screen"] = prosecutor.get(f"{made}?format=pdf"), prosecutor.get(made)
    found["what the defense got"] = prosecutor.get("/disclosures")
    days = {"from_on": MISSED[0].isoformat(), "until_on": MISSED[-1].isoformat()}
    made = did(prosecutor.post(f"/prosecution/cases/{desk.case}/records", data=days)).headers["location"]
    found["certified record"] = prosecutor.get(f"{made}?format=pdf")
    return {name: told(answer) for name, answer in found.items()}


def told(answer):
    """Status, type and bytes, without the number of the request, of a packet, and of a PDF's own making."""
    body = answer.content.replace(answer.headers.get("x-request-id", "#").encode(), b"#")
    if body.startswith(b"%PDF"):
        body = re.sub(rb"(/ID \[[^\]]*\]|<xmpMM:(Document|Instance)ID>[^<]*<|xmpMM:\w+ID=\"[^\"]*\")", b"", body)
    return answer.status_code, answer.headers.get("content-type"), NUMBERS.sub(rb"\1#", body)


def screens(laid, people, ids, roles, most):
    """Every address that these roles may open, by role and request."""
    county = SimpleNamespace(now=laid.now)
    return {
        (role, ask): tell(people[role], ask)
        for role in roles for ask in asks(county, ids, most=most)
        if allowed(role, ask) and (ask.method == "GET" or role is Role.DISPATCH)
    }  # fmt: skip


def lived(laid, to, name, roles, most):
    database, people = opened(laid, name, to)
    plain = Database(f"sqlite:///{laid.folder}/plain.db")
    ids = ids_of(plain)
    plain.close()
    if name == "with":
        her_side(laid, database, people)
        with database.system("test: it happened", writes=False) as session:
            assert len(session.scalars(select(Callback)).all()) == 1
            assert len(session.scalars(select(Consultation)).all()) == 2
            events = set(session.scalars(select(AuditEntry.event)))
        assert events >= {"callback.sent", "callback.ended", "record_notice.saved", "due.answered", "consultation.used"}
    seen = screens(laid, people, ids, roles, most)  # before the papers: what they are kept under is drawn anew
    received = papers(laid, people), seen
    # the one screen that must tell: or two records were compared in which nothing had happened
    mine = tell(people[Role.OFFICER], Ask("GET", "/today")).body
    assert (b"partner agency asks you to call" in mine) is (name == "with")
    database.close()
    return received


def alike(laid, to, roles, most):
    (papers_one, screens_one), (papers_other, screens_other) = (
        lived(laid, to, name, roles, most) for name in ("without", "with")
    )  # fmt: skip
    assert set(papers_one) == set(papers_other) and len(papers_one) == 13
    for name, (status, _kind, body) in papers_one.items():
        assert status == 200 and len(body) > 200, (name, status)
    assert [name for name in papers_one if papers_one[name] != papers_other[name]] == []
    assert [key for key in screens_one if screens_one[key] != screens_other[key]] == []
    shown = b"".join(one.body for one in screens_one.values()) + b"".join(one[2] for one in papers_one.values())
    assert b"Example" in shown, "or this compares pages that show nobody"
    return screens_one


def test_what_he_and_his_lawyer_receive_is_the_same_with_and_without_all_that_was_done_for_her(laid, still, tmp_path):
    """14. Search of everything he and his lawyer received: no trace that she, or anyone for her, said a word."""
    assert len(alike(laid, tmp_path, (Role.PROGRAM,), 1)) > 5


@pytest.mark.slow
def test_no_screen_of_court_program_or_dispatch_differs_either(laid, still, tmp_path):
    found = alike(laid, tmp_path, OUTSIDE, 4)
    assert {role for role, ask in found if found[role, ask].status == 200} == set(OUTSIDE)
