"""Who the mailbox says that its owner is."""

from __future__ import annotations

from exchangelib.services import GetFolder
from exchangelib.services import ResolveNames as LibraryResolveNames
from exchangelib.services.common import EWSAccountService

from ackd.mailbox import folder_names
from ackd.mailbox.ews import requests
from ackd.mailbox.ews.fields import Field
from ackd.mailbox.ews.reading import text_at
from ackd.mailbox.ews.wire import Wire
from ackd.model import OwnerCard


class ResolveNames(EWSAccountService):  # type: ignore[misc]
    """exchangelib binds this one to a server, not to an account; the wire has the account."""

    SERVICE_NAME = LibraryResolveNames.SERVICE_NAME
    element_container_name = LibraryResolveNames.element_container_name


def read(wire: Wire) -> OwnerCard:
    """See ports.Mailbox."""
    return OwnerCard(_name(wire), language(wire))


def _name(wire: Wire) -> str | None:
    """The directory's name of the very address; a name that only repeats the address is none."""
    address = wire.account.primary_smtp_address.lower()
    for answer in wire.ask(ResolveNames, requests.resolve_names(f"smtp:{address}")):
        for box in answer.find_all("m:ResolutionSet/t:Resolution/t:Mailbox"):
            name = " ".join(text_at(box, "t:Name").split())
            if text_at(box, "t:EmailAddress").strip().lower() == address and "@" not in name:
                return name[:100] or None
    return None


def language_named(inbox: str) -> str | None:
    """The language in which an inbox has this name: EWS has no other word for the language of a mailbox."""
    return folder_names.language_of(inbox)


def language(wire: Wire) -> str | None:
    """The mailbox's language; one request."""
    payload = requests.get_folder([wire.distinguished("inbox")], [Field(uri="folder:DisplayName")])
    (answer, *_) = wire.read(GetFolder, payload)
    names = [text_at(folder, "t:DisplayName") for folder in answer.find_all("m:Folders/*")]
    return language_named(names[0]) if names else None
