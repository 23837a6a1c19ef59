"""What a docket says of a case, made once for the same rows and kept for whoever reads those again.

Nearly all of a docket's work is to fetch and tell what nobody has touched since the last look. Keeping it is safe:

- What is kept goes by every row that it is made of (`monitor.docket.stamps`), the day, the court's own holidays and the
  matrix, and by nothing else: not by reader, and by a case only as far as rows are a case's own. The stamp is read in
  the reader's own session each time, narrowed to what that person may see. Who finds something kept sees the very same
  rows, which say the same, and would have been told the same words without it.
- A row that is hidden from the reader, was corrected, taken back or is not yet known makes another stamp.
- It is made and kept within the one snapshot of a reading session that its stamp was read in; a session that writes
  finds what is kept, and keeps nothing.
- It holds no person's name and nothing that somebody wrote or that is sealed: codes, days, ids of rows and the
  program's name. What a correction took back is told in words of rows that no stamp holds, so it
  is told anew each time.
- By the time that it takes a reader learns at most that somebody has read the same of this case before. What they may
  not read is in no stamp of theirs, so it makes nothing slower and nothing quicker.
- A process keeps `KEPT` of them, those used last, in memory alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Lock
from typing import Any, Final

from sqlalchemy.orm import Session

from monitor.bench_page.building import build_outline
from monitor.bench_page.page import BenchPage, Outline
from monitor.bench_page.record import CaseRecord, gather
from monitor.clock import local_day
from monitor.docket.entries import to_enter
from monitor.docket.lines import words_of
from monitor.docket.stamps import stamps
from monitor.docket.strip import Ground, delays
from monitor.docket.words import Words

KEPT: Final = 1024  # a week's dockets of several courts; each some 5 KB with its stamp
Build = Callable[[CaseRecord, Any], BenchPage | Outline]


class Shelf:
    """A number of words, by what they are made of; full, those go that nobody asked for the longest."""

    def __init__(self, most: int) -> None:
        self._most, self._words, self._lock = most, OrderedDict[Any, Words](), Lock()

    def __len__(self) -> int:
        return len(self._words)

    def find(self, key: Any) -> Words | None:
        with self._lock:
            if (words := self._words.get(key)) is not None:
                self._words.move_to_end(key)
            return words

    def keep(self, key: Any, words: Words) -> None:
        with self._lock:
            self._words[key] = words
            if len(self._words) > self._most:
                self._words.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._words.clear()


SHELF: Final = Shelf(KEPT)


def kept_words(session: Session, hearings: Sequence[Any], known_at: datetime, ground: Ground) -> list[Words]:
    """The words of each hearing (rows of `bench_page.reading.hearing_rows`), those at hand as they were kept."""
    if not hearings:
        return []
    stamped = stamps(session, {row.case_id for row in hearings}, known_at)
    keys = [_key(row, stamped[row.case_id], known_at, ground) for row in hearings]
    found = [SHELF.find(key) for key in keys]
    missed = [row for row, words in zip(hearings, found, strict=True) if words is None]
    if missed:
        made, records = words_now(session, missed, known_at, ground, build_outline)
        new = dict(zip([row.id for row in missed], made, strict=True))
        found = [new[row.id] if words is None else words for row, words in zip(hearings, found, strict=True)]
        for row, key in zip(hearings, keys, strict=True):
            if row.id in new and _in_one_snapshot(session) and not records[row.case_id].withdrawn:
                SHELF.keep(key, new[row.id])
    return [words for words in found if words is not None]


def words_now(
    session: Session, hearings: Sequence[Any], known_at: datetime, ground: Ground, build: Build
) -> tuple[list[Words], dict[int, CaseRecord]]:
    """The words of each hearing, made from its record by way of what ``build`` makes; and the records."""
    records = gather(session, {row.case_id: row.zone for row in hearings}, known_at)
    waiting = to_enter(session, records, known_at)
    words = []
    for row in hearings:
        record = records[row.case_id]
        late = delays(row, record, ground, waiting.get(row.case_id, ()))
        words.append(words_of(build(record, row), row, late))
    return words, records


def _key(hearing: Any, stamp: Any, known_at: datetime, ground: Ground) -> Any:
    return hearing.id, hearing.zone, local_day(known_at, hearing.zone), ground.key, stamp


def _in_one_snapshot(session: Session) -> bool:
    return bool(session.get_bind().get_execution_options().get("readonly"))
