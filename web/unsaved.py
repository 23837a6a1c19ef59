"""A press in a session that was over: nothing of it is kept but that it was not saved, said once somebody is back.

A cookie with one fixed letter carries that through the sign-in, for ten minutes; what was typed is in no address, no
cookie and no log. Whoever signs in next at that browser reads that something was not saved, and not what.
"""

from __future__ import annotations

from typing import Final

from litestar.datastructures import Cookie

from web.cookies import site_cookie
from web.csrf import SAFE
from web.site import Site, Visit

PART: Final = "-unsaved"
MARK, SECONDS = "1", 600
SAID: Final = (
    "Not saved: the session was over when you pressed. Press again. The browser's way back may still have what you "
    "typed."
)  # fmt: skip


def is_press(request: Visit) -> bool:
    """Whether this is a change that came with a session which is over."""
    site: Site = request.app.state.site
    over = request.scope.get("user") is None and site.cookie in request.cookies
    return over and request.method not in SAFE and not request.url.path.startswith(("/sign-in", "/sign-out"))


def is_told(request: Visit) -> bool:
    """Whether one was dropped at this browser, and nobody was told so far."""
    return request.cookies.get(request.app.state.site.cookie + PART) == MARK


def mark(site: Site) -> Cookie:
    """That one was dropped."""
    return site_cookie(site, MARK, SECONDS, PART)


def forget(site: Site) -> Cookie:
    """It is said."""
    return site_cookie(site, "", 0, PART)

