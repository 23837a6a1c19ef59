"""What the court says of a report before it: found, not found, admitted or withdrawn, in the court's own words.

Nothing here proposes a word (safeguard F11). A finding is a step by somebody of the court; it answers the clock that
runs on the court, and a wrong entry is taken back by the court, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.facts import Matter, read
from monitor.allegations.page import DONE, StepLine
from monitor.allegations.steps import Changed, Step, add_step, is_contested, last_of, state_of, steps_of
from monitor.allegations.typed import ASKS, typed_of
from monitor.bench_page.reading import hearing_rows
from monitor.bench_page.record import gather
from monitor.bench_page.withdrawn import withdrawn_lines
from monitor.clock import local_day
from monitor.current import current
from monitor.due_process import ALLEGATION_MOVES, ALLEGATIONS, ENDED_BY_COURT, By
from monitor.local_law import LocalLaw
from monitor.models import Allegation, AllegationFlag, CourtDecision, Dirty, Flag, Hearing
from monitor.models.base import is_id
from monitor.names import last_first
from monitor.one_at_a_time import one_at_a_time

OVERTAKEN: Final = "Somebody recorded something on it since you opened this page."
FINDINGS: Final = {
    "FOUND": "The court found it", "NOT_FOUND": "The court did not find it", "ADMITTED": "Admitted before the court",
    "WITHDRAWN": "Withdrawn before the court", "REOPENED": "That was entered wrongly: it lies before the court still",
}  # fmt: skip


class FiledReport(msgspec.Struct, frozen=True, kw_only=True):
    """One report before the court, as it was filed. ``may``: what may be recorded now; ``token``: its last step.

    ``corrected``: what of it a correction has taken back since, when and why.
    """

    id: int
    matters: tuple[Matter, ...]
    asks: str
    words: str
    filed_at: datetime
    contested: bool
    state: str
    state_words: str
    said: str
    may: frozenset[str]
    token: str
    steps: tuple[StepLine, ...]
    corrected: tuple[str, ...] = ()


class FindingsPage(msgspec.Struct, frozen=True, kw_only=True):
    """The reports of one case, for the hearing at which the court speaks."""

    hearing_id: int
    case_id: int
    number: str
    respondent: str
    court: str
    starts_at: datetime
    zone: str
    reports: tuple[FiledReport, ...]


def findings_page(
    session: ScopedSession, hearing_id: int, now: datetime, law: LocalLaw, *, lock: bool = False
) -> FindingsPage | None:
    """What lies before the court in the hearing's case; None: no such hearing for this person. ``lock``: the court's
    word follows, and what is read here holds until it is kept."""
    row = session.execute(hearing_rows().where(Hearing.id == hearing_id)).first() if is_id(hearing_id) else None
    if row is None:
        return None
    if lock:
        one_at_a_time(session, row.case_id)
    filed = session.scalars(select(Allegation.id).where(Allegation.case_id == row.case_id).order_by(Allegation.made_at))
    corrected = _corrected(session, row, now)
    reports = [_report(session, number, corrected) for number in filed.all()]
    return FindingsPage(
        hearing_id=row.id, case_id=row.case_id, number=row.number, court=row.court, starts_at=row.starts_at,
        respondent=last_first(row.family_name, row.given_name), zone=row.zone,
        reports=tuple(one for one in reports if one and not _sealed(one, law, now, row.zone)),
    )  # fmt: skip


def _corrected(session: ScopedSession, hearing: Any, now: datetime) -> dict[int, str]:
    """By flag, in the words of the bench page."""
    record = gather(session, {hearing.case_id: hearing.zone}, now)[hearing.case_id]
    return {number: line.text for line in withdrawn_lines(record) for number in line.rows}


def _report(session: ScopedSession, allegation_id: int, corrected: Mapping[int, str]) -> FiledReport | None:
    steps = steps_of(session, allegation_id)
    filed = last_of(steps, "APPROVED")
    facts = read(filed.content) if filed else None
    if filed is None:
        return None
    typed, state = typed_of(filed.content), state_of(step.kind for step in steps)
    contested, ended = is_contested(steps), last_of(steps, *ENDED_BY_COURT)
    return FiledReport(
        id=allegation_id, matters=facts.matters if facts else (), asks=ASKS.get(typed.ask, ""), words=typed.words,
        filed_at=filed.at, contested=_marked(session, allegation_id) if contested is None else contested, state=state,
        state_words=ALLEGATIONS[state], said=_courts_words(ended) if ended and state == ended.kind else "",
        may=frozenset(kind for (at, kind), (who, _) in ALLEGATION_MOVES.items() if at == state and By.COURT in who),
        token=str(steps[-1].number), steps=tuple(_line(step) for step in reversed(steps)),
        corrected=tuple(
            corrected[one.flag_id] for one in (facts.matters if facts else ()) if one.flag_id in corrected
        ),
    )  # fmt: skip


def _marked(session: ScopedSession, allegation_id: int) -> bool:
    told = select(Flag.id).join(AllegationFlag, AllegationFlag.flag_id == Flag.id)
    mine = AllegationFlag.allegation_id == allegation_id, Flag.contested.is_(True)
    return session.scalars(told.where(*mine)).first() is not None


def _line(step: Step) -> StepLine:
    return StepLine(step.who, DONE[step.kind], step.at, _courts_words(step), step.number, step.kind)


def _courts_words(step: Step) -> str:
    """Words of the court alone: an office's remark may tell who spoke, or what was answered (safeguards B3, E4)."""
    return step.words if step.kind in (*ENDED_BY_COURT, "REOPENED") and "hearing" in step.content else ""


