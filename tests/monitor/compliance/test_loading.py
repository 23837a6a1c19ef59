"""The record laid before the rules: every frame fits its schema, knows both axes, and stays inside its case."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from sqlalchemy.types import NullType

from monitor.clock import local_day
from monitor.compliance.loading import load_facts
from monitor.compliance.sources import sources
from monitor.db import Database
from monitor.models import Condition, County, Court, Order, OrderVersion, PolicyTerm, Requirement, Service, random_id
from rules.evaluate import evaluate
from rules.frames import FACTS, SCHEMAS, conform
from rules.packs import load
from tests.builders import (
    ORDERED_ON,
    ZONE,
    absent,
    adjudicate,
    at,
    attended,
    build_town,
    contact,
    correct,
    cover,
    decide,
    firearms_declared,
    person_with_order,
    report,
)
from tests.monitor.compliance.county import writing

MONDAY = date(2026, 1, 19)
# no table holds these yet: rules see none
WITHOUT_A_TABLE = {"fees"}


def test_every_fact_frame_comes_from_a_table_or_is_known_to_have_none():
    assert set(sources()) | {"order_events"} | WITHOUT_A_TABLE == set(FACTS)


@pytest.mark.parametrize("name", sorted(sources()))
def test_every_table_that_rules_read_brings_both_time_axes(name):
    columns = {column["name"] for column in sources()[name].statement.column_descriptions}
    assert {"id", "person", "on", "at", "recorded_at", "supersedes", "retracted"} <= columns


@pytest.mark.parametrize("name", sorted(sources()))
def test_a_fact_that_has_an_instant_only_brings_the_courts_zone(name):
    kinds = {column["name"]: column["type"] for column in sources()[name].statement.column_descriptions}
    assert isinstance(kinds["on"], NullType) == ("zone" in kinds)
    assert isinstance(kinds["on"], NullType) != isinstance(kinds["at"], NullType)


def test_every_frame_of_a_full_record_fits_its_schema(database: Database):
    with writing(database) as session:
        matter = person_with_order(session, build_town(session))
        missed = absent(session, matter, MONDAY)
        adjudicate(session, missed, "EXCUSED", MONDAY + timedelta(days=1))
        attended(session, matter, MONDAY + timedelta(days=7))
        cover(session, matter, MONDAY, MONDAY + timedelta(days=7))
        contact(session, matter, MONDAY)
        report(session, matter, "ENROLLMENT_PROOF", MONDAY, "PERSON", "COURT")
        firearms_declared(session, matter, MONDAY)
        decide(session, matter, "REVIEW_HELD", MONDAY)
        session.flush()
        facts = load_facts(session, [matter.case])
    for name, frame in facts.items():
        good, refused = conform(name, frame)
        assert frame.schema == pl.Schema(SCHEMAS[name]), name
        assert refused.is_empty(), f"{name}: {refused}"
        assert good.height == frame.height
    assert facts.orders["pack"].to_list() == ["us_ca"] * facts.orders.height
    assert facts.adjudications["of"].to_list() == [missed.id]


def test_one_case_brings_nothing_of_another(database: Database):
    with writing(database) as session:
        town = build_town(session)
        ours, theirs = person_with_order(session, town), person_with_order(session, town)
        attended(session, ours, MONDAY)
        attended(session, theirs, MONDAY, MONDAY + timedelta(days=7))
        session.flush()
        facts = load_facts(session, [ours.case])
    assert facts.sessions.height == 1
    for name, frame in facts.items():
        if "person" in frame.columns:
            assert set(frame["person"]) <= {ours.case}, name


def test_a_late_contact_counts_on_the_courts_own_day(database: Database):
    evening = at(MONDAY, 23, 30)  # already Tuesday in UTC
    with writing(database) as session:
        matter = person_with_order(session, build_town(session))
        contact(session, matter, MONDAY, occurred_at=evening)
        session.flush()
        facts = load_facts(session, [matter.case])
    assert facts.contacts.select("on", "at").rows() == [(MONDAY, evening)]


def test_an_order_is_known_as_it_was_at_each_instant(database: Database):
    with writing(database) as session:
        matter = person_with_order(session, build_town(session))
        order = session.get_one(Order, matter.order)
        later = at(MONDAY, 9)
        session.add(
            Service(case_id=matter.case, agency_id=order.agency_id, recorded_at=later, order_id=order.id,
                    occurred_at=at(date(2026, 1, 2)), method="PERSONAL", server="Sheriff")
        )  # fmt: skip
        session.flush()
        orders = load_facts(session, [matter.case]).orders.sort("recorded_at")
    assert orders["served_at"].to_list() == [at(ORDERED_ON, 11), at(date(2026, 1, 2))]


def test_a_service_that_was_entered_wrongly_is_no_service(database: Database):
    with writing(database) as session:
        matter = person_with_order(session, build_town(session))
        session.flush()
        service = session.query(Service).filter_by(case_id=matter.case).one()
        correct(session, service, at(MONDAY), retract=True)
        session.flush()
        orders = load_facts(session, [matter.case]).orders.sort("recorded_at")
    assert orders["served_at"].to_list() == [at(ORDERED_ON, 11), None]


def test_a_duty_that_ends_is_an_event_and_a_later_version_takes_it_back(database: Database):
    with writing(database) as session:
        matter = person_with_order(session, build_town(session), duties=("bip", "check_in"))
        duty = session.query(Requirement).filter_by(case_id=matter.case, kind="check_in").one()
        told = {"case_id": duty.case_id, "agency_id": duty.agency_id, "order_id": duty.order_id, "kind": duty.kind}
        told |= {"terms": {}, "from_on": duty.from_on}
        ended = Requirement(id=random_id(), **told, until_on=MONDAY, recorded_at=at(MONDAY), supersedes_id=duty.id)
        again = Requirement(id=random_id(), **told, until_on=None, recorded_at=at(MONDAY, 15), supersedes_id=ended.id)
        session.add_all([ended, again])
        session.flush()
        events = load_facts(session, [matter.case]).order_events.sort("recorded_at")
    assert events.select("event", "condition", "on", "retracted", "supersedes").rows() == [
        ("terminated", "check_in", MONDAY, False, None),
        ("terminated", "check_in", MONDAY, True, ended.id),
    ]


def test_the_terms_of_a_duty_that_a_later_version_ends_are_taken_back_from_that_day(database: Database):
    """One that nobody can read is told of until then, and no longer."""
    with writing(database) as session:
        town = build_town(session)
        said = {"bip.enroll_deadline": 21, "bip.enrol_deadline": 30}
        matter = person_with_order(session, town, terms=said)
        session.flush()
        duty = session.query(Requirement).filter_by(order_id=matter.order).one()
        told = {name: getattr(duty, name) for name in ("case_id", "agency_id", "order_id", "kind", "terms", "from_on")}
        ends = [date(2026, 3, 2), date(2026, 4, 6)]
        for day, before in zip(ends, (duty.id, None), strict=True):
            session.add(Requirement(id=random_id(), until_on=day, recorded_at=at(day), supersedes_id=before, **told))
        kept = dict(told, terms={"bip.enroll_deadline": 21}, kind="review")
        session.add(Requirement(id=random_id(), recorded_at=at(ends[0]), **kept))
    with database.system("test", writes=False) as session:
        now, before = (load_facts(session, None, known) for known in (at(date(2026, 5, 1)), at(date(2026, 2, 1))))
    rows = now.terms.filter(pl.col("number").is_null()).select("term", "from", "recorded_at").rows()
    assert rows == [("bip.enrol_deadline", ends[1], at(ends[1]))], "the other one stands in a duty that goes on"
    assert before.terms.get_column("number").null_count() == 0
    [span] = refused(now, at(date(2026, 5, 1)))
    assert (span["note"], local_day(span["ends_at"], ZONE)) == ("terms.bip.enrol_deadline", ends[1])
    [span] = refused(before, at(date(2026, 2, 1)))
    assert span["ends_at"] is None


@pytest.mark.parametrize(
    ("first", "second"), [(date(2026, 6, 1), date(2026, 3, 2)), (date(2026, 3, 2), date(2026, 6, 1))]
)
def test_a_term_of_two_duties_stands_until_the_later_of_them_ends_whichever_was_recorded_first(database, first, second):
    with writing(database) as session:
        matter = person_with_order(session, build_town(session), terms={"bip.unexcused_absences_max": 2})
        session.flush()
        duty = session.query(Requirement).filter_by(order_id=matter.order).one()
        told = {name: getattr(duty, name) for name in ("case_id", "agency_id", "order_id", "terms", "from_on")}
        other = Requirement(id=random_id(), recorded_at=at(date(2026, 1, 9)), kind="review", **told)
        session.add(other)
        session.flush()
        for one, day, recorded_on in ((duty, first, date(2026, 2, 1)), (other, second, date(2026, 2, 10))):
            session.add(Requirement(id=random_id(), kind=one.kind, until_on=day, recorded_at=at(recorded_on),
                                    supersedes_id=one.id, **told))  # fmt: skip
    with database.system("test", writes=False) as session:
        terms = load_facts(session, None, at(date(2026, 2, 20))).terms.filter(pl.col("number").is_null())
    assert terms.select("from", "recorded_at").rows() == [(date(2026, 6, 1), at(date(2026, 2, 10)))]


def refused(facts, known_at):
    spans = evaluate(facts, load(), known_at)
    return list(spans.filter(pl.col("note").str.starts_with("terms.")).iter_rows(named=True))


def test_a_protective_order_is_an_event_and_its_exceptions_are_told(database: Database):
    with writing(database) as session:
        town = build_town(session)
        matter = person_with_order(session, town)
        order = Order(id=random_id(), case_id=matter.case, agency_id=town.court_agency, kind="CIVIL_PROTECTION")
        version = OrderVersion(
            id=random_id(), case_id=matter.case, agency_id=town.court_agency, order_id=order.id, version_no=1,
            change="NEW", ordered_on=ORDERED_ON, effective_from=at(ORDERED_ON), recorded_at=at(ORDERED_ON), facts={},
        )  # fmt: skip
        ban = Condition(
            case_id=matter.case, agency_id=town.court_agency, order_version_id=version.id, line=1, code="05",
            text="No contact, but for handing over the child.", exceptions=["child_exchange"],
        )  # fmt: skip
        session.add_all([order, version, ban])
        session.flush()
        facts = load_facts(session, [matter.case])
    assert facts.orders["order"].unique().to_list() == [matter.order]
    told = facts.order_events.select("order", "event", "kind", "contact_terms").rows()
    assert told == [(order.id, "issued", "civil_protection", "no_contact")]
    assert facts.order_events["exceptions"].to_list() == [["child_exchange"]]


def test_rare_anchors_and_levels_come_from_the_orders_own_text(database: Database):
    facts_told = {"offense_number": 2, "supervision_started_on": "2026-01-08", "levels": [
        {"from": "2026-01-08", "level": "high"}]}  # fmt: skip
    with writing(database) as session:
        matter = person_with_order(session, build_town(session), facts=facts_told)
        session.flush()
        facts = load_facts(session, [matter.case])
    assert facts.orders["offense_number"][0] == 2
    assert facts.orders["supervision_started_on"][0] == date(2026, 1, 8)
    assert facts.levels.select("order", "from", "level").rows() == [(matter.order, date(2026, 1, 8), "high")]


def test_terms_of_the_order_the_court_the_county_and_the_program_are_told_apart(database: Database):
    with writing(database) as session:
        town = build_town(session)
        matter = person_with_order(session, town, terms={"bip.enroll_deadline": 21, "contact.face_to_face": {
            "count": 2, "period_days": 30}, "adjudication.by": "program"})  # fmt: skip
        in_county(session, town, "Lake")
        far = County(state="CA", name="Mono")
        session.add(far)
        session.flush()
        for owner, agency, term, value in (
            ({"court_id": town.court}, town.court_agency, "hearing.review_within_days", 60),
            ({"county_id": session.query(County).filter_by(name="Lake").one().id}, town.court_agency,
             "hearing.review_within_days", 90),
            ({"county_id": far.id}, town.court_agency, "hearing.review_within_days", 10),
            ({"program_id": town.program}, town.program_agency, "bip.excused_absences_max", 2),
        ):
            session.add(
                PolicyTerm(agency_id=agency, term=term, value={"value": value}, from_on=ORDERED_ON, citation="Policy 1",
                           recorded_at=at(ORDERED_ON),
                           **{"court_id": None, "county_id": None, "program_id": None} | owner)
            )  # fmt: skip
        session.flush()
        facts = load_facts(session, [matter.case])
    terms = facts.terms
    assert facts.orders.select("court_code", "county").unique().rows() == [("near", "Lake")]
    told = set(terms.select("source", "term", "number", "period_days").rows())
    assert told == {
        ("order", "bip.enroll_deadline", 21, None), ("order", "contact.face_to_face", 2, 30),
        ("court_policy", "hearing.review_within_days", 60, None),
        ("county_policy", "hearing.review_within_days", 90, None),
        ("provider_policy", "bip.excused_absences_max", 2, None),
    }  # fmt: skip
    theirs = terms.filter(pl.col("program").is_not_null())
    assert theirs.select("source", "program").rows() == [("provider_policy", town.program)]


def in_county(session, town, name):
    """The town's court, in a county of its own."""
    county = County(id=random_id(), state="CA", name=name)
    session.add(county)
    session.flush()
    session.get(Court, town.court).county_id = county.id


