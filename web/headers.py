"""What every response carries, errors and static files included: security headers, and the id of the request."""

from __future__ import annotations

import secrets

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    # no page is for search engines (safeguard B1)
    "x-robots-tag": "noindex, nofollow",
    # pages about people stay in no cache; static files set their own
    "cache-control": "no-store",
}


def request_id(scope: Scope) -> str:
    """The id that a person can read out from an error page and that the log line bears."""
    state = scope["state"]
    if "request_id" not in state:
        state["request_id"] = secrets.token_hex(6)
    return str(state["request_id"])


async def add_headers(message: Message, scope: Scope) -> None:
    """Fill in the headers that a response has not set itself. Runs for whatever is sent."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers["x-request-id"] = request_id(scope)
