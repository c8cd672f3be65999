"""An item becomes a mail as bytes."""

from __future__ import annotations

import base64
import hashlib
import quopri
import re
from datetime import datetime
from typing import Any
from urllib.parse import quote

from exchange_sandbox.mime import headers as h
from exchange_sandbox.mime.bodies import html_to_text
from exchange_sandbox.mime.read import SENSITIVITIES, SUPPRESS_NAMES
from exchange_sandbox.store.schema import SUPPRESS, BodyType, Importance, Key, Sensitivity, header_of

# headers that are made from properties of the item, in the order in which they are written
MADE = (
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "bcc",
    "subject",
    "thread-topic",
    "thread-index",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "importance",
    "x-priority",
    "sensitivity",
    "x-auto-response-suppress",
    "disposition-notification-to",
    "return-receipt-to",
    "keywords",
)
CONTENT = ("mime-version", "content-type", "content-transfer-encoding", "content-disposition", "content-id")
_NEVER_BY_PROPERTY = {*MADE, *CONTENT, "received", "return-path"}
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,120}")
_PLAIN = re.compile(r"(?:[!#-<>-\[\]-~]| (?! )){0,60}")  # ASCII without quotes, = and runs of spaces
_HEADER_NAME = re.compile(r"[!-9;-~]{1,200}")


def made_headers(bag: dict[str, Any], *, for_owner: bool) -> h.Headers:
    """The headers that follow from an item's properties; Bcc and categories only in its owner's own copy."""
    author = bag.get(Key.FROM) or bag.get(Key.SENDER)
    sender = bag.get(Key.SENDER)
    by_name: list[tuple[str, Any]] = [
        ("From", h.mailbox_text(author) if author else None),
        (
            "Sender",
            h.mailbox_text(sender) if sender and author and sender["address"] != author["address"] else None,
        ),
        ("Reply-To", _mailboxes(bag, Key.REPLY_TO)),
        ("To", _mailboxes(bag, Key.TO)),
        ("Cc", _mailboxes(bag, Key.CC)),
        ("Bcc", _mailboxes(bag, Key.BCC) if for_owner else None),
        ("Subject", bag.get(Key.SUBJECT) or None),
        ("Thread-Topic", bag.get(Key.CONVERSATION_TOPIC)),
        ("Thread-Index", bag.get(Key.CONVERSATION_INDEX)),
        ("Date", _date(bag)),
        ("Message-ID", bag.get(Key.MESSAGE_ID)),
        ("In-Reply-To", bag.get(Key.IN_REPLY_TO)),
        ("References", bag.get(Key.REFERENCES)),
        ("Importance", _importance(bag)),
        ("Sensitivity", _sensitivity(bag)),
        ("X-Auto-Response-Suppress", suppress_names(bag.get(SUPPRESS, 0))),
        ("Disposition-Notification-To", _receipt(bag, Key.WANTS_READ_RECEIPT, author)),
        ("Return-Receipt-To", _receipt(bag, Key.WANTS_DELIVERY_RECEIPT, author)),
        ("Keywords", ", ".join(bag.get(Key.CATEGORIES, ())) if for_owner else None),
    ]
    return [(name, value) for name, value in by_name if value] + property_headers(bag)


def property_headers(bag: dict[str, Any]) -> h.Headers:
    """Headers that were set as InternetHeaders properties.

    X-Auto-Response-Suppress is not among them: Exchange writes it from PidTagAutoResponseSuppress alone.
    """
    found = []
    for key, value in bag.items():
        name = header_of(key)
        if name is None or not isinstance(value, str):
            continue
        if _HEADER_NAME.fullmatch(name) and name not in _NEVER_BY_PROPERTY:
            found.append((name, value))
    return found


def suppress_names(bits: int) -> str | None:
    """PidTagAutoResponseSuppress as the value of X-Auto-Response-Suppress (MS-OXCMAIL 2.1.3.2)."""
    if bits == -1:
        return "All"
    return ", ".join(name for name, bit in SUPPRESS_NAMES.items() if bits & bit) or None


def _mailboxes(bag: dict[str, Any], name: str) -> str:
    return ", ".join(h.mailbox_text(one) for one in bag.get(name, ()))


def _date(bag: dict[str, Any]) -> str | None:
    """None for an attached mail that never said when it was sent."""
    moment = bag.get(Key.SENT) or bag.get(Key.CREATED)
    return h.date(datetime.fromisoformat(moment)) if moment else None


