"""The privacy officer's week and the team's list: a row is opened where somebody looked at it, and nowhere else."""

from __future__ import annotations

from sqlalchemy import select

from monitor.consultation import agenda
from monitor.consultation.keys import opened
from monitor.models import AuditEntry, User
from tests.web.consulting import DAY, TODAY, folder, keys, lite, members, office, post, put_on, seen, settings
from tests.web.test_callbacks import american, body_of, number_of, still

__all__ = ["folder", "keys", "members", "office", "settings", "still"]


@lite
def test_a_weeks_look_back_opens_the_rows_that_were_looked_at_and_no_other(
    client_as, database, office, members, keys, monkeypatch
):
    put_on(database, office, keys)
    officers, tried = client_as("privacy_officer", agency_id=office.town.office), list[int]()
    monkeypatch.setattr(agenda, "opened", lambda keys, number, row: tried.append(number) or opened(keys, number, row))
    assert officers.get("/audit/look-back").status_code == 200
    assert tried == [], "nobody looked at the list this week"
    seen(members["officer"])
    tried.clear()
    assert officers.get("/audit/look-back").status_code == 200
    with database.system("test: what was looked at", writes=False) as session:
        looks = session.scalars(select(AuditEntry.subjects).where(AuditEntry.event == "consultation.used"))
        assert sorted(tried) == sorted({one for subjects in looks for one in subjects}) != []


@lite
def test_of_what_advocates_did_other_privacy_officers_read_nothing_and_their_own_no_case(
    client_as, database, office, members, keys
):
    """Safeguards B8 and D6: her look at a case is in nobody's look-back, and in nobody's answer about a number."""
    harbor, number = office.flags["harbor"], number_of(database, office)
    theirs = client_as("privacy_officer", agency_id=harbor)
    others = [client_as("privacy_officer", agency_id=agency)
              for agency in (office.town.office, office.flags["near-da"], office.flags["near-le"])]  # fmt: skip
    put_on(database, office, keys)

    def read(browser):
        since, until = american(TODAY - 2 * DAY), american(TODAY + DAY)
        run = {"why": "REAL", "number": number, "email": email, "since": since, "until": until}
        return [body_of(browser.get("/audit/look-back")), body_of(browser.get("/audit/agency")),
                body_of(browser.post("/audit/case", data={"number": number})),
                body_of(browser.post("/privacy/runbooks", data={**run, "kind": "SUBPOENA"})),
                body_of(browser.post("/privacy/runbooks", data={**run, "kind": "BREACH"}))]  # fmt: skip

    with database.system("test: her account") as session, session.begin():
        her = session.get_one(User, members["advocate"].user_id)
        her.name = name = "Dana Advocate"
        email = her.email
    for browser in others:
        read(browser)  # what a privacy officer asks is in the trail, too
    before = [read(browser)[2:] for browser in others]
    seen(members["advocate"])
    consent = {"attested": "yes", "until": american(TODAY + 89 * DAY)}
    assert post(members["advocate"], what="bring", number=number, **consent).status_code == 303
    members["advocate"].get("/status-list")
    assert [read(browser)[2:] for browser in others] == before
    assert not any(name in page for browser in others for page in read(browser))
    week, own, case, subpoena, breach = read(theirs)
    assert name in week + own and number not in week + own + breach
    assert "Nobody of this agency has looked" in case and name not in case + subpoena
