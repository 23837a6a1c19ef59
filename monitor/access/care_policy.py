"""Routes of victim/witness staff: what is due from court events, one case, and answers in codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

ITS_LIST: Final = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.HEARINGS, Seen.FLAGS)
ITS_CASE: Final = (*ITS_LIST, Seen.ATTENDANCE, Seen.RISK, Seen.INCIDENTS, Seen.MEDICAL_NOTICE)
ONE: Final = "/due-notices/{case_id}"
AN_ANSWER = {"kind": Field.CHOICE, "about": Field.NUMBER, "at": Field.TOKEN, "answer": Field.CHOICE}


def _of_desk(act: str, event: str, takes: Mapping[str, Field] | None = None, named_case: bool = True) -> Policy:
    return allow(
        f"due:{act}", Role.VICTIM_WITNESS, event=event, takes=takes, shows=ITS_CASE if named_case else ITS_LIST,
        named_case=named_case,
    )  # fmt: skip


CARE: dict[tuple[str, str], Policy] = {
    ("GET", "/due-notices"): _of_desk("list", "due.listed", named_case=False),
    ("GET", ONE): _of_desk("read", "due.read"),
    ("POST", f"{ONE}/answers"): _of_desk("answer", "due.answered", AN_ANSWER),
    ("POST", f"{ONE}/standing"): _of_desk("stand", "due.answered", {"answer": Field.CHOICE}),
    ("POST", f"{ONE}/needs"): _of_desk("need", "due.answered", {"hearing": Field.NUMBER, "answer": Field.CHOICE}),
    ("POST", "/due-notices/answers/{answer_id}/take-back"): _of_desk("take_back", "due.taken_back"),
}
