"""The team's list: each member reads what their cell allows, nobody learns how a case came to it, and it ends."""

from __future__ import annotations

import html
import re
from datetime import date

import msgspec
import pytest
from sqlalchemy import func, select, text

from monitor import log_lines
from monitor.access.scope import trusted_sql
from monitor.clock import utc_now
from monitor.consultation.keys import Content, opened, purge
from monitor.consultation.team import KEPT, TeamError, site_team
from monitor.copies.passing_rows import keys_of
from monitor.copies.restoring import Target, restore
from monitor.copies.writing import write_copy
from monitor.db import Database
from monitor.models import (
    AuditEntry,
    Case,
    Consultation,
    Incident,
    Outbox,
    Person,
    random_id,
)
from tests.monitor.access.walls import put_up
from tests.office import take_over
from tests.web.accounts import SECRET
from tests.web.consulting import (
    DAY,
    OTHERS,
    PROTECTED,
    ROLES,
    TODAY,
    folder,
    keys,
    lite,
    members,
    office,
    post,
    put_on,
    rows,
    second,
    seen,
    settings,
    team,
)
from tests.web.test_callbacks import american, body_of, number_of, still
from web.navigation import links_for

__all__ = ["folder", "keys", "members", "office", "settings", "still"]

def test_nobody_can_tell_whether_a_practitioner_or_an_advocate_brought_the_case(
    app, database, office, members, keys, still, capfd
):
    """A case reaches the list from a practitioner with public facts, or from an advocate with the survivor's written
    consent. The agenda never says which."""
    site = app.state.site
    early = msgspec.structs.replace(site, team=team(first=TODAY + 3 * DAY))
    drawn = msgspec.structs.replace(site, team=team(first=TODAY + 3 * DAY, closes_days=3))
    number = number_of(database, office)
    take_over(database, members["officer"])
    told, contents, kept_rows = [], [], set()
    log_lines.configure("info")
    capfd.readouterr()
    for role, more in (
        ("officer", {}), ("prosecutor", {}), ("law_enforcement", {}),
        ("advocate", {"attested": "yes", "until": american(TODAY + 60 * DAY)}),
    ):
        app.state.site = early
        before = {one: seen(browser) for one, browser in members.items()}
        for _ in range(2):  # the second time is answered like the first, and adds nothing
            brought = post(members[role], what="bring", number=number, **more)
            assert brought.status_code == 303, body_of(brought)
        (row,) = rows(database)
        kept_rows.add(f"[{row.id}]")
        contents.append(opened(keys_of(site.settings.consultation_keys_file, SECRET), row.id, row.sealed))
        flashed = {one: seen(browser) for one, browser in members.items()}
        assert {one for one in members if one != role and flashed[one] != before[one]} == set()
        assert all("Ann" not in page for page in flashed.values())  # nobody watches the list grow
        app.state.site = drawn
        told.append({one: seen(browser).replace(str(row.id), "#") for one, browser in members.items()})
        app.state.site = early
        assert post(members["prosecutor"], what="off", number=number).status_code == 303
        assert rows(database) == []
        for browser in members.values():
            seen(browser)  # the message of the act is told, and over
    log_lines.configure("critical")
    assert all("Example, Ann" in page for page in told[0].values())
    assert told[0] == told[1] == told[2] == told[3]
    assert set(contents) == {Content(office.matter.case, (TODAY + 3 * DAY).isoformat())}
    assert capfd.readouterr().err == ""  # no line of the log at all
    with database.system("test: the trail") as session:
        kept = session.scalars(select(AuditEntry).where(AuditEntry.event.like("consult%"))).all()
        assert session.scalar(select(func.count()).select_from(Outbox)) == 0
    # looking, bringing and taking off are one event, about the rows that a drawn agenda named and nobody besides
    assert {(one.event, str(one.detail)) for one in kept} == {("consultation.used", "{}")}
    assert {str(one.subjects) for one in kept} == {"[]"} | kept_rows
    about = [[one.subjects for one in kept if one.user_id == browser.user_id and one.subjects]
             for browser in members.values()]  # fmt: skip
    assert [len(one) for one in about].count(4) == len(members) - 1  # alike whoever brought it; the advocate's: none
    assert not about[list(members).index("advocate")]


