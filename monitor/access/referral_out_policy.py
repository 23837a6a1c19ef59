"""Routes by which one agency refers somebody to another, and the other accepts or declines.

The receiver does not share the case: it reads its own list, never the case (matrix, row 1 in its reduced form).
"""

from __future__ import annotations

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

PARTIES = (Role.OFFICER, Role.OFFICER_SUPERVISOR, Role.JUDGE, Role.CLERK, Role.PROGRAM)
SHOWS = (Seen.IDENTITY, Seen.ATTENDANCE)
LIST = "/referrals-out"
OF_CASE = f"{LIST}/of/{{case_id}}"
A_REFERRAL = {"kind": Field.CHOICE, "program": Field.NUMBER, "signed_on": Field.DAY, "until_on": Field.DAY}

REFERRALS_OUT: dict[tuple[str, str], Policy] = {
    ("GET", LIST): allow("referral_out:list", *PARTIES, event="referral_out.list", shows=SHOWS),
    ("GET", OF_CASE): allow(
        "referral_out:read", *PARTIES, event="referral_out.read", shows=SHOWS, named_case=True
    ),
    ("POST", OF_CASE): allow(
        "referral_out:send", *PARTIES, event="referral_out.sent", takes=A_REFERRAL, shows=SHOWS, named_case=True
    ),
    ("POST", f"{LIST}/{{referral_id}}/back"): allow(
        "referral_out:take_back", *PARTIES, event="referral_out.taken_back", shows=SHOWS
    ),
    ("POST", f"{LIST}/{{referral_id}}/answer"): allow(
        "referral_out:answer", Role.PROGRAM, event="referral_out.answered",
        takes={"answer": Field.CHOICE, "why": Field.CHOICE}, shows=SHOWS,
    ),
}  # fmt: skip
