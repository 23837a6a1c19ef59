"""Routes of notices that a record exists: one form for whoever keeps it, and two desks that may know of it."""

from __future__ import annotations

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

SHOWS = (Seen.IDENTITY, Seen.INCIDENTS, Seen.MEDICAL_NOTICE)
A_NOTICE = {
    "number": Field.TOKEN, "custodian": Field.NUMBER, "basis": Field.CHOICE, "told": Field.CHOICE, "on": Field.DAY,
    "drawn": Field.TOKEN,
}  # fmt: skip

RECORDS: dict[tuple[str, str], Policy] = {
    ("GET", "/record-notices/new"): allow("record_notice:form", Role.MEDICAL),
    ("POST", "/record-notices/new"): allow(
        "record_notice:save", Role.MEDICAL, event="record_notice.saved", takes=A_NOTICE, shows=(Seen.MEDICAL_NOTICE,)
    ),
    ("GET", "/record-notices"): allow(
        "record_notice:list", Role.PROSECUTOR, event="record_notice.listed", shows=SHOWS
    ),
    ("GET", "/record-notices/by-number"): allow("record_notice:ask", Role.LAW_ENFORCEMENT),
    ("POST", "/record-notices/by-number"): allow(
        "record_notice:ask", Role.LAW_ENFORCEMENT, event="record_notice.asked",
        takes={"number": Field.LOOK_UP, "why": Field.CHOICE}, shows=SHOWS,
    ),
}  # fmt: skip
