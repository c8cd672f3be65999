"""The parts of a MIME message that ackd looks at, found in linear time.

Source: RFC 2045, RFC 2046, RFC 5322. Python's own parser looks at each line once per level of
nesting and recurses with it; here the depth, the number of parts and the size of what is
decoded are bounded.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from dataclasses import dataclass, field

from ackd.text.headers import charset, uncommented

Header = tuple[str, str]

_CONTROLS = dict.fromkeys((*range(32), 127), " ")
_DEEPEST = 8
_MOST_PARTS = 200
_LARGEST_TEXT = 2_000_000  # bytes of one text part that are decoded
_NAME = re.compile(rb"[!-9;-~]{1,200}")
_PARAMETER = re.compile(r';\s*([\w*-]{1,60})\s*=\s*("(?:[^"\\]|\\.){0,2000}"?|[^\s;"]{0,2000})')


@dataclass(slots=True)
class Body:
    """What a message carries. `calendar` is the method and the answer (PARTSTAT) of an
    iCalendar part; `report` is the machine-readable part of a report, in lower case."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    calendar: tuple[str, str] | None = None
    report: str = ""
    has_attachments: bool = False
    parts: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def html(self) -> str | None:
        return "\n".join(self.htmls) or None


def headers(raw: bytes, *, most: int) -> list[Header]:
    """Every header field in order, unfolded; lines that are none are passed over."""
    found: list[Header] = []
    name, chunks = "", list[bytes]()
    for line in _head_lines(raw):
        if line[:1] in (b" ", b"\t"):
            chunks.append(line.strip(b"\r\n"))
            continue
        if name:
            found.append((name, _text(b"".join(chunks))))
            if len(found) >= most:
                return found
        before, colon, after = line.partition(b":")
        before = before.rstrip()
        name = before.decode("ascii") if colon and _NAME.fullmatch(before) else ""
        chunks = [after.strip(b"\r\n")]
    if name:
        found.append((name, _text(b"".join(chunks))))
    return found


def _head_lines(raw: bytes) -> list[bytes]:
    """Where lines end by LF, a CR alone ends none (RFC 5322 2.2): behind it a stranger could write a field of
    the server's."""
    head = raw[: _head_end(raw)]
    if b"\n" in head:
        return head.replace(b"\r\n", b"\n").replace(b"\r", b" ").split(b"\n")
    return head.split(b"\r")


def _head_end(raw: bytes) -> int:
    """Where the first empty line begins; the whole where there is none."""
    ends = [position for mark in (b"\r\n\r\n", b"\n\n") if (position := raw.find(mark)) >= 0]
    if raw[:1] in (b"\n", b"\r"):
        return 0
    return min(ends, default=len(raw))


def _text(value: bytes) -> str:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    return text.translate(_CONTROLS).strip()


def content_type(value: str) -> tuple[str, dict[str, str]]:
    """Type and parameters in lower case names, e.g. ("text/plain", {"charset": "utf-8"})."""
    value = uncommented(value[:10_000])
    parameters = {k.lower(): v.strip('"') for k, v in _PARAMETER.findall(value)}
    kind = value.partition(";")[0].strip().lower()
    return (kind if "/" in kind else "text/plain"), parameters


def body(raw: bytes, head: list[Header]) -> Body:
    """What the message carries below its header fields."""
    found = Body()
    _part(_below(raw), _fields(head), found, depth=0)
    return found


def _fields(head: list[Header]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in head:
        fields.setdefault(name.lower(), value)
    return fields


def _below(raw: bytes) -> bytes:
    rest = raw[_head_end(raw) :]
    for mark in (b"\r\n\r\n", b"\n\n", b"\r\n", b"\n", b"\r"):
        if rest.startswith(mark):
            return rest[len(mark) :]
    return rest


def _part(raw: bytes, fields: dict[str, str], found: Body, depth: int) -> None:
    found.parts += 1
    kind, parameters = content_type(fields.get("content-type", "text/plain"))
    disposition = fields.get("content-disposition", "").lower()
    boundary = parameters.get("boundary", "")
    if kind.startswith("multipart/") and boundary and depth < _DEEPEST:
        _multipart(raw, boundary.encode("utf-8", "replace"), found, depth)
    elif disposition.startswith("attachment") or not kind.startswith("text/"):
        found.has_attachments |= depth > 0 and _is_attachment(kind, disposition, fields)
        if kind in ("message/delivery-status", "message/disposition-notification"):
            found.report = raw[:10_000].decode("latin-1").lower()
    elif kind == "text/calendar":
        found.calendar = _calendar(_decode(raw, fields, parameters), parameters)
    elif kind in ("text/plain", "text/html"):
        (found.htmls if kind == "text/html" else found.texts).append(_decode(raw, fields, parameters))


def _is_attachment(kind: str, disposition: str, fields: dict[str, str]) -> bool:
    inline = "content-id" in fields and kind.startswith("image/") and not disposition.startswith("attachment")
    return not inline and kind not in ("message/delivery-status", "message/disposition-notification")


def _multipart(raw: bytes, boundary: bytes, found: Body, depth: int) -> None:
    for chunk in _split(raw, b"--" + boundary):
        if found.parts >= _MOST_PARTS:
            return
        _part(_below(chunk), _fields(headers(chunk, most=50)), found, depth + 1)


def _split(raw: bytes, mark: bytes) -> list[bytes]:
    """The parts between boundary lines; a missing end is forgiven (RFC 2046 §5.1.1)."""
    chunks: list[bytes] = []
    start: int | None = None
    position = 0 if raw.startswith(mark) else _next_mark(raw, mark, 0)
    while position >= 0 and len(chunks) < _MOST_PARTS:
        if start is not None:
            chunks.append(raw[start:position].rstrip(b"\r\n"))
        after = position + len(mark)
        if raw[after : after + 2] == b"--":
            return chunks
        line_end = raw.find(b"\n", after)
        if line_end < 0:
            return chunks
        start = line_end + 1
        position = start if raw.startswith(mark, start) else _next_mark(raw, mark, start)
    if start is not None and len(chunks) < _MOST_PARTS:
        chunks.append(raw[start:])
    return chunks


def _next_mark(raw: bytes, mark: bytes, start: int) -> int:
    position = raw.find(b"\n" + mark, start)
    return position + 1 if position >= 0 else -1


def _decode(raw: bytes, fields: dict[str, str], parameters: dict[str, str]) -> str:
    encoding = fields.get("content-transfer-encoding", "").strip().lower()
    raw = raw[:_LARGEST_TEXT]
    if encoding == "base64":
        raw = _base64(raw)
    elif encoding == "quoted-printable":
        raw = quopri.decodestring(raw)
    name = charset(parameters.get("charset", "utf-8"))
    try:
        text = raw.decode(name)
    except ValueError:
        text = raw.decode("latin-1" if name.lower().startswith("utf") else name, "replace")
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def _base64(raw: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    try:
        return base64.b64decode(letters[: len(letters) // 4 * 4] + _padded(letters))
    except (binascii.Error, ValueError):
        return b""


def _padded(letters: bytes) -> bytes:
    rest = letters[len(letters) // 4 * 4 :]
    return rest + b"=" * (4 - len(rest)) if len(rest) > 1 else b""


def _calendar(text: str, parameters: dict[str, str]) -> tuple[str, str]:
    method = parameters.get("method", "").upper()
    if not method and (said := re.search(r"(?im)^METHOD:(\w{1,20})", text[:20_000])):
        method = said.group(1).upper()
    answer = re.search(r"PARTSTAT=([A-Z-]{1,20})", text[:20_000])
    return method, answer.group(1) if answer else ""
