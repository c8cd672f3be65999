"""A file as a mailbox would show it: one RFC 5322 message to a `Mail`.

Item classes are given as Exchange gives them on delivery (MS-OXCMAIL, MS-OXORMMS, MS-OXORPT).
Any bytes are read without an error and in time linear in their number.
"""

from __future__ import annotations

import email.utils
import re
from datetime import UTC, datetime

from ackd.model import Address, Importance, Mail, Sensitivity, Suppressed
from ackd.text import mime
from ackd.text.headers import addresses, decoded, keyword, reckoned, uncommented

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The `received` of a file that tells no date: older than any limit."""

_STRUCTURED = frozenset(("from", "sender", "to", "cc", "bcc", "reply-to", "resent-from", "return-path"))
#: What the server writes itself has no encoded words: they are a stranger's.
_SERVERS = ("x-ms-exchange-", "x-forefront-")
_MOST_HEADERS = 20_000
_LONGEST_VALUE = 1_000_000
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
_SUPPRESS = {"dr": 0x1, "ndr": 0x2, "rn": 0x4, "nrn": 0x8, "oof": 0x10, "autoreply": 0x20, "all": -1}
_CONTENT_CLASSES = {
    "voice": "IPM.Note.Microsoft.Voicemail.UM.CA",
    "missedcall": "IPM.Note.Microsoft.Missed.Voice",
    "fax": "IPM.Note.Microsoft.Fax.CA",
    "sharing": "IPM.Sharing",
}

_Headers = tuple[tuple[str, str], ...]


def read(raw: bytes) -> Mail:
    """The mail in the file. Headers that can't be read, or that are too many to read them all,
    make `headers` None; a missing date makes `received` the year 1970. Never raises for what the
    file contains."""
    found = mime.headers(raw, most=_MOST_HEADERS)
    lines = tuple((name, _value(name, value)) for name, value in found)
    body = mime.body(raw, found)
    senders = [a for value in _every(lines, "from") for a in _addresses(value)]
    sent = _date(_first(lines, "date"))
    return Mail(
        message_id=_first(lines, "message-id").strip()[:998],
        received=_received(lines) or sent or EPOCH,
        subject=_first(lines, "subject"),
        sender=senders[0] if senders else None,
        to=_recipients(lines, "to"),
        cc=_recipients(lines, "cc"),
        reply_to=_recipients(lines, "reply-to"),
        from_count=len(senders),
        text=body.text,
        html=body.html,
        headers=lines if 0 < len(lines) < _MOST_HEADERS else None,
        sent=sent,
        item_class=_item_class(lines, body),
        importance=_importance(lines),
        sensitivity=_sensitivity(_first(lines, "sensitivity")),
        in_reply_to=next(iter(_ids(_first(lines, "in-reply-to"))), None),
        references=_ids(" ".join(_every(lines, "references"))),
        conversation=_first(lines, "thread-index") or None,
        has_attachments=body.has_attachments,
        is_draft=_first(lines, "x-unsent").strip() == "1",
        suppressed=_suppressed(_every(lines, "x-auto-response-suppress")),
        auto_forwarded=_auto_forwarded(lines),
    )


def _value(name: str, value: str) -> str:
    if name.strip().lower().startswith(_SERVERS):
        return value[:_LONGEST_VALUE].strip()
    return decoded(value[:_LONGEST_VALUE], quote=name.lower() in _STRUCTURED).strip()


def _every(lines: _Headers, name: str) -> list[str]:
    return [value for key, value in lines if key.lower() == name]


def _first(lines: _Headers, name: str) -> str:
    return next((value for key, value in lines if key.lower() == name), "")


def _addresses(value: str) -> list[Address]:
    """The addresses of a list. A piece without an at sign beside one that has it is part of a
    name whose comma wasn't quoted."""
    found = [parsed for parsed in addresses(value) if parsed.email]
    real = [parsed for parsed in found if "@" in parsed.email]
    return [Address(parsed.email, parsed.name) for parsed in real or found]


def _recipients(lines: _Headers, name: str) -> tuple[Address, ...]:
    return tuple(address for value in _every(lines, name) for address in _addresses(value))


def _ids(value: str) -> tuple[str, ...]:
    return tuple(_MESSAGE_ID.findall(value[:100_000]))


def _date(value: str) -> datetime | None:
    try:
        return reckoned(email.utils.parsedate_to_datetime(uncommented(value[:200]).strip()))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _received(lines: _Headers) -> datetime | None:
    top = _first(lines, "received")
    return _date(top.rpartition(";")[2]) if ";" in top else None


def _importance(lines: _Headers) -> Importance:
    said = keyword(_first(lines, "importance"))
    priority = _first(lines, "x-priority").strip()[:1]
    if said == "high" or (not said and priority in ("1", "2")):
        return Importance.HIGH
    if said == "low" or (not said and priority in ("4", "5")):
        return Importance.LOW
    return Importance.NORMAL


def _sensitivity(value: str) -> Sensitivity:
    """RFC 4021 §2.1.55; an unknown one counts as confidential, so that no text goes anywhere."""
    known = {
        "": Sensitivity.NORMAL,
        "normal": Sensitivity.NORMAL,
        "personal": Sensitivity.PERSONAL,
        "private": Sensitivity.PRIVATE,
    }
    return known.get(keyword(value), Sensitivity.CONFIDENTIAL)


def _suppressed(values: list[str]) -> Suppressed:
    bits = 0
    for word in re.split(r"[\s,;]+", " ".join(values).lower()):
        bits |= _SUPPRESS.get(word, 0)
    return Suppressed.of(bits)


def _auto_forwarded(lines: _Headers) -> bool | None:
    values = _every(lines, "x-ms-exchange-organization-autoforwarded")
    return any(keyword(v) == "true" for v in values) if values else None


def _item_class(lines: _Headers, body: mime.Body) -> str:
    kind, parameters = mime.content_type(_first(lines, "content-type"))
    content_class = _first(lines, "content-class").lower()
    if kind == "multipart/report":
        return _report_class(parameters.get("report-type", "").lower(), body)
    if kind == "multipart/signed":
        return "IPM.Note.SMIME.MultipartSigned"
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        return "IPM.Note.SMIME"
    if body.calendar is not None:
        return _meeting_class(*body.calendar)
    return next((named for word, named in _CONTENT_CLASSES.items() if word in content_class), "IPM.Note")


def _report_class(report: str, body: mime.Body) -> str:
    if "disposition" in report:
        return "REPORT.IPM.Note.IPNNRN" if "deleted" in body.report else "REPORT.IPM.Note.IPNRN"
    if "action: delivered" in body.report:
        return "REPORT.IPM.Note.DR"
    return "REPORT.IPM.Note.NDR"


def _meeting_class(method: str, answer: str) -> str:
    if method == "REPLY":
        ending = {"ACCEPTED": "Pos", "DECLINED": "Neg"}.get(answer, "Tent")
        return f"IPM.Schedule.Meeting.Resp.{ending}"
    if method == "COUNTER":
        return "IPM.Schedule.Meeting.Resp.Tent"
    if method == "CANCEL":
        return "IPM.Schedule.Meeting.Canceled"
    return "IPM.Schedule.Meeting.Request" if method in ("REQUEST", "ADD") else "IPM.Appointment"
