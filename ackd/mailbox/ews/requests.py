"""The requests that ackd makes, as XML; each names exactly the properties that it reads.

Source: the published schemas of EWS (messages.xsd, types.xsd), operation by operation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from exchangelib.util import MNS, TNS
from lxml import etree

from ackd.mailbox.ews.fields import Field

Element = Any
_SPACES = {"m": MNS, "t": TNS}
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

FIND_PAGE = 100
FOLDERS_PAGE = 1000


@cache
def _qualified(tag: str) -> str:
    prefix, _, name = tag.partition(":")
    return f"{{{_SPACES[prefix]}}}{name}"


def element(
    tag: str, text: str | None = None, children: Iterable[Element] = (), **attributes: str
) -> Element:
    """An element by its prefixed name (`m:`, `t:`)."""
    made = etree.Element(_qualified(tag), attributes) if attributes else etree.Element(_qualified(tag))
    if text is not None:
        made.text = text
    if children:
        made.extend(list(children))
    return made


def can_say(text: str) -> bool:
    """Whether XML 1.0 can tell all its characters; a Message-ID that Graph told may have others."""
    return _UNSAYABLE.search(text) is None


def shape(tag: str, fields: Sequence[Field]) -> Element:
    """An item or folder shape: the id and these properties."""
    made = element(tag, children=[element("t:BaseShape", "IdOnly")])
    if fields:
        made.append(element("t:AdditionalProperties", children=[field.element() for field in fields]))
    return made


def distinguished(name: str, mailbox: str) -> Element:
    """One of the folders that every mailbox has, by its EWS name."""
    box = element("t:Mailbox", children=[element("t:EmailAddress", mailbox)])
    return element("t:DistinguishedFolderId", children=[box], Id=name)


def folder_id(own_id: str) -> Element:
    """A folder by its id."""
    return element("t:FolderId", Id=own_id)


def get_folder(folders: Iterable[Element], fields: Sequence[Field]) -> Element:
    shown = shape("m:FolderShape", fields)
    return element("m:GetFolder", children=[shown, element("m:FolderIds", children=folders)])


def find_folder(parent: Element, fields: Sequence[Field], *, deep: bool = False, offset: int = 0) -> Element:
    view = element(
        "m:IndexedPageFolderView",
        MaxEntriesReturned=str(FOLDERS_PAGE),
        Offset=str(offset),
        BasePoint="Beginning",
    )
    children = [shape("m:FolderShape", fields), view, element("m:ParentFolderIds", children=[parent])]
    return element("m:FindFolder", children=children, Traversal="Deep" if deep else "Shallow")


def create_folder(parent: Element, name: str, properties: Iterable[tuple[Field, str]]) -> Element:
    """A mail folder with extended properties."""
    extended = [extended_property(field, value) for field, value in properties]
    names = [element("t:FolderClass", "IPF.Note"), element("t:DisplayName", name)]
    folder = element("t:Folder", children=[*names, *extended])
    parents = element("m:ParentFolderId", children=[parent])
    return element("m:CreateFolder", children=[parents, element("m:Folders", children=[folder])])


def delete_folder(own_id: str) -> Element:
    ids = element("m:FolderIds", children=[folder_id(own_id)])
    return element("m:DeleteFolder", children=[ids], DeleteType="HardDelete")


def sync_folder_items(folder: Element, fields: Sequence[Field], state: str, most: int) -> Element:
    children = [shape("m:ItemShape", fields), element("m:SyncFolderId", children=[folder])]
    if state:
        children.append(element("m:SyncState", state))
    children.append(element("m:MaxChangesReturned", str(most)))
    return element("m:SyncFolderItems", children=children)


def get_item(ids: Iterable[str], fields: Sequence[Field], *, body: str = "", longest: int = 0) -> Element:
    """`body` is the form in which bodies are wanted, "Text" or "HTML"; empty: as they are.
    `longest` limits their length, 0 doesn't."""
    wanted = [element("t:ItemId", Id=own_id) for own_id in ids]
    shown = shape("m:ItemShape", fields)
    if body:
        shown.insert(1, element("t:BodyType", body))
    if longest:
        shown.insert(2 if body else 1, element("t:MaximumBodySize", str(longest)))
    return element("m:GetItem", children=[shown, element("m:ItemIds", children=wanted)])


def send_item(items: Iterable[tuple[str, str]], saved_in: Element) -> Element:
    """Drafts by id and change key are sent, and copies kept."""
    ids = [element("t:ItemId", Id=own_id, ChangeKey=key) for own_id, key in items]
    kept = element("m:SavedItemFolderId", children=[saved_in])
    return element("m:SendItem", children=[element("m:ItemIds", children=ids), kept], SaveItemToFolder="true")


