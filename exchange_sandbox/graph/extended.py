"""``singleValueExtendedProperties``: MAPI properties as Graph names them, and what they are in the store.

``String 0x7D`` names a property by its tag, ``String {guid} Name x`` and ``Integer {guid} Id 0x8105`` one of
a property set. What is given back has tags in lower-case hexadecimal without leading zeros, as real answers
do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC
from typing import Any

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.properties import aliases, extended
from exchange_sandbox.ews.properties.extended import ExtendedField
from exchange_sandbox.ews.properties.setting import Setting
from exchange_sandbox.ews.properties.types import type_of
from exchange_sandbox.graph.errors import GraphError, bad_request
from exchange_sandbox.graph.filter_nodes import Both, Compare, Literal, Node, Not, Path, Some, conjuncts
from exchange_sandbox.graph.shape import Navigation, View, dict_of, inner, list_of, text_of
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import PROPERTY_SETS, by_tag

NAME = "singleValueExtendedProperties"
_TYPES = {
    name.lower(): name
    for name in (
        "ApplicationTime", "Binary", "Boolean", "CLSID", "Currency", "Double", "Float", "Integer", "Long",
        "Short", "String", "SystemTime",
    )
}  # fmt: skip
_TAG = re.compile(r"(\w+)\s+(0x[0-9A-F]{1,8})", re.IGNORECASE)
_NAMED = re.compile(
    r"(\w+)\s+\{?([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})\}?\s+(?:Name\s+(.{1,255})|Id\s+(0x[0-9A-Fa-f]{1,8}|\d{1,9}))",
    re.IGNORECASE | re.DOTALL,
)
PLAIN_BODY, LONGEST_PLAIN = by_tag(0x1000, "String"), 16_000  # where plain text is cut
#: Properties by which a mail says whom it answers: whether setting them makes headers of them is unproven.
REPLY_KEYS = (by_tag(0x1042, "String"), by_tag(0x1039, "String"))


def parse(text: str) -> ExtendedField:
    """The property that an id names; raises GraphError."""
    found = _TAG.fullmatch(text.strip())
    if found and found[1].lower() in _TYPES:
        number, kind = int(found[2], 16), _TYPES[found[1].lower()]
        if number > 0xFFFF:  # with the type behind it, as MAPI writes tags
            number >>= 16
        return ExtendedField(by_tag(number, kind), kind, (("id", f"{kind} 0x{number:x}"),))
    named = _NAMED.fullmatch(text.strip())
    if named and named[1].lower() in _TYPES:
        kind, guid = _TYPES[named[1].lower()], named[2].lower()
        if named[3] is not None:
            is_header = guid == PROPERTY_SETS["InternetHeaders"]
            name = named[3].lower() if is_header else named[3]
            return ExtendedField(
                f"{guid}/name/{name}/{kind}", kind, (("id", f"{kind} {{{guid}}} Name {named[3]}"),)
            )
        number = int(named[4], 0 if named[4].lower().startswith("0x") else 10)
        return ExtendedField(
            f"{guid}/id/{number:x}/{kind}", kind, (("id", f"{kind} {{{guid}}} Id 0x{number:x}"),)
        )
    raise GraphError(
        400, "ErrorInvalidProperty", f"The id '{text[:100]}' names no extended property of a single value."
    )


def shown_id(field: ExtendedField) -> str:
    """The id as answers have it."""
    return field.named[0][1]


def shown_value(field: ExtendedField, value: Any) -> str:
    """A value as answers have it: a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if field.type == "SystemTime":
        return f"{str(value)[:19]}Z"
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def ids_in(node: Node | None) -> Iterator[str]:
    """The ids that a filter names, in their order."""
    match node:
        case Compare("eq", Path(names), Literal(str(value))) if names[-1].lower() == "id":
            yield value
        case Compare("eq", Literal(str(value)), Path(names)) if names[-1].lower() == "id":
            yield value
        case Both(_, parts):
            for part in parts:
                yield from ids_in(part)
        case Not(part) | Some(_, _, _, part):
            yield from ids_in(part)
        case _:
            return


def navigation(value_of: Callable[[View, Any, ExtendedField], Any]) -> Navigation:
    """The expansion; ``value_of`` gives a property's value of a thing."""

    def read(view: View, thing: Any) -> list[dict[str, str]] | None:
        wanted = list(dict.fromkeys(ids_in(view.query.filter)))
        if not wanted:
            raise bad_request(
                f"The $expand of {NAME} needs a $filter that names ids.", "ErrorInvalidUrlQueryFilter"
            )
        fields = [parse(one) for one in wanted]
        found = [(field, value_of(view, thing, field)) for field in fields]
        return [
            {"id": shown_id(field), "value": shown_value(field, value)}
            for field, value in found
            if value is not None and not isinstance(value, list)
        ] or None

    return Navigation(NAME, read)


def item_value(view: View, item: Item, field: ExtendedField) -> Any:
    """The value of an item's property."""
    value = aliases.extended_value(item, field.key, field.header, view.reader, type_of(item.cls))
    value = item.bag.get(field.key) if value is None else value
    is_cut = field.key == PLAIN_BODY and view.call.quirks.graph_long_text_cut
    return value[:LONGEST_PLAIN] if is_cut and isinstance(value, str) else value


def given(value: Any) -> Iterator[tuple[ExtendedField, Any]]:
    """The properties that a client gives, with their values as the store keeps them; raises GraphError."""
    for one in list_of(value, NAME):
        about = dict_of(one, NAME)
        field = parse(text_of(inner(about, "id"), f"{NAME}/id"))
        text = inner(about, "value")
        if text is None:
            yield field, None
            continue
        try:
            yield field, extended.parse_value(field.type, text_of(text, f"{NAME}/value"), UTC)
        except Refused as error:
            raise GraphError(400, "ErrorInvalidPropertySet", str(error)) from error


def put(setting: Setting, value: Any, *, replies_ignored: bool = False) -> None:
    """Set the properties that a client gives; raises GraphError, Refused. ``replies_ignored``: those by which
    a mail says whom it answers are kept, and say nothing."""
    for field, one in given(value):
        bag = setting.item.bag
        if replies_ignored and field.key in REPLY_KEYS:
            bag[field.key] = one
            setting.given.add(field.key)
        elif one is None:
            bag.pop(field.key, None)
        else:
            setting.set_extended(field, one)


def wanted(parts: Iterable[Node]) -> Iterator[tuple[str, Any]]:
    """Of conditions that must all hold, those of the form "this property has this value": key and value."""
    for part in parts:
        if isinstance(part, Some) and part.how == "any" and part.path.names[-1].lower() == NAME.lower():
            inside = list(conjuncts(part.part))
            named = [one for each in inside for one in ids_in(each)]
            values = [
                one.right.value
                for one in inside
                if isinstance(one, Compare)
                and one.how == "eq"
                and isinstance(one.left, Path)
                and one.left.names[-1].lower() == "value"
                and isinstance(one.right, Literal)
            ]
            if len(named) == 1 and len(values) == 1:
                yield parse(named[0]).key, values[0]


def is_plain(key: str) -> bool:
    """Whether a property stands in the bag under its own key, and is no other name of something else."""
    return key not in aliases.ALIASES and not key.startswith(PROPERTY_SETS["InternetHeaders"])
