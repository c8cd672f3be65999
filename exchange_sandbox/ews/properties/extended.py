"""Extended properties: MAPI properties by tag, or by name or number in a property set, of every type.

A property's key in a bag is ``tag/3fdf/Integer``, ``00062003-…/id/8105/SystemTime`` or
``00020386-…/name/x-ackd/String``: whichever way a client names a property, the key is one.
(Types and property sets: MS-OXCDATA 2.11.1, MS-OXPROPS 1.3.2.)
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any
from uuid import UUID

from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.xml import Element, SchemaViolation, attributes, children, listed, sub, tag, text_of
from exchange_sandbox.store.schema import PROPERTY_SETS, by_tag, header_of

_INTEGERS = {"Short": 16, "Integer": 32, "Long": 64, "Currency": 64}
_FLOATS = ("Double", "Float", "ApplicationTime")
_SINGLE = (*_INTEGERS, *_FLOATS, "Binary", "Boolean", "CLSID", "String", "SystemTime")
_TYPES = (*_SINGLE, *(f"{one}Array" for one in _SINGLE if one != "Boolean"))
_UNUSABLE = ("Error", "Null", "Object", "ObjectArray")  # in the schema, but never to be read or set
_GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_TAG = re.compile(r"0[xX][0-9A-Fa-f]{1,4}|\d{1,5}", re.ASCII)
_PARTS = ("PropertyTag", "PropertySetId", "DistinguishedPropertySetId", "PropertyName", "PropertyId")


@dataclass(frozen=True, slots=True)
class ExtendedField:
    """An extended property as a client names it. ``key`` is what it is called in a bag."""

    key: str
    type: str
    named: tuple[tuple[str, str], ...]

    @property
    def header(self) -> str | None:
        """The internet header (lower case) that this property stands for, if it does."""
        return header_of(self.key)


def parse_field(element: Element) -> ExtendedField:
    """Read an ExtendedFieldURI; raises ErrorInvalidExtendedProperty for a combination that means nothing."""
    values = attributes(
        element,
        ("PropertyType",),
        _PARTS,
        {"PropertyType": (*_TYPES, *_UNUSABLE), "DistinguishedPropertySetId": tuple(PROPERTY_SETS)},
    )
    kind = values["PropertyType"]
    if kind in _UNUSABLE:
        raise EwsError(
            "ErrorUnsupportedMapiPropertyType", f"Properties of type {kind} can be neither read nor set."
        )
    given = {name for name in _PARTS if name in values}
    if given == {"PropertyTag"}:
        number = _tag_number(values["PropertyTag"], element)
        return ExtendedField(
            by_tag(number, kind), kind, (("PropertyTag", f"0x{number:x}"), ("PropertyType", kind))
        )
    key = f"{_property_set(values, element)}/{_member(values, element)}/{kind}"
    if len(given) != 2:
        raise EwsError("ErrorInvalidExtendedProperty")
    return ExtendedField(key, kind, tuple(values.items()))


def _tag_number(text: str, element: Element) -> int:
    number = int(text, 0) if _TAG.fullmatch(text) and not re.fullmatch(r"0\d+", text) else -1
    if not 0 <= number <= 0xFFFF:
        raise SchemaViolation(f"'{text[:20]}' is not a property tag.", element)
    if number >= 0x8000:
        raise EwsError(
            "ErrorNoPropertyTagForCustomProperties", "Tags from 0x8000 on are for named properties."
        )
    return number


def _property_set(values: dict[str, str], element: Element) -> str:
    if "DistinguishedPropertySetId" in values:
        return PROPERTY_SETS[values["DistinguishedPropertySetId"]]
    guid = values.get("PropertySetId")
    if guid is None:
        raise EwsError("ErrorInvalidExtendedProperty")
    if not _GUID.fullmatch(guid):
        raise SchemaViolation(f"'{guid[:40]}' is not a GUID.", element)
    return guid.lower()


def _member(values: dict[str, str], element: Element) -> str:
    if "PropertyName" in values:
        name = values["PropertyName"]
        if not name or len(name) > 255:
            raise EwsError("ErrorInvalidExtendedProperty")
        is_header = _property_set(values, element) == PROPERTY_SETS["InternetHeaders"]
        return f"name/{name.lower() if is_header else name}"
    try:
        return f"id/{int(values['PropertyId']):x}"
    except KeyError:
        raise EwsError("ErrorInvalidExtendedProperty") from None
    except ValueError:
        raise SchemaViolation("PropertyId is not a number.", element) from None


def parse_property(element: Element, zone: tzinfo) -> tuple[ExtendedField, Any]:
    """Read an ExtendedProperty: its field and its value."""
    found = children(element, "t:ExtendedFieldURI", "t:Value|t:Values")
    field = parse_field(found["ExtendedFieldURI"])
    if field.type.endswith("Array") != ("Values" in found):
        raise EwsError("ErrorInvalidExtendedPropertyValue")
    if "Values" in found:
        single = field.type.removesuffix("Array")
        return field, [parse_value(single, text_of(one), zone) for one in listed(found["Values"], "t:Value")]
    return field, parse_value(field.type, text_of(found["Value"]), zone)


def parse_value(kind: str, text: str, zone: tzinfo = UTC) -> Any:
    """A single value of an extended property; raises ErrorInvalidExtendedPropertyValue."""
    try:
        return _parse(kind, text, zone)
    except (SchemaViolation, ValueError) as error:
        raise EwsError(
            "ErrorInvalidExtendedPropertyValue", f"{text[:40]!r} is no value of type {kind}."
        ) from error


def _parse(kind: str, text: str, zone: tzinfo) -> Any:
    if kind in _INTEGERS:
        bits = _INTEGERS[kind]
        return kinds.Integer(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1).constant(text, zone)
    if kind in _FLOATS:
        return kinds.Double().constant(text, zone)
    if kind == "Boolean":
        return kinds.Boolean().constant(text.lower(), zone)
    if kind == "SystemTime":
        return kinds.parse_moment(text, zone, None)
    if kind == "Binary":
        return kinds.parse_base64(text, None)
    return str(UUID(text)) if kind == "CLSID" else text


def emit(parent: Element, field: ExtendedField, value: Any, style: kinds.Style) -> None:
    """Append the ExtendedProperty element with a value."""
    box = sub(parent, "t:ExtendedProperty")
    sub(box, "t:ExtendedFieldURI", **dict(field.named))
    if isinstance(value, list):
        values = sub(box, "t:Values")
        for one in value:
            sub(values, "t:Value", _shown(field.type.removesuffix("Array"), one, style))
    else:
        sub(box, "t:Value", _shown(field.type, value, style))


def _shown(kind: str, value: Any, style: kinds.Style) -> str:
    if kind == "Boolean":
        return "true" if value else "false"
    if kind == "SystemTime":
        return kinds.shown_moment(value, style)
    if isinstance(value, float) and math.isfinite(value):
        return kinds.shown_number(value)
    return str(value)


IS_FIELD = tag("t:ExtendedFieldURI")
