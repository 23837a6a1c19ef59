"""What a clerk orders, takes out and puts back reaches the rules as it was meant: each duty on its own days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.amending import amend
from monitor.bench_page.reading import bench_page
from monitor.clock import local_day, utc_now
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.compliance.loading import load_facts
from monitor.handoffs.strip import strip
from monitor.handoffs.targets import Targets
from monitor.models import Flag, Hearing, OrderVersion, Span
from rules.evaluate import evaluate
from tests.web.conftest import Browser
from tests.web.order_desk import ZONE, Desk
from tests.web.test_order_versions import changed

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PROGRAM = {"ENROLLMENT_PROOF_OVERDUE", "COMPLETION_AT_RISK", "COMPLETION_OVERDUE"}
FIREARM = {"FIREARM_RELINQUISH_OVERDUE", "FIREARM_PROOF_OVERDUE"}
REVIEW = "REVIEW_HEARING_OVERDUE"
UNSENT = ("places", "yards", "allowed", "flag", "firearm_heard", "firearm_related", "firearm_forbids")


def sentenced(desk: Desk, clerk: Browser, **told: Any) -> int:
    answer = clerk.post(desk.path, data=desk.sentence(**told))
    assert answer.status_code == 303, answer.text
    return desk.made("PR-1").id


def altered(desk: Desk, clerk: Browser, order: int, seen: int, *terms: str, **told: Any) -> None:
    form = changed(desk, seen=seen, template="probation_dv", terms=list(terms))
    sent = {name: value for name, value in form.items() if name not in UNSENT} | told
    answer = clerk.post(f"/orders/{order}/change", data=sent)
    assert answer.status_code == 303, answer.text


def foreseen(desk: Desk, order: int) -> dict[str, tuple[datetime, datetime | None]]:
    """By code, since when and until when it would stand if nothing more came in."""
    now = utc_now() + timedelta(minutes=1)
    with desk.database.system("test: what the rules foresee", writes=False) as session:
        facts = load_facts(session, None, now)
    spans = evaluate(facts, switched_on(), now.astimezone(UTC)).filter(pl.col("order") == order)
    assert not (set(spans["certainty"]) & {"CANNOT_EVALUATE"}), spans
    return {code: (begins, ends) for code, begins, ends in spans.select("code", "starts_at", "ends_at").iter_rows()}


def today() -> date:
    return local_day(utc_now(), ZONE)


def test_the_program_taken_out_ends_no_firearm_duty_and_no_review(desk: Desk, clerk: Browser) -> None:
    order = sentenced(desk, clerk)
    before = foreseen(desk, order)
    assert before.keys() >= PROGRAM | FIREARM | {REVIEW}
    altered(desk, clerk, order, 1, "REPORT_TO_PROBATION", "FIREARM_SURRENDER")
    after = foreseen(desk, order)
    assert not PROGRAM & after.keys()
    assert all(after[code] == before[code] for code in FIREARM | {REVIEW})


def test_a_duty_put_back_holds_again(desk: Desk, clerk: Browser) -> None:
    order = sentenced(desk, clerk)
    altered(desk, clerk, order, 1, "REPORT_TO_PROBATION", "BIP")
    assert not FIREARM & foreseen(desk, order).keys()
    altered(desk, clerk, order, 2, "REPORT_TO_PROBATION", "FIREARM_SURRENDER")
    altered(desk, clerk, order, 3, "REPORT_TO_PROBATION", "FIREARM_SURRENDER", "BIP")
    assert foreseen(desk, order).keys() >= PROGRAM | FIREARM | {REVIEW}


def test_the_clerks_last_day_ends_every_duty_and_an_extension_moves_it(desk: Desk, clerk: Browser) -> None:
    first, later = today() + timedelta(days=364), today() + timedelta(days=500)
    terms = ("BIP", "REPORT_TO_PROBATION", "FIREARM_SURRENDER")
    order = sentenced(desk, clerk, ends_on=str(first))
    found = foreseen(desk, order)
    assert "COMPLETION_OVERDUE" not in found
    assert {local_day(ends, ZONE) for _, ends in found.values() if ends} == {first + timedelta(days=1)}
    altered(desk, clerk, order, 1, *terms, ends_on=str(later))
    changes = {one.version_no: one.change for one in desk.rows(OrderVersion, OrderVersion.order_id == order)}
    assert changes == {1: "NEW", 2: "EXTENDED"}
    ends = {local_day(ends, ZONE) for _, ends in foreseen(desk, order).values() if ends}
    assert ends == {later + timedelta(days=1)}


def test_a_duty_added_later_runs_from_its_own_day(desk: Desk, clerk: Browser) -> None:
    back = today() - timedelta(days=25)
    order = sentenced(desk, clerk, terms=["TESTING"], issued_on=str(back), review_on="", review_at="",
                      no_review="NOT_MONITORED", program="", notice="TOLD")  # fmt: skip
    assert not (PROGRAM | FIREARM) & foreseen(desk, order).keys(), "testing alone is no program"
    altered(desk, clerk, order, 1, "TESTING", "BIP", "FIREARM_SURRENDER", notice="SERVED")
    found = foreseen(desk, order)
    assert found.keys() >= PROGRAM | FIREARM
    assert local_day(found["ENROLLMENT_PROOF_OVERDUE"][0], ZONE) > today() + timedelta(days=28)
    assert min(found[code][0] for code in FIREARM) > utc_now() + timedelta(hours=12)
    evaluate_now(desk.database, switched_on(), utc_now() + timedelta(minutes=1))
    accused = {one.code for one in desk.rows(Span, Span.order_id == order, Span.starts_at <= utc_now())}
    assert not (PROGRAM | FIREARM) & accused, "on the day a duty is added nobody is late"


def test_where_the_clerk_says_why_there_is_no_review_no_review_is_late(desk: Desk, clerk: Browser) -> None:
    order = sentenced(desk, clerk, review_on="", review_at="", no_review="TRANSFERRED")
    found = foreseen(desk, order)
    assert REVIEW not in found and found.keys() >= FIREARM
    altered(desk, clerk, order, 1, "REPORT_TO_PROBATION", "BIP")
    assert REVIEW not in foreseen(desk, order), "a change of something else sets no review"


def test_nobody_is_said_to_be_free_or_in_custody_unless_the_clerk_said_so(desk: Desk, clerk: Browser) -> None:
    order = sentenced(desk, clerk)
    found = foreseen(desk, order)
    assert "FIREARM_FORM_OVERDUE" not in found and "INPUT_MISSING" in found, "which of two limits holds is asked for"


def test_a_review_that_a_later_change_leaves_out_is_late_against_the_court_and_never_against_the_person(
    desk: Desk, clerk: Browser
) -> None:
    """Ordered, its term dropped from the text, its date off the calendar: the court's lapse."""
    order = sentenced(desk, clerk)
    before = foreseen(desk, order)[REVIEW]
    altered(desk, clerk, order, 1, "BIP", "FIREARM_SURRENDER")
    assert foreseen(desk, order)[REVIEW] == before, "the clock of the court goes on, and no day of it moves"
    with desk.database.system("test: off the calendar") as session, session.begin():
        for one in session.scalars(select(Hearing).where(Hearing.outcome.is_(None), Hearing.starts_at > utc_now())):
            amend(session, one, utc_now(), outcome="OFF_CALENDAR", resulted_at=utc_now())
    evaluate_now(desk.database, switched_on(), utc_now() + timedelta(days=45))
    found = desk.rows(Flag, Flag.code == REVIEW)
    assert [one.owner for one in found] == ["court"]
    assert not [one for one in desk.rows(Flag, Flag.owner == "offender") if "REVIEW" in one.code]
    with desk.database.scoped(Scope(1, "clerk", desk.town.town.court_agency)) as session:
        told = strip(session, desk.matter.case, Targets(), utc_now() + timedelta(days=45))
    assert [one.late for one in told.ours if one.owes == "Hold the first review"] == [True]
    with desk.database.scoped(Scope(1, "judge", desk.town.town.court_agency)) as session:
        page = bench_page(session, desk.hearing, utc_now() + timedelta(days=45))
    assert page is not None and not any("review" in line.title.lower() for line in page.conditions)
    assert not any("eview" in line for line in page.alleged_lines), "nothing of it is said of the person"


def test_only_where_the_clerk_says_why_do_reviews_end_with_a_change(desk: Desk, clerk: Browser) -> None:
    order = sentenced(desk, clerk)
    form = changed(desk, seen=1, template="probation_dv", terms=["BIP", "REPORT_TO_PROBATION"])
    wrong = {name: value for name, value in form.items() if name not in UNSENT} | {"no_review": "TIRED"}
    assert "reviews go on" in clerk.post(f"/orders/{order}/change", data=wrong).text
    altered(desk, clerk, order, 1, "BIP", "REPORT_TO_PROBATION", no_review="TRANSFERRED")
    assert REVIEW not in foreseen(desk, order)
    assert "The court reviews no more: " in clerk.get(f"/orders/{order}").text
