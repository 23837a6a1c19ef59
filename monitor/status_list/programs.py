"""What a list says of somebody's program: a band, and only under a release that lets its readers be told (C8).

*Not shown* is the same for no program, no release, one that ended and one that leaves advocates out.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.current import current
from monitor.models import Release
from monitor.program_bands import NOT_SHOWN, bands_of, newest_places
from monitor.releases import open_to

__all__ = ("NOT_SHOWN", "SCOPE", "programs_of")
SCOPE: Final = "advocate_list"


def programs_of(
    session: ScopedSession, today: date, word: str = SCOPE, *, unreleased: bool = False
) -> dict[int, str]:
    """The band by case, where one may be told. Five queries at any size.

    ``word``: of `monitor.models.release.SCOPES`, to whom. ``unreleased``: also of places that have no release on
    record at all, which probation, the court and the prosecution read as before.
    """
    places = newest_places(session)
    ids = {one.id for one in places.values()}
    told = set(open_to(session, word, {one.id: one.left_on for one in places.values() if one.left_on}, today))
    if unreleased:
        told |= ids - set(session.scalars(select(Release.enrollment_id).where(current(Release))))
    return bands_of(session, {case: one for case, one in places.items() if one.id in told}, today)
