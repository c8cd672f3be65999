"""ResolveNames."""

from __future__ import annotations

from ackd.sandbox.call import Call, Messages, box, flag
from ackd.sandbox.errors import EwsError
from ackd.sandbox.store import groups, mailboxes
from ackd.sandbox.store.groups import Group
from ackd.sandbox.store.mailboxes import Mailbox
from ackd.sandbox.xml import Element, attributes, children, sub, text_of

NAME = "ResolveNames"
_SCOPES = ("ActiveDirectory", "ActiveDirectoryContacts", "Contacts", "ContactsActiveDirectory")
_MOST = 100


def answer(call: Call, request: Element) -> Element:
    """Find mailboxes and distribution lists by the beginning of their name or address."""
    values = attributes(
        request, ("ReturnFullContactData",), ("SearchScope", "ContactDataShape"), {"SearchScope": _SCOPES}
    )
    full = flag(values, "ReturnFullContactData")
    found = children(request, "m:ParentFolderIds?", "m:UnresolvedEntry")
    wanted = text_of(found["UnresolvedEntry"]).strip().lower().removeprefix("smtp:")
    with call.store.read() as db:
        everyone: list[Mailbox | Group] = [*mailboxes.everyone(db), *groups.everyone(db)]
        matching = [one for one in everyone if _matches(one, wanted)][:_MOST]
    response = Messages(NAME)
    resolutions = box("m:ResolutionSet")
    resolutions.set("TotalItemsInView", str(len(matching)))
    resolutions.set("IncludesLastItemInRange", "true")
    for one in matching:
        _write(resolutions, one, full=full)
    if not wanted or not matching:
        response.error(EwsError("ErrorNameResolutionNoResults"))
    elif len(matching) > 1:
        response.error(EwsError("ErrorNameResolutionMultipleResults"), kind="Warning", content=resolutions)
    else:
        response.success([resolutions])
    return response.element


def _matches(mailbox: Mailbox | Group, wanted: str) -> bool:
    return mailbox.address.startswith(wanted) or any(
        part.startswith(wanted) for part in (mailbox.name.lower(), *mailbox.name.lower().split())
    )


def _write(parent: Element, mailbox: Mailbox | Group, *, full: bool) -> None:
    resolution = sub(parent, "t:Resolution")
    about = sub(resolution, "t:Mailbox")
    sub(about, "t:Name", mailbox.name)
    sub(about, "t:EmailAddress", mailbox.address)
    sub(about, "t:RoutingType", "SMTP")
    sub(about, "t:MailboxType", "Mailbox" if isinstance(mailbox, Mailbox) else "PublicDL")
    if full:
        contact = sub(resolution, "t:Contact")
        sub(contact, "t:DisplayName", mailbox.name)
        sub(sub(contact, "t:EmailAddresses"), "t:Entry", f"SMTP:{mailbox.address}", Key="EmailAddress1")
        sub(contact, "t:ContactSource", "ActiveDirectory")
