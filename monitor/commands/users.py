"""`monitor users`: accounts, and the first one on an empty installation."""

from __future__ import annotations

import click

from monitor.access.roles import Role
from monitor.commands.opening import open_database


@click.group("users")
def users_command() -> None:
    """Add, disable or reset accounts."""


@users_command.command()
@click.option("--email", required=True)
@click.option("--name", required=True, help="As colleagues know the person.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--agency", "agency", required=True, help="The code of the agency.")
def add(email: str, name: str, role: str, agency: str) -> None:
    """Add a personal account. The password is shown once; hand it over in person."""
    from monitor.clock import utc_now
    from monitor.users import AccountError, NewAccount, add_user

    new = NewAccount(email=email, name=name, role=Role(role), agency_code=agency)
    with open_database() as (settings, database), database.system("adding an account") as session:
        try:
            with session.begin():
                account = add_user(session, new, settings.secret_key, utc_now(), utc_now().date())
        except AccountError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{account.email}\n{account.password}\nAt the first sign-in they set up an authenticator app.")


@users_command.command()
@click.argument("email")
def disable(email: str) -> None:
    """End an account at once; its sessions stop at their next request."""
    from monitor.clock import utc_now
    from monitor.users import AccountError, disable_user

    with open_database() as (settings, database), database.system("disabling an account") as session:
        try:
            with session.begin():
                disable_user(session, email, settings.secret_key, utc_now())
        except AccountError as error:
            raise click.ClickException(str(error)) from None
    click.echo("Disabled.")


@users_command.command()
@click.argument("email")
def reset(email: str) -> None:
    """A new password and a new authenticator for somebody who lost theirs."""
    from monitor.clock import utc_now
    from monitor.users import AccountError, reset_user

    with open_database() as (settings, database), database.system("resetting an account") as session:
        try:
            with session.begin():
                account = reset_user(session, email, settings.secret_key, utc_now())
        except AccountError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{account.email}\n{account.password}")
