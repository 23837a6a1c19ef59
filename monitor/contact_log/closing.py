"""Which duty a contact answers: the rules asked about this case before and after, and only those that read contacts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import msgspec
import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance.ground import horizon
from monitor.compliance.loading import load_facts
from monitor.flag_review.words import to_do
from monitor.models import Span
from monitor.wording import short_day
from rules.evaluate import evaluate
from rules.pack_files import Packs

READ_HERE: Final = frozenset({"contacts", "check_ins"})


class Due(msgspec.Struct, frozen=True, order=True):
    """A duty that a contact would answer. ``on``: its last day; from the day after a flag stands."""

    on: date
    code: str
    owner: str

    @property
    def title(self) -> str:
        """What is to be done, in words."""
        return to_do(self.code)


class Answered(msgspec.Struct, frozen=True):
    """What a contact closed, and when each such duty falls due next."""

    closed: tuple[Due, ...]
    ahead: tuple[Due, ...]

    @property
    def sentence(self) -> str:
        """Officer's contact due Nov 20 is answered. Next: Officer's contact by Dec 20."""
        said = [f"{one.title} due {short_day(one.on)} is answered." for one in self.closed]
        said += [f"Next: {one.title} by {short_day(one.on)}." for one in self.ahead]
        return " ".join(said) or "It answers no duty that is due."


def codes_read_here(packs: Packs) -> frozenset[str]:
    """The codes of duties that read contacts or check-ins."""
    return frozenset(code for code, duty in packs.duties.items() if READ_HERE & set(duty.reads))


def _only_these(packs: Packs) -> Packs:
    codes = codes_read_here(packs)
    rules = {name: [rule for rule in each if rule.code in codes] for name, each in packs.rules.items()}
    return replace(packs, rules=rules)


def due(session: Session, packs: Packs, case_id: int) -> tuple[Due, ...]:
    """What is overdue or falls due, as the last evaluation foresaw it; the earliest first."""
    kept = select(Span.due_on, Span.code, Span.owner, Span.starts_at, Span.ends_at).where(
        Span.case_id == case_id, Span.known_until.is_(None), Span.certainty == "CERTAIN", Span.due_on.is_not(None),
        Span.code.in_(codes_read_here(packs)),
    )  # fmt: skip
    return tuple(sorted({Due(row.due_on, row.code, row.owner) for row in session.execute(kept)}))


def due_now(session: Session, packs: Packs, case_id: int, now: datetime) -> tuple[Due, ...]:
    """The same by asking the rules about this case as it stands now, what was just written included."""
    facts = load_facts(session, [case_id])
    spans = evaluate(facts, _only_these(packs), now.astimezone(UTC), horizon=horizon(now), signed=False)
    open_ends = pl.col("ends_at").is_null() | (pl.col("ends_at") > pl.lit(now.astimezone(UTC)))
    sure = (pl.col("certainty").cast(pl.String) == "CERTAIN") & pl.col("due_on").is_not_null() & open_ends
    return tuple(sorted(set(_dues(spans.filter(sure)))))


def _dues(spans: pl.DataFrame) -> Iterator[Due]:
    for on, code, owner in spans.select("due_on", "code", "owner").iter_rows():
        yield Due(on, code, owner)


def answered(before: tuple[Due, ...], after: tuple[Due, ...], today: date) -> Answered:
    """What stands no more, and the next day of the duties that it belonged to."""
    closed = tuple(sorted(set(before) - set(after)))
    codes = {one.code for one in closed}
    ahead: dict[str, Due] = {}
    for one in after:
        if one.code in codes and one.on >= today:
            ahead.setdefault(one.code, one)
    return Answered(_first_of_each(closed), tuple(ahead.values()))


def _first_of_each(closed: tuple[Due, ...]) -> tuple[Due, ...]:
    """A duty that comes again and again moves as a whole; its first day is what was answered."""
    first: dict[str, Due] = {}
    for one in closed:
        first.setdefault(one.code, one)
    return tuple(first.values())
