"""MAPI properties that are other names of EWS properties: read, set and searched under either name.

A client that asks for tag 0x0E07 wants the message flags that the read, draft and attachment properties say,
and one that sets PidLidReminderSet sets ReminderIsSet. (MS-OXPROPS.)
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from exchange_sandbox.ews.properties import choices
from exchange_sandbox.ews.properties.keys import KEYS
from exchange_sandbox.ews.properties.prop import Reader
from exchange_sandbox.ews.properties.types import ItemType
from exchange_sandbox.mime import headers as h
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import (
    BodyType,
    BusyStatus,
    FlagStatus,
    Importance,
    Key,
    Sensitivity,
    TaskStatus,
    by_id,
    by_name,
    by_tag,
)

READ, UNMODIFIED, UNSENT, HAS_ATTACHMENT, FROM_ME, ASSOCIATED = 1, 2, 8, 16, 32, 64


@dataclass(frozen=True, slots=True)
class Alias:
    """How a MAPI property is read from an item and, unless None, set in its bag (None deletes it there);
    ``name`` if it is an EWS property with the same values."""

    get: Callable[[Item, Reader, ItemType], Any]
    set: Callable[[dict[str, Any], Any], None] | None = None
    name: str | None = None


def _same(name: str) -> Alias:
    key = KEYS[name]

    def put(bag: dict[str, Any], value: Any) -> None:
        if value is None:
            bag.pop(key, None)
        else:
            bag[key] = value

    return Alias(_prop(name), put, name)


def _read(name: str) -> Alias:
    return Alias(_prop(name))


def _prop(name: str) -> Callable[[Item, Reader, ItemType], Any]:
    def get(item: Item, reader: Reader, kind: ItemType) -> Any:
        prop = kind.by_name.get(name)
        return None if prop is None else reader.value(item, prop)

    return get


def _word(name: str, of: type[StrEnum]) -> Alias:
    """A choice as the number of its word."""
    key, words = KEYS[name], tuple(of)

    def get(item: Item, reader: Reader, kind: ItemType) -> int | None:
        value = _prop(name)(item, reader, kind)
        return None if value is None else words.index(value)

    def put(bag: dict[str, Any], value: Any) -> None:
        if value is None:
            bag.pop(key, None)
        elif 0 <= value < len(words):
            bag[key] = words[value]

    return Alias(get, put)


def _address(key: Key, part: str) -> Alias:
    def get(item: Item, reader: Reader, kind: ItemType) -> Any:
        value = item.bag.get(key)
        return value[part] or None if value else None

    return Alias(get)


def message_flags(item: Item, reader: Reader, kind: ItemType) -> int | None:
    """PidTagMessageFlags (MS-OXCMSG 2.2.1.6)."""
    bag = item.bag
    pairs = (
        (bag.get(Key.IS_READ), READ),
        (item.content_change == item.arrived, UNMODIFIED),
        (bag.get(Key.IS_DRAFT) and not reader.quirks.drafts_unmarked, UNSENT),
        (bag.get(Key.ATTACHMENTS), HAS_ATTACHMENT),
        (bag.get(Key.IS_FROM_ME), FROM_ME),
        (item.associated, ASSOCIATED),
    )
    return sum(bit for value, bit in pairs if value)


def _transport_headers(item: Item, reader: Reader, kind: ItemType) -> str | None:
    found = _prop("InternetMessageHeaders")(item, reader, kind)
    return "".join(f"{name}: {value}\r\n" for name, value in found) + "\r\n" if found else None


def _html(item: Item, reader: Reader, kind: ItemType) -> str:
    return base64.b64encode(reader.body(item, BodyType.HTML)["text"].encode("utf-8", "replace")).decode()


def _flag_status(item: Item, reader: Reader, kind: ItemType) -> int | None:
    status = item.bag.get(Key.FLAG, {}).get("status")
    return {FlagStatus.COMPLETE: 1, FlagStatus.FLAGGED: 2}.get(status)


def _set_flag_status(bag: dict[str, Any], value: Any) -> None:
    if value is None:
        bag.pop(Key.FLAG, None)
        return
    bag[Key.FLAG] = {
        **bag.get(Key.FLAG, {}),
        "status": {1: FlagStatus.COMPLETE, 2: FlagStatus.FLAGGED}.get(value, FlagStatus.NOT_FLAGGED),
    }


def _flag_date(key: Key) -> Alias:
    """A date of a follow-up flag on mail, and of the task itself on tasks."""

    def get(item: Item, reader: Reader, kind: ItemType) -> Any:
        return (item.bag if kind.element == "Task" else item.bag.get(Key.FLAG, {})).get(key)

    def put(bag: dict[str, Any], value: Any) -> None:
        is_task = bag.get(Key.ITEM_CLASS, "").startswith("IPM.Task")
        if value is None:
            bag.get(Key.FLAG, {}).pop(key, None)
            bag.pop(key, None)
        elif is_task:
            bag[key] = value
        else:
            bag[Key.FLAG] = {"status": FlagStatus.FLAGGED, **bag.get(Key.FLAG, {}), key: value}

    return Alias(get, put)


def _percent(item: Item, reader: Reader, kind: ItemType) -> float | None:
    return item.bag.get(Key.PERCENT_COMPLETE, 0.0) / 100 if kind.element == "Task" else None


def _set_percent(bag: dict[str, Any], value: Any) -> None:
    bag[Key.PERCENT_COMPLETE] = (value or 0) * 100


def _entry(name: str, place: str) -> Alias:
    """One entry of a contact's dictionary."""
    key = KEYS[name]

    def get(item: Item, reader: Reader, kind: ItemType) -> Any:
        value = item.bag.get(key, {}).get(place)
        return value.get("address") if isinstance(value, dict) else value

    def put(bag: dict[str, Any], value: Any) -> None:
        kept = {one: entry for one, entry in bag.get(key, {}).items() if one != place}
        if value is not None:
            kept[place] = {"address": value} if key is Key.EMAILS else value
        bag[key] = kept

    return Alias(get, put, name)


