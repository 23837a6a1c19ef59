"""The administrator's pages of who works here: accounts, new people, first passwords, the quarter's look at roles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody

from monitor.access import accounts
from monitor.access.door import Door
from monitor.access.identity import Identity
from monitor.access.machines import known_to
from monitor.access.roles import TITLES, Role
from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day, utc_now
from monitor.staff import access_review, first_password
from monitor.staff.adding import Outcome, ask_for, check
from monitor.staff.listed import STATES, accounts_listed, agencies_listed, counted, open_requests
from monitor.staff.wanted import COLUMNS, MOST, Line, lines_in, person_of
from monitor.users import Account, AccountError
from monitor.wording import count
from web.database import DB, beside
from web.forms import Form, Name, Several, ids_of
from web.forms import Line as Text
from web.pages import Flash, page, see_other
from web.site import Answer, Site, Visit

LIST = "/admin/accounts"
NEW, MANY, REVIEW = f"{LIST}/new", f"{LIST}/many", f"{LIST}/review"
ROLES = [(role.value, TITLES[role]) for role in Role]
People = Annotated[str, msgspec.Meta(max_length=40_000)]
Change = Callable[[Door, Identity, int, datetime], bool]
AGREES = "another administrator, or a privacy officer of that agency, agrees on Second person"


class PersonForm(Form):
    """One person to ask an account for."""

    name: Text = ""
    email: Text = ""
    role: Name = ""
    agency: Name = ""
    ends_on: Name = ""
    why: Text = ""


class ListForm(Form):
    """Many people, a line each. ``act``: "check" shows what would come of it, "ask" does it."""

    people: People = ""
    why: Text = ""
    act: Name = "check"


class WhyForm(Form):
    """Why somebody needs a new password."""

    why: Text = ""


class TickedForm(Form):
    """Accounts, or roles, whose box was ticked. ``act``: of roles "keep" or "end"."""

    one: Several = ""
    act: Name = ""


@get(LIST, sync_to_thread=True)
def show(request: Visit, db: DB, agency: FromQuery[str] = "", standing: FromQuery[str] = "") -> Answer:
    """Who has an account, in which state; all, or those of one agency or state."""
    return _list(request, db, agency=agency, state=standing)


@get(NEW, sync_to_thread=True)
def new(request: Visit, db: DB) -> Answer:
    """The form for one person, and the one for many."""
    return _new(request, db, PersonForm(), ListForm(), {})


@post(NEW, sync_to_thread=True)
def ask_one(request: Visit, data: URLEncodedBody[PersonForm]) -> Answer:
    """Ask for one account; nothing opens before a second person agrees."""
    site: Site = request.app.state.site
    now = utc_now()
    try:
        today = local_day(now, request.user.zone)
        person = person_of(data.name, data.email, data.role, data.agency, data.ends_on, today)
        outcome, = ask_for(site.door(request.scope), request.user, [Line(1, "", person)], data.why, now)
    except AccountError as fault:
        return _refused(request, data, ListForm(), {"name": str(fault)})
    if outcome.fault:
        return _refused(request, data, ListForm(), {"email": outcome.fault})
    return see_other(request, LIST, Flash(f"Asked for. It can be handed over once {AGREES}."))


@post(MANY, sync_to_thread=True)
def ask_many(request: Visit, data: URLEncodedBody[ListForm]) -> Answer:
    """Say what would become of each line, or ask for all that have no fault and give the others back to be mended."""
    site: Site = request.app.state.site
    now = utc_now()
    lines = lines_in(data.people, local_day(now, request.user.zone))
    try:
        if not 0 < len(lines) <= MOST:
            raise AccountError(f"Copy in one person a line, up to {MOST} at once: {COLUMNS}.")
        door = site.door(request.scope)
        if data.act != "ask":
            return _checked(request, data, check(door, request.user, lines, data.why, now))
        outcomes = ask_for(door, request.user, lines, data.why, now)
    except AccountError as fault:
        return _refused(request, PersonForm(), data, {"people": str(fault)})
    return _asked(request, data, outcomes)


@post(f"{LIST}/first-passwords", sync_to_thread=True)
def hand_over(request: Visit, data: URLEncodedBody[TickedForm]) -> Answer:
    """Make passwords for a first sign-in and show them this once, a slip each."""
    site: Site = request.app.state.site
    ids = ids_of(data.one)
    given = first_password.give_first(site.door(request.scope), request.user, ids, utc_now())
    if not given:
        return see_other(request, LIST, Flash("Tick who has a role and has not signed in yet."))
    return _slips(request, given, left=len(ids) - len(given))


@post(LIST + "/{user_id:int}/reset", sync_to_thread=True)
def ask_reset(request: Visit, user_id: FromPath[int], data: URLEncodedBody[WhyForm]) -> Answer:
    """Ask for a new password for somebody who lost theirs, or every authenticator."""
    site: Site = request.app.state.site
    try:
        if not first_password.ask_reset(site.door(request.scope), request.user, user_id, data.why, utc_now()):
            raise NotFoundException
    except AccountError as fault:
        with beside(request) as reading:
            return _list(request, reading, fault=str(fault))
    said = "Asked for. Make the new password here once another administrator, or a privacy officer of theirs, agrees."
    return see_other(request, LIST, Flash(said))


@post(LIST + "/{user_id:int}/password", sync_to_thread=True)
def reset(request: Visit, user_id: FromPath[int]) -> Answer:
    """Make the new password that a second person agreed to, and show it this once."""
    site: Site = request.app.state.site
    made = first_password.reset(site.door(request.scope), request.user, user_id, utc_now())
    if made is None:
        raise NotFoundException
    return _slips(request, [made])


@post(LIST + "/{user_id:int}/release", sync_to_thread=True)
def release(request: Visit, user_id: FromPath[int]) -> Answer:
    """Open an account that too many wrong tries have locked."""
    return _change(request, user_id, accounts.release, "The account is open again.")


@post(LIST + "/{user_id:int}/end-sessions", sync_to_thread=True)
def end_sessions(request: Visit, user_id: FromPath[int]) -> Answer:
    """Sign somebody out everywhere."""
    return _change(request, user_id, accounts.end_sessions, "Every session of that account has ended.")


@post(LIST + "/{user_id:int}/disable", sync_to_thread=True)
def disable(request: Visit, user_id: FromPath[int]) -> Answer:
    """End an account now."""
    site: Site = request.app.state.site
    left = known_to(site.database, user_id, utc_now())
    software = f" It has seen the secret of {count(left, 'machine')} that still works: see Machines." if left else ""
    return _change(request, user_id, accounts.disable, f"The account is disabled, its sessions have ended.{software}")


@get(REVIEW, sync_to_thread=True)
def review_list(request: Visit, db: DB) -> Answer:
    """Roles that nobody has looked at for a quarter."""
    return page(request, "admin/review.html", {"roles": access_review.roles_due(db, utc_now())})


@post(REVIEW, sync_to_thread=True)
def review(request: Visit, data: URLEncodedBody[TickedForm]) -> Answer:
    """Let the ticked roles stand for another quarter, or end them now."""
    site: Site = request.app.state.site
    ids, keep = ids_of(data.one), data.act == "keep"
    if not ids or data.act not in ("keep", "end"):
        return see_other(request, REVIEW, Flash("Tick the roles first, then say what becomes of them."))
    done, left = access_review.review(site.door(request.scope), request.user, ids, keep, utc_now())
    said = f"{count(done, 'role')} {'kept' if keep else 'ended, with every session of whoever held it'}."
    if left:
        said += f" {left} left as before: one's own, over already, or looked at meanwhile."
    return see_other(request, REVIEW, Flash(said))


def _change(request: Visit, user_id: int, change: Change, done: str) -> Answer:
    site: Site = request.app.state.site
    if not change(site.door(request.scope), request.user, user_id, utc_now()):
        raise NotFoundException()
    return see_other(request, LIST, Flash(done))


def _list(
    request: Visit, session: ScopedSession, *, agency: str = "", state: str = "", fault: str = ""
) -> Answer:
    site: Site = request.app.state.site
    now = utc_now()
    locked = accounts.locked(site.door(request.scope))
    asked = open_requests(site.database, request.user.user_id, now)
    everybody = accounts_listed(session, asked, locked, now, agency=agency)
    shown = {
        "accounts": [one for one in everybody if not state or one.state == state], "counts": counted(everybody),
        "agencies": agencies_listed(session), "states": list(STATES.items()), "agency": agency, "state": state,
        "due": access_review.count_due(session, now), "errors": {"accounts": fault} if fault else {},
        "most": first_password.MOST,
    }  # fmt: skip
    return page(request, "admin/accounts.html", shown, status=422 if fault else 200)


def _refused(request: Visit, form: PersonForm, many: ListForm, errors: dict[str, str]) -> Answer:
    """The forms once more, with what was typed and what is wrong with it."""
    with beside(request) as reading:
        return _new(request, reading, form, many, errors)


def _new(
    request: Visit, session: ScopedSession, form: PersonForm, many: ListForm, errors: dict[str, str]
) -> Answer:
    agencies = agencies_listed(session)
    shown = {
        "form": form, "many": many, "errors": errors, "roles": ROLES, "columns": COLUMNS, "agencies": agencies
    }  # fmt: skip
    return page(request, "admin/new_account.html", shown, status=422 if errors else 200)


def _checked(request: Visit, data: ListForm, outcomes: Sequence[Outcome]) -> Answer:
    fit = sum(not one.fault for one in outcomes)
    return page(request, "admin/new_accounts.html", {"form": data, "outcomes": outcomes, "fit": fit, "asked": False})


def _asked(request: Visit, data: ListForm, outcomes: Sequence[Outcome]) -> Answer:
    left = [one for one in outcomes if one.fault]
    asked = len(outcomes) - len(left)
    if not left:
        return see_other(request, LIST, Flash(f"{count(asked, 'account')} asked for, until {AGREES}."))
    data.people = "\n".join(one.line.text for one in left)
    return page(request, "admin/new_accounts.html", {"form": data, "outcomes": left, "fit": 0, "asked": asked})


def _slips(request: Visit, given: list[Account], left: int = 0) -> Answer:
    site: Site = request.app.state.site
    return page(request, "admin/slips.html", {"given": given, "left": left, "address": site.settings.base_url})


HANDLERS = [
    show, new, ask_one, ask_many, hand_over, ask_reset, reset, release, end_sessions, disable, review_list, review,
]  # fmt: skip
