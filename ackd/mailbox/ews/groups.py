"""Distribution lists as the server knows them. It opens one list, one level deep, a request."""

from __future__ import annotations

import logging
from collections.abc import Collection

from exchangelib.services import ExpandDL as LibraryExpandDL
from exchangelib.services.common import EWSAccountService

from ackd.errors import Unreachable
from ackd.mailbox import expansion
from ackd.mailbox.ews import requests
from ackd.mailbox.ews.reading import text_at
from ackd.mailbox.ews.wire import Wire
from ackd.mailbox.expansion import Level

log = logging.getLogger(__name__)


class ExpandDL(EWSAccountService):  # type: ignore[misc]
    """exchangelib binds this one to a server, not to an account; the wire has the account."""

    SERVICE_NAME = LibraryExpandDL.SERVICE_NAME
    element_container_name = LibraryExpandDL.element_container_name


#: What a server says of an address that is no list, of one that stands for several, and of a list
#: that isn't one of the directory's.
_UNKNOWN = frozenset(
    {
        "ErrorInvalidItemForOperationExpandDL",
        "ErrorItemNotFound",
        "ErrorNameResolutionMultipleResults",
        "ErrorNameResolutionNoMailbox",
        "ErrorNameResolutionNoResults",
        "ErrorNonExistentMailbox",
    }
)
#: Kinds of members that hold others (types.xsd, MailboxTypeType). A private list has no address.
_LISTS = ("PublicDL", "GroupMailbox")


def expand(wire: Wire, groups: Collection[str]) -> frozenset[str]:
    """See ports.Mailbox."""
    return expansion.expand(groups, lambda address: _level(wire, address))


def _level(wire: Wire, address: str) -> Level | None:
    (answer, *_) = wire.read(ExpandDL, requests.expand_dl(address))
    if answer.code in _UNKNOWN:
        return None
    if not answer.ok:
        raise Unreachable(f"the members of {address} can't be read: {answer.code or 'no code'}")
    people, lists = [], []
    for box in answer.find_all("m:DLExpansion/t:Mailbox"):
        email = text_at(box, "t:EmailAddress").strip()
        is_smtp = (text_at(box, "t:RoutingType") or "SMTP").upper() == "SMTP" and "@" in email
        if not is_smtp:  # a private list, a public folder, a name of the directory: nobody writes as one
            log.info("event=member-passed-over: a member of a list has no SMTP address")
        elif text_at(box, "t:MailboxType") in _LISTS:
            lists.append(email)
        else:
            people.append(email)
    return Level(tuple(people), tuple(lists))
