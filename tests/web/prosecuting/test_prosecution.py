"""The prosecutor's desk through its pages: decide, refer back, evidence with custodians, and what was handed over."""

from __future__ import annotations

import re
from datetime import date, timedelta

import msgspec
from sqlalchemy import event, select

from monitor.clock import utc_now
from monitor.context_reviews import raise_mirrors
from monitor.local_law import LocalLaw
from monitor.models import (
    Agency,
    Case,
    CaseAgency,
    ChargingDecision,
    ContextReview,
    Incident,
    OrderVersion,
    Outbox,
    RecordNotice,
    SafetyStep,
    random_id,
)
from monitor.name_words import keys_among
from monitor.party_names import Parties
from monitor.prosecution.clock import clock_of
from monitor.prosecution.keeping import all_kept
from monitor.prosecution.reading import sent
from monitor.response_matrix.default import DEFAULT
from tests.builders import firearms_declared, person_with_order
from tests.matrix import adopt
from tests.office import NOW
from tests.prosecution_office import EXCUSED, MISSED
from tests.web.accounts import SECRET
from tests.web.caring.desk import desk as caring
from tests.web.caring.desk import items
from tests.web.prosecuting.acting import (
    WHY,
    asks_for,
    built,
    decide,
    evidence_of,
    kept,
    only_a_call,
    path_of,
    rows_offered,
    token_of,
)

# ── as practitioners.md 4 puts it ───────────────────────────────────────────────────────────────────────────────────


def test_two_missed_sessions_a_served_order_and_one_excused_absence_make_the_packet(desk, prosecutor, database):
    """Given two missed sessions (roster), a served order and one excused absence
    When the prosecutor builds the packet
    Then it holds exactly those rows with the excused one, names a custodian for each, contains no protected-party
    statement, and is refused if the only basis is a call-back request.
    """
    packet = built(prosecutor, path_of(desk))
    found = evidence_of(database, packet)
    assert [piece.on for piece in found.rests_on if piece.text == "Class: absent"] == list(MISSED)
    assert {piece.on for piece in found.rests_on} == set(MISSED)
    assert [piece.custodian for piece in found.rests_on] == ["near program"] * 2
    assert any("served in court" in piece.text for piece in found.orders)
    assert {piece.custodian for piece in found.orders} == {"Clerk of near court"}
    excused = [piece for piece in found.helps if "excused" in piece.text and piece.on == EXCUSED]
    assert excused
    assert all(piece.custodian for piece in (*found.orders, *found.rests_on, *found.helps))
    screen = prosecutor.get(packet).text
    assert "Custodian:" in screen and "Mon, Feb 16, 2026" in screen
    assert not re.search(r"\b(she|her|victim|protected|told|said|asked|call-back)\b", found_text(found), re.I)
    only_a_call(database, desk)
    answer = prosecutor.post(f"{path_of(desk)}/packets", data={"row": "none"})
    assert answer.status_code == 422
    assert "nothing independent stands behind it" in answer.text


def found_text(found):
    return msgspec.json.encode(msgspec.structs.replace(found, dismissed=(), matters=())).decode()


def test_the_case_page_has_police_reports_and_that_a_record_exists(desk, prosecutor, database):
    """Access matrix, rows 10 and 15: both, beside the case that they are about."""
    case = f"/prosecution/cases/{desk.case}"
    before = prosecutor.get(case).text
    assert "None is about this case" in before
    with database.system("test: a report and a notice") as session, session.begin():
        police = Agency(id=random_id(), kind="law_enforcement", name="Near Sheriff", code="near-so", zone="UTC")
        keeper = Agency(id=random_id(), kind="medical", name="Riverside Records", code="near-rec", zone="UTC")
        session.add_all([police, keeper])
        session.flush()
        told = {"kind": "REPORT", "number": "PD-77", "touched": "05", "strangulation": "NO"}
        session.add(Incident(case_id=desk.case, agency_id=police.id, occurred_at=NOW, weapon=False, accounts=True,
                             recorded_at=NOW, **told))  # fmt: skip
        session.add(RecordNotice(agency_id=keeper.id, number="PD-77", custodian_id=keeper.id, basis="LAW", told=True,
                                 noticed_on=NOW.date(), receipt="AAAAA-AAAAA", recorded_at=NOW,
                                 recorded_by_id=desk.office.officer))  # fmt: skip
    page = prosecutor.get(case).text
    assert "PD-77" in page and "Near Sheriff" in page and "contact in any way (05)" in page
    assert "A record exists; Riverside Records; required by law; patient told: yes" in page


