"""The parts of a mail (RFC 2045, 2046), read in linear time whatever they claim to be."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from exchange_sandbox.mime import charsets
from exchange_sandbox.mime import headers as h

_DEEPEST = 20
_MOST_PARTS = 500
_PARAMETER = re.compile(r';\s*([!-:<-~]{1,100}?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))')
_CONTINUED = re.compile(r"\*(\d{1,3})?\*?$")


@dataclass(slots=True)
class Part:
    """A part: its media type in lower case, parameters, headers, raw body and the parts in it."""

    type: str
    parameters: dict[str, str]
    headers: h.Headers
    body: bytes
    children: list[Part] = field(default_factory=list)

    @property
    def disposition(self) -> str:
        """inline, attachment, or empty."""
        return (h.first(self.headers, "Content-Disposition") or "").partition(";")[0].strip().lower()

    @property
    def file_name(self) -> str:
        """The name that the sender gave to the part, or empty."""
        given = parameters(h.first(self.headers, "Content-Disposition") or "").get("filename")
        return h.decoded(given or self.parameters.get("name") or "")

    def content(self) -> bytes:
        """The body with its transfer encoding undone; what is broken is read as far as it goes."""
        encoding = (h.first(self.headers, "Content-Transfer-Encoding") or "").strip().lower()
        if encoding == "base64":
            clean = re.sub(rb"[^A-Za-z0-9+/]", b"", self.body)
            try:
                return base64.b64decode(
                    clean[: len(clean) - (len(clean) % 4 == 1)] + b"=" * (-len(clean) % 4)
                )
            except (binascii.Error, ValueError):
                return b""
        if encoding == "quoted-printable":
            return quopri.decodestring(self.body)
        return self.body

    def text(self) -> str:
        """The body as text."""
        data = self.content()
        for charset in (self.parameters.get("charset", "utf-8"), "utf-8", "cp1252"):
            try:
                return charsets.decode(data, charset)
            except (LookupError, ValueError):
                continue
        return data.decode("latin-1")

    def walk(self) -> Iterator[Part]:
        """This part and all below it, in the order of the mail."""
        yield self
        for child in self.children:
            yield from child.walk()


def read(raw: bytes) -> Part:
    """The parts of a mail."""
    return _read(raw, "text/plain", 0, [_MOST_PARTS])


def _read(raw: bytes, default_type: str, depth: int, left: list[int]) -> Part:
    found, body = h.split(raw)
    content_type = h.first(found, "Content-Type") or default_type
    kind = content_type.partition(";")[0].strip().lower()
    if "/" not in kind:
        kind = default_type
    part = Part(kind, parameters(content_type), found, body)
    boundary = part.parameters.get("boundary", "")
    if kind.startswith("multipart/") and boundary and depth < _DEEPEST:
        inner = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        for piece in _pieces(body, boundary.encode("utf-8", "replace")):
            if left[0] <= 0:
                break
            left[0] -= 1
            part.children.append(_read(piece, inner, depth + 1, left))
    return part


def _pieces(body: bytes, boundary: bytes) -> Iterator[bytes]:
    mark = b"--" + boundary
    position = start = -1
    while True:
        position = body.find(mark, position + 1)
        if position < 0:
            if start >= 0:
                yield body[start:]
            return
        if position and body[position - 1 : position] != b"\n":
            continue
        end = body.find(b"\n", position)
        line = body[position : len(body) if end < 0 else end].rstrip()
        if line not in (mark, mark + b"--"):
            continue
        if start >= 0:
            yield body[start:position].removesuffix(b"\n").removesuffix(b"\r")
        if line != mark or end < 0:
            return
        start = end + 1


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition, continued ones joined (RFC 2231)."""
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, str]] = {}
    for match in _PARAMETER.finditer(value[:20000]):
        name = match[1].lower()
        text = re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3]
        continued = _CONTINUED.search(name)
        if continued:
            pieces.setdefault(name[: continued.start()], {})[int(continued[1] or 0)] = text
        else:
            found.setdefault(name, text)
    for name, numbered in pieces.items():
        found[name] = _extended("".join(numbered[number] for number in sorted(numbered)))
    return found


def _extended(text: str) -> str:
    charset, first, rest = text.partition("'")
    _, second, encoded = rest.partition("'")
    if not (first and second):
        return text
    try:
        return charsets.decode(unquote_to_bytes(encoded), charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return encoded
