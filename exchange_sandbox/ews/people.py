"""Personas: the people of a folder of contacts, and the colleagues of the directory (MS-OXWSPERS).

A persona stands for one contact or one mailbox; those of the same person are not linked with one another.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from exchange_sandbox.ews import ids
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.properties.keys import KEYS
from exchange_sandbox.ews.properties.types import type_of
from exchange_sandbox.ews.xml import Element, sub
from exchange_sandbox.store import items, mailboxes, trees
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.mailboxes import Mailbox
from exchange_sandbox.store.schema import Key

# kinds of ids beside those of exchange_sandbox.ews.ids
_CONTACT, _COLLEAGUE = 0x21, 0x22
#: In the order of the schema; what clients get of a persona by default.
NAMES = (  # noqa: SIM905
    "PersonaId PersonaType CreationTime DisplayName DisplayNameFirstLast DisplayNameLastFirst FileAs "
    "GivenName MiddleName Surname Generation Nickname Title Department CompanyName Location EmailAddress "
    "EmailAddresses PhoneNumber ImAddress HomeCity WorkCity RelevanceScore"
).split()
DEFAULT = frozenset(
    ("PersonaId", "PersonaType", "DisplayName", "EmailAddress", "EmailAddresses", "CompanyName")
)
_SAME = ("GivenName", "MiddleName", "Surname", "Generation", "Nickname", "Department", "CompanyName")


@dataclass(frozen=True, slots=True)
class Persona:
    """A person: ``values`` by the names of the elements, as texts; ``addresses`` of e-mail."""

    id: str
    values: dict[str, Any]
    addresses: tuple[str, ...]
    is_colleague: bool = False

    def value(self, name: str) -> Any:
        """A property, as restrictions and orders look at it."""
        if name in ("EmailAddress", "EmailAddresses"):
            return list(self.addresses)
        return self.id if name == "PersonaId" else self.values.get(name)

    def matches(self, words: list[str]) -> bool:
        """Whether each of some words begins a part of the names or an address."""
        texts = [*(str(one) for name, one in self.values.items() if name != "CreationTime"), *self.addresses]
        parts = [part for text in texts for part in [text.casefold(), *text.casefold().split()]]
        return all(any(part.startswith(word.casefold()) for part in parts) for word in words)


def colleagues(call: Call, db: sqlite3.Connection) -> list[Persona]:
    """Everybody who has a mailbox."""
    return [_colleague(call, db, one) for one in mailboxes.everyone(db)]


def contacts(call: Call, db: sqlite3.Connection, folder: int) -> list[Persona]:
    """The people whose contacts are in a folder."""
    found = [item for item in trees.within(db, folder) if type_of(item.cls).element == "Contact"]
    return [_contact(call, db, item) for item in found]


def by_id(call: Call, db: sqlite3.Connection, text: str) -> Persona:
    """The persona with an id; raises ErrorItemNotFound and what ids raise."""
    one = ids.decode(call.store.guid, text)
    if one.kind == _COLLEAGUE and any(known.id == one.number for known in mailboxes.everyone(db)):
        return _colleague(call, db, mailboxes.get(db, one.number))
    if one.kind == _CONTACT and one.mailbox == call.user.id:
        return _contact(call, db, items.get(db, one.number))
    raise EwsError("ErrorItemNotFound")


def by_address(call: Call, db: sqlite3.Connection, address: str) -> Persona:
    """The colleague with an address; raises ErrorItemNotFound."""
    known = mailboxes.find(db, address)
    if known is None:
        raise EwsError("ErrorItemNotFound")
    return _colleague(call, db, known)


def _colleague(call: Call, db: sqlite3.Connection, one: Mailbox) -> Persona:
    first, last = mailboxes.person(db, one)
    values = {"PersonaType": "Person", "DisplayName": one.name, "DisplayNameFirstLast": one.name,
              "GivenName": first, "Surname": last}  # fmt: skip
    number = ids.encode(call.store.guid, _COLLEAGUE, call.user.id, one.id)
    return Persona(
        number, {name: text for name, text in values.items() if text}, (one.address,), is_colleague=True
    )


def _contact(call: Call, db: sqlite3.Connection, item: Item) -> Persona:
    bag = item.bag
    name = call.reader(db).value(item, type_of(item.cls).by_name["DisplayName"]) or bag.get(Key.FILE_AS)
    values: dict[str, Any] = {name: bag[KEYS[name]] for name in _SAME if bag.get(KEYS[name])}
    last_first = ", ".join(bag[key] for key in (Key.SURNAME, Key.GIVEN_NAME) if bag.get(key))
    towns = bag.get(Key.POSTAL_ADDRESSES, {})
    more = {
        "PersonaType": "Person",
        "CreationTime": bag.get(Key.CREATED),
        "DisplayName": name,
        "DisplayNameFirstLast": name,
        "DisplayNameLastFirst": last_first,
        "FileAs": bag.get(Key.FILE_AS),
        "Title": bag.get(Key.JOB_TITLE),
        "Location": bag.get(Key.OFFICE),
        "PhoneNumber": next(iter(_texts(bag.get(Key.PHONES))), None),
        "ImAddress": next(iter(_texts(bag.get(Key.IM_ADDRESSES))), None),
        "HomeCity": towns.get("home", {}).get("city"),
        "WorkCity": towns.get("business", {}).get("city"),
    }
    number = ids.encode(call.store.guid, _CONTACT, call.user.id, item.id)
    given = {key: value for key, value in (values | more).items() if value}
    return Persona(number, given, tuple(_texts(bag.get(Key.EMAILS))))


def _texts(entries: Any) -> list[str]:
    """The values of a dictionary property that are texts, or say one as their address."""
    found = []
    for one in (entries or {}).values():
        text = one.get("text") or one.get("address") if isinstance(one, dict) else one
        if text:
            found.append(str(text))
    return found


def write(parent: Element, tag_name: str, one: Persona, names: frozenset[str], style: kinds.Style) -> None:
    """Append a persona with the properties that are asked for."""
    box = sub(parent, tag_name)
    for name in NAMES:
        if name == "PersonaId":
            sub(box, "t:PersonaId", Id=one.id)
        elif name not in names or (value := one.value(name)) in (None, []):
            continue
        elif name == "EmailAddress":
            _write_address(sub(box, "t:EmailAddress"), one, value[0])
        elif name == "EmailAddresses":
            listing = sub(box, "t:EmailAddresses")
            for address in value:
                _write_address(sub(listing, "t:Address"), one, address)
        elif name == "PhoneNumber":
            phone = sub(box, "t:PhoneNumber")
            sub(phone, "t:Number", value)
            sub(phone, "t:Type", "Business")
        elif name == "CreationTime":
            sub(box, "t:CreationTime", kinds.shown_moment(value, style))
        else:
            sub(box, f"t:{name}", value)


def _write_address(box: Element, one: Persona, address: str) -> None:
    sub(box, "t:Name", one.values.get("DisplayName", address))
    sub(box, "t:EmailAddress", address)
    sub(box, "t:RoutingType", "SMTP")
    sub(box, "t:MailboxType", "Mailbox" if one.is_colleague else "Contact")
