"""Who a row is about: numbers first, then names, and never a guess."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from monitor.intake.cells.people import fold, split_name
from monitor.intake.cells.preamble import is_footer
from monitor.intake.roster import Finder, Roster, Who
from tests.monitor.intake.sample_county import MEMBERS, ROSTER

FINDER = Finder(ROSTER)


def found(**who: object) -> tuple[str, str]:
    result = FINDER.find(Who(**who))  # type: ignore[arg-type]
    return (result.member.code if result.member else "", result.code)


@pytest.mark.parametrize(
    ("who", "member", "code"),
    [
        ({"participant_id": "p1002", "name": "Anything"}, "P1002", ""),
        ({"case_number": "24CR001872"}, "P1001", ""),
        ({"case_number": "24-CR-001872", "name": "Smith, Bob"}, "P1001", ""),
        ({"case_number": "25-CR-000044", "name": "Smith, Robert"}, "", "R-WHO-CONFLICT"),
        ({"participant_id": "P1001", "case_number": "25-CR-000044"}, "", "R-WHO-CONFLICT"),
        ({"name": "SMITH, ROBERT", "dob": date(1992, 11, 5)}, "P1004", ""),
        ({"name": "Smith, Robert", "dob": date(1970, 1, 1)}, "", "R-WHO-CLOSE"),
        ({"name": "Smith, Maria", "dob": date(1992, 11, 5)}, "", "R-WHO-CLOSE"),
        ({"name": "Smith, Rob", "dob": date(1992, 11, 5)}, "P1004", ""),
        ({"name": "Robert Smith"}, "", "R-WHO-TWO"),
        ({"name": "Robert Smith", "group": "wed-6pm"}, "P1004", "W-WHO-GROUP-DECIDED"),
        ({"name": "Robert J Smith"}, "P1001", "W-WHO-NAME-ONLY"),
        ({"name": "garcia ortiz, luis"}, "P1002", "W-WHO-NAME-ONLY"),
        ({"name": "Dwayne ONeal"}, "P1003", "W-WHO-NAME-ONLY"),
        ({"name": "Dwayne O’Neal Jr."}, "P1003", "W-WHO-NAME-ONLY"),
        ({"last_name": "Whitefeather", "first_name": "Jim"}, "", "R-WHO-CLOSE"),
        ({"name": "Minh Tran Van"}, "", "R-WHO-CLOSE"),
        ({"name": "ONEAL DWAYNE T"}, "", "R-WHO-CLOSE"),
        ({"name": "Tran Van Minh"}, "", "R-WHO-CLOSE"),
        ({"name": "Nguyen, Paul"}, "", "R-WHO-NOT-ON-ROSTER"),
        ({"case_number": "99-XX-1"}, "", "R-WHO-NOT-ON-ROSTER"),
        ({}, "", "R-WHO-MISSING"),
    ],
)  # fmt: skip
def test_a_row_finds_its_person_or_says_why_not(who: dict[str, object], member: str, code: str) -> None:
    assert found(**who) == (member, code)


def test_an_answer_holds_for_the_name_as_written() -> None:
    finder = Finder(ROSTER, {"bobby smith": "P1001", "paul nguyen": "nobody"})
    chosen = finder.find(Who(name="Smith, Bobby")).member
    assert chosen is not None and chosen.code == "P1001"
    assert finder.find(Who(name="Paul Nguyen")).code == "R-WHO-NOT-ON-ROSTER"


def test_of_two_places_of_one_person_the_one_open_on_the_day_is_meant() -> None:
    again = msgspec.structs.replace(MEMBERS[6], key=70, code="P1070", start=date(2026, 11, 1), end=None)
    finder = Finder(Roster((*MEMBERS, again)))
    codes = [
        getattr(finder.find(Who(name="Petrov, Aleksandr"), on).member, "code", None)
        for on in (date(2026, 6, 1), date(2026, 11, 9))
    ]
    assert codes == ["P1007", "P1070"]


def test_names_of_any_script_can_be_compared() -> None:
    assert fold("Łukasz Ørsted") == "lukasz orsted"
    assert split_name("Иванов, Пётр") == ("иванов", "петр")
    assert split_name("Nguyễn Văn An") == ("an", "nguyen van")


def test_a_person_may_be_called_like_a_footer() -> None:
    assert not is_footer(["Summers, John", "P"]) and not is_footer(["Key, Francis", "P"])
    assert is_footer(["TOTAL PRESENT", "3"]) and is_footer(["Key: X = present"])


ALONE = msgspec.structs.replace(MEMBERS[7], key=80, person=80, code="P1080", last="Sukarno", first="", case_number="X1")


@pytest.mark.parametrize("given", ["", "-", "."])
@pytest.mark.parametrize(("who", "member", "code"), [
    ({"name": "Sukarno"}, "P1080", "W-WHO-NAME-ONLY"), ({"last_name": "SUKARNO"}, "P1080", "W-WHO-NAME-ONLY"),
    ({"last_name": "Sukarno", "first_name": "-"}, "P1080", "W-WHO-NAME-ONLY"),
    ({"name": "Sukarno", "dob": date(1987, 2, 11)}, "P1080", ""),
    ({"name": "Sukarno", "dob": date(1987, 2, 12)}, "", "R-WHO-CLOSE"),
    ({"name": "Sukarno, Ahmed", "dob": date(1987, 2, 11)}, "", "R-WHO-CLOSE"),
    ({"name": "Ahmed Sukarno"}, "", "R-WHO-CLOSE"), ({"name": "Sukarno Ahmed"}, "", "R-WHO-CLOSE"),
    ({"name": "Sukarno Ahmed", "case_number": "X-1"}, "P1080", ""), ({"name": "Roe", "case_number": "X1"}, "",
     "R-WHO-CONFLICT"), ({"name": "Robert Smith"}, "", "R-WHO-TWO"),
])  # fmt: skip
def test_somebody_with_one_name_alone_is_found_by_it(
    given: str, who: dict[str, object], member: str, code: str
) -> None:
    """Once a date of birth on such a sheet failed the whole file."""
    one = msgspec.structs.replace(ALONE, first=given)
    result = Finder(Roster((*MEMBERS, one))).find(Who(**who))  # type: ignore[arg-type]
    assert (result.member.code if result.member else "", result.code) == (member, code)


def test_a_family_name_alone_is_not_taken_for_the_one_name_of_somebody_else() -> None:
    one = msgspec.structs.replace(ALONE, last="Whitefeather")
    result = Finder(Roster((*MEMBERS, one))).find(Who(name="Whitefeather"))
    assert (result.code, {member.code for member in result.choices}) == ("R-WHO-CLOSE", {"P1008", "P1080"})
