"""Toward what each contact counts, by what the rules said; a contact that counts toward nothing says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from sqlalchemy import select

from monitor.access.scope import ScopedSession
from monitor.flag_review.rows import why_words
from monitor.flag_review.words import to_do
from monitor.models import Span

NOT_MADE = {
    "ATTEMPTED": "Not counted: an attempt is not a contact.", "SCHEDULED": "Not counted: it has not taken place.",
    "CANCELLED": "Not counted: it was cancelled.",
}  # fmt: skip


class Counting(msgspec.Struct, frozen=True):
    """By id of a contact: the duties that it counts toward, and why it does not count."""

    duties: Mapping[int, tuple[str, ...]]
    against: Mapping[int, str]
    any_duty: bool

    def words(self, contact_id: int, state: str | None) -> str:
        """Counts toward: Home contact."""
        if named := self.duties.get(contact_id):
            return f"Counts toward: {', '.join(named)}."
        if state in NOT_MADE:
            return NOT_MADE[state]
        if why := self.against.get(contact_id):
            return f"Shown, not counted: {why}."
        if not self.any_duty:
            return "Shown, not counted: no duty here asks for contacts."
        return ""


def counting(session: ScopedSession, case_id: int, codes: Iterable[str]) -> Counting:
    """What the current spans of these codes say of their rows."""
    here = select(Span.code, Span.content).where(
        Span.case_id == case_id, Span.known_until.is_(None), Span.code.in_(sorted(codes))
    )
    duties: dict[int, dict[str, None]] = {}
    against: dict[int, str] = {}
    rows = session.execute(here).all()
    for code, content in rows:
        for row in content.get("evidence", ()):
            duties.setdefault(int(row), {})[to_do(code)] = None
        for row, why in zip(content.get("counter", ()), content.get("counter_why", ()), strict=False):
            against[int(row)] = why_words(why)
    return Counting({row: tuple(names) for row, names in duties.items()}, against, bool(rows))
