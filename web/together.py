"""Acts for those ticked on the caseload: questions put away together, and letters, a page each; seen before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from litestar import post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor import letters
from monitor.clock import local_day, utc_now
from monitor.models.base import is_id
from monitor.today import hiding, hiding_together
from monitor.wording import count, short_day
from web.absences import day_of
from web.database import DB, note, of_cases
from web.forms import Form, id_of, ticked
from web.pages import Flash, page, see_other
from web.site import Answer, Visit


@post("/caseload/hide", status_code=200, sync_to_thread=True)
def hide(request: Visit, db: DB, data: URLEncodedBody[dict[str, str]]) -> Answer:
    """First what would be put away, line by line; with ``sure`` it is, unless something reads otherwise by then."""
    now, sure = utc_now(), data.get("sure") == "yes"
    found = _lines(db, data, now, lock=sure)
    until_on, reason = day_of(data.get("until_on", "")), data.get("reason", "")
    faults = hiding.faults_of(until_on, reason, local_day(now, request.user.zone))
    if faults or until_on is None or not sure:
        return _hide_page(request, found, data, until_on, faults)
    seen = {id_of(name.removeprefix("flag.")): token for name, token in data.items() if name.startswith("flag.")}
    try:
        entry = hiding_together.hide(db, found, seen, until_on, reason, now)
    except hiding.Changed:
        db.rollback()
        return _hide_page(request, _lines(db, data, now), data, until_on, {}, changed=True)
    note(db, entry, hidden=len(seen))
    told = f"{count(len(seen), 'question')} hidden until {short_day(until_on)}."
    return see_other(request, "/today#hidden", Flash(told, undo=f"/caseload/hide/{entry}/undo"))


def _lines(db: DB, data: Mapping[str, str], now: datetime, *, lock: bool = False) -> tuple[hiding_together.Line, ...]:
    """Each case that is shown or changed needs a reason, as it does alone."""
    found = hiding_together.lines(db, ticked(data), now, lock=lock)
    of_cases(db, (one.case_id for one in found))
    return found


def _hide_page(
    request: Visit, found: Sequence[hiding_together.Line], data: Mapping[str, str], until_on: date | None,
    faults: dict[str, str], *, changed: bool = False,
) -> Answer:  # fmt: skip
    asked = "until_on" in data
    context: dict[str, Any] = {
        "lines": found, "away": hiding_together.may_wait(found), "cases": ticked(data),
        "until": data.get("until_on", ""), "until_on": until_on, "reason": data.get("reason", ""),
        "errors": faults if asked else {}, "ready": asked and not faults, "changed": changed,
    }  # fmt: skip
    status = 409 if changed else 422 if asked and faults else 200
    return page(request, "caseload/hide.html", context, status=status)


@post("/caseload/hide/{hidden_id:int}/undo", sync_to_thread=True)
def show_again(request: Visit, db: DB, hidden_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Put back what one press put away."""
    if not (shown := hiding_together.show_again(db, hidden_id, utc_now())):
        raise NotFoundException
    of_cases(db, shown)
    return see_other(request, "/today", Flash(f"Back on the list: {count(len(shown), 'question')}."))


@post("/letters", status_code=200, sync_to_thread=True)
def write(request: Visit, db: DB, data: URLEncodedBody[dict[str, str]]) -> Answer:
    """First what each letter says; with ``sure`` they are noted and the pages stand ready to print."""
    now = utc_now()
    kind, on = data.get("letter", ""), day_of(data.get("on", ""))
    sure = data.get("sure") == "yes"
    found = letters.letters(db, ticked(data), kind, on, now, alone=sure)
    of_cases(db, (one.case_id for one in found))
    faults = letters.faults_of(found, kind, on, local_day(now, request.user.zone))
    asked, sure = "letter" in data, sure and not faults
    act = letters.keep(db, found, kind, on, now) if sure else 0
    if sure:
        note(db, act, letters=sum(not one.why_not for one in found))
    context: dict[str, Any] = {
        "letters": found, "kinds": list(letters.KINDS.items()), "kind": kind, "typed": data.get("on", ""), "on": on,
        "errors": faults if asked else {}, "ready": asked and not faults, "made": sure, "act": act,
    }  # fmt: skip
    return page(request, "caseload/letters.html", context, status=422 if asked and faults else 200)


@post("/letters/{contact_id:int}/undo", sync_to_thread=True)
def take_back(request: Visit, db: DB, contact_id: FromPath[int], data: URLEncodedBody[Form]) -> Answer:
    """Take back what the contact logs say of the letters of one press: they were not posted."""
    if not is_id(contact_id) or not (taken := letters.take_back(db, contact_id, utc_now())):
        raise NotFoundException
    of_cases(db, taken)
    return see_other(request, "/caseload", Flash(f"Taken back: {count(len(taken), 'letter')}. Do not post them."))


HANDLERS = [hide, show_again, write, take_back]
