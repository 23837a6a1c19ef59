"""The court's screens: the docket of a day, its neighbours, the bench page, and their documents."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import event, select

from monitor.amending import amend
from monitor.bench_page.words import weekday_words
from monitor.clock import utc_now
from monitor.db import Database
from monitor.models import Hearing, Told
from tests.monitor.court_town import CourtTown, add_case, build_court_town


@pytest.fixture
def town(database: Database) -> CourtTown:
    return build_court_town(database, utc_now())


@pytest.fixture
def judge(client_as, town: CourtTown):
    return client_as("judge", agency_id=town.court_agency, name="Pat Lee")


def plain(html: str) -> str:
    """What a page says, without its marks."""
    text = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", html, flags=re.S)
    text = re.sub(r"<[^>]+>", "", text)
    for mark, sign in (("&amp;", "&"), ("&#39;", "'"), ("&#34;", '"'), ("&gt;", ">"), ("&lt;", "<")):
        text = text.replace(mark, sign)
    return squeeze(text)


def squeeze(text: str) -> str:
    """Without any white space: lines break elsewhere on paper."""
    return re.sub(r"\s+", "", text)


def words_of(pdf: bytes) -> str:
    return squeeze("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_the_front_door_sends_a_judge_and_a_clerk_to_the_coming_docket(client_as, town: CourtTown) -> None:
    for role in ("judge", "clerk"):
        browser = client_as(role, agency_id=town.court_agency)
        assert browser.get("/").headers["location"] == "/dockets"
        assert browser.get("/dockets").headers["location"] == f"/dockets/{town.court_code}/{town.day}"


def test_the_docket_lists_each_case_with_what_the_judge_must_decide(judge, town: CourtTown) -> None:
    answer = judge.get(f"/dockets/{town.court_code}/{town.day}")
    assert answer.status_code == 200
    said = plain(answer.text)
    for line in town.numbers:
        assert line in said
    assert squeeze("LATE REPORT: Quiet Program (1 case)") in said


def test_a_day_without_hearings_names_the_next(judge, town: CourtTown) -> None:
    day = town.day - timedelta(days=1)
    answer = judge.get(f"/dockets/{town.court_code}/{day}")
    assert answer.status_code == 200
    assert "No DV reviews on" in answer.text
    assert f"/dockets/{town.court_code}/{town.day}" in answer.text


def test_another_court_reads_like_no_court_at_all(client_as, town: CourtTown, database: Database) -> None:
    stranger = client_as("judge", agency_id=town.other_court_agency)
    for path in (
        f"/dockets/{town.court_code}/{town.day}", f"/dockets/nowhere/{town.day}", f"/hearings/{town.hearings[0]}",
        "/hearings/1", f"/hearings/{town.hearings[0]}?format=pdf", f"/dockets/{town.court_code}/not-a-day",
    ):  # fmt: skip
        assert stranger.get(path).status_code == 404, path


@pytest.mark.parametrize("role", ["officer", "program", "administrator"])
def test_only_court_people_open_a_docket(client_as, town: CourtTown, role: str) -> None:
    browser = client_as(role)
    assert browser.get(f"/dockets/{town.court_code}/{town.day}").status_code in (403, 404)
    assert browser.get(f"/hearings/{town.hearings[0]}").status_code in (403, 404)


def test_the_bench_page_says_the_same_on_screen_and_on_paper(judge, town: CourtTown) -> None:
    for hearing in town.hearings:
        screen = plain(judge.get(f"/hearings/{hearing}").text)
        answer = judge.get(f"/hearings/{hearing}?format=pdf")
        assert answer.headers["content-type"] == "application/pdf"
        paper = words_of(answer.content)
        for fact in town.facts_of(hearing, answer_at(answer.content)):
            said = squeeze(fact)
            assert said in screen, fact
            assert said in paper, fact


def test_freshness_comes_before_the_facts_and_the_options_after_them_on_screen_and_on_paper(judge, town) -> None:
    """The order in which a judge asks (`domain/judge-onepage.md`): what is missing or late is read first."""
    for hearing in town.hearings:
        screen = plain(judge.get(f"/hearings/{hearing}").text)
        paper = words_of(judge.get(f"/hearings/{hearing}?format=pdf").content)
        for text in (screen, paper):
            heads = ("MISSING:", "LATEREPORT:", "Orderinforce", "Safety", "DUE", "Sincelastreview", "Alleged",
                     "Samethingbefore", "Intheway", "Probationasks", "Options")  # fmt: skip
            body = text[text.index("MISSING:"):].lower()
            found, at = [], 0
            for head in heads:
                at = body.find(head.lower(), at)
                assert at >= 0, f"not on the page, or not in its place: {head}"
                found.append(at)
            assert found == sorted(found) and "orderinforce" not in text[:text.index("MISSING:")].lower()


def answer_at(pdf: bytes) -> datetime:
    """The instant that the file bears."""
    made = PdfReader(io.BytesIO(pdf)).metadata
    assert made is not None and made.creation_date is not None
    return made.creation_date


def test_the_docket_says_the_same_on_screen_and_on_paper(judge, town: CourtTown) -> None:
    path = f"/dockets/{town.court_code}/{town.day}"
    screen, paper = judge.get(path).text, words_of(judge.get(f"{path}?format=pdf").content)
    rows = re.findall(r"<tr>(.*?)</tr>", screen, flags=re.S)[1:]
    assert len(rows) == len(town.hearings)
    for row in rows:
        for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, flags=re.S):
            assert plain(cell) in paper


def test_all_pages_of_a_day_are_one_document_with_a_side_a_case(judge, town: CourtTown) -> None:
    answer = judge.get(f"/dockets/{town.court_code}/{town.day}?format=pages")
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == len(town.hearings)


def test_the_next_case_follows_the_order_of_the_list_and_ends_back_at_it(judge, town: CourtTown) -> None:
    listed = judge.get(f"/dockets/{town.court_code}/{town.day}?order=time").text
    ids = list(dict.fromkeys(re.findall(r'<th scope="row"[^>]*><a href="/hearings/(\d+)', listed)))
    where = [judge.get(f"/hearings/{one}/next?order=time").headers["location"] for one in ids]
    assert where[:-1] == [f"/hearings/{one}?order=time" for one in ids[1:]]
    assert where[-1] == f"/dockets/{town.court_code}/{town.day}?order=time"


def test_a_page_names_its_print_and_no_page_says_violation(judge, town: CourtTown) -> None:
    for hearing in town.hearings:
        page = judge.get(f"/hearings/{hearing}").text
        assert "Printed by Judge Pat Lee" in page
        assert "violation" not in page.lower()


def test_a_wrong_order_or_day_is_calmly_met(judge, town: CourtTown) -> None:
    assert judge.get(f"/dockets/{town.court_code}/{town.day}?order=nonsense").status_code == 200
    assert judge.get(f"/dockets/{town.court_code}/{date(1999, 1, 1)}").status_code == 200


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_beyond_time_has_no_docket(judge, town: CourtTown, day: str) -> None:
    for path in (f"/dockets/near/{day}", f"/api/v1/dockets/near/{day}"):
        assert judge.get(path).status_code == 404


def test_the_filter_line_says_how_many_and_a_print_is_always_whole(judge, town: CourtTown) -> None:
    path = f"/dockets/{town.court_code}/{town.day}"
    whole = judge.get(path).text
    assert "All 5" in whole and "Contested 1" in whole and "Interpreter 1" in whole
    some = judge.get(f"{path}?only=contested").text
    assert len(re.findall("data-row", some)) == 1 and "25-DV-000002" in some
    assert "1 of 5 shown." in some and "Show all 5" in some
    none = judge.get(f"{path}?only=in-custody").text
    assert "0 of 5 shown." in none and "data-row" not in none
    forms = ("pdf", "compact", "pages")
    printed = [words_of(judge.get(f"{path}?format={one}&only=contested").content) for one in forms]
    assert all(number in paper for paper in printed for number in town.numbers)


def test_the_compact_form_says_what_the_list_says(judge, town: CourtTown) -> None:
    path = f"/dockets/{town.court_code}/{town.day}"
    paper = words_of(judge.get(f"{path}?format=compact").content)
    rows = re.findall(r"<tr>(.*?)</tr>", judge.get(path).text, flags=re.S)[1:]
    for row in rows:
        for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, flags=re.S):
            assert plain(cell) in paper


def order_said(text: str) -> str:
    found = re.search(r'<p class="docket-order">(.*?)</p>', text)
    assert found
    return found[1].replace("&#39;", "'")


@pytest.mark.parametrize("role", ["judge", "clerk"])
def test_the_courts_own_order_is_kept_with_who_set_it_and_said_on_list_and_paper(
    client_as, town: CourtTown, role: str
) -> None:
    path = f"/dockets/{town.court_code}/{town.day}"
    desk = client_as(role, agency_id=town.court_agency, name="K. Ito")
    before = desk.get(path).text
    assert order_said(before) == "Order: most pressing first (as no court has set another)."
    assert desk.post(f"{path}/order", data={"order": "name"}).status_code == 303
    assert desk.post(f"{path}/order", data={"order": "nonsense"}).status_code in (400, 404)
    other = client_as("judge", agency_id=town.court_agency, name="Pat Lee")
    after = other.get(path).text
    said = f"Order: by name (set by K. Ito, {weekday_words(town.today)})."
    assert order_said(after) == said
    names = re.findall(r"data-row>.*?<td[^>]*>(.*?)</td>", after, flags=re.S)
    assert names and names == sorted(names)
    chosen = other.get(f"{path}?order=time")
    assert order_said(chosen.text).startswith("Order: by time, chosen for this list (the court's own is by name")
    assert squeeze(said) in words_of(other.get(f"{path}?format=pdf").content)
    assert squeeze("chosen for this list") in words_of(other.get(f"{path}?format=compact&order=time").content)


def test_another_court_sets_no_order_here(client_as, town: CourtTown) -> None:
    stranger = client_as("clerk", agency_id=town.other_court_agency)
    path = f"/dockets/{town.court_code}/{town.day}/order"
    assert stranger.post(path, data={"order": "name"}).status_code == 404
    assert client_as("officer").post(path, data={"order": "name"}).status_code == 403


def test_court_staff_read_two_days_before_who_still_owes_a_report(client_as, town: CourtTown) -> None:
    """Practitioners 6, alerts: report missing 2 days before the calendar. The judge gets none between hearings."""
    path = f"/dockets/{town.court_code}/{town.day}"
    clerk, judge = (client_as(role, agency_id=town.court_agency) for role in ("clerk", "judge"))
    told = plain(clerk.get(path).text)
    assert squeeze("Who still owes a report") in told
    assert re.search(r"QuietProgram:25-DV-000003:classof", told)
    assert squeeze("25-DV-000001: class") not in told
    assert "owes a report" not in judge.get(path).text


def test_earlier_the_page_says_from_when_it_will_say_so(client_as, town: CourtTown, database: Database) -> None:
    with database.system("test: a later day") as session, session.begin():
        for hearing in town.hearings:
            row = session.get_one(Hearing, hearing)
            amend(session, row, utc_now(), starts_at=row.starts_at + timedelta(days=21))
    day = town.day + timedelta(days=21)
    told = client_as("clerk", agency_id=town.court_agency).get(f"/dockets/{town.court_code}/{day}").text
    assert "two court days before, it stands here" in told and "Quiet Program</b>:" not in told


def test_what_a_list_tells_of_is_looked_up_once_and_each_reading_moves_it_on(judge, town: CourtTown) -> None:
    for number in range(3):
        add_case(town, f"more {number}", "B", classes="yyM", alleged="ABSENCE_UNEXCUSED")
    path, seen = f"/dockets/{town.court_code}/{town.day}", []
    judge.get(path)
    event.listen(town.database.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
    judge.get(path)
    assert sum("FROM told" in one for one in seen) == sum("UPDATE told" in one for one in seen) == 1
    with town.database.system("test: told", writes=False) as session:
        rows = session.scalars(select(Told)).all()
    assert len(rows) == 4 and all(one.again_at > one.told_at for one in rows), "four cases tell of one each"
