"""What the program's own table of reports said of a person and month: beside the facts, and filled in where it fits.

A draft answers nothing by itself: whoever signs reads it, and what has no word of ours stays for them to choose.
"""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.intake.drafts import drafts_of
from monitor.intake.layouts.reports import RECOMMENDATIONS as WRITTEN
from monitor.intake.layouts.reports import Draft
from monitor.models import Enrollment
from monitor.months.page import RECOMMENDATIONS, ReportLine
from monitor.wording import count


class Drafted(msgspec.Struct, frozen=True):
    """``said``: what the file says, a sentence each; ``differs``: those that the record does not bear out.

    ``recommendation`` and ``comment`` are filled in where the form knows them.
    """

    said: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    recommendation: str = ""
    comment: str = ""


def drafted(session: Session, line: ReportLine, first: date) -> Drafted | None:
    """What a saved table says of the month of one person; None where none does, or the report is signed."""
    program = session.scalar(select(Enrollment.program_id).where(Enrollment.id == line.place_id))
    if program is None or line.signed_at is not None:
        return None
    of_month = drafts_of(session, program, first).get(line.place_id)
    to_date = drafts_of(session, program).get(line.place_id)
    if of_month is None and to_date is None:
        return None
    said, differs = _counts(of_month or Draft(), line, to_date or Draft())
    opinion = of_month or to_date or Draft()
    known = opinion.recommendation if opinion.recommendation in RECOMMENDATIONS else ""
    return Drafted((*said, *_opinions(opinion)), differs, known, of_month.comment if of_month else "")


def _counts(month: Draft, line: ReportLine, to_date: Draft) -> tuple[tuple[str, ...], tuple[str, ...]]:
    pairs = (
        (month.sessions_completed, line.attended, "{} attended this month"),
        (month.absences_excused, line.excused, "{} excused this month"),
        (month.absences_unexcused, line.no_show, "{} no show this month"),
        (to_date.sessions_completed, line.total, "{} attended in all"),
    )  # fmt: skip
    said = tuple(words.format(theirs) for theirs, _, words in pairs if theirs is not None)
    differs = tuple(
        f"{words.format(theirs)}; the record has {ours}"
        for theirs, ours, words in pairs if theirs is not None and theirs != ours
    )  # fmt: skip
    return said, differs


def _opinions(draft: Draft) -> tuple[str, ...]:
    said = []
    if draft.rating is not None:
        said.append(f"participation {draft.rating} of 5")
    if draft.responsibility is not None:
        said.append(f"responsibility {draft.responsibility} of 5")
    if draft.recommendation:
        said.append(f"recommendation: {WRITTEN[draft.recommendation].lower()}")
    if draft.fees_current is not None:
        said.append("fees current" if draft.fees_current else "fees not current")
    if draft.concern:
        said.append("a new concern: it does not go with a report, put it before the officer")
    if draft.not_read:
        said.append(f"{count(len(draft.not_read), 'cell')} that we did not understand ({', '.join(draft.not_read)})")
    return tuple(said)
