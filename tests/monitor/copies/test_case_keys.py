"""An expunged case is out of every copy that was ever made: its key is destroyed (safeguard H8)."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from monitor.copies.case_keys import CaseKeys
from monitor.copies.content import Content
from monitor.copies.drill import drill
from monitor.copies.restoring import restore
from monitor.copies.stream import CopyError, Reader
from monitor.copies.writing import PURPOSE, write_copy
from monitor.db import Database
from monitor.intake.importing import import_attendance
from monitor.keeping.removals import carry_out
from monitor.models import Attendance, Person, ProtectedParty, Removal, Review, Upload, UploadRow, random_id
from monitor.party_names import seal_name
from monitor.sealing import sealing_keys
from monitor.site_keys import add_version, as_text, read_ring, use_newest, without
from tests.builders import contact
from tests.monitor.copies.places import all_rows
from tests.monitor.test_removals import NUMBER, SECRET, Courthouse, wanted
from tests.office import NOW

WORDS = ("Zanzibarov", NUMBER, "Quillwort at the counter", "Saw the marigold report", "bergamot bus")


# what does not hang on the kind of database, and takes seconds
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Archive:
    """A record with one case that will leave, its words planted wherever words are kept, and the store of keys."""

    def __init__(self, house: Courthouse, folder: Path) -> None:
        self.house, self.database, self.folder = house, house.database, folder
        self.store = folder / "case-keys"
        CaseKeys(self.store, SECRET, create=True)
        self._plant()

    def _plant(self) -> None:
        matter, day = self.house.matter, (NOW.date() - timedelta(days=2)).isoformat()
        rows = f"Lev Zanzibarov,{day},Present\nAnn Example,{day},Present\nZanzibarov L.,{day},Present\n"
        import_attendance(self.database, "near-p", "s.csv", f"Name,Date,Status\n{rows}".encode(), NOW)
        with self.database.system("test: words of the case") as session, session.begin():
            contact(session, matter, NOW.date(), note=WORDS[2])
            session.execute(sa.update(Review).where(Review.case_id == matter.case).values(words=WORDS[3]))
            session.execute(sa.update(Attendance).where(Attendance.case_id == matter.case).values(note=WORDS[4]))

    def keys(self, secret: str = SECRET) -> CaseKeys:
        return CaseKeys(self.store, secret)

    def copy(self, name: str) -> Path:
        file = self.folder / name
        write_copy(self.database, file, SECRET, NOW, self.keys())
        return file

    def expunge(self) -> None:
        self.out("EXPUNGE")

    def out(self, kind: str, case: str = NUMBER) -> int:
        """Asked, approved and done, with the store at hand; the number of the removal."""
        for approve in (True, False):
            with self.database.system("test: by order") as session, session.begin():
                done = carry_out(session, wanted(kind, case), SECRET, NOW, self.keys())
            if approve:
                self.house.approve()
        return done.removal


@pytest.fixture
def archive(database: Database, tmp_path: Path) -> Archive:
    return Archive(Courthouse(database), tmp_path)


def all_that_opens(file: Path, keys: CaseKeys, secret: str = SECRET) -> str:
    """Every frame of the copy that the site's key and the store open, as text; and the sealed ones as bytes."""
    told = []
    with file.open("rb") as source:
        content = Content(Reader(source, sealing_keys(secret, PURPOSE)))
        for frame in content.frames():
            opened = frame.rows if frame.stays or not frame.unit else keys.open(frame.unit, frame.rows, frame.table)
            rows = msgspec.msgpack.decode(opened) if isinstance(opened, bytes) and frame.unit else opened
            told.append(f"{frame.table} {rows!r} {frame.rows!r}")
    return "\n".join(told)


def test_after_it_name_and_words_open_in_no_copy_that_was_made_before(archive: Archive):
    file = archive.copy("before")
    told = all_that_opens(file, archive.keys())
    assert [word for word in WORDS if word not in told] == [], "until then they are there"
    assert drill(file, SECRET, NOW, archive.keys()).faults == []
    archive.expunge()
    told = all_that_opens(file, archive.keys())
    assert [word for word in WORDS if word in told] == []
    assert str(archive.house.matter.person) not in told, "not even that there was somebody"
    assert "Ann" in told and "Example" in told


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_copy_made_before_comes_back_as_if_the_case_had_never_been_there(archive: Archive, place, kind):
    file = archive.copy("before")
    archive.expunge()
    target = place(kind)
    done = restore(target, file, SECRET, NOW, archive.keys())
    assert done.left_out >= 2, "the case, and the sheet that named it"
    back = Database(target.url)
    sheets = frozenset({"upload", "upload_row"})
    assert all_rows(back, sheets) == all_rows(archive.database, sheets)
    with back.system("test: of the sheet stays what others need", writes=False) as session:
        assert session.get(Person, archive.house.matter.person) is None
        assert session.execute(sa.select(Upload.content, Upload.check)).all() == [(None, {})]
        assert len(session.scalars(sa.select(UploadRow.id)).all()) == 1, "the row of the other person"
    back.close()
    assert drill(file, SECRET, NOW, archive.keys()).faults == []


