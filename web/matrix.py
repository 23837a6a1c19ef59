"""The local response matrix: its versions, a draft edited class by class, signed, and put in force from a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.access.roles import Role
from monitor.clock import local_day, utc_now
from monitor.levels import LEVELS as ENTERED
from monitor.response_matrix import versions
from monitor.response_matrix.content import CLASSES, CLOCK_HINT, CLOCKS, LEVELS, STEPS
from monitor.response_matrix.differences import differences
from monitor.response_matrix.versions import SAMPLE, Changed, SignOff, Version
from web.absences import day_of
from web.database import DB, note
from web.forms import Form, Line, Words
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

EDITORS = (Role.OFFICER_SUPERVISOR, Role.COORDINATOR)
ONE = "/matrix/{matrix_id:int}"
GOOD_SIDE = "good-side"
MOVED = "Somebody has signed it or put it in force meanwhile. Nothing was saved."


class SignForm(Form):
    """Who signed, for whom, and on which day."""

    name: Line = ""
    agency: Line = ""
    on: Line = ""


class ForceForm(Form):
    """From which day, when it was and is reviewed, and what changed."""

    from_on: Line = ""
    disparity_on: Line = ""
    review_on: Line = ""
    what_changed: Words = ""


@get("/matrix", sync_to_thread=True)
def show_all(request: Visit, db: DB) -> Answer:
    """The version in force, drafts and earlier ones; the sample while none is adopted."""
    found = versions.versions(db)
    today = local_day(utc_now(), request.user.zone)
    standing = versions.in_force(db, today)
    return page(request, "matrix/list.html", {
        "versions": found, "standing": standing, "may_edit": request.user.role in EDITORS,
        "review_due": versions.review_due(db, today), **_words(),
    })  # fmt: skip


@post("/matrix", sync_to_thread=True)
def begin(request: Visit, db: DB, data: URLEncodedBody[Form]) -> Answer:
    """A draft, from the version in force or from the sample."""
    made = versions.draft(db, request.user.zone, utc_now())
    note(db, made)
    return see_other(request, f"/matrix/{made}", Flash("A draft. It binds nobody until it is signed and in force."))


@get(ONE, sync_to_thread=True)
def show(request: Visit, db: DB, matrix_id: FromPath[int]) -> Answer:
    """One version, and what it says differently from the one before."""
    return _page(request, db, _found(db, matrix_id))


@get(ONE + "/parts/{part:str}", sync_to_thread=True)
def edit(request: Visit, db: DB, matrix_id: FromPath[int], part: FromPath[str]) -> Answer:
    """One class of a draft, or its good side, to be edited."""
    found = _draft(request, db, matrix_id)
    return _form(request, found, part, _as_typed(found, part))


@post(ONE + "/parts/{part:str}", sync_to_thread=True)
def save(
    request: Visit, db: DB, matrix_id: FromPath[int], part: FromPath[str], data: URLEncodedBody[dict[str, str]]
) -> Answer:
    """Keep one part of a draft; 422 where something is missing."""
    found = _draft(request, db, matrix_id)
    blank = dict.fromkeys(_as_typed(found, part), "")
    try:
        if part == GOOD_SIDE:
            told = data.get("steps_met", ""), data.get("incentives", "")
            columns = {name: data.get(f"column.{name}", "") for name in ENTERED}
            faults = versions.edit_good_side(db, matrix_id, *told, columns)
        else:
            faults = versions.edit_class(db, matrix_id, part, data)
    except Changed as error:
        raise ClientException(MOVED, status_code=409) from error
    if faults:
        return _form(request, found, part, blank | data, errors=faults, status=422)
    note(db, part=part)
    return see_other(request, f"/matrix/{matrix_id}", Flash("Saved in the draft."))


@post(ONE + "/signatures", sync_to_thread=True)
def sign(request: Visit, db: DB, matrix_id: FromPath[int], data: URLEncodedBody[SignForm]) -> Answer:
    """Record that somebody of the team signed the text."""
    found, on = _draft(request, db, matrix_id), day_of(data.on)
    faults = {name: "Type it as it stands on the paper." for name in ("name", "agency")
              if not getattr(data, name).strip()}  # fmt: skip
    if on is None or on > local_day(utc_now(), request.user.zone):
        faults["on"] = "Type the day as month/day/year; it has not yet to come."
    if faults or on is None:
        return _page(request, db, found, form=data, errors=faults, status=422)
    try:
        versions.sign(db, matrix_id, data.name, data.agency, on)
    except Changed as error:
        raise ClientException("That signature is there already.", status_code=409) from error
    return see_other(request, f"/matrix/{matrix_id}", Flash("Signed. The text rests now."))


@post(ONE + "/unsign", sync_to_thread=True)
def unsign(request: Visit, db: DB, matrix_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Take the signatures off to edit the text again."""
    _draft(request, db, matrix_id)
    versions.unsign(db, matrix_id)
    return see_other(request, f"/matrix/{matrix_id}", Flash("The signatures are off; the text can be edited again."))


