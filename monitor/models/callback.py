"""A partner agency's request for a call, which says nothing to anybody but the officer it is for."""

from __future__ import annotations

from datetime import date

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, HasId


class Callback(HasId, Base):
    """One request. Which case, which agency and by when are sealed under a key of its own, outside the database.

    No case, person, agency or officer stands in a column: who reads the tables learns that there is a request, and
    until when. ``purge_on``: the first day on which the row is gone (safeguards C3 to C5).
    """

    __tablename__ = "callback"

    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    purge_on: Mapped[date] = mapped_column(index=True)