@lite
def test_who_looked_finds_a_members_look_while_the_list_is_kept_and_names_nobody_after_it(
    client_as, database, office, members, keys
):
    """A look at a named case is found by its number (D4), an act and a refused one too; of an advocate nothing (B8)."""
    put_on(database, office, keys)
    number, agency = number_of(database, office), office.flags["near-le"]
    privacy = client_as("privacy_officer", agency_id=agency)

    def looked() -> int:
        text = html.unescape(body_of(privacy.post("/audit/case", data={"number": number})))
        return text.count("Worked on the team's list")

    assert looked() == 0
    seen(members["law_enforcement"])
    assert looked() == 1
    assert post(members["law_enforcement"], what="bring", number="no such").status_code == 422
    assert post(members["law_enforcement"], what="off", number=number).status_code == 303
    assert looked() == 3
    seen(members["advocate"])
    with database.system("test: the advocate's trail", writes=False) as session:
        kept = session.scalars(select(AuditEntry).where(AuditEntry.user_id == members["advocate"].user_id)).all()
    assert kept and not any(one.subjects for one in kept)
    officers = client_as("privacy_officer", agency_id=office.town.office)
    seen(members["officer"])
    week = body_of(officers.get("/audit/look-back"))
    assert number not in week  # a look as a member of the team is no look without assignment
    told = {"kind": "SUBPOENA", "why": "DRILL", "number": number, "since": american(TODAY - DAY),
            "until": american(TODAY + DAY)}  # fmt: skip
    assert "Worked on the team" in body_of(officers.post("/privacy/runbooks", data=told))
    walled = client_as("privacy_officer", agency_id=agency)
    put_up(database, walled.user_id, office.matter.person, agency)
    assert "Worked on" not in body_of(walled.post("/audit/case", data={"number": number}))
    with database.system("the nightly job") as session, session.begin():
        purge(session, keys, TODAY + DAY + KEPT)
    assert looked() == 0


@lite
def test_before_a_meeting_each_member_reads_the_rows_of_the_agenda_as_their_own_cell_allows(
    database, office, members, keys
):
    """Built from rows 1, 2, 5, 9, 12, 13 only."""
    with database.system("test: a police report") as session, session.begin():
        session.add(Incident(**_report(office)))
    put_on(database, office, keys)
    pages = {role: seen(browser) for role, browser in members.items()}
    for role, page in pages.items():
        assert "Example, Ann" in page and "<dt>Order</dt>" in page and "<dt>Hearings</dt>" in page, role
        for never in (PROTECTED, "25-777", "An ordinary note"):
            assert never not in page, (role, never)
    whole = {role for role, page in pages.items() if "High, ODARA" in page}
    assert whole == {"officer", "officer_supervisor", "prosecutor", "victim_witness"}
    assert {role for role, page in pages.items() if "Caution: elevated" in page} == {"law_enforcement"}
    assert {role for role, page in pages.items() if "<dt>Program</dt>" in page} == set(ROLES) - {"law_enforcement"}
    assert {role for role, page in pages.items() if "Has missed" in page} == whole  # no release on record: no advocate
    assert "born" not in pages["advocate"] and "born" in pages["law_enforcement"]
    assert "Next " not in pages["law_enforcement"] and "No warrant" in pages["law_enforcement"]
    assert "not confidential" in pages["victim_witness"] and "not confidential" not in pages["officer"]
    assert "Leave this page now" in pages["advocate"] and "<textarea" not in "".join(pages.values())


def _report(office):
    return {"id": random_id(), "case_id": office.matter.case, "agency_id": office.flags["near-le"], "kind": "CALL",
            "number": "25-777", "occurred_at": utc_now() - DAY, "recorded_at": utc_now() - DAY,
            "recorded_by_id": office.officer}  # fmt: skip


