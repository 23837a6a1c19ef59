"""A day that somebody types is read alike at every door."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from web.absences import day_of


def test_a_day_that_somebody_types_is_read_by_one_piece_at_every_door() -> None:
    """12/4/2026 is read wherever a date field sends 2026-12-04: no form has a reader of its own."""
    doors = (Path(__file__).parents[2] / "web").glob("*.py")
    own = {door.name for door in doors if re.search(r"def _?day(_of)?\(text: str\) -> date", door.read_text())}
    assert own == {"absences.py"}
    assert day_of("12/4/2026") == day_of("2026-12-04") == date(2026, 12, 4) and day_of("soon") is None
