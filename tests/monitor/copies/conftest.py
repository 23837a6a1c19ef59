"""Places for copies, and a county that has something of everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.monitor.copies.places import MakePlace, places


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakePlace]:
    """``place("sqlite")``: an empty place to put a copy."""
    with places(request, tmp_path) as make:
        yield make
