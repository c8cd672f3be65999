"""GetSearchableMailboxes: for those who may search other people's mailboxes, and nobody may here."""

from __future__ import annotations

from datetime import UTC

from lxml import etree

from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties.kinds import Boolean
from exchange_sandbox.ews.xml import NSMAP, Element, children, sub, tag

NAME = "GetSearchableMailboxes"


def answer(call: Call, request: Element) -> Element:
    """Refuse: the caller has not the role of Discovery Management."""
    found = children(request, "m:SearchFilter?", "m:ExpandGroupMembership?")
    if "ExpandGroupMembership" in found:
        Boolean().parse(found["ExpandGroupMembership"], UTC)
    error = EwsError("ErrorAccessDenied")
    response = etree.Element(tag(f"m:{NAME}Response"), nsmap=NSMAP)
    response.set("ResponseClass", "Error")
    sub(response, "m:MessageText", str(error))
    sub(response, "m:ResponseCode", error.code)
    sub(response, "m:DescriptiveLinkKey", "0")
    sub(response, "m:SearchableMailboxes")
    return response
