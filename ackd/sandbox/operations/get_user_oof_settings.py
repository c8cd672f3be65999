"""GetUserOofSettings: nobody of this sandbox is out of office."""

from __future__ import annotations

from lxml import etree

from ackd.sandbox.call import Call
from ackd.sandbox.errors import EwsError
from ackd.sandbox.store import mailboxes
from ackd.sandbox.xml import NSMAP, Element, children, sub, tag, text_of

NAME = "GetUserOofSettingsRequest"


def answer(call: Call, request: Element) -> Element:
    """Say that automatic replies are disabled; or why the caller may not know."""
    found = children(request, "t:Mailbox")
    address = text_of(children(found["Mailbox"], "t:Name?", "t:Address", "t:RoutingType?")["Address"]).strip()
    response = etree.Element(tag("m:GetUserOofSettingsResponse"), nsmap=NSMAP)
    with call.store.read() as db:
        mailbox = mailboxes.find(db, address)
    if mailbox is None or mailbox.id != call.user.id:
        error = EwsError("ErrorNonExistentMailbox" if mailbox is None else "ErrorAccessDenied")
        message = sub(response, "m:ResponseMessage", ResponseClass="Error")
        sub(message, "m:MessageText", str(error))
        sub(message, "m:ResponseCode", error.code)
        return response
    sub(sub(response, "m:ResponseMessage", ResponseClass="Success"), "m:ResponseCode", "NoError")
    settings = sub(response, "t:OofSettings")
    sub(settings, "t:OofState", "Disabled")
    sub(settings, "t:ExternalAudience", "None")
    sub(sub(settings, "t:InternalReply"), "t:Message", "")
    sub(sub(settings, "t:ExternalReply"), "t:Message", "")
    sub(response, "m:AllowExternalOof", "None")
    return response
