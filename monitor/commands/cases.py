"""`monitor cases`: a case sealed, expunged or brought back by order of the court, by two people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from monitor.commands.database import case_keys_of
from monitor.commands.opening import open_database

WAITS = (
    "Asked. A privacy officer other than you approves it on the page Approvals within 72 hours;\n"
    "then run the same command again, and it is done."
)
UNREADABLE = (
    "Copies made before with the same MONITOR_CASE_KEYS_FILE can no longer be opened to it: its key is destroyed.\n"
    "Destroy older replicas of that file, and other copies (of the disk, of PostgreSQL's own tools) by your plan."
)
BACKUPS = (
    "Copies made before still hold it: destroy them, or keep them by your retention plan and repeat this after a\n"
    "restore. Papers already handed out are not ours to take back."
)


@click.group("cases")
def cases_command() -> None:
    """Seal or expunge a case by order of the court; each needs a second person."""


def _by_order(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--by", required=True, metavar="EMAIL", help="Who asks: a clerk or privacy officer."),
        # better typed when asked: a command line stands in the history of the shell and in the list of processes
        click.option("--why", prompt="Why", help="In your own words; kept sealed. Left out, it is asked for."),
        click.option("--order", prompt="The court's order (its reference)", metavar="REF",
                     help="The reference of the court's order; kept sealed. Left out, it is asked for."),
    ):
        command = option(command)
    return command


_court = click.option("--court", metavar="CODE", help="Whose case, where two courts have the same number.")


@cases_command.command()
@click.argument("case")
@_court
@_by_order
def seal(case: str, court: str | None, order: str, why: str, by: str) -> None:
    """Take CASE (its number) out of the record so that only an order brings it back."""
    _carry_out("SEAL", case, court, order, why, by)


@cases_command.command()
@click.argument("case")
@_court
@_by_order
def expunge(case: str, court: str | None, order: str, why: str, by: str) -> None:
    """Take CASE (its number, or the number of a sealed one) out of the record for good."""
    _carry_out("EXPUNGE", case, court, order, why, by)


@cases_command.command()
@click.argument("case", metavar="NUMBER")
@_by_order
def unseal(case: str, order: str, why: str, by: str) -> None:
    """Put a sealed case back; NUMBER was printed when it was sealed."""
    _carry_out("RETURN", case, None, order, why, by)


@cases_command.command()
def due() -> None:
    """Print the closed cases that are due to leave, by what each court has set in the file of local law."""
    from monitor.clock import utc_now
    from monitor.keeping.closed_cases import due_cases
    from monitor.local_law import local_law

    with open_database() as (settings, database), database.system("which closed cases are due") as session:
        law = local_law(settings.local_law_file)
        found = due_cases(session, law, utc_now().date())
    if not law.close:
        click.echo("No court has set when a closed case leaves: nothing is due. See docs/operate.md.")
        return
    for one in found:
        click.echo(f"{one.court:<12}{one.number:<24}closed {one.closed_on}  due since {one.due_on}  {one.citation}")
    click.echo(f"{len(found)} due. Each leaves by two people: monitor cases seal, or monitor cases expunge.")


def _carry_out(kind: str, case: str, court: str | None, order: str, why: str, by: str) -> None:
    from monitor.clock import utc_now
    from monitor.keeping.removals import RemovalError, Wanted, carry_out

    wanted = Wanted(kind=kind, case=case, court=court, order=order, why=why, by=by)
    with open_database() as (settings, database), database.system("a case leaves by order of the court") as session:
        try:
            with session.begin():
                keys = case_keys_of(settings)
                done = carry_out(session, wanted, settings.secret_key, utc_now(), keys)
        except RemovalError as error:
            raise click.ClickException(str(error)) from None
    if not done.removal:
        click.echo(WAITS)
        return
    for table, count in done.counts.items():
        click.echo(f"{table:<20}{count:>8,}")
    click.echo({"SEAL": f"Sealed as {done.removal}.", "EXPUNGE": "Expunged.", "RETURN": "Back on record."}[kind])
    if kind != "RETURN":
        click.echo(UNREADABLE if kind == "EXPUNGE" and settings.case_keys_file else BACKUPS)
