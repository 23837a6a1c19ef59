"""For whoever keeps the process running. Nothing about the inside is told to strangers."""

from __future__ import annotations

import time

from litestar import Response, get

from monitor.clock import utc_now
from monitor.health import ready
from monitor.watch import concerns
from web.auth import ANONYMOUS
from web.request_log import log_failure
from web.site import Answer, Site, Visit

REMEMBERED = 10.0  # seconds: strangers may ask often, and looking takes a write
WATCHED = "watched"


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


@get("/health/watch", sync_to_thread=True, opt={ANONYMOUS: True})
def watch(request: Visit) -> Answer:
    """Whether a person has to look (scheduler, disk, clock, trail): 200, else 503. `monitor health` says at what."""
    well = not _concerns(request)
    text = "all is well" if well else "somebody has to look"
    return Response(text, media_type="text/plain", status_code=200 if well else 503)


def _concerns(request: Visit) -> bool:
    """Asked at most every `REMEMBERED` seconds."""
    site: Site = request.app.state.site
    at, found, of = request.app.state.get(WATCHED, (float("-inf"), False, site))
    if of is site and time.monotonic() - at < REMEMBERED:
        return bool(found)
    try:
        found = bool(concerns(site.database, site.settings, utc_now()))
    except Exception as error:  # a database that is away is something to look at
        log_failure(error, request.scope)
        found = True
    request.app.state[WATCHED] = (time.monotonic(), found, site)
    return bool(found)


HANDLERS = [live, is_ready, watch]