@lite
def test_for_a_walled_member_the_case_is_not_there_and_nothing_tells_of_a_gap(database, office, members, keys, still):
    put_on(database, office, keys)
    before = {role: seen(browser) for role, browser in members.items()}
    other = second(database, office)
    for role in ("prosecutor", "victim_witness", "law_enforcement", "officer", "advocate"):
        put_up(database, members[role].user_id, other.person, office.flags["near-da"])
    put_on(database, office, keys, other.case)
    for role in ("prosecutor", "victim_witness", "law_enforcement", "officer", "advocate"):
        assert seen(members[role]) == before[role], role
    assert "Walled, Sam" in seen(members["officer_supervisor"])
    mine = {said.case: row.id for row in rows(database) if (said := opened(keys, row.id, row.sealed))}
    task = {"what": "agree", "kind": "SEE", "owner": office.town.office, "due": TODAY + DAY}
    hidden = post(members["prosecutor"], entry=mine[other.case], **task)
    absent = post(members["prosecutor"], entry=4611686018427387911, **task)
    assert hidden.status_code == absent.status_code == 404
    assert body_of(hidden) == body_of(absent)
    with database.system("test: its number") as session:
        number = session.scalars(select(Case.number).where(Case.id == other.case)).one()
    walled = post(members["prosecutor"], what="bring", number=number)
    nowhere = post(members["prosecutor"], what="bring", number="26-DV-NONE")
    assert walled.status_code == nowhere.status_code == 422
    assert body_of(walled).replace(number, "#") == body_of(nowhere).replace("26-DV-NONE", "#")


@lite
def test_minutes_are_tasks_of_offices_with_a_day_and_only_the_office_marks_its_own(database, office, members, keys):
    """Minutes as tasks with owners and dates."""
    put_on(database, office, keys)
    (row,) = rows(database)
    agree = {"what": "agree", "entry": row.id, "day": TODAY + DAY, "due": TODAY + 7 * DAY}
    da, po, le = office.flags["near-da"], office.town.office, office.flags["near-le"]
    assert post(members["officer"], kind="FIREARMS", owner=da, **agree).status_code == 303
    assert post(members["law_enforcement"], kind="SERVICE", owner=le, **agree).status_code == 303
    assert post(members["prosecutor"], kind="LEVEL", owner=po, **agree).status_code == 303
    page = seen(members["prosecutor"])
    assert "Ask for proof that firearms were handed in: <b>" in page and "For your office to do" in page
    (entry,) = re.findall(r'name="task" value="(\d+)"[^\0]{0,300}?It is done', page)
    assert post(members["officer"], what="done", entry=row.id, task=entry).status_code == 404  # another office's
    assert post(members["prosecutor"], what="done", entry=row.id, task=entry).status_code == 303
    assert "For your office to do" not in seen(members["prosecutor"])
    assert f"Done {TODAY:%a, %b} {TODAY.day}" in seen(members["officer"])
    assert post(members["prosecutor"], what="undone", entry=row.id, task=entry).status_code == 303
    assert "For your office to do" in seen(members["prosecutor"])
    # the level is no matter of patrol nor of advocates: of a task about it nothing shows
    assert "Have the level assessed" in seen(members["officer"])
    assert "Have the level assessed" not in seen(members["law_enforcement"]) + seen(members["advocate"])
    assert post(members["officer"], what="back", entry=row.id, task=entry).status_code == 303
    assert "handed in: <b>" not in seen(members["prosecutor"])
    for browser in members.values():
        assert post(browser, what="undone", entry=row.id, task=entry).status_code == 404


@lite
@pytest.mark.parametrize(("said", "reason"), [
    ({"kind": "WORDS"}, "Choose what is to be done."),
    ({"owner": "harbor"}, "Choose which office does it."),  # what advocates do for her is nobody's to record
    ({"kind": "PROGRAM", "owner": "near-le"}, "That office may not read what this task is about."),
    ({"due": TODAY - DAY}, "Give a day from today on"),
    ({"due": TODAY + DAY + KEPT}, "Give a day from today on"),
])  # fmt: skip
def test_a_task_that_cannot_be_is_refused_with_the_reason(database, office, members, keys, said, reason):
    put_on(database, office, keys)
    (row,) = rows(database)
    form = {"kind": "SEE", "owner": "near-da", "due": TODAY + DAY} | said
    form["owner"] = office.flags[form["owner"]]
    answer = post(members["officer"], what="agree", entry=row.id, day=TODAY + DAY, **form)
    assert answer.status_code == 422 and reason in answer.text
    assert b"SEE" not in rows(database)[0].sealed and "Nothing yet." in seen(members["officer"])


