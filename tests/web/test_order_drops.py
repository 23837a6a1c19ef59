"""A packet for the registry lies in the folder of the court's office: whole, once, and never sent anywhere."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from monitor.clock import local_day, utc_now
from monitor.config import Settings
from monitor.copies.restoring import Target, restore
from monitor.copies.writing import write_copy
from monitor.db import Database
from monitor.models import Agency, AuditEntry, Membership, Outbox, Wall, random_id
from monitor.outbox import dropping
from monitor.outbox.dropping import write_drops
from monitor.outbox.looking import decide_restored, drop_state
from monitor.outbox.sending import LEASE, MOST_TRIES, Sent
from tests.web.accounts import SECRET
from tests.web.conftest import Browser
from tests.web.order_desk import FAMILY, ZONE, Desk
from tests.web.test_order_versions import changed, ended

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Office:
    """A court's office with a folder, and the job that writes into it."""

    def __init__(self, desk: Desk, clerk: Browser, folder: Path) -> None:
        self.desk, self.clerk, self.folder, self.now = desk, clerk, folder, utc_now()
        (agency,) = desk.rows(Agency, Agency.id == desk.town.town.court_agency)
        self.agency, self.code = agency.id, agency.code
        for inside in ("out", "ack"):
            (folder / self.code / inside).mkdir(parents=True)
        desk.database.drops = True
        self.settings = Settings(database_url=desk.database.url, secret_key=SECRET, outgoing_folder=str(folder))

    @property
    def out(self) -> Path:
        return self.folder / self.code / "out"

    def sign(self) -> Any:
        assert self.clerk.post(self.desk.path, data=self.desk.form()).status_code == 303
        return self.desk.made()

    def rows(self) -> list[Outbox]:
        return sorted(self.desk.rows(Outbox, Outbox.channel == "drop"), key=lambda one: one.id)

    def run(self, later: timedelta = timedelta(minutes=1), database: Database | None = None) -> Sent:
        base = database or self.desk.database

        @contextmanager
        def opened() -> Iterator[Any]:
            with base.system("test: the job") as session, session.begin():
                yield session

        return write_drops(opened, base, self.settings, lambda: utc_now() + later)

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.out.iterdir())}

    def endings(self) -> list[str]:
        return sorted(name.rpartition(".")[2] for name in self.files())


@pytest.fixture
def office(desk: Desk, clerk: Browser, tmp_path: Path) -> Office:
    return Office(desk, clerk, tmp_path / "outgoing")


def test_a_signed_order_lies_in_the_courts_folder_as_the_courts_own_page_gives_it_and_once(office: Office) -> None:
    order = office.sign()
    (row,) = office.rows()
    assert row.state == "DUE" and FAMILY.upper() not in row.body.upper() and "PO-777" not in row.body
    assert office.run() == Sent(sent=1)
    assert office.endings() == ["csv", "json", "ok"]
    for name, content in office.files().items():
        assert "777" not in name and str(order.id) not in name
        if not name.endswith(".ok"):
            asked = f"/orders/{order.id}/packet?format={name.rpartition('.')[2]}"
            assert content == office.clerk.get(asked).content
    before = {path: path.stat().st_mtime_ns for path in office.out.iterdir()}
    assert office.run() == Sent() and before == {path: path.stat().st_mtime_ns for path in office.out.iterdir()}
    assert len(office.desk.rows(AuditEntry, AuditEntry.event == "order.dropped")) == 1


def test_a_change_and_an_end_are_told_in_files_of_their_own_each_with_what_is_to_be_done(office: Office) -> None:
    order = office.sign()
    office.run()
    page = office.clerk.get(f"/orders/{order.id}/steps").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    told = {"registry_number": "H12345", "by_agency": "Sheriff", "seen": seen}
    assert office.clerk.post(f"/orders/{order.id}/entered", data=told).status_code == 303
    office.clerk.post(f"/orders/{order.id}/change", data=changed(office.desk, yards="300", notice="NONE"))
    office.run()
    office.clerk.post(f"/orders/{order.id}/end", data=ended(seen="2"))
    office.run()
    packets = [msgspec.json.decode(content) for name, content in office.files().items() if name.endswith(".json")]
    assert sorted(one["action"] for one in packets) == ["CANCEL", "ENTER", "MODIFY"]
    (changed_one,) = [one for one in packets if one["action"] == "MODIFY"]
    assert "300 yards" in changed_one["changed"][0]


