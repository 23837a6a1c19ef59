"""Names of those who work here and of parties, and parties reversed in two cases: who is told, and who is not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest
from sqlalchemy import event, select

from monitor.access.identity import Identity
from monitor.access.reach import READS
from monitor.access.roles import Role
from monitor.access.scope import Scope, ScopeError
from monitor.conflicts import alerts_of, handle
from monitor.context_reviews import cases_of, done, mark, open_questions, suggestions_off
from monitor.db import Database
from monitor.insiders import look_into
from monitor.models import (
    Agency,
    Case,
    CaseAgency,
    ConflictAlert,
    ContextReview,
    Membership,
    Order,
    OrderVersion,
    Outbox,
    Person,
    ProtectedParty,
    User,
    Wall,
    random_id,
)
from monitor.names import key_of
from monitor.party_names import all_parties, seal_name
from tests.builders import ORDERED_ON, Matter, Town, add_user, build_town, person_with_order

SECRET = "a secret of the test site, long enough"
NOW = datetime(2026, 3, 4, 17, tzinfo=UTC)


class County(msgspec.Struct):
    """One town, a prosecutor's office, privacy officers of three agencies."""

    database: Database
    town: Town
    prosecution: int
    privacy: dict[str, int]

    def look(self) -> tuple[int, int, int]:
        with self.database.system("test: the job") as session, session.begin():
            return look_into(session, SECRET, NOW)

    def case(self, respondent: str, protected: str, number: str) -> Matter:
        """A case about ``respondent`` whose order protects ``protected``."""
        with self.database.system("test: an order") as session, session.begin():
            matter = person_with_order(session, self.town, number=number)
            person = session.get_one(Person, matter.person)
            person.given_name, person.family_name = respondent.split(maxsplit=1)
            party = ProtectedParty(id=random_id(), agency_id=self.town.court_agency, sealed_name=b"")
            party.sealed_name = seal_name(SECRET, party.id, protected)
            session.add(party)
            session.get_one(Order, matter.order).protected_party_id = party.id
            session.add(CaseAgency(case_id=matter.case, agency_id=self.prosecution, from_on=ORDERED_ON))
            return matter

    def staff(self, name: str, role: str = "officer") -> int:
        with self.database.system("test: somebody is hired") as session, session.begin():
            user = add_user(session, self.town.office, role, f"{name.replace(' ', '.').lower()}@agency.example")
            session.get_one(User, user).name = name
            return user

    def who(self, user: int, role: Role, agency: int) -> Identity:
        return Identity(user, "Pat", "p@x.example", role, agency, "Agency", "UTC", b"s", NOW)


@pytest.fixture
def county(database: Database) -> County:
    with database.system("test: a county") as session, session.begin():
        town = build_town(session)
        prosecution = Agency(id=random_id(), kind="prosecution", name="DA", code="da", zone=town.zone)
        session.add(prosecution)
        session.flush()
        agencies = {"court": town.court_agency, "office": town.office, "da": prosecution.id}
        privacy = {
            name: add_user(session, agency, "privacy_officer", f"privacy@{name}.example", date(2026, 1, day))
            for day, (name, agency) in enumerate(agencies.items(), start=1)
        }
    return County(database, town, prosecution.id, privacy)


