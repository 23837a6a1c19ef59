"""A program's machine for tests, and what it sends with."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from litestar.testing import TestClient

from monitor.access.machines import NewMachine, add_machine
from monitor.db import Database
from tests.web.accounts import BASE, SECRET

BATCHES = "/api/v1/attendance-batches"
NAMES = itertools.count(1)


def machine_of(database: Database, program: str, now: datetime | None = None, days: int = 90) -> str:
    """The secret of a new machine of a program."""
    with database.system("test: a machine") as session, session.begin():
        new = NewMachine(f"ehr-{next(NAMES):03}", program, days)
        return add_machine(session, new, SECRET, now or datetime.now(UTC)).secret


def software(site: Any, secret: str | None) -> TestClient[Any]:
    """A program's software: no cookies, no origin, a secret."""
    client = TestClient(site, base_url=BASE, raise_server_exceptions=False)
    client.follow_redirects = False
    if secret is not None:
        client.headers.update(signed(secret))
    return client


def signed(secret: str) -> dict[str, str]:
    """The header that a secret goes in."""
    return {"authorization": f"Bearer {secret}"}


def send(client: Any, content: bytes, key: str = "", name: str = "week.csv", **parts: str) -> Any:
    """Bring a sheet in."""
    query = {"dry_run": "true"} if parts.pop("dry_run", "") else None
    headers = {"idempotency-key": key} if key else {}
    return client.post(BATCHES, params=query, files={"file": (name, content)}, data=parts, headers=headers, timeout=120)
