"""The team's list: one page and one form address for every act, so that none can be told from another by its trail.

Off unless the site names a team. No page of this room is linked from a case, and no other page changes by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery, URLEncodedBody

from monitor.access.consultation_policy import EVENT
from monitor.access.roles import Role
from monitor.clock import local_day, utc_now
from monitor.consultation.agenda import Agenda, Entry, agenda, listed, named, shows
from monitor.consultation.bringing import Brought, bring, check, may_bring, take_off
from monitor.consultation.minutes import MOST, WRITERS, Agreed, agree, faults_of, mark, take_back
from monitor.consultation.team import Team, gone_on
from monitor.consultation.words import KINDS
from monitor.copies.case_keys import CaseKeys
from monitor.copies.passing_rows import keys_of
from monitor.courts import courts_of
from monitor.due_notices.words import STANDS
from monitor.wording import short_day
from web.absences import day_of
from web.callbacks import LEAVE_TO
from web.database import DB, SUBJECTS, looked_up
from web.forms import Form, Name, id_of
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit


class ActForm(Form):
    """``what``: which act. A case by number and court; an advocate's attestation; or a task of an entry. No words."""

    what: Name = ""
    number: Name = ""
    court: Name = ""
    attested: Name = ""
    until: Name = ""
    entry: Name = ""
    task: Name = ""
    kind: Name = ""
    owner: Name = ""
    due: Name = ""
    day: Name = ""


class Room:
    """The team of this site, the keys of its list, and the moment; there is no such page for anybody else."""

    def __init__(self, request: Visit) -> None:
        site: Site = request.app.state.site
        keys = keys_of(site.settings.consultation_keys_file, site.settings.secret_key) if site.team else None
        if site.team is None or keys is None or request.user.agency_code not in site.team.agencies:
            raise NotFoundException
        self.team: Team = site.team
        self.keys: CaseKeys = keys
        self.now: datetime = utc_now()
        self.today: date = local_day(self.now, request.user.zone)


@get("/consultation", sync_to_thread=True)
def show(request: Visit, db: DB, day: FromQuery[str] = "") -> Answer:
    """The agenda of the next meeting that is drawn, or of another one."""
    room = Room(request)
    return _page(request, db, room, _agenda(request, db, room, day_of(day)), ActForm(), {})


@post("/consultation", sync_to_thread=True)
def act(request: Visit, db: DB, data: URLEncodedBody[ActForm]) -> Answer:
    """Bring a case, take it off, or write the minutes."""
    room = Room(request)
    if data.what in ("bring", "off"):
        return _bring(request, db, room, data)
    found = _agenda(request, db, room, day_of(data.day))
    entry = next((one for one in found.entries if one.id == id_of(data.entry)), None)
    if entry is None:
        raise NotFoundException
    if data.what == "agree":
        return _agree(request, db, room, found, entry, data)
    return _on_task(request, db, room, entry, data)


def _bring(request: Visit, db: DB, room: Room, data: ActForm) -> Answer:
    if not may_bring(request.user.role, room.team):
        raise NotFoundException
    brought = Brought(data.number, data.court, data.attested == "yes", day_of(data.until))
    found = _agenda(request, db, room, None)
    case, errors = check(db, room.team, brought, room.now, room.today)
    if data.what == "off":
        errors = {name: text for name, text in errors.items() if name not in ("attested", "until")}
    if errors:
        return _page(request, db, room, found, data, errors)
    meets = room.team.open_for(room.today)
    (bring if data.what == "bring" else take_off)(db, room.keys, case, meets, room.today)
    said = "is on" if data.what == "bring" else "is not on"
    return see_other(request, "/consultation", Flash(f"The case {said} the list for {short_day(meets)}."))


def _agree(request: Visit, db: DB, room: Room, found: Agenda, entry: Entry, data: ActForm) -> Answer:
    if request.user.role not in WRITERS:
        raise NotFoundException
    agreed = Agreed(entry.id, data.kind, id_of(data.owner), day_of(data.due))
    errors = faults_of(db, found, agreed, room.today)
    if not errors and not agree(db, room.keys, agreed):
        errors["kind"] = f"The minutes of one case hold {MOST} tasks. Take one back first."
    if errors:
        return _page(request, db, room, found, data, {f"{name}-{entry.id}": said for name, said in errors.items()})
    return _back(request, data, "Written into the minutes.")


def _on_task(request: Visit, db: DB, room: Room, entry: Entry, data: ActForm) -> Answer:
    task = next((one for one in entry.tasks if one.id == id_of(data.task)), None)
    acts: dict[str, tuple[bool, Callable[[int], bool], str]] = {
        "done": (bool(task and task.ours), lambda it: mark(db, room.keys, entry.id, it, room.today), "Done."),
        "undone": (bool(task and task.ours), lambda it: mark(db, room.keys, entry.id, it, None), "Not done after all."),
        "back": (request.user.role in WRITERS, lambda it: take_back(db, room.keys, entry.id, it), "Taken back."),
    }  # fmt: skip
    may, change, said = acts.get(data.what, (False, lambda it: False, ""))
    if task is None or not may or not change(task.id):
        raise NotFoundException
    return _back(request, data, said)


def _back(request: Visit, data: ActForm, said: str) -> Answer:
    day = day_of(data.day)
    return see_other(request, f"/consultation?day={day}" if day else "/consultation", Flash(said))


def _agenda(request: Visit, db: DB, room: Room, day: date | None) -> Agenda:
    """The agenda, and in the trail which rows it named (safeguard D4): by looks and acts alike, and refused ones.

    Not of an advocate, whose trail names nobody (B8).
    """
    found = agenda(db, room.keys, room.team, room.now, request.user.zone, day)
    if request.user.role is not Role.ADVOCATE:
        db.info[SUBJECTS] = [*named(found)]
        looked_up(db, *named(found), event=EVENT)
    return found


def listed_of(request: Visit, db: DB) -> Mapping[int, int]:
    """Which case each row of the list is, for the trail's own pages alone; none where the site has no team."""
    site: Site = request.app.state.site
    keys = keys_of(site.settings.consultation_keys_file, site.settings.secret_key) if site.team else None
    return listed(db, keys, local_day(utc_now(), request.user.zone))


def _page(request: Visit, db: DB, room: Room, found: Agenda, data: ActForm, errors: dict[str, str]) -> Answer:
    role = request.user.role
    context = {
        "found": found, "form": data, "errors": errors, "courts": courts_of(db), "today": room.today,
        "kinds": [(kind, text) for kind, (text, _seen) in KINDS.items() if shows(kind, role)],
        "writes": role in WRITERS, "brings": may_bring(role, room.team), "advocate": role is Role.ADVOCATE,
        "stands": STANDS if role is Role.VICTIM_WITNESS else "", "leave_to": LEAVE_TO,
        "gone_on": gone_on(found.meets) if found.meets else None, "consent_until": gone_on(found.open_for),
        "whole_name": found.team,
    }  # fmt: skip
    return page(request, "consultation/show.html", context, status=422 if errors else 200)


HANDLERS = [show, act]