def test_a_hired_person_with_the_name_of_a_respondent_alerts_two_people_outside_that_office(county: County) -> None:
    matter = county.case("Ann Example", "Kay Other", "26-DV-1")
    user = county.staff("Ann Éxample")
    assert county.look()[0] == 1
    with county.database.system("test: look", writes=False) as session:
        told = set(session.scalars(select(ConflictAlert.recipient_id)))
        sealed = session.scalars(select(ConflictAlert.sealed)).all()
        notices = session.execute(select(Outbox.subject, Outbox.body).where(Outbox.key.like("conflict:%"))).all()
        assert not session.scalars(select(Wall)).all()  # blocks nothing
    assert told == {county.privacy["court"], county.privacy["da"]}  # not the office's own
    assert all(str(user).encode() not in blob and b"RESPONDENT" not in blob for blob in sealed)
    assert {tuple(row) for row in notices} == {("1 item due today", "You have 1 item due today. Sign in.")}
    with county.database.scoped(Scope(county.privacy["court"], "privacy_officer", county.town.court_agency)) as session:
        [line] = alerts_of(session, county.privacy["court"], SECRET)
    assert (line.who, line.party, line.number) == ("Ann Éxample", "the person under order", "26-DV-1")
    assert matter.case


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("ended", "alerts"), [(None, 1), (NOW, 0)])
def test_closing_a_case_takes_an_order_in_force_out_of_no_comparison(
    county: County, ended: datetime | None, alerts: int
) -> None:
    """Safeguard D2: dispatch still says ACTIVE, so a colleague who is hired next week is compared with it."""
    matter = county.case("Ann Example", "Kay Other", "26-DV-1")
    with county.database.system("test: closed") as session, session.begin():
        session.get_one(Case, matter.case).closed_on = date(2026, 3, 2)
        for version in session.scalars(select(OrderVersion)):
            version.effective_to = ended
    county.staff("Kay Other")
    assert county.look()[0] == alerts


def test_an_order_that_protects_somebody_who_works_here_alerts_too_and_once_only(county: County) -> None:
    county.staff("Kay Other")
    county.case("Ann Example", "Other, Kay M.", "26-DV-1")
    assert county.look()[0] == 1
    assert county.look()[0] == 0
    with county.database.scoped(Scope(county.privacy["court"], "privacy_officer", county.town.court_agency)) as session:
        [line] = alerts_of(session, county.privacy["court"], SECRET)
    assert line.party == "the person an order protects"


KNOWN = [
    # the account, and the same person as a court writes the name, given name first
    ("José García", "José García Ortiz"), ("José García Ortiz", "Jose Garcia"), ("Ortiz, José", "José García Ortiz"),
    ("Patrick O Brien", "Patrick O'Brien"), ("Bob Vandyke", "Bob Van Dyke"), ("Bob Van Dyke", "Bob Vandyke"),
    ("John Smith Jr.", "John Smith"), ("Dr. John Smith", "John Smith Jr."), ("Ana Smith-Jones", "Ana Jones"),
    ("Ana de la Cruz", "Ana Delacruz"), ("Lan Nguyen", "Lan Nguyễn"),
]


@pytest.mark.parametrize(("account", "party"), KNOWN)
def test_an_account_is_known_by_each_last_name_suffix_or_not_joined_or_split(
    county: County, account: str, party: str
) -> None:
    """Safeguard D2: an alert costs two people a look, a miss costs a wall."""
    county.staff(account)
    given, family = party.split(maxsplit=1)
    county.case(party, "Kay Other", "26-DV-1")
    assert county.look()[0] == 1
    county.case("Ann Example", f"{family}, {given}", "26-DV-2")
    assert county.look()[0] == 1
    county.case("Bo Third", "Lu Fourth", "26-DV-3")
    assert county.look()[0] == 0


