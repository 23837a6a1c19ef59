"""`monitor db`, `monitor audit` and `monitor users` from outside, on both databases."""

from __future__ import annotations

from monitor.models import Agency
from tests.monitor.tampering import tamper

OFFICER = ["--email", "kit@agency.example", "--name", "Kit Rowe", "--role", "officer", "--agency", "P1"]


def with_agency(database_url):
    from monitor.db import Database

    database = Database(database_url)
    with database.system("test: an agency") as session, session.begin():
        session.add(Agency(kind="probation", name="Probation", code="P1", zone="America/Los_Angeles"))
    database.close()


def test_upgrading_twice_is_safe_and_the_check_finds_it_sound(terminal):
    first, second, check = terminal("db", "upgrade"), terminal("db", "upgrade"), terminal("db", "check")
    assert first.status == second.status == check.status == 0
    assert first.out == second.out
    assert "sound" in check.out


def test_an_account_is_added_reset_and_disabled_and_the_trail_holds(terminal, database_url):
    with_agency(database_url)
    added, again = terminal("users", "add", *OFFICER), terminal("users", "add", *OFFICER)
    assert added.status == 0
    email, password, *_next = added.out.splitlines()
    assert email == "kit@agency.example"
    assert len(password) >= 12
    assert again.status == 1
    assert "exists already" in again.err
    reset = terminal("users", "reset", "kit@agency.example")
    assert reset.out.splitlines()[1] != password
    assert terminal("users", "disable", "kit@agency.example").status == 0
    trail = terminal("audit", "verify")
    assert trail.status == 0
    assert trail.out.startswith("3 entries hold")


def test_a_role_that_does_not_fit_the_agency_is_refused_in_one_sentence(terminal, database_url):
    with_agency(database_url)
    refused = terminal("users", "add", *OFFICER[:4], "--role", "judge", "--agency", "P1")
    assert refused.status == 1
    assert "kind court" in refused.err


def test_a_broken_trail_is_told_with_its_place(terminal, database_url):
    import sqlalchemy as sa

    from monitor.db import Database

    with_agency(database_url)
    terminal("users", "add", *OFFICER)
    database = Database(database_url)
    tamper(database, sa.text("update audit_entry set event = 'user.seen'"))
    database.close()
    ran = terminal("audit", "verify")
    assert ran.status == 1
    assert "breaks at entry 1" in ran.err


def test_a_copy_comes_back_and_nothing_is_overwritten(terminal, database_url, tmp_path):
    with_agency(database_url)
    terminal("users", "add", *OFFICER)
    ran = terminal("db", "backup", "copy")
    assert ran.status == 0, ran.err
    assert "read it back" in ran.out
    assert "no MONITOR_CASE_KEYS_FILE" in ran.err
    assert terminal("db", "backup", "copy").status == 1
    assert "nothing is overwritten" in terminal("db", "restore", "copy").err
    drill = terminal("db", "drill", "copy")
    assert drill.status == 0, drill.err
    assert "would do" in drill.out
    terminal.set("database_url", f"sqlite:///{tmp_path / 'restored.db'}")
    assert "signed out" in terminal("db", "restore", "copy").out
    assert terminal("audit", "verify").out.startswith("2 entries hold")
    assert terminal("db", "check").status == 0


def test_a_store_of_case_keys_is_made_when_told_and_missed_when_it_is_gone(terminal, database_url, tmp_path):
    with_agency(database_url)
    terminal.set("case_keys_file", str(tmp_path / "store"))
    refused = terminal("db", "backup", "copy")
    assert refused.status == 1 and "--new-case-keys" in refused.err
    assert terminal("db", "backup", "copy", "--new-case-keys").status == 0
    assert terminal("db", "backup", "next").status == 0
    assert terminal("db", "drill", "copy").status == 0
    (tmp_path / "store").unlink()
    for command in (("db", "drill", "copy"), ("db", "backup", "third"), ("db", "restore", "copy")):
        ran = terminal(*command)
        assert ran.status == 1 and ("no store of case keys" in ran.err or "nothing is overwritten" in ran.err), ran.err
    assert not (tmp_path / "store").exists()


def test_a_trail_that_does_not_fit_what_was_kept_elsewhere_fails_the_drill(terminal, database_url, tmp_path):
    with_agency(database_url)
    terminal.set("anchors_file", str(tmp_path / "anchors"))
    terminal("users", "add", *OFFICER)
    terminal("audit", "anchor")
    day, number, seal = (tmp_path / "anchors").read_text().split()
    (tmp_path / "anchors").write_text(f"{day} {number} {seal[::-1]}\n")
    terminal("db", "backup", "copy")
    ran = terminal("db", "drill", "copy")
    assert ran.status == 1
    assert "does not fit its anchors at entry 1" in ran.err


def test_without_a_secret_there_is_no_copy(terminal):
    terminal.set("secret_key", "")
    ran = terminal("db", "backup", "copy")
    assert ran.status == 1
    assert "MONITOR_SECRET_KEY" in ran.err


def test_what_is_no_database_is_not_restored(terminal, database_url, tmp_path):
    (tmp_path / "letter.db").write_text("Dear court, " * 200)
    terminal.set("database_url", "sqlite:///new.db")
    ran = terminal("db", "restore", "letter.db")
    assert ran.status == 1
    assert "not a sound" in ran.err
    assert not (tmp_path / "new.db").exists()


def test_evaluating_an_empty_record_counts_nothing(terminal):
    ran = terminal("evaluate", "--full")
    assert ran.status == 0
    assert '"cases":0' in ran.out
    assert ran.err == ""
