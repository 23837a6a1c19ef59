"""The child process that reads one file: bytes on stdin, JSON on stdout, nothing else within reach.

Run by path with ``python -I``. The limits are set before a byte is read. After the imports the process may open no
file and no socket (RLIMIT_NOFILE 0), and where the kernel allows it also stands in an empty network namespace.
There is no seccomp filter here; a service manager may add one (docs/upload.md).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import sys
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
NO_NEW_PRIVILEGES = 38


def confine(memory: int, cpu: int) -> None:
    """Limits on memory (bytes), processor time (seconds), written files, core dumps and children; no network."""
    for what, most in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, cpu), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NPROC, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    os.nice(5)
    # a kernel that forbids this leaves the other walls standing, RLIMIT_NOFILE first of all
    with contextlib.suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def main(arguments: list[str]) -> int:
    """``worker.py LIMITS NAME``: limits as JSON. Exit 0 with an answer, refusals included."""
    import msgspec

    from monitor.intake.reading import delimited, kinds, tables, workbook

    for codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "cp437", "ascii"):
        "".encode(codec)  # loaded now: later nothing can be opened
    limits = msgspec.json.decode(arguments[0], type=tables.Limits)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    content = sys.stdin.buffer.read(limits.file_bytes + 1)
    try:
        kind = kinds.kind_of(content, arguments[1], limits.file_bytes)
        reads = workbook.read_workbook if kind == "workbook" else delimited.read_text
        found, notes = reads(content, limits)
        answer = tables.Reading(tables=found, notes=notes)
    except tables.Refused as refused:
        answer = tables.Reading(refused=refused.code, detail=refused.detail)
    except MemoryError:
        answer = tables.Reading(refused="F-SIZE", detail="memory")
    sys.stdout.buffer.write(msgspec.json.encode(answer))
    return 0


if __name__ == "__main__":
    confine(int(sys.argv[1]), int(sys.argv[2]))
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    sys.exit(main(sys.argv[3:]))
