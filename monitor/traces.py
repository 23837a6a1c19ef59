"""Traces for whoever operates the site (OpenTelemetry): one span for each answer and each run of a job, nobody in it.

An extra: `MONITOR_TRACES_URL` names the collector of the site's own, and the packages of ``requirements-traces.lock``
have to be there. Spans hold less than the log does (`web.request_log`): no path, query, address, account or text, and
no count of statements, which could tell that something hidden was there. A request joins no trace that its sender
names. Sent as OTLP over HTTP, in the background: a collector that is away is not waited for, and what could not be
sent is gone.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

from monitor.config import Settings, SettingsError

PATIENCE_SECONDS = 5


class Traces:
    """Where spans go. ``tell`` never waits and never fails."""

    def __init__(self, url: str, service: str) -> None:
        from opentelemetry.context import Context
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        # its own words about a collector that is away are no lines of JSON, and name the collector's address
        logging.getLogger("opentelemetry").propagate = False
        self._provider = TracerProvider(resource=Resource({"service.name": service}))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(url, timeout=PATIENCE_SECONDS)))
        self._tracer, self._nobodys = self._provider.get_tracer(service), Context()

    def tell(self, name: str, began_ns: int, ended_ns: int, told: Mapping[str, str | int], failed: bool) -> None:
        """A span that is over; nanoseconds since 1970."""
        from opentelemetry.trace import StatusCode

        span = self._tracer.start_span(name, self._nobodys, attributes=dict(told), start_time=began_ns)
        if failed:
            span.set_status(StatusCode.ERROR)
        span.end(ended_ns)

    def close(self) -> None:
        """Send what waits."""
        self._provider.shutdown()


def open_traces(settings: Settings, service: str) -> Traces | None:
    """None where the site wants none. Raises `SettingsError` where the extra is not installed."""
    if not settings.traces_url:
        return None
    try:
        return Traces(settings.traces_url, service)
    except ModuleNotFoundError:
        raise SettingsError(
            "MONITOR_TRACES_URL is set and OpenTelemetry is not installed: "
            "pip install --require-hashes -r requirements-traces.lock, or unset it."
        ) from None
