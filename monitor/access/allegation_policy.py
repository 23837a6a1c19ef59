"""Routes of what goes to the court: drafted, approved by a second person, answered (safeguards F4 to F13)."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

BENCH = (Role.JUDGE, Role.CLERK)
OFFICERS = (Role.OFFICER, Role.OFFICER_SUPERVISOR)
SHOWS = (
    Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.CONTACT_NOTES, Seen.TESTS, Seen.HEARINGS, Seen.FLAGS,
    Seen.INCIDENTS,
)  # fmt: skip
REPORT_PATH = "/allegations/{allegation_id}"
A_DRAFT = {
    "token": Field.TOKEN, "ask": Field.CHOICE, "words": Field.WORDS, "safety": Field.CHOICE, "safety_for": Field.CHOICE,
}  # fmt: skip
AN_EXHIBIT = {
    "token": Field.TOKEN, "kind": Field.CHOICE, "on": Field.DAY, "shows": Field.WORDS, "seen_by": Field.CHOICE,
    "first_hand": Field.CHOICE, "gaps": Field.WORDS, "drop": Field.NUMBER,
}  # fmt: skip
AN_ANSWER = {"token": Field.TOKEN, "decision": Field.CHOICE, "reason": Field.WORDS}
A_CONTEST = {"contested": Field.CHOICE, "words": Field.WORDS}


def _of_office(
    permission: str, event: str, takes: Mapping[str, Field] | None = None, named_case: bool = True
) -> Policy:
    return allow(permission, *OFFICERS, event=event, takes=takes, shows=SHOWS, named_case=named_case)


A_LANGUAGE = {"language": Field.CHOICE}
FINDINGS_PATH = "/hearings/{hearing_id}/findings"
A_FINDING = {
    "report": Field.NUMBER, "token": Field.TOKEN, "finding": Field.CHOICE, "words": Field.WORDS,
    "counsel": Field.CHOICE,
}  # fmt: skip


def _of_bench(permission: str, event: str, takes: Mapping[str, Field] | None = None) -> Policy:
    # what the bench page shows
    shows = [*(seen for seen in SHOWS if seen not in (Seen.FLAGS, Seen.INCIDENTS)), Seen.RISK]
    return allow(permission, *BENCH, event=event, takes=takes, shows=shows, named_case=True)


ALLEGATIONS: dict[tuple[str, str], Policy] = {
    ("GET", "/allegations"): _of_office("allegation:list", "allegation.listed", named_case=False),
    ("GET", REPORT_PATH): _of_office("allegation:read", "allegation.read", {"format": Field.CHOICE}),
    ("POST", f"{REPORT_PATH}/draft"): _of_office("allegation:draft", "allegation.drafted", A_DRAFT),
    ("POST", f"{REPORT_PATH}/evidence"): _of_office("allegation:draft", "allegation.evidence", AN_EXHIBIT),
    ("POST", f"{REPORT_PATH}/submit"): _of_office("allegation:submit", "allegation.submitted", A_DRAFT),
    ("POST", f"{REPORT_PATH}/drop"): _of_office("allegation:drop", "allegation.dropped"),
    ("POST", f"{REPORT_PATH}/approval"): allow(
        "allegation:approve", Role.OFFICER_SUPERVISOR, event="allegation.answered", takes=AN_ANSWER,
        shows=SHOWS, named_case=True,
    ),
    ("POST", f"{REPORT_PATH}/withdraw"): _of_office(
        "allegation:withdraw", "allegation.withdrawn", {"reason": Field.WORDS}
    ),
    ("GET", FINDINGS_PATH): _of_bench("finding:read", "finding.read"),
    ("POST", FINDINGS_PATH): _of_bench("finding:record", "finding.recorded", A_FINDING),
    ("POST", "/hearings/{hearing_id}/contest"): _of_bench(
        "finding:contest", "finding.contested", {"report": Field.NUMBER, "contested": Field.CHOICE}
    ),
    ("GET", f"{REPORT_PATH}/notice"): _of_office("allegation:notice", "allegation.notice_read", A_LANGUAGE),
    ("POST", f"{REPORT_PATH}/notice"): _of_office("allegation:notice", "allegation.notice_made", A_LANGUAGE),
    ("POST", f"{REPORT_PATH}/served"): _of_office(
        "allegation:notice", "allegation.served", {"how": Field.CHOICE, "served": Field.WORDS}
    ),
    ("POST", f"{REPORT_PATH}/contest"): _of_office("allegation:contest", "allegation.contested", A_CONTEST),
}  # fmt: skip
