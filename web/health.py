"""For whoever keeps the process running. Nothing about the inside is told to strangers.

Looked at with a connection and a thread apart from those of pages: a site that is busy is not a site that is down.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

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


@get("/health/ready", opt={ANONYMOUS: True})
async def is_ready(request: Visit) -> Answer:
    """The database answers and is at the newest revision: 200, else 503."""
    site: Site = request.app.state.site
    good = await _apart(request, lambda: ready(site.aside))
    return Response("ready" if good else "not ready", media_type="text/plain", status_code=200 if good else 503)


@get("/health/watch", opt={ANONYMOUS: True})
async def watch(request: Visit) -> Answer:
    """Whether a person has to look (scheduler, disk, clock, trail): 200, else 503. `monitor health` says at what."""
    well = await _all_is_well(request)
    text = "all is well" if well else "somebody has to look"
    return Response(text, media_type="text/plain", status_code=200 if well else 503)


async def _all_is_well(request: Visit) -> bool:
    """Asked at most every `REMEMBERED` seconds."""
    site: Site = request.app.state.site
    at, well, of = request.app.state.get(WATCHED, (float("-inf"), False, site))
    if of is site and time.monotonic() - at < REMEMBERED:
        return bool(well)
    well = await _apart(request, lambda: not concerns(site.aside, site.settings, utc_now()))
    request.app.state[WATCHED] = (time.monotonic(), well, site)
    return bool(well)


async def _apart(request: Visit, asked: Callable[[], bool]) -> bool:
    """The answer; whatever goes wrong is a no: a database that is away is something to look at."""
    site: Site = request.app.state.site
    try:
        return await asyncio.get_running_loop().run_in_executor(site.lookout, asked)
    except Exception as error:
        log_failure(error, request.scope)
        return False


HANDLERS = [live, is_ready, watch]
