"""Deciding an absence: excused, not excused, waiting for evidence, or not counted."""

from __future__ import annotations

from datetime import date, datetime

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, URLEncodedBody

from monitor.absences import CHOICES, REASONS, AbsencePage, Changed, Verdict, absence_page, decide, faults_of
from monitor.clock import local_day, utc_now
from web.database import DB, note, of_case
from web.forms import Form, Line
from web.pages import Flash, page, see_other
from web.site import Answer, Visit

DAY_FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")


class DecisionForm(Form):
    """What the officer decides. ``token`` is what the page showed; the day in any form of `DAY_FORMS`."""

    token: Line = ""
    decision: Line = ""
    why: Line = ""
    words: Line = ""
    evidence_due_on: Line = ""
    evidence_received_on: Line = ""
    evidence_accepted: Line = ""

    def verdict(self) -> Verdict:
        """As the record takes it."""
        return Verdict(
            decision=self.decision, why=self.why if self.decision == "EXCUSED" else "", words=self.words,
            evidence_due_on=day_of(self.evidence_due_on), evidence_received_on=day_of(self.evidence_received_on),
            evidence_accepted={"yes": True, "no": False}.get(self.evidence_accepted),
        )  # fmt: skip


def day_of(text: str) -> date | None:
    """The day that somebody typed or a date field sent."""
    for form in DAY_FORMS:
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None


@get("/absences/{attendance_id:int}/decide", sync_to_thread=True)
def show(request: Visit, db: DB, attendance_id: FromPath[int]) -> Answer:
    """The absence, who says so, and what was decided so far."""
    found = _found(db, attendance_id)
    came = found.standing.evidence_received_on if found.standing else None
    return _page(request, found, DecisionForm(evidence_received_on=f"{came:%m/%d/%Y}" if came else ""))


@post("/absences/{attendance_id:int}/decide", sync_to_thread=True)
def save(request: Visit, db: DB, attendance_id: FromPath[int], data: URLEncodedBody[DecisionForm]) -> Answer:
    """Keep the decision; a later one replaces it and keeps it in sight."""
    found = _found(db, attendance_id)
    now = utc_now()
    verdict = data.verdict()
    errors = faults_of(verdict, local_day(now, found.zone))
    if data.evidence_received_on.strip() and verdict.evidence_received_on is None:
        errors["evidence_received_on"] = "Type the day on which it came as month/day/year."
    if data.token == found.token and errors:
        return _page(request, found, data, errors=errors, status=422)
    try:
        decided = decide(db, found, data.token, verdict, now)
    except Changed:
        db.rollback()
        return _page(request, _found(db, attendance_id), data, changed=True, status=409)
    note(db, decided, decision=data.decision)
    told = f"Saved: {CHOICES[data.decision][0].lower()}. You can decide again if something new comes in."
    if data.decision in ("EXCUSED", "NOT_COUNTED") and found.answered:
        told += " What was answered on this absence no longer holds: tell the person."
    return see_other(request, f"/people/{found.person_id}?case={found.case_id}", Flash(told))


def _found(db: DB, attendance_id: int) -> AbsencePage:
    found = absence_page(db, attendance_id)
    if found is None:
        raise NotFoundException
    of_case(db, found.case_id)
    return found


def _page(
    request: Visit, absence: AbsencePage, data: DecisionForm, *, errors: dict[str, str] | None = None,
    changed: bool = False, status: int = 200,
) -> Answer:  # fmt: skip
    context = {
        "absence": absence, "today": local_day(utc_now(), absence.zone), "form": data,
        "errors": errors or {}, "changed": changed, "reasons": REASONS,
        "choices_open": [(name, *said) for name, said in CHOICES.items()],
    }  # fmt: skip
    return page(request, "absences/decide.html", context, status=status)


HANDLERS = [show, save]
