"""The same work on many parts, side by side in child processes of one Polars thread each."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final, TypeVar

THREADS: Final = "POLARS_MAX_THREADS"
# Polars gives memory back to the system half a second after it was used, and asks for it again a partition later: a
# sixth of the processor time of a long run. Ten seconds is longer than a partition takes.
MEMORY: Final = {"_RJEM_MALLOC_CONF": "dirty_decay_ms:10000,muzzy_decay_ms:10000"}
Run = TypeVar("Run")
Answer = TypeVar("Answer")


class ChildDiedError(Exception):
    """A child process was killed, or ended by itself, before its part was finished."""


def keep_memory() -> None:
    """Let this process and its children keep memory for the next partition. Acts if Polars was not imported before."""
    for name, value in MEMORY.items():
        os.environ.setdefault(name, value)


def among(processes: int) -> Callable[[Callable[[Run, Path], Answer], Run, list[Path]], Iterable[Answer]]:
    """How to go through parts with so many processes; one is this process itself."""

    def each(work: Callable[[Run, Path], Answer], run: Run, places: list[Path]) -> Iterable[Answer]:
        if min(processes, len(places)) <= 1:
            return (work(run, place) for place in places)
        return side_by_side(work, run, places, processes=processes)

    return each


def side_by_side(
    work: Callable[[Run, Path], Answer], run: Run, places: list[Path], *, processes: int
) -> Iterator[Answer]:
    """The answers in the order of the parts. Children are spawned, so `work` is a module's function.

    Raises ChildDiedError if one is killed; the first failure of a part ends the run, and the other children with it.
    """
    with one_thread(), kept((work, run)) as task, _pool(min(processes, len(places)), task) as pool:
        waiting: list[tuple[Path, Future[Any]]] = []
        for place in places:
            # A pool whose child is already dead takes no more work, or its pipe is closed while a child begins.
            with _told_of(place, BrokenProcessPool, OSError):
                waiting.append((place, pool.submit(_one, place)))
        for place, future in waiting:
            with _told_of(place, BrokenProcessPool):
                answer = future.result()
            yield answer


@contextmanager
def _pool(processes: int, task: str) -> Iterator[ProcessPoolExecutor]:
    """A pool that is gone afterwards. It ends the others of a dead child itself, but for one that is just being begun:
    that one waits for work for ever, and the pool for it."""
    others = set(active_children())
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin, initargs=(task,))
    try:
        yield pool
    except ChildDiedError:
        for child in set(active_children()) - others:
            child.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _told_of(place: Path, *ends: type[Exception]) -> Iterator[None]:
    try:
        yield
    except ends as broken:
        raise ChildDiedError(
            f"A child process ended before {place.name} was finished. If memory was short, take fewer processes or"
            " smaller partitions, and a new folder for the spans."
        ) from broken


@contextmanager
def kept(task: Any) -> Iterator[str]:
    """The task as a file. Through the pipe of a child that is killed as it begins, a large one would wait for ever."""
    with NamedTemporaryFile() as file:
        pickle.dump(task, file)
        file.flush()
        yield file.name


@contextmanager
def one_thread() -> Iterator[None]:
    """Children that begin in here have one Polars thread each; this process keeps its own."""
    before = os.environ.get(THREADS)
    os.environ[THREADS] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[THREADS]
        else:
            os.environ[THREADS] = before


# What a child was begun with; a child serves one run only.
_task: Final[list[Any]] = []


def _begin(task: str) -> None:
    with open(task, "rb") as file:
        _task[:] = pickle.load(file)


def _one(place: Path) -> Any:
    work, run = _task
    return work(run, place)
