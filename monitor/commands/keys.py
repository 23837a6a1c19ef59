"""`monitor keys`: another key for what is sealed, and the end of an old one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

from monitor.commands.opening import open_database, progress
from monitor.config import Settings
from monitor.db import Database
from monitor.site_keys import KeyRingError, Ring


@click.group("keys")
def keys_command() -> None:
    """Change the keys of sealed values: add, restart, rotate, restart, retire."""


@keys_command.command("list")
def list_keys() -> None:
    """Versions of the keys and how many values each seals; never the keys."""
    from monitor.keeping.resealing import versions_in_use
    from monitor.site_keys import read_ring

    with open_database() as (settings, database):
        ring = read_ring(settings.secret_key)
        with database.system("keys: what each version seals", writes=False) as session:
            used = versions_in_use(session)
    for version in sorted({*ring.secrets, *used}):
        does = "seals" if version == ring.current else "opens" if version in ring.secrets else "is gone"
        click.echo(f"version {version} {does}: {used.get(version, 0)} values")


@keys_command.command()
def add() -> None:
    """Draw a new key that opens and does not seal yet. Restart every process before `rotate`."""
    from monitor.site_keys import add_version, read_ring, write_ring

    file = _key_file()
    with open_database() as (settings, database):
        ring = add_version(read_ring(settings.secret_key))
        write_ring(ring, file)
        _record(settings, database, "keys.added", {"version": max(ring.secrets)})
    click.echo(f"Version {max(ring.secrets)} is in {file.name}. Copy the file, restart every process, then "
               "`monitor keys rotate`.")  # fmt: skip


@keys_command.command()
def rotate() -> None:
    """Seal with the newest key, and move what older ones seal. Stopped in the middle, run it again."""
    from monitor.copies.case_keys import CaseKeys
    from monitor.copies.passing_rows import keys_of
    from monitor.keeping.resealing import reseal
    from monitor.site_keys import as_text, read_ring, use_newest, write_ring

    file = _key_file()
    with open_database() as (settings, database):
        ring = read_ring(settings.secret_key)
        if max(ring.secrets) != ring.current:
            ring = use_newest(ring)
        # looked for before anything moves: what is left behind would not open once the old key is retired
        store = CaseKeys(Path(settings.case_keys_file), as_text(ring)) if settings.case_keys_file else None
        write_ring(ring, file)
        say = progress()
        moved = reseal(database, as_text(ring), lambda number: say(f"{number} values"))
        if store:
            moved["case keys"] = store.rewrap()
        for file_of in (settings.callback_keys_file, settings.consultation_keys_file):
            if calls := keys_of(file_of, as_text(ring)):
                calls.rewrap()  # not counted: how many there are is nobody's to know (safeguard C5)
        _record(settings, database, "keys.rotated", {"version": ring.current, "moved": sum(moved.values())})
    click.echo(f"Version {ring.current} seals all values; {sum(moved.values())} were moved. Restart every process.")


@keys_command.command()
@click.argument("version", type=int)
@click.option("--yes", is_flag=True, help="Do not ask.")
def retire(version: int, yes: bool) -> None:
    """Destroy the key VERSION. Copies of the database that it seals can never be opened again."""
    from monitor.copies.case_keys import CaseKeys
    from monitor.copies.passing_rows import keys_of
    from monitor.keeping.resealing import versions_in_use
    from monitor.site_keys import read_ring, without, write_ring

    file = _key_file()
    with open_database() as (settings, database):
        ring = without(read_ring(settings.secret_key), version)
        with database.system("keys: is the old one still needed?", writes=False) as session:
            if left := versions_in_use(session).get(version):
                raise KeyRingError(f"{left} values are still sealed with version {version}: run `monitor keys rotate`.")
        if settings.case_keys_file and CaseKeys(Path(settings.case_keys_file), settings.secret_key).rewrap():
            click.echo("The store of case keys was moved to the newest version, too.")
        for file_of in (settings.callback_keys_file, settings.consultation_keys_file):
            if calls := keys_of(file_of, settings.secret_key):
                calls.rewrap()
        if not yes:
            click.confirm("Copies that this key sealed will never open again. Destroy it?", abort=True)
        write_ring(ring, file)
        _record(settings, database, "keys.retired", {"version": version})
    _say_left(ring, version)


def _say_left(ring: Ring, version: int) -> None:
    left = " ".join(str(one) for one in sorted(ring.secrets))
    click.echo(f"Version {version} is destroyed here; {left} left. Destroy copies of the old key file, too.")


def _key_file() -> Path:
    file = os.environ.get("MONITOR_SECRET_KEY_FILE")
    if file and "MONITOR_SECRET_KEY" not in os.environ:
        return Path(file)
    raise KeyRingError("Keys change in a file: put the secret into one, and its name into MONITOR_SECRET_KEY_FILE.")


def _record(settings: Settings, database: Database, event: str, detail: Mapping[str, int]) -> None:
    from monitor import audit
    from monitor.clock import utc_now

    act = audit.Act(event=event, component="command", detail=dict(detail))
    with database.system("a change of keys is recorded") as session, session.begin():
        audit.append(session, act, audit.audit_key(settings.secret_key), utc_now())
