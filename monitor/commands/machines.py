"""`monitor machines`: accounts for a program's own software, which brings sheets in and does nothing else."""

from __future__ import annotations

import click

from monitor.access.machines import DAYS
from monitor.commands.opening import open_database


@click.group("machines")
def machines_command() -> None:
    """Machines of programs: add, list, revoke."""


@machines_command.command()
@click.argument("name")
@click.option("--program", required=True, help="The code of the program, or of the dispatch or police agency.")
@click.option("--days", type=click.Choice([str(days) for days in DAYS]), default="180", help="How long it works.")
def add(name: str, program: str, days: str) -> None:
    """Add a machine called NAME (ehr-north). Its secret is shown once, on the second line."""
    from monitor.access.door import Door, record
    from monitor.access.machines import MachineError, NewMachine, add_machine
    from monitor.clock import utc_now

    with open_database() as (settings, database), database.system("adding a machine") as session:
        now = utc_now()
        try:
            with session.begin():
                made = add_machine(session, NewMachine(name, program, int(days)), settings.secret_key, now)
                door = Door(database, settings)
                record(session, door, "machine.added", None, now, subjects=(made.machine_id,), called=made.name)
        except MachineError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{made.name}\n{made.secret}")
    click.echo(f"It works until {made.expires_at:%Y-%m-%d %H:%M} UTC and cannot be shown again.")


@machines_command.command("list")
def list_machines() -> None:
    """All machines, a line each: name, program, state, when it ends, when it was used last."""
    from monitor.access.machines import machines
    from monitor.clock import utc_now

    with open_database() as (_settings, database), database.system("machines", writes=False) as session:
        for line in machines(session, utc_now()):
            used = f"{line.used_at:%Y-%m-%d %H:%M}" if line.used_at else "never used"
            click.echo(f"{line.name}\t{line.program}\t{line.state}\t{line.expires_at:%Y-%m-%d}\t{used}")


@machines_command.command()
@click.argument("name")
@click.option("--program", required=True, help="The code of the program, or of the dispatch or police agency.")
def revoke(name: str, program: str) -> None:
    """End a machine: its next request is refused."""
    from monitor.access.door import Door, record
    from monitor.access.machines import revoke_machine
    from monitor.clock import utc_now

    with open_database() as (settings, database), database.system("ending a machine") as session, session.begin():
        now = utc_now()
        found = revoke_machine(session, name, now, program)
        if found is None:
            raise click.ClickException(f"Program {program} has no machine {name} that works.")
        record(session, Door(database, settings), "machine.revoked", None, now, subjects=(found,))
    click.echo("Revoked.")
