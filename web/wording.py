"""The filters with which pages say days, times and counts; how they read is `monitor.wording`'s."""

from __future__ import annotations

from monitor.wording import count, long_day, moment, short_day, time_of_day

FILTERS = {"long_day": long_day, "short_day": short_day, "time_of_day": time_of_day, "moment": moment, "count": count}
