"""The minutes: what was agreed about a case, as tasks of agencies with a day. No words, no author."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

import msgspec

from monitor.access.roles import KIND_OF, Role
from monitor.access.scoped_session import ScopedSession
from monitor.consultation.agenda import Agenda, shows
from monitor.consultation.keys import Content, Task, opened, sealed
from monitor.consultation.team import gone_on
from monitor.copies.case_keys import CaseKeys
from monitor.db import writing_for_others
from monitor.models import Agency, Consultation
from monitor.models.base import random_id

MOST: Final = 12
WRITERS: Final = frozenset({
    Role.OFFICER, Role.OFFICER_SUPERVISOR, Role.PROSECUTOR, Role.VICTIM_WITNESS, Role.LAW_ENFORCEMENT,
})  # fmt: skip


class Agreed(msgspec.Struct, frozen=True):
    """A task as the form says it."""

    entry: int
    kind: str
    owner: int
    due: date | None


def faults_of(session: ScopedSession, page: Agenda, agreed: Agreed, today: date) -> dict[str, str]:
    """By field, what is missing or cannot be; ``page``: what the reader sees, the entry on it."""
    faults = {}
    if not shows(agreed.kind, Role(session.scope.role)):
        faults["kind"] = "Choose what is to be done."
    elif not any(shows(agreed.kind, role) for role in _roles(session, agreed.owner)):
        faults["owner"] = "That office may not read what this task is about. Choose another one."
    if agreed.owner not in dict(page.owners):
        faults["owner"] = "Choose which office does it."
    last = gone_on(page.meets) if page.meets else today
    if agreed.due is None or not today <= agreed.due < last:
        faults["due"] = f"Give a day from today on, before {last:%B} {last.day}: then the list of this meeting is gone."
    return faults


def agree(session: ScopedSession, keys: CaseKeys, agreed: Agreed) -> bool:
    """Keep a task. False: the minutes of this case are full."""
    assert agreed.due is not None
    task = Task(random_id(), agreed.kind, agreed.owner, agreed.due.isoformat())

    def added(content: Content) -> Content | None:
        if len(content.tasks) >= MOST:
            return None
        return msgspec.structs.replace(content, tasks=(*content.tasks, task))

    return _change(session, keys, agreed.entry, added)


def mark(session: ScopedSession, keys: CaseKeys, entry: int, task: int, done_on: date | None) -> bool:
    """Done, or not done after all; by the office whose task it is."""
    done = done_on.isoformat() if done_on else ""

    def marked(content: Content) -> Content | None:
        mine = [one for one in content.tasks if one.id == task and one.agency == session.scope.agency_id]
        tasks = tuple(msgspec.structs.replace(one, done=done) if one in mine else one for one in content.tasks)
        return msgspec.structs.replace(content, tasks=tasks) if mine else None

    return _change(session, keys, entry, marked)


def take_back(session: ScopedSession, keys: CaseKeys, entry: int, task: int) -> bool:
    """The minutes were wrong: the task goes."""

    def without(content: Content) -> Content | None:
        tasks = tuple(one for one in content.tasks if one.id != task)
        return msgspec.structs.replace(content, tasks=tasks) if len(tasks) < len(content.tasks) else None

    return _change(session, keys, entry, without)


def _change(
    session: ScopedSession, keys: CaseKeys, entry: int, change: Callable[[Content], Content | None]
) -> bool:
    with writing_for_others(session, "the minutes of a case of the team's list, which the reader has on their page"):
        row = session.get(Consultation, entry, with_for_update=True)
        content = opened(keys, row.id, row.sealed) if row else None
        changed = change(content) if content else None
        if row is None or changed is None:
            return False
        row.sealed = sealed(keys, row.id, changed, row.purge_on)
    return True


def _roles(session: ScopedSession, agency: int) -> list[Role]:
    """Roles of the team that people of this agency may hold."""
    row = session.get(Agency, agency)
    return [role for role in WRITERS if row is not None and KIND_OF[role] == row.kind]
