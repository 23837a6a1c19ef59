"""Routes of pauses: officers record custody and hospital, by day and source alone."""

from __future__ import annotations

from typing import Final

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

OFFICERS: Final = (Role.OFFICER, Role.OFFICER_SUPERVISOR)
A_PAUSE: Final = (Seen.IDENTITY, Seen.HEARINGS)
CASE: Final = {"case": Field.NUMBER}
TYPED: Final = {"kind": Field.CHOICE, "known": Field.CHOICE, "since": Field.DAY, "until": Field.DAY}

PAUSES: dict[tuple[str, str], Policy] = {
    ("GET", "/people/{person_id}/pauses"): allow(
        "pause:list", *OFFICERS, event="pause.list", takes=CASE, shows=A_PAUSE, named_case=True
    ),
    ("POST", "/people/{person_id}/pauses"): allow(
        "pause:create", *OFFICERS, event="pause.recorded", takes={**CASE, **TYPED}, shows=A_PAUSE, named_case=True
    ),
    ("GET", "/pauses/{pause_id}"): allow(
        "pause:read", *OFFICERS, event="pause.read", shows=A_PAUSE, named_case=True
    ),
    ("POST", "/pauses/{pause_id}"): allow(
        "pause:change", *OFFICERS, event="pause.changed", takes=TYPED, shows=A_PAUSE, named_case=True
    ),
    ("POST", "/pauses/{pause_id}/undo"): allow(
        "pause:undo", *OFFICERS, event="pause.taken_back", shows=A_PAUSE, named_case=True
    ),
}  # fmt: skip
