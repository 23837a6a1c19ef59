"""The court's own delays: which are rules with owner court, and where the others stand against the court."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import delete, update

import rules.packs
from monitor.access.scope import Scope
from monitor.clock import local_day, utc_now
from monitor.compliance.loading import load_facts
from monitor.db import Database
from monitor.docket import docket
from monitor.handoffs.reading import warrants
from monitor.handoffs.strip import Strip, strip
from monitor.handoffs.targets import Targets
from monitor.models import Court, Dirty, Hearing, Order, OrderStep, Pause, PolicyTerm
from rules.catalogue import CATALOGUE, OURS, PLACES
from rules.evaluate import evaluate, read_spans
from tests.monitor.court_town import CourtTown, add_case, build_court_town, fact
from tests.office import take_over
from tests.web.conftest import Browser
from tests.web.order_desk import ZONE, Desk
from tests.web.test_order_steps import number
from tests.web.test_order_versions import changed

lite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = datetime(2026, 3, 9, 15, 40, tzinfo=UTC)
ENTRY = "Confirm the entry in the registry"


def test_of_the_courts_clocks_three_are_of_the_shared_catalogue_and_two_are_ours() -> None:
    """Each is told of in docs/court.md, *The court's own clocks*."""
    for code in ("REVIEW_HEARING_OVERDUE", "REPORT_UNANSWERED", "SERVICE_NOT_SHOWN", *OURS):
        assert CATALOGUE[code].owner == "court" and CATALOGUE[code].response_class == "none"
    like = {code for code in CATALOGUE if any(word in code for word in ("WARRANT", "REGISTRY", "MODIF", "TERMS"))}
    assert like == {"WARRANT_ACTIVE", *OURS}
    assert CATALOGUE["WARRANT_ACTIVE"].owner == "offender", "that a warrant is out is no delay of the court's"


@pytest.mark.parametrize("code", sorted(OURS))
def test_no_pack_holds_a_number_for_a_code_of_ours_so_it_sleeps_until_a_court_sets_its_own(code: str) -> None:
    """No law was read that sets one: a number in a pack would be invented law."""
    files = sorted((Path(rules.__file__).parent / "packs").glob(f"*/{code.lower()}.yaml"))
    assert [file.parent.name for file in files] == ["base"]
    assert "values:" not in files[0].read_text("utf-8")


def test_a_code_of_ours_moves_the_place_of_no_shared_code() -> None:
    """The place is part of the keys by which decisions outlive new evidence."""
    shared = sorted(set(CATALOGUE) - OURS)
    assert [PLACES[code] for code in shared] == list(range(len(shared)))


def strip_of(desk: Desk) -> Strip:
    scope = Scope(1, "clerk", desk.town.town.court_agency)
    with desk.database.scoped(scope) as session:
        found = strip(session, desk.matter.case, Targets(), utc_now())
    assert found is not None
    return found


def entries(desk: Desk) -> list[bool]:
    """Of the registry's clocks that the court reads as its own, whether each is late."""
    return [link.late for link in strip_of(desk).ours if link.owes == ENTRY]


@lite
def test_changed_terms_that_are_not_yet_entered_stand_as_the_courts_own_delay_until_they_are(
    desk: Desk, clerk: Browser
) -> None:
    assert clerk.post(desk.path, data=desk.form()).status_code == 303
    order = desk.made()
    clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order))
    assert entries(desk) == []
    assert clerk.post(f"/orders/{order.id}/change", data=changed(desk, yards="300", notice="NONE")).status_code == 303
    assert entries(desk) == [False], "same day: it runs, and is not late yet"
    clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order, "H777"))
    assert entries(desk) == []


