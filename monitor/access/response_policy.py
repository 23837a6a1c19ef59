"""Routes of the local response matrix, of steps that people met, and of choices above its range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

# public policy of the local team: whoever works with it reads it, supervisors and coordinators edit it (G10)
READERS: Final = (Role.OFFICER, Role.OFFICER_SUPERVISOR, Role.JUDGE, Role.CLERK, Role.COORDINATOR)
EDITORS: Final = (Role.OFFICER_SUPERVISOR, Role.COORDINATOR)
OFFICERS: Final = (Role.OFFICER, Role.OFFICER_SUPERVISOR)
ONE: Final = "/matrix/{matrix_id}"
A_PART = {
    "meaning": Field.WORDS, "examples": Field.WORDS, "steps_met": Field.SCREENED, "incentives": Field.SCREENED,
    "clock.*": Field.TOKEN, "here.*": Field.SCREENED, "column.*": Field.CHOICE, "court.*": Field.SCREENED,
}  # fmt: skip
A_STEP = {"step": Field.CHOICE, "answer": Field.CHOICE, "on": Field.DAY}
ITS_CASE = (Seen.IDENTITY, Seen.HEARINGS, Seen.CONTACT_NOTES)


def _edit(act: str, event: str, takes: Mapping[str, Field] | None = None) -> Policy:
    return allow(f"matrix:{act}", *EDITORS, event=event, takes=takes)


RESPONSES: dict[tuple[str, str], Policy] = {
    ("GET", "/matrix"): allow("matrix:list", *READERS, event="matrix.listed"),
    ("POST", "/matrix"): _edit("create", "matrix.drafted"),
    ("GET", ONE): allow("matrix:read", *READERS, event="matrix.read"),
    ("GET", f"{ONE}/parts/{{part}}"): _edit("edit", "matrix.opened"),
    ("POST", f"{ONE}/parts/{{part}}"): _edit("edit", "matrix.edited", A_PART),
    ("POST", f"{ONE}/signatures"): _edit(
        "sign", "matrix.signed", {"name": Field.WORDS, "agency": Field.WORDS, "on": Field.DAY}
    ),
    ("POST", f"{ONE}/unsign"): _edit("edit", "matrix.unsigned"),
    ("POST", f"{ONE}/force"): _edit(
        "force", "matrix.in_force",
        {"from_on": Field.DAY, "disparity_on": Field.DAY, "review_on": Field.DAY, "what_changed": Field.WORDS},
    ),
    ("POST", f"{ONE}/drop"): _edit("drop", "matrix.dropped"),
    ("POST", "/people/{person_id}/steps"): allow(
        "incentive:create", *OFFICERS, event="incentive.recorded", takes={**A_STEP, "case": Field.NUMBER},
        shows=ITS_CASE, named_case=True,
    ),
    ("POST", "/steps/{incentive_id}/undo"): allow(
        "incentive:undo", *OFFICERS, event="incentive.taken_back", shows=ITS_CASE, named_case=True
    ),
    ("POST", "/responses/{response_id}/seen"): allow(
        "response:see", Role.OFFICER_SUPERVISOR, event="response.seen",
        shows=(Seen.IDENTITY, Seen.HEARINGS, Seen.FLAGS), named_case=True,
    ),
}  # fmt: skip
