"""An order is changed, extended or ended by a version of its own: the old one stays, the difference is in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from monitor.clock import local_day, utc_now
from monitor.compliance.loading import load_facts
from monitor.models import Condition, Order, OrderVersion, Requirement, Service
from monitor.one_at_a_time import one_at_a_time
from monitor.wording import short_day
from tests.web.conftest import Browser
from tests.web.order_desk import FAMILY, ZONE, Desk, words_of

UNSENT = ("places", "yards", "allowed", "flag", "firearm_heard", "firearm_related", "firearm_forbids")  # by a sentence
NOT_NEW = ("number", "party", "given", "family", "review_on", "review_at", "no_review", "program")


def changed(desk: Desk, seen: int = 1, template: str = "criminal_no_contact_ca", **told: Any) -> dict[str, Any]:
    form = {name: value for name, value in desk.form(template).items() if name not in NOT_NEW}
    return form | {"seen": str(seen)} | told


def made(desk: Desk, clerk: Browser, **told: Any) -> Order:
    assert clerk.post(desk.path, data=desk.form(**told)).status_code == 303
    return desk.made()


def versions(desk: Desk, order: Order) -> list[OrderVersion]:
    found = desk.rows(OrderVersion, OrderVersion.order_id == order.id)
    return sorted(found, key=lambda one: one.version_no)


def ended(**told: str) -> dict[str, str]:
    today = str(local_day(utc_now(), ZONE))
    return {"how": "VACATED", "on": today, "notice_step": "DONE", "seen": "1"} | told


def test_a_change_is_a_new_version_and_says_what_is_different_while_the_old_one_stays(
    desk: Desk, clerk: Browser, client_as: Callable[..., Browser]
) -> None:
    order = made(desk, clerk)
    first = {one.code: one.text for one in desk.rows(Condition) if one.case_id == desk.matter.case}
    told = changed(desk, terms=["01", "02", "04", "05"], yards="300", allowed=[], notice="SERVED", flag="Y")
    answer = clerk.post(f"/orders/{order.id}/change", data=told)
    assert answer.status_code == 303, answer.text
    old, new = versions(desk, order)
    assert (old.change, new.change, new.version_no) == ("NEW", "MODIFIED", 2)
    assert old.effective_to == new.effective_from and new.effective_to is None
    assert {one.code: one.text for one in desk.rows(Condition, Condition.order_version_id == old.id)}.items() <= (
        first.items()
    ), "what stood before reads as it did"
    text = clerk.get(f"/orders/{order.id}").text
    for said in ("Added: 02", "Taken out: 07", "04 Stay away now: Stay at least 300 yards",
                 "No longer allowed: hand over a child, at a police station"):  # fmt: skip
        assert said in text, said
    assert len(desk.rows(Service, Service.order_id == order.id)) == 1
    assert "Modified, version 2" in words_of(clerk.get(f"/orders/{order.id}/paper").content)
    told_dispatch = client_as("dispatch").post("/verify", data={"words": "PO-777", "format": "text"}).text
    assert "others named in the order (02)" in re.sub(r"\s+", " ", told_dispatch) and "(07)" not in told_dispatch
    assert FAMILY not in text


def test_a_later_last_day_alone_is_an_extension(desk: Desk, clerk: Browser) -> None:
    order = made(desk, clerk)
    later = local_day(utc_now(), ZONE) + timedelta(days=1500)
    assert clerk.post(f"/orders/{order.id}/change", data=changed(desk, ends_on=str(later))).status_code == 303
    assert [one.change for one in versions(desk, order)] == ["NEW", "EXTENDED"]
    assert "Last day: " in clerk.get(f"/orders/{order.id}").text


def test_an_ended_order_is_ended_for_dispatch_at_once_and_its_duties_end(
    desk: Desk, clerk: Browser, client_as: Callable[..., Browser]
) -> None:
    order = made(desk, clerk)
    assert clerk.post(f"/orders/{order.id}/end", data=ended()).status_code == 303
    assert [one.change for one in versions(desk, order)] == ["NEW", "VACATED"]
    said = client_as("dispatch").post("/verify", data={"words": "PO-777", "format": "text"}).text
    assert said.startswith("TERMINATED")
    duties = desk.rows(Requirement, Requirement.order_id == order.id)
    assert {one.kind for one in duties if one.until_on} == {"no_contact", "stay_away"} == {one.kind for one in duties}
    with desk.database.system("test: what the rules read", writes=False) as session:
        facts = load_facts(session, None, utc_now() + timedelta(minutes=1))
    told = [row["event"] for row in facts.order_events.to_dicts() if row["order"] == order.id]
    assert sorted(told) == ["issued", "vacated"]
    text = clerk.get(f"/orders/{order.id}").text
    assert "Ended by the court" in text and "Change or extend" not in text and "End this order" not in text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_change_of_a_sentence_moves_no_clock_and_ends_only_the_duty_that_is_gone(desk: Desk, clerk: Browser) -> None:
    assert clerk.post(desk.path, data=desk.sentence()).status_code == 303
    order = desk.made("PR-1")
    (first,) = versions(desk, order)
    told = changed(desk, template="probation_dv", terms=["BIP", "REPORT_TO_PROBATION", "TESTING"])
    for name in ("places", "yards", "allowed", "flag", "firearm_heard", "firearm_related", "firearm_forbids"):
        del told[name]
    assert clerk.post(f"/orders/{order.id}/change", data=told).status_code == 303
    second = versions(desk, order)[-1]
    anchors = ("granted_on", "convicted_on", "term_months", "proceeding", "supervision")
    assert [getattr(second, name) for name in anchors] == [getattr(first, name) for name in anchors]
    duties = desk.rows(Requirement, Requirement.order_id == order.id)
    assert sorted((one.kind, one.until_on is not None) for one in duties) == [
        ("bip", False), ("firearm_surrender", False), ("firearm_surrender", True), ("review", False),
        ("testing", False),
    ]  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_clerks_who_change_the_same_version_do_not_overwrite_each_other(desk: Desk, clerk: Browser) -> None:
    order = made(desk, clerk)
    assert clerk.post(f"/orders/{order.id}/change", data=changed(desk, yards="200")).status_code == 303
    second = clerk.post(f"/orders/{order.id}/change", data=changed(desk, yards="400"))
    assert second.status_code == 409 and "changed since" in second.text
    assert clerk.post(f"/orders/{order.id}/end", data=ended()).status_code == 409
    assert len(versions(desk, order)) == 2
    same = clerk.post(f"/orders/{order.id}/change", data=changed(desk, seen=2, yards="200"))
    assert same.status_code == 422 and "Nothing differs" in same.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_before_an_order_ends_early_the_desks_checklist_asks_for_the_safety_notice_step(
    desk: Desk, clerk: Browser
) -> None:
    order = made(desk, clerk)
    for told, words in (({"notice_step": ""}, "safety-notice step"), ({"how": ""}, "vacated or ended early"),
                        ({"on": "1/2/2020"}, "day of signing")):  # fmt: skip
        answer = clerk.post(f"/orders/{order.id}/end", data=ended(**told))
        assert answer.status_code == 422 and words in answer.text
    assert len(versions(desk, order)) == 1
    clerk.post(f"/orders/{order.id}/end", data=ended(notice_step="DANGER"))
    for path in (f"/orders/{order.id}", desk.path):
        assert "imminent danger" not in clerk.get(path).text, "what the checklist said stands on no page"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_form_of_a_change_opens_with_what_stands_and_asks_for_no_name(desk: Desk, clerk: Browser) -> None:
    order = made(desk, clerk, yards="175", places=["school"])
    text = clerk.get(f"/orders/{order.id}/change").text
    assert 'value="175"' in text and 'name="given"' not in text and FAMILY not in text
    ticked = re.findall(r'name="(terms|places|allowed)" value="([\w-]+)" checked', text)
    assert ticked == [("terms", "01"), ("terms", "04"), ("terms", "05"), ("terms", "07"), ("places", "school"),
                      ("allowed", "05-0")]  # fmt: skip
    assert clerk.get(f"/orders/{desk.matter.order}/change").status_code == 404, "it was not made from a template"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ["judge", "officer", "program"])
def test_only_court_staff_change_or_end_an_order(
    desk: Desk, clerk: Browser, client_as: Callable[..., Browser], role: str
) -> None:
    order = made(desk, clerk)
    other = client_as(role, agency_id=desk.town.town.court_agency if role == "judge" else None)
    assert other.post(f"/orders/{order.id}/change", data=changed(desk)).status_code == 403
    assert other.post(f"/orders/{order.id}/end", data=ended()).status_code == 403
    assert len(versions(desk, order)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_change_and_no_end_is_signed_before_the_order_as_it_stands(desk: Desk, clerk: Browser) -> None:
    today = local_day(utc_now(), ZONE)
    order = made(desk, clerk, issued_on=str(today - timedelta(days=5)))
    before, same = str(today - timedelta(days=6)), str(today - timedelta(days=5))
    for path, form in (("change", changed(desk, yards="300", issued_on=before)), ("end", ended(on=before))):
        answer = clerk.post(f"/orders/{order.id}/{path}", data=form)
        assert answer.status_code == 422 and "before the order as it stands was signed" in answer.text, path
    assert clerk.post(f"/orders/{order.id}/end", data=ended(on=same)).status_code == 303


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("act", ["change", "end"])
def test_of_two_clerks_who_save_in_the_same_instant_the_second_is_told(desk: Desk, clerk: Browser, act: str) -> None:
    """The second has read the order and waits for the first, who ends it in the meantime."""
    order = made(desk, clerk)
    form = changed(desk, yards="400") if act == "change" else ended()
    with desk.database.system("test: the first clerk") as first, ThreadPoolExecutor(1) as hands:
        with first.begin():
            one_at_a_time(first, order.id)
            late = hands.submit(clerk.post, f"/orders/{order.id}/{act}", data=form)
            assert not wait([late], timeout=2).done, "it waits for whoever writes about the same order"
            (stands,) = first.scalars(select(OrderVersion).where(OrderVersion.order_id == order.id))
            stands.effective_to = utc_now()
        answer = late.result(timeout=60)
    assert answer.status_code == 409 and "changed since this page was opened" in answer.text
    assert len(versions(desk, order)) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_order_that_was_served_and_then_changed_says_both_until_the_change_is_served(
    desk: Desk, clerk: Browser, client_as: Callable[..., Browser]
) -> None:
    order = made(desk, clerk, notice="SERVED")
    page = f"/orders/{order.id}"
    assert "<b>In force, served.</b>" in clerk.get(page).text
    told = changed(desk, terms=["01", "04", "05"], allowed=[], notice="NONE")
    assert clerk.post(f"{page}/change", data=told).status_code == 303
    today = short_day(local_day(utc_now(), ZONE))
    both = f"In force, served {today}; changed {today}, and the change is not served"
    assert both in clerk.get(page).text and both in clerk.get(desk.path).text
    ask, room = {"words": "PO-777", "format": "text"}, client_as("dispatch")
    said = re.sub(r"\s+", " ", room.post("/verify", data=ask).text)
    assert said.startswith("ACTIVE") and "CHANGE NOT YET SERVED: an officer may serve it" in said
    at = utc_now().astimezone(ZoneInfo(ZONE))
    returned = {"result": "SERVED", "method": "PERSONAL", "on": str(at.date()), "hour": f"{at:%H:%M}",
                "server": "Dep. Cole, sheriff"}  # fmt: skip
    answer = clerk.post(f"{page}/served", data=returned)
    assert answer.status_code == 303, answer.text
    assert "<b>In force, served.</b>" in clerk.get(page).text
    assert "NOT YET SERVED" not in room.post("/verify", data=ask).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_sentence_that_was_served_and_then_changed_says_both_though_the_registry_knows_nothing_of_it(
    desk: Desk, clerk: Browser
) -> None:
    assert clerk.post(desk.path, data=desk.sentence()).status_code == 303
    order = desk.made("PR-1")
    sent = {name: value for name, value in changed(desk, template="probation_dv", terms=["BIP", "REPORT_TO_PROBATION"],
                                                   notice="TOLD").items() if name not in UNSENT}  # fmt: skip
    assert clerk.post(f"/orders/{order.id}/change", data=sent).status_code == 303
    assert "and the change is not served" in clerk.get(f"/orders/{order.id}").text
