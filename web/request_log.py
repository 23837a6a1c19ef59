"""Logs without people in them: method, route, status, milliseconds, request id, user id. JSON lines on stderr.

No body, query, header, cookie, path parameter or exception text is ever logged: database errors quote the row.
"""

from __future__ import annotations

import time

import structlog
from litestar.types import Message, Scope

from monitor.log_lines import describe
from web.headers import request_id

STARTED = "started"
# that somebody asked for a call (safeguard D6), that a record was told of, or that a case was brought to the team, and
# in which hour, no log may say
UNSEEN = "/call-backs", "/record-notices", "/consultation"
# which of its forms was sent says what somebody answered: all of these bear one name
AS_ONE = ("/due-notices",)


async def log_response(message: Message, scope: Scope) -> None:
    """One line for each answer; static files only when something is wrong."""
    if message["type"] != "http.response.start" or _quiet(scope, message["status"]):
        return
    who, started = scope.get("user"), scope["state"].get(STARTED)
    structlog.get_logger("web").info(
        "request", method=scope.get("method"), route=_route(scope), status=message["status"],
        ms=round((time.perf_counter() - started) * 1000, 1) if started else None,
        user=str(who.machine_id or who.user_id) if who else None, request=request_id(scope),
    )  # fmt: skip


def log_failure(error: BaseException, scope: Scope) -> None:
    """An unexpected error: its type, where in our code, and the names of what it hit in the database."""
    structlog.get_logger("web").error("failure", request=request_id(scope), **describe(error))


def told_as(scope: Scope) -> str | None:
    """What a number may call this route; None: of this one no number may tell."""
    path: str = scope.get("path_template", "none")
    return None if path.startswith((*UNSEEN, "/static", "/health", "/metrics")) else _route(scope)


def _route(scope: Scope) -> str:
    path: str = scope.get("path_template", "none")
    return next((name for name in AS_ONE if path.startswith(name)), path)


def _quiet(scope: Scope, status: int) -> bool:
    path = scope.get("path_template", "")
    if path.startswith(UNSEEN):
        return status < 500
    return status < 400 and path.startswith(("/static", "/health", "/metrics"))
