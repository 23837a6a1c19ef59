"""Further habits of real sheets, beyond the samples."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from monitor.intake.answers import Answers
from monitor.intake.check import Check
from monitor.intake.examine import examine
from monitor.intake.reading.jail import read_file
from monitor.intake.roster import Roster
from tests.monitor.intake.sample_county import GROUPS, MEMBERS, desk


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


MON = '"Whitefeather, James",25-CR-001220'
WED = '"Smith, Robert",25-CR-000310'


def outcomes(text: str, **changes: object) -> list[str]:
    found = examine(read_file(text.encode(), "a.csv"), desk("a.csv", stored={}, **changes))
    return [f"{one.member.code if one.member else '?'} {one.on} {one.says} {one.outcome}" for one in found.rows]


def test_a_second_group_below_the_first_keeps_its_own_dates() -> None:
    text = f"Client,Case #,11/9,11/16\n{MON},P,U\n\nWednesday group\nClient,Case #,11/11,11/18\n{WED},U,P\n"
    assert records(text) == [
        "P1008 2026-11-09 P", "P1008 2026-11-16 U", "P1004 2026-11-11 U", "P1004 2026-11-18 P",
    ]  # fmt: skip


def test_a_second_group_beside_the_first_keeps_its_own_dates() -> None:
    text = f"Client,Case #,11/9,,Member,Case #,11/11\n{MON},P,,{WED},U\n"
    assert records(text) == ["P1008 2026-11-09 P", "P1004 2026-11-11 U"]


def test_a_group_named_between_the_lines_counts_from_there_on() -> None:
    text = "Group: MON-6PM\nName,Date,Status\nRobert Smith,11/9/2026,P\nGroup: WED-6PM\nRobert Smith,11/11/2026,U\n"
    assert outcomes(text) == ["P1001 2026-11-09 P new", "P1004 2026-11-11 U new"]


def test_two_sign_in_sheets_on_one_sheet_keep_their_days() -> None:
    lines = "Participant Name,Case #,Time In,Signature\nJames Whitefeather,25-CR-001220,5:55 PM,JW\n"
    text = f"Session date: 11/9/2026\n{lines}\nSession date: 11/16/2026\n{lines}"
    assert outcomes(text) == ["P1008 2026-11-09 P new", "P1008 2026-11-16 P new"]


@pytest.mark.parametrize(("written", "expected"), [("No show", "U"), ("absent", "ABS"), ("excused", "E"), ("JW", "P")])
def test_a_word_in_place_of_a_signature_says_what_it_says(written: str, expected: str) -> None:
    text = f"Session date: 11/9/2026\nName,Case #,Signature\n{JAMES},{written}\n"
    assert outcomes(text) == [f"P1008 2026-11-09 {expected} new"]


@pytest.mark.parametrize("written", ["NS", "—", "n/a", ""])
def test_a_mark_that_is_no_signature_is_asked_about(written: str) -> None:
    check = checked(f"Session date: 11/9/2026\nName,Case #,Signature\n{JAMES},{written}\n")
    assert (check.new, [question.code for question in check.questions]) == (0, ["Q-NOT-SIGNED"])


def test_a_line_that_only_a_facilitator_signed_is_nobodys_attendance() -> None:
    text = f"Session date: 11/9/2026\nName,Case #,Signature\n{JAMES},\n,,J. Doe\n"
    assert checked(text).new == 0


def test_dates_down_the_side_wait_when_one_can_only_be_day_first() -> None:
    check = checked("Session,James Whitefeather,Dwayne O'Neal\n16/11/2026,P,P\n09/11/2026,P,U\n")
    assert (check.new, check.held, [question.code for question in check.questions]) == (0, 4, ["Q-DAY-FIRST"])


def test_a_birthday_that_can_only_be_day_first_holds_the_dates_too() -> None:
    text = "Name,DOB,Date,Status\nDwayne O'Neal,30/12/1979,09/11/2026,P\n"
    check = checked(text)
    assert (check.new, [question.code for question in check.questions]) == (0, ["Q-DAY-FIRST"])
    assert outcomes(text, answers=Answers(day_first=True)) == ["P1003 2026-11-09 P new"]


def test_a_spanish_sheet_whose_dates_could_be_either_is_asked_about() -> None:
    check = checked("Nombre;Caso;Fecha;Asistencia\nWhitefeather, James;25-CR-001220;09/11/2026;Presente\n")
    assert (check.new, [question.code for question in check.questions]) == (0, ["Q-DAY-FIRST"])
    assert checked("Nombre;Caso;Fecha;Asistencia\nWhitefeather, James;25-CR-001220;11/16/2026;Presente\n").new == 1


def test_a_make_up_day_follows_the_order_of_the_file() -> None:
    text = f"Name,Case #,Date,Status\n{JAMES},16/11/2026,M 9/11\n"
    (row,) = examine(read_file(text.encode(), "a.csv"), desk("a.csv", answers=Answers(day_first=True))).rows
    assert str(row.makeup_for) == "2026-11-09"


def test_hours_in_the_cells_are_no_yes_and_no() -> None:
    check = checked(f"Client,Case #,11/2,11/9,11/16\n{JAMES},2,1,0\n")
    assert (check.new, [message.code for message in check.errors]) == (0, ["R-STATUS-UNKNOWN"] * 3)


def test_a_line_of_counts_without_a_name_is_nobodys() -> None:
    assert checked("Client,11/2,11/9\n\"Whitefeather, James\",P,\n,1,0\n").records == (("P1008", "2026-11-02", "P"),)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("excused (doctor)", "E"), ("E - car trouble", "E"), ("No Show: did not answer", "U"), ("P (back row)", "P")],
)
def test_a_reason_beside_a_status_is_kept_as_its_note(cell: str, expected: str) -> None:
    text = f"Name,Case #,Date,Status\n{JAMES},11/9/2026,{cell}\n"
    (row,) = examine(read_file(text.encode(), "a.csv"), desk("a")).rows
    assert (row.says, row.outcome) == (expected, "new")
    assert row.note and row.note.lower() in cell.lower()


@pytest.mark.parametrize(
    "cell", ["P (left early)", "Present - 10 min late", "Absent (excused by PO)", "E (no show)", "T"]
)
def test_a_reason_that_says_something_else_is_not_understood(cell: str) -> None:
    check = checked(f"Name,Case #,Date,Status\n{JAMES},11/9/2026,{cell}\n")
    assert (check.new, [message.code for message in check.errors]) == (0, ["R-STATUS-UNKNOWN"])


def test_a_bare_number_beside_late_is_money_where_the_sheet_writes_money() -> None:
    found = examine(read_file(f"Client,Case #,11/2,11/9\n{JAMES},P $25,L 25\n".encode(), "a.csv"), desk("a", stored={}))
    assert [one.minutes_late for one in found.rows] == [None, None]


@pytest.mark.parametrize(
    "key",
    ["X = present, O = absent", "Key:,X = present,O = absent", "X - present\nO - absent", "Key\nX,present\nO,absent"],
)
@pytest.mark.parametrize("above", [True, False])
def test_a_key_is_followed_wherever_it_stands(key: str, above: bool) -> None:
    table = f"Client,Case #,11/2,11/9\n{JAMES},X,O\n"
    text = f"{key}\n{table}" if above else f"{table}\n{key}\n"
    assert records(text) == ["P1008 2026-11-02 P", "P1008 2026-11-09 ABS"]


def test_a_key_that_contradicts_itself_explains_nothing() -> None:
    check = checked(f"X = present\nClient,Case #,11/2\n{JAMES},X\n\nX = absent\n")
    assert (check.new, [question.code for question in check.questions]) == (0, ["Q-VALUE"])


def test_the_day_a_sheet_was_printed_is_not_the_day_of_the_class() -> None:
    text = f"Print date: 11/20/2026\nSession date: 11/16/2026\nName,Case #,Signature\n{JAMES},JW\n"
    assert outcomes(text) == ["P1008 2026-11-16 P new"]
    assert checked(f"Print date: 11/20/2026\nName,Case #,Signature\n{JAMES},JW\n").new == 0


def test_a_middle_name_is_not_overruled_by_a_group() -> None:
    check = checked("Name,Group,Date,Status\nRobert J Smith,WED-6PM,11/11/2026,P\n")
    assert (check.new, [message.code for message in check.errors]) == (0, ["R-WHO-TWO"])


def test_another_middle_name_is_another_person_until_somebody_says_otherwise() -> None:
    member = msgspec.structs.replace(MEMBERS[0], middle="J")
    roster = Roster((member,), GROUPS)
    found = examine(read_file(b"Name,Date,Status\nRobert K Smith,11/9/2026,P\n", "a.csv"), desk("a", roster=roster))
    assert [one.code for one in found.rows] == ["R-WHO-CLOSE"]


def test_a_number_that_belongs_to_somebody_else_than_the_name_is_refused() -> None:
    twin = msgspec.structs.replace(MEMBERS[0], key=9, person=9, code="P1009", first="Michael", case_number="26-CR-1")
    roster = Roster((*MEMBERS, twin), GROUPS)
    text = b"Name,Case #,Date,Status\n\"Smith, Michael\",24-CR-001872,11/9/2026,P\n"
    assert [one.code for one in examine(read_file(text, "a.csv"), desk("a", roster=roster)).rows] == ["R-WHO-CONFLICT"]
    assert [one.code for one in examine(read_file(text, "a.csv"), desk("a")).rows] == [""]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_a_sheet_is_read_in_every_encoding(codec: str) -> None:
    mark = b"\xfe\xff" if codec == "utf-16-be" else b""
    content = mark + 'sep=;\r\nName;Date;Status\r\n"García-Ortiz, Luis";11/9/2026;Present\r\n'.encode(codec)
    check = examine(read_file(content, "a.txt"), desk("a.txt")).check
    assert check.records == (("P1002", "2026-11-09", "P"),)


def test_commas_in_names_and_notes_do_not_hide_the_separator() -> None:
    lines = "".join(f"Whitefeather, James;11/{day}/2026;P;came, left, paid, fine, ok\n" for day in (2, 9, 16))
    assert checked(f"Name;Date;Status;Note\n{lines}").new == 3


def test_words_in_the_cells_are_not_taken_for_the_names_of_columns() -> None:
    check = checked(f"Client,Case #,11/2,11/9,11/16\n{JAMES},present,excused,missed\n")
    assert [record[2] for record in check.records] == ["P", "E", "ABS"]


def test_dates_above_the_row_of_names_are_read_with_it() -> None:
    check = checked(f",,11/2,11/9\nClient,Case #,Mon,Mon\n{JAMES},P,U\n")
    assert check.records == (("P1008", "2026-11-02", "P"), ("P1008", "2026-11-09", "U"))
    assert "I-TWO-ROW-HEADER" in codes(check)


@pytest.mark.parametrize("cell", ["U -> E", "U → E", "U - E", "E/U", "P?"])
def test_a_status_that_was_corrected_in_its_cell_is_not_chosen_between(cell: str) -> None:
    check = checked(f"Client,Case #,11/2\n{JAMES},{cell}\n")
    assert (check.new, [message.code for message in check.errors]) == (0, ["R-STATUS-UNKNOWN"])


def test_a_key_that_gives_a_sign_of_ours_another_meaning_is_asked_about() -> None:
    check = checked(f"Key: P = pending, A = attended\nClient,Case #,11/2\n{JAMES},P\n")
    assert (check.new, [question.code for question in check.questions]) == (0, ["Q-VALUE"])
    assert checked(f"Key: P = present at group\nClient,Case #,11/2\n{JAMES},P\n").new == 1


def test_whichever_week_a_sheet_begins_with_week_one_is_asked_for() -> None:
    text = f"Client,Case #,Week 5,Week 6\n{JAMES},P,U\n"
    (question,) = checked(text).questions
    assert question.values == ("Week 1",)
    assert outcomes(text, answers=Answers(week_one=date(2026, 10, 5))) == [
        "P1008 2026-11-02 P new", "P1008 2026-11-09 U new",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "head", ["November 2026\nClient,Case #,2,9", "Month: November\nClient,Case #,2,9", "Client,Case #,November,\n,,2,9"]
)
def test_days_under_their_month_are_days(head: str) -> None:
    assert records(f"{head}\n{JAMES},P,U\n") == ["P1008 2026-11-02 P", "P1008 2026-11-09 U"]


def test_days_without_a_month_are_no_weeks() -> None:
    check = checked(f"Client,Case #,2,9\n{JAMES},P,U\n")
    assert (check.new, [message.code for message in check.messages]) == (0, ["H-NO-MONTH"])


def test_two_people_in_one_cell_are_asked_about() -> None:
    check = checked("Name,11/2\n\"Whitefeather, James & O'Neal, Dwayne\",P\n")
    assert (check.new, [message.code for message in check.errors]) == (0, ["R-WHO-CLOSE"])


def test_people_across_are_told_apart_by_the_group_above() -> None:
    text = "Group: WED-6PM\nDate,Van Minh Tran,Robert Smith\n11/11/2026,P,U\n11/18/2026,E,P\n"
    assert [record for record in outcomes(text) if "P1004" in record] == [
        "P1004 2026-11-11 U new", "P1004 2026-11-18 P new",
    ]  # fmt: skip
