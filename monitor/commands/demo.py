"""`monitor demo`: a fictional county on this machine."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from monitor.commands.serve import listening, refuse_taken, run_together
from monitor.demo.opening import OpenCounty, open_county


@click.command("demo")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--people", default=120, show_default=True, type=click.IntRange(1, 1200), help="How many live there.")
@click.option("--accounts", type=click.Path(path_type=Path, dir_okay=False), help="Also write the sign-ins here.")
@click.option("--no-serve", is_flag=True, help="Build the county and stop.")
@click.option(
    "--folder", default=Path("monitor-demo"), show_default=True, type=click.Path(path_type=Path, file_okay=False)
)
def demo_command(port: int, people: int, accounts: Path | None, no_serve: bool, folder: Path) -> None:
    """Build today's demo county (invented people only) and run the web site and the scheduler on it."""
    from monitor.clock import utc_now

    if not no_serve:
        refuse_taken("127.0.0.1", port)
    county = open_county(folder, utc_now(), people=people, port=port, say=lambda text: click.echo(f"  {text}"))
    if accounts:
        shutil.copyfile(county.folder / "accounts.json", accounts)
    click.echo(_how_to_enter(county))
    if not no_serve:
        sys.stdout.flush()
        up = f"\nOpen {county.settings.base_url} now. Stop with Ctrl+C."
        environment = os.environ | _environment(county)
        sys.exit(run_together(["web", "jobs"], environment, lambda: listening("127.0.0.1", port), up))


def _environment(county: OpenCounty) -> dict[str, str]:
    settings = county.settings
    return {
        "MONITOR_DATABASE_URL": settings.database_url, "MONITOR_SECRET_KEY": settings.secret_key,
        "MONITOR_BASE_URL": settings.base_url, "MONITOR_PORT": str(settings.port), "MONITOR_HOST": settings.host,
        "MONITOR_DEMO": "true", "MONITOR_WAIVE_PASSKEYS": "true", "MONITOR_LOG_LEVEL": "warning",
        "MONITOR_LOCAL_LAW_FILE": settings.local_law_file,
        "MONITOR_ENTERING_AGENCIES": settings.entering_agencies,
        "MONITOR_CONSULTATION_FILE": settings.consultation_file,
        "MONITOR_CONSULTATION_KEYS_FILE": settings.consultation_keys_file,
    }  # fmt: skip


def _how_to_enter(county: OpenCounty) -> str:
    lines = [
        "", f"The demo county at {county.settings.base_url}", "",
        "Sign in with one of these; the demo's sign-in page shows the six-digit code.", "",
    ]  # fmt: skip
    lines += [f"  {one.role:<19}{one.email:<34}{one.password}" for one in county.accounts]
    lines += ["", "A sheet to upload as the program north.star@demo.example:"]
    lines += [f"  {sheet}" for sheet in county.sheets]
    return "\n".join([*lines, "", "Everybody and everything here is invented."])
