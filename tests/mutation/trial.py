"""One trial: a fault put into the rules in a forked child, and the checks run until the first one notices."""

from __future__ import annotations

import ast
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

# Processor seconds, so that others' work beside it changes nothing; far more than the checks are given: only a mutant
# that hangs gets there. One that waits uses none: it is stopped when it has stood still for so long by the clock.
CPU_SECONDS, STILL_SECONDS = 240, 900
NOT_PUT_IN = "the fault could not be put in:"
Checks = Callable[[], str | None]


def in_a_child(put_in: Callable[[], None], checks: Checks, cpu_seconds: int = CPU_SECONDS) -> str | None:
    """Put a fault in and run checks, both in a child of their own. The check that noticed; None if none did.

    A child that breaks, hangs or takes too long noticed it, too.
    """
    with tempfile.TemporaryFile() as told:
        child = os.fork()
        if child == 0:
            _be_the_child(put_in, checks, cpu_seconds, told.fileno())
        status = _ended(child)
        if os.WIFSIGNALED(status):
            name = signal.Signals(os.WTERMSIG(status)).name
            return "time" if name in {"SIGXCPU", "SIGALRM"} else name
        told.seek(0)
        noticed = told.read().decode() or None
        if noticed and noticed.startswith(NOT_PUT_IN):
            raise RuntimeError(noticed)  # a fault of this tool is no fault that a test noticed
        return noticed


def _ended(child: int) -> int:
    """Wait for the end of the child, however slow the machine is; its status. One that stands still is ended."""
    spent, since, pause = -1, time.monotonic(), 0.005
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        if (now := ticks(child)) != spent:
            spent, since = now, time.monotonic()
        elif time.monotonic() - since > STILL_SECONDS:
            os.kill(child, signal.SIGALRM)
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)


def ticks(child: int) -> int:
    """What a child and those whom it began have used of the processor; the clock's seconds where nobody tells that."""
    told = Path(f"/proc/{child}/stat")
    if not told.exists():
        return int(time.monotonic())
    return sum(int(one) for one in told.read_text().rpartition(")")[2].split()[11:15])


def _be_the_child(put_in: Callable[[], None], checks: Checks, cpu_seconds: int, told: int) -> None:
    """Never returns."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    try:
        put_in()
    except BaseException as error:
        os.write(told, f"{NOT_PUT_IN} {type(error).__name__}: {error}".encode())
        os._exit(0)
    try:
        noticed = checks()
    except BaseException as error:
        noticed = f"broke: {type(error).__name__}: {error}"[:300]
    os.write(told, (noticed or "").encode())
    os._exit(0)


def module_of(file: str) -> str:
    """`rules/kinds/reporting.py` -> `rules.kinds.reporting`."""
    return file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


# --- a fault inside a function: its code is exchanged, so that nothing need be imported again ---


def exchange(file: str, scope: str, tree: ast.Module) -> None:
    """Give the function at `scope` of a module that is imported already the code that it has in `tree`."""
    module = sys.modules[module_of(file)]
    function = function_at(module, scope)
    function.__code__ = code_at(compile(tree, function.__code__.co_filename, "exec"), scope)
    _give_defaults(function, node_at(tree, scope).args)


def _give_defaults(function: FunctionType, said: ast.arguments) -> None:
    """What its arguments are where nobody says: that is no part of its code. Only plain values are exchanged."""
    plain = [one.value if isinstance(one, ast.Constant) else old for one, old in _beside(said, function)]
    function.__defaults__ = (*plain,) or None
    for name, one in zip(said.kwonlyargs, said.kw_defaults, strict=True):
        if isinstance(one, ast.Constant) and function.__kwdefaults__:
            function.__kwdefaults__[name.arg] = one.value


def _beside(said: ast.arguments, function: FunctionType) -> Iterator[tuple[ast.expr, Any]]:
    return zip(said.defaults, function.__defaults__ or (), strict=True)


def node_at(tree: ast.Module, scope: str) -> Any:
    """The definition at `scope` of a tree."""
    found: Any = tree
    for name in scope.split("."):
        found = next(one for one in ast.walk(found) if getattr(one, "name", "") == name)
    return found


def function_at(module: ModuleType, scope: str) -> FunctionType:
    """The function itself, without what decorators put around it."""
    found: Any = module
    for name in scope.split("."):
        found = vars(found)[name]
    while not isinstance(found, FunctionType):
        if isinstance(found, property):
            found = found.fget
        elif isinstance(found, cached_property):
            found = found.func
        else:
            found = found.__func__ if isinstance(found, (staticmethod, classmethod)) else found.__wrapped__
    if hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    return found


def code_at(code: CodeType, scope: str) -> CodeType:
    """The code of the function (or method) with that qualified name."""
    return next(found for found in _codes(code) if found.co_qualname == scope)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


# --- a fault anywhere else: the module is imported with it ---


class Faulty(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a tree in place of its file."""

    def __init__(self, name: str, origin: Path, tree: ast.Module) -> None:
        self.name, self.origin, self.tree = name, origin, tree

    def find_spec(self, name: str, path: object = None, target: object = None) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        package = [str(self.origin.parent)] if self.origin.name == "__init__.py" else None
        return importlib.util.spec_from_file_location(
            name, self.origin, loader=self, submodule_search_locations=package
        )

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.tree, str(self.origin), "exec"), vars(module))  # noqa: S102 (our own source, one fault in it)


def import_with(root: Path, file: str, tree: ast.Module) -> None:
    """From now on that module is imported with the fault. It must not be imported yet."""
    assert module_of(file) not in sys.modules, "imported already"
    sys.meta_path.insert(0, Faulty(module_of(file), root / file, tree))


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Nothing written to the terminal inside."""
    with (
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        yield
