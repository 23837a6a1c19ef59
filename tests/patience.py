"""Waiting in tests: for what is to be so, as long as a busy machine may need, and not for a fixed time."""

from __future__ import annotations

import time
from collections.abc import Callable

MOST = 60.0  # seconds; what is still not so by then is a fault and no slow machine


def until(asked: Callable[[], object], seconds: float = MOST) -> None:
    """Ask again until it is so; fails if it never is."""
    end = time.monotonic() + seconds
    while not asked():
        assert time.monotonic() < end, "it was waited for, and never came"
        time.sleep(0.02)
