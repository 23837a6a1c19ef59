"""A program's months: progress reports from what is known already, the signed month, totals, and what is owed."""

from __future__ import annotations

from datetime import date

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.clock import local_day, utc_now
from monitor.compliance.evaluation import switched_on
from monitor.grid.page import RATINGS
from monitor.intake.receiver import Receiver
from monitor.months.drafted import Drafted, drafted
from monitor.months.owing import owed, told_of
from monitor.months.page import RECOMMENDATIONS, RESPONSIBILITY, Month, ReportLine
from monitor.months.reading import month_page, months_list
from monitor.months.signing import (
    SIGNED,
    Opinion,
    certify,
    faults_of,
    hold,
    sign,
    sign_plain,
    why_not_certify,
    why_not_plain,
)
from monitor.wording import count
from web.database import DB, note
from web.forms import Form, Line, Words, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

LIST = "/reports"
ASKED = ("participation", "responsibility", "recommendation", "comment")


class OpinionForm(Form):
    """The four questions of a report, and that it is certified."""

    participation: Line = ""
    responsibility: Line = ""
    recommendation: Line = ""
    comment: Words = ""
    reason: Line = ""
    certify: Line = ""
    sure: Line = ""

    def opinion(self) -> Opinion:
        """As the record takes it."""
        return Opinion(
            participation=self.participation, responsibility=self.responsibility, comment=self.comment,
            recommendation=self.recommendation, reason=self.reason, certify=bool(self.certify), sure=bool(self.sure),
        )  # fmt: skip


class ToldForm(Form):
    """The absence that the court was told of."""

    about: Line = ""


class PlainForm(Form):
    """That the plain reports are certified."""

    certify: Line = ""


class CertifyForm(Form):
    """The name of who signs the month."""

    signed_as: Line = ""


@get(LIST, sync_to_thread=True)
def show_list(request: Visit, db: DB) -> Answer:
    """What the program owes by when, and the last months."""
    now = utc_now()
    today = local_day(now, request.user.zone)
    agency = request.user.agency_id
    packs = switched_on(*request.app.state.site.settings.own_packs())
    months = months_list(db, agency, today, packs, now)
    sources = dict.fromkeys(by.source for month in months if not month.certified for by in month.wanted)
    context = {"owed": owed(db, agency, today, now), "months": months, "today": today, "sources": sources}
    return page(request, "reports/list.html", context)


@post(LIST, sync_to_thread=True)
def tell_court(request: Visit, db: DB, data: URLEncodedBody[ToldForm]) -> Answer:
    """The program has told the court of an absence today."""
    about = id_of(data.about)
    if not told_of(db, about, _receiver(request)):
        told = "Nothing was recorded: it is told already, or the release does not let you."
        return see_other(request, LIST, Flash(told))
    note(db, about)
    return see_other(request, LIST, Flash("Recorded: you told the court of the absence today."))


@get(LIST + "/{month:str}", sync_to_thread=True)
def show(request: Visit, db: DB, month: FromPath[str]) -> Answer:
    """One month: a line a person, what is missing, totals."""
    return _page(request, _month(request, db, month))


@post(LIST + "/{month:str}/plain", sync_to_thread=True)
def sign_rest(request: Visit, db: DB, month: FromPath[str], data: URLEncodedBody[PlainForm]) -> Answer:
    """Sign the reports that have nothing special at once."""
    found = _month(request, db, month)
    if why := why_not_plain(found, bool(data.certify)):
        return _page(request, found, {"certify-plain": why}, status=422)
    done = sign_plain(db, found, _receiver(request), certified=True)
    note(db, signed=done)
    return see_other(request, f"{LIST}/{month}", Flash(f"Signed {count(done, 'report')}."))


