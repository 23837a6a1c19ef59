"""Then and now for the command line: read as the clerk of that court would, as text, and recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import click
import msgspec
from sqlalchemy import select

from monitor import audit
from monitor.access.roles import Role
from monitor.access.scope import Scope
from monitor.commands.court_day import NOBODY
from monitor.db import Database
from monitor.models import Case, Court, Packet
from monitor.packets import compare
from monitor.replay_page.page import Replay
from monitor.replay_page.reading import Asked, replay
from monitor.wording import moment, short_day
from rules.pack_files import Packs


class Question(msgspec.Struct, frozen=True):
    """A case by its number, and the moment."""

    number: str
    court: str | None
    known_at: datetime | None
    as_of: date | None


def read_replay(database: Database, site_secret: str, asked: Question, packs: Packs, now: datetime) -> list[str]:
    """The look back as lines. Raises a `click.ClickException` where the case is not there or not the only one."""
    case = _case(database, asked)
    with database.scoped(Scope(NOBODY, Role.CLERK, case.agency_id)) as session:
        when = Asked(known_at=asked.known_at, as_of=asked.as_of)
        found = replay(session, case.person_id, now, when, packs, case.id)
    if found is None:
        raise click.ClickException(f"The court no longer shares case {asked.number}.")
    if site_secret:
        act = audit.Act(
            event="hearing.replayed", agency_id=case.agency_id, subjects=(case.id,), component="command"
        )  # fmt: skip
        with database.system("replay: the look is recorded") as trail, trail.begin():
            audit.append(trail, act, audit.audit_key(site_secret), now)
    return list(_lines(found))


def compare_packets(database: Database, asked: Question, packs: Packs) -> tuple[list[str], bool]:
    """Every packet of the case drawn again: a line each, and whether all are what was kept."""
    case = _case(database, asked)
    lines, sound = [], True
    with database.system("packets drawn again", writes=False) as session:
        for packet in session.scalars(select(Packet).where(Packet.case_id == case.id).order_by(Packet.known_at)):
            verdict = compare(session, packet, packs)
            same = verdict.whole and verdict.page and verdict.spans
            sound &= same
            rules = "" if verdict.ground else "; the rules or local policies are others now"
            word = "same bytes" if same else "DIFFERS"
            lines.append(f"{moment(packet.known_at, case.zone)}  {word}  {packet.page_hash[:16]}{rules}")
    return lines or ["No packet is kept for this case."], sound


def _case(database: Database, asked: Question) -> Any:
    with database.system("replay: which case a number names", writes=False) as session:
        columns = select(Case.id, Case.person_id, Case.agency_id, Court.code, Court.zone)
        found = columns.join(Court, Court.id == Case.court_id).where(Case.number == asked.number)
        rows = [row for row in session.execute(found) if asked.court in (None, row.code)]
    if not rows:
        raise click.ClickException(f"No case has the number {asked.number}.")
    if len(rows) > 1:
        courts = ", ".join(sorted(row.code for row in rows))
        raise click.ClickException(f"Several courts have {asked.number}: add --court with one of {courts}.")
    return rows[0]


def _lines(found: Replay) -> Iterator[str]:
    zone = found.heading.zone
    yield f"{found.heading.number}  {found.heading.name}"
    yield f"Known until {moment(found.known_at, zone)}{f' ({found.chosen})' if found.chosen else ''}, and now."
    yield ""
    if found.nothing_changed:
        yield "Nothing has changed since."
    yield from found.headlines
    for one in found.changes:
        by = f", by {one.source}" if one.source else ""
        yield (
            f"  {short_day(one.on)}  {one.what}: {one.then or 'nothing'} -> {one.now or 'nothing'}  "
            f"({one.how_words.lower()}{by}; known {moment(one.known_at, zone)})"
        )
    yield ""
    for duty in found.duties:
        views = (("then", duty.then), ("now, about then", duty.about_then), ("today", duty.today))
        yield duty.title
        for name, line in views:
            word = (line.status.replace("_", " ") or line.instead) if line else "not on record"
            facts = f"; {'; '.join(line.facts)}" if line and line.facts else ""
            yield f"  {name}: {word}{facts}"
