"""Blocks 5 to 8: what is alleged and on what evidence, what came before, what is in the way, what probation asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Final

from monitor.allegations.typed import ASKS
from monitor.bench_page.blocks import event_said
from monitor.bench_page.classes import Seat, paused
from monitor.bench_page.page import Allegation, Letter, Said
from monitor.bench_page.record import CLASS_CODES, CaseRecord, open_flags
from monitor.bench_page.withdrawn import on_day
from monitor.bench_page.words import alleged_words, day_words, days_words, language_words, outcome_words
from monitor.clock import local_day
from monitor.flag_review.barriers import QUESTIONS

MOST: Final = 6
MOST_TOLD: Final = 4  # of these all evidence stands on the page, of others what speaks for the person
# what a review keeps of the flag that its author saw
SPEAKS_FOR: Final = (("Does not count: ", "not_counted"),)
SEEN: Final = (("", "sentence"), ("Rule: ", "provision"), ("Rests on: ", "rows"), *SPEAKS_FOR)


def alleged(
    record: CaseRecord, seats: list[Seat], since: date | None, most_told: int = MOST_TOLD
) -> tuple[Allegation, ...]:
    """Block 5: filed allegations, the newest ``most_told`` with their evidence; of earlier ones, too, each is named,
    with all that speaks for the person."""
    found = open_flags(record, since)
    untold = max(0, len(found) - most_told)
    seen = _in_short(record, seats, found[:untold])
    seen += [tuple(_evidence(record, seats, flag)) for flag in found[untold:]]
    return tuple(_allegation(record, flag, evidence) for flag, evidence in zip(found, seen, strict=True))


def named(record: CaseRecord, since: date | None) -> tuple[Allegation, ...]:
    """The same allegations without their evidence, for the docket."""
    return tuple(_allegation(record, flag, ()) for flag in open_flags(record, since))


def _allegation(record: CaseRecord, flag: Any, evidence: tuple[Said, ...]) -> Allegation:
    due = f", due {day_words(flag.due_on, record.today)}" if flag.due_on else ""
    title = Said(
        text=f"{alleged_words(flag.code)}, {day_words(flag.first_on, record.today)}{due}", source=Letter.PROBATION,
        on=flag.first_on, contested=flag.contested, rows=(flag.id,),
    )  # fmt: skip
    return Allegation(title=title, evidence=evidence, code=flag.code, response_class=flag.response_class or "none")


def _in_short(record: CaseRecord, seats: list[Seat], flags: list[Any]) -> list[tuple[Said, ...]]:
    """Of each what helps the person, never left out for want of room (safeguard F6); then where the rest stands.

    The report is as it was approved: what happened since stands here or nowhere. What they did since the oldest of the
    classes is said once, with it: it holds what they did since each other.
    """
    if not flags:
        return []
    told = [[*_changed(record, flag), *_seen(record, flag, SPEAKS_FOR)] for flag in flags]
    classes = [place for place, flag in enumerate(flags) if flag.code.startswith(CLASS_CODES)]
    if classes:
        oldest = min(classes, key=lambda place: flags[place].first_on)
        told[oldest] += _done_since(record, seats, flags[oldest])
    of = f" of these {len(flags)}" if len(flags) > 1 else ""
    told[-1].append(Said(text=f"Evidence{of}: in the report"))
    return [tuple(one) for one in told]


def _evidence(record: CaseRecord, seats: list[Seat], flag: Any) -> Iterator[Said]:
    """What the reviewer saw, rows that do not count among it; then what happened since, for good and ill."""
    yield from _changed(record, flag)
    yield from _seen(record, flag, SEEN)
    if flag.code.startswith(CLASS_CODES):
        yield from _missed(record, seats)
        yield from _done_since(record, seats, flag)


def _changed(record: CaseRecord, flag: Any) -> Iterator[Said]:
    """What became known since a supervisor approved it: on no report."""
    if (changed := record.since_approved.get(flag.id)) is not None:
        what = f" ({', '.join(changed)})" if changed else ""
        yield Said(text=f"The record has changed since this was approved{what}: ask probation", rows=(flag.id,))
    if flag.closed_at is not None:
        yield Said(text=f"By the record it ended{on_day(flag.closed_at, record)}", rows=(flag.id,))


def _seen(record: CaseRecord, flag: Any, parts: Iterable[tuple[str, str]]) -> Iterator[Said]:
    review = record.reviews[flag.id]
    seen = review.content or {}
    for words, key in parts:
        if told := _texts(seen.get(key)):
            yield Said(text=f"{words}{_short('; '.join(told[:4]))}", source=Letter.PROBATION, rows=(review.id,))


def _texts(value: Any) -> list[str]:
    found = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    # a bare id says nothing to a reader
    return [text for text in found if isinstance(text, str) and text and not text.isdigit()]


def _missed(record: CaseRecord, seats: list[Seat]) -> Iterator[Said]:
    missed = sorted(day for seat in seats for day in seat.days("M"))
    if missed:
        rows = tuple(row for seat in seats for row in seat.rows("M"))
        text = f"Evidence: sheets, absent {days_words(missed, record.today, 4)}"
        yield Said(text=text, source=Letter.PROGRAM, on=missed[-1], rows=rows)


def _done_since(record: CaseRecord, seats: list[Seat], flag: Any) -> Iterator[Said]:
    attended = [day for seat in seats for day in seat.days("y", "l") if day > flag.first_on]
    if attended:
        rows = tuple(row for seat in seats for row in seat.rows("y", "l"))
        yield Said(text=f"Evidence: attended {len(attended)} since", source=Letter.PROGRAM, on=max(attended), rows=rows)
    letters = [one for one in record.of("letter") if one.word == "EMPLOYER" and one.day >= flag.first_on]
    yield from (event_said(record, letter) for letter in letters[-1:])


def before(
    record: CaseRecord, now: tuple[Allegation, ...], since: date | None, starts_at: datetime
) -> tuple[Said, ...]:
    """Block 6: what was done before for the same thing, and the last reviews. Like cases stay blank below 11."""
    codes = {allegation.code for allegation in now}
    told = {row for one in now for row in one.title.rows}
    earlier = [flag for flag in record.flags if flag.code in codes and flag.id not in told]
    earlier += [flag for flag in record.found if flag.code in codes]
    same = f"This person, same thing before: {len(earlier) or 'none'}" if codes else "Nothing alleged now"
    held = record.held(starts_at)
    last = ", ".join(_review_words(record, hearing) for hearing in held[-3:]) or "none yet"
    latest = local_day(held[-1].starts_at, record.zone) if held else None
    return (
        Said(text=same),
        *_findings(record),
        Said(text=f"Reviews: {last}", source=Letter.COURT, on=latest, rows=tuple(one.id for one in held[-3:])),
        _matrix(record, now),
    )  # fmt: skip


def _matrix(record: CaseRecord, now: tuple[Allegation, ...]) -> Said:
    """What the local matrix said when probation reviewed the newest of these: its court lines, as kept."""
    reviews = [record.reviews[row] for one in now for row in one.title.rows if row in record.reviews]
    told = [(one, kept) for one in reviews if (kept := (one.content or {}).get("matrix"))]
    if not told:
        number = f"version {record.matrix[0]}" if record.matrix else "none entered"
        return Said(text=f"Local matrix: {number}")
    review, kept = told[-1]
    menu = kept["range"] or "none of it with the court"
    # where the menu has no line with the court, a report is outside it anyhow: why is asked only of a reviewer who was
    # shown the menu, so a reason there, or none, would tell whether one was shown (safeguard G4)
    outside = f". Outside it: {kept['outside']}" if kept["range"] and kept["outside"] else ""
    like = f". {kept['like']}" if kept.get("like") else ""
    text = f"Local matrix v{kept['number']}, {kept['place']}: {menu}{outside}{like}"
    return Said(text=_short(text), source=Letter.PROBATION, rows=(review.id,))


def _findings(record: CaseRecord) -> Iterator[Said]:
    """What the court found, or heard admitted, in its own words."""
    for flag in record.found[-2:]:
        said = record.filed[flag.id]
        if said.ended_at is not None:
            day = local_day(said.ended_at, record.zone)
            how = "Admitted" if said.ended == "ADMITTED" else "Found by the court"
            since = f" The record was corrected{on_day(flag.closed_at, record)}." if flag.state == "WITHDRAWN" else ""
            text = _short(f"{how}: {alleged_words(flag.code)}.{since} “{said.ended_words}”")
            yield Said(text=text, source=Letter.COURT, on=day, rows=(said.step_id,))


def _review_words(record: CaseRecord, hearing: Any) -> str:
    day = local_day(hearing.starts_at, record.zone)
    return f"{day_words(day, record.today)} {outcome_words(hearing.outcome)}"


def in_the_way(record: CaseRecord, seats: list[Seat], language: str | None) -> tuple[Said, ...]:
    """Block 7: what is not the person's doing."""
    said = [*_answers(record), *_papers(record)]
    off = sorted(day for seat in seats for day in seat.days("-"))
    if off:
        text = f"Not held or not counted: {days_words(off, record.today, 3)}"
        rows = tuple(row for seat in seats for row in seat.rows("-"))
        said.append(Said(text=text, source=Letter.PROGRAM, on=off[-1], rows=rows))
    silent = [seat for seat in seats if seat.stale]
    said += [Said(text=f"No report from {seat.program} for {len(seat.unreported)} class days") for seat in silent]
    if spoken := language_words(language):
        offered = any(place.language == language for place in record.places)
        said.append(Said(text=f"Language: {spoken}, program group in it: {'yes' if offered else 'no'}"))
    if (now := paused(record, record.today)) is not None and now.word == "CUSTODY":
        said.append(Said(text="In custody: classes rest", source=Letter.PROBATION, on=now.day, rows=(now.id,)))
    return tuple(said[:MOST]) or (Said(text="Nothing recorded"),)


