"""Conflict walls and the alerts that lead to them, for privacy officers (safeguards D1, D2, D7)."""

from __future__ import annotations

from typing import Any

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor import conflicts, walls
from monitor.clock import utc_now
from monitor.walls import NewWall
from web.database import DB, note
from web.forms import Form, Line, Name
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

WHY = {"why": "Say why, in a few words. They are kept sealed."}


class WallForm(Form):
    """Between an account and the person of a case."""

    email: Line = ""
    number: Line = ""
    court: Name = ""
    why: Line = ""


class WhyForm(Form):
    """Why the wall should come down."""

    why: Line = ""


class AlertForm(Form):
    """``wall`` or ``not_same``."""

    decision: Line = ""


@get("/walls", sync_to_thread=True)
def show(request: Visit, db: DB) -> Answer:
    """Standing walls of this agency, and what is to be looked into."""
    return _page(request, db, WallForm())


@post("/walls", sync_to_thread=True)
def enter(request: Visit, db: DB, data: URLEncodedBody[WallForm]) -> Answer:
    """Put one up. From the next request on, the case does not exist for that account."""
    new = NewWall(data.email, data.number, data.why, data.court)
    if errors := walls.problems_with(db, new):
        return _page(request, db, data, errors=errors, status=422)
    note(db, walls.enter(db, request.user, new, _secret(request), utc_now()))
    return see_other(request, "/walls", Flash("The wall stands. That case no longer exists for that account."))


@post("/walls/{wall_id:int}/removal", sync_to_thread=True)
def ask_removal(request: Visit, db: DB, wall_id: FromPath[int], data: URLEncodedBody[WhyForm]) -> Answer:
    """Ask that a wall come down; another privacy officer decides. 409 where somebody asked already."""
    if not walls.stands(db, wall_id):
        raise NotFoundException
    if not data.why.strip():
        return _page(request, db, WallForm(), errors=WHY, status=422)
    if walls.asked_already(db, wall_id, utc_now()):
        return _page(request, db, WallForm(), asked_already=True, status=409)
    asked = walls.ask_removal(db, request.user, wall_id, data.why, _secret(request), utc_now())
    if asked is None:
        raise NotFoundException
    note(db, asked)
    return see_other(request, "/walls", Flash("Asked. The wall stands until another privacy officer agrees."))


@post("/walls/alerts/{alert_id:int}", sync_to_thread=True)
def handle(request: Visit, db: DB, alert_id: FromPath[int], data: URLEncodedBody[AlertForm]) -> Answer:
    """Put a wall up after an alert, or keep that it is somebody else of the same name."""
    if data.decision not in ("wall", "not_same"):
        raise NotFoundException
    if not conflicts.handle(db, request.user, alert_id, data.decision == "wall", _secret(request), utc_now()):
        raise NotFoundException
    note(db, decision=data.decision)
    return see_other(request, "/walls", Flash("Done."))


def _page(
    request: Visit, db: DB, form: WallForm, *, errors: dict[str, str] | None = None, asked_already: bool = False,
    status: int = 200,
) -> Answer:
    context: dict[str, Any] = {
        "walls": walls.standing(db, _secret(request), utc_now()), "form": form, "errors": errors or {},
        "courts": walls.courts(db),
        "asked_already": asked_already,
        "alerts": conflicts.alerts_of(db, request.user.user_id, _secret(request)),
    }  # fmt: skip
    return page(request, "walls/show.html", context, status=status)


def _secret(request: Visit) -> str:
    site: Site = request.app.state.site
    return site.settings.secret_key


HANDLERS = [show, enter, ask_removal, handle]
