"""A list of people who need an account, as it is copied out of a spreadsheet: read line by line, every fault named."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date

import msgspec

from monitor.access.roles import TITLES, Role
from monitor.users import AccountError, NewAccount

MOST = 200
LONGEST_NAME = 120
COLUMNS = "name, e-mail address, role, code of the agency, first day without the account (may be left out)"
HEADS = frozenset({"name", "person", "nombre"})
ROLES = {title.casefold(): role for role, title in TITLES.items()} | {role.value: role for role in Role}


class Line(msgspec.Struct, frozen=True):
    """One line of the list. ``number``: as a person counts, from 1. ``fault``: why it cannot be asked for, or ""."""

    number: int
    text: str
    person: NewAccount | None = None
    fault: str = ""

    @property
    def told(self) -> str:
        """Whose account it is about: name and address, or the line as it was typed."""
        return f"{self.person.name}, {self.person.email}" if self.person else self.text

    @property
    def role(self) -> str:
        """The role and the agency that it asks for, in words."""
        return f"{TITLES[self.person.role]}, {self.person.agency_code}" if self.person else ""


def lines_in(text: str, today: date) -> list[Line]:
    """Each line that says something, with the person it asks an account for or the fault that it has."""
    told = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    lines = [_line(number, line, today) for number, line in told if not _is_head(line)]
    return list(_once_each(lines))


def person_of(name: str, email: str, role: str, agency: str, ends_on: str, today: date) -> NewAccount:
    """One person from what was typed. Raises `AccountError` with a sentence of what to mend."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise AccountError(f"Give the name as colleagues know it, up to {LONGEST_NAME} letters.")
    held = ROLES.get(role.strip().casefold())
    if held is None:
        raise AccountError(f"There is no role “{role.strip()}”. The roles are: {', '.join(TITLES.values())}.")
    if not agency.strip():
        raise AccountError("Give the code of the agency.")
    return NewAccount(
        email=email.strip().casefold(), name=name, role=held, agency_code=agency.strip(), ends_on=_day(ends_on, today)
    )  # fmt: skip


def _line(number: int, text: str, today: date) -> Line:
    cells = _cells(text)
    if not 4 <= len(cells) <= 5:
        return Line(number, text, fault=f"This line has {len(cells)} columns. It takes: {COLUMNS}.")
    try:
        name, email, role, agency, ends_on = (*cells, "")[:5]
        return Line(number, text, person_of(name, email, role, agency, ends_on, today))
    except AccountError as fault:
        return Line(number, text, fault=str(fault))


def _cells(text: str) -> list[str]:
    """A line's columns: spreadsheets copy tabs, files have semicolons or commas. Empty ones at the end fall away."""
    between = next((one for one in "\t;" if one in text), ",")
    cells = [cell.strip() for cell in next(csv.reader([text], delimiter=between, skipinitialspace=True))]
    while len(cells) > 4 and not cells[-1]:
        cells.pop()
    return cells


def _is_head(text: str) -> bool:
    return _cells(text)[0].casefold() in HEADS and "@" not in text


def _day(text: str, today: date) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise AccountError("Write the first day without the account as year-month-day, like 2027-03-31.") from None
    if day <= today:
        raise AccountError("The first day without the account has to lie ahead.")
    return day


def _once_each(lines: list[Line]) -> Iterator[Line]:
    first: dict[str, int] = {}
    for line in lines:
        before = first.setdefault(line.person.email, line.number) if line.person else line.number
        if before == line.number:
            yield line
        else:
            yield Line(line.number, line.text, fault=f"Line {before} has the same e-mail address.")
