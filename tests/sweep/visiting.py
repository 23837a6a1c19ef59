"""Every page that the policy table knows, asked for by everybody, with ids that are there, hidden and absent."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from litestar import Litestar
from litestar.testing import TestClient

from monitor.access.fields import Field
from monitor.access.policy import POLICY, Policy
from monitor.access.roles import Role
from monitor.config import Settings
from monitor.named import table_of
from tests.sweep.asked import CALLS
from tests.sweep.consulted import LIST, TEAM
from tests.sweep.county import HIDDEN, Account, County
from tests.web.accounts import BASE, CONFIRMED, SECRET, token_of_forms

ABSENT = 4_611_686_018_427_387_911  # nobody's id
# what is asked in addresses and forms: each value of a field is tried
ASKED = {
    "format": ("", "pdf", "pages"), "team": ("", "true"), "words": ("Abara", HIDDEN), "number": ("1",),
}  # fmt: skip
SLOW = {"pdf", "pages"}
# about the asker's own account alone, and made anew each time: a challenge, a seed
DRAWN = ("/step-up/options", "/unlock/options", "/account/app", "/account/passkeys/options")


class Ask(NamedTuple):
    """One request."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()


class Told(NamedTuple):
    """What came back, without what is different each time."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def asks(county: County, ids: dict[str, list[int]], *, changes: bool = False, most: int = 6) -> Iterator[Ask]:
    """All requests of the table. GETs and searches; with ``changes`` also forms, sent empty."""
    for (method, template), policy in POLICY.items():
        if template.startswith(("/static", "/health", "/sign", *DRAWN)) or is_of_machines(policy):
            continue
        reading = method == "GET" or all(kind in (Field.LOOK_UP, Field.CHOICE) for kind in policy.fields_in.values())
        looked_up = any(kind is Field.LOOK_UP for kind in policy.fields_in.values())
        if method != "GET" and not changes and not (reading and looked_up):
            continue
        for path in paths(template, county, ids, most):
            yield from _with_fields(method, path, policy)


def is_of_machines(policy: Policy) -> bool:
    """A route on which no person is known, whatever cookie comes along: tests/web/test_api.py asks by machine."""
    return policy.machine and not policy.roles


def _with_fields(method: str, path: str, policy: Policy) -> Iterator[Ask]:
    names = [name for name in policy.fields_in if name in ASKED]
    for values in itertools.product(*(ASKED[name] for name in names)):
        if SLOW & set(values) and "/0" in path:
            continue
        told = tuple((name, value) for name, value in zip(names, values, strict=True) if value)
        yield Ask(method, path, told) if method == "GET" else Ask(method, path, (), told)


def paths(template: str, county: County, ids: dict[str, list[int]], most: int = 6) -> Iterator[str]:
    """The addresses of a route: every id that there is (up to ``most`` a part), and one that there is not."""
    parts = re.findall(r"\{(\w+)\}", template)
    for values in itertools.product(*(_values(part, county, ids)[:most] for part in parts)):
        yield template.format(**dict(zip(parts, values, strict=True)))


def _values(part: str, county: County, ids: dict[str, list[int]]) -> list[str]:
    if part == "name":  # the address of a calendar is a secret: tests/web/test_calendars.py sweeps what it opens
        return ["none.ics"]
    if part == "court":
        return ["near", "far", "nowhere"]
    if part == "part":
        return ["B", "good-side", "nowhere"]
    if part == "month":
        return [f"{county.now:%Y-%m}"]
    if part == "day":
        return [str((county.now + timedelta(days=2)).date())]
    table = "app_user" if part == "passkey_id" else table_of(part)
    if table == "auth_session":  # known by a mark that is no id
        return [str(ABSENT)]
    assert table in ids, f"monitor/named.py TABLES: say which table the ids of {{{part}}} come from"
    return [str(ABSENT), *map(str, ids[table])]


def site_settings(log_level: str) -> Settings:
    """Of a site whose sweepers may ask faster than people do."""
    return Settings(
        secret_key=SECRET, base_url=BASE, demo=True, waive_passkeys=True, acts_per_minute=0, log_level=log_level,
        local_law_file=str(CONFIRMED), callback_keys_file=str(CALLS),
        consultation_file=str(TEAM), consultation_keys_file=str(LIST),
    )


def browser(app: Litestar, account: Account | None) -> TestClient[Litestar]:
    """Somebody's browser; None: nobody has signed in."""
    client = TestClient(app, base_url=BASE, raise_server_exceptions=False)
    client.follow_redirects = False
    client.headers["origin"] = BASE
    if account is not None:
        client.cookies.set("monitor", account.token)
        client.headers["x-csrf-token"] = token_of_forms(account.token)
    return client


def tell(client: TestClient[Litestar], ask: Ask) -> Told:
    """Ask, and leave out the number of the request."""
    answer = client.request(
        ask.method, ask.path, params=dict(ask.query) or None, data=dict(ask.form) if ask.method != "GET" else None
    )
    assert answer.status_code < 500, f"{ask}: error pages are alike, and show nothing of what they should have hidden"
    number = answer.headers.get("x-request-id", "")
    headers = tuple(sorted((name, value) for name, value in answer.headers.items() if name != "x-request-id"))
    body = answer.content.replace(number.encode(), b"#") if number else answer.content
    return Told(answer.status_code, headers, _steady(body))


def without(told: Told, ask: Ask) -> Told:
    """The same with the address that was asked for taken out: a page may repeat what somebody typed."""
    mine = ask.path.encode()
    headers = tuple((name, value.replace(ask.path, "*")) for name, value in told.headers if name != "content-length")
    return Told(told.status, headers, told.body.replace(mine, b"*"))


def allowed(role: Role, ask: Ask) -> bool:
    """Whether the role may use the route at all."""
    return any(
        method == ask.method and role in policy.roles
        and re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), ask.path)
        for (method, template), policy in POLICY.items()
    )  # fmt: skip


def _steady(body: bytes) -> bytes:
    """A PDF carries an id of its own making; everything else stays."""
    if not body.startswith(b"%PDF"):
        return body
    return re.sub(rb"(/ID \[[^\]]*\]|<xmpMM:(Document|Instance)ID>[^<]*<|xmpMM:\w+ID=\"[^\"]*\")", b"", body)
