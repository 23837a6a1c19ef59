"""What commands open: the settings and the database; and progress that is quiet in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from monitor.config import Settings, load_settings
from monitor.db import Database


@contextmanager
def open_database() -> Iterator[tuple[Settings, Database]]:
    """The settings and the database they name, closed afterwards."""
    settings = load_settings()
    database = Database(settings.database_url, settings.pool_size)
    try:
        yield settings, database
    finally:
        database.close()


def progress() -> Callable[[str], None]:
    """Says what is going on, on a terminal's standard error only."""
    if not sys.stderr.isatty():
        return lambda _text: None
    return lambda text: click.echo(f"  {text} …", err=True)
