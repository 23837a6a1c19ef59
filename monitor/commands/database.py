"""`monitor db`: migrations, checks, copies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.commands.opening import open_database, progress

if TYPE_CHECKING:
    from monitor.config import Settings
    from monitor.copies.case_keys import CaseKeys

LEFT_OUT = "{} cases and sheets were left out: their keys are destroyed."


@click.group("db")
def db_command() -> None:
    """Migrate, check, back up, restore or drill the database."""


@db_command.command()
def upgrade() -> None:
    """Bring the tables to this version. Safe to run twice."""
    from sqlalchemy import make_url

    from monitor import schema

    with open_database(owner=True) as (settings, database):
        progress()("Tables")
        role = make_url(settings.database_url).username if settings.database_owner_url else None
        schema.upgrade(database, role=role or "")
        click.echo(f"The database is at revision {schema.current(database)}.")


@db_command.command()
def check() -> None:
    """Revision, tables against models, integrity, the audit chain, what cannot be on record; exit 1 on any fault."""
    from monitor.checks import check_database, check_record

    with open_database() as (settings, database):
        # of a database that is not sound the record is not asked
        faults = check_database(database, settings.secret_key) or check_record(database)
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise SystemExit(1)
    click.echo("The database is sound.")


@db_command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--new-case-keys", is_flag=True, help="The first copy by case: make the store of MONITOR_CASE_KEYS_FILE.")
def backup(file: Path, new_case_keys: bool) -> None:
    """An encrypted copy of the database, in use or not, in FILE, which must not exist; read back before it counts."""
    from monitor.clock import utc_now
    from monitor.copies.writing import write_copy

    with open_database() as (settings, database):
        keys = case_keys_of(settings, create=new_case_keys)
        done = write_copy(database, file, settings.secret_key, utc_now(), keys, progress())
    click.echo(f"Copied {done.rows} rows to {file}, encrypted, and read it back.")
    if not done.by_case:
        click.echo("A case that is expunged later stays in this copy: no MONITOR_CASE_KEYS_FILE is set.", err=True)


@db_command.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """Put the copy in FILE where MONITOR_DATABASE_URL points; refuses to overwrite."""
    from monitor.clock import utc_now
    from monitor.config import load_settings
    from monitor.copies.restoring import Target
    from monitor.copies.restoring import restore as put_back

    settings = load_settings()
    target = Target(settings.database_url, settings.database_owner_url)
    done = put_back(target, file, settings.secret_key, utc_now(), case_keys_of(settings), progress())
    click.echo(f"Restored {done.rows} rows as of {done.manifest.taken_at:%Y-%m-%d %H:%M} UTC. Everybody is signed out. "
               "Notices that were waiting are held back until an administrator looks at them.")  # fmt: skip
    if done.left_out:
        click.echo(LEFT_OUT.format(done.left_out))


@db_command.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def drill(file: Path) -> None:
    """Try the copy in FILE: put it back into a file that is thrown away, and check it; exit 1 on any fault."""
    from monitor.clock import utc_now
    from monitor.commands.audit import kept_anchors
    from monitor.config import load_settings
    from monitor.copies.drill import drill as try_copy

    settings = load_settings()
    tried = try_copy(file, settings.secret_key, utc_now(), case_keys_of(settings), kept_anchors(settings), progress())
    for fault in tried.faults:
        click.echo(fault, err=True)
    if tried.faults:
        raise SystemExit(1)
    came = tried.restored
    click.echo(f"The copy of {came.manifest.taken_at:%Y-%m-%d %H:%M} UTC would do: {came.rows} rows as copied, "
               "the trail fits, nobody is signed in, nothing leaves.")  # fmt: skip
    if came.left_out:
        click.echo(LEFT_OUT.format(came.left_out))


@db_command.command("settle")
def settle_command() -> None:
    """After a restore by PostgreSQL's own tools: sign everybody out, and hold back what was due to leave."""
    from monitor.clock import utc_now
    from monitor.copies.restoring import settle

    with open_database() as (settings, database):
        settle(database, settings.secret_key, utc_now())
    click.echo("Everybody is signed out. Notices that were waiting are held back until an administrator looks at them.")


def case_keys_of(settings: Settings, *, create: bool = False) -> CaseKeys | None:
    """The store of keys of cases; None where the site has none. ``create``: make it, as no command does unasked."""
    from monitor.copies.case_keys import CaseKeys

    if not settings.case_keys_file:
        return None
    return CaseKeys(Path(settings.case_keys_file), settings.secret_key, create=create)
