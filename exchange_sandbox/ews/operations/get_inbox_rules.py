"""GetInboxRules."""

from __future__ import annotations

from lxml import etree

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews import rules
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.xml import NSMAP, Element, children, sub, tag, text_of
from exchange_sandbox.transport import rulework

NAME = "GetInboxRules"


def answer(call: Call, request: Element) -> Element:
    """Tell the caller's rules in the order in which they are applied."""
    found = children(request, "m:MailboxSmtpAddress?")
    response = etree.Element(tag("m:GetInboxRulesResponse"), nsmap=NSMAP)
    try:
        check_owner(call, found.get("MailboxSmtpAddress"))
    except Refused as failure:
        error = in_ews(failure)
        refuse(response, error)
        return response
    response.set("ResponseClass", "Success")
    sub(response, "m:ResponseCode", "NoError")
    sub(response, "m:OutlookRuleBlobExists", "false")
    with call.store.read() as db:
        known = rulework.every(db, call.user.id)
        if known:
            listing = sub(response, "m:InboxRules")
            for rule in known:
                rules.write(call, db, listing, rule)
    return response


def check_owner(call: Call, element: Element | None) -> None:
    """Whether the mailbox that is named is the caller's; raises ErrorNonExistentMailbox,
    ErrorAccessDenied."""
    if element is not None:
        with call.store.read() as db:
            call.own_mailbox(db, text_of(element).strip())


def refuse(response: Element, error: EwsError) -> None:
    """Make the answer that nothing was done."""
    response.set("ResponseClass", "Error")
    sub(response, "m:MessageText", str(error))
    sub(response, "m:ResponseCode", error.code)
    sub(response, "m:DescriptiveLinkKey", "0")
