"""Steps 13 and 14: how long it took, and what he and his lawyer can read out of what they got."""

from __future__ import annotations

import re
from datetime import timedelta

from monitor.access.roles import Role
from monitor.clock import local_day
from monitor.handoffs.arrows import BY_MEASURE
from monitor.handoffs.gaps import Gap, due
from monitor.handoffs.places import places
from monitor.handoffs.reading import READERS
from monitor.handoffs.targets import Targets
from monitor.models import Hearing, Incident
from tests.builders import ZONE
from tests.journeys.nine import ORDER, PARTY, STAFF, County

# who speaks for her, and every word that would say that anybody did
NEVER = (
    r"\bshe\b", r"\bhers?\b", "advocate", "victim", "survivor", "complain", "partner agenc", "call-?back", r"\brelease",
    "nurse", "hospital", "medical", "clinic", "exam", "harborlight", "neighb", "caller", r"\b911\b", "dispatch",
    "notice given",
    "safety step", "safety notice", "reached", "declined", r"\bcad26", "record exists", "said by others",
    *(re.escape(STAFF[role].lower()) for role in (Role.ADVOCATE, Role.VICTIM_WITNESS, Role.MEDICAL, Role.DISPATCH)),
)  # fmt: skip


def gaps(county: County, measure: str) -> list[tuple[Gap, timedelta, bool]]:
    """The hand-offs of the case by one measure: each with how long it took, and whether that was late."""
    with county.database.system("test: measured", writes=False) as session:
        now = county.moment()
        found = list(READERS[measure](session, None, now))
        place = places(session, None, now)[county.ids["case"]]
    told = []
    for one in found:
        target = Targets().of(measure, local_day(one.started_at, ZONE))
        late = target is not None and one.end(now) > due(one.started_at, target, place)
        told.append((one, one.end(now) - one.started_at, late))
    return told


def how_long_it_took(county: County) -> None:
    """13. Metrics: order to service 5.5 h; absence to report 1 day; incident to court 8 days."""
    [(_, took, late)] = gaps(county, "M4")
    assert round(took / timedelta(hours=1), 2) == 5.5 and not late
    for gap, _, late in gaps(county, "M10"):
        assert gap.done_at is not None and not late
        assert (local_day(gap.done_at, ZONE) - local_day(gap.started_at, ZONE)).days <= 1
    [report] = [one for one in county.rows(Incident) if one.kind == "REPORT"]
    held = max(one.starts_at for one in county.rows(Hearing) if one.resulted_at is not None)
    assert (local_day(held, ZONE) - local_day(report.occurred_at, ZONE)).days == 8
    serious = [one for one in gaps(county, "R2") if one[0].done_at is not None]
    days = [(local_day(gap.end(held), ZONE) - local_day(gap.started_at, ZONE)).days for gap, _took, _late in serious]
    assert days == [8] and serious[0][2], "over the target of seven days: late against the system"
    assert all(arrow.owner for arrow in BY_MEASURE.values()), "a clock is an agency's, and never the person's"


def search(county: County) -> None:
    """14. Search of everything he and his lawyer received: no trace that she, or anyone for her, said a word."""
    assert set(county.received) == {"order 26-PR-0114", f"order {ORDER}", "evidence packet", "notice", "report",
                                    "bench page"}  # fmt: skip
    for name, words in county.received.items():
        plain = words.lower()
        if name != f"order {ORDER}":  # the one paper that must say whom it protects
            assert PARTY[1].lower() not in plain and PARTY[0].lower() not in plain, name
        found = {word: [plain[max(0, one.start() - 60):one.end() + 60] for one in re.finditer(word, plain)][:3]
                 for word in NEVER if re.search(word, plain)}  # fmt: skip
        assert not found, f"{name}: {found}"
