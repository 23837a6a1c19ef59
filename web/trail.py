"""What the audit trail is told of a request: the act of its policy, by whom, from where, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from litestar.concurrency import sync_to_thread
from litestar.types import Message, Scope

from monitor import audit
from monitor.access.identity import Identity
from monitor.clock import utc_now
from web.client_address import client_address
from web.fields import LINTED
from web.forms import id_of
from web.headers import request_id
from web.request_log import log_failure
from web.site import Site, policy_of

# the case that was asked for without a reason to read it: the answer leads to the page that asks for one
UNREASONED = "no_reason_for"
DENIALS = {403: audit.Outcome.DENIED, 404: audit.Outcome.ABSENT, 500: audit.Outcome.FAILED}


def act_of(
    scope: Scope, *, subjects: Iterable[int] = (), detail: Mapping[str, str | int | bool] | None = None,
    outcome: audit.Outcome = audit.Outcome.DONE,
) -> audit.Act:  # fmt: skip
    """The entry of this request: its policy's event, the ids in its path and those given."""
    who: Identity = scope["user"]
    site: Site = scope["litestar_app"].state.site
    machine = {"machine": who.name} if who.machine_id is not None else {}
    in_path = [one for value in scope.get("path_params", {}).values() if (one := id_of(str(value)))]
    return audit.Act(
        event=policy_of(scope).event, user_id=None if machine else who.user_id, agency_id=who.agency_id,
        outcome=outcome, subjects=tuple(dict.fromkeys([*in_path, *subjects])),
        detail={**(detail or {}), **scope["state"].get(LINTED, {}), **machine}, request_id=request_id(scope),
        session_mark=audit.session_mark(who.session),
        asked_from=client_address(scope, site.settings.proxies()),
    )  # fmt: skip


async def record_denial(message: Message, scope: Scope) -> None:
    """Before an answer of "not for you", "nothing here" or "our fault" leaves: who asked for what.

    A person who tries the numbers of other people's cases leaves a trail; the answer says nothing of that. Absent and
    hidden are recorded alike, so the trail tells its readers no more than the asker learned (safeguard B7).
    """
    if message["type"] != "http.response.start":
        return
    unreasoned = scope.get("state", {}).get(UNREASONED)
    outcome = audit.Outcome.DENIED if unreasoned else DENIALS.get(message["status"])
    if outcome is None:
        return
    who: Identity | None = scope.get("user")
    if who is None or not who.signed_in or "path_template" not in scope or not policy_of(scope).event:
        return
    subjects = (unreasoned,) if unreasoned else ()
    try:
        await sync_to_thread(_keep, scope["litestar_app"].state.site, act_of(scope, subjects=subjects, outcome=outcome))
    except Exception as error:
        # the answer gives nothing away and must leave; what broke the trail is told to the operators
        log_failure(error, scope)


def _keep(site: Site, act: audit.Act) -> None:
    with site.database.system("who was refused") as trail, trail.begin():
        audit.append(trail, act, site.audit_key, utc_now())
