"""A case sealed or expunged by order of the court: afterwards the record is as if it had never been there."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from monitor import audit
from monitor.access.identity import Identity
from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.access.second_person import Ask, ask, decide, words_of
from monitor.compliance.evaluation import switched_on
from monitor.db import Database
from monitor.grid.drafts import keep_draft
from monitor.grid.page import Mark
from monitor.intake.importing import import_attendance
from monitor.keeping.removals import RemovalError, Wanted, carry_out, sealed_numbers
from monitor.local_law import Forgetting, LocalLaw
from monitor.models import (
    Agency,
    ApprovalRequest,
    Base,
    Case,
    ContactDraft,
    Flag,
    GridDraft,
    Packet,
    Person,
    RecordNotice,
    Removal,
    Upload,
    UploadRow,
    User,
    Wall,
    random_id,
)
from monitor.packets import take
from monitor.record_notices.forgetting import forget_unmatched, over_before
from monitor.record_notices.reading import unmatched
from monitor.walls import put_up
from tests.builders import add_user, decided, unexcused
from tests.office import NOW, Office, hearing, open_office, supervised
from tests.web.accounts import SECRET

CLERK, PRIVACY = "clerk@court.example", "privacy@court.example"
NUMBER = "26-DV-000999"
# that something was done stays, by ids and counts; and so do colleagues
STAYS = {"app_user", "membership", "audit_entry", "audit_head", "removal", "approval_request", "mark", "dirty"}
WHY = "Order of the presiding judge"


def wanted(kind: str, case: str = NUMBER) -> Wanted:
    return Wanted(kind=kind, case=case, court=None, order="2026-EX-12", why=WHY, by=CLERK)


class Asking(msgspec.Struct, frozen=True):
    """Whoever asks for something, without a browser."""

    user_id: int
    agency_id: int


class Courthouse:
    """An office with a case of everyday, a clerk and a privacy officer; and one case that will leave."""

    def __init__(self, database: Database) -> None:
        self.database, self.office = database, open_office(database)
        town = self.office.town
        with database.system("test: clerk and privacy officer") as session, session.begin():
            self.clerk = add_user(session, town.court_agency, "clerk", CLERK)
            self.privacy = add_user(session, town.court_agency, "privacy_officer", PRIVACY)
        self.office.evaluate()
        self.before = everything(database)
        self._add()

    def _add(self) -> None:
        office: Office = self.office
        with self.database.system("test: the case that leaves") as session, session.begin():
            matter = supervised(session, office.town, office.officer, "Zanzibarov", "Lev")
            session.get_one(Case, matter.case).number = NUMBER
            unexcused(session, matter, *(NOW.date() - timedelta(days=7 * week) for week in (1, 2, 3, 4)))
            heard = hearing(session, matter, NOW)
        office.evaluate()
        self.matter = matter
        with self.database.system("test: decided, and laid before the court") as session, session.begin():
            flags = session.scalars(sa.select(Flag).where(Flag.case_id == matter.case)).all()
            assert flags, "the case has flags"
            decided(session, flags[0], "DISMISSED")
            assert take(session, heard, NOW, switched_on()) is not None

    def do(self, wanted: Wanted, after: timedelta = timedelta(0)):
        with self.database.system("test: by order") as session, session.begin():
            return carry_out(session, wanted, SECRET, NOW + after)

    def approve(self, approved: bool = True) -> None:
        with self.database.system("test: what waits", writes=False) as session:
            request = session.scalar(sa.select(ApprovalRequest.id).where(ApprovalRequest.outcome.is_(None)))
        assert request is not None, "nothing waits"
        who = Identity(
            user_id=self.privacy, name="P", email=PRIVACY, role=Role.PRIVACY_OFFICER, zone="UTC", session=b"s",
            agency_id=self.office.town.court_agency, agency_name="Court", mfa_at=NOW,
        )  # fmt: skip
        assert decide(self.database, who, request, approved, audit.audit_key(SECRET), NOW)

    def out(self, kind: str) -> int:
        """Asked, approved and done; the number of the removal."""
        assert self.do(wanted(kind)).removal == 0
        self.approve()
        return self.do(wanted(kind)).removal


def everything(database: Database, leave_out: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Every row of every table as text."""
    with database.system("test: the whole record", writes=False) as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(sa.select(table)))
            for table in Base.metadata.sorted_tables if table.name not in STAYS | leave_out
        }  # fmt: skip


@pytest.fixture
def courthouse(database: Database) -> Courthouse:
    return Courthouse(database)


