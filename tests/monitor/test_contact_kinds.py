"""The contact log clause by clause: of every rule that reads contacts, which ways of the form it counts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from monitor.compliance.evaluation import switched_on
from monitor.contact_log.closing import codes_read_here
from monitor.contact_log.counting import Counting
from monitor.contact_log.kinds_asked import kinds_asked
from monitor.contact_log.ways import ANSWERS, CHECK_IN, TEST, WAYS

IN_PERSON = {"HOME", "OFFICE", "FIELD"}
# a records check is a contact about the person: packs count it among those with third parties
ABOUT = {"COLLATERAL", "RECORDS"}
CLAUSES = {
    "us_id.contact_overdue": IN_PERSON, "us_mo.contact_overdue": IN_PERSON, "us_nd.contact_overdue": IN_PERSON,
    "us_pa.contact_overdue": IN_PERSON, "us_pa.collateral_contact_overdue": ABOUT,
    "us_ny.contact_shortfall": IN_PERSON, "us_ny.home_contact_overdue": {"HOME"},
    "us_ny.collateral_contact_overdue": ABOUT, "us_tx.home_contact_overdue": {"HOME"},
}  # fmt: skip
LOGGED = [name for name in WAYS if name not in (CHECK_IN, TEST)]


def row(way, state="COMPLETED"):
    told = WAYS[way]
    return SimpleNamespace(id=1, kind=told.kind, method=told.method, place=told.place, state=state)


def asked(rule):
    [one] = kinds_asked(switched_on(), [rule])
    return one


def test_every_rule_that_reads_contacts_has_its_clause_here():
    packs = switched_on()
    reading = {rule.id for each in packs.rules.values() for rule in each if "contacts" in packs.duties[rule.code].reads}
    assert reading == set(CLAUSES)
    assert {code for code in codes_read_here(packs) if code != "CHECKIN_MISSED"} == {asked(one).code for one in CLAUSES}


@pytest.mark.parametrize("rule", CLAUSES)
def test_a_rule_counts_these_ways_and_no_other(rule):
    assert {way for way in LOGGED if asked(rule).fits(row(way))} == CLAUSES[rule]


@pytest.mark.parametrize("rule", CLAUSES)
def test_an_attempt_counts_only_where_the_clause_takes_attempts(rule):
    tried = {way for way in LOGGED if asked(rule).fits(row(way, "ATTEMPTED"))}
    assert tried == ({"HOME"} if rule == "us_ny.home_contact_overdue" else set())


@pytest.mark.parametrize("rule", CLAUSES)
def test_the_form_begins_with_a_way_that_the_clause_counts(rule):
    assert ANSWERS[asked(rule).code] in CLAUSES[rule]


@pytest.mark.parametrize(
    ("way", "state", "said"),
    [
        ("OFFICE", "COMPLETED", "Of the kind that counts toward: Officer's contact."),
        ("PHONE", "COMPLETED", "Shown, not counted: Contact with a third party asks for one with somebody else who"
         " knows the person; Officer's contact asks for one in person."),
        ("RECORDS", "COMPLETED", "Of the kind that counts toward: Contact with a third party."),
        ("OFFICE", "ATTEMPTED", "Not counted: an attempt is not a contact."),
    ],
)  # fmt: skip
def test_a_supplementary_contact_is_told_why_it_counts_toward_nothing(way, state, said):
    here = kinds_asked(switched_on(), ["us_pa.contact_overdue", "us_pa.collateral_contact_overdue"])
    assert Counting({}, {}, here, check_ins=False).words(row(way, state)) == said


def test_where_no_duty_asks_it_says_so_of_contacts_and_of_check_ins():
    nothing = Counting({}, {}, (), check_ins=False)
    assert nothing.words(row("HOME")) == "Shown, not counted: no duty here asks for contacts."
    assert nothing.words_of_check_in(1) == "Shown, not counted: no duty here asks for check-ins."
    assert "counts toward: Check in" in Counting({}, {}, (), check_ins=True).words_of_check_in(1)
