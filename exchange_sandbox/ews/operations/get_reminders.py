"""GetReminders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta

from exchange_sandbox.calendar import reminders
from exchange_sandbox.calendar.reminders import Reminder
from exchange_sandbox.clock import iso
from exchange_sandbox.ews import ids, single
from exchange_sandbox.ews.call import Call, box
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.properties.prop import Reader
from exchange_sandbox.ews.xml import Element, children, sub
from exchange_sandbox.store.schema import Key

NAME = "GetReminders"
_MOST = 200
_AROUND = timedelta(days=366)


def answer(call: Call, request: Element) -> Element:
    """Give the reminders of a span of time: all, those still to come, or those that are past."""
    found = children(request, "m:BeginTime?", "m:EndTime?", "m:MaxItems?", "m:ReminderType?")
    moment = kinds.Moment()
    begin = moment.parse(found["BeginTime"], call.zone) if "BeginTime" in found else iso(call.now - _AROUND)
    end = moment.parse(found["EndTime"], call.zone) if "EndTime" in found else iso(call.now + _AROUND)
    most = kinds.Integer(0, _MOST).parse(found["MaxItems"], UTC) if "MaxItems" in found else _MOST
    which = "All"
    if "ReminderType" in found:
        which = kinds.Choice(("All", "Current", "Old")).parse(found["ReminderType"], UTC)

    def act() -> Sequence[Element]:
        listing = box("m:Reminders")
        with call.store.read() as db:
            every = reminders.every(db, call.user.id, begin, end)
            wanted = [
                one for one in every if which == "All" or (_until(one) < iso(call.now)) == (which == "Old")
            ]
            for reminder in wanted[: most or _MOST]:
                _emit(listing, reminder, call.reader(db))
        return [listing]

    return single.answer(call, act, empty="m:Reminders")


def _until(reminder: Reminder) -> str:
    """When a reminder is past: once what it reminds of is over."""
    bag = reminder.item.bag
    return str(bag.get(Key.END) or bag.get(Key.DUE_DATE) or reminder.at)


def _emit(listing: Element, reminder: Reminder, reader: Reader) -> None:
    item, bag, style = reminder.item, reminder.item.bag, reader.style
    one = sub(listing, "t:Reminder")
    sub(one, "t:Subject", str(bag.get(Key.SUBJECT, "")))
    sub(one, "t:Location", str(bag.get(Key.LOCATION, "")))
    sub(one, "t:ReminderTime", kinds.shown_moment(reminder.at, style))
    start = bag.get(Key.START) or bag.get(Key.START_DATE) or reminder.at
    end = bag.get(Key.END) or bag.get(Key.DUE_DATE) or reminder.at
    sub(one, "t:StartDate", kinds.shown_moment(start, style))
    sub(one, "t:EndDate", kinds.shown_moment(end, style))
    number, key = reader.item_id(item)
    sub(one, "t:ItemId", Id=number, ChangeKey=key)
    if item.occurrence:
        master = ids.encode(reader.store, ids.ITEM, item.mailbox, item.id)
        sub(one, "t:RecurringMasterItemId", Id=master, ChangeKey=key)
    sub(one, "t:ReminderGroup", "Calendar" if Key.START in bag else "Task")
    sub(one, "t:UID", str(bag.get(Key.UID, number)))
