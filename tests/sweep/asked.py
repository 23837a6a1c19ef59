"""A call that is asked of the officer of the swept case: for that officer alone, and for no other role."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from monitor.access.roles import Role
from monitor.callbacks.keys import Content, sealed
from monitor.copies.passing_rows import keys_of
from monitor.models import Callback
from monitor.models.base import random_id
from tests.web.accounts import SECRET

if TYPE_CHECKING:
    from tests.sweep.county import County

CALLS = Path(mkdtemp()) / "calls"  # their keys, as the swept site has them


def asked_to_call(session: Session, county: County) -> set[str]:
    """One request, of the advocates' agency, about the case that is not hidden."""
    keys = keys_of(str(CALLS), SECRET)
    assert keys is not None
    day, number = county.now.date() + timedelta(days=5), random_id()
    said = Content(county.matter.case, county.accounts[Role.ADVOCATE].agency, county.stranger, day.isoformat())
    session.add(Callback(id=number, sealed=sealed(keys, number, said, day), purge_on=day))
    session.flush()
    return {"callback"}
