"""A case on the team's list: sealed, so that the tables say of nobody that they were on it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, HasId


class Consultation(HasId, Base):
    """One case of one meeting. Which case, which meeting and what was agreed are sealed under a key of its own.

    The key lies outside the database. No case, person, agency, author or instant stands in a column, and who brought
    the case stands nowhere at all (access matrix, derived views). ``purge_on``: the first day on which it is gone.
    """

    __tablename__ = "consultation"

    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    purge_on: Mapped[date] = mapped_column(index=True)
