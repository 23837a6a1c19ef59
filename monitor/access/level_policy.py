"""Routes of levels: the person's page of them, and the administrator's of who is trained."""

from __future__ import annotations

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

OFFICERS = (Role.OFFICER, Role.OFFICER_SUPERVISOR)
# the calendar says whether the asker has a reason to read the case
A_LEVEL = (Seen.IDENTITY, Seen.HEARINGS, Seen.RISK)
CASE = {"case": Field.NUMBER}
TYPED = {
    "tool": Field.CHOICE, "version": Field.WORDS, "level": Field.CHOICE, "on": Field.DAY, "expires_on": Field.DAY,
}  # fmt: skip
MARK = {"who": Field.CHOICE, "tool": Field.CHOICE, "until_on": Field.DAY}

LEVELS: dict[tuple[str, str], Policy] = {
    ("GET", "/people/{person_id}/level"): allow(
        "level:read", *OFFICERS, event="level.read", takes=CASE, shows=A_LEVEL, named_case=True
    ),
    ("POST", "/people/{person_id}/level"): allow(
        "level:create", *OFFICERS, event="level.entered", takes={**CASE, **TYPED}, shows=A_LEVEL, named_case=True
    ),
    ("POST", "/levels/{assessment_id}/undo"): allow(
        "level:undo", *OFFICERS, event="level.taken_back", shows=A_LEVEL, named_case=True
    ),
    ("GET", "/admin/trainings"): allow("training:list", Role.ADMINISTRATOR, event="training.list"),
    ("POST", "/admin/trainings"): allow(
        "training:mark", Role.ADMINISTRATOR, event="training.marked", takes=MARK, step_up=True
    ),
    ("POST", "/admin/trainings/{training_id}/end"): allow(
        "training:end", Role.ADMINISTRATOR, event="training.ended", step_up=True
    ),
}
