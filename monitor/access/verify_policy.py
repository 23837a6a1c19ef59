"""Routes of dispatch and patrol: look-ups by what the asker knows, each in the trail, and no list."""

from __future__ import annotations

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

ASKERS = (Role.DISPATCH, Role.LAW_ENFORCEMENT)
SHOWS = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.RISK, Seen.INCIDENTS, Seen.CONFIRMED, Seen.HEARINGS)
A_QUESTION = {
    "words": Field.LOOK_UP, "born": Field.LOOK_UP, "incident": Field.LOOK_UP, "format": Field.CHOICE,
}  # fmt: skip

VERIFY: dict[tuple[str, str], Policy] = {
    ("GET", "/verify"): allow("verify:read", *ASKERS),
    ("POST", "/verify"): allow("verify:ask", *ASKERS, event="order.verified", takes=A_QUESTION, shows=SHOWS),
    ("POST", "/api/v1/orders/lookup"): Policy(
        permission="verify:ask", entity="verify", event="order.looked_up", machine=True, machines=frozenset(ASKERS),
        shows=frozenset(SHOWS),
        fields_in={name: Field.LOOK_UP for name in ("words", "born", "incident", "caller")},
    ),
    ("POST", "/verify/caller"): allow(
        "verify:match", *ASKERS, event="caller.matched", takes={**A_QUESTION, "caller": Field.LOOK_UP}, shows=SHOWS
    ),
}
