"""Kinds of values with a structure of their own: mailboxes, bodies, ids, attachments, dictionaries.

A mailbox is a dict with ``name`` and ``address``.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

from ackd.sandbox.errors import EwsError
from ackd.sandbox.properties import kinds
from ackd.sandbox.xml import Element, SchemaViolation, attributes, children, listed, sub, text_of


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


_MAILBOX_TYPES = (
    "Unknown", "OneOff", "Mailbox", "PublicDL", "PrivateDL", "Contact", "PublicFolder", "GroupMailbox",
    "ImplicitContact", "User",
)  # fmt: skip


def parse_mailbox(element: Element) -> dict[str, str]:
    """A ``t:Mailbox``; raises ErrorMissingInformationEmailAddress without an address."""
    found = children(
        element,
        "t:Name?",
        "t:EmailAddress?",
        "t:RoutingType?",
        "t:MailboxType?",
        "t:ItemId?",
        "t:OriginalDisplayName?",
    )
    if "MailboxType" in found:
        kinds.Choice(_MAILBOX_TYPES).parse(found["MailboxType"], UTC)
    if "EmailAddress" not in found:
        raise EwsError("ErrorMissingInformationEmailAddress", "The mailbox has no e-mail address.")
    address = text_of(found["EmailAddress"]).strip()
    if not address:
        raise SchemaViolation("The element 't:EmailAddress' may not be empty.", found["EmailAddress"])
    routing = text_of(found["RoutingType"]).strip() if "RoutingType" in found else "SMTP"
    if routing.upper() not in ("SMTP", "EX"):
        raise EwsError("ErrorInvalidRoutingType", f"The routing type {routing[:40]} is not known here.")
    return {"name": text_of(found["Name"]) if "Name" in found else address, "address": address}


def emit_mailbox(parent: Element, value: dict[str, str], style: kinds.Style) -> None:
    """Append a ``t:Mailbox``."""
    box = sub(parent, "t:Mailbox")
    sub(box, "t:Name", value["name"] or value["address"])
    if value["address"] and not style.names_only:
        sub(box, "t:EmailAddress", value["address"])
        sub(box, "t:RoutingType", "SMTP")


class Body(kinds.Incomparable):
    """A body with its type: a dict with ``type`` (HTML or Text) and ``text``."""

    def parse(self, element: Element, zone: tzinfo) -> dict[str, str]:
        values = attributes(element, ("BodyType",), ("IsTruncated",), {"BodyType": ("HTML", "Text")})
        return {"type": values["BodyType"], "text": text_of(element)}

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        sub(parent, name, value["text"], BodyType=value["type"])


_FLAG_STATUS = kinds.Choice(("NotFlagged", "Flagged", "Complete"))


class Flag(kinds.Incomparable):
    """A follow-up flag."""

    def parse(self, element: Element, zone: tzinfo) -> dict[str, str]:
        found = children(element, "t:FlagStatus", "t:StartDate?", "t:DueDate?", "t:CompleteDate?")
        value = {"FlagStatus": _FLAG_STATUS.parse(found["FlagStatus"], zone)}
        for name in ("StartDate", "DueDate", "CompleteDate"):
            if name in found:
                value[name] = kinds.Moment().parse(found[name], zone)
        return value

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        box = sub(parent, name)
        sub(box, "t:FlagStatus", value["FlagStatus"])
        for key in ("StartDate", "DueDate", "CompleteDate"):
            if key in value:
                sub(box, f"t:{key}", kinds.shown_moment(value[key], style))


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


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Texts by key: e-mail addresses, telephone numbers. A dict by key."""

    keys: tuple[str, ...]

    def parse(self, element: Element, zone: tzinfo) -> dict[str, str]:
        found = {}
        for entry in listed(element, "t:Entry", least=0):
            values = attributes(entry, ("Key",), ("Name", "RoutingType", "MailboxType"), {"Key": self.keys})
            found[values["Key"]] = text_of(entry)
        return found

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if value:
            box = sub(parent, name)
            for key in self.keys:
                if key in value:
                    sub(box, "t:Entry", value[key], Key=key)

    def constant(self, text: str, zone: tzinfo) -> str:
        return text


@dataclass(frozen=True, slots=True)
class Addresses:
    """Postal addresses by key."""

    keys: tuple[str, ...]

    _LINES = ("Street", "City", "State", "CountryOrRegion", "PostalCode")

    def parse(self, element: Element, zone: tzinfo) -> dict[str, dict[str, str]]:
        found = {}
        for entry in listed(element, "t:Entry", least=0):
            key = attributes(entry, ("Key",), (), {"Key": self.keys})["Key"]
            lines = children(entry, *(f"t:{line}?" for line in self._LINES))
            found[key] = {line: text_of(element) for line, element in lines.items()}
        return found

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if not value:
            return
        box = sub(parent, name)
        for key in self.keys:
            if key in value:
                entry = sub(box, "t:Entry", Key=key)
                for line in self._LINES:
                    if line in value[key]:
                        sub(entry, f"t:{line}", value[key][line])

    def constant(self, text: str, zone: tzinfo) -> Any:
        raise EwsError("ErrorUnsupportedPathForQuery")


class TimeZone(kinds.ReadOnly):
    """A time zone definition: accepted for the sake of clients, its Id kept, never given back in full."""

    def parse(self, element: Element, zone: tzinfo) -> str:
        return attributes(element, (), ("Id", "Name")).get("Id", "")

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        return
