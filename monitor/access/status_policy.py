"""Routes of community advocates. None of them takes a name or a number of anybody (safeguard B8)."""

from __future__ import annotations

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import EVERYONE, Policy, allow
from monitor.access.roles import Role

LISTED = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.HEARINGS)

STATUS_LIST: dict[tuple[str, str], Policy] = {
    ("GET", "/status-list"): allow("status_list:read", Role.ADVOCATE, event="status_list.read", shows=LISTED),
    ("GET", "/status-list.csv"): allow("status_list:save", Role.ADVOCATE, event="status_list.saved", shows=LISTED),
    ("GET", "/condition-words"): allow("condition_words:read", *EVERYONE, takes={"language": Field.CHOICE}),
}
