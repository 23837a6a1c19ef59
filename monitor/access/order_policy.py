"""Routes of the court's desk of orders."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.access.fields import Field
from monitor.access.matrix import Seen
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

SHOWS = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.HEARINGS, Seen.ATTENDANCE)
NAMED = (*SHOWS, Seen.PROTECTED_IDENTITY)
PATH, ONE = "/hearings/{hearing_id}/orders", "/orders/{order_id}"
CLERK, BENCH = (Role.CLERK,), (Role.CLERK, Role.JUDGE)
CHOSEN = ("judge", "party", "firearm_heard", "firearm_related", "firearm_forbids", "flag", "notice", "program",
          "no_review", "endless", "template")  # fmt: skip
# the name is sealed and never kept as typed; the further term is screened by the room, without a way round
AN_ORDER = {
    **{name: Field.CHOICE for name in CHOSEN}, "number": Field.TOKEN, "given": Field.SECRET, "family": Field.SECRET,
    "terms": Field.SEVERAL, "places": Field.SEVERAL, "allowed": Field.SEVERAL, "yards": Field.NUMBER,
    "words": Field.SCREENED, "issued_on": Field.DAY, "ends_on": Field.DAY, "review_on": Field.DAY,
    "review_at": Field.TOKEN,
}  # fmt: skip

AN_ENTRY = {"seen": Field.NUMBER, "registry_number": Field.TOKEN, "by_agency": Field.WORDS, "entered_on": Field.DAY,
            "entered_hour": Field.TOKEN}  # fmt: skip
A_RETURN = {"result": Field.CHOICE, "method": Field.CHOICE, "on": Field.DAY, "hour": Field.TOKEN, "server": Field.WORDS}
AN_END = {"how": Field.CHOICE, "on": Field.DAY, "notice_step": Field.CHOICE, "seen": Field.NUMBER}


def _of(act: str, event: str, roles: tuple[Role, ...], shows: tuple[Seen, ...] = SHOWS,
        takes: Mapping[str, Field] | None = None) -> Policy:  # fmt: skip
    return allow(f"order:{act}", *roles, event=event, takes=takes, shows=shows, named_case=True)


ORDERS: dict[tuple[str, str], Policy] = {
    ("GET", PATH): _of("list", "order.listed", BENCH),
    ("GET", f"{PATH}/new"): _of("open", "order.opened", CLERK, takes={"template": Field.CHOICE}),
    ("POST", f"{PATH}/check"): _of("check", "order.checked", CLERK, takes=AN_ORDER),
    ("POST", f"{PATH}/paper"): _of("draft", "order.checked", CLERK, NAMED, takes=AN_ORDER),
    ("POST", PATH): _of("make", "order.made", CLERK, NAMED, takes=AN_ORDER),
    ("GET", ONE): _of("read", "order.read", BENCH),
    ("GET", f"{ONE}/change"): _of("open", "order.opened", CLERK),
    ("POST", f"{ONE}/change"): _of("change", "order.changed", CLERK, takes={**AN_ORDER, "seen": Field.NUMBER}),
    ("POST", f"{ONE}/end"): _of("end", "order.ended", CLERK, takes=AN_END),
    ("GET", "/orders/waiting"): allow("order:wait", *CLERK, event="order.waiting", shows=SHOWS),
    ("GET", f"{ONE}/steps"): _of("steps", "order.read", CLERK),
    ("GET", f"{ONE}/packet"): _of("packet", "order.packet", CLERK, NAMED, takes={"format": Field.CHOICE}),
    ("POST", f"{ONE}/entered"): _of("confirm", "order.entered", CLERK, takes=AN_ENTRY),
    ("POST", f"{ONE}/asked-again"): _of("ask_again", "order.asked_again", CLERK, takes={"seen": Field.NUMBER}),
    ("POST", f"{ONE}/served"): _of("serve", "order.served", CLERK, takes=A_RETURN),
    ("POST", f"{ONE}/entered/take-back"): _of("confirm_back", "order.entry_back", CLERK, takes={
        "step": Field.NUMBER, "why": Field.CHOICE,
    }),
    ("POST", f"{ONE}/served/take-back"): _of("serve_back", "order.service_back", CLERK, takes={
        "proof": Field.NUMBER, "reason": Field.WORDS,
    }),
    ("GET", f"{ONE}/paper"): _of("print", "order.paper", CLERK, NAMED),
}
