"""Who is asking, and may they: the session cookie or a machine's secret, and the guard made from the policy table."""

from __future__ import annotations

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.datastructures import Headers
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from monitor.access.auth_sessions import ABSOLUTE, identify, still_there
from monitor.access.fields import Field
from monitor.access.identity import Identity
from monitor.access.machines import identify_machine, machine_works
from monitor.access.policy import STEP_UP, Policy
from monitor.access.roles import Role
from monitor.clock import utc_now
from monitor.config import Settings
from web.cookies import site_cookie
from web.csrf import FORMS, SAFE
from web.site import Answer, Connection, Site, policy_of

ANONYMOUS = "anonymous"  # per-route opt: the cookie is not even looked at


class SessionGate(ASGIMiddleware):
    """Puts the `Identity` of a live session into the request, or None. Decides nothing."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        scope["user"], scope["auth"] = None, None
        site: Site = scope["litestar_app"].state.site
        policy = policy_of(scope)
        if policy.machine and (secret := bearer(scope)) is not None:
            secret_of_site = site.settings.secret_key
            scope["user"] = await sync_to_thread(identify_machine, site.database, secret, secret_of_site, utc_now())
        elif (token := _cookie(scope, site.cookie)) and _looks_at_cookies(scope, policy):
            scope["user"] = await sync_to_thread(identify, site.database, token, utc_now(), slide=not policy.no_slide)
        await next_app(scope, receive, send)


def bearer(scope: Scope) -> str | None:
    """The secret in the Authorization header; None where there is no such header, "" where it holds none."""
    header = Headers.from_scope(scope).get("authorization")
    if header is None:
        return None
    kind, _, secret = header.partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def _looks_at_cookies(scope: Scope, policy: Policy) -> bool:
    only_machines = policy.machine and not policy.roles
    return not only_machines and not scope["route_handler"].opt.get(ANONYMOUS)


# whoever opens and ends accounts cannot be led to a look-alike site: a passkey answers to one origin only (bars A-03)
WITH_PASSKEY = frozenset({Role.ADMINISTRATOR})


class NeedsPasskey(PermissionDeniedException):
    """The role asks for a passkey, and this session has not shown one."""


class NeedsNewPassword(PermissionDeniedException):
    """The password was found on a newer list of common ones: it is changed before anything else."""


class NeedsFreshFactor(PermissionDeniedException):
    """The act asks for a factor within the last five minutes. ``form``: what was sent, without secrets."""

    def __init__(self, form: list[tuple[str, str]]) -> None:
        super().__init__("Please confirm that it is you.")
        self.form = form


async def authorise(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Guard: the route's policy, before any of the body is read."""
    policy = policy_of(connection.scope)
    if policy.public or connection.scope["method"] == "OPTIONS":  # type: ignore[typeddict-item]
        return
    who: Identity | None = connection.scope.get("user")
    if who is None or not _far_enough(who, policy):
        raise NotAuthorizedException("Please sign in.")
    if who.machine_id is not None:  # the gate lets it in nowhere else
        if who.role not in policy.machines:
            raise PermissionDeniedException("This machine is for something else.")
        return
    if not (policy.half_way or who.role in policy.roles):
        raise PermissionDeniedException("Your role does not include this page.")
    if not (policy.half_way or policy.before_passkey) and needs_passkey(who, connection.app.state.site.settings):
        raise NeedsPasskey("Your role signs in with a passkey.")


    if who.must_change_password and not (policy.half_way or policy.before_passkey or _is_way_out(policy)):
        raise NeedsNewPassword("Your password is on a list of passwords that many people use.")


def _is_way_out(policy: Policy) -> bool:
    return policy.permission == "account:password"


async def check_fresh(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Guard, the last: an act that asks for a fresh factor waits, with its form, until there is one."""
    policy = policy_of(connection.scope)
    if policy.step_up and not _fresh(connection.user):
        raise NeedsFreshFactor(await _form_without_secrets(connection, policy))


async def check_still_there(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Guard of changes, once their body is here: whoever sends it slowly may have been signed out, disabled or revoked
    meanwhile, and then nothing of it is done (bars A-16, B-02)."""
    who: Identity | None = connection.scope.get("user")
    if who is None or connection.scope["method"] in SAFE:  # type: ignore[typeddict-item]
        return
    asked = still_there if who.machine_id is None else machine_works
    if not await sync_to_thread(asked, connection.app.state.site.database, who, utc_now()):
        connection.scope["user"] = None
        raise NotAuthorizedException("Please sign in.")


def needs_passkey(who: Identity, settings: Settings) -> bool:
    """Whether this session has yet to show the passkey that its role asks for."""
    return who.how != "passkey" and wants_passkey(who.role, settings)


def wants_passkey(role: Role, settings: Settings) -> bool:
    """Whether people of this role sign in and confirm with a passkey and nothing less."""
    return role in WITH_PASSKEY and not settings.waive_passkeys


def set_session(response: Answer, site: Site, token: str) -> Answer:
    """Give the browser a new session."""
    response.set_cookie(site_cookie(site, token, int(ABSOLUTE.total_seconds())))
    return response


def clear_session(response: Answer, site: Site) -> Answer:
    """Take the session from the browser, and all it has kept of our pages."""
    response.set_cookie(site_cookie(site, "", 0))
    response.headers["clear-site-data"] = '"cache", "cookies", "storage"'
    return response


def _far_enough(who: Identity, policy: Policy) -> bool:
    if who.locked:
        return policy.while_locked
    return who.signed_in or policy.half_way


async def _form_without_secrets(connection: Connection, policy: Policy) -> list[tuple[str, str]]:
    if connection.scope["method"] in SAFE or not isinstance(connection, Request):  # type: ignore[typeddict-item]
        return []
    if connection.content_type[0] not in FORMS:
        return []
    secret = {name for name, kind in policy.fields_in.items() if kind in (Field.SECRET, Field.FILE)} | {"csrf"}
    sent = (await connection.form()).multi_items()
    return [(name, text) for name, text in sent if name not in secret and isinstance(text, str)]


def _fresh(who: Identity) -> bool:
    return who.mfa_at is not None and who.mfa_at > utc_now() - STEP_UP


def _cookie(scope: Scope, name: str) -> str:
    header = Headers.from_scope(scope).get("cookie", "")
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    return next((value for key, _, value in pairs if key == name), "")
