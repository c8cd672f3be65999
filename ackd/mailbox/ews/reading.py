"""EWS elements to ackd's values. What a server leaves out is None or empty, never a guess.

Times are read here and not by exchangelib, which turns fractional seconds into None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from ackd.mailbox import own_properties
from ackd.mailbox.ews import fields
from ackd.mailbox.ews.wire import NAMESPACES, Extended, extended
from ackd.mailbox.own_properties import Verb
from ackd.mailbox.values import message_ids, moment, one_message_id, task_date
from ackd.model import (
    Address,
    Importance,
    Mail,
    MailHead,
    Marked,
    PlainTask,
    SeenTask,
    Sensitivity,
    SentMail,
    Suppressed,
)
from ackd.model.mailbox import ANSWER_CLASSES
from ackd.text.headers import addresses

_LONGEST_HEADERS = 500_000  # characters of all together


def text_at(element: Any, path: str) -> str:
    """The text at a path below an element, or ""."""
    found = element
    for tag in _tags(path):  # half the time of findtext, which a mail asks thirty times
        found = next(found.iterchildren(tag), None)
        if found is None:
            return ""
    return found.text or ""


@cache
def _tags(path: str) -> tuple[str, ...]:
    steps = (step.partition(":") for step in path.split("/"))
    return tuple(f"{{{NAMESPACES[prefix]}}}{name}" for prefix, _, name in steps)


def _child(element: Any, tag: str) -> Any | None:
    """The first child with this prefixed name. In a fraction of the time of find."""
    return next(element.iterchildren(*_tags(tag)), None)


def item_id(element: Any) -> str:
    """The item's id, or "" where the element has none."""
    found = _child(element, "t:ItemId")
    return "" if found is None else found.get("Id", "")


def mail(
    element: Any, folder: str, now: datetime, *, web_link: str = "", reread: bool = False, unread: str = ""
) -> Mail:
    """A message as the judge reads it. Where the server doesn't tell when it came, the record
    has the Date header's moment or `now`, and the mail is left. The others are as in `Mail`."""
    headers, ours = _headers(element), Extended(element)
    sent = moment(text_at(element, "t:DateTimeSent"))
    received = moment(text_at(element, "t:DateTimeReceived"))
    body = _child(element, "t:Body")
    html = body.text if body is not None and body.get("BodyType") == "HTML" else None
    plain = text_at(element, "t:TextBody") or ("" if html or body is None else body.text or "")
    return Mail(
        message_id=one_message_id(text_at(element, "t:InternetMessageId")),
        received=received or sent or now,
        sent=sent,
        subject=text_at(element, "t:Subject"),
        sender=sender(element, headers),
        from_count=_from_count(headers),
        to=_recipients(element, "t:ToRecipients", headers, "to"),
        cc=_recipients(element, "t:CcRecipients", headers, "cc"),
        reply_to=_recipients(element, "t:ReplyTo", headers, "reply-to"),
        text=plain,
        html=html,
        headers=headers,
        item_class=text_at(element, "t:ItemClass") or None,
        importance=_importance(text_at(element, "t:Importance")),
        sensitivity=_sensitivity(text_at(element, "t:Sensitivity")),
        in_reply_to=next(iter(message_ids(text_at(element, "t:InReplyTo"))), None),
        references=message_ids(text_at(element, "t:References")),
        conversation=_conversation(element),
        categories=strings(element, "t:Categories"),
        has_attachments=text_at(element, "t:HasAttachments") == "true",
        is_draft=text_at(element, "t:IsDraft") == "true",
        folder=folder,
        is_marked_answered=Verb.is_answer(ours.get(fields.LAST_VERB)),
        suppressed=_suppressed(ours.get(fields.AUTO_RESPONSE_SUPPRESS)),
        auto_forwarded=_boolean(ours.get(fields.AUTO_FORWARDED)),
        unreadable=_unreadable(element, ours, received),
        item=item_id(element),
        web_link=web_link,
        token=ours.get(own_properties.TOKEN),
        was_carried=_was_carried(element, headers),
        reread=reread,
        unread=unread,
    )


def _was_carried(element: Any, headers: tuple[tuple[str, str], ...] | None) -> bool:
    """Whether transport brought a mail here: it writes down who received it, and where it passed."""
    received = element.find("t:ReceivedBy/t:Mailbox", NAMESPACES)
    return received is not None or any(name.lower() == "received" for name, _ in headers or ())


