"""The morning's letter: counts of what waits, in what the officer may see, and nobody's name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs import morning_digest, send_outbox
from jobs.work import LEASE, Work
from monitor import job_queue
from monitor.config import Settings
from monitor.models import Agency, Membership, Outbox, User, random_id
from monitor.outbox import digest
from tests.builders import ZONE, add_user, at, unexcused
from tests.matrix import adopt
from tests.monitor.outbox.post_office import post_office
from tests.office import NOW, TODAY, open_office, raise_flag


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: a missed class") as session, session.begin():
        [missed] = unexcused(session, office.matter, TODAY - timedelta(days=9))
        raise_flag(session, office.matter, "ABSENCE_UNEXCUSED", "B", about_id=missed.id, count=1)
    return office


FAR = "America/Denver" if ZONE != "America/Denver" else "America/Chicago"


def run(database, job, settings=None, name=""):
    name = name or f"morning_digest {ZONE}"
    with database.system("test: the slot") as session, session.begin():
        job_queue.plan(session, name, [job_queue.Slot(str(random_id()), NOW)])
        held = job_queue.claim(session, "test", NOW, LEASE)
    return job.run(Work(database, settings or Settings(), held, lambda: NOW))


def bodies(database):
    with database.system("test", writes=False) as session:
        rows = session.execute(select(Outbox.recipient_id, Outbox.body).where(Outbox.channel == "digest"))
        return dict(rows.all())


def test_the_officer_and_the_supervisor_get_counts_and_the_colleague_nothing(database, office):
    assert run(database, morning_digest) == '{"letters":2}'
    told = bodies(database)
    says = "1 item waits for you. Sign in."
    assert told == {office.officer: says, office.supervisor: says}, "how much, and not of what kind (E3)"


def test_an_officer_who_is_supervisor_there_too_has_their_own_items_counted_once(database, office):
    with database.system("test: the officer stands in as supervisor") as session, session.begin():
        here = office.town.office
        role = Membership(user_id=office.officer, agency_id=here, role="officer_supervisor", from_on=TODAY)
        session.add(role)
    assert run(database, morning_digest) == '{"letters":2}'
    assert bodies(database)[office.officer] == "1 item waits for you. Sign in."


def test_who_has_roles_in_two_zones_is_told_of_both_in_one_letter_on_the_first_morning_of_theirs(database, office):
    """Given a supervisor who keeps the matrix of an office in another zone, and both want something today Then the
    zone whose morning comes first has it all told, and the other morning does not tell it again."""
    with database.system("test: another zone") as session, session.begin():
        session.get_one(Agency, office.town.office).zone = FAR
        other = Agency(code="other-zone", kind="coordination", name="Other", zone=ZONE)
        session.add(other)
        session.flush()
        session.add(Membership(user_id=office.supervisor, agency_id=other.id, role="coordinator", from_on=TODAY))
        year = TODAY - timedelta(days=365)
        adopt(session, other.id, office.supervisor, office.colleague, year, at(year), review_on=TODAY)
    assert run(database, morning_digest) == '{"letters":1}'
    assert bodies(database) == {office.supervisor: "2 items wait for you. Sign in."}
    assert run(database, morning_digest, name=f"morning_digest {FAR}") == '{"letters":1}'
    assert bodies(database) == {office.supervisor: "2 items wait for you. Sign in.",
                                office.officer: "1 item waits for you. Sign in."}  # fmt: skip


def test_a_second_run_of_the_morning_posts_nothing_again(database, office):
    run(database, morning_digest)
    assert run(database, morning_digest, Settings(port=8001)) == '{"letters":0}'


def test_who_turned_it_off_gets_none(database, office):
    with database.system("test") as session, session.begin():
        session.get_one(User, office.officer).digest = False
    run(database, morning_digest)
    assert set(bodies(database)) == {office.supervisor}


def test_no_letter_names_anybody(database, office):
    run(database, morning_digest)
    with post_office() as post:
        settings = Settings(database_url=database.url, mail_url=post.url, mail_from="monitor@court.example")
        run(database, send_outbox, settings, name="send_outbox")
        assert len(post.letters) == 2
        everything = "\n".join(str(letter) for letter in post.letters)
    for name in ("Example", "Ann", "26-", "near program", str(office.matter.case), str(office.matter.person)):
        assert name not in everything.replace("agency.example", "").replace("court.example", "")


def test_each_morning_has_one_letter_of_its_own(database, office):
    with database.system("test: two mornings") as session, session.begin():
        told = [digest.post(session, office.officer, 1, TODAY + timedelta(days=day), NOW)
                for day in (0, 0, 1)]  # fmt: skip
    assert told == [True, False, True]


@pytest.mark.parametrize(("days", "told"), [(-1, 0), (0, 1), (1, 0), (7, 1)])
def test_whoever_keeps_a_matrix_past_its_next_review_is_told_once_a_week_and_no_other_office(
    database, office, days, told
):
    with database.system("test: adopted, a coordinator") as session, session.begin():
        keeper = add_user(session, office.town.office, "coordinator", "keeper@agency.example")
        add_user(session, office.town.court_agency, "coordinator", "other@agency.example")
        due = TODAY - timedelta(days=days)
        adopt(session, office.town.office, office.supervisor, office.colleague, due - timedelta(days=365),
              at(due - timedelta(days=365)), review_on=due)  # fmt: skip
    run(database, morning_digest)
    letters = bodies(database)
    assert sum(user == keeper for user in letters) == told
    assert letters[office.supervisor].startswith("2 items wait" if told else "1 item waits")
    assert len(letters) == 2 + told
