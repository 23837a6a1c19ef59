"""From the record to the page. No query here: the same record always gives the same page."""

from __future__ import annotations

from typing import Any, Final

from monitor.bench_page import alleged as reported
from monitor.bench_page import blocks
from monitor.bench_page.classes import seats
from monitor.bench_page.foot import shown_words, with_foot
from monitor.bench_page.page import OPTIONS, BenchPage, Heading, Outline
from monitor.bench_page.record import CaseRecord
from monitor.bench_page.room import MOST_LINES, lines_of
from monitor.bench_page.told import tell
from monitor.bench_page.withdrawn import withdrawn_lines
from monitor.bench_page.words import (
    HEARINGS,
    NO_REVIEW,
    REVIEW,
    chosen_words,
    day_words,
    language_words,
    moment_words,
    outcome_words,
)
from monitor.clock import local_day
from monitor.names import last_first

# how many orders are told in full, and of how many allegations the evidence stands here, the roomiest first
TOLD: Final = ((blocks.MOST_ORDERS, reported.MOST_TOLD), (3, 3), (3, 2), (2, 1), (2, 0))
FORM = 1  # in which look a page of now is printed; earlier ones stay for the packets that were kept in them


def build_page(record: CaseRecord, hearing: Any, printed_by: str = "") -> BenchPage:
    """The page of one hearing (a row with the columns of `monitor.bench_page.reading.HEARING`).

    Where it would not fit one side, it tells less of what stands elsewhere, and says so. Nothing that is alleged is
    ever left out, nor what speaks for the person about it, no order without service, and no count.
    """
    for orders, told in TOLD:
        page = _page(record, hearing, orders, told)
        if lines_of(page) <= MOST_LINES:
            break
    return with_foot(page, record, printed_by)


def _page(record: CaseRecord, hearing: Any, most_orders: int, most_told: int) -> BenchPage:
    places = seats(record)
    last = record.last_review(hearing.starts_at)
    since = local_day(last.starts_at, record.zone) if last else None
    codes = {one.code for one in record.conditions} | {one.kind for one in record.requirements}
    alleged = reported.alleged(record, places, since, most_told)
    duties = tell(record, places, since)
    return BenchPage(
        hearing_id=hearing.id, case_id=record.case_id, heading=_heading(record, hearing), known_at=record.known_at,
        as_of=moment_words(record.known_at, record.zone), missing=duties.missing, late=duties.late,
        last_report=duties.last_report,
        orders=blocks.orders(record, most_orders, since), safety=blocks.safety(record, codes),
        conditions=duties.conditions,
        last_review=_last_review(record, last) if last else NO_REVIEW,
        since=blocks.since_review(record, places, since), alleged=alleged,
        before=reported.before(record, alleged, since, hearing.starts_at),
        in_the_way=reported.in_the_way(record, places, hearing.language), asks=reported.asks(record, since),
        options=OPTIONS, foot=(), withdrawn=withdrawn_lines(record), matrix=_matrix(record), form=FORM,
    )  # fmt: skip


def build_outline(record: CaseRecord, hearing: Any) -> Outline:
    """What the docket needs of the page of one hearing: by the same functions, without what it does not show."""
    last = record.last_review(hearing.starts_at)
    since = local_day(last.starts_at, record.zone) if last else None
    duties = tell(record, seats(record), since)
    return Outline(
        hearing_id=hearing.id, heading=_heading(record, hearing), known_at=record.known_at,
        missing=duties.missing, late=duties.late, last_report=duties.last_report,
        conditions=duties.conditions, alleged=reported.named(record, since),
        withdrawn=withdrawn_lines(record), shown=shown_words(record, hearing.id),
    )  # fmt: skip


def _heading(record: CaseRecord, hearing: Any) -> Heading:
    language = language_words(hearing.language)
    return Heading(
        court=hearing.court, court_code=hearing.court_code, room=hearing.room, judge=hearing.judge or "",
        starts_at=hearing.starts_at, zone=record.zone, day=local_day(hearing.starts_at, record.zone),
        respondent=respondent(hearing), number=hearing.number, review_no=hearing.review_no,
        custody=blocks.custody(record), interpreter=language, title=HEARINGS.get(hearing.kind, REVIEW),
    )  # fmt: skip


def respondent(hearing: Any) -> str:
    """Family name first; the family name of dockets stands in capitals only where the script has any."""
    return last_first(hearing.family_name, hearing.given_name, hearing.middle_name, hearing.suffix)


def _last_review(record: CaseRecord, last: Any) -> str:
    """9 Feb, sanctioned; report in person twice a week (local matrix version 3)"""
    day = day_words(local_day(last.starts_at, record.zone), record.today)
    return f"{day}, {outcome_words(last.outcome)}{chosen_words(last.response, last.matrix_number)}"


def _matrix(record: CaseRecord) -> str:
    if record.matrix is None:
        return ""
    number, since = record.matrix
    return f"local matrix version {number}, in force since {day_words(since, record.today)}"
