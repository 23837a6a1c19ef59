"""The court refers somebody to a program; the program has the person on its list in the same moment."""

from __future__ import annotations

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.contact_log.entering import hour_of
from monitor.enrollment.court_door import Referral, ReferralsPage, enter, faults_of, referrals_page, withdraw
from web.absences import day_of
from web.database import DB, note, of_case
from web.forms import Form, Line, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Visit


class ReferralForm(Form):
    """To which program, for which duty, and the first hour there if the court set one."""

    program: Line = ""
    duty: Line = ""
    first_on: Line = ""
    hour: Line = ""

    def referral(self) -> Referral:
        """As the record takes it."""
        first_on, hour = day_of(self.first_on), hour_of(self.hour)
        return Referral(
            program=_id(self.program), duty=_id(self.duty), first_on=first_on,
            bad_day=bool(self.first_on.strip()) and first_on is None,
            hour=f"{hour.hour % 12 or 12}:{hour:%M %p}" if hour else "",
            bad_hour=bool(self.hour.strip()) and hour is None,
        )  # fmt: skip


class BackForm(Form):
    """``place``: which referral is taken back."""

    place: Line = ""


@get("/hearings/{hearing_id:int}/referrals", sync_to_thread=True)
def show(request: Visit, db: DB, hearing_id: FromPath[int]) -> Answer:
    """The programs of this case, and a form to refer to one."""
    return _page(request, _found(db, hearing_id), ReferralForm())


@post("/hearings/{hearing_id:int}/referrals", sync_to_thread=True)
def save(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[ReferralForm]) -> Answer:
    """Refer: the program sees it as soon as this is saved."""
    found, now, referral = _found(db, hearing_id), utc_now(), data.referral()
    if found.closed or (errors := faults_of(found, referral, local_day(now, found.zone))):
        return _page(request, found, data, {} if found.closed else errors, status=422)
    note(db, enter(db, found, referral, now))
    told = "Referred. It is on the program's list now, with the day by which to reach the person."
    return see_other(request, f"/hearings/{hearing_id}/referrals", Flash(told))


@post("/hearings/{hearing_id:int}/referrals/back", sync_to_thread=True)
def back(request: Visit, db: DB, hearing_id: FromPath[int], data: URLEncodedBody[BackForm]) -> Answer:
    """Take back a referral that the program has not acted on."""
    found, place = _found(db, hearing_id), _id(data.place)
    if place is None or not withdraw(db, found, place, utc_now()):
        told = {"places": "The program has acted on it since, or it was taken back. This is how it stands now."}
        return _page(request, found, ReferralForm(), told, status=409)
    note(db, place)
    told_back = "Taken back. It has left the program's list; that it was entered stays on record."
    return see_other(request, f"/hearings/{hearing_id}/referrals", Flash(told_back))


def _found(db: DB, hearing_id: int) -> ReferralsPage:
    found = referrals_page(db, hearing_id, utc_now())
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _id(text: str) -> int | None:
    return id_of(text) or None


def _page(
    request: Visit, found: ReferralsPage, form: ReferralForm, errors: dict[str, str] | None = None, status: int = 200
) -> Answer:
    return page(
        request, "hearings/referrals.html", {"found": found, "form": form, "errors": errors or {}}, status=status
    )


HANDLERS = [show, save, back]
