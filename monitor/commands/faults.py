"""A fault in one sentence that says what to do; never a traceback, never what a person typed."""

from __future__ import annotations

import os

from sqlalchemy.exc import OperationalError, ProgrammingError

from monitor.config import SettingsError


def sentence_for(error: Exception) -> str:
    """The sentence for a fault that reached the command line. MONITOR_DEBUG=1 raises it instead."""
    if os.environ.get("MONITOR_DEBUG"):
        raise error
    if isinstance(error, SettingsError):
        return str(error)
    if isinstance(error, OperationalError | ProgrammingError):
        return "The database cannot be used: is it there, and has `monitor db upgrade` been run?"
    if isinstance(error, OSError):
        return f"{error.strerror or 'A file or address cannot be used'}: {error.filename or 'see the command'}."
    return f"This went wrong inside the program ({type(error).__name__}). Run again with MONITOR_DEBUG=1 for details."
