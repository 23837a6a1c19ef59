"""The person under order, and the name that an order protects. There is no victim record (safeguard A)."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import Dialect, LargeBinary, String, TypeDecorator, event
from sqlalchemy.orm import Mapped, mapped_column

from monitor.models.base import Base, HasId, OwnedByAgency
from monitor.names import column_key, last_first, other_column_key

KEY_LETTERS: Final = 170


def _key_as_entered(context: Any) -> str | None:
    told = context.get_current_parameters()
    return column_key(told["given_name"], told["family_name"])


def _other_as_entered(context: Any) -> str | None:
    told = context.get_current_parameters()
    return other_column_key(told["given_name"], told["family_name"])


class NameKey(TypeDecorator[str]):
    """A key of a name, cut to its column: 80 letters ß are 160 as they compare, and two names of them are too many.

    What is asked for is cut as well, so that who is kept so is found so.
    """

    impl = String(KEY_LETTERS)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """No longer than the column."""
        return value[:KEY_LETTERS] if value else value


class Person(HasId, OwnedByAgency, Base):
    """The one under order. ``language`` is the language needed in the room, an ISO 639 code, if not English.

    Somebody with one name has it as ``family_name``, and an empty ``given_name``.
    ``name_key`` is what look-ups by name go by (`monitor.names`), and ``other_name_key`` the one other form in which
    the name may be said (the first of two last names, a last name written as one word); they follow the name by
    themselves.
    """

    __tablename__ = "person"

    family_name: Mapped[str] = mapped_column(String(80), index=True)
    given_name: Mapped[str] = mapped_column(String(80))
    middle_name: Mapped[str | None] = mapped_column(String(80))
    suffix: Mapped[str | None] = mapped_column(String(10))
    name_key: Mapped[str | None] = mapped_column(NameKey, index=True, default=_key_as_entered)
    other_name_key: Mapped[str | None] = mapped_column(NameKey, index=True, default=_other_as_entered)
    born_on: Mapped[date]
    language: Mapped[str | None] = mapped_column(String(8))

    @property
    def listed_name(self) -> str:
        """Family name first, as dockets and rosters print it."""
        return last_first(self.family_name, self.given_name, self.middle_name, self.suffix)


def _key_as_changed(_mapper: Any, _connection: Any, person: Person) -> None:
    person.name_key = column_key(person.given_name, person.family_name)
    person.other_name_key = other_column_key(person.given_name, person.family_name)


event.listen(Person, "before_update", _key_as_changed)


class ProtectedParty(HasId, OwnedByAgency, Base):
    """A name on an order, sealed. No address, phone, statement or program involvement is ever stored."""

    __tablename__ = "protected_party"

    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
