"""Unique words are planted wherever something must stay inside, and looked for in everything that goes out or is kept.

Outputs of every role on every page, answers to errors, log lines, the audit trail, the whole database as a copy of it
holds it, and the files of the program; plain, and as URLs, base64, hexadecimal, lower case and without spaces.
"""

from __future__ import annotations

import base64
import sqlite3
from contextlib import ExitStack, closing
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import quote, quote_plus

import pytest
import sqlalchemy as sa

from monitor import log_lines
from monitor.access.roles import Role
from monitor.db import Database
from monitor.intake.record.keeping import unpack
from monitor.models import Order, ProtectedParty, Upload, UploadRow
from monitor.models.base import random_id
from monitor.sealing import seal, sealing_keys
from tests.conftest import empty_database
from tests.monitor.planted_notes import MISSED, NOTES
from tests.sweep.county import build
from tests.sweep.visiting import allowed, asks, browser, site_settings
from tests.web.accounts import PASSWORD, SECRET, TOTP
from web.app import create_app

NAME = "Quillonwick Marabel"  # the protected party, sealed
TYPED = "Ptarmigan Velloway wrong"  # a password that does not fit
SOUGHT = "Oxbridgeton Farrelly"  # words of a search
HELD = "She is staying at 4417 Quandary Street"  # words that the lint stops
RAISED = "Key (name)=(Thistlewaite Orsino) already exists"  # what a database says in an error
ALONE = ["541-555-0199", "(541) 555-0198"]  # in a cell of their own
CELLS = [note for _, note in NOTES if note not in MISSED] + ALONE


class Kept(NamedTuple):
    """All that was said, logged and kept, as bytes; by where it was found."""

    said: bytes
    logged: bytes
    database: bytes
    tokens: list[str]
    rows: list[int]


def forms_of(word):
    """The word as it may turn up."""
    plain = word.encode()
    return {
        plain, plain.lower(), plain.replace(b" ", b""), quote(word).encode(), quote_plus(word).encode(),
        base64.b64encode(plain).rstrip(b"=")[:-1], plain.hex().encode(), plain.hex().upper().encode(),
    }  # fmt: skip


def found(word, text):
    return any(form in text for form in forms_of(word)) or word.lower().encode() in text.lower()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def kept(request, tmp_path_factory):
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("canaries")
        database = Database(stack.enter_context(empty_database(request, folder)))
        stack.callback(database.close)
        county = build(database)
        plant(database, county)
        settings = site_settings("info")
        with (folder / "log").open("w+") as log:
            stack.enter_context(pytest.MonkeyPatch.context()).setattr("sys.stderr", log)
            app = create_app(settings, database)
            log_lines.configure("info")
            said = use(app, county) + break_it(app, county)
            log.flush()
            logged = (folder / "log").read_bytes()
            log_lines.configure("critical")  # the file closes here
        tokens = [account.token for account in county.accounts.values()]
        sheets, rows = sheets_of(database)
        yield Kept(said, logged, copy_of(database, folder) + sheets, tokens, rows)


def plant(database, county):
    party = random_id()
    sealed = seal(sealing_keys(SECRET, "names"), NAME, f"protected_party.sealed_name.{party}")
    with database.system("test: plant") as session, session.begin():
        session.add(ProtectedParty(id=party, agency_id=county.near.court_agency, sealed_name=sealed))
        session.flush()
        session.execute(sa.update(Order).where(Order.case_id == county.matter.case).values(protected_party_id=party))


