"""Starts and ends of a pause, walked through one after the other."""

from __future__ import annotations

from tests.rules.reference.record import Rec

Stay = tuple[Rec, Rec | None]


def ground_by_ground(edges: list[Rec]) -> list[Stay]:
    """One stay for each ground, where there are several."""
    stays = Stays({rec.get("basis") for rec in edges if rec.get("event") == "start"} - {None})
    for moment in sorted({rec.moment for rec in edges}):
        stays.at([rec for rec in edges if rec.moment == moment])
    return [*stays.found, *stays.open_on.values()]


class Stays:
    """What is open on which ground, with the end of a later ground: it is the end of this one if no other comes."""

    def __init__(self, grounds: set[str]) -> None:
        self.grounds = grounds
        self.open_on: dict[str | None, Stay] = {}
        self.found: list[Stay] = []

    def at(self, now: list[Rec]) -> None:
        """All that was written down of one moment."""
        starts = [rec for rec in now if rec.get("event") == "start"]
        ends = [rec for rec in now if rec.get("event") == "end"]
        first = [rec for rec in ends if any(self.open_on[one][1] is None for one in self.concerned(rec))]
        for rec in first:
            self.ended(rec)
        for rec in starts:
            self.started(rec)
        for rec in ends:
            if rec not in first:
                self.ended(rec)

    def concerned(self, rec: Rec) -> list[str | None]:
        """The open grounds that an end ends."""
        own = rec.get("basis") in self.grounds
        return [ground for ground in self.open_on if not own or ground == rec.get("basis")]

    def started(self, rec: Rec) -> None:
        start, maybe = self.open_on.get(rec.get("basis"), (rec, None))
        if maybe is not None:
            self.found.append((start, maybe))
            start = rec
        self.open_on[rec.get("basis")] = (start, None)

    def ended(self, rec: Rec) -> None:
        for ground in self.concerned(rec):
            start, _ = self.open_on.pop(ground)
            self.found.append((start, rec))
            for other, (began, maybe) in self.open_on.items():
                if began.moment < start.moment and maybe is None:
                    self.open_on[other] = (began, rec)


def walked(edges: list[Rec], opens: str = "start") -> list[tuple[Rec, Rec | None]]:
    """The stretches of edges of one basis, day by day; at one moment an end comes first where something is open."""
    found: list[tuple[Rec, Rec | None]] = []
    open_start: Rec | None = None
    for moment in sorted({rec.moment for rec in edges}):
        now = [rec for rec in edges if rec.moment == moment]
        starts = [rec for rec in now if rec.get("event") == opens]
        ends = [rec for rec in now if rec.get("event") != opens]
        for rec in [*ends, *starts] if open_start is not None else [*starts, *ends]:
            if rec.get("event") == opens and open_start is None:
                open_start = rec
            elif rec.get("event") != opens and open_start is not None:
                found.append((open_start, rec))
                open_start = None
    return [*found, (open_start, None)] if open_start is not None else found
