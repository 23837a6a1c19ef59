"""Nothing of a sheet goes in silence, and what a careful reader would ask about is asked."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from monitor.commands.sheet_report import sentences
from monitor.intake.answers import Answers
from monitor.intake.check import Check
from monitor.intake.examine import examine
from monitor.intake.importing import Imported
from monitor.intake.problems import problem_file
from monitor.intake.reading.delimited import read_text
from monitor.intake.reading.jail import read_file
from monitor.intake.reading.tables import Limits, Reading
from monitor.intake.record.keeping import cleaned
from monitor.intake.roster import Member
from monitor.intake.uploads import open_sheet_file
from monitor.intake.workbook_out import write_workbook
from tests.monitor.intake.sample_county import MEMBERS, ROSTER, TODAY, desk

MON, WED, SINCE = "MON-6PM", "WED-6PM", date(2026, 6, 1)
CALLED = ("Sum", "Count", "Legend", "Total", "Present")
OTHERS = tuple(
    Member(20 + at, 20 + at, f"P20{at}", last, "Wing", "", date(1980, 1, 1 + at), f"25-CR-00200{at}", MON, SINCE)
    for at, last in enumerate(CALLED)
)
TWICE = (
    Member(31, 31, "P1031", "Roe", "Ann", "", date(1980, 1, 1), "25-CR-003001", MON, SINCE),
    Member(32, 31, "P1032", "Roe", "Ann", "", date(1980, 1, 1), "25-CR-003002", WED, date(2026, 7, 1)),
)
JAMES, DWAYNE = '"Whitefeather, James",25-CR-001220', '"O\'Neal, Dwayne",25-CR-000044'
HEAD, MOVED = "Name,Case #,Date,Status\n", "his wife moved to 12 Elm St"


def checked(text: str, more: tuple[Member, ...] = (), people: dict[str, str] | None = None) -> Check:
    roster = msgspec.structs.replace(ROSTER, members=(*MEMBERS, *more))
    here = desk("a.csv", roster=roster, answers=Answers(people=people or {}))
    return examine(kept(text), here).check


def kept(text: str) -> Reading:
    """What is kept of a sheet, read in this process: the jail is tested elsewhere."""
    return cleaned(Reading(*read_text(text.encode(), Limits())), TODAY)


@pytest.mark.parametrize("last", CALLED)
def test_whoever_is_called_as_a_line_of_totals_begins_is_not_lost(last: str) -> None:
    check = checked(f"Last Name,First Name,Date,Status\n{last},Wing,11/9/2026,NS\n", OTHERS)
    assert [record[2] for record in check.records] == ["U"] and not check.skipped


def test_a_family_and_a_given_name_that_nobody_on_the_roster_has_are_told_of() -> None:
    check = checked("Last Name,First Name,11/9/2026\nSum,Wing,P\nTotal,,1\n")
    assert [(one.row, one.code) for one in check.errors] == [(2, "R-WHO-NOT-ON-ROSTER")] and check.skipped == 1


@pytest.mark.parametrize("line", [
    "Co-facilitator,\"O'Neal, Dwayne\",NS", "Facilitator,\"O'Neal, Dwayne\",NS", ",Co-facilitator Dwayne O'Neal,NS",
])  # fmt: skip
def test_a_facilitator_who_is_called_like_a_participant_is_asked_about(line: str) -> None:
    check = checked(f"Role,Name,11/9/2026\n{line}\n")
    assert [one.code for one in check.errors] == ["R-WHO-CLOSE"] and not check.records and not check.skipped


def test_a_facilitator_who_is_called_like_nobody_stays_a_footer() -> None:
    check = checked("Name,11/9/2026\nJames Whitefeather,P\nCo-facilitator: M. Poe,P\nFacilitator J. Doe,P\n")
    assert (len(check.records), check.skipped, check.errors) == (1, 2, ())


@pytest.mark.parametrize("mark", [
    "P - entered in error", "P (entered by mistake)", '"P, sent home drunk"', "L - turned away", "L (not admitted)",
    "NS - my error", "E - denied", "E (not approved)", "E - not verified", "A/E - denied",
])  # fmt: skip
def test_a_mark_that_its_own_cell_takes_back_is_asked_about(mark: str) -> None:
    check = checked(f"{HEAD}{JAMES},11/9/2026,{mark}\n")
    assert [one.code for one in check.errors] == ["R-STATUS-UNKNOWN"] and not check.records


@pytest.mark.parametrize("mark", ["E - doctor", "P (zoom)", "NS - no answer", "E (court)", '"L, bus"'])
def test_a_reason_in_the_cell_of_the_mark_stays_one(mark: str) -> None:
    assert len(checked(f"{HEAD}{JAMES},11/9/2026,{mark}\n").records) == 1


def test_an_excuse_whose_reason_says_that_it_was_denied_is_asked_about() -> None:
    check = checked(f"Name,Case #,Date,Status,Reason\n{JAMES},11/9/2026,E,request denied\n")
    assert [one.code for one in check.errors] == ["R-STATUS-UNKNOWN"]


def test_of_two_open_places_of_one_person_the_group_of_the_line_says_which() -> None:
    check = checked("Name,Group,Date,Status\nAnn Roe,MON-6PM,11/9/2026,P\nAnn Roe,WED-6PM,11/18/2026,NS\n", TWICE)
    assert [(one[0], one[2]) for one in check.records] == [("P1031", "P"), ("P1032", "U")] and not check.errors


@pytest.mark.parametrize("text", ["Name,Date,Status\nAnn Roe,11/16/2026,NS\n",
                                  "Name,DOB,Date,Status\nAnn Roe,1/1/1980,11/16/2026,NS\n"])
def test_where_nothing_says_which_place_it_is_it_is_asked_and_the_answer_holds(text: str) -> None:
    check = checked(text, TWICE)
    (error,) = check.errors
    assert error.code == "R-WHO-TWO" and "more than one place" in error.what and not check.records
    assert [one.label.rpartition(", ")[2] for one in error.options[:2]] == ["25-CR-003001", "25-CR-003002"]
    told = checked(text, TWICE, {error.ask.removeprefix("people:"): "P1031"})
    assert [one[0] for one in told.records] == ["P1031"] and not told.errors


def test_an_answer_about_a_line_without_a_group_does_not_take_a_line_of_the_other_group() -> None:
    text = "Name,Group,Date,Status\nAnn Roe,,11/16/2026,NS\nAnn Roe,WED-6PM,11/18/2026,P\n"
    assert [one[0] for one in checked(text, TWICE, {"ann roe": "P1031"}).records] == ["P1031", "P1032"]


def test_a_place_that_ended_before_the_next_began_needs_no_question() -> None:
    before = msgspec.structs.replace(TWICE[0], end=date(2026, 11, 9))
    after = msgspec.structs.replace(TWICE[1], start=date(2026, 11, 10), case_number=before.case_number)
    check = checked("Name,11/9/2026,11/18/2026\nAnn Roe,P,NS\n", (before, after))
    assert [one[0] for one in check.records] == ["P1031", "P1032"]


@pytest.mark.parametrize("text", [
    f"Session,Robert J Smith,Dwayne O'Neal,Notes\n11/9/2026,P,P,{MOVED}\n",
    f"Client,Case #,Sessions Attended,Absences,Comments\n{JAMES},3,1,{MOVED}\n",
])
def test_where_notes_are_not_read_their_emptied_column_is_named(text: str) -> None:
    assert [one.detail in ("Notes", "Comments") for one in checked(text).messages if "VICTIM" in one.code] == [True]


def test_no_name_of_a_file_or_a_sheet_keeps_what_a_cell_may_not() -> None:
    rows = [["Client", "Case #", "11/9/2026"], ["O'Neal, Dwayne", "25-CR-000044", "ZZ"]]
    book = write_workbook({"Nov": rows, MOVED: rows, f"{MOVED} 2": [["a", "b"], ["c", "d"]]})
    sheet = open_sheet_file(book, f"{MOVED}.xlsx".replace(" ", "_"), TODAY, scanner=None)
    examined = examine(sheet.reading, desk(sheet.file_name))
    again = problem_file(sheet.reading, examined.check, (), TODAY)
    told = f"{sheet} {examined} {read_file(again.content, again.file_name)}"
    assert "Elm" not in told and sheet.file_name == "sheet.xlsx" and len(examined.check.errors) == 2
    assert open_sheet_file(b"a", "Attendance_Nov_2026.csv", TODAY, scanner=None).file_name == "Attendance_Nov_2026.csv"


def test_the_terminal_asks_once_who_a_line_is_about_however_many_classes_it_tells_of() -> None:
    check = checked("Client,11/9/2026,11/16/2026\nJim Whitefeather,P,P\nNo Body,P,P\n")
    told = list(sentences(Imported(check, 0, "", 3)))
    assert [sum(words in line for line in told) for words in ("is close to", "is not on your roster")] == [1, 1]


def test_a_wide_row_is_asked_about_once_and_says_how_many_classes_wait() -> None:
    text = "Client,11/2/2026,11/9/2026,11/16/2026\nJim Whitefeather,P,P,NS\nNo Body,P,,P\nDwayne O'Neal,P,P,P\n"
    check = checked(text)
    assert [(one.row, one.code, one.classes) for one in check.errors] == [
        (2, "R-WHO-CLOSE", 3), (3, "R-WHO-NOT-ON-ROSTER", 2)]  # fmt: skip
    assert "3 classes" in check.errors[0].text and check.errors[0].options
    assert (check.new, check.changed, check.held) == (2, 1, 0)
    assert str(problem_file(kept(text), check, (), TODAY).content).count("is close to") == 1
    told = checked(text, people={"jim whitefeather": "P1008"})
    assert [one.row for one in told.errors] == [3] and told.new == 5, "what was asked about once is three classes"


def test_people_across_are_each_asked_about_in_each_row() -> None:
    check = checked("Session,Robert J Smith,Dwayne O'Neal,Jim Whitefeather\n11/9/2026,P,P,NS\n11/16/2026,P,P,P\n")
    assert {one.row for one in check.errors} == {2, 3} and not any(one.classes > 1 for one in check.errors)


@pytest.mark.parametrize("head", ["Wife/Maria-Lopez", "Wife Maria Lopez", "Partner: Maria", "Girlfriend_Maria"])
def test_no_header_that_names_a_partner_is_kept_or_told(head: str) -> None:
    reading = kept(f"Name,Case #,Date,Status,{head}\n{JAMES},11/9/2026,ZZ,Maria Lopez\n")
    check = examine(reading, desk("a.csv")).check
    again = problem_file(reading, check, (), TODAY)
    assert "Maria" not in f"{reading} {check} {again}" and "W-COLUMN-VICTIM" in f"{check.messages}"


@pytest.mark.parametrize(("head", "stays"), [("Wife", False), ("Partner", False), ("Partner abuse class", True),
                                             ("Homework", True)])
def test_of_a_column_that_is_called_after_a_partner_no_cell_is_kept(head: str, stays: bool) -> None:
    told = str(kept(f"Name,Case #,Date,Status,{head}\n{JAMES},11/9/2026,P,Maria\n").tables)
    assert ("Maria" in told) is stays and head in told


@pytest.mark.parametrize("head", [
    "Name,Case #,Maria,11/9/2026,11/16/2026\n,,wife,,\n", "Name,Case #,wife,11/9/2026,11/16/2026\n,,Maria,,\n",
    "November,,Maria,,\nName,Case #,wife,11/9/2026,11/16/2026\n", ",,Wife,,\nName,Case #,Maria,11/9/2026,11/16/2026\n",
    "Name,Case #,Maria,November,\n,,wife,11/9/2026,11/16/2026\n",
    "Name,Case #,wife,November,\n,,Maria,11/9/2026,11/16/2026\n",
    "Name,Case #,Maria (wife),11/9/2026,11/16/2026\n", "Name,Case #,Maria,11/9/2026,11/16/2026\n,,(her wife),,\n",
])  # fmt: skip
def test_what_either_row_of_a_header_calls_after_a_partner_is_not_kept(head: str) -> None:
    reading = kept(f"{head}{JAMES},Maria Lopez,P,P\n")
    check = examine(reading, desk("a.csv")).check
    again = problem_file(reading, check, (), TODAY)
    assert "Maria" not in f"{reading} {check} {again}" and "W-COLUMN-VICTIM" in f"{check.messages}"
    assert [one[2] for one in check.records] == ["P", "P"]


@pytest.mark.parametrize("head", ["Maria,Wife", "Wife,Maria", "Wife,Maria Lopez"])
def test_a_name_in_the_header_beside_such_a_word_is_neither_kept_nor_told(head: str) -> None:
    reading = kept(f"Name,Case #,{head},11/9/2026\n{JAMES},yes,no,P\n")
    check = examine(reading, desk("a.csv")).check
    assert "Maria" not in f"{reading} {check}" and [one[2] for one in check.records] == ["P"]


@pytest.mark.parametrize("title", ["Partner Program,Partner Program,Partner Program,Partner Program", "Partner,,,",
                                   ",,Work with a partner in the group,"])
def test_a_title_over_the_table_calls_no_column_after_a_partner(title: str) -> None:
    told = str(kept(f"{title}\nName,Case #,Employer,11/9/2026\n{JAMES},Ace Tires,P\n").tables)
    assert "Ace Tires" in told and title.strip(",").split(",")[0] in told


def test_somebody_on_the_roster_who_is_called_partner_keeps_the_marks() -> None:
    ann = msgspec.structs.replace(OTHERS[0], last="Partner", first="Ann")
    check = checked("Session,Robert J Smith,Dwayne O'Neal,Ann Partner\n11/9/2026,P,P,NS\n", (ann,))
    assert [one[2] for one in check.records] == ["P", "P", "U"]
    check = checked(f"Name,Case #,11/9/2026\nAnn Partner,{ann.case_number},NS\n", (ann,))
    assert [one[2] for one in check.records] == ["U"]


@pytest.mark.parametrize(("status", "told"), [
    ("ZZ", "W-COLUMN-VICTIM"), ("", "W-COLUMN-VICTIM"), ("P", "W-NOTE-VICTIM"),
])  # fmt: skip
def test_an_emptied_note_is_told_of_once_whatever_becomes_of_its_line(status: str, told: str) -> None:
    check = checked(f"Name,Case #,Date,Status,Notes\n{JAMES},11/9/2026,{status},{MOVED}\n{DWAYNE},11/9/2026,P,fine\n")
    codes = [one.code for one in (*check.messages, *check.warnings)]
    assert [code for code in codes if code.endswith("VICTIM")] == [told]


def test_totals_without_a_month_go_to_the_place_of_their_group_or_are_asked_about() -> None:
    totals = "Name,Group,Sessions Attended,Absences\nAnn Roe,MON-6PM,3,1\nAnn Roe,WED-6PM,4,1\nAnn Roe,,5,1\n"
    check = checked(totals, TWICE)
    assert [(one[0], one[2]) for one in check.records] == [("P1031", "3"), ("P1032", "4")]
    assert [(one.row, one.code, len(one.options)) for one in check.errors] == [(4, "R-WHO-TWO", 3)]
