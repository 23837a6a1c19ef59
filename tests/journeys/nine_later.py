"""Steps 6 to 13: from the second absence and the call for help to the hearing."""

from __future__ import annotations

from datetime import date

from monitor.access.roles import Role
from monitor.models import Attendance, Callback, Flag, Incident
from tests.journeys.hands import fill, press
from tests.journeys.nine import BORN, NAME, ORDER, County
from tests.journeys.nine_first import FRI, look_up, mark

SAT, SUN, MON = date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2)
HEARING_ON = date(2026, 3, 9)
BARRIERS = ("language", "disability", "work_shift", "transport", "child_care", "program_seats")
POLICE_NUMBER = "26-0311"


def later_weeks(county: County) -> None:
    """Everything that follows the Friday."""
    an_advocate_asks(county)
    the_second_absence(county)
    neighbors_call(county)
    a_question_that_night(county)
    the_safety_step(county)
    a_record_exists(county)
    the_prosecutor_files(county)
    the_defense_gets_its_papers(county)
    the_judge_hears(county)


def screens(county: County) -> dict[str, str]:
    """What the others read of the case, without the line that says when."""
    case, person = county.ids["case"], county.ids["person"]
    paths = {
        Role.OFFICER_SUPERVISOR: ("/today?team=true", f"/people/{person}"), Role.OFFICER: (f"/people/{person}",),
        Role.CLERK: (f"/hearings/{county.ids['review']}", f"/orders/{county.ids[ORDER]}"),
        Role.JUDGE: (f"/hearings/{county.ids['review']}",), Role.PROGRAM: ("/week", "/enrollments"),
        Role.PROSECUTOR: ("/prosecution", f"/prosecution/cases/{case}"), Role.LAW_ENFORCEMENT: ("/service",),
        Role.VICTIM_WITNESS: ("/due-notices", f"/due-notices/{case}"),
    }  # fmt: skip
    return {f"{role} {path}": county.text(role, path) for role, those in paths.items() for path in those}


def an_advocate_asks(county: County) -> None:
    """7. Friday 20 Feb an advocate whose client signed a release asks for a call. The PO calls; nothing changes on any
    other screen."""
    if not county.whole:
        return
    county.at(FRI, 14)
    before = screens(county)
    page = county.page(Role.ADVOCATE, "/call-backs/new")
    fill(page, number="26-CR-0114", attested="yes", until="3/6/2026", by="week")
    press(page, "Send the request")
    assert "Sent. The assigned officer alone sees it" in page.inner_text("body")
    page = county.page(Role.OFFICER, "/today")
    assert "A partner agency asks you to call by" in page.inner_text("main")
    press(page, "I have called")
    assert "partner agency" not in page.inner_text("main") and not county.rows(Callback)
    assert screens(county) == before


def the_second_absence(county: County) -> None:
    """6. On Saturday 28 Feb he is absent again; he contests it."""
    county.at(date(2026, 2, 21), 13)
    mark(county, "SAT", date(2026, 2, 21), "P")
    county.at(SAT, 13)
    mark(county, "SAT", SAT, "ABS")


def neighbors_call(county: County) -> None:
    """8. Sunday 1 Mar neighbours call 911: he is outside her building. The card says served, stay away. LE reports
    condition 04."""
    county.at(SUN, 21, 10)
    said = look_up(county)
    assert said.startswith("ACTIVE") and "4:30 PM" in said and "(04)" in said
    page = county.page(Role.DISPATCH, "/incidents/new")
    fill(page, words=NAME, number="CAD26-9001", touched="04")
    press(page, "File it")
    county.at(SUN, 22, 40)
    page = county.page(Role.LAW_ENFORCEMENT, "/incidents/new")
    fill(page, words=NAME, born=BORN.isoformat(), number=POLICE_NUMBER, touched="04", weapon="NO",
         strangulation="NOT_ASKED", accounts="NO", on="3/1/2026", hour="9:05 PM")  # fmt: skip
    press(page, "File it")
    assert len(county.rows(Incident)) == 2


