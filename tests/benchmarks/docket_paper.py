"""A docket of 60 cases with its PDF/UA-1, and 1,000 bench pages: processor seconds of one process, on SQLite.

`pdf_s` is setting alone, of a docket that was read before. Goals: docket and PDF in 1.5 s; 1,000 bench pages, as
Structs read a day's docket at a time, in 6 s.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from monitor.bench_page.page import BenchPage
from monitor.clock import utc_now
from monitor.db import Database
from monitor.docket import docket, docket_pages
from monitor.documents import bench_pdf, compact_pdf, docket_pdf
from monitor.schema import upgrade
from tests.monitor.court_town import CourtTown, add_case, build_court_town

CASES, PAGES = 60, 1_000
GOAL_DOCKET_S, GOAL_PAGES_S = 1.5, 6.0
CLASSES = "yyyMyEyyyyul" * 4  # weekly for eleven months


def run(folder: Path, cases: int = CASES, pages: int = PAGES) -> dict[str, Any]:
    """The figures; `docket_s` and `pages_s` are what the goals are about."""
    town = _town(folder / "docket.db", cases, CLASSES)
    _read(town)  # once before, so that statements are compiled
    with town.bench() as session:
        found = docket(session, town.court_code, town.day, town.now)
    assert found is not None and len(found.lines) == cases
    read_s = _cpu_s(lambda: _read(town))
    pdf_s = _cpu_s(lambda: docket_pdf(found, town.now))
    turns = max(1, round(pages / cases))
    told = _pages(town)
    pages_s = _cpu_s(lambda: [_pages(town) for _ in range(turns)]) * pages / (turns * cases)
    return {
        "cases": cases, "docket_s": round(read_s + pdf_s, 3), "read_s": round(read_s, 3), "pdf_s": round(pdf_s, 3),
        "compact_s": round(_cpu_s(lambda: compact_pdf(found, town.now)), 3),
        "all_pages_pdf_s": round(_cpu_s(lambda: bench_pdf(told, town.now)), 3), "pages": pages,
        "pages_s": round(pages_s, 3), "ms_a_page": round(pages_s * 1000 / pages, 2),
    }  # fmt: skip


def _town(path: Path, cases: int, classes: str) -> CourtTown:
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    town = build_court_town(database, utc_now(), cases=False)
    for number in range(cases):
        alleged = "ABSENCE_UNEXCUSED" if number % 4 == 0 else ""
        add_case(town, f"25-DV-{number:06}", "Doe", given=str(number), classes=classes, alleged=alleged)
    return town


def _read(town: CourtTown) -> None:
    with town.bench() as session:
        docket(session, town.court_code, town.day, town.now)


def _pages(town: CourtTown) -> list[BenchPage]:
    with town.bench() as session:
        found = docket_pages(session, town.court_code, town.day, town.now, printed_by="Court clerk K. Ito")
    assert found is not None
    return found[1]


def _cpu_s(act: Callable[[], Any]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps({"benchmark": "docket_paper", **run(Path(folder))}))
