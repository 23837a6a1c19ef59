"""One form that says a record exists: a receipt and no way back, two desks that may know, and no change elsewhere."""

from __future__ import annotations

import logging
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from jobs import retention
from jobs.work import LEASE, Work
from monitor import job_queue
from monitor.access.policy import EVERYONE, POLICY
from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.clock import utc_now
from monitor.config import Settings
from monitor.keeping.case_rows import places
from monitor.local_law import LocalLawError, local_law
from monitor.models import Agency, AuditEntry, Base, Case, CaseAgency, Incident, RecordNotice, Wall, random_id
from monitor.record_notices.reading import all_records, records_of, unmatched
from tests.builders import person_with_order
from tests.web.caring.desk import care_office, everything, lite

FORM = "/record-notices/new"
PASSING = "record_notice", "audit_entry", "audit_head", "auth_session"
SAID = "A record exists; Riverside Records; signed authorization; patient told: yes"
NO_CASE = "About no case of your office"
SEVERAL = "Not matched: more than one case has this number."
# of the schema, the rows and the logs; what roles and kinds of agencies are called is no word about anybody
HEALTH = re.compile(
    r"injur|exam(?!ple)|strang|wound|diagnos|photo|patient|nurse|\bsane\b|bruis|hospital|doctor|health|clinic",
    re.IGNORECASE,
)


@pytest.fixture
def office(database):
    """Case 25-1234, shared with a prosecutor and a victim/witness office; and an office that keeps records."""
    office = care_office(database)
    with database.system("test: more offices") as session, session.begin():
        session.get_one(Case, office.matter.case).number = "25-1234"
        offices = {"medical": "Riverside Records", "prosecution": "Near DA", "law_enforcement": "Near PD"}
        for kind, name in offices.items():
            office.flags[kind] = random_id()
            session.add(Agency(id=office.flags[kind], kind=kind, name=name, code=name, zone="America/Los_Angeles"))
        session.flush()
        session.add(CaseAgency(case_id=office.matter.case, agency_id=office.flags["prosecution"],
                               from_on=date(2026, 1, 1), until_on=None))  # fmt: skip
    return office


@pytest.fixture
def keeper(office, client_as):
    return client_as("medical", agency_id=office.flags["medical"], name="H. Brandt")


def sent(browser, office, **changes):
    """The form filled in and sent, as the page drew it."""
    text = browser.get(FORM).text
    on = re.search(r'name="on" type="date" value="([^"]+)"', text).group(1)
    drawn = re.search(r'name="drawn" value="([\d.]+)"', text).group(1)
    form = {"number": "25-1234", "custodian": str(office.flags["medical"]), "basis": "AUTHORIZATION", "told": "YES",
            "on": on, "drawn": drawn}  # fmt: skip
    return browser.post(FORM, data=form | changes)


def receipt_in(answer):
    assert answer.status_code == 200, answer.text
    return re.search(r"Receipt number ([A-Z2-7]{5}-[A-Z2-7]{5})", answer.text).group(1)


def steady(text):
    """A page without what every page draws anew."""
    anew = r'name="(csrf|drawn)" value="[^"]*"|Data as of [^<]*|content=\'[^\']*\'|hx-headers=\'[^\']*\''
    return re.sub(anew, "", text)


def pages_of(browser, paths):
    return {path: (answer.status_code, steady(answer.text)) for path in paths for answer in [browser.get(path)]}


