"""Limits of a request: how long its body may take, and how much its account may do."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

from litestar.concurrency import sync_to_thread
from litestar.exceptions import ClientException, HTTPException, NotFoundException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.types.asgi_types import ReceiveMessage

from monitor import audit
from monitor.access.fields import Field
from monitor.access.identity import Identity
from monitor.access.limits import DAY, PER_DAY, PER_HOUR, Writing, held, must_wait, tell_of_exports
from monitor.access.policy import Policy
from monitor.clock import utc_now
from web.site import Connection, Site, Visit, policy_of

BODY_SECONDS = 60.0


class TooMuch(HTTPException):
    """This account does more than a person does; ``wait``: until when it rests."""

    status_code = 429

    def __init__(self, wait: timedelta) -> None:
        seconds = str(int(wait.total_seconds()))
        super().__init__("Too much at once.", headers={"retry-after": seconds})


class TooSlow(HTTPException):
    """The body did not come in time (E-09): a slow sender may not hold a place for ever."""

    status_code = 408


class CutOff(HTTPException):
    """The sender went away in the middle of a body: nobody's fault here, and nothing was done."""

    status_code = 400


class Hurried(ASGIMiddleware):
    """All of a body has to be here within `BODY_SECONDS`; a request names one host and not two (RFC 9112 3.2)."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        if sum(name.lower() == b"host" for name, _ in scope["headers"]) > 1:
            raise ClientException("Two hosts.")
        if "\x00" in scope["path"]:  # no file and no text of a database has one
            raise NotFoundException()
        deadline = time.monotonic() + BODY_SECONDS
        arrived = False

        async def hurried() -> ReceiveMessage:
            nonlocal arrived
            if arrived:  # the wait for a disconnect has no end of its own
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), max(0.01, deadline - time.monotonic()))
            except TimeoutError:
                raise TooSlow("The body took too long.") from None
            if message["type"] == "http.disconnect":
                raise CutOff("The body ended early.")
            arrived = not message.get("more_body", False)
            return message

        await next_app(scope, hurried, send)


async def check_rate(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Guard: an account that does more in a minute than a person can rests for one."""
    who: Identity | None = connection.scope.get("user")
    event = policy_of(connection.scope).event
    if who is None or not event:
        return
    site: Site = connection.app.state.site
    wait = await sync_to_thread(
        must_wait, site.database, None if who.machine_id else who.user_id, audit.session_mark(who.session), event,
        utc_now(), site.settings.acts_per_minute,
    )  # fmt: skip
    if wait is not None:
        await sync_to_thread(_tell, site, who, event, wait)
        raise TooMuch(wait)


def is_held(policy: Policy) -> bool:
    """Whether each such act of an account waits for the one before: it is counted by the hour or the day, or it looks
    for whomever is typed. Of other pages a few more in one instant tell nothing."""
    if not policy.event:
        return False
    return policy.event in PER_HOUR | PER_DAY or Field.LOOK_UP in policy.fields_in.values()


def hold_rate(request: Visit, db: Writing) -> None:
    """The same once more where the act is written down, before its answer leaves. Raises `TooMuch`; ``db`` has then
    kept nothing."""
    policy = policy_of(request.scope)
    if not is_held(policy):
        return
    site: Site = request.app.state.site
    who, most = request.user, site.settings.acts_per_minute
    mark = audit.session_mark(who.session)
    wait = held(db, who.user_id, who.machine_id, mark, policy.event, utc_now(), most)
    if wait is not None:
        db.rollback()  # on SQLite nobody is told of it otherwise
        _tell(site, who, policy.event, wait)
        raise TooMuch(wait)


def _tell(site: Site, who: Identity, event: str, wait: timedelta) -> None:
    if wait >= DAY and who.machine_id is None:
        tell_of_exports(site.database, who.user_id, who.agency_id, event, utc_now())
