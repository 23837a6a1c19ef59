"""Routes by which the court's desk records what hearings came to."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

SHOWS = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.HEARINGS)
DAY, PATH = "/dockets/{court}/{day}/results", "/hearings/{hearing_id}/result"
A_RESULT = {
    "token": Field.TOKEN, "result": Field.CHOICE, "done": Field.CHOICE, "why": Field.CHOICE, "next": Field.CHOICE,
    "next_on": Field.DAY, "hour": Field.TOKEN, "no_date": Field.CHOICE, "warrant": Field.CHOICE,
    "notice_step": Field.CHOICE, "words": Field.WORDS, "response": Field.TOKEN, "anyway": Field.CHOICE,
}  # fmt: skip


def _of_desk(act: str, event: str, takes: Mapping[str, Field] | None = None, named_case: bool = True) -> Policy:
    return allow(
        f"result:{act}", Role.JUDGE, Role.CLERK, event=event, takes=takes, shows=SHOWS, named_case=named_case
    )


RESULTS: dict[tuple[str, str], Policy] = {
    ("GET", DAY): _of_desk("list", "result.queued", named_case=False),
    ("POST", DAY): _of_desk("claim", "result.claimed", named_case=False),
    ("GET", PATH): _of_desk("read", "result.read"),
    ("POST", PATH): _of_desk("record", "result.recorded", A_RESULT),
    ("POST", f"{PATH}/claim"): _of_desk("claim", "result.claimed", {"what": Field.CHOICE}),
    ("POST", f"{PATH}/undo"): _of_desk("undo", "result.undone"),
}
