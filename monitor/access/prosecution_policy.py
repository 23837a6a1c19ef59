"""Routes of the prosecutor's desk: reports to decide, evidence packets, the disclosure log; and probation's answer."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

SHOWS = (
    Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.RISK, Seen.HEARINGS, Seen.FLAGS,
    Seen.INCIDENTS,
)  # fmt: skip
A_CASE = (*SHOWS, Seen.MEDICAL_NOTICE)
REPORT = "/prosecution/{allegation_id}"
PACKET = "/evidence/{evidence_packet_id}"
A_DECISION = {
    "token": Field.TOKEN, "decision": Field.CHOICE, "ground": Field.CHOICE, "words": Field.WORDS,
    "safety": Field.CHOICE, "due_on": Field.DAY,
}  # fmt: skip
A_COPY = {"given_to": Field.CHOICE, "how": Field.CHOICE}


def _of_desk(
    permission: str, event: str, takes: Mapping[str, Field] | None = None, named_case: bool = True
) -> Policy:
    return allow(permission, Role.PROSECUTOR, event=event, takes=takes, shows=SHOWS, named_case=named_case)


PROSECUTION: dict[tuple[str, str], Policy] = {
    ("GET", "/prosecution"): allow(
        "charging:list", Role.PROSECUTOR, event="charging.listed", shows=(*SHOWS, Seen.INCIDENTS)
    ),
    ("GET", REPORT): _of_desk("charging:read", "charging.read"),
    ("POST", f"{REPORT}/decision"): _of_desk("charging:decide", "charging.decided", A_DECISION),
    ("POST", f"{REPORT}/back"): _of_desk(
        "charging:undo", "charging.taken_back", {"token": Field.TOKEN, "words": Field.WORDS}
    ),
    ("POST", f"{REPORT}/packets"): _of_desk("evidence:build", "evidence.built", {"row": Field.SEVERAL}),
    ("GET", "/prosecution/cases/{case_id}"): allow(
        "prosecution:read", Role.PROSECUTOR, event="prosecution.case_read", shows=A_CASE, named_case=True
    ),
    ("POST", "/prosecution/cases/{case_id}/records"): allow(
        "evidence:certify", Role.PROSECUTOR, event="evidence.certified", shows=A_CASE, named_case=True,
        takes={"from_on": Field.DAY, "until_on": Field.DAY},
    ),
    ("GET", PACKET): _of_desk("evidence:read", "evidence.read", {"format": Field.CHOICE}),
    ("POST", f"{PACKET}/copies"): _of_desk("disclosure:create", "disclosure.handed", A_COPY),
    ("POST", f"{PACKET}/copies/undo"): _of_desk("disclosure:undo", "disclosure.undone", {"copy": Field.NUMBER}),
    ("GET", "/disclosures"): _of_desk("disclosure:list", "disclosure.listed", named_case=False),
    ("POST", "/allegations/{allegation_id}/answer"): allow(
        "charging:answer", Role.OFFICER, Role.OFFICER_SUPERVISOR, event="charging.answered",
        takes={"words": Field.WORDS}, named_case=True,
        shows=(
            Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.CONTACT_NOTES, Seen.TESTS, Seen.HEARINGS,
            Seen.FLAGS, Seen.INCIDENTS,
        ),
    ),
}  # fmt: skip
