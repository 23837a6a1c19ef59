"""A folder held open below one that the site named: no link on the way is followed, now or while it is used.

Whoever may write there (a program by SFTP, a registry) may also put a link in the place of a folder between two looks
at it. So what is looked at, read, moved and written is named from the folder that was opened, never by its path again.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

DOWN: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@contextlib.contextmanager
def held(folder: Path, *inside: str) -> Iterator[int]:
    """The folder ``inside`` of ``folder``, to be given as ``dir_fd``. Raises `OSError` where one is none, or a link."""
    with contextlib.ExitStack() as ways:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        ways.callback(os.close, place)
        for name in inside:
            if name in ("", ".", "..") or "/" in name:
                raise FileNotFoundError(errno.ENOENT, "no name of a folder")
            place = os.open(name, DOWN, dir_fd=place)
            ways.callback(os.close, place)
        yield place
