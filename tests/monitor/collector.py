"""A collector of traces on a free port of this machine, as an operator would have one."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Collector(ThreadingHTTPServer):
    """``raw``: the bodies as they came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.raw: list[bytes] = []
        self.url = f"http://127.0.0.1:{self.server_port}/v1/traces"

    @property
    def spans(self) -> list[Span]:
        """All that came, in the order in which it came."""
        told = [ExportTraceServiceRequest.FromString(one) for one in self.raw]
        return [span for one in told for of in one.resource_spans for scope in of.scope_spans for span in scope.spans]


class _Post(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.raw.append(gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@contextmanager
def collecting() -> Iterator[Collector]:
    """It listens until the block ends."""
    with Collector() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
