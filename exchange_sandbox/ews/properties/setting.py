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
from exchange_sandbox.ews.properties.extended import ExtendedField
from exchange_sandbox.ews.properties.prop import Access, Prop
from exchange_sandbox.ews.properties.types import BY_ELEMENT, ITEM_ELEMENTS, ItemType, type_of
from exchange_sandbox.ews.xml import Element, SchemaViolation, children, local, shown, tag
from exchange_sandbox.mime import bodies, edit, export
from exchange_sandbox.mime import read as mime_read
from exchange_sandbox.quirks import Quirks
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import BodyType, Key, Stream, by_tag

_MESSAGE_FLAGS = by_tag(0x0E07, "Integer")
_EXTENDED = tag("t:ExtendedProperty")
_PATHS, _ITEMS = "|".join(paths.PATHS), "|".join(ITEM_ELEMENTS)
_NOT_DELETABLE = (Key.ITEM_CLASS, Key.IS_READ)


@dataclass(slots=True)
class Setting:
    """Sets properties of one item; ``given`` collects the keys. Call :meth:`settle` at the end."""

    db: sqlite3.Connection
    item: Item
    kind: ItemType
    zone: tzinfo
    now: datetime
    creating: bool = False
    quirks: Quirks = field(default_factory=Quirks)
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
            if not self.quirks.appending_ignored:
                self._append(path, child)
        else:
            self._set_element(child, path)

    def _set_element(self, child: Element, path: paths.Path | None = None) -> None:
        if child.tag == _EXTENDED:
            self.set_extended(*extended.parse_property(child, self.zone))
            return
        prop = self._settable(local(child))
        value = prop.kind.parse(child, self.zone)
        if prop.key is Key.REMINDER_DUE and self.quirks.reminders_ignored and self.kind.element == "Task":
            return
        if path is not None and path.index is not None:
            value = self._with_entry(path, prop, value)
        self.set(prop, value)

    def _with_entry(self, path: paths.Path, prop: Prop, value: Any) -> dict[str, Any]:
        """A dictionary with one entry set, or with one line of an entry."""
        if not isinstance(value, dict) or set(value) != {path.entry}:
            raise EwsError("ErrorUpdatePropertyMismatch", path=path.uri, index=path.index)
        kept = self.item.bag.get(_key(prop), {})
        entry = value[path.entry]
        if path.line is not None:
            if set(entry) != {path.line}:
                raise EwsError("ErrorUpdatePropertyMismatch", path=path.uri, index=path.index)
            entry = {**kept.get(path.entry, {}), **entry}
        return {**kept, path.entry: entry}

    def _settable(self, name: str) -> Prop:
        prop = self.kind.by_name.get(name)
        if prop is None:  # such as a due date for a message
            raise EwsError("ErrorInvalidPropertySet", path=name)
        if prop.access is Access.NEVER or (prop.access is Access.ON_CREATION and not self.creating):
            raise EwsError("ErrorInvalidPropertySet", path=prop.uri)
        is_sent_mail = Key.IS_READ in self.item.bag and not self.item.bag.get(Key.IS_DRAFT)
        if prop.access is Access.IN_DRAFT and not self.creating and is_sent_mail:
            raise EwsError("ErrorInvalidPropertyUpdateSentMessage", path=prop.uri)
        return prop

    def set(self, prop: Prop, value: Any) -> None:
        """Set an EWS property."""
        key = _key(prop)
        self.given.add(key)
        if key is Stream.MIME:
            self._import(value)
        elif key is Stream.BODY:
            edit.put_body(self.db, self.item, value)
        elif key is Key.ATTACHMENTS:
            if Stream.MIME in self.given:  # as with all properties, what is said beside a MIME counts
                attaching.clear(self.db, self.item)
            for one in value:
                self.attach(one)
        else:
            edit.put(self.db, self.item, key, value, default=prop.default)

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
            bag[Key.IS_READ] = bool(value & aliases.READ)
            if self.creating:
                bag[Key.IS_DRAFT] = bool(value & aliases.UNSENT)
        elif alias is None:
            if edit.says(one.key):
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
        changed = {key for key in before.keys() | bag.keys() if bag.get(key) != before.get(key)}
        if changed & edit.IN_MIME:
            export.make_stale(self.db, self.item)
        self.given |= changed

    def _import(self, raw: bytes) -> None:
        """Make the item what a mail says; of an item that was there before, nothing else in it stays."""
        if self.creating and self.kind.element == "CalendarItem":
            self._import_calendar(raw)
            return
        if not self.creating and Key.IS_READ not in self.item.bag:
            raise EwsError("ErrorInvalidPropertySet", path="item:MimeContent")
        edit.become(self.db, self.item, raw, creating=self.creating)

    def _import_calendar(self, raw: bytes) -> None:
        """Take over an appointment as iCalendar; raises ErrorMimeContentInvalid."""
        bag = ical_read.read(raw.decode("utf-8", "replace"))
        if Key.START not in bag:
            raise EwsError("ErrorMimeContentInvalid")
        bag[Key.BUSY_STATUS] = bag.pop(Key.INTENDED_BUSY_STATUS)
        self.item.bag.update(bag)
        self.given |= set(bag)

    def _append(self, path: paths.Path, child: Element) -> None:
        if path.prop is None or not path.prop.append:
            raise EwsError("ErrorInvalidPropertyAppend", path=path.uri)
        prop = self._settable(path.prop.name)
        value = prop.kind.parse(child, self.zone)
        if prop.key is Stream.BODY:
            kept = self.item.bag.get(Key.BODY_TYPE, value["type"])
            addition = bodies.converted(value, kept)["text"]
            self.set(prop, {"type": kept, "text": export.body_text(self.db, self.item) + addition})
        else:
            whole = [*self.item.bag.get(_key(prop), []), *value]
            self.set(prop, unique(whole) if prop.key is Key.MEMBERS else whole)

    def _delete(self, path: paths.Path) -> None:
        self.given.add(path.key)
        if path.field is not None:
            if edit.says(path.key):
                export.make_stale(self.db, self.item)
            alias = aliases.alias_of(path.key, self.kind)
            if alias is None:
                self.item.bag.pop(path.key, None)
            else:
                self._set_alias(path.key, alias, None)
            return
        if path.prop is None or path.prop.key in _NOT_DELETABLE or path.prop.name not in self.kind.by_name:
            raise EwsError("ErrorInvalidPropertyDelete", path=path.uri)
        prop = self._settable(path.prop.name)
        key = _key(prop)
        if path.entry is not None:
            self._delete_entry(path, path.entry, key)
        elif key is Stream.BODY:
            self.set(prop, {"type": BodyType.TEXT, "text": ""})
        else:
            if key in edit.IN_MIME:
                export.make_stale(self.db, self.item)
            self.item.bag.pop(key, None)

    def _delete_entry(self, path: paths.Path, entry: str, key: str) -> None:
        kept = self.item.bag.get(key, {})
        if isinstance(kept, list):
            left: Any = [one for one in kept if one["key"] != entry]
            if len(left) == len(kept):
                raise EwsError("ErrorDistributionListMemberNotExist", "The list has no such member.")
        elif path.line is not None and entry in kept:
            lines = {line: text for line, text in kept[entry].items() if line != path.line}
            left = {one: value for one, value in kept.items() if one != entry}
            left |= {entry: lines} if lines else {}
        else:
            left = {one: value for one, value in kept.items() if one != entry}
        if left:
            self.item.bag[key] = left
        else:
            self.item.bag.pop(key, None)

    def settle(self) -> None:
        """Make the whole agree; raises EwsError where it cannot."""
        bag = self.item.bag
        if type_of(self.item.cls) is not self.kind:
            raise EwsError("ErrorObjectTypeChanged")
        if self.kind.element == "Task":
            tasks.settle(bag, self.given, self.now)
        elif self.kind.element == "CalendarItem":
            settle.settle(self.item, self.given, self.zone, self.now, creating=self.creating)
        if Key.SUBJECT in self.given and Key.IS_READ in bag:
            bag[Key.CONVERSATION_TOPIC] = mime_read.topic(bag.get(Key.SUBJECT, ""))


def _key(prop: Prop) -> Key | Stream:
    """The key of a property that can be set: all of these are kept."""
    assert prop.key is not None, prop.name
    return prop.key


def new_item(kind: ItemType, mailbox: int) -> Item:
    """An item of this type, not yet in a folder, with nothing set."""
    item = Item(mailbox, 0, {Key.ITEM_CLASS: kind.default_class})
    if kind.element in ("Message", "PostItem"):
        item.bag |= {Key.IS_READ: False, Key.IS_DRAFT: kind.element == "Message"}
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