def _answers(record: CaseRecord) -> Iterator[Said]:
    """The six questions that the reviewer asked before reporting (safeguard G2), in one line."""
    asked = [one for one in record.reviews.values() if (one.content or {}).get("barriers")]
    for review in asked[-1:]:
        answers = review.content["barriers"]
        # in the order in which they are asked: databases keep the keys of a document in orders of their own
        told = ", ".join(f"{name.replace('_', ' ')} {answers[name]}" for name in QUESTIONS if name in answers)
        yield Said(text=_short(f"Asked: {told}"), source=Letter.PROBATION, rows=(review.id,))


def _papers(record: CaseRecord) -> Iterator[Said]:
    letters = [one for one in record.of("letter") if one.word in ("WAITLIST", "EMPLOYER")]
    closed = [one for one in record.of("pause") if one.word in ("PROVIDER_CLOSED", "COURT_STAY")]
    yield from (event_said(record, one) for one in (*letters[-2:], *closed[-2:]))


def asks(record: CaseRecord, since: date | None) -> tuple[Said, ...]:
    """Block 8: what probation wrote to the court when it reported. Labelled as probation's."""
    return tuple(_asked(record, open_flags(record, since)))[-2:] or (Said(text="nothing in writing"),)


def _asked(record: CaseRecord, flags: Iterable[Any]) -> Iterator[Said]:
    """Once a report, whatever the number of its flags."""
    told = set()
    for flag in flags:
        filed, review = record.filed.get(flag.id), record.reviews[flag.id]
        asks = ASKS.get(filed.asks, "") if filed else ""
        words = ". ".join(part for part in (asks, (filed.words if filed else "") or review.words) if part.strip())
        if words and words not in told:
            told.add(words)
            yield Said(text=_short(words), source=Letter.PROBATION, rows=(review.id,))


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= 220 else words[:217].rstrip() + "..."
