"""Steps 1 to 6: from the order to the second absence."""

from __future__ import annotations

from datetime import date

from monitor.access.roles import Role
from monitor.models import Attendance, Enrollment, Hearing, Order
from tests.journeys.hands import fill, press
from tests.journeys.nine import NAME, ORDER, ORDERED_ON, PARTY, County

WED, THU, FRI = date(2026, 2, 18), date(2026, 2, 19), date(2026, 2, 20)


def first_weeks(county: County) -> None:
    the_court_orders(county)
    dispatch_has_the_terms(county)
    the_program_has_the_referral(county)
    police_serve(county)
    firearms_are_handed_in(county)
    intake(county)
    classes(county)
    the_first_absence(county)


def the_court_orders(county: County) -> None:
    """The clerk enters it at 11:00 with a first review on 9 Feb."""
    county.at(ORDERED_ON, 11)
    path = f"/hearings/{county.ids['hearing']}/orders/new?template="
    page = county.page(Role.CLERK, f"{path}probation_dv")
    fill(page, number="26-PR-0114", judge=str(county.ids["judge"]), terms=("BIP", "REPORT_TO_PROBATION",
         "FIREARM_SURRENDER"), issued_on="2026-01-14", ends_on="2029-01-13", program=str(county.ids["program"]),
         notice="SERVED", review_on="2026-02-09", review_at="9:00 AM")  # fmt: skip
    press(page, "The judge has signed: put on record")
    page = county.page(Role.CLERK, f"{path}criminal_no_contact")
    fill(page, number=ORDER, judge=str(county.ids["judge"]), given=PARTY[0], family=PARTY[1],
         terms=("01", "04", "05", "07"), yards="150", places=("home", "work"), issued_on="2026-01-14",
         ends_on="2029-01-13", firearm_heard="Y", firearm_related="Y", firearm_forbids="Y", flag="Y",
         notice="TOLD")  # fmt: skip
    said = press(page, "The judge has signed: put on record")
    assert "On record. Dispatch and patrol read it now" in page.inner_text("body"), said
    for order in county.rows(Order, Order.case_id == county.ids["case"]):
        county.ids[order.number] = order.id
        county.receives(f"order {order.number}", county.paper(Role.CLERK, f"/orders/{order.id}/paper"))


def look_up(county: County, role: Role = Role.DISPATCH) -> str:
    page = county.page(role, "/verify")
    fill(page, "form", words=NAME)
    said = press(page, "Check")
    assert PARTY[1] not in page.content() and PARTY[0] not in page.content()
    return said


def dispatch_has_the_terms(county: County) -> None:
    """1. 911 has the terms by 11:05."""
    county.at(ORDERED_ON, 11, 5)
    said = look_up(county)
    assert said.startswith("ACTIVE, NOT SERVED") and "contact in any way (05)" in said and "(04)" in said, said
    assert "PROHIBITED" in said, said


def the_program_has_the_referral(county: County) -> None:
    """4. BIP gets the referral at 11:05."""
    said = county.text(Role.PROGRAM, "/enrollments")
    assert "New referrals, 1" in said and "Varga" in said


def police_serve(county: County) -> None:
    """2. LE serves at 16:30; all see it."""
    county.at(ORDERED_ON, 16, 30)
    page = county.page(Role.LAW_ENFORCEMENT, "/service")
    page.get_by_role("link", name=ORDER).click()
    page.get_by_text("Served in person").click()
    page.get_by_role("button", name="Record service").click()
    page.wait_for_url("**/service")
    county.at(ORDERED_ON, 16, 31)
    said = look_up(county)
    assert said.startswith("ACTIVE") and "NOT SERVED" not in said and "4:30 PM" in said, said
    order = county.ids[ORDER]
    for role, path in (
        (Role.CLERK, f"/orders/{order}"), (Role.OFFICER, f"/people/{county.ids['person']}"),
        (Role.JUDGE, f"/hearings/{county.ids['hearing']}"),
        (Role.PROSECUTOR, f"/prosecution/cases/{county.ids['case']}"),
        (Role.VICTIM_WITNESS, f"/due-notices/{county.ids['case']}"),
    ):  # fmt: skip
        said = county.text(role, path).casefold()
        assert "served" in said and "not served" not in said, f"{role}: {said}"
    listed = county.text(Role.ADVOCATE, "/status-list").partition("Cases, by name")[2].partition("How to read it")[0]
    assert "Varga" in listed and "not served" not in listed and "served Wed, Jan 14, 2026, 4:30 PM" in listed, listed


