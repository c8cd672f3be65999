"""ResolveNames."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.call import Call, Messages, box, check_id, flag
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.properties import compound, kinds
from exchange_sandbox.ews.properties.shape import Shape
from exchange_sandbox.ews.properties.types import type_of
from exchange_sandbox.ews.xml import Element, attributes, children, listed, sub, text_of
from exchange_sandbox.store import folders, groups, items, mailboxes
from exchange_sandbox.store.folders import Folder
from exchange_sandbox.store.groups import Group
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.store.schema import Key

NAME = "ResolveNames"
_SCOPES = {
    "ActiveDirectory": ("directory",),
    "ActiveDirectoryContacts": ("directory", "contacts"),
    "Contacts": ("contacts",),
    "ContactsActiveDirectory": ("contacts", "directory"),
}
_SHAPES = ("IdOnly", "Default", "AllProperties")
_FOLDERS = ("t:FolderId", "t:DistinguishedFolderId")
_MOST = 100

_NAMES = (Key.FILE_AS, Key.GIVEN_NAME, Key.SURNAME, Key.NICKNAME)


@dataclass(frozen=True, slots=True)
class _Found:
    """Who goes by a name: a mailbox's dict as in messages, and who it is."""

    mailbox: dict[str, Any]
    who: Mailbox | Group | Item


def answer(call: Call, request: Element) -> Element:
    """Find mailboxes, distribution lists and one's own contacts by the beginning of their names or addresses,
    in the order that the scope says."""
    values = attributes(
        request,
        ("ReturnFullContactData",),
        ("SearchScope", "ContactDataShape"),
        {"SearchScope": _SCOPES, "ContactDataShape": _SHAPES},
    )
    full = flag(values, "ReturnFullContactData")
    found = children(request, "m:ParentFolderIds?", "m:UnresolvedEntry")
    parents = list(listed(found["ParentFolderIds"], *_FOLDERS)) if "ParentFolderIds" in found else []
    for one in parents:
        check_id(one)
    wanted = text_of(found["UnresolvedEntry"]).strip().lower().removeprefix("smtp:")
    scope = _SCOPES[values.get("SearchScope", "ActiveDirectoryContacts")]
    response = Messages(NAME)
    with call.store.read() as db:
        try:
            matching = _matching(call, db, scope, parents, wanted) if wanted else []
            resolutions = _resolutions(call, db, matching, values.get("ContactDataShape") if full else None)
        except Refused as failure:
            error = in_ews(failure)
            response.error(error)
            return response.element
        if full:
            _add_directory_data(db, resolutions, matching)
    if not matching:
        response.error(EwsError("ErrorNameResolutionNoResults"))
    elif len(matching) > 1:
        response.error(EwsError("ErrorNameResolutionMultipleResults"), kind="Warning", content=resolutions)
    else:
        response.success([resolutions])
    return response.element


def _matching(
    call: Call, db: sqlite3.Connection, scope: tuple[str, ...], parents: list[Element], wanted: str
) -> list[_Found]:
    matching: list[_Found] = []
    for where in scope:
        if where == "directory":
            matching += _in_directory(db, wanted)
        else:
            matching += _in_contacts(call, db, _folder(call, db, parents), wanted)
    return matching


def _in_directory(db: sqlite3.Connection, wanted: str) -> Iterator[_Found]:
    everyone: list[Mailbox | Group] = [*mailboxes.everyone(db), *groups.everyone(db)]
    for one in everyone:
        if _goes_by(wanted, [one.name], [one.address]):
            kind = "mailbox" if isinstance(one, Mailbox) else "public_dl"
            yield _Found({"name": one.name, "address": one.address, "type": kind}, one)


def _folder(call: Call, db: sqlite3.Connection, parents: list[Element]) -> Folder:
    """The folder of contacts to look in; raises EwsError for more than one and for one of another kind."""
    if len(parents) > 1:
        raise EwsError("ErrorResolveNamesOnlyOneContactsFolderAllowed", "Only one folder can be searched.")
    if not parents:
        return folders.distinguished(db, call.user.id, "contacts")
    folder = call.folder(db, parents[0])
    if not (folder.cls or "").startswith("IPF.Contact"):
        raise EwsError("ErrorResolveNamesInvalidFolderType", "Only a folder of contacts can be searched.")
    return folder


def _in_contacts(call: Call, db: sqlite3.Connection, folder: Folder, wanted: str) -> Iterator[_Found]:
    """Contacts, once for each of their addresses, and private lists."""
    reader = call.reader(db)
    for row in db.execute(f"{items.SELECT} WHERE folder = ? AND associated = 0 ORDER BY id", (folder.id,)):
        item = items.from_row(row)
        kind, bag = type_of(item.cls), item.bag
        if kind.element not in ("Contact", "DistributionList"):
            continue
        shown = reader.value(item, kind.by_name["DisplayName"]) or ""
        names = [
            shown,
            *(bag.get(key, "") for key in (Key.FILE_AS, Key.GIVEN_NAME, Key.SURNAME, Key.NICKNAME)),
        ]
        emails = bag.get(Key.EMAILS, {})
        addresses = [emails[key]["address"] for key in sorted(emails)]
        if _goes_by(wanted, names, addresses):
            number, _ = reader.item_id(item)
            about = {"type": "contact" if kind.element == "Contact" else "private_dl", "item": number}
            for address in addresses or ([] if kind.element == "Contact" else [""]):
                yield _Found({"name": shown or address, "address": address, **about}, item)


def _goes_by(wanted: str, names: list[str], addresses: list[str]) -> bool:
    parts = [part for name in names for part in (name.lower(), *name.lower().split())]
    return any(one.startswith(wanted) for one in (*parts, *(address.lower() for address in addresses)))


def _resolutions(call: Call, db: sqlite3.Connection, matching: list[_Found], base: str | None) -> Element:
    """The answer's list; with ``base`` one's own contacts are given in that shape too."""
    resolutions = box("m:ResolutionSet")
    resolutions.set("TotalItemsInView", str(len(matching[:_MOST])))
    resolutions.set("IncludesLastItemInRange", "true" if len(matching) <= _MOST else "false")
    for one in matching[:_MOST]:
        resolution = sub(resolutions, "t:Resolution")
        compound.emit_mailbox(resolution, one.mailbox, kinds.Style())
        if base and isinstance(one.who, Item) and one.mailbox["type"] == "contact":
            Shape(base).write(resolution, one.who, call.reader(db))
    return resolutions


def _add_directory_data(db: sqlite3.Connection, resolutions: Element, matching: list[_Found]) -> None:
    """What the directory knows of those who are in it."""
    for resolution, one in zip(resolutions, matching, strict=False):
        if isinstance(one.who, Item):
            continue
        contact = sub(resolution, "t:Contact")
        given, surname = mailboxes.person(db, one.who) if isinstance(one.who, Mailbox) else ("", "")
        sub(contact, "t:DisplayName", one.who.name)
        if given:
            sub(contact, "t:GivenName", given)
        sub(sub(contact, "t:EmailAddresses"), "t:Entry", f"SMTP:{one.who.address}", Key="EmailAddress1")
        sub(contact, "t:ContactSource", "ActiveDirectory")
        if surname:
            sub(contact, "t:Surname", surname)
