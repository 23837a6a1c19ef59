"""The one table of routes: who may use each, and what is written to the audit trail (security/design 3).

Key: method and path as the router prints it, with parameter names and without their types: ``/people/{person_id}``.
The web application refuses to start while a route has no entry here, or an entry no route. Each desk appends its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

import msgspec

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.roles import Role

STEP_UP = timedelta(minutes=5)
EVERYONE = frozenset(Role)


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """``roles``: who may use the route. ``permission``: its name, as ``entity:act``.

    ``fields_in``: what its form and its address may carry, and of what kind each is; anything else is refused. A name
    that ends in ``.*`` allows a family of fields. ``shows``: the classes of data that may go out; the session of the
    request reads no table of another class, and no class that the matrix hides from one of the roles may stand here.
    ``event``: what the audit trail calls it; the path's ids become the entry's subjects. Empty: nothing is recorded,
    right only for pages about nobody. ``public``: no session needed. ``half_way``: a session that has given only the
    password may use it. ``step_up``: both factors within the last five minutes. ``no_slide``: does not count as being
    at work. ``big_body``: may carry a file.
    """

    roles: frozenset[Role] = frozenset()
    permission: str = ""
    entity: str = ""
    fields_in: Mapping[str, Field] = {}
    shows: frozenset[Seen] = frozenset()
    event: str = ""
    public: bool = False
    half_way: bool = False
    step_up: bool = False
    no_slide: bool = False
    big_body: bool = False


def public(permission: str, **fields_in: Field) -> Policy:
    """Anyone, signed in or not."""
    return Policy(permission=permission, public=True, fields_in=fields_in)


def half_way(permission: str, **fields_in: Field) -> Policy:
    """Who has given the password and not yet the code."""
    return Policy(permission=permission, half_way=True, fields_in=fields_in)


def allow(
    permission: str, *roles: Role, event: str = "", takes: Mapping[str, Field] | None = None,
    shows: Iterable[Seen] = (), step_up: bool = False, big_body: bool = False,
) -> Policy:  # fmt: skip
    """Named roles. The entity is the part of ``permission`` before the colon; ``takes`` are its fields in."""
    return Policy(
        roles=frozenset(roles), permission=permission, entity=permission.partition(":")[0], fields_in=takes or {},
        shows=frozenset(shows), event=event, step_up=step_up, big_body=big_body,
    )  # fmt: skip


OFFICERS = (Role.OFFICER, Role.OFFICER_SUPERVISOR)
BENCH = (Role.JUDGE, Role.CLERK)

# fields that many addresses have
ORDER = {"order": Field.CHOICE}
PAGES = {"team": Field.CHOICE, "number": Field.NUMBER}
EMAIL_AND_PASSWORD = {"email": Field.LOOK_UP, "password": Field.SECRET, "next": Field.TOKEN}

# classes of data, as each desk shows them
ITS_SHEETS = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE)
ON_THE_BENCH = (
    Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.CONTACT_NOTES, Seen.TESTS, Seen.HEARINGS,
)  # fmt: skip
SUPERVISION = (*ON_THE_BENCH, Seen.FLAGS)

PLATFORM: dict[tuple[str, str], Policy] = {
    ("GET", "/static/{file_path}"): public("static:read", v=Field.TOKEN),
    ("HEAD", "/static/{file_path}"): public("static:read", v=Field.TOKEN),
    ("GET", "/health/live"): public("health:read"),
    ("GET", "/health/ready"): public("health:read"),
    ("GET", "/sign-in"): public("session:open", next=Field.TOKEN, signed_out=Field.CHOICE),
    ("POST", "/sign-in"): public("session:open", **EMAIL_AND_PASSWORD),
    ("GET", "/sign-in/code"): half_way("session:open", next=Field.TOKEN),
    ("POST", "/sign-in/code"): half_way("session:open", code=Field.SECRET, next=Field.TOKEN),
    ("GET", "/sign-in/set-up"): half_way("session:open"),
    ("POST", "/sign-in/set-up"): half_way(
        "session:open", password=Field.SECRET, again=Field.SECRET, sealed_secret=Field.TOKEN, code=Field.SECRET
    ),
    ("POST", "/sign-out"): Policy(roles=EVERYONE, permission="session:close", half_way=True),
    ("GET", "/"): allow("home:read", *EVERYONE),
    ("GET", "/help"): public("help:read"),
    ("GET", "/admin"): allow("administration:read", Role.ADMINISTRATOR, event="administration.read"),
}

# Append below, one dictionary for each desk, and add it to POLICY.

UPLOAD = "/attendance/uploads/{upload_id}"
ANSWERS = {
    "values.*": Field.CHOICE, "people.*": Field.CHOICE, "columns.*": Field.CHOICE, "unsigned.*": Field.CHOICE,
    "day_first": Field.CHOICE, "week_one": Field.DAY, "use.*": Field.CHOICE, "reason.*": Field.SCREENED,
    "everyone": Field.CHOICE,
}  # fmt: skip
A_SHEET = {"file": Field.FILE, "program": Field.NUMBER, "group": Field.NUMBER}


def _of_program(act: str, takes: Mapping[str, Field] | None = None, big_body: bool = False) -> Policy:
    return allow(
        f"upload:{act}", Role.PROGRAM, event=f"upload.{act}", takes=takes, shows=ITS_SHEETS, big_body=big_body
    )


UPLOADS: dict[tuple[str, str], Policy] = {
    ("GET", "/attendance/uploads"): _of_program("list"),
    ("POST", "/attendance/uploads"): _of_program("create", A_SHEET, big_body=True),
    ("GET", UPLOAD): _of_program("read", {"show": Field.CHOICE, "number": Field.NUMBER}),
    ("POST", f"{UPLOAD}/answers"): _of_program("answer", ANSWERS),
    ("POST", f"{UPLOAD}/save"): _of_program("save", ANSWERS),
    ("POST", f"{UPLOAD}/undo"): _of_program("undo", {"reason": Field.SCREENED}),
    ("POST", f"{UPLOAD}/discard"): _of_program("delete"),
    ("GET", f"{UPLOAD}/problems"): _of_program("export"),
}

A_PRINT = {**ORDER, "format": Field.CHOICE}
# as of which day, as known at which instant or day
A_MOMENT = {"known_at": Field.TOKEN, "as_of": Field.DAY}


def _of_bench(permission: str, event: str = "", takes: Mapping[str, Field] | None = None) -> Policy:
    return allow(permission, *BENCH, event=event, takes=takes, shows=ON_THE_BENCH)


COURT: dict[tuple[str, str], Policy] = {
    ("GET", "/dockets"): _of_bench("docket:read"),
    ("GET", "/dockets/{court}/{day}"): _of_bench("docket:read", "docket.read", A_PRINT),
    ("GET", "/hearings/{hearing_id}"): _of_bench("hearing:read", "hearing.read", A_PRINT),
    ("GET", "/hearings/{hearing_id}/changes"): _of_bench("hearing:replay", "hearing.replayed", A_MOMENT),
    ("GET", "/hearings/{hearing_id}/next"): _of_bench("hearing:read", "docket.read", ORDER),
}

CASE = {"case": Field.NUMBER}
BARRIERS = ("language", "disability", "work_shift", "transport", "child_care", "program_seats")
A_REVIEW = {
    "token": Field.TOKEN, "decision": Field.CHOICE, "words": Field.WORDS, "why": Field.CHOICE,
    **{f"barrier_{name}": Field.CHOICE for name in BARRIERS},
}  # fmt: skip
A_VERDICT = {
    "token": Field.TOKEN, "decision": Field.CHOICE, "why": Field.CHOICE, "words": Field.WORDS,
    "evidence_due_on": Field.DAY,
}  # fmt: skip


def _of_office(permission: str, event: str, takes: Mapping[str, Field] | None = None) -> Policy:
    return allow(permission, *OFFICERS, event=event, takes=takes, shows=SUPERVISION)


OFFICE: dict[tuple[str, str], Policy] = {
    ("GET", "/today"): _of_office("today:read", "today.read", {"team": Field.CHOICE}),
    ("GET", "/caseload"): _of_office("caseload:read", "caseload.read", {**PAGES, "only": Field.SEVERAL}),
    ("POST", "/caseload"): _of_office(
        "caseload:search", "caseload.search", {"words": Field.LOOK_UP, "team": Field.CHOICE}
    ),
    ("GET", "/people/{person_id}"): _of_office("person:read", "person.read", CASE),
    ("GET", "/people/{person_id}/compliance"): _of_office("person:read", "ledger.read", {**CASE, **A_MOMENT}),
    ("GET", "/flags/{flag_id}"): _of_office("flag:read", "flag.read"),
    ("POST", "/flags/{flag_id}/reviews"): _of_office("flag:review", "flag.reviewed", A_REVIEW),
    ("POST", "/flags/{flag_id}/contest"): _of_office(
        "flag:contest", "flag.contested", {"contested": Field.CHOICE}
    ),
    ("POST", "/reviews/{review_id}/undo"): _of_office("flag:review", "review.undone"),
    ("GET", "/absences/{attendance_id}/decide"): _of_office("absence:read", "absence.read"),
    ("POST", "/absences/{attendance_id}/decide"): _of_office("absence:decide", "absence.decided", A_VERDICT),
}

A_DAY, AN_END = {"day": Field.DAY}, {"until": Field.DAY}
ITS_TRAIL = (Seen.AUDIT,)
TRAIL: dict[tuple[str, str], Policy] = {
    ("GET", "/audit"): allow("audit:own", *EVERYONE, event="audit.own_read", takes=A_DAY, shows=ITS_TRAIL),
    ("GET", "/audit/agency"): allow(
        "audit:agency", Role.PRIVACY_OFFICER, event="audit.agency_read", takes=A_DAY, shows=ITS_TRAIL
    ),
    ("GET", "/audit/case"): allow("audit:case", Role.PRIVACY_OFFICER),
    ("POST", "/audit/case"): allow(
        "audit:case", Role.PRIVACY_OFFICER, event="audit.case_read", takes={"number": Field.LOOK_UP}, shows=ITS_TRAIL
    ),
    ("GET", "/audit/look-back"): allow(
        "audit:look_back", Role.PRIVACY_OFFICER, event="audit.look_back", takes=AN_END, shows=ITS_TRAIL
    ),
}

POLICY: Mapping[tuple[str, str], Policy] = {**PLATFORM, **UPLOADS, **COURT, **OFFICE, **TRAIL}