def a_question_that_night(county: County) -> None:
    """9. A class-D question reaches PO and prosecutor that night."""
    county.at(SUN, 22, 45)
    [flag] = county.rows(Flag, Flag.code == "STAY_AWAY_ALLEGED")
    assert (flag.response_class, flag.state) == ("D", "OPEN")
    county.ids["breach"] = flag.id
    assert f"/flags/{flag.id}" in county.page(Role.OFFICER, "/today").content()
    assert POLICE_NUMBER in county.text(Role.PROSECUTOR, "/prosecution")


def report_flag(county: County, flag: int, words: str, **asks: str) -> int:
    """The officer puts a question into a report and sends it to a supervisor; the report's id."""
    page = county.page(Role.OFFICER, f"/flags/{flag}")
    asked = {f"barrier_{one}": "no" for one in BARRIERS if page.locator(f"[name=barrier_{one}]").count()}
    fill(page, decision="ACT", words=words, **asked)
    press(page, "Save decision")
    page = county.page(Role.OFFICER, f"/flags/{flag}")
    page.get_by_role("link", name="The report to the court that this is part of").click()
    report = int(page.url.rsplit("/", 1)[1])
    fill(page, "form[action$=submit]", **asks)
    assert "Nothing was saved" not in press(page, "Send to a supervisor"), page.inner_text("main")
    return report


def approve(county: County, report: int) -> None:
    page = county.page(Role.OFFICER_SUPERVISOR, f"/allegations/{report}")
    fill(page, "form[action$=approval]", decision="approve")
    assert "Before the court" in press(page, "Save decision"), page.inner_text("main")


def the_absence_is_contested(county: County) -> None:
    """He contests it."""
    [row] = county.rows(Attendance, Attendance.occurred_on == SAT)
    page = county.page(Role.OFFICER, f"/absences/{row.id}/decide")
    fill(page, decision="UNEXCUSED", words="No reason on file.")
    press(page, "Save decision")
    county.evaluate()
    [flag] = county.rows(Flag, Flag.code == "ABSENCE_UNEXCUSED")
    page = county.page(Role.OFFICER, f"/flags/{flag.id}")
    press(page, "The person contests this")
    county.ids["absence report"] = report_flag(county, flag.id, "Respondent disputes it.", ask="REVIEW")
    approve(county, county.ids["absence report"])


def the_safety_step(county: County) -> None:
    """9. V/W does the safety step in the morning."""
    county.at(MON, 8)
    the_absence_is_contested(county)
    county.at(MON, 8, 10)
    county.ids["report"] = report_flag(county, county.ids["breach"], "A report of police.", ask="CUSTODY")
    county.at(MON, 8, 20)
    said = county.text(Role.OFFICER_SUPERVISOR, f"/allegations/{county.ids['report']}")
    assert "safety step" in said and "Approve: it lies" not in said, said
    county.at(MON, 8, 30)
    page = county.page(Role.VICTIM_WITNESS, "/due-notices")
    assert "2 items due" in page.inner_text("main"), page.inner_text("main")
    if county.whole:
        press(page, "Asked for notices")
        page = county.page(Role.VICTIM_WITNESS, "/due-notices")
    with page.expect_navigation():
        waits = page.locator("li.worklist__item").filter(has_text="Safety step first")
        waits.locator(f"button[value={'REACHED' if county.whole else 'NOT_REACHED'}]").click()
    county.at(MON, 9)
    approve(county, county.ids["report"])


