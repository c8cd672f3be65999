"""Graph's JSON to ackd's values. What a server leaves out is None or empty, never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ackd.mailbox.graph import letter_ids, properties
from ackd.mailbox.graph.answers import entries, strings, text
from ackd.mailbox.graph.ways import Ways
from ackd.mailbox.item_reads import LONGEST_TEXT
from ackd.mailbox.own_properties import Verb
from ackd.mailbox.values import message_ids, moment, one_message_id, task_date
from ackd.model import (
    Address,
    Importance,
    Mail,
    MailHead,
    Marked,
    SeenTask,
    Sensitivity,
    SentMail,
    Suppressed,
)
from ackd.model.mailbox import ANSWER_CLASSES
from ackd.text import eml
from ackd.text.html import to_text

Thing = Mapping[str, Any]

_LONGEST_HEADERS = 500_000  # characters of all together
_SENSITIVITIES = {
    None: Sensitivity.NORMAL,
    "0": Sensitivity.NORMAL,
    "1": Sensitivity.PERSONAL,
    "2": Sensitivity.PRIVATE,
}

_ADDRESSED = "toRecipients,ccRecipients,bccRecipients"
_MAIL = (
    "subject,receivedDateTime,sentDateTime,internetMessageId,from,toRecipients,ccRecipients,replyTo,importance,"
    "categories,conversationId,hasAttachments,isDraft,webLink,parentFolderId"
)
_MAIL_PROPERTIES = (
    *(properties.CLASS, properties.IN_REPLY_TO, properties.REFERENCES, properties.LAST_VERB),
    *(properties.SUPPRESS, properties.AUTO_FORWARDED, properties.SENSITIVITY, properties.SENDER_SMTP),
    *(properties.RECEIVED_BY, properties.TOKEN),
)
#: Everything that the judge needs of a mail; and the same without its plain text.
MAIL, MAIL_IN_HTML = (
    {
        "$select": f"{_MAIL},internetMessageHeaders,body",
        "$expand": properties.expand((*_MAIL_PROPERTIES, properties.HEADERS, *plain)),
    }
    for plain in ((properties.PLAIN_BODY,), ())
)
#: The same without what is large.
MAIL_BRIEF = {"$select": _MAIL, "$expand": properties.expand(_MAIL_PROPERTIES)}
#: Who wrote a mail, and its header fields.
HEAD = {
    "$select": "from,receivedDateTime,internetMessageHeaders",
    "$expand": properties.expand((properties.SENDER_SMTP, properties.HEADERS)),
}
#: What is read of a sent mail: Sent Items have no headers, so properties tell whom it answers.
SENT, SENT_IN_HTML = (
    {
        "$select": f"sentDateTime,internetMessageId,conversationId,body,isDraft,{_ADDRESSED}",
        "$expand": properties.expand(
            (
                *(properties.CLASS, properties.IN_REPLY_TO, properties.REFERENCES, properties.HEADERS),
                *(*plain, properties.TOKEN),
            )
        ),
    }
    for plain in ((properties.PLAIN_BODY,), ())
)
#: Scripts and the like are data here, never run; what a server cuts out may be what a mail says.
UNCUT = "outlook.allow-unsafe-html"


def mail_options(ways: Ways) -> Mapping[str, str]:
    """What a mail is read with."""
    return MAIL_IN_HTML if ways.html_alone else MAIL


def sent_options(ways: Ways) -> Mapping[str, str]:
    """What a sent mail is read with."""
    return SENT_IN_HTML if ways.html_alone else SENT


def mail(thing: Thing, folder: str, now: datetime) -> Mail:
    """A message as the judge reads it. Where the server doesn't tell when it came, the record has the Date
    header's moment or `now`, and the mail is left."""
    headers = _headers(thing)
    sent = moment(text(thing, "sentDateTime"))
    received = moment(text(thing, "receivedDateTime"))
    plain, html = _texts(thing)
    return Mail(
        message_id=one_message_id(text(thing, "internetMessageId")),
        received=received or sent or now,
        sent=sent,
        subject=text(thing, "subject"),
        sender=sender(thing),
        from_count=max(1, sum(name.lower() == "from" for name, _ in headers or ())),
        to=people(thing, "toRecipients"),
        cc=people(thing, "ccRecipients"),
        reply_to=people(thing, "replyTo"),
        text=plain,
        html=html,
        headers=headers,
        item_class=properties.of(thing, properties.CLASS) or None,
        importance=_importance(text(thing, "importance")),
        sensitivity=_SENSITIVITIES.get(
            properties.of(thing, properties.SENSITIVITY), Sensitivity.CONFIDENTIAL
        ),
        in_reply_to=next(iter(answers(thing, headers)), None),
        references=references(thing, headers),
        conversation=text(thing, "conversationId") or None,
        categories=strings(thing, "categories"),
        has_attachments=thing.get("hasAttachments") is True,
        is_draft=thing.get("isDraft") is True,
        folder=folder,
        is_marked_answered=Verb.is_answer(properties.of(thing, properties.LAST_VERB)),
        suppressed=Suppressed.of(_integer(properties.of(thing, properties.SUPPRESS)) or 0),
        auto_forwarded=_boolean(properties.of(thing, properties.AUTO_FORWARDED)),
        unreadable=_unreadable(thing),
        item=text(thing, "id"),
        web_link=_link(thing),
        token=properties.of(thing, properties.TOKEN),
        was_carried=bool(properties.of(thing, properties.RECEIVED_BY))
        or any(name.lower() == "received" for name, _ in headers or ()),
    )


