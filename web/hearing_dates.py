"""The clerk sets a date that no result has set, and takes one off the calendar."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import utc_now
from monitor.contact_log.entering import hour_of
from monitor.hearing_dates import SET, DatesPage, NewDate, dates_page, faults_of, put_back, set_date, take_off
from web.absences import day_of
from web.database import DB, note, of_case
from web.forms import Form, Line, Name, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

PATH = "/hearings/{hearing_id:int}/dates"
TOLD = "Those it concerns are told in 10 minutes."
UNTOLD = "No letter goes out about it: it was set less than 10 minutes ago. For 10 minutes:"
GONE = "It is off the calendar already, or was held. This is how it stands now."


class DateForm(Form):
    """A date as typed."""

    kind: Name = ""
    on: Name = ""
    at: Name = ""
    room: Line = ""
    judge: Name = ""
    anyway: Name = ""

    def typed(self) -> NewDate:
        """As the record takes it."""
        return NewDate(
            kind=self.kind, on=day_of(self.on), at=hour_of(self.at), room=self.room, judge=id_of(self.judge),
            anyway=self.anyway == "yes",
        )  # fmt: skip


class OffForm(Form):
    """Which date is taken off."""

    date: Name = ""


@get(PATH, sync_to_thread=True)
def show(request: Visit, db: DB, hearing_id: FromPath[int]) -> Answer:
    """The coming dates of the case, and the form of another."""
    found = _found(db, hearing_id)
    return _page(request, found, DateForm(kind="COMPLIANCE_REVIEW", room=found.room, judge=str(found.judge or "")))


@post(PATH, sync_to_thread=True)
def add(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[DateForm]) -> Answer:
    """Put a date on the calendar."""
    now, found, typed = utc_now(), _found(db, hearing_id), data.typed()
    if found.closed:
        return _page(request, found, data, status=409)
    if errors := faults_of(db, found, typed, now):
        return _page(request, found, data, errors, status=422)
    note(db, set_date(db, found, typed, now), kind=typed.kind)
    return see_other(request, f"/hearings/{hearing_id}/dates", Flash(f"On the calendar. {TOLD}"))


@post(f"{PATH}/off", sync_to_thread=True)
def off(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[OffForm]) -> Answer:
    """Take a coming date off the calendar; it stays in the record as one on which nobody was heard."""
    now, found, number = utc_now(), _found(db, hearing_id), id_of(data.date)
    told = None if found.closed else take_off(db, found, number, now)
    if told is None:
        return _page(request, found, DateForm(), {} if found.closed else {"off": GONE}, status=409)
    note(db, number)
    words = f"{TOLD} Until then:" if told else UNTOLD
    undo = f"/hearings/{hearing_id}/dates/{number}/back"
    said = Flash(f"Off the calendar. {words}", undo=undo, undo_label="Put it back")
    return see_other(request, f"/hearings/{hearing_id}/dates", said)


@post(f"{PATH}/{{date_id:int}}/back", sync_to_thread=True)
def back(
    request: Visit, db: DB, hearing_id: FromPath[int], date_id: FromPath[int], data: URLEncodedBody[Form]
) -> Answer:
    """Put a date back that was taken off just now, while nobody was told."""
    found = _found(db, hearing_id)
    why = "" if found.closed else put_back(db, found, date_id, utc_now())
    if found.closed or why:
        return _page(request, found, DateForm(), {"off": why} if why else {}, status=409)
    note(db, date_id)
    return see_other(request, f"/hearings/{hearing_id}/dates", Flash("It is on the calendar again, as it was."))


def _found(db: DB, hearing_id: int) -> DatesPage:
    found = dates_page(db, hearing_id, utc_now())
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _page(
    request: Visit, found: DatesPage, form: DateForm, errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    context = {
        "dates": found, "form": form, "errors": errors or {}, "kinds": list(SET.items()),
        "judges": [(str(number), name) for number, name in found.judges],
    }  # fmt: skip
    return page(request, "hearings/dates.html", context, status=status)


HANDLERS = [show, add, off, back]
