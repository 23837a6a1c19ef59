"""Numbers for whoever operates the site, in the words of Prometheus: answers, how long they took, the machine's work.

Shown to whoever brings the token of `MONITOR_METRICS_TOKEN`; without one nothing is here. Routes are named as in the
log, so what no log may tell no number tells (`web.request_log`); no address, id, account or agency is a label.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Iterable

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.types import Message, Scope
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from monitor.clock import utc_now
from monitor.gauges import gauges
from web.auth import ANONYMOUS, bearer
from web.request_log import STARTED, log_failure, told_as
from web.site import Answer, Site, Visit

SEVERAL = "PROMETHEUS_MULTIPROC_DIR"  # where several processes put their numbers together
SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
requests = Counter("monitor_requests", "Answers.", ("method", "route", "status"))
seconds = Histogram("monitor_request_seconds", "How long an answer took.", ("route",), buckets=SECONDS)


async def measure(message: Message, scope: Scope) -> None:
    """Count an answer as it leaves; what the log passes over is passed over here."""
    if message["type"] != "http.response.start" or (route := told_as(scope)) is None:
        return
    requests.labels(str(scope.get("method", "")), route, str(message["status"])).inc()
    if started := scope["state"].get(STARTED):
        seconds.labels(route).observe(time.perf_counter() - started)


class Record(Collector):
    """What the record itself tells of the machine's work."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def collect(self) -> Iterable[Metric]:
        """Read at each look; where the database does not answer, the numbers of requests still come."""
        try:
            found = gauges(self._site.aside, utc_now())
        except Exception as error:  # the numbers must come most of all when something is wrong
            log_failure(error, {"state": {}})  # type: ignore[arg-type]
            found = ()
        yield GaugeMetricFamily("monitor_record_answers", "1 where the database answered.", value=float(bool(found)))
        for one in found:
            family = GaugeMetricFamily(f"monitor_{one.name}", one.says, labels=[one.label] if one.label else None)
            for label, value in one.values.items():
                family.add_metric([label] if one.label else [], value)
            yield family


@get("/metrics", sync_to_thread=True, opt={ANONYMOUS: True})
def show(request: Visit) -> Answer:
    """All numbers; without the token there is nothing here."""
    site: Site = request.app.state.site
    token = site.settings.metrics_token
    if not token or not hmac.compare_digest((bearer(request.scope) or "").encode(), token.encode()):
        raise NotFoundException
    registry = CollectorRegistry()
    registry.register(Record(site))
    if os.environ.get(SEVERAL):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_Of(requests, seconds))
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class _Of(Collector):
    """Some collectors, without those that the library adds of this process."""

    def __init__(self, *known: Counter | Histogram) -> None:
        self._known = known

    def collect(self) -> Iterable[Metric]:
        """Theirs, one after another."""
        for one in self._known:
            yield from one.collect()


HANDLERS = [show]
