"""Routes by which the court refers somebody to a program."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

SHOWS = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.HEARINGS)
PATH = "/hearings/{hearing_id}/referrals"
A_REFERRAL = {"program": Field.CHOICE, "duty": Field.CHOICE, "first_on": Field.DAY, "hour": Field.TOKEN}


def _of_court(act: str, event: str, takes: Mapping[str, Field] | None = None) -> Policy:
    return allow(
        f"referral:{act}", Role.JUDGE, Role.CLERK, event=event, takes=takes, shows=SHOWS, named_case=True
    )


REFERRALS: dict[tuple[str, str], Policy] = {
    ("GET", PATH): _of_court("read", "referral.read"),
    ("POST", PATH): _of_court("make", "referral.made", A_REFERRAL),
    ("POST", f"{PATH}/back"): _of_court("take_back", "referral.taken_back", {"place": Field.NUMBER}),
}