def use(app, county):
    """Everybody looks at everything; a program brings in unsafe notes; somebody types what must not be kept."""
    said = bytearray()
    for role in Role:
        client = browser(app, county.accounts[role])
        for ask in asks(county, county.ids, most=4):
            if allowed(role, ask):
                said += told(client.request(ask.method, ask.path, params=dict(ask.query), data=dict(ask.form) or None))
    program = browser(app, county.accounts[Role.PROGRAM])
    days = [county.now.date() - timedelta(days=back) for back in range(len(CELLS))]
    columns = "Name,Date,Status,Notes,Seen by"
    rows = [f'Ann Abara,{day},Present,"{note}",{ALONE[0]}' for day, note in zip(days, CELLS, strict=True)]
    sheet = "\n".join([columns, *rows]).encode()
    answer = program.post("/attendance/uploads", files={"file": ("s.csv", sheet, "text/csv")})
    assert answer.status_code == 303
    said += told(program.get(answer.headers["location"])) + told(program.get(answer.headers["location"] + "/problems"))
    officer = browser(app, county.accounts[Role.OFFICER])
    absence = county.ids["attendance"][0]
    officer.post("/caseload", data={"words": SOUGHT})
    held = officer.post(f"/absences/{absence}/decide", data={"words": HELD, "decision": "UNEXCUSED", "token": "x"})
    assert held.status_code == 422
    nobody = browser(app, None)
    said += told(nobody.post("/sign-in", data={"email": "officer@agency.example", "password": TYPED}))
    return bytes(said)


def break_it(app, county):
    """Every page fails with an error that quotes a row."""
    said = bytearray()
    officer = browser(app, county.accounts[Role.OFFICER])
    with pytest.MonkeyPatch.context() as patch:
        def fails(*_args, **_kwargs):
            raise RuntimeError(RAISED)

        for place in ("web.today.today", "web.caseload.caseload", "web.people.person_page", "web.flags.flag_page"):
            patch.setattr(place, fails, raising=False)
        for path in ("/today", "/caseload", f"/people/{county.matter.person}", f"/flags/{county.ids['flag'][0]}"):
            answer = officer.get(path)
            said += told(answer)
    assert b"went wrong on our side" in said
    return bytes(said)


def told(answer):
    return repr(sorted(answer.headers.items())).encode() + answer.content


def copy_of(database, folder):
    """The database as somebody finds it who gets a copy: the file's bytes, or every row as text."""
    if database.is_sqlite:
        with closing(sqlite3.connect(database.engine.url.database)) as source, closing(
            sqlite3.connect(folder / "copy.db")
        ) as copy:
            source.backup(copy)
        return (folder / "copy.db").read_bytes()
    with database.system("test: a copy", writes=False) as session:
        names = session.scalars(sa.text("select tablename from pg_tables where schemaname = 'public'")).all()
        rows = [session.scalars(sa.text(f'select row_to_json(t)::text from "{name}" t')).all() for name in names]
    return "\n".join(sum(map(list, rows), [])).encode()


def sheets_of(database):
    """The tables of sheets that wait, which lie compressed in the database; and how many rows became of each."""
    with database.system("test: sheets", writes=False) as session:
        packed = session.scalars(sa.select(Upload.content).where(Upload.content.is_not(None))).all()
        counts = session.scalars(sa.select(sa.func.count()).select_from(UploadRow).group_by(UploadRow.upload_id)).all()
    return b"".join(repr(unpack(each).tables).encode() for each in packed), list(counts)


@pytest.mark.parametrize("word", [NAME, TOTP, PASSWORD, TYPED, RAISED.split("(")[2][:12]])
def test_sealed_names_seeds_passwords_and_rows_in_errors_are_nowhere(kept, word):
    assert not found(word, kept.said)
    assert not found(word, kept.logged)
    assert not found(word, kept.database)


def test_tokens_of_sessions_are_nowhere(kept):
    for token in kept.tokens:
        assert not found(token, kept.said)
        assert not found(token, kept.logged)
        assert not found(token, kept.database)


def test_what_was_searched_for_and_what_was_held_back_is_kept_nowhere(kept):
    for words in (SOUGHT, HELD):
        assert not found(words, kept.logged)
        assert not found(words, kept.database)


def test_unsafe_notes_of_a_sheet_are_kept_and_shown_nowhere(kept):
    everything = kept.said + kept.logged + kept.database
    leaked = [note for note in CELLS if found(note, everything)]
    assert not leaked


def test_a_row_is_not_lost_with_its_note_and_the_program_is_told(kept):
    assert max(kept.rows) >= len(CELLS)
    assert b"W-NOTE-VICTIM" in kept.database
    assert b"victim" in kept.said.lower()


def test_the_search_would_find_them(kept):
    """A word that may be there is there: in pages, log and database."""
    assert found("Abara", kept.said)
    assert found("/people/{person_id}", kept.logged)
    assert found("Abara", kept.database)
    assert not found("Abara", kept.logged)