def test_a_case_that_was_sealed_first_is_out_of_older_copies_with_its_sheets_once_it_is_expunged(archive: Archive):
    file = archive.copy("before")
    sealed = archive.out("SEAL")
    told = all_that_opens(file, archive.keys())
    assert [word for word in WORDS if word not in told] == [], "a seal keeps the keys"
    archive.out("EXPUNGE", str(sealed))
    told = all_that_opens(file, archive.keys())
    assert [word for word in WORDS if word in told] == []
    assert "Ann" in told and "Example" in told
    with archive.database.system("test: what is still known of sheets", writes=False) as session:
        assert session.scalars(sa.select(Removal.units)).all() == [[]]


@ON_ONE
def test_a_case_that_came_back_and_is_expunged_then_is_out_of_copies_from_before_its_seal(archive: Archive):
    with archive.database.system("test: no class came of the sheet") as session, session.begin():
        session.execute(sa.update(Attendance).values(upload_id=None))
    file = archive.copy("before")
    archive.out("RETURN", str(archive.out("SEAL")))
    archive.expunge()
    told = all_that_opens(file, archive.keys())
    assert [word for word in WORDS if word in told] == []


@ON_ONE
def test_a_person_whom_another_case_needs_stays_in_the_copy_with_that_case(archive: Archive):
    from monitor.models import Case

    with archive.database.system("test: a second case") as session, session.begin():
        first = session.get_one(Case, archive.house.matter.case)
        session.add(Case(id=random_id(), agency_id=first.agency_id, court_id=first.court_id, person_id=first.person_id,
                         number="26-DV-001000", opened_on=first.opened_on))  # fmt: skip
        party = ProtectedParty(id=random_id(), agency_id=first.agency_id, sealed_name=b"")
        party.sealed_name = seal_name(SECRET, party.id, "Marabel Q")
        session.add(party)
    file = archive.copy("before")
    archive.expunge()
    told = all_that_opens(file, archive.keys())
    assert "Zanzibarov" in told and "26-DV-001000" in told
    assert NUMBER not in told and WORDS[2] not in told
    assert drill(file, SECRET, NOW, archive.keys()).faults == []


@ON_ONE
def test_a_case_that_comes_new_after_has_a_key_of_its_own_and_old_bytes_stay_shut(archive: Archive):
    file = archive.copy("before")
    case = archive.house.matter.case
    archive.keys().destroy([case])
    archive.copy("after")
    keys = archive.keys()
    assert keys.holds(case)
    assert WORDS[2] not in all_that_opens(file, keys)
    assert WORDS[2] in all_that_opens(archive.folder / "after", keys)


@ON_ONE
def test_the_store_needs_the_sites_key_tells_nothing_and_moves_with_it(archive: Archive):
    file = archive.copy("before")
    for secret in ("another secret of the test site, long enough",):
        with pytest.raises(ValueError, match="does not open"):
            archive.keys(secret)
    with pytest.raises(CopyError, match="MONITOR_CASE_KEYS_FILE"):
        drill(file, SECRET, NOW)
    assert "Zanz" not in repr(archive.keys())
    assert archive.store.stat().st_mode & 0o077 == 0
    ring = use_newest(add_version(read_ring(SECRET)))
    assert archive.keys(as_text(ring)).rewrap() > 0
    last = as_text(without(ring, 1))
    assert archive.keys(last).holds(archive.house.matter.case)
    with pytest.raises(ValueError, match="does not open"):
        archive.keys(SECRET)


@ON_ONE
def test_without_the_store_of_its_keys_a_copy_neither_passes_a_drill_nor_comes_back(archive: Archive, place):
    file, folder = archive.copy("copy"), archive.folder
    with pytest.raises(CopyError, match="no store of case keys in .*typed-wrong"):
        CaseKeys(folder / "typed-wrong", SECRET)
    assert not (folder / "typed-wrong").exists(), "looking for it makes none"
    for name, bytes_ in (("emptied", b""), ("torn", b"no store" * 200)):
        (folder / name).write_bytes(bytes_)
        with pytest.raises(CopyError, match="is empty or no store"):
            CaseKeys(folder / name, SECRET)
    with pytest.raises(CopyError, match="made once, and never over another"):
        CaseKeys(archive.store, SECRET, create=True)
    another, target = CaseKeys(folder / "another", SECRET, create=True), place("sqlite")
    with pytest.raises(CopyError, match="not the one of this copy"):
        drill(file, SECRET, NOW, another)
    with pytest.raises(CopyError, match="not the one of this copy"):
        restore(target, file, SECRET, NOW, another)
    assert not Path(target.url.removeprefix("sqlite:///")).exists()
    assert drill(file, SECRET, NOW, archive.keys()).restored.left_out == 0


@ON_ONE
def test_a_destroyed_key_leaves_no_byte_in_the_store(archive: Archive):
    archive.copy("before")
    shutil.copy(archive.store, archive.folder / "replica")
    case = archive.house.matter.case
    with archive.database.system("test", writes=False):
        wrapped = _wrapped(archive.store, case)
    assert wrapped in archive.store.read_bytes()
    archive.keys().destroy([case])
    assert wrapped not in archive.store.read_bytes()
    assert not list(archive.folder.glob("case-keys-*"))


def _wrapped(store: Path, unit: int) -> bytes:
    import sqlite3

    connection = sqlite3.connect(store)
    found = connection.execute("select wrapped from unit_key where unit = ?", (unit,)).fetchone()[0]
    connection.close()
    return found
