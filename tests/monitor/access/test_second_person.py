"""What one person never does alone: every way in which a second yes could be had without a second person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import select, update

from monitor.access.identity import Identity
from monitor.access.roles import Role
from monitor.access.second_person import (
    _EFFECTS,
    DECIDES,
    FRESH,
    LASTS,
    LED_IN,
    Ask,
    NotYours,
    able,
    agencies_of,
    approved,
    ask,
    decide,
    led_in,
    lonely,
    spend,
    too_late,
    waiting,
)
from monitor.access.second_person import stands as stands_open
from monitor.audit import audit_key
from monitor.db import Database
from monitor.models import Agency, ApprovalRequest, AuditEntry, CaseAgency, Membership, Outbox, User
from monitor.trail.alarm import tell_privacy
from monitor.walls import put_up
from tests.builders import Town, add_user, build_town, person_with_order

SITE = "a secret of the test site, long enough"
KEY = audit_key(SITE)
NOW = datetime(2026, 3, 4, 17, tzinfo=UTC)
ACT = "wall.remove"


class Office(msgspec.Struct):
    """A privacy officer asks to take down the wall of a colleague; who else works there."""

    request: int
    asks: Identity
    serves: Identity
    second: Identity
    officer: Identity
    town: Town


@pytest.fixture
def office(database: Database, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setitem(_EFFECTS, ACT, lambda session, request, now: None)  # what it does is tested where walls are
    with database.system("test: an office") as session, session.begin():
        town = build_town(session)
        roles = {"asks": Role.PRIVACY_OFFICER, "serves": Role.PRIVACY_OFFICER, "second": Role.PRIVACY_OFFICER,
                 "officer": Role.OFFICER}  # fmt: skip
        people = {name: somebody(session, town.office, role, name) for name, role in roles.items()}
        asked = Ask(act=ACT, subject_id=5, why="the marriage was over", beneficiary_id=people["serves"].user_id)
        return Office(ask(session, people["asks"], asked, SITE, NOW), **people, town=town)


def somebody(session, agency: int, role: Role, name: str) -> Identity:
    user = add_user(session, agency, role.value, f"{name}@near.example")
    return Identity(user, name, f"{name}@near.example", role, agency, "Near", "UTC", name.encode(), NOW)


def says_yes(database: Database, who: Identity, office: Office, now: datetime = NOW) -> bool:
    return decide(database, msgspec.structs.replace(who, mfa_at=now), office.request, True, KEY, now) is not None


def stands(database: Database, office: Office, now: datetime = NOW) -> bool:
    with database.system("test: look", writes=False) as session:
        return approved(session, ACT, 5, office.asks.user_id, now)


@pytest.mark.parametrize("who", ["asks", "serves", "officer"])
def test_neither_who_asked_nor_whom_it_serves_nor_another_role_says_yes(database, office: Office, who: str) -> None:
    person = getattr(office, who)
    assert not waiting(database, person, SITE, NOW)
    assert not says_yes(database, person, office)
    assert not stands(database, office)


def test_a_second_person_says_yes_and_it_is_on_record_whose(database, office: Office) -> None:
    (line,) = waiting(database, office.second, SITE, NOW)
    assert (line.act, line.why) == (ACT, "the marriage was over")
    assert says_yes(database, office.second, office)
    assert stands(database, office)
    assert not waiting(database, office.second, SITE, NOW)
    with database.system("test: look", writes=False) as session:
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.event, entry.user_id) == ("approval.decided", office.second.user_id)
    assert entry.detail == {"act": ACT, "outcome": "APPROVED", "asked_by": office.asks.user_id}


@pytest.mark.parametrize("answer", [True, False])
def test_what_was_decided_is_not_decided_again(database, office: Office, answer: bool) -> None:
    assert decide(database, office.second, office.request, answer, KEY, NOW)
    assert decide(database, office.second, office.request, not answer, KEY, NOW) is None
    assert stands(database, office) is answer


def test_a_no_opens_nothing(database, office: Office) -> None:
    assert decide(database, office.second, office.request, False, KEY, NOW)
    assert not stands(database, office)


def test_after_three_days_nobody_says_yes_any_more_and_a_yes_is_worth_nothing(database, office: Office) -> None:
    over = NOW + LASTS
    assert not waiting(database, office.second, SITE, over)
    assert not says_yes(database, office.second, office, over)
    assert says_yes(database, office.second, office, over - timedelta(seconds=1))
    assert stands(database, office, over - timedelta(seconds=1))
    assert not stands(database, office, over)


@pytest.mark.parametrize("mfa_at", [None, NOW - FRESH])
def test_a_sign_in_of_five_minutes_ago_decides_nothing(database, office: Office, mfa_at: datetime | None) -> None:
    with pytest.raises(NotYours, match="five minutes"):
        decide(database, msgspec.structs.replace(office.second, mfa_at=mfa_at), office.request, True, KEY, NOW)
    assert not stands(database, office)


def test_a_yes_is_for_that_act_that_row_and_that_person_alone(database, office: Office) -> None:
    assert says_yes(database, office.second, office)
    with database.system("test: look", writes=False) as session:
        assert not approved(session, "record.unseal", 5, office.asks.user_id, NOW)
        assert not approved(session, ACT, 6, office.asks.user_id, NOW)
        assert not approved(session, ACT, 5, office.second.user_id, NOW)


ELSEWHERE = {"the program": "program_agency", "the court": "court_agency"}


def test_a_yes_is_worth_one_act_also_for_a_press_that_began_before_and_comes_second(database, office: Office) -> None:
    says_yes(database, office.second, office)
    later, began = NOW + timedelta(minutes=2), NOW + timedelta(minutes=1)
    with database.system("test: two presses") as session, session.begin():
        assert spend(session, ACT, 5, office.asks.user_id, later)
        assert not spend(session, ACT, 5, office.asks.user_id, began)


@pytest.mark.parametrize("agency", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_a_privacy_officer_of_another_agency_neither_reads_nor_decides(database, office: Office, agency: str) -> None:
    stranger = of_agency(database, getattr(office.town, agency))
    assert not waiting(database, stranger, SITE, NOW)
    assert not says_yes(database, stranger, office)
    assert not stands(database, office)


def of_agency(database: Database, agency: int) -> Identity:
    with database.system("test: a privacy officer") as session, session.begin():
        return somebody(session, agency, Role.PRIVACY_OFFICER, f"privacy{agency}")


def test_what_is_about_a_case_is_decided_where_the_case_is_and_by_no_program(database, office: Office) -> None:
    with database.system("test: a case of the town") as session, session.begin():
        matter = person_with_order(session, office.town)
        where = agencies_of(session, matter.case)
        assert where == {office.town.court_agency, office.town.office}
        asked = Ask(act="case.seal", subject_id=matter.case, why="order 12", agencies=where, person_id=matter.person)
        request = ask(session, office.asks, asked, SITE, NOW)
    here = msgspec.structs.replace(office, request=request)
    court, program = (of_agency(database, agency) for agency in (office.town.court_agency, office.town.program_agency))
    assert [line.why for line in waiting(database, court, SITE, NOW)] == ["order 12"]
    assert not waiting(database, program, SITE, NOW)
    assert not says_yes(database, program, here)
    assert says_yes(database, court, here)


def test_for_who_is_walled_off_from_the_person_there_is_no_request(database, office: Office) -> None:
    with database.system("test: a wall") as session, session.begin():
        person = person_with_order(session, office.town).person
        asked = Ask(act="case.seal", subject_id=9, why="order 12", person_id=person, walled=frozenset({7}))
        request = ask(session, office.asks, asked, SITE, NOW)
        put_up(session, office.asks, office.second.user_id, person, "cousins", SITE, NOW)
    here = msgspec.structs.replace(office, request=request)
    told = [line.why for line in waiting(database, office.second, SITE, NOW)]
    assert told == ["the marriage was over"]
    assert not says_yes(database, office.second, here)
    assert not says_yes(database, msgspec.structs.replace(office.second, user_id=7), here), "walled when it was sealed"
    assert says_yes(database, office.serves, here)


def test_whether_anybody_is_left_is_asked_of_this_agency(database, office: Office) -> None:
    with database.system("test: who is left", writes=False) as session:
        assert able(session, ACT, None, NOW) == able(session, ACT, None, NOW, [office.town.office]) == 3
        assert able(session, ACT, None, NOW, [office.town.program_agency]) == 0
    of_agency(database, office.town.program_agency)
    stranger = of_agency(database, office.town.court_agency)
    assert ACT in lonely(database, stranger, NOW)
    assert ACT not in lonely(database, office.asks, NOW)


def test_a_number_that_is_nobodys_decides_nothing(database, office: Office) -> None:
    assert decide(database, office.second, office.request + 1, True, KEY, NOW) is None


def test_an_act_that_is_not_on_the_list_is_never_asked_for(database, office: Office) -> None:
    assert "case.read" not in DECIDES
    with database.system("test: ask") as session, session.begin(), pytest.raises(KeyError):
        ask(session, office.asks, Ask(act="case.read", subject_id=5, why="x"), SITE, NOW)
    with database.system("test: look", writes=False) as session:
        assert len(session.scalars(select(ApprovalRequest.id)).all()) == 1


def test_who_was_slower_is_told_so_and_nobody_else_learns_that_there_was_a_request(database: Database, office: Office):
    """Safeguard B7: of a request that is open, not theirs, or over it says what it says of one that is not there."""
    third = somebody_more(database, office)
    assert not too_late(database, third, office.request, NOW), "it is open still"
    assert says_yes(database, office.second, office)
    assert too_late(database, third, office.request, NOW)
    assert too_late(database, third, office.request, NOW + LASTS - timedelta(microseconds=1))
    assert not too_late(database, third, office.request, NOW + LASTS), "it is over"
    assert not too_late(database, third, office.request + 1, NOW), "there is none of that number"
    for other in (office.asks, office.serves, office.officer):
        assert not too_late(database, other, office.request, NOW), other.name


def somebody_more(database: Database, office: Office) -> Identity:
    with database.system("test: one more privacy officer") as session, session.begin():
        return somebody(session, office.asks.agency_id, Role.PRIVACY_OFFICER, "third")


def test_a_case_is_also_decided_on_at_its_court_where_the_court_itself_shares_it_no_longer(database, office: Office):
    with database.system("test: shared by the program alone") as session, session.begin():
        matter = person_with_order(session, office.town)
        session.execute(update(CaseAgency).values(until_on=NOW.date()))
        assert agencies_of(session, matter.case) == {office.town.court_agency}


NOT_ABLE = {
    "the role ended today": (Membership, {"until_on": NOW.date()}),
    "the role begins tomorrow": (Membership, {"from_on": NOW.date() + timedelta(days=1)}),
    "the account's last day is over": (User, {"ends_on": NOW.date()}),
    "the account is closed": (User, {"disabled_at": NOW}),
    "the account was never opened": (User, {"password_until": NOW}),
}


@pytest.mark.parametrize(("table", "values"), NOT_ABLE.values(), ids=NOT_ABLE.keys())
def test_who_cannot_say_yes_today_is_not_counted_on(database, office: Office, table, values: dict[str, object]) -> None:
    whose = table.id if table is User else table.user_id
    with database.system("test: one fewer") as session, session.begin():
        session.execute(update(table).where(whose == office.second.user_id).values(**values))
        assert able(session, ACT, None, NOW) == 2


@pytest.mark.parametrize("gone", ["the role ended today", "the account's last day is over", "the account is closed"])
def test_what_somebody_asked_who_is_gone_is_agreed_to_by_nobody(database, office: Office, gone: str) -> None:
    """Safeguard D7: of an account that was closed because somebody else had it nothing goes on."""
    table, values = NOT_ABLE[gone]
    whose = table.id if table is User else table.user_id
    with database.system("test: gone") as session, session.begin():
        assert stands_open(session, ACT, 5, NOW)
        session.execute(update(table).where(whose == office.asks.user_id).values(**values))
        assert not stands_open(session, ACT, 5, NOW), "somebody else may ask"
    assert not waiting(database, office.second, SITE, NOW)
    assert not says_yes(database, office.second, office)
    assert not too_late(database, office.second, office.request, NOW)
    assert not stands(database, office)


def test_a_role_that_begins_today_or_ends_tomorrow_counts_today(database, office: Office) -> None:
    day = NOW.date()
    with database.system("test: one day") as session, session.begin():
        session.execute(update(Membership).values(from_on=day, until_on=day + timedelta(days=1)))
        assert able(session, ACT, None, NOW) == 3
        assert able(session, ACT, office.asks.user_id, NOW, without=[office.serves.user_id]) == 1


IN_THE_EVENING = datetime(2026, 3, 5, 2, tzinfo=UTC)  # 6 PM of the 4th in Los Angeles


def test_a_role_begins_and_ends_by_the_day_of_its_agency_and_not_of_greenwich(database, office: Office) -> None:
    """Else the only privacy officer of an evening is told of nothing, and one who has not begun is counted on."""
    today = NOW.date()
    with database.system("test: the agencies' own evening") as session, session.begin():
        session.execute(update(Agency).values(zone="America/Los_Angeles"))
        last_day = Membership.user_id.in_([office.asks.user_id, office.serves.user_id])
        session.execute(update(Membership).where(last_day).values(until_on=today + timedelta(days=1)))
        begins = Membership.user_id == office.second.user_id
        session.execute(update(Membership).where(begins).values(from_on=today + timedelta(days=1)))
        assert able(session, ACT, None, IN_THE_EVENING) == 2
        assert tell_privacy(session, "test:evening", office.town.office, IN_THE_EVENING) == 2
        told = set(session.scalars(select(Outbox.key).where(Outbox.key.startswith("test:evening"))))
    assert told == {f"test:evening:{one.user_id}" for one in (office.asks, office.serves)}


def test_whom_somebody_led_in_is_their_second_person_again_after_a_quarter_of_a_year(database, office: Office) -> None:
    asker, led = office.asks.user_id, office.second.user_id
    asked = Ask(act="role.grant", subject_id=led, why="new here", beneficiary_id=led)
    with database.system("test: a role was asked for") as session, session.begin():
        request = session.get_one(ApprovalRequest, ask(session, office.asks, asked, SITE, NOW))
        assert led_in(session, asker, NOW) == frozenset(), "nobody has agreed yet"
        request.outcome, request.decided_at = "APPROVED", NOW
    late = NOW + LED_IN - timedelta(microseconds=1)
    with database.system("test: who was led in", writes=False) as session:
        assert led_in(session, asker, late) == {led}
        assert able(session, ACT, asker, late) == 1
        assert led_in(session, asker, NOW + LED_IN) == frozenset()
        assert led_in(session, office.serves.user_id, NOW) == frozenset()