def firearms_are_handed_in(county: County) -> None:
    """3. Firearm receipt next day."""
    county.at(date(2026, 1, 15), 10)
    page = county.page(Role.LAW_ENFORCEMENT, f"/service/{county.ids[ORDER]}")
    page.get_by_text("Firearms were handed in to us").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Record the receipt").click()
    county.at(date(2026, 1, 15), 10, 5)
    review = max(county.rows(Hearing), key=lambda one: one.starts_at).id
    said = county.text(Role.JUDGE, f"/hearings/{review}")
    assert "Firearms: given up 15 Jan" in said, said
    assert "Surrender proof NOT RECEIVED" not in look_up(county)


def move(county: County, name: str, **told: str) -> None:
    page = county.page(Role.PROGRAM, f"/enrollments/{county.ids['place']}")
    form = f"form:has(input[name=move][value={name}])"
    fill(page, form, **told)
    press(page, "Save", form)


def intake(county: County) -> None:
    """4. Intake on Friday the 23rd."""
    county.at(date(2026, 1, 23), 15)
    [place] = county.rows(Enrollment, Enrollment.case_id == county.ids["case"])
    county.ids["place"] = place.id
    move(county, "hold_intake", on="1/23/2026")
    move(county, "place", on="1/23/2026", group=str(county.ids["WED"]))


def mark(county: County, group: str, day: date, says: str) -> None:
    page = county.page(Role.PROGRAM, f"/attendance/{county.ids[group]}/{day}")
    kind = "other" if says == "ABS" else "says"
    fill(page, **{f"{kind}.{county.ids['place']}": says})
    press(page, "Save attendance")


def classes(county: County) -> None:
    for day in (date(2026, 1, 28), date(2026, 2, 4)):
        county.at(day, 20, 30)
        mark(county, "WED", day, "P")
    first_review(county)
    county.at(date(2026, 2, 11), 20, 30)
    mark(county, "WED", date(2026, 2, 11), "P")


def first_review(county: County) -> None:
    """The review of 9 Feb is held, and the next is set for 9 Mar."""
    county.at(date(2026, 2, 9), 9, 30)
    review = max(county.rows(Hearing), key=lambda one: one.starts_at)
    page = county.page(Role.CLERK, f"/hearings/{review.id}/result")
    fill(page, result="HELD", done="COMPLIANT_CONTINUE", next="other", next_on="3/9/2026", hour="9:00 AM")
    press(page, "Save and next")
    county.ids["review"] = max(county.rows(Hearing), key=lambda one: one.starts_at).id


def the_first_absence(county: County) -> None:
    """5. Wednesday 18 Feb he is absent; the sheet is in by Thursday morning. 6. PO sees it on Friday's list, learns of
    a shift change and sees the pay slip: "excused", and the program moves him to its Saturday group."""
    county.at(THU, 8, 30)
    mark(county, "WED", WED, "ABS")
    county.at(FRI, 8)
    said = county.text(Role.OFFICER, "/today")
    assert "Absences to decide, 1" in said and "Wed, Feb 18, 2026" in said, said
    [row] = county.rows(Attendance, Attendance.occurred_on == WED)
    page = county.page(Role.OFFICER, f"/absences/{row.id}/decide")
    fill(page, decision="EXCUSED", why="EMPLOYMENT", evidence_received_on="2/20/2026", evidence_accepted="yes",
         words="Pay slip seen: the shift was changed.")  # fmt: skip
    said = press(page, "Save decision")
    county.at(FRI, 9)
    move(county, "regroup", on="2/20/2026", group=str(county.ids["SAT"]))
