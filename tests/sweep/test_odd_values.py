"""What nobody's form sends: digits that are no digits, ids beyond all ids, the last day of time, in every field."""

from __future__ import annotations

import pytest

from monitor.access.fields import Field
from monitor.access.policy import POLICY
from monitor.access.roles import Role
from monitor.db import Database
from tests.conftest import empty_database
from tests.sweep.county import build
from tests.sweep.visiting import browser, is_of_machines, paths, site_settings
from web.app import create_app

ODD = ("²", "9" * 19, "-1", "\x00", "12/31/9999", "9999-12-31")
NUMBERS = (Field.CHOICE, Field.SEVERAL, Field.NUMBER, Field.TOKEN)
# ends the session that asks, or is the machine's own
LEFT_OUT = ("/sign", "/account", "/lock", "/unlock", "/step-up", "/static", "/health", "/demo",
            "/admin/accounts")


@pytest.fixture(scope="module", params=["sqlite"])
def place(request, tmp_path_factory):
    with empty_database(request, tmp_path_factory.mktemp("odd")) as url:
        database = Database(url)
        county = build(database)
        yield database, county, create_app(site_settings("critical"), database)
        database.close()


def routes(role):
    """The forms that this role is the first to have."""
    for (method, template), policy in POLICY.items():
        first = next((one for one in Role if one in policy.roles), None)
        if method == "POST" and first is role and not is_of_machines(policy) and not template.startswith(LEFT_OUT):
            yield template, {name: kind for name, kind in policy.fields_in.items() if kind is not Field.FILE}


def forms(fields):
    """Every field with the odd value at once; of a family the name carries it, too, however long."""
    for odd in ODD:
        yield {name.replace("*", odd if odd.isprintable() else "9" * 5000): odd for name in fields}


def alone(fields):
    """Each number by itself, the others empty."""
    for name in (name for name, kind in fields.items() if kind in NUMBERS):
        for odd in ODD[:2]:
            yield {name.replace("*", odd): odd}


@pytest.mark.parametrize("role", [role for role in Role if any(routes(role))])
def test_an_odd_value_in_all_fields_of_any_form_is_told_of_and_breaks_nothing(place, role):
    ask(place, role, forms)


@pytest.mark.slow
@pytest.mark.parametrize("role", [role for role in Role if any(routes(role))])
def test_an_odd_number_in_one_field_of_any_form_is_told_of_and_breaks_nothing(place, role):
    ask(place, role, alone)


def ask(place, role, made):
    database, county, app = place
    client, broken = browser(app, county.accounts[role]), []
    for template, fields in routes(role):
        [*_, path] = paths(template, county, county.ids, 2)
        for form in made(fields):
            answer = client.post(path, data=form)
            if answer.status_code >= 500:
                broken.append((path, {name[:30]: value[:30] for name, value in form.items()}))
    assert not broken
    assert client.get("/account").status_code == 200, "and the session is alive: nobody was sent to the sign-in"
