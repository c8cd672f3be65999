"""Letters, tasks and calendar entries as the XML of a CreateItem request.

The elements stand in the order of the schema (types.xsd: MessageType, TaskType, CalendarItemType), with the
values that exchangelib writes where nothing is said; making them without its items takes a tenth of the time.
Each function raises ValueError for what no item can hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from exchangelib import EWSTimeZone
from exchangelib.util import safe_xml_value

from ackd.mailbox import own_properties
from ackd.mailbox.ews import fields
from ackd.mailbox.ews.fields import Field
from ackd.mailbox.ews.requests import Element, element, extended_property, utc
from ackd.model import Address, Appointment, Letter, Sensitivity, Task

_LONGEST_SUBJECT = 255
_MARK, _AUTO_SUBMITTED = Field(header="x-ackd"), Field(header="Auto-Submitted")
_SUPPRESS = Field(tag=fields.AUTO_RESPONSE_SUPPRESS, kind="Integer")
_QUESTION, _ASKER = Field(name=own_properties.QUESTION), Field(name=own_properties.ASKER)
_PROMISED, _MOVES = Field(name=own_properties.PROMISED), Field(name=own_properties.MOVES)
_TOLD = Field(name=own_properties.TOLD)


def letter_item(letter: Letter, author: str) -> Element:
    """A letter of ours, marked so that no robot answers it (docs/design.md, on the wire). Without an `author`
    it is from whoever signs in."""
    references = " ".join(dict.fromkeys((*letter.references, letter.in_reply_to))).strip()
    marks = (
        (_SUPPRESS, str(own_properties.SUPPRESS_ANSWERS)),
        (_AUTO_SUBMITTED, "auto-replied"),
        (_MARK, "1"),
        (fields.OUR_TOKEN, letter.token),
    )
    return message(
        letter.to,
        letter.subject,
        letter.html,
        is_html=True,
        author=author,
        in_reply_to=letter.in_reply_to,
        references=references,
        marks=marks,
    )


def message(
    to: Address,
    subject: str,
    body: str,
    *,
    is_html: bool = False,
    importance: str = "Normal",
    author: str = "",
    in_reply_to: str = "",
    references: str = "",
    marks: Iterable[tuple[Field, str]] = (),
) -> Element:
    """A mail to one person."""
    made = [
        *_head(subject, Sensitivity.NORMAL, body, is_html=is_html),
        element("t:Importance", importance),
        *_texts(("t:InReplyTo", in_reply_to)),
        *_reminder(is_set=False),
        *_extended(marks),
        element("t:ToRecipients", children=[_mailbox(to)]),
        element("t:IsReadReceiptRequested", "0"),
        element("t:IsDeliveryReceiptRequested", "0"),
    ]
    if author:
        made.append(element("t:From", children=[_mailbox(Address(author))]))
    made += (element("t:IsRead", "0"), element("t:IsResponseRequested", "0"))
    return element("t:Message", children=[*made, *_texts(("t:References", references))])


def task_item(task: Task, zone: ZoneInfo, *, keeps_reminders: bool = True) -> Element:
    """A task of ours. The reminder is set on creation: servers refuse to switch it on later. One that doesn't
    keep its moment (`keeps_reminders`) is given the properties behind it."""
    reminding = [] if keeps_reminders else [(field, utc(task.reminder)) for field in fields.REMINDING]
    ours = (
        (_MOVES, str(task.moves) if task.moves else ""),
        (_TOLD, task.told.isoformat(timespec="seconds") if task.told else ""),
        (_PROMISED, task.promised.isoformat(timespec="seconds")),
        (_ASKER, task.asker),
        (_QUESTION, task.message_id),
        (fields.OUR_TOKEN, task.token),
    )
    made = [
        *_head(task.subject, task.sensitivity, task.body, categories=task.categories),
        element("t:Importance", task.importance.value.capitalize()),
        *([element("t:ReminderDueBy", _local(task.reminder, zone))] if keeps_reminders else []),
        *_reminder(is_set=True),
        *_extended((*ours, *reminding)),
        element("t:DueDate", f"{task.due_date.isoformat()}T00:00:00Z"),
        element("t:PercentComplete", "0"),
        element("t:Status", "NotStarted"),
    ]
    return element("t:Task", children=made)


def appointment_item(appointment: Appointment, zone: ZoneInfo) -> Element:
    """A calendar entry of ours, shown as free and without a reminder: the task has one."""
    zone_id = EWSTimeZone.from_timezone(zone).ms_id
    made = [
        *_head(
            appointment.subject, appointment.sensitivity, appointment.body, categories=appointment.categories
        ),
        element("t:Importance", "Normal"),
        *_reminder(is_set=False),
        *_extended([(fields.OUR_TOKEN, appointment.token)]),
        element("t:Start", _local(appointment.start, zone)),
        element("t:End", _local(appointment.end, zone)),
        element("t:IsAllDayEvent", "0"),
        element("t:LegacyFreeBusyStatus", "Free"),
        element("t:StartTimeZone", Id=zone_id),
        element("t:EndTimeZone", Id=zone_id),
    ]
    return element("t:CalendarItem", children=made)


def _head(
    subject: str,
    sensitivity: Sensitivity,
    body: str,
    *,
    is_html: bool = False,
    categories: Iterable[str] = (),
) -> Iterator[Element]:
    """What every item begins with."""
    yield element("t:Subject", safe_xml_value(subject[:_LONGEST_SUBJECT]))
    yield element("t:Sensitivity", sensitivity.value.capitalize())
    yield element("t:Body", safe_xml_value(body), BodyType="HTML" if is_html else "Text")
    if named := [element("t:String", safe_xml_value(name)) for name in categories]:
        yield element("t:Categories", children=named)


def _reminder(*, is_set: bool) -> Iterator[Element]:
    yield element("t:ReminderIsSet", "1" if is_set else "0")
    yield element("t:ReminderMinutesBeforeStart", "0")


def _texts(*named: tuple[str, str]) -> Iterator[Element]:
    for tag, text in named:
        if text:
            yield element(tag, safe_xml_value(text))


def _extended(values: Iterable[tuple[Field, str]]) -> Iterator[Element]:
    for field, value in values:
        if value:
            yield extended_property(field, safe_xml_value(value))


def _mailbox(address: Address) -> Element:
    if not address.email:
        raise ValueError("a mailbox without an address")
    children = [
        *_texts(("t:Name", address.name)),
        element("t:EmailAddress", safe_xml_value(address.email)),
        element("t:RoutingType", "SMTP"),
        element("t:MailboxType", "Mailbox"),
    ]
    return element("t:Mailbox", children=children)


def _local(moment: datetime, zone: ZoneInfo) -> str:
    """A moment by the owner's clock, whole seconds."""
    local = moment.astimezone(zone).replace(microsecond=0)
    return utc(local) if zone.key == "UTC" else local.isoformat()
