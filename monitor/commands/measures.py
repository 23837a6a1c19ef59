"""`monitor measures`: a quarter's measures as CSV; only what was published, or is published now."""

from __future__ import annotations

import click

from monitor.commands.opening import open_database


@click.command("measures")
@click.argument("quarter")
@click.option("--draw-up", is_flag=True, help="Count and publish it first, once; it stays as it is.")
def measures_command(quarter: str, draw_up: bool) -> None:
    """Print the measures of QUARTER, like 2026-Q3: aggregates alone, no case and no person."""
    from monitor.clock import utc_now
    from monitor.commands.quarter_report import publish_quarter, read_quarter
    from monitor.measures.quarters import quarter_of
    from monitor.measures.text import as_csv

    chosen = quarter_of(quarter)
    if chosen is None:
        raise click.ClickException("Give the quarter like 2026-Q3.")
    with open_database() as (settings, database):
        if draw_up and not publish_quarter(database, settings, chosen, utc_now()):
            raise click.ClickException(f"{quarter} cannot be drawn up: it is on record, or not over for 31 days.")
        found = read_quarter(database, chosen)
    if found is None:
        raise click.ClickException(f"{quarter} was not drawn up yet: run it with --draw-up.")
    click.echo(as_csv(found), nl=False)
