"""The web application: every door of the house, the policy that guards them, and what surrounds each request."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from litestar import Litestar, Router
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.routes import HTTPRoute
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp, Receive, Scope, Send

from monitor import log_lines
from monitor.access.matrix import hidden
from monitor.access.policy import POLICY, Policy
from monitor.access.sign_on import SignOnError, providers_in
from monitor.clock import utc_now
from monitor.config import LOOPBACK, Settings, SettingsError, load_settings
from monitor.db import Database
from monitor.health import refuse_unheld
from monitor.traces import open_traces
from web import (
    absences,
    account,
    admin,
    allegations,
    approvals,
    assigning,
    attendance,
    audit,
    calendars,
    callbacks,
    caseload,
    cases,
    closing,
    concerns,
    consultation,
    contacts,
    context,
    covers,
    disclosures,
    dockets,
    due_notices,
    enrollments,
    evidence,
    exports,
    findings,
    flags,
    health,
    hearing_dates,
    hearings,
    hiding,
    home,
    incidents,
    jobs,
    levels,
    lock,
    long_sheets,
    machines,
    matrix,
    measures,
    metrics,
    notices,
    openings,
    order_steps,
    orders,
    own_record,
    packets,
    passkeys,
    pauses,
    people,
    practice,
    privacy,
    program_questions,
    prosecution,
    record_notices,
    referrals,
    referrals_out,
    registry,
    replay,
    reports,
    results,
    roles,
    sealed,
    service,
    sheet_kinds,
    sign_in,
    sign_on,
    staff,
    status_list,
    step_up,
    steps,
    tasks,
    team,
    today,
    together,
    trainings,
    uploads,
    verify,
    walls,
    webhooks,
    week,
)
from web.api import batches, description, patrol, reading
from web.api import registry as entries
from web.assets import STATIC
from web.auth import (
    ANONYMOUS,
    NeedsFreshFactor,
    NeedsNewPassword,
    NeedsPasskey,
    SessionGate,
    authorise,
    check_fresh,
    check_still_there,
)
from web.csrf import CrossSiteGate, check_form_token, origins_of
from web.database import provide_db
from web.errors import (
    on_failure,
    on_held_words,
    on_http_error,
    on_needs_fresh_factor,
    on_needs_new_password,
    on_needs_passkey,
)
from web.fields import HeldWords, check_fields, fields_of
from web.headers import add_headers
from web.limits import Hurried, check_rate
from web.request_log import STARTED, log_response
from web.shedding import Shedding
from web.site import open_site
from web.tracing import Traced
from web.trail import record_denial

# One screen one file; each brings its HANDLERS. They all go into one Router (see web/README.md: a trap of Litestar).
SCREENS = (
    sign_in, passkeys, sign_on, step_up, lock, account, home, health, admin, uploads, dockets, hearings, findings,
    hearing_dates, long_sheets, referrals, replay,
    today, sheet_kinds, caseload, people, pauses, flags, allegations, absences, notices, audit, openings,
    walls, approvals, context, attendance, concerns, machines, webhooks, batches, enrollments, contacts, week,
    description, reading, reports, roles, hiding, team, verify, levels, trainings, results, orders, order_steps, cases,
    sealed, exports, matrix, measures, privacy, steps, packets, assigning, covers, tasks, together, calendars,
    status_list, callbacks,
    consultation, referrals_out, program_questions, practice,
    prosecution, evidence, disclosures,
    incidents, patrol, registry, entries, service, staff,
    due_notices, record_notices, own_record, jobs, closing, metrics,
)  # fmt: skip

SMALL_BODY = 1_000_000
YEAR = 31_536_000


class PolicyError(RuntimeError):
    """A route without an entry in the policy table, or an entry without its route. The application does not start."""


class Clocked(ASGIMiddleware):
    """Notes when a request began."""

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        scope["state"][STARTED] = time.perf_counter()
        await next_app(scope, receive, send)


def create_app(settings: Settings | None = None, database: Database | None = None) -> Litestar:
    """Build the application. Raises `SettingsError` or `PolicyError` rather than start in an unsafe state."""
    settings = settings or load_settings()
    check_settings(settings)
    log_lines.configure(settings.log_level)
    patience = settings.statement_seconds
    database = database or Database(settings.database_url, settings.pool_size, patience=patience)
    database.drops = bool(settings.outgoing_folder)
    refuse_unheld(settings, database, utc_now)
    origins, traces = origins_of(settings), open_traces(settings, "monitor-web")
    app = Litestar(
        [Router("", route_handlers=[*_handlers(), _static_files()])],
        middleware=[
            *([Traced(traces)] if traces else []), Clocked(), Shedding(settings.pool_size), Hurried(),
            CrossSiteGate(origins), SessionGate(),
        ],
        guards=[authorise, check_rate, check_form_token, check_fields, check_still_there, check_fresh],
        dependencies={"db": Provide(provide_db)},
        exception_handlers={
            NeedsPasskey: on_needs_passkey, NeedsNewPassword: on_needs_new_password,
            NeedsFreshFactor: on_needs_fresh_factor, HeldWords: on_held_words,
            HTTPException: on_http_error, Exception: on_failure,
        },
        before_send=[add_headers, record_denial, log_response, metrics.measure],
        state=State({"site": open_site(settings, database), "traces": traces}),
        allowed_hosts=[urlsplit(origin).netloc for origin in origins],
        request_max_body_size=SMALL_BODY,
        multipart_form_part_limit=64,
        on_startup=[_enough_threads],
        on_shutdown=[_close],
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
    check_policy(app.routes)
    return app


def check_settings(settings: Settings) -> None:
    """Refuse what would be unsafe for real people's cases."""
    if len(settings.secret_key) < 32:
        raise SettingsError("MONITOR_SECRET_KEY is not set, or too short; use 32 characters or more.")
    if settings.demo and urlsplit(settings.base_url).hostname not in LOOPBACK:
        raise SettingsError("MONITOR_DEMO is only for this machine's own 127.0.0.1: the demo shows sign-in codes.")
    try:
        providers_in(settings.sign_on_file)
    except (SignOnError, OSError, ValueError) as error:
        raise SettingsError(f"MONITOR_SIGN_ON_FILE cannot be used: {error}.") from None
    if settings.waive_passkeys and not settings.demo:
        raise SettingsError("MONITOR_WAIVE_PASSKEYS is only for the demo: administrators sign in with a passkey.")
    if not settings.secure and urlsplit(settings.base_url).hostname not in LOOPBACK:
        raise SettingsError("MONITOR_BASE_URL must start with https:// unless it is this machine's own 127.0.0.1.")


