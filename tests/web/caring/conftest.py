"""A victim/witness office that shares a reviewed case, and who works there and at probation."""

from __future__ import annotations

import pytest

from tests.office import take_over
from tests.web.caring.desk import care_office


@pytest.fixture
def office(database):
    return care_office(database)


@pytest.fixture
def staff(office, client_as):
    return client_as("victim_witness", agency_id=office.flags["desk"], name="R. Amaya")


@pytest.fixture
def officer(office, client_as, database):
    return take_over(database, client_as("officer", agency_id=office.town.office))


@pytest.fixture
def supervisor(office, client_as):
    return client_as("officer_supervisor", agency_id=office.town.office, name="K. Ito")
