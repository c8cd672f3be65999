"""ConvertId: the names that other protocols have for items and folders (MS-OXWSCVTID).

A store id is the entry id with the name of its kind before it, an OWA id the EWS id as it stands in a URL.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from urllib.parse import quote, unquote

from exchange_sandbox.ews import ids
from exchange_sandbox.ews.call import Call, box
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.ids import ObjectId
from exchange_sandbox.ews.xml import Element, attributes, children, listed, local
from exchange_sandbox.store import mailboxes

NAME = "ConvertId"
_FORMATS = ("EwsLegacyId", "EwsId", "EntryId", "HexEntryId", "StoreId", "OwaId")
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_LEGACY = b"EWSLEGACY"  # before what an EWS id is made of
_STORE = {ids.FOLDER: b"\x01", ids.ITEM: b"\x02"}


def answer(call: Call, request: Element) -> Element:
    """Convert ids; whether there is such an object is not looked at."""
    wanted = attributes(request, ("DestinationFormat",), (), {"DestinationFormat": _FORMATS})
    found = children(request, "m:SourceIds")

    def one(element: Element) -> Sequence[Element]:
        values = _values(element)
        if local(element) != "AlternateId":
            raise EwsError("ErrorNoPublicFolderReplicaAvailable")
        with call.store.read() as db:
            owner = mailboxes.find(db, values["Mailbox"])
        if owner is None:
            raise EwsError("ErrorNonExistentMailbox")
        source = _read(call, values["Format"], values["Id"], owner.id)
        if source.mailbox != owner.id:
            raise EwsError("ErrorInvalidIdMalformed", "The id is not one of this mailbox.")
        result = box("m:AlternateId")
        result.set(_TYPE, "t:AlternateIdType")
        result.set("Format", wanted["DestinationFormat"])
        result.set("Id", _shown(call, wanted["DestinationFormat"], source))
        result.set("Mailbox", values["Mailbox"])
        if "IsArchive" in values:
            result.set("IsArchive", values["IsArchive"])
        return [result]

    names = ("t:AlternateId", "t:AlternatePublicFolderId", "t:AlternatePublicFolderItemId")
    return call.each(listed(found["SourceIds"], *names), one, check=_values)


def _values(element: Element) -> dict[str, str]:
    needed = {
        "AlternateId": ("Format", "Id", "Mailbox"),
        "AlternatePublicFolderId": ("Format", "FolderId"),
        "AlternatePublicFolderItemId": ("Format", "FolderId", "ItemId"),
    }[local(element)]
    return attributes(
        element, needed, ("IsArchive",), {"Format": _FORMATS, "IsArchive": ("true", "false", "0", "1")}
    )


def _read(call: Call, form: str, text: str, mailbox: int) -> ObjectId:
    """What an id means; raises ErrorInvalidIdMalformed and others that ids raise."""
    if not text:
        raise EwsError("ErrorInvalidIdEmpty")
    if form == "EwsId":
        return _usable(ids.decode(call.store.guid, text))
    if form == "OwaId":
        return _usable(ids.decode(call.store.guid, unquote(text)))
    try:
        data = bytes.fromhex(text) if form == "HexEntryId" else base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise EwsError("ErrorInvalidIdMalformed") from error
    if form == "EwsLegacyId":
        if not data.startswith(_LEGACY):
            raise EwsError("ErrorInvalidIdMalformedEwsLegacyIdFormat")
        return _usable(ids.decode(call.store.guid, base64.b64encode(data[len(_LEGACY) :]).decode()))
    kind, number = ids.of_entry_id(call.store.guid, data[1:] if form == "StoreId" else data)
    if form == "StoreId" and data[:1] != _STORE[kind]:
        raise EwsError("ErrorInvalidIdMalformed")
    return ObjectId(kind, mailbox, number)


def _usable(one: ObjectId) -> ObjectId:
    if one.kind not in _STORE:
        raise EwsError("ErrorUnsupportedTypeForConversion")
    return one


def _shown(call: Call, form: str, one: ObjectId) -> str:
    text = ids.encode(call.store.guid, one.kind, one.mailbox, one.number)
    entry = ids.entry_id(call.store.guid, one.kind, one.number)
    return {
        "EwsId": text,
        "EwsLegacyId": base64.b64encode(_LEGACY + base64.b64decode(text)).decode(),
        "EntryId": base64.b64encode(entry).decode(),
        "HexEntryId": entry.hex().upper(),
        "StoreId": base64.b64encode(_STORE[one.kind] + entry).decode(),
        "OwaId": quote(text, safe=""),
    }[form]
