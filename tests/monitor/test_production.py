"""A site that others reach does not start unsafe: each fault is tried with a real `monitor serve`."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from monitor.config import Settings
from monitor.production import is_guessable, refuse_unsafe

MONITOR = Path(sys.executable).with_name("monitor")
GOOD_SECRET = "kT9-vQ2_xLz7Rw4mNc8Jp1HsYb6GdA3fUe5oXiZt"
GOOD = {"SECRET_KEY": GOOD_SECRET, "BASE_URL": "https://monitor.county.example", "TRUSTED_PROXIES": "127.0.0.1"}


def environment(tmp_path, **settings):
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MONITOR_", "LITESTAR_"))}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = {"DATABASE_URL": f"sqlite:///{tmp_path}/monitor.db", "PORT": str(port), **GOOD, **settings}
    debuggers = {name: told.pop(name) for name in list(told) if name.startswith("LITESTAR_")}
    return clean | {f"MONITOR_{name}": value for name, value in told.items()} | debuggers


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"LITESTAR_DEBUG": "1"}, "LITESTAR_DEBUG"),
        ({"DEBUG": "1"}, "MONITOR_DEBUG"),
        ({"SECRET_KEY": ""}, "MONITOR_SECRET_KEY"),
        ({"SECRET_KEY": "changeme-changeme-changeme-changeme-"}, "MONITOR_SECRET_KEY"),
        ({"SECRET_KEY": "a" * 40}, "MONITOR_SECRET_KEY"),
        ({"BASE_URL": "http://monitor.county.example"}, "https"),
        ({"TRUSTED_PROXIES": ""}, "MONITOR_TRUSTED_PROXIES"),
        ({"DEMO": "true"}, "MONITOR_DEMO"),
    ],
    ids=["litestar debug", "our debug", "no secret", "example secret", "flat secret", "http", "no proxy", "demo"],
)
def test_serve_refuses_to_start(tmp_path, fault, says):
    ran = subprocess.run(
        [MONITOR, "serve"], cwd=tmp_path, env=environment(tmp_path, **fault), capture_output=True, text=True,
        timeout=180, check=False,
    )  # fmt: skip
    assert ran.returncode != 0
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr


def test_serve_starts_with_all_of_it_set(tmp_path):
    told = environment(tmp_path)
    subprocess.run([MONITOR, "db", "upgrade"], cwd=tmp_path, env=told, check=True, capture_output=True)
    child = subprocess.Popen([MONITOR, "serve"], cwd=tmp_path, env=told, stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and child.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", int(told["MONITOR_PORT"]))) == 0:
                    break
            time.sleep(0.2)
        assert child.poll() is None, child.stderr.read()
    finally:
        child.terminate()
        child.wait(timeout=120)


def test_what_others_on_the_machine_can_read_is_refused(tmp_path):
    keys, database = tmp_path / "keys", tmp_path / "monitor.db"
    safe = Settings(secret_key=GOOD_SECRET, base_url=GOOD["BASE_URL"], trusted_proxies="10.0.0.1",
                    database_url=f"sqlite:///{database}")  # fmt: skip
    for file, mode in ((keys, 0o640), (database, 0o604)):
        file.touch()
        file.chmod(mode)
        with pytest.raises(ValueError, match="chmod 600"):
            refuse_unsafe(safe, {"MONITOR_SECRET_KEY_FILE": str(keys)})
        file.chmod(0o600)
        refuse_unsafe(safe, {"MONITOR_SECRET_KEY_FILE": str(keys)})


@pytest.mark.parametrize(
    ("where", "refused"),
    [("db.county.example/monitor", True), ("db.county.example/monitor?sslmode=require", True),
     ("/monitor?host=db.county.example", True), ("db.county.example/monitor?sslmode=verify-full", False),
     ("localhost/monitor", False), ("/monitor?host=/run/postgresql", False), ("/monitor", False)],
)  # fmt: skip
def test_a_database_on_another_machine_is_reached_encrypted_and_known_or_not_at_all(where, refused):
    told = Settings(secret_key=GOOD_SECRET, base_url=GOOD["BASE_URL"], trusted_proxies="10.0.0.1",
                    database_url=f"postgresql://{where}")  # fmt: skip
    if refused:
        with pytest.raises(ValueError, match="sslmode=verify-full"):
            refuse_unsafe(told, {})
    else:
        refuse_unsafe(told, {})


def test_a_new_key_ring_is_as_good_as_its_weakest_secret(tmp_path):
    ring = f"sign {GOOD_SECRET}\nseal 2 {'ab' * 20}\nopen 1 {GOOD_SECRET}"
    weak = Settings(secret_key=ring, base_url=GOOD["BASE_URL"], trusted_proxies="10.0.0.1",
                    database_url=f"sqlite:///{tmp_path}/monitor.db")  # fmt: skip
    with pytest.raises(ValueError, match="reads like an example"):
        refuse_unsafe(weak, {})


def test_what_the_command_writes_is_its_owners_alone_whatever_the_umask(tmp_path):
    told = environment(tmp_path)
    subprocess.run(["sh", "-c", f"umask 000; exec {MONITOR} db upgrade"], cwd=tmp_path, env=told, check=True,
                   capture_output=True)  # fmt: skip
    assert (tmp_path / "monitor.db").stat().st_mode & 0o777 == 0o600


def test_sqlite_on_a_network_file_system_is_refused(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {tmp_path}/share nfs4 rw 0 0\n")
    shared = Settings(secret_key=GOOD_SECRET, base_url=GOOD["BASE_URL"], trusted_proxies="10.0.0.1",
                      database_url=f"sqlite:///{tmp_path}/share/monitor.db")  # fmt: skip
    with pytest.raises(ValueError, match="nfs4"):
        refuse_unsafe(shared, {}, str(mounts))
    local = Settings(secret_key=GOOD_SECRET, base_url=GOOD["BASE_URL"], trusted_proxies="10.0.0.1",
                     database_url=f"sqlite:///{tmp_path}/monitor.db")  # fmt: skip
    refuse_unsafe(local, {}, str(mounts))


def test_secrets_that_people_make_up_are_told_from_drawn_ones():
    assert is_guessable("please changeme before you go live 2026")
    assert is_guessable("abcabcabcabcabcabcabcabcabcabcabcabc")
    assert not is_guessable(GOOD_SECRET)


def test_a_site_of_this_machine_alone_may_do_as_it_likes():
    refuse_unsafe(Settings(secret_key="x"), {"LITESTAR_DEBUG": "1"})
