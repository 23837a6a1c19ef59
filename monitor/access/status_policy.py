"""Routes of community advocates. None of them takes a name or a number of anybody (safeguard B8)."""

from __future__ import annotations

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import EVERYONE, Policy, allow
from monitor.access.roles import Role

LISTED = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.HEARINGS)

# one ask and no words: any other field is refused (safeguard C3)
A_REQUEST = {
    "number": Field.LOOK_UP, "court": Field.CHOICE, "attested": Field.CHOICE, "until": Field.DAY, "by": Field.CHOICE,
    "on": Field.DAY,
}  # fmt: skip

STATUS_LIST: dict[tuple[str, str], Policy] = {
    ("GET", "/status-list"): allow("status_list:read", Role.ADVOCATE, event="status_list.read", shows=LISTED),
    ("GET", "/status-list.csv"): allow("status_list:save", Role.ADVOCATE, event="status_list.saved", shows=LISTED),
    # what an advocate does here is on record for their own agency's privacy officer alone, without a subject (D6)
    ("GET", "/call-backs/new"): allow("callback:ask", Role.ADVOCATE, shows=(Seen.IDENTITY,)),
    ("POST", "/call-backs"): allow(
        "callback:send", Role.ADVOCATE, event="callback.sent", takes=A_REQUEST, shows=(Seen.IDENTITY,)
    ),
    # and what the officer answers is kept in that same part of the trail, by the handler itself
    ("POST", "/call-backs/{callback_id}/done"): allow("callback:end", Role.OFFICER, shows=(Seen.IDENTITY,)),
    ("GET", "/condition-words"): allow("condition_words:read", *EVERYONE, takes={"language": Field.CHOICE}),
}
