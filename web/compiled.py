"""Templates are compiled once an installation and not once a worker: 152 of them took a second of each start.

What is kept is code, so it is trusted exactly as far as Python trusts its own: it lies in the ``__pycache__`` of this
package, which nobody may write but whoever may write the package. A folder or a file of anybody else, or one that
others may write, is not read. Where the service's account may not write there, the installer makes it once with
``python -m web.compiling``; else the first worker does.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path
from pickle import UnpicklingError
from typing import Final

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

HERE: Final = Path(__file__).parent
PLACE: Final = HERE / "__pycache__" / "templates"
OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


class CompiledTemplates(BytecodeCache):
    """Compiled templates in a folder of this very state of the code.

    A template that says what it said is compiled anew after an update: filters of constants are worked out while it is.
    """

    def __init__(self, place: Path = PLACE, code: Path = HERE.parent) -> None:
        self.owners = {0, os.geteuid(), os.stat(HERE).st_uid}
        self.place = place / stamp_of(code / "web", code / "monitor")
        first = not self.place.exists()
        self.works = self._is_ours(place) and self._is_ours(self.place)
        if self.works and first:
            self.clear()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Nothing, if it is not there, or not to be trusted."""
        if not self.works:
            return
        try:
            descriptor = os.open(self.place / bucket.key, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            with open(descriptor, "rb") as file:
                if self._safe(os.fstat(descriptor)):
                    bucket.load_bytecode(file)
        except (OSError, EOFError, ValueError, UnpicklingError):  # a disk that was full, once
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Whole or not at all. A full or a read-only disk stops no page."""
        if not self.works:
            return
        with contextlib.suppress(OSError):
            descriptor, path = tempfile.mkstemp(dir=self.place)
            try:
                with open(descriptor, "wb") as file:
                    bucket.write_bytecode(file)
                    os.fchmod(descriptor, 0o644)  # the installer makes it, the service's account reads it
                os.replace(path, self.place / bucket.key)
            except OSError:
                os.unlink(path)
                raise

    def clear(self) -> None:
        """What was compiled for an older state of the code is of no use to anybody."""
        for old in self.place.parent.iterdir():
            if old != self.place:
                shutil.rmtree(old, ignore_errors=True)

    def _is_ours(self, folder: Path) -> bool:
        """Whether it is there, made now if need be, and nobody else may write into it."""
        with contextlib.suppress(OSError):
            if not folder.exists():
                folder.mkdir(0o755, parents=True, exist_ok=True)
            found = folder.lstat()
            return stat.S_ISDIR(found.st_mode) and self._safe(found)
        return False

    def _safe(self, found: os.stat_result) -> bool:
        return found.st_uid in self.owners and not found.st_mode & OTHERS_MAY_WRITE


def stamp_of(*folders: Path) -> str:
    """Which code this is, by what each file is called, how long it is and when it was written."""
    told = hashlib.blake2b(digest_size=12)
    for folder in folders:
        for path, names, files in os.walk(folder):
            names[:] = sorted(name for name in names if name != "__pycache__")
            for name in sorted(files):
                if name.endswith(".py"):
                    with contextlib.suppress(FileNotFoundError):  # an editor's lock is a link to nowhere
                        found = os.stat(os.path.join(path, name))
                        told.update(f"{path} {name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return told.hexdigest()
