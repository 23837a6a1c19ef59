"""Sheets of which an evening's new rules took more than they say, or refused what is attendance; judged by hand."""

from __future__ import annotations

import pytest

from tests.monitor.intake.test_sheets_of_further_programs import D, checked, records, told
from tests.monitor.intake.test_sheets_of_others import DWAYNE, JAMES, asked
from tests.monitor.intake.test_sheets_once_misread import N

NOVEMBER = "Attendance November 2026\n"


def test_what_a_group_is_called_is_no_class() -> None:
    """Once "Mon 6" in a column of its own refused the sign-in sheet, and whoever did not sign was not asked about."""
    check = checked("Date: 11/16/2026\nName,Signature,Mon 6\nDwayne O'Neal,DO,\nJames Whitefeather,,\n")
    assert [" ".join(record) for record in check.records] == [f"{D}11-16 P"]
    assert asked(check) == ["Q-NOT-SIGNED James Whitefeather"] and "W-COLUMN-UNKNOWN:Mon 6" in told(check)


@pytest.mark.parametrize("days", ["Mon 1,Mon 2,Mon 3", "Mon 2,Mon 31st", "Mon 9,Mon 2", "Mon 2,Tue 4", "Month 2,Month 9"])
def test_numbers_behind_weekdays_that_fit_no_month_are_no_days(days: str) -> None:
    """Once the second Monday's mark was recorded on the second of November."""
    check = checked(f"{NOVEMBER}{N}{days}\n{DWAYNE},P,U,P\n")
    assert check.records == () and "H-NO-SESSIONS:" in told(check)


def test_one_weekday_that_does_not_fit_its_day_refuses_all() -> None:
    check = checked(f",,October 2026,November 2026\n{N}Mon 2,Mon 9\n{DWAYNE},P,U\n")
    assert check.records == () and "H-NO-MONTH:" in told(check)


@pytest.mark.parametrize("text", [
    f"{NOVEMBER}{N}11/2,11/9,Mon 6,Fri 13\n{DWAYNE},P,U,x,x\n",
    f"{NOVEMBER}{N}11/2,11/9\n,,Mon 2,Mon 9\n{DWAYNE},P,U\n",
    f"Name,Case #,Date,Status,Mon 6,Mon 13\n{DWAYNE},11/2/2026,P,x,x\n{DWAYNE},11/9/2026,U,x,x\n",
])  # fmt: skip
def test_groups_beside_days_refuse_nothing(text: str) -> None:
    assert records(text) == [f"{D}11-02 P", f"{D}11-09 U"]
