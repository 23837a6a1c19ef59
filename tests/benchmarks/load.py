"""The five busiest pages and three calls of software at a county's load and at ten times that, on both databases.

    python -m tests.benchmarks.load 120

One site with two workers and the county's people at their pace (`visitors.A_SECOND`) for so many seconds: how many were
answered and how long they waited. Then each by itself beside the account page, made as large: processor time of the
site and of PostgreSQL, turn by turn in the same run. What a trivial page costs over what this one costs is the share of
that page's rate that this one can have; half is aimed for.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.db import Database
from tests.benchmarks.county_site import County, Site, build, running
from tests.benchmarks.databases import Store, both, seconds_of, server_seconds
from tests.benchmarks.visitors import A_SECOND, GOOD, Answered, Connection, Request, crowd, requests

PEOPLE, WORKERS, SECONDS, TIMES = 300, 2, 60.0, (1, 10)
TURNS, REQUESTS, GOAL_SHARE = 4, 10, 0.5


def run(folder: Path, people: int = PEOPLE, seconds: float = SECONDS) -> Iterator[dict[str, Any]]:
    """For each database one result a load and kind of request, and one of what each kind costs."""
    for store in both(folder, "load"):
        county = build(store, people)
        with running(store, WORKERS) as site:
            for times in TIMES:
                answers = crowd(county, site.port, site.base, times, seconds)
                for told in waited(answers, seconds):
                    yield {"database": store.kind, "times": times, **told}
            for told in _cost(store, county, site):
                yield {"database": store.kind, **told}


def waited(answers: list[Answered], seconds: float) -> Iterator[dict[str, Any]]:
    """By kind of request: how many a second were answered well, and how long they waited, in milliseconds."""
    for name in A_SECOND:
        mine = [one for one in answers if one.name == name]
        good = sorted(one.after * 1000 for one in mine if one.status in GOOD)
        if good:
            others = Counter(str(one.status) for one in mine if one.status not in GOOD)
            yield {
                "request": name, "asked": len(mine), "a_second": round(len(good) / seconds, 2), "not_so": others,
                "middle_ms": round(good[len(good) // 2]), "p99_ms": round(good[int(len(good) * 0.99)]),
            }  # fmt: skip


def _cost(store: Store, county: County, site: Site) -> Iterator[dict[str, Any]]:
    owner = Database(store.free)
    makers = requests(county, site.base, random.Random(7))
    connection = Connection(site.port)
    try:
        for name in A_SECOND:
            spent: dict[str, list[float]] = {"page": [], "trivial": []}
            size = _sized(connection, makers[name]())
            padding = str(max(0, size - _sized(connection, makers["account"]())))
            for turn in range(TURNS + 1):
                for kind, maker, more in (("page", makers[name], ""), ("trivial", makers["account"], padding)):
                    made = [_with(maker(), more) for _ in range(REQUESTS)]
                    spent[kind] += [_cpu_ms(owner, site, connection, made)] if turn else []
            page, trivial = min(spent["page"]), min(spent["trivial"])
            yield {"request": name, "bytes": size, "page_ms": page, "trivial_ms": trivial,
                   "share": round(trivial / page, 2), "goal_share": GOAL_SHARE}  # fmt: skip
    finally:
        connection.close()
        owner.close()


def _sized(connection: Connection, request: Request) -> int:
    answer = connection.ask("", request, 0)
    assert answer.status in GOOD, (request.path, answer.status)
    return answer.size


def _with(request: Request, padding: str) -> Request:
    more = {"x-pad": padding} if padding else {}
    return Request(request.method, request.path, request.headers | more, request.body)


def _cpu_ms(owner: Database, site: Site, connection: Connection, asked: list[Request]) -> float:
    """Of the site's processes, the children that read sheets among them, and of PostgreSQL; a request."""
    before = _spent(owner, site)
    for request in asked:
        answer = connection.ask("", request, 0)
        assert answer.status in GOOD, (request.path, answer.status)
    return round((_spent(owner, site) - before) * 1000 / len(asked), 2)


def _spent(owner: Database, site: Site) -> float:
    return seconds_of(site.workers()) + server_seconds(owner)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for result in run(Path(place), seconds=float(sys.argv[1]) if sys.argv[1:] else SECONDS):
            print(json.dumps({"benchmark": "load", **result}), flush=True)
