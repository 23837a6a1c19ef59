"""`python -m jobs`: the scheduler process. Wakes every few seconds and runs what the database says is due."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

from jobs.runner import Runner, log, place_of
from monitor import log_lines
from monitor.clock import utc_now
from monitor.config import SettingsError, load_settings
from monitor.db import Database
from monitor.health import refuse_unheld
from monitor.traces import open_traces

WAKE_SECONDS = 5


def main() -> int:
    """Run until told to stop; what is under way is finished first."""
    try:
        settings = load_settings()
        log_lines.configure(settings.log_level)
        database = Database(settings.database_url)
        refuse_unheld(settings, database, utc_now)
        traces = open_traces(settings, "monitor-jobs")
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick skipped while one is at work is as it should be
    runner = Runner(database, settings, utc_now, traces)
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        runner.stopping = True
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    ticker = BackgroundScheduler(timezone="UTC")
    # the ticker remembers nothing and decides nothing: a tick missed or doubled changes no run
    ticker.add_job(
        _safely, "interval", args=[runner], seconds=WAKE_SECONDS, max_instances=1, coalesce=True,
        misfire_grace_time=None, next_run_time=utc_now(),
    )  # fmt: skip
    ticker.start()
    stop.wait()
    ticker.shutdown(wait=True)
    if traces:
        traces.close()
    database.close()
    return 0


def _safely(runner: Runner) -> None:
    """One tick. A database that is away is waited for: the next tick tries again."""
    try:
        runner.tick()
    except Exception as error:
        log.error("tick_failed", fault=place_of(error))


if __name__ == "__main__":
    raise SystemExit(main())
