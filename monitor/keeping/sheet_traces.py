"""What sheets that came in still say of a person: rows, kept checks, the file's own bytes."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from monitor.intake.cells.people import fold
from monitor.models import Attendance, Case, Enrollment, KeptAnswer, Person, Program, SheetProfile, Upload, UploadRow

UNDECIDED = ("READING", "NEEDS_ANSWERS", "READY")


def sheets_about(session: Session, case: Case) -> dict[int, list[int]]:
    """Sheets that tell of the person's places, each with its rows that no place was found for and that name them."""
    places = _places(session, case)
    return _by_rows(session, case) | _by_words(session, case, places) if places else {}


def _places(session: Session, case: Case) -> Any:
    asked = select(Enrollment.id, Enrollment.code, Enrollment.program_id).where(Enrollment.case_id == case.id)
    return session.execute(asked).all()


def forget_in_sheets(session: Session, case: Case) -> dict[str, int]:
    """Remove rows of sheets about the person's places, and content and check of every sheet that tells of them.

    A sheet that waits to be saved is put aside with it: the program sends it again without this person.
    """
    places = _places(session, case)
    if not places:
        return {}
    touched = sheets_about(session, case)
    aliases = _forget_names(session, case, places)
    gone = _delete_rows(session, case, [row for rows in touched.values() for row in rows])
    for upload in touched:
        emptied: dict[str, Any] = {"content": None, "check": {}, "answers": {}}
        of_it = update(Upload).where(Upload.id == upload)
        session.execute(of_it.values(**emptied))
        session.execute(of_it.where(Upload.state.in_(UNDECIDED)).values(state="DISCARDED"))
        session.execute(delete(KeptAnswer).where(KeptAnswer.upload_id == upload))
    answers = _forget_answers(session, case, places)
    told = {"kept_answer": answers, "upload": len(touched), "upload_row": gone, "sheet_profile": aliases}
    return {name: count for name, count in told.items() if count}


def _forget_answers(session: Session, case: Case, places: Any) -> int:
    """What was answered to machines about sheets that hold the name, also where the sheet itself is gone already."""
    words = _words(session, case, places)
    agencies = select(Program.agency_id).where(Program.id.in_({place.program_id for place in places}))
    rows = session.execute(select(KeptAnswer.id, KeptAnswer.content).where(KeptAnswer.agency_id.in_(agencies)))
    found = [row.id for row in rows if any(word in row.content.decode().casefold() for word in words)]
    session.execute(delete(KeptAnswer).where(KeptAnswer.id.in_(found)))
    return len(found)


def _words(session: Session, case: Case, places: Any) -> list[str]:
    person = session.get_one(Person, case.person_id)
    return [person.family_name.casefold(), *(place.code.casefold() for place in places)]


def _forget_names(session: Session, case: Case, places: Any) -> int:
    """What programs settled about names that mean this person, or read like them; how many kinds of sheet changed."""
    codes = {place.code for place in places}
    family = fold(session.get_one(Person, case.person_id).family_name)
    changed = 0
    for profile in session.scalars(
        select(SheetProfile).where(SheetProfile.program_id.in_({place.program_id for place in places}))
    ):
        people = dict(profile.answers.get("people", {}))
        kept = {
            name: alias for name, alias in people.items()
            if alias["code"] not in codes and not codes & set(alias.get("among", ())) and family not in name
        }  # fmt: skip
        if kept != people:
            profile.answers = {**profile.answers, "people": kept}
            changed += 1
    return changed


def _of_case(case: Case) -> Any:
    places = select(Enrollment.id).where(Enrollment.case_id == case.id)
    classes = select(Attendance.id).where(Attendance.case_id == case.id)
    return or_(UploadRow.enrollment_id.in_(places), UploadRow.attendance_id.in_(classes))


def _by_rows(session: Session, case: Case) -> dict[int, list[int]]:
    """Sheets that were matched with the person, or from which classes were saved."""
    matched = session.scalars(select(UploadRow.upload_id).where(_of_case(case)).distinct())
    saved = session.scalars(
        select(Attendance.upload_id).where(Attendance.case_id == case.id, Attendance.upload_id.is_not(None)).distinct()
    )
    return {number: [] for number in (*matched, *saved) if number is not None}


def _by_words(session: Session, case: Case, places: Any) -> dict[int, list[int]]:
    """Sheets of the person's programs whose rows or checks hold the name or the participant's number."""
    words = _words(session, case, places)
    programs = {place.program_id for place in places}
    found: dict[int, list[int]] = {}
    ours = select(Upload.id, Upload.check, Upload.answers).where(Upload.program_id.in_(programs))
    for upload in session.execute(ours):
        if _says([upload.check, upload.answers], words):
            found.setdefault(upload.id, [])
    loose = select(UploadRow.id, UploadRow.upload_id, UploadRow.content).join(Upload, Upload.id == UploadRow.upload_id)
    for row in session.execute(loose.where(Upload.program_id.in_(programs), UploadRow.enrollment_id.is_(None))):
        if _says(row.content, words):
            found.setdefault(row.upload_id, []).append(row.id)
    return found


def _says(told: Any, words: list[str]) -> bool:
    text = msgspec.json.encode(told).decode().casefold()
    return any(word in text for word in words)


def _delete_rows(session: Session, case: Case, loose: list[int]) -> int:
    done: Any = session.execute(delete(UploadRow).where(_of_case(case)).execution_options(synchronize_session=False))
    count: int = done.rowcount
    for number in loose:
        session.execute(delete(UploadRow).where(UploadRow.id == number))
    return count + len(loose)
