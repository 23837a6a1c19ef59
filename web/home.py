"""The front door: "/" sends each role to its own first page; help is open to all."""

from __future__ import annotations

from litestar import get

from web.navigation import first_page
from web.pages import page, see_other
from web.site import Answer, Visit


@get("/", sync_to_thread=True)
def home(request: Visit) -> Answer:
    """Go where this role's work starts."""
    path = first_page(request.user)
    return see_other(request, path) if path else page(request, "home/show.html")


@get("/help", sync_to_thread=True)
def help_page(request: Visit) -> Answer:
    """What the words mean and whom to ask."""
    return page(request, "home/help.html")


HANDLERS = [home, help_page]
