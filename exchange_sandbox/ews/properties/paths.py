"""Paths to properties, as shapes, restrictions, sort orders and updates name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import extended, kinds
from exchange_sandbox.ews.properties.aliases import extended_value
from exchange_sandbox.ews.properties.contact_kinds import Dictionary
from exchange_sandbox.ews.properties.contacts import INDEXED
from exchange_sandbox.ews.properties.extended import ExtendedField
from exchange_sandbox.ews.properties.prop import Prop, Reader
from exchange_sandbox.ews.properties.types import ItemType, any_prop
from exchange_sandbox.ews.xml import Element, SchemaViolation, attributes, local
from exchange_sandbox.store.items import Item

PATHS = ("t:FieldURI", "t:IndexedFieldURI", "t:ExtendedFieldURI")
_HEADER = "item:InternetMessageHeader"
# what the schema has beside the properties of items in properties.types
_ELSEWHERE = frozenset(("item:MimeContentUTF8", "contacts:Culture"))
_OTHER_GROUPS = ("folder:", "conversation:", "persona:")


@dataclass(frozen=True, slots=True)
class Path:
    """One property: ``uri`` as the client wrote it, the ``prop`` it names, with a dictionary its ``index``
    (and the ``line`` of what stands there), or the extended ``field``. A uri without a prop is known to
    Exchange, not to items here."""

    uri: str
    prop: Prop | None = None
    index: str | None = None
    field: ExtendedField | None = None
    line: str | None = None

    @property
    def key(self) -> str:
        """The key in a bag; the uri of what no bag has."""
        return self.field.key if self.field else (self.prop and self.prop.key) or self.uri

    @property
    def choice(self) -> kinds.Choice | None:
        """The choice that the property is, if it is one."""
        return self.prop.kind if self.prop and isinstance(self.prop.kind, kinds.Choice) else None

    @property
    def entry(self) -> str | None:
        """The key of the entry that is meant, in a dictionary as the store keeps it."""
        kind = self.prop.kind if self.prop else None
        return kind.keys.get(self.index or "") if isinstance(kind, Dictionary) else self.index

    def rank(self, value: Any) -> Any:
        """A value by which values can be ordered: choices are numbers, not words."""
        return self.choice.rank(value) if self.choice and value is not None else value

    def value(self, item: Item, reader: Reader, kind: ItemType) -> Any:
        """The value of the property in an item, None if it has none."""
        if self.field is not None:
            return extended_value(item, self.field.key, self.field.header, reader, kind)
        if self.prop is None:
            return None
        prop = kind.by_name.get(self.prop.name)
        value = None if prop is None else reader.value(item, prop)
        if self.index is not None and isinstance(value, dict):
            entry = value.get(self.entry)
            return entry.get(self.line or "address") if isinstance(entry, dict) else entry
        if self.index is not None and isinstance(value, list):
            return next((text for name, text in value if name.lower() == self.index.lower()), None)
        return value


def parse(element: Element) -> Path:
    """Read a path; raises SchemaViolation for one that EWS does not have, and ErrorInvalidPropertyRequest for
    one that items do not have."""
    name = local(element)
    if name == "ExtendedFieldURI":
        field = extended.parse_field(element)
        return Path(field.key, field=field)
    if name == "IndexedFieldURI":
        values = attributes(element, ("FieldURI", "FieldIndex"))
        uri, index = values["FieldURI"], values["FieldIndex"]
        if uri == _HEADER:
            return Path(uri, any_prop("item:InternetMessageHeaders"), index)
        if uri in INDEXED:
            named, line = INDEXED[uri]
            return Path(uri, any_prop(named), index, line=line)
        raise SchemaViolation(f"The value '{uri[:60]}' is not an indexed property.", element)
    uri = attributes(element, ("FieldURI",))["FieldURI"]
    prop = any_prop(uri)
    if uri.startswith(_OTHER_GROUPS):
        raise EwsError("ErrorInvalidPropertyRequest")
    if prop is None and uri not in _ELSEWHERE:
        raise SchemaViolation(
            f"The 'FieldURI' attribute is invalid - the value '{uri[:60]}' is not known.", element
        )
    return Path(uri, prop)
