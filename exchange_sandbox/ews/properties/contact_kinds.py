"""Kinds of values of contacts and distribution lists: dictionaries by key, a complete name, members."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import compound, kinds
from exchange_sandbox.ews.properties.choices import LINES, MAILBOX_TYPE, MEMBER_STATUS
from exchange_sandbox.ews.xml import Element, attributes, children, listed, sub, text_of

# what a client may say of an address beside it
_ABOUT = {"Name": "name", "RoutingType": "routing", "MailboxType": "type"}


@dataclass(frozen=True, slots=True)
class Dictionary(kinds.Incomparable):
    """Texts by key: telephone numbers. ``keys`` are EWS's, with those of the dict that is kept; only its
    entries can be searched for."""

    keys: Mapping[str, str]

    def parse(self, element: Element, zone: Any) -> dict[str, Any]:
        found = {}
        for entry in listed(element, "t:Entry", least=0):
            choices = {"Key": tuple(self.keys)}
            values = attributes(entry, ("Key",), tuple(_ABOUT), choices)
            found[self.keys[values["Key"]]] = text_of(entry)
        return found

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if value:
            box = sub(parent, name)
            for key, kept in self.keys.items():
                if kept in value:
                    self.emit_entry(box, key, value[kept])

    def emit_entry(self, box: Element, key: str, value: Any) -> None:
        """Append one entry."""
        sub(box, "t:Entry", value, Key=key)


class Emails(Dictionary):
    """E-mail addresses by key, each a dict with ``address`` and what else a client said of it."""

    __slots__ = ()

    def parse(self, element: Element, zone: Any) -> dict[str, Any]:
        choices = {"Key": tuple(self.keys), "MailboxType": MAILBOX_TYPE.words}
        found = {}
        for entry in listed(element, "t:Entry", least=0):
            values = attributes(entry, ("Key",), tuple(_ABOUT), choices)
            about = {kept: values[name] for name, kept in _ABOUT.items() if name in values}
            if "type" in about:
                about["type"] = MAILBOX_TYPE.constant(about["type"], UTC)
            found[self.keys[values["Key"]]] = {"address": text_of(entry), **about}
        return found

    def emit_entry(self, box: Element, key: str, value: Any) -> None:
        about = {name: value[kept] for name, kept in _ABOUT.items() if kept in value}
        if "MailboxType" in about:
            about["MailboxType"] = MAILBOX_TYPE.shown(about["MailboxType"])
        sub(box, "t:Entry", value["address"], Key=key, **about)


class Addresses(Dictionary):
    """Postal addresses by key, each a dict of its lines."""

    __slots__ = ()

    def parse(self, element: Element, zone: Any) -> dict[str, dict[str, str]]:
        found = {}
        for entry in listed(element, "t:Entry", least=0):
            key = attributes(entry, ("Key",), (), {"Key": tuple(self.keys)})["Key"]
            lines = children(entry, *(f"t:{line}?" for line in LINES))
            found[self.keys[key]] = {LINES[line]: text_of(element) for line, element in lines.items()}
        return found

    def emit_entry(self, box: Element, key: str, value: Any) -> None:
        entry = sub(box, "t:Entry", Key=key)
        for line, kept in LINES.items():
            if kept in value:
                sub(entry, f"t:{line}", value[kept])


class CompleteName(kinds.ReadOnly):
    """A name in its parts, a dict by element."""

    PARTS = (
        "Title", "FirstName", "MiddleName", "LastName", "Suffix", "Initials", "FullName", "Nickname",
        "YomiFirstName", "YomiLastName",
    )  # fmt: skip

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        box = sub(parent, name)
        for part in self.PARTS:
            if value.get(part):
                sub(box, f"t:{part}", value[part])


class Members(kinds.Incomparable):
    """Members of a distribution list: mailboxes, each with a ``key`` by which it can be taken out again."""

    def parse(self, element: Element, zone: Any) -> list[dict[str, Any]]:
        return list(unique([_member(one, zone) for one in listed(element, "t:Member", least=0)]))

    def emit(self, parent: Element, name: str, value: Any, style: kinds.Style) -> None:
        if not value:
            return
        box = sub(parent, name)
        for one in value:
            member = sub(box, "t:Member", Key=one["key"])
            compound.emit_mailbox(member, one, kinds.Style())
            MEMBER_STATUS.emit(member, "t:Status", one["status"], style)


def _member(element: Element, zone: Any) -> dict[str, Any]:
    attributes(element, (), ("Key",))
    found = children(element, "t:Mailbox?", "t:Status?")
    status = MEMBER_STATUS.parse(found["Status"], zone) if "Status" in found else "normal"
    if "Mailbox" not in found:
        raise EwsError("ErrorMissingInformationEmailAddress", "A member needs a Mailbox.")
    mailbox = compound.parse_mailbox(found["Mailbox"], needs_address=False)
    identity = mailbox.get("item") or mailbox["address"].lower() or mailbox["name"]
    key = base64.b64encode(hashlib.sha256(identity.encode("utf-8", "replace")).digest()).decode()
    return {**mailbox, "key": key, "status": status}


def unique(members: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Members, each once."""
    return list({one["key"]: one for one in members}.values())
