"""`monitor users`: accounts, and the first one on an empty installation."""

from __future__ import annotations

from datetime import datetime

import click

from monitor.access.roles import Role
from monitor.commands.opening import open_database


@click.group("users")
def users_command() -> None:
    """Add, disable, release or reset accounts."""


@users_command.command()
@click.option("--email", required=True)
@click.option("--name", required=True, help="As colleagues know the person.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--agency", "agency", required=True, help="The code of the agency.")
@click.option("--zone", default="UTC", help="Time zone of the first administrator's agency (IANA name).")
@click.option("--ends-on", type=click.DateTime(["%Y-%m-%d"]), help="First day without the account (temporary staff).")
def add(email: str, name: str, role: str, agency: str, zone: str, ends_on: datetime | None) -> None:
    """Add a personal account. The password is shown once, works for 24 hours; hand it over in person.

    The first administrator on an empty installation brings the agency along.
    """
    from monitor.clock import utc_now
    from monitor.users import AccountError, NewAccount, add_first_agency, add_user

    last = ends_on.date() if ends_on else None
    new = NewAccount(email=email, name=name, role=Role(role), agency_code=agency, ends_on=last)
    with open_database() as (settings, database), database.system("adding an account") as session:
        try:
            with session.begin():
                if new.role is Role.ADMINISTRATOR:
                    add_first_agency(session, agency, zone)
                now, profile = utc_now(), settings.password_profile
                account = add_user(session, new, settings.secret_key, now, now.date(), profile)
        except AccountError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{account.email}\n{account.password}")
    click.echo("It works for 24 hours. At the first sign-in they choose a password and set up an authenticator app;")
    click.echo("an administrator also a passkey.")


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
@click.option("--reopen", is_flag=True, help="Also open the account again, if it was disabled.")
def reset(email: str, reopen: bool) -> None:
    """A new password and a new authenticator for somebody who lost theirs."""
    from monitor.clock import utc_now
    from monitor.users import AccountError, reset_user

    with open_database() as (settings, database), database.system("resetting an account") as session:
        try:
            with session.begin():
                now, profile = utc_now(), settings.password_profile
                account = reset_user(session, email, settings.secret_key, now, profile, reopen=reopen)
        except AccountError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{account.email}\n{account.password}")


@users_command.command()
@click.argument("email")
def release(email: str) -> None:
    """Open an account that too many wrong tries have locked."""
    from monitor.clock import utc_now
    from monitor.users import AccountError, release_user

    with open_database() as (settings, database), database.system("releasing an account") as session:
        try:
            with session.begin():
                release_user(session, email, settings.secret_key, utc_now())
        except AccountError as error:
            raise click.ClickException(str(error)) from None
    click.echo("Released.")


@users_command.command()
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--agency", required=True, help="The code of the agency.")
@click.option("--by", required=True, metavar="EMAIL", help="Who asks: an administrator.")
@click.option("--why", prompt="Why", help="A few words for whoever decides; kept sealed. Left out, it is asked for.")
def grant(email: str, role: str, agency: str, by: str, why: str) -> None:
    """Ask for one more role for somebody; it is theirs once a second person agrees on the screen."""
    from monitor.clock import utc_now
    from monitor.role_grants import Wanted, ask_in_words
    from monitor.users import AccountError

    wanted = Wanted(email=email, role=Role(role), agency_code=agency, why=why)
    with open_database() as (settings, database), database.system("asking for a role") as session:
        try:
            with session.begin():
                ask_in_words(session, by, wanted, settings.secret_key, utc_now())
        except AccountError as error:
            raise click.ClickException(str(error)) from None
    click.echo("Asked. It waits for another administrator or a privacy officer, on the page Second person.")
