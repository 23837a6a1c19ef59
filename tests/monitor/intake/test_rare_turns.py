"""Turns that a sheet or a person seldom takes: an answer too late, a day beyond the year, two places of one person."""

from __future__ import annotations

import base64
from datetime import date

import msgspec
import pytest
from sqlalchemy import delete

from monitor.db import Database
from monitor.intake import pages
from monitor.intake.answers import Answers, Choice
from monitor.intake.batches import BadCursor, changes_since
from monitor.intake.cells.dates import DAY_FIRST, read_date
from monitor.intake.drafts import Draft, DraftRow, told
from monitor.intake.examine import examine
from monitor.intake.forms import merge, needs_check
from monitor.intake.judging.messages import _turned
from monitor.intake.pages import _line, _trouble
from monitor.intake.reading.delimited import read_text
from monitor.intake.reading.tables import Limits, Reading
from monitor.intake.record.locks import NOT_SAVED, why_locked
from monitor.intake.record.saving import save
from monitor.intake.roster import Roster
from monitor.intake.uploads import NotOpen, answer, discard, receive
from monitor.models import UploadRow
from tests.monitor.intake.sample_county import GROUPS, MEMBERS, TODAY, desk
from tests.monitor.intake.sample_record import LATER, NOW, County, opened, write_county

SHEET = b"Name,Case #,Date,Status\n\"Whitefeather, James\",25-CR-001220,11/9/2026,P\n"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def county(database: Database) -> County:
    return write_county(database)


def records(text: str, **changes: object) -> list[str]:
    tables, notes = read_text(text.encode(), Limits())
    check = examine(Reading(tables, notes), desk("a.csv", **changes)).check
    return [" ".join(record) for record in check.records]


def test_a_form_settles_what_it_says_and_leaves_the_rest_as_it_was() -> None:
    before = Answers(values={"a": "P"}, remarks={"Roster!2!3": "yes", "Roster!3!3": "yes"}, day_first=False)
    form = {"values.x": " U ", "people.jim": "nobody", "values.empty": " ", "day_first": "yes", "week_one": "11/2/2026",
            "use.P1/2026-11-02/1": "file", "reason.P1/2026-11-02/1": "hospital", "use.P2/2026-11-02/1": "ours",
            "stranger": "x", "everyone": "yes"}  # fmt: skip
    found = merge(before, form, TODAY)
    assert found.values == {"a": "P", "x": "U"}
    assert found.people == {"jim": "nobody"}
    assert (found.day_first, found.week_one, found.everyone) == (True, date(2026, 11, 2), True)
    assert found.changes == {"P1/2026-11-02/1": Choice(True, "hospital"), "P2/2026-11-02/1": Choice(False, "")}
    assert found.remarks == before.remarks, "the page showed no comments, so none was taken back"
    assert merge(found, {"day_first": "perhaps", "week_one": "someday"}, TODAY).day_first is True
    assert merge(found, {"day_first": "no"}, TODAY).day_first is False
    assert merge(found, {}, TODAY).everyone is False, "a box that is no longer ticked says so by its absence"


def test_a_comment_that_is_no_longer_ticked_is_not_taken() -> None:
    before = Answers(remarks={"Roster!2!3": "yes", "Roster!3!3": "yes"})
    found = merge(before, {"remarks.shown": "1", "remarks.Roster!3!3": "yes"}, TODAY)
    assert found.remarks == {"Roster!3!3": "yes"}
    assert needs_check(before, found)
    assert not needs_check(before, msgspec.structs.replace(before, everyone=True)), "nothing to judge anew"


