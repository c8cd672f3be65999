"""Gives random requests some sense, so that more of them do something: they stay what the schemas allow.

Left alone, nearly all requests at random ask for what the server refuses in the first place (a property of a
folder of an item, a value for what only the server says, a property by half a name).
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence

from lxml import etree

from exchange_sandbox.ews.properties.prop import Access
from exchange_sandbox.ews.properties.types import BY_ELEMENT

from .wire import NS

_T = f"{{{NS['t']}}}"
_OFTEN = 0.85
_PEOPLE = ("alice@corp.example", "bob@corp.example")
_TEXTS = {
    "RoutingType": ("SMTP",),
    "EmailAddress": _PEOPLE,
    "PrimarySmtpAddress": _PEOPLE,
    "SmtpAddress": _PEOPLE,
    "MailboxSmtpAddress": _PEOPLE[:1],
    "Address": _PEOPLE[:1],
    "UnresolvedEntry": ("alice", "smtp:bob@corp.example", "Hello"),
    "ReminderDueBy": ("2026-11-24T10:00:00Z",),
    "NewReminderTime": ("2026-11-24T10:00:00Z",),
    "ConnectionTimeout": ("1",),
}
_ATTRIBUTES = {
    "Offset": ("0", "1", "3"),
    "MaxEntriesReturned": ("1", "10"),
    "Numerator": ("0", "1"),
    "Denominator": ("1", "2"),
    "MaxRows": ("1", "10"),
    "Mailbox": _PEOPLE,
}
_DISTINGUISHED = (
    "inbox", "drafts", "sentitems", "tasks", "calendar", "contacts", "deleteditems", "msgfolderroot", "notes",
)  # fmt: skip
#: Ways to name a property whole.
_EXTENDED = (
    {"PropertyTag": "0x3FDF", "PropertyType": "Integer"},
    {"PropertyTag": "0x1000", "PropertyType": "String"},
    {"DistinguishedPropertySetId": "PublicStrings", "PropertyName": "Hello", "PropertyType": "String"},
    {"DistinguishedPropertySetId": "Task", "PropertyId": "33029", "PropertyType": "Integer"},
    {"PropertySetId": "00062003-0000-0000-C000-000000000046", "PropertyId": "1",
     "PropertyType": "StringArray"},
)  # fmt: skip
_OF_FOLDERS = ("GetFolder", "FindFolder", "SyncFolderHierarchy", "UpdateFolder")
_FOLDER_URIS = ("folder:DisplayName", "folder:FolderClass", "folder:TotalCount", "folder:ParentFolderId")
_ITEM_URIS = (
    "item:Subject", "item:Body", "item:Categories", "item:Importance", "item:DateTimeReceived",
              "message:IsRead", "message:From", "calendar:Start", "task:DueDate", "contacts:DisplayName",
)  # fmt: skip
#: Elements with an item's id, and whether another may stand in their place.
_IDS = {
    "ItemId": False, "ReferenceItemId": False, "ParentItemId": False, "OccurrenceItemId": True,
    "RecurringMasterItemId": True, "RecurringMasterItemIdRanges": True,
}  # fmt: skip
_CHANGE_OF_TIME = ("-60", "02:00:00", "5", "3", "Sunday")
_FOLDERS = ("Folder", "CalendarFolder", "ContactsFolder", "TasksFolder")
_FOLDER_PARTS = ("DisplayName", "FolderClass", "ExtendedProperty")
_CHANGES = ("SetItemField", "AppendToItemField", "DeleteItemField")


def give_sense(
    chance: random.Random, request: etree._Element, known: Mapping[str, Sequence[tuple[str, str]]]
) -> None:
    """Change a request, mostly, to what can be answered; ``known`` are ids and change keys by element."""
    operation = etree.QName(request).localname
    for element in list(request.iter()):
        if chance.random() > _OFTEN:
            continue
        name = etree.QName(element).localname
        if name in _TEXTS and element.text:
            element.text = chance.choice(_TEXTS[name])
        elif name in _IDS and known.get("ItemId"):
            _plain_item(chance, element, known["ItemId"])
        elif name == "DistinguishedFolderId" and element.get("Id"):
            _plain_folder(chance, element)
        elif name in ("FieldURI", "ExtendedFieldURI"):
            _plain_path(chance, element, operation)
        elif name in ("StandardTime", "DaylightTime"):
            for part, text in zip(element, _CHANGE_OF_TIME, strict=False):
                part.text = text
        elif operation.startswith("Create"):
            _settable(element)
        for key in set(element.attrib) & set(_ATTRIBUTES):
            element.set(str(key), chance.choice(_ATTRIBUTES[str(key)]))
    for change in [one for name in _CHANGES for one in request.iter(f"{_T}{name}")]:
        _one_property(chance, change)


def _plain_path(chance: random.Random, element: etree._Element, operation: str) -> None:
    """A property that things of this operation have."""
    if etree.QName(element).localname == "FieldURI":
        element.set("FieldURI", chance.choice(_FOLDER_URIS if operation in _OF_FOLDERS else _ITEM_URIS))
        return
    element.attrib.clear()
    for key, value in chance.choice(_EXTENDED).items():
        element.set(key, value)


def _plain_folder(chance: random.Random, element: etree._Element) -> None:
    """A standard folder of one's own."""
    for child in element:
        element.remove(child)
    element.set("Id", chance.choice(_DISTINGUISHED))


def _plain_item(chance: random.Random, element: etree._Element, known: Sequence[tuple[str, str]]) -> None:
    """An item that there is, or was, with its change key."""
    if _IDS[etree.QName(element).localname]:
        if chance.random() < 0.3:
            return
        element.tag = f"{_T}ItemId"
        for child in element:
            element.remove(child)
    number, key = chance.choice(known)
    element.attrib.clear()
    element.set("Id", number)
    if key:
        element.set("ChangeKey", key)


def _settable(element: etree._Element) -> None:
    """Take away what only the server says."""
    name = etree.QName(element).localname
    if name in _FOLDERS:
        _keep(element, _FOLDER_PARTS)
    elif name in BY_ELEMENT:
        settable = (prop.name for prop in BY_ELEMENT[name].props if prop.access > Access.NEVER)
        _keep(element, {"ExtendedProperty", *settable})


def _keep(element: etree._Element, names: Collection[str]) -> None:
    for child in list(element):
        if etree.QName(child).localname not in names:
            element.remove(child)


def _one_property(chance: random.Random, change: etree._Element) -> None:
    """Let a change name the property that it gives."""
    path, *given = change
    if path.tag != f"{_T}FieldURI" or chance.random() > _OFTEN:
        return
    known = (
        BY_ELEMENT.get(etree.QName(given[0]).localname) if given else chance.choice(list(BY_ELEMENT.values()))
    )
    if known is None:
        return
    kept = [one for one in (given[0] if given else ()) if etree.QName(one).localname in known.by_name]
    if given and kept:
        for one in list(given[0]):
            if one is not kept[0]:
                given[0].remove(one)
        path.set("FieldURI", known.by_name[etree.QName(kept[0]).localname].uri or "item:Subject")
    elif given:
        for one in list(given[0]):
            given[0].remove(one)
        etree.SubElement(given[0], f"{_T}Subject").text = "changed"
        path.set("FieldURI", "item:Subject")
    else:
        path.set("FieldURI", chance.choice([one.uri for one in known.props if one.uri and one.access]))
