"""What nobody may write into the house because it has hurt others (security/bars.md): bans over every file."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from msgspec import Struct

from tests.house.the_house import ROOT, modules, read
from web.forms import Form

DRAWING = {"random"}  # the demo and the made-up populations draw the same county again by seed
SEEDED = ("monitor/demo/", "rules/population/", "monitor/commands/")
# a safe loader; what a process wrote for its own children a moment before
KNOWN = {"rules/pack_files.py", "monitor/side_by_side.py"}  # YAML by its safe loader; a task that the parent wrote
RUNS = {"eval", "exec", "os.system", "pickle.loads", "pickle.load", "yaml.load"}
STATIC_KINDS = {".css", ".js", ".svg", ".woff2", ".md", ".txt", ""}
RAW_SQL = re.compile(r"(?<![\w.])(?:sa\.)?text\(\s*f?[\"'](?:select|insert|update|delete|create|alter)", re.I)


def calls(path):
    return [node for node in ast.walk(ast.parse(read(path))) if isinstance(node, ast.Call)]


def test_chance_that_protects_something_comes_from_the_machine():
    """H-05: tokens and ids are drawn with `secrets`; `random` can be foretold."""
    users = [
        str(path) for path in modules("monitor", "web", "jobs")
        if not str(path).startswith(SEEDED) and re.search(r"^\s*(?:import random|from random import)", read(path), re.M)
    ]  # fmt: skip
    assert not users


def test_a_job_comes_to_the_record_by_one_door_that_says_which():
    """C-13: the machine's scope is opened by what runs jobs alone, under the job's own name, and by no job itself."""
    doors = {"system", "scoped", "plainly"}
    opened = {
        (path.name, ast.unparse(call.args[0]) if call.args else "")
        for path in modules("jobs") for call in calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in doors
    }  # fmt: skip
    assert {name for name, _ in opened} <= {"work.py", "runner.py"}
    assert {reason for name, reason in opened if name == "work.py"} == {
        "f'job {self.held.job} reads'", "f'job {self.held.job}'"
    }  # fmt: skip


def test_secrets_are_compared_in_constant_time():
    """H-05: a digest, token or seal is compared with hmac.compare_digest wherever somebody else can send it."""
    loose = [
        f"{path}:{node.lineno}"
        for path in modules("web")
        for node in ast.walk(ast.parse(read(path)))
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq)
        and re.search(r"(?:token_hash|digest|seal|form_token|signature)\b", ast.unparse(node))
    ]  # fmt: skip
    assert not loose


def test_no_answer_is_kept_by_the_framework():
    """F-02: Litestar's cache gives one person's page to the next."""
    cached = [
        f"{path}:{call.lineno}" for path in modules("web") for call in calls(path)
        for word in call.keywords if word.arg == "cache" and not (
            isinstance(word.value, ast.Constant) and word.value.value is False)
    ]  # fmt: skip
    assert not cached


def test_nothing_that_somebody_typed_becomes_a_command_or_code():
    """E-12: no shell, eval, exec or unpickling anywhere in what is served."""
    bad = [
        f"{path}:{call.lineno}"
        for path in modules("monitor", "web", "jobs", "rules")
        for call in calls(path)
        if (ast.unparse(call.func) in RUNS and str(path) not in KNOWN)
        or any(word.arg == "shell" for word in call.keywords)
    ]
    assert not bad


def test_web_and_jobs_send_no_sql_of_their_own():
    """E-12, C-03: SQL text is built in monitor alone, where the scope holds it."""
    assert not [str(path) for path in modules("web", "jobs") if RAW_SQL.search(read(path))]


def test_every_table_that_leaves_us_makes_text_of_formulas():
    """F-05: whoever writes a CSV says `safe_cell`; the demo's sheets are made up by ourselves."""
    writers = [path for path in modules("monitor", "web", "jobs") if "csv.writer(" in read(path)]
    assert len(writers) >= 5
    assert not [str(path) for path in writers if "safe_cell(" not in read(path) and "demo/" not in str(path)]


