"""Toward what each contact counts, by what the rules said; a contact that counts toward nothing says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.contact_log.kinds_asked import Asked, kinds_asked
from monitor.current import current
from monitor.flag_review.rows import why_words
from monitor.flag_review.words import to_do
from monitor.models import Expectation, Span
from rules.pack_files import Packs

NOT_MADE = {
    "ATTEMPTED": "Not counted: an attempt is not a contact.", "SCHEDULED": "Not counted: it has not taken place.",
    "CANCELLED": "Not counted: it was cancelled.",
}  # fmt: skip
CHECKED_IN = "CHECKIN_MISSED"


class Counting(msgspec.Struct, frozen=True):
    """By id of a contact: the duties that it counts toward, and why it does not count.

    ``asked``: what kind of contact the duties on record here ask for. ``check_ins``: whether one asks for check-ins.
    """

    duties: Mapping[int, tuple[str, ...]]
    against: Mapping[int, str]
    asked: tuple[Asked, ...]
    check_ins: bool

    def words(self, row: Any) -> str:
        """Of a contact: of the kind that a duty asks for, or what each duty asks for instead."""
        if said := self._said(row.id):
            return said
        if fit := [to_do(one.code) for one in self.asked if one.fits(row)]:
            return f"Of the kind that counts toward: {', '.join(fit)}."
        if row.state in NOT_MADE:
            return NOT_MADE[row.state]
        if not self.asked:
            return "Shown, not counted: no duty here asks for contacts."
        return f"Shown, not counted: {'; '.join(one.lack(row) for one in self.asked)}."

    def words_of_check_in(self, row_id: int) -> str:
        """Of a check-in: it counts where the order set days for it."""
        if said := self._said(row_id):
            return said
        if self.check_ins:
            return f"Of the kind that counts toward: {to_do(CHECKED_IN)}."
        return "Shown, not counted: no duty here asks for check-ins."

    def _said(self, row_id: int) -> str:
        if named := self.duties.get(row_id):
            return f"Counts toward: {', '.join(named)}."
        why = self.against.get(row_id)
        return f"Shown, not counted: {why}." if why else ""


def counting(session: ScopedSession, case_id: int, packs: Packs, codes: Iterable[str]) -> Counting:
    """What the current spans of these codes say of their rows, and what their rules ask for."""
    here = select(Span.code, Span.content).where(
        Span.case_id == case_id, Span.known_until.is_(None), Span.code.in_(sorted(codes))
    )
    duties: dict[int, dict[str, None]] = {}
    against: dict[int, str] = {}
    rows = session.execute(here).all()
    for code, content in rows:
        for row in content.get("evidence") or ():
            duties.setdefault(int(row), {})[to_do(code)] = None
        for row, why in zip(content.get("counter") or (), content.get("counter_why") or (), strict=False):
            against[int(row)] = why_words(why)
    asked = kinds_asked(packs, (content["rule"] for _, content in rows if content.get("rule")))
    named = {row: tuple(names) for row, names in duties.items()}
    return Counting(named, against, asked, any(code == CHECKED_IN for code, _ in rows) or _days_set(session, case_id))


def _days_set(session: ScopedSession, case_id: int) -> bool:
    """Whether days to check in are set: the person's page counts by them, whether or not a rule asks."""
    told = select(Expectation.id).where(Expectation.case_id == case_id, Expectation.kind == "check_in")
    return session.scalar(told.where(current(Expectation)).limit(1)) is not None
