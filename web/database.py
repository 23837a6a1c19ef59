"""The one database dependency: a read-only scoped session for a GET, one write transaction for a change.

The transaction commits before the response leaves, so nobody reads "saved" before it is. What the policy table calls
the act is written to the audit trail in the same transaction; a page about people that cannot be recorded is not shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextvars import copy_context
from functools import partial

import msgspec
from litestar.concurrency import sync_to_thread
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from monitor import audit
from monitor.access.matrix import Seen
from monitor.access.scope import ScopeError
from monitor.access.scoped_session import SHOWS, ScopedSession
from monitor.case_openings import reason_for
from monitor.clock import utc_now
from monitor.commits import commit
from monitor.models.base import is_id
from monitor.named import in_reach
from monitor.telling import Reader, Telling, keep
from web.csrf import SAFE
from web.limits import hold_rate, is_held
from web.site import Site, Visit, policy_of, refused
from web.trail import act_of

DB = NamedDependency[SkipValidation[ScopedSession]]
SUBJECTS, DETAIL, TOLD, CASE = "audit_subjects", "audit_detail", "told_flags", "named_case"
LOOKED = "looked_up"
LOOK = "order.verified"  # what such a look is called in the trail, as on the page of verification
# a change that was refused and whose answer showed the page once more: that was a look, and is on record as one
AGAIN = "page.shown_again"


async def provide_db(request: Visit) -> AsyncIterator[ScopedSession]:
    """Open the session that this request's handler works with."""
    site: Site = request.app.state.site
    reads = request.method in SAFE
    about = () if reads else await _turn(request, site)
    wall = request.user.wall if reads else True
    with site.database.scoped(request.user.scope, writes=not reads, wall=wall, about=about) as session:
        session.info[SHOWS] = policy_of(request.scope).shows
        yield session
        _held(request, session)
        await _in_time(site, session, _end_reading if reads else _finish_change, request, site, session)
    if reads:
        await sync_to_thread(_record_read, request, site, session)


def beside(request: Visit) -> ScopedSession:
    """One more session of this request, to read what its page shows where the change itself was refused or is done."""
    site: Site = request.app.state.site
    session = site.database.scoped(request.user.scope)
    session.info[SHOWS] = policy_of(request.scope).shows
    return session


async def _turn(request: Visit, site: Site) -> tuple[int, ...]:
    """What a change waits its turn at: what its address names, as far as it exists for this person. Of two changes to
    the same thing in one instant the second reads once the first is kept, whichever act it is; what the form had
    before it is then compared with that."""
    told = {part: value for part, value in request.path_params.items() if isinstance(value, int) and is_id(value)}
    if not told:
        return ()
    return await sync_to_thread(in_reach, site.database, request.user.scope, told)


async def _in_time(site: Site, session: ScopedSession, end: Callable[..., None], *told: object) -> None:
    """End a session in a thread. One that holds a connection, and perhaps a lock, waits for no handler's thread:
    they may all be waiting for that lock, and then nothing moves until the database gives up on them."""
    if not session.in_transaction():
        await sync_to_thread(end, *told)
        return
    run = partial(copy_context().run, end, *told)
    await asyncio.get_running_loop().run_in_executor(site.endings, run)


def _end_reading(_request: Visit, _site: Site, session: ScopedSession) -> None:
    session.close()


def note(db: ScopedSession, *subjects: int, **detail: str | int | bool) -> None:
    """Add ids, codes or counts to this request's audit entry. The ids in the path are there already."""
    db.info.setdefault(SUBJECTS, []).extend(subjects)
    db.info.setdefault(DETAIL, {}).update(detail)


def looked_up(db: ScopedSession, *subjects: int, event: str = LOOK, **detail: str | int | bool) -> None:
    """This change looked somebody up first: should it be refused, its answer still told something, and the trail keeps
    who asked, as for a look-up (safeguard D3)."""
    db.info[LOOKED] = (event, subjects, detail)


def tell(db: ScopedSession, act: str, *flags: int, document: int | None = None) -> None:
    """The page that is shown tells this reader of ``flags``: a correction must reach them later (safeguard F8)."""
    if flags:
        db.info.setdefault(TOLD, []).append(Telling(act, flags, document))


def of_case(db: ScopedSession, case_id: int) -> None:
    """This request is about one named case: refuse it unless there is a reason to read it; the trail gets both.

    Raises `monitor.case_openings.NeedsReason`, which `web.errors` answers. Call it before the case is shown.
    """
    if db.info.get(CASE) != case_id:
        reason = reason_for(db, case_id, utc_now())
        db.info[CASE] = case_id
        note(db, case_id, reason=reason.value)


def of_cases(db: ScopedSession, cases: Iterable[int]) -> None:
    """The same of an act on several cases: one without a reason refuses all. The trail has each case."""
    named = frozenset(cases)
    if db.info.get(CASE) != named:
        reasons = {reason_for(db, case_id, utc_now()).value for case_id in sorted(named)}
        db.info[CASE] = named
        note(db, *sorted(named), reason=" ".join(sorted(reasons)))


def _held(request: Visit, session: ScopedSession) -> None:
    if policy_of(request.scope).named_case and CASE not in session.info:
        raise ScopeError("a page about a named case that did not say which")


def _record_read(request: Visit, site: Site, session: ScopedSession) -> None:
    if not policy_of(request.scope).event or (refused(request.scope) and CASE not in session.info):
        return
    act, now = _act(request, session), utc_now()
    tellings = session.info.get(TOLD)
    if not tellings and not is_held(policy_of(request.scope)):
        with site.database.plainly("who read it") as connection:
            audit.write(connection, act, site.audit_key, now)
        return
    with site.database.system("who read it") as trail, trail.begin():
        hold_rate(request, trail)
        if tellings:
            reader = Reader(request.user.agency_id, request.user.role.value, request.user.user_id)
            keep(trail, reader, tellings, now)
        audit.append(trail, act, site.audit_key, now)


def _finish_change(request: Visit, site: Site, session: ScopedSession) -> None:
    if refused(request.scope):  # the form is shown again: nothing was done, but what it shows was looked at
        session.rollback()
        if (look := _looked(request, session)) is not None:
            hold_rate(request, session)
            audit.append(session, look, site.audit_key, utc_now())
            session.commit()
        return
    if policy_of(request.scope).event:
        hold_rate(request, session)
        audit.append(session, _act(request, session), site.audit_key, utc_now())
    commit(site.database, session)


def _looked(request: Visit, session: ScopedSession) -> audit.Act | None:
    """What a refused change looked at: whoever it looked up, or the page that it showed once more, else a form sent
    wrong would be a way to read a case that the trail does not know (safeguard D3). None: nobody was on that page.

    An advocate's request for a call is left out: its page names nobody, and no try at it is anybody's to read (D6)."""
    if (looked := session.info.get(LOOKED)) is not None:
        return _look(request, *looked)
    policy = policy_of(request.scope)
    if not policy.event or not policy.shows - {Seen.AUDIT} or policy.entity == "callback":
        return None
    reason = {part: said for part, said in session.info.get(DETAIL, {}).items() if part == "reason"}
    return _look(request, AGAIN, session.info.get(SUBJECTS, ()), {**reason, "act": policy.event})


def _look(request: Visit, event: str, subjects: Iterable[int], detail: dict[str, str | int | bool]) -> audit.Act:
    return msgspec.structs.replace(act_of(request.scope, subjects=subjects, detail=detail), event=event)


def _act(request: Visit, session: ScopedSession) -> audit.Act:
    return act_of(request.scope, subjects=session.info.get(SUBJECTS, ()), detail=session.info.get(DETAIL))
