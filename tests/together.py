"""Which tests one worker runs in one go: those of a file that builds or works out something for all of its tests.

`xdist_group` marks them by a name behind the test's id, which pytest 9 no longer lets a plug-in change: without a word
each test went its own way, and both workers built each of these worlds.
"""

from __future__ import annotations

import re

from xdist.scheduler import LoadGroupScheduling

# seconds to build, and no test of its own that goes on for minutes: a worker that is done would wait for the other
FILES = frozenset({
    "tests/monitor/commands/test_demo.py", "tests/monitor/commands/test_demo_visits.py", "tests/rules/test_explain.py",
    "tests/rules/test_folder.py", "tests/rules/test_keys.py", "tests/rules/test_reads.py",
    "tests/rules/test_scenarios.py", "tests/rules/test_time.py",
    "tests/sweep/test_canaries.py", "tests/sweep/test_everybody.py", "tests/sweep/test_hidden_things.py",
    "tests/sweep/test_odd_values.py", "tests/sweep/test_planted_script.py", "tests/web/test_identity_browser.py",
    "tests/web/test_officer_budgets.py", "tests/web/test_officer_browser.py", "tests/web/test_program_budgets.py",
})  # fmt: skip
KIND = re.compile(r"\b(sqlite|postgres)\b")


def bundle_of(test: str) -> str:
    """What goes to one worker: a test by itself, or those of such a file on one kind of database."""
    file, _, name = test.partition("::")
    if file not in FILES:
        return test
    kind = KIND.search(name)
    return f"{file} {kind[0] if kind else ''}"


class Together(LoadGroupScheduling):
    """As ``--dist loadgroup``, the largest bundles first."""

    def _split_scope(self, nodeid: str) -> str:
        return bundle_of(nodeid)
