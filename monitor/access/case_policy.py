"""Routes by which a case enters the record."""

from __future__ import annotations

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

PATH = "/cases/new"
SHOWS = (Seen.IDENTITY, Seen.HEARINGS)
# names and numbers are kept as typed in their own columns, and are no free text
A_CASE = {
    **{name: Field.TOKEN for name in ("number", "family", "given", "middle", "suffix", "at", "room")},
    **{name: Field.CHOICE for name in ("language", "court", "judge", "office", "kind", "person")},
    "born_on": Field.DAY, "on": Field.DAY,
}  # fmt: skip

ENTRY = "/hearings/{hearing_id}/entry"
AN_ENTRY = {name: kind for name, kind in A_CASE.items() if name in (
    "number", "family", "given", "middle", "suffix", "language", "judge", "born_on",
)} | {"seen": Field.TOKEN}  # fmt: skip

DATES = "/hearings/{hearing_id}/dates"
A_DATE = {name: A_CASE[name] for name in ("kind", "on", "at", "room", "judge")} | {"anyway": Field.CHOICE}

NEW_CASES: dict[tuple[str, str], Policy] = {
    ("GET", PATH): allow("case:open_form", Role.CLERK, event="case.form"),
    ("POST", PATH): allow("case:enter", Role.CLERK, event="case.entered", takes=A_CASE, shows=SHOWS),
    ("GET", ENTRY): allow("case:read_entry", Role.CLERK, event="case.entry", shows=SHOWS, named_case=True),
    ("POST", ENTRY): allow(
        "case:correct", Role.CLERK, event="case.corrected", takes=AN_ENTRY, shows=SHOWS, named_case=True
    ),
    ("GET", DATES): allow("hearing:dates", Role.CLERK, event="hearing.dates", shows=SHOWS, named_case=True),
    ("POST", DATES): allow("hearing:set", Role.CLERK, event="hearing.set", takes=A_DATE, shows=SHOWS, named_case=True),
    ("POST", f"{DATES}/off"): allow(
        "hearing:take_off", Role.CLERK, event="hearing.taken_off", takes={"date": Field.CHOICE}, shows=SHOWS,
        named_case=True,
    ),
    ("POST", f"{DATES}/{{date_id}}/back"): allow(
        "hearing:put_back", Role.CLERK, event="hearing.put_back", takes={}, shows=SHOWS, named_case=True
    ),
}
