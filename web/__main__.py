"""`python -m web`: the web process, settings from the environment (what `monitor serve` starts)."""

from __future__ import annotations

import os
import sys
import tempfile

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from monitor import log_lines
from monitor.clock import utc_now
from monitor.config import Settings, SettingsError, load_settings
from monitor.db import Database
from monitor.production import refuse_unsafe
from monitor.settings_trail import record_settings


def main() -> int:
    """Serve until told to stop; requests under way are answered first."""
    try:
        settings = load_settings()
    except SettingsError as error:
        return _refused(error)
    with tempfile.TemporaryDirectory(prefix="monitor-numbers-") as folder:
        if settings.workers > 1:  # they add their numbers up in files; the library looks once, as it is imported
            os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", folder)
        return _serve(settings)


def _refused(error: SettingsError) -> int:
    print(error, file=sys.stderr)
    return 2


def _serve(settings: Settings) -> int:
    from web.app import check_settings

    try:
        check_settings(settings)
        refuse_unsafe(settings, os.environ)
    except SettingsError as error:
        return _refused(error)
    log_lines.configure(settings.log_level)
    _record(settings)
    Granian(
        "web.warm:create_warm_app", factory=True, interface=Interfaces.ASGI, address=settings.host, port=settings.port,
        workers=settings.workers, websockets=False, respawn_failed_workers=True, workers_kill_timeout=20,
        log_level=LogLevels.warning, log_dictconfig=log_lines.TO_US,
    ).serve()  # fmt: skip
    return 0


def _record(settings: Settings) -> None:
    """Which settings changed, for the trail. A database that is away is told of by the pages; the next start compares
    with what is on record, so no change is lost."""
    database = Database(settings.database_url)
    try:
        record_settings(database, settings, utc_now())
    except Exception as error:
        print(f"Changes of settings could not be recorded: {type(error).__name__}.", file=sys.stderr)
    finally:
        database.close()


if __name__ == "__main__":
    raise SystemExit(main())
