"""By when a month's reports are wanted: the day that the rules' own order of levels gives for each person.

The term `report.month_due` counts days after the month; an order, a court, a county or a program may set it
(docs/terms.md). Our packs hold it without a number, so where nobody set one the usual day counts. It is a reminder on
the program's own lists and no duty of the court, which has its own clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
import polars as pl
from sqlalchemy import String, cast, exists, or_, select
from sqlalchemy.orm import Session

from monitor.access.scope import trusted_sql
from monitor.compliance.columns import Asked
from monitor.compliance.ground import horizon
from monitor.compliance.orders import load_orders
from monitor.models import Enrollment, PolicyTerm, Requirement
from monitor.wording import count
from rules.evaluate import set_up
from rules.frames import FactFrames
from rules.pack_files import Packs

TERM: Final = "report.month_due"
HOME: Final = "ATTENDANCE_NOT_REPORTED"  # the rule in whose files the term stands
# Of the next month, as the monthly activity reports of Texas (TDCJ-CJAD BIPP) and county contracts there ask.
USUAL: Final = 10
SAID_BY: Final = {
    "order": "the court's order", "court_policy": "the court's own policy", "county_policy": "the county's policy",
    "local_policy": "local policy", "provider_policy": "your program's policy", "law": "the law",
}  # fmt: skip


A_YEAR: Final = 366


class DueDay(msgspec.Struct, frozen=True, order=True):
    """So many days after a month, and who says so; nobody: the usual day."""

    days: int = USUAL
    said_by: str = ""
    citation: str = ""

    def after(self, last: date) -> date:
        """The day itself, for the month that ends on ``last``."""
        return last + timedelta(days=min(self.days, A_YEAR))  # an order's own number may be any

    @property
    def source(self) -> str:
        """Who says so, as a sentence."""
        if not self.said_by:
            return (
                f"{self.days} days after the month are what monthly activity reports usually ask (Texas, TDCJ-CJAD"
                " BIPP); no order, court, county or written policy of yours on record says another day."
            )
        return f"{count(self.days, 'day')} after the month: set by {self.said_by} ({self.citation})."


NOBODY_SAID: Final = DueDay()
DueDays = Mapping[tuple[int, date], DueDay]


def due_days(
    session: Session, places: Iterable[int], months: Iterable[date], packs: Packs, now: datetime
) -> DueDays:
    """By place and first day of a month: where another day than the usual one counts, the strictest of the orders."""
    with trusted_sql("by when reports of the program's own people are wanted"):
        rows = session.execute(
            select(Enrollment.id, Enrollment.case_id, Enrollment.program_id).where(Enrollment.id.in_(list(places)))
        ).all()
        cases = sorted({row.case_id for row in rows})
        if not (_in_packs(packs) or _on_record(session, cases)):
            return {}
        orders = load_orders(session, Asked(cases, now))
    found: dict[tuple[int, date], DueDay] = {}
    for program in {row.program_id for row in rows}:
        said = _said(orders, program, packs, now)
        for row in (one for one in rows if one.program_id == program):
            own = said.filter(pl.col("person") == row.case_id)
            found |= {(row.id, month): day for month in months if (day := _in_force(own, month))}
    return found


def _in_packs(packs: Packs) -> bool:
    return any(TERM in rule.terms and rule.terms[TERM].values for own in packs.rules.values() for rule in own)


def _on_record(session: Session, cases: Iterable[int]) -> bool:
    """Whether any policy, or an order of these cases, sets the term: mostly none does, and nothing more is read."""
    policy = exists().where(PolicyTerm.term == TERM)
    order = exists().where(Requirement.case_id.in_(list(cases)), cast(Requirement.terms, String).contains(TERM))
    return bool(session.scalar(select(or_(policy, order))))


def _said(orders: Mapping[str, pl.DataFrame], program: int, packs: Packs, now: datetime) -> pl.DataFrame:
    """What decides the term of each order, by days: person, n, from_day, to_day, basis, cite. Another program's policy
    is none of this one's business."""
    terms = orders["terms"].filter((pl.col("source") != "provider_policy") | (pl.col("program") == program))
    facts = FactFrames.of({**orders, "terms": terms})
    scene, _ = set_up(facts, packs, now, horizon(now), (HOME,))
    values = pl.concat([duty.of(TERM) for duty in scene.duties]).drop_nulls("n").filter(pl.col("n") > 0)
    people = facts.orders.select("order", "person").unique()
    cites = scene.cites.select("vid", "cite", said_by="basis")
    return values.join(people, on="order").join(cites, on="vid").sort("n", "said_by", "cite")


def _in_force(said: pl.DataFrame, month: date) -> DueDay | None:
    day = (month - date(1970, 1, 1)).days
    rows = said.filter((pl.col("from_day") <= day) & (pl.col("to_day") > day))
    if rows.is_empty():
        return None
    first = rows.row(0, named=True)
    return DueDay(first["n"], SAID_BY.get(first["said_by"], "local policy"), first["cite"] or "")
