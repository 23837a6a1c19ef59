"""`monitor evaluate`: what is due, against the rules."""

from __future__ import annotations

import click
import msgspec

from monitor.commands.opening import open_database, progress


@click.command("evaluate")
@click.option("--full", is_flag=True, help="All cases, not only those with news.")
def evaluate_command(full: bool) -> None:
    """Evaluate cases, sweep the bounds that have passed, and print counts as JSON."""
    from monitor.clock import utc_now
    from monitor.compliance import evaluation

    say = progress()
    with open_database() as (settings, database):
        packs = evaluation.switched_on(*settings.own_packs())
        totals = evaluation.evaluate_now(database, packs, utc_now(), full=full, say=say)
    click.echo(msgspec.json.encode(totals).decode())
