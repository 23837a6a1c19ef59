"""Keys of names are cut to their column: letters that are several as they compare make a key longer than the name."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from monitor.models import Person, random_id
from monitor.name_keys import fold_again
from monitor.names import column_key
from tests.office import open_office


@pytest.mark.parametrize("letter", ["ß", "\ufb03"])
def test_two_names_of_many_letters_are_kept_and_found(database, letter):
    given = family = letter * 80
    office = open_office(database)
    with database.system("test: a long name") as session, session.begin():
        someone = Person(id=random_id(), agency_id=office.town.office, family_name=family, given_name=given,
                         born_on=date(1990, 1, 2))  # fmt: skip
        session.add(someone)
        session.flush()
        someone.given_name = given[:-1]  # a change writes the keys anew
    with database.system("test: found", writes=False) as session:
        key = column_key(given[:-1], family)
        assert len(key) > 170
        found = session.scalars(select(Person).where(Person.name_key.in_([key]))).one()
        assert (found.id, len(found.name_key)) == (someone.id, 170)
    with database.system("test: the night") as session, session.begin():
        assert fold_again(session) == 0, "a key that was cut is no wrong key"
