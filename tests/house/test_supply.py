"""What is installed is what was pinned, everything is on the bill of materials, and nothing secret lies in a file."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import tomllib
from collections import Counter

import pytest

from tests.house.the_house import ROOT, ours, read

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", re.M)
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-traces.lock")
# something = "a long run of letters and digits", where something is called like a secret
SECRET = re.compile(
    r"(?:secret|passw\w*|token|api_?key|private_?key|credential)\w*[\"']?\s*[:=]\s*[\"']([A-Za-z0-9+/_=.-]{20,})[\"']",
    re.I,
)
# made up for tests, and said to be: TOTP seed of test accounts, secret of a test site
MADE_UP = {"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "kT9-vQ2_xLz7Rw4mNc8Jp1HsYb6GdA3fUe5oXiZt"}
TEXTS = {".py", ".md", ".toml", ".ini", ".yaml", ".yml", ".html", ".js", ".json", ".sh", ".cfg", ".env", ""}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes_and_nothing_is_unpinned(lock):
    text = read(ROOT / lock)
    blocks = re.split(r"\n(?=\S)", text.strip())
    loose = [block.splitlines()[0] for block in blocks if not (PIN.match(block) and "--hash=sha256:" in block)]
    assert not loose
    assert "--index-url" not in text
    assert "--extra-index-url" not in text
    assert " @ " not in text


def test_installing_demands_the_hashes_and_resolves_nothing_itself():
    script = (ROOT / ".ci/install").read_text(encoding="utf-8")
    from_lock = [line for line in script.splitlines() if "install" in line and '"$lock"' in line and "say" not in line]
    of_ours = [line for line in script.splitlines() if line.rstrip().endswith("-e .")]
    assert len(from_lock) == 2
    assert all("--require-hashes" in line for line in from_lock)
    assert all("--no-deps" in line and "--no-build-isolation" in line for line in of_ours)


def test_the_bill_of_materials_names_every_locked_distribution_with_its_hashes():
    made = subprocess.run([sys.executable, ROOT / ".ci/sbom"], capture_output=True, text=True, check=True).stdout
    bill = json.loads(made)
    pinned = {(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in PIN.findall(read(ROOT / LOCKS[0]))}
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["specVersion"] == "1.6"
    assert {(part["name"], part["version"]) for part in bill["components"]} == pinned
    assert all(part["hashes"] and part["purl"].startswith("pkg:pypi/") for part in bill["components"])
    assert set(bill["dependencies"][0]["dependsOn"]) == {part["bom-ref"] for part in bill["components"]}
    again = subprocess.run([sys.executable, ROOT / ".ci/sbom"], capture_output=True, text=True, check=True).stdout
    assert made == again


def entropy(text):
    """Bits a character: words have about 3, drawn secrets over 4."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())


def test_no_file_holds_something_that_looks_like_a_drawn_secret():
    found = [
        f"{path}: {value[:4]}…"
        for path in ours() if path.suffix in TEXTS and not path.name.endswith(".lock")
        for value in SECRET.findall(read(path)) if entropy(value) > 3.9 and value not in MADE_UP
    ]  # fmt: skip
    assert not found, f"Take it out, and change it where it is used: it is known now. {found}"


def test_the_scan_would_find_one():
    planted = 'API_KEY = "' + "q8Zr-T2wLx_9VbNc4Jm1HsYp6Gd" + '"'
    assert [value for value in SECRET.findall(planted) if entropy(value) > 3.9]


def test_there_is_a_way_to_report_a_weakness():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "privately" in text
    assert "two working days" in text


def test_every_part_that_runs_stands_on_the_page_of_risky_parts_with_what_contains_it():
    """docs/risky-parts.md names each distribution we ask for, and none that is not pinned (I-06)."""
    page = (ROOT / "docs/risky-parts.md").read_text().splitlines()
    rows = [line.split("|") for line in page if line.startswith("| ")]
    listed = {row[1].strip(): row[3].strip() for row in rows if row[1].strip() != "part"}
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.split(r"[\[<>=~!; ]", one, maxsplit=1)[0].lower() for one in asked}
    assert names <= set(listed) and all(listed.values())
    locked = (ROOT / "requirements.lock").read_text()
    assert not [name for name in listed if not re.search(rf"^{re.escape(name)}==", locked, re.MULTILINE)]
