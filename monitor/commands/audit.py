"""`monitor audit verify`, `monitor audit anchor`."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.opening import open_database
from monitor.config import Settings, load_settings


@click.group("audit")
def audit_command() -> None:
    """Check the audit trail, and keep its newest seal outside the database."""


@audit_command.command()
@click.option(
    "--anchors", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Seals kept elsewhere; without it those of MONITOR_ANCHORS_FILE.",
)  # fmt: skip
def verify(anchors: Path | None) -> None:
    """Read the whole trail; exit 1 at the first break, or where entries wait too long for their seal."""
    from monitor import audit
    from monitor.clock import utc_now
    from monitor.trail.anchors import unsealed_too_long

    kept = _kept(anchors or _own_file(load_settings()))
    with open_database() as (settings, database), database.system("audit check", writes=False) as session:
        verdict = audit.verify(session, audit.audit_key(settings.secret_key), kept)
    if verdict.broken_at is not None:
        click.echo(f"The trail breaks at entry {verdict.broken_at}: {verdict.why}.", err=True)
        raise SystemExit(1)
    against = f"{len(kept)} anchors" if kept else "no anchor: a trail that was cut short would go unnoticed"
    whole = verdict.entries + verdict.unsealed
    click.echo(f"{whole} entries hold, held against {against}. Newest seal: {verdict.entries} {verdict.head}")
    if verdict.unsealed:
        click.echo(f"{verdict.unsealed} of them wait for their block: nothing would show that one was removed.")
    if late := unsealed_too_long(verdict, utc_now()):
        click.echo(late, err=True)
        raise SystemExit(1)


@audit_command.command()
def anchor() -> None:
    """Seal and read the whole trail, print the line that anchors it, and add it to MONITOR_ANCHORS_FILE if set."""
    from monitor.audit import audit_key
    from monitor.clock import utc_now
    from monitor.trail.anchors import TrailBroken, checked_line, keep
    from monitor.trail.blocks import seal_finished

    with open_database() as (settings, database):
        key, kept = audit_key(settings.secret_key), kept_anchors(settings)
        with database.system("audit anchor: seal first") as session, session.begin():
            seal_finished(session, key, utc_now())
        try:
            with database.system("audit anchor", writes=False) as session:
                line = checked_line(session, key, kept, utc_now())
        except TrailBroken as broken:
            raise click.ClickException(f"{broken} No anchor was written.") from None
        if settings.anchors_file:
            keep(Path(settings.anchors_file), line)
    click.echo(line)


def kept_anchors(settings: Settings) -> dict[int, str]:
    """The seals that this site keeps outside its database; none where it keeps none."""
    return _kept(_own_file(settings))


def _own_file(settings: Settings) -> Path | None:
    """The site's own file of anchors, once its first line is written."""
    file = Path(settings.anchors_file) if settings.anchors_file else None
    return file if file and file.exists() else None


def _kept(file: Path | None) -> dict[int, str]:
    from monitor.trail.anchors import AnchorError, anchors_of

    try:
        return anchors_of(file) if file else {}
    except AnchorError as error:
        raise click.ClickException(str(error)) from None