def test_without_a_folder_of_the_site_nothing_is_due_and_nothing_is_written(office: Office) -> None:
    office.desk.database.drops = False
    office.sign()
    assert office.rows() == []
    office.settings = Settings(database_url=office.desk.database.url, secret_key=SECRET)
    assert office.run() == Sent()


def wall_off(office: Office, until: date | None = None) -> None:
    with office.desk.database.system("test: somebody of the office is kin") as session, session.begin():
        (one, *_) = session.query(Membership).filter(Membership.agency_id == office.agency)
        one.until_on = until
        session.add(Wall(id=random_id(), agency_id=office.agency, user_id=one.user_id,
                         person_id=office.desk.matter.person, sealed_why=b"-", entered_by_id=one.user_id,
                         entered_at=utc_now()))  # fmt: skip


@pytest.mark.parametrize("days", [None, 1, 40])
def test_where_anybody_of_the_office_is_walled_off_no_file_is_written_and_one_that_lies_there_is_taken_back(
    office: Office, days: int | None
) -> None:
    """Safeguard D1, for whoever is there on a contract whose last day is known, too."""
    office.sign()
    office.run()
    assert office.files()
    office.clerk.post(f"/orders/{office.desk.made().id}/change", data=changed(office.desk, yards="300", notice="NONE"))
    wall_off(office, None if days is None else local_day(utc_now(), ZONE) + timedelta(days=days))
    assert office.run() == Sent() and office.files() == {}
    assert sorted(row.state for row in office.rows()) == ["DROPPED", "SENT"]


WRITER = """
import os, signal, sys
from contextlib import contextmanager
from datetime import datetime
import msgspec
from monitor.config import Settings
from monitor.db import Database
from monitor.outbox import dropping, outgoing
settings, at, where = msgspec.json.decode(sys.argv[1], type=Settings), datetime.fromisoformat(sys.argv[2]), sys.argv[3]
whole, replaced = outgoing._put, os.replace
def put(place, name, content):
    whole(place, name, content)
    if name.endswith(where):
        os.kill(os.getpid(), signal.SIGKILL)
def replace(part, name, **told):
    if where == "half" and name.endswith(".json"):
        os.kill(os.getpid(), signal.SIGKILL)
    replaced(part, name, **told)
outgoing._put, os.replace = put, replace
database = Database(settings.database_url)
@contextmanager
def opened():
    with database.system("killed writer") as session, session.begin():
        yield session
dropping.write_drops(opened, database, settings, lambda: at)
"""


@pytest.mark.parametrize("where", ["half", ".json", ".ok"])
def test_killed_between_any_two_files_the_next_run_leaves_the_same_bytes_under_the_same_names(
    office: Office, where: str
) -> None:
    office.sign()
    at = utc_now() + timedelta(seconds=1)
    command = [sys.executable, "-c", WRITER, msgspec.json.encode(office.settings).decode(), at.isoformat(), where]
    killed = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)  # noqa: S603
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    left = {name: content for name, content in office.files().items() if not name.startswith(".")}
    assert left and (where == ".ok") == any(name.endswith(".ok") for name in left), "an .ok only over whole files"
    assert office.run().sent == 0, "the lease of the killed one holds"
    assert office.run(LEASE + timedelta(minutes=1)).sent == 1
    assert office.endings() == ["csv", "json", "ok"] and left.items() <= office.files().items()


