"""What the defense gets of the prosecution tells nothing of who called, was told, or was seen by a nurse (B3, B7)."""

from __future__ import annotations

import shutil
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from monitor import audit
from monitor.access.scope import Scope
from monitor.allegations.reading import allegation_page
from monitor.bench_page.reading import bench_page
from monitor.db import Database
from monitor.documents import bench_pdf, report_pdf
from monitor.documents.evidence import evidence_pdf
from monitor.local_law import LocalLaw
from monitor.models import (
    Base,
    Case,
    Condition,
    Flag,
    Order,
    OrderSheet,
    OrderStep,
    OrderVersion,
    Service,
    Span,
    random_id,
)
from monitor.orders.words import CODED
from monitor.prosecution.evidence import hash_of, rule_of, text_of
from monitor.prosecution.gathering import choices, packet, record
from monitor.prosecution.reading import sent
from monitor.prosecution.told_orders import of_case
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


# ── orders that nobody has served ───────────────────────────────────────────────────────────────────────────────────


def an_order(session, desk, number, *, since=NOW - timedelta(days=9), served_at=None):
    """A no-contact order of the case; its id."""
    order = Order(id=random_id(), case_id=desk.case, agency_id=desk.office.town.court_agency, number=number,
                  kind="CRIMINAL_NO_CONTACT")  # fmt: skip
    session.add(order)
    a_version(session, order, 1, "NEW", since, "05")
    if served_at:
        session.add(Service(case_id=desk.case, agency_id=order.agency_id, order_id=order.id, occurred_at=served_at,
                            recorded_at=served_at, method="PERSONAL", server="D. Cho"))  # fmt: skip
    session.flush()
    return order


def a_version(session, order, number, change, since, *codes):
    version = OrderVersion(id=random_id(), case_id=order.case_id, agency_id=order.agency_id, order_id=order.id,
                           version_no=number, change=change, ordered_on=since.date(), effective_from=since,
                           recorded_at=since)  # fmt: skip
    earlier = session.scalars(
        select(OrderVersion).where(OrderVersion.order_id == order.id, OrderVersion.effective_to.is_(None))
    ).first()
    if earlier is not None:
        earlier.effective_to = since
        session.flush()
    session.add(version)
    session.add_all(
        Condition(case_id=order.case_id, agency_id=order.agency_id, order_version_id=version.id, line=line, code=code,
                  text="-", exceptions=[])
        for line, code in enumerate(codes, start=1)
    )  # fmt: skip
    session.flush()


def changed(folder, path, act):
    """The papers of a copy of the record in which ``act`` was done."""
    shutil.copy(folder / "plain.db", path)
    database = Database(f"sqlite:///{path}")
    with database.system("test: the court makes an order") as session, session.begin():
        act(session)
    database.close()
    return path


def words(path, desk):
    """What is kept of a packet and a record: the paper is drawn from nothing else."""
    database = Database(f"sqlite:///{path}")
    with desk_session(database, desk) as session:
        report = sent(session, desk.report, NOW, LAW)
        told = (text_of(packet(session, report, (), "Near Prosecutor", LAW, NOW)),
                text_of(record(session, desk.case, MISSED[0], MISSED[-1], "Near Prosecutor", LAW, NOW)))  # fmt: skip
    database.close()
    return told


def test_an_order_that_is_still_to_be_served_changes_no_byte_of_a_packet_or_record_until_it_is_served(laid, tmp_path):
    """Given a no-contact order that nobody has served When a packet or record goes to the defense about something else
    Then it does not tell him of the order: he may not learn of it before the deputy stands there (E5)."""
    folder, desk = laid
    path = changed(folder, tmp_path / "unserved.db", lambda session: an_order(session, desk, "PO-777"))
    assert words(folder / "plain.db", desk) == words(path, desk)
    with desk_session(Database(f"sqlite:///{path}"), desk) as session:
        told, _ = choices(session, sent(session, desk.report, NOW, LAW))
        on_screen = [piece.text for piece in of_case(session, desk.case, "UTC", "Court")]
    assert told.left_out == ("Criminal no-contact order PO-777: not served",) and "PO-777" in str(on_screen)
    path = changed(folder, tmp_path / "served.db", lambda session: an_order(session, desk, "PO-777", served_at=NOW))
    assert all("PO-777" in one and "No contact of any kind" in one for one in words(path, desk))


def told(session, order, where):
    """Notice of the order's version, and no service: the clerk's word, or a deputy's at the scene."""
    version = session.scalars(select(OrderVersion).where(OrderVersion.order_id == order.id)).one()
    row = dict(case_id=order.case_id, agency_id=order.agency_id, order_version_id=version.id, recorded_at=NOW)
    session.add(
        OrderSheet(**row, template="-", edition="-", notice="TOLD") if where == "room"
        else OrderStep(**row, id=random_id(), order_id=order.id, kind="TOLD", occurred_at=NOW)
    )  # fmt: skip
    session.flush()


