"""From file to record and back: the dry run is what saving does, twice changes nothing, undo takes all of it back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.db import Database
from monitor.intake.answers import Answers, Choice
from monitor.intake.check import Check
from monitor.intake.record.locks import CERTIFIED, CORRECTED, DECIDED, OLD, USED
from monitor.intake.record.saving import Saved, save
from monitor.intake.record.standing import read_stored
from monitor.intake.record.undoing import UNSAFE, undo
from monitor.intake.uploads import (
    NotOpen,
    answer,
    answers_of,
    check_of,
    discard,
    find_upload,
    forget_contents,
    receive,
)
from monitor.models import (
    Adjudication,
    Attendance,
    CertifiedMonth,
    Coverage,
    Dirty,
    Flag,
    Order,
    Span,
    Told,
    Upload,
    UploadRow,
    User,
)
from tests.monitor.intake.sample_county import TODAY
from tests.monitor.intake.sample_record import LATER, NOW, County, opened, write_county

SAMPLES = Path(__file__).parent / "samples"
# one of each layout that records attendance; test_samples.py covers all of them without a database
RECORDED = ("04_wide_week_numbers_with_start.csv", "07_signin_sheet.csv", "08_ehr_appointments_export.csv",
            "13_duplicates_and_conflicts.csv", "18_transposed.csv")  # fmt: skip


@pytest.fixture
def county(database: Database) -> County:
    return write_county(database)


def upload(database: Database, county: County, name: str, **answers: Any) -> int:
    """Receive a sample, and answer it."""
    with database.scoped(county.scope, writes=True) as session:
        sheet = opened((SAMPLES / name).read_bytes(), name)
        received = receive(session, sheet, county.by())
        if answers:
            answer(session, received, Answers(**answers), TODAY)
        session.commit()
        return received.id


def saved(database: Database, county: County, upload_id: int) -> Saved:
    with database.scoped(county.scope, writes=True) as session:
        done = save(session, get(session, upload_id), county.by())
        session.commit()
        return done


def get(session: ScopedSession, upload_id: int) -> Upload:
    found = find_upload(session, upload_id)
    assert found is not None
    return found


def check(database: Database, county: County, upload_id: int) -> Check:
    with database.scoped(county.scope) as session:
        return check_of(get(session, upload_id))


def record(database: Database, county: County) -> dict[tuple[str, date, int], str]:
    """What stands: (participant, day, number) to status."""
    from monitor.models import Enrollment

    with database.scoped(county.scope) as session:
        codes = {row.id: row.code for row in session.execute(select(Enrollment.id, Enrollment.code))}
        stored = read_stored(session, county.program)
        return {(codes[key], on, number): one.says for (key, on, number), one in stored.items()}


def test_nothing_is_on_record_before_it_is_saved(database: Database, county: County) -> None:
    before = record(database, county)
    upload(database, county, "02_wide_weekly_dates.csv")
    assert record(database, county) == before


def test_saving_does_exactly_what_the_check_said(database: Database, county: County) -> None:
    before = record(database, county)
    upload_id = upload(database, county, "02_wide_weekly_dates.csv")
    told = check(database, county, upload_id)
    done = saved(database, county, upload_id)
    added = {key: says for key, says in record(database, county).items() if key not in before}
    assert done.count == told.new == len(added) == 10
    assert {(code, str(on), says) for (code, on, _), says in added.items()} == set(told.records)


@pytest.mark.parametrize("name", RECORDED)
def test_a_sample_uploaded_again_after_saving_brings_nothing_new(database: Database, county: County, name: str) -> None:
    first = upload(database, county, name)
    told = check(database, county, first)
    saved(database, county, first)
    again = check(database, county, upload(database, county, name))
    # a change that nobody chose to take from the file is still a change
    assert (again.new, again.changed) == (0, told.changed)
    assert again.same == told.same + told.new


def test_a_saved_file_that_comes_again_says_so(database: Database, county: County) -> None:
    first = upload(database, county, "01_long_clean.csv")
    receipt = saved(database, county, first).receipt
    again = check(database, county, upload(database, county, "01_long_clean.csv"))
    assert [(message.code, message.detail) for message in again.messages] == [("F-SEEN", receipt)]


def test_an_open_upload_is_taken_up_again_instead_of_lying_there_twice(database: Database, county: County) -> None:
    assert upload(database, county, "01_long_clean.csv") == upload(database, county, "01_long_clean.csv")


def test_an_upload_cannot_be_saved_twice(database: Database, county: County) -> None:
    first = upload(database, county, "01_long_clean.csv")
    saved(database, county, first)
    with pytest.raises(NotOpen):
        saved(database, county, first)


def test_good_rows_are_saved_although_others_are_bad(database: Database, county: County) -> None:
    first = upload(database, county, "13_duplicates_and_conflicts.csv")
    assert saved(database, county, first).count == 1
    assert ("P1003", date(2026, 11, 16), 1) not in record(database, county)


def test_an_absence_keeps_the_programs_word_and_waits_for_a_decision(database: Database, county: County) -> None:
    saved(database, county, upload(database, county, "01_long_clean.csv"))
    with database.system("test", writes=False) as session:
        rows = session.execute(
            select(Attendance.program_says, Attendance.outcome, Attendance.note, Attendance.source)
            .where(Attendance.occurred_on == date(2026, 11, 9))
        ).all()  # fmt: skip
        assert session.scalar(select(Adjudication.id)) is None
        assert session.scalar(select(Dirty.id)) is not None
    assert {(says, outcome) for says, outcome, *_ in rows} == {
        ("P", "PRESENT"), ("L", "PRESENT_LATE"), ("U", "ABSENT"), ("E", "ABSENT"),
    }  # fmt: skip
    assert ("U", "ABSENT", "no call", "01_long_clean.csv:4") in [tuple(row) for row in rows]


def test_a_change_is_kept_out_until_somebody_chooses_it(database: Database, county: County) -> None:
    first = upload(database, county, "14_reupload_same_and_changed.csv")
    assert saved(database, county, first).count == 2
    assert record(database, county)["P1003", date(2026, 11, 2), 1] == "U"


def test_a_change_that_takes_an_absence_back_needs_a_reason(database: Database, county: County) -> None:
    key = "P1003/2026-11-02/1"
    first = upload(database, county, "14_reupload_same_and_changed.csv", changes={key: Choice(use=True)})
    assert saved(database, county, first).reasons_missing == (key,)
    with database.scoped(county.scope, writes=True) as session:
        found = get(session, first)
        answer(session, found, Answers(changes={key: Choice(use=True, reason="letter came")}), TODAY)
        session.commit()
    assert saved(database, county, first).count == 3
    assert record(database, county)["P1003", date(2026, 11, 2), 1] == "E"
    with database.system("test", writes=False) as session:
        newest = session.scalars(select(Attendance).where(Attendance.supersedes_id.is_not(None))).one()
        assert (newest.reason, newest.program_says) == ("letter came", "E")


def test_a_reason_that_may_tell_of_a_protected_person_is_not_kept(database: Database, county: County) -> None:
    key = "P1003/2026-11-02/1"
    choice = {key: Choice(use=True, reason="his wife called, she wants him excused")}
    first = upload(database, county, "14_reupload_same_and_changed.csv", changes=choice)
    assert saved(database, county, first).reasons_unsafe == (key,)
    saved(database, county, other := upload(database, county, "01_long_clean.csv"))
    with database.scoped(county.scope, writes=True) as session:
        assert undo(session, get(session, other), county.by(LATER), "she is at 12 Elm St").too_late == UNSAFE


def test_what_was_kept_of_a_file_goes_when_nothing_needs_it_any_more(database: Database, county: County) -> None:
    clean, bad = "01_long_clean.csv", "12_future_old_and_discharged.csv"
    for name, kept in ((clean, False), (bad, True)):
        saved(database, county, first := upload(database, county, name))
        with database.scoped(county.scope) as session:
            assert (get(session, first).content is not None) == kept
    with database.scoped(county.scope, writes=True) as session:
        assert (forget_contents(session, LATER), forget_contents(session, LATER)) == (1, 0)


def test_undoing_takes_back_all_and_saving_again_gives_the_same(database: Database, county: County) -> None:
    before = record(database, county)
    key = "P1003/2026-11-02/1"
    answers = {"changes": {key: Choice(use=True, reason="letter came")}, "everyone": True}
    first = upload(database, county, "14_reupload_same_and_changed.csv", **answers)
    count = saved(database, county, first).count
    after = record(database, county)
    with database.scoped(county.scope, writes=True) as session:
        assert undo(session, get(session, first), county.by(LATER), "wrong file").count == count
        session.commit()
    assert record(database, county) == before
    with database.system("test", writes=False) as session:
        standing = _standing(session.scalars(select(Coverage)).all())
        assert standing == []
    second = upload(database, county, "14_reupload_same_and_changed.csv", **answers)
    assert second != first
    saved(database, county, second)
    assert record(database, county) == after


def _standing(rows: Any) -> list[Any]:
    replaced = {row.supersedes_id for row in rows}
    return [row for row in rows if row.id not in replaced and not row.retracted]


def test_undo_is_refused_when_a_record_was_corrected_or_decided_or_is_old(database: Database, county: County) -> None:
    first = upload(database, county, "01_long_clean.csv")
    saved(database, county, first)
    with database.scoped(county.scope, writes=True) as session:
        late = county.by(NOW + timedelta(days=15))
        assert undo(session, get(session, first), late).too_late == OLD
    with database.system("test") as session, session.begin():
        no_shows = select(Attendance).where(Attendance.program_says == "U", Attendance.upload_id == first)
        fact = session.scalars(no_shows).one()
        session.add(
            Adjudication(case_id=fact.case_id, agency_id=county.neighbour, recorded_at=LATER, attendance_id=fact.id,
                         decision="UNEXCUSED", decided_by="OFFICER", why=None, occurred_on=TODAY)
        )  # fmt: skip
    with database.scoped(county.scope, writes=True) as session:
        assert undo(session, get(session, first), county.by(LATER)).too_late == DECIDED
    saved(database, county, upload(database, county, "12_future_old_and_discharged.csv"))
    other = upload(database, county, "21_wrong_weekday.csv")
    saved(database, county, other)
    with database.system("test") as session, session.begin():
        fact = session.scalars(select(Attendance).where(Attendance.upload_id == other)).first()
        assert fact is not None
        values = {"case_id": fact.case_id, "agency_id": fact.agency_id, "enrollment_id": fact.enrollment_id}
        session.add(Attendance(**values, recorded_at=LATER, occurred_on=fact.occurred_on, outcome="PRESENT",
                               program_says="P", source="grid", supersedes_id=fact.id))  # fmt: skip
    with database.scoped(county.scope, writes=True) as session:
        assert undo(session, get(session, other), county.by(LATER)).too_late == CORRECTED


def test_days_are_covered_only_when_somebody_says_that_everyone_is_there(database: Database, county: County) -> None:
    saved(database, county, upload(database, county, "02_wide_weekly_dates.csv"))
    with database.system("test", writes=False) as session:
        assert session.scalar(select(Coverage.id)) is None
    saved(database, county, upload(database, county, "14_reupload_same_and_changed.csv", everyone=True))
    with database.system("test", writes=False) as session:
        days = sorted(set(session.scalars(select(Coverage.covers_from))))
        members = len(set(session.scalars(select(Coverage.enrollment_id))))
    assert days == [date(2026, 11, 2), date(2026, 11, 9)]
    assert members == 4  # the Monday group on those days, without the one who was discharged in October


def test_a_day_with_a_doubtful_row_is_not_covered(database: Database, county: County) -> None:
    saved(database, county, upload(database, county, "13_duplicates_and_conflicts.csv", everyone=True))
    with database.system("test", writes=False) as session:
        assert session.scalar(select(Coverage.id)) is None


def test_somebody_elses_participant_reads_like_one_who_does_not_exist(database: Database, county: County) -> None:
    told = []
    for name, case in (("Nguyen, Paul", "25-CR-009999"), ("Absent, Pat", "99-XX-000000")):
        content = f'Name,Case #,Date,Status\n"{name}",{case},11/9/2026,P\n'.encode()
        with database.scoped(county.scope, writes=True) as session:
            received = receive(session, opened(content, "one.csv"), county.by())
            told.append(check_of(received).errors)
    texts = [[(m.code, m.text.replace("Nguyen, Paul", "X").replace("Absent, Pat", "X")) for m in each] for each in told]
    assert texts[0] == texts[1]
    assert told[0][0].code == "R-WHO-NOT-ON-ROSTER"


def test_a_check_that_is_no_longer_true_is_shown_again_instead_of_saved(database: Database, county: County) -> None:
    first = upload(database, county, "02_wide_weekly_dates.csv")
    saved(database, county, upload(database, county, "01_long_clean.csv"))
    assert saved(database, county, first).check_again
    told = check(database, county, first)
    assert (told.new, told.same, told.changed) == (6, 6, 0)
    assert saved(database, county, first).count == 6


def test_a_dropped_upload_leaves_nothing_of_the_file(database: Database, county: County) -> None:
    first = upload(database, county, "01_long_clean.csv")
    with database.scoped(county.scope, writes=True) as session:
        discard(session, get(session, first))
        session.commit()
    with database.scoped(county.scope) as session:
        found = get(session, first)
        assert (found.content, found.check, found.state) == (None, {}, "DISCARDED")
        assert session.scalar(select(UploadRow.id)) is None


def test_answers_settle_what_was_held(database: Database, county: County) -> None:
    first = upload(database, county, "05_A_means_absent.csv", values={"a": "ABS"})
    told = check(database, county, first)
    assert (told.held, told.new, told.changed) == (0, 5, 1)
    people = {"robert smith": "P1001", "bobby smith": "P1001", "tran van minh": "nobody"}
    second = upload(database, county, "09_two_smiths_no_dob.csv", people=people)
    told = check(database, county, second)
    assert (told.new, told.skipped, [message.code for message in told.errors]) == (1, 1, ["R-WHO-NOT-ON-ROSTER"])
    third = upload(database, county, "03_wide_week_numbers_no_dates.csv", week_one=date(2026, 10, 26))
    assert [question.code for question in check(database, county, third).questions] == ["Q-VALUE"]
    fourth = upload(database, county, "20_semicolon_spanish.csv", day_first=True)
    assert check(database, county, fourth).records == (
        ("P1002", "2026-11-09", "P"), ("P1002", "2026-11-16", "ABS"),
    )  # fmt: skip
    with database.scoped(county.scope) as session:
        assert answers_of(get(session, fourth)).day_first is True


def certify(database: Database, county: County, month: date) -> None:
    with database.system("test: a signed month") as session, session.begin():
        user = User(id=7_000_001, name="J. Doe", email="doe@program.example", password_hash="-", created_at=NOW)
        session.merge(user)
        session.add(CertifiedMonth(id=7_000_002, agency_id=county.agency, program_id=county.program, month=month,
                                   people=4, signed_as="J. Doe", certified_at=NOW, certified_by_id=user.id))


def test_a_sheet_changes_nothing_in_a_month_that_is_signed(database: Database, county: County) -> None:
    certify(database, county, date(2026, 11, 1))
    first = upload(database, county, "14_reupload_same_and_changed.csv")
    told = check(database, county, first)
    assert (told.new, told.changed, told.same) == (0, 0, 1)
    assert {error.code for error in told.errors} == {"C-LOCKED"}
    assert saved(database, county, first).count == 0


def test_an_upload_cannot_be_undone_once_its_month_is_signed(database: Database, county: County) -> None:
    first = upload(database, county, "01_long_clean.csv")
    saved(database, county, first)
    certify(database, county, date(2026, 11, 1))
    with database.scoped(county.scope, writes=True) as session:
        assert undo(session, get(session, first), county.by(LATER)).too_late == CERTIFIED
    certified_elsewhere = upload(database, county, "12_future_old_and_discharged.csv")
    saved(database, county, certified_elsewhere)
    with database.scoped(county.scope, writes=True) as session:
        assert undo(session, get(session, certified_elsewhere), county.by(LATER)).too_late == ""


@pytest.mark.parametrize(("act", "expected"), [("DOCKET", USED), ("PACKET", USED), ("REPORTED", USED), ("SEEN", "")])
def test_an_upload_cannot_be_undone_once_a_record_of_it_is_used(
    database: Database, county: County, act: str, expected: str
) -> None:
    first = upload(database, county, "01_long_clean.csv")
    saved(database, county, first)
    with database.system("test: a flag that was told") as session, session.begin():
        no_shows = select(Attendance).where(Attendance.program_says == "U", Attendance.upload_id == first)
        fact = session.scalars(no_shows).one()
        case = {"case_id": fact.case_id}
        order = Order(id=1, agency_id=county.neighbour, kind="PROBATION", number="1", **case)
        session.add(order)
        content = {"evidence": [str(fact.id)], "about": str(fact.id)}
        session.add(Span(id=2, order_id=1, key="k", version="v", code="ABSENCE_PENDING", owner="probation",
                         severity="review", certainty="CERTAIN", starts_on=TODAY, starts_at=NOW, ends_at=None,
                         due_on=None, clears_on=None, response_class=None, about_id=fact.id, known_from=NOW,
                         known_until=None, content=content, **case))  # fmt: skip
        session.add(Flag(id=3, agency_id=county.neighbour, key="k", span_id=2, version="v", code="ABSENCE_PENDING",
                         owner="probation", severity="review", response_class=None, state="OPEN", first_on=TODAY,
                         due_on=None, opened_at=NOW, closed_at=None, contested=False, **case))  # fmt: skip
        session.add(Told(id=4, agency_id=county.neighbour, flag_id=3, version="v", user_id=None, role="judge", act=act,
                         document_id=None, told_at=NOW, again_at=NOW, content={}, **case))  # fmt: skip
    with database.scoped(county.scope, writes=True) as session:
        assert undo(session, get(session, first), county.by(LATER)).too_late == expected
