"""The codes of an incident in words. There is no field for anything else."""

from __future__ import annotations

from typing import Final

from monitor.verify.words import FIREARMS, SAYS

# of the order's conditions those that can be touched; an order names each by one of the codes in its group
SAME: Final = (("05", "NO_CONTACT"), ("04", "STAY_AWAY"), FIREARMS)
TOUCHED: Final = {code: SAYS[code] for code in ("01", "02", "03", "04", "05", "06", "07", "08", "09")}
YES_NO: Final = {"YES": "Yes", "NO": "No"}
STRANGULATION: Final = {"YES": "Yes", "NO": "No", "NOT_ASKED": "Not asked"}
KIND: Final = {"CALL": "Call", "REPORT": "Police report"}


def touched_words(code: str | None) -> str:
    """May not … , or that none is known."""
    return SAYS.get(code or "", "") or "no condition named"


def like(code: str) -> tuple[str, ...]:
    """The codes under which an order may name the same condition."""
    return next((group for group in SAME if code in group), (code,))
