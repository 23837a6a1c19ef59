"""Small parts of bringing in and saving: whole acknowledgements, whole lists, and nothing that is there by chance."""

from __future__ import annotations

import io
import os
import re
import zipfile
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter

from monitor.intake.answers import Answers, Choice
from monitor.intake.cells.preamble import joined
from monitor.intake.check import Check, Judged, Message, Question
from monitor.intake.drops import _names, acknowledgement
from monitor.intake.importing import Imported
from monitor.intake.reading import worksheet
from monitor.intake.reading.tables import Limits
from monitor.intake.reading.workbook import read_workbook
from monitor.intake.record.keeping import _clean_cell
from monitor.intake.record.saving import reasons_missing, reasons_unsafe
from monitor.intake.record.standing import _span
from monitor.intake.roster import Member
from monitor.safety_lint import REMOVED

DAY = date(2026, 11, 16)


def lines(done: Imported) -> list[str]:
    return acknowledgement(done).decode().splitlines()


def test_an_acknowledgement_says_all_that_became_of_a_sheet_and_names_nobody() -> None:
    asked = tuple(Question(code, ("x",)) for code in ("Q-VALUE", "Q-DAY-FIRST", "Q-VALUE"))
    errors = Message(3, "R-STRUCK", sheet="Nov", found="Reyes, Alex"), Message(4, "R-WHO-TWO")
    warned = Message(0, "W-TOTALS-ONLY"), Message(7, "W-LATE-BY-TIME", sheet="=Nov")
    told = Message(0, "I-PREAMBLE", level="info"), Message(0, "F-SEEN", level="file")
    check = Check(file="a.csv", layout="L", new=1, same=2, changed=3, held=4, skipped=5, questions=asked,
                  errors=errors, warnings=warned, messages=told)  # fmt: skip
    assert lines(Imported(check, 6, "3F9A2C-207", 0, 1, "SAVED")) == [
        "result,count,sheet,row,code", "receipt,,,,3F9A2C-207", "saved,6,,,", "same,2,,,", "changed,3,,,", "held,4,,,",
        "skipped,5,,,", "question,2,,,Q-VALUE", "question,1,,,Q-DAY-FIRST", "error,1,Nov,3,R-STRUCK",
        "error,1,,4,R-WHO-TWO", "warning,1,,,W-TOTALS-ONLY", "warning,1,'=Nov,7,W-LATE-BY-TIME",
    ]  # fmt: skip


def test_of_a_sheet_that_could_not_be_used_it_is_said_why_and_no_number_is_given() -> None:
    told = Message(0, "I-PREAMBLE", level="info"), Message(0, "H-NO-WHO", level="file")
    nothing = ["saved,0,,,", "same,0,,,", "changed,0,,,", "held,0,,,", "skipped,0,,,"]
    check = Check(file="a.csv", messages=told)
    assert lines(Imported(check, 0, "", 1, None, "REFUSED"))[1:] == [*nothing, "refused,1,,,H-NO-WHO"]


def test_which_dropped_sheets_wait_and_which_a_killed_process_left(tmp_path) -> None:
    inbox, done = tmp_path / "in", tmp_path / "done"
    long = "x" * 244 + ".ok"
    for folder, names in (
        (inbox, ("b.csv.ok", "b.csv", "alone.csv", "c.csv.ok.ok", f"{long}.ok", "a\x07.csv.ok")),
        (done, (".a.csv.ok", "a.csv", "old.csv.ok", ".hidden", ".b.csv.ok")),
    ):
        folder.mkdir()
        for name in names:
            (folder / name).write_bytes(b"")
    handles = os.open(inbox, os.O_RDONLY), os.open(done, os.O_RDONLY)
    try:
        assert _names(*handles) == ["a.csv", "b.csv"]
    finally:
        for one in handles:
            os.close(one)


def judged(outcome: str, before: str, says: str, number: int) -> Judged:
    whose = Member(1, 1, f"B-{number}", "Reyes", "Alex")
    return Judged(sheet="", row=1, column="", written="", found="", outcome=outcome, before=before, says=says, on=DAY,
                  member=whose)  # fmt: skip


def test_only_a_chosen_change_that_takes_an_absence_back_needs_a_reason() -> None:
    rows = [judged("changed", "U", "P", 1), judged("changed", "U", "P", 2), judged("changed", "U", "P", 3),
            judged("changed", "P", "U", 4), judged("new", "U", "P", 5), judged("changed", "U", "P", 6)]  # fmt: skip
    chosen = {1: Choice(True), 2: Choice(True, " "), 3: Choice(False), 4: Choice(True), 5: Choice(True),
              6: Choice(True, "he signed the other sheet")}  # fmt: skip
    answers = Answers(changes={f"B-{number}/{DAY}/1": choice for number, choice in chosen.items()})
    assert reasons_missing(rows, answers) == (f"B-1/{DAY}/1", f"B-2/{DAY}/1")
    assert reasons_missing([*rows, judged("changed", "E", "P", 7)], answers) == (f"B-1/{DAY}/1", f"B-2/{DAY}/1")
    assert reasons_unsafe(answers) == ()
    unsafe = {"a": Choice(True, "his wife called, 555-201-3344"), "b": Choice(False, "his wife called, 555-201-3344")}
    assert reasons_unsafe(Answers(changes=unsafe)) == ("a",)


