"""The drill of another key: added, every value moved with a kill in the middle, the old key destroyed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import date

import pytest
import sqlalchemy as sa

from monitor import audit
from monitor.access import totp
from monitor.callbacks.keys import Content, opened
from monitor.callbacks.keys import sealed as sealed_call
from monitor.config import load_settings
from monitor.copies.passing_rows import keys_of
from monitor.db import Database
from monitor.keeping.resealing import SEALED, versions_in_use
from monitor.models import AuditEntry, Base, Order, ProtectedParty, User, random_id
from monitor.party_names import seal_name
from monitor.sealing import SealError, derive_key, sealing_keys, unseal
from monitor.site_keys import SIGNING, KeyRingError, Ring, as_text, read_ring
from tests.builders import add_user, build_town
from tests.house.the_house import ROOT
from tests.monitor.test_removals import Courthouse
from tests.web.accounts import SECRET

NAMES = 450
# keys of what lives for minutes only, in a form or a cookie
PASSING = {"carried", "sign-on", "set-up"}
# bytes that nothing seals: hashes, public keys, the trail's own seals, what a program sent
OTHER_BYTES = {
    "audit_block.previous", "audit_block.root", "audit_block.seal", "audit_entry.previous", "audit_entry.seal",
    "audit_head.seal", "auth_session.token_hash", "calendar_feed.token_hash",
    "passkey.credential_id", "passkey.public_key", "recovery_code.code_hash", "sign_in_attempt.subject",
    "spent_challenge.digest", "upload.content", "machine.secret_hash", "kept_answer.key_hash", "kept_answer.body_hash",
    "kept_answer.content",
    "consultation.sealed", "callback.sealed",  # under keys of their own in stores outside: those are moved
}  # fmt: skip
# the real command in a child that the machine kills (-9) when it has opened so many values
KILLED = """
import os, signal
from monitor.keeping import resealing
whole, done = resealing._again, []
def again(*told):
    done.append(1)
    if len(done) > {after}:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(*told)
