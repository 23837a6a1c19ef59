"""The outgoing folder: files of an office, each whole or not there, and an ``.ok`` once they all are.

    FOLDER/OFFICE-CODE/out/20260304T170000Z-5f0c3b1e9a2d4c68.csv, .json, .ok
    FOLDER/OFFICE-CODE/ack/20260304T170000Z-5f0c3b1e9a2d4c68.ack      put there by the receiver

Files only: there is no host, no protocol and no connection in here. What is under its ``.ok`` is never written again.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from monitor.held_folder import held
from monitor.outbox.mailer import NotNow

OK, ACK, PART = ".ok", ".ack", ".part"
OURS: Final = re.compile(r"\.?(\d{8}T\d{6}Z-[0-9a-f]{16})\.(?:csv|json|ok|ack)(?:\.part)?")
FAULTS: Final = {
    errno.ENOENT: "folder missing", errno.ENOTDIR: "folder missing", errno.ELOOP: "folder is a link",
    errno.ENOSPC: "disk full", errno.EDQUOT: "disk full", errno.EFBIG: "disk full", errno.EACCES: "no right to write",
    errno.EPERM: "no right to write", errno.EROFS: "folder is read-only",
}  # fmt: skip
CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def is_written(folder: Path, code: str, stem: str) -> bool:
    """Whether an earlier try wrote all of it: then nothing of it is touched. Raises `NotNow`."""
    with _told(), _opened(folder, code, "out") as place:
        return _is_there(place, f"{stem}{OK}")


def write(folder: Path, code: str, stem: str, files: Mapping[str, bytes]) -> None:
    """Write each file whole, by its ending, and then the ``.ok``. Raises `NotNow` with the kind of fault."""
    with _told(), _opened(folder, code, "out") as place:
        if _is_there(place, f"{stem}{OK}"):
            return
        for ending, content in files.items():
            _put(place, f"{stem}.{ending}", content)
        os.fsync(place)  # names of files are on the disk before the one that says that they are
        _put(place, f"{stem}{OK}", b"")
        os.fsync(place)


def acknowledged(folder: Path, code: str) -> Iterator[str]:
    """The stems whose ``.ack`` lies there. What it holds is not read: a registry's answer is kept nowhere (A11)."""
    with contextlib.suppress(OSError), _opened(folder, code, "ack") as place:
        for name in sorted(os.listdir(place)):
            found = OURS.fullmatch(name)
            if found and name == f"{found[1]}{ACK}" and _is_there(place, name):
                yield found[1]


def lying(folder: Path, code: str) -> frozenset[str]:
    """The stems of all that lies in an office's folder, acknowledgements too."""
    found = set[str]()
    for inside in ("out", "ack"):
        with contextlib.suppress(OSError), _opened(folder, code, inside) as place:
            found |= {known[1] for name in os.listdir(place) if (known := OURS.fullmatch(name))}
    return frozenset(found)


def remove(folder: Path, code: str, stems: set[str]) -> None:
    """Take files back, the ``.ok`` first: what is under none is not to be read."""
    with contextlib.suppress(OSError), _opened(folder, code, "out") as place:
        names = [name for name in os.listdir(place) if (known := OURS.fullmatch(name)) and known[1] in stems]
        for name in sorted(names, key=lambda one: not one.endswith(OK)):
            os.unlink(name, dir_fd=place)


def tidy(folder: Path, code: str, before: datetime) -> int:
    """Remove what was written before ``before``, acknowledgements too; how many files went."""
    gone = 0
    for inside in ("out", "ack"):
        with contextlib.suppress(OSError), _opened(folder, code, inside) as place:
            for name in os.listdir(place):
                if OURS.fullmatch(name) and _modified(place, name) < before.timestamp():
                    with contextlib.suppress(OSError):
                        os.unlink(name, dir_fd=place)
                        gone += 1
    return gone


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotNow(FAULTS.get(error.errno or 0, type(error).__name__)) from None


@contextlib.contextmanager
def _opened(folder: Path, code: str, inside: str) -> Iterator[int]:
    """The office's folder, held open: links in it are not followed, for whoever reads files may have made some."""
    if not CODE.fullmatch(code):
        raise FileNotFoundError(errno.ENOENT, "no name of a folder")
    with held(folder, code, inside) as place:
        yield place


def _put(place: int, name: str, content: bytes) -> None:
    part = f".{name}{PART}"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(part, dir_fd=place)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640, dir_fd=place)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, name, src_dir_fd=place, dst_dir_fd=place)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(part, dir_fd=place)
        raise


def _is_there(place: int, name: str) -> bool:
    with contextlib.suppress(FileNotFoundError):
        return stat.S_ISREG(os.stat(name, dir_fd=place, follow_symlinks=False).st_mode)
    return False


def _modified(place: int, name: str) -> float:
    return os.stat(name, dir_fd=place, follow_symlinks=False).st_mtime
