"""From a bench page to its line on the docket: the same words, the same facts, in one row."""

from __future__ import annotations

from typing import Any

from monitor.bench_page.page import BenchPage, Outline, StatusWord
from monitor.bench_page.record import outcome_known
from monitor.bench_page.words import HEARINGS, REVIEW, language_words, outcome_words, time_words
from monitor.docket.page import DocketLine
from monitor.docket.words import Delays, Words

ORDER_OF_WORDS = (
    StatusWord.NOT_MET, StatusWord.NO_REPORT, StatusWord.PARTLY_MET, StatusWord.MET, StatusWord.NOT_YET_DUE,
)  # fmt: skip
SAFETY = ("D", "E")
FIREARMS, ENROLL = "Give up firearms", "Enroll in program"
# an unproven status of firearms or enrollment is pressing only once its day, or the first review, has come
OPEN = (StatusWord.NOT_MET, StatusWord.NO_REPORT)

Whole = BenchPage | Outline  # of a page or of its outline the line is the same


def words_of(page: Whole, hearing: Any, late: Delays) -> Words:
    """The words of one case. ``hearing``: the row that the page was built from."""
    return Words(
        custody=page.heading.custody, decide=_decide(page), statuses=_statuses(page), classes=_classes(page),
        last_report=page.last_report, contested=any(one.title.contested for one in page.alleged), shown=page.shown,
        rank=_rank(page), flags=page.flags, missing=page.missing, late=page.late,
        heard=outcome_known(hearing, page.known_at), delays=late,
    )  # fmt: skip


def docket_line(words: Words, hearing: Any, respondent: str) -> DocketLine:
    """The line of one case. ``hearing``: the row that the words are of; ``respondent``: as the day names them."""
    title = HEARINGS.get(hearing.kind, REVIEW)
    return DocketLine(
        hearing_id=hearing.id, starts_at=hearing.starts_at, time=time_words(hearing.starts_at, hearing.zone),
        number=hearing.number, respondent=respondent, review_no=hearing.review_no, custody=words.custody,
        decide=words.decide, statuses=words.statuses, classes=words.classes, last_report=words.last_report,
        contested=words.contested, interpreter=language_words(hearing.language), ready=words.shown or "not yet",
        rank=words.rank, flags=words.flags, kind="" if title == REVIEW else title,
        outcome=outcome_words(hearing.outcome) if words.heard else "",
    )  # fmt: skip


def _statuses(page: Whole) -> tuple[tuple[str, int], ...]:
    counts = {word: sum(line.status is word for line in page.conditions) for word in ORDER_OF_WORDS}
    return tuple((word.value, count) for word, count in counts.items() if count)


def _classes(page: Whole) -> str:
    attend = [line for line in page.conditions if line.strip]
    return attend[-1].facts[0].text.partition(" attended")[0] if attend else ""


def _status(page: Whole, title: str) -> StatusWord | None:
    return next((line.status for line in page.conditions if line.title == title), None)


def _firearms_open(page: Whole) -> bool:
    """No proof by the first review: the order is older than one review date, so proof is late by any term."""
    return _status(page, FIREARMS) in OPEN and (page.heading.review_no or 0) >= 1


def _not_enrolled(page: Whole) -> bool:
    word = _status(page, ENROLL)
    return word is StatusWord.NOT_MET or (word is StatusWord.NOT_YET_DUE and (page.heading.review_no or 0) > 1)


def _rank(page: Whole) -> int:
    checks = (
        page.heading.custody.startswith("In custody"),
        any(one.response_class in SAFETY for one in page.alleged) or _firearms_open(page),
        _not_enrolled(page),
        bool(page.alleged),
        bool(page.late),
    )
    return checks.index(True) if True in checks else len(checks)


def _decide(page: Whole) -> tuple[str, ...]:
    said = [one.title.line for one in page.alleged[:2]]
    if len(page.alleged) > 2:
        said.append(f"{len(page.alleged) - 2} more reported")
    said += [one.line for one in page.withdrawn[-1:]]
    if _firearms_open(page):
        said.append("No firearm proof on file (C)")
    if _not_enrolled(page):
        said.append("Not enrolled so far (P)")
    said += [f"Call the program, no report: {reporter}" for reporter in page.late]
    return tuple(said) or _routine(page)


def _routine(page: Whole) -> tuple[str, ...]:
    """Nothing presses: what is open, by its duty, or that all is on track."""
    still = [line for line in page.conditions if line.status in (*OPEN, StatusWord.PARTLY_MET)]
    return tuple(f"{line.title}: {line.word}" for line in still[:2]) or ("Routine: on track",)
