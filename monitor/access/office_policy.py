"""Routes of the office's own list beyond reading it: questions put away until a day, and its caseloads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

OFFICERS = (Role.OFFICER, Role.OFFICER_SUPERVISOR)
# the calendar says whether the asker has a reason to read the case
A_QUESTION = (Seen.IDENTITY, Seen.HEARINGS, Seen.FLAGS)
CASELOADS = (
    Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.CONTACT_NOTES, Seen.TESTS, Seen.RISK, Seen.HEARINGS,
    Seen.FLAGS,
)  # fmt: skip
HIDE = {"token": Field.TOKEN, "until_on": Field.DAY, "reason": Field.WORDS}


def _of_list(act: str, event: str, takes: Mapping[str, Field] | None = None) -> Policy:
    return allow(f"hidden:{act}", *OFFICERS, event=event, takes=takes, shows=A_QUESTION, named_case=True)


def _of_supervisor(
    permission: str, event: str, takes: Mapping[str, Field] | None = None, shows: Iterable[Seen] = ()
) -> Policy:
    return allow(permission, Role.OFFICER_SUPERVISOR, event=event, takes=takes, shows=shows)


A_TASK = {"what": Field.WORDS, "due_on": Field.DAY, "sure": Field.CHOICE, "case.*": Field.CHOICE}
A_VIEW = {"name": Field.WORDS, "filters": Field.TOKEN, "sort": Field.CHOICE, "team": Field.CHOICE}
TOGETHER = {"case.*": Field.CHOICE, "sure": Field.CHOICE}
HIDE_TOGETHER = {**TOGETHER, "flag.*": Field.TOKEN, "until_on": Field.DAY, "reason": Field.WORDS}
ITS_TASKS = (Seen.IDENTITY, Seen.HEARINGS, Seen.CONTACT_NOTES)


def _own(act: str, event: str, takes: Mapping[str, Field] | None = None) -> Policy:
    return allow(f"task:{act}", *OFFICERS, event=event, takes=takes, shows=ITS_TASKS)


ITS_LIST: dict[tuple[str, str], Policy] = {
    ("POST", "/tasks"): _own("create", "task.made", A_TASK),
    ("POST", "/tasks/{act_id}/undo"): _own("undo", "task.undone"),
    ("POST", "/tasks/{task_id}/done"): _own("done", "task.done"),
    ("POST", "/tasks/{task_id}/open"): _own("open", "task.opened"),
    ("POST", "/caseload/views"): allow("view:save", *OFFICERS, event="view.saved", takes=A_VIEW),
    ("POST", "/caseload/views/{view_id}/drop"): allow("view:drop", *OFFICERS, event="view.dropped"),
    ("GET", "/team"): allow("team:read", Role.OFFICER_SUPERVISOR, event="team.read", shows=CASELOADS),
    ("GET", "/team/reassign"): _of_supervisor(
        "assignment:read", "assignment.asked", {"officer": Field.NUMBER}, (Seen.IDENTITY,)
    ),
    ("POST", "/team/reassign"): _of_supervisor(
        "assignment:create", "assignment.made", {"officer": Field.NUMBER, "to": Field.NUMBER, "case.*": Field.CHOICE},
        (Seen.IDENTITY,),
    ),
    ("POST", "/team/reassign/{assignment_id}/undo"): _of_supervisor(
        "assignment:undo", "assignment.undone", None, (Seen.IDENTITY,)
    ),
    ("GET", "/team/covers"): _of_supervisor("cover:list", "cover.list"),
    ("POST", "/team/covers"): _of_supervisor(
        "cover:create", "cover.made",
        {"officer": Field.NUMBER, "by": Field.NUMBER, "from_on": Field.DAY, "last_on": Field.DAY},
    ),
    ("POST", "/team/covers/{cover_id}/end"): _of_supervisor("cover:end", "cover.ended"),
    ("GET", "/flags/{flag_id}/hide"): _of_list("ask", "hidden.asked"),
    ("POST", "/flags/{flag_id}/hide"): _of_list("create", "hidden.made", HIDE),
    ("GET", "/today/reports/{incident_id}/read"): allow(
        "hidden:report", *OFFICERS, event="hidden.report_opened", named_case=True,
        shows=(*A_QUESTION, Seen.INCIDENTS, Seen.ORDER_TERMS),
    ),
    ("POST", "/today/reports/{incident_id}/read"): allow(
        "hidden:read", *OFFICERS, event="hidden.report_read", shows=(*A_QUESTION, Seen.INCIDENTS), named_case=True
    ),
    ("POST", "/caseload/hide"): allow(
        "hidden:several", *OFFICERS, event="hidden.several", takes=HIDE_TOGETHER, shows=A_QUESTION, named_case=True
    ),
    ("POST", "/caseload/hide/{hidden_id}/undo"): allow(
        "hidden:several_end", *OFFICERS, event="hidden.several_ended", shows=A_QUESTION, named_case=True
    ),
    ("POST", "/letters"): allow(
        "letter:create", *OFFICERS, event="letter.made", shows=ITS_TASKS, named_case=True,
        takes={**TOGETHER, "letter": Field.CHOICE, "on": Field.DAY},
    ),
    ("POST", "/letters/{contact_id}/undo"): allow(
        "letter:undo", *OFFICERS, event="letter.taken_back", shows=ITS_TASKS, named_case=True
    ),
    ("POST", "/hidden/{hidden_id}/show"): _of_list("end", "hidden.ended"),
}