@lite
def test_an_advocate_needs_written_consent_that_outlives_the_list_and_writes_no_minutes(
    app, database, office, members, keys
):
    number = number_of(database, office)
    consent = {"attested": "yes", "until": american(TODAY + 89 * DAY)}
    for more, reason in (
        ({"attested": ""}, "it takes her written consent"), ({"until": ""}, "The consent must hold until"),
        ({"until": american(TODAY + 20 * DAY)}, "The consent must hold until"),
        ({"until": american(TODAY + 91 * DAY)}, "The consent must hold until"),
        ({"number": "26-DV-NONE"}, "No open case that you may bring has that number."),
    ):
        answer = post(members["advocate"], what="bring", **({"number": number} | consent | more))
        assert answer.status_code == 422 and reason in answer.text, reason
    assert rows(database) == []
    put_on(database, office, keys)
    (row,) = rows(database)
    task = {"what": "agree", "entry": row.id, "kind": "SEE", "owner": office.flags["near-da"], "due": TODAY + DAY}
    assert post(members["advocate"], **task).status_code == 404
    page = seen(members["advocate"])
    assert "never a condition of your help" in page and "<title>List</title>" in members["advocate"].get(
        "/consultation"
    ).text
    app.state.site = msgspec.structs.replace(app.state.site, team=team(advocates_bring=False))
    assert post(members["advocate"], what="bring", number=number, **consent).status_code == 404
    assert "Bring the case" not in seen(members["advocate"])


@lite
def test_an_officer_brings_cases_that_they_have_a_reason_to_read(database, office, members):
    number = number_of(database, office)
    strange = post(members["officer"], what="bring", number=number)  # of the office, and not assigned (D3)
    nowhere = post(members["officer"], what="bring", number="26-DV-NONE")
    assert strange.status_code == nowhere.status_code == 422
    assert body_of(strange).replace(number, "#") == body_of(nowhere).replace("26-DV-NONE", "#")
    take_over(database, members["officer"])
    assert post(members["officer"], what="bring", number=number).status_code == 303
    other = second(database, office, "Unshared", shared=False)
    with database.system("test: its number") as session:
        number = session.scalars(select(Case.number).where(Case.id == other.case)).one()
    assert post(members["victim_witness"], what="bring", number=number).status_code == 422


@lite
def test_no_screen_of_anybody_else_and_no_other_screen_of_a_member_changes(
    client_as, database, office, members, keys, still
):
    from tests.web.test_callbacks import screens

    town = office.town
    agencies = {"judge": town.court_agency, "clerk": town.court_agency, "program": town.program_agency,
                "privacy_officer": town.office}  # fmt: skip
    everybody = members | {role: client_as(role, agency_id=agencies.get(role)) for role in OTHERS}
    looked = {role: everybody[role] for role in ("officer", "prosecutor", *agencies)}
    before = {role: screens(browser, office) for role, browser in looked.items()}
    put_on(database, office, keys)
    (row,) = rows(database)
    task = {"kind": "SEE", "owner": office.town.office, "due": TODAY + DAY, "day": TODAY + DAY}
    assert post(members["prosecutor"], what="agree", entry=row.id, **task).status_code == 303
    assert "See the person in person: <b>" in seen(members["prosecutor"])
    for role, browser in looked.items():
        assert screens(browser, office) == before[role], role
    for role in OTHERS:
        assert everybody[role].get("/consultation").status_code in (403, 404), role
        assert post(everybody[role], what="bring", number=number_of(database, office)).status_code in (403, 404), role


@lite
def test_without_a_team_or_outside_of_it_there_is_no_such_page(app, client_as, database, office, members):
    site = app.state.site
    app.state.site = msgspec.structs.replace(site, team=None)
    for role, browser in members.items():
        assert browser.get("/consultation").status_code == 404, role
        assert post(browser, what="bring", number="1").status_code == 404, role
    assert "/consultation" not in members["prosecutor"].get("/prosecution").text
    app.state.site = msgspec.structs.replace(site, team=team(agencies=("near-da",)))
    assert '"/consultation"' in members["prosecutor"].get("/prosecution").text
    assert members["officer"].get("/consultation").status_code == 404
    assert "/consultation" not in members["officer"].get("/today").text
    from monitor.config import Settings

    assert site_team(Settings().consultation_file, "") is None
    assert not links_for(None, team())


