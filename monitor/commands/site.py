"""`monitor site`: who takes part, from one file that the site keeps in its own hands."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.opening import open_database

FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.group("site")
def site_command() -> None:
    """Agencies, courts, programs and local policies: check a file, lay it, show what is on record."""


@site_command.command("check")
@FILE
def check(file: Path) -> None:
    """What laying FILE would add or change; nothing is kept. Exit 1 on any fault."""
    _lay(file, keep=False)


@site_command.command("lay")
@FILE
def lay_file(file: Path) -> None:
    """Add what FILE names and the record does not have yet, and change names. Nothing is taken away. A file is laid
    whole, or with any fault not at all; laid again it changes nothing."""
    _lay(file, keep=True)


@site_command.command("show")
def show() -> None:
    """What is on record, as such a file."""
    from monitor.site_file.printing import site_text

    with open_database() as (_settings, database), database.system("the site's file", writes=False) as session:
        click.echo(site_text(session))


def _lay(file: Path, *, keep: bool) -> None:
    from monitor.access.door import Door, record
    from monitor.clock import utc_now
    from monitor.compliance.evaluation import switched_on
    from monitor.site_file.laying import lay
    from monitor.site_file.shape import read_site_file

    asked = read_site_file(file)
    with open_database() as (settings, database), database.system("the site's file") as session:
        now = utc_now()
        with session.begin() as whole:
            steps = lay(session, asked, switched_on(*settings.own_packs()), now)
            faults = [one for one in steps if one.kind == "fault"]
            if faults or not keep or not steps:
                whole.rollback()
            else:
                kinds = [one.kind for one in steps]
                added, changed = kinds.count("new"), kinds.count("changed")
                record(session, Door(database, settings), "site.laid", None, now, added=added, changed=changed)
    for one in steps:
        click.echo(f"{one.kind}\t{one.words}", err=one.kind == "fault")
    if faults:
        raise click.ClickException("Nothing was laid: mend the file where it says fault.")
    click.echo(("Laid." if keep else "This is what laying it does.") if steps else "All of it is on record already.")
