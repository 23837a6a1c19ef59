"""The foot of the page: when the defense got its copy, and which blocks read otherwise since (safeguard F6)."""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec

from monitor.bench_page.page import BenchPage
from monitor.bench_page.record import CaseRecord
from monitor.bench_page.words import NO_REVIEW, NO_REVIEW_BEFORE, day_words, time_words, weekday_words
from monitor.clock import local_day

TO: Final = {"COUNSEL": "counsel", "RESPONDENT": "the respondent"}
HOW: Final = {"BY_HAND": "by hand", "BY_MAIL": "by mail", "E_FILING": "by e-filing", "IN_COURT": "in court"}
BLOCKS: Final = (
    ("1 Order in force", ("orders",)), ("2 Safety", ("safety",)), ("3 Conditions", ("conditions",)),
    ("4 Since last review", ("last_review", "since")), ("5 Alleged", ("alleged", "withdrawn")),
    ("6 Same thing before", ("before",)), ("7 In the way", ("in_the_way",)), ("8 Probation asks", ("asks",)),
    ("missing reports", ("missing", "late")), ("date, room or custody", ("heading",)),
)  # fmt: skip
NOT_PRINTED: Final = ("rows", "on")
NO_COPY: Final = "Copy to defense ____________   Changed since ____________"


def shown_words(record: CaseRecord, hearing_id: int) -> str:
    """The day on which the defense last got a copy of this hearing's page; "" if never."""
    copy = record.copies.get(hearing_id)
    return day_words(local_day(copy.given_at, record.zone), record.today) if copy else ""


def with_foot(page: BenchPage, record: CaseRecord, printed_by: str) -> BenchPage:
    """The page with its foot."""
    printed = (f"Printed by {printed_by}.",) if printed_by else ()
    copy = record.copies.get(page.hearing_id)
    if copy is None:
        return msgspec.structs.replace(page, foot=(NO_COPY, *printed))
    changed = ", ".join(changed_blocks(copy.page, page)) or "nothing"
    day = weekday_words(local_day(copy.given_at, record.zone))
    given = f"Copy to defense {day} {time_words(copy.given_at, record.zone)}"
    foot = f"{given} ({TO[copy.given_to]}, {HOW[copy.how]}). Changed since: {changed}."
    return msgspec.structs.replace(page, foot=(foot, *printed), shown=shown_words(record, page.hearing_id))


def changed_blocks(kept: str, page: BenchPage) -> list[str]:
    """Blocks that print otherwise on ``page`` than in a kept page (canonical JSON); by their words."""
    before, now = json.loads(kept), msgspec.to_builtins(page, str_keys=True)
    if before.get("last_review") == NO_REVIEW_BEFORE:
        before["last_review"] = NO_REVIEW
    return [title for title, names in BLOCKS if any(_said(before.get(name)) != _said(now.get(name)) for name in names)]


def _said(part: Any) -> Any:
    """A part of a page without what is not printed; a field that says nothing is as if it were not there."""
    if isinstance(part, dict):
        kept = {name: _said(value) for name, value in part.items() if name not in NOT_PRINTED}
        return {name: value for name, value in kept.items() if value not in (None, "", [], False)}
    return [_said(one) for one in part] if isinstance(part, list | tuple) else part or None