def _constant(value: Any) -> Alias:
    return Alias(lambda item, reader, kind: value)


ALIASES: dict[str, Alias] = {
    by_tag(0x0017, "Integer"): _word("Importance", Importance),
    by_tag(0x001A, "String"): _same("ItemClass"),
    by_tag(0x0036, "Integer"): _word("Sensitivity", Sensitivity),
    by_tag(0x0037, "String"): _same("Subject"),
    by_tag(0x0039, "SystemTime"): _same("DateTimeSent"),
    by_tag(0x0042, "String"): _address(Key.FROM, "name"),
    by_tag(0x0064, "String"): _constant("SMTP"),
    by_tag(0x0065, "String"): _address(Key.FROM, "address"),
    by_tag(0x0070, "String"): _read("ConversationTopic"),
    by_tag(0x0071, "Binary"): _same("ConversationIndex"),
    by_tag(0x007D, "String"): Alias(_transport_headers),
    by_tag(0x0C1A, "String"): _address(Key.SENDER, "name"),
    by_tag(0x0C1E, "String"): _constant("SMTP"),
    by_tag(0x0C1F, "String"): _address(Key.SENDER, "address"),
    by_tag(0x0E03, "String"): _read("DisplayCc"),
    by_tag(0x0E04, "String"): _read("DisplayTo"),
    by_tag(0x0E06, "SystemTime"): _same("DateTimeReceived"),
    by_tag(0x0E07, "Integer"): Alias(message_flags),
    by_tag(0x0E08, "Integer"): _read("Size"),
    by_tag(0x0E1B, "Boolean"): _read("HasAttachments"),
    by_tag(0x0E1D, "String"): _read("ConversationTopic"),
    by_tag(0x0E23, "Integer"): Alias(lambda item, reader, kind: item.id),
    by_tag(0x0E69, "Boolean"): _read("IsRead"),
    by_tag(0x0FFF, "Binary"): _read("StoreEntryId"),
    by_tag(0x1000, "String"): Alias(lambda item, reader, kind: reader.body(item, BodyType.TEXT)["text"]),
    by_tag(0x1013, "Binary"): Alias(_html),
    by_tag(0x1035, "String"): _same("InternetMessageId"),
    by_tag(0x1039, "String"): _same("References"),
    by_tag(0x1042, "String"): _same("InReplyTo"),
    by_tag(0x1090, "Integer"): Alias(_flag_status, _set_flag_status),
    by_tag(0x1091, "SystemTime"): _flag_date(Key.COMPLETED),
    by_tag(0x3007, "SystemTime"): _read("DateTimeCreated"),
    by_tag(0x3008, "SystemTime"): _read("LastModifiedTime"),
    by_tag(0x5D01, "String"): _address(Key.SENDER, "address"),
    by_tag(0x5D02, "String"): _address(Key.FROM, "address"),
    by_name("PublicStrings", "Keywords", "StringArray"): _same("Categories"),
    by_id("Common", 0x8501, "Integer"): _same("ReminderMinutesBeforeStart"),
    by_id("Common", 0x8502, "SystemTime"): _same("ReminderDueBy"),
    by_id("Common", 0x8503, "Boolean"): _same("ReminderIsSet"),
    by_id("Common", 0x8560, "SystemTime"): _same("ReminderNextTime"),
    by_id("Task", 0x8101, "Integer"): _word("Status", TaskStatus),
    by_id("Task", 0x8102, "Double"): Alias(_percent, _set_percent),
    by_id("Task", 0x8104, "SystemTime"): _flag_date(Key.START_DATE),
    by_id("Task", 0x8105, "SystemTime"): _flag_date(Key.DUE_DATE),
    by_id("Task", 0x810F, "SystemTime"): _same("CompleteDate"),
    by_id("Task", 0x811C, "Boolean"): _read("IsComplete"),
    by_id("Appointment", 0x8205, "Integer"): _word("LegacyFreeBusyStatus", BusyStatus),
    by_id("Appointment", 0x820D, "SystemTime"): _same("Start"),
    by_id("Appointment", 0x820E, "SystemTime"): _same("End"),
    by_id("Appointment", 0x8208, "String"): _same("Location"),
}


