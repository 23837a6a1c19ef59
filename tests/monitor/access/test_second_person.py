"""What one person never does alone: every way in which a second yes could be had without a second person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import select

from monitor.access.identity import Identity
from monitor.access.roles import Role
from monitor.access.second_person import _EFFECTS, DECIDES, FRESH, LASTS, Ask, NotYours, approved, ask, decide, waiting
from monitor.audit import audit_key
from monitor.db import Database
from monitor.models import ApprovalRequest, AuditEntry
from tests.builders import add_user, build_town

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


@pytest.fixture
def office(database: Database, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setitem(_EFFECTS, ACT, lambda session, request, now: None)  # what it does is tested where walls are
    with database.system("test: an office") as session, session.begin():
        town = build_town(session)
        roles = {"asks": Role.PRIVACY_OFFICER, "serves": Role.PRIVACY_OFFICER, "second": Role.PRIVACY_OFFICER,
                 "officer": Role.OFFICER}  # fmt: skip
        people = {name: somebody(session, town.office, role, name) for name, role in roles.items()}
        asked = Ask(act=ACT, subject_id=5, why="the marriage was over", beneficiary_id=people["serves"].user_id)
        return Office(ask(session, people["asks"], asked, SITE, NOW), **people)


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
    said = (entry.event, entry.user_id, entry.detail["outcome"])
    assert said == ("approval.decided", office.second.user_id, "APPROVED")
    assert entry.detail["asked_by"] == office.asks.user_id


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


def test_a_number_that_is_nobodys_decides_nothing(database, office: Office) -> None:
    assert decide(database, office.second, office.request + 1, True, KEY, NOW) is None


def test_an_act_that_is_not_on_the_list_is_never_asked_for(database, office: Office) -> None:
    assert "case.read" not in DECIDES
    with database.system("test: ask") as session, session.begin(), pytest.raises(KeyError):
        ask(session, office.asks, Ask(act="case.read", subject_id=5, why="x"), SITE, NOW)
    with database.system("test: look", writes=False) as session:
        assert len(session.scalars(select(ApprovalRequest.id)).all()) == 1
