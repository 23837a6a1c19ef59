"""Routes of jobs: an administrator sees how each stands, and runs, pauses and resumes them."""

from __future__ import annotations

from monitor.access.fields import Field
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

ASKED = {"job": Field.CHOICE, "what": Field.CHOICE, "why": Field.CHOICE, "hours": Field.CHOICE}

JOBS: dict[tuple[str, str], Policy] = {
    ("GET", "/admin/jobs"): allow("job:list", Role.ADMINISTRATOR, event="job.list"),
    ("POST", "/admin/jobs"): allow(
        "job:decide", Role.ADMINISTRATOR, event="job.decided", takes=ASKED, step_up=True
    ),
}
