"""A kept packet keeps its bytes and shows nothing of what was not found or was withdrawn since (safeguard H3)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from monitor import packets
from monitor.compliance.evaluation import switched_on
from monitor.packet_cover import covered
from monitor.packet_page import faults_of, kept_packet, packets_page
from tests.monitor.test_filing import the_rules_take_it_back
from tests.monitor.test_findings import LATER, at_court, filed, office, recorded

__all__ = ["filed", "office"]
SOON, END = LATER + timedelta(minutes=5), LATER + timedelta(hours=2)
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def packet(office, filed):
    with office.database.system("test: a packet") as session, session.begin():
        return packets.take(session, office.flags["hearing"], LATER - timedelta(minutes=5), switched_on()).id


def read(office, packet, now=END):
    with at_court(office) as session:
        return kept_packet(session, packets_page(session, office.flags["hearing"]), packet, now)


@pytest.mark.parametrize("finding, word", [("NOT_FOUND", "ended by the court"), ("WITHDRAWN", "withdrawn")])
def test_what_ended_is_covered_told_nobody_and_handed_over_no_more(office, packet, finding, word):
    before = read(office, packet)
    assert (before.gone, before.told) == ((), (office.flags["missed"],))
    assert before.bench == packets.page_of(before.packet)
    recorded(office, finding, "Not so.", SOON)
    kept = read(office, packet)
    assert kept.gone == (f"{word} on March 4",)
    assert kept.bench.alleged_lines == (f"Not shown here: {word} on March 4",)
    assert kept.told == kept.bench.flags == ()
    shown = repr(kept.bench)
    for one in before.bench.alleged:
        assert one.title.text not in shown
        assert all(said.text not in shown for said in one.evidence if said.source == "O")
    assert before.bench.asks[0].text not in shown and before.bench.before[0].text not in shown
    [change] = kept.addendum
    assert (change.source, change.then) == ("the court", "alleged")
    assert before.bench.alleged[0].title.text not in repr(change)
    assert set(faults_of(kept, "COUNSEL", "BY_HAND", "TOLD")) == {"given_to"}
    assert not faults_of(before, "COUNSEL", "BY_HAND", "TOLD")
    assert (kept.packet.page, kept.packet.page_hash) == (before.packet.page, before.packet.page_hash), "kept as it was"


def test_an_entry_taken_back_uncovers_it_and_the_addendum_says_both(office, packet):
    recorded(office, "NOT_FOUND", "Not so.", SOON)
    recorded(office, "REOPENED", "Entered for the wrong case.", SOON + timedelta(minutes=1))
    kept = read(office, packet)
    assert kept.bench == packets.page_of(kept.packet) and kept.gone == ()
    assert [one.now for one in kept.addendum] == ["ended by the court", "open again"]


def test_what_was_found_stays_and_the_addendum_says_so(office, packet):
    recorded(office, "FOUND", now=SOON)
    kept = read(office, packet)
    assert kept.bench == packets.page_of(kept.packet) and kept.gone == ()
    assert [one.now for one in kept.addendum] == ["found by the court"]


def test_a_packet_with_a_finding_that_was_reversed_shows_it_no_more(office, filed):
    recorded(office, "FOUND", "He missed it.", LATER)
    with office.database.system("test: a packet") as session, session.begin():
        packet = packets.take(session, office.flags["hearing"], SOON, switched_on()).id
    assert "He missed it" in repr(read(office, packet).bench)
    recorded(office, "REOPENED", "Entered for the wrong case.", SOON + timedelta(minutes=1))
    recorded(office, "NOT_FOUND", "Not so.", SOON + timedelta(minutes=2))
    kept = read(office, packet)
    assert "He missed it" not in repr(kept.bench) and kept.gone


def test_what_the_court_reads_nowhere_any_more_is_covered_though_no_report_says_why(office, packet):
    kept = read(office, packet)
    [one] = kept.bench.alleged
    unknown = msgspec.structs.replace(one, title=msgspec.structs.replace(one.title, rows=(7,)))
    with at_court(office) as session:
        left = covered(session, kept.packet, msgspec.structs.replace(kept.bench, alleged=(unknown,)), END)
    assert left.page.alleged_lines == ("Not shown here: withdrawn since",) and left.told == ()
    assert kept.bench.asks[0].text not in repr(left.page)


def test_a_question_that_a_correction_took_back_stands_until_it_is_answered_and_the_addendum_says_so(office, packet):
    the_rules_take_it_back(office)
    kept = read(office, packet, END + timedelta(days=1))
    assert kept.bench == packets.page_of(kept.packet) and kept.gone == () and kept.told == ()
    assert "a correction" in [one.source for one in kept.addendum]