def test_practitioner_9_the_right_two_roles_see_that_it_exists_and_nobody_else_any_change(
    office, keeper, client_as, database, caplog
):
    """Given a nurse with a signed authorisation and case number 25-1234 When she saves Then the prosecutor and
    detective see "a record exists; custodian; basis; patient told: yes", victim/witness staff see only "release:
    on file", probation, court, program, dispatch and advocates see no change, and a search of the database for any
    health word finds none."""
    case, person, town = office.matter.case, office.matter.person, office.town
    others = {
        "officer": (town.office, ("/today", "/caseload", f"/people/{person}", "/allegations", "/notices")),
        "officer_supervisor": (town.office, ("/today", "/team", f"/people/{person}", "/allegations")),
        "judge": (town.court_agency, ("/dockets", "/notices")),
        "clerk": (town.court_agency, ("/dockets", "/orders/waiting")),
        "program": (town.program_agency, ("/week", "/enrollments", "/reports")),
        "dispatch": (None, ("/verify",)), "advocate": (None, ("/", "/account")),
        "medical": (office.flags["medical"], ("/", "/account")),
    }  # fmt: skip
    browsers = {role: (client_as(role, agency_id=agency), paths) for role, (agency, paths) in others.items()}
    before = {role: pages_of(browser, paths) for role, (browser, paths) in browsers.items()}
    rows = everything(database, *PASSING)
    with caplog.at_level(logging.DEBUG):
        receipt_in(sent(keeper, office))
    assert {role: pages_of(browser, paths) for role, (browser, paths) in browsers.items()} == before
    assert everything(database, *PASSING) == rows, "no letter either"
    prosecutor = client_as("prosecutor", agency_id=office.flags["prosecution"])
    assert SAID in prosecutor.get("/record-notices").text
    detective = client_as("law_enforcement", agency_id=office.flags["law_enforcement"])
    assert SAID in detective.post("/record-notices/by-number", data={"number": "25-1234", "why": "CASE"}).text
    staff = client_as("victim_witness", agency_id=office.flags["desk"])
    text = staff.get(f"/due-notices/{case}").text
    assert "Release: on file." in text and "Riverside" not in text and "record exists" not in text
    names = " ".join(f"{table.name} {' '.join(table.c.keys())}" for table in Base.metadata.sorted_tables
                     if table.name != "incident")  # what a police report says is the police's
    for where in (names, everything(database), caplog.text):
        assert HEALTH.findall(where.replace("medical", "")) == []
    assert HEALTH.search("exam of the patient")


@lite
def test_practitioner_9_without_a_basis_it_does_not_save_and_says_why(office, keeper, database):
    """Given no authorisation, duty or order is chosen Then the form does not save and says why."""
    for basis in ("", "CONSENT"):
        answer = sent(keeper, office, basis=basis)
        assert answer.status_code == 422 and "nothing was saved" in answer.text
        assert "signed authorization, a duty by law or a court order" in answer.text
        assert 'value="25-1234"' in answer.text, "what was typed is still there"
    for wrong in ({"told": ""}, {"told": "NO"}, {"custodian": str(office.town.office)}, {"on": "2031-01-01"},
                  {"number": "strangled 25-1"}, {"number": ""}, {"number": "see note"}):  # fmt: skip
        assert sent(keeper, office, **wrong).status_code == 422
    with database.system("test: look") as session:
        assert session.scalars(select(RecordNotice.id)).all() == []


def test_a_receipt_counts_nothing_and_whoever_sent_it_never_reads_it_again(office, keeper, database):
    receipts = [receipt_in(sent(keeper, office, number=number)) for number in ("25-1234", "25-9999", "none")]
    assert len(set(receipts)) == 3 and receipts != sorted(receipts) or len({one[:2] for one in receipts}) > 1
    text = keeper.get(FORM).text
    form = {"number": "25-1", "custodian": str(office.flags["medical"]), "basis": "LAW", "told": "DANGER",
            "on": re.search(r'type="date" value="([^"]+)"', text).group(1)}  # fmt: skip
    twice = {receipt_in(keeper.post(FORM, data=form)) for _ in range(2)}
    assert len(twice) == 1, "pressed twice it is one notice"
    assert receipt_in(keeper.post(FORM, data=form | {"number": "25-2"})) not in twice
    with database.system("test: look") as session:
        assert len(session.scalars(select(RecordNotice.id)).all()) == 5
    alike = {receipt_in(sent(keeper, office, number="none")) for _ in range(2)}
    assert len(alike) == 2, "two patients without a number on one day are two notices"
    scope = Scope(user_id=keeper.user_id, role="medical", agency_id=office.flags["medical"])
    with database.scoped(scope) as session, pytest.raises(RuntimeError):
        session.scalars(select(RecordNotice.id)).all()


@lite
def test_the_role_has_no_page_but_the_form_its_own_trail_and_account(office, keeper):
    mine = {path for (_method, path), one in POLICY.items() if Role.MEDICAL in one.roles and one.roles != EVERYONE}
    assert mine == {FORM}
    assert keeper.get("/").headers["location"] == FORM
    assert "Said that a record exists" not in keeper.get("/audit").text
    sent(keeper, office)
    trail = keeper.get("/audit").text
    assert "Said that a record exists" in trail and "25-1234" not in trail


