"""What the site's malware scanner stops is told in clear words on the page and to software; nothing is recorded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import Litestar

from monitor.config import Settings
from monitor.db import Database
from monitor.intake.scanning import FOUND, UNSCANNED
from tests.monitor.intake.sample_record import write_county
from tests.monitor.intake.test_scanning import BAD, CLEAN, LOOKS, program, recorded
from tests.web.conftest import Browser
from tests.web.machines import machine_of, send, software
from web.app import open_site

SILENT = "#!/bin/sh\nexit 9\n"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("text", "content", "code", "says"), [
    (LOOKS, BAD, FOUND, "blocked by the virus check"), (SILENT, CLEAN, UNSCANNED, "Tell your administrator"),
])  # fmt: skip
def test_page_and_software_are_refused_alike_and_nothing_is_recorded(
    app: Litestar, settings: Settings, database: Database, tmp_path: Path, client_as: Callable[..., Browser],
    text: str, content: bytes, code: str, says: str,
) -> None:  # fmt: skip
    county, secret = write_county(database), machine_of(database, "north-star")
    before = recorded(database)
    scanned(app, settings, database, program(tmp_path, text))
    with software(app, secret) as machine:
        told = send(machine, content, "monday")
    assert (told.status_code, told.json()["code"]) == (422, code)
    browser = client_as("program", agency_id=county.agency)
    sent: Any = browser.post("/attendance/uploads", files={"file": ("week.csv", content)}, data={"program": ""})
    assert says in browser.get(sent.headers["location"]).text and recorded(database) == before
    scanned(app, settings, database, "")
    with software(app, secret) as machine:
        assert send(machine, content, "monday").status_code == 201, "the key of a refused sheet is not used up"
    assert recorded(database) > before


def scanned(app: Litestar, settings: Settings, database: Database, command: str) -> None:
    """Open the site with this scanner."""
    app.state.site = open_site(msgspec.structs.replace(settings, scan_command=command), database)
