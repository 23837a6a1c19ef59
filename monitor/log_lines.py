"""What goes into the log of a process: lines of JSON on standard error, never a value or the text of an error.

Database errors quote the row, and the loggers of libraries print such texts with their tracebacks. What a library says
is told as who said it, where, how grave it is, and the type and place of the fault.
"""

from __future__ import annotations

import logging
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import structlog

ROOT = Path(__file__).parents[1]
# loggers whose words are fixed sentences: ours, and the server's about its workers
PLAIN: Final = ("monitor", "_granian")
# for the server, which would print what an application raised, text and all, by a handler of its own
TO_US: Final = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}


def configure(level: str = "info") -> None:
    """Set up the log of this process; may be called again."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    everybody = logging.getLogger()
    if not any(isinstance(one, Lines) for one in everybody.handlers):
        everybody.addHandler(Lines(logging.WARNING))


class Lines(logging.Handler):
    """Hears what libraries log, and tells of it as the module says."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        event = record.getMessage() if record.name in PLAIN else "library"
        with suppress(Exception):  # a log that cannot be written to stops nothing
            structlog.get_logger().log(
                record.levelno, event, logger=record.name, said_at=f"{record.module}:{record.lineno}",
                **(describe(error) if error else {}),
            )  # fmt: skip


def describe(error: BaseException) -> dict[str, Any]:
    """Type, place and constraint of an error, never its text."""
    cause = getattr(error, "orig", None)
    diagnosis = getattr(cause, "diag", None)
    found = {
        "type": type(error).__name__,
        "cause": type(cause).__name__ if cause else None,
        "at": _place(error),
        "sqlstate": getattr(cause, "sqlstate", None),
        "constraint": getattr(diagnosis, "constraint_name", None),
        "table": getattr(diagnosis, "table_name", None),
    }
    return {name: value for name, value in found.items() if value}


def _place(error: BaseException) -> str | None:
    ours = [
        frame for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(str(ROOT)) and "site-packages" not in frame.filename
    ]  # fmt: skip
    return f"{Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].lineno}" if ours else None