def _importance(bag: dict[str, Any]) -> str | None:
    word = bag.get(Key.IMPORTANCE, Importance.NORMAL)
    return None if word == Importance.NORMAL else str(word)


def _sensitivity(bag: dict[str, Any]) -> str | None:
    return SENSITIVITIES.get(bag.get(Key.SENSITIVITY, Sensitivity.NORMAL))


def _receipt(bag: dict[str, Any], name: str, author: dict[str, str] | None) -> str | None:
    return h.mailbox_text(author) if bag.get(name) and author else None


def body_entity(
    kind: str, text: str, attachments: list[tuple[dict[str, Any], bytes]]
) -> tuple[h.Headers, bytes]:
    """The content headers and the bytes of a body: text, or HTML with its text beside it, and attachments."""
    if kind == BodyType.HTML:
        entity = _multipart(
            "alternative", [_text_part("plain", html_to_text(text)), _text_part("html", text)]
        )
    else:
        entity = _text_part("plain", text)
    if attachments:
        entity = _multipart("mixed", [entity, *(_file_part(about, data) for about, data in attachments)])
    found, body = entity
    return [("MIME-Version", "1.0"), *found], body


def _text_part(subtype: str, text: str) -> tuple[h.Headers, bytes]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    data = quopri.encodestring(lines.encode("utf-8", "replace"), quotetabs=False).replace(b"\n", b"\r\n")
    if not data.endswith(b"\r\n"):
        data += b"\r\n"
    return [
        ("Content-Type", f'text/{subtype}; charset="utf-8"'),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ], data


def _file_part(about: dict[str, Any], data: bytes) -> tuple[h.Headers, bytes]:
    is_mail = about["kind"] == "item"
    disposition = "inline" if about.get("is_inline") else "attachment"
    name = about["name"]
    found = [
        ("Content-Type", f"{_media_type(about, is_mail=is_mail)}; {_parameter('name', name)}"),
        ("Content-Disposition", f"{disposition}; {_parameter('filename', name)}"),
        *([("Content-ID", f"<{about['content_id']}>")] if about.get("content_id") else []),
        *([("Content-Location", about["content_location"])] if about.get("content_location") else []),
        *([] if is_mail else [("Content-Transfer-Encoding", "base64")]),
    ]
    return found, data if is_mail else base64.encodebytes(data).replace(b"\n", b"\r\n")


def _media_type(about: dict[str, Any], *, is_mail: bool) -> str:
    """The type to write: of a file none that would make readers look for parts in it."""
    if is_mail:
        return "message/rfc822"
    given = (about.get("content_type") or "").partition(";")[0].strip().lower()
    is_file = _MEDIA_TYPE.fullmatch(given) and not given.startswith(("multipart/", "message/"))
    return given if is_file else "application/octet-stream"


def _parameter(key: str, value: str) -> str:
    """A parameter, plain where that is safe, else as RFC 2231 has it."""
    if _PLAIN.fullmatch(value):
        return f'{key}="{value}"'
    return f"{key}*=utf-8''{quote(value.encode('utf-8', 'replace'), safe='')}"


def _multipart(subtype: str, parts: list[tuple[h.Headers, bytes]]) -> tuple[h.Headers, bytes]:
    rendered = [h.join(found, body) for found, body in parts]
    digest = hashlib.sha256(b"\0".join(rendered)).hexdigest()[:24]
    mark = f"_{subtype[:3]}_{digest}_"
    pieces = [
        f"--{mark}\r\n".encode() + one + (b"" if one.endswith(b"\r\n") else b"\r\n") for one in rendered
    ]
    return [("Content-Type", f'multipart/{subtype}; boundary="{mark}"')], b"".join(
        pieces
    ) + f"--{mark}--\r\n".encode()


def meeting_entity(kind: str, text: str, calendar: bytes, method: str) -> tuple[h.Headers, bytes]:
    """The content headers and the bytes of a meeting's message: text, HTML if it was written so, and the
    calendar object (MS-OXCICAL 2.1.1)."""
    plain = html_to_text(text) if kind == BodyType.HTML else text
    parts = [_text_part("plain", plain), *([_text_part("html", text)] if kind == BodyType.HTML else [])]
    content = f'text/calendar; charset="utf-8"; method={method}'
    found = [("Content-Type", content), ("Content-Transfer-Encoding", "base64")]
    parts.append((found, base64.encodebytes(calendar).replace(b"\n", b"\r\n")))
    found, body = _multipart("alternative", parts)
    return [("MIME-Version", "1.0"), *found], body
