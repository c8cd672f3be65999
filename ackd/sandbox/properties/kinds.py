"""Kinds of property values: how each is read from XML, kept as JSON, written to XML and compared.

A moment is an ISO text in UTC (see :func:`ackd.sandbox.clock.iso`), a recipient a dict with ``name`` and
``address``. Every ``parse`` raises SchemaViolation for what the schema forbids.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, Protocol

from ackd.sandbox.clock import iso
from ackd.sandbox.errors import EwsError
from ackd.sandbox.xml import Element, SchemaViolation, attributes, children, listed, shown, sub, text_of

_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_INTEGER = re.compile(r"[+-]?\d{1,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Style:
    """How values are written: ``fractions`` of seconds (a quirk), ``names_only`` for senders in FindItem."""

    fractions: bool = False
    names_only: bool = False


class Kind(Protocol):
    """One kind of value."""

    def parse(self, element: Element, zone: tzinfo) -> Any:
        """The value of an element; moments without an offset are in ``zone``."""

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        """Append the element ``name`` with the value."""

    def constant(self, text: str, zone: tzinfo) -> Any:
        """The value of a Constant in a restriction; raises EwsError if the kind cannot be compared."""


class _Incomparable:
    """What cannot stand in a restriction."""

    def constant(self, text: str, zone: tzinfo) -> Any:
        raise EwsError("ErrorUnsupportedPathForQuery")


class ReadOnly(_Incomparable):
    """What only the server says; subclasses write it."""

    def parse(self, element: Element, zone: tzinfo) -> Any:
        """Present, whatever it says; that it cannot be set is found by its access."""
        return True

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        """Written by subclasses."""
        raise NotImplementedError


class Text:
    """A string."""

    def parse(self, element: Element, zone: tzinfo) -> str:
        return text_of(element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, value)

    def constant(self, text: str, zone: tzinfo) -> str:
        return text


class Boolean:
    """true, false, 1 or 0."""

    def parse(self, element: Element, zone: tzinfo) -> bool:
        return _boolean(text_of(element), element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, "true" if value else "false")

    def constant(self, text: str, zone: tzinfo) -> bool:
        return _boolean(text, None)


def _boolean(text: str, element: Element | None) -> bool:
    value = {"true": True, "1": True, "false": False, "0": False}.get(text.strip())
    if value is None:
        raise SchemaViolation(f"'{text[:40]}' is not a valid boolean value.", element)
    return value


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number within bounds; by default of 32 bits."""

    least: int = -(2**31)
    most: int = 2**31 - 1

    def parse(self, element: Element, zone: tzinfo) -> int:
        return self._read(text_of(element), element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, str(value))

    def constant(self, text: str, zone: tzinfo) -> int:
        return self._read(text, None)

    def _read(self, text: str, element: Element | None) -> int:
        if not _INTEGER.fullmatch(text.strip()) or not self.least <= int(text) <= self.most:
            raise SchemaViolation(f"'{text[:40]}' is not a valid integer here.", element)
        return int(text)


class Double:
    """A number."""

    def parse(self, element: Element, zone: tzinfo) -> float:
        return _double(text_of(element), element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(
            parent,
            name,
            f"{value:g}" if value == round(value, 6) and abs(value) < 1e6 else repr(float(value)),
        )

    def constant(self, text: str, zone: tzinfo) -> float:
        return _double(text, None)


def _double(text: str, element: Element | None) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text:
        raise SchemaViolation(f"'{text[:40]}' is not a valid number.", element)
    return value


class Moment:
    """A date with a time; fractions and offsets are read, whole seconds in UTC are written."""

    def parse(self, element: Element, zone: tzinfo) -> str:
        return parse_moment(text_of(element), zone, element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, shown_moment(value, style))

    def constant(self, text: str, zone: tzinfo) -> str:
        return parse_moment(text, zone, None)


def parse_moment(text: str, zone: tzinfo, element: Element | None) -> str:
    """An xs:dateTime as the store keeps it; raises SchemaViolation."""
    match = _MOMENT.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
        micro = int((match[7] or "0")[:6].ljust(6, "0"))
        moment = datetime(year, month, day, hour % 24, minute, second, micro, tzinfo=_offset(match[8], zone))
        if hour == 24 and not (minute or second or micro):  # xs:dateTime's other midnight
            moment += timedelta(days=1)
        elif hour >= 24:
            raise ValueError
        return iso(moment)
    except (ValueError, OverflowError) as error:
        raise SchemaViolation(f"'{text[:40]}' is not a valid dateTime value.", element) from error


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if text is None:
        return zone
    if text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[4:6])))


