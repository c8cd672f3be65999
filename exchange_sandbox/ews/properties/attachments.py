"""Attachments as elements: what a client attaches, and what is attached (EWS ``AttachmentType``)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.xml import (
    Element,
    SchemaViolation,
    attributes,
    children,
    listed,
    local,
    sub,
    text_of,
)

ELEMENTS = ("t:ItemAttachment", "t:FileAttachment")
_HEAD = (
    "t:AttachmentId?", "t:Name?", "t:ContentType?", "t:ContentId?", "t:ContentLocation?", "t:Size?",
    "t:LastModifiedTime?", "t:IsInline?",
)  # fmt: skip
_ITEMS = (
    "t:Item|t:Message|t:CalendarItem|t:Contact|t:MeetingMessage|t:MeetingRequest|t:MeetingResponse"
    "|t:MeetingCancellation|t:Task|t:PostItem?"
)
_KEPT = {
    "Name": "name",
    "ContentType": "content_type",
    "ContentId": "content_id",
    "ContentLocation": "content_location",
}


@dataclass(frozen=True, slots=True)
class Given:
    """What a client attaches: ``about`` as the bag keeps it; of a file its ``data``, of an item its
    ``element``. Both are None where the client left them out."""

    about: dict[str, Any]
    data: bytes | None = None
    element: Element | None = None


class Attachments(kinds.Incomparable):
    """What is attached, without the contents; each a dict with its id and what is known about it."""

    def parse(self, element: Element, zone: tzinfo) -> list[Given]:
        return [parse(one) for one in listed(element, *ELEMENTS, least=0)]

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if not value:
            return
        box = sub(parent, name)
        for about in value:
            emit(box, about, style)


def parse(element: Element) -> Given:
    """A FileAttachment or ItemAttachment; raises SchemaViolation."""
    is_item = local(element) == "ItemAttachment"
    found = children(element, *_HEAD, *((_ITEMS,) if is_item else ("t:IsContactPhoto?", "t:Content?")))
    about: dict[str, Any] = {"kind": "item" if is_item else "file"}
    about |= {key: text_of(found[name]) for name, key in _KEPT.items() if name in found}
    about["is_inline"] = kinds.Boolean().parse(found["IsInline"], UTC) if "IsInline" in found else False
    _check_computed(found)
    if is_item:
        return Given(about, element=next((found[one] for one in found if f"t:{one}" in _ITEM_TAGS), None))
    if "IsContactPhoto" in found:
        about["is_contact_photo"] = kinds.Boolean().parse(found["IsContactPhoto"], UTC)
    if "Content" not in found:
        return Given(about)
    try:
        data = base64.b64decode("".join(text_of(found["Content"]).split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SchemaViolation("The value is not valid base64.", found["Content"]) from error
    return Given(about, data)


_ITEM_TAGS = frozenset(_ITEMS.rstrip("?").split("|"))


def _check_computed(found: dict[str, Element]) -> None:
    """What only the server says may stand there (a client hands on what it was given), but as it should."""
    if "AttachmentId" in found:
        attributes(found["AttachmentId"], ("Id",), ("RootItemId", "RootItemChangeKey"))
    if "Size" in found:
        kinds.Integer().parse(found["Size"], UTC)
    if "LastModifiedTime" in found:
        kinds.Moment().parse(found["LastModifiedTime"], UTC)


def emit(parent: Element, about: dict[str, Any], style: kinds.Style) -> Element:
    """Append an attachment without its content; ``about`` has its ``id`` too."""
    one = sub(parent, "t:ItemAttachment" if about["kind"] == "item" else "t:FileAttachment")
    sub(one, "t:AttachmentId", Id=about["id"])
    for name, key in _KEPT.items():
        if about.get(key) or key == "name":
            sub(one, f"t:{name}", about[key])
    sub(one, "t:Size", str(about["size"]))
    if about.get("modified"):
        sub(one, "t:LastModifiedTime", kinds.shown_moment(about["modified"], style))
    sub(one, "t:IsInline", "true" if about["is_inline"] else "false")
    if about["kind"] == "file":
        sub(one, "t:IsContactPhoto", "true" if about.get("is_contact_photo") else "false")
    return one
