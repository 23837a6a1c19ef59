"""Two records that differ only in what a role may not know of give that role the same bytes, everywhere.

Pages, prints, searches, errors and log lines of every route of the policy table are asked for with every id there is.
A later screen is swept as soon as it has its entry, a later table as soon as it has a class.
"""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from itertools import zip_longest

import pytest

import monitor.clock
from monitor import log_lines
from monitor.access.roles import Role
from monitor.db import Database
from tests.sweep.county import HIDDEN, SAID, build, hide, ids_of, sweepable
from tests.sweep.visiting import allowed, asks, browser, site_settings, tell
from web.app import create_app

UNLIKE = {"ms", "request", "timestamp"}  # of a log line, what is different each time
GROWN: dict[Role, set[str]] = {}


@pytest.fixture(scope="module")
def plain(sqlite_template, tmp_path_factory):
    """The county without hidden things, and the folder it lies in."""
    folder = tmp_path_factory.mktemp("county")
    shutil.copy(sqlite_template, folder / "plain.db")
    database = Database(f"sqlite:///{folder}/plain.db")
    county = build(database)
    database.close()
    return folder, county


@pytest.fixture(autouse=True)
def still(plain, monkeypatch):
    """The clock stands, and the disk: both records are read at the same instant of the same machine."""
    _folder, county = plain

    class Standing(datetime):
        @classmethod
        def now(cls, tz=None):
            return county.now.astimezone(tz)

    monkeypatch.setattr(monitor.clock, "datetime", Standing)
    monkeypatch.setattr("monitor.watch._disk", lambda _settings: ())  # others fill it while a test reads


def answers(path, county, role, ids, capfd):
    """Everything that the role is told, and what the log said meanwhile."""
    settings = site_settings("info")
    database = Database(f"sqlite:///{path}")
    app = create_app(settings, database)
    log_lines.configure("info")
    capfd.readouterr()
    client = browser(app, county.accounts[role])
    told = {ask: tell(client, ask) for ask in asks(county, ids) if allowed(role, ask)}
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    database.close()
    return told, [{name: value for name, value in line.items() if name not in UNLIKE} for line in lines]


def _difference(ask, one, other):
    """The first lines that differ, for whoever has to find out why."""
    if one[ask][:2] != other[ask][:2]:
        return ask, one[ask][:2], other[ask][:2]
    lines = (each[ask].body.decode("latin-1").splitlines() for each in (one, other))
    pairs = zip_longest(*lines)
    return ask, next((pair for pair in pairs if pair[0] != pair[1]), "more lines")


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_may_not_know_of_changes_no_byte_of_what_it_is_told(plain, role, capfd, tmp_path):
    folder, county = plain
    one, other = tmp_path / "one.db", tmp_path / "other.db"
    shutil.copy(folder / "plain.db", one)
    shutil.copy(folder / "plain.db", other)
    database = Database(f"sqlite:///{other}")
    GROWN[role] = hide(database, county, role)
    ids = ids_of(database)
    database.close()
    asked = {name: [*county.ids[name][:4], *(key for key in found if key not in county.ids[name])][:8]
             for name, found in ids.items()}  # fmt: skip
    with_nothing, log_one = answers(one, county, role, asked, capfd)
    with_hidden, log_other = answers(other, county, role, asked, capfd)
    different = [ask for ask, told in with_nothing.items() if told != with_hidden[ask]]
    assert not different, f"{role} can tell: {_difference(different[0], with_nothing, with_hidden)}"
    assert log_one == log_other
    assert not [ask for ask, told in with_hidden.items() if told.status >= 500]
    text = b"".join(told.body for told in with_hidden.values())
    assert HIDDEN.encode() not in text.replace(f'value="{HIDDEN}"'.encode(), b"")
    assert SAID.encode() not in text


def test_pages_show_the_case_that_the_role_may_see(plain, capfd, tmp_path):
    """The test above would pass on empty pages: here the same requests show the case that is not hidden."""
    folder, county = plain
    for role in (Role.OFFICER, Role.JUDGE, Role.CLERK):
        shutil.copy(folder / "plain.db", tmp_path / "one.db")
        told, _log = answers(tmp_path / "one.db", county, role, county.ids, capfd)
        assert sum(b"Abara" in answer.body for answer in told.values()) >= 3, role
        assert {answer.status for answer in told.values()} >= {200, 404}


def test_every_table_about_cases_had_something_hidden_in_it(plain, tmp_path):
    folder, county = plain
    for role in set(Role) - set(GROWN):
        shutil.copy(folder / "plain.db", tmp_path / f"{role}.db")
        database = Database(f"sqlite:///{tmp_path}/{role}.db")
        GROWN[role] = hide(database, county, role)
        database.close()
    idle = sweepable() - set().union(*GROWN.values())
    assert not idle, f"tests/sweep/county.py: hide a row of {idle}, else nothing shows that it stays hidden."
