"""What stops time in a case today, in words for the person's page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from monitor.bench_page.record import CaseRecord
from monitor.wording import short_day

KIND_WORDS: Final = {
    "CUSTODY": "In custody", "HOSPITAL": "In hospital", "WARRANT": "A warrant is out",
    "REVOCATION": "Revocation is before the court", "PROVIDER_CLOSED": "Program closed",
    "COURT_STAY": "Stayed by the court", "SYSTEM_OUTAGE": "A system was down",
}  # fmt: skip


def stops_today(record: CaseRecord) -> Iterator[str]:
    """In hospital since Mon, Nov 2, 2026, until Fri, Nov 6, 2026"""
    for one in record.of("pause"):
        if one.day <= record.today and (one.until is None or record.today < one.until):
            until = f", until {short_day(one.until)}" if one.until else ", no end known"
            yield f"{KIND_WORDS[one.word]} since {short_day(one.day)}{until}"