def test_the_county_that_the_order_names_goes_before_the_courts_own(database: Database):
    with writing(database) as session:
        town = build_town(session)
        in_county(session, town, "Lake")
        matter = person_with_order(session, town, facts={"county": "Napa"})
        session.flush()
        assert load_facts(session, [matter.case]).orders["county"].to_list() == ["Napa"]


def test_a_make_up_finds_the_missed_class_also_after_that_was_corrected(database: Database):
    with writing(database) as session:
        matter = person_with_order(session, build_town(session))
        missed = absent(session, matter, MONDAY)
        correct(session, missed, at(MONDAY + timedelta(days=2)), note="Called in sick.")
        attended(session, matter, MONDAY + timedelta(days=3), makeup_for_on=MONDAY)
        session.flush()
        sessions = load_facts(session, [matter.case]).sessions
    assert sessions.filter(pl.col("outcome") == "attended")["makeup_for"].to_list() == [missed.id]


def test_two_classes_on_one_day_are_two_classes(database: Database):
    with writing(database) as session:
        matter = person_with_order(session, build_town(session))
        attended(session, matter, MONDAY)
        attended(session, matter, MONDAY, number=2)
        session.flush()
        sessions = load_facts(session, [matter.case]).sessions
    assert sessions["at"].n_unique() == 2
    assert sessions["at"].null_count() == 0
