"""The access matrix: seventeen classes of data, nine practitioner roles and the supporting ones, a cell for each.

C create or correct own entries · R read · r read a reduced form · M ask whether X matches, never list · – nothing, and
nobody can tell that there is anything (safeguard B7) · * own activity only. What a reduced form leaves out is the
business of the page; that nothing else shows is held by tests/sweep/test_hidden_things.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from monitor.access.roles import Role
from monitor.access.scope import Reach


class Seen(StrEnum):
    """A class of data, in the order of the matrix."""

    IDENTITY = "identity"
    ORDER_TERMS = "order_terms"
    PROTECTED_IDENTITY = "protected_identity"
    PROTECTED_CONTACT = "protected_contact"
    ATTENDANCE = "attendance"
    PARTICIPATION = "participation"
    CONTACT_NOTES = "contact_notes"
    TESTS = "tests"
    RISK = "risk"
    INCIDENTS = "incidents"
    FLAGS = "flags"
    CONFIRMED = "confirmed"
    HEARINGS = "hearings"
    CONCERN = "concern"
    MEDICAL_NOTICE = "medical_notice"
    EQUITY = "equity"
    AUDIT = "audit"


ADV, DIS, LE, PROS = (Role.ADVOCATE,), (Role.DISPATCH,), (Role.LAW_ENFORCEMENT,), (Role.PROSECUTOR,)
VW, CRT, PO = (Role.VICTIM_WITNESS,), (Role.JUDGE, Role.CLERK), (Role.OFFICER, Role.OFFICER_SUPERVISOR)
BIP, MED = (Role.PROGRAM,), (Role.MEDICAL,)
SUPPORT = (Role.COORDINATOR,), (Role.PRIVACY_OFFICER,), (Role.ADMINISTRATOR,)
COLUMNS: Final = (ADV, DIS, LE, PROS, VW, CRT, PO, BIP, MED, *SUPPORT)

# nine practitioners, then coordinator, privacy officer (of the own agency), administrator
_CELLS: Final = """
                     ADV  911  LE   PROS V/W  CRT  PO   BIP  MED   COO  PRIV ADM