# texts of contacts (MS-OXOCNTC), by tag
_CONTACT_TEXTS = {
    0x3001: "DisplayName", 0x3A05: "Generation", 0x3A06: "GivenName", 0x3A0A: "Initials", 0x3A11: "Surname",
    0x3A16: "CompanyName", 0x3A17: "JobTitle", 0x3A18: "Department", 0x3A19: "OfficeLocation",
    0x3A30: "AssistantName", 0x3A44: "MiddleName", 0x3A46: "Profession", 0x3A48: "SpouseName",
    0x3A4E: "Manager", 0x3A4F: "Nickname", 0x3A51: "BusinessHomePage",
}  # fmt: skip
_CONTACT_PHONES = {
    0x3A08: "BusinessPhone", 0x3A09: "HomePhone", 0x3A1A: "PrimaryPhone", 0x3A1B: "BusinessPhone2",
    0x3A1C: "MobilePhone", 0x3A1F: "OtherTelephone", 0x3A21: "Pager", 0x3A24: "BusinessFax",
    0x3A25: "HomeFax",
}  # fmt: skip
ALIASES |= {by_tag(number, "String"): _same(name) for number, name in _CONTACT_TEXTS.items()}
ALIASES |= {
    by_tag(number, "String"): _entry("PhoneNumbers", choices.PHONES[name])
    for number, name in _CONTACT_PHONES.items()
}
ALIASES |= {
    by_tag(0x3A41, "SystemTime"): _same("WeddingAnniversary"),
    by_tag(0x3A42, "SystemTime"): _same("Birthday"),
    by_tag(0x3A58, "StringArray"): _same("Children"),
    by_id("Address", 0x8005, "String"): _same("FileAs"),
    by_id("Address", 0x8083, "String"): _entry("EmailAddresses", "1"),
    by_id("Address", 0x8093, "String"): _entry("EmailAddresses", "2"),
    by_id("Address", 0x80A3, "String"): _entry("EmailAddresses", "3"),
}


def alias_of(key: str, kind: ItemType) -> Alias | None:
    """What an extended property is another name of, in items of this type."""
    alias = ALIASES.get(key)
    return None if alias is None or (alias.name and alias.name not in kind.by_name) else alias


def extended_value(item: Item, key: str, header: str | None, reader: Reader, kind: ItemType) -> Any:
    """The value of an extended property: an alias's, the bag's, or that of the mail's internet header."""
    alias = alias_of(key, kind)
    if alias is not None:
        return alias.get(item, reader, kind)
    value = item.bag.get(key)
    if value is None and header is not None and key.endswith("/String"):
        found = _prop("InternetMessageHeaders")(item, reader, kind)
        return h.first(found, header) if found else None
    return value
