"""`monitor rules`: the rules in force, and checks of packs and scenarios."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("rules")
def rules_command() -> None:
    """The rules in force with their citations; checks of packs and scenarios."""


@rules_command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--packs", "packs_dir", type=click.Path(path_type=Path, exists=True, file_okay=False))
def check(files: tuple[Path, ...], packs_dir: Path | None) -> None:
    """Run scenario FILES; one line a failing expectation, then the count. Exit 1 on any failure."""
    from rules.scenarios import check as scenarios

    result = scenarios.check(list(files), packs_dir)
    for line in result.lines():
        click.echo(line)
    if not result.ok:
        raise SystemExit(1)
