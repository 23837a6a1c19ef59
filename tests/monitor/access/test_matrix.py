"""The access matrix reads back as it was decided, cell by cell, and nobody's reach goes beyond it."""

from __future__ import annotations

import pytest

from monitor.access.matrix import BEFORE_THE_COURT, CLASS_OF, MATRIX, Seen, cell, class_of, hidden
from monitor.access.reach import READS, entity_of
from monitor.access.roles import Role
from monitor.access.scope import Reach
from monitor.models import Base

# as decided: ADV 911 LE PROS V/W CRT PO BIP MED; then coordinator, privacy officer, administrator
DECIDED = """
1 | r  | R   | R   | R | R | C R | C R | r   | – | – | – | –
2 | r  | R   | C R | R | R | C R | R   | r   | – | – | – | –
3 | –  | M   | R   | R | R | C R | R   | –   | – | – | – | –
4 | –  | –   | –   | – | – | –   | –   | –   | – | – | – | –
5 | r  | –   | –   | R | r | R   | R   | C R | – | – | – | –
6 | –  | –   | –   | r | – | R   | R   | C R | – | – | – | –
7 | –  | –   | –   | r | – | r   | C R | –   | – | – | – | –
8 | –  | –   | –   | r | – | R   | C R | –   | – | – | – | –
9 | –  | r   | r   | R | R | R   | C R | r   | – | – | – | –
10 | – | C r | C R | R | R | r   | R   | –   | – | – | – | –
11 | – | –   | –   | r | r | –   | C R | C r | – | – | – | –
12 | r | r   | r   | R | R | C R | R   | r   | – | – | – | –
13 | r | r   | r   | R | R | C R | R   | r   | – | – | – | –
14 | C r | – | –  | – | – | –   | r   | –   | – | – | – | –
15 | – | –   | r   | R | r | –   | –   | –   | C | – | – | –
16 | – | –   | –   | – | – | –   | C   | C   | – | – | – | –
17 | r* | r* | r* | r* | r* | r* | r* | r* | r* | r* | R | r*
"""
COLUMNS = (
    "advocate", "dispatch", "law_enforcement", "prosecutor", "victim_witness", "judge clerk",
    "officer officer_supervisor", "program", "medical", "coordinator", "privacy_officer", "administrator",
)  # fmt: skip
CELLS = [
    (seen, Role(role), words.replace(" ", ""))
    for seen, line in zip(Seen, DECIDED.strip().splitlines(), strict=True)
    for roles, words in zip(COLUMNS, line.split("|")[1:], strict=True)
    for role in roles.split()
]


@pytest.mark.parametrize("seen", list(Seen))
def test_the_matrix_says_cell_by_cell_what_was_decided(seen):
    decided = {role: words for each, role, words in CELLS if each is seen}
    assert {role: cell(seen, role) for role in Role} == decided


def test_there_are_seventeen_classes_and_every_role_has_a_cell_in_each():
    assert len(MATRIX) == len(Seen) == 17
    assert all(set(cells) == set(Role) for cells in MATRIX.values())


def test_every_table_belongs_to_a_class_or_is_about_no_case():
    tables = set(Base.metadata.tables)
    assert tables <= set(CLASS_OF), f"Give {tables - set(CLASS_OF)} a class in monitor/access/matrix.py."


@pytest.mark.parametrize("role", list(Role))
def test_nobody_reads_a_table_of_a_class_that_the_matrix_hides(role):
    beyond = {
        entity.__tablename__: seen
        for entity, reach in READS[role].items()
        if (seen := class_of(entity.__tablename__, reach)) is not None and hidden(seen, role)
    }
    assert not beyond


def test_a_flag_that_was_filed_is_the_hearing_s_and_nothing_else_changes_its_class():
    for reach in BEFORE_THE_COURT:
        assert class_of("flag", reach) is Seen.HEARINGS
        assert {table: class_of(table, reach) for table in ("contact", "attendance", "drug_test")} == {
            table: class_of(table) for table in ("contact", "attendance", "drug_test")
        }
    assert class_of("flag") is class_of("flag", Reach.SHARED) is Seen.FLAGS


def test_what_is_about_a_case_has_a_class():
    """A table with a case in it cannot be called a reference, unless it only wakes the evaluator."""
    for table, seen in CLASS_OF.items():
        entity = entity_of(table)
        if seen is None and entity is not None and table != "dirty":
            assert "case_id" not in entity.__table__.columns, table


def test_nobody_at_all_has_the_protected_party_s_whereabouts():
    assert all(hidden(Seen.PROTECTED_CONTACT, role) for role in Role)
    assert Seen.PROTECTED_CONTACT not in CLASS_OF.values()
