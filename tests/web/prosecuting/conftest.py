"""A prosecutor's office laid once a module; a test gets a copy of its own."""

from __future__ import annotations

import shutil

import msgspec
import pytest

from monitor.db import Database
from tests.office import take_over
from tests.prosecution_office import open_prosecution


@pytest.fixture(scope="module")
def laid(sqlite_template, tmp_path_factory):
    """The office and its report, laid once: a test gets a copy of its own."""
    path = tmp_path_factory.mktemp("prosecution") / "laid.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    found = open_prosecution(database)
    database.close()
    return path, found


@pytest.fixture
def database(laid, tmp_path):
    shutil.copy(laid[0], tmp_path / "one.db")
    found = Database(f"sqlite:///{tmp_path}/one.db")
    yield found
    found.close()


@pytest.fixture
def desk(laid, database):
    office = msgspec.structs.replace(laid[1].office, database=database)
    return msgspec.structs.replace(laid[1], office=office)


@pytest.fixture
def prosecutor(desk, client_as):
    return client_as("prosecutor", agency_id=desk.agency, name="N. Quist")


@pytest.fixture
def officer(desk, client_as, database):
    return take_over(database, client_as("officer", agency_id=desk.office.town.office))
