"""The way to the mail server: TLS unless it is this machine's own, and faults told apart by what helps."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from types import TracebackType
from urllib.parse import unquote, urlsplit

from monitor.config import LOOPBACK, Settings

SECONDS = 20


class NotNow(Exception):
    """The server cannot be reached or says later: try again. The text is the kind of fault, never what was said."""


class Never(Exception):
    """The server refuses this letter for good: a person must look."""


class Mailer:
    """One connection, opened at the first letter: ``with Mailer(settings) as mailer: mailer.send(message)``."""

    def __init__(self, settings: Settings) -> None:
        self.url = urlsplit(settings.mail_url)
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Mailer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._close()

    def send(self, message: EmailMessage) -> None:
        """Hand one message over. Raises `NotNow` or `Never`; after either the next letter may go through."""
        try:
            self._connected().send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            self._close()
            raise _by_code(min(code for code, _said in error.recipients.values()), "recipient") from None
        except smtplib.SMTPResponseException as error:
            self._close()
            raise _by_code(error.smtp_code, "server") from None
        except (smtplib.SMTPException, OSError) as error:
            self._close()
            raise NotNow(type(error).__name__) from None

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = self._open()
        return self._server

    def _open(self) -> smtplib.SMTP:
        host, trust = self.url.hostname or "", ssl.create_default_context()
        if self.url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, self.url.port or 465, timeout=SECONDS, context=trust)
        else:
            server = smtplib.SMTP(host, self.url.port or 587, timeout=SECONDS)
            if host not in LOOPBACK:
                server.starttls(context=trust)
        if self.url.username:
            server.login(unquote(self.url.username), unquote(self.url.password or ""))
        return server

    def _close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()


def _by_code(code: int, who: str) -> NotNow | Never:
    """5xx is for good, 4xx for now (RFC 5321, 4.2.1). A refused sign-in is the operator's to mend: it stays waiting."""
    if code in (530, 534, 535):
        return NotNow(f"{who} {code}")
    return Never(f"{who} {code}") if code >= 500 else NotNow(f"{who} {code}")
