"""A notice put together: what was filed, the rule, what it rests on and what does not count, the rights, the dates.

Nothing in it tells who spoke (safeguard B3): of evidence from outside the record it names the kind and the day alone.
It is frozen when it is made, so that the same notice prints the same bytes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.clocks import REVIEWS
from monitor.allegations.facts import Facts, Matter, read
from monitor.allegations.notice.words import HOW, LANGUAGES, WORDS
from monitor.allegations.page import AllegationPage
from monitor.allegations.steps import Changed, Step, add_step, last_of, notices_of, steps_of
from monitor.bench_page.words import language_words
from monitor.clock import local_day
from monitor.due_process import By
from monitor.local_law import LocalLaw, Wording
from monitor.models import AllegationStep, Court, Hearing, Person
from monitor.wording import day_in, moment_in
from rules.sayings import Language


def why_not(page: AllegationPage, language: str, law: LocalLaw) -> str:
    """Why no notice can be made, in a sentence; "" it can."""
    if language not in LANGUAGES:
        return "Choose the language."
    if language not in law.notice:
        return (
            f"The site has not entered its court's wording of the right to counsel in {LANGUAGES[language]}. "
            "An administrator enters it in the file of local law."
        )
    if "NOTICED" not in page.may:
        return "A notice follows a supervisor's approval, and only while the report lies before the court."
    return ""


def make(
    session: ScopedSession, page: AllegationPage, language: Language, law: LocalLaw, now: datetime
) -> AllegationStep:
    """Freeze a notice in one language. Raises `Changed` with why it cannot be made."""
    if why := why_not(page, language, law):
        raise Changed(why)
    content = content_of(session, page, language, law, now)
    return add_step(
        session, page.id, page.case_id, "NOTICED", By.REVIEWER, now,
        content={"language": language, "notice": content, "made_at": now.isoformat()},
    )  # fmt: skip


def made(session: ScopedSession, allegation_id: int, language: str) -> Step | None:
    """The newest notice in that language; of a withdrawn report the notice of the withdrawal alone."""
    steps = notices_of(steps_of(session, allegation_id))
    return last_of([step for step in steps if step.content.get("language") == language], "NOTICED")


def serve(session: ScopedSession, page: AllegationPage, how: str, words: str, now: datetime) -> None:
    """Record that a notice was handed over. Raises `Changed`: there is none, or not so."""
    if how not in HOW or not page.notices:
        raise Changed("Make the notice first, then say how it was handed over.")
    said = ". ".join(part for part in (HOW[how], words.strip()) if part)
    add_step(session, page.id, page.case_id, "SERVED", By.REVIEWER, now, words=said, content={"how": how})


def content_of(
    session: ScopedSession, page: AllegationPage, language: Language, law: LocalLaw, now: datetime
) -> dict[str, Any]:
    """The notice as the Typst source reads it: finished lines."""
    say, wording = WORDS[language], law.notice[language]
    facts = _filed(session, page, language)
    gone = page.state == "WITHDRAWN"
    content = {
        "language": language, "say": dict(say), "title": say["taken_back" if gone else "title"], "gone": gone,
        "person": page.person, "number": page.number, "court": page.court, "office": page.agency,
        "made": day_in(local_day(now, page.zone), language), "interpreter": _interpreter(session, page, language),
        "matters": [_matter(matter, language) for matter in facts.matters],
        "added": [f"{say[one.kind]}, {day_in(one.on, language)}" for one in page.typed.exhibits if one.kind in say],
        "helps": [line.words for line in facts.helps], "counsel": wording.counsel, "help": wording.help,
        "contest": wording.contest,
    }
    return content | _dates(session, page, language, law, wording, now)


def _filed(session: ScopedSession, page: AllegationPage, language: Language) -> Facts:
    """As it went to the court; in Spanish as the record said it at that moment."""
    filed = last_of(steps_of(session, page.id), "APPROVED")
    spanish = read(filed.content.get("es", {})) if filed and language == "es" else None
    return spanish or page.facts


def _matter(matter: Matter, language: Language) -> dict[str, Any]:
    return {
        "title": matter.title, "day": day_in(matter.due_on or matter.first_on, language), "sentence": matter.sentence,
        "provision": matter.provision, "rows": [line.words for line in matter.rows],
        "not_counted": [line.words for line in matter.not_counted],
    }  # fmt: skip


def _interpreter(session: ScopedSession, page: AllegationPage, language: Language) -> str:
    """Where the person's language is not the notice's (safeguard G3)."""
    spoken = session.scalar(select(Person.language).where(Person.id == page.person_id))
    if not spoken or spoken == language:
        return ""
    return WORDS[language]["interpreter"].format(LANGUAGES.get(spoken) or language_words(spoken))


def _dates(
    session: ScopedSession, page: AllegationPage, language: Language, law: LocalLaw, wording: Wording, now: datetime
) -> dict[str, str]:
    say = WORDS[language]
    ahead = (
        select(Hearing.starts_at, Hearing.room, Court.name).join(Court, Court.id == Hearing.court_id)
        .where(Hearing.case_id == page.case_id, Hearing.starts_at > now, Hearing.kind.in_(REVIEWS))
        .where(Hearing.resulted_at.is_(None), Hearing.outcome.is_(None)).order_by(Hearing.starts_at).limit(1)
    )  # fmt: skip
    row = session.execute(ahead).first()
    when = say["no_hearing"]
    if row is not None:
        where = ", ".join(part for part in (row.name, row.room) if part)
        when = say["hearing"].format(moment_in(row.starts_at, page.zone, language), where)
    within = say["within"].format(law.contest_days) if law.contest_days else say["until"]
    return {"hearing": when, "within": within}
