"""The one table of commands: what each reads of the record, in whose place, and what the audit trail is told.

A command without an entry does not run, and a command whose entry says that it keeps off the record cannot open it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from monitor.access.matrix import Seen
from monitor.access.roles import Role


class CommandPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """``permission``: ``entity:act``. ``record``: opens the database. Whoever runs it has the machine's own rights.

    ``acts_as``: the role through whose scope it reads; None: the machine itself. ``fields_in``: options and arguments
    beyond ``--help``. ``shows``: classes of data about named people that it prints or writes. ``event``: its entry in
    the audit trail; ``own_entry``: the command writes it itself, with the rows concerned.
    """

    permission: str
    record: bool = True
    acts_as: Role | None = None
    fields_in: frozenset[str] = frozenset()
    shows: frozenset[Seen] = frozenset()
    event: str = ""
    own_entry: bool = False


def _off_record(permission: str, *fields_in: str) -> CommandPolicy:
    return CommandPolicy(permission=permission, record=False, fields_in=frozenset(fields_in))


def _on_record(
    permission: str, *fields_in: str, event: str = "", own_entry: bool = False, acts_as: Role | None = None,
    shows: Iterable[Seen] = (),
) -> CommandPolicy:  # fmt: skip
    return CommandPolicy(
        permission=permission, fields_in=frozenset(fields_in), event=event, own_entry=own_entry, acts_as=acts_as,
        shows=frozenset(shows),
    )  # fmt: skip


DOCKET = (Seen.IDENTITY, Seen.ORDER_TERMS, Seen.ATTENDANCE, Seen.CONTACT_NOTES, Seen.TESTS, Seen.HEARINGS)
SHEET = (Seen.IDENTITY, Seen.ATTENDANCE)
EVERYTHING = frozenset(Seen)
BY_ORDER = frozenset({"case", "court", "order", "why", "by"})

COMMANDS: Mapping[str, CommandPolicy] = {
    "audit verify": _on_record("audit:verify", "anchors"),
    "audit anchor": _on_record("audit:anchor"),
    "bench": _off_record("bench:run"),
    "cases seal": _on_record("case:seal", *BY_ORDER, event="case.sealed", own_entry=True),
    "cases expunge": _on_record("case:expunge", *BY_ORDER, event="case.expunged", own_entry=True),
    "cases due": _on_record("case:list_due", event="case.due_listed", shows=(Seen.IDENTITY,)),
    "cases unseal": _on_record("case:unseal", *(BY_ORDER - {"court"}), event="case.returned", own_entry=True),
    "db upgrade": _on_record("database:upgrade"),
    "db check": _on_record("database:check"),
    "db backup": _on_record("database:copy", "file", "new_case_keys", event="database.copied", shows=EVERYTHING),
    "db restore": _off_record("database:restore", "file"),
    "db settle": _on_record("database:settle", event="database.restored", own_entry=True),
    "db drill": _off_record("database:drill", "file"),
    "demo": _off_record("demo:run", "port", "people", "accounts", "no_serve", "folder"),
    "docket": _on_record(
        "docket:read", "court", "day", "pdf", "known_at", event="docket.read", own_entry=True, acts_as=Role.CLERK,
        shows=DOCKET,
    ),
    "evaluate": _on_record(
        "flag:evaluate", "full", "facts", "out", "engine", "processes", "as_of", "known_at", event="flag.evaluated"
    ),
    "health": _on_record("site:watch"),
    "import attendance": _on_record(
        "upload:create", "file", "program", "dry_run", "answers", "rows", "problems", "as_json",
        event="upload.imported", acts_as=Role.PROGRAM, shows=SHEET,
    ),
    "keys list": _on_record("key:list"),
    "keys add": _on_record("key:add", event="keys.added", own_entry=True),
    "keys rotate": _on_record("key:rotate", event="keys.rotated", own_entry=True),
    "keys retire": _on_record("key:retire", "version", "yes", event="keys.retired", own_entry=True),
    "machines add": _on_record(
        "machine:add", "name", "program", "days", event="machine.added", own_entry=True
    ),
    "machines list": _on_record("machine:list"),
    "machines revoke": _on_record("machine:revoke", "name", "program", event="machine.revoked", own_entry=True),
    "measures": _on_record("measure:read", "quarter", "draw_up", event="measure.drawn_up", own_entry=True),
    "replay": _on_record(
        "hearing:replay", "case", "court", "as_of", "known_at", "again", event="hearing.replayed", own_entry=True,
        acts_as=Role.CLERK, shows=DOCKET,
    ),
    "rules list": _off_record("rule:list", "pack", "language"),
    "rules show": _off_record("rule:read", "code", "pack", "language"),
    "rules lint": _off_record("rule:lint", "folder"),
    "rules check": _off_record("rule:check", "files", "packs_dir"),
    "rules backtest": _on_record(
        "rule:backtest", "since", "until", "folder", "whole", "facts", "case_numbers", "for_publication", "as_json",
        "out", event="rules.backtest", own_entry=True, shows=(Seen.IDENTITY, Seen.FLAGS),
    ),
    "serve": _off_record("site:serve", "with_jobs"),
    "site check": _on_record("site:check", "file"),
    "site lay": _on_record("site:lay", "file", event="site.laid", own_entry=True),
    "site show": _on_record("site:show"),
    "users add": _on_record(
        "user:add", "email", "name", "role", "agency", "zone", "ends_on", event="user.added", own_entry=True
    ),
    "users grant": _on_record(
        "user:grant", "email", "role", "agency", "by", "why", event="user.role_asked", own_entry=True
    ),
    "users release": _on_record("user:release", "email", event="user.released", own_entry=True),
    "users disable": _on_record("user:disable", "email", event="user.disabled", own_entry=True),
    "users reset": _on_record("user:reset", "email", "reopen", event="user.reset", own_entry=True),
    "work": _off_record("job:work"),
}  # fmt: skip


class CommandError(ValueError):
    """A command that has no entry, or that does what its entry does not say. It does not run."""


def policy_of_command(path: str) -> CommandPolicy:
    """The entry of a command as it is typed, without ``monitor``: "import attendance"."""
    if path not in COMMANDS:
        raise CommandError(f"`monitor {path}` has no entry in monitor/access/command_policy.py, so it does not run.")
    return COMMANDS[path]
