"""Fourteen roles, each tied to a kind of agency, and one policy table that names them."""

from __future__ import annotations

import pytest

from monitor.access.policy import POLICY
from monitor.access.roles import KIND_OF, TITLES, Role, may_hold
from monitor.models.agency import AGENCY_KINDS


def test_the_fourteen_roles_of_the_contract():
    named = (
        "officer officer_supervisor program judge clerk prosecutor victim_witness law_enforcement dispatch advocate "
        "medical coordinator privacy_officer administrator"
    )
    assert [role.value for role in Role] == named.split()
    assert set(TITLES) == set(Role)


def test_every_role_but_the_privacy_officers_belongs_to_one_kind_of_agency():
    assert set(KIND_OF) == set(Role) - {Role.PRIVACY_OFFICER}
    assert set(KIND_OF.values()) <= set(AGENCY_KINDS)


@pytest.mark.parametrize("role", [Role.ADVOCATE, Role.VICTIM_WITNESS])
def test_community_advocates_and_victim_witness_staff_share_no_agency(role):
    """Safeguard C1."""
    other = Role.VICTIM_WITNESS if role is Role.ADVOCATE else Role.ADVOCATE
    assert may_hold(role, KIND_OF[role])
    assert not may_hold(role, KIND_OF[other])


def test_no_title_accuses_anyone():
    assert not any(word in title.lower() for title in TITLES.values() for word in ("offender", "victim ", "violat"))


@pytest.mark.parametrize(("key", "policy"), POLICY.items(), ids=[" ".join(key) for key in POLICY])
def test_an_entry_is_either_public_half_way_or_for_named_roles(key, policy):
    method, path = key
    assert method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
    assert path.startswith("/")
    assert "{" not in path or ":" not in path, "keys carry parameter names without their types"
    assert policy.permission.count(":") == 1
    assert policy.public + bool(policy.roles or policy.half_way or policy.machine) == 1
    assert not (policy.public and (policy.event or policy.step_up))


def test_whatever_changes_something_is_recorded():
    silent = {key for key, policy in POLICY.items() if key[0] != "GET" and key[0] != "HEAD" and not policy.event}
    sign_in = ("", "/code", "/set-up", "/passkey", "/agency", "/agency/return/{agency}")
    own_words = {("POST", f"/sign-in{step}") for step in sign_in} | {("POST", "/sign-out")}
    nothing_changed = {("POST", "/session/stay"), ("POST", "/incidents/start")}  # still here; a form with a name in it
    sealed = {("POST", "/call-backs/{callback_id}/done")}  # stands in the trail of the advocates' agency alone (D6)
    assert silent <= own_words | nothing_changed | sealed, "sign-in records itself; every other change needs an event"
