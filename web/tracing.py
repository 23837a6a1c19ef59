"""A span for each answer, if the site wants traces (`monitor.traces`); what the log passes over is passed over here."""

from __future__ import annotations

import time

from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from monitor.traces import Traces
from web.headers import request_id
from web.request_log import told_as


class Traced(ASGIMiddleware):
    """Around everything else: how long the answer took until its first byte, its route and status."""

    def __init__(self, traces: Traces) -> None:
        self._traces = traces

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Tell of the answer as it leaves."""
        began = time.time_ns()

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and (route := told_as(scope)) is not None:
                self._tell(scope, route, message["status"], began)
            await send(message)

        await next_app(scope, receive, told)

    def _tell(self, scope: Scope, route: str, status: int, began: int) -> None:
        method = str(scope.get("method", ""))
        attributes: dict[str, str | int] = {
            "http.request.method": method, "http.route": route, "http.response.status_code": status,
            "monitor.request": request_id(scope),
        }  # fmt: skip
        self._traces.tell(f"{method} {route}", began, time.time_ns(), attributes, status >= 500)
