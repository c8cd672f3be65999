"""Properties of tasks, in schema order, and the rules that hold between them (MS-OXOTASK)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from exchange_sandbox.calendar import task_series
from exchange_sandbox.clock import iso
from exchange_sandbox.ews.calendar import recurrence_xml
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import choices, kinds
from exchange_sandbox.ews.properties.common import NEVER
from exchange_sandbox.ews.properties.prop import Prop, Reader
from exchange_sandbox.store import mailboxes
from exchange_sandbox.store.items import Item
from exchange_sandbox.store.schema import Key, TaskStatus

_WORDS = {
    TaskStatus.NOT_STARTED: "Not Started",
    TaskStatus.IN_PROGRESS: "In Progress",
    TaskStatus.COMPLETED: "Completed",
    TaskStatus.WAITING: "Waiting on someone else",
    TaskStatus.DEFERRED: "Deferred",
}


def _text(name: str) -> Prop:
    return Prop(name, f"task:{name}", kinds.Text())


def _status_text(item: Item, reader: Reader) -> str:
    percent = item.bag.get(Key.PERCENT_COMPLETE, 0)
    status = item.bag.get(Key.STATUS, TaskStatus.NOT_STARTED)
    text = _WORDS[TaskStatus(status)]
    return f"{text} ({percent:g}%)" if status == TaskStatus.IN_PROGRESS else text


def _owner(item: Item, reader: Reader) -> str:
    return mailboxes.get(reader.db, item.mailbox).name


def _is_complete(item: Item, reader: Reader) -> bool:
    return bool(item.bag.get(Key.STATUS) == TaskStatus.COMPLETED)


TASK: tuple[Prop, ...] = (
    Prop("ActualWork", "task:ActualWork", kinds.Bounded(0)),
    Prop("AssignedTime", "task:AssignedTime", kinds.Moment(), NEVER),
    _text("BillingInformation"),
    Prop("ChangeCount", "task:ChangeCount", kinds.Integer(), NEVER, default=1),
    Prop("Companies", "task:Companies", kinds.Strings()),
    Prop("CompleteDate", "task:CompleteDate", kinds.Moment()),
    Prop("Contacts", "task:Contacts", kinds.Strings()),
    Prop("DelegationState", "task:DelegationState", kinds.Text(), NEVER, default="NoMatch"),
    Prop("Delegator", "task:Delegator", kinds.Text(), NEVER),
    Prop("DueDate", "task:DueDate", kinds.Moment(), shown=True),
    Prop("IsAssignmentEditable", "task:IsAssignmentEditable", kinds.Integer(), NEVER),
    Prop("IsComplete", "task:IsComplete", kinds.Boolean(), NEVER, read=_is_complete),
    Prop(
        "IsRecurring",
        "task:IsRecurring",
        kinds.Boolean(),
        NEVER,
        read=lambda item, _: Key.RECURRENCE in item.bag,
    ),
    Prop("IsTeamTask", "task:IsTeamTask", kinds.Boolean(), NEVER, default=False),
    _text("Mileage"),
    Prop("Owner", "task:Owner", kinds.Text(), NEVER, read=_owner),
    Prop("PercentComplete", "task:PercentComplete", kinds.Double(), default=0.0, shown=True),
    Prop("Recurrence", "task:Recurrence", recurrence_xml.Kind(regenerating=True), find=False),
    Prop("StartDate", "task:StartDate", kinds.Moment(), shown=True),
    Prop("Status", "task:Status", choices.TASK_STATUS, default=TaskStatus.NOT_STARTED, shown=True),
    Prop("StatusDescription", "task:StatusDescription", kinds.Text(), NEVER, read=_status_text),
    Prop("TotalWork", "task:TotalWork", kinds.Bounded(0)),
)


def settle(bag: dict[str, Any], given: set[str], now: datetime) -> None:
    """Bring a task's properties into agreement after ``given`` were set (or deleted).

    Completed, 100 % and a completion date are one thing, and end the reminder; a due date before the start
    is moved to the start. Raises ErrorInvalidPercentCompleteValue, ErrorInvalidCompleteDate.
    """
    percent = bag.get(Key.PERCENT_COMPLETE, 0.0)
    if not 0 <= percent <= 100:
        raise EwsError("ErrorInvalidPercentCompleteValue", "PercentComplete is between 0 and 100.")
    if Key.COMPLETED in given and bag.get(Key.COMPLETED, "") > iso(now)[:10] + "T23:59:59.999999Z":
        raise EwsError("ErrorInvalidCompleteDate", "CompleteDate lies in the future.")
    _settle_completion(bag, given, now)
    task_series.settle(bag)
    if bag.get(Key.START_DATE) and bag.get(Key.DUE_DATE) and bag[Key.DUE_DATE] < bag[Key.START_DATE]:
        bag[Key.DUE_DATE] = bag[Key.START_DATE]
    bag[Key.CHANGE_COUNT] = bag.get(Key.CHANGE_COUNT, 0) + 1


def _settle_completion(bag: dict[str, Any], given: set[str], now: datetime) -> None:
    was_complete = Key.COMPLETED in bag and Key.COMPLETED not in given
    if Key.STATUS in given:
        done = bag.get(Key.STATUS) == TaskStatus.COMPLETED
    elif Key.PERCENT_COMPLETE in given:
        done = bag.get(Key.PERCENT_COMPLETE) == 100
    elif Key.COMPLETED in given:
        done = Key.COMPLETED in bag
    else:
        return
    if done:
        bag[Key.STATUS], bag[Key.PERCENT_COMPLETE] = TaskStatus.COMPLETED, 100.0
        bag.setdefault(Key.COMPLETED, iso(now)[:10] + "T00:00:00.000000Z")
        bag[Key.HAS_REMINDER] = False
        return
    bag.pop(Key.COMPLETED, None)
    if bag.get(Key.PERCENT_COMPLETE) == 100:
        bag[Key.PERCENT_COMPLETE] = 0.0
    if Key.STATUS not in given and (
        was_complete
        or bag.get(Key.STATUS, TaskStatus.NOT_STARTED) in (TaskStatus.NOT_STARTED, TaskStatus.COMPLETED)
    ):
        bag[Key.STATUS] = TaskStatus.IN_PROGRESS if bag.get(Key.PERCENT_COMPLETE) else TaskStatus.NOT_STARTED
