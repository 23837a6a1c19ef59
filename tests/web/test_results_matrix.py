"""At a hearing the court may choose a response from the lines of its local matrix, with the version; it need not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import msgspec
import pytest
from sqlalchemy import select

from monitor.bench_page.record import gather
from monitor.bench_page.words import chosen_words, outcome_words
from monitor.clock import local_day, utc_now
from monitor.db import Database
from monitor.models import HearingResult
from monitor.response_matrix.content import Cell, Content
from monitor.response_matrix.default import DEFAULT
from tests.builders import add_user
from tests.matrix import adopt
from tests.office import take_over
from tests.web.conftest import Browser
from tests.web.test_results import Court, send

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OURS = "Report in person twice a week for a month"


@pytest.fixture
def court(database: Database) -> Court:
    return Court(database)


@pytest.fixture
def clerk(court: Court, client_as: Callable[..., Browser]) -> Browser:
    return client_as("clerk", agency_id=court.town.town.court_agency, name="B. Adams")


def put_in_force(court: Court, number: int, line: str, days_ago: int = 40) -> None:
    cells = dict(DEFAULT.cells) | {"B.STANDARD.2": Cell((), (line,))}
    content: Content = msgspec.structs.replace(DEFAULT, cells=cells)
    at = utc_now() - timedelta(days=days_ago)
    with court.database.system("test: a matrix") as session, session.begin():
        agency = court.town.town.court_agency
        made, put = (add_user(session, agency, "coordinator", f"{who}{number}@x.example") for who in ("a", "b"))
        adopt(session, agency, made, put, local_day(at, court.zone), at, number=number, content=content)


def options(text: str) -> dict[str, str]:
    """The lines of the select by their key."""
    part = re.search(r'<select[^>]* name="response".*?</select>', text, re.S)
    return dict(re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)</option>', part[0])) if part else {}


def result(court: Court) -> HearingResult:
    ((row,),) = court.rows(HearingResult)
    found: HearingResult = row
    return found


def test_the_courts_lines_of_the_version_in_force_are_offered_with_its_number_and_none_is_chosen(
    court: Court, clerk: Browser
) -> None:
    put_in_force(court, 3, OURS)
    text = clerk.get(court.path).text
    lines = options(text)
    assert OURS in lines.values() and next(iter(lines.items())) == ("", "None of it")
    assert "Version 3. Nothing is proposed" in text
    part = re.search(r'<select[^>]* name="response".*?</select>', text, re.S)
    assert part and "selected" not in part[0] and '<optgroup label="Class B">' in part[0]
    here = {line for cell in DEFAULT.cells.values() for line in cell.here} - {
        line for cell in DEFAULT.cells.values() for line in cell.court
    }
    assert here and not here & {unescape(one) for one in lines.values()}, "the office's own lines are not the court's"
    assert send(clerk, court).status_code == 303
    assert (result(court).response, result(court).matrix_number) == (None, None), "the court need not choose"


def test_a_chosen_line_is_kept_in_its_words_with_its_version_and_said_until_it_is_undone(
    court: Court, clerk: Browser
) -> None:
    put_in_force(court, 3, OURS)
    key = next(key for key, line in options(clerk.get(court.path).text).items() if line == OURS)
    assert send(clerk, court, done="SANCTIONED", response=key).status_code == 303
    assert (result(court).response, result(court).matrix_number) == (OURS, 3)
    said = "report in person twice a week for a month (local matrix version 3)"
    assert said in clerk.get(court.path).text and said in clerk.get(court.day_path).text
    put_in_force(court, 4, "Something else", days_ago=0)
    assert said in clerk.get(court.path).text, "what was chosen stays as it read"
    assert clerk.post(f"{court.path}/undo").status_code == 303
    assert said not in clerk.get(court.path).text


def test_what_the_court_chose_stands_in_the_last_review_and_in_the_officers_results_until_it_is_undone(
    court: Court, clerk: Browser, client_as: Callable[..., Browser]
) -> None:
    """It is read as it was known: not before it was recorded, and still at an instant before it was undone."""
    assert chosen_words("DV class twice", 3) == "; DV class twice (local matrix version 3)", "an abbreviation stays one"
    put_in_force(court, 3, OURS)
    key = next(key for key, line in options(clerk.get(court.path).text).items() if line == OURS)
    before = utc_now()
    assert send(clerk, court, done="SANCTIONED", response=key).status_code == 303
    chosen = utc_now()
    said = "response ordered; report in person twice a week for a month (local matrix version 3)"
    row = result(court)
    coming, page = row.next_hearing_id, f"/hearings/{row.next_hearing_id}"
    officer = take_over(court.database, client_as("officer", agency_id=court.town.town.office))
    assert said in (text := clerk.get(page).text), text[text.index("Last review"):][:200]
    assert said in officer.get("/today").text
    assert said[1:] in officer.get(f"/people/{court.matter.person}").text
    assert clerk.post(f"{court.path}/undo").status_code == 303
    for reader, path in ((clerk, court.path), (officer, "/today"), (officer, f"/people/{court.matter.person}")):
        assert "local matrix version 3" not in reader.get(path).text
    told = [last_review(court, coming, at) for at in (before, chosen, utc_now())]
    assert [said in one for one in told] == [False, True, False], told


def last_review(court: Court, hearing: int | None, at: datetime) -> str:
    """What the page of the next date says of the last review, as it was known then."""
    with court.database.system("test: a page as it was known", writes=False) as session:
        case = session.scalars(select(HearingResult.case_id)).one()
        record = gather(session, {case: court.zone}, at)[case]
    last = record.last_review(at + timedelta(days=60))
    return "" if last is None else f"{outcome_words(last.outcome)}{chosen_words(last.response, last.matrix_number)}"


def test_a_line_of_another_version_or_of_none_and_a_response_without_a_hearing_are_refused_and_nothing_is_lost(
    court: Court, clerk: Browser
) -> None:
    assert options(clerk.get(court.path).text) == {}, "with none adopted the sample is offered to nobody"
    assert send(clerk, court, response="0.B.0").status_code == 422
    put_in_force(court, 3, OURS)
    key = next(key for key, line in options(clerk.get(court.path).text).items() if line == OURS)
    put_in_force(court, 4, "Something else", days_ago=10)
    stale = send(clerk, court, response=key, words="Told twice.")
    assert stale.status_code == 422 and "reads otherwise since this page was opened" in stale.text
    assert "Told twice." in stale.text
    key = next(key for key, line in options(clerk.get(court.path).text).items() if line == "Something else")
    without = send(clerk, court, result="CONTINUED", why="COUNSEL", response=key)
    assert without.status_code == 422 and "goes with a hearing that was held" in without.text
    assert court.rows(HearingResult) == []