def a_record_exists(county: County) -> None:
    """10. A SANE notice (separate injury exam, patient consented) reaches the prosecutor."""
    county.at(MON, 11)
    if not county.whole:
        return
    page = county.page(Role.MEDICAL, "/record-notices/new")
    fill(page, number=POLICE_NUMBER, custodian=str(county.agency["medical"]), basis="AUTHORIZATION", told="YES",
         on="2026-03-02")  # fmt: skip
    assert "Receipt number" in press(page, "Save")
    said = county.text(Role.PROSECUTOR, "/record-notices")
    assert POLICE_NUMBER in said and "Riverbend Hospital" in said, said
    assert "Release: on file" in county.text(Role.VICTIM_WITNESS, f"/due-notices/{county.ids['case']}")


def the_prosecutor_files(county: County) -> None:
    """11. The prosecutor files on the police report and proof of service; the survivor is not a source in the packet.
    Defence gets packet and page."""
    county.at(MON, 14)
    path = f"/prosecution/{county.ids['report']}"
    page = county.page(Role.PROSECUTOR, path)
    fill(page, "form[action$=decision]", decision="FILE", words="The police report and the proof of service stand.")
    page.locator("select[name=ground]").select_option("VIOLATION")
    press(page, "Put it on record")
    county.at(MON, 14, 20)
    page = county.page(Role.PROSECUTOR, path)
    press(page, "Make a packet")
    packet = page.url.removeprefix(county.base).partition("?")[0]
    paper = county.paper(Role.PROSECUTOR, f"{packet}?format=pdf")
    assert POLICE_NUMBER in paper and "Riverbend Sheriff" in paper and "4:30 PM" in paper, paper
    county.receives("evidence packet", paper)
    page = county.page(Role.PROSECUTOR, packet)
    fill(page, given_to="COUNSEL", how="BY_HAND")
    press(page, "The defense has it")


def the_defense_gets_its_papers(county: County) -> None:
    """The written notice from probation, the report, and the bench page from the clerk."""
    county.at(date(2026, 3, 3), 10)
    report = f"/allegations/{county.ids['report']}"
    page = county.page(Role.OFFICER, report)
    press(page, "Make it in English")
    county.receives("notice", county.paper(Role.OFFICER, f"{report}/notice?language=en"))
    county.receives("report", county.paper(Role.OFFICER, f"{report}?format=pdf"))
    page = county.page(Role.OFFICER, report)
    page.evaluate("() => document.querySelectorAll('main details').forEach(one => { one.open = true })")
    page.locator("select[name=how]").select_option(index=1)
    press(page, "Record it")
    county.at(date(2026, 3, 5), 13)
    page = county.page(Role.CLERK, f"/hearings/{county.ids['review']}")
    press(page, "Keep this page as it stands now")
    packet = page.url.removeprefix(county.base).partition("?")[0]
    county.receives("bench page", county.paper(Role.CLERK, f"{packet}?format=pdf"))
    page = county.page(Role.CLERK, packet)
    fill(page, given_to="COUNSEL", how="BY_HAND")
    press(page, "The defense has this packet")


def the_judge_hears(county: County) -> None:
    """12. Judge, Monday 9 Mar, sees one absence excused and one contested, the breach as alleged with evidence, makes
    findings, sets two weeks."""
    county.at(HEARING_ON, 9)
    review = county.ids["review"]
    page = county.page(Role.JUDGE, f"/hearings/{review}")
    said = page.locator("article.bench-page").inner_text()
    assert "xcused 1" in said and "CONTESTED" in said, said
    assert POLICE_NUMBER in said, said
    page = county.page(Role.JUDGE, f"/hearings/{review}/findings")
    form = f"form:has(input[name=report][value='{county.ids['report']}']):has([name=finding])"
    fill(page, form, finding="FOUND", words="He came within the distance of the order on March 1.")
    press(page, "Record it", form)
    county.at(HEARING_ON, 9, 10)
    page = county.page(Role.JUDGE, f"/hearings/{review}/result")
    fill(page, result="HELD", done="WARNED", next="other", next_on="3/23/2026", hour="9:00 AM")
    press(page, "Save and next")
    county.at(HEARING_ON, 9, 20)
    assert "Mar 23" in county.text(Role.OFFICER, f"/people/{county.ids['person']}")
