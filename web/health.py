"""For whoever keeps the process running. Nothing about the inside is told to strangers."""

from __future__ import annotations

from litestar import Response, get

from monitor.health import ready
from web.auth import ANONYMOUS
from web.request_log import log_failure
from web.site import Answer, Site, Visit


@get("/health/live", sync_to_thread=False, opt={ANONYMOUS: True})
def live() -> Answer:
    """The process answers."""
    return Response("ok", media_type="text/plain")


@get("/health/ready", sync_to_thread=True, opt={ANONYMOUS: True})
def is_ready(request: Visit) -> Answer:
    """The database answers and is at the newest revision: 200, else 503."""
    site: Site = request.app.state.site
    try:
        good = ready(site.database)
    except Exception as error:  # whatever it is, the answer is "not ready"
        log_failure(error, request.scope)
        good = False
    return Response("ready" if good else "not ready", media_type="text/plain", status_code=200 if good else 503)


HANDLERS = [live, is_ready]
