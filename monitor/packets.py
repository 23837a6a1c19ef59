"""Packets: a bench page frozen as bytes for a hearing, with the spans behind it, anchored in the audit trail.

Taken by hand, or by the job that freezes dockets. The same instant evaluated and drawn again gives the same bytes,
whatever became known since; `compare` says whether it does. Nobody but the machine draws it again: a judge's session
does not see flags that were withdrawn meanwhile.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import polars as pl
from sqlalchemy.orm import Session

from monitor import audit, telling
from monitor.access.scope import trusted_sql
from monitor.bench_page.page import BenchPage
from monitor.bench_page.reading import bench_page
from monitor.compliance.ground import fingerprint
from monitor.compliance.replay import evaluate_as_known
from monitor.models import Hearing, Packet
from rules.pack_files import Packs

_ENCODER: Final = msgspec.json.Encoder(order="sorted")
SPAN: Final = ("key", "starts_at", "version")


class Verdict(msgspec.Struct, frozen=True):
    """Whether a packet drawn again is what was kept. ``ground``: the rules and policies are those of then."""

    whole: bool
    page: bool
    spans: bool
    ground: bool


def take(
    session: Session, hearing_id: int, now: datetime, packs: Packs, *, why: str = "HAND", by: int | None = None,
    freeze_key: str | None = None,
) -> Packet | None:
    """Keep the page of a hearing as known at ``now``; None: no such hearing for this session. Flushed only."""
    now = now.astimezone(UTC)  # as the record gives it back
    found = bench_page(session, hearing_id, now)
    hearing = session.get(Hearing, hearing_id)
    if found is None or hearing is None:
        return None
    with trusted_sql("the rules weigh the whole record; of each span its hash is kept, no row"):
        spans = text_of_spans(evaluate_as_known(session, packs, now, [hearing.case_id]))
    page = text_of_page(found)
    with trusted_sql("the ground of the rules and the head of the trail, about no case"):
        ground, (number, seal) = fingerprint(session, packs, now), audit.head(session)
    packet = Packet(
        case_id=hearing.case_id, agency_id=hearing.agency_id, hearing_id=hearing_id, known_at=now, why=why,
        freeze_key=freeze_key, taken_by_id=by, page=page, page_hash=_hash(page), spans=spans,
        spans_hash=_hash(spans), ground=ground, audit_number=number, audit_seal=seal,
    )  # fmt: skip
    session.add(packet)
    session.flush()
    with trusted_sql("the bench is told of the flags on the page"):
        telling.keep(
            session, telling.Reader(hearing.agency_id, "judge"),
            [telling.Telling("PACKET", found.flags, packet.id)], now,
        )  # fmt: skip
        session.flush()
    return packet


def compare(session: Session, packet: Packet, packs: Packs) -> Verdict:
    """Evaluate and draw the instant of a packet again, in a session of the machine."""
    page = bench_page(session, packet.hearing_id, packet.known_at)
    if page is not None:  # drawn by the software of now, in the look of then, which may have no title of its own
        kept = page_of(packet)
        heading = msgspec.structs.replace(page.heading, title=kept.heading.title)
        page = msgspec.structs.replace(page, form=kept.form, heading=heading)
    spans = evaluate_as_known(session, packs, packet.known_at, [packet.case_id])
    return Verdict(
        whole=_hash(packet.page) == packet.page_hash and _hash(packet.spans) == packet.spans_hash,
        page=page is not None and text_of_page(page) == packet.page,
        spans=text_of_spans(spans) == packet.spans,
        ground=fingerprint(session, packs, packet.known_at) == packet.ground,
    )


def page_of(packet: Packet) -> BenchPage:
    """The page as it was kept."""
    return msgspec.json.decode(packet.page, type=BenchPage)


def text_of_page(page: BenchPage) -> str:
    """Canonical JSON: keys in order, no spaces."""
    return _ENCODER.encode(page).decode()


def text_of_spans(spans: pl.DataFrame) -> str:
    """Key, beginning and content hash of every span, in order, as canonical JSON."""
    rows: list[tuple[Any, ...]] = sorted(spans.select(SPAN).iter_rows())
    return _ENCODER.encode(rows).decode()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
