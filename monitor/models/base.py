"""What every table shares: random ids, UTC instants, naming of constraints, and the two time axes of a fact."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Integer, MetaData, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import DateTime

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BigId = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB(), "postgresql")


class UtcInstant(TypeDecorator[datetime]):
    """An instant. Refuses naive values; always returns UTC. SQLite keeps it as naive UTC text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def random_id() -> int:
    """A random 63-bit id: gaps and order say nothing (safeguard B7), and Polars keys stay integers."""
    return secrets.randbits(63) or 1


def random_ids(count: int) -> list[int]:
    """So many of them at once."""
    return [number >> 1 or 1 for number in memoryview(secrets.token_bytes(8 * count)).cast("Q")]


def is_id(number: int) -> bool:
    """Whether a number can be an id at all: what a page's address says may be anything."""
    return 0 < number < 1 << 63


class Base(DeclarativeBase):
    """Root of the record. ``id`` is random, never counted up."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcInstant(),
        date: Date(),
        dict[str, Any]: Json,
        list[Any]: Json,
        str: String(),
    }


def refers_to(column: str) -> ForeignKey:
    """A foreign key checked when the transaction ends, so rows of one act may be added in any order."""
    return ForeignKey(column, deferrable=True, initially="DEFERRED")


class HasId:
    """A random primary key."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True, default=random_id, sort_order=-20)


class OwnedByAgency:
    """A row that belongs to the agency that wrote it."""

    @declared_attr
    def agency_id(cls) -> Mapped[int]:
        return mapped_column(BigId, refers_to("agency.id"), index=True, sort_order=-18)


class OfCase:
    """A row about one case; agencies that share the case may see it, as far as their role reaches."""

    @declared_attr
    def case_id(cls) -> Mapped[int]:
        return mapped_column(BigId, refers_to("court_case.id"), index=True, sort_order=-19)


class Fact(HasId, OfCase, OwnedByAgency):
    """What somebody recorded about the world. Never edited.

    World axis: the subclass's ``occurred_on`` or ``occurred_at``. Known axis: ``recorded_at``. A correction is a new
    row whose ``supersedes_id`` names the old one (at most one successor each); ``retracted`` marks a version that
    says "this should never have been recorded". ``reason`` is the person's own words for a correction.
    """

    recorded_at: Mapped[datetime] = mapped_column(index=True, sort_order=80)
    recorded_by_id: Mapped[int | None] = mapped_column(BigId, sort_order=81)
    retracted: Mapped[bool] = mapped_column(default=False, sort_order=83)
    reason: Mapped[str | None] = mapped_column(String(300), sort_order=84)

    @declared_attr
    def supersedes_id(cls) -> Mapped[int | None]:
        table = cls.__tablename__  # type: ignore[attr-defined]
        return mapped_column(BigId, refers_to(f"{table}.id"), unique=True, sort_order=82)
