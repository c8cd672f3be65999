"""When something ends that the way to the mailbox rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from exchangelib.services.common import EWSAccountService

from ackd.mailbox.endings import of_authorities
from ackd.mailbox.ews import requests
from ackd.mailbox.ews.wire import Declined, Faulted, Wire
from ackd.mailbox.tokens import SignIn
from ackd.mailbox.values import moment
from ackd.model import AlarmKind, Ending
from ackd.model.access import Access

#: When Exchange Online ends EWS, for all tenants and for good.
EWS_ENDS = datetime(2027, 4, 1, tzinfo=UTC)
#: Where Exchange Online answers, its national clouds too (Microsoft 365 endpoints): these hosts, and
#: what is below them.
_ONLINE = (
    "outlook.office365.com",
    "outlook.office.com",
    "outlook.office365.us",
    "outlook-dod.office365.us",
    "outlook.office.us",
    "webmail.apps.mil",
    "outlook.office.de",
    "partner.outlook.cn",
)
#: Passwords that never end are said to end here or later.
_NEVER = 9000


class GetPasswordExpirationDate(EWSAccountService):  # type: ignore[misc]
    """exchangelib doesn't know this one."""

    SERVICE_NAME = "GetPasswordExpirationDate"


def read(wire: Wire, access: Access, tokens: SignIn | None = None) -> tuple[Ending, ...]:
    """See ports.Mailbox: one request where a password is used."""
    found = [*_of_service(access.endpoint), *of_authorities(access.ca_bundle)]
    sign_in = tokens.endings() if tokens else ()
    return (*found, *sign_in, *(_of_password(wire) if access.auth.is_by_password else ()))


def is_exchange_online(endpoint: str) -> bool:
    """Whether Microsoft's own servers answer there."""
    host = (urlsplit(endpoint).hostname or "").rstrip(".").lower()
    return any(host == one or host.endswith("." + one) for one in _ONLINE)


def _of_service(endpoint: str) -> Iterator[Ending]:
    if is_exchange_online(endpoint):
        yield Ending(AlarmKind.EWS_ENDS, EWS_ENDS)


def _of_password(wire: Wire) -> Iterator[Ending]:
    """What the server says; one that doesn't know the question says nothing. Without an address it is about
    the password of whoever signs in."""
    about = "" if wire.author else wire.account.primary_smtp_address
    children = [requests.element("m:MailboxSmtpAddress", about)] if about else []
    payload = requests.element("m:GetPasswordExpirationDate", children=children)
    try:
        answers = wire.read(GetPasswordExpirationDate, payload)
    except (Declined, Faulted):
        return
    for answer in answers:
        at = moment(answer.find_text("m:PasswordExpirationDate")) if answer.ok else None
        if at is not None and at.year < _NEVER:
            yield Ending(AlarmKind.PASSWORD_ENDS, at)
