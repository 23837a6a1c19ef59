"""The one table of routes: who may use each, and what is written to the audit trail (security/design 3).

Key: method and path as the router prints it, with parameter names and without their types: ``/people/{person_id}``.
The web application refuses to start while a route has no entry here, or an entry no route. Each desk appends its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.access.allegation_policy import ALLEGATIONS
from monitor.access.care_policy import CARE
from monitor.access.case_policy import NEW_CASES
from monitor.access.closing_policy import CLOSING
from monitor.access.consultation_policy import CONSULTATION
from monitor.access.coordinator_policy import MEASURES, PRIVACY
from monitor.access.desk_policy import DESK, ITS_SHEETS
from monitor.access.fields import Field
from monitor.access.incident_policy import INCIDENTS
from monitor.access.job_policy import JOBS
from monitor.access.level_policy import LEVELS
from monitor.access.matrix import Seen
from monitor.access.office_policy import ITS_LIST
from monitor.access.order_policy import ORDERS
from monitor.access.pause_policy import PAUSES
from monitor.access.policy_entry import EVERYONE, ON_THE_BENCH, STEP_UP, Policy, allow, half_way, public
from monitor.access.program_question_policy import PROGRAM_QUESTIONS
from monitor.access.prosecution_policy import PROSECUTION
from monitor.access.record_policy import RECORDS
from monitor.access.referral_out_policy import REFERRALS_OUT
from monitor.access.referral_policy import REFERRALS
from monitor.access.registry_policy import REGISTRY
from monitor.access.response_policy import RESPONSES
from monitor.access.result_policy import RESULTS
from monitor.access.roles import Role
from monitor.access.service_policy import SERVICE
from monitor.access.staff_policy import STAFF
from monitor.access.status_policy import STATUS_LIST
from monitor.access.upload_policy import UPLOADS
from monitor.access.verify_policy import VERIFY
from monitor.access.webhook_policy import WEBHOOKS

__all__ = ["EVERYONE", "POLICY", "STEP_UP", "Policy", "allow", "half_way", "public"]

OFFICERS = (Role.OFFICER, Role.OFFICER_SUPERVISOR)
BENCH = (Role.JUDGE, Role.CLERK)

# fields that many addresses have
ORDER = {"order": Field.CHOICE}
A_LIST = {
    **dict.fromkeys(("team", "sort"), Field.CHOICE), **dict.fromkeys(("only", "without"), Field.SEVERAL),
    "number": Field.NUMBER,
}
EMAIL_AND_PASSWORD = {"email": Field.LOOK_UP, "password": Field.SECRET, "next": Field.TOKEN}

# classes of data, as each desk shows them
SUPERVISION = (*ON_THE_BENCH, Seen.FLAGS, Seen.PARTICIPATION, Seen.INCIDENTS)

PLATFORM: dict[tuple[str, str], Policy] = {
    ("GET", "/static/{file_path}"): public("static:read", v=Field.TOKEN),
    ("HEAD", "/static/{file_path}"): public("static:read", v=Field.TOKEN),
    ("GET", "/health/live"): public("health:read"),
    ("GET", "/health/ready"): public("health:read"),
    ("GET", "/health/watch"): public("health:read"), ("GET", "/metrics"): public("metrics:read"),
    ("GET", "/sign-in"): public("session:open", next=Field.TOKEN, signed_out=Field.CHOICE),
    ("POST", "/sign-in"): public("session:open", **EMAIL_AND_PASSWORD),
    ("GET", "/sign-in/code"): half_way("session:open", next=Field.TOKEN),
    ("POST", "/sign-in/code"): half_way("session:open", code=Field.SECRET, next=Field.TOKEN),
    ("GET", "/sign-in/set-up"): half_way("session:open"),
    ("POST", "/sign-in/set-up"): half_way(
        "session:open", password=Field.SECRET, again=Field.SECRET, sealed_secret=Field.TOKEN, code=Field.SECRET
    ),
    ("POST", "/sign-out"): Policy(
        roles=EVERYONE, permission="session:close", half_way=True, while_locked=True, before_passkey=True
    ),
    ("GET", "/"): allow("home:read", *EVERYONE),
    ("GET", "/help"): public("help:read"),
    ("GET", "/admin"): allow("administration:read", Role.ADMINISTRATOR, event="administration.read"),
}

# what a device answers with, and where the person was going
BY_PASSKEY = {"credential": Field.SECRET, "next": Field.TOKEN}
A_CONFIRMATION = {**BY_PASSKEY, "code": Field.SECRET, "path": Field.TOKEN, "carried": Field.TOKEN}
ANSWER = {"code": Field.SECRET, "state": Field.TOKEN, "iss": Field.TOKEN}
A_PASSWORD = {"password": Field.SECRET, "again": Field.SECRET}
AN_APP = {"sealed_secret": Field.TOKEN, "code": Field.SECRET}
A_PASSKEY = {"name": Field.WORDS}


def _own(act: str, event: str = "", takes: Mapping[str, Field] | None = None, step_up: bool = True) -> Policy:
    return allow(f"account:{act}", *EVERYONE, event=event, takes=takes, step_up=step_up)


def _on_the_way(permission: str, event: str = "", **more: Any) -> Policy:
    """What somebody needs whose screen is locked, or who has not shown the passkey that the role asks for."""
    return Policy(roles=EVERYONE, permission=permission, entity="session", event=event, before_passkey=True, **more)


def _of_administrator(act: str, event: str) -> Policy:
    return allow(f"administration:{act}", Role.ADMINISTRATOR, event=event, step_up=True)


ACCOUNT: dict[tuple[str, str], Policy] = {
    ("GET", "/sign-in/passkey/options"): public("session:open"),
    ("POST", "/sign-in/passkey"): public("session:open", **BY_PASSKEY),
    ("POST", "/sign-in/agency"): public("session:open", agency=Field.CHOICE, next=Field.TOKEN),
    ("GET", "/sign-in/agency/return/{agency}"): public(
        "session:open", **ANSWER, session_state=Field.TOKEN, error=Field.TOKEN, error_description=Field.TOKEN
    ),
    ("POST", "/sign-in/agency/return/{agency}"): public("session:open", **ANSWER),
    ("POST", "/account/sign-on"): _own("sign_on", "sign_on.connected", {"agency": Field.CHOICE, "next": Field.TOKEN}),
    ("GET", "/step-up"): _on_the_way("session:confirm", fields_in={"next": Field.TOKEN}),
    ("POST", "/step-up"): _on_the_way("session:confirm", "session.step_up", fields_in=A_CONFIRMATION),
    ("GET", "/step-up/options"): _on_the_way("session:confirm", while_locked=True),
    ("GET", "/unlock"): _on_the_way("session:unlock", while_locked=True, fields_in={
        "next": Field.TOKEN, "unsaved": Field.CHOICE,
    }),
    ("POST", "/unlock"): _on_the_way(
        "session:unlock", "session.unlocked", while_locked=True,
        fields_in={"password": Field.SECRET, "unsaved": Field.CHOICE, **BY_PASSKEY},
    ),
    ("POST", "/lock"): _on_the_way("session:lock", "session.screen_locked", while_locked=True),
    ("POST", "/session/stay"): _on_the_way("session:stay"),
    ("GET", "/account"): _own("read", step_up=False),
    ("GET", "/account/password"): _own("password"),
    ("POST", "/account/password"): _own("password", "password.changed", A_PASSWORD),
    ("GET", "/account/app"): _own("app"),
    ("POST", "/account/app"): _own("app", "authenticator.changed", AN_APP),
    ("POST", "/account/recovery-codes"): _own("recovery", "recovery_codes.made"),
    ("GET", "/account/passkeys/new"): _on_the_way("account:passkey", step_up=True),
    ("GET", "/account/passkeys/options"): _on_the_way("account:passkey", step_up=True),
    ("POST", "/account/passkeys"): _on_the_way(
        "account:passkey", "passkey.added", step_up=True, fields_in={"credential": Field.SECRET, **A_PASSKEY}
    ),
    ("POST", "/account/passkeys/{passkey_id}/name"): _own("passkey", "passkey.renamed", A_PASSKEY),
    ("POST", "/account/passkeys/{passkey_id}/remove"): _own("passkey", "passkey.removed"),
    ("POST", "/account/sessions/{session_id}/end"): _own("sessions", "session.ended", step_up=False),
    ("POST", "/account/sessions/end-others"): _own("sessions", "session.others_ended", step_up=False),
    ("POST", "/account/role"): _own("role", "session.role_switched", {"membership": Field.NUMBER}, step_up=False),
    ("GET", "/admin/roles"): allow("administration:roles", Role.ADMINISTRATOR),
    ("POST", "/admin/roles"): allow(
        "administration:ask_role", Role.ADMINISTRATOR, event="user.role_asked", step_up=True,
        takes={"email": Field.LOOK_UP, "role": Field.CHOICE, "agency": Field.LOOK_UP, "why": Field.WORDS},
    ),
    ("POST", "/admin/outbox/retry"): _of_administrator("retry", "outbox.retried"),
    ("POST", "/admin/outbox/restored"): allow(
        "administration:restored", Role.ADMINISTRATOR, event="outbox.decided", takes={"what": Field.CHOICE},
        step_up=True,
    ),
    ("POST", "/account/digest"): _own("digest", "account.digest", {"wanted": Field.CHOICE}, step_up=False),
}

# Append below, one dictionary for each desk, and add it to POLICY.

A_PRINT = {**ORDER, "format": Field.CHOICE}
# as of which day, as known at which instant or day
A_MOMENT = {"known_at": Field.TOKEN, "as_of": Field.DAY}


def _of_bench(
    permission: str, event: str = "", takes: Mapping[str, Field] | None = None, named_case: bool = False
) -> Policy:
    return allow(permission, *BENCH, event=event, takes=takes, shows=ON_THE_BENCH, named_case=named_case)


A_PACKET = "/hearings/{hearing_id}/packets/{packet_id}"
A_COPY = {"given_to": Field.CHOICE, "how": Field.CHOICE, "unserved": Field.CHOICE}

WITH_COURT_DATES = frozenset({Role.JUDGE, Role.CLERK, Role.OFFICER, Role.PROGRAM})
A_CALENDAR = {"of": Field.TOKEN, "room": Field.TOKEN, "style": Field.CHOICE}
CALENDARS: dict[tuple[str, str], Policy] = {
    ("GET", "/account/calendars"): allow("calendar:list", *WITH_COURT_DATES),
    ("POST", "/account/calendars"): allow(
        "calendar:make", *WITH_COURT_DATES, event="calendar.made", takes=A_CALENDAR, step_up=True
    ),
    ("POST", "/account/calendars/{feed_id}/revoke"): allow(
        "calendar:revoke", *WITH_COURT_DATES, event="calendar.revoked"
    ),
    ("GET", "/ical/{name}"): public("calendar:read"),
}

COURT: dict[tuple[str, str], Policy] = {
    ("GET", "/dockets"): _of_bench("docket:read"),
    ("GET", "/dockets/{court}/{day}"): _of_bench("docket:read", "docket.read", A_PRINT | {"only": Field.CHOICE}),
    ("POST", "/dockets/{court}/{day}/order"): _of_bench("docket:order", "docket.ordered", ORDER),
    ("GET", "/hearings/{hearing_id}"): _of_bench("hearing:read", "hearing.read", A_PRINT, named_case=True),
    ("GET", "/hearings/{hearing_id}/changes"): _of_bench(
        "hearing:replay", "hearing.replayed", A_MOMENT, named_case=True
    ),
    ("POST", "/hearings/{hearing_id}/packets"): _of_bench("packet:take", "packet.taken", named_case=True),
    ("GET", "/hearings/{hearing_id}/packets"): _of_bench("packet:list", "packet.listed", named_case=True),
    ("GET", "/packets/{packet_id}"): _of_bench("packet:find", named_case=True),
    ("GET", A_PACKET): _of_bench("packet:read", "packet.read", {"format": Field.CHOICE}, named_case=True),
    ("POST", f"{A_PACKET}/copies"): _of_bench("packet:give", "packet.given", A_COPY, named_case=True),
    ("POST", f"{A_PACKET}/copies/undo"): _of_bench(
        "packet:undo_copy", "packet.copy_undone", {"copy": Field.NUMBER}, named_case=True
    ),
    ("GET", "/hearings/{hearing_id}/next"): _of_bench("hearing:read", "docket.read", ORDER),
}

CASE = {"case": Field.NUMBER}
BARRIERS = ("language", "disability", "work_shift", "transport", "child_care", "program_seats")
A_REVIEW = {
    "token": Field.TOKEN, "decision": Field.CHOICE, "words": Field.WORDS, "why": Field.CHOICE,
    "measure": Field.CHOICE, "outside_why": Field.CHOICE, "outside_words": Field.WORDS,
    "set_class": Field.CHOICE, "class_why": Field.CHOICE, "class_words": Field.WORDS,
    **{f"barrier_{name}": Field.CHOICE for name in BARRIERS},
}  # fmt: skip
A_VERDICT = {
    "token": Field.TOKEN, "decision": Field.CHOICE, "why": Field.CHOICE, "words": Field.WORDS,
    "evidence_due_on": Field.DAY, "evidence_received_on": Field.DAY, "evidence_accepted": Field.CHOICE,
}  # fmt: skip
CONTACTS = "/people/{person_id}/contacts"
A_CHOICE_OF_CONTACTS = dict.fromkeys(("way", "only"), Field.CHOICE)
A_CONTACT = {
    **dict.fromkeys(("way", "result", "showed", "travel", "after", "anyway", "then"), Field.CHOICE),
    "on": Field.DAY, "hour": Field.TOKEN,
    "after_on": Field.DAY, "note": Field.WORDS, "because": Field.WORDS,
}  # fmt: skip
# a draft is kept without the words that the lint stops, and nobody is asked about them yet
A_CONTACT_DRAFT = {**A_CONTACT, "note": Field.SCREENED, "because": Field.SCREENED}


def _of_office(
    permission: str, event: str, takes: Mapping[str, Field] | None = None, named_case: bool = True
) -> Policy:
    return allow(permission, *OFFICERS, event=event, takes=takes, shows=SUPERVISION, named_case=named_case)


OFFICE: dict[tuple[str, str], Policy] = {
    ("GET", "/today"): _of_office(
        "today:read", "today.read", {"team": Field.CHOICE, "officer": Field.NUMBER}, named_case=False
    ),
    ("GET", "/caseload"): _of_office("caseload:read", "caseload.read", A_LIST, named_case=False),
    ("POST", "/caseload"): _of_office(
        "caseload:search", "caseload.search", {"words": Field.LOOK_UP, "team": Field.CHOICE}, named_case=False
    ),
    ("GET", "/caseload/export"): _of_office(
        "caseload:export", "caseload.export_read", {"team": Field.CHOICE}, named_case=False
    ),
    ("POST", "/caseload/export"): allow(
        "caseload:export", *OFFICERS, event="caseload.exported", shows=SUPERVISION, step_up=True,
        takes={"team": Field.CHOICE, "why": Field.WORDS},
    ),
    ("GET", "/people/{person_id}"): _of_office("person:read", "person.read", CASE),
    ("GET", "/people/{person_id}/compliance"): _of_office("person:read", "ledger.read", {**CASE, **A_MOMENT}),
    ("GET", "/flags/{flag_id}"): _of_office(
        "flag:read", "flag.read", {"language": Field.CHOICE, "set_class": Field.CHOICE}
    ),
    ("POST", "/flags/{flag_id}/reviews"): _of_office("flag:review", "flag.reviewed", A_REVIEW),
    ("POST", "/flags/{flag_id}/contest"): _of_office("flag:contest", "flag.contested", {"contested": Field.CHOICE}),
    ("POST", "/reviews/{review_id}/undo"): _of_office("flag:review", "review.undone"),
    ("GET", CONTACTS): _of_office("contact:list", "contact.list", {**CASE, **A_CHOICE_OF_CONTACTS}),
    ("POST", CONTACTS): _of_office("contact:create", "contact.logged", {**CASE, **A_CONTACT}),
    ("POST", f"{CONTACTS}/draft"): _of_office("contact:draft", "contact.drafted", {**CASE, **A_CONTACT_DRAFT}),
    ("POST", "/contacts/{contact_id}/undo"): _of_office("contact:undo", "contact.taken_back"),
    ("GET", "/absences/{attendance_id}/decide"): _of_office("absence:read", "absence.read"),
    ("POST", "/absences/{attendance_id}/decide"): _of_office("absence:decide", "absence.decided", A_VERDICT),
}

CORRECTIONS = (Seen.IDENTITY, Seen.HEARINGS)
NOTICES: dict[tuple[str, str], Policy] = {
    ("GET", "/notices"): allow("notice:list", *OFFICERS, *BENCH, event="notice.list", shows=CORRECTIONS),
    ("POST", "/notices/{notice_id}/read"): allow(
        "notice:read", *OFFICERS, *BENCH, event="notice.read", shows=CORRECTIONS
    ),
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

# who may read what they are not assigned to, who is walled off, and acts of two (safeguards D1, D3, D7, G4, G5)
REVIEWERS = (Role.OFFICER_SUPERVISOR, Role.PRIVACY_OFFICER)
SECONDS = (Role.PRIVACY_OFFICER, Role.ADMINISTRATOR, Role.OFFICER_SUPERVISOR)
A_REASON = {"ground": Field.CHOICE, "words": Field.WORDS, "next": Field.TOKEN}
A_WALL = {"email": Field.LOOK_UP, "number": Field.LOOK_UP, "court": Field.CHOICE, "why": Field.WORDS}
BOTH = (Seen.AUDIT, Seen.IDENTITY)
ASKED = (Role.PROSECUTOR, Role.OFFICER_SUPERVISOR)
A_MARK = {"number": Field.LOOK_UP, "court": Field.CHOICE, "words": Field.WORDS}
QUESTIONS = (Seen.IDENTITY, Seen.FLAGS)

MAY_UNSEAL = (Role.CLERK, Role.PRIVACY_OFFICER)

INSIDERS: dict[tuple[str, str], Policy] = {
    ("GET", "/cases/{case_id}/opening"): allow(
        "opening:ask", *OFFICERS, event="opening.asked", takes={"next": Field.TOKEN}, shows=(Seen.IDENTITY,)
    ),
    ("POST", "/cases/{case_id}/opening"): allow(
        "opening:create", *OFFICERS, event="opening.opened", takes=A_REASON, shows=BOTH, step_up=True
    ),
    ("POST", "/openings/end"): allow("opening:end", *OFFICERS, event="opening.ended", shows=(Seen.AUDIT,)),
    ("GET", "/openings"): allow("opening:list", *REVIEWERS, event="opening.listed", shows=(Seen.AUDIT,)),
    ("GET", "/openings/{opening_id}/case"): allow(
        "opening:read", Role.OFFICER_SUPERVISOR, event="opening.case_asked", shows=BOTH
    ),
    ("POST", "/openings/{opening_id}"): allow(
        "opening:review", *REVIEWERS, event="opening.reviewed", takes={"verdict": Field.CHOICE}, shows=(Seen.AUDIT,)
    ),
    ("GET", "/walls"): allow("wall:list", Role.PRIVACY_OFFICER, event="wall.listed", shows=ITS_TRAIL),
    ("POST", "/walls"): allow("wall:create", Role.PRIVACY_OFFICER, event="wall.entered", takes=A_WALL, shows=ITS_TRAIL),
    ("POST", "/walls/{wall_id}/removal"): allow(
        "wall:remove", Role.PRIVACY_OFFICER, event="wall.removal_asked", takes={"why": Field.WORDS}, shows=ITS_TRAIL,
        step_up=True,
    ),
    ("POST", "/walls/alerts/{alert_id}"): allow(
        "wall:create", Role.PRIVACY_OFFICER, event="wall.alert_handled", takes={"decision": Field.CHOICE},
        shows=ITS_TRAIL,
    ),
    ("GET", "/context"): allow("context:list", *ASKED, event="context.listed", shows=QUESTIONS),
    ("POST", "/context"): allow("context:mark", *ASKED, event="context.marked", takes=A_MARK, shows=QUESTIONS),
    ("POST", "/context/{question_id}/done"): allow("context:close", *ASKED, event="context.done", shows=QUESTIONS),
    ("GET", "/sealed"): allow("case:list_sealed", *MAY_UNSEAL, event="sealed.listed"),
    ("POST", "/sealed"): allow(
        "case:unseal", *MAY_UNSEAL, event="case.return_asked", step_up=True,
        takes={"number": Field.LOOK_UP, "order": Field.WORDS, "why": Field.WORDS},
    ),
    ("GET", "/approvals"): allow("approval:list", *SECONDS, event="approval.listed"),
    ("POST", "/approvals/{request_id}"): allow(
        "approval:decide", *SECONDS, event="approval.decided", takes={"decision": Field.CHOICE}, step_up=True
    ),
    ("POST", "/approvals/ticked"): allow(
        "approval:decide", *SECONDS, event="approval.decided", takes={"one": Field.SEVERAL}, step_up=True
    ),
}  # fmt: skip

A_MACHINE = {"name": Field.TOKEN, "program": Field.CHOICE, "days": Field.CHOICE}
MACHINES: dict[tuple[str, str], Policy] = {
    ("GET", "/admin/machines"): allow("machine:list", Role.ADMINISTRATOR),
    ("POST", "/admin/machines"): allow(
        "machine:add", Role.ADMINISTRATOR, event="machine.added", takes=A_MACHINE, step_up=True
    ),
    ("POST", "/admin/machines/{machine_id}/revoke"): _of_administrator("revoke_machine", "machine.revoked"),
}

A_BATCH = {"file": Field.FILE, "answers": Field.SCREENED, "group": Field.TOKEN, "dry_run": Field.CHOICE}
BATCH = "/api/v1/attendance-batches/{upload_id}"


def _of_machine(act: str, event: str, **more: Any) -> Policy:
    shows = frozenset(ITS_SHEETS)
    return Policy(permission=f"batch:{act}", entity="batch", event=event, machine=True, shows=shows, **more)


API: dict[tuple[str, str], Policy] = {
    ("POST", "/api/v1/attendance-batches"): _of_machine("create", "batch.create", fields_in=A_BATCH, big_body=True),
    ("GET", BATCH): _of_machine("read", "batch.read"),
    ("DELETE", BATCH): _of_machine("undo", "batch.undo"),
    ("GET", "/api/v1/openapi.json"): Policy(roles=EVERYONE, permission="api:read", entity="api", machine=True),
    ("GET", "/api/v1/dockets/{court}/{day}"): _of_bench("docket:read", "docket.read"),
    ("GET", "/api/v1/people/{person_id}/compliance"): _of_office("person:read", "ledger.read", CASE),
    ("GET", "/api/v1/changes"): _of_machine("changes", "batch.changes", fields_in={"since": Field.TOKEN}),
}

POLICY: Mapping[tuple[str, str], Policy] = {
    **PLATFORM, **ACCOUNT, **UPLOADS, **COURT, **OFFICE, **ALLEGATIONS, **NOTICES, **TRAIL, **INSIDERS, **DESK,
    **ITS_LIST, **MACHINES, **API, **REFERRALS, **CLOSING, **VERIFY, **LEVELS, **RESULTS, **CALENDARS, **ORDERS,
    **RESPONSES, **STATUS_LIST, **WEBHOOKS, **PROSECUTION, **JOBS, **MEASURES, **PRIVACY, **INCIDENTS, **SERVICE,
    **CARE, **RECORDS, **CONSULTATION, **REFERRALS_OUT, **PROGRAM_QUESTIONS, **NEW_CASES, **STAFF, **PAUSES,
    **REGISTRY,
}  # fmt: skip
