"""`python -m web`: the web process, settings from the environment (what `monitor serve` starts)."""

from __future__ import annotations

import os
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from monitor.config import SettingsError, load_settings
from monitor.production import refuse_unsafe
from web.app import check_settings


def main() -> int:
    """Serve until told to stop; requests under way are answered first."""
    try:
        settings = load_settings()
        check_settings(settings)
        refuse_unsafe(settings, os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    Granian(
        "web.app:create_app", factory=True, interface=Interfaces.ASGI, address=settings.host, port=settings.port,
        workers=settings.workers, websockets=False, respawn_failed_workers=True, workers_kill_timeout=20,
        log_level=LogLevels.warning,
    ).serve()  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
