"""Item shapes: which properties a client wants, and items written with these in schema order."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from lxml import etree

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.properties import extended, kinds, paths
from exchange_sandbox.ews.properties.aliases import extended_value
from exchange_sandbox.ews.properties.common import EXTENDED
from exchange_sandbox.ews.properties.extended import ExtendedField
from exchange_sandbox.ews.properties.paths import Path
from exchange_sandbox.ews.properties.prop import Prop, Reader
from exchange_sandbox.ews.properties.types import ItemType, type_of
from exchange_sandbox.ews.xml import NSMAP, Element, SchemaViolation, children, listed, sub, tag, text_of
from exchange_sandbox.store.items import Item

_BODY_TYPES = ("Best", "HTML", "Text")
_PARTS = (
    "t:BaseShape",
    "t:IncludeMimeContent?",
    "t:BodyType?",
    "t:UniqueBodyType?",
    "t:NormalizedBodyType?",
    "t:FilterHtmlContent?",
    "t:ConvertHtmlCodePageToUTF8?",
    "t:InlineImageUrlTemplate?",
    "t:BlockExternalImages?",
    "t:AddBlankTargetToLinks?",
    "t:MaximumBodySize?",
    "t:AdditionalProperties?",
)
_ATTACHMENT_PARTS = (
    "t:IncludeMimeContent?",
    "t:BodyType?",
    "t:FilterHtmlContent?",
    "t:AdditionalProperties?",
)
_BODIES = {
    "BodyType": "body_type",
    "UniqueBodyType": "unique_body_type",
    "NormalizedBodyType": "normalized_body_type",
}
_BOOLEANS = ("FilterHtmlContent", "ConvertHtmlCodePageToUTF8", "BlockExternalImages", "AddBlankTargetToLinks")


@dataclass(slots=True)
class Shape:
    """What to give of each item: ``names`` of properties, extended ``fields``, internet ``headers``, single
    ``entries`` of dictionaries (key and line).

    ``finding``: of the properties only those that FindItem and SyncFolderItems can give. ``options`` are what
    a :class:`Reader` must know: types of bodies.
    """

    base: str
    names: set[str] = field(default_factory=set)
    fields: list[ExtendedField] = field(default_factory=list)
    headers: set[str] = field(default_factory=set)
    entries: dict[str, set[tuple[str, str | None]]] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    finding: bool = False
    _plans: dict[str, list[Prop]] = field(default_factory=dict)

    def write(self, parent: Element, item: Item, reader: Reader) -> None:
        """Append the item to ``parent``."""
        kind = type_of(item.cls)
        box = sub(parent, f"t:{kind.element}")
        for prop in self._plan(kind):
            if prop is EXTENDED:
                self._write_extended(box, item, reader, kind)
                continue
            value = reader.value(item, prop)
            if self.headers and prop.name == "InternetMessageHeaders" and prop.name not in self.names:
                value = [pair for pair in value if pair[0].lower() in self.headers]
            if self.entries and prop.name in self.entries and not self._wants_whole(prop):
                value = _entries(value, self.entries[prop.name])
            if value is not None:
                prop.kind.emit(box, f"t:{prop.name}", value, reader.style)

    def _write_extended(self, box: Element, item: Item, reader: Reader, kind: ItemType) -> None:
        for one in self.fields:
            value = extended_value(item, one.key, one.header, reader, kind)
            if value is not None and value != []:
                extended.emit(box, one, value, reader.style)

    def _plan(self, kind: ItemType) -> list[Prop]:
        """The properties to write for a type of item, in schema order."""
        plan = self._plans.get(kind.element)
        if plan is None:
            plan = self._plans[kind.element] = [prop for prop in kind.props if self._wants(prop)]
        return plan

    def _wants(self, prop: Prop) -> bool:
        if prop.name == "ItemId" or prop is EXTENDED or prop.name in self.entries:
            return True
        if self.headers and prop.name == "InternetMessageHeaders":
            return True
        return self._wants_whole(prop)

    def _wants_whole(self, prop: Prop) -> bool:
        if prop.name in self.names:
            return True
        if self.finding and not prop.find:
            return False
        return (self.base == "Default" and prop.shown) or (self.base == "AllProperties" and not prop.apart)


def parse(element: Element, *, finding: bool, lenient: bool = False) -> Callable[[], Shape]:
    """Read an ItemShape. What breaks the schema is refused at once (SchemaViolation); what Exchange refuses
    item by item (a property that this request cannot give) raises EwsError from the function returned, or
    with ``lenient`` is left out without a word."""
    found = children(element, *_PARTS)
    base = _word(found["BaseShape"], ("IdOnly", "Default", "AllProperties"))
    shape = Shape(base, options=_options(found), finding=finding)
    refused: list[EwsError] = []
    if (shape.options.get("longest_body") or 0) < 0:
        refused.append(EwsError("ErrorInvalidArgument", "MaximumBodySize is negative."))
    if "IncludeMimeContent" in found and kinds.Boolean().parse(found["IncludeMimeContent"], UTC):
        if not finding:
            shape.names.add("MimeContent")
        elif not lenient:
            refused.append(EwsError("ErrorInvalidPropertyRequest", path="item:MimeContent"))
    if "AdditionalProperties" in found:
        for one in listed(found["AdditionalProperties"], *paths.PATHS):
            try:
                _add(shape, paths.parse(one), lenient=lenient)
            except Refused as failure:
                error = in_ews(failure)
                refused.append(error)

    def checked() -> Shape:
        if refused:
            raise refused[0]
        return shape

    return checked


def parse_attachment(element: Element | None) -> Callable[[], Shape]:
    """Read an AttachmentShape, in which everything may be missing: attached items are given whole, their MIME
    where it is asked for. Raises like :func:`parse`."""
    whole = etree.Element(tag("t:ItemShape"), nsmap=NSMAP)
    sub(whole, "t:BaseShape", "AllProperties")
    if element is not None:
        children(element, *_ATTACHMENT_PARTS)
        whole.extend(deepcopy(one) for one in element)
    return parse(whole, finding=False)


def _options(found: dict[str, Element]) -> dict[str, Any]:
    for name in _BOOLEANS:
        if name in found:
            kinds.Boolean().parse(found[name], UTC)
    options: dict[str, Any] = {
        option: _word(found[name], _BODY_TYPES).lower() for name, option in _BODIES.items() if name in found
    }
    if "MaximumBodySize" in found:
        options["longest_body"] = kinds.Integer().parse(found["MaximumBodySize"], UTC) or None
    return options


def _add(shape: Shape, path: Path, *, lenient: bool) -> None:
    if path.field is not None:
        if path.field.key not in {one.key for one in shape.fields}:
            shape.fields.append(path.field)
        return
    if path.prop is None:
        return
    if shape.finding and not path.prop.find and path.line is None:
        if lenient:
            return
        raise EwsError("ErrorInvalidPropertyRequest", path=path.uri)
    if path.prop.name == "InternetMessageHeaders" and path.index is not None:
        shape.headers.add(path.index.lower())
    elif path.index is not None:
        shape.entries.setdefault(path.prop.name, set()).add((path.entry or path.index, path.line))
    else:
        shape.names.add(path.prop.name)


def _entries(value: Any, wanted: set[tuple[str, str | None]]) -> Any:
    """Of a dictionary's value (or a list's members) the entries, and of these the lines, that are wanted."""
    if isinstance(value, list):
        return [one for one in value if (one["key"], None) in wanted]
    found: dict[str, Any] = {}
    for index, line in sorted(wanted, key=str):
        entry = (value or {}).get(index)
        if entry is None:
            continue
        if line is None:
            found[index] = entry
        elif line in entry:
            found.setdefault(index, {})[line] = entry[line]
    return found


def _word(element: Element, words: tuple[str, ...]) -> str:
    word = text_of(element).strip()
    if word not in words:
        raise SchemaViolation(f"'{word[:40]}' is not one of {', '.join(words)}.", element)
    return word
