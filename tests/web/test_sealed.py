"""A sealed case comes back on a screen: asked by a clerk, approved by somebody else, brought back, all in the trail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from monitor.clock import utc_now
from monitor.keeping.removals import Wanted, carry_out
from monitor.models import ApprovalRequest, AuditEntry, Case
from tests.builders import add_user, build_town, person_with_order
from tests.web.accounts import SECRET

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NUMBER, CLERK = "26-DV-000999", "first@court.example"
ORDER = {"order": "2026-UN-3", "why": "The petition was granted."}


@pytest.fixture
def sealed(database):
    """The town, and the number of the seal."""
    with database.system("test: sealed") as session, session.begin():
        town = build_town(session)
        person_with_order(session, town, number=NUMBER)
        add_user(session, town.court_agency, "clerk", CLERK)
        other = add_user(session, town.court_agency, "privacy_officer", "privacy@court.example")
        wanted = Wanted(kind="SEAL", case=NUMBER, court=None, order="1", why="w", by=CLERK)
        assert not carry_out(session, wanted, SECRET, utc_now()).removal
        yes = {"outcome": "APPROVED", "decided_by_id": other, "decided_at": utc_now()}
        session.execute(update(ApprovalRequest).values(**yes))
        session.expire_all()
        return town, str(carry_out(session, wanted, SECRET, utc_now()).removal)


def waiting(database) -> int:
    with database.system("test: waits", writes=False) as session:
        return session.scalars(select(ApprovalRequest.id).where(ApprovalRequest.outcome.is_(None))).one()


def there(database) -> bool:
    with database.system("test: there", writes=False) as session:
        return session.scalar(select(Case.id).where(Case.number == NUMBER)) is not None


def test_it_is_asked_decided_and_brought_back_and_each_step_is_on_record(sealed, client_as, database):
    town, number = sealed
    clerk = client_as("clerk", agency_id=town.court_agency)
    privacy = client_as("privacy_officer", agency_id=town.court_agency, name="Pat Wolfe")
    page = clerk.get("/sealed").text
    assert number in page and NUMBER not in page, "nothing says whose case it is"
    assert clerk.post("/sealed", data={"number": number, "order": "", "why": "x"}).status_code == 422
    assert clerk.post("/sealed", data={"number": number} | ORDER).status_code == 303
    assert "Waits for a second person" in clerk.get("/sealed").text and not there(database)
    assert ORDER["why"] in privacy.get("/approvals").text
    said = privacy.post(f"/approvals/{waiting(database)}", data={"decision": "approve"}, follow_redirects=True).text
    assert "Whoever asked carries it out" in said and not there(database)
    assert "Approved." in clerk.get("/sealed").text
    clerk.post("/sealed", data={"number": number} | ORDER)
    assert there(database)
    assert number not in clerk.get("/sealed").text
    with database.system("test: trail", writes=False) as session:
        told = set(session.scalars(select(AuditEntry.event)))
    assert {"sealed.listed", "case.return_asked", "approval.decided", "case.returned"} <= told


def test_another_agencys_clerk_and_a_number_that_is_nobodys_read_the_same(sealed, client_as, database):
    town, number = sealed
    with database.system("test: another court") as session, session.begin():
        far = build_town(session, code="far")
    stranger = client_as("clerk", agency_id=far.court_agency)
    program = client_as("privacy_officer", agency_id=town.program_agency)
    for browser in (stranger, program):
        assert number not in browser.get("/sealed").text
        told = [browser.post("/sealed", data={"number": one} | ORDER) for one in (number, "123456789")]
        bare = [answer.text.replace(number, "123456789").partition("<main")[2] for answer in told]
        assert told[0].status_code == 422 and bare[0] == bare[1]
    for wrong in ("9" * 40, "-1", "1e3", "٣"):
        assert stranger.post("/sealed", data={"number": wrong} | ORDER).status_code == 422


def test_a_request_that_nobody_decided_in_time_is_over(sealed, client_as, database):
    town, number = sealed
    clerk = client_as("clerk", agency_id=town.court_agency)
    clerk.post("/sealed", data={"number": number} | ORDER)
    with database.system("test: three days later") as session, session.begin():
        late = {"until_at": utc_now() - timedelta(seconds=1)}
        session.execute(update(ApprovalRequest).where(ApprovalRequest.id == waiting(database)).values(**late))
    assert "Over:" in clerk.get("/sealed").text
    clerk.post("/sealed", data={"number": number} | ORDER)
    assert not there(database) and "Waits for a second person" in clerk.get("/sealed").text
