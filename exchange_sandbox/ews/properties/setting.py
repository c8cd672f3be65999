"""Setting properties of an item: on creation, and by the changes of an UpdateItem."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from exchange_sandbox.calendar import ical_read, settle
from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import attaching
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import aliases, extended, paths, tasks
from exchange_sandbox.ews.properties.attachments import Given
from exchange_sandbox.ews.properties.contact_kinds import unique
from exchange_sandbox.ews.properties.extended import HEADER_PREFIX, ExtendedField
from exchange_sandbox.ews.properties.prop import Access, Prop
from exchange_sandbox.ews.properties.types import BY_ELEMENT, ITEM_ELEMENTS, ItemType, type_of
from exchange_sandbox.ews.xml import Element, SchemaViolation, children, local, shown, tag
from exchange_sandbox.mime import bodies, embedded, export
from exchange_sandbox.mime import read as mime_read
from exchange_sandbox.store import items
from exchange_sandbox.store.items import Item

_MESSAGE_FLAGS = extended.by_tag(0x0E07, "Integer")
_EXTENDED = tag("t:ExtendedProperty")
# what a mail's MIME says too: once one of these changes, the MIME is written anew
_IN_MIME = frozenset(
    (  # noqa: SIM905 - names read best as a text
        "Subject Importance Sensitivity InReplyTo References From Sender ToRecipients CcRecipients "
        "BccRecipients ReplyTo InternetMessageId IsReadReceiptRequested IsDeliveryReceiptRequested "
        "ConversationIndex"
    ).split()
) | {mime_read.SUPPRESS}
_PATHS, _ITEMS = "|".join(paths.PATHS), "|".join(ITEM_ELEMENTS)
_NOT_DELETABLE = frozenset(("ItemClass", "IsRead"))


@dataclass(slots=True)
class Setting:
    """Sets properties of one item; ``given`` collects the keys. Call :meth:`settle` at the end."""

    db: sqlite3.Connection
    item: Item
    kind: ItemType
    zone: tzinfo
    now: datetime
    creating: bool = False
    given: set[str] = field(default_factory=set)

    def create_from(self, element: Element) -> None:
        """Set everything that an item's element holds; :func:`check_item` was satisfied with it."""
        for child in element:
            self._set_element(child)

    def change(self, description: Element) -> None:
        """Apply a SetItemField, AppendToItemField or DeleteItemField."""
        what = local(description)
        if what == "DeleteItemField":
            self._delete(paths.parse(next(iter(children(description, _PATHS).values()))))
            return
        found = list(children(description, _PATHS, _ITEMS).values())
        path, box = paths.parse(found[0]), found[1]
        if len(box) != 1:
            raise EwsError("ErrorIncorrectUpdatePropertyCount")
        child = box[0]
        if child.tag == _EXTENDED:
            matches = extended.parse_field(child[0]).key == path.key if len(child) else False
        else:
            matches = path.field is None and path.prop is not None and path.prop.name == local(child)
        if not matches:
            raise EwsError("ErrorUpdatePropertyMismatch", path=path.uri, index=path.index)
        if what == "AppendToItemField":
            self._append(path, child)
        else:
            self._set_element(child, path)

    def _set_element(self, child: Element, path: paths.Path | None = None) -> None:
        if child.tag == _EXTENDED:
            self.set_extended(*extended.parse_property(child, self.zone))
            return
        prop = self._settable(local(child))
        value = prop.kind.parse(child, self.zone)
        if path is not None and path.index is not None:
            value = self._with_entry(path, prop, value)
        self.set(prop.name, value)

    def _with_entry(self, path: paths.Path, prop: Prop, value: Any) -> dict[str, Any]:
        """A dictionary with one entry set, or with one line of an entry."""
        if not isinstance(value, dict) or set(value) != {path.index}:
            raise EwsError("ErrorUpdatePropertyMismatch", path=path.uri, index=path.index)
        kept = self.item.bag.get(prop.name, {})
        entry = value[path.index]
        if path.line is not None:
            if set(entry) != {path.line}:
                raise EwsError("ErrorUpdatePropertyMismatch", path=path.uri, index=path.index)
            entry = {**kept.get(path.index, {}), **entry}
        return {**kept, path.index: entry}

    def _settable(self, name: str) -> Prop:
        prop = self.kind.by_name.get(name)
        if prop is None:  # such as a due date for a message
            raise EwsError("ErrorInvalidPropertySet", path=name)
        if prop.access is Access.NEVER or (prop.access is Access.ON_CREATION and not self.creating):
            raise EwsError("ErrorInvalidPropertySet", path=prop.uri)
        is_sent_mail = "IsRead" in self.item.bag and not self.item.bag.get("IsDraft")
        if prop.access is Access.IN_DRAFT and not self.creating and is_sent_mail:
            raise EwsError("ErrorInvalidPropertyUpdateSentMessage", path=prop.uri)
        return prop

    def set(self, name: str, value: Any) -> None:
        """Set an EWS property by its name."""
        self.given.add(name)
        if name == "MimeContent":
            self._import(value)
        elif name == "Body":
            self._set_body(value)
        elif name == "Attachments":
            if "MimeContent" in self.given:  # as with all properties, what is said beside a MIME counts
                attaching.clear(self.db, self.item)
            for one in value:
                self.attach(one)
        else:
            kept = self.item.bag.get(name, self.kind.by_name[name].default)
            if name in _IN_MIME and (kept or None) != (value or None):
                export.make_stale(self.db, self.item)
            self.item.bag[name] = value

    def attach(self, given: Given) -> dict[str, Any]:
        """Attach a file or an item; what is known about it then. Raises EwsError."""
        attached = None
        if given.element is not None:
            kind = BY_ELEMENT[local(given.element)]
            attached = new_item(kind, self.item.mailbox)
            inner = Setting(self.db, attached, kind, self.zone, self.now, creating=True)
            inner.create_from(given.element)
            inner.settle()
        return attaching.put(self.db, self.item, given, attached, self.now)

    def set_extended(self, one: ExtendedField, value: Any) -> None:
        """Set an extended property, or the EWS property that it is another name of."""
        self.given.add(one.key)
        bag = self.item.bag
        alias = aliases.alias_of(one.key, self.kind)
        if one.key == _MESSAGE_FLAGS:
            bag["IsRead"] = bool(value & aliases.READ)
            if self.creating:
                bag["IsDraft"] = bool(value & aliases.UNSENT)
        elif alias is None:
            if one.key in _IN_MIME or one.key.startswith(HEADER_PREFIX):
                export.make_stale(self.db, self.item)
            bag[one.key] = value
        else:
            self._set_alias(one.key, alias, value)

    def _set_alias(self, key: str, alias: aliases.Alias, value: Any) -> None:
        """Set the EWS property that an extended one is another name of; None deletes it."""
        bag = self.item.bag
        if alias.set is None:
            code = "ErrorInvalidPropertyDelete" if value is None else "ErrorInvalidPropertySet"
            raise EwsError(code, path=key)
        before = deepcopy(bag)
        alias.set(bag, value)
        changed = {name for name in before.keys() | bag.keys() if bag.get(name) != before.get(name)}
        if changed & _IN_MIME:
            export.make_stale(self.db, self.item)
        self.given |= changed

    def _import(self, raw: bytes) -> None:
        """Make the item what a mail says; of an item that was there before, nothing else in it stays."""
        if self.creating and self.kind.element == "CalendarItem":
            self._import_calendar(raw)
            return
        if not self.creating and "IsRead" not in self.item.bag:
            raise EwsError("ErrorInvalidPropertySet", path="item:MimeContent")
        bag, streams = mime_read.read(raw, keep_categories=True)
        attached = export.attached(self.db, self.item)
        embedded.restore(bag, streams, embedded.packed(attached), len(attached))
        for about, _ in attached:
            self.item.streams[embedded.stream_name(about)] = None
        for name in () if self.creating else _IN_MIME | {"Attachments"}:
            self.item.bag.pop(name, None)
        if not self.creating:  # it stays what it is: a signed mail in it makes no other kind of item
            bag.pop("ItemClass")
        self.item.bag.update(bag)
        self.item.streams.update(streams)

    def _import_calendar(self, raw: bytes) -> None:
        """Take over an appointment as iCalendar; raises ErrorMimeContentInvalid."""
        bag = ical_read.read(raw.decode("utf-8", "replace"))
        if "Start" not in bag:
            raise EwsError("ErrorMimeContentInvalid")
        bag["LegacyFreeBusyStatus"] = bag.pop("IntendedFreeBusyStatus")
        self.item.bag.update(bag)
        self.given |= set(bag)

    def _set_body(self, value: dict[str, str]) -> None:
        export.make_stale(self.db, self.item)
        self.item.bag["BodyType"] = value["type"]
        self.item.streams[items.BODY] = value["text"].encode("utf-8", "replace")

    def _append(self, path: paths.Path, child: Element) -> None:
        if path.prop is None or not path.prop.append:
            raise EwsError("ErrorInvalidPropertyAppend", path=path.uri)
        prop = self._settable(path.prop.name)
        value = prop.kind.parse(child, self.zone)
        if prop.name == "Body":
            kept = self.item.bag.get("BodyType", value["type"])
            addition = bodies.converted(value, kept)["text"]
            self.set("Body", {"type": kept, "text": export.body_text(self.db, self.item) + addition})
        else:
            whole = [*self.item.bag.get(prop.name, []), *value]
            self.set(prop.name, unique(whole) if prop.name == "Members" else whole)

    def _delete(self, path: paths.Path) -> None:
        self.given.add(path.key)
        if path.field is not None:
            if path.key in _IN_MIME or path.key.startswith(HEADER_PREFIX):
                export.make_stale(self.db, self.item)
            alias = aliases.alias_of(path.key, self.kind)
            if alias is None:
                self.item.bag.pop(path.key, None)
            else:
                self._set_alias(path.key, alias, None)
            return
        if path.prop is None or path.prop.name in _NOT_DELETABLE or path.prop.name not in self.kind.by_name:
            raise EwsError("ErrorInvalidPropertyDelete", path=path.uri)
        name = self._settable(path.prop.name).name
        if path.index is not None:
            self._delete_entry(path, path.index, name)
        elif name == "Body":
            self.set("Body", {"type": "Text", "text": ""})
        else:
            if name in _IN_MIME:
                export.make_stale(self.db, self.item)
            self.item.bag.pop(name, None)

    def _delete_entry(self, path: paths.Path, index: str, name: str) -> None:
        kept = self.item.bag.get(name, {})
        if isinstance(kept, list):
            left: Any = [one for one in kept if one["key"] != index]
            if len(left) == len(kept):
                raise EwsError("ErrorDistributionListMemberNotExist", "The list has no such member.")
        elif path.line is not None and index in kept:
            lines = {line: text for line, text in kept[index].items() if line != path.line}
            left = {**kept, index: lines} if lines else {key: kept[key] for key in kept if key != index}
        else:
            left = {key: kept[key] for key in kept if key != index}
        if left:
            self.item.bag[name] = left
        else:
            self.item.bag.pop(name, None)

    def settle(self) -> None:
        """Make the whole agree; raises EwsError where it cannot."""
        bag = self.item.bag
        if type_of(self.item.cls) is not self.kind:
            raise EwsError("ErrorObjectTypeChanged")
        if self.kind.element == "Task":
            tasks.settle(bag, self.given, self.now)
        elif self.kind.element == "CalendarItem":
            settle.settle(self.item, self.given, self.zone, self.now, creating=self.creating)
        if "Subject" in self.given and "IsRead" in bag:
            bag["ConversationTopic"] = mime_read.topic(bag.get("Subject", ""))


