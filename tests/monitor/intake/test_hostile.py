"""Files made to hurt are refused with one clear sentence, by a child that takes less than a second and 100 MB."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import tracemalloc
from typing import Any

import msgspec
import pytest

from monitor.intake.examine import examine
from monitor.intake.judging.messages import tell
from monitor.intake.reading.jail import WORKER, read_file
from monitor.intake.reading.tables import Limits
from tests.monitor.intake.hostile import HOSTILE, workbook
from tests.monitor.intake.sample_county import desk

# the kernel ends the child that takes more: the refusal then would read F-CORRUPT with "stopped"
TIGHT = Limits(cpu_seconds=1, memory_bytes=256 << 20)
# starts the child from a process of its own, and tells what it took: a child inherits the peak of whoever forks it
MEASURED = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], {})
_, status, used = os.wait4(child, 0)
sys.stderr.write(f"used {used.ru_utime + used.ru_stime} {used.ru_maxrss}")
sys.exit(os.waitstatus_to_exitcode(status) != 0)
"""


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_a_hostile_file_is_refused_in_clear_words_in_less_than_a_second_of_processor(kind: str) -> None:
    file_name, make, code = HOSTILE[kind]
    reading = read_file(make(), file_name, TIGHT)
    assert (reading.refused, reading.detail == "stopped") == (code, False), reading.detail
    assert reading.tables == []
    message = examine(reading, desk(file_name)).check.messages[0]
    assert message.level == "file" and message.code == code
    assert message.what.endswith(".") and message.how.endswith((".", ").")), message
    assert "{" not in message.text and "|" not in message.text


def test_no_hostile_file_makes_the_child_take_a_second_or_a_hundred_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    run, used = subprocess.run, {}
    ours: dict[str, tuple[float, int]] = {}

    def measured(command: list[str], **rest: Any) -> subprocess.CompletedProcess[bytes]:
        done = run([sys.executable, "-I", "-S", "-c", MEASURED, *command], **rest)
        used[kind] = [float(part) for part in done.stderr.decode().rpartition("used ")[2].split()]
        return done

    monkeypatch.setattr("monitor.intake.reading.jail.subprocess.run", measured)
    assert len(HOSTILE) >= 45
    for kind in sorted(HOSTILE):
        file_name, make, code = HOSTILE[kind]
        content = make()
        tracemalloc.start()
        began = time.process_time()
        assert read_file(content, file_name).refused == code
        ours[kind] = time.process_time() - began, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert max(seconds for seconds, _ in ours.values()) < 1, ours
    assert max(peak for _, peak in ours.values()) < 100 << 20, "whoever starts the child, or refuses without one"
    assert len(used) > 30, "the others are refused without a child"
    assert max(seconds for seconds, _ in used.values()) < 1, used
    assert max(kilobytes for _, kilobytes in used.values()) < 100 * 1024, used


def test_an_honest_workbook_passes_under_the_same_limits() -> None:
    reading = read_file(workbook(), "a.xlsx", TIGHT)
    assert reading.tables[0].rows == [["Name", "11/9/2026"], ["Doe, Jan", "P"]]


def test_the_child_sees_no_environment_no_network_and_opens_no_file() -> None:
    probe = (
        "import os, socket, sys\n"
        f"sys.argv = ['worker', '{1 << 30}', '5']\n"
        "import runpy, resource\n"
        f"worker = runpy.run_path({str(WORKER)!r}, run_name='probe')\n"
        "worker['confine'](1 << 30, 5)\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))\n"
        "found = [bool(os.environ)]\n"
        "for act in (lambda: open('/etc/hostname'), lambda: socket.socket(), lambda: open('/tmp/x', 'w'), os.fork):\n"
        "    try: act(); found.append(True)\n"
        "    except (OSError, MemoryError): found.append(False)\n"
        "print(found[:4])\n"
    )
    child = subprocess.run([sys.executable, "-I", "-c", probe], capture_output=True, text=True, env={}, timeout=120)
    assert child.stdout.splitlines()[0] == "[False, False, False, False]" or child.stdout.startswith(
        "[True, False, False, False]"  # LC_CTYPE, which the interpreter itself sets
    ), child.stderr


def test_a_child_that_dies_is_a_refusal_and_not_an_error() -> None:
    starved = Limits(memory_bytes=8 << 20)
    assert read_file(b"Name,11/9\nDoe,P\n", "a.csv", starved).refused == "F-CORRUPT"


def test_what_the_child_may_hold_is_bounded_by_what_it_may_answer() -> None:
    limits = Limits()
    assert limits.characters <= limits.unpacked_bytes <= limits.memory_bytes
    grown = limits.for_rows(200_000)
    assert grown.rows == 200_000 and grown.file_bytes == 40 * limits.file_bytes


def test_the_catalogue_fills_every_slot_of_a_refusal() -> None:
    told = tell("F-SIZE", "columns|10,000|400")
    assert told.what == "The sheet uses 10,000 columns; the limit is 400."
    assert tell("F-SIZE", "9.4|5").what == "The file is 9.4 MB; the limit is 5 MB."


def test_the_worker_is_run_with_nothing_but_limits_and_a_suffix() -> None:
    assert msgspec.json.decode(msgspec.json.encode(Limits()), type=Limits) == Limits()
    assert os.path.basename(WORKER) == "worker.py"


@pytest.mark.parametrize(
    ("does", "detail"),
    [
        ("import time; time.sleep(30)", "slow"),
        ("print('a page of markup, and no answer')", "stopped"),
        ("print('{\"tables\": [{\"sheet\": 7}]}')", "stopped"),
        ("print('{}', end=''); raise SystemExit(3)", "stopped"),
        ("pass", "stopped"),
    ],
)
def test_whatever_a_child_that_was_taken_over_answers_is_a_refusal(tmp_path, monkeypatch, does, detail):
    taken = tmp_path / "worker.py"
    taken.write_text(does, encoding="utf-8")
    monkeypatch.setattr("monitor.intake.reading.jail.WORKER", taken)
    if detail == "slow":
        monkeypatch.setattr("monitor.intake.reading.jail.WALL_SECONDS", 0.1)
    found = read_file(b"name,date\nA,2026-03-04\n", "sheet.csv")
    assert (found.refused, found.detail, found.tables) == ("F-CORRUPT", detail, [])