def head(thing: Thing) -> MailHead:
    """The same of a message that was listed as HEAD."""
    return MailHead(sender(thing), _headers(thing))


def sent_mail(thing: Thing, now: datetime) -> SentMail:
    """A mail in Sent Items."""
    item_class = properties.of(thing, properties.CLASS) or ""
    headers = _headers(thing)
    plain, html = _texts(thing)
    to = [one for name in _ADDRESSED.split(",") for one in people(thing, name)]
    return SentMail(
        item=text(thing, "id"),
        message_id=one_message_id(text(thing, "internetMessageId")),
        at=moment(text(thing, "sentDateTime")) or now,
        to=tuple(to),
        in_reply_to=next(iter(answers(thing, headers)), None),
        references=references(thing, headers),
        token=_token(thing),
        text=plain,
        html=html,
        conversation=text(thing, "conversationId") or None,
        is_automatic=bool(item_class) and item_class not in ANSWER_CLASSES,
    )


def _token(thing: Thing) -> str | None:
    """The token of a letter of ours; a copy that lost it is known by its Message-ID."""
    return properties.of(thing, properties.TOKEN) or (
        letter_ids.token_in(text(thing, "internetMessageId")) or None
    )


def unknown(item: str, folder: str, message_id: str, received: datetime) -> Mail:
    """A mail of which nothing else is known."""
    known = Mail(message_id, received, "", None, headers=None, item_class=None)
    return Mail(
        **{**{name: getattr(known, name) for name in known.__slots__}, "folder": folder, "item": item}
    )


def marked(thing: Thing) -> Marked | None:
    """A mail that has categories; one without a receipt time counts as old."""
    categories = strings(thing, "categories")
    message_id = one_message_id(text(thing, "internetMessageId"))
    received = moment(text(thing, "receivedDateTime"))
    if not categories or not message_id or received is None:
        return None
    return Marked(text(thing, "id"), message_id, received, categories)


def seen_task(thing: Thing, token: str, remembered: Thing, zone: ZoneInfo, folder: str) -> SeenTask:
    """A task of ours; `remembered` is its open extension."""
    moves = remembered.get("moves")
    return SeenTask(
        item=text(thing, "id"),
        token=token,
        message_id=text(remembered, "question"),
        asker=text(remembered, "asker"),
        promised=moment(text(remembered, "promised")),
        due_date=due_date(thing, zone),
        is_complete=text(thing, "status").lower() == "completed",
        categories=strings(thing, "categories"),
        key=text(thing, "@odata.etag"),
        moves=moves if isinstance(moves, int) else 0,
        folder=folder,
        told=moment(text(remembered, "told")),
    )


def due_date(task: Thing, zone: ZoneInfo) -> date | None:
    """The day of a task."""
    return task_date(moment(text(task, "dueDateTime", "dateTime")), zone)


def words(task: Thing) -> str:
    """A task's text in plain words: Outlook rewrites it."""
    content = text(task, "body", "content")
    is_html = text(task, "body", "contentType").lower() == "html"
    return (to_text(content) if is_html else content).replace("\r\n", "\n")


