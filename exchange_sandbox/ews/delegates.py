"""Delegates of a mailbox (MS-OXWSDLGM): kept and told again. They open nothing: here nobody but the owner
comes to a mailbox."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC
from typing import Any

from lxml import etree

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.properties import compound, kinds, permissions
from exchange_sandbox.ews.xml import NSMAP, Element, children, sub, tag
from exchange_sandbox.store import kept, mailboxes

_FOLDERS = ("Calendar", "Tasks", "Inbox", "Contacts", "Notes", "Journal")
_LEVEL = kinds.Choice(("None", "Editor", "Reviewer", "Author", "Custom"))
_FLAGS = ("ReceiveCopiesOfMeetingMessages", "ViewPrivateItems")
DELIVERY = kinds.Choice(("DelegatesOnly", "DelegatesAndMe", "DelegatesAndSendInformationToMe", "NoForward"))
_DELIVERED = "DelegatesAndSendInformationToMe"


def read(db: sqlite3.Connection, mailbox: int) -> dict[str, Any]:
    """The delegates by address, under ``users``, and under ``delivery`` who gets meeting requests."""
    known: dict[str, Any] = kept.read(db, mailbox, kept.DELEGATES) or {"users": {}, "delivery": _DELIVERED}
    return known


def put(db: sqlite3.Connection, mailbox: int, known: dict[str, Any]) -> None:
    """Keep them."""
    kept.put(db, mailbox, kept.DELEGATES, known)


def check_owner(call: Call, db: sqlite3.Connection, element: Element) -> None:
    """Whether the Mailbox of a request is the caller's; raises ErrorNonExistentMailbox, ErrorAccessDenied."""
    call.own_mailbox(db, compound.parse_mailbox(element)["address"])


def described(element: Element) -> dict[str, Any]:
    """Read a DelegateUser: only what it says. Raises SchemaViolation."""
    found = children(element, "t:UserId", "t:DelegatePermissions?", *(f"t:{name}?" for name in _FLAGS))
    about: dict[str, Any] = {"user": permissions.user_of(found["UserId"])}
    if "DelegatePermissions" in found:
        names = [f"{folder}FolderPermissionLevel" for folder in _FOLDERS]
        levels = children(found["DelegatePermissions"], *(f"t:{name}?" for name in names))
        about["levels"] = {name: _LEVEL.parse(one, UTC) for name, one in levels.items()}
    about |= {name: kinds.Boolean().parse(found[name], UTC) for name in _FLAGS if name in found}
    return about


def address_of(db: sqlite3.Connection, user: dict[str, str]) -> str:
    """The address of a user of this sandbox; raises ErrorDelegateNoUser."""
    known = mailboxes.find(db, user.get("PrimarySmtpAddress", ""))
    if known is None:
        raise EwsError("ErrorDelegateNoUser")
    return known.address


def merged(before: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """A delegate with what a request says in place of what was."""
    levels = {**before.get("levels", {}), **change.get("levels", {})}
    return {**before, **{key: value for key, value in change.items() if key != "user"}, "levels": levels}


class Answer:
    """The answer to a request about delegates: one message for each of them."""

    def __init__(self, operation: str) -> None:
        self.element = etree.Element(tag(f"m:{operation}Response"), nsmap=NSMAP)
        self._messages: list[Element] = []

    def success(self, about: Element | None = None) -> None:
        """A delegate with which all is well; ``about`` says who it is."""
        message = self._message("Success", "NoError")
        if about is not None:
            message.append(about)

    def error(self, error: EwsError) -> None:
        """A delegate with which something is wrong."""
        self._message("Error", error.code, str(error))

    def _message(self, kind: str, code: str, text: str | None = None) -> Element:
        message = etree.Element(tag("m:DelegateUserResponseMessageType"), nsmap=NSMAP)
        message.set("ResponseClass", kind)
        if text is not None:
            sub(message, "m:MessageText", text)
        sub(message, "m:ResponseCode", code)
        if text is not None:
            sub(message, "m:DescriptiveLinkKey", "0")
        self._messages.append(message)
        return message

    def done(self, delivery: str | None = None, refusal: EwsError | None = None) -> Element:
        """The whole answer; ``refusal`` if nothing could be done at all."""
        self.element.set("ResponseClass", "Error" if refusal else "Success")
        if refusal:
            sub(self.element, "m:MessageText", str(refusal))
        sub(self.element, "m:ResponseCode", refusal.code if refusal else "NoError")
        if refusal:
            sub(self.element, "m:DescriptiveLinkKey", "0")
        if self._messages and not refusal:
            sub(self.element, "m:ResponseMessages").extend(self._messages)
        if delivery and not refusal:
            sub(self.element, "m:DeliverMeetingRequests", delivery)
        return self.element


def shown(db: sqlite3.Connection, address: str, about: dict[str, Any], *, with_levels: bool) -> Element:
    """The DelegateUser of a delegate."""
    box = etree.Element(tag("m:DelegateUser"), nsmap=NSMAP)
    known = mailboxes.find(db, address)
    permissions.emit_user(
        box, {"PrimarySmtpAddress": address, "DisplayName": known.name if known else address}
    )
    if with_levels:
        levels = sub(box, "t:DelegatePermissions")
        for folder in _FOLDERS:
            name = f"{folder}FolderPermissionLevel"
            sub(levels, f"t:{name}", about.get("levels", {}).get(name, "None"))
    for name in _FLAGS:
        sub(box, f"t:{name}", "true" if about.get(name) else "false")
    return box


def changed(
    call: Call,
    operation: str,
    found: dict[str, Element],
    users: list[dict[str, Any]],
    change: Callable[[Call, sqlite3.Connection, dict[str, Any], dict[str, Any]], str | None],
) -> Element:
    """Do ``change`` with each of the users and keep what comes of it; it gives the address of a delegate
    that the answer describes."""
    delivery = (
        DELIVERY.parse(found["DeliverMeetingRequests"], UTC) if "DeliverMeetingRequests" in found else None
    )
    response = Answer(operation)
    with call.store.write() as db:
        try:
            check_owner(call, db, found["Mailbox"])
        except Refused as failure:
            error = in_ews(failure)
            return response.done(refusal=error)
        known = read(db, call.user.id)
        known["delivery"] = delivery or known["delivery"]
        for user in users:
            try:
                address = change(call, db, known, user)
            except Refused as failure:
                error = in_ews(failure)
                response.error(error)
                continue
            about = shown(db, address, known["users"][address], with_levels=True) if address else None
            response.success(about)
        put(db, call.user.id, known)
    return response.done()
