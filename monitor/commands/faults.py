"""A fault in one sentence that says what to do; never a traceback, never what a person typed."""

from __future__ import annotations

import os
import sqlite3

from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError


def sentence_for(error: Exception) -> str:
    """The sentence for a fault that reached the command line. MONITOR_DEBUG=1 raises it instead."""
    if os.environ.get("MONITOR_DEBUG"):
        raise error
    if isinstance(error, ValueError) and type(error).__module__.startswith("monitor."):
        return str(error)  # our own refusals are written for the person who reads them
    if isinstance(error, ArgumentError | NoSuchModuleError):
        return "MONITOR_DATABASE_URL cannot be read: use sqlite:///file.db or postgresql://user@host/name."
    if isinstance(error, sqlite3.DatabaseError):
        return "That file is not a sound SQLite database; choose another copy."
    if isinstance(error, DatabaseError):
        return "The database cannot be used: is it there, and has `monitor db upgrade` been run?"
    if isinstance(error, OSError):
        return f"{error.strerror or 'A file or address cannot be used'}: {error.filename or 'see the command'}."
    return f"This went wrong inside the program ({type(error).__name__}). Run again with MONITOR_DEBUG=1 for details."
