"""Sessions as one order sees them: repeats merged, conflicts held back, absences judged, credit given.

Source: rules/scenarios/FORMAT.md section 6 ("Absences", "One session, one fact", "Credit"). The program's word is the
fact; whether an absence counts is the officer's decision on that version of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Final

import polars as pl

from rules.ground import Ground
from rules.known import FOREVER, laid_at, told_of
from rules.runs import in_order, numbered, summed

FINAL: Final = ("excused", "unexcused", "not_counted", "rescheduled", "attended_not_complied")
UNCOUNTED: Final = ("not_counted", "rescheduled", "attended_not_complied")
NO_CLASS: Final = ("intake", "orientation")
CREDITED: Final = ("attended", "late", "sent_away_provider")
ATTENDED: Final = ("attended", "late")
SAME_SESSION: Final = ["order", "program", "on"]


class Attendance:
    """Prepared session frames over one `Ground`."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground

    @cached_property
    def _recorded(self) -> pl.DataFrame:
        """Standing sessions per order, sorted by order, program, on, t, id."""
        return in_order(self.ground.laid("sessions"), "order", "program", "on", "t", "id")

    @cached_property
    def _crowded(self) -> pl.DataFrame:
        """Sessions of one program and day, with `slot`, which tells them apart where all have an instant."""
        same = pl.all_horizontal([pl.col(c).eq_missing(pl.col(c).shift(1)) for c in SAME_SESSION])
        twice = self._recorded.select(same.fill_null(False)).to_series()
        few = self.ground.record_moment(self._recorded.filter(twice | twice.shift(-1, fill_value=False)))
        apart = pl.col("at").is_not_null().all().over(SAME_SESSION)
        return few.with_columns(slot=pl.when(apart).then(pl.col("at").cast(pl.Int64)))

    @cached_property
    def _groups(self) -> pl.DataFrame:
        """Sessions that several records tell of: one row each, with whether they agree."""
        crowded = self._crowded.filter(self._crowded.select(*SAME_SESSION, "slot").is_duplicated())
        crowded = crowded.sort("order", "program", "on", "rec_t", "id")
        return crowded.group_by(*SAME_SESSION, "slot", maintain_order=True).agg(
            pl.col("id"),
            agree=(pl.col("outcome").n_unique() == 1) & (pl.col("minutes").n_unique() == 1),
            first=pl.col("id").first(),
            second_t=pl.col("rec_t").get(1),
            second_on=pl.col("rec_on").get(1),
            in_force=((pl.col("t") >= pl.col("start_t")) & (pl.col("t") < pl.col("end_t"))).first(),
        )

    @cached_property
    def conflicts(self) -> pl.DataFrame:
        """order, program, on, id (list), second_t, second_on: sessions told of in different ways."""
        return self._groups.filter(~pl.col("agree"))

    @cached_property
    def repeats(self) -> pl.DataFrame:
        """order, id, first: a repeated record and the record that stands for it."""
        agreeing = self._groups.filter("agree").select("order", "id", "first")
        return agreeing.explode("id").filter(pl.col("id") != pl.col("first"))

    @cached_property
    def sessions(self) -> pl.DataFrame:
        """One row per order and session held back by no conflict, with `decision`, `in_force`, `credit`.

        Sorted by order, program, on, t, id. `decision` is null for what is no absence, "pending" until decided.
        """
        frame = self._recorded
        left_out = pl.concat([self.repeats.select("order", "id"), self.conflicts.select("order", "id").explode("id")])
        if not left_out.is_empty():
            marked = told_of(frame, left_out.unique().with_columns(left_out=True), ("order", "id"))
            frame = marked.filter(pl.col("left_out").is_null()).drop("left_out")
        frame = frame.with_columns(
            in_force=(pl.col("t") >= pl.col("start_t")) & (pl.col("t") < pl.col("end_t")),
            absent=pl.col("outcome") == "absent",
            is_class=~pl.col("kind").is_in(NO_CLASS).fill_null(False),
        )
        return self._with_credit(self.outside_suspension(self._with_decision(frame)))

    def _with_decision(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The last decision on this version of the session that is for this order, or for all; looked up for few."""
        asked = frame.get_column("absent") | frame.get_column("id").is_in(self._not_complied.implode())
        few = frame.filter(asked).select("order", "id", "absent")
        few = few.join(self.last_decisions, on=["order", "id"], how="left", maintain_order="left")
        word = pl.col("decision").cast(pl.String)
        few = few.select(
            # A decision on what is no absence (any more) decides nothing, but that the person did not comply.
            decision=pl.when(word.is_in(FINAL) & pl.col("absent"))
            .then(word)
            .when("absent")
            .then(pl.lit("pending"))
            .when(word == "attended_not_complied")
            .then(word)
        )
        return laid_at(frame, asked.arg_true(), few)

    @cached_property
    def _not_complied(self) -> pl.Series:
        said = self.last_decisions
        return said.filter(said.get_column("decision") == "attended_not_complied").get_column("id")

    @cached_property
    def last_decisions(self) -> pl.DataFrame:
        """The last decision on each session: order, id, decision, decided_t, decided_on, decided_by."""
        decided = self.decisions.sort("rec_t", "id").unique(["of", "order"], keep="last", maintain_order=True)
        return decided.select(
            "order", id="of", decision="decision", decided_t="rec_t", decided_on="rec_on", decided_by="id"
        )

    @cached_property
    def decisions(self) -> pl.DataFrame:
        """Standing adjudications per order; one on a repeat counts for the record that stands."""
        laid = self.ground.record_moment(self.ground.laid("adjudications"))
        if self.repeats.is_empty():
            return laid
        moved = laid.join(self.repeats, left_on=["order", "of"], right_on=["order", "id"], how="left")
        return moved.with_columns(of=pl.coalesce("first", "of")).drop("first")

    def outside_suspension(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`in_force` off for what happened while the court had suspended the order."""
        gaps = self.ground.suspended
        if gaps.is_empty():
            return frame
        touched = frame.select("order", "id", "t").join(gaps, on="order")
        inside = touched.filter(
            (pl.col("t") >= pl.col("from_t")) & (pl.col("t") < pl.col("to_t").fill_null(FOREVER))
        ).select("order", "id", suspended=True)
        marked = told_of(frame, inside.unique(), ("order", "id"))
        return marked.with_columns(in_force=pl.col("in_force") & pl.col("suspended").is_null()).drop("suspended")

    def _with_credit(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`credit`: the session counts towards completion. Make-ups are looked at apart, being few."""
        given = pl.col("outcome").is_in(CREDITED) & pl.col("is_class") & (pl.col("decision").is_null())
        return frame.with_columns(credit=given & pl.col("makeup_for").is_null())

    def with_era(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`era`: how many resets lie on or before the day; `era_end_t`/`era_end_on`: the next reset, null = none."""
        resets = self.ground.resets
        if resets.is_empty():
            return frame.with_columns(
                era=pl.lit(0, pl.Int32), era_end_on=pl.lit(None, pl.Int32), era_end_t=pl.lit(None, pl.Int64)
            )
        pairs = frame.select("order", "id", day="on").join(resets, on="order")
        before = (pl.col("on") <= pl.col("day")).sum().cast(pl.Int32)
        eras = pairs.group_by("order", "id").agg(
            era=before,
            era_end_on=pl.col("on").filter(pl.col("on") > pl.col("day")).min(),
            era_end_t=pl.col("t").filter(pl.col("on") > pl.col("day")).min(),
        )
        return told_of(frame, eras, ("order", "id")).with_columns(pl.col("era").fill_null(0))

    def credits(
        self, makeup_days: Callable[[pl.DataFrame], pl.DataFrame], late_is_absent: pl.DataFrame
    ) -> pl.DataFrame:
        """Credited sessions per order in order of time: order, program, on, t, id, minutes, n and total so far.

        makeup_days: of missed sessions (order, id, program, on) the make-up time, where one is set (order, id, days).
        late_is_absent: order, id of sessions to which somebody came late where that is an absence. One make-up for each
        missed session counts, the first; the miss stays an absence.
        """
        columns = ["order", "program", "on", "t", "id", "minutes"]
        plain = self.sessions.select(*columns, given=pl.col("credit")).filter("given").drop("given")
        if not late_is_absent.is_empty():
            plain = plain.join(late_is_absent, on=["order", "id"], how="anti", maintain_order="left")
        rows = pl.concat([plain, self.makeups(makeup_days).select(columns)])
        rows = in_order(rows, "order", "t", "id").with_columns(pl.col("minutes").fill_null(0).cast(pl.Int64))
        return numbered(rows, ["order"]).with_columns(total=summed("minutes", ["order"]))

    def makeups(self, makeup_days: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
        """Make-up sessions that give the credit of the session they stand for."""
        frame = self.sessions
        made = frame.filter(
            pl.col("makeup_for").is_not_null()
            & pl.col("outcome").is_in(CREDITED)
            & pl.col("is_class")
            & pl.col("decision").is_null()
        )
        if made.is_empty():
            return made.with_columns(missed=pl.lit(None, pl.Int64))
        ids = pl.concat(
            [
                frame.select("order", missed="id", is_for="id"),
                frame.select("order", missed="id", is_for="root"),
                self.repeats.select("order", missed="first", is_for="id"),
            ]
        ).unique(["order", "is_for"], keep="first", maintain_order=True)
        missed = frame.filter("absent").select("order", "id", "program", "on")
        made = made.join(ids, left_on=["order", "makeup_for"], right_on=["order", "is_for"])
        missed = missed.join(made.select("order", id="missed").unique(), on=["order", "id"], how="semi")
        missed = missed.join(makeup_days(missed), on=["order", "id"], how="left")
        made = made.join(missed.select("order", "days", missed="id", missed_on="on"), on=["order", "missed"])
        made = made.filter((pl.col("on") - pl.col("missed_on") <= pl.col("days")).fill_null(True))
        return made.sort("order", "t", "id").unique(["order", "missed"], keep="first", maintain_order=True)

    @cached_property
    def first_attended(self) -> pl.DataFrame:
        """order, first_on, first_t, first_id: the first attended class.

        first_rec: when it was recorded; seen_t: when any attended class was, earlier where it was recorded out of turn.
        """
        was = pl.col("outcome").is_in(ATTENDED) & pl.col("is_class")
        rec_t = pl.col("recorded_at").cast(pl.Int64)
        attended = self.sessions.select("order", "on", "t", "id", rec_t=rec_t, was=was).filter("was")
        first = pl.col("t").arg_min()
        return attended.group_by("order", maintain_order=True).agg(
            first_on=pl.col("on").get(first), first_t=pl.col("t").get(first), first_id=pl.col("id").get(first),
            first_rec=pl.col("rec_t").get(first), seen_t=pl.col("rec_t").min(),
        )  # fmt: skip

    @cached_property
    def absences(self) -> pl.DataFrame:
        """Recorded absences of every order, whatever was decided, with `clock_on`/`clock_t`.

        The reporter's clock starts on the session's day; after a correction from attended to absent, on the day the
        correction was recorded.
        """
        absent = self.with_era(self.sessions.filter("absent")).join(
            self.last_decisions.drop("decision"), on=["order", "id"], how="left"
        )
        turns = self._turned(absent.filter(pl.col("supersedes").is_not_null()))
        absent = absent.join(turns, on=["order", "id"], how="left").with_columns(
            turned_on=self.ground.of_local(pl.col("turned_t"))
        )
        return absent.with_columns(clock_on=pl.coalesce("turned_on", "on"), clock_t=pl.coalesce("turned_t", "t")).sort(
            "order", "program", "on", "t", "id"
        )

    def _turned(self, corrected: pl.DataFrame) -> pl.DataFrame:
        """order, id, turned_t: when a correction first made an absence of what had been something else."""
        back = self.ground.chains("sessions").select(
            prev="id", was="outcome", prev_rec=pl.col("recorded_at").cast(pl.Int64), before="supersedes"
        )
        rows = corrected.select("order", "id", now_t=pl.col("recorded_at").cast(pl.Int64), prev="supersedes")
        found = [rows.clear().select("order", "id", turned_t="now_t")]
        while not rows.is_empty():
            rows = rows.join(back, on="prev")
            found.append(rows.filter(pl.col("was") != "absent").select("order", "id", turned_t="now_t"))
            rows = rows.filter((pl.col("was") == "absent") & pl.col("before").is_not_null()).select(
                "order", "id", now_t="prev_rec", prev="before"
            )
        return pl.concat(found)
