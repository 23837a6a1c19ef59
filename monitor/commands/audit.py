"""`monitor audit verify`."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.opening import open_database


@click.group("audit")
def audit_command() -> None:
    """Check the audit trail."""


@audit_command.command()
@click.option("--anchors", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Seals kept elsewhere.")
def verify(anchors: Path | None) -> None:
    """Read the whole chain; exit 1 at the first break."""
    from monitor import audit

    kept = audit.read_anchors(anchors.read_text(encoding="utf-8").splitlines()) if anchors else {}
    with open_database() as (settings, database), database.system("audit check", writes=False) as session:
        verdict = audit.verify(session, audit.audit_key(settings.secret_key), kept)
    if verdict.broken_at is not None:
        click.echo(f"The chain breaks at entry {verdict.broken_at}: {verdict.why}.", err=True)
        raise SystemExit(1)
    click.echo(f"{verdict.entries} entries hold. Newest: {verdict.entries} {verdict.head}")
