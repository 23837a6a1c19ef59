"""Evidence packets, certified records and the defense's log on the prosecutor's pages; and who reads none of it."""

from __future__ import annotations

import hashlib
import re
from datetime import date

import pytest
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.bench_page.foot import HOW, TO
from monitor.local_law import NOTHING_SET
from monitor.models import (
    Adjudication,
    Agency,
    Allegation,
    AllegationStep,
    Attendance,
    CertifiedMonth,
    EvidencePacket,
    Hearing,
    Release,
    random_id,
)
from monitor.prosecution import handing, keeping
from tests.builders import add_user, correct
from tests.office import NOW
from tests.prosecution_office import EXCUSED, MISSED
from tests.web.prosecuting.acting import (
    built,
    decide,
    evidence_of,
    kept,
    path_of,
    rows_offered,
)

# ── evidence ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_helps_stands_in_it_whatever_is_chosen_and_a_packet_of_nothing_is_refused(desk, prosecutor, database):
    path = path_of(desk)
    order, served, first, _second = rows_offered(prosecutor, path)
    packet = built(prosecutor, path, [order, first])
    found = evidence_of(database, packet)
    assert (len(found.orders), len(found.rests_on)) == (1, 1)
    assert any(piece.on == EXCUSED for piece in found.helps)
    refused = prosecutor.post(f"{path}/packets", data={"row": served})
    assert refused.status_code == 422 and "Choose at least one row" in refused.text


def test_gaps_are_named_by_day_and_program_and_months_that_nobody_certified_are_printed_as_such(
    desk, prosecutor, database
):
    found = evidence_of(database, built(prosecutor, path_of(desk)))
    assert "No roster for Mon, Jan 26, 2026 (near program)." in found.gaps
    assert not any("Feb 16" in gap for gap in found.gaps)
    assert found.months == ("February 2026, near program: NOT CERTIFIED BY THE PROGRAM.",)


def test_its_paper_is_drawn_again_to_the_same_bytes_and_neither_row_can_be_changed(desk, prosecutor, database):
    packet = built(prosecutor, path_of(desk))
    one, other = (prosecutor.get(f"{packet}?format=pdf").content for _ in range(2))
    row = kept(database, packet)
    assert one == other and one.startswith(b"%PDF")
    assert hashlib.sha256(one).hexdigest() == row.paper_hash
    assert hashlib.sha256(row.content.encode()).hexdigest() == row.content_hash
    with database.system("test: the record moves on") as session, session.begin():
        session.add(Hearing(case_id=desk.case, agency_id=desk.office.town.court_agency, court_id=desk.office.town.court,
                            kind="VIOLATION", starts_at=NOW, room="1", recorded_at=NOW))  # fmt: skip
    assert prosecutor.get(f"{packet}?format=pdf").content == one
    with pytest.raises(Exception, match="never changed"), database.system("test: by hand") as session, session.begin():
        session.get_one(EvidencePacket, row.id).content = "{}"


def test_a_packet_whose_bytes_are_not_those_that_were_kept_is_handed_to_nobody(desk, prosecutor, database):
    packet = built(prosecutor, path_of(desk))
    row = kept(database, packet)
    scope = Scope(user_id=prosecutor.user_id, role="prosecutor", agency_id=row.agency_id)
    for content, whole in ((row.content, True), (row.content.replace("Doe", "Roe", 1) + " ", False)):
        with database.scoped(scope) as session:
            session.scalars(select(EvidencePacket)).one().content = content  # as if somebody had; never written
            with session.no_autoflush:
                found = keeping.kept(session, row.id, NOTHING_SET, NOW)
            assert found is not None and found.whole is whole
            said = handing.faults_of(found, next(iter(TO)), next(iter(HOW))).get("given_to", "")
            assert ("not those that were kept" in said) is not whole
            session.rollback()


def test_a_certified_record_covers_its_days_with_hash_corrections_and_months(desk, prosecutor, database):
    case = f"/prosecution/cases/{desk.case}"
    assert prosecutor.post(f"{case}/records", data={"from_on": "2026-02-01"}).status_code == 422
    wrong = prosecutor.post(f"{case}/records", data={"from_on": "2026-02-28", "until_on": "2026-02-01"})
    assert wrong.status_code == 422
    made = prosecutor.post(f"{case}/records", data={"from_on": "2026-02-01", "until_on": "2026-02-28"})
    found = evidence_of(database, made.headers["location"])
    assert [piece.on for piece in found.rests_on] == sorted((*MISSED, EXCUSED))
    assert found.period == "Sun, Feb 1, 2026 to Sat, Feb 28, 2026"
    assert "February 2026, near program: NOT CERTIFIED BY THE PROGRAM." in found.months
    assert found.gaps == ("No roster for Mon, Feb 2, 2026 (near program).",)
    assert prosecutor.get(f"{made.headers['location']}?format=pdf").content.startswith(b"%PDF")


def test_a_month_that_the_program_certified_says_so_and_what_is_not_released_is_not_read(desk, prosecutor, database):
    town = desk.office.town
    with database.system("test: the program signs February") as session, session.begin():
        who = add_user(session, town.program_agency, "program", "signs@program.example")
        session.add(CertifiedMonth(agency_id=town.program_agency, program_id=town.program, month=date(2026, 2, 1),
                                   people=1, signed_as="P. Director", certified_at=NOW, certified_by_id=who))
    found = evidence_of(database, built(prosecutor, path_of(desk)))
    assert found.months == ("February 2026, near program: certified by the program, signed P. Director.",)
    case = f"/prosecution/cases/{desk.case}"
    assert "Custodian:</b> near program" in prosecutor.get(case).text or "No roster for" in prosecutor.get(case).text
    with database.system("test: not to the prosecution") as session, session.begin():
        place = desk.office.matter.enrollment
        session.add(Release(case_id=desk.case, agency_id=town.program_agency, recorded_at=NOW, occurred_on=MISSED[0],
                            enrollment_id=place, scope="probation,court", until_on=None))  # fmt: skip
    page = prosecutor.get(case).text
    assert "has not released attendance to the prosecution" in page and "No roster for" not in page
    made = prosecutor.post(f"{case}/records", data={"from_on": "2026-02-01", "until_on": "2026-02-28"})
    assert evidence_of(database, made.headers["location"]).rests_on == ()


