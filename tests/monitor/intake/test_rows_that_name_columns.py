"""Which rows make a header together: days below a month, days above the names, tags, two names over one another."""

from __future__ import annotations

import pytest

from monitor.intake.cells.headers import (
    OVER,
    find_header,
    is_tagged,
    is_weekday,
    labels_of,
    read_columns,
    second_row,
    under_tags,
    upper_row,
)
from tests.monitor.intake.sample_county import TODAY

NAMES = ["Name", "Case #"]


@pytest.mark.parametrize(("rows", "made"), [
    ([[*NAMES, "November", ""], ["", "", "9", "16"]], [*NAMES, "9", "16"]),
    ([[*NAMES, "November"], ["", "", "9", "16"]], [*NAMES, "9", "16"]),
    ([[*NAMES, "November", "", "Notes"], ["", "", "9", "16"]], [*NAMES, "9", "16", "Notes"]),
    ([[*NAMES, "November"]], None), ([[*NAMES, "November"], ["", "", "9"]], None),
    ([[*NAMES, "November", ""], ["x", "", "9", "16"]], None),
    ([[*NAMES, "November", ""], ["", "25-CR-1", "9", "16"]], None),
    ([[*NAMES, "11/2/2026", "11/9/2026"], ["", "", "11/2/2026", "3"]], [*NAMES, "11/2/2026", "11/9/2026"]),
    ([[*NAMES, "11/2/2026", "11/9/2026"], ["", "", "11/3/2026", ""]],
     [*NAMES, f"11/2/2026{OVER}11/3/2026", "11/9/2026"]),
    ([[*NAMES, "11/2/2026", "11/2/2026", "11/9/2026", "11/9/2026"], ["", "", "Att", "Paid", "Att", "Paid"]],
     [*NAMES, "11/2/2026", "11/2/2026 Paid", "11/9/2026", "11/9/2026 Paid"]),
    ([[*NAMES, "11/2/2026", "11/9/2026"], ["", "", "Att", "Att"]], None),
])  # fmt: skip
def test_the_row_below_holds_the_days_or_it_is_somebodys_line(rows, made):
    assert second_row(rows, 0, TODAY) == made


@pytest.mark.parametrize(("above", "names", "made"), [
    (["", "", "11/2", "11/9"], [*NAMES, "", ""], [*NAMES, "11/2", "11/9"]),
    (["", "", "11/2", "11/9"], NAMES, [*NAMES, "11/2", "11/9"]),
    (["", "", "11/2", "11/9"], [*NAMES, "Mon", "Mon"], [*NAMES, "11/2", "11/9"]),
    (["", "", "11/2"], [*NAMES, ""], None), (["", "", "11/2", "11/9"], [*NAMES, "x", ""], None),
    (["", "", "11/2", "11/9"], [*NAMES, "11/2", "11/9"], None),
    (["", "", "11/2", "11/2", "11/9", "11/9"], [*NAMES, "Att", "Paid", "Att", "Paid"],
     [*NAMES, "11/2", "11/2 Paid", "11/9", "11/9 Paid"]),
    (["", "", "11/2", "11/9"], [*NAMES, "Att", "Att"], [*NAMES, "11/2", "11/9"]),
])  # fmt: skip
def test_the_row_above_holds_the_days_over_names_without_one(above, names, made):
    assert upper_row([above, names], 1, TODAY) == made
    assert upper_row([names, above], 0, TODAY) is None, "nothing stands above the first row"


def test_tags_say_themselves_what_each_column_is_and_take_the_days_above():
    tags = ["#person+id", "#status", "#status"]
    assert under_tags([["ID", "11/2", "11/9"], tags], 1, TODAY) == ["#person+id", "11/2", "11/9"]
    assert under_tags([tags], 0, TODAY) == tags
    assert [is_tagged(row) for row in (tags, ["#status"], ["#status", "x"], ["", "#date", "#status"], [])] == [
        True, False, False, True, False]  # fmt: skip


def test_the_header_is_among_the_first_fifteen_rows():
    filler = [["x", "y"]] * 14
    assert find_header([*filler, [*NAMES, "Date"]], TODAY) == 14
    assert find_header([*filler, ["x"], [*NAMES, "Date"]], TODAY) is None
    assert find_header([["Name"], ["x", "y"]], TODAY) is None, "one cell names no table"
    assert find_header([["Present", "Excused", "Missed"], [*NAMES, "11/2"]], TODAY) == 1


@pytest.mark.parametrize(("text", "is_one"), [
    ("Mon", True), ("Monday", True), ("lun.", True), ("Tues", True), ("M", False), ("", False),
])  # fmt: skip
def test_what_is_called_a_weekday(text, is_one):
    assert is_weekday(text) is is_one


def test_two_columns_of_one_name_are_told_apart_by_their_letters():
    assert labels_of(["Name", "Date", "", "date ", "x", "x"]) == [
        "Name", "Date (column B)", "", "date  (column D)", "x", "x"]  # fmt: skip


@pytest.mark.parametrize(("header", "fields", "sessions", "notes"), [
    ([*NAMES, "11/2", "11/9"], {"name": 0, "case_number": 1}, [2, 3], []),
    ([*NAMES, "Week", "1", "2"], {"name": 0, "case_number": 1, "session_number": 2}, [3, 4], []),
    ([*NAMES, "Mon 2", "Mon 9"], {"name": 0, "case_number": 1}, [2, 3], []),
    ([*NAMES, "Mon 2", "Mon 10"], {"name": 0, "case_number": 1}, [],
     [("W-COLUMN-UNKNOWN", "Mon 2"), ("W-COLUMN-UNKNOWN", "Mon 10")]),
    ([*NAMES, "Mon 9", "Mon 2"], {"name": 0, "case_number": 1}, [],
     [("W-COLUMN-UNKNOWN", "Mon 9"), ("W-COLUMN-UNKNOWN", "Mon 2")]),
    ([*NAMES, "Status", "Mon 2", "Mon 9"], {"name": 0, "case_number": 1, "status": 2}, [],
     [("W-COLUMN-UNKNOWN", "Mon 2"), ("W-COLUMN-UNKNOWN", "Mon 9")]),
    (["Name", "Client", "Phone", "Weird", "_code"], {"name": 0}, [],
     [("H-DUPLICATE", "Client"), ("I-COLUMN-IGNORED", "Phone"), ("W-COLUMN-UNKNOWN", "Weird")]),
])  # fmt: skip
def test_what_each_column_is_read_as(header, fields, sessions, notes):
    columns = read_columns(header, TODAY, {})
    assert (columns.fields, [one.index for one in columns.sessions], list(columns.notes)) == (fields, sessions, notes)
    assert columns.twice == ({"name"} if "Client" in header else frozenset())


def test_a_person_says_what_a_column_is():
    columns = read_columns(["Wer", "11/9", "Was"], TODAY, {"wer": "name", "11/9": "note", "was": "status"})
    assert (columns.fields, columns.sessions) == ({"name": 0, "note": 1, "status": 2}, ())