@pytest.mark.parametrize("where", ["room", "scene"])
def test_an_order_that_he_was_told_of_and_nobody_served_changes_no_byte_either(laid, tmp_path, where):
    """Notice is no service (decided from E5 and B3). That he was told is the word of one who was there, of terms that
    the paper may not have; what was to be safe before he holds it waits for the return. A packet that rests on other
    matters loses nothing by it, and says nothing of any order that it leaves out. What the record says of notice is
    therefore no way to tell from a packet whether there is such an order."""
    folder, desk = laid
    path = changed(
        folder, tmp_path / f"{where}.db", lambda session: told(session, an_order(session, desk, "PO-777"), where)
    )
    assert words(folder / "plain.db", desk) == words(path, desk)
    with desk_session(Database(f"sqlite:///{path}"), desk) as session:
        on_screen, _ = choices(session, sent(session, desk.report, NOW, LAW))
    assert on_screen.left_out == ("Criminal no-contact order PO-777: not served",)


def test_a_change_that_is_still_to_be_served_changes_no_byte_either(laid, tmp_path):
    folder, desk = laid

    def served(session):
        return an_order(session, desk, "PO-777", served_at=NOW - timedelta(days=8))

    def changes(session):
        a_version(session, served(session), 2, "MODIFIED", NOW - timedelta(days=2), "05", "07")

    before, after = (changed(folder, tmp_path / f"{act.__name__}.db", act) for act in (served, changes))
    assert words(before, desk) == words(after, desk)
    with desk_session(Database(f"sqlite:///{after}"), desk) as session:
        told, _ = choices(session, sent(session, desk.report, NOW, LAW))
    assert told.left_out == ("Criminal no-contact order PO-777: its last change is not served",)


@pytest.mark.parametrize(("method", "hours", "told"), [
    ("IN_COURT", -1, True), ("PERSONAL", 1, False), ("PERSONAL", 30, True), ("IN_COURT", -30, False),
])  # fmt: skip
def test_a_change_counts_as_served_by_what_was_handed_over_in_court_that_day_or_served_on_a_later_one(
    laid, tmp_path, method, hours, told
):
    """In court the paper is handed over before the clerk has entered it; a deputy that day may bring the old one."""
    folder, desk = laid
    entered = (NOW - timedelta(days=2)).replace(hour=18)

    def changes(session):
        order = an_order(session, desk, "PO-777", served_at=NOW - timedelta(days=8))
        a_version(session, order, 2, "MODIFIED", entered, "05", "07")
        at = entered + timedelta(hours=hours)
        session.add(Service(case_id=desk.case, agency_id=order.agency_id, order_id=order.id, occurred_at=at,
                            recorded_at=NOW, method=method, server="D. Cho"))  # fmt: skip

    made, _ = words(changed(folder, tmp_path / "changes.db", changes), desk)
    assert (CODED["07"] in made) is told


@pytest.mark.parametrize("served", [True, False])
def test_of_a_sentence_the_record_tells_what_was_said_in_the_room_and_no_change_that_nobody_served(
    laid, tmp_path, served
):
    folder, desk = laid

    def changes(session):
        order = an_order(session, desk, "PR-778", served_at=NOW - timedelta(days=8) if served else None)
        order.kind = "PRETRIAL_RELEASE"
        session.flush()
        a_version(session, order, 2, "MODIFIED", NOW - timedelta(days=2), "05", "07")

    _, kept = words(changed(folder, tmp_path / "changes.db", changes), desk)
    assert "PR-778" in kept and CODED["05"] in kept and CODED["07"] not in kept and "the change" not in kept


def test_what_a_report_rests_on_stands_in_its_packet_and_that_nobody_served_it_is_named(laid, tmp_path):
    """Given a report that rests on an order without proof of service When the packet is made Then the order is in it,
    and the missing proof among the gaps: that helps the respondent (F6)."""
    folder, desk = laid

    def rests(session):
        order = an_order(session, desk, "PO-777")
        span = session.get_one(Span, session.get_one(Flag, desk.office.flags["missed"]).span_id)
        span.order_id = order.id

    made, kept = words(changed(folder, tmp_path / "rests.db", rests), desk)
    assert "PO-777" in made and "No proof of service for the criminal no-contact order." in made
    assert "PO-777" not in kept


def test_a_rule_that_is_no_law_is_not_laid_before_counsel_as_one():
    assert rule_of("design rule") == "one of this system, no provision of law"
    assert rule_of("Example Code 1.2(a)") == "Example Code 1.2(a)"


def test_an_order_that_the_court_ended_is_told_as_ended(laid, tmp_path):
    folder, desk = laid

    def ends(session):
        order = an_order(session, desk, "PO-777", served_at=NOW - timedelta(days=8))
        a_version(session, order, 2, "VACATED", NOW - timedelta(days=2))

    made, _ = words(changed(folder, tmp_path / "ends.db", ends), desk)
    assert "No contact of any kind. Vacated by the court" in made
