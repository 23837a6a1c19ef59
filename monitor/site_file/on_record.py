"""What the record holds of a site, found by the names that its file uses; and how an entry of the file meets a row."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal, TypeVar

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.models import Agency, Base, County, Court, CourtHoliday, Group, Judge, PolicyTerm, Program

Row = TypeVar("Row", bound=Base)


class Step(msgspec.Struct, frozen=True):
    """One thing that the file asks for. A fault stops all of it: a file is laid whole, or not at all."""

    kind: Literal["new", "changed", "fault"]
    words: str


class OnRecord:
    """Rows of the site by their names; those that are laid join them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.agencies = {one.code: one for one in session.scalars(select(Agency))}
        self.counties = {f"{one.state} {one.name}": one for one in session.scalars(select(County))}
        self.courts = {one.code: one for one in session.scalars(select(Court).order_by(Court.code))}
        self.programs = {one.code: one for one in session.scalars(select(Program))}
        self.judges = {(one.court_id, one.name): one for one in session.scalars(select(Judge))}
        self.closed = {(one.court_id, one.closed_on): one for one in session.scalars(select(CourtHoliday))}
        self.groups = {(one.program_id, one.code): one for one in session.scalars(select(Group))}
        newest = select(PolicyTerm).order_by(PolicyTerm.recorded_at, PolicyTerm.id)
        self.policies = {policy_key(one): one for one in session.scalars(newest)}

    def meet(
        self, there: dict[Any, Row], key: Any, entity: type[Row], title: str, said: dict[str, Any],
        may_change: Collection[str] = ("name",), **only_new: Any,
    ) -> list[Step]:  # fmt: skip
        """A new row, or what differs from the one on record: changed where that rewrites no history, else a fault."""
        row = there.get(key)
        if row is None:
            row = there[key] = entity(**said, **only_new)
            self.session.add(row)
            self.session.flush()
            return [Step("new", title)]
        steps = []
        for field, value in said.items():
            old = getattr(row, field)
            if old == value:
                continue
            if field in may_change:
                setattr(row, field, value)
                steps.append(Step("changed", f"{title}: {_plain(field)} ({f'was {old}' if old else 'it had none'})"))
            else:
                steps.append(Step("fault", f"{title}: {_plain(field)} cannot become another one, for what is on record"
                                           f" rests on it. Give a new one a code of its own."))  # fmt: skip
        return steps


def policy_key(row: PolicyTerm) -> tuple[Any, ...]:
    """Whose, which term, from which day: of two of one key the one recorded later decides (docs/terms.md)."""
    return row.court_id, row.county_id, row.program_id, row.term, row.from_on


def _plain(field: str) -> str:
    return "account" if field == "user_id" else field.removesuffix("_id").replace("_", " ")