@pytest.mark.parametrize(("events", "span"), [
    ([], (None, None)), ([("REFERRED", 1)], (None, None)), ([("INTAKE_HELD", 2), ("ENROLLED", 3)], (2, None)),
    ([("ENROLLED", 3), ("DISCHARGED", 9)], (3, 9)), ([("ENROLLED", 3), ("EXITED", 8)], (3, 8)),
    ([("ENROLLED", 3), ("DISCHARGED", 9), ("ENROLLED", 12)], (3, None)),
    ([("ENROLLED", 3), ("DISCHARGED", 9), ("INTAKE_HELD", 12)], (3, 9)),
    ([("ENROLLED", 3), ("DISCHARGED", 9), ("ENROLLED", 12), ("EXITED", 20)], (3, 20)),
    ([("DISCHARGED", 9)], (None, 9)),
])  # fmt: skip
def test_from_when_to_when_somebody_is_in_a_program(events, span):
    told = [SimpleNamespace(event=event, occurred_on=date(2026, 11, day)) for event, day in events]
    assert tuple(on and on.day for on in _span(told)) == span


def test_a_title_that_is_repeated_over_its_cells_is_said_once() -> None:
    assert joined(["a", "a", "", "a", "b", "a"]) == "a  b  a"
    assert (joined([]), joined(["", ""]), joined(["x" * 1300])) == ("", "", "x" * 1200)


def merged(*ranges: str, most: int, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Roster")
        for number, one in enumerate(ranges):
            sheet.merge_range(one, f"v{number}")
    monkeypatch.setattr(worksheet, "MOST_FILLED", most)
    (table,), _ = read_workbook(out.getvalue(), Limits())
    return table.rows


def test_so_many_cells_are_filled_from_merged_ones_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    filled = [["v0", "v0"], ["v0", "v0"], ["v0", "v0"], [], ["v1", "v1"]]
    assert merged("A1:B3", "A5:B5", most=8, monkeypatch=monkeypatch) == filled
    assert merged("A1:B3", "A5:B5", most=7, monkeypatch=monkeypatch) == [*filled[:4], ["v1"]], "one cell too many"
    assert merged("A1:B3", "A5:B5", most=5, monkeypatch=monkeypatch) == [["v0"], [], [], [], ["v1", "v1"]]


def test_what_stands_between_the_texts_of_a_cell_is_no_part_of_it() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Roster").write_string(0, 0, "to be replaced")
    told = "<si><r><t>No </t>\n  x</r>\n<rPh><t>kana</t></rPh><r><t>show</t>y</r>z</si>"
    again = io.BytesIO()
    with zipfile.ZipFile(out) as before, zipfile.ZipFile(again, "w") as after:
        for name in before.namelist():
            part = before.read(name).decode()
            after.writestr(name, re.sub(r"<si>.*</si>", told, part) if name == "xl/sharedStrings.xml" else part)
    (table,), _ = read_workbook(again.getvalue(), Limits())
    assert table.rows == [["No show"]]


def test_a_key_names_one_record_and_where_nobody_is_known_none() -> None:
    nobody: Any = {"sheet": "", "row": 1, "column": "", "written": "x", "found": "P", "outcome": "error"}
    assert (judged("new", "", "P", 1).key, Judged(**nobody).key) == (f"B-1/{DAY}/1", "")


@pytest.mark.parametrize(("cell", "ignored", "worded", "kept"), [
    ("my wife", False, False, "my wife"), ("his wife", False, False, REMOVED), ("his wife", False, True, REMOVED),
    ("his wife", True, False, ""), ("", False, True, ""), ("victimservices", False, False, "victimservices"),
    ("555-201-3344", False, False, REMOVED), ("(555) 201-3344", False, False, REMOVED),
    ("555-0134", False, False, REMOVED), ("5552013344", False, False, "5552013344"),
    ("reyes@near.example", False, False, REMOVED), ("Reyes, Alex", False, False, "Reyes, Alex"),
    ("ex-wife", False, False, "ex-wife"), ("ex-wife", False, True, REMOVED), ("his ex", False, False, "his ex"),
    ("victim A", False, False, REMOVED),
])  # fmt: skip
def test_which_cells_are_emptied_before_anything_is_kept(cell, ignored, worded, kept):
    assert _clean_cell("" if ignored else cell, worded) == kept
