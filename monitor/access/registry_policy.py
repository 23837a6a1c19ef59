"""Routes of the agency that enters orders in the registry: its list, one packet, number, correction, and way back."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

SHOWS = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.HEARINGS)
ONE = "/registry/{order_id}"
AN_ENTRY = {"seen": Field.NUMBER, "registry_number": Field.TOKEN, "entered_on": Field.DAY, "entered_hour": Field.TOKEN}


def _of(act: str, event: str, takes: Mapping[str, Field] | None = None, *more: Seen) -> Policy:
    return allow(f"registry:{act}", Role.LAW_ENFORCEMENT, event=event, takes=takes, shows=(*SHOWS, *more))


def _of_machine(act: str, event: str, takes: Mapping[str, Field] | None = None) -> Policy:
    return Policy(
        permission=f"registry:{act}", entity="registry", event=event, machine=True, shows=frozenset(SHOWS),
        machines=frozenset({Role.LAW_ENFORCEMENT}), fields_in=takes or {},
    )


REGISTRY: dict[tuple[str, str], Policy] = {
    ("GET", "/registry"): _of("list", "registry.listed"),
    ("GET", ONE): _of("read", "registry.read"),
    # the only way here to the protected name, and only while the entry waits
    ("GET", f"{ONE}/packet"): _of("packet", "registry.packet", {"format": Field.CHOICE}, Seen.PROTECTED_IDENTITY),
    ("POST", f"{ONE}/entered"): _of("confirm", "registry.entered", AN_ENTRY),
    ("POST", f"{ONE}/correct"): _of("correct", "registry.corrected", {
        "step": Field.NUMBER, "right_number": Field.TOKEN,
    }),
    ("POST", f"{ONE}/take-back"): _of("take_back", "registry.taken_back", {"step": Field.NUMBER, "why": Field.CHOICE}),
    ("POST", f"{ONE}/send-back"): _of("send_back", "registry.sent_back", {"seen": Field.NUMBER, "back": Field.CHOICE}),
    # a machine's secret opens no protected name: the packet is made by a person
    ("GET", "/api/v1/entry-packets"): _of_machine("list", "registry.listed"),
    ("POST", "/api/v1/orders/{order_id}/entry-confirmation"): _of_machine("confirm", "registry.entered", {
        "seen": Field.NUMBER, "registry_number": Field.TOKEN, "at": Field.TOKEN,
    }),
}  # fmt: skip
