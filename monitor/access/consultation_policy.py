"""Routes of the team's list: one address for everything, so that no trail and no log tells one act from another.

Who brought a case must not be found by elimination either: looking and bringing are one event, without a case.
"""

from __future__ import annotations

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

MEMBERS = (
    Role.OFFICER, Role.OFFICER_SUPERVISOR, Role.PROSECUTOR, Role.VICTIM_WITNESS, Role.LAW_ENFORCEMENT, Role.ADVOCATE,
)  # fmt: skip
EVENT = "consultation.used"
# rows 5 and 9 besides, by the cell of each reader (`monitor.consultation.facts`): patrol has none of 5, advocates of 9
SHOWS = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.CONFIRMED, Seen.HEARINGS)
AN_ACT = {
    "what": Field.CHOICE, "number": Field.TOKEN, "court": Field.CHOICE, "attested": Field.CHOICE, "until": Field.DAY,
    "entry": Field.NUMBER, "task": Field.NUMBER, "kind": Field.CHOICE, "owner": Field.NUMBER, "due": Field.DAY,
    "day": Field.DAY,
}  # fmt: skip

CONSULTATION: dict[tuple[str, str], Policy] = {
    ("GET", "/consultation"): allow(
        "consultation:use", *MEMBERS, event=EVENT, takes={"day": Field.DAY}, shows=SHOWS
    ),
    ("POST", "/consultation"): allow("consultation:use", *MEMBERS, event=EVENT, takes=AN_ACT, shows=SHOWS),
}  # fmt: skip
