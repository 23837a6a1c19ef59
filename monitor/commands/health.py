"""`monitor health`: what a person must look at, in sentences."""

from __future__ import annotations

import click

from monitor.commands.opening import open_database


@click.command("health")
def health_command() -> None:
    """Scheduler, disk, clock, audit trail, tables; exit 1 and a sentence for each that needs somebody."""
    from monitor.clock import utc_now
    from monitor.health import ready
    from monitor.watch import concerns

    with open_database() as (settings, database):
        found = concerns(database, settings, utc_now()) if ready(database) else ["Run `monitor db upgrade`."]
    for one in found:
        click.echo(one, err=True)
    if found:
        raise SystemExit(1)
    click.echo("All is well.")
