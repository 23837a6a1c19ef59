"""Routes of the coordinator (aggregates alone, no class of data) and of the privacy officer's first page."""

from __future__ import annotations

from typing import Final

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

ITS_TRAIL: Final = (Seen.AUDIT,)
A_RUN: Final = {
    "kind": Field.CHOICE, "why": Field.CHOICE, "number": Field.LOOK_UP, "email": Field.LOOK_UP, "since": Field.DAY,
    "until": Field.DAY,
}  # fmt: skip
PRIVACY: Final[dict[tuple[str, str], Policy]] = {
    ("GET", "/privacy"): allow("privacy:read", Role.PRIVACY_OFFICER, event="privacy.read", shows=ITS_TRAIL),
    ("GET", "/privacy/runbooks"): allow("privacy:runbooks", Role.PRIVACY_OFFICER),
    ("POST", "/privacy/runbooks"): allow(
        "privacy:run", Role.PRIVACY_OFFICER, event="privacy.runbook", takes=A_RUN, shows=ITS_TRAIL
    ),
}  # fmt: skip
MEASURES: Final[dict[tuple[str, str], Policy]] = {
    ("GET", "/measures"): allow(
        "measure:read", Role.COORDINATOR, event="measure.read",
        takes={"quarter": Field.TOKEN, "format": Field.CHOICE},
    ),
    ("POST", "/measures"): allow(
        "measure:draw_up", Role.COORDINATOR, event="measure.drawn_up", takes={"quarter": Field.TOKEN}
    ),
}  # fmt: skip