BEHIND = re.compile(r"raw_connection|driver_connection|\.connection\.cursor|trusted=True|\b_trusted\b|\bTRUSTED\b")
ITS_GUARD = ("scope", "scoped_session", "resting")
MAY = {"monitor/db.py", *(f"monitor/access/{name}.py" for name in ITS_GUARD)}  # the engine and its guard themselves


def test_nobody_goes_behind_the_guard_of_the_database():
    """C-03: no file but the engine's and the guard's touches the driver's own connection, or calls itself trusted."""
    assert not [str(path) for path in modules("monitor", "web", "jobs") if str(path) not in MAY
                and BEHIND.search(read(path))]  # fmt: skip


def test_every_form_refuses_fields_that_it_does_not_have():
    """C-06, gate 1: the base of all forms forbids unknown fields, and no form turns it off."""
    def below(kind):
        return {kind, *(each for sub in kind.__subclasses__() for each in below(sub))}

    import web.app  # noqa: F401  every screen is loaded

    assert all(form.__struct_config__.forbid_unknown_fields for form in below(Form))
    assert issubclass(Form, Struct)


def test_static_files_are_plain_files_of_known_kinds():
    """F-11: Litestar follows a symbolic link out of the folder."""
    folder = ROOT / "web/static"
    odd = [str(path) for path in folder.rglob("*") if path.is_symlink()]
    odd += [str(path) for path in folder.rglob("*") if path.is_file() and path.suffix not in STATIC_KINDS
            and path.name not in ("LICENSE", "SHA256SUMS")]  # fmt: skip
    assert not odd


# everything that can ask another machine for something by HTTP, and the doors through which it may
ASKING = {"requests", "urllib3", "aiohttp", "httpx", "httpcore", "urllib.request", "http.client"}
DOORS = {
    "monitor/access/sign_on.py": "the providers that the site's operator wrote into a file",
    "web/sign_on.py": "names the faults of that",
    "monitor/webhooks/reaching.py": "hosts that the site's operator named, checked again when it connects",
}


def _asks(node: ast.ImportFrom) -> bool:
    return node.module in ASKING or bool({f"{node.module}.{alias.name}" for alias in node.names} & ASKING)


def test_no_page_asks_another_machine():
    """E-13: a word to an agency's software is written by a page and sent by the scheduler, never by a page."""
    leads_out = re.compile(r"monitor\.webhooks(?:\.| import )(?:sending|reaching)")
    assert not [str(path) for path in modules("web") if leads_out.search(read(path))]


def test_nothing_is_fetched_from_an_address_that_somebody_gave():
    """E-13, F-08: two doors lead out, both to hosts that the operator named; pages load from their own site alone."""
    fetchers = {
        str(path)
        for path in modules("web", "monitor", "jobs")
        for node in ast.walk(ast.parse(read(path)))
        if (isinstance(node, ast.Import) and {alias.name for alias in node.names} & ASKING)
        or (isinstance(node, ast.ImportFrom) and _asks(node))
    }
    assert fetchers == set(DOORS)
    for template in Path(ROOT / "web/templates").rglob("*.html"):
        assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", template.read_text(encoding="utf-8")), template


def test_what_leaves_as_a_file_is_named_and_counted_in_one_place():
    """Files are saved and prints opened by `web.files` alone, which tells the trail how much it was (F-07, G-02)."""
    apart = {"web/files.py"}
    found = [str(path) for path in modules("web") if "content-disposition" in read(path).lower()]
    assert set(found) == apart
    used = [path for path in modules("web") if "disposition(" in read(path) and str(path) not in apart]
    # the caseload's file has an entry of its own with rows and bytes; a calendar is fetched by a program
    assert {str(path) for path in used} == {"web/exports.py", "web/calendars.py"}