@post(LIST + "/{month:str}/certify", sync_to_thread=True)
def sign_month(request: Visit, db: DB, month: FromPath[str], data: URLEncodedBody[CertifyForm]) -> Answer:
    """Sign the month: it is complete, and changes need their reason from now on; 409 where it is signed already."""
    hold(db, request.user.agency_id)
    found = _month(request, db, month)
    if found.signed_as:
        return _page(request, found, {"certify": SIGNED}, status=409)
    if why := why_not_certify(found, data.signed_as):
        return _page(request, found, {"signed_as": why}, status=422, signed_as=data.signed_as)
    certify(db, found, data.signed_as, _receiver(request))
    return see_other(request, f"{LIST}/{month}", Flash(f"{found.title} is signed."))


@get(LIST + "/{month:str}/{enrollment_id:int}", sync_to_thread=True)
def show_report(request: Visit, db: DB, month: FromPath[str], enrollment_id: FromPath[int]) -> Answer:
    """One report: facts from the record, and four questions."""
    found = _month(request, db, month)
    line = _line(found, enrollment_id)
    told = drafted(db, line, found.first)
    return _report(request, found, line, _begun(line, told), told=told)


def _begun(line: ReportLine, told: Drafted | None) -> OpinionForm:
    """What was signed, to be changed where it is wrong; else what the program's own file says."""
    if line.sent:
        return OpinionForm(**{name: line.sent.get(name) or "" for name in ASKED})
    return OpinionForm(recommendation=told.recommendation, comment=told.comment) if told else OpinionForm()


@post(LIST + "/{month:str}/{enrollment_id:int}", sync_to_thread=True)
def sign_report(
    request: Visit, db: DB, month: FromPath[str], enrollment_id: FromPath[int], data: URLEncodedBody[OpinionForm]
) -> Answer:
    """Sign and send; the next unsigned report follows."""
    found = _month(request, db, month)
    line = _line(found, enrollment_id)
    if errors := faults_of(found, line, data.opinion()):
        return _report(request, found, line, data, errors, status=422, told=drafted(db, line, found.first))
    if not sign(db, found, line, data.opinion(), _receiver(request)):
        meanwhile = {"certify": "Somebody signed this report in the meantime. Nothing was saved."}
        return _report(request, found, line, data, meanwhile, status=409)
    note(db, enrollment_id, month=month)
    rest = [one for one in found.unsigned if one.place_id != enrollment_id]
    onward = f"{LIST}/{month}/{rest[0].place_id}" if rest else f"{LIST}/{month}"
    return see_other(request, onward, Flash(f"Signed and sent. {count(len(rest), 'report is', 'reports are')} left."))


def _month(request: Visit, db: DB, month: str) -> Month:
    today = local_day(utc_now(), request.user.zone)
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NotFoundException from None
    if len(month) != 7 or not date(1990, 1, 1) <= first <= today:
        raise NotFoundException
    return month_page(db, request.user.agency_id, first, today)


def _line(month: Month, enrollment_id: int) -> ReportLine:
    found = next((one for one in month.lines if one.place_id == enrollment_id), None)
    if found is None:
        raise NotFoundException
    return found


def _receiver(request: Visit) -> Receiver:
    who, now = request.user, utc_now()
    return Receiver(who.agency_id, 0, who.user_id, now, local_day(now, who.zone))


def _page(
    request: Visit, month: Month, errors: dict[str, str] | None = None, status: int = 200, signed_as: str = ""
) -> Answer:
    context = {"month": month, "errors": errors or {}, "recommendations": RECOMMENDATIONS, "signed_as": signed_as}
    return page(request, "reports/month.html", context, status=status)


def _report(
    request: Visit, month: Month, line: ReportLine, form: OpinionForm, errors: dict[str, str] | None = None,
    status: int = 200, told: Drafted | None = None,
) -> Answer:  # fmt: skip
    context = {
        "month": month, "line": line, "drafted": told, "form": form, "errors": errors or {}, "ratings": RATINGS.items(),
        "responsibility": RESPONSIBILITY.items(), "recommendations": RECOMMENDATIONS.items(),
    }  # fmt: skip
    return page(request, "reports/report.html", context, status=status)


HANDLERS = [show_list, tell_court, show, sign_rest, sign_month, show_report, sign_report]