@lite
def test_changed_terms_that_wait_past_their_day_are_counted_on_the_docket_and_marked_on_the_clerks_list(
    desk: Desk, clerk: Browser
) -> None:
    """Whether or not the court has set a number of days for a rule: it counts them itself, on each docket."""
    assert clerk.post(desk.path, data=desk.form()).status_code == 303
    order = desk.made()
    clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order))
    assert clerk.post(f"/orders/{order.id}/change", data=changed(desk, yards="300", notice="NONE")).status_code == 303
    assert "end of their day: 0</li>" in docket_of(desk, clerk), "same day: it runs, and is not late yet"
    with desk.database.system("test: a day ago") as session, session.begin():
        session.execute(
            update(OrderStep).where(OrderStep.action == "MODIFY").values(occurred_at=utc_now() - timedelta(days=1))
        )
    assert "end of their day: 1 (changed terms 1)</li>" in docket_of(desk, clerk)
    for how, told in (("TAKEN_BACK", "1</li>"), (None, "1 (changed terms 1)</li>")):
        with desk.database.system("test: a service that was taken back") as session, session.begin():
            session.execute(update(OrderStep).where(OrderStep.action == "MODIFY").values(how=how))
        assert f"end of their day: {told}" in docket_of(desk, clerk), "that is no change of a term"
    listed = clerk.get("/orders/waiting").text
    assert "past the end of its day" in listed and "Change the entry" in listed
    clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order, "H777"))
    assert "end of their day: 0</li>" in docket_of(desk, clerk)
    assert "past the end of its day" not in clerk.get("/orders/waiting").text


def not_entered(desk: Desk, asks: Scope | None = None) -> list[tuple[str, str, date]]:
    """Owner, source of the number and first day of what the rules have open now about changed terms."""
    now, database = utc_now(), desk.database
    with database.scoped(asks) if asks else database.system("test: what the rules say", writes=False) as session:
        facts = load_facts(session, [desk.matter.case])
    spans = read_spans(evaluate(facts, rules.packs.load(), now), now)
    return list(spans.filter(pl.col("code") == "TERMS_NOT_ENTERED").select("owner", "basis", "first_on").iter_rows())


def set_days(desk: Desk, term: str, days: int | str) -> None:
    town = desk.town.town
    with desk.database.system("test: the court's own policy") as session, session.begin():
        session.add(PolicyTerm(
            agency_id=town.court_agency, court_id=town.court, term=term, value={"value": days},
            from_on=local_day(utc_now(), ZONE) - timedelta(days=400), citation="standing order 12",
            recorded_at=utc_now() - timedelta(days=1),
        ))  # fmt: skip


def changed_three_days_ago(desk: Desk, clerk: Browser) -> tuple[Order, datetime]:
    """An order that was entered, and whose change since then was not; and when that was."""
    assert clerk.post(desk.path, data=desk.form()).status_code == 303
    order = desk.made()
    clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order))
    assert clerk.post(f"/orders/{order.id}/change", data=changed(desk, yards="300", notice="NONE")).status_code == 303
    with desk.database.system("test: three days ago") as session, session.begin():
        since = utc_now() - timedelta(days=3)
        session.execute(update(OrderStep).where(OrderStep.action == "MODIFY").values(occurred_at=since))
    return order, since


def test_once_the_court_has_set_its_own_days_a_change_not_entered_is_a_question_to_the_court_until_it_is(
    desk: Desk, clerk: Browser
) -> None:
    """Since the signing, also when the number that had ended the wait is taken back."""
    order, since = changed_three_days_ago(desk, clerk)
    assert not_entered(desk) == [], "no day is set: nothing is late before the court says so"
    set_days(desk, "order.entry_max", 1)
    late = [("court", "local_policy", local_day(since, ZONE) + timedelta(days=2))]
    assert not_entered(desk) == late
    clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order, "H777"))
    assert not_entered(desk) == []
    [step] = [one for one in desk.rows(OrderStep) if one.registry_number == "H777"]
    back = clerk.post(f"/orders/{order.id}/entered/take-back", data={"step": str(step.id), "why": "OTHER_ORDER"})
    assert back.status_code == 303
    assert not_entered(desk) == late


def test_an_office_that_looks_back_is_told_of_changed_terms_that_waited_as_they_stood(
    desk: Desk, clerk: Browser, client_as: Callable[..., Browser]
) -> None:
    """It reads no step of an order: the rules read them for it, of the orders that it sees and of no other."""
    _order, since = changed_three_days_ago(desk, clerk)
    set_days(desk, "order.entry_max", 1)
    at = utc_now()
    office = Scope(1, "officer", desk.town.town.office)
    stood = [("court", "local_policy", local_day(since, ZONE) + timedelta(days=2))]
    assert not_entered(desk) == not_entered(desk, office) == stood
    officer = take_over(desk.database, client_as("officer", agency_id=desk.town.town.office))
    told = officer.get(
        f"/people/{desk.matter.person}/compliance", params={"known_at": at.isoformat(), "case": str(desk.matter.case)}
    )
    assert told.status_code == 200 and "Changed terms not in the registry (the court)" in told.text
    assert not_entered(desk, Scope(1, "officer", desk.far.office)) == [], "an office that does not have the case"


