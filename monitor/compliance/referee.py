"""The nightly check: every case evaluated in full must agree with what incremental runs have kept.

It reads one picture of the record at a time and corrects nothing itself: cases that differ are marked, counted, told
to the administrators, and evaluated like any news. Cases that wait for evaluation are left out: they may differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance.boundaries import NEVER, SWEEP
from monitor.compliance.desks import read_desks
from monitor.compliance.evaluation import Clock, Opening
from monitor.compliance.forgotten import answered_keys
from monitor.compliance.news import BATCH, spans_of
from monitor.compliance.spans import differences, read_kept
from monitor.compliance.unsettled import FLAGGED, read_flags, unsettled
from monitor.models import Case, Dirty, JobRun, Mark, Membership, Outbox
from monitor.outbox.notice import notice
from rules.pack_files import Packs


class Findings(msgspec.Struct):
    """What the nightly check compared, and what did not agree."""

    cases: int = 0
    cases_differing: int = 0
    spans_differing: int = 0
    flags_differing: int = 0
    cases_failed: int = 0
    unread: dict[str, int] = msgspec.field(default_factory=dict)  # what could not be read, of how many cases

    def add(self, batch: Batch) -> None:
        """Count one batch."""
        self.cases += batch.compared
        self.cases_failed += batch.failed
        self.cases_differing += len(batch.differing)
        self.spans_differing += sum(batch.spans.values())
        self.flags_differing += sum(batch.flags.values())
        for what, cases in batch.unread.items():
            self.unread[what] = self.unread.get(what, 0) + cases


class Batch(msgspec.Struct):
    """Some cases compared: the last id, and how many spans and flags differ in each case that does."""

    compared: int
    last: int
    spans: dict[int, int]
    flags: dict[int, int]
    failed: int
    unread: dict[str, int] = {}

    @property
    def differing(self) -> list[int]:
        """The cases that differ."""
        return sorted(self.spans.keys() | self.flags.keys())


def compare_all(reading: Opening, writing: Opening, packs: Packs, clock: Clock, run_key: str) -> Findings:
    """Compare batch by batch; mark the cases that differ and tell the administrators, in one transaction each."""
    findings, last = Findings(), 0
    while True:
        with reading() as session:
            batch = compare(session, packs, clock(), last)
        if batch is None:
            return findings
        last = batch.last
        findings.add(batch)
        with writing() as session:  # also renews a job's lease
            if batch.differing:
                session.add_all(Dirty(case_id=case) for case in batch.differing)
                tell(session, run_key, clock())


def compare(session: Session, packs: Packs, now: datetime, after: int = 0) -> Batch | None:
    """The next cases by id, beyond ``after``, evaluated and compared with what is kept; None at the end."""
    found = list(session.scalars(select(Case.id).where(Case.id > after).order_by(Case.id).limit(BATCH)))
    if not found:
        return None
    waiting = set(session.scalars(select(Dirty.case_id).where(Dirty.case_id.in_(found))))
    cases = [case for case in found if case not in waiting]
    if not cases:
        return Batch(0, found[-1], {}, {}, 0)
    said = spans_of(session, cases, packs, now)
    sound = [case for case in cases if case not in said.failed]
    kept = read_kept(session, sound)
    flags = flags_astray(session, sound, kept, now)
    return Batch(
        len(sound), found[-1], spans_astray(kept, said.spans), flags, len(said.failed), unread(said.spans, now)
    )


def unread(spans: pl.DataFrame, now: datetime) -> dict[str, int]:
    """How many cases each thing that could not be read keeps from being evaluated now: counts and reasons only."""
    held = spans.filter((pl.col("certainty") == "CANNOT_EVALUATE") & (pl.col("starts_at") <= now))
    held = held.filter(pl.col("ends_at").is_null() | (pl.col("ends_at") > now))
    what = pl.concat_str(pl.col("code"), pl.col("note").fill_null(""), separator=" ")
    return dict(held.group_by(what=what).agg(pl.col("person").n_unique()).sort("what").iter_rows())


def spans_astray(kept: pl.DataFrame, spans: pl.DataFrame) -> dict[int, int]:
    """How many places differ in each case: by the hash of what is said there, and by every column beside it."""
    places = pl.concat([frame.select("person", "key", "starts_at") for frame in differences(kept, spans)]).unique()
    return dict(places.group_by("person").len().iter_rows())


def flags_astray(session: Session, cases: Sequence[int], kept: pl.DataFrame, now: datetime) -> dict[int, int]:
    """How many flags in each case say neither what held when time was last swept nor what holds now.

    A flag left open, or not raised, is what nobody would notice. Bounds that passed since the sweep are no difference;
    an evaluation since then may have seen to some of them already.
    """
    swept = session.get(Mark, SWEEP)
    if swept is None or swept.at == NEVER:
        return {}
    flags, desks = read_flags(session, cases), read_desks(session, cases)
    then, today = (unsettled(kept, flags, desks, at) for at in (swept.at, max(now, swept.at)))
    astray = then.join(today, on="key", how="semi")
    without = astray.filter(pl.col("flag").is_null())["key"].to_list()
    begun = kept.filter((pl.col("starts_at") <= max(now, swept.at)) & pl.col("certainty").is_in(FLAGGED))
    astray = astray.filter(~pl.col("key").is_in(answered_keys(session, cases, begun, without)))
    return dict(astray.group_by("person").len().iter_rows())


def alarm_stands(session: Session) -> bool:
    """Whether the last night's check found a difference: what rests on flags is then not sent by itself."""
    nights = select(JobRun.totals).where(JobRun.job == "nightly_referee", JobRun.state == "DONE")
    totals = session.scalar(nights.order_by(JobRun.slot_at.desc()).limit(1))
    return bool(totals) and msgspec.json.decode(totals or "{}", type=Findings).cases_differing > 0


def tell(session: Session, run_key: str, now: datetime) -> None:
    """One notice a night to each administrator: a difference is a fault of the software, and a person must look."""
    for user in sorted(set(session.scalars(select(Membership.user_id).where(Membership.role == "administrator")))):
        key = f"referee:{run_key}:{user}"
        if session.scalar(select(Outbox.id).where(Outbox.key == key)) is None:
            session.add(notice(key, user, now))
