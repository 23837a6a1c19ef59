"""The site's own malware scanner looks at a file before anything else does (bar E-10). Off unless the site names one.

It runs as a child without a shell, with nothing of our environment but a path, and is ended with all its children
after its time. It exits 0 for a clean file and 1 for one that it found something in, as `clamdscan` does. Anything
else is no word at all, and a file without a word is refused: a scanner that is broken lets nothing in.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shlex
import signal
import subprocess
import tempfile
import threading

import msgspec

from monitor.config import Settings

log = logging.getLogger("monitor")

FOUND, UNSCANNED = "F-MALWARE", "F-UNSCANNED"
PLACE = "{file}"
# scanners at a time in this process, as of readers (`monitor.intake.reading.jail`)
AT_ONCE = threading.BoundedSemaphore(2)


class ScannerSilent(Exception):
    """The scanner gave no word on a file that waits in a folder; it stays there until it does."""


class Scanner(msgspec.Struct, frozen=True):
    """The words of the site's command, and the seconds that it has for a file.

    A word that holds ``{file}`` gets the path of a copy that only we can read; without one the file comes on stdin.
    """

    command: tuple[str, ...]
    seconds: float

    def refusal(self, content: bytes) -> str:
        """The code of the catalogue with which a file is refused; empty for a clean one. Never raises."""
        with AT_ONCE:
            try:
                status = self._by_path(content) if PLACE in "".join(self.command) else self._run(self.command, content)
            except (OSError, subprocess.SubprocessError):
                status = None
        if status not in (0, 1):
            log.error("the malware scanner gave no word (status %s): the file was refused", status)
        elif status == 1:
            log.warning("the malware scanner found something in a file: it was refused")
        return {0: "", 1: FOUND}.get(-1 if status is None else status, UNSCANNED)

    def _by_path(self, content: bytes) -> int | None:
        with tempfile.TemporaryDirectory(prefix="monitor-scan-") as folder:
            path = os.path.join(folder, "sheet")
            with open(path, "xb") as file:
                file.write(content)
            return self._run(tuple(word.replace(PLACE, path) for word in self.command), b"")

    def _run(self, command: tuple[str, ...], content: bytes) -> int | None:
        """The status of its exit; None where its time was over."""
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
            env={"PATH": os.defpath}, start_new_session=True,
        ) as child:  # fmt: skip
            try:
                child.communicate(content, timeout=self.seconds)
                return child.returncode
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):  # the group is its own: whatever it started goes too
                    os.killpg(child.pid, signal.SIGKILL)
                return None


def scanner_of(settings: Settings) -> Scanner | None:
    """The scanner that the site named; None: it named none."""
    return Scanner(tuple(shlex.split(settings.scan_command)), settings.scan_seconds) if settings.scan_command else None
