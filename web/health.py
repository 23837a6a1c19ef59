"""For whoever keeps the process running. Nothing about the inside is told to strangers.

Looked at with a connection and a thread apart from those of pages: a site that is busy is not a site that is down.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple

from litestar import Response, get
from litestar.types import Scope

from monitor.clock import utc_now
from monitor.health import ready
from monitor.watch import concerns
from web.auth import ANONYMOUS
from web.request_log import log_failure
from web.site import Answer, Site, Visit

REMEMBERED = 10.0  # seconds: strangers may ask often, and looking takes a write


class Looked(NamedTuple):
    """What was seen: well or not, and when that was known (`time.monotonic`)."""

    well: bool
    at: float


@get("/health/live", sync_to_thread=False, opt={ANONYMOUS: True})
def live() -> Answer:
    """The process answers."""
    return Response("ok", media_type="text/plain")


@get("/health/ready", opt={ANONYMOUS: True})
async def is_ready(request: Visit) -> Answer:
    """The database answers and is at the newest revision: 200, else 503."""
    good = await _seen(request, "ready", lambda site: ready(site.aside))
    return Response("ready" if good else "not ready", media_type="text/plain", status_code=200 if good else 503)


@get("/health/watch", opt={ANONYMOUS: True})
async def watch(request: Visit) -> Answer:
    """Whether a person has to look (scheduler, disk, clock, trail): 200, else 503. `monitor health` says at what."""
    well = await _seen(
        request, "watch", lambda site: not concerns(site.aside, site.settings, utc_now()), remembered=REMEMBERED
    )  # fmt: skip
    text = "all is well" if well else "somebody has to look"
    return Response(text, media_type="text/plain", status_code=200 if well else 503)


async def _seen(request: Visit, what: str, asked: Callable[[Site], bool], *, remembered: float = 0) -> bool:
    """The answer of one look at a time: whoever asks while somebody looks, or ``remembered`` seconds after, gets that.

    However many ask, each of the two questions has one place in the queue of the one thread that looks.
    """
    site: Site = request.app.state.site
    of, look = request.app.state.get(what, (None, None))
    if of is not site or (look.done() and time.monotonic() - look.result().at >= remembered):
        look = site.lookout.submit(_look, site, asked, request.scope)
        request.app.state[what] = site, look
    # whoever goes away before the answer takes it from nobody else
    looked: Looked = await asyncio.shield(asyncio.wrap_future(look))
    return looked.well


def _look(site: Site, asked: Callable[[Site], bool], scope: Scope) -> Looked:
    """Whatever goes wrong is a no: a database that is away is something to look at."""
    try:
        well = asked(site)
    except Exception as error:
        log_failure(error, scope)
        well = False
    return Looked(well, time.monotonic())


HANDLERS = [live, is_ready, watch]
