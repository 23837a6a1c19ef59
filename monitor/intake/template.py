"""A sheet to fill in, offered and never required: a group's people, its day or the month's, and a choice of words.

A row of tags under the names of the columns lets it be read again however those names are changed or translated. It
holds no formula and no macro. An empty cell says nothing of anybody.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.intake.problems import Download, safe_cell
from monitor.intake.record.standing import read_roster
from monitor.intake.roster import Member
from monitor.intake.sheet import ABOUT
from monitor.intake.workbook_out import Cell, write_workbook
from monitor.models import Group

MOST: Final = 25  # safeguard D7: more people leave the house only by two persons' word
WORDS: Final = (
    "Present", "Late", "Left early", "Excused", "No show", "Absent", "Make-up", "In custody", "No group",
)  # fmt: skip
ONE_CLASS: Final = (
    ("participant_id", "#person+id"), ("last_name", "#person+last"), ("first_name", "#person+first"),
    ("session_date", "#date"), ("group", "#group"), ("status", "#status"), ("minutes_late", "#late+minutes"),
    ("makeup_for", "#makeup+date"), ("note", "#note"),
)  # fmt: skip
PERSON: Final = ONE_CLASS[:3]
HOW_TO: Final = (
    "How to fill this in",
    "Choose what happened from the list, or type any word that you use. Leave a cell empty where you do not know yet: "
    "nobody is counted absent because a cell is empty.",
    "The row that begins with # lets us read the sheet again. Leave it where it is; other columns may be added.",
    "Never write anything about a victim or partner into this file.",
    "Rellene lo que pasó o escriba la palabra que usan ustedes. Una celda vacía no dice nada de nadie.",
)  # fmt: skip
FILLED: Final = 200  # rows that offer the list of words


class Wanted(msgspec.Struct, frozen=True):
    """Which template: a group of the asker's, for its newest class or for the classes of this month."""

    group_id: int
    whole_month: bool = False


def template(session: Session, wanted: Wanted, today: date) -> Download | None:
    """The sheet as .xlsx; None where the asker has no such group. More than `MOST` people: without names."""
    group = session.scalars(select(Group).where(Group.id == wanted.group_id)).first()
    if group is None:
        return None
    days = _days(group.weekday, today, whole_month=wanted.whole_month)
    people = read_roster(session, group.program_id).members
    here = sorted((one for one in people if _is_here(one, group.code, days)), key=lambda one: (one.last, one.first))
    here = here if len(here) <= MOST else []
    rows = _month(here, days) if wanted.whole_month else _class(here, days[-1], group.code)
    first = len(PERSON) if wanted.whole_month else [name for name, _ in ONE_CLASS].index("status")
    last = first + len(days) - 1 if wanted.whole_month else first
    how_to: list[list[Cell]] = [[line] for line in (ABOUT, *HOW_TO)]
    content = write_workbook(
        {group.code: rows, "Read me": how_to}, lists={group.code: ((first, last), (2, FILLED), WORDS)}
    )
    name = f"{group.code}-{days[-1]:%Y-%m}.xlsx" if wanted.whole_month else f"{group.code}-{days[-1]}.xlsx"
    return Download(name, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content)


def _days(weekday: int, today: date, *, whole_month: bool) -> list[date]:
    """The group's newest class day, today included; or all class days of this month."""
    if not whole_month:
        return [today - timedelta(days=(today.weekday() - weekday) % 7)]
    days = (today.replace(day=number) for number in range(1, calendar.monthrange(today.year, today.month)[1] + 1))
    return [day for day in days if day.weekday() == weekday]


def _is_here(member: Member, group: str, days: Sequence[date]) -> bool:
    """In the group on one of the days, and released then."""
    return any(
        member.closed_on is None and member.start is not None and member.start <= day
        and member.group_on(day) == group
        and all(until is None or day <= until for until in (member.end, member.released_until))
        for day in days
    )  # fmt: skip


def _named(member: Member) -> list[Cell]:
    return [member.code, safe_cell(member.last), safe_cell(member.first)]


def _class(people: Sequence[Member], day: date, group: str) -> list[list[Cell]]:
    names, tags = zip(*ONE_CLASS, strict=True)
    return [list(names), list(tags), *([*_named(one), day, group] for one in people)]


def _month(people: Sequence[Member], days: Sequence[date]) -> list[list[Cell]]:
    names, tags = zip(*PERSON, strict=True)
    return [[*names, *days], [*tags, *("#status" for _ in days)], *(_named(one) for one in people)]