def check_policy(routes: Iterable[object]) -> None:
    """Every route has an entry and every entry its route, with the fields it takes, and shows nothing it may not."""
    handlers = _handlers_by_key(routes)
    if missing := sorted(set(handlers) - set(POLICY)):
        raise PolicyError(f"No policy for {missing}: add it to monitor/access/policy.py.")
    if idle := sorted(set(POLICY) - set(handlers)):
        raise PolicyError(f"Policy without a route: {idle}. Remove it, or add its handler to web/app.py.")
    for key, handler in handlers.items():
        limit = handler.resolve_request_max_body_size()
        if (limit is None or limit > SMALL_BODY) and not POLICY[key].big_body:
            raise PolicyError(f"{key} takes bodies over {SMALL_BODY} bytes, but its policy does not say big_body.")
        _check_fields_and_classes(key, handler, POLICY[key])


def _check_fields_and_classes(key: tuple[str, str], handler: HTTPRouteHandler, policy: Policy) -> None:
    """The fields of the handler are those of its entry, and no class stands there that the matrix hides."""
    takes = fields_of(handler, re.findall(r"\{(\w+)", key[1]))
    if takes is not None and takes != (told := set(policy.fields_in)) and not key[1].startswith("/static"):
        raise PolicyError(
            f"{key}: the policy's fields_in lack {sorted(takes - told)} and have too many {sorted(told - takes)}."
        )
    if closed := sorted(f"{seen} to a {role}" for seen in policy.shows for role in policy.roles if hidden(seen, role)):
        raise PolicyError(f"{key} would show what the access matrix hides: {closed}.")


async def _enough_threads(app: Litestar) -> None:
    """As many handler threads as database connections; Python's own default is six on two processors."""
    pool = ThreadPoolExecutor(app.state.site.settings.pool_size, "web")
    asyncio.get_running_loop().set_default_executor(pool)


def _close(app: Litestar) -> None:
    app.state.site.database.close()
    app.state.site.aside.close()
    if app.state.traces:
        app.state.traces.close()


def _handlers_by_key(routes: Iterable[object]) -> dict[tuple[str, str], HTTPRouteHandler]:
    found = {}
    for route in routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _model) in route.route_handler_map.items():
                if method != "OPTIONS":  # Litestar's own; it runs no handler of ours
                    found[str(method), route.path_format] = handler
        else:
            raise PolicyError("Only plain HTTP routes are guarded; websockets and mounted applications are not.")
    return found


def _handlers() -> list[HTTPRouteHandler]:
    return [handler for screen in SCREENS for handler in screen.HANDLERS]


def _static_files() -> Router:
    return create_static_files_router(
        path="/static", directories=[STATIC], opt={ANONYMOUS: True}, include_in_schema=False,
        cache_control=CacheControlHeader(public=True, max_age=YEAR, immutable=True),
    )  # fmt: skip
