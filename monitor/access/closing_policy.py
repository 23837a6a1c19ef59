"""Routes by which the court closes a case, reopens it, and gives a person their own record."""

from __future__ import annotations

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import ON_THE_BENCH, Policy, allow
from monitor.access.roles import Role

OWN_RECORD = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.TESTS, Seen.HEARINGS)
PATH = "/hearings/{hearing_id}/closing"
A_CLOSING = {"why": Field.CHOICE, "on": Field.DAY, "seen": Field.TOKEN}
BENCH = (Role.JUDGE, Role.CLERK)

CLOSING: dict[tuple[str, str], Policy] = {
    ("GET", PATH): allow("case:see", *BENCH, event="case.closing_read", shows=ON_THE_BENCH, named_case=True),
    ("POST", PATH): allow(
        "case:close", *BENCH, event="case.closed", takes=A_CLOSING, shows=ON_THE_BENCH, named_case=True
    ),
    ("POST", "/hearings/{hearing_id}/own-record"): allow(
        "case:give", Role.CLERK, event="case.own_record", shows=OWN_RECORD, named_case=True, step_up=True
    ),
    ("POST", f"{PATH}/reopen"): allow(
        "case:reopen", *BENCH, event="case.reopened", takes=A_CLOSING, shows=ON_THE_BENCH, named_case=True
    ),
}
