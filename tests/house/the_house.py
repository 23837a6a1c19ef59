"""What the house tests look at: our files, and the rooms."""

from __future__ import annotations

import subprocess
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("rules", "monitor", "jobs", "web")
OTHERS_WORK = ("web/static/vendor/", "tests/vendor/")


@lru_cache
def ours() -> list[Path]:
    """Files of the repository that we wrote, relative to its root; new ones count before they are committed."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    return [
        Path(name) for name in listed if name and not name.startswith(OTHERS_WORK) and (ROOT / name).is_file()
    ]


def modules(*rooms: str) -> list[Path]:
    """Python files below the rooms named."""
    return [path for path in ours() if path.suffix == ".py" and path.parts[0] in rooms]


def read(path: Path) -> str:
    """The text of one of our files."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")