def unknown(item: str, folder: str, message_id: str, received: datetime) -> Mail:
    """A mail of which nothing else is known."""
    return Mail(
        message_id=message_id,
        received=received,
        subject="",
        sender=None,
        headers=None,
        item_class=None,
        folder=folder,
        item=item,
    )


def head(element: Any) -> MailHead:
    """Who wrote a message, and its header fields."""
    headers = _headers(element)
    return MailHead(sender(element, headers), headers)


def sent_mail(element: Any, now: datetime) -> SentMail:
    """A mail in Sent Items."""
    item_class = text_at(element, "t:ItemClass")
    body = _child(element, "t:Body")
    html = body.text if body is not None and body.get("BodyType") == "HTML" else None
    to = [
        address
        for path in ("t:ToRecipients", "t:CcRecipients", "t:BccRecipients")
        for address in _recipients(element, path, None, "")
    ]
    return SentMail(
        item=item_id(element),
        message_id=one_message_id(text_at(element, "t:InternetMessageId")),
        at=sent_at(element) or now,
        to=tuple(to),
        in_reply_to=next(iter(message_ids(text_at(element, "t:InReplyTo"))), None),
        references=message_ids(text_at(element, "t:References")),
        token=extended(element, own_properties.TOKEN),
        text=text_at(element, "t:TextBody") or ("" if html or body is None else body.text or ""),
        html=html,
        conversation=_conversation(element),
        is_automatic=bool(item_class) and item_class not in ANSWER_CLASSES,
    )


def sent_at(element: Any) -> datetime | None:
    """When a mail in Sent Items was sent. Some servers give their copies no DateTimeSent: then it is when
    they kept them."""
    given = ("t:DateTimeSent", "t:DateTimeReceived", "t:DateTimeCreated")
    return next(filter(None, (moment(text_at(element, path)) for path in given)), None)


def marked(element: Any) -> Marked | None:
    """A mail that has categories, as a sync shows it; one without a receipt time counts as old."""
    categories = strings(element, "t:Categories")
    message_id = one_message_id(text_at(element, "t:InternetMessageId"))
    received = moment(text_at(element, "t:DateTimeReceived"))
    if not categories or not message_id or received is None:
        return None
    return Marked(item_id(element), message_id, received, categories)


def change_key(element: Any) -> str:
    """The state of an item, or "" where the server doesn't tell."""
    found = _child(element, "t:ItemId")
    return "" if found is None else found.get("ChangeKey", "")


def seen_task(element: Any, zone: ZoneInfo, *, is_deleted: bool = False, folder: str = "") -> SeenTask | None:
    """A task of ours, or None for a task that isn't."""
    ours = Extended(element)
    token = ours.get(own_properties.TOKEN)
    if not token:
        return None
    return SeenTask(
        item=item_id(element),
        token=token,
        message_id=ours.get(own_properties.QUESTION) or "",
        asker=ours.get(own_properties.ASKER) or "",
        promised=moment(ours.get(own_properties.PROMISED)),
        due_date=task_date(moment(text_at(element, "t:DueDate")), zone),
        is_complete=is_complete(element),
        is_deleted=is_deleted,
        categories=strings(element, "t:Categories"),
        key=change_key(element),
        moves=_integer(ours.get(own_properties.MOVES)) or 0,
        folder=folder,
        told=moment(extended(element, own_properties.TOLD)),
    )


def is_draft(element: Any) -> bool | None:
    """Whether a mail is a draft; None where the server doesn't tell."""
    return _boolean(text_at(element, "t:IsDraft"))


def is_complete(element: Any) -> bool:
    """Whether a task is ticked off. Some servers give tasks no Status: then how much of it is done tells."""
    if status := text_at(element, "t:Status"):
        return status == "Completed"
    percent = text_at(element, "t:PercentComplete").strip()
    return (
        _boolean(text_at(element, "t:IsComplete")) is True or re.fullmatch(r"100(\.0*)?", percent) is not None
    )


def plain_task(element: Any, zone: ZoneInfo, *, folder: str, is_deleted: bool) -> PlainTask:
    """A task that isn't known to be ours, without its text."""
    return PlainTask(
        item=item_id(element),
        title=text_at(element, "t:Subject"),
        due_date=task_date(moment(text_at(element, "t:DueDate")), zone),
        categories=strings(element, "t:Categories"),
        is_deleted=is_deleted,
        folder=folder,
    )


