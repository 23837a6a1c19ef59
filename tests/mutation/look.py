"""A plugin for pytest: what each test enters of the walls, by coverage.py, and what it costs.

`WALLS_COSTS=FILE python -m coverage run --rcfile=tests/mutation/walls.ini -m pytest -n0 -p tests.mutation.look TESTS`.
Every test is a context of its own, with its fixtures. The child that reads sheets is measured, too: it runs as it
always does, but that it may write down what it entered.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

from monitor.intake.reading import jail

ROOT = Path(__file__).parents[2]
CHILD = """
import resource, runpy, sys
sys.path[:0] = {path!r}
import coverage
cov = coverage.Coverage(data_file={data!r}, config_file={config!r}, data_suffix=True, context=open({context!r}).read())
limit, free = resource.setrlimit, (resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)
resource.setrlimit = lambda what, most: None if what in free else limit(what, most)
cov.start()
try:
    runpy.run_path({worker!r}, run_name="__main__")
finally:
    cov.stop()
    cov.save()
"""


class Look:
    """One context a test, and one line a test of what it cost."""

    def __init__(self, now: coverage.Coverage) -> None:
        self.now = now
        self.costs = Path(os.environ["WALLS_COSTS"])
        self.context = Path(tempfile.mkstemp(prefix="walls-context")[1])
        child = Path(tempfile.mkstemp(prefix="walls-child", suffix=".py")[1])
        path = [str(ROOT), str(Path(coverage.__file__).parents[1])]
        told = {"path": path, "config": now.config.config_file, "data": now.config.data_file}
        child.write_text(CHILD.format(**told, context=str(self.context), worker=str(jail.WORKER)))
        jail.WORKER = child

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.context.write_text(item.nodeid)
        self.now.switch_context(item.nodeid)
        began = os.times()
        try:
            return (yield)
        finally:
            spent = sum(os.times()[:4]) - sum(began[:4])
            with self.costs.open("a") as lines:
                lines.write(f"{json.dumps([item.nodeid, round(spent, 2), time.time()])}\n")


def pytest_configure(config: pytest.Config) -> None:
    if now := coverage.Coverage.current():
        config.pluginmanager.register(Look(now))
