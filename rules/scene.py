"""What a kind is given: the ground, the sessions as judged, and every source of events that a rule may name."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

import polars as pl

from rules.attendance import ATTENDED, Attendance
from rules.expected import CADENCE, Expected
from rules.frames import FactFrames
from rules.ground import Ground, outside
from rules.known import with_root
from rules.pieces import as_pieces, together
from rules.protective import Protective
from rules.replaying import Replay, replayed, stretches_between
from rules.runs import in_order, shared
from rules.sources import Source, as_event, one_of, same_program
from rules.terms import Duty
from rules.values import ALWAYS, CITES

Shared = TypeVar("Shared")
EXPECTING = ("ATTENDANCE_NOT_REPORTED", "ATTENDANCE_WINDOW_MISSED")  # duties that say what is expected


class Scene:
    """Everything prepared over one `Ground`, worked out when first asked for."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.attendance = Attendance(ground)
        self.duties: list[Duty] = []
        self.cites = pl.DataFrame(schema=CITES)
        self.again: Callable[[FactFrames, tuple[str, ...]], Scene] | None = None
        self.cuts: Callable[[Scene], pl.DataFrame] | None = None
        self.find: Callable[[Scene, Duty], pl.DataFrame] = lambda scene, duty: pl.DataFrame()
        self.specs: dict[str, Any] = {}
        self._kept: dict[str, object] = {}

    @cached_property
    def starts(self) -> pl.DataFrame:
        """First day of treatment per order: the anchor, else the first attended class: order, start_day."""
        told = self.ground.orders.select("order", "treatment_started_on")
        seen = self.attendance.first_attended.select("order", "first_on")
        both = told.join(seen, on="order", how="left")
        return both.select("order", start_day=pl.coalesce("treatment_started_on", "first_on")).drop_nulls()

    @cached_property
    def roots(self) -> pl.DataFrame:
        """id, root of what has another root than itself: corrections of sessions, repeats, and reports about either.

        A repeat counts as the record that stands for it, a report as what it is about.
        """
        corrected = self.ground.chains("sessions").filter(pl.col("supersedes").is_not_null())
        told = self._united(with_root(corrected, corrected).select("id", "root"))
        filed = self.ground.known("reports").filter(pl.col("about").is_not_null()).select("id", about="about")
        filed = filed.join(told.rename({"id": "about"}), on="about", how="left")
        return pl.concat([told, filed.select("id", root=pl.coalesce("root", "about"))])

    def _united(self, told: pl.DataFrame) -> pl.DataFrame:
        """`told` (id, root) with every version of a repeat led to the root of the record that stands for it."""
        repeats = self.attendance.repeats.select("id", "first").unique("id")
        if repeats.is_empty():
            return told
        own = repeats.join(told, on="id", how="left").select("first", old=pl.coalesce("root", "id"))
        led = own.join(told, left_on="first", right_on="id", how="left")
        led = led.select("old", new=pl.coalesce("root", "first")).unique("old")
        kept = told.join(led, left_on="root", right_on="old", how="left").select("id", root=pl.coalesce("new", "root"))
        return pl.concat(
            [kept.join(led, left_on="id", right_on="old", how="anti"), led.rename({"old": "id", "new": "root"})]
        )

    @cached_property
    def told_twice(self) -> pl.DataFrame:
        """Every version, laid, of sessions of which a person, a program and a day have several."""
        versions = self.ground.versions("sessions")
        # two of one day: told by one number first, which may take others for the same, but none for another
        mixed = versions.select(pl.col("person") * 2**16 + pl.col("on").cast(pl.Int32)).to_series()
        few = versions.filter(shared(mixed)).filter(~pl.col("retracted"))
        return self.ground.lay(few.filter(few.select("person", "program", "on").is_duplicated()))

    def anchored(self, orders: pl.DataFrame, anchor: str) -> pl.DataFrame:
        """EVENT rows at an anchor of the order: a day, or an instant."""
        if anchor == "treatment_started_on":
            frame = orders.drop(anchor).join(self.starts.rename({"start_day": anchor}), on="order")
        else:
            frame = orders.filter(pl.col(anchor).is_not_null())
        if anchor.endswith("_at"):
            t = pl.col(anchor).cast(pl.Int64)
            on = self.ground.of_local(t)
        else:
            on, t = pl.col(anchor), self.ground.day_start(anchor)
        empty = {c: pl.lit(None, pl.Int64) for c in ("id", "about", "shown", "named", "program")}
        return as_event(frame.with_columns(on=on, t=t, **empty))

    def events(self, source: Source) -> pl.DataFrame:
        """EVENT rows of a family of facts, per order."""
        return self.once(f"events {source}", lambda: self._events(source))

    def _events(self, source: Source) -> pl.DataFrame:
        name = source.event or ""
        made = getattr(self, f"_{name}", None)
        frame: pl.DataFrame = made() if made else self.ground.laid(name)
        for column, words in source.is_.items():
            frame = frame.filter(one_of(frame, column, words))
        if "about" in frame.columns:
            frame = frame.join(self._about_roots, on="about", how="left")
            frame = frame.join(self._stands, on="about", how="left").with_columns(
                about=pl.coalesce("about_root", "about", "root"),
                shown=pl.coalesce("stands", "about", "id"),
                named=pl.coalesce("about_root", "about"),
            )
        else:
            frame = frame.with_columns(about=pl.col("root"), shown=pl.col("id"), named=pl.lit(None, pl.Int64))
        if "program" not in frame.columns:
            frame = frame.with_columns(program=pl.lit(None, pl.Int64))
        return as_event(frame)

    @cached_property
    def _about_roots(self) -> pl.DataFrame:
        return self.roots.rename({"id": "about", "root": "about_root"})

    @cached_property
    def _stands(self) -> pl.DataFrame:
        return self.attendance.repeats.select(about="id", stands="first").unique("about")

    def _absence(self) -> pl.DataFrame:
        """Absences in force, at the instant from which a reporter's clock runs."""
        found = self.attendance.absences.filter("in_force")
        return found.drop("on", "t").rename({"clock_on": "on", "clock_t": "t"})

    def _decided(self) -> pl.DataFrame:
        """Absences in force that an officer decided, at the record of the decision."""
        found = self.attendance.absences.filter(pl.col("in_force") & (pl.col("decision") != "pending"))
        by = self.ground.known("adjudications").select(
            decided_by="id", by=pl.col("by").cast(pl.String).fill_null("probation")
        )
        return found.join(by, on="decided_by").drop("on", "t").rename({"decided_on": "on", "decided_t": "t"})

    def _attended(self) -> pl.DataFrame:
        """Attended classes."""
        return self.attendance.sessions.filter(pl.col("outcome").is_in(ATTENDED) & pl.col("is_class"))

    def attended_of(self, orders: pl.Series) -> pl.DataFrame:
        """Attended classes of some orders."""
        mine = self.attendance.sessions.filter(pl.col("order").is_in(orders.implode()))
        return mine.filter(pl.col("outcome").is_in(ATTENDED) & pl.col("is_class"))

    def _release(self) -> pl.DataFrame:
        """Ends of custody; not of one that ends inside another."""
        held = self.ground.pauses.filter(pl.col("kind") == "custody")
        pauses = outside(held.filter(pl.col("to_t").is_not_null()).with_columns(t="to_t"), held)
        pauses = pauses.sort("order", "to_t", "id").unique(["order", "to_t"], keep="first", maintain_order=True)
        clock = self.ground.orders.select("order", "zone_ix", "cal", "start_t", "end_t")
        return pauses.join(clock, on="order").with_columns(on="to_on", t="to_t", root="id")

    def _exit_summary(self) -> pl.DataFrame:
        """The exit summary that was prepared after each exit."""
        told = self.ground.laid("reports").filter(pl.col("kind") == "exit_summary")
        exits = self.ground.laid("enrollments").filter(pl.col("event") == "exited")
        pairs = told.join(exits.select("order", left_on="on", exit="id", left_of="program"), on="order")
        since = (pl.col("on") >= pl.col("left_on")) & same_program("program", "left_of")
        answers = (pl.col("about") == pl.col("exit")) | (pl.col("about").is_null() & since)
        first = pairs.filter(answers).sort("order", "exit", "t", "id")
        first = first.unique(["order", "exit"], keep="first", maintain_order=True)
        return first.unique(["order", "id"], keep="first", maintain_order=True).drop("about")

    def _release_after_service(self) -> pl.DataFrame:
        """The end of the custody in which the order was served. As with an anchor, what was done before answers it."""
        served = self.ground.orders.select("order", served=pl.col("served_at").cast(pl.Int64))
        inside = self._release().join(served, on="order")
        held = inside.filter((pl.col("from_t") <= pl.col("served")) & (pl.col("served") < pl.col("to_t")))
        return held.with_columns(id=pl.lit(None, pl.Int64), root=pl.lit(None, pl.Int64))

    def events_named(self, name: str) -> pl.DataFrame:
        """EVENT rows of a whole family."""
        return self.events(Source(event=name))

    # --- what duties share --------------------------------------------------------------------------------------

    @cached_property
    def expected(self) -> Expected:
        """Expected sessions; the windows are those of the pack or order (ATTENDANCE_WINDOW_MISSED)."""
        found = [self._cadence(duty) for duty in self.duties_of("ATTENDANCE_WINDOW_MISSED")]
        cadence = pl.concat([pl.DataFrame(schema=CADENCE), *found])
        told = self.ground.orders.filter(pl.col("treatment_started_on").is_null()).select("order")
        told = self.attendance.first_attended.join(told, on="order", how="semi").select("order", told_t="first_rec")
        return Expected(self.ground, self.starts, cadence, told)

    def _cadence(self, duty: Duty) -> pl.DataFrame:
        """CADENCE rows of one duty: a value that is of one level of supervision counts while that level does."""
        rows = duty.of("bip.attendance_every_days").filter(pl.col("n").is_not_null())
        whole = rows.filter(pl.col("level").is_null())
        leveled = rows.filter(pl.col("level").is_not_null())
        if not leveled.is_empty():
            held = self.ground.levels.select("order", "level", "from_on", to_on=pl.col("to_on").fill_null(ALWAYS))
            leveled = leveled.join(held, on=["order", "level"]).with_columns(
                from_day=pl.max_horizontal("from_day", "from_on"), to_day=pl.min_horizontal("to_day", "to_on")
            )
            leveled = leveled.filter(pl.col("from_day") < pl.col("to_day"))
        both = pl.concat([whole, leveled.select(whole.columns)]).sort("order", "from_day")
        return both.select("order", pl.col("n").cast(pl.Int32).alias("every"), "from_day", "to_day", "basis", "vid")

    @cached_property
    def rewritten(self) -> tuple[pl.Series, Scene, Replay] | None:
        """(people whose past a later record rewrites, they as they stood on record, the way back from there).

        In the second, a scene, each stretch of their record is a person. None if there is nobody.
        """
        assert self.again is not None and self.cuts is not None
        found = self.cuts(self)
        if found.is_empty():
            return None
        replay = replayed(self.ground.facts, stretches_between(found))
        return found.get_column("person").unique(), self.again(replay.facts, EXPECTING), replay

    @cached_property
    def credits(self) -> pl.DataFrame:
        """Credited sessions of every order, with `n` and `total` (minutes) so far."""
        strict = self.duties_of("ABSENCE_TERMINATION_THRESHOLD")
        late = [self.late_as_absent(d, self.spec_of(d).lateness) for d in strict if self.spec_of(d).lateness]
        none = pl.DataFrame(schema={"order": pl.Int64, "id": pl.Int64})
        uncredited = pl.concat([none, *(one.select("order", "id") for one in late)])
        return self.attendance.credits(self.makeup_days, uncredited)

    def late_as_absent(self, duty: Duty, lateness: str) -> pl.DataFrame:
        """Sessions to which somebody came late on a day on which the term counts that as an absence."""
        late = self.attendance.sessions.filter(pl.col("outcome") == "late")
        return pl.concat([late.clear(), *(part for word, part in duty.said(late, lateness) if word == "absence")])

    def makeup_days(self, missed: pl.DataFrame) -> pl.DataFrame:
        """order, id, days: in how many days each of these sessions (`order`, `id`, `program`, `on`) can be made up."""
        none = pl.DataFrame(schema={"order": pl.Int64, "id": pl.Int64, "days": pl.Int32})
        found = [duty.at(missed, "bip.makeup_within_days") for duty in self.duties_of("CREDIT_SHORTFALL")]
        days = [one.select("order", "id", days=pl.col("n").cast(pl.Int32)) for one in found]
        return pl.concat([none, *days]).unique(["order", "id"], keep="first", maintain_order=True)

    @cached_property
    def last_program(self) -> pl.DataFrame:
        """The program of each order's latest session: order, last_program; of orders with silent sessions."""
        asked = pl.col("order").is_in(self.silent.get_column("order").implode())
        rows = self.attendance.sessions.select("order", "t", "id", "program").filter(asked)
        rows = in_order(rows, "order", "t", "id")
        return rows.group_by("order", maintain_order=True).agg(last_program=pl.col("program").last())

    @cached_property
    def silent(self) -> pl.DataFrame:
        """Expected sessions of which nobody told, those to come too: without word they are unknown from then on.

        Of windows that nobody told of the first one to come stands for all of them (`every`).
        """
        ends = self.ground.orders.select("order", "end_t")
        items = self.expected.unanswered.filter(pl.col("until_t") > self.ground.known_t).join(ends, on="order")
        return items.filter(pl.col("every").is_null() | (pl.col("over_t") <= pl.col("end_t")))

    @cached_property
    def usable_incidents(self) -> pl.DataFrame:
        """Incidents that a rule may use: no disclosure without consent or duty to warn, no unchecked device alert."""
        rows = self.ground.laid("incidents")
        agreed = pl.col("consent").fill_null(False) | pl.col("duty_to_warn").fill_null(False)
        checked = self.ground.laid("adjudications").filter(pl.col("decision") == "confirmed")
        marks = checked.select("order", id="of").unique().with_columns(checked=True)
        rows = rows.join(marks, on=["order", "id"], how="left")
        from_device = (pl.col("source") == "device") & pl.col("checked").is_null()
        return rows.filter(~((pl.col("source") == "victim") & ~agreed) & ~from_device)

    @cached_property
    def protective(self) -> Protective:
        """Protective orders of the people."""
        return Protective(self.ground)

    def once(self, name: str, work: Callable[[], Shared]) -> Shared:
        """What several duties need, by name, worked out by the first of them."""
        if name not in self._kept:
            self._kept[name] = work()
        return cast(Shared, self._kept[name])

    def facts_of(self, source: Source) -> pl.DataFrame:
        """Facts that a source names, with all their columns."""
        name = source.event or ""
        rows = self.usable_incidents if name == "incidents" else self.ground.laid(name)
        for column, words in source.is_.items():
            rows = rows.filter(one_of(rows, column, words))
        return rows

    def until_resolved(self, rows: pl.DataFrame, column: str) -> pl.DataFrame:
        """`resolved_t`: when a person resolved the flag about the record in `column`."""
        said = self.ground.laid("decisions").filter(pl.col("kind") == "flag_resolved")
        if said.is_empty():
            return rows.with_columns(resolved_t=pl.lit(None, pl.Int64))
        told = said.join(self.roots.rename({"id": "about"}).rename({"root": "told_root"}), on="about", how="left")
        told = told.select("order", "t", root=pl.coalesce("told_root", "about")).drop_nulls("root")
        first = told.group_by("order", "root").agg(resolved_t=pl.col("t").min())
        roots = self.roots.select(pl.col("id").alias(column), told_root="root")
        keyed = rows.join(roots, on=column, how="left", maintain_order="left")
        keyed = keyed.with_columns(told_root=pl.coalesce("told_root", column))
        keyed = keyed.join(
            first, left_on=["order", "told_root"], right_on=["order", "root"], how="left", maintain_order="left"
        )
        return keyed.drop("told_root")

    def duties_of(self, code: str) -> list[Duty]:
        """The duties of one code, one per way in which packs have it."""
        return [duty for duty in self.duties if duty.code == code]

    def spec_of(self, duty: Duty) -> Any:
        """The typed spec of a duty."""
        return self.specs[duty.key]

    def pieces_of(self, code: str) -> pl.DataFrame:
        """The pieces of another code, for rules that rest on it."""
        return together([as_pieces(self.find(self, duty)) for duty in self.duties_of(code)])
