"""Signing a progress report, the plain ones at once, and a month: facts with the name of who signed."""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.current import current
from monitor.grid.page import RATINGS
from monitor.intake.receiver import Receiver
from monitor.intake.record.standing import lock_program, programs_of
from monitor.models import CertifiedMonth, Enrollment, Report, random_id
from monitor.months.page import MANY_ABSENCES, RECOMMENDATIONS, RESPONSIBILITY, Month, ReportLine
from monitor.one_at_a_time import one_at_a_time
from monitor.safety_lint import is_clean


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """The four answers; the facts are never typed again. ``sure``: meant so, although many classes were missed."""

    participation: str = ""
    responsibility: str = ""
    recommendation: str = ""
    comment: str = ""
    reason: str = ""
    certify: bool = False
    sure: bool = False


NOT_OVER: Final = "The month is not over yet."
SIGNED: Final = "This month is signed already. Who signed it, and when, stands below."


def faults_of(month: Month, line: ReportLine, opinion: Opinion) -> dict[str, str]:
    """By field, what keeps a report from being signed."""
    found: dict[str, str] = {} if month.over else {"certify": NOT_OVER}
    if line.ended or not line.told:
        found["certify"] = f"The release of {line.name} does not let you tell anybody. Enter a new one first."
    if line.closed:
        found["certify"] = f"The court closed the case of {line.name}. Ask it to reopen the case first."
    if line.missing:
        days = ", ".join(f"{day:%b} {day.day}" for day in line.missing)
        found["certify"] = f"Not recorded yet for {line.name}: {days}. Record these classes first."
    if opinion.participation not in RATINGS:
        found["participation"] = f"Choose how {line.name} took part."
    if opinion.responsibility not in RESPONSIBILITY:
        found["responsibility"] = f"Choose how far {line.name} takes responsibility."
    if opinion.recommendation not in RECOMMENDATIONS:
        found["recommendation"] = "Choose what you recommend."
    return found | _of_words(line, opinion) | ({} if opinion.certify or found else _not_certified())


def _not_certified() -> dict[str, str]:
    return {"certify": "Tick that the report is true and complete."}


def _of_words(line: ReportLine, opinion: Opinion) -> dict[str, str]:
    found: dict[str, str] = {}
    if not is_clean(opinion.comment):
        found["comment"] = "The comment may tell of somebody else. Leave out victims, partners, addresses and numbers."
    many = line.missed >= MANY_ABSENCES and opinion.recommendation == "CONTINUE"
    if many and not opinion.sure:
        found["sure"] = f"{line.missed} classes were missed this month. Tick that you mean “Continue”."
    if line.signed_at and not (opinion.reason.strip() and is_clean(opinion.reason)):
        found["reason"] = "This report is signed. Say in a few words, about the participant only, why it changes."
    return found


def sign(session: Session, month: Month, line: ReportLine, opinion: Opinion, by: Receiver) -> bool:
    """Put the report on record for everyone whom the release lets the program tell; a signed one is replaced.

    False: somebody signed it since it was read, and nothing was written. Raises `ValueError` while the month goes on.
    """
    if not month.over:
        raise ValueError(NOT_OVER)
    one_at_a_time(session, line.place_id)
    case_id = session.scalars(select(Enrollment.case_id).where(Enrollment.id == line.place_id)).one()
    before = {
        row.sent_to: row.id
        for row in session.scalars(
            select(Report).where(Report.enrollment_id == line.place_id, Report.kind == "PROGRESS", current(Report))
        )
        if row.content.get("month") == f"{month.first:%Y-%m}"
    }
    if before and line.signed_at is None:
        return False
    for whom in line.told:
        session.add(
            Report(
                id=random_id(), case_id=case_id, agency_id=by.agency_id, enrollment_id=line.place_id, kind="PROGRESS",
                sent_by="PROGRAM", sent_to=whom.upper(), occurred_on=by.today, about_id=None, recorded_at=by.now,
                recorded_by_id=by.user_id, content=_content(month, line, opinion),
                supersedes_id=before.get(whom.upper()), reason=opinion.reason.strip()[:300] or None,
            )
        )  # fmt: skip
    session.flush()
    return True


def _content(month: Month, line: ReportLine, opinion: Opinion) -> dict[str, object]:
    return {
        "month": f"{month.first:%Y-%m}", "held": line.held, "attended": line.attended, "late": line.late,
        "excused": line.excused, "no_show": line.no_show, "no_reason": line.no_reason,
        "no_credit": line.no_credit, "custody": line.custody, "total": line.total,
        "participation": opinion.participation, "responsibility": opinion.responsibility,
        "recommendation": opinion.recommendation, "comment": opinion.comment.strip()[:1000],
    }  # fmt: skip


def why_not_plain(month: Month, certified: bool) -> str:
    """Empty where the plain reports can be signed at once."""
    if not month.over:
        return NOT_OVER
    return "" if certified else "Tick that these reports are true and complete."


def sign_plain(session: Session, month: Month, by: Receiver, *, certified: bool) -> int:
    """Sign what has nothing special, with the newest rating on record or none; how many.

    Raises `ValueError` where `why_not_plain` says something.
    """
    if why := why_not_plain(month, certified):
        raise ValueError(why)
    codes = {said: code for code, said in RATINGS.items()}
    signed = 0
    for line in month.plain:
        rated = codes.get(line.rating, "NOT_RATED")
        opinion = Opinion(participation=rated, recommendation="CONTINUE", certify=True)
        signed += sign(session, month, line, opinion, by)
    return signed


def why_not_certify(month: Month, signed_as: str) -> str:
    """Empty where the month can be signed as a whole."""
    if month.signed_as:
        return SIGNED
    if not month.over:
        return NOT_OVER
    if month.gaps:
        return f"{month.gaps} entries are missing. Record them first: a signed month says that nothing is."
    return "" if len(signed_as.strip()) >= 3 else "Type your name as you sign it."


def hold(session: Session, agency_id: int) -> None:
    """Before a month is read to be signed: whoever saves or undoes a sheet meanwhile waits, or is waited for."""
    for program in programs_of(session, agency_id):
        lock_program(session, program.id)


def certify(session: Session, month: Month, signed_as: str, by: Receiver) -> None:
    """Sign the month for all programs of the agency: from now on each change needs its own reason. `hold` first."""
    for program in programs_of(session, by.agency_id):
        session.add(
            CertifiedMonth(
                id=random_id(), agency_id=by.agency_id, program_id=program.id, month=month.first,
                people=len(month.lines), signed_as=signed_as.strip()[:120], certified_at=by.now,
                certified_by_id=by.user_id,
            )
        )  # fmt: skip
    session.flush()