def _sealed(report: FiledReport, law: LocalLaw, now: datetime, zone: str) -> bool:
    ended = next((step for step in report.steps if step.kind == report.state), None)
    return ended is not None and law.seals(report.state, ended.at, now, zone)


def faults_of(report: FiledReport | None, finding: str, words: str, counsel: bool) -> dict[str, str]:
    """What is missing, by field."""
    if report is None or finding not in FINDINGS or finding not in report.may:
        return {"finding": "Choose what the court said of this report."}
    faults = {} if words.strip() else {"words": "Write what the court said, in its own words."}
    if finding == "ADMITTED" and not counsel:
        faults["counsel"] = "An admission counts with counsel, or once counsel was waived on the record."
    return faults


def record(
    session: ScopedSession, page: FindingsPage, report: FiledReport, finding: str, words: str, token: str, now: datetime
) -> None:
    """Write the court's word. Raises `Changed` where somebody else recorded something meanwhile."""
    if token != report.token:
        raise Changed(OVERTAKEN)
    content = {"hearing": str(page.hearing_id)}
    add_step(session, report.id, page.case_id, finding, By.COURT, now, words=words, content=content)
    if finding == "REOPENED":
        _take_back(session, report.id, page.case_id, words, now)
    else:
        _answer(session, page, report.id, finding, now)
    session.add(Dirty(case_id=page.case_id))
    session.flush()


def contest(session: ScopedSession, page: FindingsPage, report: FiledReport, contested: bool, now: datetime) -> None:
    """On the respondent's behalf, by court staff: contested, or no longer (safeguard F7)."""
    add_step(session, report.id, page.case_id, "CONTESTED" if contested else "ANSWERED", By.COURT, now)


def _answer(session: ScopedSession, page: FindingsPage, allegation_id: int, finding: str, now: datetime) -> None:
    """The decision as a fact: the court's own clock of answering a report runs on it."""
    filed = last_of(steps_of(session, allegation_id), "APPROVED")
    about: Sequence[Any] = filed.content.get("about", ()) if filed else ()
    for number in about:
        session.add(
            CourtDecision(
                case_id=page.case_id, agency_id=session.scope.agency_id, recorded_at=now, kind="RESPONSE_RECORDED",
                recorded_by_id=session.scope.user_id, decided_by="COURT", occurred_on=local_day(now, page.zone),
                order_id=None, hearing_id=page.hearing_id, about_id=int(number), until_on=None, term=None, value=None,
                found=finding in ("FOUND", "ADMITTED"), content={"allegation": str(allegation_id)},
            )
        )  # fmt: skip


def _take_back(session: ScopedSession, allegation_id: int, case_id: int, words: str, now: datetime) -> None:
    told = select(CourtDecision).where(CourtDecision.case_id == case_id, current(CourtDecision))
    for row in session.scalars(told.where(CourtDecision.kind == "RESPONSE_RECORDED")).all():
        if (row.content or {}).get("allegation") != str(allegation_id):
            continue
        session.add(
            CourtDecision(
                case_id=case_id, agency_id=session.scope.agency_id, recorded_at=now, kind=row.kind, found=row.found,
                recorded_by_id=session.scope.user_id, decided_by=row.decided_by, occurred_on=row.occurred_on,
                order_id=None, hearing_id=row.hearing_id, about_id=row.about_id, until_on=None, term=None, value=None,
                content=row.content, supersedes_id=row.id, retracted=True, reason=words.strip()[:300],
            )
        )  # fmt: skip