@pytest.mark.parametrize("kind", ["SEAL", "EXPUNGE"])
def test_afterwards_the_record_is_as_if_the_case_had_never_been_there(courthouse: Courthouse, kind: str) -> None:
    assert everything(courthouse.database) != courthouse.before
    courthouse.out(kind)
    assert everything(courthouse.database) == courthouse.before
    courthouse.office.evaluate()
    assert everything(courthouse.database) == courthouse.before


def test_one_person_alone_takes_no_case_out_and_a_no_is_a_no(courthouse: Courthouse) -> None:
    whole = everything(courthouse.database)
    assert courthouse.do(wanted("EXPUNGE")).removal == 0
    assert courthouse.do(wanted("EXPUNGE")).removal == 0, "asked twice is asked once"
    courthouse.approve(approved=False)
    assert courthouse.do(wanted("EXPUNGE")).removal == 0
    assert everything(courthouse.database) == whole


def test_a_yes_to_sealing_is_no_yes_to_expunging(courthouse: Courthouse) -> None:
    courthouse.do(wanted("SEAL"))
    courthouse.approve()
    assert courthouse.do(wanted("EXPUNGE")).removal == 0


def test_only_a_clerk_or_a_privacy_officer_asks(courthouse: Courthouse) -> None:
    with pytest.raises(RemovalError, match="clerk"):
        courthouse.do(msgspec.structs.replace(wanted("SEAL"), by="reyes@agency.example"))
    with pytest.raises(RemovalError, match="no such case"):
        courthouse.do(wanted("SEAL", "26-DV-000000"))


def test_another_agency_or_who_is_walled_off_asks_for_nothing_sealed_or_not(courthouse: Courthouse) -> None:
    town, database = courthouse.office.town, courthouse.database
    with database.system("test: others") as session, session.begin():
        add_user(session, town.program_agency, "privacy_officer", "privacy@program.example")
        walled = add_user(session, town.court_agency, "clerk", "walled@court.example")
        wall = {"user_id": walled, "person_id": courthouse.matter.person, "entered_by_id": courthouse.privacy}
        rest = {"agency_id": town.court_agency, "entered_at": NOW, "ended_at": None, "sealed_why": b""}
        session.add(Wall(id=random_id(), **wall, **rest))
    for kind, case in (("SEAL", NUMBER), ("RETURN", str(courthouse.out("SEAL")))):
        for by in ("privacy@program.example", "walled@court.example"):
            with pytest.raises(RemovalError, match="no such case"):
                courthouse.do(msgspec.structs.replace(wanted(kind, case), by=by))
    assert courthouse.do(wanted("RETURN", case)).removal == 0
    with database.system("test: who decides", writes=False) as session:
        asked = session.scalars(sa.select(ApprovalRequest).where(ApprovalRequest.outcome.is_(None))).one()
        assert asked.detail["walled"] == [walled]


def test_without_a_second_person_at_an_agency_of_the_case_it_is_not_even_asked(courthouse: Courthouse) -> None:
    with courthouse.database.system("test: left") as session, session.begin():
        add_user(session, courthouse.office.town.program_agency, "privacy_officer", "privacy@program.example")
        session.get_one(User, courthouse.privacy).disabled_at = NOW
    with pytest.raises(RemovalError, match="Nobody is left"):
        courthouse.do(wanted("SEAL"))


def test_a_sealed_case_comes_back_by_order_as_it_was(courthouse: Courthouse) -> None:
    whole = everything(courthouse.database)
    number = courthouse.out("SEAL")
    assert courthouse.do(wanted("RETURN", str(number))).removal == 0
    courthouse.approve()
    assert courthouse.do(wanted("RETURN", str(number))).removal == number
    assert everything(courthouse.database) == whole
    with pytest.raises(RemovalError):
        courthouse.do(wanted("RETURN", str(number)))