def new_item(kind: ItemType, mailbox: int) -> Item:
    """An item of this type, not yet in a folder, with nothing set."""
    item = Item(mailbox, 0, {"ItemClass": kind.default_class})
    if kind.element in ("Message", "PostItem"):
        item.bag.update(IsRead=False, IsDraft=kind.element == "Message")
    return item


def check_item(kind: ItemType, element: Element, zone: tzinfo) -> None:
    """Check the element of an item by the schema: order, names and values; raises SchemaViolation."""
    last = -1
    for child in element:
        name = local(child)
        place = kind.order.get(name, -1)
        again = place == last and child.tag != _EXTENDED
        if child.tag != tag(f"t:{name}") or place < last or again or place < 0:
            raise SchemaViolation(
                f"The element '{shown(element)}' has invalid child element '{shown(child)}'.", child
            )
        last = place
        _check_value(kind, child, zone)


def check_change(description: Element, zone: tzinfo) -> None:
    """Check a SetItemField, AppendToItemField or DeleteItemField by the schema; raises SchemaViolation."""
    if local(description) == "DeleteItemField":
        paths.parse(next(iter(children(description, _PATHS).values())))
        return
    path, box = children(description, _PATHS, _ITEMS).values()
    kind = BY_ELEMENT[local(box)]
    for child in box:
        if kind.by_name.get(local(child)) is None:
            raise SchemaViolation(
                f"The element '{shown(box)}' has invalid child element '{shown(child)}'.", child
            )
        _check_value(kind, child, zone)
    paths.parse(path)


def _check_value(kind: ItemType, child: Element, zone: tzinfo) -> None:
    with suppress(Refused):  # what is wrong with one item alone is told in its turn
        if child.tag == _EXTENDED:
            extended.parse_property(child, zone)
        else:
            value = kind.by_name[local(child)].kind.parse(child, zone)
            for one in value if local(child) == "Attachments" else ():
                check_attachment(one, zone)


def check_attachment(given: Given, zone: tzinfo) -> None:
    """Check what is attached by the schema; raises SchemaViolation."""
    if given.element is not None:
        check_item(BY_ELEMENT[local(given.element)], given.element, zone)
