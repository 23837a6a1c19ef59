"""We never talk to NCIC, Nlets or a state's network: an authorised agency fetches files and types."""

from __future__ import annotations

import ast
from pathlib import Path

from monitor.config import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_is_transmitted_to_a_registry_there_are_files_and_no_host_or_protocol() -> None:
    ways = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "telnetlib", "asyncio", "subprocess", "paramiko",
            "asyncssh", "httpx", "requests"}  # fmt: skip
    rooms = [ROOT / "monitor/outbox" / name for name in ("drop.py", "dropping.py", "outgoing.py")]
    for path in [*rooms, *(ROOT / "monitor/orders").glob("*.py")]:
        tree = ast.parse(path.read_text())
        used = {alias.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import)
                for alias in node.names}  # fmt: skip
        used |= {(node.module or "").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not used & ways, path.name
    named = [name for name in Settings.__struct_fields__ if name.startswith("outgoing")]
    assert named == ["outgoing_folder", "outgoing_days"], "a folder and days: no host, account or port"
    assert not [name for name in Settings.__struct_fields__ if "ncic" in name or "nlets" in name]
