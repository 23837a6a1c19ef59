"""Routes of law enforcement: what waits for service, warrants, a return, a receipt, a name with reason."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

SHOWS = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.HEARINGS, Seen.INCIDENTS)
ONE = "/service/{order_id}"


def _of(act: str, event: str, takes: Mapping[str, Field] | None = None, *more: Seen) -> Policy:
    return allow(f"service:{act}", Role.LAW_ENFORCEMENT, event=event, takes=takes, shows=(*SHOWS, *more))


SERVICE: dict[tuple[str, str], Policy] = {
    ("GET", "/service"): _of("list", "service.listed"),
    ("GET", ONE): _of("read", "service.read"),
    ("POST", ONE): _of("record", "service.recorded", {
        "how": Field.CHOICE, "on": Field.DAY, "hour": Field.TOKEN, "server": Field.WORDS, "seen": Field.NUMBER,
    }),
    ("POST", f"{ONE}/take-back"): _of("take_back", "service.taken_back", {"reason": Field.WORDS}),
    ("POST", f"{ONE}/firearms"): _of("receipt", "service.receipt", {
        "event": Field.CHOICE, "on": Field.DAY, "hour": Field.TOKEN,
    }),
    ("POST", f"{ONE}/firearms/take-back"): _of("receipt_back", "service.receipt_back", {
        "receipt": Field.NUMBER, "reason": Field.WORDS,
    }),
    ("POST", f"{ONE}/name"): _of(
        "name", "order.party_shown", {"why": Field.CHOICE, "incident": Field.TOKEN}, Seen.PROTECTED_IDENTITY
    ),
}  # fmt: skip
