"""Whom a line is about: every way to write somebody down, and all that comes of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import yaml

from monitor.intake.roster import Finder, Member, Roster, Who
from tests.monitor.intake.sample_county import GROUPS, MEMBERS
from tests.promises import held_by

CASES = yaml.safe_load(Path(__file__).with_name("whole_roster.yaml").read_text("utf-8"))
# beside the people of the samples: two of one family, one without a given name, one with two places, one who moved
MORE = (
    Member(11, 11, "P1011", "Lee", "Ann Marie", "", date(1990, 1, 2), "26-CR-000011", "MON-6PM", date(2026, 8, 3)),
    Member(12, 12, "P1012", "Lee", "", "", None, "26-CR-000012", "WED-6PM", date(2026, 8, 3)),
    Member(13, 13, "P1013", "Cole", "Sam", "Quincy", None, "26-CR-000013", "MON-6PM", date(2026, 1, 5),
           date(2026, 6, 30)),
    Member(14, 13, "P1014", "Cole", "Sam", "Quincy", None, "26-CR-000014", "WED-6PM", date(2026, 9, 1)),
    Member(15, 15, "P1015", "Prince", "", "", date(1958, 6, 7), "26-CR-000015", "SAT-9AM", date(2026, 9, 1),
           groups=((date(2026, 9, 1), "MON-6PM"), (date(2026, 11, 10), "SAT-9AM"))),
    Member(16, 16, "P1016", "Cole", "Samuel", "", None, "26-CR-000013", "MON-6PM", date(2026, 9, 1)),
)  # fmt: skip
ROSTER = Roster((*MEMBERS, *MORE), GROUPS, zone="America/Los_Angeles")


def found_of(written: dict[str, str], chosen: dict[str, str]) -> str:
    """All that is made of a line, and on which days whoever it is about meets."""
    day = written.pop("on", "")
    who = msgspec.convert(written, Who)
    finder = Finder(ROSTER, chosen)
    found = finder.find(who, date.fromisoformat(day) if day else None)
    told = {
        "is": found.member.code if found.member else "", "code": found.code,
        "of": " ".join(one.code for one in found.choices), "asked": found.asked, "written": who.written,
        "folded": who.folded, "exactly": who.exactly, "split": " | ".join(who.split),
        "meets": " ".join(map(str, sorted(finder.weekdays_of_one(who.group, who)))),
        "all meet": " ".join(map(str, sorted(finder.weekdays_of(who.group, [who.name, "Marcus Bell"])))),
        "staff": "yes" if who.is_staff else "",
    }  # fmt: skip
    return "; ".join(f"{name} {value}" for name, value in told.items() if value)


def test_whom_every_way_of_writing_somebody_down_is_about() -> None:
    with held_by("monitor.intake.roster"):
        told = [found_of(dict(one["who"]), one.get("chosen", {})) for one in CASES]
    assert told == [one["is"] for one in CASES]


def test_in_which_group_somebody_was_on_a_day() -> None:
    moved = MORE[4]
    days = [date(2026, 8, 1), date(2026, 9, 1), date(2026, 11, 9), date(2026, 11, 10)]
    assert [moved.group_on(day) for day in days] == ["SAT-9AM", "MON-6PM", "MON-6PM", "SAT-9AM"]
    assert (moved.any_group, moved.name, MORE[2].name) == ({"mon 6pm", "sat 9am"}, "Prince", "Sam Quincy Cole")
    assert (MORE[0].group_on(days[0]), MORE[0].any_group) == ("MON-6PM", {"mon 6pm"})
