"""SetUserOofSettings: the caller's own automatic replies (MS-OXWOOF)."""

from __future__ import annotations

from datetime import UTC

from lxml import etree

from exchange_sandbox.errors import Refused
from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.errors import EwsError, in_ews
from exchange_sandbox.ews.operations.get_user_oof_settings import read_address, refuse
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.properties.choices import OOF_AUDIENCE, OOF_STATE
from exchange_sandbox.ews.xml import NSMAP, Element, attributes, children, sub, tag, text_of
from exchange_sandbox.store import oof
from exchange_sandbox.store.oof import OofSettings, State

NAME = "SetUserOofSettingsRequest"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def answer(call: Call, request: Element) -> Element:
    """Turn automatic replies on, off, or on for a time."""
    found = children(request, "t:Mailbox", "t:UserOofSettings")
    address = read_address(found["Mailbox"])
    parts = children(
        found["UserOofSettings"],
        "t:OofState",
        "t:ExternalAudience",
        "t:Duration?",
        "t:InternalReply?",
        "t:ExternalReply?",
    )
    state = OOF_STATE.parse(parts["OofState"], UTC)
    audience = OOF_AUDIENCE.parse(parts["ExternalAudience"], UTC)
    start, end = _duration(call, parts.get("Duration"))
    internal, external = _message(parts.get("InternalReply")), _message(parts.get("ExternalReply"))
    response = etree.Element(tag("m:SetUserOofSettingsResponse"), nsmap=NSMAP)
    try:
        with call.store.write() as db:
            mailbox = call.own_mailbox(db, address)
            if state == State.SCHEDULED and not start < end:
                raise EwsError("ErrorInvalidScheduledOofDuration")
            before = oof.read(db, mailbox.id, call.now)
            span = (start, end) if start < end else (before.start, before.end)
            oof.put(db, mailbox.id, OofSettings(state, audience, *span, internal, external))
    except Refused as failure:
        error = in_ews(failure)
        refuse(response, error)
        return response
    sub(sub(response, "m:ResponseMessage", ResponseClass="Success"), "m:ResponseCode", "NoError")
    return response


def _duration(call: Call, element: Element | None) -> tuple[str, str]:
    """Start and end as the store keeps them; "" without a duration."""
    if element is None:
        return "", ""
    found = children(element, "t:StartTime", "t:EndTime")
    moment = kinds.Moment()
    return moment.parse(found["StartTime"], call.zone), moment.parse(found["EndTime"], call.zone)


def _message(element: Element | None) -> str:
    if element is None:
        return ""
    attributes(element, (), (_LANGUAGE,))
    found = children(element, "t:Message?")
    return text_of(found["Message"]) if "Message" in found else ""
