"""Keys of names that were written before a letter was folded, written anew: what look-ups by name go by."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from monitor.models import Person
from monitor.names import LETTERS, column_key

AT_ONCE = 2_000


def fold_again(session: Session) -> int:
    """Of some people whose key holds a letter that is folded now, the key as it is; how many. Nothing else changes."""
    old = or_(*(Person.name_key.contains(chr(letter)) for letter in LETTERS))
    found = session.scalars(select(Person).where(old).order_by(Person.id).limit(AT_ONCE)).all()
    for person in found:
        person.name_key = column_key(person.given_name, person.family_name)
    return len(found)
