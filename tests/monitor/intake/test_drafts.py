"""Tables of reports and totals become drafts to review; they never become attendance."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from monitor.db import Database
from monitor.intake.answers import Answers
from monitor.intake.drafts import drafts_of
from monitor.intake.examine import examine
from monitor.intake.layouts.reports import Draft
from monitor.intake.reading.jail import read_file
from monitor.intake.record.saving import save
from monitor.intake.record.standing import read_stored
from monitor.intake.record.undoing import undo
from monitor.intake.uploads import find_upload, receive
from tests.monitor.intake.sample_county import desk
from tests.monitor.intake.sample_record import LATER, opened, write_county

SAMPLES = Path(__file__).parent / "samples"
HEADER = ("Client,Case #,Report Month,Sessions Attended,Unexcused,Participation,Takes responsibility,Recommendation,"
          "Notes")  # fmt: skip
JAMES = '"Whitefeather, James",25-CR-001220'


def drafts(line: str, header: str = HEADER) -> list[Draft]:
    reading = read_file(f"{header}\n{JAMES},{line}\n".encode(), "r.csv")
    found = examine(reading, desk("r.csv", answers=Answers(reports=True)))
    assert found.rows == () and found.check.layout == "R"
    return [one.draft for one in found.drafts]


@pytest.mark.parametrize("month", ["Oct 2026", "October 2026", "10/2026", "2026-10", "Oct", "10/31/2026", "octubre"])
def test_a_table_of_reports_becomes_drafts(month: str) -> None:
    (draft,) = drafts(f"{month},4,0,4/5,3,Return to court,Takes part")
    assert draft == Draft(month=date(2026, 10, 1), sessions_completed=4, absences_unexcused=0, rating=4,
                          responsibility=3, recommendation="RETURN_TO_COURT", comment="Takes part")  # fmt: skip


def test_what_is_not_understood_is_left_to_whoever_signs_and_named() -> None:
    (draft,) = drafts("soon,four,0,7,often,perhaps,his wife said no")
    assert set(draft.not_read) == {
        "Sessions Attended", "Recommendation", "Notes", "Report month", "Participation", "Takes responsibility",
    }  # fmt: skip
    assert draft.comment == "" and draft.recommendation == ""


def test_a_date_column_does_not_make_a_table_of_reports_attendance() -> None:
    header = "Client,Case #,Date,Status,Participation"
    assert drafts("11/9/2026,P,4", header)[0].rating == 4


def test_totals_are_laid_beside_the_record() -> None:
    reading = read_file((SAMPLES / "10_cumulative_totals_only.csv").read_bytes(), "a.csv")
    found = examine(reading, desk("a.csv")).drafts
    assert [(one.member.code, one.draft.sessions_completed, one.ours, one.differs) for one in found] == [
        ("P1001", 14, 1, True), ("P1003", 19, 0, True),
    ]  # fmt: skip


def test_drafts_are_kept_without_attendance_and_taken_back(database: Database) -> None:
    county = write_county(database)
    sheet = opened((SAMPLES / "28_monthly_progress.csv").read_bytes(), "r.csv")
    with database.scoped(county.scope, writes=True) as session:
        upload = receive(session, sheet, msgspec.structs.replace(county.by(), reports=True))
        done = save(session, upload, county.by())
        session.commit()
    october = date(2026, 10, 1)
    with database.scoped(county.scope) as session:
        kept = drafts_of(session, county.program, october)
        assert (done.count, done.drafts, len(read_stored(session, county.program))) == (2, True, 2)
    assert sorted((draft.sessions_completed, draft.rating, draft.recommendation) for draft in kept.values()) == [
        (2, 2, "RETURN_TO_COURT"), (4, 4, "CONTINUE"),
    ]  # fmt: skip
    with database.scoped(county.scope, writes=True) as session:
        found = find_upload(session, upload.id)
        assert found is not None and undo(session, found, county.by(LATER)).too_late == ""
        assert drafts_of(session, county.program, october) == {}