@post(ONE + "/force", sync_to_thread=True)
def force(request: Visit, db: DB, matrix_id: FromPath[int], data: URLEncodedBody[ForceForm]) -> Answer:
    """Put it in force from a day, for good."""
    found, now, zone = _draft(request, db, matrix_id), utc_now(), request.user.zone
    days = day_of(data.from_on), day_of(data.review_on), day_of(data.disparity_on)
    block = SignOff(*days, why=data.what_changed)
    faults = versions.force_faults(found, request.user.user_id, block, local_day(now, zone))
    if data.disparity_on.strip() and block.disparity_on is None:
        faults["disparity_on"] = "Type the day as month/day/year, or leave it empty."
    if faults:
        return _page(request, db, found, form=data, errors=faults, status=422)
    number = versions.put_in_force(db, matrix_id, block, zone, now)
    note(db, number=number)
    return see_other(request, f"/matrix/{matrix_id}", Flash(f"Version {number}. It never changes from here on."))


@post(ONE + "/drop", sync_to_thread=True)
def drop(request: Visit, db: DB, matrix_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Throw a draft away."""
    _draft(request, db, matrix_id)
    versions.drop(db, matrix_id)
    return see_other(request, "/matrix", Flash("The draft is gone."))


def _found(db: DB, matrix_id: int) -> Version:
    found = versions.version(db, matrix_id)
    if found is None:
        raise NotFoundException
    return found


def _draft(request: Visit, db: DB, matrix_id: int) -> Version:
    """A draft of the reader's own agency; another's is read and not moved."""
    found = _found(db, matrix_id)
    if found.agency_id != request.user.agency_id:
        raise NotFoundException
    if found.adopted:
        raise ClientException(MOVED, status_code=409)
    return found


def _as_typed(found: Version, part: str) -> dict[str, str]:
    """The fields of a part as they stand in the draft."""
    content = found.content
    if part == GOOD_SIDE:
        columns = {f"column.{name}": content.columns.get(name, "") for name in ENTERED}
        return {
            "steps_met": "\n".join(content.steps_met), "incentives": "\n".join(content.incentives), **columns
        }
    if part not in CLASSES:
        raise NotFoundException
    told = content.classes[part]
    typed = {"meaning": told.meaning, "examples": told.examples}
    typed |= {f"clock.{name}": clock for name, clock in told.clocks.items()}
    for level in LEVELS:
        for step in STEPS:
            cell = content.cells[f"{part}.{level}.{step}"]
            typed |= {f"here.{level}.{step}": "\n".join(cell.here), f"court.{level}.{step}": "\n".join(cell.court)}
    return typed


def _words() -> dict[str, Any]:
    return {"classes": CLASSES, "levels": LEVELS, "steps": STEPS, "clock_words": CLOCKS, "clock_hint": CLOCK_HINT,
            "entered": ENTERED}  # fmt: skip


def _form(
    request: Visit, found: Version, part: str, typed: Mapping[str, str], *, errors: dict[str, str] | None = None,
    status: int = 200,
) -> Answer:  # fmt: skip
    if found.signed:
        raise ClientException("It is signed. Take the signatures off first to edit it.", status_code=409)
    context = {"version": found, "part": part, "typed": typed, "errors": errors or {}, **_words()}
    name = "matrix/good_side.html" if part == GOOD_SIDE else "matrix/class.html"
    return page(request, name, context, status=status)


def _page(
    request: Visit, db: DB, found: Version, *, form: Form | None = None, errors: dict[str, str] | None = None,
    status: int = 200,
) -> Answer:  # fmt: skip
    before = _before(versions.versions(db), found)
    ours = found.agency_id == request.user.agency_id and request.user.role in EDITORS and not found.adopted
    context = {
        "version": found, "before": before, "changes": differences(before.content, found.content), "ours": ours,
        "sign": form if isinstance(form, SignForm) else SignForm(),
        "put": form if isinstance(form, ForceForm) else ForceForm(), "errors": errors or {},
        "drafted_it": found.made_by_id == request.user.user_id, **_words(),
    }
    return page(request, "matrix/show.html", context, status=status)


def _before(every: list[Version], found: Version) -> Version:
    """The version before; of a draft, the newest; the sample where there is none."""
    numbers = [one for one in every if one.adopted and (not found.adopted or one.number < found.number)]
    return max(numbers, key=lambda one: one.number, default=SAMPLE)


HANDLERS = [show_all, begin, show, sign, unsign, force, drop, edit, save]
