"""A question that can wait is put away until a day, in sight of the supervisor; what is about safety never is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from monitor.access.roles import Role
from monitor.keeping.dismissed import forget_dismissed
from monitor.models import Flag, HiddenItem
from monitor.outbox.digest import Reader, count
from monitor.today import hiding
from monitor.today.reading import today_page
from tests.builders import ZONE, decided
from tests.office import NOW, TODAY, open_office, raise_flag, supervised

SECRET = "s" * 40
WHY = "Proof is in the mail."
DAY = timedelta(days=1)


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: two questions") as session, session.begin():
        office.flags["proof"] = raise_flag(session, office.matter, "ENROLLMENT_PROOF_OVERDUE", "B")
        office.flags["alleged"] = raise_flag(session, office.matter, "NO_CONTACT_ALLEGED", "D")
    return office


def hide(office, flag="proof", *, until_on=TODAY + 7 * DAY, token="", now=NOW, **who):
    with office.scoped(writes=True, **who) as session, session.begin():
        found = hiding.candidate(session, office.flags[flag], now, lock=True)
        return hiding.hide(session, found, token or found.token, until_on, WHY, now)


def today_of(office, now=NOW, **who):
    team = bool(who)
    with office.scoped(**who) as session:
        return today_page(session, ZONE, now, team=team)


def titles(today):
    return [one.title for item in today.overdue for one in item.questions]


def test_it_leaves_the_list_and_is_back_by_itself_on_its_day(office):
    assert "Proof of enrollment is not on file" in titles(today_of(office))
    hide(office)
    today = today_of(office)
    assert "Proof of enrollment is not on file" not in titles(today)
    [one] = today.hidden
    assert (one.person, one.reason, one.by, one.until_on) == (
        "Example, Ann", WHY, "reyes@agency.example", TODAY + 7 * DAY
    )
    assert today_of(office, NOW + 6 * DAY).hidden
    back = today_of(office, NOW + 7 * DAY)
    assert "Proof of enrollment is not on file" in titles(back)
    assert not back.hidden


def test_the_supervisor_sees_what_is_hidden_by_whom_and_why(office):
    hide(office)
    today = today_of(office, who=office.supervisor, role="officer_supervisor")
    assert [(one.by, one.reason, one.officer) for one in today.hidden] == [
        ("reyes@agency.example", WHY, "reyes@agency.example")
    ]
    assert "Proof of enrollment is not on file" not in titles(today)


def test_it_is_back_as_soon_as_it_reads_otherwise(office, database):
    hide(office)
    with database.system("test: a second miss") as session, session.begin():
        session.get(Flag, office.flags["proof"]).version = "v2"
    today = today_of(office)
    assert "Proof of enrollment is not on file" in titles(today)
    assert not today.hidden
    hide(office)  # and may be hidden once more, as it reads now
    assert len(today_of(office).hidden) == 1


def test_what_is_about_safety_cannot_be_hidden(office, database):
    with pytest.raises(hiding.Changed):
        hide(office, "alleged")
    hide(office)
    with database.system("test: graver by now") as session, session.begin():
        session.get(Flag, office.flags["proof"]).response_class = "E"
    assert "Proof of enrollment is not on file" in titles(today_of(office))


@pytest.mark.parametrize("days", [-1, 0, 15])
def test_a_day_that_is_not_ahead_or_is_more_than_two_weeks_ahead_is_refused(office, days):
    with pytest.raises(hiding.Changed):
        hide(office, until_on=TODAY + days * DAY)
    assert "14 days" in hiding.faults_of(TODAY + days * DAY, WHY, TODAY)["until_on"]
    assert not hiding.faults_of(TODAY + 14 * DAY, WHY, TODAY)


def test_who_saw_it_otherwise_or_hides_it_twice_writes_nothing(office):
    with pytest.raises(hiding.Changed):
        hide(office, token="v0")
    hide(office)
    with pytest.raises(hiding.Changed):
        hide(office)


def test_showing_it_again_keeps_who_hid_it_and_who_put_it_back(office, database):
    entry = hide(office)
    with office.scoped(who=office.supervisor, role="officer_supervisor", writes=True) as session, session.begin():
        assert hiding.show_again(session, entry, NOW + DAY)
        assert not hiding.show_again(session, entry, NOW + DAY)
    today = today_of(office)
    assert "Proof of enrollment is not on file" in titles(today)
    with database.system("test: look") as session:
        row = session.scalars(select(HiddenItem)).one()
        assert (row.hidden_by_id, row.ended_by_id, row.hidden_at) == (office.officer, office.supervisor, NOW)


def test_what_is_hidden_is_not_counted_as_overdue_in_the_morning(office, database):
    with database.system("test: a person with one question") as session, session.begin():
        other = supervised(session, office.town, office.officer, "Other", "B.")
        office.flags["late"] = raise_flag(session, other, "CHECKIN_MISSED", "B")
    reader = Reader(office.officer, office.town.office, Role.OFFICER, ZONE)
    assert count(database, reader, NOW) == 2
    hide(office, "late")
    assert count(database, reader, NOW) == 1


def test_a_dismissed_question_that_is_forgotten_takes_its_reason_along(office, database):
    hide(office)
    with database.system("test: dismissed long ago") as session, session.begin():
        decided(session, session.get(Flag, office.flags["proof"]), "DISMISSED")
    with database.system("test: the days are over") as session, session.begin():
        assert forget_dismissed(session, 30, SECRET, NOW + 4000 * DAY) == 1
    with database.system("test: look") as session:
        assert session.scalar(select(HiddenItem.id)) is None
