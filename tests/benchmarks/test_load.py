"""What the figures of load and soak say; and that a small county's people are really answered."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.benchmarks.county_site import build, running
from tests.benchmarks.databases import Store
from tests.benchmarks.load import waited
from tests.benchmarks.soak import Look, grown
from tests.benchmarks.visitors import A_SECOND, GOOD, Answered, Connection, Request, crowd


def test_of_a_hundred_and_one_answers_the_middle_and_the_ninety_ninth_are_told_and_what_failed_beside_them():
    answers = [Answered("today", 200, number / 1000) for number in range(101)] + [Answered("today", 503, 9)]
    (told,) = waited(answers, 10)
    assert told == {
        "request": "today", "asked": 102, "a_second": 10.1, "not_so": {"503": 1}, "middle_ms": 50, "p99_ms": 99,
    }  # fmt: skip


def test_growth_counts_from_when_the_site_is_warm():
    cold, warm, late = Look(100, 9, 0, 90), Look(200, 9, 2, 90), Look(210, 11, 2, 90)
    told = grown([cold] * 2 + [warm] * 4 + [late] * 4)
    assert told["mib"] == [200, 210] and told["files"] == [9, 11] and told["growth"] == 0.05


def hanging_up(begun: list[int]) -> socket.socket:
    """A site that answers one request on each connection and then hangs up without a word; ``begun``: how many came."""
    site = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                visitor, _ = site.accept()
                visitor.recv(65536)
                begun.append(1)
                if len(begun) < 3:
                    visitor.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
                visitor.close()

    threading.Thread(target=serve, daemon=True).start()
    return site


def test_who_finds_a_kept_connection_hung_up_asks_once_more_as_a_browser_does_and_no_more_than_once():
    begun: list[int] = []
    with hanging_up(begun) as site:
        connection, page = Connection(site.getsockname()[1]), Request("GET", "/", {})
        asked = [connection.ask("today", page, 0).status for _ in range(4)]
        assert asked[:2] == [200, 200]  # the second found the first's connection closed
        assert asked[2] == 0  # there a fresh connection, too, ended before a byte was answered
        assert asked[3] == 0 and len(begun) == 4  # and on a fresh one there is no second try
        connection.close()


@pytest.mark.slow
def test_everybody_of_a_county_is_answered_and_a_page_can_be_made_as_large_as_another(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'county.db'}"
    county = build(Store("sqlite", url, url), people=40)
    with running(Store("sqlite", url, url), workers=1) as site:
        answers = crowd(county, site.port, site.base, times=2, seconds=10)
        assert {one.status for one in answers} <= {*GOOD, 503}
        assert len({one.name for one in answers}) >= len(A_SECOND) - 2
        plain = Request("GET", "/account", {"cookie": f"monitor={county.officers[0].token}"})
        padded = Request("GET", "/account", plain.headers | {"x-pad": "5000"})
        connection = Connection(site.port)
        assert connection.ask("", padded, 0).size == connection.ask("", plain, 0).size + 5000
        connection.close()
