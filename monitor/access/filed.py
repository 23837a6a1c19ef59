"""Of flags, reviews and reports to the court, what is the court's to read: what a person reviewed and filed (F10)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, select

from monitor.models import Allegation, AllegationFlag, AllegationStep, Flag, Review

ALLEGED = (Allegation, AllegationFlag, AllegationStep)
# what of an allegation is the court's to read: never a draft, what a supervisor asked, nor what was dropped
BEFORE_THE_COURT = (
    "APPROVED", "NOTICED", "SERVED", "CONTESTED", "ANSWERED", "WITHDRAWN", "FOUND", "NOT_FOUND", "ADMITTED", "REOPENED",
)  # fmt: skip


def reviewed(entity: Any) -> Any:
    """The condition on rows of flags, reviews, allegations and their parts."""
    if entity in ALLEGED:
        return _filed(entity)
    parts = AllegationFlag.__table__
    if entity is Flag:  # what the rules take back by themselves stays until a person answers the report (F8)
        stands = Flag.id.in_(select(parts.c.flag_id).where(_still_there(parts)))
        return _without_report(Flag) | stands
    flags = Flag.__table__
    acted = select(flags.c.id).where(_without_report(flags.c))
    approved = select(parts.c.review_id).where(_still_there(parts))
    return Review.flag_id.in_(acted) | Review.id.in_(approved)


def _without_report(flag: Any) -> Any:
    """Flags that went to the court before reports were kept; one in a report is ACTED still when it ended (H3)."""
    return (flag.state == "ACTED") & flag.id.not_in(select(AllegationFlag.__table__.c.flag_id))


def _still_there(parts: Any) -> Any:
    """Of parts of reports, those that a supervisor approved and nobody withdrew, nor the court found not so (H3)."""
    table = AllegationStep.__table__
    approval, gone, back = (table.alias(name) for name in ("its_approval", "its_end", "taken_back"))
    approved = select(approval.c.allegation_id).where(approval.c.kind == "APPROVED")
    again = exists().where(
        back.c.allegation_id == gone.c.allegation_id, back.c.kind == "REOPENED", back.c.number > gone.c.number
    )
    ended = select(gone.c.allegation_id).where(gone.c.kind.in_(("WITHDRAWN", "NOT_FOUND")), ~again)
    return parts.c.allegation_id.in_(approved) & parts.c.allegation_id.not_in(ended)


def _filed(entity: Any) -> Any:
    """Of allegations, those that a supervisor approved, and of their steps those that are the court's to read."""
    steps = AllegationStep.__table__.alias("approval")
    approved = select(steps.c.allegation_id).where(steps.c.kind == "APPROVED")
    if entity is Allegation:
        return Allegation.id.in_(approved)
    filed = entity.allegation_id.in_(approved)
    return filed & AllegationStep.kind.in_(BEFORE_THE_COURT) if entity is AllegationStep else filed
