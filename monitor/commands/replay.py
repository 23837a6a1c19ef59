"""`monitor replay`: what a court knew of a case then and what became known since, as its clerk sees it."""

from __future__ import annotations

import click

from monitor.commands.moments import day_of, instant_of
from monitor.commands.opening import open_database


@click.command("replay")
@click.argument("case")
@click.option("--court", metavar="CODE", help="Whose case, where two courts have the same number.")
@click.option("--as-of", metavar="DATE", help="About the days up to this one.")
@click.option("--known-at", metavar="INSTANT", help="What was known then: 2026-11-20T08:00:00-08:00.")
@click.option("--packets", "again", is_flag=True, help="Draw every kept bench page again; exit 1 if one differs.")
def replay_command(case: str, court: str | None, as_of: str | None, known_at: str | None, again: bool) -> None:
    """Print what the court knew of CASE (its number) at an instant, and what changed since.

    Without --known-at: when the case was last heard. Facts only, as on the bench; the look is recorded.
    """
    from monitor.clock import utc_now
    from monitor.commands.case_replay import Question, compare_packets, read_replay
    from monitor.compliance.evaluation import switched_on

    asked = Question(case, court, instant_of(known_at), day_of(as_of))
    with open_database() as (settings, database):
        packs = switched_on(*settings.own_packs())
        if again:
            lines, sound = compare_packets(database, asked, packs)
        else:
            lines, sound = read_replay(database, settings.secret_key, asked, packs, utc_now()), True
    click.echo("\n".join(lines))
    if not sound:
        raise click.ClickException("A packet drawn again differs from what was kept.")