def test_packets_of_one_report_cost_no_more_statements(desk, prosecutor, database):
    """Given a report with a packet When more are made of it Then the case page asks no more of the database."""
    path = path_of(desk)
    built(prosecutor, path)
    few = _statements(desk, database)
    rows = rows_offered(prosecutor, path)
    for left_out in rows[:2]:
        built(prosecutor, path, [row for row in rows if row != left_out])
    with desk.scoped() as session:
        assert len(all_kept(session, LocalLaw(), NOW, case_id=desk.case)) == 3
    assert _statements(desk, database) == few


def _statements(desk, database):
    with desk.scoped() as session:
        asked = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *told: asked.append(told[2]))
        all_kept(session, LocalLaw(), NOW, case_id=desk.case)
    return len(asked)


def test_a_reversed_case_is_looked_at_before_it_is_filed(desk, prosecutor, database):
    """Given the respondent is the protected party in a reversed case
    Then a context-review task must be closed before "file" is enabled.
    """
    with database.system("test: the parties the other way round") as session, session.begin():
        other = person_with_order(session, desk.office.town, number="26-DV-REVERSED")
        ann, ben = keys_among("Sample, Ann"), keys_among("Example, Ben")
        ours = Parties(desk.case, desk.office.matter.person, ann, ben)
        theirs = Parties(other.case, other.person, ben, ann)
        assert raise_mirrors(session, [ours, theirs], SECRET, NOW)
    page = prosecutor.get(path_of(desk)).text
    assert "A context question of this case is open" in page
    assert re.search(r'value="FILE"[^>]*disabled', page)
    assert decide(prosecutor, path_of(desk), "FILE", "VIOLATION").status_code == 422
    assert "Context questions, 2" in prosecutor.get("/prosecution").text
    with database.system("test: probation closes its own") as session, session.begin():
        close(session, desk.office.town.office)
    [question] = re.findall(r'action="(/context/\d+/done)"', prosecutor.get("/context").text)
    assert prosecutor.post(question).status_code == 303
    assert not re.search(r'value="FILE"[^>]*disabled', prosecutor.get(path_of(desk)).text)
    assert decide(prosecutor, path_of(desk), "FILE", "VIOLATION").status_code == 303


def close(session, agency):
    for row in session.scalars(select(ContextReview).where(ContextReview.agency_id == agency)).all():
        row.done_at, row.done_by_id = NOW, 1


# ── the decision ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_role_lands_on_its_list_and_a_report_stands_there_without_an_invented_clock(desk, prosecutor):
    assert prosecutor.get("/").headers["location"] == "/prosecution"
    page = prosecutor.get("/prosecution").text
    assert "To decide, 1" in page and path_of(desk) in page
    assert "The local matrix sets no time for this decision: no clock." in prosecutor.get(path_of(desk)).text


def test_the_clock_is_the_local_matrixs_and_stands_still_once_it_is_decided(desk, prosecutor, database):
    clocks = {**DEFAULT.classes["B"].clocks, "decide": "5 court days"}
    b = msgspec.structs.replace(DEFAULT.classes["B"], clocks=clocks)
    own = msgspec.structs.replace(DEFAULT, classes={**DEFAULT.classes, "B": b})
    with database.system("test: the team adopts a matrix") as session, session.begin():
        adopt(session, desk.office.town.office, desk.office.officer, desk.office.supervisor, date(2026, 1, 5), NOW,
              content=own)  # fmt: skip
    page = prosecutor.get(path_of(desk)).text
    assert "Class B: to be decided by Wed, Mar 11, 2026" in page and "over its own clock" in page
    assert decide(prosecutor, path_of(desk), "DECLINE", "EXPLAINED").status_code == 303
    one, later = clock_on(desk, utc_now()), clock_on(desk, utc_now() + timedelta(days=40))
    assert one.days_over == later.days_over


def test_of_several_matters_the_tightest_clock_holds(desk, database):
    decide_in = {"B": "5 court days", "D": "1 court day", "C": "9 court days"}
    classes = {
        letter: msgspec.structs.replace(one, clocks={**one.clocks, "decide": decide_in.get(letter, "")})
        for letter, one in DEFAULT.classes.items()
    }  # fmt: skip
    with database.system("test: the team adopts a matrix") as session, session.begin():
        adopt(session, desk.office.town.office, desk.office.officer, desk.office.supervisor, date(2026, 1, 5), NOW,
              content=msgspec.structs.replace(DEFAULT, classes=classes))  # fmt: skip
    with desk.scoped() as session:
        report = sent(session, desk.report, NOW, LocalLaw())
        three = [msgspec.structs.replace(report.facts.matters[0], response_class=letter) for letter in "BDC"]
        found, alone = (
            clock_of(session, report.case_id, matters, NOW, report.zone, NOW) for matters in (three, three[1:2])
        )
    assert found == alone and found.response_class == "D"


