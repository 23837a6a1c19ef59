"""What the programs tell of a population: classes, rosters, decisions on absences, places and reports."""

from __future__ import annotations

from typing import Final

import polars as pl

from rules.frames import SCHEMAS
from rules.partitions import mixed
from rules.population.draws import FAMILIES, Draws, as_facts, repeated
from rules.population.draws import FAMILY as IDS

SESSIONS, ADJUDICATIONS, SUBMISSIONS, ENROLLMENTS, REPORTS, LAST = 0, 1, 2, 3, 4, 5
WEEKS: Final = 62
CORRECTED: Final = 512  # the number of a correction's id is that of its class and this
NEEDED: Final = 52


def sessions_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """One class a week: most attended, some late, absences by habit, a few cancelled, a few told twice or corrected."""
    draws = Draws(seed, SESSIONS)
    weeks = repeated(people.filter("goes"), WEEKS).with_columns(on=pl.col("first_class") + pl.col("n") * 7)
    ends = pl.min_horizontal("last_day", _last_class(people, seed))
    told = weeks.filter((pl.col("on") <= ends) & ~draws.chance(0, 0.015)).with_columns(
        outcome=pl.when(draws.chance(1, pl.col("absent")))
        .then(pl.lit("absent"))
        .when(draws.chance(2, pl.col("late")))
        .then(pl.lit("late"))
        .otherwise(
            draws.one_of(
                3,
                {
                    "attended": 970,
                    "cancelled_by_provider": 12,
                    "left_early": 10,
                    "sent_away_behaviour": 5,
                    "sent_away_provider": 3,
                },
            )
        ),
        recorded=pl.col("on") + 1 + draws.below(4, 9),
    )
    came = pl.col("outcome").is_in(["attended", "late", "left_early"])
    told = told.with_columns(
        minutes=pl.when(came).then(
            pl.when(pl.col("outcome") == "attended").then(120).otherwise(90 + draws.below(5, 30))
        ),
        minutes_late=pl.when(pl.col("outcome") == "late").then(5 + draws.below(6, 25)),
        kind=pl.lit("group"),
        source=pl.lit("provider"),
        supersedes=pl.lit(None, pl.Int64),
    )
    return as_facts("sessions", pl.concat([told, _corrections(told, draws), _repeats(told, draws)]), SESSIONS)


def _last_class(people: pl.DataFrame, seed: int) -> pl.Expr:
    """Int32 day: some leave early, the others go on for about as long as their program lasts."""
    draws = Draws(seed, LAST, by=None)
    return pl.col("first_class") + pl.when(draws.chance(0, 0.06)).then(30 + draws.below(1, 300)).otherwise(
        7 * (NEEDED + 6)
    )


