"""The `monitor` command. Every command lives in `monitor.commands`, and is read only when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

# command -> the module that holds it, under the same name
COMMANDS = {
    "audit": "monitor.commands.audit",
    "bench": "monitor.commands.bench",
    "cases": "monitor.commands.cases",
    "db": "monitor.commands.database",
    "demo": "monitor.commands.demo",
    "docket": "monitor.commands.docket",
    "evaluate": "monitor.commands.evaluate",
    "health": "monitor.commands.health",
    "import": "monitor.commands.importing",
    "keys": "monitor.commands.keys",
    "machines": "monitor.commands.machines",
    "measures": "monitor.commands.measures",
    "replay": "monitor.commands.replay",
    "rules": "monitor.commands.rules",
    "serve": "monitor.commands.serve",
    "site": "monitor.commands.site",
    "users": "monitor.commands.users",
    "work": "monitor.commands.serve",
}
ABOUT = {
    "audit": "Check the audit trail.",
    "bench": "Measure; results as JSON lines.",
    "cases": "Seal or expunge a case by order of the court.",
    "db": "Migrate, check, back up or restore the database.",
    "demo": "A fictional county on this machine: web site, scheduler, sign-ins.",
    "docket": "A court's list of one day, as text or PDF.",
    "evaluate": "Evaluate what is due against the rules.",
    "health": "What a person has to look at: scheduler, disk, clock, trail.",
    "import": "Bring a program's sheet in, as the web page does.",
    "keys": "Change the keys of sealed values.",
    "machines": "Accounts for programs' own software.",
    "measures": "A quarter's measures as CSV.",
    "replay": "What a court knew of a case then, and what changed since.",
    "rules": "The rules in force; check packs and scenarios.",
    "serve": "The web process.",
    "site": "Agencies, courts, programs and local policies, from the site's own file.",
    "users": "Add, disable or reset accounts.",
    "work": "The scheduler process.",
}


class Commands(click.Group):
    """Lists commands without reading them: `monitor --help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name]), f"{cmd_name}_command")
        assert isinstance(command, click.Command)
        check_policy(cmd_name, command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, ABOUT[name]) for name in self.list_commands(ctx)])


def check_policy(path: str, command: click.Command) -> None:
    """Every command below ``path`` has its entry with the options it takes; else nothing runs."""
    from monitor.access.command_policy import CommandError, policy_of_command

    if isinstance(command, click.Group) and command.commands:
        for name, inner in command.commands.items():
            check_policy(f"{path} {name}", inner)
        return
    takes = frozenset(option.name for option in command.params if option.name)
    if takes != policy_of_command(path).fields_in:
        raise CommandError(f"`monitor {path}` takes other options than monitor/access/command_policy.py says.")


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def monitor() -> None:
    """Accountability Monitor: court orders, attendance and check-ins, held against cited rules.

    Settings come from MONITOR_… in the environment or from monitor.toml.
    """


def main() -> None:
    """Run the command; a fault is one sentence on stderr, never a traceback. What it writes is its owner's alone."""
    os.umask(0o077)
    try:
        monitor(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except Exception as error:
        from monitor.commands.faults import sentence_for

        click.echo(sentence_for(error), err=True)
        sys.exit(1)
