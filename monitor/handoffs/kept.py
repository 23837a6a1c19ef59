"""What several arrows read of the same cases is read once a strip.

Only while `keeping` lasts, so that nothing outlives the reading that it was made in; whoever reads one measure alone
reads as ever. What is kept is shared: no reader changes it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy.orm import Session

from monitor.handoffs.asking import Cases

T = TypeVar("T")
KEPT: Final = "read for the strip"  # in a session's info


@contextlib.contextmanager
def keeping(session: Session) -> Iterator[None]:
    """While it lasts, what `kept` made in this session is given again."""
    session.info[KEPT] = {}
    try:
        yield
    finally:
        del session.info[KEPT]


def kept(make: Callable[[Any, Cases, datetime], T], session: Session, cases: Cases, known_at: datetime) -> T:
    """``make`` of this session, these cases and this instant."""
    held = session.info.get(KEPT)
    if held is None:
        return make(session, cases, known_at)
    key = make, cases, known_at
    if key not in held:
        held[key] = make(session, cases, known_at)
    return held[key]  # type: ignore[no-any-return]
