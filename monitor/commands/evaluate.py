"""`monitor evaluate`: what is due, against the rules; or a folder of Parquet partitions, without a database."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click
import msgspec

from monitor.commands.moments import day_of, instant_of
from monitor.commands.opening import open_database, progress

A_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command("evaluate")
@click.option("--full", is_flag=True, help="All cases, not only those with news.")
@click.option("--facts", type=A_FOLDER, help="Evaluate the Parquet partitions in this folder; no database is opened.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where spans go: a new or empty folder.")
@click.option("--engine", type=click.Choice(["polars"]), help="With --facts: what evaluates (there is one so far).")
@click.option("--processes", type=click.IntRange(1, 64), help="With --facts: partitions side by side (default: 1).")
@click.option("--as-of", metavar="DATE", help="What holds at the end of that day.")
@click.option("--known-at", metavar="INSTANT", help="Only what was on record then (default: now).")
def evaluate_command(
    full: bool, facts: Path | None, out: Path | None, engine: str | None, processes: int | None, as_of: str | None,
    known_at: str | None,
) -> None:  # fmt: skip
    """Evaluate cases, sweep the bounds that have passed, and print counts as JSON.

    With --as-of or --known-at it looks back: it counts the flags of that day or record, and keeps nothing.
    """
    if facts is None:
        if out or engine or processes or (full and (as_of or known_at)):
            raise click.UsageError(
                "--out, --engine and --processes go with --facts; --full keeps what it finds, so it takes no date."
            )
        if as_of or known_at:
            return _look_back(day_of(as_of), instant_of(known_at))
        return _evaluate_record(full)
    if out is None or full:
        raise click.UsageError("--facts needs --out, and is always in full.")
    _evaluate_folder(facts, out, engine or "polars", processes or 1, day_of(as_of), instant_of(known_at))


def _evaluate_record(full: bool) -> None:
    from monitor.clock import utc_now
    from monitor.compliance import evaluation

    say = progress()
    with open_database() as (settings, database):
        packs = evaluation.switched_on(*settings.own_packs())
        totals = evaluation.evaluate_now(
            database, packs, utc_now(), full=full, say=say, site_secret=settings.secret_key
        )
    click.echo(msgspec.json.encode(totals).decode())


def _look_back(as_of: date | None, known_at: datetime | None) -> None:
    from monitor.clock import end_of_day, utc_now
    from monitor.compliance import evaluation, replay
    from monitor.courts import zones_in_use

    with open_database() as (settings, database), database.system("looking back", writes=False) as session:
        packs = evaluation.switched_on(*settings.own_packs())
        known = known_at or utc_now()
        at = end_of_day(as_of, zones_in_use(session)[0]) if as_of else known
        counts = replay.count_flags(session, packs, at, known)
    click.echo(msgspec.json.encode(counts).decode())


def _evaluate_folder(
    facts: Path, out: Path, engine: str, processes: int, as_of: date | None, known_at: datetime | None
) -> None:
    from monitor.side_by_side import ChildDiedError, among, keep_memory

    keep_memory()
    from monitor.clock import utc_now
    from monitor.config import load_settings
    from rules import packs
    from rules.folder import Run, evaluate_folder
    from rules.partitions import partitions_of

    if not partitions_of(facts):
        raise click.ClickException(f"{facts} holds no partition: there is no orders.parquet in it or one folder below.")
    if out.exists() and any(out.iterdir()):
        raise click.ClickException(f"{out} is not empty; choose a new folder for the spans.")
    switched_on = packs.load(*load_settings().own_packs())
    run = Run(facts, out, switched_on, known_at or utc_now(), as_of, engine)
    try:
        counts = evaluate_folder(run, progress(), among(processes))
    except ChildDiedError as died:
        raise click.ClickException(str(died)) from died
    click.echo(msgspec.json.encode(counts).decode())
    odd = [f"{file}: no kind of fact that is known, or no orders beside it" for file in counts.unread]
    if counts.unreadable or odd:
        left_out = "; ".join([*counts.unreadable, *odd])
        raise click.ClickException(f"These could not be read and were left out: {left_out}.")