def test_thirty_days_after_the_meeting_it_is_gone_from_the_database_and_from_every_copy(
    database, office, members, keys, settings, tmp_path
):
    put_on(database, office, keys)
    assert "Example, Ann" in seen(members["prosecutor"])
    copy, last = tmp_path / "copy", TODAY + DAY + KEPT
    write_copy(database, copy, SECRET, utc_now())
    for day, left in ((last - DAY, 1), (last, 0)):
        with database.system("the nightly job") as session, session.begin():
            purge(session, keys_of(settings.consultation_keys_file, SECRET), day)
        assert len(rows(database)) == left
    restore(Target(f"sqlite:///{tmp_path}/soon.db"), copy, SECRET, utc_now())  # one put back before that day
    soon = Database(f"sqlite:///{tmp_path}/soon.db")
    (row,) = rows(soon)
    assert keys_of(settings.consultation_keys_file, SECRET).open(row.id, row.sealed, "consultation.sealed") is None
    soon.close()
    restore(Target(f"sqlite:///{tmp_path}/late.db"), copy, SECRET, utc_now() + 40 * DAY)
    late = Database(f"sqlite:///{tmp_path}/late.db")
    assert rows(late) == []
    late.close()


def test_the_tables_say_nothing_and_the_database_lets_nobody_but_the_machine_read_them(
    database, office, members, keys
):
    put_on(database, office, keys)
    (row,) = rows(database)
    assert set(Consultation.__table__.c.keys()) == {"id", "sealed", "purge_on"}
    assert str(office.matter.case).encode() not in row.sealed and b"meets" not in row.sealed
    if database.is_sqlite:
        return
    with office.scoped() as session, trusted_sql("test: past our own scope"):
        assert session.scalar(text("select count(*) from consultation")) == 0
        assert session.scalar(select(func.count()).select_from(Person))


@lite
def test_a_case_that_was_closed_or_has_left_the_record_is_on_no_agenda(database, office, members, keys):
    put_on(database, office, keys)
    put_on(database, office, keys, case=4611686018427387911)  # as after an expungement
    assert "Example, Ann" in seen(members["prosecutor"])
    with database.system("test: closed") as session, session.begin():
        session.get_one(Case, office.matter.case).closed_on = TODAY - DAY
    assert "No case is on this agenda." in seen(members["prosecutor"])


@pytest.mark.parametrize(("file", "reason"), [
    ('name = "x"\nagencies = []\nfirst = 2026-12-01\n', "a team has a `name` and `agencies`"),
    ('name = "x"\nagencies = ["a"]\nfirst = 2026-12-01\nevery_days = 60\n', "meets every 7 to 28 days"),
    ('name = "x"\nagencies = ["a"]\nfirst = 2026-12-01\nclosed = 1\n', "closed"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(tmp_path, file, reason):
    (tmp_path / "team.toml").write_text(file)
    with pytest.raises(TeamError, match=reason):
        site_team(str(tmp_path / "team.toml"), "keys")
    with pytest.raises(TeamError, match="MONITOR_CONSULTATION_KEYS_FILE"):
        site_team(str(tmp_path / "team.toml"), "")


def test_meetings_follow_one_another_and_what_is_kept_ends():
    made = team(first=date(2026, 12, 1), every_days=14, closes_days=2)
    assert made.drawn(date(2026, 11, 28)) == () and made.open_for(date(2026, 11, 28)) == date(2026, 12, 1)
    assert made.drawn(date(2026, 11, 29)) == (date(2026, 12, 1),)
    assert made.open_for(date(2026, 11, 29)) == date(2026, 12, 15)
    assert made.drawn(date(2026, 12, 30)) == (date(2026, 12, 29), date(2026, 12, 15), date(2026, 12, 1))
    assert made.drawn(date(2026, 12, 31)) == (date(2026, 12, 29), date(2026, 12, 15))
