"""A list of people out of a spreadsheet, line by line."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.access.roles import Role
from monitor.staff.wanted import lines_in

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize("between", ["\t", ",", ";", " , "])
def test_tabs_commas_and_semicolons_are_read_alike(between):
    line, = lines_in(between.join(["Ann Lee", "Ann.Lee@pine.example", "probation OFFICER", "pine"]), TODAY)
    assert (line.fault, line.person.name, line.person.email) == ("", "Ann Lee", "ann.lee@pine.example")
    assert (line.person.role, line.person.agency_code, line.person.ends_on) == (Role.OFFICER, "pine", None)


def test_a_head_and_empty_lines_are_passed_over_and_lines_are_counted_as_a_person_counts():
    told = "Name,E-mail,Role,Agency\n\nAnn Lee,ann@pine.example,officer,pine\n   \nBo,bo@pine.example,judge\n"
    first, second = lines_in(told, TODAY)
    assert (first.number, second.number) == (3, 5)
    assert "3 columns" in second.fault and "e-mail address, role" in second.fault


def test_a_name_with_a_comma_stands_in_quotes_and_the_last_day_is_the_fifth_column():
    line, = lines_in('"Lee, Ann",ann@pine.example,officer,pine,2026-09-01', TODAY)
    assert (line.person.name, line.person.ends_on) == ("Lee, Ann", date(2026, 9, 1))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",ann@pine.example,officer,pine", "Give the name"),
        ("Ann\u202eLee,ann@pine.example,officer,pine", "Give the name"),
        ("Ann Lee,ann@pine.example,boss,pine", "There is no role “boss”"),
        ("Ann Lee,ann@pine.example,officer,", "Give the code"),
        ("Ann Lee,ann@pine.example,officer,pine,9/1/2026", "year-month-day"),
        ("Ann Lee,ann@pine.example,officer,pine,2026-03-02", "lie ahead"),
    ],
)
def test_each_fault_says_what_to_mend(line, said):
    found, = lines_in(line, TODAY)
    assert found.person is None and said in found.fault


def test_of_two_lines_with_one_address_the_second_is_told_of_the_first():
    first, second = lines_in("Ann,a@pine.example,officer,pine\nAnne,A@pine.example,judge,court", TODAY)
    assert first.fault == "" and second.fault == "Line 1 has the same e-mail address."