def shown_moment(value: str, style: Style) -> str:
    """A moment as it is sent: whole seconds, or with milliseconds where a quirk wants fractions."""
    return value[:23] + "Z" if style.fractions else value[:19] + "Z"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words."""

    words: tuple[str, ...]

    def parse(self, element: Element, zone: tzinfo) -> str:
        return self._read(text_of(element), element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, value)

    def constant(self, text: str, zone: tzinfo) -> str:
        return self._read(text, None)

    def _read(self, text: str, element: Element | None) -> str:
        if text.strip() not in self.words:
            raise SchemaViolation(f"'{text[:40]}' is not one of {', '.join(self.words)}.", element)
        return text.strip()


class Strings:
    """A list of strings; in a restriction any of them may match."""

    def parse(self, element: Element, zone: tzinfo) -> list[str]:
        return [text_of(child) for child in listed(element, "t:String", least=0)]

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        if value:
            box = sub(parent, name)
            for one in value:
                sub(box, "t:String", one)

    def constant(self, text: str, zone: tzinfo) -> str:
        return text


class Binary(_Incomparable):
    """Bytes, kept as base64."""

    def parse(self, element: Element, zone: tzinfo) -> str:
        return parse_base64(text_of(element), element)

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, value)


def parse_base64(text: str, element: Element | None) -> str:
    """Base64 in its one canonical form; raises SchemaViolation."""
    try:
        return base64.b64encode(base64.b64decode("".join(text.split()), validate=True)).decode()
    except (binascii.Error, ValueError) as error:
        raise SchemaViolation("The value is not valid base64.", element) from error


class Recipient:
    """A single mailbox: From, Sender."""

    def parse(self, element: Element, zone: tzinfo) -> dict[str, str]:
        return parse_mailbox(children(element, "t:Mailbox")["Mailbox"])

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        if value:
            emit_mailbox(sub(parent, name), value, style)

    def constant(self, text: str, zone: tzinfo) -> str:
        return text


class Recipients:
    """A list of mailboxes: To, Cc, Bcc, Reply-To."""

    def parse(self, element: Element, zone: tzinfo) -> list[dict[str, str]]:
        return [parse_mailbox(child) for child in listed(element, "t:Mailbox", least=0)]

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
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
        Choice(_MAILBOX_TYPES).parse(found["MailboxType"], UTC)
    if "EmailAddress" not in found:
        raise EwsError("ErrorMissingInformationEmailAddress", "The mailbox has no e-mail address.")
    address = text_of(found["EmailAddress"]).strip()
    if not address:
        raise SchemaViolation("The element 't:EmailAddress' may not be empty.", found["EmailAddress"])
    routing = text_of(found["RoutingType"]).strip() if "RoutingType" in found else "SMTP"
    if routing.upper() not in ("SMTP", "EX"):
        raise EwsError("ErrorInvalidRoutingType", f"The routing type {routing[:40]} is not known here.")
    return {"name": text_of(found["Name"]) if "Name" in found else address, "address": address}


def emit_mailbox(parent: Element, value: dict[str, str], style: Style) -> None:
    """Append a ``t:Mailbox``."""
    box = sub(parent, "t:Mailbox")
    sub(box, "t:Name", value["name"] or value["address"])
    if value["address"] and not style.names_only:
        sub(box, "t:EmailAddress", value["address"])
        sub(box, "t:RoutingType", "SMTP")


class Body(_Incomparable):
    """A body with its type: a dict with ``type`` (HTML or Text) and ``text``."""

    def parse(self, element: Element, zone: tzinfo) -> dict[str, str]:
        values = attributes(element, ("BodyType",), ("IsTruncated",), {"BodyType": ("HTML", "Text")})
        return {"type": values["BodyType"], "text": text_of(element)}

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, value["text"], BodyType=value["type"])


class Flag(_Incomparable):
    """A follow-up flag."""

    def parse(self, element: Element, zone: tzinfo) -> dict[str, str]:
        found = children(element, "t:FlagStatus", "t:StartDate?", "t:DueDate?", "t:CompleteDate?")
        value = {"FlagStatus": Choice(("NotFlagged", "Flagged", "Complete")).parse(found["FlagStatus"], zone)}
        for name in ("StartDate", "DueDate", "CompleteDate"):
            if name in found:
                value[name] = Moment().parse(found[name], zone)
        return value

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        box = sub(parent, name)
        sub(box, "t:FlagStatus", value["FlagStatus"])
        for key in ("StartDate", "DueDate", "CompleteDate"):
            if key in value:
                sub(box, f"t:{key}", shown_moment(value[key], style))


class Ref(ReadOnly):
    """An item's or folder's id with its change key, as a pair of texts."""

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        number, key = value
        sub(parent, name, Id=number, **({"ChangeKey": key} if key else {}))


class Rights(ReadOnly):
    """What the owner may do: everything."""

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        box = sub(parent, name)
        for right in ("CreateAssociated", "CreateContents", "CreateHierarchy", "Delete", "Modify", "Read"):
            sub(box, f"t:{right}", "true")
        sub(box, "t:ViewPrivateItems", "true")


class InternetHeaders(ReadOnly):
    """The headers of a mail in their order."""

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
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

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        sub(parent, name, base64.b64encode(value).decode(), CharacterSet="UTF-8")

    def constant(self, text: str, zone: tzinfo) -> Any:
        raise EwsError("ErrorUnsupportedPathForQuery")


class Unknown(ReadOnly):
    """A property that the schema has and the sandbox has not: never written, refused when set."""

    def emit(self, parent: Element, name: str, value: Any, style: Style) -> None:
        return


def bare(element: Element) -> None:
    """An element without content and attributes; raises SchemaViolation."""
    children(element)
    attributes(element)
    if text_of(element).strip():
        raise SchemaViolation(f"The element '{shown(element)}' must be empty.", element)
