"""Pauses on screen: recorded, ended, corrected, taken back; who may, what is refused, and that the clocks follow."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from monitor.clock import utc_now
from monitor.compliance.evaluation import evaluate_now, switched_on
from monitor.flag_review.reading import flag_page
from monitor.models import AuditEntry, Case, Pause, Span, random_id
from tests.builders import ZONE, add_user, build_town
from tests.monitor.matrix_office import adopted, with_a_missed_class
from tests.office import NOW, supervised, take_over

MONDAY = date(2026, 3, 2)  # after the missed class of the office, inside the five court days of its clock
DAY = timedelta(days=1)


@pytest.fixture
def office(database):
    made = with_a_missed_class(database)
    adopted(made)
    return made


@pytest.fixture
def officer(office, database, client_as):
    return take_over(database, client_as("officer", agency_id=office.town.office))


def typed(since=MONDAY, until=None, kind="CUSTODY", known="JAIL"):
    """A form as a browser sends it."""
    return {"kind": kind, "known": known, "since": since.isoformat(), "until": until.isoformat() if until else ""}


def path_of(office):
    return f"/people/{office.matter.person}/pauses?case={office.matter.case}"


def today():
    return datetime.now(ZoneInfo(ZONE)).date()


def rows(office):
    """Every version, the first one first."""
    with office.database.system("test: look") as session:
        found = session.scalars(select(Pause).order_by(Pause.recorded_at)).all()
        session.expunge_all()
        return found


def respond_by(office):
    """The last day of the clock of the matrix, as the officer's page has it."""
    with office.scoped() as session:
        return flag_page(session, office.missed, NOW).range.respond_by


def recorded(office, browser, **told):
    answer = browser.post(path_of(office), data=typed(**told))
    assert (answer.status_code, answer.headers["location"]) == (303, path_of(office)), answer.text
    return rows(office)[-1].id


def test_custody_stops_the_clock_of_the_matrix_ended_it_goes_on_and_taken_back_all_is_as_before(office, officer):
    assert respond_by(office) == date(2026, 3, 6)
    number = recorded(office, officer)
    page = officer.get(path_of(office)).text
    for said in ("Clocks stand still until an end is entered.", "No end known", "the jail or its list</td>"):
        assert said in page
    assert "In custody since Mon, Mar 2, 2026, no end known" in officer.get(f"/people/{office.matter.person}").text
    assert respond_by(office) is None

    assert 'value="2026-03-02"' in officer.get(f"/pauses/{number}").text
    answer = officer.post(f"/pauses/{number}", data=typed(until=MONDAY + DAY))
    assert (answer.status_code, answer.headers["location"]) == (303, path_of(office))
    assert "Clocks go on Tue, Mar 3, 2026." in officer.get(path_of(office)).text
    assert respond_by(office) == date(2026, 3, 9)
    assert ">Pauses</a>: none" in officer.get(f"/people/{office.matter.person}").text

    ended = rows(office)[-1]
    assert officer.post(f"/pauses/{ended.id}/undo").status_code == 303
    assert "(taken back)" in officer.get(path_of(office)).text
    assert respond_by(office) == date(2026, 3, 6)
    first, second, third = rows(office)  # never changed, never deleted: what was known then is still there
    assert (first.ends_on, second.ends_on, third.retracted) == (None, MONDAY + DAY, True)
    assert (second.supersedes_id, third.supersedes_id) == (first.id, second.id)