def clock_on(desk, now):
    with desk.scoped() as session:
        return sent(session, desk.report, now, LocalLaw()).clock


def test_a_decision_has_its_own_reason_and_words_and_is_on_record_with_who(desk, prosecutor):
    for reason, words in (("", WHY), ("EXPLAINED", WHY), ("VIOLATION", " ")):
        assert decide(prosecutor, path_of(desk), "FILE", reason, words).status_code == 422
    held = decide(prosecutor, path_of(desk), "DECLINE", "OTHER", "She told me that she lives at 12 Oak Street.")
    assert held.status_code == 422
    assert decide(prosecutor, path_of(desk), "FILE", "CONTEMPT").status_code == 303
    page = prosecutor.get(path_of(desk)).text
    assert "To be filed" in page and "N. Quist" in page and "As contempt of the order" in page and WHY in page
    assert "To decide, 0" in prosecutor.get("/prosecution").text


def test_two_prosecutors_in_one_instant_make_one_decision(desk, prosecutor, client_as, database):
    other = client_as("prosecutor", agency_id=desk.agency, name="B. Second")
    seen = token_of(other, path_of(desk))
    assert decide(prosecutor, path_of(desk), "FILE", "VIOLATION").status_code == 303
    late = decide(other, path_of(desk), "DECLINE", "EVIDENCE", token=seen)
    assert late.status_code == 409
    assert "Somebody decided about it" in late.text and "To be filed" in late.text
    with database.system("test: look") as session:
        assert list(session.scalars(select(ChargingDecision.kind))) == ["FILE"]


def test_a_decision_is_taken_back_with_a_reason_and_waits_again(desk, prosecutor):
    path = path_of(desk)
    decide(prosecutor, path, "DECLINE", "EVIDENCE")
    token = token_of(prosecutor, path)
    assert prosecutor.post(f"{path}/back", data={"token": token, "words": ""}).status_code == 422
    assert prosecutor.post(f"{path}/back", data={"token": token, "words": "A roster came in."}).status_code == 303
    page = prosecutor.get(path).text
    assert "took the decision back" in page and "A roster came in." in page and "Waits for a decision" in page
    assert "To decide, 1" in prosecutor.get("/prosecution").text


def test_what_is_referred_back_is_an_item_of_the_officer_at_once_and_an_answer_brings_it_back(
    desk, prosecutor, officer
):
    decide(prosecutor, path_of(desk), "REFER_BACK", "RECORD", "No roster for the 16th.", due_on="2027-01-15")
    today = officer.get("/today").text
    assert "Referred back by the prosecution, 1" in today and "A record or paper is missing" in today
    assert "answer by Fri, Jan 15, 2027" in today
    report = f"/allegations/{desk.report}"
    assert "No roster for the 16th." in officer.get(report).text
    assert officer.post(f"{report}/answer", data={"words": ""}).status_code == 422
    assert officer.post(f"{report}/answer", data={"words": "The program sent it today."}).status_code == 303
    assert "Referred back by the prosecution" not in officer.get("/today").text
    page = prosecutor.get("/prosecution").text
    assert "To decide, 1" in page and "Answered by probation" in page
    assert officer.post(f"{report}/answer", data={"words": "Once more."}).status_code == 422


def test_a_step_that_may_raise_danger_waits_for_the_safety_stop_whose_answer_nobody_reads(desk, prosecutor, database):
    asks_for(database, desk, "CUSTODY")
    path = path_of(desk)
    stopped = decide(prosecutor, path, "FILE", "VIOLATION")
    assert stopped.status_code == 422 and "Answer the safety stop first" in stopped.text
    assert decide(prosecutor, path, "FILE", "VIOLATION", safety="DONE").status_code == 303
    packet = built(prosecutor, path)
    for page in (prosecutor.get(path).text, prosecutor.get(packet).text, kept(database, packet).content):
        assert "has finished its step" not in page and "safety stop" not in page


