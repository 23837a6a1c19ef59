"""The level of one person: what was entered, and the form for whoever is trained."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath, FromQuery, URLEncodedBody

from monitor import levels
from monitor.clock import utc_now
from monitor.levels import LEVELS, TOOLS, LevelsPage, Typed
from monitor.person_page.heading import person_of
from monitor.wording import short_day
from web.absences import day_of
from web.database import DB, note, of_case
from web.forms import Form, Line
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

PATH = "/people/{person_id:int}/level"


class LevelForm(Form):
    """A level as typed: what was found, with what, when; no question of the tool and no answer to one."""

    tool: Line = ""
    version: Line = ""
    level: Line = ""
    on: Line = ""
    expires_on: Line = ""

    def typed(self) -> Typed:
        """As the record takes it."""
        days = {"on": self.on, "expires_on": self.expires_on}
        read = {name: day_of(text) for name, text in days.items()}
        bad = tuple(name for name, text in days.items() if text.strip() and read[name] is None)
        return Typed(tool=self.tool, version=self.version, level=self.level, **read, bad=bad)


@get(PATH, sync_to_thread=True)
def show(request: Visit, db: DB, person_id: FromPath[int], case: FromQuery[int | None] = None) -> Answer:
    """Every level that was entered, newest first, and the form for somebody who is trained in a tool."""
    found = _found(db, person_id, case)
    only = found.tools[0] if len(found.tools) == 1 else ""
    return _page(request, found, LevelForm(tool=only))


@post(PATH, sync_to_thread=True)
def enter(
    request: Visit, db: DB, person_id: FromPath[int], data: URLEncodedBody[LevelForm],
    case: FromQuery[int | None] = None,
) -> Answer:  # fmt: skip
    """Keep a level; refused to whoever is not trained in any tool."""
    found, typed = _found(db, person_id, case), data.typed()
    if not found.tools:
        raise PermissionDeniedException("Only somebody whom an administrator marked as trained enters a level.")
    if errors := levels.faults_of(typed, found.tools, found.today):
        return _page(request, found, data, errors=errors, status=422)
    entered = levels.enter(db, found.heading.case_id, typed, utc_now(), found.today)
    note(db, entered, tool=typed.tool)
    told = f"Level saved. It is out of date from {short_day(typed.until(found.today))}."
    return see_other(request, _path(person_id, found.heading.case_id), Flash(told, undo=f"/levels/{entered}/undo"))


@post("/levels/{assessment_id:int}/undo", sync_to_thread=True)
def undo(request: Visit, db: DB, assessment_id: FromPath[int]) -> Answer:
    """Take a level back. It stays in sight as taken back."""
    case_id = levels.case_of(db, assessment_id)
    if case_id is None:
        raise NotFoundException
    of_case(db, case_id)
    back = _path(person_of(db, case_id), case_id)
    try:
        levels.take_back(db, assessment_id, utc_now())
    except levels.Changed:
        db.rollback()
        return see_other(request, back, Flash("It had been taken back already."))
    return see_other(request, back, Flash("Taken back. The record shows that it was."))


def _path(person_id: int, case_id: int) -> str:
    return f"/people/{person_id}/level?case={case_id}"


def _found(db: DB, person_id: int, case: int | None) -> LevelsPage:
    found = levels.levels_page(db, person_id, utc_now(), case)
    if found is None:
        raise NotFoundException
    of_case(db, found.heading.case_id)
    return found


def _page(
    request: Visit, found: LevelsPage, data: LevelForm, *, errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    shown = {
        "found": found, "form": data, "errors": errors or {}, "levels": LEVELS, "tools": TOOLS,
        "own_tools": [(tool, TOOLS[tool]) for tool in found.tools],
    }  # fmt: skip
    return page(request, "people/level.html", shown, status=status)


HANDLERS = [show, enter, undo]
