"""`monitor rules`: the rules in force, and checks of packs and scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from monitor.commands.backtest import backtest_command

if TYPE_CHECKING:
    from rules.pack_files import Packs

A_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group("rules")
def rules_command() -> None:
    """The rules in force with their citations; checks of packs and scenarios."""


IN_PACK = click.option("--pack", "pack", metavar="NAME", help="Only this pack, such as us_ca.")
LANGUAGE = click.option("--language", type=click.Choice(["en", "es"]), default="en", help="English or Spanish.")


@rules_command.command("list")
@IN_PACK
@LANGUAGE
def list_rules(pack: str | None, language: Literal["en", "es"]) -> None:
    """Every rule with its citations, a line each."""
    from monitor.commands.rule_pages import lines_of_list

    for line in lines_of_list(_packs(pack), pack, language):
        click.echo(line)


@rules_command.command()
@click.argument("code")
@IN_PACK
@LANGUAGE
def show(code: str, pack: str | None, language: Literal["en", "es"]) -> None:
    """One rule as a page to read aloud: CODE (every pack's) or its id, such as us_ca.absence_unexcused."""
    from monitor.clock import utc_now
    from monitor.commands.rule_pages import found, lines_of_code

    packs = _packs(pack)
    rules = found(packs, code, pack)
    if not rules:
        where = f" in {pack}" if pack else ""
        raise click.ClickException(f"No rule is called {code}{where}; `monitor rules list` has them all.")
    click.echo("\n".join(lines_of_code(packs, rules, utc_now().date(), language)))


def _packs(wanted: str | None) -> Packs:
    from monitor.config import load_settings
    from rules.packs import load

    packs = load(*load_settings().own_packs())
    if wanted is not None and wanted not in packs.packs:
        raise click.ClickException(f"There is no pack {wanted}; there are: {', '.join(sorted(packs.packs))}.")
    return packs


@rules_command.command()
@click.argument("folder", metavar="[DIR]", required=False, type=A_FOLDER)
def lint(folder: Path | None) -> None:
    """Check our packs, the site's own (MONITOR_PACKS_DIRS), and those in DIR laid over them. Exit 1 on any fault."""
    from monitor.clock import utc_now
    from monitor.config import load_settings
    from rules.lint import STALE
    from rules.packs import load

    folders = (*load_settings().own_packs(), *((folder,) if folder else ()))
    packs = load(*folders, stale_before=utc_now().date() - STALE)
    for fault in packs.faults:
        click.echo(f"{fault}" if fault.fatal else f"{fault} (allowed)")
    fatal = sum(fault.fatal for fault in packs.faults)
    click.echo(f"{len(packs.packs)} packs, {sum(map(len, packs.rules.values()))} rules, {fatal} faults")
    if fatal:
        raise SystemExit(1)


@rules_command.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--packs", "packs_dir", type=A_FOLDER)
def check(files: tuple[Path, ...], packs_dir: Path | None) -> None:
    """Run scenario FILES; one line a failing expectation, then the count. Exit 1 on any failure."""
    from rules.scenarios import check as scenarios

    result = scenarios.check(list(files), packs_dir)
    for line in result.lines():
        click.echo(line)
    if not result.ok:
        raise SystemExit(1)


rules_command.add_command(backtest_command)
