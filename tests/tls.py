"""A certificate authority for tests, and a proxy by which names lead to a sandbox."""

from __future__ import annotations

import socket
import socketserver
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def make_certificates(folder: Path, *names: str, ends: float = 30) -> tuple[Path, Path, Path]:
    """The files of an authority's certificate, and of a server's certificate and key, which are good until so
    many days from now, and from a month earlier on."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "corp.example in-house CA")])
    start, end = (datetime.now(UTC) + timedelta(days=days) for days in (ends - 31, ends))

    def begun(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(ca_name).public_key(public)
        return builder.serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(end)

    ca = begun(ca_name, ca_key.public_key()).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), True
    )
    server = begun(x509.Name([]), key.public_key())
    server = server.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), True)
    files = tuple(folder / name for name in ("ca.pem", "server.pem", "server.key"))
    files[0].write_bytes(ca.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(server.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    files[2].write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    return files[0], files[1], files[2]


class Proxy(socketserver.ThreadingTCPServer):
    """An HTTP proxy that takes every name in `known` to one port here, and knows no other. By plain http
    it plays the hosts in `plain` itself: each leads to the address that stands there."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, *known: str) -> None:
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.port, self.known = port, known
        self.plain: dict[str, str] = {}
        self.asked: list[str] = []
        self.heads: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()


class _Tunnel(socketserver.StreamRequestHandler):
    server: Proxy

    def handle(self) -> None:
        method, target, _ = self.rfile.readline().decode().split()
        self.server.asked.append(f"{method} {target}")
        while line := self.rfile.readline().strip():
            self.server.heads.append(line.decode("latin-1"))
        leads = self.server.plain.get(urlsplit(target).hostname or "")
        if method == "GET" and leads:
            head = f"HTTP/1.1 302 Found\r\nLocation: {leads}\r\nContent-Length: 0\r\n\r\n"
            self.wfile.write(head.encode())
            return
        if method != "CONNECT" or target.partition(":")[0] not in self.server.known:
            self.wfile.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self.server.port)) as inner:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pump, args=(inner, self.connection), daemon=True)
            back.start()
            _pump(self.connection, inner)
            back.join(5)


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
