"""A letter as it goes out: to whom, what, why, and the id by which a repeat is known. It names nobody."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from email.policy import SMTP

import msgspec

CLOSING = "You get this because: {why}\nThis message names nobody, and no answer to it is read."


class Letter(msgspec.Struct, frozen=True):
    """One message. ``rows``: (id, attempt) of the outbox rows that it carries. ``key``: the same for every try."""

    key: str
    to: str
    subject: str
    body: str
    why: str
    rows: tuple[tuple[int, int], ...]


def as_message(letter: Letter, sender: str, site: str) -> EmailMessage:
    """The e-mail: plain text, an id that repeats share, and marks that keep automatic answers away."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, letter.to, letter.subject
    message["Message-ID"] = f"<{_id(letter.key)}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{letter.body}\n\n{site}\n\n{CLOSING.format(why=letter.why)}\n")
    return message


def _id(key: str) -> str:
    """A key holds ids of the record, which have no business on a mail server."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