@pytest.mark.parametrize(("account", "party"), [
    ("José García", "José Ortiz"), ("José García", "Juan García Ortiz"), ("Patrick Neal", "Patrick O'Neal"),
    ("John Jr", "Jack Smith Jr."),
])  # fmt: skip
def test_a_name_that_has_only_one_part_in_common_alerts_nobody(county: County, account: str, party: str) -> None:
    county.staff(account)
    county.case(party, "Kay Other", "26-DV-1")
    assert county.look()[0] == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_more_people_and_more_last_names_cost_no_more_statements(county: County) -> None:
    county.staff("Nobody Hereabouts")
    said: list[str] = []

    def asked() -> int:
        said.clear()
        county.look()
        return len(said)

    event.listen(county.database.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    county.case("José García Ortiz", "Other, Kay", "26-DV-1")
    once = asked()
    for number in range(2, 9):
        county.case("José García Ortiz de Pérez", "Mac Giolla, Kay", f"26-DV-{number}")
        county.staff(f"Somebody Else{chr(96 + number)}")
    assert asked() == once


def test_an_alert_becomes_a_wall_or_somebody_else_of_that_name(county: County) -> None:
    matter = county.case("Ann Example", "Kay Other", "26-DV-1")
    user = county.staff("Ann Example")
    county.look()
    officer = county.privacy["court"]
    who = county.who(officer, Role.PRIVACY_OFFICER, county.town.court_agency)
    with county.database.scoped(who.scope, writes=True) as session, session.begin():
        [line] = alerts_of(session, officer, SECRET)
        assert handle(session, who, line.id, True, SECRET, NOW)
        assert not handle(session, who, line.id, True, SECRET, NOW)
    other = county.who(county.privacy["da"], Role.PRIVACY_OFFICER, county.prosecution)
    with county.database.scoped(other.scope, writes=True) as session, session.begin():
        assert not handle(session, other, line.id, True, SECRET, NOW)  # another's alert
    with county.database.scoped(Scope(user, "officer", county.town.office)) as session:
        assert session.get(Case, matter.case) is None


def recipients(county: County) -> set[int]:
    with county.database.system("test: look", writes=False) as session:
        return set(session.scalars(select(ConflictAlert.recipient_id)))


@pytest.mark.parametrize("how", ["account ended", "role to come", "role ended", "disabled"])
def test_an_alert_goes_to_whoever_is_in_office_and_to_nobody_who_left(county: County, how: str) -> None:
    """Safeguard D2: what is told to an account that opens no more is told to nobody, and never again."""
    with county.database.system("test: the court's officer left") as session, session.begin():
        left, role = county.privacy["court"], session.scalars(
            select(Membership).where(Membership.user_id == county.privacy["court"])
        ).one()  # fmt: skip
        if how == "account ended":
            session.get_one(User, left).ends_on = date(2026, 3, 4)
        elif how == "disabled":
            session.get_one(User, left).disabled_at = NOW
        else:
            role.from_on, role.until_on = {
                "role to come": (date(2026, 3, 5), None), "role ended": (date(2026, 1, 1), date(2026, 3, 4)),
            }[how]  # fmt: skip
        third = Agency(id=random_id(), kind="law_enforcement", name="Police", code="police", zone=county.town.zone)
        session.add(third)
        session.flush()
        stays = add_user(session, third.id, "privacy_officer", "privacy@police.example", date(2026, 2, 1))
    county.case("Ann Example", "Kay Other", "26-DV-1")
    county.staff("Ann Example")
    assert county.look()[0] == 1
    assert recipients(county) == {county.privacy["da"], stays}


def test_an_officer_who_leaves_on_a_day_to_come_is_in_office_until_then(county: County) -> None:
    with county.database.system("test: a last day is known") as session, session.begin():
        for row in session.scalars(select(Membership).where(Membership.role == "privacy_officer")):
            row.until_on = date(2026, 6, 1)
    county.case("Ann Example", "Kay Other", "26-DV-1")
    county.staff("Ann Example")
    county.look()
    assert recipients(county) == {county.privacy["court"], county.privacy["da"]}


def test_what_was_told_to_people_who_left_before_they_looked_is_told_to_those_who_came(county: County) -> None:
    county.case("Ann Example", "Kay Other", "26-DV-1")
    county.staff("Ann Example")
    county.look()
    with county.database.system("test: both leave") as session, session.begin():
        for name in ("court", "da"):
            session.get_one(User, county.privacy[name]).disabled_at = NOW
        came = add_user(session, county.prosecution, "privacy_officer", "next@da.example", date(2026, 3, 1))
    assert county.look()[0] == 1
    with county.database.scoped(Scope(came, "privacy_officer", county.prosecution)) as session:
        [line] = alerts_of(session, came, SECRET)
    assert county.look()[0] == 0, "and once"
    who = county.who(came, Role.PRIVACY_OFFICER, county.prosecution)
    with county.database.scoped(who.scope, writes=True) as session, session.begin():
        assert handle(session, who, line.id, False, SECRET, NOW)
    with county.database.system("test: that one leaves, too") as session, session.begin():
        session.get_one(User, came).disabled_at = NOW
        add_user(session, county.town.court_agency, "privacy_officer", "next@court.example", date(2026, 3, 1))
    assert county.look()[0] == 0, "somebody looked at it, and said that it is another"


def test_whoever_was_walled_off_since_has_no_such_alert_and_decides_nothing_about_it(county: County) -> None:
    """Safeguards B7 and D1: a page that was open when the wall went up says no more than one that is not there."""
    matter = county.case("Ann Example", "Kay Other", "26-DV-1")
    user, officer = county.staff("Ann Example"), county.privacy["court"]
    county.look()
    who = county.who(officer, Role.PRIVACY_OFFICER, county.town.court_agency)
    with county.database.scoped(who.scope, writes=True) as session, session.begin():
        [line] = alerts_of(session, officer, SECRET)
    with county.database.system("test: a wall") as session, session.begin():
        session.add(Wall(id=random_id(), agency_id=county.prosecution, user_id=officer, person_id=matter.person,
                         sealed_why=b"", entered_by_id=user, entered_at=NOW))  # fmt: skip
    with county.database.scoped(who.scope, writes=True) as session, session.begin():
        assert alerts_of(session, officer, SECRET) == []
        assert not handle(session, who, line.id, True, SECRET, NOW)
    with county.database.system("test: look", writes=False) as session:
        assert session.scalars(select(Wall.user_id)).all() == [officer]
        assert session.get_one(ConflictAlert, line.id).handled_at is None


def test_nobody_is_alerted_about_themselves(county: County) -> None:
    county.case("Ann Example", "Kay Other", "26-DV-1")
    with county.database.system("test: a privacy officer's name") as session, session.begin():
        session.get_one(User, county.privacy["court"]).name = "Ann Example"
    county.look()
    with county.database.system("test: look", writes=False) as session:
        assert county.privacy["court"] not in set(session.scalars(select(ConflictAlert.recipient_id)))


def test_reversed_parties_ask_the_prosecutor_and_the_supervisor_of_both_cases_and_nobody_else(county: County) -> None:
    one = county.case("Ann Example", "Kay Other", "26-DV-1")
    county.case("Bo Third", "Lu Fourth", "26-DV-3")
    two = county.case("Kay Other", "Ann Example", "26-DV-2")
    assert county.look()[1] == 4
    assert county.look()[1] == 0
    for role, agency in (("prosecutor", county.prosecution), ("officer_supervisor", county.town.office)):
        with county.database.scoped(Scope(1, role, agency)) as session:
            found = open_questions(session, agency, SECRET)
            assert {line.number for line in found} == {"26-DV-1", "26-DV-2"}
    for role in set(READS) - {"prosecutor", "officer_supervisor"}:
        with county.database.scoped(Scope(1, role, county.town.office)) as session, pytest.raises(ScopeError):
            session.execute(select(ContextReview))
    with county.database.system("test: suggestions", writes=False) as session:
        assert [suggestions_off(session, matter.case) for matter in (one, two)] == [True, True]


@pytest.mark.parametrize(("first", "second"), [
    (("José García Ortiz", "Vega, Ana"), ("Ana Vega Ruiz", "García, José")),
    (("Patrick O'Brien", "Van Dyke, Amy"), ("Amy Vandyke", "Patrick O Brien")),
    (("John Smith", "Lee, Kay"), ("Kay Lee", "John Smith Jr.")),
])  # fmt: skip
def test_reversed_parties_are_found_by_each_last_name(
    county: County, first: tuple[str, str], second: tuple[str, str]
) -> None:
    county.case(*first, "26-DV-1")
    county.case(*second, "26-DV-2")
    assert county.look()[1] == 4
    county.case(second[0], "Quill, Mark", "26-DV-3")
    assert county.look()[1] == 0, "one party in common is no mirror"


def test_suggestions_come_back_when_every_question_is_done_and_it_is_not_asked_again(county: County) -> None:
    one = county.case("Ann Example", "Kay Other", "26-DV-1")
    county.case("Kay Other", "Ann Example", "26-DV-2")
    county.look()
    for role, agency in ((Role.PROSECUTOR, county.prosecution), (Role.OFFICER_SUPERVISOR, county.town.office)):
        who = county.who(1, role, agency)
        with county.database.scoped(who.scope, writes=True) as session, session.begin():
            assert suggestions_off(session, one.case)
            for line in open_questions(session, agency, SECRET):
                assert done(session, who, line.id, NOW) == line.ours
    with county.database.system("test: suggestions", writes=False) as session:
        assert not suggestions_off(session, one.case)
    assert county.look()[1] == 0


def test_the_same_parties_in_the_same_roles_twice_are_no_mirror(county: County) -> None:
    county.case("Ann Example", "Kay Other", "26-DV-1")
    county.case("Ann Example", "Kay Other", "26-DV-2")
    assert county.look()[1] == 0


def test_a_mark_by_hand_is_seen_by_the_two_only_and_its_words_are_sealed(county: County) -> None:
    matter = county.case("Ann Example", "Kay Other", "26-DV-1")
    who = county.who(1, Role.PROSECUTOR, county.prosecution)
    with county.database.scoped(who.scope, writes=True) as session, session.begin():
        [case] = cases_of(session, "26-DV-1", "")
        assert mark(session, who, case, "two earlier reports", SECRET, NOW)
        assert cases_of(session, "26-DV-NOWHERE", "") == []
        [row] = session.scalars(select(ContextReview)).all()
        assert b"reports" not in row.sealed
    with county.database.scoped(Scope(1, "officer_supervisor", county.town.office)) as session:
        [line] = open_questions(session, county.town.office, SECRET)
    assert (line.kind, line.words, line.ours) == ("Possible victim-defendant", "two earlier reports", False)
    with county.database.system("test: suggestions", writes=False) as session:
        assert suggestions_off(session, matter.case)


def test_no_protected_name_leaves_the_comparison(county: County, caplog: pytest.LogCaptureFixture) -> None:
    county.case("Ann Example", "Kay Zyxwvut", "26-DV-1")
    county.case("Kay Zyxwvut", "Ann Example", "26-DV-2")
    with caplog.at_level("DEBUG"):
        county.look()
    assert "yxwvut" not in caplog.text.casefold()
    with county.database.system("test: look", writes=False) as session:
        assert "yxwvut" not in repr(list(all_parties(session, SECRET, NOW))).casefold()
        for entity in (ContextReview, ConflictAlert, Outbox):
            for row in session.scalars(select(entity)):
                assert b"yxwvut" not in repr(vars(row)).casefold().encode()


def test_without_the_sites_key_no_name_is_opened_and_nothing_is_told(county: County) -> None:
    county.case("Ann Example", "Kay Other", "26-DV-1")
    county.staff("Kay Other")
    with county.database.system("test: another key") as session, session.begin():
        assert look_into(session, "another secret altogether, also long", NOW)[:2] == (0, 0)
        assert look_into(session, "", NOW)[:2] == (0, 0)
        assert session.scalar(select(Membership.id)) is not None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ann Example", ("ann", "example")), ("Example, Ann", ("ann", "example")),
        ("ÁNN M. Éxample", ("ann", "example")), ("Ann", ("", "ann")),
        ("", None), ("O'Neil, Mary-Ann", ("mary", "oneil")),
    ],
)  # fmt: skip
def test_names_compare_without_case_accents_and_middle_names(text: str, key: object) -> None:
    assert key_of(text) == key