def test_each_act_is_in_the_trail_with_the_pause_that_it_made(office, officer):
    recorded(office, officer)
    officer.post(f"/pauses/{rows(office)[0].id}", data=typed(until=MONDAY + DAY))
    officer.post(f"/pauses/{rows(office)[1].id}/undo")
    with office.database.system("test: the trail") as session:
        for event, row in zip(("pause.recorded", "pause.changed"), rows(office), strict=False):
            assert row.id in session.scalars(select(AuditEntry).where(AuditEntry.event == event)).one().subjects
        assert session.scalars(select(AuditEntry).where(AuditEntry.event == "pause.taken_back")).one()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"kind": "WARRANT"}, "Choose what stops the clocks."),
        ({"known": "VICTIM"}, "Choose from whom it is known."),
        ({"since": ""}, "Type the first day, as month/day/year."),
        ({"since": "2/30/2026"}, "Type the day as month/day/year"),
        ({"until": "soon"}, "Type the day as month/day/year"),
        ({"since": "3/2/1926"}, "That is more than five years ago."),
        ({"until": "2026-03-02"}, "It ends on a later day than it began."),
        ({"until": "3/9/2126"}, "That is more than five years ahead."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_keeps_what_was_typed(office, officer, told, said):
    answer = officer.post(path_of(office), data=typed() | told)
    assert answer.status_code == 422
    assert said in answer.text
    for text in told.values():
        assert not text.startswith(("2/30", "soon", "3/")) or f'value="{text}"' in answer.text
    assert not rows(office)


def test_a_day_ahead_is_refused_and_one_of_release_ahead_is_not(office, officer):
    answer = officer.post(path_of(office), data=typed(since=today() + 2 * DAY))
    assert answer.status_code == 422 and "That day is ahead." in answer.text
    recorded(office, officer, since=today() - 2 * DAY, until=today() + 9 * DAY)


def test_one_kind_at_a_time_and_the_second_of_two_clicks_is_told_that_it_is_there(office, officer):
    number = recorded(office, officer)
    assert recorded(office, officer) == number
    assert "It is on record already." in officer.get(path_of(office)).text
    answer = officer.post(path_of(office), data=typed(since=MONDAY + DAY))
    assert answer.status_code == 422 and "In custody from Mon, Mar 2, 2026 is on record already." in answer.text
    recorded(office, officer, kind="HOSPITAL", known="PAPER")  # two reasons at a time are two reasons
    officer.post(f"/pauses/{number}", data=typed(until=MONDAY + DAY))
    recorded(office, officer, since=MONDAY + DAY)  # held again on the day of release


def test_of_two_who_change_one_pause_the_second_is_told_and_writes_nothing(office, officer):
    number = recorded(office, officer)
    assert officer.post(f"/pauses/{number}", data=typed(until=MONDAY + DAY)).status_code == 303
    assert officer.post(f"/pauses/{number}", data=typed(until=MONDAY + 2 * DAY)).status_code == 409
    assert officer.get(f"/pauses/{number}").status_code == 409
    assert officer.post(f"/pauses/{number}/undo").status_code == 303
    assert "It had been changed or taken back already." in officer.get(path_of(office)).text
    assert len(rows(office)) == 2


def test_there_is_no_place_for_a_word_on_why_somebody_is_in_hospital(office, officer):
    page = officer.get(path_of(office)).text.split("<main")[1]
    assert "<textarea" not in page and 'type="text"' not in page
    assert officer.post(path_of(office), data=typed(kind="HOSPITAL") | {"why": "his back"}).status_code == 400
    assert not rows(office)


def test_a_closed_case_takes_no_pause_and_shows_those_that_it_had(office, officer):
    number = recorded(office, officer)
    officer.get(path_of(office))  # the word that it is recorded, with its undo, is shown once
    with office.database.system("test: closed") as session, session.begin():
        session.get_one(Case, office.matter.case).closed_on = MONDAY + 2 * DAY
    page = officer.get(path_of(office)).text
    assert "The case is closed: it takes no pause." in page and "the jail or its list" in page
    assert "Record pause" not in page and f"/pauses/{number}" not in page
    for path, sent in ((path_of(office), typed(kind="HOSPITAL")), (f"/pauses/{number}", typed(until=MONDAY + DAY)),
                       (f"/pauses/{number}/undo", {})):  # fmt: skip
        assert officer.post(path, data=sent).status_code == 409
    assert len(rows(office)) == 1


def test_a_supervisor_records_and_takes_back_and_a_colleague_ends_but_takes_nothing_back(office, officer, client_as):
    boss = client_as("officer_supervisor", agency_id=office.town.office, name="B. Ito")
    recorded(office, boss, kind="HOSPITAL", known="PERSON")
    number = recorded(office, officer)
    other = client_as("officer", agency_id=office.town.office, name="L. Cho")
    assert other.post(f"/pauses/{number}/undo").status_code == 404
    assert other.post(f"/pauses/{number}", data=typed(until=MONDAY + DAY)).status_code == 303
    assert boss.post(f"/pauses/{rows(office)[-1].id}/undo").status_code == 303


def test_a_pause_that_is_hidden_is_as_one_that_is_not(office, officer, client_as, database):
    number = recorded(office, officer)
    with database.system("test: another town") as session, session.begin():
        far = build_town(session, code="far").office
        warrant = Pause(id=random_id(), case_id=office.matter.case, agency_id=office.town.court_agency, kind="WARRANT",
                        starts_on=MONDAY, recorded_at=utc_now())  # fmt: skip
        session.add(warrant)
        issued = warrant.id
    stranger = client_as("officer", agency_id=far)
    for browser, one in ((stranger, number), (stranger, 77), (officer, issued), (officer, 77)):
        assert browser.get(f"/pauses/{one}").status_code == 404
        assert browser.post(f"/pauses/{one}", data=typed(until=MONDAY + DAY)).status_code == 404
        assert browser.post(f"/pauses/{one}/undo").status_code == 404
    assert stranger.get(path_of(office)).status_code == stranger.post(path_of(office), data=typed()).status_code == 404
    for role, agency in (("program", office.town.program_agency), ("clerk", office.town.court_agency)):
        assert client_as(role, agency_id=agency).get(path_of(office)).status_code == 403
    assert "A warrant is out" in officer.get(path_of(office)).text  # in sight, and the court's to change


# ── the rules ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_custody_stops_the_cadence_of_the_officers_contacts_until_it_ends(database, client_as):
    """Pennsylvania, medium level: a contact in person every 30 days. Evaluated by the night's own piece each time."""
    with database.system("test: an office in Pennsylvania") as session, session.begin():
        town = build_town(session, pack="us_pa", zone="America/New_York", code="penn")
        officer = add_user(session, town.office, "officer", "penn@agency.example")
        since = (today() - 80 * DAY).isoformat()
        facts = {"levels": [{"from": since, "level": "medium"}], "supervision_started_on": since}
        matter = supervised(session, town, officer, "Example", "Ann", ordered_on=today() - 80 * DAY, facts=facts)
    officer = take_over(database, client_as("officer", agency_id=town.office))
    path = f"/people/{matter.person}/pauses?case={matter.case}"
    held, out = today() - 70 * DAY, today() - 40 * DAY

    def overdue():
        """The first day of each stretch in which a contact is overdue, and whether it goes on now."""
        evaluate_now(database, switched_on(), utc_now())
        told = select(Span).where(Span.case_id == matter.case, Span.code == "CONTACT_OVERDUE")
        with database.system("test: what is overdue") as session:
            rows = session.scalars(told.where(Span.known_until.is_(None)).order_by(Span.starts_on))
            return [(one.starts_on, one.ends_at is None or one.ends_at > utc_now()) for one in rows]

    def newest():
        with database.system("test: look") as session:
            return session.scalars(select(Pause.id).order_by(Pause.recorded_at.desc())).first()

    [(first, goes_on)] = before = overdue()
    assert goes_on and first < held
    officer.post(path, data=typed(since=held))
    assert overdue() == [(first, False)]  # nobody meets somebody who is held
    officer.post(f"/pauses/{newest()}", data=typed(since=held, until=out))
    assert overdue() == [(first, False), (out + 31 * DAY, True)]  # thirty days of their own from the release
    officer.post(f"/pauses/{newest()}/undo")
    assert overdue() == before
