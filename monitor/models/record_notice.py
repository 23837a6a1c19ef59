"""That a record exists somewhere, who keeps it, and by what right that is said: no name and nothing of what it says.

No word about anybody's body has a place here (safeguards A8, C10).
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to

BASES = ("AUTHORIZATION", "LAW", "COURT_ORDER")


class RecordNotice(HasId, OwnedByAgency, Base):
    """One notice; whoever sent it never reads it again. ``number``: of the police, None: there is none.

    Which case it is about is looked up by that number when it is read, and is kept nowhere: whoever sends it does not
    learn whether there is one. ``told``: the person concerned was told. ``receipt`` says nothing and counts nothing.
    """

    __tablename__ = "record_notice"
    __table_args__ = (CheckConstraint(f"basis in {BASES}", name="basis"),)

    number: Mapped[str | None] = mapped_column(String(24), index=True)
    custodian_id: Mapped[int] = mapped_column(BigId, refers_to("agency.id"))
    basis: Mapped[str] = mapped_column(String(13))
    told: Mapped[bool]
    noticed_on: Mapped[date]
    receipt: Mapped[str] = mapped_column(String(16), unique=True)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int] = mapped_column(BigId, refers_to("app_user.id"))
