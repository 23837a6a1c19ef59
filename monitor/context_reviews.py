"""Whose violence is this order about? A question for prosecutors and supervising officers only (safeguards G4, G5).

Parties reversed in two cases raise it by themselves; either of the two may set it by hand. Until it is done, nothing
suggests a response in the case: an officer reads there that the matrix gives no range, as where a menu is empty, and
never why. Nobody else sees the question, and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.identity import Identity
from monitor.access.scope import trusted_sql
from monitor.access.scoped_session import ScopedSession
from monitor.models import Agency, Case, CaseAgency, ContextReview, Court, Person
from monitor.models.base import random_id
from monitor.names import Key, last_first
from monitor.party_names import Parties
from monitor.sealing import SealingKeys, seal, sealing_keys, unseal

ASKED = ("prosecution", "probation")
KINDS = {"MIRROR": "The parties are reversed in another case", "MARK": "Possible victim-defendant"}


class ContextLine(msgspec.Struct, frozen=True):
    """One open question. ``ours``: this agency's own to close."""

    id: int
    number: str
    name: str
    kind: str
    words: str
    raised_at: datetime
    ours: bool


def raise_mirrors(session: Session, parties: Iterable[Parties], secret: str, now: datetime) -> int:
    """Ask about every pair of cases whose parties are reversed; how many questions are new. Asked once for a pair."""
    orders = [one for one in parties if one.protected]
    reversed_in = _reversed(orders)
    asked = {(row.case_id, row.agency_id, _opened(row, secret)) for row in _every(session, "MIRROR")}
    busy = {(row.case_id, row.agency_id) for row in _every(session, "MIRROR") if row.done_at is None}
    new = 0
    for one in orders:
        for other in reversed_in(one):
            for agency in _asked(session, one.case_id):
                key = one.case_id, agency, str(other.case_id)
                if other.person_id != one.person_id and key not in asked and key[:2] not in busy:
                    _add(session, one.case_id, agency, "MIRROR", key[2], None, secret, now)
                    asked.add(key)
                    busy.add(key[:2])
                    new += 1
    return new


def _reversed(orders: list[Parties]) -> Callable[[Parties], list[Parties]]:
    """Finds the orders whose parties may be those of another one, reversed: each bears a key of both names."""
    by_respondent: dict[Key, list[int]] = {}
    for number, one in enumerate(orders):
        for key in one.respondent:
            by_respondent.setdefault(key, []).append(number)

    def found(one: Parties) -> list[Parties]:
        numbers = {number for key in one.protected for number in by_respondent.get(key, ())}
        return [orders[number] for number in sorted(numbers) if orders[number].protected & one.respondent]

    return found


def cases_of(session: ScopedSession, number: str, court: str) -> Sequence[int]:
    """The case of that number, of ``court`` (its code) where one is given: two where several courts have one."""
    asked = select(Case.id).where(Case.number == number.strip())
    if court:
        asked = asked.join(Court, Court.id == Case.court_id).where(Court.code == court)
    return session.scalars(asked.limit(2)).all()


def mark(session: ScopedSession, who: Identity, case: int, words: str, secret: str, now: datetime) -> int:
    """Mark a case by hand; the mark's id."""
    stands = select(ContextReview.id).where(
        ContextReview.case_id == case, ContextReview.kind == "MARK", ContextReview.done_at.is_(None),
        ContextReview.agency_id == who.agency_id,
    )  # fmt: skip
    return session.scalar(stands) or _add(session, case, who.agency_id, "MARK", words, who.user_id, secret, now)


def done(session: ScopedSession, who: Identity, review_id: int, now: datetime) -> bool:
    """Close a question of one's own agency. False: there is none such for this person."""
    row = session.get(ContextReview, review_id)
    if row is None or row.agency_id != who.agency_id or row.done_at is not None:
        return False
    row.done_at, row.done_by_id = now, who.user_id
    return True


def open_questions(session: ScopedSession, agency_id: int, secret: str) -> list[ContextLine]:
    """Open questions of cases that are there for the reader, newest first."""
    found = session.execute(
        select(ContextReview, Case.number, Person.family_name, Person.given_name)
        .join(Case, Case.id == ContextReview.case_id).join(Person, Person.id == Case.person_id)
        .where(ContextReview.done_at.is_(None)).order_by(ContextReview.raised_at.desc(), ContextReview.id)
    ).all()  # fmt: skip
    return [
        ContextLine(row.id, number, last_first(family, given), KINDS[row.kind],
                    _opened(row, secret) if row.kind == "MARK" else "", row.raised_at, row.agency_id == agency_id)
        for row, number, family, given in found
    ]  # fmt: skip


def suggestions_off(session: Session, case_id: int) -> bool:
    """Whether responses may not be suggested in this case now. Whoever asks learns nothing else, and shows nothing."""
    with trusted_sql("whether responses are suggested at all"):
        waits = select(ContextReview.id).where(ContextReview.case_id == case_id, ContextReview.done_at.is_(None))
        return session.scalar(waits.limit(1)) is not None


def _every(session: Session, kind: str) -> list[ContextReview]:
    return list(session.scalars(select(ContextReview).where(ContextReview.kind == kind)))


def _asked(session: Session, case_id: int) -> list[int]:
    """Prosecutor's and probation agencies that share the case."""
    shares = select(CaseAgency.agency_id).join(Agency, Agency.id == CaseAgency.agency_id).where(
        CaseAgency.case_id == case_id, CaseAgency.until_on.is_(None), Agency.kind.in_(ASKED)
    )  # fmt: skip
    return sorted(session.scalars(shares))


def _add(
    session: Session, case_id: int, agency_id: int, kind: str, text: str, by: int | None, secret: str, now: datetime
) -> int:
    row = ContextReview(
        id=random_id(), case_id=case_id, agency_id=agency_id, kind=kind, raised_at=now, raised_by_id=by, sealed=b""
    )
    row.sealed = seal(_key(secret), text, _place(row.id))
    session.add(row)
    session.flush()
    return row.id


def _opened(row: ContextReview, secret: str) -> str:
    return unseal(_key(secret), row.sealed, _place(row.id))


def _key(secret: str) -> SealingKeys:
    return sealing_keys(secret, "context")


def _place(review_id: int) -> str:
    return f"context_review.sealed.{review_id}"