def test_after_a_restore_nothing_is_written_by_itself_and_what_lies_there_is_not_written_again(
    office: Office, tmp_path: Path
) -> None:
    office.sign()
    write_copy(office.desk.database, tmp_path / "copy", SECRET, utc_now())
    assert office.run().sent == 1
    before = {path: path.stat().st_mtime_ns for path in office.out.iterdir()}
    target = Target(f"sqlite:///{tmp_path / 'back.db'}")
    restore(target, tmp_path / "copy", SECRET, utc_now())
    back = Database(target.url)
    assert office.run(database=back) == Sent()
    with back.system("test: an administrator sends it") as session, session.begin():
        decide_restored(session, True, utc_now())
    assert office.run(database=back).sent == 1
    assert before == {path: path.stat().st_mtime_ns for path in office.out.iterdir()}
    back.close()


def full_disk(office: Office) -> Callable[[], None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    whole = dropping.outgoing.write

    def write(*told: Any) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (16, hard))  # the kernel cuts the file off, as a full disk does
        try:
            whole(*told)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    dropping.outgoing.write = write

    def mended() -> None:
        dropping.outgoing.write = whole
        signal.signal(signal.SIGXFSZ, ignored)

    return mended


def no_folder(office: Office) -> Callable[[], None]:
    shutil.rmtree(office.out)
    return office.out.mkdir


def a_link(office: Office) -> Callable[[], None]:
    office.out.rmdir()
    office.out.symlink_to(office.folder)

    def mended() -> None:
        office.out.unlink()
        office.out.mkdir()

    return mended


@pytest.mark.parametrize(("broken", "fault"), [
    (full_disk, "disk full"), (no_folder, "folder missing"), (a_link, "folder missing"),
])  # fmt: skip
def test_a_folder_that_fails_is_tried_again_given_up_shown_and_tried_again_by_an_administrator(
    office: Office, client_as: Callable[..., Browser], broken: Callable[[Office], Callable[[], None]], fault: str
) -> None:
    office.sign()
    mend = broken(office)
    try:
        tries = [office.run(timedelta(hours=2 * hour + 1)) for hour in range(MOST_TRIES)]
    finally:
        mend()
    assert tries == [Sent(put_off=1)] * (MOST_TRIES - 1) + [Sent(given_up=1)]
    assert office.files() == {}, "nothing is left by half"
    assert [(row.state, row.error) for row in office.rows()] == [("FAILED", fault)]
    administrator = client_as("administrator")
    page = administrator.get("/admin").text
    assert "Files for the registry" in page and fault in page and "PO-777" not in page and FAMILY not in page
    assert administrator.post("/admin/outbox/retry").status_code == 303
    assert office.run().sent == 1 and office.endings() == ["csv", "json", "ok"]


def no_right(office: Office) -> Callable[[], None]:
    office.out.chmod(0o500)
    whole, root = dropping.outgoing.write, os.geteuid() == 0

    def write(*told: Any) -> None:
        if root:  # who may write anywhere: so it is done as somebody who may not
            os.seteuid(65534)
        try:
            whole(*told)
        finally:
            if root:
                os.seteuid(0)

    dropping.outgoing.write = write

    def mended() -> None:
        dropping.outgoing.write = whole
        office.out.chmod(0o700)

    return mended


def test_a_folder_without_rights_says_so_and_is_written_once_it_is_mended(office: Office) -> None:
    office.sign()
    mend = no_right(office)
    try:
        assert office.run() == Sent(put_off=1)
    finally:
        mend()
    assert [row.error for row in office.rows()] == ["no right to write"]
    assert office.run(timedelta(hours=2)).sent == 1


def test_an_acknowledgement_is_noted_without_being_read_and_old_files_go(office: Office) -> None:
    office.sign()
    office.run()
    (stem,) = [name.removesuffix(".ok") for name in office.files() if name.endswith(".ok")]
    (office.folder / office.code / "ack" / f"{stem}.ack").write_text("HIT 123 NAM/BELL")
    (office.folder / office.code / "ack" / "something else.txt").write_text("stays")
    office.run()
    with office.desk.database.system("test: look", writes=False) as session:
        state = drop_state(session, utc_now())
    assert (state.written, state.acknowledged) == (1, 1)
    assert [row.error for row in office.rows()] == ["acknowledged"]
    office.run(timedelta(days=29))
    assert office.files()
    office.run(timedelta(days=31))
    assert office.files() == {} and os.listdir(office.folder / office.code / "ack") == ["something else.txt"]
