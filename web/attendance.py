"""The attendance grid: one group, one class, one page. Nothing is chosen before somebody chooses it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.grid import page as words
from monitor.grid.classes import classes_between
from monitor.grid.drafts import drop_draft, keep_draft
from monitor.grid.marks import judged, marks_of, rest_present
from monitor.grid.page import Grid
from monitor.grid.reading import read_grid
from monitor.grid.saving import Kept, save_grid
from monitor.intake.cells.statuses import LABELS
from monitor.intake.receiver import Receiver
from monitor.wording import count
from web.answers import json_text
from web.database import DB, note
from web.forms import id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

LIST = "/attendance"
LOOK_BACK = timedelta(days=27)
RECORD_CHANGED = "Nothing was saved. What you chose is still here, beside what is on record now: look, then save."
Fields = URLEncodedBody[dict[str, str]]


@get(LIST, sync_to_thread=True)
def show_list(request: Visit, db: DB) -> Answer:
    """The classes of the last four weeks, newest first."""
    today = _today(request)
    lines = classes_between(db, request.user.agency_id, today - LOOK_BACK, today)
    return page(request, "attendance/list.html", {"classes": lines[::-1]})


@get(LIST + "/{group_id:int}/{day:str}", sync_to_thread=True)
def show(request: Visit, db: DB, group_id: FromPath[int], day: FromPath[str]) -> Answer:
    """The grid of one class; a draft that its writer left comes back."""
    grid = read_grid(db, group_id, _day(request, day), request.user.user_id, _today(request))
    return _page(request, _there(grid))


@post(LIST + "/{group_id:int}/{day:str}", sync_to_thread=True)
def save(request: Visit, db: DB, group_id: FromPath[int], day: FromPath[str], data: Fields) -> Answer:
    """Save the class; or, by the button pressed, mark the rest, add a visitor, or say that it was cancelled."""
    grid = _entered(request, db, group_id, _day(request, day), data)
    act = data.get("act", "save")
    if act == "rest":
        return _page(request, rest_present(grid))
    if act == "visitor":
        return _page(request, grid)
    if act == "cancelled":
        grid = rest_present(grid, "C", everybody=True)
    checked = judged(grid, later=act == "later")
    if checked.errors:
        return _page(request, checked, status=422)
    if data.get("token") != grid.token:
        return _page(request, grid, changed=True, status=409)
    return _save(request, db, grid)


def _save(request: Visit, db: DB, grid: Grid) -> Answer:
    kept = save_grid(db, grid, _receiver(request, grid))
    if kept.faults:
        rows = [msgspec.structs.replace(row, error=_named(row, kept)) for row in grid.rows]
        return _page(request, msgspec.structs.replace(grid, rows=tuple(rows)), status=422)
    if kept.check_again:
        return _page(request, grid, changed=True, status=409)
    note(db, saved=kept.records, rated=kept.ratings, concerns=kept.concerns)
    undo = f"/attendance/uploads/{kept.upload_id}/undo" if kept.upload_id else ""
    return see_other(request, LIST, Flash(_told(kept), undo=undo))


@post(LIST + "/{group_id:int}/{day:str}/draft", sync_to_thread=True)
def draft(request: Visit, db: DB, group_id: FromPath[int], day: FromPath[str], data: Fields) -> Answer:
    """Keep what is chosen so far for its writer alone; with ``act`` "drop", forget it."""
    who, on = request.user, _day(request, day)
    _there(read_grid(db, group_id, on, who.user_id, _today(request), marks={}))
    if data.get("act") == "drop":
        drop_draft(db, who.user_id, group_id, on)
        return see_other(request, f"{LIST}/{group_id}/{on}", Flash("The draft is gone. Nothing of it was saved."))
    keep_draft(db, who.agency_id, who.user_id, group_id, on, marks_of(data), utc_now())
    return json_text('{"kept": true}')


def _entered(request: Visit, db: DB, group_id: int, on: date, data: Mapping[str, str]) -> Grid:
    marks, more = marks_of(data), data.get("visitor", "")
    visitors = [visitor] if (visitor := id_of(more)) else []
    who = request.user
    return _there(read_grid(db, group_id, on, who.user_id, _today(request), visitors=visitors, marks=marks))


def _there(grid: Grid | None) -> Grid:
    if grid is None:
        raise NotFoundException
    return grid


def _day(request: Visit, text: str) -> date:
    """A day that has come: no class is recorded ahead of time."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotFoundException from None
    if not date(1990, 1, 1) <= found <= _today(request):
        raise NotFoundException
    return found


def _today(request: Visit) -> date:
    return local_day(utc_now(), request.user.zone)


def _receiver(request: Visit, grid: Grid) -> Receiver:
    who, now = request.user, utc_now()
    return Receiver(who.agency_id, grid.program_id, who.user_id, now, local_day(now, who.zone), grid.group_id)


def _named(row: words.Row, kept: Kept) -> str:
    fault = kept.faults.get(row.key, "")
    return f"{row.name}: {fault}" if fault and row.name not in fault else fault


def _told(kept: Kept) -> str:
    parts = [f"Saved {count(kept.records, 'person', 'people')}." if kept.records else "No attendance changed."]
    if kept.receipt:
        parts.append(f"Receipt {kept.receipt}.")
    if kept.ratings:
        parts.append(f"Participation of {count(kept.ratings, 'person', 'people')} saved.")
    if kept.concerns:
        parts.append(f"{count(kept.concerns, 'concern')} put before the officer now. Undo does not take that back.")
    return " ".join(parts)


def _page(request: Visit, grid: Grid, *, changed: bool = False, status: int = 200) -> Answer:
    context = {
        "grid": grid, "errors": grid.errors, "changed": RECORD_CHANGED if changed else "", "others": words.OTHERS,
        "ratings": words.RATINGS.items(), "concerns": words.CONCERNS.items(), "grounds": words.GROUNDS.items(),
        "plain": {code for _letter, code, _said in words.CHOICES} | {code for code, _said in words.OTHERS},
        "labels": LABELS,
    }  # fmt: skip
    return page(request, "attendance/grid.html", context, status=status)


HANDLERS = [show_list, show, save, draft]
