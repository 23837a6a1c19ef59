"""One more role for somebody: asked by one, decided by another, and only then theirs (safeguard D7)."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from monitor.models import Agency, ApprovalRequest, AuditEntry, Membership, User
from tests.monitor.commands.conftest import terminal as terminal

WHY = "She stands in for the supervisor until March."


@pytest.fixture
def asked(client_as, database):
    """Two administrators, an officer to be supervisor, and a way to ask."""
    officer = client_as("officer", name="Ann Lee")
    first, second = client_as("administrator"), client_as("administrator")
    with database.system("test: whose", writes=False) as session:
        email = session.scalar(select(User.email).where(User.id == officer.user_id))
        code = session.scalar(select(Agency.code).where(Agency.kind == "probation"))

    def ask(browser=first, **form):
        said = {"email": email, "role": "officer_supervisor", "agency": code, "why": WHY} | form
        return browser.post("/admin/roles", data=said)

    ask.officer, ask.first, ask.second, ask.email, ask.code = officer, first, second, email, code
    return ask


def roles_of(database, user: int) -> set[str]:
    with database.system("test: roles", writes=False) as session:
        return set(session.scalars(select(Membership.role).where(Membership.user_id == user)))


def request_of(database) -> ApprovalRequest:
    with database.system("test: requests", writes=False) as session:
        return session.scalars(select(ApprovalRequest)).one()


def events(database) -> list[str]:
    with database.system("test: trail", writes=False) as session:
        return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.at)))


def test_a_role_is_theirs_only_once_a_second_person_agrees(asked, database):
    assert asked().status_code == 303
    assert roles_of(database, asked.officer.user_id) == {"officer"}
    waits = request_of(database)
    assert WHY not in asked.first.get("/approvals").text
    assert asked.first.post(f"/approvals/{waits.id}", data={"decision": "approve"}).status_code == 404
    shown = asked.second.get("/approvals").text
    assert "Give somebody a role" in shown
    assert "Ann Lee" in shown
    assert WHY in shown
    assert asked.second.post(f"/approvals/{waits.id}", data={"decision": "approve"}).status_code == 303
    assert roles_of(database, asked.officer.user_id) == {"officer", "officer_supervisor"}
    assert {"user.role_asked", "approval.decided"} <= set(events(database))


def test_a_no_gives_nothing(asked, database):
    asked()
    asked.second.post(f"/approvals/{request_of(database).id}", data={"decision": "decline"})
    assert roles_of(database, asked.officer.user_id) == {"officer"}


def test_without_anybody_else_to_say_yes_it_is_not_even_asked(asked, database):
    with database.system("test: the only one") as session, session.begin():
        session.execute(update(User).where(User.id == asked.second.user_id).values(disabled_at=User.created_at))
    refused = asked()
    assert refused.status_code == 422
    assert "Nobody is left who could say yes" in refused.text


FAULTS = {
    "an account that is not there": ({"email": "nobody@agency.example"}, "no account"),
    "a role of another kind of agency": ({"role": "clerk"}, "kind court"),
    "a role that is none": ({"role": "king"}, "Choose a role"),
    "no reason": ({"why": " "}, "Say in a few words why"),
    "a role that they have": ({"role": "officer"}, "already"),
}


@pytest.mark.parametrize(("form", "said"), FAULTS.values(), ids=FAULTS.keys())
def test_what_does_not_fit_is_told_and_not_asked(asked, form, said):
    refused = asked(**form)
    assert refused.status_code == 422
    assert said in refused.text


def test_a_role_that_came_in_between_and_does_not_go_with_it_stops_it(asked, client_as, database):
    advocate = client_as("advocate", name="Kim Odell")
    with database.system("test: an advocate") as session, session.begin():
        session.add(Agency(kind="victim_witness", name="Victim/Witness", code="VW", zone="America/Los_Angeles"))
    assert "C1" in asked(email=address(database, advocate.user_id), role="victim_witness", agency="VW").text
    asked()
    with database.system("test: closed since") as session, session.begin():
        session.execute(update(Agency).where(Agency.code == asked.code).values(kind="court"))
    path = f"/approvals/{request_of(database).id}"
    told = asked.second.post(path, data={"decision": "approve"}, follow_redirects=True)
    assert "needs an agency of kind" in told.text
    assert roles_of(database, asked.officer.user_id) == {"officer"}


def address(database, user: int) -> str:
    with database.system("test: an address", writes=False) as session:
        return session.scalar(select(User.email).where(User.id == user))


def test_the_page_warns_where_fewer_than_two_could_decide(asked):
    shown = " ".join(asked.second.get("/approvals").text.split())
    assert "Fewer than two people may decide on" in shown
    assert "take down a conflict wall" in shown
    assert "give somebody a role" not in shown.partition("Nobody does these alone")[0]


def test_the_command_asks_too_and_gives_nothing(asked, terminal, database):
    by = address(database, asked.first.user_id)
    how = "--role", "officer_supervisor", "--agency", asked.code, "--why", WHY
    assert terminal("users", "grant", asked.email, *how, "--by", asked.email).status == 1
    done = terminal("users", "grant", asked.email, *how, "--by", by)
    assert (done.status, "It waits for another administrator" in done.out) == (0, True)
    assert roles_of(database, asked.officer.user_id) == {"officer"}
    assert request_of(database).asked_by_id == asked.first.user_id
    assert events(database)[-1] == "user.role_asked"