# ── handing over ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_log_says_what_went_to_whom_and_what_did_not_and_invents_no_day(desk, prosecutor, database):
    path = path_of(desk)
    decide(prosecutor, path, "FILE", "VIOLATION")
    log = prosecutor.get("/disclosures").text
    assert "Still owed, 1" in log and "No day set" in log and "This site sets no day" in log
    packet = built(prosecutor, path)
    assert "Made and not handed over, 1" in prosecutor.get("/disclosures").text
    assert prosecutor.post(f"{packet}/copies", data={"given_to": "COUNSEL"}).status_code == 422
    for _ in range(2):
        assert prosecutor.post(f"{packet}/copies", data={"given_to": "COUNSEL", "how": "BY_HAND"}).status_code == 303
    log = prosecutor.get("/disclosures").text
    assert "Still owed, 0" in log and log.count("To counsel by hand") == 1
    with database.system("test: one is excused since") as session, session.begin():
        told = select(Adjudication).where(Adjudication.decision == "UNEXCUSED").order_by(Adjudication.occurred_on)
        correct(session, session.scalars(told).first(), NOW, decision="EXCUSED", why="MEDICAL")
    page = prosecutor.get(path).text
    assert "The defense does not have this yet" in page and "excused" in page
    [copy] = re.findall(r'name="copy" value="(\d+)"', prosecutor.get(packet).text)
    assert prosecutor.post(f"{packet}/copies/undo", data={"copy": copy}).status_code == 303
    assert "Still owed, 1" in prosecutor.get("/disclosures").text


def test_a_class_that_the_program_corrects_after_the_packet_went_is_told_as_not_yet_with_the_defense(
    desk, prosecutor, database
):
    path = path_of(desk)
    packet = built(prosecutor, path)
    prosecutor.post(f"{packet}/copies", data={"given_to": "COUNSEL", "how": "BY_HAND"})
    assert "The defense does not have this yet" not in prosecutor.get(path).text
    with database.system("test: the program corrects a class") as session, session.begin():
        told = select(Attendance).where(Attendance.occurred_on == MISSED[0])
        correct(session, session.scalars(told).one(), NOW, outcome="SESSION_CANCELLED")
    page = prosecutor.get(path).text
    assert "The defense does not have this yet" in page
    told = page.partition("does not have this yet")[2].partition("</ul>")[0]
    assert "Class of Mon, Feb 9" in told and ": was absent, corrected" in told


def test_a_report_that_was_withdrawn_makes_and_hands_over_no_packet_any_more(desk, prosecutor, officer):
    packet = built(prosecutor, path_of(desk))
    assert officer.post(f"/allegations/{desk.report}/withdraw", data={"reason": "A mistake."}).status_code == 303
    assert prosecutor.post(f"{packet}/copies", data={"given_to": "COUNSEL", "how": "BY_HAND"}).status_code == 422
    assert "Class: absent" not in prosecutor.get(packet).text
    assert not prosecutor.get(f"{packet}?format=pdf").content.startswith(b"%PDF")
    assert prosecutor.post(f"{path_of(desk)}/packets", data={"row": "x"}).status_code == 422
    assert "A mistake." not in prosecutor.get(path_of(desk)).text


# ── who reads what ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["officer", "judge", "clerk", "program", "victim_witness", "administrator"])
def test_no_other_role_opens_the_desk(desk, client_as, role):
    browser = client_as(role)
    for path in ("/prosecution", "/disclosures", path_of(desk), f"/prosecution/cases/{desk.case}"):
        assert browser.get(path).status_code == 403


def test_another_office_reads_the_same_as_for_what_does_not_exist(desk, client_as, prosecutor, database):
    packet = built(prosecutor, path_of(desk))
    far = random_id()
    with database.system("test: elsewhere") as session, session.begin():
        session.add(Agency(id=far, kind="prosecution", name="Far Prosecutor", code="far-da", zone="UTC"))
    stranger = client_as("prosecutor", agency_id=far)
    for path in (path_of(desk), packet, f"/prosecution/cases/{desk.case}"):
        assert stranger.get(path).status_code == 404
        assert stranger.get(re.sub(r"\d+$", "12345", path)).status_code == 404
    assert path_of(desk) not in stranger.get("/prosecution").text


def test_a_draft_reaches_nobody_of_the_prosecution(desk, prosecutor, database):
    with database.system("test: a report that no supervisor approved") as session, session.begin():
        number = random_id()
        session.add(Allegation(id=number, case_id=desk.case, agency_id=desk.office.town.office,
                               made_by_id=desk.office.officer, made_at=NOW))  # fmt: skip
        session.flush()
        session.add(AllegationStep(allegation_id=number, case_id=desk.case, agency_id=desk.office.town.office, number=1,
                                   kind="MADE", by_user_id=desk.office.officer, at=NOW))  # fmt: skip
    assert prosecutor.get(f"/prosecution/{number}").status_code == 404
    assert "To decide, 1" in prosecutor.get("/prosecution").text
