"""A real SMTP server on this machine, which keeps what it is handed and refuses what it is told to refuse."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller


class PostOffice:
    """``letters``: what was accepted, in order. ``answers``: what to say to a recipient instead of accepting."""

    def __init__(self) -> None:
        self.letters: list[Message] = []
        self.answers: dict[str, str] = {}
        self.url = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        """Accept or refuse a recipient."""
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        """Keep a letter."""
        self.letters.append(message_from_bytes(envelope.content))
        return "250 Kept"

    def ids(self) -> list[str]:
        """The Message-IDs in the order in which they came."""
        return [letter["Message-ID"] for letter in self.letters]


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Open until the block ends, on a port of its own."""
    office = PostOffice()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        office.url = f"smtp://127.0.0.1:{port}"
        yield office
    finally:
        controller.stop()
