"""The routes of a program's desk beyond uploads: week, grid, people, reports; and what it puts before the officer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

ITS_SHEETS = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.PARTICIPATION)
OFFICERS = (Role.OFFICER, Role.OFFICER_SUPERVISOR)

A_CLASS = {
    **{f"{name}.*": Field.CHOICE for name in ("says", "other", "rating", "concern", "ground")},
    "late.*": Field.NUMBER, "makes_up.*": Field.DAY, "note.*": Field.SCREENED, "reason.*": Field.SCREENED,
    "act": Field.CHOICE, "token": Field.TOKEN, "visitor": Field.CHOICE,
}  # fmt: skip
CLASS = "/attendance/{group_id}/{day}"


def _of_desk(
    permission: str, event: str, takes: Mapping[str, Field] | None = None, shows: Iterable[Seen] = ITS_SHEETS
) -> Policy:
    return allow(permission, Role.PROGRAM, event=event, takes=takes, shows=shows)


PLACE = "/enrollments/{enrollment_id}"
ITS_PEOPLE = (*ITS_SHEETS, Seen.HEARINGS)
A_MOVE = {
    **{name: Field.CHOICE for name in ("move", "why_moved", "why", "group", "from_program")},
    **{f"agreed_{who}": Field.CHOICE for who in ("provider", "referrer", "probation", "court")},
    "token": Field.TOKEN, "on": Field.DAY, "until_on": Field.DAY, "seat_on": Field.DAY,
    "ability": Field.SCREENED, "words": Field.SCREENED,
}  # fmt: skip


def _of_place(act: str, event: str, takes: Mapping[str, Field] | None = None) -> Policy:
    return allow(
        f"enrollment:{act}", Role.PROGRAM, event=event, takes=takes, shows=ITS_PEOPLE, named_case=True
    )


A_REPORT = {
    **{name: Field.CHOICE for name in ("participation", "responsibility", "recommendation", "certify", "sure")},
    "comment": Field.SCREENED, "reason": Field.SCREENED,
}  # fmt: skip

DESK: dict[tuple[str, str], Policy] = {
    ("GET", "/week"): _of_desk("week:read", "week.read", shows=ITS_PEOPLE),
    ("GET", "/reports"): _of_desk("report:list", "report.list", shows=ITS_PEOPLE),
    ("POST", "/reports"): _of_desk("report:tell", "report.told", {"about": Field.NUMBER}, shows=ITS_PEOPLE),
    ("GET", "/reports/{month}"): _of_desk("report:read", "report.month", shows=ITS_PEOPLE),
    ("POST", "/reports/{month}/plain"): _of_desk(
        "report:sign", "report.signed_plain", {"certify": Field.CHOICE}, shows=ITS_PEOPLE
    ),
    ("POST", "/reports/{month}/certify"): _of_desk(
        "report:certify", "report.certified", {"signed_as": Field.SCREENED}, shows=ITS_PEOPLE
    ),
    ("GET", "/reports/{month}/{enrollment_id}"): _of_desk("report:read", "report.read", shows=ITS_PEOPLE),
    ("POST", "/reports/{month}/{enrollment_id}"): _of_desk(
        "report:sign", "report.signed", A_REPORT, shows=ITS_PEOPLE
    ),
    ("GET", "/enrollments"): _of_desk("enrollment:list", "enrollment.list", shows=ITS_PEOPLE),
    ("GET", PLACE): _of_place("read", "enrollment.read"),
    ("POST", PLACE): _of_place("move", "enrollment.moved", A_MOVE),
    ("POST", f"{PLACE}/undo"): _of_place(
        "undo", "enrollment.undone", {"token": Field.TOKEN, "reason": Field.SCREENED}
    ),
    ("POST", f"{PLACE}/concern"): _of_place(
        "concern", "concern.put", {"kind": Field.CHOICE, "ground": Field.CHOICE}
    ),
    ("POST", f"{PLACE}/release"): _of_place("release", "enrollment.release", {
        "act": Field.CHOICE, "signed_on": Field.DAY, "ends_on": Field.DAY,
        **{f"scope_{whom}": Field.CHOICE for whom in ("probation", "court", "prosecutor", "advocate_list")},
    }),
    ("GET", f"{PLACE}/letter"): _of_place("print", "enrollment.letter"),
    ("GET", "/attendance"): _of_desk("attendance:list", "attendance.list"),
    ("GET", CLASS): _of_desk("attendance:read", "attendance.read"),
    ("POST", CLASS): _of_desk("attendance:save", "attendance.saved", A_CLASS),
    ("POST", f"{CLASS}/draft"): _of_desk("attendance:draft", "attendance.drafted", A_CLASS),
    ("GET", "/concerns/{concern_id}"): allow(
        "concern:read", *OFFICERS, event="concern.read", shows=ITS_SHEETS, named_case=True
    ),
    ("POST", "/concerns/{concern_id}"): allow(
        "concern:answer", *OFFICERS, event="concern.answered", takes={"did": Field.CHOICE}, shows=ITS_SHEETS,
        named_case=True,
    ),
}
