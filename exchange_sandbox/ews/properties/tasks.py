"""Properties of tasks, in schema order, and the rules that hold between them (MS-OXOTASK)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from exchange_sandbox.calendar import task_series
from exchange_sandbox.clock import iso
from exchange_sandbox.ews.calendar import recurrence_xml
from exchange_sandbox.ews.errors import EwsError
from exchange_sandbox.ews.properties import kinds
from exchange_sandbox.ews.properties.common import NEVER
from exchange_sandbox.ews.properties.prop import Prop, Reader
from exchange_sandbox.store import mailboxes
from exchange_sandbox.store.items import Item

_RECURRENCE = "Recurrence"
STATUS = ("NotStarted", "InProgress", "Completed", "WaitingOnOthers", "Deferred")


def _text(name: str) -> Prop:
    return Prop(name, f"task:{name}", kinds.Text())


def _status_text(item: Item, reader: Reader) -> str:
    percent = item.bag.get("PercentComplete", 0)
    words = {
        "NotStarted": "Not Started",
        "InProgress": "In Progress",
        "WaitingOnOthers": "Waiting on someone else",
    }
    status = item.bag.get("Status", "NotStarted")
    return (
        f"{words.get(status, status)} ({percent:g}%)" if status == "InProgress" else words.get(status, status)
    )


def _owner(item: Item, reader: Reader) -> str:
    return mailboxes.get(reader.db, item.mailbox).name


def _is_complete(item: Item, reader: Reader) -> bool:
    return bool(item.bag.get("Status") == "Completed")


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
        read=lambda item, _: _RECURRENCE in item.bag,
    ),
    Prop("IsTeamTask", "task:IsTeamTask", kinds.Boolean(), NEVER, default=False),
    _text("Mileage"),
    Prop("Owner", "task:Owner", kinds.Text(), NEVER, read=_owner),
    Prop("PercentComplete", "task:PercentComplete", kinds.Double(), default=0.0, shown=True),
    Prop(_RECURRENCE, "task:Recurrence", recurrence_xml.Kind(regenerating=True), find=False),
    Prop("StartDate", "task:StartDate", kinds.Moment(), shown=True),
    Prop("Status", "task:Status", kinds.Choice(STATUS), default="NotStarted", shown=True),
    Prop("StatusDescription", "task:StatusDescription", kinds.Text(), NEVER, read=_status_text),
    Prop("TotalWork", "task:TotalWork", kinds.Bounded(0)),
)


def settle(bag: dict[str, Any], given: set[str], now: datetime) -> None:
    """Bring a task's properties into agreement after ``given`` were set (or deleted).

    Completed, 100 % and a completion date are one thing, and end the reminder; a due date before the start
    is moved to the start. Raises ErrorInvalidPercentCompleteValue, ErrorInvalidCompleteDate.
    """
    percent = bag.get("PercentComplete", 0.0)
    if not 0 <= percent <= 100:
        raise EwsError("ErrorInvalidPercentCompleteValue", "PercentComplete is between 0 and 100.")
    if "CompleteDate" in given and bag.get("CompleteDate", "") > iso(now)[:10] + "T23:59:59.999999Z":
        raise EwsError("ErrorInvalidCompleteDate", "CompleteDate lies in the future.")
    _settle_completion(bag, given, now)
    task_series.settle(bag)
    if bag.get("StartDate") and bag.get("DueDate") and bag["DueDate"] < bag["StartDate"]:
        bag["DueDate"] = bag["StartDate"]
    bag["ChangeCount"] = bag.get("ChangeCount", 0) + 1


def _settle_completion(bag: dict[str, Any], given: set[str], now: datetime) -> None:
    was_complete = "CompleteDate" in bag and "CompleteDate" not in given
    if "Status" in given:
        done = bag.get("Status") == "Completed"
    elif "PercentComplete" in given:
        done = bag.get("PercentComplete") == 100
    elif "CompleteDate" in given:
        done = "CompleteDate" in bag
    else:
        return
    if done:
        bag["Status"], bag["PercentComplete"] = "Completed", 100.0
        bag.setdefault("CompleteDate", iso(now)[:10] + "T00:00:00.000000Z")
        bag["ReminderIsSet"] = False
        return
    bag.pop("CompleteDate", None)
    if bag.get("PercentComplete") == 100:
        bag["PercentComplete"] = 0.0
    if "Status" not in given and (
        was_complete or bag.get("Status", "NotStarted") in ("NotStarted", "Completed")
    ):
        bag["Status"] = "InProgress" if bag.get("PercentComplete") else "NotStarted"
