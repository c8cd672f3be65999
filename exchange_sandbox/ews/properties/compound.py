"""Kinds of values with a structure of their own: mailboxes, bodies, ids, attachments, dictionaries.

A mailbox is a dict with ``name`` and ``address``.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, tzinfo
from typing import Any

from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.properties.choices import FLAG_STATUS, MAILBOX_TYPE
from exchange_sandbox.ews.properties.keys import KEYS
from exchange_sandbox.ews.xml import Element, SchemaViolation, attributes, children, listed, sub, text_of
from exchange_sandbox.store.schema import BodyType, FlagStatus, Key


class Recipient:
    """A single mailbox: From, Sender."""

    def parse(self, element: Element, zone: tzinfo) -> dict[str, str]:
        return parse_mailbox(children(element, "t:Mailbox")["Mailbox"])

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if value:
            emit_mailbox(sub(parent, name), value, style)

    def constant(self, text: str, zone: tzinfo) -> str:
        return text


class Recipients:
    """A list of mailboxes: To, Cc, Bcc, Reply-To."""

    def parse(self, element: Element, zone: tzinfo) -> list[dict[str, str]]:
        return [parse_mailbox(child) for child in listed(element, "t:Mailbox", least=0)]

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if value:
            box = sub(parent, name)
            for one in value:
                emit_mailbox(box, one, style)

    def constant(self, text: str, zone: tzinfo) -> str:
        return text


_NEWER_TYPES = ("implicit_contact", "user")  # of later servers: read, never written


def parse_mailbox(element: Element, *, needs_address: bool = True) -> dict[str, str]:
    """A ``t:Mailbox``: a dict with ``name`` and ``address``, with a ``type``, and with an ``item`` (its id)
    if it is one of the mailbox's own.

    Raises ErrorMissingInformationEmailAddress for one that is no item and has no address (nor, where that is
    not needed, a name).
    """
    found = children(
        element,
        "t:Name?",
        "t:EmailAddress?",
        "t:RoutingType?",
        "t:MailboxType?",
        "t:ItemId?",
        "t:OriginalDisplayName?",
    )
    value = {"name": text_of(found["Name"]) if "Name" in found else ""}
    if "MailboxType" in found:
        kind = MAILBOX_TYPE.parse(found["MailboxType"], UTC)
        value |= {} if kind in _NEWER_TYPES else {"type": kind}
    if "ItemId" in found:
        value["item"] = attributes(found["ItemId"], ("Id",), ("ChangeKey",))["Id"]
    if "EmailAddress" in found:
        return {**value, **_address(found)}
    if "item" not in value and (needs_address or not value["name"]):
        raise EwsError("ErrorMissingInformationEmailAddress", "The mailbox has no e-mail address.")
    return {**value, "address": ""}


def _address(found: dict[str, Element]) -> dict[str, str]:
    address = text_of(found["EmailAddress"]).strip()
    if not address:
        raise SchemaViolation("The element 't:EmailAddress' may not be empty.", found["EmailAddress"])
    routing = text_of(found["RoutingType"]).strip() if "RoutingType" in found else "SMTP"
    if routing.upper() not in ("SMTP", "EX"):
        raise EwsError("ErrorInvalidRoutingType", f"The routing type {routing[:40]} is not known here.")
    return {"address": address} if "Name" in found else {"address": address, "name": address}


def emit_mailbox(parent: Element, value: dict[str, str], style: kinds.Style, name: str = "t:Mailbox") -> None:
    """Append a mailbox; ``style`` may want its name alone."""
    box = sub(parent, name)
    sub(box, "t:Name", value["name"] or value["address"])
    if style.names_only:
        return
    if value["address"]:
        sub(box, "t:EmailAddress", value["address"])
        sub(box, "t:RoutingType", "SMTP")
    if "type" in value:
        MAILBOX_TYPE.emit(box, "t:MailboxType", value["type"], style)
    if "item" in value:
        sub(box, "t:ItemId", Id=value["item"])


class Body:
    """A body with its type: a dict with ``type`` (BodyType) and ``text``; compared by its text."""

    def parse(self, element: Element, zone: tzinfo) -> dict[str, str]:
        values = attributes(element, ("BodyType",), ("IsTruncated",), {"BodyType": ("HTML", "Text")})
        return {"type": BodyType(values["BodyType"].lower()), "text": text_of(element)}

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        kind = "HTML" if value["type"] == BodyType.HTML else "Text"
        sub(parent, name, value["text"], BodyType=kind)

    def constant(self, text: str, zone: tzinfo) -> str:
        return text


_FLAG_PARTS = ("StartDate", "DueDate", "CompleteDate")
# which dates may come with which status
_FLAG_DATES: dict[str, list[set[str]]] = {
    FlagStatus.NOT_FLAGGED: [set()],
    FlagStatus.FLAGGED: [set(), {Key.START_DATE, Key.DUE_DATE}],
    FlagStatus.COMPLETE: [set(), {Key.COMPLETED}],
}


class Flag(kinds.Incomparable):
    """A follow-up flag. Its dates must fit its status: else ErrorInvalidArgument (MS-OXWSCORE 2.2.4.23)."""

    def parse(self, element: Element, zone: tzinfo) -> dict[str, str]:
        found = children(element, "t:FlagStatus", "t:StartDate?", "t:DueDate?", "t:CompleteDate?")
        status = FLAG_STATUS.parse(found["FlagStatus"], zone)
        dates: dict[str, str] = {
            KEYS[name]: kinds.Moment().parse(found[name], zone) for name in _FLAG_PARTS if name in found
        }
        if dates.keys() not in _FLAG_DATES[status]:
            raise EwsError("ErrorInvalidArgument", "The dates of the flag do not fit its status.")
        return {"status": status, **dates}

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        box = sub(parent, name)
        FLAG_STATUS.emit(box, "t:FlagStatus", value["status"], style)
        for part in _FLAG_PARTS:
            if KEYS[part] in value:
                sub(box, f"t:{part}", kinds.shown_moment(value[KEYS[part]], style))


class Ref(kinds.ReadOnly):
    """An item's or folder's id with its change key, as a pair of texts."""

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        number, key = value
        sub(parent, name, Id=number, **({"ChangeKey": key} if key else {}))


class Rights(kinds.ReadOnly):
    """What the owner may do: everything."""

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        box = sub(parent, name)
        for right in ("CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify", "Read"):
            sub(box, f"t:{right}", "true")
        sub(box, "t:ViewPrivateItems", "true")


class InternetHeaders(kinds.ReadOnly):
    """The headers of a mail in their order."""

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if value:
            box = sub(parent, name)
            for header, text in value:
                sub(box, "t:InternetMessageHeader", text, HeaderName=header)


class Mime:
    """The mail as bytes, base64 in between."""

    def parse(self, element: Element, zone: tzinfo) -> bytes:
        attributes(element, (), ("CharacterSet",))
        try:
            return base64.b64decode("".join(text_of(element).split()), validate=True)
        except (binascii.Error, ValueError) as error:
            raise EwsError("ErrorMimeContentInvalidBase64String") from error

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        sub(parent, name, base64.b64encode(value).decode(), CharacterSet="UTF-8")

    def constant(self, text: str, zone: tzinfo) -> Any:
        raise EwsError("ErrorUnsupportedPathForQuery")


class ResponseObjects(kinds.ReadOnly):
    """What may be done with a mail: a list of element names."""

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if value:
            box = sub(parent, name)
            for one in value:
                sub(box, f"t:{one}")


class ConversationId(kinds.ReadOnly):
    """The id of a conversation."""

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        sub(parent, name, Id=value)
