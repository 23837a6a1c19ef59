"""What a docket says of one case by its record alone."""

from __future__ import annotations

import msgspec


class Delays(msgspec.Struct, frozen=True):
    """What the court's own strip counts of one case: ``undated`` and ``not_shown`` of a hearing, the rest of the case.

    ``to_enter``: what there is to do in the registry past its day, an order at a time ("" a service alone).
    """

    undated: bool
    not_shown: bool
    past_clock: bool
    old_warrant: bool
    to_enter: tuple[str, ...]


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """In its line (`DocketLine`), of who owes word, and in the strip: no name of a person, nothing that somebody wrote.

    ``missing``, ``late`` and ``shown`` as on the page; ``heard``: its outcome is known.
    """

    custody: str
    decide: tuple[str, ...]
    statuses: tuple[tuple[str, int], ...]
    classes: str
    last_report: str
    contested: bool
    shown: str
    rank: int
    flags: tuple[int, ...]
    missing: tuple[str, ...]
    late: tuple[str, ...]
    heard: bool
    delays: Delays