@on_sqlite
def test_a_file_that_is_saved_is_neither_answered_nor_thrown_away_any_more(database: Database, county: County) -> None:
    with database.scoped(county.scope, writes=True) as session:
        upload = receive(session, opened(SHEET, "a.csv"), county.by())
        assert why_locked(session, upload, NOW) == NOT_SAVED, "there is nothing to undo yet"
        save(session, upload, county.by())
        for late in (lambda: answer(session, upload, Answers(), TODAY), lambda: discard(session, upload)):
            with pytest.raises(NotOpen):
                late()
        assert why_locked(session, upload, NOW) == ""
        session.rollback()


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@on_sqlite
@pytest.mark.parametrize(
    "since",
    ["ä", "x", cursor("yesterday 7"), cursor("2026-11-22T10:00:00 7"), cursor("2026-11-22T10:00:00+00:00 seven"),
     cursor("2026-11-22T10:00:00+00:00 -7"), cursor(f"2026-11-22T10:00:00+00:00 {1 << 70}")],
)  # fmt: skip
def test_a_place_to_go_on_from_that_we_never_gave_is_refused(database: Database, county: County, since: str) -> None:
    with database.scoped(county.scope) as session, pytest.raises(BadCursor):
        changes_since(session, county.program, since, LATER)


def test_a_change_is_said_why_in_words_that_lead_to_nobody() -> None:
    assert _trouble(Choice(True, " "), True).startswith("Say in a few words")
    assert _trouble(Choice(True, ""), False) == ""
    assert _trouble(Choice(False, ""), True) == "", "what is not taken over needs no reason"
    assert _trouble(Choice(True, "his wife called, 555-201-3344"), True).startswith("Leave out victims")
    assert _trouble(Choice(True, "hospital papers came"), True) == ""


def test_a_draft_is_told_with_what_it_has_and_nought_is_something() -> None:
    row = DraftRow("", 2, MEMBERS[0], Draft(sessions_completed=4, absences_total=0))
    assert told(row) == "attended 4, absent 0"
    advised = Draft(sessions_completed=4, rating=3, recommendation="CONTINUE")
    assert told(msgspec.structs.replace(row, draft=advised)).startswith("attended 4, participation 3 of 5, ")


@pytest.mark.parametrize("text", ["2026-13-45T10:00Z", "2026-11-09T25:00Z", "no day 9T10:00Z"])
def test_an_instant_whose_day_or_time_is_none_is_no_day(text: str) -> None:
    read = read_date(text, TODAY, zone="America/Los_Angeles")
    assert read.on is None and read.code


def test_a_day_without_a_year_that_can_only_be_day_first_waits_until_somebody_says_so() -> None:
    assert (read_date("25/11", TODAY).on, read_date("25/11", TODAY).code) == (None, DAY_FIRST)
    assert read_date("25/11", TODAY, day_first=True).on == date(2026, 11, 25)
    assert read_date("2/30", TODAY).on is None, "there is no such day in any year"
    assert read_date("2/29", date(2028, 3, 1)).on == date(2028, 2, 29)
    assert read_date("2/29", date(2027, 3, 1)).on is None, "neither this year nor the last had one"


@pytest.mark.parametrize(
    ("day", "place"), [("10/5", "P1008"), ("11/2", "P2008"), ("11/9", "P2008"), ("10/19", "P2008")]
)
def test_of_two_places_of_one_person_a_class_counts_at_the_one_that_was_open_then(day: str, place: str) -> None:
    first = msgspec.structs.replace(MEMBERS[7], end=date(2026, 10, 5))
    again = msgspec.structs.replace(first, key=9, code="P2008", case_number="25-CR-009999",
                                    start=date(2026, 11, 2), end=None)  # fmt: skip
    roster = Roster((*MEMBERS[:7], first, again), GROUPS, zone="America/Los_Angeles")
    found = records(f"Name,Date,Status\nJames Whitefeather,{day}/2026,P\n", roster=roster, stored={})
    assert [line.split()[0] for line in found] in ([place], []), "never at the place that was not open"
    if day != "10/19":
        assert found, day