def extended_property(field: Field, value: str) -> Element:
    """A property of ours, or a MAPI property, with its value."""
    return element("t:ExtendedProperty", children=[field.element(), element("t:Value", value)])


def utc(moment: datetime) -> str:
    """A moment as ackd writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def update_item(
    changes: Iterable[tuple[str, str, Sequence[Element]]], resolution: str = "NeverOverwrite"
) -> Element:
    """Items by id and change key with their updates; nothing is overwritten unless `resolution` says so,
    nothing sent."""
    listed = [
        element(
            "t:ItemChange",
            children=[
                element("t:ItemId", Id=own_id, **({"ChangeKey": key} if key else {})),
                element("t:Updates", children=updates),
            ],
        )
        for own_id, key, updates in changes
    ]
    return element(
        "m:UpdateItem",
        children=[element("m:ItemChanges", children=listed)],
        ConflictResolution=resolution,
        MessageDisposition="SaveOnly",
        SendMeetingInvitationsOrCancellations="SendToNone",
        SuppressReadReceipts="true",
    )


def expand_dl(address: str) -> Element:
    box = element("m:Mailbox", children=[element("t:EmailAddress", address)])
    return element("m:ExpandDL", children=[box])


def resolve_names(entry: str, *, full: bool = False) -> Element:
    """`full`: with the directory's card, which tells other addresses too."""
    more = {"SearchScope": "ActiveDirectory"} if full else {}
    return element(
        "m:ResolveNames",
        children=[element("m:UnresolvedEntry", entry)],
        ReturnFullContactData="true" if full else "false",
        **more,
    )


def create_item(items: Iterable[Element], folder: Element, disposition: str) -> Element:
    """Nobody is ever invited: calendar entries are the owner's own."""
    return element(
        "m:CreateItem",
        children=[
            element("m:SavedItemFolderId", children=[folder]),
            element("m:Items", children=items),
        ],
        MessageDisposition=disposition,
        SendMeetingInvitations="SendToNone",
    )


def delete_item(ids: Iterable[str], *, for_good: bool = True) -> Element:
    wanted = [element("t:ItemId", Id=own_id) for own_id in ids]
    return element(
        "m:DeleteItem",
        children=[element("m:ItemIds", children=wanted)],
        DeleteType="HardDelete" if for_good else "MoveToDeletedItems",
        AffectedTaskOccurrences="AllOccurrences",
        SendMeetingCancellations="SendToNone",
    )


def find_item(
    folders: Iterable[Element],
    fields: Sequence[Field],
    restriction: Element | None = None,
    offset: int = 0,
    *,
    newest_by: Field | None = None,
    most: int = FIND_PAGE,
) -> Element:
    """A page of items; `newest_by` sorts by a moment, the newest first."""
    view = element(
        "m:IndexedPageItemView",
        MaxEntriesReturned=str(most),
        Offset=str(offset),
        BasePoint="Beginning",
    )
    children = [shape("m:ItemShape", fields), view]
    if restriction is not None:
        children.append(element("m:Restriction", children=[restriction]))
    if newest_by is not None:
        order = element("t:FieldOrder", children=[newest_by.element()], Order="Descending")
        children.append(element("m:SortOrder", children=[order]))
    children.append(element("m:ParentFolderIds", children=folders))
    return element("m:FindItem", children=children, Traversal="Shallow")


def any_of(field: Field, values: Sequence[str]) -> Element:
    """A restriction: the property equals one of the values."""
    conditions = [
        element(
            "t:IsEqualTo",
            children=[
                field.element(),
                element("t:FieldURIOrConstant", children=[element("t:Constant", Value=value)]),
            ],
        )
        for value in values
    ]
    return conditions[0] if len(conditions) == 1 else element("t:Or", children=conditions)


def either(conditions: Sequence[Element]) -> Element:
    """A restriction: one of these holds."""
    return element("t:Or", children=conditions)


def contains(field: Field, words: str) -> Element:
    """A restriction: the property has the words in it, in upper or lower case."""
    return element(
        "t:Contains",
        children=[field.element(), element("t:Constant", Value=words)],
        ContainmentMode="Substring",
        ContainmentComparison="IgnoreCase",
    )


def all_of(conditions: Sequence[Element]) -> Element:
    """A restriction: all of these hold."""
    return conditions[0] if len(conditions) == 1 else element("t:And", children=conditions)


def exists(field: Field) -> Element:
    """A restriction: the item has the property."""
    return element("t:Exists", children=[field.element()])
