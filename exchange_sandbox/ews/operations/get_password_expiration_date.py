"""GetPasswordExpirationDate: when the caller's password ends."""

from __future__ import annotations

from lxml import etree

from exchange_sandbox.ews import single
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.xml import NSMAP, Element, children, tag, text_of
from exchange_sandbox.store import kept

NAME = "GetPasswordExpirationDate"
_NEVER = "9999-12-31T23:59:59.999999Z"


def answer(call: Call, request: Element) -> Element:
    """The moment; for a password that never ends, the last one that there is."""
    found = children(request, "m:MailboxSmtpAddress?")
    address = text_of(found["MailboxSmtpAddress"]).strip() if "MailboxSmtpAddress" in found else ""

    def act() -> list[Element]:
        with call.store.read() as db:
            mailbox = call.own_mailbox(db, address or call.user.address)
            ends = kept.read(db, mailbox.id, kept.PASSWORD_ENDS)
        style = kinds.Style(call.quirks.fractional_seconds, names_only=False)
        element = etree.Element(tag("m:PasswordExpirationDate"), nsmap=NSMAP)
        element.text = kinds.shown_moment(ends or _NEVER, style)
        return [element]

    return single.answer(call, act, faults=True)
