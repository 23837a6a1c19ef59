"""Overload: whoever comes while too many are inside is sent away at once and told when to come back (bars L-02, L-03).

Health, metrics and static files always answer. Routes that take large bodies have places of their own, half as many as
there are handler threads, and wait in line for them before a byte of the body is read: however many sheets come at
once, pages go on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar.exceptions import HTTPException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.types.asgi_types import ReceiveMessage

from web.site import policy_of

ALWAYS = ("/health", "/metrics", "/static")
A_THREAD = 4  # requests under way for each handler thread; more would wait longer than anybody looks at a page
IN_LINE = 64  # large bodies that wait for a place, a process
RETRY_AFTER = "5"


class Busy(HTTPException):
    """Too many at once: come back in some seconds."""

    status_code = 503

    def __init__(self) -> None:
        super().__init__("Very busy.", headers={"retry-after": RETRY_AFTER})


class Room:
    """So many may be inside; raises `Busy` for the next. Whoever still waits for their body is not inside."""

    def __init__(self, most: int) -> None:
        self._here, self._most = 0, most

    @asynccontextmanager
    async def place(self, receive: Receive) -> AsyncIterator[Receive]:
        """Inside for as long as the block lasts; gives the `receive` to read a body with, which may raise `Busy`."""
        self._enter()
        inside = True

        async def outside() -> ReceiveMessage:
            nonlocal inside
            self._here -= inside  # somebody who sends slowly, or not at all, takes nobody's place
            inside = False
            message = await receive()
            self._enter()  # a crowd whose bodies end at one instant is a crowd like any other
            inside = True
            return message

        try:
            yield outside
        finally:
            self._here -= inside

    def _enter(self) -> None:
        if self._here >= self._most:
            raise Busy
        self._here += 1


class Line:
    """So many are served at once, so many more wait in line; raises `Busy` for the next."""

    def __init__(self, places: int, in_line: int) -> None:
        self._here, self._most = 0, places + in_line
        self._places = asyncio.Semaphore(places)

    @asynccontextmanager
    async def place(self, receive: Receive) -> AsyncIterator[Receive]:
        """Served for as long as the block lasts, body and all: ten megabytes of each are in memory."""
        if self._here >= self._most:
            raise Busy
        self._here += 1
        try:
            async with self._places:
                yield receive
        finally:
            self._here -= 1


class Shedding(ASGIMiddleware):
    """Lets in as many as ``threads`` handler threads can serve."""

    def __init__(self, threads: int) -> None:
        self._pages = Room(threads * A_THREAD)
        self._sheets = Line(max(1, threads // 2), IN_LINE)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        path: str = scope.get("path_template", "")
        if path.startswith(ALWAYS):
            await next_app(scope, receive, send)
            return
        room = self._sheets if policy_of(scope).big_body else self._pages
        async with room.place(receive) as reading:
            await next_app(scope, reading, send)
