"""The fourteen roles of the coordinated response, and the kind of agency whose people may hold each."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is here. One person may hold several, one at a time."""

    OFFICER = "officer"
    OFFICER_SUPERVISOR = "officer_supervisor"
    PROGRAM = "program"
    JUDGE = "judge"
    CLERK = "clerk"
    PROSECUTOR = "prosecutor"
    VICTIM_WITNESS = "victim_witness"
    LAW_ENFORCEMENT = "law_enforcement"
    DISPATCH = "dispatch"
    ADVOCATE = "advocate"
    MEDICAL = "medical"
    COORDINATOR = "coordinator"
    PRIVACY_OFFICER = "privacy_officer"
    ADMINISTRATOR = "administrator"


TITLES = {
    Role.OFFICER: "Probation officer",
    Role.OFFICER_SUPERVISOR: "Supervising officer",
    Role.PROGRAM: "Program",
    Role.JUDGE: "Judge",
    Role.CLERK: "Court clerk",
    Role.PROSECUTOR: "Prosecutor",
    Role.VICTIM_WITNESS: "Victim/witness staff",
    Role.LAW_ENFORCEMENT: "Law enforcement",
    Role.DISPATCH: "Dispatch",
    Role.ADVOCATE: "Community advocate",
    Role.MEDICAL: "Medical staff",
    Role.COORDINATOR: "Coordinator",
    Role.PRIVACY_OFFICER: "Privacy officer",
    Role.ADMINISTRATOR: "Administrator",
}

# Safeguard C1: an advocate is of an advocacy agency and of nothing else. A privacy officer may be of any agency.
KIND_OF = {
    Role.OFFICER: "probation",
    Role.OFFICER_SUPERVISOR: "probation",
    Role.PROGRAM: "program",
    Role.JUDGE: "court",
    Role.CLERK: "court",
    Role.PROSECUTOR: "prosecution",
    Role.VICTIM_WITNESS: "victim_witness",
    Role.LAW_ENFORCEMENT: "law_enforcement",
    Role.DISPATCH: "dispatch",
    Role.ADVOCATE: "advocacy",
    Role.MEDICAL: "medical",
    Role.COORDINATOR: "coordination",
    Role.ADMINISTRATOR: "administration",
}


# Safeguard C1: never one person's, not even one after the other
NEVER_TOGETHER = (frozenset({Role.ADVOCATE, Role.VICTIM_WITNESS}),)


def may_hold(role: Role, agency_kind: str) -> bool:
    """Whether people of such an agency may hold the role."""
    return role is Role.PRIVACY_OFFICER or KIND_OF[role] == agency_kind
