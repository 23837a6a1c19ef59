"""`monitor import attendance`: a program's sheet from a file on disk, through the same intake as the web page."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from monitor.commands.opening import open_database, progress

A_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group("import")
def import_command() -> None:
    """Bring a sheet in."""


@import_command.command()
@click.argument("file", type=A_FILE)
@click.option("--program", "program", required=True, help="The program's code.")
@click.option("--dry-run", is_flag=True, help="Check and save nothing.")
@click.option("--answers", type=A_FILE, help="Answers to the file's questions, as JSON.")
@click.option("--rows", type=click.IntRange(5_000, 200_000), help="Read a file of up to so many rows.")
@click.option("--problems", type=click.Path(path_type=Path, dir_okay=False), help="Write the rows not saved here.")
@click.option("--json", "as_json", is_flag=True, help="Print the check page's content.")
def attendance(
    file: Path, program: str, dry_run: bool, answers: Path | None, rows: int | None, problems: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Check FILE and save its good rows. Exit 0 saved, 3 something needs a person, 4 nothing usable.

    The file of problems is the sheet as it was with three columns more; corrected, it can be brought in again.
    """
    import msgspec

    from monitor.clock import utc_now
    from monitor.commands.sheet_report import sentences
    from monitor.intake.answers import Answers
    from monitor.intake.importing import UnknownProgram, import_attendance
    from monitor.intake.scanning import scanner_of

    try:
        given = msgspec.json.decode(answers.read_bytes(), type=Answers) if answers else None
    except msgspec.DecodeError as error:
        raise click.ClickException(f"{answers} holds no answers: {error}.") from None
    progress()(f"Reading {file.name}")
    with open_database() as (settings, database):
        try:
            result = import_attendance(
                database, program, file.name, file.read_bytes(), utc_now(), dry_run=dry_run, answers=given, rows=rows,
                problems=problems is not None, scanner=scanner_of(settings),
            )  # fmt: skip
        except UnknownProgram:
            raise click.ClickException(f"No program has the code {program}.") from None
    if problems is not None and result.problems is not None:
        problems.write_bytes(result.problems.content)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(result.content())).decode())
    else:
        for line in sentences(result):
            click.echo(line)
    sys.exit(result.exit_code)
