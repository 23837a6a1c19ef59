"""`monitor bench`: the benchmarks of the source tree, each in a process of its own; and people to measure on."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import click

from monitor.commands.opening import progress

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "benchmarks"
PEOPLE_OF_A_PARTITION = 20_000


class Benchmarks(click.Group):
    """`generate`, and a command for each benchmark there is."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["generate", *benchmarks()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "generate":
            return generate
        there = _there()
        if cmd_name not in there:
            raise click.ClickException(f"There is no benchmark {cmd_name}; there are {', '.join(there)}.")
        return click.Command(cmd_name, callback=partial(_run, cmd_name), help="Measure this.")


@click.command("bench", cls=Benchmarks, chain=True, invoke_without_command=True, subcommand_metavar="[NAME]...")
@click.pass_context
def bench_command(ctx: click.Context) -> None:
    """Measure NAME, or everything; one JSON object a line on standard output."""
    if ctx.invoked_subcommand is None:
        _tell([_run(name) for name in _there()])


@bench_command.result_callback()
def _tell(failed: list[str | None]) -> None:
    if names := [name for name in failed if name]:
        raise click.ClickException(f"These did not finish: {', '.join(names)}.")


def benchmarks() -> list[str]:
    """Names of the benchmarks: modules that can be run by themselves."""
    return sorted(
        path.stem
        for path in FOLDER.glob("*.py")
        if not path.name.startswith("test_") and 'if __name__ == "__main__":' in path.read_text(encoding="utf-8")
    )


def _there() -> list[str]:
    there = benchmarks()
    if not there:
        raise click.ClickException("Benchmarks come with the source, not with an installed copy.")
    return there


def _run(name: str) -> str | None:
    """Its name if it did not finish."""
    progress()(name)
    done = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], cwd=ROOT, check=False)
    return name if done.returncode else None


@click.command("generate")
@click.option("--people", required=True, type=click.IntRange(1), help="How many people to invent.")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="A new or empty folder.")
@click.option("--partitions", type=click.IntRange(1, 10_000), help="Into how many parts; default: 20,000 people each.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, other people.")
@click.option("--packs", default="us_ca,us_ga", show_default=True, help="Jurisdictions, with commas between.")
def generate(people: int, out: Path, partitions: int | None, seed: int, packs: str) -> None:
    """Invent people with 14 months of facts, as a folder of Parquet partitions for `monitor evaluate --facts`."""
    from rules import packs as pack_files
    from rules.partitions import name_of, write_partition, write_shared
    from rules.population import Recipe, population

    named = tuple(packs.split(","))
    if unknown := sorted(set(named) - pack_files.load().rules.keys()):
        raise click.ClickException(f"There is no pack {', '.join(unknown)}; `monitor rules list` has them all.")
    if out.exists() and any(out.iterdir()):
        raise click.ClickException(f"{out} is not empty; choose a new folder.")
    recipe, say = Recipe(people=people, seed=seed, packs=named), progress()
    count = partitions or -(-people // PEOPLE_OF_A_PARTITION)
    rows = 0
    for number in range(count):
        say(f"{number} of {count} partitions, {rows:,} facts")
        facts = population(recipe, number, count)
        write_partition(out / name_of(number), facts, sort=False)
        rows += sum(frame.height for name, frame in facts.items() if name not in ("holidays", "terms", "orders"))
        if number == 0:
            write_shared(out, facts)
    click.echo(f"{people:,} people, {rows:,} facts, {count} partitions in {out}")
