"""What a county's people ask of the site, how often, and how long they wait for it."""

from __future__ import annotations

import http.client
import json
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from tests.benchmarks.county_site import County
from tests.web.accounts import token_of_forms
from tests.web.machines import BATCHES, signed

# At work an officer opens a page every half minute, a program's and a judge's desk every minute; dispatch asks twice a
# second, half of it by its own software; programs' software looks for news and tries a sheet now and then.
A_SECOND: Final = {
    "today": 0.8, "caseload": 0.4, "person": 0.8, "docket": 0.1, "verify": 1.0,
    "api_lookup": 1.0, "api_changes": 0.2, "api_sheet": 0.02,
}  # fmt: skip
HANDS, PATIENCE = 48, 60.0
GOOD: Final = (200, 303)
SHEET = "client_id,date,status\n1001,2026-01-05,P\n1002,2026-01-05,A\n"


class Request(msgspec.Struct, frozen=True):
    """One request over the wire."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes = b""


class Answered(msgspec.Struct, frozen=True):
    """``after``: seconds from the instant at which it was due; status 0 where the connection broke."""

    name: str
    status: int
    after: float
    size: int = 0


def requests(county: County, base: str, chance: random.Random) -> dict[str, Callable[[], Request]]:
    """Makers of each kind of request, by its name in `A_SECOND`; and ``account``, the page with a trivial query."""

    def page(path: str, worker: Any) -> Request:
        return Request("GET", path, {"cookie": f"monitor={worker.token}"})

    def verify() -> Request:
        worker = chance.choice(county.dispatchers)
        headers = {"cookie": f"monitor={worker.token}", "x-csrf-token": token_of_forms(worker.token), "origin": base,
                   "content-type": "application/x-www-form-urlencoded"}  # fmt: skip
        return Request("POST", "/verify", headers, urlencode({"words": chance.choice(county.numbers)}).encode())

    def lookup() -> Request:
        headers = signed(county.cad) | {"content-type": "application/json"}
        return Request("POST", "/api/v1/orders/lookup", headers, json.dumps({"words": "Nobody, Nemo"}).encode())

    def of(officers: list[Any], path: Callable[[Any], str]) -> Callable[[], Request]:
        return lambda: page(path(one := chance.choice(officers)), one)

    with_people = [worker for worker in county.officers if worker.person]
    return {
        "today": of(county.officers, lambda _one: "/today"),
        "caseload": of(county.officers, lambda _one: "/caseload"),
        "person": of(with_people, lambda one: f"/people/{one.person}"),
        "docket": of(county.judges, lambda _one: county.docket),
        "verify": verify, "api_lookup": lookup,
        "api_changes": lambda: Request("GET", "/api/v1/changes", signed(county.software)),
        "api_sheet": lambda: _sheet(county.software),
        "account": of(county.officers, lambda _one: "/account"),
    }  # fmt: skip


def _sheet(secret: str) -> Request:
    line = "a-line-between-parts"
    body = (
        f'--{line}\r\ncontent-disposition: form-data; name="file"; filename="week.csv"\r\n'
        f"content-type: text/csv\r\n\r\n{SHEET}\r\n--{line}--\r\n"
    )
    kind = f"multipart/form-data; boundary={line}"
    return Request("POST", f"{BATCHES}?dry_run=true", signed(secret) | {"content-type": kind}, body.encode())


class Connection:
    """One that is kept open, and opened again where it broke."""

    def __init__(self, port: int) -> None:
        self._port, self._open = port, http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def ask(self, name: str, request: Request, due: float) -> Answered:
        """Ask once; ``due``: when it should have been asked, by `time.monotonic`."""
        try:
            answer = self._answer(request)
            size, status = len(answer.read()), answer.status
        except (OSError, http.client.HTTPException):
            size = status = 0
            self._open.close()
        return Answered(name, status, time.monotonic() - due, size)

    def _answer(self, request: Request) -> http.client.HTTPResponse:
        """As browsers do, once more where the site had hung up on a kept connection before it answered a byte."""
        kept = self._open.sock is not None
        try:
            return self._sent(request)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self._open.close()
            if not kept:
                raise
            return self._sent(request)

    def _sent(self, request: Request) -> http.client.HTTPResponse:
        self._open.request(request.method, request.path, request.body, request.headers)
        return self._open.getresponse()

    def close(self) -> None:
        """Hang up."""
        with suppress(OSError):
            self._open.close()


def crowd(county: County, port: int, base: str, times: float, seconds: float, seed: int = 7) -> list[Answered]:
    """The county's people at so many times their pace, each when due whether or not others were answered."""
    chance = random.Random(seed)
    makers = requests(county, base, chance)
    waiting: queue.SimpleQueue[tuple[str, Request, float] | None] = queue.SimpleQueue()
    answers: list[Answered] = []
    hands = [threading.Thread(target=_hand, args=(port, waiting, answers)) for _ in range(HANDS)]
    for hand in hands:
        hand.start()
    for name, due in _arrivals(chance, times, seconds):
        time.sleep(max(0.0, due - time.monotonic()))
        waiting.put((name, makers[name](), due))
    for _ in hands:
        waiting.put(None)
    for hand in hands:
        hand.join()
    return answers


def _hand(port: int, waiting: queue.SimpleQueue[Any], answers: list[Answered]) -> None:
    connection = Connection(port)
    while (asked := waiting.get()) is not None:
        answers.append(connection.ask(*asked))
    connection.close()


def _arrivals(chance: random.Random, times: float, seconds: float) -> Iterator[tuple[str, float]]:
    """Names and instants, at random as people come (exponential gaps)."""
    names, rates = list(A_SECOND), list(A_SECOND.values())
    due = begin = time.monotonic()
    while (due := due + chance.expovariate(sum(rates) * times)) < begin + seconds:
        yield chance.choices(names, rates)[0], due