identity             r    R    R    R    R    CR   CR   r    –     –    –    –
order_terms          r    R    CR   R    R    CR   R    r    –     –    –    –
protected_identity   –    M    R    R    R    CR   R    –    –     –    –    –
protected_contact    –    –    –    –    –    –    –    –    –     –    –    –
attendance           r    –    –    R    r    R    R    CR   –     –    –    –
participation        –    –    –    r    –    R    R    CR   –     –    –    –
contact_notes        –    –    –    r    –    r    CR   –    –     –    –    –
tests                –    –    –    r    –    R    CR   –    –     –    –    –
risk                 –    r    r    R    R    R    CR   r    –     –    –    –
incidents            –    Cr   CR   R    R    r    R    –    –     –    –    –
flags                –    –    –    r    r    –    CR   Cr   –     –    –    –
confirmed            r    r    r    R    R    CR   R    r    –     –    –    –
hearings             r    r    r    R    R    CR   R    r    –     –    –    –
concern              Cr   –    –    –    –    –    r    –    –     –    –    –
medical_notice       –    –    r    R    r    –    –    –    C     –    –    –
equity               –    –    –    –    –    –    C    C    –     –    –    –
audit                r*   r*   r*   r*   r*   r*   r*   r*   r*    r*   R    r*
"""


def _read(text: str) -> dict[Seen, dict[Role, str]]:
    found = {}
    for line in text.strip("\n").splitlines()[1:]:
        name, *cells = line.split()
        pairs = zip(COLUMNS, cells, strict=True)
        found[Seen(name)] = {role: cell for roles, cell in pairs for role in roles}
    return found


MATRIX: Mapping[Seen, Mapping[Role, str]] = _read(_CELLS)

# which class each table of the record belongs to; None: about no person's case
CLASS_OF: Mapping[str, Seen | None] = {
    "person": Seen.IDENTITY, "court_case": Seen.IDENTITY, "case_agency": Seen.IDENTITY, "assignment": Seen.IDENTITY,
    "court_order": Seen.ORDER_TERMS, "order_version": Seen.ORDER_TERMS, "condition": Seen.ORDER_TERMS,
    "requirement": Seen.ORDER_TERMS, "service": Seen.ORDER_TERMS, "firearm_receipt": Seen.ORDER_TERMS,
    "order_sheet": Seen.ORDER_TERMS, "order_step": Seen.ORDER_TERMS,
    "protected_party": Seen.PROTECTED_IDENTITY,
    "enrollment": Seen.ATTENDANCE, "enrollment_event": Seen.ATTENDANCE, "attendance": Seen.ATTENDANCE,
    "adjudication": Seen.ATTENDANCE, "coverage": Seen.ATTENDANCE, "report": Seen.ATTENDANCE,
    "letter": Seen.ATTENDANCE, "earlier_place": Seen.ATTENDANCE, "grid_draft": Seen.ATTENDANCE,
    "upload": Seen.ATTENDANCE, "upload_row": Seen.ATTENDANCE, "sheet_profile": Seen.ATTENDANCE,
    "kept_answer": Seen.ATTENDANCE, "referral_out": Seen.ATTENDANCE, "program_question": Seen.ATTENDANCE,
    "leave": Seen.ATTENDANCE, "release": Seen.ATTENDANCE, "transfer": Seen.ATTENDANCE, "certificate": Seen.ATTENDANCE,
    "contact": Seen.CONTACT_NOTES, "contact_draft": Seen.CONTACT_NOTES, "check_in": Seen.CONTACT_NOTES,
    "expectation": Seen.CONTACT_NOTES,
    "participation": Seen.PARTICIPATION, "concern": Seen.PARTICIPATION, "concern_answer": Seen.PARTICIPATION,
    "drug_test": Seen.TESTS, "assessment": Seen.RISK,
    "flag": Seen.FLAGS, "span": Seen.FLAGS, "review": Seen.FLAGS, "told": Seen.FLAGS, "notice": Seen.FLAGS,
    "allegation": Seen.FLAGS, "allegation_flag": Seen.FLAGS, "allegation_step": Seen.FLAGS,
    "hidden_item": Seen.FLAGS, "response": Seen.FLAGS, "incentive": Seen.CONTACT_NOTES, "response_matrix": None,
    "task": Seen.CONTACT_NOTES, "saved_view": None,
    "charging_decision": Seen.FLAGS, "evidence_packet": Seen.FLAGS, "evidence_copy": Seen.FLAGS,
    "hearing": Seen.HEARINGS, "court_decision": Seen.HEARINGS, "pause": Seen.HEARINGS,
    "earlier_hearing": Seen.HEARINGS, "packet": Seen.HEARINGS, "hearing_result": Seen.HEARINGS,
    "hearing_claim": Seen.HEARINGS, "defense_copy": Seen.HEARINGS,
    "incident": Seen.INCIDENTS, "incident_draft": Seen.INCIDENTS,
    "notice_answer": Seen.HEARINGS, "safety_step": Seen.FLAGS,
    "record_notice": Seen.MEDICAL_NOTICE,
    "agency": None, "county": None, "court": None, "court_holiday": None, "judge": None, "program": None,
    "program_group": None, "group_session": None, "policy_term": None, "app_user": None, "membership": None,
    "auth_session": None, "sign_in_attempt": None, "job_run": None, "mark": None, "dirty": None, "outbox": None,
    "audit_entry": Seen.AUDIT, "audit_head": Seen.AUDIT, "audit_block": Seen.AUDIT,
    "wall": Seen.AUDIT, "conflict_alert": Seen.AUDIT,
    "case_opening": Seen.AUDIT, "context_review": Seen.FLAGS, "approval_request": None,
    "forgotten_flag": Seen.FLAGS, "dismissal_count": None, "removal": None,
    "callback": Seen.CONCERN, "consultation": Seen.CONCERN,
    "certified_month": None, "passkey": None, "recovery_code": None, "sign_on_identity": None, "spent_challenge": None,
    "machine": None, "calendar_feed": None, "docket_order": None, "measure_release": None, "training": None,
    "cover": None, "job_pause": None, "webhook_endpoint": None,
}  # fmt: skip


BEFORE_THE_COURT: Final = (Reach.REVIEWED, Reach.OWN_SHARED, Reach.ADDRESSED)


def class_of(table: str, reach: Reach | None = None) -> Seen | None:
    """The class of a table as somebody with ``reach`` sees it. KeyError: the table has no class yet.

    Flags that a person reviewed and filed are before the court, a matter of its hearing (safeguard F10); so is what a
    desk has been told already.
    """
    found = CLASS_OF[table]
    return Seen.HEARINGS if found is Seen.FLAGS and reach in BEFORE_THE_COURT else found


def cell(seen: Seen, role: Role) -> str:
    """What the matrix says: "CR", "r", "–" …"""
    return MATRIX[seen][role]


def hidden(seen: Seen, role: Role) -> bool:
    """Whether the role may see nothing of it, nor that it exists."""
    return cell(seen, role) == "–"
