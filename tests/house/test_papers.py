"""What is in the repository may be shown to anyone, and what a site can use is written down."""

from __future__ import annotations

import re

import click
import pytest

from jobs.schedule import schedule
from monitor.cli import COMMANDS, Commands, monitor
from monitor.config import PREFIX, Settings
from tests.house.the_house import ROOMS, modules, ours, read

DOT = r"\."
REGISTRIES = (
    f"pypi{DOT}org", f"pythonhosted{DOT}org", f"registry{DOT}npmjs", f"deb{DOT}debian", f"security{DOT}debian",
    f"proxy{DOT}golang", f"index{DOT}crates", f"registry{DOT}yarnpkg",
)  # fmt: skip
SECRETS = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY", r"\bAKIA[0-9A-Z]{16}\b", r"\bgh[pousr]_[A-Za-z0-9]{20,}",
    r"\bxox[abp]-[0-9A-Za-z-]{10,}",
)  # fmt: skip
MACHINE = (r"(?<![\w.])/(?:work|root|Users)/\w", r"(?<![\w.])/home/\w")
TEXTS = set(".py .md .toml .ini .yaml .yml .lock .html .css .js .json .typ .sh .csv".split()) | {""}
PAPERS = ("README.md", "docs/", *(f"{room}/README.md" for room in ROOMS))


def texts():
    return [path for path in ours() if path.suffix in TEXTS]


def documentation() -> str:
    return "\n".join(read(path) for path in ours() if path.suffix == ".md" and str(path).startswith(PAPERS))


@pytest.mark.parametrize(
    ("patterns", "do"),
    [
        (REGISTRIES, "a registry's address is the machine's business (pip and uv settings), not ours"),
        (SECRETS, "take the secret out, and change it: it is known now"),
        (MACHINE, "a path of one machine works on no other; make it relative"),
    ],
    ids=["registries", "secrets", "machines"],
)
def test_no_file_names(patterns, do):
    pattern = re.compile("|".join(patterns))
    found = [
        f"{path}:{number}"
        for path in texts()
        for number, line in enumerate(read(path).splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found, f"{do}: {found}"


def commands_of(group: click.Group, before: str = "monitor") -> list[str]:
    context = click.Context(group)
    found = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        full = f"{before} {name}"
        found += commands_of(command, full) if isinstance(command, click.Group) else [full]
    return found


def test_every_command_is_explained():
    papers = documentation()
    missing = [command for command in commands_of(monitor) if command not in papers]
    assert not missing, f"Add a line to docs/commands.md for: {missing}"


def test_the_list_of_commands_is_the_commands():
    assert isinstance(monitor, Commands)
    for name in COMMANDS:
        assert monitor.get_command(click.Context(monitor), name).name == name


def test_every_setting_is_explained():
    papers = documentation()
    named = {PREFIX + field.upper() for field in Settings.__struct_fields__}
    read_directly = {
        name for path in modules(*ROOMS) for name in re.findall(rf'["\']({PREFIX}[A-Z_]*[A-Z])["\']', read(path))
    }
    missing = sorted(name for name in named | read_directly if name not in papers)
    assert not missing, f"Add a line to docs/settings.md for: {missing}"


def test_every_job_is_explained():
    told = "\n".join(read(path) for path in ours() if str(path) == "jobs/README.md")
    missing = {name for job in schedule(["UTC"]) if (name := job.name.split()[0]) not in told}
    assert not missing, f"Add a line to jobs/README.md for: {missing}"
