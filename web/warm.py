"""A worker made warm before it takes requests: templates compiled, and what the busiest desks ask.

Else the first page of each desk pays for both, up to a second of the reader's time. Each desk's question is asked once
by nobody: an id that no account and no office has. So it finds no row; nobody looked, and nothing goes into the trail.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from litestar import Litestar

from monitor.access.policy import POLICY
from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.access.scoped_session import SHOWS, ScopedSession
from monitor.bench_page.record import gather
from monitor.caseload import caseload
from monitor.clock import utc_now
from monitor.db import Database
from monitor.handoffs.strip import strip
from monitor.handoffs.targets import Targets
from monitor.log_lines import describe
from monitor.notices import unread
from monitor.person_page.matters import matters
from monitor.person_page.reading import spans_told
from monitor.program_questions import on_today
from monitor.prosecution.referred import referred_back
from monitor.tasks import open_tasks
from monitor.today.reading import today_page
from web.app import create_app
from web.pages import ENVIRONMENT

NOBODY: Final = 0  # ids are above it (`monitor.models.base.random_id`)


def create_warm_app() -> Litestar:
    """What `monitor serve` has each worker begin with."""
    app = create_app()
    compile_templates()
    ask_as_nobody(app.state.site.database, utc_now())
    leave_be()
    return app


def leave_be() -> None:
    """What a worker begins with stays as long as the worker does: nobody looks through it for garbage again."""
    gc.collect()
    gc.freeze()


def compile_templates() -> None:
    """Every page and part; the environment keeps them for as long as the worker is."""
    for name in ENVIRONMENT.list_templates():
        ENVIRONMENT.get_template(name)


def ask_as_nobody(database: Database, now: datetime) -> None:
    """Compile what desks ask. A database that is away, or any other trouble, is left to the pages to tell of."""
    for role, path in DESKS:
        try:
            ask_one(database, role, path, now)
        except Exception as error:
            structlog.get_logger("web").warning("not_warmed", route=path, **describe(error))


def ask_one(database: Database, role: Role, path: str, now: datetime) -> None:
    """What one desk asks, in a session like that of its page."""
    with database.scoped(Scope(NOBODY, role, NOBODY), wall=False) as session:
        session.info[SHOWS] = POLICY["GET", path].shows
        DESKS[role, path](session, now)


def _today(session: ScopedSession, now: datetime) -> None:
    today_page(session, "UTC", now)
    unread(session)
    referred_back(session, False)
    on_today(session, False, now)
    open_tasks(session, "UTC", now)


def _caseload(session: ScopedSession, now: datetime) -> None:
    caseload(session, now)


def _person(session: ScopedSession, now: datetime) -> None:
    gather(session, {NOBODY: "UTC"}, now, live=True)
    matters(session, NOBODY, {}, now)
    spans_told(session, NOBODY, now, now.date())
    strip(session, NOBODY, Targets(), now)


DESKS: Final[dict[tuple[Role, str], Callable[[ScopedSession, datetime], None]]] = {
    (Role.OFFICER, "/today"): _today,
    (Role.OFFICER, "/caseload"): _caseload,
    (Role.OFFICER, "/people/{person_id}"): _person,
}