@pytest.mark.parametrize(("written", "recorded"), [("9/11/2026", []), ("11/9/2026", ["P1003 2026-11-09 P"])])
def test_a_single_day_that_was_no_class_as_written_and_lately_one_turned_round_is_asked_about(
    written: str, recorded: list[str]
) -> None:
    """September 11 was a Friday, on which no group meets; 9 November was the Monday two weeks ago."""
    sheet = f"Name,Case #,Date,Status\n\"O'Neal, Dwayne\",25-CR-000044,{written},P\n"
    assert records(sheet) == recorded
    assert records(sheet, answers=Answers(day_first=written.startswith("9"))) == ["P1003 2026-11-09 P"]


@pytest.mark.parametrize(
    ("said", "told_as"),
    [("Monday", "lunes"), ("Nov 9, 2026", "9 de noviembre de 2026"), ("Roe, Kim", "Roe, Kim"), ("", "")],
)
def test_in_spanish_words_of_ours_are_turned_and_what_the_sheet_says_is_not(said: str, told_as: str) -> None:
    assert _turned(said) == told_as


def test_a_line_of_the_list_counts_what_waits_only_while_something_can_be_done() -> None:
    check = {"new": 4, "same": 2, "held": 1, "changed": 3, "errors": [{}, {}]}
    ready, saved = (_line(7, "a.csv", state, NOW, None, check) for state in ("READY", "SAVED"))  # type: ignore[arg-type]
    assert (ready.new, ready.same, ready.waiting) == (4, 2, 6)
    assert saved.waiting == 0
    unread = _line(7, "a.csv", "READY", NOW, None, {})
    assert (unread.new, unread.same, unread.waiting) == (0, 0, 0)


def test_a_birthday_that_is_another_persons_rules_a_name_out_and_an_unknown_one_does_not() -> None:
    """Of two people of one name the wrong one must not get the absence."""
    sheet = "Last,First,DOB,11/9\nWhitefeather,James,1/1/1990,U\n"
    assert records(sheet) == []
    unknown = msgspec.structs.replace(MEMBERS[7], dob=None)
    roster = Roster((*MEMBERS[:7], unknown), GROUPS, zone="America/Los_Angeles")
    assert records(sheet, roster=roster) == ["P1008 2026-11-09 U"]


@pytest.mark.parametrize(("header", "spanish"), [("Name,Date,Status", False), ("Nombre,Fecha,Asistencia", True)])
def test_an_english_sheet_is_answered_in_english_alone_and_a_spanish_one_in_both(header: str, spanish: bool) -> None:
    tables, notes = read_text(f"{header}\nNobody Atall,11/9/2026,P\n".encode(), Limits())
    check = examine(Reading(tables, notes), desk("a.csv")).check
    said = (*check.questions, *check.errors)
    assert said and all(message.what for message in said)
    assert all(bool(message.es) == spanish for message in said)


@pytest.mark.parametrize(
    ("asked", "shown", "rows"), [(-1, 1, [1, 2]), (1, 1, [1, 2]), (2, 2, [3, 4]), (3, 3, [5]), (9, 3, [5])]
)
def test_rows_are_shown_page_by_page_and_no_page_lies_beyond_the_last(
    database: Database, monkeypatch: pytest.MonkeyPatch, asked: int, shown: int, rows: list[int]
) -> None:
    county = write_county(database)
    monkeypatch.setattr(pages, "PAGE", 2)
    with database.system("test: five rows") as session, session.begin():
        upload = receive(session, opened(SHEET, "a.csv"), county.by())
        session.execute(delete(UploadRow))
        told = {"name": "Reyes, Alex", "found": "P", "note": ""}
        kept = {"agency_id": county.agency, "upload_id": upload.id, "outcome": "same", "content": told}
        session.add_all(UploadRow(row=row, **kept) for row in (5, 3, 1, 4, 2))
        session.add(UploadRow(row=6, **kept | {"outcome": "new"}))
        page = pages._rows(session, upload, "same", asked)
        assert ([one.row for one in page.rows], page.page, page.pages, page.total) == (rows, shown, 3, 5)
        assert pages._rows(session, upload, "error", asked).pages == 1
