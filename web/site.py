"""What all doors share: settings, database, derived keys; and the policy of the route at hand."""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Headers, State
from litestar.types import Scope

from monitor.access.auth_sessions import form_token, hash_of
from monitor.access.door import Door
from monitor.access.identity import Identity
from monitor.access.policy import POLICY, Policy
from monitor.config import Settings
from monitor.consultation.team import Team, site_team
from monitor.db import Database
from monitor.handoffs.targets import Targets, site_targets
from monitor.local_law import LocalLaw, local_law
from monitor.sealing import derive_key
from web.client_address import browser_of, client_address
from web.headers import request_id

# What a handler gets and gives. On public routes ``user`` may be None.
Visit = Request[Identity, None, State]
Answer = Response[Any]
Connection = ASGIConnection[Any, Identity, None, State]


class Site(msgspec.Struct, frozen=True):
    """One running installation; handlers reach it as ``request.app.state.site``.

    ``endings``: threads in which open transactions end. Handlers' threads may all be waiting for one of them.
    ``aside``, ``lookout``: a connection and a thread of their own, so that health is told of however busy the rest is.
    """

    settings: Settings
    database: Database
    form_key: bytes
    audit_key: bytes
    endings: Executor
    aside: Database
    lookout: Executor
    law: LocalLaw = LocalLaw()
    targets: Targets = Targets()
    team: Team | None = None

    @property
    def cookie(self) -> str:
        """``__Host-`` binds the cookie to this host and to TLS; a plain-http loopback demo cannot have that."""
        return "__Host-monitor" if self.settings.secure else "monitor"

    def form_token_of(self, token: str) -> str:
        """What the forms of a session carry that was opened a moment ago."""
        return form_token(self.form_key, hash_of(token))

    def door(self, scope: Scope) -> Door:
        """What `monitor.access.sign_in` needs."""
        address = client_address(scope, self.settings.proxies())
        browser = browser_of(Headers.from_scope(scope).get("user-agent", ""))
        return Door(self.database, self.settings, request_id(scope), address, browser)


def open_site(settings: Settings, database: Database) -> Site:
    """Derive the keys of this installation."""
    key = settings.secret_key
    law = local_law(settings.local_law_file)
    endings = ThreadPoolExecutor(database.most_connections, "ends")  # started when needed; one for each that is open
    lookout = ThreadPoolExecutor(1, "lookout")
    return Site(settings, database, derive_key(key, "forms"), derive_key(key, "audit"), endings, database.aside(),
                lookout, law, site_targets(settings.targets_file),
                site_team(settings.consultation_file, settings.consultation_keys_file))


REFUSED = "refused"


def refuse(scope: Scope) -> None:
    """The answer will be an error or the form once more: the database dependency must keep nothing."""
    scope["state"][REFUSED] = True


def refused(scope: Scope) -> bool:
    """Whether `refuse` was called."""
    return bool(scope["state"].get(REFUSED))


def policy_of(scope: Scope) -> Policy:
    """The entry of the route being answered. Start-up has made sure that there is one."""
    return POLICY.get((scope["method"], scope["path_template"]), Policy())  # type: ignore[typeddict-item]