def _unreadable(element: Any, ours: Extended, received: datetime | None) -> tuple[str, ...]:
    """What of a mail should tell whether it may be answered, and can't be read."""

    def is_read(tag: str, read: Callable[[str], object]) -> bool:
        text = ours.get(tag)
        return text is None or read(text) is not None

    body = _child(element, "t:Body")
    known = {
        "when it came": received is not None,
        "whether it is a draft": _boolean(text_at(element, "t:IsDraft")) is not None,
        "its text": body is not None or _child(element, "t:TextBody") is not None,
        "PidTagLastVerbExecuted": is_read(fields.LAST_VERB, _integer),
        "PidTagAutoResponseSuppress": is_read(fields.AUTO_RESPONSE_SUPPRESS, _integer),
        "PidTagAutoForwarded": is_read(fields.AUTO_FORWARDED, _boolean),
    }
    return tuple(words for words, is_known in known.items() if not is_known)


def _headers(element: Any) -> tuple[tuple[str, str], ...] | None:
    entries = element.findall("t:InternetMessageHeaders/t:InternetMessageHeader", NAMESPACES)
    if not entries:
        return None  # every mail that came by transport has headers: unknown, not none
    if sum(len(entry.text or "") for entry in entries) > _LONGEST_HEADERS:
        return None  # no person's mail has as many; what is cut could be what says "don't answer"
    return tuple((entry.get("HeaderName", ""), entry.text or "") for entry in entries)


def _mailboxes(element: Any) -> tuple[tuple[Address, bool], ...]:
    """The addresses of Mailbox elements, each with whether it is an SMTP address."""
    found = []
    for box in element.iterchildren(*_tags("t:Mailbox")):
        email, name = text_at(box, "t:EmailAddress"), text_at(box, "t:Name")
        is_smtp = (text_at(box, "t:RoutingType") or "SMTP").upper() == "SMTP" and "@" in email
        found.append((Address(email, "" if name == email else name), is_smtp))
    return tuple(found)


def sender(element: Any, headers: tuple[tuple[str, str], ...] | None) -> Address | None:
    """Who wrote it: From, never Sender (docs/design.md, silence E)."""
    node = _child(element, "t:From")
    boxes = _mailboxes(node) if node is not None else ()
    if not boxes:
        return None
    address, is_smtp = boxes[0]
    if is_smtp:
        return address
    # an Exchange legacy name: the SMTP address stands in a property, else in the header
    smtp = extended(element, fields.SENT_REPRESENTING_SMTP)
    if smtp and "@" in smtp:
        return Address(smtp, address.name)
    return next(iter(_from_headers(headers, "from")), None)


def _from_count(headers: tuple[tuple[str, str], ...] | None) -> int:
    return max(1, len(_from_headers(headers, "from")))


def _recipients(
    element: Any, path: str, headers: tuple[tuple[str, str], ...] | None, header: str
) -> tuple[Address, ...]:
    node = _child(element, path)
    boxes = _mailboxes(node) if node is not None else ()
    if all(is_smtp for _, is_smtp in boxes):
        return tuple(address for address, _ in boxes)
    return _from_headers(headers, header) or tuple(address for address, _ in boxes)


def _from_headers(headers: tuple[tuple[str, str], ...] | None, wanted: str) -> tuple[Address, ...]:
    values = [value for name, value in headers or () if name.lower() == wanted]
    return tuple(Address(found.email, found.name) for value in values for found in addresses(value))


def _conversation(element: Any) -> str | None:
    node = _child(element, "t:ConversationId")
    return None if node is None else node.get("Id")


def strings(element: Any, path: str) -> tuple[str, ...]:
    """The strings of an array such as Categories."""
    return tuple(node.text or "" for node in element.findall(f"{path}/t:String", NAMESPACES))


def _integer(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,10}", text) else None


def _suppressed(text: str | None) -> Suppressed:
    """PidTagAutoResponseSuppress."""
    return Suppressed.of(_integer(text) or 0)


def _boolean(text: str | None) -> bool | None:
    """xs:boolean; None where it is missing or unreadable."""
    return {"true": True, "1": True, "false": False, "0": False}.get((text or "").strip().lower())


def _importance(text: str) -> Importance:
    return Importance(text.lower()) if text in ("Low", "High") else Importance.NORMAL


def _sensitivity(text: str) -> Sensitivity:
    """An unknown one counts as confidential: no text of the mail goes anywhere then."""
    if text in ("", "Normal"):
        return Sensitivity.NORMAL
    known = ("Personal", "Private")
    return Sensitivity(text.lower()) if text in known else Sensitivity.CONFIDENTIAL