@lite
def test_a_number_that_is_known_and_one_that_is_not_are_answered_alike(office, keeper, database):
    """A nurse's account that tries numbers learns nothing: the same page, the same rows written, nothing looked up."""
    known, unknown = (sent(keeper, office, number=number) for number in ("25-1234", "25-4321"))
    assert (re.sub(r"[A-Z2-7]{5}-[A-Z2-7]{5}", "", steady(known.text))
            == re.sub(r"[A-Z2-7]{5}-[A-Z2-7]{5}", "", steady(unknown.text)))  # fmt: skip
    with database.system("test: the trail") as session:
        told = session.execute(
            select(AuditEntry.detail, AuditEntry.outcome).where(AuditEntry.event == "record_notice.saved")
        ).all()
    assert len(told) == 2 and told[0] == told[1]


def test_what_fits_no_case_is_the_prosecutors_list_and_a_wall_holds_there_too(office, keeper, client_as, database):
    sent(keeper, office, number="25-7777", told="DANGER", basis="LAW")
    sent(keeper, office, number="none")
    sent(keeper, office)
    prosecutor = client_as("prosecutor", agency_id=office.flags["prosecution"])
    detective = client_as("law_enforcement", agency_id=office.flags["law_enforcement"])
    text = prosecutor.get("/record-notices").text
    assert "25-7777" in text and "required by law; patient told: no: telling would add danger" in text
    by_number = "/record-notices/by-number"
    assert "Nothing under that number" in detective.post(by_number, data={"number": "25-7777", "why": "CASE"}).text
    with database.system("test: walls") as session, session.begin():
        for browser in (prosecutor, detective):
            session.add(Wall(id=random_id(), user_id=browser.user_id, person_id=office.matter.person, entered_by_id=1,
                             sealed_why=b"x", agency_id=office.town.office, entered_at=utc_now()))  # fmt: skip
    walled = prosecutor.get("/record-notices").text
    assert "25-1234" not in walled and "25-7777" in walled
    assert "Nothing under that number" in detective.post(by_number, data={"number": "25-1234", "why": "CASE"}).text
    elsewhere = client_as("prosecutor", agency_id=_far(database), name="F. Away")
    assert "25-1234" not in elsewhere.get("/record-notices").text, "another county's case is no unmatched one"


def _far(database):
    with database.system("test: another prosecutor") as session, session.begin():
        agency = Agency(id=random_id(), kind="prosecution", name="Far DA", code="far-da", zone="America/Los_Angeles")
        session.add(agency)
    return agency.id


@lite
def test_a_release_is_on_file_only_where_somebody_signed(office, keeper, client_as, database):
    sent(keeper, office, basis="LAW")
    staff = client_as("victim_witness", agency_id=office.flags["desk"])
    assert "on file" not in staff.get(f"/due-notices/{office.matter.case}").text
    with database.system("test: anew") as session, session.begin():
        session.execute(delete(RecordNotice))
    sent(keeper, office)
    assert "Release: on file." in staff.get(f"/due-notices/{office.matter.case}").text


@lite
def test_a_number_of_an_incident_on_record_finds_its_case(office, keeper, client_as, database):
    """Whether the incident came on record before the notice or after it."""
    sent(keeper, office, number="pd-26-77")
    prosecutor = client_as("prosecutor", agency_id=office.flags["prosecution"])
    assert NO_CASE in prosecutor.get("/record-notices").text
    with database.system("test: patrol reports") as session, session.begin():
        session.add(Incident(case_id=office.matter.case, agency_id=office.flags["law_enforcement"], kind="CALL",
                             number="PD-26-77", occurred_at=utc_now(), recorded_at=utc_now()))  # fmt: skip
    text = prosecutor.get("/record-notices").text
    assert NO_CASE not in text and "PD-26-77" in text
    detective = client_as("law_enforcement", agency_id=office.flags["law_enforcement"])
    assert SAID in detective.post("/record-notices/by-number", data={"number": "PD-26-77", "why": "CASE"}).text
    staff = client_as("victim_witness", agency_id=office.flags["desk"])
    assert "Release: on file." in staff.get(f"/due-notices/{office.matter.case}").text


