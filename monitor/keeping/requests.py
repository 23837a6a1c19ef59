"""What requests for a second person still say of a case that leaves: the asker's words, and whose wall it was."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from monitor.access.second_person import words_of
from monitor.keeping.case_rows import last_of
from monitor.models import ApprovalRequest, Case, Removal, Wall

REMOVE_WALL = "wall.remove"


def requests_about(session: Session, subject: Case | Removal, acts: Collection[str], secret: str) -> frozenset[int]:
    """Ids of requests that go with ``subject``; asked while its rows are there.

    Those of ``acts`` about it; where it is the person's last case, all that are about the person or their walls; and
    any whose words have the number of the case (a reason to take lists out may). Other words are not recognised.
    """
    of_act = ApprovalRequest.act.in_(acts), ApprovalRequest.subject_id == subject.id
    found = set(session.scalars(select(ApprovalRequest.id).where(*of_act)))
    if isinstance(subject, Case):
        of_person = _of_person(session, subject) if last_of(session, subject) else frozenset()
        number = subject.number.casefold()
        worded = session.scalars(select(ApprovalRequest).where(ApprovalRequest.sealed_why != b""))
        found |= {row.id for row in worded if row.id in of_person or number in words_of(row, secret).casefold()}
    return frozenset(found)


def _of_person(session: Session, case: Case) -> frozenset[int]:
    walls = set(session.scalars(select(Wall.id).where(Wall.person_id == case.person_id)))
    rows = session.execute(select(ApprovalRequest.id, ApprovalRequest.act, ApprovalRequest.subject_id,
                                  ApprovalRequest.detail))  # fmt: skip
    return frozenset(
        row.id for row in rows
        if row.detail.get("person") == case.person_id or (row.act == REMOVE_WALL and row.subject_id in walls)
    )  # fmt: skip


def forget_requests(session: Session, requests: Iterable[int], now: datetime) -> None:
    """Empty them, and end them: what was approved once is not approved again. That they were, stays."""
    which = update(ApprovalRequest).where(ApprovalRequest.id.in_(list(requests)))
    session.execute(which.values(sealed_why=b"", until_at=now, detail={}))
