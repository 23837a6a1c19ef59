"""The clerk makes an order from a template: checked, printed, put on record once signed, and read at once by others."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pypdf
import pytest
from litestar import Litestar

from monitor.clock import local_day, utc_now
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.compliance.loading import load_facts
from monitor.config import Settings
from monitor.local_law import LocalLaw
from monitor.models import (
    Condition,
    Court,
    Flag,
    Hearing,
    Order,
    OrderSheet,
    OrderVersion,
    Outbox,
    ProtectedParty,
    Requirement,
    Service,
)
from monitor.models.base import random_id
from monitor.party_names import seal_name
from tests.web.conftest import Browser
from tests.web.order_desk import FAMILY, GIVEN, ZONE, Desk, words_of


def test_a_signed_order_is_read_by_dispatch_at_once_with_its_exception_first(
    desk: Desk, clerk: Browser, client_as: Callable[..., Browser]
) -> None:
    dispatch = client_as("dispatch")
    ask = {"words": "PO-777", "format": "text"}
    assert "NO MATCH" in dispatch.post("/verify", data=ask).text
    saved = clerk.post(desk.path, data=desk.form())
    assert saved.status_code == 303, saved.text
    said = re.sub(r"\s+", " ", dispatch.post("/verify", data=ask).text)
    assert said.startswith("ACTIVE, NOT SERVED") and "contact in any way (05)" in said
    assert "hand over a child, at a police station, at the times in the order" in said
    assert "officer may serve it" in said, "telling the person is notice, and not service"
    assert FAMILY not in said


def test_nothing_is_on_record_before_the_judge_has_signed(desk: Desk, clerk: Browser) -> None:
    before = len(desk.rows(Order))
    shown = clerk.post(f"{desk.path}/check", data=desk.form())
    assert shown.status_code == 200 and "Complete" in shown.text
    assert "may not assault" in shown.text and "The court allows nevertheless: hand over a child" in shown.text
    paper = clerk.post(f"{desk.path}/paper", data=desk.form())
    assert paper.headers["content-type"] == "application/pdf"
    said = words_of(paper.content)
    assert "TO BE SIGNED" in said and f"{GIVEN} {FAMILY}" in said and "150 yards" in said and "18 U.S.C. 2265" in said
    assert len(desk.rows(Order)) == before and desk.rows(ProtectedParty) == [] and desk.rows(OrderSheet) == []


def test_the_first_page_holds_who_what_until_when_and_the_warnings_and_is_tagged(desk: Desk, clerk: Browser) -> None:
    paper = clerk.post(f"{desk.path}/paper", data=desk.form())
    reader = pypdf.PdfReader(io.BytesIO(paper.content))
    first = re.sub(r"\s+", " ", reader.pages[0].extract_text())
    for told in ("PROTECTED PERSON", "RESPONDENT", "Bell, Marcus", "PO-777", "CAUTION", "The court orders",
                 "until the end of", "Warnings to the respondent", "922(g)(8)", "Except:"):  # fmt: skip
        assert told in first, told
    assert len(reader.pages) == 2 and reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_the_protected_name_is_sealed_on_no_page_and_on_the_clerks_paper_alone(
    desk: Desk, clerk: Browser, client_as: Callable[..., Browser]
) -> None:
    clerk.post(desk.path, data=desk.form())
    order = desk.made()
    (party,) = desk.rows(ProtectedParty)
    assert order.protected_party_id == party.id and FAMILY.encode() not in party.sealed_name
    judge = client_as("judge", agency_id=desk.town.town.court_agency)
    for browser in (clerk, judge):
        for path in (desk.path, f"/orders/{order.id}", f"/hearings/{desk.hearing}"):
            shown = browser.get(path)
            assert shown.status_code == 200 and FAMILY not in shown.text, path
    assert f"{GIVEN} {FAMILY}" in words_of(clerk.get(f"/orders/{order.id}/paper").content)
    assert judge.get(f"/orders/{order.id}/paper").status_code == 403


@pytest.mark.parametrize(("given", "family", "said"), [
    ("Ana", "Quiroz Vega", {"Quiroz, Ana": "YES", "Ana Quiroz": "YES", "Vega, Ana": "YES", "Ana Quiroz Vega": "YES"}),
    ("Pat", "Smith-Jones", {"Smith, Pat": "YES", "Pat Jones": "YES", "Lee, Pat": "NO"}),
    ("Ann", "Wexcombe, Jr.", {"Wexcombe, Ann": "YES", "Ann Wexcombe Jr": "YES"}), ("-", "Suryati", {"Suryati": "YES"}),
])  # fmt: skip
def test_a_caller_is_matched_by_each_last_name_of_an_order_that_the_form_made_and_its_papers_read_as_before(
    desk: Desk, clerk: Browser, client_as: Callable[..., Browser], given: str, family: str, said: dict[str, str]
) -> None:
    told = desk.form(given=given, family=family)
    printed = " ".join(f"{given} {family}".replace("-  ", "").replace("- ", "").replace(",", "").split())
    assert printed in words_of(clerk.post(f"{desk.path}/paper", data=told).content)
    assert clerk.post(desk.path, data=told).status_code == 303
    order = desk.made()
    assert printed in words_of(clerk.get(f"/orders/{order.id}/paper").content)
    packet = clerk.get(f"/orders/{order.id}/packet?format=json").json()
    assert packet["fields"]["PPN"] == printed.upper()
    dispatch = client_as("dispatch")
    for caller, found in said.items():
        text = dispatch.post("/verify/caller", data={"words": "PO-777", "caller": caller, "format": "json"}).json()
        assert text["caller"] == found, caller


def test_a_second_order_takes_the_protected_person_from_the_case_without_typing_the_name(
    desk: Desk, clerk: Browser
) -> None:
    clerk.post(desk.path, data=desk.form())
    party = desk.made().protected_party_id
    form = clerk.get(f"{desk.path}/new?template=emergency_protective").text
    assert "The one on Criminal no-contact order PO-777" in form and FAMILY not in form
    told = desk.form("emergency_protective", number="PO-778", party=str(party), given="", family="", allowed=[],
                     firearm_heard="N", flag="N")  # fmt: skip
    assert f"{GIVEN} {FAMILY}" in words_of(clerk.post(f"{desk.path}/paper", data=told).content)
    assert clerk.post(desk.path, data=told).status_code == 303
    assert desk.made("PO-778").protected_party_id == party and len(desk.rows(ProtectedParty)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_form_never_asks_a_sealed_name_out_of_another_case(
    desk: Desk, clerk: Browser, settings: Settings
) -> None:
    theirs = random_id()
    with desk.database.system("test: somebody of another court") as session, session.begin():
        sealed = seal_name(settings.secret_key, theirs, "Zenobia Elsewhere")
        session.add(ProtectedParty(id=theirs, agency_id=desk.far.court_agency, sealed_name=sealed))
    for party in (theirs, random_id(), "0", "-1", "somebody"):
        for path in (f"{desk.path}/paper", desk.path):
            answer = clerk.post(path, data=desk.form(party=str(party)))
            assert answer.status_code == 422 and "whom an order of this case names" in answer.text, party
    assert len(desk.rows(ProtectedParty)) == 1 and not desk.rows(Order, Order.number == "PO-777")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_sentence_reads_each_term_exception_and_end_aloud(desk: Desk, clerk: Browser) -> None:
    """Before it is signed, on paper and once on record: whom it binds, each term, what is allowed, until when."""
    told = desk.form(terms=["01", "04", "05", "07"])
    checked = clerk.post(f"{desk.path}/check", data=told).text
    paper = words_of(clerk.post(f"{desk.path}/paper", data=told).content)
    clerk.post(desk.path, data=told)
    kept = clerk.get(f"/orders/{desk.made().id}").text
    for said in (re.sub(r"<[^>]+>", " ", checked), paper, re.sub(r"<[^>]+>", " ", kept)):
        reads = " ".join(said.split())
        at = [reads.find(words) for words in (
            "Marcus Bell may not assault", "150 yards", "The court allows nevertheless: hand over a child", "Until ",
        )]  # fmt: skip
        assert -1 not in at and at[0] < at[2], at
    assert "must" in clerk.post(f"{desk.path}/check", data=desk.sentence()).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_paper_to_sign_and_the_record_name_the_same_person(desk: Desk, clerk: Browser) -> None:
    clerk.post(desk.path, data=desk.form())
    party = str(desk.made().protected_party_id)
    both = desk.form(number="PO-778", party=party, given="Ottoline", family="Wexcombe")
    for path in (f"{desk.path}/paper", desk.path):
        assert "take the name away" in clerk.post(path, data=both).text
    new = both | {"party": "new"}
    assert "Ottoline Wexcombe" in words_of(clerk.post(f"{desk.path}/paper", data=new).content)
    clerk.post(desk.path, data=new)
    on_record = clerk.get(f"/orders/{desk.made('PO-778').id}/paper").content
    assert "Ottoline Wexcombe" in words_of(on_record) and FAMILY not in words_of(on_record)
    plain = desk.sentence(number="PR-9", given="Ottoline", family="Wexcombe", party=party)
    assert "Wexcombe" not in words_of(clerk.post(f"{desk.path}/paper", data=plain).content)


def test_a_sentence_refers_to_the_program_sets_the_review_and_gives_the_rules_their_duties(
    desk: Desk, clerk: Browser, client_as: Callable[..., Browser]
) -> None:
    assert clerk.post(desk.path, data=desk.sentence()).status_code == 303
    order = desk.made("PR-1")
    duties = {one.kind: one.terms for one in desk.rows(Requirement, Requirement.order_id == order.id)}
    assert duties == {"bip": {}, "review": {"hearing.review_within_days": 30}, "firearm_surrender": {}}
    assert [one.method for one in desk.rows(Service, Service.order_id == order.id)] == ["IN_COURT"]
    (review,) = desk.rows(Hearing, Hearing.outcome.is_(None), Hearing.starts_at > utc_now())
    assert review.kind == "COMPLIANCE_REVIEW" and local_day(review.starts_at, ZONE) == desk.review
    program = client_as("program", agency_id=desk.far.program_agency)
    assert "New referrals, 1" in program.get("/enrollments").text
    assert desk.town.officer in {one.recipient_id for one in desk.rows(Outbox)}
    with desk.database.system("test: what the rules read", writes=False) as session:
        facts = load_facts(session, None, utc_now() + timedelta(minutes=1))
    told = {row["order"]: row for row in facts.orders.to_dicts()}[order.id]
    assert told["term_months"] == 36 and told["granted_on"] == local_day(utc_now(), ZONE)
    assert told["conditions"] == ["bip", "firearm_surrender", "review"] and told["served_at"] is not None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_courts_own_clock_runs_on_an_order_whose_review_nobody_holds(desk: Desk, clerk: Browser) -> None:
    clerk.post(desk.path, data=desk.sentence())
    evaluate_now(desk.database, switched_on(), utc_now() + timedelta(days=45))
    (late,) = desk.rows(Flag, Flag.code == "REVIEW_HEARING_OVERDUE")
    assert late.owner.lower() == "court"


def test_a_protective_order_controls_acts_as_the_rules_read_it(desk: Desk, clerk: Browser) -> None:
    clerk.post(desk.path, data=desk.form())
    order = desk.made()
    with desk.database.system("test: what the rules read", writes=False) as session:
        facts = load_facts(session, None, utc_now() + timedelta(minutes=1))
    assert order.id not in facts.orders["order"].to_list()
    (told,) = [row for row in facts.order_events.to_dicts() if row["order"] == order.id]
    assert (told["contact_terms"], told["stay_away"], told["exceptions"]) == ("no_contact", True, ["child_exchange"])


WRONG = [
    ({"judge": ""}, "Choose the judge"), ({"given": ""}, "protected person&#39;s name"),
    ({"terms": []}, "at least one"),
    ({"yards": "far"}, "in yards"), ({"places": []}, "kinds of places"), ({"allowed": ["04-0"]}, "not ticked"),
    ({"issued_on": "1/2/2020"}, "day of signing"), ({"ends_on": ""}, "last day"),
    ({"ends_on": "1/2/2020"}, "comes after"),
    ({"firearm_heard": ""}, "yes, no or unknown"), ({"flag": ""}, "Proposed: Yes"),
    ({"firearm_related": "U"}, "Yes needs all three"), ({"notice": ""}, "handed over"),
    ({"number": ""}, "number of the order"),
    ({"review_on": ""}, "within 30 days"), ({"review_at": "noonish"}, "day and hour"),
    ({"no_review": "NOT_MONITORED"}, "leave this empty"), ({"words": "Also pay."}, "Tick 08"),
    ({"terms": ["08"], "words": "Stay off 4417 Quandary Street", "allowed": []}, "Leave out where"),
    ({"terms": ["08"], "words": "", "allowed": []}, "Write the further term"),
]  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_missing_or_cannot_be_is_said_at_its_field_and_nothing_is_kept(desk: Desk, clerk: Browser) -> None:
    before = len(desk.rows(Order))
    for told, words in WRONG:
        answer = clerk.post(desk.path, data=desk.form(**told))
        assert answer.status_code == 422 and words in answer.text, (told, words)
        assert clerk.post(f"{desk.path}/check", data=desk.form(**told)).status_code == 422
    assert len(desk.rows(Order)) == before and desk.rows(ProtectedParty) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_review_date_is_within_thirty_days_and_on_a_court_day_or_there_is_a_reason(
    desk: Desk, clerk: Browser
) -> None:
    late, sunday = desk.review + timedelta(days=21), desk.review + timedelta(days=6 - desk.review.weekday())
    for day, words in ((late, "comes within 30 days"), (sunday, "closed on that day")):
        answer = clerk.post(desk.path, data=desk.form(review_on=str(day)))
        assert answer.status_code == 422 and words in answer.text
    reason = desk.form(review_on="", review_at="", no_review="OTHER_DOCKET")
    assert clerk.post(desk.path, data=reason).status_code == 303
    (sheet,) = desk.rows(OrderSheet)
    assert sheet.no_review_why == "OTHER_DOCKET"
    assert not desk.rows(Hearing, Hearing.starts_at > utc_now())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_order_without_the_other_side_proposes_no_and_refuses_yes(desk: Desk, clerk: Browser) -> None:
    path = f"{desk.path}/new?template=emergency_protective"
    assert "Proposed: No" in clerk.get(path).text
    told = desk.form("emergency_protective", allowed=[], firearm_heard="Y")
    assert "no hearing with notice was held" in clerk.post(desk.path, data=told).text
    assert desk.rows(ProtectedParty) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_form_of_a_standard_order_asks_for_eighteen_fields_or_fewer_and_none_twice(
    desk: Desk, clerk: Browser
) -> None:
    for template in ("criminal_no_contact_ca", "probation_dv", "civil_protection", "emergency_protective"):
        form = clerk.get(f"{desk.path}/new?template={template}").text
        main = form.partition("<h1>")[2]
        required = {re.search(r'name="(\w+)"', tag)[1] for tag in re.findall(r"<(?:input|select)[^>]* required[^>]*>", main)}  # type: ignore[index]  # noqa: E501
        asked = required | {"terms", "places", "review_on", "review_at"}
        assert len(asked) <= 18, asked
        assert "Bell, Marcus" in main and 'name="respondent"' not in main and 'name="case"' not in main
        if template == "probation_dv":
            assert not {"given", "family", "flag", "yards"} & set(re.findall(r'name="(\w+)"', main))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_order_is_made_of_a_template_from_memory_that_the_court_has_not_confirmed(
    desk: Desk, clerk: Browser, app: Litestar
) -> None:
    confirmed = clerk.get(desk.path).text
    assert "Confirmed by A. Lawyer, of the tests" in confirmed and "not confirmed by this court" not in confirmed
    app.state.site = msgspec.structs.replace(app.state.site, law=LocalLaw())
    listed = clerk.get(desk.path).text
    assert "Civil protection order, after a hearing, not confirmed by this court" in listed
    assert "template=civil_protection" not in listed and "template=criminal_no_contact_ca" in listed
    told = desk.form("civil_protection", allowed=[])
    assert clerk.get(f"{desk.path}/new?template=civil_protection").status_code == 404
    for path in (f"{desk.path}/check", f"{desk.path}/paper", desk.path):
        assert clerk.post(path, data=told).status_code == 404, path
    assert not desk.rows(Order, Order.number == "PO-777")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_warnings_from_memory_are_printed_only_once_the_court_has_confirmed_them(
    desk: Desk, clerk: Browser, app: Litestar
) -> None:
    app.state.site = msgspec.structs.replace(app.state.site, law=LocalLaw())
    said = words_of(clerk.post(f"{desk.path}/paper", data=desk.form()).content)
    assert "2265" not in said and "922(g)" not in said and "Only the court can change this order." in said
    assert "printed without them" in clerk.get(f"{desk.path}/new?template=criminal_no_contact_ca").text
    clerk.post(desk.path, data=desk.form())
    assert "2265" not in words_of(clerk.get(f"/orders/{desk.made().id}/paper").content)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_orders_that_hold_at_once_are_shown_with_which_prevails_or_as_an_open_question(
    desk: Desk, clerk: Browser
) -> None:
    clerk.post(desk.path, data=desk.form())
    assert "orders hold at once" not in clerk.get(desk.path).text
    emergency = desk.form("emergency_protective", number="PO-778", allowed=[], firearm_heard="N", flag="N")
    clerk.post(desk.path, data=emergency)
    text = clerk.get(desk.path).text
    assert "2 orders hold at once" in text and "Pen. Code 136.2" in text
    assert "Emergency protective order PO-778" in text.partition("Where their terms differ, ")[2][:60], (
        "it is the stricter one: without an exception"
    )
    with desk.database.system("test: a court without a law of it") as session, session.begin():
        session.get_one(Court, desk.town.town.court).pack = "us_ga"
    text = clerk.get(desk.path).text
    assert "Open question" in text and "prevails: Pen" not in text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_which_order_prevails_goes_by_the_day_of_signing_and_not_by_when_it_was_entered(
    desk: Desk, clerk: Browser
) -> None:
    clerk.post(desk.path, data=desk.form(number="SECOND"))
    earlier = str(local_day(utc_now(), ZONE) - timedelta(days=10))
    clerk.post(desk.path, data=desk.form(number="FIRST", issued_on=earlier))
    text = clerk.get(desk.path).text
    assert " FIRST (" in text.partition("Where their terms differ, ")[2][:60], "the law takes the earliest"
    clerk.post(desk.path, data=desk.form(number="ALIKE", issued_on=earlier))
    assert "does not tell them apart by the day of signing" in clerk.get(desk.path).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ["judge", "officer", "program", "prosecutor", "administrator", "dispatch"])
def test_only_court_staff_make_orders(desk: Desk, client_as: Callable[..., Browser], role: str) -> None:
    agency = desk.town.town.court_agency if role == "judge" else None
    browser = client_as(role, agency_id=agency)
    assert browser.post(desk.path, data=desk.form()).status_code == 403
    assert browser.post(f"{desk.path}/paper", data=desk.form()).status_code == 403
    shown = browser.get(desk.path)
    assert shown.status_code == (200 if role == "judge" else 403)
    assert "/orders/new" not in shown.text, "no link to a form that answers: this page is for other roles"
    assert desk.rows(ProtectedParty) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_court_finds_no_such_case_and_no_such_order(desk: Desk, clerk: Browser, client_as: Any) -> None:
    clerk.post(desk.path, data=desk.form())
    order = desk.made().id
    stranger = client_as("clerk", agency_id=desk.far.court_agency)
    for path in (desk.path, f"/orders/{order}", f"/orders/{order}/paper", "/orders/5"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(desk.path, data=desk.form()).status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_order_that_was_not_made_here_shows_as_it_is_on_record(desk: Desk, clerk: Browser) -> None:
    text = clerk.get(f"/orders/{desk.matter.order}").text
    assert "Probation order" in text and "In force, served" in text and "First version" in text
    assert desk.rows(OrderVersion, OrderVersion.order_id == desk.matter.order)
    assert desk.rows(Condition, Condition.case_id == desk.matter.case) is not None