@lite
def test_no_way_to_reach_or_find_anybody_passes_for_a_police_number(office, keeper, database):
    for number in ("503-555-0199", "503/555-0199", "5035550199", "15035550199", "PD-503-555-0199", "97201-1234",
                   "555-0199", "412-OAK-ST-APT-4", "SHE-TOLD-ME-1", "RAPE-12", "14-ELM-ST"):  # fmt: skip
        assert sent(keeper, office, number=number).status_code == 422, number
    with database.system("test: look") as session:
        assert session.scalars(select(RecordNotice.id)).all() == []
    for number in ("25-1234", "26CR1234", "PD-26-77", "2026-000123", "CAD-26-0117", "26/4411"):
        receipt_in(sent(keeper, office, number=number))


def _reported(database, case, agency, number, kind="REPORT"):
    with database.system("test: police report") as session, session.begin():
        session.add(Incident(case_id=case, agency_id=agency, kind=kind, number=number, occurred_at=utc_now(),
                             weapon=False, strangulation="NO", accounts=True, recorded_at=utc_now()))  # fmt: skip


def _second_case(database, office, *, shared):
    """Another person's case: of the same prosecution and victim/witness offices where ``shared``."""
    with database.system("test: another person") as session, session.begin():
        other = person_with_order(session, office.town, number="24-CR-0099").case
        session.get_one(Case, other).number = "24-CR-0099"
        for agency in (office.flags["prosecution"], office.flags["desk"]) if shared else ():
            session.add(CaseAgency(case_id=other, agency_id=agency, from_on=date(2026, 1, 1), until_on=None))
    return other


@lite
def test_the_polices_number_counts_before_a_courts_that_reads_the_same(office, keeper, client_as, database):
    """Given a court's number and another person's police report read alike Then the notice is said of the person in the
    police report alone, on every page, and goes when that case goes and with no other."""
    other = _second_case(database, office, shared=True)
    _reported(database, other, office.flags["law_enforcement"], "25-1234")
    sent(keeper, office)
    staff = client_as("victim_witness", agency_id=office.flags["desk"])
    assert "on file" not in staff.get(f"/due-notices/{office.matter.case}").text
    assert "Release: on file." in staff.get(f"/due-notices/{other}").text
    scope = Scope(user_id=keeper.user_id, role="prosecutor", agency_id=office.flags["prosecution"])
    with database.scoped(scope) as session:
        assert records_of(session, office.matter.case) == ()
        assert [one.case_id for one in records_of(session, other)] == [other]
        assert [one.case_id for one in all_records(session)] == [other] and unmatched(session) == ()
    assert _leave_with(database, office.matter.case) == 0 and _leave_with(database, other) == 1


@lite
def test_a_number_of_two_cases_is_said_of_neither_and_leaves_with_neither(office, keeper, client_as, database):
    other = _second_case(database, office, shared=True)
    for case, agency in ((office.matter.case, "law_enforcement"), (other, "law_enforcement")):
        _reported(database, case, office.flags[agency], "PD-7")
    sent(keeper, office, number="PD-7")
    prosecutor = client_as("prosecutor", agency_id=office.flags["prosecution"])
    text = prosecutor.get("/record-notices").text
    assert SEVERAL in text and text.count("PD-7") == 1 and "No notice is about a case of your office" in text
    staff = client_as("victim_witness", agency_id=office.flags["desk"])
    for case in (office.matter.case, other):
        assert "on file" not in staff.get(f"/due-notices/{case}").text
        assert _leave_with(database, case) == 0
    detective = client_as("law_enforcement", agency_id=office.flags["law_enforcement"])
    assert SEVERAL in detective.post("/record-notices/by-number", data={"number": "PD-7", "why": "CASE"}).text


@lite
def test_a_number_that_dispatch_gave_its_call_is_not_the_polices(office, keeper, client_as, database):
    other = _second_case(database, office, shared=True)
    with database.system("test: dispatch") as session, session.begin():
        dispatch = Agency(id=random_id(), kind="dispatch", name="911", code="911", zone="America/Los_Angeles")
        session.add(dispatch)
    _reported(database, other, dispatch.id, "25-1234", kind="CALL")
    sent(keeper, office)
    staff = client_as("victim_witness", agency_id=office.flags["desk"])
    assert "Release: on file." in staff.get(f"/due-notices/{office.matter.case}").text
    assert "on file" not in staff.get(f"/due-notices/{other}").text


