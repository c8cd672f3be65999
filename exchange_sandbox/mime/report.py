"""Reports: of non-delivery (RFC 3464), as Exchange's system sender writes them, and of reading (RFC 8098)."""

from __future__ import annotations

import uuid
from datetime import datetime

from exchange_sandbox.mime import headers as h

SYSTEM_SENDER = "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e"


def undeliverable(
    original: h.Headers, failed: list[str], to: dict[str, str], domain: str, now: datetime
) -> bytes:
    """The report to ``to`` that a mail did not reach the addresses ``failed``."""
    subject = h.decoded(h.first(original, "Subject") or "")
    message_id = h.first(original, "Message-ID") or ""
    mark = f"_report_{uuid.uuid4().hex}_"
    found: h.Headers = [
        ("From", f'"Microsoft Outlook" <{SYSTEM_SENDER}@{domain}>'),
        ("To", h.mailbox_text(to)),
        ("Subject", f"Undeliverable: {subject}"),
        ("Date", h.date(now)),
        ("Message-ID", f"<{uuid.uuid4().hex}@exchange.{domain}>"),
        *([("In-Reply-To", message_id), ("References", message_id)] if message_id else []),
        ("Auto-Submitted", "auto-replied"),
        ("X-MS-Exchange-Message-Is-Ndr", "true"),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/report; report-type=delivery-status; boundary="{mark}"'),
    ]
    explained = "".join(
        f"{one}\r\nThe address was not found. Check it and send the message again.\r\n\r\n" for one in failed
    )
    status = f"Reporting-MTA: dns;exchange.{domain}\r\nArrival-Date: {h.date(now)}\r\n\r\n" + "".join(
        f"Final-recipient: RFC822;{one}\r\nAction: failed\r\nStatus: 5.1.10\r\n"
        "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found\r\n\r\n"
        for one in failed
    )
    parts = (
        (
            [("Content-Type", 'text/plain; charset="utf-8"')],
            f"Delivery has failed to these recipients:\r\n\r\n{explained}",
        ),
        ([("Content-Type", "message/delivery-status")], status),
    )
    pieces = [h.join(about, text.encode("utf-8", "replace")) for about, text in parts]
    pieces.append(h.join([("Content-Type", "text/rfc822-headers")], h.join(original, b"")))
    return h.join(found, _joined(pieces, mark))


def _joined(pieces: list[bytes], mark: str) -> bytes:
    body = b"".join(f"--{mark}\r\n".encode() + piece.rstrip(b"\r\n") + b"\r\n" for piece in pieces)
    return body + f"--{mark}--\r\n".encode()


def read(original: h.Headers, to: dict[str, str], reader: dict[str, str], now: datetime) -> bytes:
    """The receipt to ``to`` that ``reader`` read a mail."""
    subject = h.decoded(h.first(original, "Subject") or "")
    message_id = h.first(original, "Message-ID") or ""
    mark = f"_receipt_{uuid.uuid4().hex}_"
    domain = reader["address"].rpartition("@")[2]
    found: h.Headers = [
        ("From", h.mailbox_text(reader)),
        ("To", h.mailbox_text(to)),
        ("Subject", f"Read: {subject}"),
        ("Date", h.date(now)),
        ("Message-ID", f"<{uuid.uuid4().hex}@exchange.{domain}>"),
        *([("In-Reply-To", message_id), ("References", message_id)] if message_id else []),
        ("Auto-Submitted", "auto-replied"),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/report; report-type=disposition-notification; boundary="{mark}"'),
    ]
    text = (
        f"Your message\r\n\r\n   To: {reader['name']}\r\n   Subject: {subject}\r\n\r\n"
        f"was read on {h.date(now)}.\r\n"
    )
    status = (
        f"Reporting-UA: exchange.{domain}; the sandbox\r\nFinal-Recipient: rfc822;{reader['address']}\r\n"
        + (f"Original-Message-ID: {message_id}\r\n" if message_id else "")
        + "Disposition: manual-action/MDN-sent-automatically; displayed\r\n"
    )
    parts = (("text/plain", text), ("message/disposition-notification", status))
    pieces = [
        h.join([("Content-Type", f'{kind}; charset="utf-8"')], content.encode("utf-8", "replace"))
        for kind, content in parts
    ]
    return h.join(found, _joined(pieces, mark))
