"""Our static files and their addresses: each carries the hash of its content, so browsers keep it for a year."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static"
USWDS = "vendor/uswds-3.14.0"
HTMX = "vendor/htmx-2.0.11"


@cache
def asset(name: str) -> str:
    """The address of ``name`` under ``web/static``; a name that is not there raises ``FileNotFoundError``."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:12]}"