def test_a_notice_that_comes_while_the_case_is_sealed_waits_for_it_unseen_and_goes_when_nothing_is_left_to_wait_for(
    courthouse: Courthouse
) -> None:
    """Else it would be forgotten as nobody's; and one that outlives the others on a list says that there is a case."""
    law = LocalLaw(record_notices=Forgetting(from_on=NOW.date(), days=30, citation="Example Code 1"))
    number, office = courthouse.out("SEAL"), courthouse.office
    with courthouse.database.system("test: notices while it is sealed") as session, session.begin():
        keeper = Agency(id=random_id(), kind="medical", name="Records", code="records", zone="UTC")
        attorney = Agency(id=random_id(), kind="prosecution", name="Near DA", code="da", zone="UTC")
        session.add_all([keeper, attorney])
        session.flush()
        session.add_all(RecordNotice(
            id=random_id(), agency_id=keeper.id, number=said, custodian_id=keeper.id, basis="LAW", told=True,
            noticed_on=NOW.date(), receipt=said, recorded_at=NOW, recorded_by_id=courthouse.clerk,
        ) for said in (NUMBER, "PD-1"))  # fmt: skip
    scope = Scope(user_id=office.officer, role=Role.PROSECUTOR.value, agency_id=attorney.id)

    def left(days: int) -> tuple[list[str | None], set[str]]:
        """After the night of that day: what is kept, and what a prosecutor has on the list."""
        at = NOW + timedelta(days=days)
        with courthouse.database.scoped(scope) as session:
            before = {one.number for one in unmatched(session, over_before(law, at))}
        with courthouse.database.system("the nightly job") as session, session.begin():
            forget_unmatched(session, law, SECRET, at, lambda: sealed_numbers(session, SECRET))
            kept = list(session.scalars(sa.select(RecordNotice.number).order_by(RecordNotice.number)))
        with courthouse.database.scoped(scope) as session:
            after = {one.number for one in unmatched(session, over_before(law, at))}
        assert before == after, "whether the job has run is seen"
        return kept, after

    assert left(29) == ([NUMBER, "PD-1"], {NUMBER, "PD-1"})
    assert left(31) == ([NUMBER], set())
    courthouse.do(wanted("RETURN", str(number)))
    courthouse.approve()
    courthouse.do(wanted("RETURN", str(number)))
    assert left(32) == ([NUMBER], {NUMBER})  # of a case that is with no prosecutor yet: the only office's to come
    courthouse.out("EXPUNGE")
    assert left(33) == ([], set())


def test_a_sealed_case_expunged_leaves_no_bytes_to_open(courthouse: Courthouse) -> None:
    number = courthouse.out("SEAL")
    courthouse.do(wanted("EXPUNGE", str(number)))
    courthouse.approve()
    courthouse.do(wanted("EXPUNGE", str(number)))
    with courthouse.database.system("test: what stays", writes=False) as session:
        row = session.get_one(Removal, number)
        assert (row.kind, row.sealed_rows, row.about_id) == ("EXPUNGE", None, courthouse.matter.case)
    with pytest.raises(RemovalError):
        courthouse.do(wanted("RETURN", str(number)))


def test_what_stays_says_that_it_was_done_and_nothing_of_whom(courthouse: Courthouse) -> None:
    number = courthouse.out("EXPUNGE")
    with courthouse.database.system("test: what stays", writes=False) as session:
        told = [
            repr(tuple(row))
            for table in Base.metadata.sorted_tables for row in session.execute(sa.select(table))
        ]  # fmt: skip
        entry = session.execute(
            sa.text("select subjects, detail from audit_entry where event = 'case.expunged'")
        ).one()
        assert audit.verify(session, audit.audit_key(SECRET)).broken_at is None
    assert not [row for row in told for word in ("Zanzibarov", NUMBER, WHY, "2026-EX-12") if word in row]
    assert str(courthouse.matter.case) in str(entry.subjects) and str(number) in str(entry.subjects)
    assert "attendance" in str(entry.detail)


def test_sheets_that_came_in_forget_the_person_and_keep_the_others(courthouse: Courthouse) -> None:
    day = (NOW.date() - timedelta(days=2)).isoformat()
    other = (NOW.date() - timedelta(days=9)).isoformat()
    rows = f"Lev Zanzibarov,{day},Present\nAnn Example,{day},Present\nZanzibarov L.,{day},Present\n"
    for name, sheet in (("waits.csv", rows), ("apart.csv", f"Ann Example,{other},Present\n")):
        import_attendance(courthouse.database, "near-p", name, f"Name,Date,Status\n{sheet}".encode(), NOW)
    with courthouse.database.system("test: one still waits") as session, session.begin():
        session.execute(sa.update(Upload).where(Upload.file_name == "waits.csv").values(state="READY"))
    courthouse.out("EXPUNGE")
    with courthouse.database.system("test: sheets", writes=False) as session:
        told = repr([
            *session.execute(sa.select(*UploadRow.__table__.c)),
            *session.execute(sa.select(Upload.check, Upload.answers, Upload.content)),
        ])  # fmt: skip
        states = dict(session.execute(sa.select(Upload.file_name, Upload.state)).all())
    assert "anzibarov" not in told and "Ann Example" in told
    assert states["waits.csv"] == "DISCARDED" != states["apart.csv"]