def _corrections(told: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """Absences that turn out to be attended classes, weeks later."""
    absent = told.filter((pl.col("outcome") == "absent") & draws.chance(7, 0.03))
    return absent.with_columns(
        outcome=pl.lit("attended"),
        minutes=pl.lit(120, pl.Int32),
        supersedes=_id_of(SESSIONS),
        recorded=pl.col("recorded") + 5 + draws.below(8, 30),
        n=pl.col("n") + CORRECTED,
    )


def _repeats(told: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """The same class told twice, once in a while in another way."""
    twice = told.filter(draws.chance(9, 0.004))
    other = draws.chance(10, 0.2)
    return twice.with_columns(
        outcome=pl.when(other).then(pl.lit("left_early")).otherwise("outcome"),
        recorded=pl.col("recorded") + 3,
        n=pl.col("n") + CORRECTED + 128,
    )


def _id_of(family: int) -> pl.Expr:
    return pl.col("person") * (IDS * FAMILIES) + family * IDS + pl.col("n")


def adjudications_of(seed: int, sessions: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The officer's decision on most absences, some after asking for evidence first."""
    draws = Draws(seed, ADJUDICATIONS)
    absent = sessions.filter((pl.col("outcome") == "absent") & pl.col("supersedes").is_null())
    told = absent.select("person", of="id", day=pl.col("recorded_at").dt.date().cast(pl.Int32), n=pl.col("id") % IDS)
    told = told.join(people.select("person", "last_day"), on="person", maintain_order="left")
    asked = told.filter(draws.chance(0, 0.15)).with_columns(
        decision=pl.lit("pending_evidence"),
        on=pl.col("day") + draws.below(1, 3),
        n=pl.col("n") + CORRECTED,
    )
    asked = asked.with_columns(evidence_due=(pl.col("on") + 14).cast(pl.Date))
    decided = told.filter(draws.chance(2, 0.9)).with_columns(
        decision=draws.one_of(3, {"unexcused": 52, "excused": 40, "not_counted": 5, "rescheduled": 3}),
        on=pl.col("day") + 1 + draws.below(4, 18),
    )
    both = pl.concat([asked, decided], how="diagonal").with_columns(recorded=pl.col("on"), by=pl.lit("probation"))
    return as_facts("adjudications", both, ADJUDICATIONS)


def submissions_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """A roster every four weeks for everybody in the program; some programs are silent for a while."""
    goes = people.filter("goes").with_columns(start=pl.col("first_class") - 6)
    draws = Draws(seed, SUBMISSIONS)
    rows = repeated(goes, 17).with_columns(covers_from=pl.col("start") + pl.col("n") * 28)
    rows = rows.with_columns(covers_to=pl.col("covers_from") + 28)
    month = pl.col("program") * 1_000 + pl.col("covers_from") // 28
    rows = rows.filter(mixed(month, draws.salt + 1) % 100 >= 4).with_columns(
        on=pl.col("covers_to"), recorded=pl.col("covers_to") + 2 + draws.below(0, 6)
    )
    days = [pl.col(c).cast(pl.Date) for c in ("covers_from", "covers_to")]
    return as_facts("submissions", rows.with_columns(days), SUBMISSIONS)


def enrollments_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """Contact, intake and enrollment; a few are put out."""
    draws = Draws(seed, ENROLLMENTS)
    goes = people.filter("goes")
    steps = {"contacted": -3, "intake_held": -1, "enrolled": 0}
    rows = [
        goes.with_columns(
            event=pl.lit(word), on=pl.col("enrolled") + shift, n=pl.lit(i, pl.Int32), reason=pl.lit(None, pl.String)
        )
        for i, (word, shift) in enumerate(steps.items())
    ]
    out = (
        goes.with_columns(n=pl.lit(5, pl.Int32))
        .filter(draws.chance(0, 0.05))
        .with_columns(
            event=pl.lit("discharged"),
            on=pl.col("first_class") + 60 + draws.below(1, 240),
            reason=draws.one_of(2, {"absences": 70, "behaviour": 20, "other": 10}),
        )
    )
    both = pl.concat([*rows, out.select(rows[0].columns)])
    return as_facts("enrollments", both.with_columns(recorded=pl.col("on") + 1), ENROLLMENTS)


def reports_of(seed: int, people: pl.DataFrame) -> pl.DataFrame:
    """Proof of enrollment, progress every three months, and word of some absences."""
    draws = Draws(seed, REPORTS)
    goes = repeated(people.filter("goes"), 8)
    kind = pl.when(pl.col("n") == 0).then(pl.lit("enrollment_proof")).when(pl.col("n") < 6).then(pl.lit("progress"))
    rows = goes.filter(~draws.chance(0, 0.07)).with_columns(
        kind=kind.otherwise(pl.lit("noncompliance")),
        by=pl.lit("provider"),
        to=pl.when(pl.col("n") < 6).then(pl.lit("court")).otherwise(pl.lit("probation")),
        on=pl.col("enrolled")
        + pl.when(pl.col("n") == 0).then(draws.below(1, 30)).otherwise(pl.col("n") % 6 * 88 + draws.below(2, 6)),
    )
    told = (pl.col("n") < 6) | draws.chance(3, pl.col("absent"))
    return as_facts("reports", rows.filter(told).with_columns(recorded=pl.col("on")), REPORTS)


def certificates_of(people: pl.DataFrame, sessions: pl.DataFrame) -> pl.DataFrame:
    """A certificate on the day of the fifty-second class, some earlier than the law allows."""
    came = sessions.filter(pl.col("outcome").is_in(["attended", "late"]))
    last = came.group_by("person", maintain_order=True).agg(n=pl.len(), on=pl.col("on").last())
    done = last.filter(pl.col("n") >= NEEDED - 2).with_columns(pl.col("on").cast(pl.Int32) + 1, n=pl.lit(100, pl.Int32))
    rows = done.join(people.select("person", "program", "last_day"), on="person").with_columns(recorded=pl.col("on"))
    return as_facts("certificates", rows, LAST).select(list(SCHEMAS["certificates"]))
