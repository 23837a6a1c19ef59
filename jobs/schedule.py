"""The one schedule: what runs, when, in which zone. Nothing runs between 01:00 and 02:59, when clocks change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from apscheduler.triggers.cron import CronTrigger

from jobs import (
    evaluate_news,
    freeze_packets,
    insiders,
    intake_folder,
    long_sheets,
    missing_rosters,
    morning_digest,
    nightly_referee,
    nightly_tidy,
    record_check,
    retention,
    send_outbox,
    sweep_boundaries,
    trail_check,
    trail_seal,
    unused_accounts,
)
from jobs.work import Work
from monitor.job_queue import Slot

MINUTE_KEY, DAY_KEY = "%Y-%m-%dT%H:%M%z", "%Y-%m-%d"


class Job(msgspec.Struct, frozen=True):
    """A job. ``make_up`` is how many missed slots are run after an outage, oldest first; the newest always is."""

    name: str
    run: Callable[[Work], str]
    trigger: CronTrigger
    key: str
    make_up: int = 1


def schedule(zones: Sequence[str]) -> list[Job]:
    """One line a job; mornings once for each zone, the nightly check in the westernmost."""
    nightly = min(zones, key=_offset)
    return [
        Job("evaluate_news", evaluate_news.run, _cron("UTC", second=0), MINUTE_KEY),
        Job("send_outbox", send_outbox.run, _cron("UTC", second=30), MINUTE_KEY),
        Job("trail_seal", trail_seal.run, _cron("UTC", second=0), MINUTE_KEY),
        Job("sweep_boundaries", sweep_boundaries.run, _cron("UTC", minute="*/5"), MINUTE_KEY),
        Job("freeze_packets", freeze_packets.run, _cron("UTC", minute="*/15"), MINUTE_KEY),
        Job("nightly_referee", nightly_referee.run, _cron(nightly, hour=3, minute=30), DAY_KEY),
        Job("insiders", insiders.run, _cron("UTC", minute="*/15"), MINUTE_KEY),
        Job("intake_folder", intake_folder.run, _cron("UTC", second=30), MINUTE_KEY),
        Job("long_sheets", long_sheets.run, _cron("UTC", second=15), MINUTE_KEY),
        Job("nightly_tidy", nightly_tidy.run, _cron(nightly, hour=4), DAY_KEY),
        Job("retention", retention.run, _cron(nightly, hour=4, minute=10), DAY_KEY),
        Job("trail_check", trail_check.run, _cron(nightly, hour=4, minute=40), DAY_KEY),
        Job("record_check", record_check.run, _cron(nightly, hour=4, minute=50), DAY_KEY),
        Job("unused_accounts", unused_accounts.run, _cron(nightly, hour=4, minute=20), DAY_KEY),
        *(
            Job(f"missing_rosters {zone}", missing_rosters.run, _cron(zone, hour=8), DAY_KEY, make_up=7)
            for zone in sorted(zones)
        ),
        *(Job(f"morning_digest {zone}", morning_digest.run, _cron(zone, hour=7), DAY_KEY) for zone in sorted(zones)),
    ]


def slots(job: Job, since: datetime | None, now: datetime) -> list[Slot]:
    """The slots that came due in (``since``, ``now``], the newest ``make_up`` of them; one now where none ever ran."""
    start = since + timedelta(microseconds=1) if since else now - timedelta(days=1)
    return list(_due(job, start, now))[-job.make_up :]


def _due(job: Job, start: datetime, now: datetime) -> Iterator[Slot]:
    # a long outage of a minute's job: only the newest slots matter, so start close to now
    start = max(start, now - timedelta(days=40 if job.key == DAY_KEY else 0, minutes=15))
    while (slot := job.trigger.get_next_fire_time(None, start.astimezone(job.trigger.timezone))) is not None:
        instant = slot.astimezone(UTC)
        if instant > now:
            return
        yield Slot(slot.strftime(job.key), instant)
        start = instant + timedelta(microseconds=1)  # in UTC: wall-clock arithmetic loses the fold


def _cron(zone: str, hour: int | str = "*", minute: int | str = "*", second: int | str = 0) -> CronTrigger:
    fixed_minute = 0 if hour != "*" and minute == "*" else minute
    return CronTrigger(hour=hour, minute=fixed_minute, second=second, timezone=zone)


def _offset(zone: str) -> timedelta:
    # any winter day serves to order zones from west to east
    return datetime(2026, 1, 15, tzinfo=ZoneInfo(zone)).utcoffset() or timedelta()
