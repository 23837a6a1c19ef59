"""Opens the demo county: a folder of its own for each day, built once, and safe to open again.

A half-built folder is never opened: the county is built under a temporary name and moved into place when whole.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from monitor.clock import local_day
from monitor.config import Settings
from monitor.db import Database
from monitor.demo.accounts import DemoAccount
from monitor.demo.consulting import team_file
from monitor.demo.county import build_county
from monitor.demo.first_weeks import live_first_weeks
from monitor.demo.places import PACIFIC
from monitor.schema import upgrade

Progress = Callable[[str], None]
# what a site's own court and counsel would enter; made up like everything here
LOCAL_LAW = """\
contest_days = 10

[notice.en]
counsel = "You may have a lawyer. If you cannot pay for one, ask this court to name one before the hearing."
contest = "Tell the clerk of this court, in writing or at the desk, or have your lawyer do it."
help = "Ask the clerk for an interpreter or for help because of a disability. Both are free."

[notice.es]
counsel = "Usted puede tener un abogado. Si no puede pagarlo, pida al tribunal que nombre uno antes de la audiencia."
contest = "Avise a la secretaría del tribunal, por escrito o en persona, o que lo haga su abogado."
help = "Pida a la secretaría un intérprete o ayuda por una discapacidad. Las dos cosas son gratis."

[orders.civil_protection]
edition = "2026-11"
by = "the invented court of this demo"
day = 2026-11-01
text = "nothing; a real court reads the law first"

[orders.civil_protection_temporary]
edition = "2026-11"
by = "the invented court of this demo"
day = 2026-11-01
text = "nothing; a real court reads the law first"

[orders.criminal_no_contact]
edition = "2026-11"
by = "the invented court of this demo"
day = 2026-11-01
text = "nothing; a real court reads the law first"

[orders.emergency_protective]
edition = "2026-11"
by = "the invented court of this demo"
day = 2026-11-01
text = "nothing; a real court reads the law first"

[orders.release_no_contact]
edition = "2026-11"
by = "the invented court of this demo"
day = 2026-11-01
text = "nothing; a real court reads the law first"

[warnings]
edition = "2026-11"
by = "the invented court of this demo"
day = 2026-11-01
text = "nothing; a real court reads the law first"
"""


class OpenCounty(msgspec.Struct, frozen=True):
    """Where the county lies, how to sign in, and the sheet that waits to be tried."""

    folder: Path
    settings: Settings
    accounts: list[DemoAccount]
    sheets: list[Path]


def open_county(home: Path, now: datetime, *, people: int, port: int, say: Progress) -> OpenCounty:
    """Build today's county below ``home`` unless it is there, and return how to run it."""
    folder = home / f"{local_day(now, PACIFIC).isoformat()}-{people}"
    if not folder.is_dir():
        _build(folder, now, people, port, say)
    else:
        say("Today's county is there already; opening it again")
        _bring_up_to_date(folder, port)
    accounts = msgspec.json.decode((folder / "accounts.json").read_bytes(), type=list[DemoAccount])
    return OpenCounty(folder, _settings(folder, port), accounts, sorted((folder / "sheets").iterdir()))


def _build(folder: Path, now: datetime, people: int, port: int, say: Progress) -> None:
    building = folder.with_name(f"{folder.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    (building / "sheets").mkdir(parents=True)
    (building / "secret").write_text(secrets.token_urlsafe(48), encoding="utf-8")
    (building / "local-law.toml").write_text(LOCAL_LAW, encoding="utf-8")
    (building / "team.toml").write_text(team_file(now), encoding="utf-8")
    settings = _settings(building, port)
    database = Database(settings.database_url)
    try:
        say("Tables")
        upgrade(database)
        county = build_county(database, settings.secret_key, now, people=people, say=say)
        live_first_weeks(database, settings, county, building / "sheets", now, say)
    finally:
        database.close()
    (building / "accounts.json").write_bytes(msgspec.json.format(msgspec.json.encode(county.accounts)))
    building.rename(folder)


def _bring_up_to_date(folder: Path, port: int) -> None:
    """The tables of a county that was built this morning, before a newer version came."""
    database = Database(_settings(folder, port).database_url)
    try:
        upgrade(database)
    finally:
        database.close()


def _settings(folder: Path, port: int) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder.resolve() / 'monitor.db'}",
        secret_key=(folder / "secret").read_text(encoding="utf-8"),
        base_url=f"http://127.0.0.1:{port}",
        port=port,
        demo=True,
        waive_passkeys=True,
        entering_agencies="riverbend-sheriff",
        local_law_file=str(folder.resolve() / "local-law.toml"),
        consultation_file=str(folder.resolve() / "team.toml"),
        consultation_keys_file=str(folder.resolve() / "team-keys"),
    )


