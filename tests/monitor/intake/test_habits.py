"""Further habits of real sheets, beyond the samples."""

from __future__ import annotations

import pytest

from monitor.intake.check import Check
from monitor.intake.examine import examine
from monitor.intake.reading.jail import read_file
from tests.monitor.intake.sample_county import desk


def checked(text: str, name: str = "a.csv") -> Check:
    return examine(read_file(text.encode(), name), desk(name)).check


def records(text: str) -> list[str]:
    return [" ".join(record) for record in checked(text).records]


def codes(check: Check) -> list[str]:
    return [message.code for message in (*check.messages, *check.questions, *check.errors)]


JAMES = '"Whitefeather, James",25-CR-001220'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Timestamp,Participant’s Name,Class Date,Attended (Y/N)\n11/10/2026 8:00,James Whitefeather,11/9/2026,Y\n",
            ["P1008 2026-11-09 P"],
        ),
        (
            "Last,First,DOB,11/9\nSmith,Robert,3/14/1985,P\nSmith,Robert,11/5/1992,U\n",
            ["P1001 2026-11-09 P", "P1004 2026-11-09 U"],
        ),
        ('ID,Week 1 (11/2),Week 2 (11/9)\nP1008,P,NS\n', ["P1008 2026-11-02 P", "P1008 2026-11-09 U"]),
        (
            f'Client,Case #,"Mon, Nov 2","Mon, Nov 9"\n{JAMES},P,L 5\n',
            ["P1008 2026-11-02 P", "P1008 2026-11-09 L"],
        ),
        (f"Name,Case #,Date,Status\n{JAMES},11/9/2026,P\nName,Case #,Date,Status\n{JAMES},11/16/2026,E\n",
         ["P1008 2026-11-09 P", "P1008 2026-11-16 E"]),
        (f"Name,Case #,11/9\n{JAMES},P\n\nP = present\nFacilitator signature: ____\n", ["P1008 2026-11-09 P"]),
        (
            f"Name,Case #,Date,Session,Status\n{JAMES},11/9/2026,7,P\n{JAMES},11/9/2026,8,U\n",
            ["P1008 2026-11-09 P", "P1008 2026-11-09 U"],
        ),
        (
            "Name,Case #,Date,Present,Excused,Unexcused\n"
            f"{JAMES},11/2/2026,x,,\n{JAMES},11/9/2026,,x,\n{JAMES},11/16/2026,,,1\n",
            ["P1008 2026-11-02 P", "P1008 2026-11-09 E", "P1008 2026-11-16 U"],
        ),
        (
            "Nombre;Caso;Fecha;Asistencia\nWhitefeather, James;25-CR-001220;16 nov 2026;Ausente\n",
            ["P1008 2026-11-16 ABS"],
        ),
    ],
)  # fmt: skip
def test_a_habit_is_read_as_it_is_meant(text: str, expected: list[str]) -> None:
    assert records(text) == expected


def test_two_columns_for_the_same_thing_are_not_chosen_between() -> None:
    check = checked(f"Name,Case #,Date,Status,Outcome\n{JAMES},11/9/2026,P,U\n")
    assert (check.usable, check.new) == (False, 0)
    assert "H-TWO-COLUMNS" in codes(check)


def test_two_ticks_in_one_row_are_not_understood() -> None:
    check = checked(f"Name,Case #,Date,Present,Excused\n{JAMES},11/9/2026,x,x\n")
    assert (check.new, [message.code for message in check.errors]) == (0, ["R-STATUS-UNKNOWN"])


def test_a_column_header_that_is_only_a_day_first_date_holds_all_of_them() -> None:
    check = checked(f"Client,Case #,16/11/2026,09/11/2026\n{JAMES},P,P\n")
    assert (check.held, check.new, codes(check)) == (2, 0, ["Q-DAY-FIRST"])


def test_columns_of_counts_are_totals_and_no_ticks() -> None:
    check = checked(f"Name,Case #,Attended,Excused,Unexcused\n{JAMES},1,0,1\n")
    assert check.layout == "C"


def test_a_file_of_headers_only_brings_nothing() -> None:
    check = checked("Client,11/2,11/9\n")
    assert (check.new, check.held, check.errors) == (0, 0, ())
