"""Forget what need not be kept: sessions, old tries, contents of files long saved, drafts, answers to machines.

Keys of names that an earlier version wrote otherwise are written as look-ups go by them now."""

from __future__ import annotations

from datetime import timedelta

from jobs.work import Work
from monitor.access.auth_sessions import forget_ended
from monitor.contact_log import drafts as contact_drafts
from monitor.grid.drafts import KEEP, forget_drafts
from monitor.incidents import drafts as incident_drafts
from monitor.intake.keys import forget_answers
from monitor.intake.uploads import forget_contents
from monitor.name_keys import fold_again

KEEP_FILES = timedelta(days=30)


def run(work: Work) -> str:
    """One transaction; the audit trail keeps that they existed."""
    with work.transaction() as session:
        now = work.clock()
        sessions, files = forget_ended(session, now), forget_contents(session, now - KEEP_FILES)
        drafts, answers = forget_drafts(session, now - KEEP), forget_answers(session, now)
        names = fold_again(session)
        drafts += contact_drafts.drop_old(session, now) + incident_drafts.drop_old(session, now)
    return f'{{"sessions":{sessions},"files":{files},"drafts":{drafts},"answers":{answers},"names":{names}}}'
