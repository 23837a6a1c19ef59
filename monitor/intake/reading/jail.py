"""Starts the child that reads a file, and takes no more from it than an answer of the agreed shape."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import msgspec

from monitor.intake.reading.kinds import kind_of
from monitor.intake.reading.tables import Limits, Reading, Refused

WORKER = Path(__file__).with_name("worker.py")
# processor time is limited in the child; the wall limit only catches a machine under load
WALL_SECONDS = 60
# children at a time in this process: each may take a processor and `Limits.memory_bytes`
AT_ONCE = threading.BoundedSemaphore(2)


def read_file(content: bytes, file_name: str, limits: Limits | None = None) -> Reading:
    """Tables and notes, or a refusal with one of the F- codes. Never raises for what a file contains."""
    limits = limits or Limits()
    try:
        kind_of(content, file_name, limits.file_bytes)
    except Refused as refused:
        return Reading(refused=refused.code, detail=refused.detail)
    return _read_in_child(content, file_name, limits)


def _read_in_child(content: bytes, file_name: str, limits: Limits) -> Reading:
    command = [
        sys.executable, "-I", "-B", str(WORKER), str(limits.memory_bytes), str(limits.cpu_seconds),
        msgspec.json.encode(limits).decode(), f"sheet{Path(file_name).suffix}",
    ]  # fmt: skip
    try:
        with AT_ONCE:
            child = subprocess.run(
                command, input=content, capture_output=True, timeout=WALL_SECONDS, env={}, check=False, cwd="/"
            )
    except subprocess.TimeoutExpired:
        return Reading(refused="F-CORRUPT", detail="slow")
    if child.returncode != 0:
        return Reading(refused="F-CORRUPT", detail="stopped")
    try:
        return msgspec.json.decode(child.stdout, type=Reading)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return Reading(refused="F-CORRUPT", detail="stopped")
