"""What of a kept packet is still shown: nothing of an allegation that was not found or was withdrawn since (H3).

The bytes and their hash stay as they were kept; what is put on a screen, on paper or in a copy is covered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.bench_page.page import Allegation, BenchPage, Said
from monitor.clock import local_day
from monitor.flag_history import SAID, flag_at
from monitor.models import AllegationFlag, AllegationStep, Flag, Packet
from monitor.replay_page.page import Change
from monitor.wording import long_month_day

ENDS: Final = {"NOT_FOUND": "ended by the court", "WITHDRAWN": "withdrawn"}
SAYS: Final = ENDS | {"FOUND": "found by the court", "ADMITTED": "admitted", "REOPENED": "open again"}
READ_AGAIN: Final = "This person, same thing before: see the page as it stands now"
LINES: Final = ("before", "in_the_way", "asks", "withdrawn")


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """``page`` as it may be shown. ``gone``: what is covered, in words. ``told``: flags that a reader is told of."""

    page: BenchPage
    gone: tuple[str, ...]
    told: tuple[int, ...]
    addendum: tuple[Change, ...]


class _Report(msgspec.Struct):
    """A report: the ids of its flags, reviews and steps, and every step after its approval."""

    flags: set[int]
    reviews: set[int]
    steps: dict[int, Any]

    @property
    def end(self) -> Any:
        """The step that ended it, None where it stands, or the court found it so."""
        last = [step for step in self.steps.values() if step.kind in SAYS][-1:]
        return next((step for step in last if step.kind in ENDS), None)


def covered(session: Session, packet: Packet, page: BenchPage, now: datetime) -> Covered:
    """The page of ``packet`` without what ended since, and what is to be said of that."""
    reports, zone = _reports(session, packet.case_id, now), page.heading.zone
    dead = _dead(reports, zone)
    flags = {row: flag for row, flag in _flags(session, page, now).items() if row not in dead}
    for one in page.alleged:  # reported before reports were kept, and taken back: nobody here reads it any more
        for row in one.title.rows:
            if row not in flags and row not in dead:
                dead |= dict.fromkeys({row, *_reviews_of(one)}, "withdrawn since")
    shown, gone = _without(page, dead)
    left = tuple(row for row in shown.flags if row in flags and flags[row].state != "WITHDRAWN")
    added = [*_of_reports(reports, packet, page), *_of_corrections(shown, packet, flags)]
    return Covered(page=shown, gone=gone, told=left, addendum=tuple(sorted(added, key=lambda one: one.known_at)))


def _reports(session: Session, case_id: int, now: datetime) -> list[_Report]:
    columns = (
        AllegationFlag.allegation_id, AllegationFlag.flag_id, AllegationFlag.review_id, AllegationStep.id,
        AllegationStep.kind, AllegationStep.at, AllegationStep.agency_id,
    )  # fmt: skip
    asked = select(*columns).join(AllegationStep, AllegationStep.allegation_id == AllegationFlag.allegation_id)
    known = AllegationFlag.case_id == case_id, AllegationStep.kind.in_(("APPROVED", *SAYS)), AllegationStep.at <= now
    found: dict[int, _Report] = {}
    for row in session.execute(asked.where(*known).order_by(AllegationStep.at, AllegationStep.number)):
        report = found.setdefault(row.allegation_id, _Report(set(), set(), {}))
        report.flags.add(row.flag_id)
        report.reviews.add(row.review_id)
        report.steps[row.id] = row
    return list(found.values())


def _dead(reports: Iterable[_Report], zone: str) -> dict[int, str]:
    """Ids of what ended, with how in words; a flag that was reported anew stands by its newer report."""
    found: dict[int, str] = {}
    standing: set[int] = set()
    for report in reports:
        if report.end is None:
            standing |= report.flags
            continue
        words = f"{ENDS[report.end.kind]} on {long_month_day(local_day(report.end.at, zone))}"
        found |= dict.fromkeys((*report.flags, *report.reviews, *report.steps), words)
    return {row: words for row, words in found.items() if row not in standing}


def _flags(session: Session, page: BenchPage, now: datetime) -> dict[int, Any]:
    columns = (Flag.id, Flag.case_id, Flag.earlier, *(getattr(Flag, name) for name in SAID))
    rows = session.execute(select(*columns).where(Flag.id.in_(page.flags)))
    return {flag.id: flag for row in rows if (flag := flag_at(row, now)) is not None}


def _reviews_of(one: Allegation) -> set[int]:
    return {row for said in one.evidence if said.source == "O" for row in said.rows}


def _without(page: BenchPage, dead: dict[int, str]) -> tuple[BenchPage, tuple[str, ...]]:
    blocks = [(one, _why(dead, one.title, *one.evidence)) for one in page.alleged]
    kept: dict[str, tuple[Said, ...]] = {name: tuple(_lines(getattr(page, name), dead)) for name in LINES}
    gone = tuple(why for _, why in blocks if why)
    if not gone and all(kept[name] == getattr(page, name) for name in LINES):
        return page, ()
    # how many there were before, and of which kind, goes by what was alleged
    kept["before"] = (Said(text=READ_AGAIN), *kept["before"][1:])
    alleged = tuple(_cover(why) if why else one for one, why in blocks)
    others = [why for name in LINES for said in getattr(page, name) if (why := _why(dead, said))]
    return msgspec.structs.replace(page, alleged=alleged, **kept), gone or tuple(others)


def _lines(lines: Iterable[Said], dead: dict[int, str]) -> Iterator[Said]:
    for said in lines:
        why = _why(dead, said)
        yield Said(text=_words(why)) if why else said


def _why(dead: dict[int, str], *lines: Said) -> str:
    return next((dead[row] for said in lines for row in said.rows if row in dead), "")


def _words(why: str) -> str:
    return f"Not shown here: {why}"


def _cover(why: str) -> Allegation:
    return Allegation(title=Said(text=_words(why)), evidence=(), code="", response_class="")


def _of_reports(reports: Iterable[_Report], packet: Packet, page: BenchPage) -> Iterator[Change]:
    """What was said since of the reports that this packet tells of. It names none: what ended is told no more."""
    lines = [*(one.title for one in page.alleged), *(said for name in LINES for said in getattr(page, name))]
    rows = {row for said in lines for row in said.rows}
    for report in reports:
        if not rows & {*report.flags, *report.reviews, *report.steps}:
            continue
        for step in report.steps.values():
            if step.kind in SAYS and step.at > packet.known_at:
                yield Change(
                    how="WITHDRAWN" if step.kind == "WITHDRAWN" else "SAYS_OTHERWISE", what="Allegation",
                    then="alleged", now=SAYS[step.kind], on=local_day(step.at, page.heading.zone), known_at=step.at,
                    source="the court" if step.agency_id == packet.agency_id else "probation",
                )  # fmt: skip


def _of_corrections(shown: BenchPage, packet: Packet, flags: dict[int, Any]) -> Iterator[Change]:
    """What the record no longer says of allegations that stand until a person answers them (F8)."""
    for one in shown.alleged:
        for flag in (flags[row] for row in one.title.rows if row in flags):
            if flag.state == "WITHDRAWN" and flag.closed_at is not None and flag.closed_at > packet.known_at:
                yield Change(
                    how="WITHDRAWN", what="Allegation", then=one.title.text, now="", on=flag.first_on,
                    known_at=flag.closed_at, source="a correction",
                )  # fmt: skip
