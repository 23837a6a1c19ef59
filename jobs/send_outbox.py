"""Each minute, send what waits in the outbox: letters, words to agencies' own software, files for the registry."""

from __future__ import annotations

import msgspec

from jobs.work import Work
from monitor.outbox.dropping import write_drops
from monitor.outbox.sending import send_due
from monitor.webhooks.sending import send_words


def run(work: Work) -> str:
    """Each claim and each outcome is a transaction of its own; between them a letter or a word is handed over."""
    letters = send_due(work.transaction, work.settings, work.clock)
    words = send_words(work.transaction, work.settings, work.clock)
    files = write_drops(work.transaction, work.database, work.settings, work.clock)
    more = {"words": msgspec.to_builtins(words), "files": msgspec.to_builtins(files)}
    return msgspec.json.encode(msgspec.to_builtins(letters) | more).decode()
