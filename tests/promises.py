"""What functions say that they answer, held while they run: none that promises something answers nothing.

A caller that only asks whether something is true does not notice `None` in place of `False`; the type checker does,
and so does whoever runs a test inside of `held_by`.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import opcode
import pkgutil
import sys
import types
import typing
from collections.abc import Iterator
from functools import cached_property
from types import CodeType, FrameType, FunctionType, ModuleType

RETURNS = opcode.opmap["RETURN_VALUE"]
LAZY = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR


@contextlib.contextmanager
def held_by(package: str) -> Iterator[None]:
    """Fails where a function of these modules that promises a value answers `None`, or one of yes and no neither."""
    promised = dict(_promised(package))
    broken: list[str] = []

    def look(frame: FrameType, event: str, value: object) -> None:
        code = frame.f_code
        if event != "return" or code not in promised or code.co_code[frame.f_lasti] != RETURNS:
            return  # an exception leaves a function without an answer
        if value is None or (promised[code] is bool and type(value) is not bool):
            broken.append(f"{code.co_filename}: {code.co_qualname} answered {value!r}")

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(before)
    assert not broken, "\n".join(dict.fromkeys(broken))


def _promised(package: str) -> Iterator[tuple[CodeType, object]]:
    """Of each function that answers something else than `None`: its code as it is now, and what it says."""
    for module in _modules(package):
        for function in _functions(module):
            said = function.__annotations__.get("return")
            answer = _meant(said, function) if isinstance(said, str) else said
            lazy = function.__code__.co_flags & LAZY
            if not lazy and answer is not None and not _may_be_none(answer):
                yield function.__code__, answer


def _meant(said: str, function: FunctionType) -> object:
    """What an annotation names; one that only the type checker can read is taken for a promise of nothing."""
    try:
        return eval(said, function.__globals__)
    except NameError:
        return None


def _may_be_none(answer: object) -> bool:
    parts = typing.get_args(answer) if isinstance(answer, types.UnionType) else (answer,)
    return any(part in (None, type(None), object, typing.Any, typing.NoReturn) or isinstance(part, typing.TypeVar)
               for part in parts) or typing.get_origin(answer) is typing.Union  # fmt: skip


def _modules(package: str) -> Iterator[ModuleType]:
    root = importlib.import_module(package)
    yield root
    for found in pkgutil.walk_packages(getattr(root, "__path__", ()), f"{package}."):
        if not found.name.endswith((".worker", ".__main__")):
            yield importlib.import_module(found.name)


def _functions(holder: ModuleType | type) -> Iterator[FunctionType]:
    home = holder.__name__ if isinstance(holder, ModuleType) else holder.__module__
    for found in list(vars(holder).values()):
        if isinstance(found, type) and found.__module__ == home and found is not holder:
            yield from _functions(found)
            continue
        bare = _bare(found)
        if isinstance(bare, FunctionType) and bare.__module__ == home:
            yield bare


def _bare(found: object) -> object:
    """A function without what decorators put around it."""
    if isinstance(found, property):
        found = found.fget
    elif isinstance(found, cached_property):
        found = found.func
    elif isinstance(found, (staticmethod, classmethod)):
        found = found.__func__
    return getattr(found, "__wrapped__", found)