def test_a_person_with_another_case_stays_with_that_one(courthouse: Courthouse) -> None:
    with courthouse.database.system("test: a second case") as session, session.begin():
        first = session.get_one(Case, courthouse.matter.case)
        session.add(
            Case(id=random_id(), agency_id=first.agency_id, court_id=first.court_id, person_id=first.person_id,
                 number="26-DV-001000", opened_on=first.opened_on)
        )  # fmt: skip
    courthouse.out("EXPUNGE")
    with courthouse.database.system("test: still there", writes=False) as session:
        assert session.get(Person, courthouse.matter.person) is not None
        assert session.scalar(sa.select(sa.func.count(Case.id)).where(Case.person_id == courthouse.matter.person)) == 1


@pytest.mark.parametrize("kind", ["SEAL", "EXPUNGE"])
def test_what_nobody_saved_yet_forgets_the_person_and_keeps_the_others(courthouse: Courthouse, kind: str) -> None:
    office, database = courthouse.office, courthouse.database
    gone, stays = courthouse.matter, office.matter
    with database.system("test: drafts") as session, session.begin():
        for day, places in ((NOW.date(), (gone, stays)), (NOW.date() - timedelta(days=7), (gone,))):
            marks = {place.enrollment: Mark(says="P") for place in places}
            keep_draft(session, office.town.program_agency, office.officer, office.town.group, day, marks, NOW)
        for matter in (gone, stays):
            session.add(ContactDraft(case_id=matter.case, agency_id=office.town.office, user_id=office.officer,
                                     content={"words": "Rang"}, kept_at=NOW))  # fmt: skip
    courthouse.out(kind)
    with database.system("test: drafts left", writes=False) as session:
        assert [list(marks) for marks in session.scalars(sa.select(GridDraft.marks))] == [[str(stays.enrollment)]]
        assert session.scalars(sa.select(ContactDraft.case_id)).all() == [stays.case]


def _wall_requests(courthouse: Courthouse) -> None:
    """A wall of the person, its removal asked for, and another list to be taken out for the sake of the case."""
    with courthouse.database.system("test: a wall, and requests") as session, session.begin():
        town, person = courthouse.office.town, courthouse.matter.person
        who = Asking(courthouse.clerk, town.court_agency)
        wall = put_up(session, who, courthouse.office.colleague, person, "His brother", SECRET, NOW)
        for asked in (
            Ask(act="wall.remove", subject_id=wall, why="Cho is married to Zanzibarov no more", person_id=person),
            Ask(act="export.large", subject_id=1, why=f"30 cases. For the hearing of {NUMBER.lower()}"),
            Ask(act="export.large", subject_id=1, why="40 cases. For the audit"),
        ):
            ask(session, who, asked, SECRET, NOW)


def _words(courthouse: Courthouse) -> list[str]:
    with courthouse.database.system("test: what requests say", writes=False) as session:
        rows = session.scalars(sa.select(ApprovalRequest).order_by(ApprovalRequest.id)).all()
        assert all(not row.detail and row.until_at <= NOW for row in rows if not row.sealed_why)
        return [words for row in rows if (words := words_of(row, SECRET))]


@pytest.mark.parametrize("kind", ["SEAL", "EXPUNGE"])
def test_requests_about_the_persons_walls_and_about_the_case_lose_their_words_and_are_over(
    courthouse: Courthouse, kind: str
) -> None:
    courthouse.do(wanted(kind))
    courthouse.approve()
    _wall_requests(courthouse)
    assert len(_words(courthouse)) == 4
    courthouse.do(wanted(kind))
    assert _words(courthouse) == ["40 cases. For the audit"]


def test_a_person_with_another_case_keeps_the_requests_about_their_walls(courthouse: Courthouse) -> None:
    with courthouse.database.system("test: a second case") as session, session.begin():
        first = session.get_one(Case, courthouse.matter.case)
        session.add(
            Case(id=random_id(), agency_id=first.agency_id, court_id=first.court_id, person_id=first.person_id,
                 number="26-DV-001000", opened_on=first.opened_on)
        )  # fmt: skip
    courthouse.do(wanted("EXPUNGE"))
    courthouse.approve()
    _wall_requests(courthouse)
    courthouse.do(wanted("EXPUNGE"))
    assert sorted(_words(courthouse)) == ["40 cases. For the audit", "Cho is married to Zanzibarov no more"]


def test_a_frozen_packet_goes_only_with_its_case(courthouse: Courthouse) -> None:
    with pytest.raises(DatabaseError, match="only added to"):
        with courthouse.database.system("test: a packet alone") as session, session.begin():
            session.execute(sa.delete(Packet).where(Packet.case_id == courthouse.matter.case))
