"""GetUserOofSettings: the caller's own automatic replies."""

from __future__ import annotations

from lxml import etree

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.properties.choices import OOF_AUDIENCE, OOF_STATE
from exchange_sandbox.ews.xml import NSMAP, Element, children, sub, tag, text_of
from exchange_sandbox.store import oof

NAME = "GetUserOofSettingsRequest"


def answer(call: Call, request: Element) -> Element:
    """The settings; or why the caller may not know."""
    address = read_address(children(request, "t:Mailbox")["Mailbox"])
    response = etree.Element(tag("m:GetUserOofSettingsResponse"), nsmap=NSMAP)
    try:
        with call.store.read() as db:
            found = oof.read(db, call.own_mailbox(db, address).id, call.now)
    except Refused as failure:
        error = in_ews(failure)
        refuse(response, error)
        return response
    sub(sub(response, "m:ResponseMessage", ResponseClass="Success"), "m:ResponseCode", "NoError")
    settings = sub(response, "t:OofSettings")
    sub(settings, "t:OofState", OOF_STATE.shown(found.state))
    sub(settings, "t:ExternalAudience", OOF_AUDIENCE.shown(found.audience))
    style = kinds.Style(call.quirks.fractional_seconds, names_only=False)
    duration = sub(settings, "t:Duration")
    sub(duration, "t:StartTime", kinds.shown_moment(found.start, style))
    sub(duration, "t:EndTime", kinds.shown_moment(found.end, style))
    sub(sub(settings, "t:InternalReply"), "t:Message", found.internal)
    sub(sub(settings, "t:ExternalReply"), "t:Message", found.external)
    sub(response, "m:AllowExternalOof", "All")
    return response


def read_address(mailbox: Element) -> str:
    """The address in a mailbox of the availability service, whose names differ from the others'."""
    found = children(mailbox, "t:Name?", "t:Address", "t:RoutingType?")
    return text_of(found["Address"]).strip()


def refuse(response: Element, error: EwsError) -> None:
    """Put an error into the response."""
    message = sub(response, "m:ResponseMessage", ResponseClass="Error")
    sub(message, "m:MessageText", str(error))
    sub(message, "m:ResponseCode", error.code)
