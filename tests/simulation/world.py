"""One run of the county under a schedule that a seed gives: who tells what when, what strikes, and what is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final

import msgspec
from sqlalchemy import select

from jobs.runner import Runner
from jobs.work import LEASE
from monitor.absences import Verdict, write
from monitor.access.scope import Scope
from monitor.clock import local_day
from monitor.compliance import news
from monitor.config import Settings
from monitor.current import current
from monitor.db import Database
from monitor.intake.answers import Answers, Choice
from monitor.intake.receiver import Receiver
from monitor.intake.record.saving import save
from monitor.intake.uploads import Sheet, keep_answers, prepare, receive
from monitor.models import Adjudication, Attendance
from tests.builders import ZONE, at
from tests.simulation.county import Place
from tests.simulation.faults import Death, Process, dying, standing_still, standing_still_once_read
from tests.simulation.truth import Cell

BEGINS: Final = at(date(2026, 1, 27), 12)
EVENING, LATER = at(date(2026, 1, 27), 22), at(date(2026, 2, 20), 12)
REASON: Final = "The sign-in sheet of that class says otherwise."
MARKS_READ: Final = "SELECT dirty.id, dirty.case_id"  # what `monitor.compliance.news` reads last
JOBS: Final = ("evaluate_news", "sweep_boundaries")


class Told(msgspec.Struct, frozen=True):
    """A program sends one of its sheets, perhaps once more."""

    place: int
    paper: int


class Decided(msgspec.Struct, frozen=True):
    """An officer decides on an absence. ``hasty``: on one that a later sheet takes back."""

    place: int
    cell: Cell
    decision: str
    hasty: bool = False


Act = Told | Decided


class Worker(Runner):
    """One process of the scheduler, with the jobs that move flags."""

    def jobs(self) -> list[Any]:
        return [job for job in super().jobs() if job.name in JOBS]


class World:
    """A county under a schedule, and its three processes. ``calm``: everything in order and once, nothing strikes."""

    def __init__(self, processes: Sequence[Process], places: Sequence[Place], seed: int, *, calm: bool = False) -> None:
        self.places, self.random, self.calm = places, Random(seed), calm
        self.now = BEGINS
        self.site, *self.workers = processes
        self.struck = {"died": 0, "unanswered": 0, "stood still": 0, "clock": 0, "again": 0, "news in between": 0}

    @property
    def web(self) -> Database:
        """The record as the web process has it open."""
        return self.site.database

    def run(self, at_rest: Callable[[Database], None]) -> None:
        """Everybody tells everything; then nothing more happens, and the jobs come to rest: that evening, and later."""
        waiting = self.acts()
        late = [] if self.calm else self._held_back(waiting)
        self._do_all(waiting)
        for place, own in late:
            self._last_news_while_rules_run(place, own)
        for instant in (EVENING, LATER):
            self.now = instant
            self.rest()
            at_rest(self.web)

    def _held_back(self, waiting: list[Act]) -> list[tuple[Place, list[Act]]]:
        """All that a few programs have to tell, taken out of what waits: they are the last to speak."""
        could = [place for place in self.places if place.truth.ends_with_the_third]
        late = self.random.sample(could, max(3, len(self.places) // 10))
        own: dict[int, list[Act]] = {place.number: [] for place in late}
        for act in waiting:
            own.get(act.place, []).append(act)
        waiting[:] = [act for act in waiting if act.place not in own]
        return [(place, own[place.number]) for place in late]

    def _last_news_while_rules_run(self, place: Place, own: list[Act]) -> None:
        """The sheet that puts all right comes in once the rules have read what the others said, before they write."""
        last, told, first = Told(place.number, 2), list[bool](), place.truth.at_first
        before = [act for act in own if act != last and (isinstance(act, Told) or first[act.cell] == "ABS")]
        self._do_all(before.copy())
        self.now += LEASE + timedelta(seconds=5)  # what a worker that died has begun is taken over
        with standing_still_once_read(self.workers[0].database, MARKS_READ, lambda: told.append(self.do(last))):
            self._works(0)
        self.struck["news in between"] += len(told)
        self._do_all(([] if told else [last]) + [act for act in own if act != last and act not in before])

    def _do_all(self, waiting: list[Act]) -> None:
        idle = 0
        while waiting:
            act = waiting.pop(0)
            if self._struck(lambda act=act: self.do(act)):
                idle = 0
            else:
                waiting.append(act)  # there is nothing to decide yet
                idle += 1
                assert idle <= len(waiting), f"nobody will ever be able to do {act}"
            if not self.calm and self.random.random() < 0.05:
                self._struck_at_work()

    def close(self) -> None:
        """The files are let go of."""
        for process in (self.site, *self.workers):
            process.end()

    # --- the schedule ---

    def acts(self) -> list[Act]:
        """What everybody does: in order and once, or shuffled, with repeats and decisions made too early."""
        in_order = [list(_acts_of(place)) for place in self.places]
        if self.calm:
            return [act for own in in_order for act in own]
        acts = [act for own, place in zip(in_order, self.places, strict=True) for act in self._untidy(own, place)]
        self.random.shuffle(acts)
        return acts

    def _untidy(self, acts: list[Act], place: Place) -> list[Act]:
        told = [act for act in acts if isinstance(act, Told)]
        again = [act for act in told if self.random.random() < 0.25]
        self.struck["again"] += len(again)
        wrong = [cell for cell, word in place.truth.papers[0].says.items()
                 if word == "ABS" and place.truth.says[cell] == "P"]  # fmt: skip
        hasty = [Decided(place.number, cell, "UNEXCUSED", hasty=True) for cell in wrong if self.random.random() < 0.5]
        return acts + again + hasty

    # --- acts, each one transaction, told again until it is answered ---

    def do(self, act: Act) -> bool:
        """False: it cannot be done yet."""
        place = self.places[act.place]
        return self._tell(place, act.paper) if isinstance(act, Told) else self._decide(place, act)

    def _tell(self, place: Place, number: int) -> bool:
        """As the desk does it: check, answer what is asked as somebody who knows, save what is good."""
        paper = place.truth.papers[number]
        sheet = Sheet(f"{paper.name}.csv", f"{place.number}-{paper.name}", paper.read(place.codes))
        town = place.town
        by = Receiver(town.program_agency, town.program, None, self.now, local_day(self.now, ZONE))
        with self.web.scoped(Scope(0, "program", town.program_agency), writes=True) as session:
            shown = prepare(session, sheet, by)
            upload = receive(session, sheet, by, shown)
            changes = {one.key: self._choice(place, one) for one in shown.rows if one.outcome == "changed"}
            keep_answers(upload, Answers(changes=changes, everyone=paper.whole))
            done = save(session, upload, by)
            assert not (done.check_again or done.reasons_missing or done.reasons_unsafe), done
            session.commit()
        return True

    def _choice(self, place: Place, one: Any) -> Choice:
        """Somebody who knows takes the file's word where it is the last one."""
        cell = (place.codes.index(one.member.code), one.on)
        use = place.truth.says[cell] == one.says
        return Choice(use=use, reason=REASON if use else "")

    def _decide(self, place: Place, act: Decided) -> bool:
        who, day = act.cell
        with self.web.scoped(Scope(0, "officer", place.town.office), writes=True) as session:
            row = session.scalar(
                select(Attendance).where(
                    Attendance.enrollment_id == place.matters[who].enrollment, Attendance.occurred_on == day,
                    current(Attendance),
                )
            )  # fmt: skip
            if row is None or row.outcome != "ABSENT":
                return act.hasty and row is not None  # what was put right needs no decision any more
            stands = session.scalar(
                select(Adjudication.decision).where(Adjudication.attendance_id == row.id, current(Adjudication))
            )
            if stands != act.decision:
                verdict = Verdict(decision=act.decision, why="MEDICAL" if act.decision == "EXCUSED" else "")
                write(session, row.id, row.case_id, ZONE, verdict, self.now)
            session.commit()
        return True

    # --- what strikes ---

    def _struck(self, does: Callable[[], bool]) -> bool:
        """Do it, whatever strikes: who hears no answer does it again."""
        self._time_passes()
        if self.calm:
            return does()
        if self.random.random() < 0.25:
            try:
                with dying(self.web, self.random.randint(1, 45)):
                    does()
            except Death:
                self.struck["died"] += 1
                self.site.end()
        elif self.random.random() < 0.1:
            does()  # it is done, but the answer is lost on the way
            self.struck["unanswered"] += 1
        return does()

    def _time_passes(self) -> None:
        """Seconds; now and then the clock is set, an hour or two on or back."""
        self.now += timedelta(seconds=self.random.randint(1, 20))
        if not self.calm and self.random.random() < 0.01:
            self.now += timedelta(hours=self.random.choice((-2, -1, 1, 2)))
            self.struck["clock"] += 1
        self.now = min(max(self.now, at(date(2026, 1, 27), 6)), at(date(2026, 1, 27), 20))

    def _struck_at_work(self) -> None:
        """A worker runs what is due; it may die, or stand still while others go on."""
        mine, other = self.random.sample((0, 1), 2)
        try:
            strikes = self.random.random()
            if strikes < 0.3:
                with dying(self.workers[mine].database, self.random.randint(1, 60)):
                    self._works(mine)
            elif strikes < 0.7:
                stops = self.random.randint(2, 9)
                with standing_still(self.workers[mine].database, stops, lambda: self._meanwhile(other)):
                    self._works(mine)
            else:
                self._works(mine)
        except Death:
            self.struck["died"] += 1
            self.workers[mine].end()

    def _meanwhile(self, other: int) -> None:
        """Longer than a lease lasts, or not; somebody tells something, another worker works."""
        self.struck["stood still"] += 1
        place = self.random.choice(self.places)
        self._tell(place, self.random.randrange(3))
        if self.random.random() < 0.5:
            self.now += LEASE + timedelta(seconds=5)
            self._works(other)

    def _works(self, number: int) -> None:
        Worker(self.workers[number].database, Settings(database_url=self.web.url), lambda: self.now).tick()

    def rest(self) -> None:
        """Jobs run until nothing waits: twice, for a slot may have been taken by a worker that died."""
        for _ in range(20):
            self._works(0)
            self.now += LEASE
            with self.web.system("test", writes=False) as session:
                if not news.something_new(session):
                    break
        self._works(0)


def _acts_of(place: Place) -> list[Act]:
    told: list[Act] = [Told(place.number, number) for number in range(len(place.truth.papers))]
    return told + [Decided(place.number, cell, decision) for cell, decision in place.truth.decided.items()]