resealing._again = again
import sys
sys.argv = ["monitor", "keys", "rotate"]
from monitor.cli import main
main()
"""


@pytest.fixture
def in_file(terminal, monkeypatch, tmp_path):
    """A terminal whose secret lies in a file."""
    file = tmp_path / "keys"
    file.write_text(SECRET)
    monkeypatch.delenv("MONITOR_SECRET_KEY")
    terminal.set("secret_key_file", str(file))
    return terminal


@pytest.fixture
def keyed(in_file, database_url):
    """The same, with a record of 450 sealed names and an authenticator."""
    database = Database(database_url)
    with database.system("test: sealed names") as session, session.begin():
        town = build_town(session)
        for number in (random_id() for _ in range(NAMES)):
            sealed = seal_name(SECRET, number, f"Name {number}")
            session.add(ProtectedParty(id=number, agency_id=town.court_agency, sealed_name=sealed))
        user = session.get_one(User, add_user(session, town.office, "officer", "kit@agency.example"))
        user.totp_secret = totp.seal_secret(SECRET, user.id, "JBSWY3DPEHPK3PXP")
    database.close()
    return in_file


def names_that_open(database: Database, secret: str) -> int:
    """How many names, each the right one, and the authenticator."""
    keys, opened = sealing_keys(secret, "names"), 0
    with database.system("test: names", writes=False) as session:
        for party in session.scalars(sa.select(ProtectedParty)):
            place = f"protected_party.sealed_name.{party.id}"
            opened += unseal(keys, party.sealed_name, place) == f"Name {party.id}"
        user = session.scalars(sa.select(User).where(User.totp_secret.is_not(None))).one()
        assert totp.unseal_secret(secret, user.id, user.totp_secret) == "JBSWY3DPEHPK3PXP"
    return opened


def rotate_until_killed(after: int) -> None:
    ran = subprocess.run([sys.executable, "-c", KILLED.format(after=after)], env=os.environ, check=False, timeout=180)
    assert ran.returncode == -signal.SIGKILL


def test_a_key_changes_through_a_kill_and_when_the_old_one_is_gone_old_copies_do_not_open(keyed, database):
    assert keyed("keys", "add").status == 0
    with database.system("test: an old copy", writes=False) as session:
        old_copy = session.execute(sa.select(ProtectedParty.id, ProtectedParty.sealed_name)).all()
    rotate_until_killed(after=330)  # in the second batch of names: one is moved, the other is not
    with database.system("test: half way", writes=False) as session:
        assert versions_in_use(session) == {1: 250, 2: 201}
    assert names_that_open(database, load_settings().secret_key) == NAMES
    refused = keyed("keys", "retire", 1, "--yes")
    assert refused.status == 1
    assert "250 values" in refused.err

    resumed = keyed("keys", "rotate")
    assert "250 were moved" in resumed.out
    assert "0 were moved" in keyed("keys", "rotate").out
    assert keyed("keys", "retire", 1, "--yes").status == 0
    secret = load_settings().secret_key
    assert names_that_open(database, secret) == NAMES
    assert SECRET not in secret
    keys = sealing_keys(secret, "names")
    for number, sealed in old_copy:
        with pytest.raises(SealError):
            unseal(keys, sealed, f"protected_party.sealed_name.{number}")


def test_the_trail_tells_of_each_step_and_holds_through_all_of_it(keyed, database):
    for step in (("add",), ("rotate",), ("retire", 1, "--yes")):
        assert keyed("keys", *step).status == 0
    assert keyed("audit", "verify").out.startswith("3 entries hold")
    with database.system("test: the trail", writes=False) as session:
        events = session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.number)).all()
        assert events == ["keys.added", "keys.rotated", "keys.retired"]
        assert audit.verify(session, audit.audit_key(SECRET)).broken_at is None
    assert [derive_key(load_settings().secret_key, one) for one in SIGNING] == [derive_key(SECRET, p) for p in SIGNING]
    assert re.search(r"version 2 seals: 451", keyed("keys", "list").out)


def test_the_file_is_never_half_written_nor_open_to_others(keyed, tmp_path):
    keyed("keys", "add")
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o400
    whole = (tmp_path / "keys").read_text()
    for cut in (whole[: len(whole) // 2], whole.replace("seal 1", "open 1"), whole + "seal 2 again\n"):
        with pytest.raises(KeyRingError, match="put a copy of it back"):
            read_ring(cut)
    assert SECRET not in repr(read_ring(SECRET))
    assert keyed("keys", "add").status == 1, "one at a time"
    keyed.set("secret_key", SECRET)
    assert "file" in keyed("keys", "rotate").err, "what stands in the environment cannot be changed from here"


def test_a_case_that_is_sealed_away_comes_back_after_its_key_is_gone(database, in_file):
    house = Courthouse(database)
    with database.system("test: a name on its order") as session, session.begin():
        party = ProtectedParty(id=random_id(), agency_id=house.office.town.court_agency, sealed_name=b"")
        party.sealed_name = seal_name(SECRET, party.id, "Quillonwick Marabel")
        session.add(party)
        session.flush()
        session.get_one(Order, house.matter.order).protected_party_id = party.id
    number = house.out("SEAL")
    for step in (("add",), ("rotate",), ("retire", 1, "--yes")):
        assert in_file("keys", *step).status == 0, step
    secret = load_settings().secret_key
    in_file("cases", "unseal", number, "--order", "2026-EX-12", "--why", "back", "--by", "clerk@court.example")
    house.approve()
    back = in_file("cases", "unseal", number, "--order", "2026-EX-12", "--why", "back", "--by", "clerk@court.example")
    assert back.status == 0, back.err
    with database.system("test: it opens", writes=False) as session:
        sealed = session.get_one(ProtectedParty, party.id).sealed_name
    place = f"protected_party.sealed_name.{party.id}"
    assert unseal(sealing_keys(secret, "names"), sealed, place) == "Quillonwick Marabel"


def test_every_column_of_sealed_values_and_every_purpose_is_known():
    kept = {
        f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.c
        if isinstance(column.type, sa.LargeBinary)
    }  # fmt: skip
    listed = {f"{one.table}.{one.column}" for one in SEALED}
    assert kept - OTHER_BYTES == listed, "say in monitor/keeping/resealing.py what seals the column"
    sources = "".join(path.read_text() for room in ("monitor", "web", "jobs") for path in (ROOT / room).rglob("*.py"))
    named = set(re.findall(r'sealing_keys\([^")]*"([^"]+)"\)', sources))
    assert named - PASSING == {one.purpose for one in SEALED}


def test_rotating_moves_the_keys_of_requests_for_a_call_too_and_does_not_count_them(tmp_path):
    older, newer = "a first secret of the site, long enough", "a second secret of the site, long enough"
    store, both = str(tmp_path / "calls"), as_text(Ring(2, {1: older, 2: newer}, older, {}))
    said = Content(1, 2, 3, "2026-03-06")
    row = sealed_call(keys_of(store, older), 7, said, date(2027, 1, 1))
    assert keys_of(store, both).rewrap() == 1
    assert opened(keys_of(store, as_text(Ring(2, {2: newer}, older, {}))), 7, row) == said
