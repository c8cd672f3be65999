"""PerformReminderAction."""

from __future__ import annotations

from collections.abc import Sequence

from exchange_sandbox.calendar import reminders
from exchange_sandbox.ews import single
from exchange_sandbox.ews.call import Call, box, check_id
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.xml import Element, SchemaViolation, children, listed, sub, text_of

NAME = "PerformReminderAction"
_PARTS = ("t:ActionType", "t:ItemId", "t:NewReminderTime?")
_ACTIONS = kinds.Choice(("Dismiss", "Snooze"))


def answer(call: Call, request: Element) -> Element:
    """Dismiss or snooze reminders, all or none; snoozed without a time they come again in five minutes."""
    actions = list(
        listed(children(request, "m:ReminderItemActions")["ReminderItemActions"], "t:ReminderItemAction")
    )

    for element in actions:
        _check(call, element)

    def act() -> Sequence[Element]:
        updated = box("m:UpdatedItemIds")
        with call.store.write() as db:
            for element in actions:
                found = children(element, *_PARTS)
                item, _ = call.item(db, found["ItemId"])
                if _ACTIONS.parse(found["ActionType"], call.zone) == "Dismiss":
                    item = reminders.dismiss(db, item, call.now)
                else:
                    item = reminders.snooze(db, item, call.now, _until(call, found.get("NewReminderTime")))
                number, key = call.reader(db).item_id(item)
                sub(updated, "t:ItemId", Id=number, ChangeKey=key)
        return [updated]

    return single.answer(call, act, faults=True)


def _check(call: Call, element: Element) -> None:
    """Check one action by the schema."""
    found = children(element, *_PARTS)
    check_id(found["ItemId"])
    _ACTIONS.parse(found["ActionType"], call.zone)
    _until(call, found.get("NewReminderTime"))


def _until(call: Call, element: Element | None) -> str:
    if element is None or not text_of(element).strip():
        return reminders.soon(call.now)
    try:
        return kinds.Moment().parse(element, call.zone)
    except SchemaViolation as error:  # to the schema it is any text
        raise EwsError("ErrorInvalidArgument", str(error)) from error
