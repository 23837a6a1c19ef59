"""One sheet from the door to the record and back: at each step all that a program is shown, and all that is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.db import Database
from monitor.intake.answers import Answers
from monitor.intake.batches import batch_of_import, changes_since, find_batch, group_of
from monitor.intake.importing import ProgramPlace, bring_in
from monitor.intake.pages import SHOWN, CheckPage, check_page, kinds_page, uploads_page
from monitor.intake.problems import problem_file
from monitor.intake.record.saving import save
from monitor.intake.record.undoing import undo
from monitor.intake.uploads import (
    answer,
    answers_of,
    check_of,
    held_rows,
    reading_of,
    receive,
    remember_answers,
    still_open,
)
from monitor.models import Adjudication, Attendance, Coverage, Enrollment, Upload, UploadRow
from tests.monitor.intake.sample_county import TODAY
from tests.monitor.intake.sample_record import LATER, NOW, County, opened, write_county
from tests.promises import held_by

WHOLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("whole_upload.yaml").read_text("utf-8"))
SEEN = ("file_name", "state", "state_words", "layout", "more_problems", "saves", "can_undo", "why_not_undo", "saved",
        "has_problem_file", "absences", "heading", "is_open", "has_drafts", "need_you")  # fmt: skip


@pytest.fixture
def county(database: Database) -> County:
    return write_county(database)


@pytest.mark.parametrize("name", WHOLE)
def test_all_that_is_shown_and_written_of_a_sheet_from_the_door_to_the_record_and_back(
    database: Database, county: County, name: str
) -> None:
    assert steps(database, county, WHOLE[name]) == WHOLE[name]["steps"]


def steps(database: Database, county: County, told: dict[str, Any]) -> dict[str, list[str]]:
    """What stands after each act."""
    found: dict[str, list[str]] = {}
    with held_by("monitor.intake"), database.scoped(county.scope, writes=True) as session:
        sheet = opened(told["text"].encode(), "week.csv")
        upload = receive(session, sheet, county.by())
        session.flush()
        assert still_open(session, sheet, county.by()) is upload
        found["received"] = [*_shown(session, upload, county), *_rows(session, upload), *_problem_file(session, upload)]
        before = answers_of(upload)
        answer(session, upload, msgspec.convert(told["answers"], Answers), TODAY)
        remember_answers(session, upload, before, TODAY, NOW)
        found["answered"] = [*_shown(session, upload, county), *_kinds(session, county)]
        done = save(session, upload, county.by())
        found["saved"] = [str(msgspec.structs.replace(done, receipt="")), *_shown(session, upload, county),
                          *_record(session), *_listed(session, upload, county)]  # fmt: skip
        if told.get("undo", True):
            undone = undo(session, upload, county.by(LATER), "wrong file")
            found["undone"] = [str(undone), *_shown(session, upload, county), *_record(session),
                               *_listed(session, upload, county)]  # fmt: skip
        session.rollback()
    return found


def _shown(session: ScopedSession, upload: Upload, county: County) -> Iterator[str]:
    page = check_page(session, upload, county.by())
    seen = "; ".join(f"{name} {getattr(page, name)}" for name in SEEN if getattr(page, name))
    yield f"page {seen}".replace(page.receipt or "no receipt", "RECEIPT")
    if not page.is_open:
        return
    yield from (f"question {one.code} {one.values[0]}" for one in page.questions)
    yield from (f"problem {one.message.text}{f' and {one.more} more' if one.more else ''}" for one in page.problems)
    yield from (f"warning {one.message.text}{f' and {one.more} more' if one.more else ''}" for one in page.warnings)
    yield from (f"change {_plain(one)}" for one in page.changes)
    yield from (f"column {one.header} {one.key} {one.field}" for one in page.columns)
    yield from (f"remembered {words}" for words in page.remembered)
    yield from _lines(session, upload, county, page)


def _lines(session: ScopedSession, upload: Upload, county: County, page: CheckPage) -> Iterator[str]:
    for outcome in (*SHOWN, "no such"):
        rows = page.rows if outcome == "new" else check_page(session, upload, county.by(), outcome).rows
        yield f"rows {rows.outcome}: page {rows.page} of {rows.pages}, {rows.total} in all"
        yield from (f"row {_plain(one)}" for one in rows.rows if outcome in SHOWN)


def _rows(session: ScopedSession, upload: Upload) -> Iterator[str]:
    codes = {key: code for key, code in session.execute(select(Enrollment.id, Enrollment.code))}
    rows = session.scalars(select(UploadRow).where(UploadRow.upload_id == upload.id)).all()
    for one in sorted(rows, key=lambda one: (one.row, one.column)):
        kept = (one.sheet, one.row, one.column, codes.get(one.enrollment_id or 0), one.occurred_on, one.says,
                one.outcome, one.code, one.attendance_id is not None, _sorted(one.content))  # fmt: skip
        yield f"kept {', '.join(str(each) for each in kept if each not in ('', None))}"


def _sorted(content: dict[str, Any]) -> str:
    """PostgreSQL keeps the names in an order of its own."""
    return json.dumps({name: value for name, value in content.items() if value != ""}, sort_keys=True)


def _record(session: ScopedSession) -> list[str]:
    codes = {key: code for key, code in session.execute(select(Enrollment.id, Enrollment.code))}
    facts = session.scalars(select(Attendance)).all()
    days = {fact.id: f"{codes[fact.enrollment_id]} {fact.occurred_on}" for fact in facts}
    linked = set(session.scalars(select(UploadRow.attendance_id)))
    lines = [f"attendance {days[one.id]} {_fields(one, days, linked)}" for one in facts]
    lines += [f"coverage {codes[one.enrollment_id]} {one.covers_from} to {one.covers_to} retracted {one.retracted} "
              f"{one.reason}" for one in session.scalars(select(Coverage))]  # fmt: skip
    lines += [f"decision {days[one.attendance_id or 0]} {one.decision} retracted {one.retracted} {one.reason}"
              for one in session.scalars(select(Adjudication))]  # fmt: skip
    return sorted(_without_receipt(line, session) for line in lines)


def _fields(one: Attendance, days: dict[int, str], linked: set[int | None]) -> str:
    told = {
        "number": one.number, "outcome": one.outcome, "says": one.program_says, "late": one.minutes_late,
        "kind": one.session_kind, "for": one.makeup_for_on, "minutes": one.minutes, "note": one.note,
        "source": one.source, "at": one.recorded_at, "by": one.recorded_by_id, "reason": one.reason,
        "instead of": days.get(one.supersedes_id or 0), "retracted": one.retracted or None,
        "of an upload": bool(one.upload_id), "linked": one.id in linked,
    }  # fmt: skip
    return "; ".join(f"{name} {value}" for name, value in told.items() if value is not None)


def _listed(session: ScopedSession, upload: Upload, county: County) -> Iterator[str]:
    """What the list of uploads says, and what software of the program is told."""
    page = uploads_page(session, county.agency)
    yield f"programs {[one.name for one in page.programs]}, groups {[one.code for one in page.groups]}"
    yield from (f"listed {one.file_name} {one.state_words} new {one.new} same {one.same} waiting {one.waiting}"
                for one in page.uploads)  # fmt: skip
    found = find_batch(session, upload.id, county.program)
    assert found is not None and find_batch(session, upload.id, county.neighbour_program) is None
    assert found[1].id == str(upload.id) and found[1].receipt == upload.receipt
    yield f"batch {found[1].state} saved {found[1].saved} waits {found[1].waits} new {found[1].new}"
    told = changes_since(session, county.program, "", LATER.replace(hour=23))
    yield f"changes {[one.type for one in told.changes]} at {[str(one.at) for one in told.changes]} more {told.more}"
    after = changes_since(session, county.program, told.next, LATER.replace(hour=23))
    assert after.changes == () and after.next == told.next
    assert changes_since(session, county.program, "", NOW).changes == ()


def _kinds(session: ScopedSession, county: County) -> Iterator[str]:
    for one in kinds_page(session, county.agency):
        yield f"kind {one.program} {_plain(one.kind.remembered)} {one.people}"


def _problem_file(session: ScopedSession, upload: Upload) -> Iterator[str]:
    file = problem_file(reading_of(upload), check_of(upload), held_rows(session, upload), TODAY)
    yield f"{file.file_name} {file.media_type}"
    yield from (f"line {line}" for line in file.content.decode("utf-8-sig").splitlines())


def _plain(one: msgspec.Struct) -> str:
    told = msgspec.to_builtins(one)
    return "; ".join(f"{name} {value}" for name, value in told.items() if value not in ("", None, {}, [], False))


def _without_receipt(line: str, session: ScopedSession) -> str:
    for receipt in session.scalars(select(Upload.receipt).where(Upload.receipt.is_not(None))):
        line = line.replace(str(receipt), "RECEIPT")
    return line


def test_what_a_machine_is_answered_when_it_brings_a_sheet_and_brings_it_again(
    database: Database, county: County
) -> None:
    place = ProgramPlace(county.program, county.agency, "America/Los_Angeles")
    sheet = opened(b"Name,Case #,11/9/2026\n\"Whitefeather, James\",25-CR-001220,P\n", "a.csv")
    told = []
    with held_by("monitor.intake"), database.scoped(place.scope, writes=True) as session:
        for _ in range(2):
            batch = batch_of_import(bring_in(session, sheet, place.receiver(NOW)))
            told.append((batch.state, batch.saved, bool(batch.id), bool(batch.receipt), batch.waits, batch.same))
        groups = [group_of(session, code, county.program) is not None for code in ("MON-6PM", "mon", "")]
        elsewhere = group_of(session, "MON-6PM", county.neighbour_program)
        session.rollback()
    assert told == [("SAVED", 1, True, True, False, 0), ("ALREADY_HERE", 0, False, False, False, 1)]
    assert (groups, elsewhere) == ([True, False, False], None)
