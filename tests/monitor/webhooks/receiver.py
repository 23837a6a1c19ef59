"""A real HTTPS server on this machine that keeps what it is sent, with a certificate of an authority of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Word:
    """One request: its headers in small letters and its body."""

    def __init__(self, path: str, headers: Mapping[str, str], body: bytes) -> None:
        self.path, self.headers, self.body = path, headers, body

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told

    def is_signed_with(self, secret: str) -> bool:
        """As a receiver checks it that was written from the standard, and not from our code."""
        key = base64.b64decode(secret.split("_", 1)[1])
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{wanted}" in self.headers["webhook-signature"].split(" ")


class Receiver:
    """``words``: what came, in order. ``answer``: (status, headers) to the next; ``drips``: it speaks for ever."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.answer: tuple[int, dict[str, str]] = (204, {})
        self.drips = False
        self.url, self.authority = "", Path()

    def ids(self) -> list[str]:
        return [word.id for word in self.words]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    receiver: Receiver


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        receiver = self.server.receiver
        body = self.rfile.read(int(self.headers["content-length"]))
        receiver.words.append(Word(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        if receiver.drips:
            self._drip()
            return
        status, headers = receiver.answer
        self.send_response(status)
        for name, value in {**headers, "content-length": "0"}.items():
            self.send_header(name, value)
        self.end_headers()

    def do_GET(self) -> None:
        self.server.receiver.words.append(Word(self.path, {}, b""))
        self.send_error(404)

    def _drip(self) -> None:
        """A letter of a header now and then: no single read ever waits for long."""
        self.close_connection = True
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(100):
                self.wfile.write(b"x")
                time.sleep(0.05)

    def log_message(self, *_told: Any) -> None:
        return


def make_certificates(folder: Path, name: str = "127.0.0.1") -> tuple[Path, Path]:
    """An authority, and a certificate and key that it signed for ``name``."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _certificate("Test authority", authority_key.public_key(), "Test authority", authority_key, None)
    own = _certificate("receiver", key.public_key(), "Test authority", authority_key, name)
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "authority.pem").write_bytes(authority.public_bytes(pem))
    (folder / "server.pem").write_bytes(own.public_bytes(pem) + key.private_bytes(pem, *plain))
    return folder / "authority.pem", folder / "server.pem"


def _certificate(name: str, key: Any, issuer: str, signer: Any, host: str | None) -> x509.Certificate:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key).serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
    )  # fmt: skip
    if host:
        is_number = host.replace(".", "").isdigit()
        named = x509.IPAddress(ip_address(host)) if is_number else x509.DNSName(host)
        made = made.add_extension(x509.SubjectAlternativeName([named]), critical=False)
    return made.sign(signer, hashes.SHA256())


@contextmanager
def receiving(folder: Path, name: str = "127.0.0.1") -> Iterator[Receiver]:
    """Open until the block ends, on a port of its own."""
    receiver = Receiver()
    receiver.authority, own = make_certificates(folder, name)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.receiver = receiver
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(own)
    server.socket = trust.wrap_socket(server.socket, server_side=True)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        receiver.url = f"https://127.0.0.1:{server.server_port}/hooks"
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