def test_who_decides_on_absences_is_asked_by_intake_and_no_term_that_the_rules_would_not_know(desk: Desk) -> None:
    set_days(desk, "adjudication.by", "program")
    set_days(desk, "bip.no_such_term", 1)
    with desk.database.system("test: what the rules read", writes=False) as session:
        facts = load_facts(session, [desk.matter.case])
    spans = evaluate(facts, rules.packs.load(), utc_now())
    told = spans.filter(pl.col("certainty").cast(pl.String) == "CANNOT_EVALUATE")
    assert told.get_column("note").to_list() == ["terms.bip.no_such_term"]


def test_what_waits_for_the_registry_is_looked_at_anew_with_the_number(desk: Desk, clerk: Browser) -> None:
    """A number alone is no new version of the order: without its own mark the flag would stand for ever."""
    assert clerk.post(desk.path, data=desk.form()).status_code == 303
    order = desk.made()
    with desk.database.system("test: all is evaluated") as session, session.begin():
        session.execute(delete(Dirty))
    clerk.post(f"/orders/{order.id}/entered", data=number(clerk, order))
    assert {one.case_id for one in desk.rows(Dirty)} == {desk.matter.case}


def docket_of(desk: Desk, clerk: Browser) -> str:
    [heard] = desk.rows(Hearing, Hearing.id == desk.hearing)
    [court] = desk.rows(Court, Court.id == heard.court_id)
    told = clerk.get(f"/dockets/{court.code}/{local_day(heard.starts_at, court.zone)}").text
    assert "The court's own clock" in told
    return told


@lite
def test_a_warrant_is_old_from_the_thirty_first_day_on_the_docket_and_waits_in_the_measure_from_its_first(
    database: Database,
) -> None:
    town = build_court_town(database, NOW, cases=False)
    add_case(town, "1", "A", classes="yy")
    since = town.today - timedelta(days=30)
    with database.system("test: a warrant") as session, session.begin():
        fact(session, town, Pause, town.cases[0], since, kind="WARRANT", starts_on=since)
    assert old(town) == "Warrants older than 30 days: 0"
    with database.system("test: a day more") as session, session.begin():
        session.execute(update(Pause).values(starts_on=since - timedelta(days=1)))
        session.flush()
        [gap] = warrants(session, frozenset({town.cases[0]}), NOW)
    assert old(town) == "Warrants older than 30 days: 1"
    assert gap.measure == "M15" and gap.open(NOW)


def old(town: CourtTown) -> str:
    with town.bench() as session:
        found = docket(session, town.court_code, town.day, town.now)
    assert found is not None
    return found.strip[3]


def too_long(town: CourtTown, case: int) -> list[tuple[str, str, datetime]]:
    """Owner, source of the number and first instant of what the rules say of an old warrant in a case."""
    with town.database.system("test: what the rules foresee", writes=False) as session:
        facts = load_facts(session, None, town.now)
    spans = evaluate(facts, rules.packs.load(), town.now)
    found = spans.filter((pl.col("code") == "WARRANT_OUT_TOO_LONG") & (pl.col("person") == case))
    return list(found.select("owner", "basis", "starts_at").iter_rows())


@lite
def test_once_the_court_has_set_its_own_number_an_old_warrant_is_a_question_to_the_court_and_before_to_nobody(
    database: Database,
) -> None:
    town = build_court_town(database, NOW, cases=False)
    add_case(town, "1", "A", classes="yyyyyy")
    [case] = town.cases
    since = town.today - timedelta(days=31)
    with database.system("test: a warrant") as session, session.begin():
        fact(session, town, Pause, case, since, kind="WARRANT", starts_on=since)
    assert too_long(town, case) == []
    with database.system("test: the court's own policy") as session, session.begin():
        session.add(PolicyTerm(
            agency_id=town.court_agency, court_id=town.court, term="warrant.out_max", value={"value": 30},
            from_on=town.today - timedelta(days=400), citation="standing order 12", recorded_at=town.now - timedelta(1),
        ))  # fmt: skip
    [(owner, basis, starts_at)] = too_long(town, case)
    assert (owner, basis) == ("court", "local_policy")
    assert local_day(starts_at.replace(tzinfo=UTC), "America/Los_Angeles") == town.today
