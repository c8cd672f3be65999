"""The directory's entries for an address or a name (ResolveNames)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ackd.mailbox.ews import requests
from ackd.mailbox.ews.card import ResolveNames
from ackd.mailbox.ews.reading import text_at
from ackd.mailbox.ews.wire import NAMESPACES, Wire
from ackd.mailbox.people import Entry


def entries(wire: Wire, wanted: str) -> tuple[Entry, ...]:
    """The `directory` of `mailbox.people`."""
    payload = requests.resolve_names(wanted, full=True)
    return tuple(
        _entry(resolution)
        for answer in wire.read(ResolveNames, payload)
        for resolution in answer.find_all("m:ResolutionSet/t:Resolution")
    )


def members(wire: Wire, addresses: Collection[str]) -> frozenset[str]:
    """See ports.Mailbox (`in_directory`): a request for each. A contact of the directory is somebody from
    elsewhere."""
    known = set()
    for address in sorted({address.strip().lower() for address in addresses}):
        payload = requests.resolve_names(f"smtp:{address}", full=True)
        for answer in wire.read(ResolveNames, payload):
            for found in answer.find_all("m:ResolutionSet/t:Resolution"):
                is_mailbox = text_at(found, "t:Mailbox/t:MailboxType") == "Mailbox"
                if is_mailbox and address in _entry(found).addresses:
                    known.add(address)
    return frozenset(known)


def given_names(wire: Wire, addresses: Collection[str]) -> dict[str, str]:
    """See ports.Mailbox: a request for each."""
    found = {}
    for address in addresses:
        payload = requests.resolve_names(f"smtp:{address}", full=True)
        for answer in wire.read(ResolveNames, payload):
            for one in answer.find_all("m:ResolutionSet/t:Resolution"):
                if text_at(one, "t:Mailbox/t:MailboxType") == "Mailbox" and address in _entry(one).addresses:
                    found[address] = text_at(one, "t:Contact/t:GivenName").strip()
    return found


def _entry(resolution: Any) -> Entry:
    box = resolution.find("t:Mailbox", NAMESPACES)
    primary = text_at(box, "t:EmailAddress").strip().lower() if box is not None else ""
    told = resolution.findall("t:Contact/t:EmailAddresses/t:Entry", NAMESPACES)
    addresses = {(entry.text or "").strip().lower().removeprefix("smtp:") for entry in told}
    name = text_at(box, "t:Name") if box is not None else ""
    return Entry(primary, name, frozenset(addresses | {primary}) - {""})
