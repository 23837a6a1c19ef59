"""Every route, by everybody: signed out, half signed in, in another role, in the right role of another agency.

What is hidden and what does not exist answer with the same status, headers and body (safeguard B7), and every answer
carries the security headers.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from statistics import median
from typing import NamedTuple

import msgspec
import pytest
from jinja2 import Template
from litestar import Litestar

from monitor.access.auth_sessions import membership_of, open_session
from monitor.access.policy import POLICY
from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.db import Database
from monitor.models import Base
from monitor.named import in_reach, table_of
from tests.conftest import empty_database
from tests.sweep.county import Account, County, build, hide_elsewhere, hide_in_our_case, ids_of
from tests.sweep.visiting import ABSENT, allowed, asks, browser, site_settings, tell, without
from web.app import create_app
from web.headers import HEADERS

SOME = [Role.OFFICER, Role.PROGRAM, Role.JUDGE, Role.PRIVACY_OFFICER]
TURNS = (Role.CLERK, Role.PROSECUTOR)  # who read of a case what was filed, and not what is being written


class Place(NamedTuple):
    """A county on one kind of database, with a whole case of the other offices in it, and its site."""

    database: Database
    county: County
    site: Litestar
    elsewhere: dict[str, list[int]]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def place(request, tmp_path_factory):
    with ExitStack() as stack:
        database = Database(stack.enter_context(empty_database(request, tmp_path_factory.mktemp("county"))))
        stack.callback(database.close)
        county = build(database)
        hide_elsewhere(database, county)
        settings = site_settings("critical")
        yield Place(database, county, create_app(settings, database), grown(county.ids, ids_of(database)))


def grown(before, after):
    return {name: [key for key in found if key not in set(before[name])] for name, found in after.items()}


def of_one(asked, ids):
    """The requests about one of ``ids``, with that id taken out of them, so that they can be laid side by side."""
    return {ask for ask in asked if any(f"/{number}" in ask.path for number in ids)}


def same_for(client, asked):
    """Requests that differ only in their id, and whether their answers do."""
    seen = {}
    for ask in asked:
        key = "/".join("*" if part.isdecimal() and len(part) > 4 else part for part in ask.path.split("/"))
        told = without(tell(client, ask), ask)
        assert HEADERS.items() <= dict(told.headers).items(), ask
        first = seen.setdefault((ask.method, key, ask.query, ask.form), (ask, told))
        assert told == first[1], f"{ask} and {first[0]} are told apart"
    return seen


@pytest.mark.parametrize("role", SOME)
def test_hidden_and_absent_are_told_alike(place, role):
    before = ids_of(place.database)
    hide_in_our_case(place.database, place.county, role)
    inside = grown(before, ids_of(place.database))
    new = {name: found[:2] + inside[name][:2] for name, found in place.elsewhere.items()}
    asked = [ask for ask in asks(place.county, new, changes=True) if allowed(role, ask) and "/nowhere" not in ask.path]
    seen = same_for(browser(place.site, place.county.accounts[role]), of_one(asked, {ABSENT, *sum(new.values(), [])}))
    assert all(told.status != 200 for _ask, told in seen.values())
    if role is not Role.PRIVACY_OFFICER:
        assert len(seen) >= 3, "nothing was asked"
        assert {told.status for _ask, told in seen.values()} & {400, 404, 422}


@pytest.mark.parametrize("role", [*TURNS, *(pytest.param(one, marks=pytest.mark.slow) for one in Role
                                            if one not in TURNS)])  # fmt: skip
def test_nobody_waits_for_anything_that_is_hidden_from_them(place, role):
    """A change waits its turn at what its address names (PostgreSQL): a wait for what is hidden would tell of it."""
    if place.database.is_sqlite:
        pytest.skip("on SQLite a change waits for every other, whatever it names")
    before, who = ids_of(place.database), place.county.accounts[role]
    hide_in_our_case(place.database, place.county, role)
    inside = grown(before, ids_of(place.database))
    parts = {part for (method, path), entry in POLICY.items() if method == "POST" and role in entry.roles
             for part in re.findall(r"{(\w+_id)}", path)}  # fmt: skip
    asked = 0
    for part, table in ((part, table_of(part)) for part in sorted(parts)):
        for number in (*place.elsewhere.get(table, ())[:2], *inside.get(table, ())[:2]):
            asked += 1
            reached = in_reach(place.database, Scope(who.user, role.value, who.agency), {part: number})
            assert reached == (), f"a {role} would wait for a hidden {table}"
    assert asked > 3 or role not in TURNS


def test_who_is_not_signed_in_learns_nothing_of_any_address(place):
    for account in (None, half_way(place.database, place.county)):
        client = browser(place.site, account)
        asked = [ask for ask in asks(place.county, place.county.ids, changes=True, most=2) if not public(ask)]
        for key, (ask, told) in same_for(client, asked).items():
            if ask.path.startswith("/api/"):
                assert told.status == 401, key
                continue
            assert told.status == 303, key
            where = dict(told.headers)["location"].replace("*", "/")
            assert where.startswith("/sign-in" if account is None else "/sign-in/code"), key


@pytest.mark.parametrize("role", list(Role))
def test_another_role_is_refused_whatever_the_address(place, role):
    if not place.database.is_sqlite and role not in SOME:
        pytest.skip("the guard never asks the database which role is refused: SQLite shows the others")
    client = browser(place.site, place.county.accounts[role])
    asked = asks(place.county, place.county.ids, changes=True, most=2)
    asked = [ask for ask in asked if not allowed(role, ask) and not public(ask)]
    assert len(asked) > 20
    for key, (_ask, told) in same_for(client, asked).items():
        assert told.status == 403, key


def rows_in(value, seen):
    """Rows of the database within what a template is given, however deep; containers, Structs and plain objects."""
    if id(value) in seen or isinstance(value, (str, bytes, int, float, type(None))):
        return
    seen[id(value)] = value
    if isinstance(value, Base):
        yield value
    elif isinstance(value, Mapping):
        yield from (row for one in value.values() for row in rows_in(one, seen))
    elif isinstance(value, (list, tuple, set, frozenset)):
        yield from (row for one in value for row in rows_in(one, seen))
    elif isinstance(value, msgspec.Struct):
        yield from (row for name in value.__struct_fields__ for row in rows_in(getattr(value, name), seen))


def test_a_person_s_own_pages_open(place, monkeypatch):
    """The tests above would pass on a site that opens nothing. What a page is made of is listed field by field (frozen
    Structs): no row of the database is at hand in a template, with a column that nobody thought of."""
    ours = sum(place.county.ids.values(), [])
    plain, given, rows = Template.render, [], set()

    def render(self, *said, **more):
        given.append(self.name)
        rows.update((self.name, type(row).__name__) for row in rows_in([*said, more], {}))
        return plain(self, *said, **more)

    monkeypatch.setattr(Template, "render", render)
    for role in (Role.OFFICER, Role.JUDGE, Role.PROGRAM):
        client = browser(place.site, place.county.accounts[role])
        asked = [ask for ask in asks(place.county, place.county.ids, most=3) if allowed(role, ask) and not ask.query]
        opened = [ask for ask in asked if tell(client, ask).status == 200]
        assert any(str(number) in ask.path for ask in opened for number in ours), role
    assert len(set(given)) > 15 and rows == set()


def test_no_method_but_those_of_the_table_is_answered(place):
    client = browser(place.site, place.county.accounts[Role.OFFICER])
    for _method, template in POLICY:
        if "{" not in template:
            for method in {"PUT", "PATCH", "DELETE", "TRACE"} - {method for method, path in POLICY if path == template}:
                assert client.request(method, template).status_code in (403, 404, 405), (method, template)


def public(ask):
    open_paths = [path for (_, path), policy in POLICY.items() if policy.public or policy.half_way]
    return any(re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)), ask.path) for path in open_paths)


def half_way(database, county):
    officer = county.accounts[Role.OFFICER]
    now = datetime.now(UTC)
    with database.system("test: a password only") as session, session.begin():
        membership = membership_of(session, officer.user, now)
        token = open_session(session, officer.user, membership, now)
    return Account(officer.role, officer.agency, officer.user, token)


@pytest.mark.slow
def test_hidden_takes_as_long_as_absent(place):
    """Two hundred tries of each, in turns; the times come from one distribution (Mann-Whitney, p > 0.001)."""
    client = browser(place.site, place.county.accounts[Role.OFFICER])
    hidden = place.elsewhere["person"][0]
    for template in ("/people/{}", "/people/{}/compliance"):
        times = {hidden: [], ABSENT: []}
        for _ in range(200):
            for number, spent in times.items():
                started = time.perf_counter()
                assert client.get(template.format(number)).status_code == 404
                spent.append(time.perf_counter() - started)
        assert unlikely(times[hidden], times[ABSENT]) > 0.001, template
        assert abs(median(times[hidden]) - median(times[ABSENT])) < 0.010


def unlikely(one, other):
    """Two-sided p of the Mann-Whitney test, normal approximation; ties are of no account among real times."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_, which) in enumerate(ranked, 1) if which == 0)
    first, second = len(one), len(other)
    mean = first * (first + second + 1) / 2
    deviation = math.sqrt(first * second * (first + second + 1) / 12)
    return math.erfc(abs(ranks - mean) / deviation / math.sqrt(2))