def test_where_an_office_takes_the_safety_step_nobody_else_says_that_it_is_done(
    desk, prosecutor, database, client_as
):
    """Given a victim/witness office shares the case and no step of it is on record When the prosecution files with a
    tick Then it is not filed: the office is asked, and it is filed once that office has finished (E5)."""
    asks_for(database, desk, "CUSTODY")
    with database.system("test: a desk") as session, session.begin():
        office = caring(session, desk.office, desk.case)
    staff, path = client_as("victim_witness", agency_id=office, name="R. Amaya"), path_of(desk)
    page = prosecutor.get(path).text
    assert 'id="safety-IMMINENT"' in page and 'id="safety-DONE"' not in page
    for _ in range(2):
        decide(prosecutor, path, "FILE", "VIOLATION", safety="DONE")
        assert "Put it on record" in prosecutor.get(path).text, "it still waits for a decision"
    with database.system("test: what was asked and told", writes=False) as session:
        assert [one.kind for one in session.scalars(select(SafetyStep))] == ["ASKED"]
        told = session.scalars(select(Outbox).where(Outbox.key.like("safety:%"))).all()
    assert [one.recipient_id for one in told] == [staff.user_id]
    kind, about, when, _ = next(one for one in items(staff) if one[0] == "SAFETY")
    answered = {"kind": kind, "about": about, "at": when, "answer": "REACHED"}
    assert staff.post(f"/due-notices/{desk.case}/answers", data=answered).status_code == 303
    assert decide(prosecutor, path, "FILE", "VIOLATION").status_code == 303
    assert "Put it on record" not in prosecutor.get(path).text


def test_a_tick_does_not_stand_for_a_safety_step_that_is_still_asked_for(desk, prosecutor, database):
    asks_for(database, desk, "CUSTODY")
    with database.system("test: the desk took its answer back") as session, session.begin():
        session.add(SafetyStep(case_id=desk.case, agency_id=desk.office.town.office, about_id=desk.report, number=1,
                               what="CUSTODY", kind="REOPENED", at=NOW, by_user_id=desk.office.officer))  # fmt: skip
    refused = decide(prosecutor, path_of(desk), "FILE", "VIOLATION", safety="DONE")
    assert refused.status_code == 409 and "waits for the safety step" in refused.text
    assert decide(prosecutor, path_of(desk), "FILE", "VIOLATION", safety="IMMINENT").status_code == 303
    with database.system("test: what the desk reads") as session:
        kinds = session.scalars(select(SafetyStep.kind).order_by(SafetyStep.number)).all()
    assert list(kinds) == ["REOPENED", "OVERRIDDEN"]


def test_firearms_without_proof_and_orders_that_end_soon_stand_on_the_list_with_the_record_s_own_days(
    desk, prosecutor, database
):
    with database.system("test: another case of the office") as session, session.begin():
        armed = person_with_order(session, desk.office.town, number="26-DV-ARMED", duties=("firearm_surrender",))
        session.add(CaseAgency(case_id=armed.case, agency_id=desk.agency, from_on=date(2026, 1, 5), until_on=None))
        version = session.scalars(select(OrderVersion).where(OrderVersion.case_id == armed.case)).one()
        version.expires_at = utc_now() + timedelta(days=10)
    page = prosecutor.get("/prosecution").text
    assert "No firearm proof on file, 1" in page and "26-DV-ARMED" in page
    assert "Orders that end within 30 days, 1" in page
    with database.system("test: proof is filed, and the case is closed") as session, session.begin():
        firearms_declared(session, armed, date(2026, 1, 6))
        session.get_one(Case, armed.case).closed_on = date(2026, 2, 1)
    page = prosecutor.get("/prosecution").text
    assert "No firearm proof on file, 0" in page and "Orders that end within 30 days, 0" in page


def test_what_police_reported_is_a_question_on_the_list_and_no_report_to_decide(desk, prosecutor, database):
    with database.system("test: police report a touched term") as session, session.begin():
        agency = random_id()
        session.add(Agency(id=agency, kind="law_enforcement", name="Near Sheriff", code="near-so", zone="UTC"))
        session.add(Incident(case_id=desk.case, agency_id=agency, recorded_at=utc_now(), kind="REPORT",
                             number="26-0301", occurred_at=utc_now(), touched="05", weapon=False,
                             strangulation="NOT_ASKED", accounts=True))  # fmt: skip
    page = prosecutor.get("/prosecution").text
    assert "Safety questions from police, 1" in page and "26-0301" in page and "Near Sheriff" in page
    assert "To decide, 1" in page
