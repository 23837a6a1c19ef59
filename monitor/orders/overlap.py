"""Several orders in force at once about one person: which prevails, by the law of the court's pack. Otherwise open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from monitor.compliance.vocabulary import ORDER_KINDS, word
from monitor.orders.page import OrderLine, Overlap
from rules.pack_files import Packs
from rules.protective import controlling

NOT_LAW, RANKED_BY = "design rule", "SERVICE_NOT_SHOWN"


def overlaps(orders: Sequence[OrderLine], pack: str, packs: Packs, now: datetime) -> tuple[Overlap, ...]:
    """What to say of orders that forbid contact or places at the same time; nothing where at most one does."""
    live = [one for one in orders if one.in_force and any(line.coded in ("01", "04", "05") for line in one.lines)]
    if len(live) < 2:
        return ()
    names = tuple(f"{one.called} ({one.case_number})" for one in live)
    rule = next((one for one in packs.rules.get(pack, ()) if one.code == RANKED_BY), None)
    if rule is None or rule.provision == NOT_LAW:
        said = "No law on record for this court says which of them prevails: that is for the court."
        return (Overlap(names, said, True),)
    priority = list(rule.spec["priority"])
    first, other = (_first(each, priority, now) for each in (live, live[::-1]))
    if first.id != other.id:
        said = (
            f"{rule.provision} does not tell them apart by the day of signing: which was signed later in the day, the"
            " signed orders show."
        )
        return (Overlap(names, said, True),)
    said = (
        f"Where their terms differ, {first.called} ({first.case_number}) prevails: {rule.provision}. What the orders"
        " say alike holds in any case. Whether they protect the same person, the signed orders show."
    )
    return (Overlap(names, said, False),)


def _first(live: Sequence[OrderLine], priority: list[str], now: datetime) -> OrderLine:
    """The one that prevails; of those that nothing tells apart, the first in the list."""
    place: int = controlling(_states(live, now), priority)["po"][0]
    return live[place]


def _states(live: Sequence[OrderLine], now: datetime) -> pl.DataFrame:
    """The frame that `rules.protective.controlling` ranks, with the order's place in the list as its id."""
    rows = []
    for place, one in enumerate(live):
        banned = [line for line in one.lines if line.coded == "05"]
        rows.append({
            "moment": 0, "po": place, "po_kind": word(one.kind, ORDER_KINDS),
            # the judge's day, not the clerk's: an order that is entered late is no later order
            "issued_t": (one.versions[0].ordered_on if one.versions else now.date()).toordinal(),
            "contact_terms": "no_contact" if banned else "peaceful_contact",
            "strict": (100 if banned else 0) - sum(len(line.exceptions) for line in banned),
        })  # fmt: skip
    return pl.DataFrame(rows)
