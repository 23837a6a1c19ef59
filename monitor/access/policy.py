"""The one table of routes: who may use each, and what is written to the audit trail (security/design 3).

Key: method and path as the router prints it, with parameter names and without their types: ``/people/{person_id}``.
The web application refuses to start while a route has no entry here, or an entry no route. Each desk appends its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from monitor.access.roles import Role

STEP_UP = timedelta(minutes=5)
EVERYONE = frozenset(Role)


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """``roles``: who may use the route. ``permission``: its name, as ``entity:act``.

    ``event``: what the audit trail calls it; the path's ids become the entry's subjects. Empty: nothing is recorded,
    right only for pages about nobody. ``public``: no session needed. ``half_way``: a session that has given only the
    password may use it. ``step_up``: both factors within the last five minutes. ``no_slide``: does not count as being
    at work. ``big_body``: may carry a file.
    """

    roles: frozenset[Role] = frozenset()
    permission: str = ""
    entity: str = ""
    event: str = ""
    public: bool = False
    half_way: bool = False
    step_up: bool = False
    no_slide: bool = False
    big_body: bool = False


def public(permission: str) -> Policy:
    """Anyone, signed in or not."""
    return Policy(permission=permission, public=True)


def allow(permission: str, *roles: Role, event: str = "", step_up: bool = False, big_body: bool = False) -> Policy:
    """Named roles. The entity is the part of ``permission`` before the colon."""
    return Policy(
        roles=frozenset(roles), permission=permission, entity=permission.partition(":")[0], event=event,
        step_up=step_up, big_body=big_body,
    )  # fmt: skip


OFFICERS = (Role.OFFICER, Role.OFFICER_SUPERVISOR)
BENCH = (Role.JUDGE, Role.CLERK)

PLATFORM: dict[tuple[str, str], Policy] = {
    ("GET", "/static/{file_path}"): public("static:read"),
    ("HEAD", "/static/{file_path}"): public("static:read"),
    ("GET", "/health/live"): public("health:read"),
    ("GET", "/health/ready"): public("health:read"),
    ("GET", "/sign-in"): public("session:open"),
    ("POST", "/sign-in"): public("session:open"),
    ("GET", "/sign-in/code"): Policy(permission="session:open", half_way=True),
    ("POST", "/sign-in/code"): Policy(permission="session:open", half_way=True),
    ("GET", "/sign-in/set-up"): Policy(permission="session:open", half_way=True),
    ("POST", "/sign-in/set-up"): Policy(permission="session:open", half_way=True),
    ("POST", "/sign-out"): Policy(roles=EVERYONE, permission="session:close", half_way=True),
    ("GET", "/"): allow("home:read", *EVERYONE),
    ("GET", "/help"): public("help:read"),
    ("GET", "/admin"): allow("administration:read", Role.ADMINISTRATOR, event="administration.read"),
}

# Append below, one dictionary for each desk, and add it to POLICY.

UPLOADS: dict[tuple[str, str], Policy] = {
    ("GET", "/attendance/uploads"): allow("upload:list", Role.PROGRAM, event="upload.list"),
    ("POST", "/attendance/uploads"): allow("upload:create", Role.PROGRAM, event="upload.create", big_body=True),
    ("GET", "/attendance/uploads/{upload_id}"): allow("upload:read", Role.PROGRAM, event="upload.read"),
    ("POST", "/attendance/uploads/{upload_id}/answers"): allow("upload:answer", Role.PROGRAM, event="upload.answer"),
    ("POST", "/attendance/uploads/{upload_id}/save"): allow("upload:save", Role.PROGRAM, event="upload.save"),
    ("POST", "/attendance/uploads/{upload_id}/undo"): allow("upload:undo", Role.PROGRAM, event="upload.undo"),
    ("POST", "/attendance/uploads/{upload_id}/discard"): allow("upload:delete", Role.PROGRAM, event="upload.delete"),
    ("GET", "/attendance/uploads/{upload_id}/problems"): allow("upload:export", Role.PROGRAM, event="upload.export"),
}

COURT: dict[tuple[str, str], Policy] = {
    ("GET", "/dockets"): allow("docket:read", *BENCH),
    ("GET", "/dockets/{court}/{day}"): allow("docket:read", *BENCH, event="docket.read"),
    ("GET", "/hearings/{hearing_id}"): allow("hearing:read", *BENCH, event="hearing.read"),
    ("GET", "/hearings/{hearing_id}/next"): allow("hearing:read", *BENCH, event="docket.read"),
}

OFFICE: dict[tuple[str, str], Policy] = {
    ("GET", "/today"): allow("today:read", *OFFICERS, event="today.read"),
    ("GET", "/caseload"): allow("caseload:read", *OFFICERS, event="caseload.read"),
    ("POST", "/caseload"): allow("caseload:search", *OFFICERS, event="caseload.search"),
    ("GET", "/people/{person_id}"): allow("person:read", *OFFICERS, event="person.read"),
    ("GET", "/people/{person_id}/compliance"): allow("person:read", *OFFICERS, event="ledger.read"),
    ("GET", "/flags/{flag_id}"): allow("flag:read", *OFFICERS, event="flag.read"),
    ("POST", "/flags/{flag_id}/reviews"): allow("flag:review", *OFFICERS, event="flag.reviewed"),
    ("POST", "/flags/{flag_id}/contest"): allow("flag:contest", *OFFICERS, event="flag.contested"),
    ("POST", "/reviews/{review_id}/undo"): allow("flag:review", *OFFICERS, event="review.undone"),
    ("GET", "/absences/{attendance_id}/decide"): allow("absence:read", *OFFICERS, event="absence.read"),
    ("POST", "/absences/{attendance_id}/decide"): allow("absence:decide", *OFFICERS, event="absence.decided"),
}

TRAIL: dict[tuple[str, str], Policy] = {
    ("GET", "/audit"): allow("audit:own", *EVERYONE, event="audit.own_read"),
    ("GET", "/audit/agency"): allow("audit:agency", Role.PRIVACY_OFFICER, event="audit.agency_read"),
    ("GET", "/audit/case"): allow("audit:case", Role.PRIVACY_OFFICER),
    ("POST", "/audit/case"): allow("audit:case", Role.PRIVACY_OFFICER, event="audit.case_read"),
    ("GET", "/audit/look-back"): allow("audit:look_back", Role.PRIVACY_OFFICER, event="audit.look_back"),
}

POLICY: Mapping[tuple[str, str], Policy] = {**PLATFORM, **UPLOADS, **COURT, **OFFICE, **TRAIL}
