"""What a sheet's cell becomes beside what is on record and beside the group's hour; comments; the practice sheet."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from monitor.intake.check import Judged, Stored
from monitor.intake.examine import examine
from monitor.intake.judging.doubles import settle
from monitor.intake.practice import run, sample
from monitor.intake.reading.jail import read_file
from monitor.intake.reading.remarks import _Comments
from monitor.intake.reading.tables import Limits
from monitor.intake.roster import Member, _another_middle
from monitor.intake.uploads import open_sheet_file
from tests.monitor.intake.sample_county import desk

MONDAY, TODAY = date(2026, 11, 9), date(2026, 11, 18)
JAMES = Member(7, 70, "X007", "Whitefeather", "James", "", None, "25-CR-001220", "MON", date(2026, 1, 5))


def cell(says: str = "P", minutes: int | None = None, makeup: date | None = None) -> Judged:
    return Judged(sheet="", row=2, column="B", written="James", found=says, outcome="new", member=JAMES, on=MONDAY,
                  says=says, minutes_late=minutes, makeup_for=makeup)  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "on_record", "becomes"),
    [
        (cell(), Stored(5, "P"), "same"),
        (cell(), Stored(5, "P", 10, MONDAY), "same"),  # a sheet that says no minutes takes none away
        (cell(minutes=10), Stored(5, "P", 10), "same"),
        (cell(minutes=11), Stored(5, "P", 10), "changed"),
        (cell(minutes=10), Stored(5, "P"), "changed"),
        (cell(makeup=MONDAY), Stored(5, "P"), "changed"),
        (cell(makeup=MONDAY), Stored(5, "P", None, MONDAY), "same"),
        (cell("U"), Stored(5, "P"), "changed"),
    ],
)
def test_what_a_sheet_says_again_is_the_same_and_what_it_says_otherwise_is_shown_beside_it(
    sent: Judged, on_record: Stored, becomes: str
) -> None:
    [one] = settle([sent], {(7, MONDAY, 1): on_record})
    assert (one.outcome, one.before, one.replaces) == (becomes, on_record.says, 5)
    assert one.code == ("C-CHANGED" if becomes == "changed" else "")
    [alone] = settle([sent], {(7, MONDAY, 2): on_record})
    assert (alone.outcome, alone.before, alone.replaces) == ("new", "", None)


def test_the_practice_sheet_shows_each_thing_that_can_become_of_a_line() -> None:
    found = run(open_sheet_file(sample(TODAY).content, "practice-sheet.csv", TODAY, scanner=None), TODAY)
    assert [(one.row, one.becomes) for one in found.lines] == [
        (3, "Already here"), (3, "Would be saved"), (4, "Would change"), (4, "Would be saved"), (5, "Would be saved"),
        (5, "Waits for an answer"), (6, "Needs you"), (6, "Needs you"),
    ]  # fmt: skip


def test_who_comes_on_another_day_or_late_by_the_clock_is_pointed_out_and_one_absent_is_not() -> None:
    """Given a group on Mondays at 6 PM with ten minutes' grace."""
    told = [("11/9/2026,6:10 PM,P", ()), ("11/16/2026,6:11 PM,P", (("W-LATE-BY-TIME", "11 min"),)),
            ("11/10/2026,6:00 PM,P", (("W-DAY-NOT-GROUP", "2026-11-10"),)), ("11/9/2026,6:30 PM,L", ()),
            ("11/9/2026,,NS", ()), ("11/10/2026,,MU", ())]  # fmt: skip
    for line, warned in told:
        sheet = f'Name,Case #,Date,Time In,Status\n"Whitefeather, James",25-CR-001220,{line}\n'
        [one] = examine(read_file(sheet.encode(), "a.csv"), desk("a.csv", stored={})).rows
        assert tuple(one for one in one.warnings if one[0] in ("W-LATE-BY-TIME", "W-DAY-NOT-GROUP")) == warned, line


@pytest.mark.parametrize(("place", "kept"), [("B7", [(7, 2)]), ("", []), ("B0", []), ("7B", []), ("AAAA1", [])])
def test_a_comment_that_says_no_cell_belongs_to_none(place: str, kept: list[tuple[int, int]]) -> None:
    comments = _Comments(Limits().cell)
    comments.start("comment", {"ref": place})
    comments.text("was ill")
    comments.end("comment")
    assert [one[:2] for one in comments.found] == kept


def test_two_classes_of_one_day_are_two_where_the_sheet_numbers_them_and_in_the_order_of_their_numbers() -> None:
    said = (("P", "12"), ("U", "7"))
    of_a_day = [msgspec.structs.replace(cell(says), session_number=number) for says, number in said]
    another = msgspec.structs.replace(cell(), on=date(2026, 11, 16), session_number="5")
    settled = settle([*of_a_day, another], {})
    assert [(one.outcome, one.number) for one in settled] == [("new", 2), ("new", 1), ("new", 1)]


@pytest.mark.parametrize(
    ("middle", "given", "another"),
    [
        ("Robert", "james a", True), ("Robert", "james r", False), ("Robert", "james robert", False),
        ("Robert", "james roland", True), ("R", "james roland", False), ("", "james a", False),
        ("Robert", "james", False), ("Alan", "james j", True),
    ],
)  # fmt: skip
def test_a_middle_name_tells_two_people_apart_only_where_both_tell_one(middle: str, given: str, another: bool) -> None:
    assert _another_middle(msgspec.structs.replace(JAMES, middle=middle), given) is another
