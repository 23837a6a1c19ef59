"""`monitor rules`: the rules in force, and checks of packs and scenarios."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.commands.backtest import backtest_command

A_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group("rules")
def rules_command() -> None:
    """The rules in force with their citations; checks of packs and scenarios."""


@rules_command.command("list")
def list_rules() -> None:
    """Every rule with its citations, a line each."""
    from monitor.commands.rule_pages import lines_of_list
    from monitor.config import load_settings
    from rules.packs import load

    for line in lines_of_list(load(*load_settings().own_packs())):
        click.echo(line)


@rules_command.command()
@click.argument("code")
def show(code: str) -> None:
    """One rule in full: CODE (every pack's) or its id, such as us_ca.absence_unexcused."""
    from monitor.commands.rule_pages import found, lines_of_rule
    from monitor.config import load_settings
    from rules.packs import load

    packs = load(*load_settings().own_packs())
    rules = found(packs, code)
    if not rules:
        raise click.ClickException(f"No rule is called {code}; `monitor rules list` has them all.")
    click.echo("\n\n".join("\n".join(lines_of_rule(packs, rule)) for rule in rules))


@rules_command.command()
@click.argument("folder", metavar="[DIR]", required=False, type=A_FOLDER)
def lint(folder: Path | None) -> None:
    """Check our packs, and those in DIR laid over them; file, line and reason of each fault. Exit 1 on any."""
    from rules.packs import load

    packs = load(folder) if folder else load()
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
