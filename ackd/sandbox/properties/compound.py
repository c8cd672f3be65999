"""Kinds of values with a structure of their own: attachments, response objects, contacts' dictionaries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from ackd.sandbox.errors import EwsError
from ackd.sandbox.properties import kinds
from ackd.sandbox.xml import Element, attributes, children, listed, sub, text_of


class Attachments(kinds.ReadOnly):
    """What is attached, without the contents; each a dict with its id and what is known about it."""

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if not value:
            return
        box = sub(parent, name)
        for about in value:
            one = sub(box, "t:ItemAttachment" if about["Kind"] == "item" else "t:FileAttachment")
            sub(one, "t:AttachmentId", Id=about["Id"])
            sub(one, "t:Name", about["Name"])
            sub(one, "t:ContentType", about["ContentType"])
            if about["ContentId"]:
                sub(one, "t:ContentId", about["ContentId"])
            sub(one, "t:Size", str(about["Size"]))
            sub(one, "t:IsInline", "true" if about["IsInline"] else "false")


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
