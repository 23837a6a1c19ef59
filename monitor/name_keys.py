"""Keys of names that an earlier version wrote otherwise, or not at all, written anew: what look-ups by name go by."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from monitor.models import Person
from monitor.models.person import KEY_LETTERS
from monitor.names import LETTERS, SUFFIXES, UNTOLD, column_key, other_column_key

AT_ONCE = 2_000
BETWEEN_WORDS = " -\u2010\u2011\u2013\u2014\u00a0/.,0"  # what may stand between the words of a name; 0 stands for an O
MARKS = "\u02b9\u02bb\u02bd\u02be\u02bf"  # letters to a computer, and left out like apostrophes


def fold_again(session: Session) -> int:
    """Of some people whose keys are not those of their names now, the keys as they are; how many. Nothing else
    changes."""
    wrong = [one for one, _ in zip(_otherwise(session), range(AT_ONCE), strict=False)]
    for person in session.scalars(select(Person).where(Person.id.in_(wrong))):
        person.name_key = column_key(person.given_name, person.family_name)
        person.other_name_key = other_column_key(person.given_name, person.family_name)
    return len(wrong)


def _otherwise(session: Session) -> Iterator[int]:
    """A key with a letter that is folded now, or with FNU or Jr., which is left out; or a second one that is not of the
    name: while two versions work side by side, the older one enters and amends names and knows nothing of it."""
    letters = [Person.name_key.contains(chr(letter)) for letter in (*LETTERS, *map(ord, MARKS))]
    untold = [Person.name_key.like(way) for word in UNTOLD | SUFFIXES for way in (f"{word} %", f"% {word}")]
    several = [
        name.contains(between) for name in (Person.family_name, Person.given_name) for between in BETWEEN_WORDS
    ]
    rows = session.execute(
        select(Person.id, Person.given_name, Person.family_name, Person.name_key, Person.other_name_key)
        .where(or_(*letters, *untold, *several, Person.other_name_key.is_not(None))).order_by(Person.id)
    )
    for row in rows.yield_per(AT_ONCE):
        keys = column_key(row.given_name, row.family_name), other_column_key(row.given_name, row.family_name)
        if tuple(one and one[:KEY_LETTERS] for one in keys) != (row.name_key, row.other_name_key):
            yield row.id
