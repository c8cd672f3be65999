"""A mail as bytes becomes the properties of an item, as Exchange reads it (MS-OXCMAIL)."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from exchange_sandbox.calendar import ical_read
from exchange_sandbox.mime import headers as h
from exchange_sandbox.mime.parts import Part
from exchange_sandbox.mime.parts import read as read_parts
from exchange_sandbox.store.schema import (
    AUTO_FORWARDED,
    SUPPRESS,
    BodyType,
    Importance,
    Key,
    Sensitivity,
    Stream,
)

SENSITIVITIES = {
    Sensitivity.PERSONAL: "Personal",
    Sensitivity.PRIVATE: "Private",
    Sensitivity.CONFIDENTIAL: "Company-Confidential",
}
SUPPRESS_NAMES = {"DR": 0x1, "NDR": 0x2, "RN": 0x4, "NRN": 0x8, "OOF": 0x10, "AutoReply": 0x20}

_PREFIX = re.compile(r"^\s*(?:[A-Za-z]{1,3}(?:\[\d{1,3}\])?:\s*)+")
_MEETINGS = {
    "request": "IPM.Schedule.Meeting.Request",
    "cancel": "IPM.Schedule.Meeting.Canceled",
    "publish": "IPM.Schedule.Meeting.Request",
}
_ANSWERS = {"accepted": "Pos", "tentative": "Tent", "declined": "Neg"}
_DELIVERY = {"delivered": "DR", "relayed": "DR", "expanded": "Expanded.DR", "delayed": "Delayed.DR"}


def read(raw: bytes, *, keep_categories: bool) -> tuple[dict[str, Any], dict[str, bytes | None]]:
    """The bag and the streams of the item that this mail becomes.

    ``keep_categories``: Keywords become categories, as in a mail saved by its owner and not as in one
    that transport delivers.
    """
    mail = read_parts(raw)
    bag = _from_headers(mail.headers)
    body = _body_part(mail)
    bag[Key.BODY_TYPE] = BodyType.HTML if body is not None and body.type == "text/html" else BodyType.TEXT
    bag[Key.ITEM_CLASS] = item_class(mail)
    if bag[Key.ITEM_CLASS].startswith("IPM.Schedule.Meeting."):
        bag = {**_meeting(mail), **bag}
    attachments = _attachments(mail, body)
    if attachments:
        bag[Key.ATTACHMENTS] = attachments
    if keep_categories and (words := _keywords(mail.headers)):
        bag[Key.CATEGORIES] = words
    streams: dict[str, bytes | None] = {
        Stream.MIME: raw,
        Stream.BODY: (body.text() if body else "").encode("utf-8", "replace"),
        Stream.HEADERS: json.dumps(mail.headers).encode(),
    }
    return bag, streams


def _from_headers(found: h.Headers) -> dict[str, Any]:
    sender = h.addresses(h.every(found, "Sender"))
    author = h.addresses(h.every(found, "From")) or sender
    subject = h.decoded(h.first(found, "Subject") or "")
    bag: dict[str, Any] = {
        Key.SUBJECT: subject,
        Key.FROM: author[0] if author else None,
        Key.SENDER: next(iter(sender or author), None),
        Key.TO: h.addresses(h.every(found, "To")),
        Key.CC: h.addresses(h.every(found, "Cc")),
        Key.BCC: h.addresses(h.every(found, "Bcc")),
        Key.REPLY_TO: h.addresses(h.every(found, "Reply-To")),
        Key.MESSAGE_ID: (h.first(found, "Message-ID") or "").strip(),
        Key.IN_REPLY_TO: (h.first(found, "In-Reply-To") or "").strip(),
        Key.REFERENCES: (h.first(found, "References") or "").strip(),
        Key.SENT: h.moment(h.first(found, "Date")),
        Key.CONVERSATION_TOPIC: h.decoded(h.first(found, "Thread-Topic") or "") or topic(subject),
        Key.CONVERSATION_INDEX: _thread_index(h.first(found, "Thread-Index")),
        Key.WANTS_READ_RECEIPT: h.first(found, "Disposition-Notification-To") is not None,
        Key.WANTS_DELIVERY_RECEIPT: h.first(found, "Return-Receipt-To") is not None,
        Key.IMPORTANCE: _importance(found),
        Key.SENSITIVITY: _sensitivity(found),
        SUPPRESS: suppressed(h.every(found, "X-Auto-Response-Suppress")),
        AUTO_FORWARDED: (h.first(found, "X-MS-Exchange-Organization-AutoForwarded") or "").lower() == "true",
    }
    return {key: value for key, value in bag.items() if value or key == Key.SUBJECT}


def topic(subject: str) -> str:
    """A subject without its Re: and Fw: (the conversation topic, MS-OXOMSG 2.2.1.5)."""
    return _PREFIX.sub("", subject[:1000]).strip()


def _importance(found: h.Headers) -> str | None:
    word = (
        h.first(found, "Importance") or h.first(found, "Priority") or h.first(found, "X-Priority") or ""
    ).strip()
    return {
        "high": Importance.HIGH,
        "low": Importance.LOW,
        "urgent": Importance.HIGH,
        "non-urgent": Importance.LOW,
        "1": Importance.HIGH,
        "2": Importance.HIGH,
        "4": Importance.LOW,
        "5": Importance.LOW,
    }.get(word.partition(" ")[0].lower())


def _sensitivity(found: h.Headers) -> str | None:
    word = (h.first(found, "Sensitivity") or "").strip().lower()
    return {value.lower(): one for one, value in SENSITIVITIES.items()}.get(word)


def suppressed(values: list[str]) -> int:
    """X-Auto-Response-Suppress as the bits of PidTagAutoResponseSuppress; All is -1."""
    words = {word.strip().lower() for value in values for word in value.split(",")}
    if "all" in words:
        return -1
    return sum(bit for name, bit in SUPPRESS_NAMES.items() if name.lower() in words)


def _thread_index(value: str | None) -> str | None:
    try:
        data = base64.b64decode("".join((value or "").split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    return base64.b64encode(data).decode() if len(data) >= 22 and (len(data) - 22) % 5 == 0 else None


def _keywords(found: h.Headers) -> list[str]:
    words = [word.strip() for value in h.every(found, "Keywords") for word in h.decoded(value).split(",")]
    return list(dict.fromkeys(word for word in words if word))


def _is_attached(part: Part) -> bool:
    return part.disposition == "attachment" or not part.type.startswith("text/") or bool(part.file_name)


def _body_part(part: Part) -> Part | None:
    """The part that is shown as the mail's text; HTML where there is a choice."""
    if not part.type.startswith("multipart/"):
        return None if _is_attached(part) or part.type == "text/calendar" else part
    if part.type == "multipart/alternative":
        found = [one for one in map(_body_part, part.children) if one is not None]
        return next((one for one in found if one.type == "text/html"), found[0] if found else None)
    for child in part.children:
        found_here = _body_part(child)
        if found_here is not None:
            return found_here
    return None


