"""Courts and the counties they belong to, their closed days, and judges."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, BigId, HasId, OwnedByAgency, refers_to


class County(HasId, Base):
    """A county, whose policy may set values for all its courts. ``state``: two letters, as names repeat."""

    __tablename__ = "county"
    __table_args__ = (UniqueConstraint("state", "name"),)

    state: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(60))


class Court(HasId, OwnedByAgency, Base):
    """One court calendar. ``code`` stands in URLs; ``pack`` names the jurisdiction's rules; ``zone`` its clock."""

    __tablename__ = "court"

    name: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    zone: Mapped[str] = mapped_column(String(40))
    pack: Mapped[str] = mapped_column(String(20))
    county_id: Mapped[int | None] = mapped_column(BigId, refers_to("county.id"))


class CourtHoliday(HasId, Base):
    """A day on which this court is closed, besides Saturdays and Sundays; known from ``recorded_at`` on."""

    __tablename__ = "court_holiday"
    __table_args__ = (UniqueConstraint("court_id", "closed_on"),)

    court_id: Mapped[int] = mapped_column(BigId, refers_to("court.id"), index=True)
    closed_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime]


class Judge(HasId, OwnedByAgency, Base):
    """A judge of a court; ``user_id`` where the judge has an account."""

    __tablename__ = "judge"

    court_id: Mapped[int] = mapped_column(BigId, refers_to("court.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(BigId, refers_to("app_user.id"))
    name: Mapped[str] = mapped_column(String(120))
