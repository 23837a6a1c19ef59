"""Routes of endpoints of agencies' software: the administrator's page. Nothing of any case."""

from __future__ import annotations

from typing import Any

from monitor.access.fields import Field
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

LIST = "/admin/webhooks"
ONE = LIST + "/{endpoint_id}"
WORD = LIST + "/words/{word_id}"


def _act(act: str, event: str, **more: Any) -> Policy:
    return allow(f"webhook:{act}", Role.ADMINISTRATOR, event=event, step_up=True, **more)


WEBHOOKS: dict[tuple[str, str], Policy] = {
    ("GET", LIST): allow("webhook:list", Role.ADMINISTRATOR),
    ("POST", LIST): _act(
        "add", "webhook.added", takes={"agency": Field.CHOICE, "url": Field.TOKEN, "kinds": Field.SEVERAL}
    ),
    ("POST", f"{ONE}/secret"): _act("replace", "webhook.secret_replaced"),
    ("POST", f"{ONE}/test"): _act("test", "webhook.tested"),
    ("POST", f"{ONE}/pause"): _act("pause", "webhook.paused"),
    ("POST", f"{ONE}/resume"): _act("resume", "webhook.resumed"),
    ("POST", f"{ONE}/end"): _act("end", "webhook.ended"),
    ("POST", f"{WORD}/again"): _act("send_again", "webhook.word_sent_again"),
    ("POST", f"{WORD}/drop"): _act("give_up", "webhook.word_dropped"),
}
