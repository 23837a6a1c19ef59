"""Logs without people in them: method, route, status, milliseconds, request id, user id. JSON lines on stderr.

No body, query, header, cookie, path parameter or exception text is ever logged: database errors quote the row.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from pathlib import Path
from typing import Any

import structlog
from litestar.types import Message, Scope

from web.headers import request_id

ROOT = Path(__file__).parents[1]
STARTED = "started"
# that somebody asked for a call (safeguard D6), that a record was told of, or that a case was brought to the team, and
# in which hour, no log may say
UNSEEN = "/call-backs", "/record-notices", "/consultation"
# which of its forms was sent says what somebody answered: all of these bear one name
AS_ONE = ("/due-notices",)


def configure(level: str = "info") -> None:
    """Set up structlog once for this process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


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


def describe(error: BaseException) -> dict[str, Any]:
    """Type, place and constraint of an error, never its text."""
    cause = getattr(error, "orig", None)
    diagnosis = getattr(cause, "diag", None)
    found = {
        "type": type(error).__name__,
        "cause": type(cause).__name__ if cause else None,
        "at": _place(error),
        "sqlstate": getattr(cause, "sqlstate", None),
        "constraint": getattr(diagnosis, "constraint_name", None),
        "table": getattr(diagnosis, "table_name", None),
    }
    return {name: value for name, value in found.items() if value}


def _place(error: BaseException) -> str | None:
    ours = [
        frame for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(str(ROOT)) and "site-packages" not in frame.filename
    ]  # fmt: skip
    return f"{Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].lineno}" if ours else None


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
