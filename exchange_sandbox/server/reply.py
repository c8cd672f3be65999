"""The head of an answer, with what clients of Exchange look for in it, and its body packed."""

from __future__ import annotations

import gzip
import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from email.message import Message
from email.utils import format_datetime
from http import HTTPStatus

XML = "text/xml; charset=utf-8"

_HOST = "SANDBOX"
_AFFINITY = "X-BackEndOverrideCookie"
_SMALLEST = 512  # bytes; what is shorter goes as it is
_SAFE = re.compile(r"[\x21-\x7e]{1,128}")  # what of a client's header may come back to it


def packed(body: bytes, asked: Message) -> tuple[bytes, bool]:
    """The body as the client may have it, and whether it is packed (gzip)."""
    if len(body) < _SMALLEST or not _takes_gzip(asked.get("Accept-Encoding", "")):
        return body, False
    return gzip.compress(body, 3, mtime=0), True


def _takes_gzip(accepted: str) -> bool:
    for one in accepted.lower().split(","):
        coding, _, quality = one.partition(";")
        if coding.strip() in ("gzip", "x-gzip", "*"):
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def head(
    status: int, content_type: str, more: list[str], *, asked: Message, now: datetime | None, is_secure: bool
) -> bytes:
    """The status line and all headers, with a date unless ``now`` is None. ``asked`` are the request's
    headers: some of them want an answer.

    ``client-request-id`` comes back to whoever sends ``return-client-request-id``, and who wants to stay with
    one server (``X-PreferServerAffinity``) gets the cookie X-BackEndOverrideCookie.
    """
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"Content-Type: {content_type}",
        *([f"Date: {format_datetime(now.replace(microsecond=0), usegmt=True)}"] if now else []),
        "Server: ackd-sandbox",
        "Cache-Control: private",
        f"request-id: {uuid.uuid4()}",
        f"X-FEServer: {_HOST}",
        f"X-BEServer: {_HOST}",
        *_wanted(asked, is_secure),
        *more,
    ]
    if status == HTTPStatus.UNAUTHORIZED:
        lines.append('WWW-Authenticate: Basic realm="ackd sandbox"')
    if content_type == XML:
        lines.append("Vary: Accept-Encoding")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def plain_head(status: int, headers: Mapping[str, str], now: datetime | None) -> bytes:
    """The status line and these headers, with a date unless ``now`` is None."""
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        *([f"Date: {format_datetime(now.replace(microsecond=0), usegmt=True)}"] if now else []),
        "Server: ackd-sandbox",
        *(f"{name}: {value}" for name, value in {"Cache-Control": "no-cache", **headers}.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def _wanted(asked: Message, is_secure: bool) -> list[str]:
    lines = []
    name = asked.get("client-request-id", "")
    if asked.get("return-client-request-id", "").lower() == "true" and _SAFE.fullmatch(name):
        lines.append(f"client-request-id: {name}")
    prefers = asked.get("X-PreferServerAffinity", "").lower() == "true"
    stays = asked.get(_AFFINITY) or f"{_AFFINITY}=" in asked.get("Cookie", "")  # clients send it in both ways
    if prefers and not stays:
        secure = "; secure" if is_secure else ""
        lines.append(f"Set-Cookie: {_AFFINITY}={_HOST}~1; path=/{secure}; HttpOnly")
    return lines
