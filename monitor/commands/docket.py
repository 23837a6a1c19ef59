"""`monitor docket`: a court's list of one day as text, or as a tagged PDF, as the clerk of that court sees it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from monitor.commands.moments import instant_of
from monitor.commands.opening import open_database


@click.command("docket")
@click.argument("court")
@click.argument("day", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--pdf", "pdf", type=click.Path(path_type=Path, dir_okay=False), help="Write a tagged PDF instead.")
@click.option("--known-at", help="As the court knew it then: an instant with its zone, 2026-11-20T08:00:00-08:00.")
def docket_command(court: str, day: datetime, pdf: Path | None, known_at: str | None) -> None:
    """Print the docket of COURT (its code) on DATE. Reviewed flags only, as on the screen; the look is recorded."""
    from monitor.clock import utc_now
    from monitor.commands.court_day import read_docket

    now = utc_now()
    then = instant_of(known_at) or now
    with open_database() as (settings, database):
        found = read_docket(database, settings.secret_key, court, day.date(), then, now)
    if found is None:
        raise click.ClickException(f"No court has the code {court}.")
    if pdf:
        from monitor.documents import docket_pdf

        pdf.write_bytes(docket_pdf(found, then, "command line"))
        click.echo(f"Written to {pdf}.")
    else:
        from monitor.docket import docket_text

        click.echo(docket_text(found), nl=False)