@lite
def test_a_notice_about_a_case_that_no_prosecutor_has_yet_reaches_the_only_office(office, keeper, client_as, database):
    """Given the police report's case is not with the prosecution yet When somebody says that a record exists Then its
    only office reads it by the number, as one that no case has, and a conflict wall holds there, too."""
    other = _second_case(database, office, shared=False)
    _reported(database, other, office.flags["law_enforcement"], "PD-8")
    sent(keeper, office, number="PD-8")
    prosecutor = client_as("prosecutor", agency_id=office.flags["prosecution"])
    text = prosecutor.get("/record-notices").text
    assert NO_CASE in text and "PD-8" in text and "24-CR-0099" not in text
    with database.system("test: a wall") as session, session.begin():
        person = session.get_one(Case, other).person_id
        session.add(Wall(id=random_id(), user_id=prosecutor.user_id, person_id=person, entered_by_id=1,
                         sealed_why=b"x", agency_id=office.town.office, entered_at=utc_now()))  # fmt: skip
    assert "PD-8" not in prosecutor.get("/record-notices").text
    away = _far(database)
    assert "PD-8" not in client_as("prosecutor", agency_id=away, name="F. Away").get("/record-notices").text


@lite
def test_a_notice_about_no_case_goes_after_the_days_that_the_site_set(office, keeper, database, tmp_path):
    for number in ("25-1234", "25-7777", "none"):
        receipt_in(sent(keeper, office, number=number))
    law = tmp_path / "law.toml"
    law.write_text('[record_notices]\nfrom = 2026-01-01\ndays = 30\ncitation = "Example Code 1"\n')
    numbers = ["25-1234", "25-7777", None]
    for settings, days, left in ((Settings(), 4000, numbers), (Settings(local_law_file=str(law)), 29, numbers),
                                 (Settings(local_law_file=str(law)), 31, ["25-1234"])):  # fmt: skip
        _retention(database, settings, utc_now() + timedelta(days=days))
        with database.system("test: what is left", writes=False) as session:
            rows = session.scalars(select(RecordNotice.number).order_by(RecordNotice.number.nulls_last())).all()
        assert rows == left, days
    law.write_text("[record_notices]\nfrom = 2027-01-01\ndays = 30\n")
    with pytest.raises(LocalLawError):
        local_law(str(law))
    with database.system("test: the trail", writes=False) as session:
        [told] = session.scalars(select(AuditEntry).where(AuditEntry.event == "record_notice.forgotten")).all()
    assert (told.detail, told.subjects) == ({"notices": 2}, [])


def _retention(database, settings, now):
    with database.system("test: the slot") as session, session.begin():
        job_queue.plan(session, "retention", [job_queue.Slot(str(random_id()), now)])
        held = job_queue.claim(session, "test", now, LEASE)
    retention.run(Work(database, settings, held, lambda: now))


@lite
def test_a_detective_says_why_and_the_trail_says_about_which_case(office, keeper, client_as, database):
    """A read of a named case needs a reason (D3); and a look-up by number is a look at that case (D4)."""
    sent(keeper, office)
    detective = client_as("law_enforcement", agency_id=office.flags["law_enforcement"])
    by_number = "/record-notices/by-number"
    for why in ("", "CURIOUS"):
        refused = detective.post(by_number, data={"number": "25-1234", "why": why})
        assert refused.status_code == 422 and "Say why you ask" in refused.text and "record exists;" not in refused.text
    assert SAID in detective.post(by_number, data={"number": "25-1234", "why": "CASE"}).text
    detective.post(by_number, data={"number": "25-4321", "why": "COURT"})
    with database.system("test: the trail", writes=False) as session:
        looks = session.scalars(select(AuditEntry).where(AuditEntry.event == "record_notice.asked")).all()
    told = sorted(((one.detail["reason"], one.detail["found"], one.subjects) for one in looks), key=str)
    assert told == [("CASE", 1, [office.matter.case]), ("COURT", 0, [])]


def _leave_with(database, case):
    with database.system("test: what leaves with a case") as session:
        return sum(
            len(session.execute(select(table).where(condition)).all())
            for table, condition in places(session, session.get_one(Case, case), shared=False)
            if table.name == "record_notice"
        )
