"""`monitor rules backtest`: two sets of packs on one history, of the record or of a folder of Parquet partitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import msgspec
import polars as pl

from monitor.commands.opening import open_database, progress
from rules import backtest_summary as summary
from rules.backtest import Comparison, backtest, together
from rules.pack_files import Packs
from rules.packs import load

Tables = dict[str, pl.DataFrame]
A_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
A_DAY = click.DateTime(["%Y-%m-%d"])
DID = {"newly": "newly flagged", "no_longer": "no longer flagged", "earlier": "earlier", "later": "later"}


@click.command("backtest")
@click.option("--from", "since", type=A_DAY, required=True, metavar="DATE", help="First day of the period.")
@click.option("--to", "until", type=A_DAY, required=True, metavar="DATE", help="Its last day.")
@click.option("--packs", "folder", type=A_FOLDER, required=True, help="The other packs, laid over today's.")
@click.option("--whole", is_flag=True, help="DIR is a whole set of its own: ours are not laid under it.")
@click.option("--facts", type=A_FOLDER, help="A folder of Parquet partitions in place of the record.")
@click.option("--case-numbers", is_flag=True, help="Name cases by their numbers; who is named is recorded.")
@click.option("--for-publication", is_flag=True, help="Counts only; no row about 1 to 10 people.")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@click.option("--csv", "out", type=click.Path(path_type=Path, file_okay=False), help="Write the tables into a folder.")
def backtest_command(
    since: datetime, until: datetime, folder: Path, whole: bool, facts: Path | None, case_numbers: bool,
    for_publication: bool, as_json: bool, out: Path | None,
) -> None:  # fmt: skip
    """What another set of packs would have flagged from one day to another, and for whom. Keeps nothing."""
    if case_numbers and (facts or for_publication):
        raise click.UsageError("--case-numbers goes with the record, and never with --for-publication.")
    if until < since:
        raise click.UsageError("--to is before --from.")
    ours, theirs = _both(folder, whole)
    period = (since.date(), until.date())
    names: Mapping[str, dict[int, str]] = {}
    if facts:
        found = _of_folder(facts, ours, theirs, *period)
    else:
        found, names = _of_record(ours, theirs, *period, named=case_numbers)
    tables = _tables(found, names, for_publication)
    if out:
        out.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.write_csv(out / f"{name}.csv")
    if as_json:
        rows = {name: summary.rows_of(table) for name, table in tables.items()}
        click.echo(msgspec.json.encode({"note": summary.CAVEAT, "could_not_evaluate": found.broken, **rows}).decode())
    else:
        click.echo("\n".join(_lines(found, tables, for_publication)))


def _both(folder: Path, whole: bool) -> tuple[Packs, Packs]:
    from monitor.config import load_settings

    own = load_settings().own_packs()
    theirs = load(folder, ours=False) if whole else load(*own, folder)
    if faults := [str(fault) for fault in theirs.faults if fault.fatal]:
        raise click.ClickException(f"A file left out would look like a difference. Mend first: {'; '.join(faults)}.")
    return load(*own), theirs


def _of_folder(facts: Path, ours: Packs, theirs: Packs, since: date, until: date) -> Comparison:
    from monitor.clock import utc_now
    from rules.partitions import partitions_of, read_partition

    say, now, found = progress(), utc_now(), []
    places = partitions_of(facts)
    if not places:
        raise click.ClickException(f"{facts} holds no partition: there is no orders.parquet in it or one folder below.")
    for number, place in enumerate(places):
        say(f"{number} of {len(places)} partitions compared")
        found.append(backtest(read_partition(facts, place), ours, theirs, since, until, now))
    return together(found)


def _of_record(
    ours: Packs, theirs: Packs, since: date, until: date, *, named: bool
) -> tuple[Comparison, Mapping[str, dict[int, str]]]:
    from monitor import audit
    from monitor.clock import utc_now
    from monitor.compliance import backtest as record

    now = utc_now()
    with open_database() as (settings, database):
        if named and not settings.secret_key:
            raise click.ClickException("Set MONITOR_SECRET_KEY first: who was named must be recorded.")
        with database.system("backtest of packs", writes=False) as session:
            found = record.backtest_record(session, ours, theirs, since, until, now, progress())
            people = found.differences.get_column("person").unique().sort().to_list()
            numbers = record.case_numbers(session, people) if named else {}
            names = {"court": record.court_codes(session), "case": numbers}
        if settings.secret_key:
            detail: dict[str, str | int | bool] = {"cases": len(people), "numbers": named}
            detail |= {"from": since.isoformat(), "to": until.isoformat()}
            act = audit.Act(
                event="rules.backtest", subjects=tuple(people) if named else (), detail=detail, component="command"
            )
            with database.system("backtest: the look is recorded") as session, session.begin():
                audit.append(session, act, audit.audit_key(settings.secret_key), now)
    return found, names


def _tables(found: Comparison, names: Mapping[str, dict[int, str]], for_publication: bool) -> Tables:
    by_court, weeks = summary.by_court_and_code(found.differences), summary.by_week(found.load)
    if for_publication:
        by_court = summary.for_publication(by_court, ("people",))
        weeks = summary.for_publication(weeks, ("ours", "theirs"), ("only_ours", "only_theirs"))
    courts = names.get("court", {})
    called = pl.col("court").replace_strict(courts, default=pl.col("court").cast(pl.String), return_dtype=pl.String)
    tables = {"courts": by_court.with_columns(court=called), "weeks": weeks}
    if for_publication:
        return tables
    told = found.differences.with_columns(court=called)
    if numbers := names.get("case"):
        told = told.with_columns(case=pl.col("person").replace_strict(numbers, default=None, return_dtype=pl.String))
    return {"differences": told, **tables}


def _lines(found: Comparison, tables: Tables, for_publication: bool) -> Iterator[str]:
    if "differences" in tables:
        for row in tables["differences"].iter_rows(named=True):
            yield _line(row)
    yield "By court and code" if tables["courts"].height else "No difference."
    for row in tables["courts"].iter_rows(named=True):
        yield f"  {row['court'] or '-'}  {row['code']}  {DID[row['change']]}: {row['people']} people"
    yield "People before the court, by week (today's packs, the others)"
    for row in tables["weeks"].iter_rows(named=True):
        no_day = row.get("theirs_without_a_day")
        yield f"  {row['week']}  {row['ours']}  {row['theirs']}" + (f", {no_day} without a day set" if no_day else "")
    if for_publication:
        yield f"Rows about 1 to {summary.SMALLEST - 1} people are left out."
        yield "So are weeks in which so few come or go: their two numbers side by side would tell."
    if any(found.broken):
        yield f"Could not be evaluated: {found.broken[0]} with today's packs, {found.broken[1]} with the others."
    yield summary.CAVEAT


def _line(row: dict[str, Any]) -> str:
    days = f" by {abs(row['days'])} days" if row["days"] else ""
    on = " to ".join(str(row[day]) for day in ("ours_on", "theirs_on") if row[day])
    who = f"case {row['case']}" if row.get("case") else f"order {row['order']}"
    return f"{who}  {row['code']}  {DID[row['change']]}{days}  {on}"
