"""Builds the demo county: fictional, the same for a seed and a day (contract 4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from random import Random

import msgspec

from monitor.clock import local_day
from monitor.db import Database
from monitor.demo.accounts import PARTNERS, DemoAccount, add_staff
from monitor.demo.care import share_cases
from monitor.demo.cast import GEORGIA_STORIES, Player, players
from monitor.demo.classes import Place as Seat
from monitor.demo.classes import attend, enroll
from monitor.demo.orders import Matter, give_up_firearms, hold_reviews, open_matter
from monitor.demo.places import PACIFIC, Place, found_places
from monitor.demo.releases import release
from monitor.demo.scribe import Scribe
from monitor.demo.supervision import supervise
from monitor.models import Agency, Judge

SEED = 20260114
# classes of the sheet group that are left for the program's own sheets: some brought in, the newest one to try
KEPT_FOR_SHEETS = 3
SHEET_PROGRAM = "north-star"
SHEET_GROUP = "MON-6PM"
SHEET_SEATS = 4
SHEET_STORIES = ("steady", "excused_once", "corrected")
DOCKETED = {"us_ca": 16, "us_ga": 7}

Progress = Callable[[str], None]


class County(msgspec.Struct):
    """What was built: accounts to sign in with, and the people of the group whose sheet waits to be tried."""

    accounts: list[DemoAccount]
    sheet_seats: list[Seat]
    places: list[Place]
    people: int


def build_county(
    database: Database, site_secret: str, now: datetime, *, people: int = 120, seed: int = SEED, say: Progress
) -> County:
    """Write the whole county into an empty, migrated database, in one transaction."""
    today = local_day(now, PACIFIC)
    with database.system("building the demo county") as session, session.begin():
        scribe = Scribe(session, Random(seed), now, today)
        say("Courts, offices and programs")
        places = found_places(scribe)
        for kind, code, name in PARTNERS:
            scribe.add(Agency, kind=kind, name=name, code=code, zone=PACIFIC)
        scribe.flush()
        accounts = add_staff(session, site_secret, now)
        _seat_judges(places, accounts)
        say(f"{people} people and their history")
        seats = _live(scribe, places, accounts, site_secret, list(players(people, scribe.rng, today)))
        scribe.flush()
        share_cases(scribe, places[0], accounts)
    return County(accounts, seats, places, people)


def _seat_judges(places: list[Place], accounts: list[DemoAccount]) -> None:
    by_agency = {account.agency: account for account in accounts if account.role == "judge"}
    for place in places:
        judge: Judge = place.judges[0]
        judge.user_id = by_agency[place.court_agency.code].user_id


def _live(
    scribe: Scribe, places: list[Place], accounts: list[DemoAccount], secret: str, cast: list[Player]
) -> list[Seat]:
    sheet_seats: list[Seat] = []
    everyone: list[Seat] = []
    docketed = dict(DOCKETED)
    seated = _seated(cast)
    for number, player in enumerate(cast):
        sits = number in seated
        place = places[0] if sits else _where(places, player, number)
        matter = open_matter(scribe, place, player, _officer(accounts, place, number), secret)
        program = SHEET_PROGRAM if sits else _program(place, player, number)
        seat = enroll(scribe, matter, program, 1001 + number, SHEET_GROUP if sits else None)
        everyone.append(seat)
        on_sheet = seat.group.code == SHEET_GROUP and player.story in SHEET_STORIES
        attend(scribe, seat, KEPT_FOR_SHEETS if on_sheet else 0)
        if on_sheet and len(seat.days) > KEPT_FOR_SHEETS:
            sheet_seats.append(seat)
        _rest(scribe, matter, docketed, on_sheet)
    release(scribe, everyone)
    return sheet_seats


def _seated(cast: list[Player]) -> set[int]:
    """Numbers of those who sit in the sheet group whatever the day: its sheet must be worth trying."""
    numbers = [number for number, player in enumerate(cast) if player.story in SHEET_STORIES]
    return set(numbers[:SHEET_SEATS])


def _rest(scribe: Scribe, matter: Matter, docketed: dict[str, int], on_sheet: bool) -> None:
    give_up_firearms(scribe, matter)
    supervise(scribe, matter)
    pack = matter.place.pack
    # whoever the sheet tells of is heard on the next docket, so that a visitor can follow a row to the bench
    hold_reviews(scribe, matter, docketed[pack] > 0 or on_sheet)
    docketed[pack] -= 1


def _where(places: list[Place], player: Player, number: int) -> Place:
    california, georgia = places
    if player.story in ("late_fourth", "restarted"):
        return georgia
    return georgia if player.story in GEORGIA_STORIES and number % 3 == 2 else california


def _officer(accounts: list[DemoAccount], place: Place, number: int) -> int:
    officers = [one.user_id for one in accounts if one.role == "officer" and one.agency == place.office.code]
    return officers[number % len(officers)]


def _program(place: Place, player: Player, number: int) -> str:
    if place.pack == "us_ga":
        return "cedar-path"
    special = {"silent_program": "open-door", "weaker_policy": "second-path"}
    return special.get(player.story, "open-door" if number % 10 == 5 else SHEET_PROGRAM)


def sheet_days(seats: list[Seat]) -> list[date]:
    """The classes that the sheets of the sheet group tell of, oldest first."""
    days = sorted({day for seat in seats for day in seat.days})
    return days[-KEPT_FOR_SHEETS:]
