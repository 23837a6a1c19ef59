"""Routes of who works here: accounts, first passwords, the quarter's look at roles. All an administrator's."""

from __future__ import annotations

from monitor.access.fields import Field
from monitor.access.policy_entry import Policy, allow
from monitor.access.roles import Role

LIST = "/admin/accounts"
PERSON = {
    "name": Field.TOKEN, "email": Field.TOKEN, "role": Field.CHOICE, "agency": Field.CHOICE,
    "ends_on": Field.DAY, "why": Field.WORDS,
}  # fmt: skip
MANY = {"people": Field.TOKEN, "why": Field.WORDS, "act": Field.CHOICE}
TICKED = {"one": Field.SEVERAL, "act": Field.CHOICE}


def _desk(act: str, event: str, takes: dict[str, Field] | None = None) -> Policy:
    """An act about accounts: freshly confirmed."""
    return allow(f"administration:{act}", Role.ADMINISTRATOR, event=event, takes=takes, step_up=True)


STAFF: dict[tuple[str, str], Policy] = {
    ("GET", LIST): allow(
        "administration:accounts", Role.ADMINISTRATOR, event="accounts.listed",
        takes={"agency": Field.CHOICE, "standing": Field.CHOICE},
    ),
    ("GET", f"{LIST}/new"): allow("administration:add", Role.ADMINISTRATOR),
    ("POST", f"{LIST}/new"): _desk("add", "user.asked", PERSON),
    ("POST", f"{LIST}/many"): _desk("add", "user.asked", MANY),
    ("POST", f"{LIST}/first-passwords"): _desk("hand_over", "user.first_password", TICKED),
    ("GET", f"{LIST}/review"): allow("administration:review", Role.ADMINISTRATOR, event="accounts.listed"),
    ("POST", f"{LIST}/review"): _desk("review", "user.role_kept", TICKED),
    ("POST", LIST + "/{user_id}/release"): _desk("release", "user.released"),
    ("POST", LIST + "/{user_id}/end-sessions"): _desk("end_sessions", "user.sessions_ended"),
    ("POST", LIST + "/{user_id}/disable"): _desk("disable", "user.disabled"),
    ("POST", LIST + "/{user_id}/reset"): _desk("ask_reset", "user.reset_asked", {"why": Field.WORDS}),
    ("POST", LIST + "/{user_id}/password"): _desk("reset", "user.reset"),
}