def _attachments(mail: Part, body: Part | None) -> list[dict[str, Any]]:
    """What is attached: all that is neither the body, nor a container, nor another form of the body."""
    alternatives = {
        id(child) for part in mail.walk() if part.type == "multipart/alternative" for child in part.children
    }
    found = []
    for number, part in enumerate(mail.walk()):
        unseen = part.type.startswith("multipart/") or part is body or (id(part) in alternatives)
        if unseen or part.type == "application/pkcs7-mime" or (part is mail and not _is_attached(part)):
            continue
        found.append(_attachment(number, part))
    return found


def _attachment(number: int, part: Part) -> dict[str, Any]:
    content_id = (h.first(part.headers, "Content-ID") or "").strip().strip("<>")
    is_item = part.type == "message/rfc822"
    name = part.file_name
    if is_item and not name:
        name = h.decoded(h.first(h.split(part.body)[0], "Subject") or "")
    return {
        "part": number,
        "kind": "item" if is_item else "file",
        "name": name or f"attachment-{number}",
        "content_type": part.type,
        "content_id": content_id,
        "content_location": (h.first(part.headers, "Content-Location") or "").strip(),
        "size": len(part.body) if is_item else len(part.content()),
        "is_inline": part.disposition == "inline" and bool(content_id),
    }


def item_class(mail: Part) -> str:
    """The item class that Exchange gives to a mail by its structure (MS-OXCMAIL 2.2.3.2)."""
    kind = mail.type
    if kind == "multipart/signed":
        return "IPM.Note.SMIME.MultipartSigned"
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        return "IPM.Note.SMIME"
    if kind == "multipart/report":
        return _report_class(mail)
    for part in mail.walk():
        if _is_calendar(part):
            return _meeting_class(part)
    return "IPM.Note"


def _report_class(mail: Part) -> str:
    for part in mail.walk():
        if part.type == "message/delivery-status":
            action = re.search(rb"^Action:[ \t]*(\w+)", part.body[:50_000], re.MULTILINE | re.IGNORECASE)
            return f"REPORT.IPM.Note.{_DELIVERY.get(action[1].decode().lower() if action else '', 'NDR')}"
        if part.type == "message/disposition-notification":
            return f"REPORT.IPM.Note.{'IPNNRN' if b'deleted' in part.body[:50_000].lower() else 'IPNRN'}"
    kind = mail.parameters.get("report-type", "").lower()
    named = {"delivery-status": "NDR", "disposition-notification": "IPNRN"}
    return f"REPORT.IPM.Note.{named[kind]}" if kind in named else "IPM.Note"


def _meeting(mail: Part) -> dict[str, Any]:
    """What the calendar object of a meeting's message says of its appointment."""
    part = next((one for one in mail.walk() if _is_calendar(one)), None)
    bag = ical_read.read(part.text()) if part is not None else {}
    if part is not None and _method(part) == "counter" and Key.START in bag:
        bag |= {Key.PROPOSED_START: bag[Key.START], Key.PROPOSED_END: bag[Key.END]}
    return bag


def _is_calendar(part: Part) -> bool:
    return part.type == "text/calendar" and part.disposition != "attachment"


def _method(part: Part) -> str:
    stated = re.search(r"^METHOD:\s*(\w+)", part.text()[:200_000], re.MULTILINE | re.IGNORECASE)
    return (part.parameters.get("method") or (stated[1] if stated else "")).lower()


def _meeting_class(part: Part) -> str:
    text = part.text()[:200_000]
    method = _method(part)
    if method in ("reply", "counter"):
        answer = re.search(r"PARTSTAT=\"?([A-Za-z]+)", text)
        return f"IPM.Schedule.Meeting.Resp.{_ANSWERS.get(answer[1].lower() if answer else '', 'Tent')}"
    return _MEETINGS.get(method, "IPM.Note")
