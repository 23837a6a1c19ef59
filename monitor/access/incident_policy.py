"""Routes of calls and police reports: dispatch and law enforcement enter codes, and nobody reads a name here."""

from __future__ import annotations

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

ENTERERS = (Role.DISPATCH, Role.LAW_ENFORCEMENT)
SHOWS = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.INCIDENTS)
ONE, DRAFT = "/incidents/{incident_id}", "/incidents/drafts/{draft_id}"
WHO = {"words": Field.LOOK_UP, "born": Field.LOOK_UP}
CODES = {
    "number": Field.TOKEN, "on": Field.DAY, "hour": Field.TOKEN, "touched": Field.CHOICE, "offence": Field.TOKEN,
    "weapon": Field.CHOICE, "strangulation": Field.CHOICE, "accounts": Field.CHOICE,
}  # fmt: skip
BY_MACHINE = {"at": Field.TOKEN} | {name: kind for name, kind in CODES.items() if name not in ("on", "hour")}
WHY = {"reason": Field.WORDS}

INCIDENTS: dict[tuple[str, str], Policy] = {
    ("GET", "/incidents/new"): allow("incident:open", *ENTERERS, event="incident.opened", shows=SHOWS),
    ("POST", "/incidents/start"): allow("incident:start", *ENTERERS, takes={**WHO, "incident": Field.LOOK_UP}),
    ("POST", "/incidents/new"): allow(
        "incident:file", *ENTERERS, event="incident.filed", shows=SHOWS,
        takes={**WHO, **CODES, "then": Field.CHOICE, "draft": Field.NUMBER},
    ),
    ("POST", "/incidents/by-number"): allow(
        "incident:find", *ENTERERS, event="incident.found", shows=SHOWS, takes={"entry": Field.LOOK_UP}
    ),
    ("GET", ONE): allow("incident:read", *ENTERERS, event="incident.read", shows=SHOWS),
    ("POST", f"{ONE}/amend"): allow(
        "incident:amend", *ENTERERS, event="incident.amended", shows=SHOWS, takes={**CODES, **WHY}
    ),
    ("POST", f"{ONE}/take-back"): allow(
        "incident:take_back", *ENTERERS, event="incident.taken_back", shows=SHOWS, takes=WHY
    ),
    ("GET", DRAFT): allow("incident:draft", *ENTERERS, event="incident.draft_opened", shows=SHOWS),
    ("POST", "/api/v1/incidents"): Policy(
        permission="incident:receive", entity="incident", event="incident.received", machine=True,
        machines=frozenset(ENTERERS), shows=frozenset(SHOWS), fields_in={**WHO, **BY_MACHINE},
    ),
    ("POST", f"{DRAFT}/drop"): allow("incident:drop", *ENTERERS, event="incident.draft_dropped", shows=SHOWS),
}
