"""Headers of a mail: split off, decoded, written. Anything in them may be malformed; time is linear."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime, parsedate_to_datetime

from exchange_sandbox.clock import iso
from exchange_sandbox.mime import charsets

Headers = list[tuple[str, str]]

_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\s]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_ESCAPED = re.compile(r"\\(.)")
_IDS = re.compile(r"<[^<>\s]+>")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_MOST_RECIPIENTS = 5000


def split(raw: bytes) -> tuple[Headers, bytes]:
    """The headers in their order, unfolded but not decoded, and the body's bytes.

    A line that is no header ends the headers, as an empty one does.
    """
    found: list[tuple[bytes, list[bytes]]] = []
    position = 0
    while position < len(raw):
        end = raw.find(b"\n", position)
        following = len(raw) if end < 0 else end + 1
        line = raw[position:following].rstrip(b"\r\n")
        if line[:1] in (b" ", b"\t") and found:
            found[-1][1].append(line.strip())
        elif match := _NAME.match(line):
            found.append((match[1], [line[match.end() :].strip()]))
        elif not line:
            position = following
            break
        elif not (line.startswith(b"From ") and not found):  # an mbox line before the first header
            break
        position = following
    return [(_text(name), _text(b" ".join(parts))) for name, parts in found], raw[position:]


def rewritten(
    raw: bytes, *, drop: Iterable[str] = (), above: Headers | None = None, below: Headers | None = None
) -> bytes:
    """The mail with headers dropped (names as in :func:`without`) and added, all else byte for byte as it was
    but for the line ends, which become CRLF."""
    raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    names = set(drop)
    kept: list[bytes] = []
    position, dropping, begun = 0, False, False
    while position < len(raw):
        end = raw.find(b"\n", position)
        following = len(raw) if end < 0 else end + 1
        line = raw[position:following]
        folded = line[:1] in (b" ", b"\t") and begun
        match = None if folded else _NAME.match(line)
        if match:
            begun = True
            dropping = not without([(_text(match[1]), "")], *names)
        elif not folded and (begun or not line.startswith(b"From ")):
            break
        if (match or folded) and not dropping:
            kept.append(line if line.endswith(b"\r\n") else line + b"\r\n")
        position = following
    body = raw[position:].removeprefix(b"\r\n")
    return _block(above or []) + b"".join(kept) + _block(below or []) + b"\r\n" + body


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def join(headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """The mail's bytes from its headers (text in any language) and its body."""
    return _block(headers) + b"\r\n" + body


def _block(headers: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{_line(name, value)}\r\n" for name, value in headers).encode("ascii", "replace")


def _line(name: str, value: str) -> str:
    value = " ".join(value.split())  # no line break of a value may start a new header
    if value.isascii():
        return _folded(f"{name}: {value}")
    return f"{name}: " + Header(value, "utf-8", header_name=name, maxlinelen=76).encode(linesep="\r\n")


def _folded(line: str) -> str:
    if len(line) <= 78:
        return line
    lines, current = [], ""
    for word in line.split(" "):
        if current.strip() and len(current) + 1 + len(word) > 76:
            lines.append(current)
            current = " " + word
        else:
            current = f"{current} {word}" if current else word
    return "\r\n".join([*lines, current])


def first(headers: Headers, name: str) -> str | None:
    """The first header of that name, as it stands."""
    return next((value for key, value in headers if key.lower() == name.lower()), None)


def every(headers: Headers, name: str) -> list[str]:
    """All headers of that name."""
    return [value for key, value in headers if key.lower() == name.lower()]


def without(headers: Headers, *names: str) -> Headers:
    """The headers but those of these names; ``x-foo-*`` stands for all that begin so."""
    exact = {name for name in names if not name.endswith("*")}
    begins = tuple(name[:-1] for name in names if name.endswith("*"))
    return [
        (key, value)
        for key, value in headers
        if key.lower() not in exact and not (begins and key.lower().startswith(begins))
    ]


def decoded(value: str) -> str:
    """A header's text with its encoded words (RFC 2047) read."""
    if "=?" not in value:
        return value
    return _WORD.sub(_decode_word, _BETWEEN_WORDS.sub(r"\1", value))


def _decode_word(match: re.Match[str]) -> str:
    charset, encoding, text = match[1].partition("*")[0], match[2].lower(), match[3]
    data = text.encode("ascii", "replace")
    try:
        if encoding == "b":
            data = base64.b64decode(data + b"=" * (-len(data) % 4))
        else:
            data = _HEX.sub(lambda found: bytes([int(found[1], 16)]), data.replace(b"_", b" "))
        return charsets.decode(data, charset, "replace")
    except (binascii.Error, LookupError, ValueError):
        return match[0]


def addresses(values: Iterable[str]) -> list[dict[str, str]]:
    """The mailboxes in address headers (RFC 5322 3.4), each with name and address."""
    found = []
    for value in values:
        for part in _parts(value):
            one = _mailbox(part)
            if one:
                found.append(one)
            if len(found) >= _MOST_RECIPIENTS:
                return found
    return found


def _parts(value: str) -> Iterator[str]:
    """Split at the commas, semicolons and group names that are not quoted, in comments or in <>."""
    start, quoted, comment, angle, skip = 0, False, 0, False, False
    for position, char in enumerate(value):
        if skip:
            skip = False
        elif char == "\\":
            skip = True
        elif char == '"' and not comment:
            quoted = not quoted
        elif quoted:
            continue
        elif char == "(":
            comment += 1
        elif char == ")":
            comment = max(0, comment - 1)
        elif comment:
            continue
        elif char in "<>":
            angle = char == "<"
        elif char in ",;:" and not angle:
            if char != ":":  # what stands before a colon is a group's name
                yield value[start:position]
            start = position + 1
    yield value[start:]


def _mailbox(part: str) -> dict[str, str] | None:
    part = part.strip()
    start = part.rfind("<")  # what stands in <> before is part of the name
    if start >= 0:
        name = decoded(_unquoted(part[:start].strip())).strip()
        address = part[start + 1 :].partition(">")[0].strip()
    else:
        bare, _, comment = part.partition("(")
        name, address = decoded(comment.rstrip(")").strip()), bare.strip()
    if not address or (start < 0 and "@" not in address):
        return {"name": decoded(part), "address": ""} if part and start < 0 else None
    return {"name": name or address, "address": address}


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return _ESCAPED.sub(r"\1", text[1:-1])
    return text


def message_ids(value: str | None) -> list[str]:
    """The message ids in In-Reply-To or References, with their angle brackets."""
    return _IDS.findall(value or "")


def moment(value: str | None) -> str | None:
    """A Date header as the store keeps moments; None if it cannot be read."""
    if not value or len(value) > 200:
        return None
    try:
        date = parsedate_to_datetime(value)
        return iso(date.replace(tzinfo=UTC) if date.tzinfo is None else date)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def date(when: datetime) -> str:
    """A moment as the Date header has it."""
    return format_datetime(when.astimezone(UTC).replace(microsecond=0))


def mailbox_text(value: dict[str, str]) -> str:
    """A mailbox as an address header has it."""
    name, address = value["name"], value["address"]
    if not name or name == address:
        return address
    if not name.isascii():
        return f"{Header(name, 'utf-8').encode(linesep='').replace(chr(10), '')} <{address}>"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'