def answers(thing: Thing, headers: tuple[tuple[str, str], ...] | None = None) -> tuple[str, ...]:
    """The Message-IDs that a mail says it answers."""
    return message_ids(properties.of(thing, properties.IN_REPLY_TO) or _header(headers, "in-reply-to"))


def references(thing: Thing, headers: tuple[tuple[str, str], ...] | None = None) -> tuple[str, ...]:
    """The Message-IDs in its References."""
    return message_ids(properties.of(thing, properties.REFERENCES) or _header(headers, "references"))


def sender(thing: Thing) -> Address | None:
    """Who wrote it: From, never Sender (docs/design.md, silence E)."""
    found = thing.get("from")
    address = _address(found) if isinstance(found, dict) else None
    if address is None or "@" in address.email:
        return address
    smtp = properties.of(thing, properties.SENDER_SMTP)  # it is an Exchange legacy name
    return Address(smtp, address.name) if smtp and "@" in smtp else None


def people(thing: Thing, name: str) -> tuple[Address, ...]:
    """The recipients of one kind."""
    found = (_address(one) for one in entries(thing, name))
    return tuple(one for one in found if one is not None)


def _address(recipient: Thing) -> Address | None:
    email, name = text(recipient, "emailAddress", "address"), text(recipient, "emailAddress", "name")
    return Address(email, "" if name == email else name) if email else None


def _headers(thing: Thing) -> tuple[tuple[str, str], ...] | None:
    """All header fields as transport left them, else those that Graph tells; every mail that came has
    some: without, they are unknown."""
    raw = properties.of(thing, properties.HEADERS)
    if raw and len(raw) <= _LONGEST_HEADERS:
        found = eml.read((raw.strip() + "\r\n\r\n").encode("utf-8", "replace")).headers
        if found:
            return found
    told = entries(thing, "internetMessageHeaders")
    if not told or sum(len(text(one, "value")) for one in told) > _LONGEST_HEADERS:
        return None
    return tuple((text(one, "name"), text(one, "value")) for one in told)


def _header(headers: tuple[tuple[str, str], ...] | None, wanted: str) -> str:
    return next((value for name, value in headers or () if name.lower() == wanted), "")


def _texts(thing: Thing) -> tuple[str, str | None]:
    """Plain text and HTML, as far as they are given."""
    content = text(thing, "body", "content")[:LONGEST_TEXT]
    html = content if text(thing, "body", "contentType").lower() == "html" else None
    plain = properties.of(thing, properties.PLAIN_BODY)
    return (plain or "")[:LONGEST_TEXT] or ("" if html is not None else content), html


def _unreadable(thing: Thing) -> tuple[str, ...]:
    """What of a mail should tell whether it may be answered, and can't be read."""

    def is_read(own_id: str, pattern: str) -> bool:
        value = properties.of(thing, own_id)
        return value is None or bool(re.fullmatch(pattern, value.strip(), re.IGNORECASE))

    number = r"-?\d{1,10}"
    known = {
        "when it came": moment(text(thing, "receivedDateTime")) is not None,
        "whether it is a draft": isinstance(thing.get("isDraft"), bool),
        "its text": isinstance(thing.get("body"), dict)
        or properties.of(thing, properties.PLAIN_BODY) is not None,
        "PidTagLastVerbExecuted": is_read(properties.LAST_VERB, number),
        "PidTagAutoResponseSuppress": is_read(properties.SUPPRESS, number),
        "PidTagAutoForwarded": is_read(properties.AUTO_FORWARDED, "true|false|0|1"),
    }
    return tuple(words for words, is_known in known.items() if not is_known)


def _link(thing: Thing) -> str:
    found = text(thing, "webLink")
    return found if found.startswith("https://") else ""


def _integer(value: str | None) -> int | None:
    return int(value) if value is not None and re.fullmatch(r"-?\d{1,10}", value) else None


def _boolean(value: str | None) -> bool | None:
    return {"true": True, "1": True, "false": False, "0": False}.get((value or "").strip().lower())


def _importance(value: str) -> Importance:
    return Importance(value.lower()) if value.lower() in ("low", "high") else Importance.NORMAL
