"""Open questions of the rules then and now, by the same rules on the record as it stood and as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
import polars as pl
from sqlalchemy.orm import Session

from monitor.compliance.replay import evaluate_as_known
from monitor.compliance.spans import content_of
from monitor.flag_review.words import OWNERS, tell
from monitor.replay_page.page import Change, Question
from rules.evaluate import read_spans
from rules.pack_files import Packs


class Said(msgspec.Struct, frozen=True):
    """One flag as the rules tell it."""

    title: str
    sentence: str
    content: Mapping[str, Any]

    @property
    def is_certain(self) -> bool:
        """Whether it is a flag, or only may hold."""
        return self.content.get("certainty") != "UNVERIFIED"

    @property
    def first_on(self) -> date | None:
        """The day since which it holds."""
        told = self.content.get("first_on")
        return date.fromisoformat(str(told)) if told else None

    def rests_on(self, rows: Sequence[int]) -> bool:
        """Whether one of the rows was looked at."""
        looked = {*self.content.get("evidence", ()), *self.content.get("counter", ()), self.content.get("about")}
        return any(str(row) in looked for row in rows)


def said_at(
    session: Session, packs: Packs, case_id: int, known_at: datetime, *days: datetime
) -> list[dict[str, Said]]:
    """For each of ``days``: what the rules say holds then, on the record as it stood at ``known_at``, by key."""
    spans = evaluate_as_known(session, packs, known_at, [case_id])
    return [_by_key(read_spans(spans, at), at) for at in days]


def _by_key(spans: pl.DataFrame, at: datetime) -> dict[str, Said]:
    found: dict[str, Said] = {}
    for row, said in zip(spans.iter_rows(named=True), content_of(spans), strict=True):
        content = {**msgspec.json.decode(said), "count_every": None}  # its counts are brought to that day already
        told = tell(row["code"], content, at)
        owner = "system" if row["certainty"] == "CANNOT_EVALUATE" else row["owner"]
        found[row["key"]] = Said(f"{told.title} ({OWNERS[owner].lower()})", told.sentence, content)
    return found


def compared(then: Mapping[str, Said], about_then: Mapping[str, Said], today: Mapping[str, Said]) -> list[Question]:
    """Every flag of the three views; those that differ first."""
    found = []
    for key in sorted(then.keys() | about_then.keys() | today.keys()):
        views = [view.get(key) for view in (then, about_then, today)]
        title = next(one.title for one in views if one)
        found.append(Question(title, *(one.sentence if one else "" for one in views)))
    return sorted(found, key=lambda one: (one.then == one.about_then, one.title))


def differences(
    then: Mapping[str, Said], now: Mapping[str, Said], changes: Sequence[Change], at: datetime
) -> Iterator[Change]:
    """Flags that a later row withdrew, brought, or made say otherwise; each with the newest row that it looked at.

    What is not certain is no flag: it stands in the three views only.
    """
    sure = [{key: one for key, one in view.items() if one.is_certain} for view in (then, now)]
    for key in sorted(sure[0].keys() | sure[1].keys()):
        before, after = sure[0].get(key), sure[1].get(key)
        told = [one.sentence if one else "" for one in (before, after)]
        shown = after or before
        if told[0] == told[1] or shown is None:
            continue
        led = [one for one in changes if any(said and said.rests_on(one.rows) for said in (before, after))] or changes
        last = max(led, key=lambda one: one.known_at, default=None)
        how = "SAYS_OTHERWISE" if before and after else "WITHDRAWN" if before else "NEW"
        yield Change(
            how=how, what=shown.title, then=told[0] or "It did not hold.", now=told[1] or "It does not hold.",
            on=shown.first_on or at.date(), known_at=last.known_at if last else at,
            source=last.source if last else "", rows=(),
        )  # fmt: skip
