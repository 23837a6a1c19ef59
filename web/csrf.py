"""No other site may act for a signed-in person: a gate before the body is read, and a token bound to the session."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import Headers
from litestar.enums import RequestEncodingType
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from monitor.access.auth_sessions import form_token
from monitor.config import LOOPBACK, Settings
from web.site import Connection, Site, policy_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS = frozenset({RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART})
FIELD = "csrf"
HEADER = "x-csrf-token"


class FormExpired(PermissionDeniedException):
    """A form of an earlier token of this session: another window was unlocked, or signed in, since it was opened."""


def origins_of(settings: Settings) -> frozenset[str]:
    """The origins our own pages have. A loopback demo answers to both of its names."""
    base = urlsplit(settings.base_url)
    if base.hostname in LOOPBACK:
        port = f":{base.port}" if base.port else ""
        return frozenset(f"{base.scheme}://{name}{port}" for name in ("127.0.0.1", "localhost"))
    return frozenset({f"{base.scheme}://{base.netloc}"})


class CrossSiteGate(ASGIMiddleware):
    """Refuses a change that another site started. Looks at headers only, so nothing of the body is read."""

    def __init__(self, origins: frozenset[str]) -> None:
        self.origins = origins

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        # there are no websockets here (web.app.check_policy), so everything has a method
        if not _is_safe(scope) and not self._ours(Headers.from_scope(scope)):
            raise PermissionDeniedException("The request came from another site.")
        await next_app(scope, receive, send)

    def _ours(self, headers: Headers) -> bool:
        """Same-origin by Fetch Metadata; without it (old browsers, scripts) a matching Origin is mandatory.

        Our referrer policy makes browsers send "Origin: null" with forms; Fetch Metadata alone vouches for those.
        """
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is None:
            return origin in self.origins
        return site in ("same-origin", "none") and (origin in (None, "null") or origin in self.origins)


def _is_safe(scope: Scope) -> bool:
    """Reading, or a route of machines alone: it looks at no cookie, so another site has nothing to act with."""
    policy = policy_of(scope)
    return scope.get("method") in SAFE or (policy.machine and not policy.roles)


async def check_form_token(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Guard: a change needs the token of this very session, in the form or in a header."""
    if _is_safe(connection.scope) or policy_of(connection.scope).public:
        return
    site: Site = connection.app.state.site
    expected = form_token(site.form_key, connection.user.session)
    if not hmac.compare_digest(expected.encode(), (await _sent(connection)).encode()):
        raise FormExpired("The form has expired.")


async def _sent(connection: Connection) -> str:
    if (header := connection.headers.get(HEADER)) is not None:
        return header
    if isinstance(connection, Request) and connection.content_type[0] in FORMS:
        value = (await connection.form()).get(FIELD, "")
        return value if isinstance(value, str) else ""
    return ""
