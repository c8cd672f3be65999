"""GetMailTips: what a sender should know of recipients before a mail is sent (MS-OXWSMTIPS)."""

from __future__ import annotations

import sqlite3

from lxml import etree

from exchange_sandbox.ews.call import Call
from exchange_sandbox.ews.properties import compound, kinds
from exchange_sandbox.ews.xml import NSMAP, Element, SchemaViolation, children, listed, sub, tag, text_of
from exchange_sandbox.store import groups, mailboxes, oof

NAME = "GetMailTips"
_TYPES = frozenset(
    (  # noqa: SIM905 - names read best as a text
        "All OutOfOfficeMessage MailboxFullStatus CustomMailTip ExternalMemberCount TotalMemberCount "
        "MaxMessageSize DeliveryRestriction ModerationStatus InvalidRecipient Scope"
    ).split()
)
_LARGEST = 64 << 20  # of a request


def answer(call: Call, request: Element) -> Element:
    """Tell of each recipient whether it is there, whether it is away, and how many it stands for."""
    bare = (request.text or "").strip()
    request.text = None
    requested = "m:MailTipsRequested?" if bare else "m:MailTipsRequested"
    found = children(request, "m:SendingAs", "m:Recipients", requested)
    compound.parse_mailbox(found["SendingAs"])
    # a client that is much used writes what it asks for without the element around it
    text = text_of(found["MailTipsRequested"]) if "MailTipsRequested" in found else bare
    wanted = frozenset(text.split())
    if not wanted <= _TYPES:
        raise SchemaViolation("A mail tip is not known.", request)
    recipients = [compound.parse_mailbox(one) for one in listed(found["Recipients"], "t:Mailbox", least=0)]
    response = etree.Element(tag(f"m:{NAME}Response"), nsmap=NSMAP)
    response.set("ResponseClass", "Success")
    sub(response, "m:ResponseCode", "NoError")
    if recipients:
        messages = sub(response, "m:ResponseMessages")
        with call.store.read() as db:
            for one in recipients:
                message = sub(messages, "m:MailTipsResponseMessageType", ResponseClass="Success")
                sub(message, "m:ResponseCode", "NoError")
                _write(call, db, sub(message, "m:MailTips"), one, wanted)
    return response


def _write(
    call: Call, db: sqlite3.Connection, tips: Element, recipient: dict[str, str], wanted: frozenset[str]
) -> None:
    address = recipient["address"]
    person, group = mailboxes.find(db, address), groups.find(db, address)
    about = sub(tips, "t:RecipientAddress")
    sub(about, "t:Name", person.name if person else group.name if group else recipient["name"])
    if address:
        sub(about, "t:EmailAddress", address)
    sub(about, "t:RoutingType", "SMTP")
    sub(tips, "t:PendingMailTips", "")
    if person is not None and wanted & {"All", "OutOfOfficeMessage"}:
        _write_absence(call, db, tips, person.id)
    values = {
        "MailboxFullStatus": ("MailboxFull", "false"),
        "TotalMemberCount": ("TotalMemberCount", str(len(groups.expanded(db, [address]))) if group else "1"),
        "ExternalMemberCount": ("ExternalMemberCount", "0"),
        "MaxMessageSize": ("MaxMessageSize", str(_LARGEST)),
        "DeliveryRestriction": ("DeliveryRestricted", "false"),
        "ModerationStatus": ("IsModerated", "false"),
        "InvalidRecipient": ("InvalidRecipient", "false" if person or group else "true"),
    }
    for name, (element, text) in values.items():
        if wanted & {"All", name}:
            sub(tips, f"t:{element}", text)


def _write_absence(call: Call, db: sqlite3.Connection, tips: Element, mailbox: int) -> None:
    settings = oof.read(db, mailbox, call.now)
    absence = sub(tips, "t:OutOfOffice")
    is_on = settings.is_on(call.now)
    sub(sub(absence, "t:ReplyBody"), "t:Message", settings.internal if is_on else "")
    if is_on and settings.state == "Scheduled":
        span = sub(absence, "t:Duration")
        kinds.Moment().emit(span, "t:StartTime", settings.start, kinds.Style())
        kinds.Moment().emit(span, "t:EndTime", settings.end, kinds.Style())
