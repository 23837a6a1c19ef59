"""What the defense gets of the prosecution tells nothing of who called, was told, or was seen by a nurse (B3, B7)."""

from __future__ import annotations

import shutil

import msgspec
import pytest

from monitor import audit
from monitor.access.scope import Scope
from monitor.allegations.reading import allegation_page
from monitor.bench_page import bench_page
from monitor.db import Database
from monitor.documents import bench_pdf, report_pdf
from monitor.documents.evidence import evidence_pdf
from monitor.local_law import LocalLaw
from monitor.models import Base, Case
from monitor.prosecution.evidence import hash_of, text_of
from monitor.prosecution.gathering import packet, record
from monitor.prosecution.reading import sent
from tests.office import NOW, hearing
from tests.prosecution_office import MISSED, open_prosecution
from tests.sweep import county
from tests.web.accounts import SECRET

LAW = LocalLaw()
# of each as soon as it is there: call-backs, answers of victim/witness staff, medical notices, safety steps; and what
# people of other desks are told, put away, ask and open
QUIET = {
    "callback", "notice_answer", "record_notice", "safety_step", "context_review", "told", "notice", "task",
    "hidden_item", "case_opening", "concern", "concern_answer", "consultation",
}  # fmt: skip
# what a packet is made of: anything else of the case may not change a byte of it
OF_A_PACKET = {
    "adjudication", "allegation", "allegation_flag", "allegation_step", "assignment", "attendance", "case_agency",
    "charging_decision", "condition", "coverage", "court_order", "dirty", "enrollment", "earlier_place",
    "enrollment_event", "evidence_copy", "evidence_packet", "firearm_receipt", "flag", "leave", "letter",
    "order_version", "pause",
    "release", "requirement", "review", "service", "span", "context_review",
}  # fmt: skip


@pytest.fixture(scope="module")
def laid(sqlite_template, tmp_path_factory):
    folder = tmp_path_factory.mktemp("evidence")
    shutil.copy(sqlite_template, folder / "plain.db")
    database = Database(f"sqlite:///{folder}/plain.db")
    desk = open_prosecution(database)
    with database.system("test: a hearing") as session, session.begin():
        desk.office.flags["hearing"] = hearing(session, desk.office.matter, NOW)
    database.close()
    return folder, desk


def papers(path, desk):
    """Every paper that the respondent or counsel gets, as bytes, made at one instant."""
    return [*of_prosecution(path, desk), *of_others(path, desk)]


def of_prosecution(path, desk):
    database = Database(f"sqlite:///{path}")
    with database.scoped(Scope(1, "prosecutor", desk.agency)) as session:
        report = sent(session, desk.report, NOW, LAW)
        made = (packet(session, report, (), "Near Prosecutor", LAW, NOW),
                record(session, desk.case, MISSED[0], MISSED[-1], "Near Prosecutor", LAW, NOW))  # fmt: skip
    database.close()
    return [evidence_pdf(one, hash_of(text_of(one))) for one in made]


def of_others(path, desk):
    database, town = Database(f"sqlite:///{path}"), desk.office.town
    with database.scoped(Scope(desk.office.officer, "officer", town.office)) as session:
        page = allegation_page(session, desk.report, NOW)
        told = report_pdf(page, NOW)
    with database.scoped(Scope(1, "judge", town.court_agency)) as session:
        bench = bench_pdf([bench_page(session, desk.office.flags["hearing"], NOW)], NOW)
    database.close()
    return [told, bench]


def with_rows(folder, desk, names, path):
    """A copy of the record with a row of the case in every table named, and an entry of the trail; which took one."""
    shutil.copy(folder / "plain.db", path)
    database = Database(f"sqlite:///{path}")
    grown = set()
    with database.system("test: what nobody may tell") as session, session.begin():
        for table in Base.metadata.sorted_tables:
            if table.name in names and ("case_id" in table.c or table.name in QUIET):
                row = county._made_up_row(session, table, desk.office.matter)
                if table.name == "record_notice":
                    row["number"] = session.get_one(Case, desk.case).number
                if county._try(session, table, row):
                    grown.add(table.name)
        act = audit.Act(event="person.read", user_id=desk.office.officer, agency_id=desk.office.town.office,
                        subjects=(desk.office.matter.person,))  # fmt: skip
        audit.append(session, act, audit.audit_key(SECRET), NOW)
    database.close()
    return grown


def test_every_paper_of_the_defense_is_the_same_with_and_without_what_nobody_may_tell(laid, tmp_path):
    folder, desk = laid
    grown = with_rows(folder, desk, QUIET, tmp_path / "other.db")
    assert grown >= {"case_opening", "told"}, "or this test compares a record with itself"
    assert grown >= {name for name in ("callback", "record_notice") if name in Base.metadata.tables}
    assert papers(folder / "plain.db", desk) == papers(tmp_path / "other.db", desk)


def test_no_other_table_of_the_case_changes_a_byte_of_packet_or_record(laid, tmp_path):
    folder, desk = laid
    others = {table.name for table in Base.metadata.sorted_tables} - OF_A_PACKET
    grown = with_rows(folder, desk, others, tmp_path / "other.db")
    assert grown >= {"contact", "drug_test", "participation"}
    assert of_prosecution(folder / "plain.db", desk) == of_prosecution(tmp_path / "other.db", desk)


def test_a_packet_names_no_entry_of_the_trail_and_counts_nothing(laid):
    folder, desk = laid
    database = Database(f"sqlite:///{folder}/plain.db")
    with desk_session(database, desk) as session:
        made = packet(session, sent(session, desk.report, NOW, LAW), (), "Near Prosecutor", LAW, NOW)
    database.close()
    fields = set(msgspec.to_builtins(made))
    assert not fields & {"audit_number", "audit_seal", "entry", "count", "id"}
    assert str(desk.report) not in text_of(made) and str(desk.case) not in text_of(made)


def desk_session(database, desk):
    return database.scoped(Scope(1, "prosecutor", desk.agency))
